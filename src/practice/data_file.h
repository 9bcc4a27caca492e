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
	PUT_TOKEN,
	PUT_QUERY,
	MOVE_QUERY,
	DELETE_QUERY,
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
	uint64_t tokens; /* changes of refresh tokens, as saved */
	uint64_t queries, query_deletions;
	int64_t shift;
	bool wipe;
	bool broken; /* it has been said that saving fails */
	struct buf text;
};

/* NULL with the error. */
sqlite3_stmt *data_prepare(struct data *d, const char *sql, struct err *e);

/* The text of the slice is not copied. */
void data_bind_text(sqlite3_stmt *s, int place, struct slice text);
void data_bind_numbers(sqlite3_stmt *s, int place, const int64_t *numbers, size_t count);
#define DATA_BIND_NUMBERS(s, place, ...)                              \
	data_bind_numbers(s, place, (const int64_t[]){ __VA_ARGS__ }, \
	                  sizeof((const int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t))

/* Runs the statement, which gives nothing, and makes it ready for the next time. */
void data_finish(struct data *d, sqlite3_stmt *s);

/* Refresh tokens and query jobs: is nothing new, save what is, put what the file holds into the org. */
bool data_tokens_saved(const struct data *d, const struct practice *p);
void data_save_tokens(struct data *d, const struct practice *p);
void data_load_tokens(struct data *d, struct practice *p, struct err *e);
bool data_queries_saved(const struct data *d, const struct practice *p);
void data_save_queries(struct data *d, struct practice *p);
void data_load_queries(struct data *d, struct practice *p, struct err *e);

/* Notes that the file holds the job; false without memory. */
bool data_keeps(struct data *d, uint32_t number);

/* Puts what the file holds into the org, which is new. */
void data_load(struct data *d, struct practice *p, struct err *e);

#endif
