/*
 * fuzzy.h - does a typed pattern fit a name, and how well: letters in order, gaps allowed, case does not matter.
 * Better: at the beginning, at the beginning of a word (after _ . blank, or a capital), without gaps, in short names.
 */
#ifndef LONGSHORE_CONSOLE_FUZZY_H
#define LONGSHORE_CONSOLE_FUZZY_H

#include <stddef.h>

#include "base/buf.h"

/* -1 if it does not fit, else higher is better; an empty pattern fits everything with 0. */
int fuzzy_score(struct slice pattern, struct slice text);

/* One of the texts by which entry `i` may be found, or NULL when it has no more of them. */
typedef const char *fuzzy_text(const void *ctx, size_t i, int which);

/* Numbers of the fitting ones of `count` entries into `found` (room for all), the best first, ties in their own order.
 * Returns how many fit. */
size_t fuzzy_rank(struct slice pattern, size_t count, fuzzy_text *text, const void *ctx, size_t *found);

#endif
