/*
 * sign_in.h - access tokens: how one gets them and which are alive.
 */
#ifndef LONGSHORE_PRACTICE_SIGN_IN_H
#define LONGSHORE_PRACTICE_SIGN_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "practice/http.h"

struct practice;

enum { SESSION_TOKEN = 64 };

struct session {
	char token[SESSION_TOKEN];
	int64_t since; /* ms */
};

struct sessions {
	struct session *all;
	size_t count;
	size_t room;
};

void sessions_init(struct sessions *s);
void sessions_release(struct sessions *s);
void sessions_expire(struct sessions *s); /* all of them; the fixed token (practice_ids.h) stays */

/* Does the request carry a live token? */
bool sign_in_holds(struct practice *p, const struct request *r);

/* POST /services/oauth2/token, GET /services/oauth2/userinfo */
void sign_in_token(struct practice *p, const struct request *r, struct answer *a);
void sign_in_user_info(struct practice *p, const struct request *r, struct answer *a);

#endif
