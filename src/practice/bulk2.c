#include "practice/bulk2.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/when.h"
#include "practice/bulk2_job.h"
#include "practice/practice_ids.h"
#include "practice/random.h"
#include "practice/results.h"

enum { LIST_PAGE = 1000 };

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

static void not_found(struct answer *a)
{
	answer_error(a, 404, "NOT_FOUND", "The requested resource does not exist");
}

void bulk2_write_time(struct json_out *o, const char *key, int64_t ms)
{
	char instant[WHEN_TEXT], text[WHEN_TEXT + 8];

	when_salesforce_text(ms - ms % 1000, instant);
	snprintf(text, sizeof text, "%.23s+0000", instant);
	json_out_pair(o, key, text);
}

/* The keys that every answer about a job has; the answer to a state change has no others (salesforce-api.md C3). */
static void write_common(const struct job *job, struct json_out *o, bool with_key)
{
	char version[16];

	json_out_pair(o, "id", job->id);
	json_out_pair(o, "operation", job_operation_word(job->operation));
	json_out_pair(o, "object", job->table->object->name);
	json_out_pair(o, "createdById", PRACTICE_USER);
	bulk2_write_time(o, "createdDate", job->created);
	bulk2_write_time(o, "systemModstamp", job->modified);
	json_out_pair(o, "state", job_state_word(job->state));
	if (with_key && job->key)
		json_out_pair(o, "externalIdFieldName", job->key->name);
	json_out_pair(o, "concurrencyMode", "Parallel");
	json_out_pair(o, "contentType", "CSV");
	snprintf(version, sizeof version, "%d.0", job->version);
	json_out_key(o, "apiVersion");
	json_out_raw(o, slice_of(version));
}

static void write_form(const struct job *job, struct json_out *o)
{
	json_out_pair(o, "lineEnding", job->crlf ? "CRLF" : "LF");
	json_out_pair(o, "columnDelimiter", bulk2_delimiter_name(job->delimiter));
}

static void write_content_url(const struct job *job, struct json_out *o)
{
	char url[128];

	if (job->state != JOB_OPEN)
		return;
	snprintf(url, sizeof url, "services/data/v%d.0/jobs/ingest/%s/batches", job->version, job->id);
	json_out_pair(o, "contentUrl", url);
}

void bulk2_write_created(const struct job *job, struct answer *a)
{
	struct json_out o;

	json_out_init(&o, &a->body, false);
	json_out_object(&o);
	write_common(job, &o, true);
	write_content_url(job, &o);
	write_form(job, &o);
	json_out_end(&o);
}

void bulk2_bad_value(struct answer *a, const char *key, const char *value)
{
	answer_error(a, 400, "JSON_PARSER_ERROR", "\"%.80s\" is not a valid value for %s", value ? value : "",
	             key);
}

bool bulk2_read_words(const json_t *json, const struct bulk2_word *words, size_t count, struct answer *a)
{
	const char *key;
	json_t *value;
	size_t i;

	json_object_foreach((json_t *)(uintptr_t)json, key, value) {
		for (i = 0; i < count && strcmp(words[i].key, key) != 0; i++)
			;
		if (i == count) {
			answer_error(a, 400, "JSON_PARSER_ERROR", "Unrecognized field \"%.80s\"", key);
			return false;
		}
		if (!json_is_string(value) && !json_is_null(value)) {
			answer_error(a, 400, "JSON_PARSER_ERROR", "The field \"%s\" must be a text", key);
			return false;
		}
		*words[i].to = json_string_value(value);
	}
	return true;
}

/* From now on the worker has it. */
void bulk2_start(struct practice *p, struct job *job)
{
	job->state = JOB_UPLOAD_COMPLETE;
	job->closed = practice_mono(p);
	job->order = ++p->jobs.closes;
	practice_ring(p);
}

/* A job nobody closes is ended by the system after a day; one that has ended is forgotten after seven. */
static bool has_expired(struct practice *p, struct job *job)
{
	int64_t now = practice_now(p);

	if (job->state == JOB_OPEN && now - job->created > DAY_MS)
		job_end(job, JOB_ABORTED, NULL, now, p->scenario.seed);
	return job_has_ended(job) && now - job->ended > 7 * DAY_MS;
}

/* The job of the request, or NULL with a 404. */
static struct job *find_job(struct practice *p, const struct request *r, struct answer *a)
{
	struct job *job = jobs_find(&p->jobs, r->part[0], JOB_V2);

	if (job && !has_expired(p, job) && !job_is_lost(job))
		return job;
	not_found(a);
	return NULL;
}

void bulk2_get(struct practice *p, const struct request *r, struct answer *a)
{
	struct job *job = find_job(p, r, a);
	struct json_out o;
	int64_t spent;

	if (!job)
		return;
	spent = job_has_ended(job) && job->began ? job->ended - job->began : 0;
	json_out_init(&o, &a->body, false);
	json_out_object(&o);
	write_common(job, &o, true);
	json_out_pair(&o, "jobType", "V2Ingest");
	write_content_url(job, &o);
	write_form(job, &o);
	if (job->assignment_rule)
		json_out_pair(&o, "assignmentRuleId", job->assignment_rule);
	if (job->puts > 0 || job->state != JOB_OPEN) {
		json_out_pair_number(&o, "numberRecordsProcessed", (int64_t)job->processed);
		json_out_pair_number(&o, "numberRecordsFailed", (int64_t)job->failed);
	}
	json_out_pair_number(&o, "retries", 0);
	json_out_pair_number(&o, "totalProcessingTime", spent);
	json_out_pair_number(&o, "apiActiveProcessingTime", spent);
	json_out_pair_number(&o, "apexProcessingTime", 0);
	if (job->message)
		json_out_pair(&o, "errorMessage", job->message);
	json_out_end(&o);
}

/* The page's jobs in an order that means nothing. */
static void write_page(struct practice *p, size_t from, size_t to, const uint32_t *order, struct json_out *o)
{
	json_out_key(o, "records");
	json_out_list(o);
	for (size_t i = from; i < to; i++) {
		const struct job *job = p->jobs.all[order[i]];

		json_out_object(o);
		write_common(job, o, true);
		json_out_pair(o, "jobType", "V2Ingest");
		write_form(job, o);
		json_out_end(o);
	}
	json_out_end(o);
}

static size_t shuffled_jobs(struct practice *p, uint32_t *order)
{
	uint64_t random = p->scenario.seed; /* the same for each page */
	size_t n = 0;

	for (uint32_t i = 0; i < p->jobs.count; i++)
		if (p->jobs.all[i] && p->jobs.all[i]->kind == JOB_V2 && !has_expired(p, p->jobs.all[i]))
			order[n++] = i;
	for (size_t i = n; i > 1; i--) {
		size_t k = random_next(&random) % i;
		uint32_t other = order[k];

		order[k] = order[i - 1];
		order[i - 1] = other;
	}
	return n;
}

void bulk2_list(struct practice *p, const struct request *r, struct answer *a)
{
	const char *locator = request_argument(r, "queryLocator");
	const char *type = request_argument(r, "jobType");
	uint32_t *order = malloc((p->jobs.count + 1) * sizeof *order);
	size_t from = locator ? strtoul(locator, NULL, 10) : 0, n, to;
	char url[128];
	struct json_out o;

	if (!order)
		return;
	n = type && strcmp(type, "V2Ingest") != 0 ? 0 : shuffled_jobs(p, order);
	if (from > n)
		from = n;
	to = n - from > LIST_PAGE ? from + LIST_PAGE : n;
	snprintf(url, sizeof url, "/services/data/v%d.0/jobs/ingest?queryLocator=%zu", r->version, to);
	json_out_init(&o, &a->body, false);
	json_out_object(&o);
	json_out_pair_bool(&o, "done", to == n);
	json_out_pair(&o, "nextRecordsUrl", to == n ? NULL : url);
	write_page(p, from, to, order, &o);
	json_out_end(&o);
	free(order);
}

/* salesforce-api.md C2, with its spelling */
static void too_many_puts(struct answer *a, const struct job *job)
{
	answer_error(a, 400, "INVALIDJOB",
	             "Found multipe contents for job: <%s>, please 'Close' / 'Abort' / 'Delete' the current "
	             "Job then "
	             "create a new Job and make sure you only do 'PUT' once on a given Job.",
	             job->id);
}

void bulk2_upload(struct practice *p, const struct request *r, struct answer *a)
{
	const char *type = request_header(r, "Content-Type");
	struct job *job = find_job(p, r, a);

	if (!job)
		return;
	if (job->state != JOB_OPEN) {
		answer_error(a, 400, "INVALIDJOBSTATE", "The job %s is %s: it takes no data any more", job->id,
		             job_state_word(job->state));
		return;
	}
	if (!type || strncmp(type, "text/csv", 8) != 0) {
		answer_error(a, 415, "UNSUPPORTED_MEDIA_TYPE", "The data of a job is text/csv");
		return;
	}
	if (r->body->short_of) {
		answer_error(a, 413, "REQUEST_ENTITY_TOO_LARGE", "The data is larger than 150 MB as base64");
		return;
	}
	if (job->puts > 0 && !p->scenario.second_put) {
		too_many_puts(a, job);
		return;
	}
	job->spoiled = job->puts++ > 0;
	buf_release(&job->data);
	job->data = *r->body; /* what came of a broken upload stays too: nobody may close such a job */
	job->data.ceiling = JOB_MOST_BYTES;
	buf_init(r->body, 0);
	job->modified = practice_now(p);
	a->status = 201;
	a->type = NULL;
}

static void write_changed(const struct job *job, struct answer *a)
{
	struct json_out o;

	json_out_init(&o, &a->body, false);
	json_out_object(&o);
	write_common(job, &o, false);
	json_out_end(&o);
}

static void illegal(struct answer *a, const struct job *job, const char *doing)
{
	const char *was = job->state == JOB_COMPLETE || job->state == JOB_IN_PROGRESS ||
	                                  job->state == JOB_UPLOAD_COMPLETE
	                          ? "Completed"
	                          : job_state_word(job->state);

	answer_error(a, 400, "INVALIDJOBSTATE", "%s already %s Job not allowed", doing, was);
}

static void start_or_fail(struct practice *p, struct job *job)
{
	job->modified = practice_now(p);
	if (job->puts == 0) {
		job_end(job, JOB_FAILED, "ClientInputError : Unable to find any data to create batch",
		        job->modified, p->scenario.seed);
	} else {
		bulk2_start(p, job);
	}
}

static void close_job(struct practice *p, struct job *job, struct answer *a)
{
	if (job->state != JOB_OPEN) {
		illegal(a, job, "Closing");
		return;
	}
	if (job->spoiled) {
		too_many_puts(a, job);
		return;
	}
	start_or_fail(p, job);
	write_changed(job, a);
}

static void abort_job(struct practice *p, struct job *job, struct answer *a)
{
	if (job_has_ended(job)) {
		illegal(a, job, "Aborting");
		return;
	}
	job_end(job, JOB_ABORTED, NULL, practice_now(p), p->scenario.seed);
	write_changed(job, a);
}

void bulk2_meddle(struct practice *p, const char *id, bool close)
{
	struct job *job = id ? jobs_find(&p->jobs, id, JOB_V2) : NULL;

	if (!job || job_has_ended(job))
		return;
	if (!close)
		job_end(job, JOB_ABORTED, NULL, practice_now(p), p->scenario.seed);
	else if (job->state == JOB_OPEN)
		start_or_fail(p, job);
}

void bulk2_change(struct practice *p, const struct request *r, struct answer *a)
{
	struct job *job = find_job(p, r, a);
	json_t *json;
	const char *state;

	if (!job)
		return;
	json = json_loadb(buf_text(r->body), r->body->len, 0, NULL);
	state = json_string_value(json_object_get(json, "state"));
	if (state && strcmp(state, "UploadComplete") == 0)
		close_job(p, job, a);
	else if (state && strcmp(state, "Aborted") == 0)
		abort_job(p, job, a);
	else
		bulk2_bad_value(a, "state", state);
	json_decref(json);
}

void bulk2_delete(struct practice *p, const struct request *r, struct answer *a)
{
	struct job *job = find_job(p, r, a);

	if (!job)
		return;
	if (!job_has_ended(job) && job->state != JOB_UPLOAD_COMPLETE) {
		answer_error(a, 400, "API_ERROR",
		             "Error encountered when deleting the job because the job is not terminated");
		return;
	}
	jobs_delete(&p->jobs, job);
	a->status = 204;
	a->type = NULL;
}

static void send_results(struct practice *p, const struct request *r, struct answer *a, enum results_kind kind)
{
	struct job *job = find_job(p, r, a);

	if (!job)
		return;
	/* what Salesforce answers earlier was not seen; a client must not take part of the results for all */
	if (!job_has_ended(job)) {
		answer_error(a, 400, "INVALIDJOBSTATE", "The job %s is %s: it has no results yet", job->id,
		             job_state_word(job->state));
		return;
	}
	a->type = "text/csv;charset=UTF-8";
	a->stream = results_open(p, job, kind);
}

void bulk2_successful(struct practice *p, const struct request *r, struct answer *a)
{
	send_results(p, r, a, RESULTS_SUCCESSFUL);
}

void bulk2_failed(struct practice *p, const struct request *r, struct answer *a)
{
	send_results(p, r, a, RESULTS_FAILED);
}

void bulk2_unprocessed(struct practice *p, const struct request *r, struct answer *a)
{
	send_results(p, r, a, RESULTS_UNPROCESSED);
}
