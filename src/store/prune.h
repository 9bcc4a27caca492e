/*
 * prune.h - makes the journal smaller: old finished runs to their summary, or without the text of their records.
 *
 * Of a pruned run its row with the counters, its mapping and its log stay: its content is still known, so that it is not loaded
 * twice by mistake. What became of each record is gone for good. A run with records in doubt is never touched.
 */
#ifndef LONGSHORE_STORE_PRUNE_H
#define LONGSHORE_STORE_PRUNE_H

#include <stdint.h>

#include "store/runs.h"

struct pruned {
	int64_t runs;          /* how many have less now */
	int64_t before, after; /* bytes of the journal on the disk */
};

/* Every finished run that ended before that moment. `values_only`: outcomes stay; source texts, edits and old values go. Ended in
 * the middle, it is taken up by the next call. ERR_HELD while an engine is at work on any run. */
enum err_code journal_prune(struct journal *j, int64_t ended_before_ms, bool values_only, struct pruned *done,
                            struct err *e);

/* Are the run's records still there? ERR_USAGE "run 3 was pruned ..." if not. */
enum err_code run_is_whole(const struct run *run, struct err *e);

/* The same of the run of that number. */
enum err_code prune_spared(struct journal *j, int64_t run, struct err *e);

#endif
