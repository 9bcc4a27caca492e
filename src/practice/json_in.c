#include "practice/json_in.h"

#include <string.h>

#include "base/text.h"

enum { DEEPEST = 32, REPLACEMENT = 0xfffd };

struct reader {
	struct arena *arena;
	struct slice text;
	size_t at;
	int depth;
	struct buf *why;
};

static bool read_value(struct reader *r, struct json_in *v);

void json_in_add_place(struct buf *to, struct slice text, size_t at)
{
	size_t line = 1, column = 1;

	for (size_t i = 0; i < at && i < text.len; i++) {
		column++;
		if (text.at[i] == '\n') {
			line++;
			column = 1;
		}
	}
	buf_addf(to, " at [line:%zu, column:%zu]", line, column);
}

static bool fail(struct reader *r, const char *expected)
{
	unsigned char c = r->at < r->text.len ? (unsigned char)r->text.at[r->at] : 0;

	if (r->why->len)
		return false;
	if (r->at >= r->text.len)
		buf_addf(r->why, "Unexpected end-of-input: expected %s", expected);
	else if (c >= ' ' && c < 0x7f)
		buf_addf(r->why, "Unexpected character ('%c' (code %d)): expected %s", c, c, expected);
	else
		buf_addf(r->why, "Unexpected character (code %d): expected %s", c, expected);
	json_in_add_place(r->why, r->text, r->at);
	return false;
}

static bool no_memory(struct reader *r)
{
	if (!r->why->len)
		buf_add_text(r->why, "no memory for the request");
	return false;
}

static char peek(const struct reader *r)
{
	return r->at < r->text.len ? r->text.at[r->at] : '\0';
}

static void skip_blanks(struct reader *r)
{
	while (r->at < r->text.len && memchr(" \t\r\n", r->text.at[r->at], 4))
		r->at++;
}

static bool take(struct reader *r, char c)
{
	if (r->at >= r->text.len || r->text.at[r->at] != c)
		return false;
	r->at++;
	return true;
}

static bool read_word(struct reader *r, struct json_in *v, const char *word, enum json_in_kind kind)
{
	size_t len = strlen(word);

	if (r->text.len - r->at < len || memcmp(r->text.at + r->at, word, len) != 0)
		return fail(r, "'true', 'false', 'null' or a value");
	v->kind = kind;
	r->at += len;
	return true;
}

static size_t skip_digits(struct reader *r)
{
	size_t from = r->at;

	while (peek(r) >= '0' && peek(r) <= '9')
		r->at++;
	return r->at - from;
}

static bool read_number(struct reader *r, struct json_in *v)
{
	v->kind = JSON_IN_NUMBER;
	take(r, '-');
	if (!take(r, '0') && skip_digits(r) == 0)
		return fail(r, "a digit");
	if (take(r, '.') && skip_digits(r) == 0)
		return fail(r, "a digit behind the decimal point");
	if (take(r, 'e') || take(r, 'E')) {
		if (!take(r, '-'))
			take(r, '+');
		if (skip_digits(r) == 0)
			return fail(r, "a digit of the exponent");
	}
	return true;
}

/* The four hexadecimal digits behind "\u"; -1: they are none. */
static int32_t read_hex(struct reader *r)
{
	int32_t value = 0;

	for (int i = 0; i < 4; i++, r->at++) {
		char c = peek(r);

		if (c >= '0' && c <= '9')
			value = value * 16 + (c - '0');
		else if ((c | 32) >= 'a' && (c | 32) <= 'f')
			value = value * 16 + ((c | 32) - 'a') + 10;
		else
			return -1;
	}
	return value;
}

static char *put_code_point(char *to, int32_t c)
{
	return to + text_encode(c, to);
}

/* A code point behind "\u"; halves of a pair that stand alone, and NUL, which no text field keeps, become U+FFFD. */
static bool read_code_point(struct reader *r, char **to)
{
	int32_t c = read_hex(r), low;
	size_t behind;

	if (c < 0)
		return fail(r, "four hexadecimal digits");
	if (c >= 0xd800 && c < 0xdc00) {
		behind = r->at;
		low = take(r, '\\') && take(r, 'u') ? read_hex(r) : -1;
		if (low >= 0xdc00 && low < 0xe000) {
			c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
		} else {
			r->at = behind;
			c = REPLACEMENT;
		}
	} else if ((c >= 0xdc00 && c < 0xe000) || c == 0) {
		c = REPLACEMENT;
	}
	*to = put_code_point(*to, c);
	return true;
}

static bool read_escape(struct reader *r, char **to)
{
	static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	const char *found;

	if (take(r, 'u'))
		return read_code_point(r, to);
	found = peek(r) ? strchr(letters, peek(r)) : NULL;
	if (!found)
		return fail(r, "an escape sequence");
	r->at++;
	*(*to)++ = meant[found - letters];
	return true;
}

static bool decode(struct reader *r, struct slice *text, size_t from, size_t end)
{
	char *at = arena_alloc(r->arena, end - from + 1), *to = at; /* decoded is never longer */

	if (!at)
		return no_memory(r);
	r->at = from;
	while (r->at < end) {
		if (take(r, '\\')) {
			if (!read_escape(r, &to))
				return false;
		} else {
			*to++ = r->text.at[r->at++];
		}
	}
	*text = (struct slice){ at, (size_t)(to - at) };
	return true;
}

static bool read_string(struct reader *r, struct slice *text)
{
	size_t from, end;
	bool escaped = false;

	if (!take(r, '"'))
		return fail(r, "a double quote");
	for (from = end = r->at; end < r->text.len && r->text.at[end] != '"'; end++) {
		if ((unsigned char)r->text.at[end] < 0x20) {
			r->at = end;
			return fail(r, "no control character in a string");
		}
		if (r->text.at[end] == '\\') {
			escaped = true;
			end++;
		}
	}
	if (end >= r->text.len) {
		r->at = r->text.len;
		return fail(r, "the end of a string");
	}
	*text = (struct slice){ r->text.at + from, end - from };
	if (escaped && !decode(r, text, from, end))
		return false;
	r->at = end + 1;
	return true;
}

static bool read_member(struct reader *r, struct json_in *v)
{
	skip_blanks(r);
	if (!read_string(r, &v->key))
		return false;
	skip_blanks(r);
	if (!take(r, ':'))
		return fail(r, "a colon between a name and its value");
	return true;
}

static bool read_items(struct reader *r, struct json_in *v, bool object)
{
	struct json_in **last = &v->first;
	char end = object ? '}' : ']';

	v->kind = object ? JSON_IN_OBJECT : JSON_IN_LIST;
	r->at++;
	if (++r->depth > DEEPEST)
		return fail(r, "no deeper nesting");
	skip_blanks(r);
	if (!take(r, end)) {
		do {
			*last = arena_alloc(r->arena, sizeof **last);
			if (!*last)
				return no_memory(r);
			if (object && !read_member(r, *last))
				return false;
			if (!read_value(r, *last))
				return false;
			last = &(*last)->next;
			skip_blanks(r);
		} while (take(r, ','));
		if (!take(r, end))
			return fail(r, object ? "a comma or '}'" : "a comma or ']'");
	}
	r->depth--;
	return true;
}

static bool read_kind(struct reader *r, struct json_in *v)
{
	switch (peek(r)) {
	case '{':
		return read_items(r, v, true);
	case '[':
		return read_items(r, v, false);
	case '"':
		v->kind = JSON_IN_STRING;
		return read_string(r, &v->text);
	case 't':
		return read_word(r, v, "true", JSON_IN_TRUE);
	case 'f':
		return read_word(r, v, "false", JSON_IN_FALSE);
	case 'n':
		return read_word(r, v, "null", JSON_IN_NULL);
	case '-':
	case '0':
	case '1':
	case '2':
	case '3':
	case '4':
	case '5':
	case '6':
	case '7':
	case '8':
	case '9':
		return read_number(r, v);
	default:
		return fail(r, "a value");
	}
}

static bool read_value(struct reader *r, struct json_in *v)
{
	skip_blanks(r);
	v->at = r->at;
	if (!read_kind(r, v))
		return false;
	if (v->kind != JSON_IN_STRING)
		v->text = (struct slice){ r->text.at + v->at, r->at - v->at };
	return true;
}

struct json_in *json_in_read(struct arena *a, struct slice text, struct buf *why)
{
	struct reader r = { .arena = a, .text = text, .why = why };
	struct json_in *v = arena_alloc(a, sizeof *v);

	if (!v) {
		no_memory(&r);
		return NULL;
	}
	if (!text_is_utf8(text, &r.at)) {
		fail(&r, "UTF-8");
		return NULL;
	}
	r.at = 0;
	if (!read_value(&r, v))
		return NULL;
	skip_blanks(&r);
	if (r.at < text.len) {
		fail(&r, "nothing behind the value");
		return NULL;
	}
	return v;
}

const struct json_in *json_in_member(const struct json_in *object, const char *key)
{
	const struct json_in *found = NULL;

	if (!object || object->kind != JSON_IN_OBJECT)
		return NULL;
	for (const struct json_in *v = object->first; v; v = v->next)
		if (slice_is(v->key, key))
			found = v;
	return found;
}
