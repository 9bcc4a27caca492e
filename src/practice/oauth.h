/*
 * oauth.h - what is below /services/oauth2: the token endpoint with its grants, the page where a user allows an app
 * in, and the ends of tokens (salesforce-api.md A2 to A5).
 */
#ifndef LONGSHORE_PRACTICE_OAUTH_H
#define LONGSHORE_PRACTICE_OAUTH_H

#include "practice/http.h"

struct practice;

void oauth_token(struct practice *p, const struct request *r, struct answer *a);      /* POST token */
void oauth_revoke(struct practice *p, const struct request *r, struct answer *a);     /* GET, POST revoke */
void oauth_introspect(struct practice *p, const struct request *r, struct answer *a); /* POST introspect */

/* GET authorize shows the page, POST is what its buttons send. */
void oauth_authorize(struct practice *p, const struct request *r, struct answer *a);
void oauth_decide(struct practice *p, const struct request *r, struct answer *a);

#endif
