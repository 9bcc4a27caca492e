/*
 * value.h - what a cell's text is, or looks like: pure questions, no describe and no wording of findings.
 * White space around is the caller's to trim.
 */
#ifndef LONGSHORE_PLAN_VALUE_H
#define LONGSHORE_PLAN_VALUE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/when.h"

/* What a cell looks like that is no value of its field: text that goes on after "not a date yyyy-MM-dd, ". */
/* clang-format off */
#define HINTS(X)                                                                                \
	X(NONE, "")                                                                             \
	X(EXCEL_DATE, "it looks like an Excel date")                                            \
	X(DOTS, "it looks like day.month.year")                                                 \
	X(DOTS_SHORT, "it looks like day.month with a year of two digits")                      \
	X(SLASHES, "it looks like month/day/year or day/month/year")                            \
	X(DASHES, "it looks like day-month-year or month-day-year")                             \
	X(SHORT, "it looks like a date with a year of two digits")                              \
	X(PACKED, "it looks like yyyyMMdd")                                                     \
	X(PARTS, "its parts want '-' between them")                                             \
	X(NO_DAY, "there is no such day, or it is not within 1700 to 4000")                     \
	X(TIMED, "it is a date with a time")                                                    \
	X(NO_TIME, "it is a date without a time")                                               \
	X(NO_ZONE, "it has no time zone")                                                       \
	X(COMMA, "it has a comma")                                                              \
	X(MORE, "it has more than digits: a blank, a currency, a percent sign")                 \
	X(CLEARS, "it clears the field")
/* clang-format on */
enum hint {
#define X(name, text) HINT_##name,
	HINTS(X)
#undef X
};
const char *hint_text(enum hint hint);

/* yes y true on 1 / no n false off 0, in any case (Data Loader's words). False for anything else. */
bool value_boolean(struct slice s, bool *yes);

/* NULL for a Salesforce id of 15 characters, or of 18 with the right check characters; else what is wrong with it:
 * static text, "an id has 15 or 18 characters". */
const char *value_id_fault(struct slice s);

/* One @ with text before it, behind it a dot within, no white space. */
bool value_email(struct slice s);

/* The literal that means "no value" in Bulk API's CSV, and in Excel a lookup that found nothing. */
bool value_null_mark(struct slice s);

/* "#REF!", "#WERT!" and their like: a formula's error instead of a value. */
bool value_excel_error(struct slice s);

/* "1.23457E+11": a long number that Excel has shortened, its last digits are lost. */
bool value_excel_shortened(struct slice s);

/* What kind of date stands there that is no yyyy-MM-dd, or no instant. */
enum hint value_date_hint(struct slice s);
enum hint value_instant_hint(struct slice s);

/* A day as Excel counts them, five digits, perhaps with a fraction for the time of day: as a date and a time without zone. */
bool value_excel_date(struct slice s, struct when_text *t);

/* "1.234,56" or "-7" with a decimal point instead, added to `to`: points stand between groups of three digits, one comma
 * before the decimals. False for anything else. */
bool value_decimal_comma(struct slice s, struct buf *to);

/* What is unusual about a text that should be a number. */
enum hint value_number_hint(struct slice s);

/* Has the text the form that when_salesforce_text() gives? An instant in this form need not be written anew. */
bool value_instant_is_canonical(struct slice s);

/* "13:45:07.000Z" of milliseconds since midnight, as Salesforce takes a time; `to` takes 14 bytes. */
void value_time_text(int64_t ms, char to[14]);

#endif
