#include "core/source/dialect.h"

#include <stddef.h>
#include <string.h>

static const struct {
	char delimiter;
	const char *name;
} delimiters[] = {
	{ ',', "comma" }, { ';', "semicolon" }, { '\t', "tab" },
	{ '|', "pipe" },  { '^', "caret" },     { '`', "backquote" },
};

bool dialect_may_delimit(char c)
{
	return (unsigned char)c < 0x80 && !strchr("\"\r\n", c); /* strchr finds the NUL, too */
}

const char *dialect_delimiter_name(char delimiter)
{
	for (size_t i = 0; i < sizeof delimiters / sizeof delimiters[0]; i++)
		if (delimiters[i].delimiter == delimiter)
			return delimiters[i].name;
	return NULL;
}

bool dialect_delimiter_of(const char *text, char *delimiter)
{
	for (size_t i = 0; i < sizeof delimiters / sizeof delimiters[0]; i++)
		if (strcmp(delimiters[i].name, text) == 0) {
			*delimiter = delimiters[i].delimiter;
			return true;
		}
	*delimiter = text[0];
	return text[0] && !text[1] && dialect_may_delimit(text[0]);
}
