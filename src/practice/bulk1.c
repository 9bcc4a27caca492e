#include "practice/bulk1.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "practice/bulk1_query.h"
#include "practice/bulk1_text.h"
#include "practice/practice_ids.h"

enum { MOST_BYTES = 10000000 }; /* of a batch (salesforce-api.md D) */

#define KEPT_MS ((int64_t)7 * 24 * 60 * 60 * 1000)

static const char *job_word(const struct job *job)
{
	return job->state == JOB_OPEN ? "Open" : job->state == JOB_ABORTED ? "Aborted" : "Closed";
}

static const char *batch_word(const struct job *batch)
{
	switch (batch->state) {
	case JOB_IN_PROGRESS:
		return "InProgress";
	case JOB_COMPLETE:
		return "Completed";
	case JOB_FAILED:
		return "Failed";
	case JOB_ABORTED:
		return "NotProcessed";
	default:
		return "Queued";
	}
}

/* The job's batch after the one with the number `after`, in the order in which they came; NULL: none. */
static struct job *next_batch(const struct practice *p, const struct job *job, uint32_t after)
{
	for (uint32_t i = after; i < p->jobs.count; i++) {
		struct job *batch = p->jobs.all[i];

		if (batch && batch->kind == JOB_BATCH && batch->parent == job->number)
			return batch;
	}
	return NULL;
}

static bool asks(const struct job *job)
{
	return job->operation >= OP_WRITES;
}

static int64_t time_spent(const struct job *batch)
{
	return job_has_ended(batch) && batch->began ? batch->ended - batch->began : 0;
}

/* What a job's info says of its batches. */
struct sums {
	int64_t batches[JOB_STATE_COUNT], total, processed, failed, spent;
};

static struct sums sum_batches(const struct practice *p, const struct job *job)
{
	struct sums s = { 0 };

	for (const struct job *b = next_batch(p, job, job->number); b; b = next_batch(p, job, b->number)) {
		s.batches[b->state]++;
		s.total++;
		s.processed += (int64_t)b->processed;
		s.failed += (int64_t)b->failed;
		s.spent += time_spent(b);
	}
	return s;
}

static void write_times(struct info *i, int64_t spent)
{
	info_number(i, "totalProcessingTime", spent);
	info_number(i, "apiActiveProcessingTime", spent);
	info_number(i, "apexProcessingTime", 0);
}

/* Elements in the order of the recorded ones. */
static void write_job(const struct practice *p, const struct request *r, const struct job *job,
                      struct answer *a)
{
	struct sums s = sum_batches(p, job);
	struct info i;

	info_begin(&i, r, a, "jobInfo", false);
	info_text(&i, "id", job->id);
	info_text(&i, "operation", job_operation_word(job->operation));
	info_text(&i, "object", job->table->object->name);
	info_text(&i, "createdById", PRACTICE_USER);
	info_time(&i, "createdDate", job->created);
	info_time(&i, "systemModstamp", job->modified);
	info_text(&i, "state", job_word(job));
	info_text(&i, "externalIdFieldName", job->key ? job->key->name : NULL);
	info_text(&i, "concurrencyMode", job->serial ? "Serial" : "Parallel");
	info_text(&i, "contentType", "CSV");
	info_number(&i, "numberBatchesQueued", s.batches[JOB_OPEN] + s.batches[JOB_UPLOAD_COMPLETE]);
	info_number(&i, "numberBatchesInProgress", s.batches[JOB_IN_PROGRESS]);
	info_number(&i, "numberBatchesCompleted", s.batches[JOB_COMPLETE]);
	info_number(&i, "numberBatchesFailed", s.batches[JOB_FAILED]);
	info_number(&i, "numberBatchesTotal", s.total);
	info_number(&i, "numberRecordsProcessed", s.processed);
	info_number(&i, "numberRetries", 0);
	info_version(&i, "apiVersion", job->version);
	if (job->assignment_rule)
		info_text(&i, "assignmentRuleId", job->assignment_rule);
	info_number(&i, "numberRecordsFailed", s.failed);
	write_times(&i, s.spent);
	info_end(&i, false);
}

static void write_batch_members(struct info *i, const struct job *batch)
{
	char job[SF_ID_ROOM];

	sf_id_text("750", batch->parent, job);
	info_text(i, "id", batch->id);
	info_text(i, "jobId", job);
	info_text(i, "state", batch_word(batch));
	if (batch->message)
		info_text(i, "stateMessage", batch->message);
	info_time(i, "createdDate", batch->created);
	info_time(i, "systemModstamp", batch->modified);
	info_number(i, "numberRecordsProcessed", (int64_t)batch->processed);
	info_number(i, "numberRecordsFailed", (int64_t)batch->failed);
	write_times(i, time_spent(batch));
}

static void write_batch(const struct request *r, const struct job *batch, struct answer *a)
{
	struct info i;

	info_begin(&i, r, a, "batchInfo", false);
	write_batch_members(&i, batch);
	info_end(&i, false);
}

/* The job of the path, NULL with the answer. */
static struct job *find_job(struct practice *p, const struct request *r, struct answer *a)
{
	struct job *job = jobs_find(&p->jobs, r->part[0], JOB_CLASSIC);

	if (job && !job_is_lost(job) && (job->state == JOB_OPEN || practice_now(p) - job->modified <= KEPT_MS))
		return job;
	bulk1_error(r, a, "InvalidJob", "Unable to find job for id: %.40s", r->part[0]);
	return NULL;
}

static struct job *find_batch(struct practice *p, const struct request *r, struct answer *a)
{
	struct job *job = find_job(p, r, a);
	struct job *batch = job ? jobs_find(&p->jobs, r->part[1], JOB_BATCH) : NULL;

	if (batch && batch->parent == job->number)
		return batch;
	if (job)
		bulk1_error(r, a, "InvalidBatch", "Unable to find batch for id: %.40s", r->part[1]);
	return NULL;
}

static bool read_operation(const struct request *r, struct job *job, const char *word, struct answer *a)
{
	for (int i = 0; word && i < OP_COUNT; i++)
		if (strcmp(word, job_operation_word((enum job_operation)i)) == 0) {
			job->operation = (enum job_operation)i;
			return true;
		}
	return bulk1_error(r, a, "InvalidJob",
	                   "The operation \"%.40s\" is not one that the practice org carries out",
	                   word ? word : ""),
	       false;
}

static bool read_key(const struct request *r, struct job *job, const char *name, struct answer *a)
{
	const struct object *o = job->table->object;

	if (job->operation != OP_UPSERT)
		return true;
	if (!name || !*name)
		return bulk1_error(r, a, "InvalidJob",
		                   "External ID was blank for %s. An External ID must be specified for upsert.",
		                   o->name),
		       false;
	job->key = object_field(o, slice_of(name));
	if (job->key && field_is_key(job->key))
		return true;
	return bulk1_error(
		       r, a, "InvalidJob",
		       "Field name provided, %.80s does not match an External ID, Salesforce Id, or indexed "
		       "field for %s",
		       name, o->name),
	       false;
}

/* Fills `job` as it is asked for; false with the answer. */
static bool read_job(struct practice *p, const struct request *r, const struct job_wish *w, struct job *job,
                     struct answer *a)
{
	job->table = w->object ? practice_table(p, w->object) : NULL;
	if (!read_operation(r, job, w->operation, a))
		return false;
	if (!job->table || !(asks(job) ? job->table->object->queryable : job->table->object->createable))
		return bulk1_error(r, a, "InvalidEntity", "Entity '%.80s' is not supported by the Bulk API.",
		                   w->object ? w->object : ""),
		       false;
	if (w->content && strcmp(w->content, "CSV") != 0)
		return bulk1_error(r, a, "InvalidJob", "The contentType \"%.40s\" is not supported, CSV is",
		                   w->content),
		       false;
	if (w->concurrency && strcmp(w->concurrency, "Parallel") != 0 && strcmp(w->concurrency, "Serial") != 0)
		return bulk1_error(r, a, "InvalidJob", "The concurrencyMode is Parallel or Serial"), false;
	job->serial = w->concurrency && strcmp(w->concurrency, "Serial") == 0;
	if (job->operation == OP_HARD_DELETE && !p->scenario.hard_delete)
		return bulk1_error(
			       r, a, "FeatureNotEnabled",
			       "hardDelete operation requires special user profile permission, please contact "
			       "your system administrator"),
		       false;
	return read_key(r, job, w->key, a);
}

static bool read_body(const struct request *r, struct job_wish *w, struct arena *arena, struct answer *a)
{
	const char *type = request_header(r, "Content-Type");
	bool json = bulk1_is_json(r), read;
	struct buf why;

	if (!type ||
	    (strncasecmp(type, "application/xml", 15) != 0 && strncasecmp(type, "application/json", 16) != 0))
		return bulk1_error(r, a, "InvalidJob", "A jobInfo is application/xml or application/json"),
		       false;
	buf_init(&why, 4096);
	read = bulk1_read(w, buf_slice(r->body), json, arena, &why);
	if (!read)
		bulk1_error(r, a, json ? "ClientInputError" : "InvalidXML", "%s", buf_text(&why));
	buf_release(&why);
	return read;
}

static void create(struct practice *p, const struct request *r, const struct job_wish *w, struct answer *a)
{
	struct job asked = { 0 }, *job;

	if (!read_job(p, r, w, &asked, a))
		return;
	job = jobs_add(&p->jobs, JOB_CLASSIC);
	if (!job) {
		bulk1_error(r, a, "InternalServerError", "no memory for the job");
		return;
	}
	job->operation = asked.operation;
	job->table = asked.table;
	job->key = asked.key;
	job->serial = asked.serial;
	job->version = r->version;
	job->assignment_rule = w->rule ? strdup(w->rule) : NULL;
	job->created = job->modified = practice_now(p);
	scenario_job(&p->scenario, job->table->object->name, &job->fate);
	a->status = 201;
	write_job(p, r, job, a);
}

void bulk1_create(struct practice *p, const struct request *r, struct answer *a)
{
	struct job_wish wish;
	struct arena arena;

	arena_init(&arena);
	if (read_body(r, &wish, &arena, a))
		create(p, r, &wish, a);
	arena_release(&arena);
}

void bulk1_get(struct practice *p, const struct request *r, struct answer *a)
{
	struct job *job = find_job(p, r, a);

	if (job)
		write_job(p, r, job, a);
}

/* Batches that wait are not processed any more; one that is being worked on goes on to its end. */
static void abort_batches(struct practice *p, const struct job *job)
{
	for (struct job *b = next_batch(p, job, job->number); b; b = next_batch(p, job, b->number))
		if (b->state == JOB_UPLOAD_COMPLETE)
			job_end(b, JOB_ABORTED, NULL, practice_now(p), p->scenario.seed);
}

static void change(struct practice *p, const struct request *r, struct job *job, const char *state,
                   struct answer *a)
{
	bool abort = state && strcmp(state, "Aborted") == 0;

	if (!abort && (!state || strcmp(state, "Closed") != 0)) {
		bulk1_error(r, a, "InvalidJob",
		            "The state of a job can become Closed or Aborted, not \"%.40s\"",
		            state ? state : "");
		return;
	}
	if (job->state == JOB_ABORTED || (job->state == JOB_COMPLETE && !abort)) {
		bulk1_error(r, a, "InvalidJobState", "%s already %s Job not allowed",
		            abort ? "Aborting" : "Closing", job_word(job));
		return;
	}
	job->state = abort ? JOB_ABORTED : JOB_COMPLETE;
	job->modified = job->ended = practice_now(p);
	if (abort)
		abort_batches(p, job);
	write_job(p, r, job, a);
}

void bulk1_change(struct practice *p, const struct request *r, struct answer *a)
{
	struct job *job = find_job(p, r, a);
	struct job_wish wish;
	struct arena arena;

	arena_init(&arena);
	if (job && read_body(r, &wish, &arena, a))
		change(p, r, job, wish.state, a);
	arena_release(&arena);
}

/* May data be added to the job? Otherwise false with the answer. */
static bool takes_data(const struct request *r, const struct job *job, struct answer *a)
{
	const char *type = request_header(r, "Content-Type");

	if (job->state != JOB_OPEN)
		return bulk1_error(
			       r, a, "InvalidJobState",
			       "Failed to create batch, since the Job is not Open. Current job state is '%s'",
			       job_word(job)),
		       false;
	if (!type || strncasecmp(type, "text/csv", 8) != 0)
		return bulk1_error(r, a, "ClientInputError",
		                   "The content type of a batch must be that of its job, text/csv"),
		       false;
	if (r->body->short_of || r->body->len > MOST_BYTES)
		return bulk1_error(r, a, "ClientInputError",
		                   "Failed to read request. Exceeded max size limit of %d", MOST_BYTES),
		       false;
	return true;
}

/* The batch is in line for the worker at once: nobody waits for the job's close. */
static void start_batch(struct practice *p, struct job *batch, const struct job *job, struct buf *data)
{
	batch->parent = job->number;
	batch->operation = job->operation;
	batch->table = job->table;
	batch->key = job->key;
	batch->delimiter = ',';
	batch->version = job->version;
	batch->fate = job->fate;
	batch->fate.message = job->fate.message ? strdup(job->fate.message) : NULL;
	batch->fate.lose_state = NULL;
	batch->data = *data;
	batch->puts = 1;
	batch->batches = 1;
	buf_init(data, 0);
	batch->created = batch->modified = practice_now(p);
	batch->state = JOB_UPLOAD_COMPLETE;
	batch->closed = practice_mono(p);
	batch->order = ++p->jobs.closes;
	practice_ring(p);
}

void bulk1_add_batch(struct practice *p, const struct request *r, struct answer *a)
{
	struct job *job = find_job(p, r, a), *batch;

	if (!job || !takes_data(r, job, a))
		return;
	practice_turn_day(p);
	if (practice_batches(p) >= p->scenario.daily_batch_limit) {
		bulk1_error(r, a, "ExceededQuota", JOB_OVER_QUOTA);
		return;
	}
	batch = jobs_add(&p->jobs, JOB_BATCH);
	if (!batch) {
		bulk1_error(r, a, "InternalServerError", "no memory for the batch");
		return;
	}
	start_batch(p, batch, job, r->body);
	p->batches++;
	a->status = 201;
	write_batch(r, batch, a);
	if (asks(job))
		bulk1_query_run(p, batch);
}

void bulk1_list_batches(struct practice *p, const struct request *r, struct answer *a)
{
	struct job *job = find_job(p, r, a);
	struct info i;

	if (!job)
		return;
	info_begin(&i, r, a, "batchInfoList", true);
	for (const struct job *b = next_batch(p, job, job->number); b; b = next_batch(p, job, b->number)) {
		info_begin_item(&i, "batchInfo");
		write_batch_members(&i, b);
		info_end_item(&i, "batchInfo");
	}
	info_end(&i, true);
}

void bulk1_get_batch(struct practice *p, const struct request *r, struct answer *a)
{
	struct job *batch = find_batch(p, r, a);

	if (batch)
		write_batch(r, batch, a);
}

void bulk1_batch_request(struct practice *p, const struct request *r, struct answer *a)
{
	struct job *batch = find_batch(p, r, a);

	if (!batch)
		return;
	a->type = "text/csv;charset=UTF-8";
	buf_add_slice(&a->body, buf_slice(&batch->data));
}

static void add_result(const struct job *batch, const struct job_row *row, struct buf *to)
{
	bool written = row->outcome == ROW_CREATED || row->outcome == ROW_WRITTEN;
	const char *error = row->outcome == ROW_FAILED ? batch->errors[row->error] : "";
	char id[SF_ID_ROOM] = "";

	if (written)
		table_id(batch->table, row->row, id);
	if (row->outcome == ROW_NOT_TRIED && batch->message)
		error = batch->message;
	csv_add_quoted(to, slice_of(id));
	buf_add_text(to, written ? ",\"true\"," : ",\"false\",");
	buf_add_text(to, row->outcome == ROW_CREATED ? "\"true\"," : "\"false\",");
	csv_add_quoted(to, slice_of(error));
	buf_add_char(to, '\n');
}

/* The batch of the path, which has ended; NULL with the answer. */
static struct job *find_ended(struct practice *p, const struct request *r, struct answer *a)
{
	struct job *batch = find_batch(p, r, a);

	if (!batch || job_has_ended(batch))
		return batch;
	bulk1_error(r, a, "InvalidBatch", "Batch not completed");
	return NULL;
}

void bulk1_query_part(struct practice *p, const struct request *r, struct answer *a)
{
	struct job *batch = find_ended(p, r, a);

	if (batch &&
	    !(asks(batch) && batch->state == JOB_COMPLETE && bulk1_query_result(p, batch, r->part[2], a)))
		bulk1_error(r, a, "InvalidBatch", "Unable to find result for id: %.40s", r->part[2]);
}

/* One line a record, in the order of the batch: the position is what tells them apart. */
void bulk1_result(struct practice *p, const struct request *r, struct answer *a)
{
	struct job *batch = find_ended(p, r, a);

	if (!batch)
		return;
	if (asks(batch) && batch->state == JOB_COMPLETE) {
		bulk1_query_results(r, batch, a);
		return;
	}
	a->type = "text/csv;charset=UTF-8";
	buf_add_text(&a->body, "\"Id\",\"Success\",\"Created\",\"Error\"\n");
	for (size_t i = 0; i < batch->row_count; i++)
		add_result(batch, &batch->rows[i], &a->body);
}
