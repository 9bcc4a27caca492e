/*
 * json.h - writes JSON text: escaping, nesting, commas. It reads none.
 *
 * Members are put one after the other; `key` is NULL inside an array and for the outermost value. Text that is no UTF-8
 * comes out with U+FFFD in its place, so what is written is always JSON.
 */
#ifndef LONGSHORE_COMMAND_JSON_H
#define LONGSHORE_COMMAND_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

enum { JSON_DEPTH = 15 };

struct json {
	struct buf out;               /* the text; look at out.short_of once at the end */
	char closers[JSON_DEPTH + 1]; /* of what is open */
	int depth;
	bool first; /* nothing stands yet in what was opened last */
};

void json_init(struct json *json);
void json_release(struct json *json);

/* Opens an object ('{') or an array ('['), and closes what was opened last. */
void json_begin(struct json *json, const char *key, char opener);
void json_end(struct json *json);

void json_put_text(struct json *json, const char *key, const char *text); /* NULL gives null */
void json_put_slice(struct json *json, const char *key, struct slice text);
void json_put_number(struct json *json, const char *key, int64_t number);
void json_put_bool(struct json *json, const char *key, bool value);
void json_put_seconds(struct json *json, const char *key, int64_t ms); /* 1234 gives 1.234 */
void json_put_time(struct json *json, const char *key,
                   int64_t utc_ms); /* "2026-11-24T03:51:40Z"; 0 gives null */

#endif
