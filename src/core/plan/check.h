/*
 * check.h - the whole file against the describe, before anything is sent.
 * Findings are grouped by rule, field and wording; each group counts its records and shows an example. Looks are findings
 * that keep no record from being written.
 */
#ifndef LONGSHORE_PLAN_CHECK_H
#define LONGSHORE_PLAN_CHECK_H

#include "core/plan/keys.h"

struct finding {
	enum rule rule;
	char field[96];
	char message[256];
	char value
		[256]; /* of the first record, or what all have where it is part of the wording; "" if it is longer, or there is none */
	enum hint hint; /* what they look like */
	int digits;     /* LOST_ZEROS: how many the others have */
	int64_t count;  /* records */
	int64_t day_only,
		month_only; /* of those, dates like 13/02/2026 or 02/13/2026, which only the day or the month first can read */
	int64_t example_record; /* the first one; 0: the finding is about the plan, all records fail */
	int64_t example_offset; /* its place, or that of the byte in it that makes it no record; 0: not known */
};

struct check {
	int64_t records;              /* all in the file, blank ones too */
	int64_t passed;               /* can be written, and are not left out */
	int64_t failing;              /* have at least one finding */
	int64_t blank;                /* every cell empty: left out */
	int64_t left_out;             /* another record has their key, and the operator has chosen */
	int64_t before[BEFORE_COUNT]; /* left out since a result file says so */
	int64_t twice;                /* plan_line.twice; likewise */
	int64_t clear_lookups;        /* plan_line.clears_lookup; likewise */
	struct finding *findings;     /* most records first */
	size_t count;
	bool more;             /* there were more groups than are kept (1,000) */
	struct finding *looks; /* in the order in which they were found */
	size_t look_count;
	struct keys *keys; /* which records are left out for their keys */
};

/* Called about every 64 KB of the file; returning false stops the check (ERR_STOPPED). */
typedef bool check_progress(void *ctx, int64_t offset, int64_t size);

/* NULL and 0: nothing of the kind. */
struct check_options {
	enum same_key same_key;
	const char *folder;               /* for what is sorted (keys.h); must outlive the check's result */
	int64_t from_record, from_offset; /* begin there, not with the first record */
	check_progress *progress;
	void *progress_ctx;
};

/* Reads the source to the end. ERR_FILE when it cannot be read. The caller calls check_release(); plan and
 * source must outlive what it left in `keys`. */
enum err_code check_run(struct check *check, struct plan *plan, struct source *source,
                        const struct check_options *options, struct err *e);
void check_release(struct check *check);

/* Does the value say which order of day and month its column has? Then it counts in the group. */
void check_count_order(struct finding *group, const struct plan_finding *finding);

/* What was found after it, about records that had passed. False without memory. */
bool check_add_finding(struct check *check, const struct finding *finding);
bool check_add_look(struct check *check, const struct finding *look);

#endif
