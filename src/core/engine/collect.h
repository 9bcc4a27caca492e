/*
 * collect.h - the results of a job become one outcome a record.
 *
 * Rows of the three results are handed in as they arrive; each is matched to its record by what was sent. What no row
 * accounts for is said to be missing, never guessed. Needs nothing but the prints and the layout that the journal keeps.
 */
#ifndef LONGSHORE_ENGINE_COLLECT_H
#define LONGSHORE_ENGINE_COLLECT_H

#include "core/org/bulk.h"
#include "core/plan/action.h"
#include "core/plan/layout.h"
#include "store/chunks.h"

struct collect;

/* Prints and layout must outlive it. NULL without memory. */
struct collect *collect_new(const struct chunk_print *prints, size_t count, const struct layout *layout,
                            enum action action);
void collect_free(struct collect *collect);

/* Another result begins; or all begin anew, since an answer broke off. */
void collect_begin(struct collect *collect, enum bulk_result which);
void collect_reset(struct collect *collect);

/* A bulk_row: one row of the result that was begun. False without memory. */
bool collect_row(void *collect, bool header, const struct slice *cells, size_t count);

/* Where each record stands; in record order, `count` of them. `state` 0: no row accounts for it. Unprocessed records have
 * state COLLECT_UNPROCESSED. They live as long as collect does. */
enum { COLLECT_UNPROCESSED = 100 };
struct outcome *collect_outcomes(struct collect *collect);

struct collect_sum {
	size_t written, failed, unprocessed, missing;
	size_t strange; /* rows that belong to no record of this chunk */
};
struct collect_sum collect_sum(const struct collect *collect);

#endif
