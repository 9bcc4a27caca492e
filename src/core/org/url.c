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
