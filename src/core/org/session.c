#include "core/org/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/org/sign_in.h"

struct session {
	struct http *http;
	struct sign_in sign_in;
	struct token token;
	unsigned generation;
	bool works;    /* the token was accepted once, or was given to us ready */
	int64_t since; /* ms of the monotonic clock when it was opened */
	bool renewing; /* a token request is in flight */
	struct session_waiter *waiters;
	struct session_waiter **last;
};

enum { FORM_MOST = 256 * 1024, ANSWER_MOST = 64 * 1024, JUST_NOW_MS = 1000 };

static bool can_renew(const struct session *s)
{
	return s->sign_in.method != SIGN_IN_NONE;
}

static enum err_code copy_settings(struct session *s, const struct settings *settings, struct err *e)
{
	enum err_code rc = sign_in_init(&s->sign_in, settings, e);

	if (rc || !settings->access_token)
		return rc;
	s->works = true;
	s->token.access = strdup(settings->access_token);
	if (!s->token.access)
		return err_memory(e, "a session");
	return http_origin(settings->instance_url, "instance_url", s->token.instance_url, (char[256]){ 0 }, e);
}

static int64_t now_ms(const struct session *s)
{
	return clock_utc(http_clock(s->http));
}

static void is_new(struct session *s)
{
	s->generation++;
	s->works = false;
	s->since = clock_mono(http_clock(s->http));
}

/* Refused although it was opened just now: another one would be, too. Later it may have ended before anybody used it. */
static bool is_of_no_use(const struct session *s)
{
	return !s->works && clock_mono(http_clock(s->http)) - s->since < JUST_NOW_MS;
}

static enum err_code ask_now(struct session *s, struct err *e)
{
	struct buf form, body;
	struct answer answer;
	struct http_request request;
	enum err_code rc;

	buf_init(&form, FORM_MOST);
	buf_init(&body, ANSWER_MOST);
	buf_reserve(&body, ANSWER_MOST / 2);
	rc = sign_in_request(&s->sign_in, now_ms(s), &form, &request, e);
	if (!rc)
		rc = http_wait(s->http, &request, &answer, &body, e);
	if (!rc)
		rc = sign_in_take(&s->sign_in, &s->token, &answer, buf_slice(&body), now_ms(s), e);
	buf_wipe(&form);
	buf_wipe(&body);
	return rc;
}

static enum err_code sign_in_now(struct session *s, struct err *e)
{
	enum err_code rc;

	if (s->sign_in.method == SIGN_IN_SF)
		return sign_in_elsewhere(&s->sign_in, &s->token, e);
	do {
		if (e)
			err_init(e);
		rc = ask_now(s, e);
	} while (rc && s->sign_in.again);
	return rc;
}

enum err_code session_open(struct session **session, struct http *http, const struct settings *settings,
                           struct err *e)
{
	struct session *s = calloc(1, sizeof *s);
	enum err_code rc;

	if (!s)
		return err_memory(e, "a session");
	rc = settings_complete(settings, e);
	s->http = http;
	s->last = &s->waiters;
	if (!rc)
		rc = copy_settings(s, settings, e);
	if (!rc && !s->token.access)
		rc = sign_in_now(s, e);
	s->since = clock_mono(http_clock(http));
	if (rc) {
		session_close(s);
		return rc;
	}
	*session = s;
	return ERR_OK;
}

void session_close(struct session *session)
{
	if (!session)
		return;
	sign_in_release(&session->sign_in);
	token_release(&session->token);
	free(session);
}

const char *session_notice(const struct session *session)
{
	return sign_in_notice(session->sign_in.method);
}

const char *session_token(const struct session *session)
{
	return session->token.access;
}

const char *session_instance(const struct session *session)
{
	return session->token.instance_url;
}

unsigned session_generation(const struct session *session)
{
	return session->generation;
}

bool session_renewing(const struct session *session)
{
	return session->renewing;
}

void session_works(struct session *session, unsigned generation)
{
	if (generation == session->generation)
		session->works = true;
}

void session_wait(struct session *session, struct session_waiter *waiter)
{
	waiter->next = NULL;
	*session->last = waiter;
	session->last = &waiter->next;
}

/* The list is taken first: whoever is woken may be refused again and wait anew. */
static void wake(struct session *s, const struct answer *failure)
{
	struct session_waiter *next = s->waiters;

	s->waiters = NULL;
	s->last = &s->waiters;
	while (next) {
		struct session_waiter *waiter = next;

		next = waiter->next;
		waiter->ready(waiter, failure);
	}
}

static enum err_code renew(struct session *s, struct err *e);

static void renewed(void *ctx, const struct answer *answer, struct slice body)
{
	struct session *s = ctx;
	struct answer said = *answer;
	enum err_code rc = sign_in_take(&s->sign_in, &s->token, &said, body, now_ms(s), NULL);

	s->renewing = false;
	if (rc && s->sign_in.again && renew(s, NULL) == ERR_OK)
		return;
	if (!rc) {
		is_new(s);
	}
	wake(s, rc ? &said : NULL);
}

static enum err_code renew(struct session *s, struct err *e)
{
	struct http_request request = { 0 };
	struct buf form;
	enum err_code rc;

	buf_init(&form, FORM_MOST);
	rc = sign_in_request(&s->sign_in, now_ms(s), &form, &request, e);
	request.done = renewed;
	request.done_ctx = s;
	if (!rc)
		rc = http_start(s->http, &request, NULL, e);
	buf_wipe(&form);
	s->renewing = rc == ERR_OK;
	return rc;
}

/* Refusals that a new token would meet again (salesforce-api.md A8). */
static bool is_final(const struct answer *answer)
{
	return strstr(answer->message, "This session is not valid for use with the REST API") ||
	       strstr(answer->message, "Connected app is not attached to Agent");
}

static enum session_step lost(struct answer *answer, const char *sentence)
{
	char words[sizeof answer->message];

	snprintf(words, sizeof words, "%s", answer->message);
	answer->verdict = VERDICT_REJECTED;
	answer->trouble = TROUBLE_SESSION;
	snprintf(answer->message, sizeof answer->message, "%.310s (%.150s)", sentence, words);
	return SESSION_LOST;
}

void session_give_up(struct answer *answer)
{
	lost(answer,
	     "the org refuses the session although it was renewed: look whether the user may use the API");
}

static enum session_step no_way_back(const struct session *session, struct answer *answer)
{
	char sentence[256];

	if (!session->sign_in.saved_as)
		return lost(answer, "the session has ended and there is nothing to renew it with: give a new "
		                    "access_token, or client_id and refresh_token");
	snprintf(sentence, sizeof sentence,
	         "the session has ended and there is nothing to renew it with: sign in again with `longshore "
	         "org add %.60s`",
	         session->sign_in.saved_as);
	return lost(answer, sentence);
}

/* The Salesforce CLI renews its own session. All wait for it: there is nothing else to do. */
static enum session_step take_over_again(struct session *session, struct answer *answer)
{
	struct err e;

	err_init(&e);
	if (sign_in_elsewhere(&session->sign_in, &session->token, &e) != ERR_OK)
		return lost(answer, e.text);
	is_new(session);
	return SESSION_REPEAT;
}

enum session_step session_refused(struct session *session, unsigned generation, struct answer *answer)
{
	struct err e;

	err_init(&e);
	if (is_final(answer))
		return lost(
			answer,
			"the org does not take this session for its API: sign in with an app whose user may "
			"use the REST API");
	if (generation != session->generation)
		return SESSION_REPEAT;
	if (session->renewing)
		return SESSION_WAIT;
	if (!can_renew(session))
		return no_way_back(session, answer);
	if (is_of_no_use(session))
		return lost(
			answer,
			"the org refuses even a session that was opened just now: look whether the user may "
			"use the API and which networks it may come from");
	if (session->sign_in.method == SIGN_IN_SF)
		return take_over_again(session, answer);
	if (renew(session, &e))
		return lost(answer, e.text);
	return SESSION_WAIT;
}
