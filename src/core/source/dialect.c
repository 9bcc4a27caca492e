#include "core/source/dialect.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

static const struct {
	char delimiter;
	const char *name;
} delimiters[] = {
	{ ',', "comma" }, { ';', "semicolon" }, { '\t', "tab" },
	{ '|', "pipe" },  { '^', "caret" },     { '`', "backquote" },
};

static const struct {
	const char *name, *iconv;
} encodings[] = {
#define X(name, text, iconv) [ENCODING_##name] = { text, iconv },
	ENCODINGS(X)
#undef X
};
enum { ENCODING_COUNT = sizeof encodings / sizeof encodings[0] };

/* What else they are called. */
static const struct {
	const char *name;
	enum encoding encoding;
} aliases[] = {
	{ "cp1252", ENCODING_WINDOWS_1252 }, { "latin1", ENCODING_ISO_8859_1 },
	{ "latin9", ENCODING_ISO_8859_15 },  { "sjis", ENCODING_SHIFT_JIS },
	{ "cp932", ENCODING_SHIFT_JIS },     { "windows31j", ENCODING_SHIFT_JIS },
};

static const char *const formats[] = {
	[FORMAT_GUESSED] = "",      [FORMAT_CSV] = "csv",   [FORMAT_JSON] = "json", [FORMAT_JSONL] = "jsonl",
	[FORMAT_SINGER] = "singer", [FORMAT_XLSX] = "xlsx", [FORMAT_ROWS] = "rows",
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

const char *dialect_encoding_name(enum encoding encoding)
{
	return encodings[encoding].name;
}

const char *dialect_encoding_iconv(enum encoding encoding)
{
	return encodings[encoding].iconv;
}

static bool same_letters(const char *a, const char *b)
{
	for (;; a++, b++) {
		a += strspn(a, "-_");
		b += strspn(b, "-_");
		if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
			return false;
		if (!*a)
			return true;
	}
}

bool dialect_encoding_of(const char *text, enum encoding *encoding)
{
	for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
		if (same_letters(text, aliases[i].name)) {
			*encoding = aliases[i].encoding;
			return true;
		}
	for (int i = ENCODING_GUESSED + 1; i < ENCODING_COUNT; i++)
		if (same_letters(text, encodings[i].name)) {
			*encoding = (enum encoding)i;
			return true;
		}
	return false;
}

const char *dialect_packing_name(enum packing packing)
{
	return packing == PACKING_GZIP ? "gzip" : packing == PACKING_ZSTD ? "zstd" : NULL;
}

const char *dialect_format_name(enum format format)
{
	return formats[format];
}

bool dialect_format_of(const char *text, enum format *format)
{
	for (size_t i = FORMAT_CSV; i < sizeof formats / sizeof formats[0]; i++)
		if (strcmp(text, formats[i]) == 0) {
			*format = (enum format)i;
			return true;
		}
	return false;
}
