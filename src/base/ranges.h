/*
 * ranges.h - record numbers as people write them: "17", "1-20", "40-" (to the end), joined with commas or blanks.
 *
 * What was read is in order and without overlap, whatever the order it was written in, so that each number comes once.
 */
#ifndef LONGSHORE_BASE_RANGES_H
#define LONGSHORE_BASE_RANGES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct range {
	int64_t first, last;
};

struct ranges {
	struct range *list; /* ascending; a text that is empty gives one range of everything */
	size_t count;
};

/* ERR_USAGE with the part that is no number or range; numbers begin with 1. ranges_release() in every case. */
enum err_code ranges_read(struct ranges *ranges, struct slice text, struct err *e);
void ranges_release(struct ranges *ranges);

bool ranges_hold(const struct ranges *ranges, int64_t number);

#endif
