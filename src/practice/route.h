/*
 * route.h - which handler answers which request, and what holds for all of them: tokens, the daily limit, counters.
 */
#ifndef LONGSHORE_PRACTICE_ROUTE_H
#define LONGSHORE_PRACTICE_ROUTE_H

#include "practice/http.h"
#include "practice/practice.h"

enum { OLDEST_VERSION = 45, NEWEST_VERSION = 66 };

enum route_flags {
	ROUTE_API = 1,    /* needs a token, counts against the daily limit */
	ROUTE_UPLOAD = 2, /* a body of up to 150 MB, which the handler takes away */
};

struct route {
	const char *method;
	const char
		*pattern; /* '@': /services/data/vXX.0, '%': /services/async/XX.0, '*': one part of the path */
	const char *kind; /* as the counters name it */
	unsigned flags;
	void (*handle)(struct practice *p, const struct request *r, struct answer *a);
};

/* The path without doubled slashes and without one at its end (peers.md); to be freed, NULL without memory. */
char *route_clean(const char *url, size_t len);

/* Makes "A%2F1" "A/1", in place: a key may hold a slash, which then ends no part. %00 stays, a text ends there. */
void route_decode(char *text);

/* The route of r->method and `path`, percent-encoded still, which is cut into r->part, decoded (the texts stay in `path`);
 * sets r->version. NULL: none, and *known says whether another method would have had one. */
const struct route *route_find(struct request *r, char *path, bool *known);

/* Answers with the turn taken. `route` may be NULL. */
void route_answer(struct practice *p, const struct route *route, bool known, const struct request *r,
                  struct answer *a);

/* Says how much of the daily limit is used, as every answer but the versions' does. */
void route_add_usage(const struct practice *p, struct answer *a);

/* The kind of the route with this number, NULL behind the last. */
const char *route_kind(size_t number);

#endif
