/*
 * run_calls.h - how many API calls a run has made, exactly, whatever becomes of its engine.
 *
 * While an engine is at work the count is memory that belongs to a file, runs/ID.calls in the state folder: a number put there is kept
 * by the system when the process is killed. The run's row gets it every second and at the end; the next engine, and whoever asks
 * meanwhile, takes what the file has beyond that. A power cut may take the file's last second: then the row counts.
 */
#ifndef LONGSHORE_STORE_RUN_CALLS_H
#define LONGSHORE_STORE_RUN_CALLS_H

#include "store/runs.h"

struct run_calls;

/* For the engine that holds the run's lock. The count goes on from what an engine before it has left. ERR_JOURNAL when the file
 * cannot be made. The caller closes it. */
enum err_code run_calls_open(struct run_calls **calls, struct journal *j, const struct run *run, struct err *e);

/* The count itself: to be raised before a call leaves. Lives until the close. */
int64_t *run_calls_count(struct run_calls *calls);

/* `told`: the run's row has the whole count, and the file is not needed any more. */
void run_calls_close(struct run_calls *calls, bool told);

/* The count as it is now, of a run whose row was read: that of the row, or what an engine at work, or killed, has counted since.
 * run_get() gives this one. */
int64_t run_calls_now(const struct journal *j, const struct run *run);

/* Removes what one has left. */
void run_calls_forget(const struct journal *j, int64_t run);

#endif
