/*
 * outcome_write.h - how outcomes get into the journal: inside a transaction of chunks.c. Private to src/store.
 *
 * A writer is made for one transaction of one run, takes outcomes (best in record order), and brings the counters of run,
 * chunk and groups up to date at its end. A record that had an outcome gets the new one; the old one moves to its attempts.
 */
#ifndef LONGSHORE_STORE_OUTCOME_WRITE_H
#define LONGSHORE_STORE_OUTCOME_WRITE_H

#include "store/db.h"
#include "store/outcomes.h"

/* clang-format off */
/* outcomes.result: state and how in one small number. X(name, number, state, how) */
#define OUTCOME_CODES(X)                      \
	X(CREATED, 1, WRITTEN, CREATED)       \
	X(UPDATED, 2, WRITTEN, UPDATED)       \
	X(DELETED, 3, WRITTEN, DELETED)       \
	X(WRITTEN, 4, WRITTEN, NOTHING)       \
	X(FAILED, 5, FAILED, NOTHING)         \
	X(SKIPPED, 6, SKIPPED, NOTHING)       \
	X(IN_DOUBT, 7, IN_DOUBT, NOTHING)
/* clang-format on */

enum outcome_code {
#define X(name, number, state, how) OUTCOME_CODE_##name = (number),
	OUTCOME_CODES(X)
#undef X
		OUTCOME_CODE_COUNT
};

enum outcome_state outcome_code_state(int code);
enum outcome_how outcome_code_how(int code);

struct outcome_writer;

/* `chunk`: the one whose outcomes these are, 0 for records left out before any. `again`: its records went before, so that
 * attempts are looked up. NULL with e set. */
struct outcome_writer *outcome_writer_new(struct journal *j, int64_t run, int chunk, bool again, struct err *e);
void outcome_writer_free(struct outcome_writer *w);

enum err_code outcome_put(struct outcome_writer *w, const struct outcome *o, struct err *e);

/* The record becomes pending: its outcome, if it has one, moves to its attempts. ERR_INTERNAL if it is written. *was: its
 * state until now, 0 if it was pending already; may be NULL. */
enum err_code outcome_withdraw(struct outcome_writer *w, int64_t record, enum outcome_state *was,
                               struct err *e);

/* How many records had no outcome before. */
int64_t outcome_writer_fresh(const struct outcome_writer *w);

/* What follows is of another chunk. */
enum err_code outcome_writer_chunk(struct outcome_writer *w, int chunk, struct err *e);

/* Writes the counters of groups, chunk and run. */
enum err_code outcome_writer_finish(struct outcome_writer *w, struct err *e);

#endif
