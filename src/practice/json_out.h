/*
 * json_out.h - writes JSON into a buffer, value by value, in either of the two shapes Salesforce answers in:
 * one line (describe), or with blanks and line breaks as "[ {\n  \"id\" : 1\n} ]" (queries and errors).
 * A reader of the practice org's answers must bear both (salesforce-api.md B1). Nesting is at most 16 deep.
 */
#ifndef LONGSHORE_PRACTICE_JSON_OUT_H
#define LONGSHORE_PRACTICE_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

enum { JSON_OUT_DEPTH = 16 };

struct json_out {
	struct buf *to;
	bool spread;
	int depth;   /* of objects and lists */
	int objects; /* of objects: what sets the indent */
	bool keyed;  /* a key stands there and waits for its value */
	struct {
		bool object;
		bool filled;
	} open[JSON_OUT_DEPTH + 1];
};

void json_out_init(struct json_out *o, struct buf *to, bool spread);
void json_out_object(struct json_out *o);
void json_out_list(struct json_out *o);
void json_out_end(struct json_out *o); /* of the innermost object or list */

void json_out_key(struct json_out *o, const char *key);
void json_out_text(struct json_out *o, struct slice text); /* bytes that are no UTF-8 become U+FFFD */
void json_out_number(struct json_out *o, int64_t number);
void json_out_bool(struct json_out *o, bool value);
void json_out_null(struct json_out *o);
void json_out_raw(struct json_out *o, struct slice json); /* a value that is JSON already */

/* Key and value in one. */
void json_out_pair(struct json_out *o, const char *key, const char *text); /* a NULL text is null */
void json_out_pair_number(struct json_out *o, const char *key, int64_t number);
void json_out_pair_bool(struct json_out *o, const char *key, bool value);

#endif
