/*
 * singer_runs.h - which runs came from Singer messages: by the settings they were sent with, and how far the last STATE that was
 * given out reaches in each. A run of a stream grows while its messages come.
 */
#ifndef LONGSHORE_STORE_SINGER_RUNS_H
#define LONGSHORE_STORE_SINGER_RUNS_H

#include "store/runs.h"

struct singer_run {
	int64_t run;
	int64_t given; /* its first so many records stand before the last STATE that was given out */
};

/* A run that was just made, before its engine begins. `settings`: a hash that tells one use from another. */
enum err_code singer_run_add(struct journal *j, int64_t run, const char *settings, struct err *e);

/* More records stand behind those that a run has, which are all settled: it is as it was when it was checked, with more to
 * send. `size` and `hash` are those of its file now. ERR_JOURNAL if it has records left. */
enum err_code singer_run_grow(struct journal *j, int64_t run, int64_t records, int64_t size, const char *hash,
                              struct err *e);

/* A STATE went out: every record of these settings' runs stands before it. */
enum err_code singer_given(struct journal *j, const char *settings, struct err *e);

/* Up to `room` runs of these settings above `after`, ascending, that have records behind the last STATE or left to send. -1
 * with e set. */
int singer_run_page(struct journal *j, const char *settings, int64_t after, struct singer_run *runs, int room,
                    struct err *e);

#endif
