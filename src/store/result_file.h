/*
 * result_file.h - a run's records with what became of them, in the source's own columns, order and dialect.
 *
 * Every source record of the asked states gives one row: its cells as they stand in the source, then longshore_record,
 * longshore_state, longshore_id, longshore_error_code, longshore_error_message, longshore_attempt. The caller hands in the
 * source's records one after the other (store knows no files of that kind).
 */
#ifndef LONGSHORE_STORE_RESULT_FILE_H
#define LONGSHORE_STORE_RESULT_FILE_H

#include <stdio.h>

#include "base/buf.h"
#include "store/outcomes.h"

enum result_which {
	RESULT_ALL,
	RESULT_WRITTEN,
	RESULT_FAILED,
	RESULT_IN_DOUBT,
	RESULT_SKIPPED,
	RESULT_PENDING
};

bool result_which_of(const char *name, enum result_which *which); /* "failed", "in-doubt", ... */

struct result_file;

/* `out` stays the caller's. */
enum err_code result_file_open(struct result_file **file, struct journal *j, int64_t run,
                               enum result_which which, FILE *out, char delimiter, struct slice header,
                               struct err *e);

/* One record of the source, in ascending order: its number and bytes. Written if it has one of the asked states ("pending"
 * for those without an outcome, with RESULT_ALL and RESULT_PENDING). */
enum err_code result_file_record(struct result_file *file, int64_t record, struct slice raw, struct err *e);

/* Flushes; ERR_FILE if anything could not be written. *rows: how many data rows there are. */
enum err_code result_file_close(struct result_file *file, int64_t *rows, struct err *e);

#endif
