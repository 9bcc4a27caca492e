/*
 * bounds.h - where a run stops by itself before its end: behind its first records, at a number of failures, at a time.
 * Pure: texts, numbers and a run's row. The engine asks at each turn; nothing here reads a clock.
 */
#ifndef LONGSHORE_ENGINE_BOUNDS_H
#define LONGSHORE_ENGINE_BOUNDS_H

#include "base/buf.h"
#include "store/runs.h"

/* "25", "2%" or "0.5%" of the records, with three digits behind the point at most. */
struct bounds_failures {
	int64_t count;       /* failed records; 0: not given as a number */
	int64_t thousandths; /* of a percent; 0: not given so */
};

/* False for anything else, for none at all and for more than 100 %. */
bool bounds_failures_read(struct slice text, struct bounds_failures *failures);

/* How many failed records of so many halt a run: at least one; 0 where none were given. */
int64_t bounds_failures_of(const struct bounds_failures *failures, int64_t records);

/* "HH:MM" in the machine's zone: the next such time after `now_ms` (UTC). False for anything else. */
bool bounds_until_read(struct slice text, int64_t now_ms, int64_t *utc_ms);

/* The record that the run cuts last for now. */
int64_t bounds_last(const struct run *run);

/* The records that --first asked for are all cut, and more are there. */
bool bounds_first_cut(const struct run *run);

/* So many have failed that it halts. */
bool bounds_too_many(const struct run *run);

/* The time has come. */
bool bounds_late(const struct run *run, int64_t now_ms);

/* A run is gone on with: where it had stopped by itself, it goes beyond that from now on. `unsettled`: chunks. Changes
 * first_records and until_ms; false if both stay as they are. */
bool bounds_resume(struct run *run, size_t unsettled, int64_t now_ms);

#endif
