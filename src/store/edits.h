/*
 * edits.h - cells that a person changed in records that were not written, for their next attempt.
 *
 * The source stays as it is: an edit says what is sent in place of one of its cells. Only records that are failed or skipped can
 * be edited: one in an unsettled chunk is on its way, one that is written or in doubt may be in the org. What the last attempt
 * sent is kept beside what the next one will send.
 */
#ifndef LONGSHORE_STORE_EDITS_H
#define LONGSHORE_STORE_EDITS_H

#include <stdint.h>

#include "base/buf.h"
#include "store/journal.h"

struct edit {
	int64_t record;
	struct slice column; /* of the source, by its name */
	struct slice value;  /* a cell; at NULL: as the file has it again */
};

/* All of them or none. *changed: how many say something new. ERR_USAGE with the record that cannot be edited, and why. */
enum err_code edit_put(struct journal *j, int64_t run, const struct edit *edits, size_t count, int64_t *changed,
                       struct err *e);

/* Those that a run begins with: of any of its records, while it is a draft. A later one of the same cell counts. ERR_USAGE if it is none. */
enum err_code edit_begin(struct journal *j, int64_t run, const struct edit *edits, size_t count, struct err *e);

struct edit_row {
	struct slice column;
	bool edited, was_edited;  /* for the next attempt; in the last one */
	struct slice value, sent; /* where they were */
	struct slice by;          /* user of the machine */
	int64_t utc_ms;
};

/* Hands over what was edited in a record, column by column; slices live during the call. */
typedef void edit_each_row(void *ctx, const struct edit_row *row);
enum err_code edit_each(struct journal *j, int64_t run, int64_t record, edit_each_row *each, void *ctx,
                        struct err *e);

#endif
