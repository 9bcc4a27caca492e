/*
 * left_out.h - records of a run that are left out for something beyond them, as it was known when the run was made: another one of its
 * file has the same key (core/plan/keys.h), or the org was asked (core/engine/org_check.h). Whoever sends the run's records, now or
 * after any death, leaves out the same ones.
 */
#ifndef LONGSHORE_STORE_LEFT_OUT_H
#define LONGSHORE_STORE_LEFT_OUT_H

#include "store/journal.h"

enum left_out_why {
	LEFT_OUT_SAME_KEY,
	LEFT_OUT_NOT_IN_ORG,
	LEFT_OUT_IN_ORG,
	LEFT_OUT_SEVERAL,
	LEFT_OUT_NOT_OFFERED
};

struct left_out {
	int64_t record;
	int64_t other; /* the record that has the same key; else the column of the run's layout */
	int64_t key;   /* hash of its value, as bits: this holds only as long as the record has that */
	int64_t why;   /* enum left_out_why */
};

enum { LEFT_OUT_PAGE = 4096 };

/* Adds up to LEFT_OUT_PAGE of them, in the order of the file, behind those that were added before. */
enum err_code left_out_add(struct journal *j, int64_t run, const struct left_out *items, size_t count,
                           struct err *e);

/* What a reader keeps: a page of the list, and which records that page speaks of. Begins zeroed. */
struct left_out_page {
	int64_t from, behind; /* records from .. behind - 1 */
	struct left_out items[LEFT_OUT_PAGE];
	size_t count;
};

/* *found is the record's entry in the page, NULL if it is not left out. One read of the journal a page. */
enum err_code left_out_find(struct journal *j, int64_t run, int64_t record, struct left_out_page *page,
                            const struct left_out **found, struct err *e);

#endif
