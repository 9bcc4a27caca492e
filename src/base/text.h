/*
 * text.h - UTF-8, and what of hostile text may be shown.
 *
 * Text from files, headers and from Salesforce may hold anything. Whatever is printed to a terminal or a log passes
 * text_show() first: control, bidi and zero-width characters become visible and harmless.
 */
#ifndef LONGSHORE_BASE_TEXT_H
#define LONGSHORE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* The code point at s.at, its length in *len (1-4). For bytes that are no UTF-8: -1 and *len = 1. s.len must be > 0. */
int32_t text_decode(struct slice s, size_t *len);

/* The code point in UTF-8, 1-4 bytes; returns how many. It must not be beyond U+10FFFF. */
size_t text_encode(int32_t code_point, char to[4]);
void text_add_code_point(struct buf *b, int32_t code_point); /* the same, added to b */

/* Is all of it UTF-8? Otherwise *at is the offset of the first byte that is not. */
bool text_is_utf8(struct slice s, size_t *at);

/* Length in code points; bytes that are no UTF-8 count one each. What Salesforce's describe calls length. */
size_t text_length(struct slice s);

/* The code point in lower case, for comparing: Latin, Greek and Cyrillic letters; others as they are. Independent of the locale. */
int32_t text_fold(int32_t code_point);

/* Columns a code point takes on a terminal: 0 (combining, zero width), 1, or 2 (wide). Independent of the locale. */
int text_columns(int32_t code_point);

/* Adds the text to b so that it may be shown: control characters as ␀-style pictures (line breaks as ↵, tab as a
 * blank), bidi and zero-width characters as U+FFFD, bytes that are no UTF-8 as U+FFFD. With ascii, everything beyond
 * ASCII becomes '?', and a line break or control character '.'. */
void text_show(struct buf *b, struct slice s, bool ascii);

/* A whole number with commas between the thousands, "48,210", into `to`; returns `to`. 27 bytes hold any. */
char *text_count(int64_t number, char *to, size_t size);

/* Frees a text after overwriting it: for secrets. NULL does nothing. */
void text_wipe(char *text);

/* Hexadecimal, lower case: 2 characters a byte and a NUL into `to`. */
void text_hex(const void *bytes, size_t len, char *to);

/* Adds a word as a shell takes it: as it is, or within single quotes where it holds anything but letters, digits and "_./:=@%+,-". */
void text_shell_word(struct buf *b, const char *word);

#endif
