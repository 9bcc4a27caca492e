/*
 * retry_cut.h - the records of a retry become lists, each fit to be a chunk: in record order, within the limits of a chunk,
 * without look-alikes. Each record goes through the plan's rules first: what the check refuses stays as it is, and is told.
 * It reads the source and changes nothing.
 */
#ifndef LONGSHORE_ENGINE_RETRY_CUT_H
#define LONGSHORE_ENGINE_RETRY_CUT_H

#include "core/engine/chunker.h"
#include "store/retries.h"

struct retry_cut {
	struct retry_list *lists;
	size_t count, room;
	struct chunk_item *items; /* of all lists */
	size_t item_count;
	int64_t unfit;       /* records that the check refuses */
	int64_t unfit_first; /* the first of them, and what the check says of it */
	char unfit_why[256];
};

/* Records from `deletes_from` on (0: none) go by the plan `deletes`, and into lists of their own. */
struct retry_plans {
	struct plan *plan, *deletes;
	int64_t deletes_from;
};

/* `items` in record order; they are rearranged. ERR_FILE when the source does not hold them. retry_cut_release() in every
 * case. */
enum err_code retry_cut(struct retry_cut *cut, const struct retry_plans *plans, struct source *source,
                        struct chunk_item *items, size_t count, const struct chunker_limits *limits,
                        struct err *e);
void retry_cut_release(struct retry_cut *cut);

#endif
