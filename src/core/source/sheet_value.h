/*
 * sheet_value.h - what a number in a cell of a workbook says, by the format that the cell has. Pure.
 *
 * A workbook knows numbers only: a date is the count of days since the end of 1899 (or since 1904), a time of day the part of a day,
 * and the cell's number format tells which it is. Formats and their built-in numbers: ECMA-376 part 1, 18.8.30 and 18.8.31.
 */
#ifndef LONGSHORE_SOURCE_SHEET_VALUE_H
#define LONGSHORE_SOURCE_SHEET_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

enum sheet_kind {
	SHEET_NUMBER,
	SHEET_PERCENT, /* 0.5 is shown as 50% */
	SHEET_PADDED,  /* 501 is shown as 00501 */
	SHEET_DATE,
	SHEET_DATE_TIME,
	SHEET_TIME,
	SHEET_ELAPSED, /* hours that go on beyond 24 */
};

struct sheet_format {
	uint8_t kind;
	uint8_t width; /* of SHEET_PADDED */
};

/* What a format code ("yyyy\-mm\-dd", "0.00%", "[h]:mm") makes of numbers. Only what it says of positive ones counts. */
struct sheet_format sheet_format_of(struct slice code);

/* The same by the number of a built-in format. */
struct sheet_format sheet_format_built_in(int64_t number);

/* Adds what the number says: "2026-01-31", "2026-01-31T13:45:00", "13:45:00", "36:00:00", "00501", "50%", "1.5". Numbers have the shortest
 * form, without an exponent where that takes no more than 21 digits, at Excel's precision of 15 digits; whole numbers that were
 * written with more keep them. A date that does not exist stays its number, but day 60 of the count from 1900, which Excel takes
 * for 29 February 1900. What is no number is added as it is, and false is returned. */
bool sheet_value(struct buf *to, struct slice number, struct sheet_format format, bool from_1904);

#endif
