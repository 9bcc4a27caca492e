#include "practice/sign_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "practice/json_out.h"
#include "practice/practice.h"
#include "practice/practice_ids.h"
#include "practice/random.h"

enum { FORM_VALUE = 512 };

void sessions_init(struct sessions *s)
{
	*s = (struct sessions){ 0 };
}

void sessions_release(struct sessions *s)
{
	free(s->all);
	sessions_init(s);
}

void sessions_expire(struct sessions *s)
{
	s->count = 0;
}

static const struct session *new_session(struct practice *p)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._";
	struct sessions *s = &p->sessions;
	struct session *session;
	size_t len;

	if (s->count == s->room) {
		size_t room = s->room ? s->room * 2 : 16;
		struct session *all = realloc(s->all, room * sizeof *all);

		if (!all)
			return NULL;
		s->all = all;
		s->room = room;
	}
	session = &s->all[s->count++];
	session->since = practice_now(p);
	len = (size_t)snprintf(session->token, sizeof session->token, "%.15s!AQEAQ", PRACTICE_ORG);
	while (len < sizeof session->token - 1)
		session->token[len++] = letters[random_next(&p->random) % 64];
	session->token[len] = '\0';
	return session;
}

bool sign_in_holds(struct practice *p, const struct request *r)
{
	const char *header = request_header(r, "Authorization");
	const char *token;

	if (!header || strncmp(header, "Bearer ", 7) != 0)
		return false;
	token = header + 7;
	if (strcmp(token, PRACTICE_TOKEN) == 0)
		return true;
	for (size_t i = 0; i < p->sessions.count; i++)
		if (strcmp(token, p->sessions.all[i].token) == 0)
			return practice_now(p) - p->sessions.all[i].since < p->scenario.session_ms;
	return false;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Decodes %41 and + of a form's value, cut to what `to` holds. */
static void decode(struct slice s, char to[FORM_VALUE])
{
	size_t n = 0;

	for (size_t i = 0; i < s.len && n < FORM_VALUE - 1; i++) {
		char c = s.at[i];

		if (c == '%' && i + 2 < s.len && hex_value(s.at[i + 1]) >= 0 && hex_value(s.at[i + 2]) >= 0) {
			c = (char)(hex_value(s.at[i + 1]) * 16 + hex_value(s.at[i + 2]));
			i += 2;
		} else if (c == '+') {
			c = ' ';
		}
		to[n++] = c;
	}
	to[n] = '\0';
}

/* The value of a form's field, "" if it is not there. */
static const char *form_value(const struct request *r, const char *name, char to[FORM_VALUE])
{
	struct slice rest = buf_slice(r->body);
	size_t len = strlen(name);

	to[0] = '\0';
	while (rest.len > 0) {
		const char *end = memchr(rest.at, '&', rest.len);
		size_t pair = end ? (size_t)(end - rest.at) : rest.len;

		if (pair > len && memcmp(rest.at, name, len) == 0 && rest.at[len] == '=') {
			decode((struct slice){ rest.at + len + 1, pair - len - 1 }, to);
			break;
		}
		rest.at += pair + (end != NULL);
		rest.len -= pair + (end != NULL);
	}
	return to;
}

/* salesforce-api.md A4 */
static void oauth_error(struct answer *a, const char *error, const char *description)
{
	struct json_out o;

	a->status = 400;
	json_out_init(&o, &a->body, false);
	json_out_object(&o);
	json_out_pair(&o, "error", error);
	json_out_pair(&o, "error_description", description);
	json_out_end(&o);
}

/* Refuses what is wrong with the client or its refresh token; true if nothing is. */
static bool client_is_known(const struct request *r, struct answer *a)
{
	char value[FORM_VALUE];

	if (strcmp(form_value(r, "client_id", value), PRACTICE_CLIENT_ID) != 0) {
		oauth_error(a, "invalid_client_id", "client identifier invalid");
		return false;
	}
	form_value(r, "client_secret", value);
	if (value[0] && strcmp(value, PRACTICE_CLIENT_SECRET) != 0) {
		oauth_error(a, "invalid_client", "invalid client credentials");
		return false;
	}
	if (strcmp(form_value(r, "refresh_token", value), PRACTICE_REFRESH_TOKEN) != 0) {
		oauth_error(a, "invalid_grant", "expired access/refresh token");
		return false;
	}
	return true;
}

static void base_url(const struct practice *p, char to[64])
{
	snprintf(to, 64, "http://127.0.0.1:%d", p->port);
}

void sign_in_token(struct practice *p, const struct request *r, struct answer *a)
{
	char value[FORM_VALUE], url[64];
	const struct session *session;
	struct json_out o;

	form_value(r, "grant_type", value);
	if (!value[0]) {
		oauth_error(a, "invalid_request", "missing required parameter: grant_type");
		return;
	}
	if (strcmp(value, "refresh_token") != 0) {
		oauth_error(a, "unsupported_grant_type", "grant type not supported");
		return;
	}
	if (!client_is_known(r, a))
		return;
	session = new_session(p);
	if (!session) {
		answer_error(a, 500, "UNKNOWN_EXCEPTION", "no memory for the session");
		return;
	}
	base_url(p, url);
	json_out_init(&o, &a->body, false);
	json_out_object(&o);
	json_out_pair(&o, "access_token", session->token);
	json_out_pair(&o, "signature", "0CmxinZir53Yex7nE0TD+zMpvIWYGb/bdJh6XfOH6EQ=");
	json_out_pair(&o, "scope", "api refresh_token");
	json_out_pair(&o, "instance_url", url);
	snprintf(value, sizeof value, "%s/id/%s/%s", url, PRACTICE_ORG, PRACTICE_USER);
	json_out_pair(&o, "id", value);
	json_out_pair(&o, "token_type", "Bearer");
	snprintf(value, sizeof value, "%lld", (long long)session->since);
	json_out_pair(&o, "issued_at", value); /* a text, in Salesforce's answers too */
	json_out_end(&o);
}

void sign_in_user_info(struct practice *p, const struct request *r, struct answer *a)
{
	char url[64], text[160];
	struct json_out o;

	if (!sign_in_holds(p, r)) {
		a->status = 403;
		a->type = "text/plain;charset=UTF-8";
		buf_add_text(&a->body, "Bad_OAuth_Token");
		return;
	}
	base_url(p, url);
	snprintf(text, sizeof text, "%s/id/%s/%s", url, PRACTICE_ORG, PRACTICE_USER);
	json_out_init(&o, &a->body, false);
	json_out_object(&o);
	json_out_pair(&o, "sub", text);
	json_out_pair(&o, "user_id", PRACTICE_USER);
	json_out_pair(&o, "organization_id", PRACTICE_ORG);
	json_out_pair(&o, "preferred_username", PRACTICE_USERNAME);
	json_out_pair(&o, "nickname", "operator");
	json_out_pair(&o, "name", "Practice Operator");
	json_out_pair(&o, "email", PRACTICE_USERNAME);
	json_out_pair_bool(&o, "email_verified", true);
	json_out_pair(&o, "given_name", "Practice");
	json_out_pair(&o, "family_name", "Operator");
	json_out_pair(&o, "zoneinfo", "Etc/UTC");
	json_out_pair(&o, "user_type", "STANDARD");
	json_out_pair_bool(&o, "active", true);
	json_out_end(&o);
}
