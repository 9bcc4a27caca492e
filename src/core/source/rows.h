/*
 * rows.h - records that come as named values (JSON, sheets) become rows in a scratch file, so that they can be read by their
 * place like those of a CSV file. The columns are all names that come up, in the order in which they come up first.
 *
 * A row is a line of CSV with commas: first the record's place in its file, then its cells up to the last one it has. A cell
 * that clears its field (JSON null) stands as #N/A without quotes; the text #N/A has them. The row of a record that is none
 * is its place, where the fault shows, and why: "120!131!nests too deep".
 */
#ifndef LONGSHORE_SOURCE_ROWS_H
#define LONGSHORE_SOURCE_ROWS_H

#include "base/arena.h"
#include "base/csv.h"
#include "core/source/scratch.h"

enum { ROWS_LONGEST_NAME = 1000 };

struct rows_column {
	struct slice name;
	bool any;    /* some record has a value, not only null, in it */
	int64_t of;  /* the number of the record that `cell` is of */
	size_t cell; /* in `values` */
	size_t len;
	bool null;
};

struct rows {
	struct scratch scratch;
	struct arena names;
	struct rows_column *columns;
	size_t count, room;
	uint16_t *slots;     /* by the hash of a name without case: its position plus 1 */
	struct buf values;   /* of the record at hand */
	struct buf lines;    /* not written yet */
	int64_t number;      /* of the record at hand, or the last one */
	size_t cells;        /* up to its last one */
	int64_t place;       /* of it */
	char why[128];       /* it is none, "" if it is one */
	int64_t fault_place; /* where that shows */
	bool no_memory;      /* for some of it: that is no fault of the record */
	size_t next;         /* the column that is likely to be named next */
};

void rows_init(struct rows *r); /* no allocation */
void rows_release(struct rows *r);

/* Makes the scratch file in `folder`. ERR_FILE. */
enum err_code rows_open(struct rows *r, const char *folder, struct err *e);

/* A column at the end, whatever the others are called. False without memory. */
bool rows_add_column(struct rows *r, struct slice name);

/* One record: begin, put its values, end. What goes wrong with it (two values of one name, more than 5,000 columns, more than
 * 16 MB) makes it a faulty one; the first fault counts. rows_end() and rows_flush() say so
 * where memory did not suffice. */
void rows_begin(struct rows *r, int64_t place);
void rows_put(struct rows *r, struct slice name, struct slice value, int64_t place);
void rows_put_null(struct rows *r, struct slice name, int64_t place);
void rows_put_at(struct rows *r, size_t column, struct slice value, int64_t place); /* column < count */
void rows_fault(struct rows *r, const char *why, int64_t place);
enum err_code rows_end(struct rows *r, struct err *e);

/* Writes what is not written yet. ERR_FILE. */
enum err_code rows_flush(struct rows *r, struct err *e);

#endif
