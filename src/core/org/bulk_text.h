/*
 * bulk_text.h - the results of a Bulk API 2.0 job as rows, out of bytes that come in pieces of any size.
 * Only a record that is not whole yet is kept. Pure: no connection, no files.
 */
#ifndef LONGSHORE_ORG_BULK_TEXT_H
#define LONGSHORE_ORG_BULK_TEXT_H

#include "base/csv.h"
#include "core/org/bulk.h"

struct results {
	struct csv csv;
	struct buf carry; /* the beginning of a record whose rest has not come */
	bulk_row *row;
	void *ctx;
	struct buf header;   /* of the first page as it came; further pages must have the same */
	size_t columns;      /* 0: no header yet */
	bool in_page;        /* this page's header was seen */
	const char *trouble; /* why the bytes are no results, NULL while they are; static text */
};

void results_init(struct results *r, bulk_row *row, void *ctx);
void results_release(struct results *r);

/* Bytes of the answer. False when they cannot be results (`trouble`), or the row function wants no more. */
bool results_feed(struct results *r, struct slice bytes);

/* The page is complete: what is left is its last record. False as above; also for a page without a header. The next page
 * may follow. */
bool results_end(struct results *r);

#endif
