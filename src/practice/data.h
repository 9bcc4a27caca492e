/*
 * data.h - the practice org kept in a file (--data): rows, audit and jobs survive a restart, and a kill.
 *
 * What a request has written is saved before its answer leaves, what a job has written after each 200 records, together
 * with how far the job is: whatever a client has seen is there again, and a job goes on where it was. The audit tells
 * which rows have changed, so saving costs what was written since the last time. Refresh tokens and query jobs are kept
 * too; sessions, the scenario and what it had in store for a job are gone after a restart. Callers hold the org's turn.
 */
#ifndef LONGSHORE_PRACTICE_DATA_H
#define LONGSHORE_PRACTICE_DATA_H

#include <stdbool.h>

#include "base/err.h"

struct data;
struct practice;

/* Opens or makes the file and puts what it holds into the org, which is new. NULL with the error. */
struct data *data_open(const char *path, struct practice *p, struct err *e);

/* Saves what is new; without need it costs nothing. Failures are printed to standard error, once. */
void data_save(struct data *d, struct practice *p);

/* The same when there is time, with the number of API calls, which alone is not worth a transaction. */
void data_rest(struct data *d, struct practice *p);

void data_wipe(struct data *d); /* the org was reset: saving begins with an empty file */
void data_close(struct data *d);

#endif
