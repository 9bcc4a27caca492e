#include "practice/json_out.h"

#include "base/text.h"

void json_out_init(struct json_out *o, struct buf *to, bool spread)
{
	*o = (struct json_out){ .to = to, .spread = spread };
}

static void break_line(struct json_out *o)
{
	buf_add_char(o->to, '\n');
	for (int i = 0; i < o->objects; i++)
		buf_add_text(o->to, "  ");
}

/* What stands in front of a value or a key: a comma, a blank, a new line. */
static void begin_item(struct json_out *o)
{
	bool object = o->open[o->depth].object;

	if (o->keyed) {
		o->keyed = false;
		return;
	}
	if (o->depth == 0)
		return;
	if (o->open[o->depth].filled)
		buf_add_char(o->to, ',');
	o->open[o->depth].filled = true;
	if (!o->spread)
		return;
	if (object)
		break_line(o);
	else
		buf_add_char(o->to, ' ');
}

static void begin(struct json_out *o, bool object)
{
	begin_item(o);
	buf_add_char(o->to, object ? '{' : '[');
	if (o->depth < JSON_OUT_DEPTH)
		o->depth++;
	o->objects += object;
	o->open[o->depth].object = object;
	o->open[o->depth].filled = false;
}

void json_out_object(struct json_out *o)
{
	begin(o, true);
}

void json_out_list(struct json_out *o)
{
	begin(o, false);
}

void json_out_end(struct json_out *o)
{
	bool object = o->open[o->depth].object;

	o->objects -= object;
	if (o->spread && object && o->open[o->depth].filled)
		break_line(o);
	else if (o->spread)
		buf_add_char(o->to, ' ');
	buf_add_char(o->to, object ? '}' : ']');
	o->depth--;
}

static void add_escaped(struct buf *to, struct slice s, size_t *at)
{
	unsigned char c = (unsigned char)s.at[*at];
	struct slice rest = { s.at + *at, s.len - *at };
	size_t len = 1;

	if (c == '"' || c == '\\')
		buf_addf(to, "\\%c", c);
	else if (c == '\n')
		buf_add_text(to, "\\n");
	else if (c == '\r')
		buf_add_text(to, "\\r");
	else if (c == '\t')
		buf_add_text(to, "\\t");
	else if (c < 0x20)
		buf_addf(to, "\\u%04x", c);
	else if (text_decode(rest, &len) < 0)
		buf_add_text(to, "\xef\xbf\xbd");
	else
		buf_add(to, rest.at, len);
	*at += len;
}

static bool is_plain(char c)
{
	return (unsigned char)c >= 0x20 && (unsigned char)c < 0x7f && c != '"' && c != '\\';
}

void json_out_text(struct json_out *o, struct slice text)
{
	size_t at = 0;

	begin_item(o);
	buf_add_char(o->to, '"');
	while (at < text.len) {
		size_t plain = at;

		while (plain < text.len && is_plain(text.at[plain]))
			plain++;
		buf_add(o->to, text.at + at, plain - at);
		at = plain;
		if (at < text.len)
			add_escaped(o->to, text, &at);
	}
	buf_add_char(o->to, '"');
}

void json_out_key(struct json_out *o, const char *key)
{
	json_out_text(o, slice_of(key));
	buf_add_text(o->to, o->spread ? " : " : ":");
	o->keyed = true;
}

void json_out_raw(struct json_out *o, struct slice json)
{
	begin_item(o);
	buf_add_slice(o->to, json);
}

void json_out_number(struct json_out *o, int64_t number)
{
	begin_item(o);
	buf_addf(o->to, "%lld", (long long)number);
}

void json_out_bool(struct json_out *o, bool value)
{
	json_out_raw(o, slice_of(value ? "true" : "false"));
}

void json_out_null(struct json_out *o)
{
	json_out_raw(o, slice_of("null"));
}

void json_out_pair(struct json_out *o, const char *key, const char *text)
{
	json_out_key(o, key);
	if (text)
		json_out_text(o, slice_of(text));
	else
		json_out_null(o);
}

void json_out_pair_number(struct json_out *o, const char *key, int64_t number)
{
	json_out_key(o, key);
	json_out_number(o, number);
}

void json_out_pair_bool(struct json_out *o, const char *key, bool value)
{
	json_out_key(o, key);
	json_out_bool(o, value);
}
