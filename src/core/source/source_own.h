/*
 * source_own.h - what the parts of an open source share: source_open.c finds out what a file is, source.c reads its records.
 * Private to this room.
 */
#ifndef LONGSHORE_SOURCE_SOURCE_OWN_H
#define LONGSHORE_SOURCE_SOURCE_OWN_H

#include "base/arena.h"
#include "base/csv.h"
#include "core/source/source.h"
#include "core/source/window.h"

enum { SOURCE_FIRST = 200 }; /* records at least, where only the beginning is wanted */

/* Where a cell of a row (rows.h) goes. */
struct row_cell {
	struct slice name;
	size_t column;
	bool hidden; /* it is no column (row_source.h) */
};

struct source {
	struct source_shape shape;
	struct window window; /* on the file, or on what it was unpacked and decoded to */
	struct csv csv;
	struct arena names; /* the columns and their names */
	int64_t clean_end;  /* offset in the file: what the window holds before it is UTF-8 without a NUL */
	int64_t next_number;
	char delimiter_name[4]; /* of one that has no name of its own */
	char fault[160];
	source_change *change;
	void *change_ctx;
	struct source_kept kept; /* of a file that is gone: `text` is set */
	struct buf text;         /* of its record at hand */

	/* a source of rows; row is NULL for CSV */
	struct row_cell *row;
	size_t row_count, row_hidden;
	struct slice *row_cells; /* of the record at hand, as many as columns */
	struct buf row_text;     /* its raw text, where that is made */
};

struct source *source_new(void); /* NULL without memory */

/* Reads on where the window ends inside a record that begins at `at`. */
enum err_code source_read_on(struct source *s, const char *at, struct err *e);

/* The next record, a broken one, or CSV_END. */
enum err_code source_cut(struct source *s, enum csv_result *result, struct err *e);

/* Every cell is empty, and none clears its field. */
bool source_is_blank(const struct record *record);

/* Does the cell of the record that was cut stand as #N/A without quotes? Such a cell has none to double, so that it lies in the
 * record itself. */
bool source_is_mark(const struct source *s, struct slice cell);
struct slice source_null(void); /* what a cell becomes then, where source_is_null() cells are known */

/* The offset in the file of a byte in the window. */
int64_t source_offset_of(const struct source *s, const char *at);

/* Cells for the bytes that were cut, and what is wrong with them. */
void source_fill(struct source *s, struct record *record, int64_t offset, enum csv_result result);

/* The next record of a file that is gone (source_kept.c). */
enum err_code source_next_kept(struct source *s, struct record *record, bool *more, struct err *e);

/* Reads the names of the columns; the next record is the first one then. */
enum err_code source_read_header(struct source *s, struct err *e);

/* ERR_FILE, with both positions, for two columns of one name. Names of no bytes are none. */
enum err_code source_check_names(const char *path, const struct slice *names, size_t count, struct err *e);

#endif
