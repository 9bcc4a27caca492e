/*
 * identity.h - who a token belongs to: userinfo (OpenID Connect) and the identity URL that every token answer names.
 * Their keys are those of Salesforce's documentation; no live answer was recorded.
 */
#ifndef LONGSHORE_PRACTICE_IDENTITY_H
#define LONGSHORE_PRACTICE_IDENTITY_H

#include "practice/http.h"

struct practice;

void identity_user_info(struct practice *p, const struct request *r,
                        struct answer *a); /* /services/oauth2/userinfo */
void identity_show(struct practice *p, const struct request *r, struct answer *a); /* /id/ORG/USER */

#endif
