#include "practice/markup.h"

#include <string.h>

static const char *escape_of(char c)
{
	switch (c) {
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '&':
		return "&amp;";
	case '"':
		return "&quot;";
	default:
		return (unsigned char)c < ' ' && !strchr("\t\n\r", c) ? "?" : NULL;
	}
}

void markup_add(struct buf *to, const char *text)
{
	for (; *text; text++) {
		const char *escape = escape_of(*text);

		if (escape)
			buf_add_text(to, escape);
		else
			buf_add_char(to, *text);
	}
}
