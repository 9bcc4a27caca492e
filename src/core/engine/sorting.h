/*
 * sorting.h - what of a chunk's results is an outcome, and what goes again. Pure.
 *
 * A record that the org did not process goes again; one that failed in a way that passes (retry.h) does until its tries
 * are used up. Of a request that writes all its records or none, all go again or none does. Where records may mean others of the same
 * file, one whose parent is not in the org goes again as long as there are others that go again, or have just been written: the parent may be one of them.
 */
#ifndef LONGSHORE_ENGINE_SORTING_H
#define LONGSHORE_ENGINE_SORTING_H

#include "store/chunks.h"

struct sorting {
	struct outcome *outcomes; /* the caller's array, rearranged */
	size_t count;
	struct chunk_item *unprocessed, *again; /* again: they failed in a way that passes */
	size_t unprocessed_count, again_count;
	size_t orphans;                        /* of `again`: their parent is not there yet */
	size_t later;                          /* of `again`: nothing of the kind is written at the moment */
	size_t written, failed, in_doubt;      /* of the outcomes */
	bool stop;                             /* a failure that every further record would have */
	const struct outcome_message *passing; /* an example of why some go again, or NULL */
};

struct sorting_terms {
	int tries;          /* how often its records went before */
	bool all_or_none;   /* a request writes all of them or none */
	const char *within; /* the object, where records may mean others of the same file; else NULL */
	bool others_wait;   /* records of other chunks are not in the org yet */
};

/* `all` is in record order and is rearranged; a state of 0 or COLLECT_UNPROCESSED says that it was not processed. False without memory. Ends with
 * sorting_release(). */
bool sorting_do(struct sorting *s, struct outcome *all, size_t count, const struct sorting_terms *terms);
void sorting_release(struct sorting *s);

/* Was nothing decided, as all that were sent failed in a way that passes for the whole org, or so many of them did that it
 * is no accident? */
bool sorting_in_vain(const struct sorting *s);

#endif
