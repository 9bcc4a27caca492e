#include "practice/bulk2_query.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "practice/bulk2_job.h"
#include "practice/practice_ids.h"
#include "practice/query_csv.h"
#include "practice/random.h"
#include "practice/rest.h"

enum { LIST_PAGE = 1000, RESULT_PAGE = 50000 };

static bool has_ended(const struct query_job *job)
{
	return job->state == JOB_COMPLETE || job->state == JOB_FAILED || job->state == JOB_ABORTED;
}

static void write_common(const struct query_job *job, struct json_out *o)
{
	char version[16];

	json_out_pair(o, "id", job->id);
	json_out_pair(o, "operation", job->query->deleted_too ? "queryAll" : "query");
	json_out_pair(o, "object", job->query->object->name);
	json_out_pair(o, "createdById", PRACTICE_USER);
	bulk2_write_time(o, "createdDate", job->created);
	bulk2_write_time(o, "systemModstamp", job->modified);
	json_out_pair(o, "state", job_state_word(job->state));
	json_out_pair(o, "concurrencyMode", "Parallel");
	json_out_pair(o, "contentType", "CSV");
	snprintf(version, sizeof version, "%d.0", job->version);
	json_out_key(o, "apiVersion");
	json_out_raw(o, slice_of(version));
}

static void write_form(const struct query_job *job, struct json_out *o)
{
	json_out_pair(o, "lineEnding", job->crlf ? "CRLF" : "LF");
	json_out_pair(o, "columnDelimiter", bulk2_delimiter_name(job->delimiter));
}

/* What the description asks for; texts belong to the JSON. */
struct wish {
	const char *operation, *query, *content, *delimiter, *ending;
};

static bool read_wish(struct wish *w, json_t *json, struct answer *a)
{
	const struct bulk2_word words[] = {
		{ "operation", &w->operation }, { "query", &w->query },
		{ "contentType", &w->content }, { "columnDelimiter", &w->delimiter },
		{ "lineEnding", &w->ending },
	};

	return bulk2_read_words(json, words, sizeof words / sizeof words[0], a);
}

static bool check_form(const struct wish *w, char *delimiter, struct answer *a)
{
	if (!w->operation || (strcmp(w->operation, "query") != 0 && strcmp(w->operation, "queryAll") != 0))
		return bulk2_bad_value(a, "operation", w->operation), false;
	if (!w->query)
		return bulk2_bad_value(a, "query", NULL), false;
	if (w->content && strcmp(w->content, "CSV") != 0)
		return bulk2_bad_value(a, "contentType", w->content), false;
	if (w->ending && strcmp(w->ending, "LF") != 0 && strcmp(w->ending, "CRLF") != 0)
		return bulk2_bad_value(a, "lineEnding", w->ending), false;
	*delimiter = bulk2_delimiter(w->delimiter ? w->delimiter : "COMMA");
	return *delimiter || (bulk2_bad_value(a, "columnDelimiter", w->delimiter), false);
}

/* Is it one that a bulk query may ask? Otherwise false, with the answer. */
static bool can_be_bulk(const struct query *q, struct answer *a)
{
	const char *refusal = query_csv_refusal(q);

	if (refusal)
		answer_error(a, 400, "FUNCTIONALITY_NOT_ENABLED", "%s", refusal);
	return !refusal;
}

static void create(struct practice *p, const struct request *r, json_t *json, struct answer *a)
{
	struct wish w = { 0 };
	struct query_job *job;
	struct query *q;
	struct json_out o;
	char delimiter;

	if (!read_wish(&w, json, a) || !check_form(&w, &delimiter, a))
		return;
	q = rest_read_query(p, slice_of(w.query), a);
	if (!q)
		return;
	if (!can_be_bulk(q, a)) {
		query_free(q);
		return;
	}
	q->deleted_too = strcmp(w.operation, "queryAll") == 0;
	job = query_jobs_add(p, q, w.query);
	if (!job) {
		answer_error(a, 500, "UNKNOWN_EXCEPTION", "no memory for the job");
		return;
	}
	job->version = r->version;
	job->delimiter = delimiter;
	job->crlf = w.ending && strcmp(w.ending, "CRLF") == 0;
	json_out_init(&o, &a->body, false);
	json_out_object(&o);
	write_common(job, &o);
	write_form(job, &o);
	json_out_end(&o);
}

void bulk2_query_create(struct practice *p, const struct request *r, struct answer *a)
{
	json_error_t why;
	json_t *json = json_loadb(buf_text(r->body), r->body->len, 0, &why);

	if (json_is_object(json))
		create(p, r, json, a);
	else
		answer_error(a, 400, "JSON_PARSER_ERROR", "%s at [line:%d, column:%d]",
		             json ? "no object" : why.text, json ? 1 : why.line, json ? 1 : why.column);
	json_decref(json);
}

/* The job of the request, or NULL with a 404. */
static struct query_job *find_job(struct practice *p, const struct request *r, struct answer *a)
{
	struct query_job *job = query_jobs_find(p, r->part[0]);

	if (!job)
		answer_error(a, 404, "NOT_FOUND", "The requested resource does not exist");
	return job;
}

void bulk2_query_get(struct practice *p, const struct request *r, struct answer *a)
{
	struct query_job *job = find_job(p, r, a);
	struct json_out o;

	if (!job)
		return;
	json_out_init(&o, &a->body, false);
	json_out_object(&o);
	write_common(job, &o);
	json_out_pair(&o, "jobType", "V2Query");
	write_form(job, &o);
	if (job->state != JOB_UPLOAD_COMPLETE)
		json_out_pair_number(&o, "numberRecordsProcessed", (int64_t)job->processed);
	json_out_pair_number(&o, "retries", 0);
	json_out_pair_number(&o, "totalProcessingTime", has_ended(job) ? job->ended - job->created : 0);
	json_out_end(&o);
}

static size_t shuffled(struct practice *p, struct query_job **to)
{
	uint64_t random = p->scenario.seed;
	size_t n = 0;

	for (size_t i = 0; i < p->queries.count; i++)
		if (query_job_look(p, p->queries.all[i]))
			to[n++] = p->queries.all[i];
	for (size_t i = n; i > 1; i--) {
		size_t k = random_next(&random) % i;
		struct query_job *other = to[k];

		to[k] = to[i - 1];
		to[i - 1] = other;
	}
	return n;
}

void bulk2_query_list(struct practice *p, const struct request *r, struct answer *a)
{
	const char *locator = request_argument(r, "queryLocator");
	const char *type = request_argument(r, "jobType");
	struct query_job **jobs = calloc(p->queries.count + 1, sizeof(struct query_job *));
	size_t from = locator ? strtoul(locator, NULL, 10) : 0, n, to;
	char url[128];
	struct json_out o;

	if (!jobs)
		return;
	n = type && strcmp(type, "V2Query") != 0 ? 0 : shuffled(p, jobs);
	if (from > n)
		from = n;
	to = n - from > LIST_PAGE ? from + LIST_PAGE : n;
	snprintf(url, sizeof url, "/services/data/v%d.0/jobs/query?queryLocator=%zu", r->version, to);
	json_out_init(&o, &a->body, false);
	json_out_object(&o);
	json_out_pair_bool(&o, "done", to == n);
	json_out_pair(&o, "nextRecordsUrl", to == n ? NULL : url);
	json_out_key(&o, "records");
	json_out_list(&o);
	for (size_t i = from; i < to; i++) {
		json_out_object(&o);
		write_common(jobs[i], &o);
		json_out_pair(&o, "jobType", "V2Query");
		write_form(jobs[i], &o);
		json_out_end(&o);
	}
	json_out_end(&o);
	json_out_end(&o);
	free(jobs);
}

void bulk2_query_change(struct practice *p, const struct request *r, struct answer *a)
{
	struct query_job *job = find_job(p, r, a);
	json_t *json = job ? json_loadb(buf_text(r->body), r->body->len, 0, NULL) : NULL;
	const char *state = json_string_value(json_object_get(json, "state"));
	struct json_out o;

	if (!job)
		return;
	if (!state || strcmp(state, "Aborted") != 0) {
		bulk2_bad_value(a, "state", state);
	} else if (has_ended(job)) {
		answer_error(a, 400, "INVALIDJOBSTATE", "Aborting already %s Job not allowed",
		             job->state == JOB_COMPLETE ? "Completed" : job_state_word(job->state));
	} else {
		job->state = JOB_ABORTED;
		job->modified = job->ended = practice_now(p);
		json_out_init(&o, &a->body, false);
		json_out_object(&o);
		write_common(job, &o);
		json_out_end(&o);
	}
	json_decref(json);
}

void bulk2_query_delete(struct practice *p, const struct request *r, struct answer *a)
{
	struct query_job *job = find_job(p, r, a);

	if (!job)
		return;
	if (!has_ended(job)) {
		answer_error(a, 400, "API_ERROR",
		             "Error encountered when deleting the job because the job is not terminated");
		return;
	}
	query_jobs_delete(&p->queries, job);
	a->status = 204;
	a->type = NULL;
}

/* Where the page begins that "locator=" asks for; false: it is none of this job's. */
static bool read_locator(const struct request *r, const struct query_job *job, size_t *from)
{
	const char *locator = request_argument(r, "locator");
	struct slice owner;

	*from = 0;
	if (!locator || !locator[0])
		return true;
	return locator_read(locator, &owner, from) && slice_is(owner, job->id) && *from < job->count;
}

static bool read_most(const struct request *r, size_t *most)
{
	const char *text = request_argument(r, "maxRecords");
	int64_t n = RESULT_PAGE;

	if (text && (!number_whole(slice_of(text), &n) || n < 1))
		return false;
	*most = (size_t)n;
	return true;
}

static bool has_results(const struct query_job *job, const struct request *r, struct answer *a)
{
	if (job->version != r->version)
		answer_error(a, 409, "API_ERROR",
		             "The job %s has version %d.0, its results none of version %d.0", job->id,
		             job->version, r->version);
	else if (job->state != JOB_COMPLETE)
		answer_error(a, 400, "INVALIDJOBSTATE", "The job %s is %s: it has no results", job->id,
		             job_state_word(job->state));
	else
		return true;
	return false;
}

void bulk2_query_results(struct practice *p, const struct request *r, struct answer *a)
{
	struct query_job *job = find_job(p, r, a);
	size_t from, most, rows;

	if (!job || !has_results(job, r, a))
		return;
	if (!read_locator(r, job, &from)) {
		answer_error(a, 400, "INVALID_QUERY_LOCATOR", "invalid query locator");
		return;
	}
	if (!read_most(r, &most)) {
		bulk2_bad_value(a, "maxRecords", request_argument(r, "maxRecords"));
		return;
	}
	rows = job->count - from < most ? job->count - from : most;
	answer_header(a, "Sforce-NumberOfRecords", "%zu", rows);
	if (from + rows < job->count)
		answer_header(a, "Sforce-Locator", "%s-%zu", job->id, from + rows);
	else
		answer_header(a, "Sforce-Locator", "null");
	a->type = "text/csv;charset=UTF-8";
	a->stream = query_csv_open(p, job, from, from + rows);
}
