#include "core/org/sign_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/org/http.h"
#include "core/org/json.h"
#include "core/org/url.h"

void wipe_text(char *text)
{
	if (!text)
		return;
	explicit_bzero(text, strlen(text));
	free(text);
}

void sign_in_release(struct sign_in *s)
{
	wipe_text(s->client_id);
	wipe_text(s->client_secret);
	wipe_text(s->refresh_token);
	*s = (struct sign_in){ 0 };
}

void token_release(struct token *token)
{
	wipe_text(token->access);
	*token = (struct token){ 0 };
}

void sign_in_form(const struct sign_in *s, struct buf *form)
{
	buf_reserve(form, 8 * 1024); /* so that growing leaves no copies behind */
	url_form(form, "grant_type", "refresh_token");
	url_form(form, "client_id", s->client_id);
	url_form(form, "client_secret", s->client_secret);
	url_form(form, "refresh_token", s->refresh_token);
}

/* What the refusals of salesforce-api.md A4 mean to the person who has to do something. The first row that fits: `error`
 * exactly, and `about` somewhere in the description (NULL: any). */
static const struct refusal {
	const char *error, *about, *sentence;
} refusals[] = {
	{ "invalid_grant", "expired access/refresh token",
	  "the refresh token was revoked or has expired: sign in again and give the new refresh_token" },
	{ "invalid_grant", "ip restricted",
	  "the org refuses sign-ins from this network or at this hour: ask its administrator about login IP "
	  "ranges and "
	  "login hours" },
	{ "invalid_grant", "request not supported on this domain",
	  "sign-ins of this kind are not taken at this address: set domain (or login_url) to the org's My "
	  "Domain" },
	{ "invalid_grant", "inactive user",
	  "the user of this sign-in is deactivated: ask the org's administrator" },
	{ "invalid_grant", "approved this consumer",
	  "the user has not approved this app: sign in once in a browser, or let the administrator approve "
	  "it" },
	{ "invalid_grant", NULL,
	  "the refresh token is not accepted: sign in again, and look whether it was issued to this client_id "
	  "and on "
	  "this domain (login or test)" },
	{ "inactive_user", NULL, "the user of this sign-in is deactivated: ask the org's administrator" },
	{ "inactive_org", NULL,
	  "the org is locked, closed or suspended: ask Salesforce or the org's administrator" },
	{ "invalid_client_id", NULL,
	  "there is no app with this client_id: copy its consumer key again (a new app takes some minutes to "
	  "work)" },
	{ "invalid_client", NULL, "the client_secret is wrong: copy the app's consumer secret again" },
	{ "invalid_app_access", NULL,
	  "the user may not use this app: the org's administrator must assign it to a profile or permission "
	  "set" },
	{ "unsupported_grant_type", NULL,
	  "the org does not allow refresh tokens for this app: ask its administrator" },
	{ "invalid_request", NULL,
	  "the sign-in was not understood: look whether client_id and refresh_token are whole" },
};

static const char *sentence_of(const struct answer *a)
{
	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
		if (strcmp(refusals[i].error, a->code) == 0 &&
		    (!refusals[i].about || strcasestr(a->message, refusals[i].about)))
			return refusals[i].sentence;
	return NULL;
}

/* A refusal: the sentence, and Salesforce's own words behind it. */
static enum err_code refuse(struct sign_in *s, struct answer *answer, const char *host, struct err *e)
{
	const char *sentence = sentence_of(answer);
	char words[sizeof answer->message];

	answer_hide(answer, s->refresh_token);
	answer_hide(answer, s->client_secret);
	snprintf(words, sizeof words, "%s", answer->message);
	answer->verdict = VERDICT_REJECTED;
	answer->trouble = TROUBLE_SESSION;
	if (sentence)
		snprintf(answer->message, sizeof answer->message, "%s (%s: %.100s)", sentence, answer->code,
		         words);
	else
		snprintf(answer->message, sizeof answer->message, "%.80s refused the sign-in: %.60s%s%.300s",
		         host, answer->code, answer->code[0] ? ": " : "", words);
	return err_set(e, ERR_REFUSED, "%s", answer->message);
}

/* Not refused, not granted: no connection, a server in trouble, too many sign-ins. Repeating it later is harmless. */
static enum err_code put_off(struct answer *answer, const char *host, struct err *e)
{
	char words[sizeof answer->message];

	snprintf(words, sizeof words, "%s", answer->message);
	answer->verdict = VERDICT_TRY_AGAIN;
	if (answer->trouble == TROUBLE_LIMIT)
		snprintf(answer->message, sizeof answer->message,
		         "%.80s takes no more sign-ins of this user for some minutes: %.200s", host, words);
	else
		snprintf(answer->message, sizeof answer->message, "no sign-in at %.80s now: %.300s", host,
		         words);
	return err_set(e, ERR_UNREACHABLE, "%s", answer->message);
}

static enum err_code take_token(struct sign_in *s, struct token *token, const json_t *object, const char *host,
                                struct err *e)
{
	const char *access = json_text(object, "access_token"), *refresh = json_text(object, "refresh_token");
	char origin[256], ignored[256], *copy;

	if (!*access || !*json_text(object, "instance_url"))
		return err_set(e, ERR_UNREACHABLE, "%s gave no session: is it a Salesforce address?", host);
	if (http_origin(json_text(object, "instance_url"), "the instance_url of the sign-in's answer", origin,
	                ignored, e))
		return err_set(e, ERR_USAGE, "the sign-in gave an address that is none");
	copy = strdup(access);
	if (!copy)
		return err_memory(e, "a session");
	token_release(token);
	token->access = copy;
	memcpy(token->instance_url, origin, sizeof origin);
	copy = *refresh ? strdup(refresh) : NULL;
	if (copy) {
		wipe_text(s->refresh_token);
		s->refresh_token = copy;
	}
	return ERR_OK;
}

enum err_code sign_in_take(struct sign_in *s, struct token *token, struct answer *answer, struct slice body,
                           const char *host, struct err *e)
{
	enum err_code rc;
	json_t *object;
	struct err why;

	if (answer->verdict == VERDICT_UNKNOWN || answer->verdict == VERDICT_TRY_AGAIN)
		return put_off(answer, host, e);
	if (answer->verdict != VERDICT_DONE)
		return refuse(s, answer, host, e);
	err_init(&why);
	object = json_read(body);
	rc = take_token(s, token, object, host, &why);
	json_wipe(object);
	if (!rc)
		return ERR_OK;
	answer->verdict = VERDICT_TRY_AGAIN;
	answer->trouble = TROUBLE_SERVER;
	snprintf(answer->message, sizeof answer->message, "%.470s", why.text);
	return err_set(e, rc, "%s", why.text);
}
