/*
 * data.h - the practice org kept in a file (--data): rows, audit and jobs that ended survive a restart.
 *
 * The audit tells which rows have changed, so saving costs what was written since the last time. It is done by the
 * worker whenever no job is due, in pieces, one transaction for all that is there then; a kill loses what came after
 * the last one. Jobs that had not ended, those of Bulk API 1.0, and sessions are gone after a restart. Callers hold the org's turn.
 */
#ifndef LONGSHORE_PRACTICE_DATA_H
#define LONGSHORE_PRACTICE_DATA_H

#include <stdbool.h>

#include "base/err.h"

struct data;
struct practice;

/* Opens or makes the file and puts what it holds into the org, which is new. NULL with the error. */
struct data *data_open(const char *path, struct practice *p, struct err *e);

/* Saves the next piece; false when nothing is left to save. Failures are printed to standard error, once. */
bool data_step(struct data *d, struct practice *p);

void data_wipe(struct data *d); /* the org was reset: the next step begins with an empty file */
void data_close(struct data *d);

#endif
