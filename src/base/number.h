/*
 * number.h - numbers in text, strict and free of locale: '.' is the decimal point, no group separators.
 */
#ifndef LONGSHORE_BASE_NUMBER_H
#define LONGSHORE_BASE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* The whole text as a whole number: an optional sign and digits. False for anything else and for what does not fit. */
bool number_whole(struct slice s, int64_t *value);

/* A decimal number ("-12.50", "1.2E3", ".5"): its digits before the point and behind it after the exponent is
 * applied, leading and trailing zeros not counted. False for anything else ("", "12abc", "1,000", "NaN"). */
struct number_shape {
	int whole;    /* digits before the point */
	int fraction; /* digits behind it */
};
bool number_decimal(struct slice s, struct number_shape *shape);

/* The one spelling that equal numbers share, for comparing what was sent with what came back ("912260031" and
 * "9.12260031E8" agree): sign, digits without zeros around, exponent. Into `to`; false if s is no decimal number or
 * `to` is too small (64 bytes hold any number of 40 digits). */
bool number_canonical(struct slice s, char *to, size_t size);

#endif
