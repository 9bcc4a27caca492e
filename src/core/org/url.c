#include "core/org/url.h"

#include <string.h>

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_alnum(char c)
{
	return is_upper(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

void url_encode(struct buf *to, struct slice text)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if (is_alnum((char)c) || (c && strchr("-._~", c)))
			buf_add_char(to, (char)c);
		else
			buf_add(to, (char[]){ '%', digits[c >> 4], digits[c & 15] }, 3);
	}
}

void url_form(struct buf *to, const char *name, const char *value)
{
	if (!value)
		return;
	if (to->len)
		buf_add_char(to, '&');
	buf_add_text(to, name);
	buf_add_char(to, '=');
	url_encode(to, slice_of(value));
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool decode(struct buf *to, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		int high = text.at[i] == '%' && i + 2 < text.len ? digit_of(text.at[i + 1]) : -1;
		int low = high >= 0 ? digit_of(text.at[i + 2]) : -1;

		if (low >= 0) {
			buf_add_char(to, (char)(high << 4 | low));
			i += 2;
		} else if (text.at[i] == '%') {
			return false;
		} else {
			buf_add_char(to, text.at[i] == '+' ? ' ' : text.at[i]);
		}
	}
	return !to->short_of && memchr(buf_text(to), '\0', to->len) == NULL;
}

bool url_value(struct slice query, const char *name, struct buf *to)
{
	size_t len = strlen(name);

	while (query.len) {
		const char *end = memchr(query.at, '&', query.len);
		size_t pair = end ? (size_t)(end - query.at) : query.len;

		if (pair > len && query.at[len] == '=' && memcmp(query.at, name, len) == 0)
			return decode(to, (struct slice){ query.at + len + 1, pair - len - 1 });
		pair += end != NULL;
		query = (struct slice){ query.at + pair, query.len - pair };
	}
	return false;
}

bool url_id18(struct slice id, char to[19])
{
	static const char suffix[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

	if (id.len != 15 && id.len != 18)
		return false;
	for (size_t i = 0; i < id.len; i++)
		if (!is_alnum(id.at[i]))
			return false;
	memcpy(to, id.at, id.len);
	to[18] = '\0';
	for (size_t part = 0; part < 3 && id.len == 15; part++) {
		unsigned bits = 0;

		for (size_t i = 0; i < 5; i++)
			bits |= is_upper(id.at[part * 5 + i]) ? 1u << i : 0;
		to[15 + part] = suffix[bits];
	}
	return true;
}
