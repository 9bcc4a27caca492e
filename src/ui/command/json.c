#include "ui/command/json.h"

#include <inttypes.h>

#include "base/text.h"
#include "base/when.h"

/* A describe of some hundred fields is far below this. */
enum { MOST_BYTES = 64 * 1024 * 1024 };

void json_init(struct json *json)
{
	buf_init(&json->out, MOST_BYTES);
	json->depth = 0;
	json->first = true;
}

void json_release(struct json *json)
{
	buf_release(&json->out);
}

static void put_escaped(struct buf *out, struct slice text)
{
	buf_add_char(out, '"');
	while (text.len > 0) {
		size_t len;
		int32_t point = text_decode(text, &len);

		if (point < 0)
			buf_add_text(out, "\xEF\xBF\xBD");
		else if (point == '"' || point == '\\')
			buf_addf(out, "\\%c", (char)point);
		else if (point == '\n')
			buf_add_text(out, "\\n");
		else if (point == '\t')
			buf_add_text(out, "\\t");
		else if (point < 0x20 || point == 0x7f)
			buf_addf(out, "\\u%04x", (unsigned)point);
		else
			buf_add(out, text.at, len);
		text.at += len;
		text.len -= len;
	}
	buf_add_char(out, '"');
}

static void put_key(struct json *json, const char *key)
{
	if (!json->first)
		buf_add_char(&json->out, ',');
	if (json->depth > 0)
		buf_add_char(&json->out, '\n');
	for (int i = 0; i < json->depth; i++)
		buf_add_text(&json->out, "  ");
	json->first = false;
	if (key) {
		put_escaped(&json->out, slice_of(key));
		buf_add_text(&json->out, ": ");
	}
}

void json_begin(struct json *json, const char *key, char opener)
{
	put_key(json, key);
	buf_add_char(&json->out, opener);
	if (json->depth < JSON_DEPTH)
		json->closers[json->depth++] = opener == '{' ? '}' : ']';
	json->first = true;
}

void json_end(struct json *json)
{
	bool empty = json->first;
	char closer = json->closers[--json->depth];

	if (!empty) {
		buf_add_char(&json->out, '\n');
		for (int i = 0; i < json->depth; i++)
			buf_add_text(&json->out, "  ");
	}
	buf_add_char(&json->out, closer);
	if (json->depth == 0)
		buf_add_char(&json->out, '\n');
	json->first = false;
}

void json_put_slice(struct json *json, const char *key, struct slice text)
{
	put_key(json, key);
	put_escaped(&json->out, text);
}

void json_put_text(struct json *json, const char *key, const char *text)
{
	if (text) {
		json_put_slice(json, key, slice_of(text));
		return;
	}
	put_key(json, key);
	buf_add_text(&json->out, "null");
}

void json_put_number(struct json *json, const char *key, int64_t number)
{
	put_key(json, key);
	buf_addf(&json->out, "%" PRId64, number);
}

void json_put_bool(struct json *json, const char *key, bool value)
{
	put_key(json, key);
	buf_add_text(&json->out, value ? "true" : "false");
}

void json_put_seconds(struct json *json, const char *key, int64_t ms)
{
	put_key(json, key);
	buf_addf(&json->out, "%" PRId64 ".%03d", ms / 1000, (int)(ms % 1000));
}

void json_put_time(struct json *json, const char *key, int64_t utc_ms)
{
	char text[WHEN_TEXT];

	if (utc_ms == 0) {
		json_put_text(json, key, NULL);
		return;
	}
	when_utc_text(utc_ms, text);
	json_put_text(json, key, text);
}
