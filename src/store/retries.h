/*
 * retries.h - a new attempt for records that were not written: the order for it, which records it takes, and its begin.
 *
 * Only records that are failed or skipped at that moment go again (in doubt: only when that alone is asked for); never one
 * that is written, left out because it was written before, or in an unsettled chunk. Their outcomes move to their attempts in
 * the transaction that plans the new chunks and marks the order done, so an order is carried out once or not at all.
 */
#ifndef LONGSHORE_STORE_RETRIES_H
#define LONGSHORE_STORE_RETRIES_H

#include "base/arena.h"
#include "store/chunks.h"

struct retry_wish {
	int64_t group;       /* outcome_group.id: only its records; 0: any */
	const char *code;    /* of the outcome's message; NULL or "": any */
	const char *records; /* as base/ranges.h reads them; NULL or "": all */
	bool in_doubt;       /* those in doubt and no others */
};

/* An order to the run's engine, or to the one that comes. ERR_USAGE for a list of records that is none. */
enum err_code retry_order(struct journal *j, int64_t run, const struct retry_wish *wish, int64_t *id,
                          struct err *e);

/* What an order wants; code and records lie in `texts`, which the caller releases. */
enum err_code retry_wish_of(struct journal *j, int64_t order, struct retry_wish *wish, struct arena *texts,
                            struct err *e);

/* The records that a wish means now, in record order; the caller frees the array. Left-out records that somebody left out on
 * purpose (the operator, since nothing would change) are meant only where their code is named. */
enum err_code retry_pick(struct journal *j, int64_t run, const struct retry_wish *wish,
                         struct chunk_item **items, size_t *count, struct err *e);

struct retry_list {
	const struct chunk_item *items; /* in record order */
	size_t count;
	int64_t bytes; /* of their payload, header line included */
};

struct retry_begin {
	int64_t order;
	bool in_doubt; /* of its wish */
	int64_t edits; /* the run's when its records were read */
	const struct retry_list *lists;
	size_t count;
	const char *log;
};

/* Carries an order out: each list becomes a planned chunk of a new attempt of the run, which is running; edits of its records
 * (edits.h) go along. *no is the first one's number, the others follow. ERR_USAGE when records were edited since they were
 * read; ERR_INTERNAL when a record may not go again or the order is not open. Nothing changes then. */
enum err_code retry_begin(struct journal *j, int64_t run, const struct retry_begin *begin, int *no,
                          struct err *e);

/* A record in doubt, and when the request it went in began, by the org's clock (0: unknown). */
struct doubt {
	int64_t record, offset, since_ms;
};

/* Up to `room` of them behind `after`, ascending. -1 with e set. */
int retry_doubts(struct journal *j, int64_t run, int64_t after, struct doubt *doubts, int room, struct err *e);

/* Records in doubt that are known not to be written: each list becomes a planned chunk, and the run is running. */
enum err_code retry_unwritten(struct journal *j, int64_t run, const struct retry_list *lists, size_t count,
                              const char *log, int *no, struct err *e);

#endif
