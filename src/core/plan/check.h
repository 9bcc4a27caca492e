/*
 * check.h - the whole file against the describe, before anything is sent.
 * Findings are grouped by rule, field and wording; each group counts its records and shows an example.
 */
#ifndef LONGSHORE_PLAN_CHECK_H
#define LONGSHORE_PLAN_CHECK_H

#include "core/plan/plan.h"

struct finding {
	enum rule rule;
	char field[96];
	char message[256];
	int64_t count;          /* records */
	int64_t example_record; /* the first one; 0: the finding is about the plan, all records fail */
	int64_t example_offset; /* its place, or that of the byte in it that makes it no record */
};

struct check {
	int64_t records;          /* all in the file, blank ones too */
	int64_t passed;           /* can be written */
	int64_t failing;          /* have at least one finding */
	int64_t blank;            /* every cell empty: left out */
	int64_t bytes;            /* of all payload lines */
	int64_t clear_lookups;    /* of those passed: plan_line.clears_lookup */
	struct finding *findings; /* most records first */
	size_t count;
	bool more; /* there were more groups than are kept (1,000) */
};

/* Called about every 64 KB of the file; returning false stops the check (ERR_STOPPED). May be NULL. */
typedef bool check_progress(void *ctx, int64_t offset, int64_t size);

/* Reads the source from its first record to the end. ERR_FILE when it cannot be read. The caller calls check_release(). */
enum err_code check_run(struct check *check, struct plan *plan, struct source *source, check_progress *progress,
                        void *ctx, struct err *e);
void check_release(struct check *check);

#endif
