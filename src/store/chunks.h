/*
 * chunks.h - the parts a run is sent in, each with its state; every change is one durable transaction.
 *
 * A chunk is a range of records or a list. It is added once and never cut again. The states are those of
 * core/engine/chunk_state.h, stored by name; this file does not know what they mean.
 */
#ifndef LONGSHORE_STORE_CHUNKS_H
#define LONGSHORE_STORE_CHUNKS_H

#include <stdint.h>

#include "store/outcomes.h"
#include "store/runs.h"

/* A record of a chunk that is a list: where it stands in the file. */
struct chunk_item {
	int64_t record;
	int64_t offset;
};

/* Why a chunk is a list, as the journal has it. */
#define LIST_ORDERED "ordered"         /* the run has an order of its own */
#define LIST_LOOK_ALIKES "look-alikes" /* results could not tell its records from those of another chunk */
#define LIST_LOOKED_AT "looked at"     /* the others of its chunk stay as the org has them */
#define LIST_HALVED "halved"           /* its request was refused as a whole */
#define LIST_UNPROCESSED "unprocessed" /* the org did not get to them */
#define LIST_LOCKED "locked"           /* they failed in a way that passes */
#define LIST_PARENTS "parents"         /* nothing of it may go before others of its records are there */
#define LIST_LATER "later"             /* nothing of the kind is written at the moment */
#define LIST_RETRIED "retried"         /* a retry sends them */

struct chunk {
	int64_t run;
	int no; /* 1, 2, ... in the run */
	char state[16];
	int64_t first, last; /* record numbers: the range, or the ends of the list */
	int64_t offset;      /* of `first` in the source */
	int64_t records;     /* that are sent; a range may hold left-out and deferred ones, too */
	int64_t bytes;       /* of the payload, header line included */
	bool listed;
	int tries;             /* how often its records went before, 0 for a range */
	int retry;             /* attempt of the run that a retry began it in; 0: none, it is of the first */
	int repeats;           /* how often its request was sent again after a lost answer (collections) */
	char why[64];          /* LIST_...; "" of a range */
	char job[19];          /* "" if none is known */
	int64_t intent_ms;     /* the server's time when its first request began, UTC; 0 unknown */
	int64_t not_before_ms; /* UTC: a list that waits; 0 at once */

	/* how it ended, for the screen */
	int64_t written, failed, in_doubt;
	int64_t created_ms, closed_ms, settled_ms;
	/* what the org said last about its job, for the screen: not outcomes */
	int64_t job_processed, job_failed;
	char job_state[20];
};

/* What is cut at once: records up to `cut_record` are accounted for by this transaction. */
struct chunk_cut {
	const struct chunk *chunk; /* NULL if every record of the stretch is left out */
	const struct chunk_item
		*items; /* of a chunk that is a list, in the order in which they go; NULL: a range */
	const struct chunk_item *deferred; /* look-alikes of it: they become a listed chunk, planned as well */
	size_t deferred_count;
	int64_t deferred_bytes;        /* of their payload, header line included */
	const struct outcome *skipped; /* left out by the check, in record order, with messages */
	size_t skipped_count;
	int64_t cut_record, cut_offset;
};

/* Adds the planned chunk(s), the outcomes of left-out records, and moves the run's cut, in one transaction. Numbers are
 * given in *no (0 if there was no chunk). */
enum err_code chunk_add(struct journal *j, int64_t run, const struct chunk_cut *cut, int *no, struct err *e);

/* One record as it was sent: where it stands in the file, and what its result is matched by (core/plan/layout.h). */
struct chunk_print {
	int64_t record;
	int64_t offset;
	uint64_t key;
	uint64_t row;
};

/* Replaces nothing but what `change` names; all in one transaction with the state. */
struct chunk_change {
	const char *state; /* NULL: as it is */
	const char *job;   /* NULL: as it is; "": forget it (every id stays in the list of jobs) */
	const struct chunk_print *prints; /* what was sent, in record order; NULL: as they are */
	size_t print_count;
	int64_t intent_ms; /* 0: as it is */
	bool repeated;     /* the same request goes once more: one more repeat */
	const char *log;   /* a line for the run's log, or NULL */
};
enum err_code chunk_set(struct journal *j, int64_t run, int no, const struct chunk_change *change,
                        struct err *e);

/* What the org said of the job; for display. Not synchronous with anything. */
enum err_code chunk_seen(struct journal *j, int64_t run, int no, const char *job_state, int64_t processed,
                         int64_t failed, struct err *e);

/* Records that go again: they become listed, planned chunks. */
struct chunk_again {
	const struct chunk_item *items;
	size_t count; /* 0: none */
	size_t piece; /* records a chunk at most; 0: all go together */
	int tries;
	int64_t not_before_ms;
	const char *why; /* LIST_... */
};

/* A settled chunk: its records' outcomes (in record order), and lists of those that go again, in one transaction with state
 * and counters. Records of the chunk that are in none become pending again (never happens to those that may have been
 * written). */
struct chunk_end {
	const char *state; /* "settled", or "settling" to keep what is known and go on asking */
	const struct outcome *outcomes;
	size_t count;
	struct chunk_again again[2];
	int *again_no; /* out: number of the first chunk that was added, 0 if there is none; may be NULL */
	const char *log;
};
enum err_code chunk_settle(struct journal *j, int64_t run, int no, const struct chunk_end *end, struct err *e);

/* The prints as stored, in record order; none when the chunk is settled. The caller frees the array. */
enum err_code chunk_prints(struct journal *j, int64_t run, int no, struct chunk_print **prints, size_t *count,
                           struct err *e);

/* The items of a listed chunk; the caller frees the array. */
enum err_code chunk_items(struct journal *j, int64_t run, int no, struct chunk_item **items, size_t *count,
                          struct err *e);

/* Up to `room` chunks with a number above `after`, ascending; only unsettled ones with `unsettled`. -1 with e set. */
int chunk_page(struct journal *j, int64_t run, int after, bool unsettled, struct chunk *chunks, int room,
               struct err *e);

/* Every job id the run ever had, oldest first: up to `room` with a number (`no`) above `after`. */
struct chunk_job {
	int no; /* 1, 2, ... in the run */
	int chunk;
	char id[19];
	char state[20]; /* the org's word when last seen, "" if never */
	int64_t records;
};
int chunk_jobs(struct journal *j, int64_t run, int after, struct chunk_job *jobs, int room, struct err *e);

#endif
