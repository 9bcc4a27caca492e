#include "core/org/sign_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/org/json.h"
#include "core/org/jwt.h"
#include "core/org/sf_cli.h"
#include "core/org/soap_login.h"
#include "core/org/url.h"
#include "core/org/xml.h"

enum {
	FORM_ROOM = 16 * 1024, /* so that growing leaves no copies behind */
	JWT_SECONDS = 120,     /* the org takes three minutes; the clocks need not agree */
	CLOCK_OFF_S = 60,      /* so much is worth a word */
};

void sign_in_release(struct sign_in *s)
{
	text_wipe(s->client_id);
	text_wipe(s->client_secret);
	text_wipe(s->refresh_token);
	text_wipe(s->saved_as);
	text_wipe(s->sf_alias);
	text_wipe(s->username);
	text_wipe(s->password);
	text_wipe(s->code);
	text_wipe(s->code_verifier);
	text_wipe(s->redirect_uri);
	text_wipe(s->key);
	text_wipe(s->key_passphrase);
	*s = (struct sign_in){ 0 };
}

void token_release(struct token *token)
{
	text_wipe(token->access);
	*token = (struct token){ 0 };
}

static bool copy_text(char **to, const char *from)
{
	*to = from ? strdup(from) : NULL;
	return *to || !from;
}

/* The org wants them in one piece (salesforce-api.md A2, A6). */
static bool join_password(char **to, const struct settings *settings)
{
	const char *token = settings->security_token ? settings->security_token : "";

	return !settings->password || asprintf(to, "%s%s", settings->password, token) >= 0;
}

enum err_code sign_in_init(struct sign_in *s, const struct settings *settings, struct err *e)
{
	enum err_code rc;

	*s = (struct sign_in){ .method = settings_method(settings), .keeper = settings->keeper };
	rc = settings_login(settings, s->login, e);
	if (!rc)
		rc = http_origin(s->login, "login_url", s->login, s->host, e);
	if (!rc && s->method == SIGN_IN_JWT)
		rc = settings_private_key(settings, &s->key, e);
	if (rc)
		return rc;
	if (!copy_text(&s->client_id, settings->client_id) ||
	    !copy_text(&s->client_secret, settings->client_secret) ||
	    !copy_text(&s->refresh_token, settings->refresh_token) ||
	    !copy_text(&s->saved_as, settings->saved_as) || !copy_text(&s->sf_alias, settings->sf_alias) ||
	    !copy_text(&s->username, settings->username) || !copy_text(&s->code, settings->code) ||
	    !copy_text(&s->code_verifier, settings->code_verifier) ||
	    !copy_text(&s->redirect_uri, settings->redirect_uri) ||
	    !copy_text(&s->key_passphrase, settings->private_key_passphrase) ||
	    !join_password(&s->password, settings))
		return err_memory(e, "a sign-in");
	return ERR_OK;
}

/* Asking */

/* The audiences that an org may want, the likeliest first: Salesforce's own login host, then the org's (salesforce-api.md
 * A2: which one is accepted varies). NULL behind the last. */
static const char *audience(const struct sign_in *s, int which)
{
	static const char login[] = "https://login.salesforce.com", test[] = "https://test.salesforce.com";
	bool sandbox = strstr(s->host, ".sandbox.") || strstr(s->host, ".scratch.");
	const char *first = sandbox ? test : login;

	if (strcmp(s->login, login) == 0 || strcmp(s->login, test) == 0)
		return which == 0 ? s->login : NULL;
	return which == 0 ? first : which == 1 ? s->login : NULL;
}

static enum err_code write_jwt(const struct sign_in *s, int64_t now_ms, struct buf *form, struct err *e)
{
	struct jwt_claims claims = {
		.issuer = s->client_id,
		.subject = s->username,
		.audience = audience(s, s->audience),
		.expires_s = now_ms / 1000 + JWT_SECONDS,
	};

	url_form(form, "grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
	buf_add_text(form, "&assertion=");
	return jwt_write(form, &claims, s->key, s->key_passphrase, e);
}

static enum err_code write_form(const struct sign_in *s, int64_t now_ms, struct buf *form, struct err *e)
{
	static const char *const grants[] = {
		[SIGN_IN_REFRESH] = "refresh_token",
		[SIGN_IN_PASSWORD] = "password",
		[SIGN_IN_CLIENT] = "client_credentials",
		[SIGN_IN_BROWSER] = "authorization_code",
	};

	if (s->method == SIGN_IN_JWT)
		return write_jwt(s, now_ms, form, e);
	if (s->method == SIGN_IN_SOAP) {
		soap_login_write(form, s->username, s->password);
		return ERR_OK;
	}
	url_form(form, "grant_type", grants[s->method]);
	url_form(form, "client_id", s->client_id);
	url_form(form, "client_secret", s->client_secret);
	if (s->method == SIGN_IN_REFRESH)
		url_form(form, "refresh_token", s->refresh_token);
	if (s->method == SIGN_IN_BROWSER) {
		url_form(form, "code", s->code);
		url_form(form, "redirect_uri", s->redirect_uri);
		url_form(form, "code_verifier", s->code_verifier);
	}
	if (s->method == SIGN_IN_PASSWORD) {
		url_form(form, "username", s->username);
		url_form(form, "password", s->password);
	}
	return ERR_OK;
}

enum err_code sign_in_request(struct sign_in *s, int64_t now_ms, struct buf *form, struct http_request *request,
                              struct err *e)
{
	bool soap = s->method == SIGN_IN_SOAP;

	s->again = false;
	buf_reserve(form, FORM_ROOM);
	if (write_form(s, now_ms, form, e))
		return e ? e->code : ERR_USAGE;
	snprintf(s->form_url, sizeof s->form_url, "%s%s", s->login,
	         soap ? SOAP_LOGIN_PATH : "/services/oauth2/token");
	*request = (struct http_request){
		.method = "POST",
		.url = s->form_url,
		.content_type = soap ? "text/xml; charset=UTF-8" : "application/x-www-form-urlencoded",
		.accept = soap ? "text/xml" : NULL,
		.headers = { soap ? "SOAPAction: login" : NULL },
		.text = buf_slice(form),
		.secret = true,
	};
	return form->short_of ? err_memory(e, "a sign-in") : ERR_OK;
}

/* The answer */

/* Faults of SOAP come with HTTP 500, which elsewhere says nothing about what was done. */
static void judge_fault(const struct sign_in *s, struct answer *answer)
{
	if (s->method != SIGN_IN_SOAP || answer->status != 500 || !answer->code[0])
		return;
	if (strcmp(answer->code, "REQUEST_LIMIT_EXCEEDED") == 0) {
		answer->trouble = TROUBLE_LIMIT;
		answer->verdict = VERDICT_TRY_AGAIN;
	} else if (strcmp(answer->code, "SERVER_UNAVAILABLE") != 0 &&
	           strcmp(answer->code, "UNKNOWN_EXCEPTION") != 0) {
		answer->trouble = TROUBLE_REQUEST;
		answer->verdict = VERDICT_REJECTED;
	}
}

static void hide_secrets(const struct sign_in *s, struct answer *answer)
{
	answer_hide(answer, s->refresh_token);
	answer_hide(answer, s->client_secret);
	answer_hide(answer, s->password);
	answer_hide(answer, s->code);
}

/* "; this machine's clock is 14 minutes behind the org's" where a JWT was refused and that may be why. */
static void add_clock(const struct sign_in *s, struct answer *answer, int64_t now_ms)
{
	int64_t off = answer->server_utc_ms ? (answer->server_utc_ms - now_ms) / 1000 : 0;
	size_t used = strlen(answer->message);

	if (s->method != SIGN_IN_JWT || (off < CLOCK_OFF_S && off > -CLOCK_OFF_S))
		return;
	snprintf(answer->message + used, sizeof answer->message - used,
	         "; this machine's clock is %lld s %s the org's", (long long)(off < 0 ? -off : off),
	         off < 0 ? "ahead of" : "behind");
}

/* What to do about it; whose sign-in is saved has a command for it. */
static void put_sentence(const struct sign_in *s, const char *sentence, char *to, size_t size)
{
	const char *again = s->saved_as ? strstr(sentence, "sign in again") : NULL;

	if (again)
		snprintf(to, size, "%.*ssign in again with `longshore org add %.60s`", (int)(again - sentence),
		         sentence, s->saved_as);
	else
		snprintf(to, size, "%s", sentence);
}

/* A refusal: the sentence, and Salesforce's own words behind it. */
static enum err_code refuse(const struct sign_in *s, struct answer *answer, int64_t now_ms, struct err *e)
{
	const char *sentence = sign_in_words(s->method, answer->code, answer->message);
	char words[sizeof answer->message], told[300];

	hide_secrets(s, answer);
	snprintf(words, sizeof words, "%s", answer->message);
	answer->verdict = VERDICT_REJECTED;
	answer->trouble = TROUBLE_SESSION;
	if (sentence)
		put_sentence(s, sentence, told, sizeof told);
	if (sentence)
		snprintf(answer->message, sizeof answer->message, "%s (%s: %.100s)", told, answer->code, words);
	else
		snprintf(answer->message, sizeof answer->message, "%.80s refused the sign-in: %.60s%s%.300s",
		         s->host, answer->code, answer->code[0] ? ": " : "", words);
	add_clock(s, answer, now_ms);
	return err_set(e, ERR_REFUSED, "%s", answer->message);
}

/* Not refused, not granted: no connection, a server in trouble, too many sign-ins. Repeating it later is harmless. */
static enum err_code put_off(const struct sign_in *s, struct answer *answer, struct err *e)
{
	char words[sizeof answer->message];

	hide_secrets(s, answer);
	snprintf(words, sizeof words, "%s", answer->message);
	answer->verdict = VERDICT_TRY_AGAIN;
	if (answer->trouble == TROUBLE_LIMIT)
		snprintf(answer->message, sizeof answer->message,
		         "%.80s takes no more sign-ins of this user for some minutes: %.200s", s->host, words);
	else
		snprintf(answer->message, sizeof answer->message, "no sign-in at %.80s now: %.300s", s->host,
		         words);
	return err_set(e, ERR_UNREACHABLE, "%s", answer->message);
}

/* Replaces the token. `access` is copied. */
static enum err_code put_token(struct token *token, struct slice access, const char *address, struct err *e)
{
	char origin[256], ignored[256], *copy;

	if (http_origin(address, "the instance_url of the sign-in's answer", origin, ignored, e))
		return err_set(e, ERR_USAGE, "the sign-in gave an address that is none");
	copy = strndup(access.at, access.len);
	if (!copy)
		return err_memory(e, "a session");
	token_release(token);
	token->access = copy;
	memcpy(token->instance_url, origin, sizeof origin);
	return ERR_OK;
}

enum err_code sign_in_elsewhere(const struct sign_in *s, struct token *token, struct err *e)
{
	struct buf access;
	char url[256];
	enum err_code rc;

	buf_init(&access, 64 * 1024);
	rc = sf_cli_session(s->sf_alias, &access, url, e);
	if (rc == ERR_OK)
		rc = put_token(token, buf_slice(&access), url, e);
	buf_wipe(&access);
	return rc;
}

static enum err_code take_json(struct sign_in *s, struct token *token, struct slice body, struct err *e)
{
	json_t *object = json_read(body);
	const char *access = json_text(object, "access_token"), *refresh = json_text(object, "refresh_token");
	const char *address = json_text(object, "instance_url");
	enum err_code rc = ERR_OK;
	char *copy;

	if (!*access || !*address)
		rc = err_set(e, ERR_UNREACHABLE, "%s gave no session: is it a Salesforce address?", s->host);
	else if (s->method == SIGN_IN_BROWSER && !*refresh)
		rc = err_set(e, ERR_REFUSED,
		             "the org let the app in for one session only, without a refresh token: let its "
		             "administrator add "
		             "the scope refresh_token to the app, then sign in again");
	else
		rc = put_token(token, slice_of(access), address, e);
	copy = !rc && *refresh ? strdup(refresh) : NULL;
	if (copy) {
		text_wipe(s->refresh_token);
		s->refresh_token = copy;
		if (s->method == SIGN_IN_BROWSER) /* its code was good once */
			s->method = SIGN_IN_REFRESH;
		if (s->keeper.keep)
			s->keeper.keep(s->keeper.ctx, copy);
	}
	json_wipe(object);
	return rc;
}

static enum err_code take_soap(const struct sign_in *s, struct token *token, struct slice body, struct err *e)
{
	struct soap_login login = soap_login_read(body);
	char address[512];
	enum err_code rc;

	if (login.password_expired)
		return err_set(e, ERR_REFUSED,
		               "the password has expired: set a new one in the browser, then give it here");
	if (!login.session.len || !login.server.len)
		return err_set(e, ERR_UNREACHABLE, "%s gave no session: is it a Salesforce address?", s->host);
	snprintf(address, sizeof address, "%.*s", SLICE_ARGS(login.server));
	xml_decode(address);
	rc = put_token(token, login.session, address, e);
	if (!rc)
		xml_decode(token->access);
	return rc;
}

enum err_code sign_in_take(struct sign_in *s, struct token *token, struct answer *answer, struct slice body,
                           int64_t now_ms, struct err *e)
{
	enum err_code rc;
	struct err why;

	judge_fault(s, answer);
	if (answer->verdict == VERDICT_UNKNOWN || answer->verdict == VERDICT_TRY_AGAIN)
		return put_off(s, answer, e);
	if (answer->verdict != VERDICT_DONE) {
		s->again = s->method == SIGN_IN_JWT && strcasestr(answer->message, "audience") &&
		           audience(s, s->audience + 1);
		s->audience = s->again ? s->audience + 1 : 0;
		return refuse(s, answer, now_ms, e);
	}
	err_init(&why);
	rc = s->method == SIGN_IN_SOAP ? take_soap(s, token, body, &why) : take_json(s, token, body, &why);
	if (!rc)
		return ERR_OK;
	answer->verdict = rc == ERR_REFUSED ? VERDICT_REJECTED : VERDICT_TRY_AGAIN;
	answer->trouble = rc == ERR_REFUSED ? TROUBLE_SESSION : TROUBLE_SERVER;
	snprintf(answer->message, sizeof answer->message, "%.470s", why.text);
	return err_set(e, rc, "%s", why.text);
}
