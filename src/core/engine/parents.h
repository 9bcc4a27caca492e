/*
 * parents.h - the records that a column of a file means: those of which the org has none.
 *
 * A value is asked for once, with up to 199 others; what the org said of it is remembered, as far as memory allows: 16 MB a
 * column, then it is asked again. Records wait for their value's answer. The caller sends the query and hands its rows to
 * parents_row().
 */
#ifndef LONGSHORE_ENGINE_PARENTS_H
#define LONGSHORE_ENGINE_PARENTS_H

#include "core/engine/budget.h"
#include "core/engine/in_query.h"
#include "core/plan/plan.h"

enum { PARENTS_WAITING = 4096 /* records, at most */ };

struct parents {
	const struct plan *plan;
	size_t column;      /* of the layout */
	const char *object; /* that the records are of */
	const char *field;  /* that they are known by */
	struct in_query query;
	struct parents_value {
		uint64_t hash; /* keys_hash() */
		bool found;
	} values[BUDGET_LOOK_KEYS]; /* that are asked for */
	size_t count;
	struct parents_waiting {
		int64_t record;
		size_t value;
	} * waiting;
	size_t waiting_count;
	uint64_t *known; /* hashes, their last bit set where there is none: open addressing, 0 is free */
	size_t known_count, known_mask;
};

/* Does this column of a plan mean records that can be asked for: a lookup by one key, of one object, and not one that the same file may
 * create? */
bool parents_can_be_asked(const struct plan *plan, size_t column);

/* False without memory; parents_release() in every case, and of a zeroed one. */
bool parents_init(struct parents *p, const struct plan *plan, size_t column);
void parents_release(struct parents *p);

enum parents_said { PARENTS_THERE, PARENTS_MISSING, PARENTS_WAITS, PARENTS_FULL };

/* The value of the record that plan_record() converted last; one that is empty or clears the field is THERE. FULL: ask first, it was not
 * taken. */
enum parents_said parents_take(struct parents *p, int64_t record);

/* NULL if there is nothing to ask for. Its one field is `field`. */
const char *parents_query(struct parents *p);
bool parents_row(void *parents, const struct slice *values); /* an org_row */

/* All rows were given: `missing` is called for each record that waits and whose value has none. Nobody waits then. False without
 * memory. */
typedef bool parents_missing(void *ctx, int64_t record, uint64_t hash);
bool parents_answered(struct parents *p, parents_missing *missing, void *ctx);

#endif
