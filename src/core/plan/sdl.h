/*
 * sdl.h - mapping files of Salesforce Data Loader (.sdl): Java's properties, columns on the left, fields on the right.
 *
 * UTF-8, else Latin-1; \uXXXX in both. "A=B" sends column A to field B, "A=B,C" to both, "A=" nowhere; "A,B=C" joins columns
 * with ", " where all their fields are texts, else only the first counts; "\"x\"=B" is the constant x, which beats a column.
 * Columns that it does not name are not loaded. A lookup by external id is written Relationship:Field.
 */
#ifndef LONGSHORE_PLAN_SDL_H
#define LONGSHORE_PLAN_SDL_H

#include "core/org/describe.h"
#include "core/plan/map_file.h"

/* What an .sdl is read or written for: a name with a comma may be one column. */
struct sdl_scope {
	const struct object *object;
	const struct slice *columns;
	size_t column_count;
};

/* Reads it into `m`, which map_file_release() ends, after an error too. ERR_USAGE with the line for what is none. */
enum err_code sdl_read(struct map_file *m, struct slice text, const struct sdl_scope *scope, struct err *e);

/* Adds to b what sdl_read() reads as the same mapping; b is short of it without memory. ERR_USAGE with one sentence if the mapping
 * says what an .sdl cannot: rules, texts in braces, other ways to join. */
enum err_code sdl_write(const struct map_file *m, const struct sdl_scope *scope, struct buf *b, struct err *e);

/* Do all the fields take any text, so that several columns may be joined for them? */
bool sdl_joins(const struct object *object, const struct map_entry *entry);

#endif
