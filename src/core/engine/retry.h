/*
 * retry.h - what is tried again, and when. Pure: tables and arithmetic.
 * Codes and messages: salesforce-api.md C8 and G2.
 */
#ifndef LONGSHORE_ENGINE_RETRY_H
#define LONGSHORE_ENGINE_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

enum failure_class {
	FAILURE_DATA, /* the record is wrong: the same again fails again */
	FAILURE_AGAIN, /* a lock or a limit of one transaction: that record alone is tried again, with fewer beside it */
	FAILURE_LATER, /* nothing of the kind is written at the moment (maintenance): in minutes or hours */
	FAILURE_STOP,  /* every further record would fail the same way (storage is full, the API is off) */
};

enum { RETRY_MOST_TRIES = 5 }; /* how often a record is sent before a passing failure counts as its outcome */

/* Of a record's error. Flow and trigger errors are tried again only if their text speaks of a lock or a limit. */
enum failure_class retry_class(struct slice code, struct slice message);

/* Does the error say that a record of this object, named by its key, is not there? (salesforce-api.md C8) */
bool retry_misses(struct slice code, struct slice message, const char *object);

/* Of a job that failed as a whole: may the records it did not process be sent again? (lock, time-out, quota) */
bool retry_job_again(const char *message);

/* ... and because the org takes no more batches in these 24 hours. */
bool retry_job_out_of_batches(const char *message);

/* Records a chunk at most when `count` of them go again after `tries` tries: fewer each time, as they stand in one another's
 * way (one request, or one batch of 10,000, holds the locks of its records together); yet no more than 20 chunks. */
size_t retry_piece(int tries, size_t count, bool in_requests);

/* After so many tries a chunk goes with nothing else of this run beside it. */
bool retry_alone(int tries);

/* Pause before records that failed in a passing way go again, after `tries` tries. */
int64_t retry_record_pause(enum failure_class class, int tries, uint64_t random);

/* Pause before the org is asked whether it allows calls, or batches, again: a minute at first, an hour at most. What was
 * used frees itself bit by bit, as it becomes older than 24 hours. `ending`: somebody waits for the run to stop. */
int64_t retry_allowance_pause(int n, bool ending, uint64_t random);

/* How long from now until that time, both UTC: 0 if it is over, and no more than the longest pause there is, should somebody have set the
 * clock back. */
int64_t retry_wait(int64_t not_before_ms, int64_t now_ms);

/* Pause before try `n` (1 = the first repetition): doubles from `first_ms` to `most_ms`, less up to a quarter by chance
 * (`random`: any number). */
int64_t retry_pause(int n, int64_t first_ms, int64_t most_ms, uint64_t random);

#endif
