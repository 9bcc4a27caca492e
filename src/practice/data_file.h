/*
 * data_file.h - the file of data.h, between its saving half (data.c) and its loading half (data_load.c).
 */
#ifndef LONGSHORE_PRACTICE_DATA_FILE_H
#define LONGSHORE_PRACTICE_DATA_FILE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct practice;

enum data_statement {
	PUT_META,
	PUT_ROW,
	PUT_AUDIT,
	PUT_JOB,
	PUT_UPLOAD,
	PUT_RESULT,
	DELETE_JOB,
	DELETE_UPLOAD,
	DELETE_RESULT,
	DATA_STATEMENTS,
};

struct data {
	sqlite3 *db;
	sqlite3_stmt *statements[DATA_STATEMENTS];
	size_t audited; /* entries of the audit that are saved */
	bool *kept;     /* by number - 1: the file holds this job */
	uint32_t kept_count;
	uint32_t jobs;      /* numbers given to jobs, as saved */
	uint32_t deletions; /* of jobs that are saved */
	uint64_t calls;
	int64_t shift;
	bool wipe;
	bool broken; /* it has been said that saving fails */
	struct buf text;
};

/* NULL with the error. */
sqlite3_stmt *data_prepare(struct data *d, const char *sql, struct err *e);

/* Notes that the file holds the job; false without memory. */
bool data_keeps(struct data *d, uint32_t number);

/* Puts what the file holds into the org, which is new. */
void data_load(struct data *d, struct practice *p, struct err *e);

#endif
