/*
 * chunk_rows.h - what adding, changing and settling chunks share, all inside a transaction. Private to src/store.
 *
 * Records that wait in a listed chunk because they were locked or not processed are "to try again". The chunk's `waiting`
 * says how many of its records count there; their sum is the run's to_try_again.
 */
#ifndef LONGSHORE_STORE_CHUNK_ROWS_H
#define LONGSHORE_STORE_CHUNK_ROWS_H

#include "store/chunks.h"
#include "store/db.h"

/* Adds a chunk as it stands, with the next number of the run, given in *no. `waiting` as above. */
enum err_code chunk_row_add(struct journal *j, const struct chunk *chunk, int64_t waiting, int *no,
                            struct err *e);

/* The same with its items; tries, retry, why, bytes and not_before_ms are taken from `like`. */
enum err_code chunk_row_add_list(struct journal *j, const struct chunk *like, const struct chunk_item *items,
                                 size_t count, int *no, struct err *e);

/* What a change must know of a chunk. ERR_INTERNAL if there is no such chunk. */
struct chunk_now {
	bool settled, listed;
	int tries, retry;
	int64_t waiting;
};
enum err_code chunk_row_now(struct journal *j, int64_t run, int no, struct chunk_now *now, struct err *e);

/* Its new state; a settled one loses its prints and waits no more. */
enum err_code chunk_row_state(struct journal *j, int64_t run, int no, const struct chunk_now *now,
                              const char *state, struct err *e);

/* `fewer` of its records wait no more, as they have an outcome. */
enum err_code chunk_row_wait_less(struct journal *j, int64_t run, int no, int64_t fewer, struct err *e);

bool chunk_state_settled(const char *state);

#endif
