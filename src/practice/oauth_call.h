/*
 * oauth_call.h - one request to /services/oauth2 as its handlers see it: what was sent, by name, and the answers
 * (salesforce-api.md A2 to A4). Its texts live until oauth_call_end().
 */
#ifndef LONGSHORE_PRACTICE_OAUTH_CALL_H
#define LONGSHORE_PRACTICE_OAUTH_CALL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "practice/http.h"
#include "practice/practice.h"

enum { OAUTH_FIELDS = 32 };

struct oauth_field {
	const char *name, *value;
};

struct oauth_call {
	struct practice *practice;
	const struct request *request;
	struct answer *answer;
	struct oauth_field fields[OAUTH_FIELDS]; /* of the form */
	size_t count;
	const char *client_id, *client_secret; /* of HTTP Basic where that came, else of the fields; "": none */
	struct arena arena;
};

void oauth_call_begin(struct oauth_call *c, struct practice *p, const struct request *r, struct answer *a);
void oauth_call_end(struct oauth_call *c);

/* The field of a form (only if the Content-Type says that it is one), else of the URL; "": there is none. */
const char *oauth_value(const struct oauth_call *c, const char *name);

/* Answers 400 with error and error_description; false, for the caller to return. */
bool oauth_refuse(struct oauth_call *c, const char *error, const char *description);

/* Is it the connected app? Otherwise false, with the answer. A wrong secret is refused, one that lacks if it is needed. */
bool oauth_knows_client(struct oauth_call *c, bool secret_needed);

#endif
