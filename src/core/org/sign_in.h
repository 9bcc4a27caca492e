/*
 * sign_in.h - the ways into an org (salesforce-api.md A2-A6): what is asked, and what the answer means.
 * Text in and out; session.h does the sending. Holds secrets: everything here is wiped when released.
 */
#ifndef LONGSHORE_ORG_SIGN_IN_H
#define LONGSHORE_ORG_SIGN_IN_H

#include "base/buf.h"
#include "base/err.h"
#include "core/org/answer.h"
#include "core/org/http.h"
#include "core/org/settings.h"

struct sign_in {
	enum sign_in_method method;
	char login[256], host[256]; /* where: an origin, and its host */
	char *client_id, *client_secret;
	char *refresh_token; /* replaced when the org gives a new one: the old one is dead then */
	char *saved_as;      /* the saved org's name, or NULL */
	struct settings_keeper keeper;
	char *username;
	char *password; /* the security token behind it */
	char *sf_alias;
	char *code, *code_verifier, *redirect_uri; /* what a browser brought */
	char *key, *key_passphrase;                /* PEM */
	int audience;                              /* which of those a JWT may name */
	bool again;         /* sign_in_take(): ask once more at once, it goes another way now */
	char form_url[320]; /* of the request at hand */
};

struct token {
	char *access;
	char instance_url[256]; /* scheme and host, no slash at the end */
};

/* Takes what it needs from complete settings (copies). ERR_USAGE, ERR_FILE: an address or a key that is none. */
enum err_code sign_in_init(struct sign_in *s, const struct settings *settings, struct err *e);
void sign_in_release(struct sign_in *s);

/* The request to send: `form` and `s` hold what it points to until it was started. The caller wipes the form. `now_ms` is
 * UTC. ERR_USAGE for a key that cannot sign. */
enum err_code sign_in_request(struct sign_in *s, int64_t now_ms, struct buf *form, struct http_request *request,
                              struct err *e);

/* Where nothing is asked of the org, because somebody else has the session (SIGN_IN_SF): gets it there, which may take some
 * seconds. What sf_cli.h says. */
enum err_code sign_in_elsewhere(const struct sign_in *s, struct token *token, struct err *e);

/* Takes the answer: on success `token` is replaced (and the refresh token, if there is a new one). Otherwise ERR_REFUSED
 * with the reason and what to do, or ERR_UNREACHABLE; `answer` then says the same as verdict, trouble and sentence for
 * requests that waited for it: TROUBLE_SESSION when refused. With s->again (a JWT has more than one audience that it may
 * be for) nothing is decided yet: send the next request. */
enum err_code sign_in_take(struct sign_in *s, struct token *token, struct answer *answer, struct slice body,
                           int64_t now_ms, struct err *e);

void token_release(struct token *token);

/* That the way is being switched off, when, and what to use instead; NULL if it is not (salesforce-api.md A7). */
const char *sign_in_notice(enum sign_in_method method);

/* What a refusal means to the person who has to do something: the error's code, and its description. NULL: unknown. */
const char *sign_in_words(enum sign_in_method method, const char *code, const char *description);

#endif
