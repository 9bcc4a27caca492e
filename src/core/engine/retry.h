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
	FAILURE_DATA,  /* the record is wrong: the same again fails again */
	FAILURE_AGAIN, /* a lock or something passing: that record alone is tried again */
	FAILURE_STOP,  /* every further record would fail the same way (storage is full, the API is off) */
};

enum { RETRY_MOST_TRIES = 5 }; /* how often a record is sent before a passing failure counts as its outcome */

/* Of a record's error. Flow and trigger errors are tried again only if their text speaks of a lock or a limit. */
enum failure_class retry_class(struct slice code, struct slice message);

/* Of a job that failed as a whole: may the records it did not process be sent again? (lock, time-out, quota) */
bool retry_job_again(const char *message);

/* Pause before try `n` (1 = the first repetition): doubles from `first_ms` to `most_ms`, less up to a quarter by chance
 * (`random`: any number). */
int64_t retry_pause(int n, int64_t first_ms, int64_t most_ms, uint64_t random);

#endif
