/*
 * guess.h - what the first bytes of a file tell about it. Pure.
 * Each guess comes with what it rests on, so that the operator can judge it.
 */
#ifndef LONGSHORE_SOURCE_GUESS_H
#define LONGSHORE_SOURCE_GUESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "core/source/dialect.h"

enum { GUESS_RECORDS = 20, GUESS_WHY = 96 };

/* Why these bytes are no file of records, as a clause with what to do next ("is an older workbook (.xls): save it as .xlsx"), or NULL. */
const char *guess_foreign(struct slice head);

/* Do they begin as a zip file, which an .xlsx workbook is? */
bool guess_zip(struct slice head);

/* JSON by how it begins: '[' and then '{' or ']' is a list of objects; '{' and then '"' or '}' is Singer messages if the first line is
 * one, JSON Lines if it ends with '}', else objects one behind the other, which FORMAT_JSON reads as well. CSV otherwise. `head` is text in UTF-8. */
enum format guess_format(struct slice head, char why[GUESS_WHY]);

/* By how they begin: gzip, zstd, or neither. */
enum packing guess_packing(struct slice head);

/* UTF-8, UTF-16 (by its mark or its NULs), Windows-1252 or Shift-JIS. Not UTF-8 only if more of the bytes beyond ASCII are
 * none than are; Shift-JIS if all of it is, with mostly the pairs of kana and common kanji, which are rare in Western
 * text. ISO-8859 cannot be told from Windows-1252. `whole`: the head is the whole file. The reason goes to `why`. */
enum encoding guess_encoding(struct slice head, bool whole, char why[GUESS_WHY]);

/* Length of the UTF-8 byte order mark: 3 or 0, or more where it comes several times (a program that put a mark before the one that was
 * there). None of them belongs to the text. */
size_t guess_mark(struct slice head);

/* Length of a first line "sep=;" as Excel takes it, with its line break, and the delimiter it names; or 0. */
size_t guess_sep_line(struct slice head, char *delimiter);

/* Comma, semicolon, tab, pipe, caret or backquote: the one that cuts most of the first records into the same number of
 * cells, more than one. A comma where none does. `whole`: the head is the whole file. The reason goes to `why`. */
char guess_delimiter(struct slice head, bool whole, char why[GUESS_WHY]);

/* "LF", "CRLF", "CR" or "mixed": how the records end, line breaks within quotes not counted. "LF" if none ends. */
const char *guess_line_end(struct slice head, char delimiter);

#endif
