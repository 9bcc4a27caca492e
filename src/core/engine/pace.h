/*
 * pace.h - how large the next chunk is, and when a job is asked about. Pure: arithmetic over what was measured.
 *
 * The first chunk is small, so that a wrong mapping shows in seconds; the full size bounds the engine's memory and keeps
 * the number of calls low (performance.md (e)). Salesforce works in batches of 10,000 and counts a partial one in full.
 */
#ifndef LONGSHORE_ENGINE_PACE_H
#define LONGSHORE_ENGINE_PACE_H

#include <stdbool.h>
#include <stdint.h>

enum {
	PACE_FULL = 200000, /* records a chunk at most */
	PACE_LOOKED =
		100000, /* the same where the org is asked about them first: several wait for that in memory at a time */
	PACE_BATCH = 10000,                   /* Salesforce's own batches (salesforce-api.md C11) */
	PACE_BYTES = 100 * 1000 * 1000,       /* raw bytes an upload (C2: 150 MB after base64) */
	PACE_REQUEST = 200,                   /* records a collections request at most (E1) */
	PACE_REQUEST_BYTES = 5 * 1000 * 1000, /* and bytes of them: it is made in memory */
	PACE_JOBS = 4,                        /* jobs, or requests, at once when failures are allowed */
	PACE_FIRST_POLL_MS = 1000,
};

/* Most records of chunk number `n` (1 = first). One at a time and growing more slowly when failures are not allowed: a halt
 * comes early. `asked` is the operator's own ceiling, 0 for none. */
int64_t pace_chunk_records(int n, bool allow_failures, int64_t asked);

/* What a chunk that could take `records` is cut to when something follows it: a multiple of 10,000 where one fits. */
int64_t pace_whole_batches(int64_t records);

/* How long to wait before the org is asked about a job (again): until the predicted end when it was seen at work, else a
 * second, growing. `left`: records it has not processed; `rate`: of them per second, 0 unknown; `polls` before this one. */
int64_t pace_poll(int64_t left, double rate, int polls);

/* Records per second of a job that has processed so many of its records in `took_ms` (0: nobody knows). A fifth of it has to
 * be done to tell; before that it goes as fast as the last one that told, `before` (0: none has). */
double pace_rate(int64_t processed, int64_t records, int64_t took_ms, double before);

#endif
