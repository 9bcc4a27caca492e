/*
 * query_job.h - the query jobs of Bulk API 2.0: what they ask, how far they are, the rows they found. HTTP is
 * bulk2_query.h.
 *
 * A job is not worked on: how far it is follows from the clock, the scenario's pace and the number of rows, whenever
 * somebody looks. Its rows are found once, when it is InProgress; values are those of the time when results are asked
 * for. Callers hold the org's turn.
 */
#ifndef LONGSHORE_PRACTICE_QUERY_JOB_H
#define LONGSHORE_PRACTICE_QUERY_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "practice/job.h"
#include "practice/soql.h"

struct practice;

/* How a job stood when it was saved to the data file. */
struct query_saved {
	bool any;
	uint8_t state;
	int64_t modified;
	size_t processed;
};

struct query_job {
	char id[SF_ID_ROOM];
	int version;
	char delimiter;
	bool crlf;
	char *text; /* in SOQL */
	struct query *query;
	enum job_state state;             /* from UploadComplete on */
	int64_t created, modified, ended; /* ms */
	int64_t due;                      /* ms of the waiting clock: when it is InProgress */
	uint32_t *rows;
	size_t count;     /* of rows */
	size_t processed; /* of them */
	struct query_saved saved;
};

struct query_jobs {
	struct query_job **all;
	size_t count, room;
	uint64_t created; /* since the org began: deleted ones too */
	uint64_t deletions;
};

void query_jobs_release(struct query_jobs *j);

/* A new job, UploadComplete, which owns the query from now on; NULL without memory (the query is freed). `text` is the
 * query's. */
struct query_job *query_jobs_add(struct practice *p, struct query *q, const char *text);

/* One that was kept under this id, and which knows no more yet than its query; the same otherwise. And when all is known of
 * it: it goes on where it was, or, if it waited, waits anew. */
struct query_job *query_jobs_restore(struct practice *p, struct query *q, const char *id, const char *text);
void query_job_go_on(const struct practice *p, struct query_job *job);

/* The job as far as it is now; NULL: there is none, or it ended more than seven days ago. */
struct query_job *query_jobs_find(struct practice *p, const char *id);

/* Looks how far the job is; false when it is forgotten. */
bool query_job_look(struct practice *p, struct query_job *job);

void query_jobs_delete(struct query_jobs *j, struct query_job *job);

#endif
