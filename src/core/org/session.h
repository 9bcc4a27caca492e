/*
 * session.h - the access token, and its renewal: one at a time, whoever asks for it.
 *
 * A request remembers the generation of the token it was sent with. When it is refused, session_refused() says whether
 * to send it again now, to wait for a renewal under way, or that there is no way back in. A renewed token that is itself
 * refused at once is not renewed again: there is no loop. The renewal is a request in flight like others and ends in http_turn().
 */
#ifndef LONGSHORE_ORG_SESSION_H
#define LONGSHORE_ORG_SESSION_H

#include <stdbool.h>

#include "core/org/http.h"
#include "core/org/settings.h"

struct session;

/* Signs in, or takes the ready session of the settings. ERR_REFUSED, ERR_UNREACHABLE, ERR_USAGE. `http` stays the
 * caller's and must outlive it. */
enum err_code session_open(struct session **session, struct http *http, const struct settings *settings,
                           struct err *e);
void session_close(struct session *session); /* wipes it; who waits is forgotten */

const char *session_token(const struct session *session);    /* until the next http_turn() */
const char *session_instance(const struct session *session); /* origin of the org's addresses; the same */
unsigned session_generation(const struct session *session);  /* grows with each renewal */

/* That its way to sign in is being switched off, and what to use instead; NULL if it is not. */
const char *session_notice(const struct session *session);

/* An answer other than a refusal came for the token of this generation: it works. */
void session_works(struct session *session, unsigned generation);

enum session_step {
	SESSION_REPEAT, /* a newer token is there */
	SESSION_WAIT,   /* it is being renewed: session_wait() */
	SESSION_LOST, /* `answer` has the sentence, verdict REJECTED and TROUBLE_SESSION (or why the renewal cannot be
	                   asked for) */
};

/* `answer` refused a request sent with the token of `generation`. Begins the renewal if that is the thing to do. */
enum session_step session_refused(struct session *session, unsigned generation, struct answer *answer);

/* The same for a request that was refused again after it had been repeated: never a renewal. */
void session_give_up(struct answer *answer);

bool session_renewing(const struct session *session);

/* One who waits; it stays the caller's. `ready` is called once, with NULL when renewed, else with the answer that all who
 * waited have to live with. */
struct session_waiter {
	void (*ready)(struct session_waiter *waiter, const struct answer *failure);
	struct session_waiter *next; /* the session's */
};
void session_wait(struct session *session, struct session_waiter *waiter);

#endif
