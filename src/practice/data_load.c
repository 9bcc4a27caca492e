/* data.h's loading half. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "practice/data_file.h"
#include "practice/job_run.h"
#include "practice/practice.h"

enum { MOST_CHANGES = 5000 };

static struct slice column_slice(sqlite3_stmt *s, int place)
{
	const char *at = (const char *)sqlite3_column_text(s, place);

	return (struct slice){ at, at ? (size_t)sqlite3_column_bytes(s, place) : 0 };
}

static void restore_row(struct table *t, sqlite3_stmt *s, struct change *changes)
{
	struct slice fields = column_slice(s, 5);
	json_t *json = json_loadb(fields.at ? fields.at : "{}", fields.at ? fields.len : 2, 0, NULL), *value;
	const char *name;
	size_t n = 0;

	json_object_foreach(json, name, value) {
		const struct field *f = object_stored_field(t->object, slice_of(name));

		if (f && n < MOST_CHANGES)
			changes[n++] = (struct change){
				.field = f,
				.text = { json_string_value(value), json_string_length(value) },
			};
	}
	org_restore(t, changes, n, sqlite3_column_int64(s, 2), sqlite3_column_int64(s, 3),
	            (enum row_fate)sqlite3_column_int(s, 4));
	json_decref(json);
}

/* Rows of an object that the describes no longer have are left in the file. */
static void load_rows(struct data *d, struct practice *p, struct err *e)
{
	sqlite3_stmt *s = data_prepare(d, "SELECT * FROM row ORDER BY object, number", e);
	struct change *changes = calloc(MOST_CHANGES, sizeof *changes);

	while (s && changes && sqlite3_step(s) == SQLITE_ROW) {
		struct table *t = practice_table(p, (const char *)sqlite3_column_text(s, 0));
		int64_t number = sqlite3_column_int64(s, 1);

		if (t && number == t->count + 1)
			restore_row(t, s, changes);
		else if (t && !org_row(t, (uint32_t)number))
			err_set(e, ERR_FILE, "the data file lacks a row of %s before %lld", t->object->name,
			        (long long)number);
	}
	sqlite3_finalize(s);
	free(changes);
}

static void load_audit(struct data *d, struct practice *p, struct err *e)
{
	sqlite3_stmt *s = data_prepare(d, "SELECT * FROM audit ORDER BY seq", e);

	while (s && sqlite3_step(s) == SQLITE_ROW) {
		const char *key = (const char *)sqlite3_column_text(s, 7);
		struct table *t = practice_table(p, (const char *)sqlite3_column_text(s, 4));
		const struct audit_entry entry = {
			.time = sqlite3_column_int64(s, 1),
			.source = (uint32_t)sqlite3_column_int64(s, 2),
			.record = (uint32_t)sqlite3_column_int64(s, 3),
			.row = (uint32_t)sqlite3_column_int64(s, 5),
			.object = t ? t->object->number : 0,
			.verb = (uint8_t)sqlite3_column_int(s, 6),
			.key = t && key ? strdup(key) : NULL,
		};

		if (t)
			audit_put(&p->audit, &entry);
	}
	sqlite3_finalize(s);
	d->audited = p->audit.count;
}

static void *take_blob(sqlite3_stmt *s, int place, size_t *size)
{
	const void *blob = sqlite3_column_blob(s, place);
	void *copy;

	*size = (size_t)sqlite3_column_bytes(s, place);
	copy = malloc(*size + 1);
	if (copy && *size)
		memcpy(copy, blob, *size);
	return copy;
}

/* The next outcomes of a job, and the texts of those that failed. */
static bool take_results(struct job *job, sqlite3_stmt *s)
{
	size_t bytes = (size_t)sqlite3_column_bytes(s, 0), size;
	size_t count = job->row_count + bytes / sizeof *job->rows;
	struct job_row *rows = realloc(job->rows, (count + 1) * sizeof *rows);
	char *all;

	if (!rows)
		return false;
	job->rows = rows;
	if (bytes % sizeof *rows)
		return false;
	if (bytes)
		memcpy(rows + job->row_count, sqlite3_column_blob(s, 0), bytes);
	job->row_count = job->row_room = count;
	all = take_blob(s, 1, &size);
	for (char *at = all; all && at < all + size; at += strlen(at) + 1)
		if (!job_add_error(job, strdup(at)))
			break;
	free(all);
	return all != NULL;
}

static bool load_results(struct data *d, struct job *job, struct err *e)
{
	sqlite3_stmt *s = data_prepare(d, "SELECT rows, errors FROM result WHERE job = ? ORDER BY first", e);
	bool good = s != NULL;

	if (s)
		sqlite3_bind_int64(s, 1, job->number);
	while (good && sqlite3_step(s) == SQLITE_ROW)
		good = take_results(job, s);
	sqlite3_finalize(s);
	return good;
}

static bool load_upload(struct data *d, struct job *job, struct err *e)
{
	sqlite3_stmt *s = data_prepare(d, "SELECT data FROM upload WHERE job = ?", e);
	size_t size;
	bool good = s != NULL;

	if (s)
		sqlite3_bind_int64(s, 1, job->number);
	if (good && sqlite3_step(s) == SQLITE_ROW) {
		job->data.at = take_blob(s, 0, &size);
		job->data.len = size;
		job->data.room = size + 1;
		good = job->data.at != NULL;
	}
	sqlite3_finalize(s);
	return good;
}

static char *copy_text(sqlite3_stmt *s, int place)
{
	const char *text = (const char *)sqlite3_column_text(s, place);

	return text ? strdup(text) : NULL;
}

/* The columns are those of PUT_JOB, in their order. */
static void take_head(struct job *job, struct table *t, sqlite3_stmt *s)
{
	const char *key = (const char *)sqlite3_column_text(s, 2);

	job->table = t;
	job->key = key ? object_stored_field(t->object, slice_of(key)) : NULL;
	job->assignment_rule = copy_text(s, 3);
	job->message = copy_text(s, 4);
	job->parent = (uint32_t)sqlite3_column_int64(s, 6);
	job->serial = sqlite3_column_int(s, 7) != 0;
	job->operation = (enum job_operation)sqlite3_column_int(s, 8);
	job->state = (enum job_state)sqlite3_column_int(s, 9);
	job->delimiter = (char)sqlite3_column_int(s, 10);
	job->crlf = sqlite3_column_int(s, 11) != 0;
	job->version = sqlite3_column_int(s, 12);
	job->created = sqlite3_column_int64(s, 13);
	job->modified = sqlite3_column_int64(s, 14);
	job->began = sqlite3_column_int64(s, 15);
	job->ended = sqlite3_column_int64(s, 16);
	job->order = sqlite3_column_int64(s, 17);
	job->puts = sqlite3_column_int(s, 18);
	job->spoiled = sqlite3_column_int(s, 19) != 0;
	job->processed = (size_t)sqlite3_column_int64(s, 22);
	job->failed = (size_t)sqlite3_column_int64(s, 23);
	job->batches = (job->processed + JOB_BATCH_RECORDS - 1) / JOB_BATCH_RECORDS;
	job->seed = (uint64_t)sqlite3_column_int64(s, 24);
	job->fate = (struct job_fate){ .fail_after = -1, .lose_after = -1 };
}

static bool is_sound(const struct job *job, size_t header_at, size_t header_len)
{
	size_t tried = 0;

	if ((unsigned)job->state >= JOB_STATE_COUNT || (unsigned)job->operation >= OP_COUNT ||
	    header_at > job->data.len || header_len > job->data.len - header_at)
		return false;
	for (size_t i = 0; i < job->row_count; i++) {
		const struct job_row *r = &job->rows[i];

		tried += r->outcome != ROW_NOT_TRIED;
		if (r->at > job->data.len || r->outcome > ROW_FAILED || r->row > job->table->count ||
		    r->len > job->data.len - r->at ||
		    (r->outcome == ROW_FAILED && r->error >= job->error_count))
			return false;
	}
	return tried == job->processed || job->operation >= OP_WRITES;
}

/* A job that was being worked on goes on behind its last record that has an outcome; one that waited waits anew. */
static void go_on(struct practice *p, struct job *job)
{
	struct buf message;

	job->closed = job->due = practice_mono(p);
	if (job->order > p->jobs.closes)
		p->jobs.closes = job->order;
	if (job_has_ended(job))
		job_shuffle(job);
	if (job->state != JOB_IN_PROGRESS)
		return;
	buf_init(&message, JOB_MOST_MESSAGE);
	if (!job_run_begin(job, &p->org, &p->audit, &message))
		job_end(job, JOB_FAILED, buf_text(&message), practice_now(p), p->scenario.seed);
	buf_release(&message);
}

static bool restore_job(struct data *d, struct practice *p, struct job *job, struct table *t, sqlite3_stmt *s,
                        struct err *e)
{
	size_t header_at = (size_t)sqlite3_column_int64(s, 20),
	       header_len = (size_t)sqlite3_column_int64(s, 21);

	take_head(job, t, s);
	if (!load_upload(d, job, e) || !load_results(d, job, e) || !is_sound(job, header_at, header_len))
		return false;
	if (header_len)
		job->header = (struct slice){ job->data.at + header_at, header_len };
	job->saved = (struct job_saved){
		true,           (uint8_t)job->state, job->puts,     job->data.len,
		job->row_count, job->error_count,    job->modified,
	};
	go_on(p, job);
	return data_keeps(d, job->number);
}

static bool is_kind(int number)
{
	return number >= JOB_V2 && number <= JOB_BATCH;
}

static void load_jobs(struct data *d, struct practice *p, struct err *e)
{
	sqlite3_stmt *s = data_prepare(d, "SELECT * FROM job ORDER BY number", e);
	struct job *job = NULL;

	while (s && e->code == ERR_OK && sqlite3_step(s) == SQLITE_ROW) {
		struct table *t = practice_table(p, (const char *)sqlite3_column_text(s, 1));
		int64_t number = sqlite3_column_int64(s, 0);

		while (p->jobs.count + 1 < number && jobs_skip(&p->jobs))
			;
		job = t && is_kind(sqlite3_column_int(s, 5))
		              ? jobs_add(&p->jobs, (enum job_kind)sqlite3_column_int(s, 5))
		              : NULL;
		if (t && (!job || !restore_job(d, p, job, t, s, e)))
			err_set(e, ERR_FILE, "the data file's job %lld is damaged", (long long)number);
	}
	sqlite3_finalize(s);
}

static int64_t meta(struct data *d, const char *key, struct err *e)
{
	sqlite3_stmt *s = data_prepare(d, "SELECT value FROM meta WHERE key = ?", e);
	int64_t value = 0;

	if (!s)
		return 0;
	sqlite3_bind_text(s, 1, key, -1, SQLITE_STATIC);
	if (sqlite3_step(s) == SQLITE_ROW)
		value = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return value;
}

void data_load(struct data *d, struct practice *p, struct err *e)
{
	d->shift = p->shift = meta(d, "shift_ms", e);
	d->calls = p->api_calls = (uint64_t)meta(d, "api_calls", e);
	p->batches = (uint64_t)meta(d, "batches", e);
	p->day = (struct day){ meta(d, "day_began", e), (uint64_t)meta(d, "day_calls", e),
		               (uint64_t)meta(d, "day_batches", e) };
	load_rows(d, p, e);
	load_audit(d, p, e);
	load_jobs(d, p, e);
	data_load_tokens(d, p, e);
	data_load_queries(d, p, e);
	d->queries = p->queries.created = (uint64_t)meta(d, "query_jobs", e);
	while (e->code == ERR_OK && p->jobs.count < meta(d, "jobs", e) && jobs_skip(&p->jobs))
		;
	d->jobs = p->jobs.count;
	d->deletions = p->jobs.deletions;
}
