/*
 * json_in.h - reads JSON into a tree whose values know where they stand: Salesforce names line and column of a value
 * it cannot take, and a number must keep its spelling. Strict as RFC 8259; nesting is at most 32 deep.
 */
#ifndef LONGSHORE_PRACTICE_JSON_IN_H
#define LONGSHORE_PRACTICE_JSON_IN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"

enum json_in_kind {
	JSON_IN_NULL,
	JSON_IN_TRUE,
	JSON_IN_FALSE,
	JSON_IN_NUMBER,
	JSON_IN_STRING,
	JSON_IN_LIST,
	JSON_IN_OBJECT,
};

struct json_in {
	enum json_in_kind kind;
	size_t at;         /* where it begins in the text, in bytes */
	struct slice key;  /* of a member of an object, decoded */
	struct slice text; /* a string decoded, anything else as it is written; in the arena or the text */
	struct json_in *first, *next;
};

/* The value that is the whole text, in the arena; it points into the text too. NULL: it is no JSON, or there is no
 * memory; `why` has a sentence in Jackson's manner, place included. */
struct json_in *json_in_read(struct arena *a, struct slice text, struct buf *why);

/* The last member of that name (exact), as of two alike the last counts; NULL if there is none or it is no object. */
const struct json_in *json_in_member(const struct json_in *object, const char *key);

/* Adds " at [line:1, column:35]" for a place in the text; columns count bytes. */
void json_in_add_place(struct buf *to, struct slice text, size_t at);

#endif
