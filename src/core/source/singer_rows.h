/*
 * singer_rows.h - a file of Singer messages becomes rows: each RECORD of one of its streams is a record, its names are columns as in
 * JSON (json_rows.h); those that begin with _sdc_ are left out, as they are a tap's own. SCHEMA, STATE and ACTIVATE_VERSION are no
 * records. A line that is no message, a RECORD that stands before the SCHEMA of its stream, and a BATCH, whose records lie in other
 * files, are faulty records.
 */
#ifndef LONGSHORE_SOURCE_SINGER_ROWS_H
#define LONGSHORE_SOURCE_SINGER_ROWS_H

#include "core/source/lines.h"
#include "core/source/rows.h"
#include "core/source/source.h"

enum { SINGER_STREAMS = 1000, SINGER_TOLD = 10 };

struct singer_found {
	const char *name; /* in the caller's arena */
	bool schema;      /* it came up */
	int64_t records;
};

/* The streams of a file, in the order in which they come up. */
struct singer_streams {
	struct arena *arena;
	struct singer_found *all;
	size_t count;
	const char *wanted; /* "": the only one */
	size_t taken;       /* the position of that whose records were taken, plus 1; 0: none has any */
};

/* `most`: only the beginning is wanted, so many records at least and 4 MB; then the first of several streams is taken. 0: all of it.
 * ERR_USAGE, with the names, where several have records and none is wanted, or where the one that is has none. ERR_FILE as
 * plain_next() and rows_end(), and without any RECORD. `path` is for sentences. */
enum err_code singer_rows(struct rows *rows, struct plain *text, const char *path,
                          struct singer_streams *streams, int64_t most, struct err *e);

#endif
