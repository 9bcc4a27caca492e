/* The ends of tokens, and what a token is good for: revoke and introspect. */
#include <stdio.h>

#include "practice/json_out.h"
#include "practice/oauth.h"
#include "practice/oauth_call.h"
#include "practice/practice_ids.h"

static bool end_token(struct practice *p, const char *text)
{
	struct session *session = session_find(p, text);
	size_t number;

	if (session) {
		session->dead = true;
		return true;
	}
	if (!refresh_token_find(p, text, &number))
		return false;
	refresh_token_end(p, number);
	return true;
}

/* Errors of revoke come as a form, not as JSON (seen in issue trackers of clients). */
static void refuse_end(struct answer *a, const char *error, const char *description)
{
	a->status = 400;
	a->type = "application/x-www-form-urlencoded";
	buf_addf(&a->body, "error=%s&error_description=%s", error, description);
}

void oauth_revoke(struct practice *p, const struct request *r, struct answer *a)
{
	struct oauth_call c;
	const char *text;

	oauth_call_begin(&c, p, r, a);
	text = oauth_value(&c, "token");
	if (!text[0])
		refuse_end(a, "unsupported_token_type", "this%20token%20type%20is%20not%20supported");
	else if (!end_token(p, text))
		refuse_end(a, "invalid_token", "invalid%20token");
	oauth_call_end(&c);
}

static void write_live(struct practice *p, struct json_out *o, const char *kind, const char *scope,
                       int64_t since, int64_t until)
{
	char url[PRACTICE_URL], id[160];

	practice_url(p, url);
	snprintf(id, sizeof id, "%s/id/%s/%s", url, PRACTICE_ORG, PRACTICE_USER);
	json_out_pair(o, "scope", scope);
	json_out_pair(o, "client_id", PRACTICE_CLIENT_ID);
	json_out_pair(o, "username", PRACTICE_USERNAME);
	json_out_pair(o, "sub", id);
	json_out_pair(o, "token_type", kind);
	if (until)
		json_out_pair_number(o, "exp", until / 1000);
	if (!since)
		since = p->born; /* it was there from the start */
	json_out_pair_number(o, "iat", since / 1000);
	json_out_pair_number(o, "nbf", since / 1000);
}

void oauth_introspect(struct practice *p, const struct request *r, struct answer *a)
{
	struct oauth_call c;
	struct json_out o;

	oauth_call_begin(&c, p, r, a);
	if (oauth_knows_client(&c, true)) {
		const char *text = oauth_value(&c, "token");
		const struct session *session = session_find(p, text);
		size_t number;
		const struct refresh_token *refresh = refresh_token_find(p, text, &number);

		json_out_init(&o, &a->body, false);
		json_out_object(&o);
		json_out_pair_bool(&o, "active", session || refresh);
		if (session)
			write_live(p, &o, "access_token", session->scope, session->since,
			           session == &p->sessions.fixed ? 0 : session->since + p->scenario.session_ms);
		else if (refresh)
			write_live(p, &o, "refresh_token", refresh->scope, refresh->since, 0);
		json_out_end(&o);
	}
	oauth_call_end(&c);
}
