/*
 * sorter.h - more items than memory should hold, put in order: sorted runs in a file without a name, merged while they are
 * read. Memory stays below 20 MB however many there are; what fits into that never becomes a file.
 */
#ifndef LONGSHORE_PLAN_SORTER_H
#define LONGSHORE_PLAN_SORTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { SORTER_WORDS = 4 };

/* Compared word by word. A sorter keeps the first `words` of each item, the others come back as 0. */
struct sorter_item {
	uint64_t word[SORTER_WORDS];
};

struct sorter;

/* `folder` is for the file (NULL: where this system keeps temporary files); it must outlive the sorter. ERR_INTERNAL without
 * memory. sorter_free() takes NULL. */
enum err_code sorter_new(struct sorter **sorter, size_t words, const char *folder, struct err *e);
void sorter_free(struct sorter *sorter);

/* ERR_FILE when the file cannot be written or the disk would be full. */
enum err_code sorter_add(struct sorter *sorter, const struct sorter_item *item, struct err *e);

/* The next item is the least one. Nothing can be added from here on. May be called again. */
enum err_code sorter_begin(struct sorter *sorter, struct err *e);

/* *more = false behind the last one. ERR_FILE when the file cannot be read. */
enum err_code sorter_next(struct sorter *sorter, struct sorter_item *item, bool *more, struct err *e);

#endif
