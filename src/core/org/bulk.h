/*
 * bulk.h - Bulk API 2.0 ingest, one request at a time, as the engine needs it (salesforce-api.md C).
 *
 * Each call starts one request and returns; `done` is called once from http_turn(). Nothing is repeated here, except a
 * request that was answered 401 and is not the upload (org.h). The engine decides what an answer means for a chunk.
 */
#ifndef LONGSHORE_ORG_BULK_H
#define LONGSHORE_ORG_BULK_H

#include <stdint.h>

#include "core/org/org.h"

enum { BULK_JOB_ID = 19 }; /* 18 characters and a NUL */

enum bulk_state {
	BULK_OPEN,
	BULK_UPLOAD_COMPLETE,
	BULK_IN_PROGRESS,
	BULK_JOB_COMPLETE,
	BULK_FAILED,
	BULK_ABORTED,
	BULK_STATE_UNKNOWN, /* a word we do not know */
};

struct bulk_job {
	char id[BULK_JOB_ID];
	enum bulk_state state;
	int64_t processed; /* failed ones included; 0 if not told */
	int64_t failed;
	char message[480]; /* errorMessage of a failed job, "" if none */
};

/* `job` is NULL unless the answer carried one and verdict is VERDICT_DONE. */
typedef void bulk_done(void *ctx, const struct answer *answer, const struct bulk_job *job);

struct bulk_spec {
	const char *object;
	const char *operation;       /* "insert", "hardDelete", ... */
	const char *external_id;     /* for upsert, else NULL */
	const char *assignment_rule; /* its id, or NULL */
};

/* POST jobs/ingest: CSV, comma, LF. */
enum err_code bulk_create(struct org *org, const struct bulk_spec *spec, bulk_done *done, void *ctx,
                          struct err *e);

/* PUT batches: exactly `size` bytes produced by `body`, uncompressed. Once per job. DONE only for 201. */
enum err_code bulk_upload(struct org *org, const char *job, http_body *body, void *body_ctx, int64_t size,
                          bulk_done *done, void *ctx, struct http_call **call, struct err *e);

/* PATCH state: UploadComplete, Aborted. */
enum err_code bulk_close(struct org *org, const char *job, bulk_done *done, void *ctx, struct err *e);
enum err_code bulk_abort(struct org *org, const char *job, bulk_done *done, void *ctx, struct err *e);

/* GET the job. */
enum err_code bulk_ask(struct org *org, const char *job, bulk_done *done, void *ctx, struct err *e);

enum bulk_result { BULK_SUCCESSFUL, BULK_FAILED_RESULTS, BULK_UNPROCESSED };

/* One result as the org gives it. For the header row, `cells` are the column names and `header` is true. */
typedef bool bulk_row(void *ctx, bool header, const struct slice *cells, size_t count);

/* GET one of the three results, parsed as it arrives; follows Sforce-Locator if there is one. DONE only if the whole
 * answer arrived and was CSV to its end; 204 is an empty result. done's job is NULL. */
enum err_code bulk_results(struct org *org, const char *job, enum bulk_result which, bulk_row *row,
                           void *row_ctx, bulk_done *done, void *ctx, struct err *e);

/* The error text of a failed record, `CODE:message:Field1,Field2 --` (salesforce-api.md C7), into its parts; slices of
 * `text`. A text without the end (cut, or of another version) still has a code, and no fields. Without a code in front:
 * code is empty and message the whole text. */
void bulk_error_parts(struct slice text, struct slice *code, struct slice *message, struct slice *fields);

#endif
