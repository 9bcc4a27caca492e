#include "core/org/xml.h"

#include <string.h>

static bool is_blank(char c)
{
	return (unsigned char)c <= ' ' || c == 0x7f;
}

struct slice xml_element(struct slice xml, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 1; i + len < xml.len; i++) {
		const char *at = xml.at + i, *end = xml.at + xml.len, *from, *to;

		if ((at[-1] != '<' && at[-1] != ':') || strncasecmp(at, name, len) != 0 ||
		    (at[len] != '>' && !is_blank(at[len])))
			continue;
		from = memchr(at, '>', (size_t)(end - at));
		to = from ? memchr(from, '<', (size_t)(end - from)) : NULL;
		if (to && to > from + 1)
			return (struct slice){ from + 1, (size_t)(to - from - 1) };
	}
	return (struct slice){ 0 };
}

static const struct {
	const char *entity;
	char c;
} entities[] = { { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&apos;", '\'' }, { "&amp;", '&' } };
enum { ENTITIES = sizeof entities / sizeof entities[0] };

void xml_decode(char *text)
{
	char *to = text;

	while (*text) {
		size_t skip = 1;
		char c = *text;

		for (size_t i = 0; i < ENTITIES && c == '&'; i++)
			if (strncmp(text, entities[i].entity, strlen(entities[i].entity)) == 0) {
				*to = entities[i].c;
				skip = strlen(entities[i].entity);
				break;
			}
		if (skip == 1)
			*to = c;
		to++;
		text += skip;
	}
	*to = '\0';
}

void xml_add(struct buf *to, const char *text)
{
	for (; *text; text++) {
		size_t i = 0;

		while (i < ENTITIES && entities[i].c != *text)
			i++;
		if (i < ENTITIES)
			buf_add_text(to, entities[i].entity);
		else
			buf_add_char(to, *text);
	}
}
