/*
 * dialect.h - the words for how a file is written, as options, screens and the journal say them. Pure.
 */
#ifndef LONGSHORE_SOURCE_DIALECT_H
#define LONGSHORE_SOURCE_DIALECT_H

#include <stdbool.h>

/* clang-format off */
/* X(name in code, what it is called, what iconv calls it) */
#define ENCODINGS(X)                                \
	X(UTF_8, "UTF-8", "UTF-8")                  \
	X(UTF_16LE, "UTF-16LE", "UTF-16LE")         \
	X(UTF_16BE, "UTF-16BE", "UTF-16BE")         \
	X(WINDOWS_1252, "Windows-1252", "CP1252")   \
	X(ISO_8859_1, "ISO-8859-1", "ISO-8859-1")   \
	X(ISO_8859_15, "ISO-8859-15", "ISO-8859-15")\
	X(SHIFT_JIS, "Shift-JIS", "CP932") /* as Windows writes it */
/* clang-format on */

enum encoding {
	ENCODING_GUESSED,
#define X(name, text, iconv) ENCODING_##name,
	ENCODINGS(X)
#undef X
};

enum format {
	FORMAT_GUESSED,
	FORMAT_CSV,
	FORMAT_JSON,   /* a list of objects */
	FORMAT_JSONL,  /* an object a line */
	FORMAT_SINGER, /* the records of a stream of Singer messages */
	FORMAT_XLSX,   /* a sheet of a workbook */
	FORMAT_ROWS,   /* what Longshore wrote itself: CSV with commas, in which #N/A without quotes is null */
};

enum packing { PACKING_NONE, PACKING_GZIP, PACKING_ZSTD };

/* May this character stand between cells? Any of ASCII but a quote, a line break and NUL. */
bool dialect_may_delimit(char c);

/* "comma", "semicolon", "tab", "pipe", "caret", "backquote"; NULL for any other. Static text, as all here. */
const char *dialect_delimiter_name(char delimiter);

/* By such a name, or by itself ("|"). False if it is none. */
bool dialect_delimiter_of(const char *text, char *delimiter);

const char *dialect_encoding_name(enum encoding encoding);
const char *dialect_encoding_iconv(enum encoding encoding);

/* By its name or another usual one ("latin1", "cp1252", "sjis"), in any case, with or without - and _. */
bool dialect_encoding_of(const char *text, enum encoding *encoding);

/* "csv", "json", "jsonl", "singer", "xlsx"; by such a name. */
const char *dialect_format_name(enum format format);
bool dialect_format_of(const char *text, enum format *format);

/* "gzip", "zstd"; NULL for none. */
const char *dialect_packing_name(enum packing packing);

#endif
