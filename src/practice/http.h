/*
 * http.h - a request and its answer as the practice org's handlers see them; serve.h speaks HTTP.
 */
#ifndef LONGSHORE_PRACTICE_HTTP_H
#define LONGSHORE_PRACTICE_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct answer;

/* What belongs to a request that stands inside another one (composite.h), instead of what came over the wire. */
struct inner_value {
	const char *name, *value;
	struct inner_value *next;
};
struct inner {
	struct inner_value *headers, *arguments;
};

enum { HTTP_PARTS = 4, HTTP_HEADERS = 8, HTTP_VALUE = 160, HTTP_MOST_BODY = 16 * 1024 * 1024 };

/* Everything in it belongs to the server and lives as long as the request. */
struct request {
	const char *method;
	const char *path; /* one slash in front, none at the end, decoded */
	int version;      /* 62 of /services/data/v62.0/... and /services/async/62.0/...; 0 elsewhere */
	bool async;       /* of Bulk API 1.0, the second of these */
	const char *part[HTTP_PARTS]; /* what the stars of the route's pattern stand for */
	struct buf *body;             /* of an upload: may be taken away */
	bool whole;                   /* false: the connection was lost before the body's end */
	const struct inner *inner;    /* or NULL */
	int64_t lacks; /* a fault: each so many-th result of a collection is missing from its answer; 0: none is */
	void *wire;
};

/* By name without regard to case; NULL if it is not there. */
const char *request_header(const struct request *r, const char *name);
const char *request_argument(const struct request *r, const char *name);

/* The first of that name, without regard to case; NULL if there is none. */
const char *inner_find(const struct inner_value *values, const char *name);

/* Is its body JSON by its Content-Type? Otherwise false, with the answer 415. */
bool request_is_json(const struct request *r, struct answer *a);

/* Does it ask to save what a duplicate rule only alerts of: Sforce-Duplicate-Rule-Header: allowSave=true? */
bool request_saves_duplicates(const struct request *r);

/* A body that is made while it is sent. */
struct stream {
	/* Adds some more bytes; false when there were none left. Called without the org's turn. */
	bool (*more)(struct stream *s, struct buf *to);
	void (*free)(struct stream *s);
};

struct answer {
	int status;
	const char *type; /* static text */
	struct buf body;
	struct stream *stream; /* instead of a body; the server frees it */
	struct {
		const char *name; /* static text */
		char value[HTTP_VALUE];
	} headers[HTTP_HEADERS];
	size_t header_count;
	struct buf location; /* where a redirect leads; empty: none. The server releases it */
};

void answer_header(struct answer *a, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Salesforce's error body: [{"message":...,"errorCode":...}]. What the body held is forgotten. */
void answer_error(struct answer *a, int status, const char *code, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif
