/*
 * old_values.h - what the org held in the fields of a record before a run wrote to them, and what it wrote: for undo.
 *
 * They are kept before a chunk is sent, in one durable transaction a call, for records that were there. What is kept of a
 * record whose write then fails is of no use and does no harm: only written records are undone.
 */
#ifndef LONGSHORE_STORE_OLD_VALUES_H
#define LONGSHORE_STORE_OLD_VALUES_H

#include <stdint.h>

#include "base/buf.h"
#include "store/journal.h"

/* One field. "" is no value: the org tells it apart from none as little. */
struct old_cell {
	int column; /* position in the run's layout */
	struct slice old, wrote;
};

struct old_record {
	int64_t record;
	const char *
		id; /* 18 characters, in the org; "": it was not there, and what was kept of it before is forgotten */
	const struct old_cell *cells;
	size_t count;
};

/* Keeps them, in place of what was kept before; but not for a record that was in doubt once: what the org holds of it now
 * may be what the run wrote. */
enum err_code old_values_keep(struct journal *j, int64_t run, const struct old_record *records, size_t count,
                              struct err *e);

/* Hands over, in the order of their numbers, the run's updated records of which something is kept, with their ids in the org. The id
 * lives during the call, which may ask the journal for nothing. Returning false stops. */
typedef bool old_values_each_id(void *ctx, int64_t record, const char *id);
enum err_code old_values_ids(struct journal *j, int64_t run, old_values_each_id *each, void *ctx,
                             struct err *e);

/* Hands over what is kept of a record; nothing, if that is nothing. What is handed over lives during the call. */
typedef void old_values_take(void *ctx, const struct old_record *record);
enum err_code old_values_get(struct journal *j, int64_t run, int64_t record, old_values_take *take, void *ctx,
                             struct err *e);

/* *found: is anything kept of this record? */
enum err_code old_values_has(struct journal *j, int64_t run, int64_t record, bool *found, struct err *e);

#endif
