/*
 * sign_in.h - the token endpoint (salesforce-api.md A2-A4): what is asked of it, and what its answer means.
 * Pure text in and out; session.h does the sending. Holds secrets: everything here is wiped when released.
 */
#ifndef LONGSHORE_ORG_SIGN_IN_H
#define LONGSHORE_ORG_SIGN_IN_H

#include "base/buf.h"
#include "base/err.h"
#include "core/org/answer.h"

struct sign_in {
	char *client_id, *client_secret; /* the secret may be NULL */
	char *refresh_token;             /* replaced when the org gives a new one: the old one is dead then */
};

struct token {
	char *access;
	char instance_url[256]; /* scheme and host, no slash at the end */
};

/* The form to POST to <login>/services/oauth2/token. The caller wipes it. */
void sign_in_form(const struct sign_in *s, struct buf *form);

/* Takes the answer: on success `token` is replaced (and the refresh token, if there is a new one). Otherwise ERR_REFUSED
 * with the reason and what to do, or ERR_UNREACHABLE; `answer` then says the same as verdict, trouble and sentence for
 * requests that waited for it: TROUBLE_SESSION when refused. `host` is for the sentence. */
enum err_code sign_in_take(struct sign_in *s, struct token *token, struct answer *answer, struct slice body,
                           const char *host, struct err *e);

void sign_in_release(struct sign_in *s);
void token_release(struct token *token);

/* Frees a text after overwriting it. NULL does nothing. */
void wipe_text(char *text);

#endif
