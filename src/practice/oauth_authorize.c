/* The page where a user allows an app in, and the way back to the app (salesforce-api.md A5). */
#include <stdio.h>
#include <string.h>

#include "practice/markup.h"
#include "practice/oauth.h"
#include "practice/oauth_call.h"
#include "practice/practice_ids.h"

enum { MOST_PAGE = 256 * 1024 };

/* What a client asks for at the authorize endpoint. */
struct wish {
	const char *redirect, *scope, *state, *challenge;
};

/* The fields that the page's form sends again. */
static const char *const fields[] = {
	"response_type", "client_id", "redirect_uri",          "scope",
	"state",         "prompt",    "code_challenge_method", "code_challenge",
};

/* clang-format off */
static const char page_head[] =
	"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
	"<meta name=\"viewport\" content=\"width=device-width\"><title>Practice org</title><style>"
	"body{font:16px/1.5 sans-serif;max-width:32em;margin:4em auto;padding:0 1em}"
	"button{font:inherit;padding:.4em 1.6em;margin-right:1em}</style></head><body><h1>Practice org</h1>\n";
/* clang-format on */

/* As a value in a URL; what is not a letter, a digit or one of "-._" is percent-encoded. */
static void add_encoded(struct buf *to, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
		    c == '.' || c == '_')
			buf_add_char(to, (char)c);
		else
			buf_addf(to, "%%%02X", c);
	}
}

static void begin_page(struct answer *a, int status)
{
	a->status = status;
	a->type = "text/html;charset=UTF-8";
	buf_add_text(&a->body, page_head);
}

/* Nobody knows where to send the user back to, so that the error is shown; false, for the caller to return. */
static bool show_error(struct oauth_call *c, const char *error, const char *description)
{
	struct buf *page = &c->answer->body;

	begin_page(c->answer, 400);
	buf_addf(page,
	         "<p>The app cannot be let in because of an OAuth error.</p>\n<p>%s : %s</p></body></html>\n",
	         error, description);
	return false;
}

static struct buf *begin_redirect(struct oauth_call *c, const struct wish *w)
{
	struct buf *to = &c->answer->location;

	c->answer->status = 302;
	c->answer->type = NULL;
	buf_init(to, MOST_PAGE);
	buf_add_text(to, w->redirect);
	buf_add_char(to, strchr(w->redirect, '?') ? '&' : '?');
	return to;
}

static void end_redirect(struct buf *to, const struct wish *w)
{
	if (w->state[0]) {
		buf_add_text(to, "&state=");
		add_encoded(to, w->state);
	}
}

/* Back to the app with an error; `description` is form-encoded. */
static bool send_back(struct oauth_call *c, const struct wish *w, const char *error, const char *description)
{
	struct buf *to = begin_redirect(c, w);

	buf_addf(to, "error=%s&error_description=%s", error, description);
	end_redirect(to, w);
	return false;
}

/* A port and a path, or nothing, behind the host. */
static bool ends_host(const char *rest)
{
	if (*rest == ':') {
		rest++;
		if (*rest < '0' || *rest > '9')
			return false;
		while (*rest >= '0' && *rest <= '9')
			rest++;
	}
	return *rest == '\0' || *rest == '/' || *rest == '?';
}

/* Plain http is for this machine alone, on any port (salesforce-api.md A5). */
static bool is_loopback(const char *uri)
{
	static const char *const hosts[] = { "http://localhost", "http://127.0.0.1" };

	for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
		if (strncmp(uri, hosts[i], strlen(hosts[i])) == 0 && ends_host(uri + strlen(hosts[i])))
			return true;
	return false;
}

static bool redirect_fits(const struct sign_in_rules *rules, const char *uri)
{
	if (strlen(uri) >= SESSION_REDIRECT)
		return false;
	for (const char *at = uri; *at; at++)
		if (*at <= ' ' || *at > '~' || *at == '#')
			return false;
	for (size_t i = 0; i < rules->redirects.count; i++)
		if (strcmp(uri, rules->redirects.at[i]) == 0)
			return true;
	return !rules->redirects.at && is_loopback(uri);
}

static bool is_scope(const struct sign_in_rules *rules, struct slice word)
{
	static const char *const known[] = { "api",    "web",           "full",
		                             "id",     "refresh_token", "offline_access",
		                             "email",  "profile",       "phone",
		                             "address" };

	for (size_t i = 0; i < rules->scopes.count; i++)
		if (slice_is(word, rules->scopes.at[i]))
			return true;
	for (size_t i = 0; !rules->scopes.at && i < sizeof known / sizeof known[0]; i++)
		if (slice_is(word, known[i]))
			return true;
	return false;
}

static bool scope_fits(const struct sign_in_rules *rules, const char *scope)
{
	if (strlen(scope) >= SESSION_SCOPE)
		return false;
	for (const char *at = scope + strspn(scope, " "); *at; at += strspn(at, " ")) {
		size_t len = strcspn(at, " ");

		if (!is_scope(rules, (struct slice){ at, len }))
			return false;
		at += len;
	}
	return true;
}

/* "": none; otherwise base64url of a SHA-256. */
static bool challenge_fits(const char *challenge, const char *method)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

	if (method[0] && strcmp(method, "S256") != 0)
		return false;
	return !challenge[0] ||
	       (strlen(challenge) == SESSION_CHALLENGE - 1 && challenge[strspn(challenge, letters)] == '\0');
}

/* Reads what is asked for; false with the answer if that cannot be had. */
static bool read_wish(struct oauth_call *c, struct wish *w)
{
	const struct sign_in_rules *rules = &c->practice->scenario.sign_in;

	*w = (struct wish){ oauth_value(c, "redirect_uri"), oauth_value(c, "scope"), oauth_value(c, "state"),
		            oauth_value(c, "code_challenge") };
	if (strcmp(oauth_value(c, "client_id"), PRACTICE_CLIENT_ID) != 0)
		return show_error(c, "invalid_client_id", "client identifier invalid");
	if (!w->redirect[0])
		return show_error(c, "redirect_uri_missing", "redirect_uri must match configuration");
	if (!redirect_fits(rules, w->redirect))
		return show_error(c, "redirect_uri_mismatch", "redirect_uri must match configuration");
	if (strcmp(oauth_value(c, "response_type"), "code") != 0 || rules->blocked[GRANT_CODE])
		return send_back(c, w, "unsupported_response_type", "response+type+not+supported");
	if (!scope_fits(rules, w->scope))
		return send_back(c, w, "invalid_scope", "the+requested+scope+is+not+allowed");
	if (!challenge_fits(w->challenge, oauth_value(c, "code_challenge_method")))
		return send_back(c, w, "invalid_request", "invalid+code+challenge");
	if (strcmp(oauth_value(c, "immediate"), "true") == 0)
		return send_back(c, w, "immediate_unsuccessful", "the+user+has+to+be+asked");
	return true;
}

static void show_page(struct oauth_call *c, const struct wish *w)
{
	struct buf *page = &c->answer->body;

	begin_page(c->answer, 200);
	buf_add_text(page,
	             "<p>The app <b>" PRACTICE_CLIENT_ID "</b> asks to act as <b>" PRACTICE_USERNAME "</b>: ");
	markup_add(page, w->scope[0] ? w->scope : PRACTICE_SCOPE);
	buf_add_text(page, ".</p>\n<p>Allowed or denied, the browser goes to ");
	markup_add(page, w->redirect);
	buf_add_text(page, "</p>\n<form method=\"post\" action=\"/services/oauth2/authorize\">\n");
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		const char *value = oauth_value(c, fields[i]);

		if (!value[0])
			continue;
		buf_addf(page, "<input type=\"hidden\" name=\"%s\" value=\"", fields[i]);
		markup_add(page, value);
		buf_add_text(page, "\">\n");
	}
	buf_add_text(page, "<button name=\"decision\" value=\"allow\" autofocus>Allow</button>\n"
	                   "<button name=\"decision\" value=\"deny\">Deny</button>\n</form></body></html>\n");
}

static void allow(struct oauth_call *c, const struct wish *w)
{
	struct auth_code *code = auth_code_new(c->practice, w->scope[0] ? w->scope : PRACTICE_SCOPE);
	struct buf *to;

	if (!code) {
		answer_error(c->answer, 500, "UNKNOWN_EXCEPTION", "no memory for the code");
		return;
	}
	snprintf(code->redirect, sizeof code->redirect, "%s", w->redirect);
	snprintf(code->challenge, sizeof code->challenge, "%s", w->challenge);
	to = begin_redirect(c, w);
	buf_add_text(to, "code=");
	add_encoded(to, code->text);
	end_redirect(to, w);
}

void oauth_authorize(struct practice *p, const struct request *r, struct answer *a)
{
	struct oauth_call c;
	struct wish wish;

	oauth_call_begin(&c, p, r, a);
	if (read_wish(&c, &wish))
		show_page(&c, &wish);
	oauth_call_end(&c);
}

void oauth_decide(struct practice *p, const struct request *r, struct answer *a)
{
	struct oauth_call c;
	struct wish wish;

	oauth_call_begin(&c, p, r, a);
	if (read_wish(&c, &wish)) {
		if (strcmp(oauth_value(&c, "decision"), "allow") == 0)
			allow(&c, &wish);
		else
			send_back(&c, &wish, "access_denied", "end-user+denied+authorization");
	}
	oauth_call_end(&c);
}
