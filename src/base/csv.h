/*
 * csv.h - RFC 4180 records out of bytes in memory. Pure: it reads no file and owns no bytes.
 *
 * Give it a window of bytes that begins at a record; csv_next() cuts the next record and moves on. A record that is
 * not whole yet gives CSV_MORE: show it again from `at` with more bytes behind. Cells are the decoded text: without
 * their quotes, doubled quotes halved. Line breaks are LF, CRLF or a lone CR, and stay as they are inside quotes.
 * A record that breaks the rules is CSV_BROKEN: `why` and `why_at` say it, `raw` is its first line, and scanning goes on
 * behind that, also where a quote is never closed: one slip does not take the rest of a file with it.
 */
#ifndef LONGSHORE_BASE_CSV_H
#define LONGSHORE_BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

enum csv_result {
	CSV_RECORD, /* cells[0 .. count) hold it */
	CSV_MORE,   /* the window ends inside a record */
	CSV_END,    /* nothing is left */
	CSV_BROKEN, /* this record cannot be cut into cells, or is over the ceilings below */
	CSV_MEMORY, /* no memory */
};

enum {
	CSV_MOST_CELLS = 5000, /* cells a record (Salesforce: 5,000 fields a row, salesforce-api.md C11) */
	CSV_MOST_BYTES = 16 * 1024 * 1024, /* bytes a record: what memory one may take */
};

struct csv {
	char delimiter;
	size_t most_cells; /* CSV_MOST_CELLS, unless a caller knows better */
	bool strict; /* a quote within a cell that does not begin with one breaks the record, instead of being text */
	bool last; /* no bytes follow the window: what is there is all */

	/* the window, set by csv_window() */
	const char *at;
	const char *end;

	/* the record, valid until the next call; the text of cells may lie in the window or in `scratch` */
	struct slice *cells; /* in `own` or in `index` */
	size_t count;
	struct slice raw; /* its bytes as they stand in the file, without the line break */
	bool blank;       /* an empty line: one cell of no bytes, without quotes */
	bool plain; /* no quote, so that no cell holds a delimiter or a line break; false: it is not known */
	const char *why; /* static text: what is wrong */
	size_t why_at;   /* and where, in bytes from raw.at */

	/* its own */
	struct slice *own;
	size_t room;             /* of `own` */
	struct csv_index *index; /* of the window, or of a piece of it (csv_index.h) */
	const char *indexed;     /* the record that the index has next; NULL: none */
	bool skipping;           /* a line over the ceiling goes on in the next window */
	struct buf scratch;
};

extern const char csv_too_many_cells[]; /* `why` of a record of more than CSV_MOST_CELLS */

void csv_init(struct csv *c, char delimiter);
void csv_release(struct csv *c);

/* Shows it bytes. They must stay until the record cut from them is no longer used. */
void csv_window(struct csv *c, const char *bytes, size_t len, bool last);

enum csv_result csv_next(struct csv *c);

/* Adds a cell to b as RFC 4180 wants it: quoted only if it holds the delimiter, a quote, CR or LF, or if it begins or
 * ends with a blank. */
void csv_add_cell(struct buf *b, struct slice cell, char delimiter);

/* The same, always quoted, as Salesforce's results are. */
void csv_add_quoted(struct buf *b, struct slice cell);

#endif
