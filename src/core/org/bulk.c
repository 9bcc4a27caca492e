#include "core/org/bulk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/org/call.h"
#include "core/org/json.h"
#include "core/org/url.h"

enum { PATH_ROOM = 96 };

struct bulk_call {
	bulk_done *done;
	void *ctx;
	bool read_only;
	bool needs_job;   /* an answer without a job is no answer */
	int only_success; /* the one status that means done; 0: any 2xx */
};

static enum bulk_state state_of(const char *word)
{
	static const char *const words[] = {
		[BULK_OPEN] = "Open",
		[BULK_UPLOAD_COMPLETE] = "UploadComplete",
		[BULK_IN_PROGRESS] = "InProgress",
		[BULK_JOB_COMPLETE] = "JobComplete",
		[BULK_FAILED] = "Failed",
		[BULK_ABORTED] = "Aborted",
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcmp(word, words[i]) == 0)
			return (enum bulk_state)i;
	return BULK_STATE_UNKNOWN;
}

/* Numbers come as JSON numbers; the counters are missing while a job is Open (salesforce-api.md C4). */
static bool take_job(struct bulk_job *job, struct slice body)
{
	json_t *object = json_read(body);
	bool valid = url_id18(slice_of(json_text(object, "id")), job->id) && *json_text(object, "state");

	job->state = state_of(json_text(object, "state"));
	job->processed = json_integer_value(json_object_get(object, "numberRecordsProcessed"));
	job->failed = json_integer_value(json_object_get(object, "numberRecordsFailed"));
	snprintf(job->message, sizeof job->message, "%s", json_text(object, "errorMessage"));
	json_decref(object);
	return valid;
}

/* Answered with success, but not with what success looks like. */
static void unusable(struct answer *answer, bool read_only, const char *why)
{
	answer->verdict = read_only ? VERDICT_TRY_AGAIN : VERDICT_UNKNOWN;
	answer->trouble = TROUBLE_SERVER;
	snprintf(answer->message, sizeof answer->message, "%s (HTTP %d)", why, answer->status);
}

static void bulk_answered(void *ctx, const struct answer *answer, struct slice body)
{
	struct bulk_call call = *(struct bulk_call *)ctx;
	struct answer said = *answer;
	struct bulk_job job = { 0 };
	bool has_job;

	free(ctx);
	if (said.verdict == VERDICT_DONE && call.only_success && said.status != call.only_success)
		unusable(&said, call.read_only, "the org took the upload in a way that is not known");
	has_job = said.verdict == VERDICT_DONE && take_job(&job, body);
	if (said.verdict == VERDICT_DONE && call.needs_job && !has_job)
		unusable(&said, call.read_only, "the org answered with something else than a job");
	call.done(call.ctx, &said, has_job && said.verdict == VERDICT_DONE ? &job : NULL);
}

/* Starts a request about jobs; `call` says what its answer must be and is copied. */
static enum err_code bulk_start(struct org *org, const char *path, const struct http_request *request,
                                struct bulk_call call, struct http_call **handle, struct err *e)
{
	struct bulk_call *copy = malloc(sizeof *copy);
	struct http_request r = *request;
	enum err_code rc;

	if (!copy)
		return err_memory(e, "a request");
	call.read_only = strcmp(r.method, "GET") == 0;
	*copy = call;
	r.done = bulk_answered;
	r.done_ctx = copy;
	rc = call_start(org, path, &r, (struct call_options){ .drop = free, .call = handle }, e);
	if (rc)
		free(copy);
	return rc;
}

/* A job id comes out of the journal and goes into an address: it must be one. */
static enum err_code job_path(char path[PATH_ROOM], const char *job, const char *tail, struct err *e)
{
	char id[BULK_JOB_ID];

	if (!url_id18(slice_of(job), id))
		return err_set(e, ERR_INTERNAL, "\"%.40s\" is no job id", job);
	snprintf(path, PATH_ROOM, "/jobs/ingest/%s%s", id, tail);
	return ERR_OK;
}

enum err_code bulk_create(struct org *org, const struct bulk_spec *spec, bulk_done *done, void *ctx,
                          struct err *e)
{
	struct http_request request = { .method = "POST", .content_type = "application/json; charset=UTF-8" };
	json_t *object = json_pack("{s:s, s:s, s:s*, s:s*, s:s, s:s, s:s}", "object", spec->object, "operation",
	                           spec->operation, "externalIdFieldName", spec->external_id,
	                           "assignmentRuleId", spec->assignment_rule, "contentType", "CSV",
	                           "columnDelimiter", "COMMA", "lineEnding", "LF");
	char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
	enum err_code rc;

	json_decref(object);
	if (!text)
		return err_memory(e, "a job");
	request.text = slice_of(text);
	rc = bulk_start(org, "/jobs/ingest", &request, (struct bulk_call){ done, ctx, .needs_job = true }, NULL,
	                e);
	free(text);
	return rc;
}

enum err_code bulk_upload(struct org *org, const char *job, http_body *body, void *body_ctx, int64_t size,
                          bulk_done *done, void *ctx, struct http_call **call, struct err *e)
{
	struct http_request request = {
		.method = "PUT",
		.content_type = "text/csv; charset=UTF-8",
		.body = body,
		.body_ctx = body_ctx,
		.body_size = size,
	};
	char path[PATH_ROOM];
	enum err_code rc = job_path(path, job, "/batches", e);

	if (!rc)
		rc = bulk_start(org, path, &request, (struct bulk_call){ done, ctx, .only_success = 201 }, call,
		                e);
	return rc;
}

static enum err_code change_state(struct org *org, const char *job, const char *state, bulk_done *done,
                                  void *ctx, struct err *e)
{
	struct http_request request = { .method = "PATCH", .content_type = "application/json; charset=UTF-8" };
	char path[PATH_ROOM], text[64];
	enum err_code rc = job_path(path, job, "", e);

	snprintf(text, sizeof text, "{\"state\":\"%s\"}", state);
	request.text = slice_of(text);
	if (!rc)
		rc = bulk_start(org, path, &request, (struct bulk_call){ done, ctx, .needs_job = true }, NULL,
		                e);
	return rc;
}

enum err_code bulk_close(struct org *org, const char *job, bulk_done *done, void *ctx, struct err *e)
{
	return change_state(org, job, "UploadComplete", done, ctx, e);
}

enum err_code bulk_abort(struct org *org, const char *job, bulk_done *done, void *ctx, struct err *e)
{
	return change_state(org, job, "Aborted", done, ctx, e);
}

enum err_code bulk_ask(struct org *org, const char *job, bulk_done *done, void *ctx, struct err *e)
{
	struct http_request request = { .method = "GET" };
	char path[PATH_ROOM];
	enum err_code rc = job_path(path, job, "", e);

	if (!rc)
		rc = bulk_start(org, path, &request, (struct bulk_call){ done, ctx, .needs_job = true }, NULL,
		                e);
	return rc;
}
