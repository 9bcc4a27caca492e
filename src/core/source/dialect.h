/*
 * dialect.h - the words for how a file is written, as options and screens say them. Pure.
 */
#ifndef LONGSHORE_SOURCE_DIALECT_H
#define LONGSHORE_SOURCE_DIALECT_H

#include <stdbool.h>

/* May this character stand between cells? Any of ASCII but a quote, a line break and NUL. */
bool dialect_may_delimit(char c);

/* "comma", "semicolon", "tab", "pipe", "caret", "backquote"; NULL for any other. Static text. */
const char *dialect_delimiter_name(char delimiter);

/* By such a name, or by itself ("|"). False if it is none. */
bool dialect_delimiter_of(const char *text, char *delimiter);

#endif
