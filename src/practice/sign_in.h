/*
 * sign_in.h - who may do what: the token that a request carries, and what stands between right credentials and a
 * session for every way to sign in (the token endpoint and SOAP).
 */
#ifndef LONGSHORE_PRACTICE_SIGN_IN_H
#define LONGSHORE_PRACTICE_SIGN_IN_H

#include <stdbool.h>

#include "practice/http.h"
#include "practice/sign_in_rules.h"

struct practice;
struct session;

/* The text behind "Bearer " or "OAuth " in the Authorization header, NULL if there is none. */
const char *sign_in_token(const struct request *r);

/* Does the request carry a live token? */
bool sign_in_holds(struct practice *p, const struct request *r);

/* Is this the user's password, with the security token where that is needed? *short_of says that only the token lacks. */
bool sign_in_password(const struct practice *p, const char *username, const char *password, bool *short_of);

/* What the scenario has against somebody who signs in this way with the right credentials; REFUSE_NOBODY: nothing. */
enum sign_in_refusal sign_in_refusal(const struct practice *p, enum grant grant);

/* Has the user signed in too often within an hour? Otherwise this sign-in is counted. */
bool sign_in_too_often(struct practice *p);

#endif
