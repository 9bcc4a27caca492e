/*
 * job.h - the jobs of Bulk API 2.0 and 1.0: what they hold, their states, their ends. HTTP is bulk2.h and bulk1.h.
 *
 * A job's data is kept as it was uploaded; what became of each record is one struct job_row in the order of the file.
 * Jobs stay at their number until they are deleted. Callers hold the org's turn.
 */
#ifndef LONGSHORE_PRACTICE_JOB_H
#define LONGSHORE_PRACTICE_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "practice/org.h"
#include "practice/scenario.h"

/* X(enum, Salesforce's word) */
/* clang-format off */
#define JOB_STATES(X)                        \
	X(OPEN, "Open")                      \
	X(UPLOAD_COMPLETE, "UploadComplete") \
	X(IN_PROGRESS, "InProgress")         \
	X(COMPLETE, "JobComplete")           \
	X(FAILED, "Failed")                  \
	X(ABORTED, "Aborted")

#define JOB_OPERATIONS(X)      \
	X(INSERT, "insert")    \
	X(UPDATE, "update")    \
	X(UPSERT, "upsert")    \
	X(DELETE, "delete")    \
	X(HARD_DELETE, "hardDelete") \
	X(QUERY, "query")      \
	X(QUERY_ALL, "queryAll")
/* clang-format on */

enum job_state {
#define X(name, word) JOB_##name,
	JOB_STATES(X)
#undef X
		JOB_STATE_COUNT
};

enum job_operation {
#define X(name, word) OP_##name,
	JOB_OPERATIONS(X)
#undef X
		OP_COUNT,
	OP_WRITES = OP_QUERY /* those before it write; the others are for jobs of Bulk API 1.0 alone */
};

enum {
	/* salesforce-api.md C11 */
	JOB_MOST_BYTES = 150 * 1024 * 1024 / 4 * 3, /* 150 MB as base64 */
	JOB_BATCH_RECORDS = 10000,                  /* that count as a batch */
	JOB_CHUNK = 200,                            /* that are worked on together */
	JOB_MOST_MESSAGE = 256 * 1024,              /* bytes: it may quote a name of the header */
};

#define JOB_OVER_QUOTA "ApiBatchItems Limit exceeded" /* salesforce-api.md C8 */

/* A job of Bulk API 1.0 holds no data: each of its batches is worked on as a job of 2.0 is, or asks (bulk1_query.h). Its states are Open, JobComplete
 * (which 1.0 calls Closed) and Aborted. */
enum job_kind { JOB_V2, JOB_CLASSIC, JOB_BATCH };

enum job_outcome { ROW_NOT_TRIED, ROW_CREATED, ROW_WRITTEN, ROW_FAILED };

struct job_row {
	uint32_t at; /* of its bytes in the data */
	uint32_t len;
	uint32_t row;   /* the record it became or changed; 0: none */
	uint32_t error; /* ROW_FAILED: its place in errors */
	uint8_t outcome;
};

/* What of a job is saved. */
struct job_saved {
	bool any;
	uint8_t state;
	int puts;
	size_t bytes, rows, errors;
	int64_t modified;
};

struct job {
	char id[SF_ID_ROOM];
	uint32_t number;
	enum job_kind kind;
	uint32_t parent; /* of a batch: its job's number */
	bool serial;     /* of a classic job: its concurrencyMode */
	enum job_operation operation;
	enum job_state state;
	struct table *table;
	const struct field *key; /* upsert: what records are found by; Id too */
	char delimiter;
	bool crlf;
	int version;
	char *assignment_rule;
	int64_t created, modified, began, ended; /* ms */
	int64_t closed;                          /* ms of the waiting clock */
	int64_t due;                             /* ... when its next chunk is worked on */
	int64_t order;                           /* in which jobs were closed */

	int puts;     /* uploads begun */
	bool spoiled; /* by a second one */
	struct buf data;
	struct slice header; /* as it was written; empty until the job has begun */

	struct job_row *rows;
	size_t row_count; /* those cut so far: the first `processed` have an outcome other than not tried */
	size_t row_room;
	uint32_t *shuffled; /* the order results are given in; made when the job ends */
	size_t processed, failed;
	size_t batches; /* of its records, begun */
	char **errors;
	size_t error_count, error_room;
	char *message; /* of a job that Failed */
	struct job_fate fate;
	uint64_t seed;          /* of the order results are given in */
	struct job_saved saved; /* what of it is in the data file (data.h) */
	struct job_run *run;    /* while InProgress: job_run.c */
};

struct jobs {
	struct job **all; /* all[number - 1]; NULL: deleted */
	uint32_t count;
	uint32_t room;
	int64_t closes;
	uint32_t deletions;
};

void jobs_init(struct jobs *j);
void jobs_release(struct jobs *j);

struct job *jobs_add(struct jobs *j, enum job_kind kind); /* a new one, Open; NULL without memory */
bool jobs_skip(struct jobs *j); /* uses up a number, as a job that was deleted does; false without memory */
struct job *jobs_find(const struct jobs *j, const char *id, enum job_kind kind); /* NULL: no such one */
void jobs_delete(struct jobs *j, struct job *job);

/* The job that is worked on or comes next, in the order of their closes; NULL: none. */
struct job *jobs_next(const struct jobs *j);

/* Has its scenario let it vanish? Counts one more answer about it. */
bool job_is_lost(struct job *job);

/* Ends the job: results can be asked for from now on. `message` (copied) for one that failed, else NULL. */
void job_end(struct job *job, enum job_state state, const char *message, int64_t now, uint64_t seed);

bool job_has_ended(const struct job *job);
const char *job_state_word(enum job_state s);
const char *job_operation_word(enum job_operation o);

/* Makes the order its results are given in, from its seed. */
void job_shuffle(struct job *job);

/* Adds the text of a failure, which becomes the job's; false without memory. */
bool job_add_error(struct job *job, char *text);

/* Notes that the record was refused with this text; it becomes the job's. */
void job_fail_row(struct job *job, struct job_row *row, char *text);

#endif
