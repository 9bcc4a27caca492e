/*
 * map_file.h - Longshore's JSON form of a mapping (docs/mapping.md) as lines of text, before any field is looked up.
 */
#ifndef LONGSHORE_PLAN_MAP_FILE_H
#define LONGSHORE_PLAN_MAP_FILE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct map_line {
	struct slice name; /* a column; for a constant the field */
	struct slice text; /* the field; for a constant its value. `at` NULL: not loaded */
};

struct map_file {
	struct map_line *columns; /* in the file's order */
	size_t column_count;
	struct map_line *constants;
	size_t constant_count;
	struct arena arena;
};

/* Reads it; an empty text is an empty mapping. ERR_USAGE with one sentence if it is not of this form, or for another
 * object than `object`. map_file_release() ends it, after an error too. */
enum err_code map_file_read(struct map_file *m, struct slice json, const char *object, struct err *e);
void map_file_release(struct map_file *m);

/* Adds it to b as JSON; without memory b is short_of. */
void map_file_write(const struct map_file *m, const char *object, struct buf *b);

#endif
