/* data.h's part about query jobs. A job whose object or fields the describes no longer have is left out. */
#include <stdlib.h>
#include <string.h>

#include "practice/data_file.h"
#include "practice/practice.h"

static struct query_saved state_of(const struct query_job *job)
{
	return (struct query_saved){ true, (uint8_t)job->state, job->modified, job->processed };
}

static bool is_saved(const struct query_job *job)
{
	const struct query_saved now = state_of(job), *was = &job->saved;

	return was->any && was->state == now.state && was->modified == now.modified &&
	       was->processed == now.processed;
}

bool data_queries_saved(const struct data *d, const struct practice *p)
{
	const struct query_jobs *j = &p->queries;

	if (d->queries != j->created || d->query_deletions != j->deletions)
		return false;
	for (size_t i = 0; i < j->count; i++)
		if (!is_saved(j->all[i]))
			return false;
	return true;
}

static void put_whole(struct data *d, const struct query_job *job)
{
	sqlite3_stmt *s = d->statements[PUT_QUERY];

	data_bind_text(s, 1, slice_of(job->id));
	data_bind_text(s, 2, slice_of(job->text));
	DATA_BIND_NUMBERS(s, 3, job->query->deleted_too, job->version, job->delimiter, job->crlf,
	                  (int64_t)job->state, job->created, job->modified, job->ended,
	                  (int64_t)job->processed);
	sqlite3_bind_blob64(s, 12, job->count ? (const void *)job->rows : "", job->count * sizeof *job->rows,
	                    SQLITE_STATIC);
	data_finish(d, s);
}

/* Rows are found once, on the way out of UploadComplete; later only the numbers move. */
static void put_progress(struct data *d, const struct query_job *job)
{
	sqlite3_stmt *s = d->statements[MOVE_QUERY];

	DATA_BIND_NUMBERS(s, 1, (int64_t)job->state, job->modified, job->ended, (int64_t)job->processed);
	data_bind_text(s, 5, slice_of(job->id));
	data_finish(d, s);
}

static void put_job(struct data *d, struct query_job *job)
{
	if (job->saved.any && job->saved.state != JOB_UPLOAD_COMPLETE)
		put_progress(d, job);
	else
		put_whole(d, job);
	job->saved = state_of(job);
}

static bool is_there(const struct query_jobs *j, const char *id)
{
	for (size_t i = 0; i < j->count; i++)
		if (strcmp(j->all[i]->id, id) == 0)
			return true;
	return false;
}

/* Those that were deleted since the last time. */
static void drop_deleted(struct data *d, const struct query_jobs *j)
{
	sqlite3_stmt *all = NULL, *s = d->statements[DELETE_QUERY];

	if (sqlite3_prepare_v2(d->db, "SELECT id FROM query_job", -1, &all, NULL) != SQLITE_OK)
		return;
	while (sqlite3_step(all) == SQLITE_ROW) {
		const char *id = (const char *)sqlite3_column_text(all, 0);

		if (is_there(j, id))
			continue;
		data_bind_text(s, 1, slice_of(id));
		data_finish(d, s);
	}
	sqlite3_finalize(all);
}

void data_save_queries(struct data *d, struct practice *p)
{
	struct query_jobs *j = &p->queries;

	if (d->query_deletions != j->deletions)
		drop_deleted(d, j);
	for (size_t i = 0; i < j->count; i++)
		if (!is_saved(j->all[i]))
			put_job(d, j->all[i]);
	d->queries = j->created;
	d->query_deletions = j->deletions;
}

static bool take_rows(struct query_job *job, const struct table *t, sqlite3_stmt *s)
{
	size_t bytes = (size_t)sqlite3_column_bytes(s, 11);
	const void *blob = sqlite3_column_blob(s, 11);

	job->count = bytes / sizeof *job->rows;
	job->rows = malloc(bytes + 1);
	if (!job->rows || bytes % sizeof *job->rows)
		return false;
	if (bytes)
		memcpy(job->rows, blob, bytes);
	for (size_t i = 0; i < job->count; i++)
		if (!org_row(t, job->rows[i]))
			return false;
	return job->processed <= job->count;
}

/* The columns are those of PUT_QUERY, in their order. false: they do not fit together. */
static bool take_job(struct practice *p, struct query_job *job, sqlite3_stmt *s)
{
	job->version = sqlite3_column_int(s, 3);
	job->delimiter = (char)sqlite3_column_int(s, 4);
	job->crlf = sqlite3_column_int(s, 5) != 0;
	job->state = (enum job_state)sqlite3_column_int(s, 6);
	job->created = sqlite3_column_int64(s, 7);
	job->modified = sqlite3_column_int64(s, 8);
	job->ended = sqlite3_column_int64(s, 9);
	job->processed = (size_t)sqlite3_column_int64(s, 10);
	if ((unsigned)job->state >= JOB_STATE_COUNT ||
	    !take_rows(job, org_table(&p->org, job->query->object), s))
		return false;
	query_job_go_on(p, job);
	job->saved = state_of(job);
	return true;
}

static void load_job(struct practice *p, sqlite3_stmt *s, struct err *e)
{
	const char *id = (const char *)sqlite3_column_text(s, 0),
		   *text = (const char *)sqlite3_column_text(s, 1);
	struct query_error why;
	struct query *q = query_parse(&p->schema, slice_of(text), &why);
	struct query_job *job;

	buf_release(&why.message);
	if (!q)
		return;
	q->deleted_too = sqlite3_column_int(s, 2) != 0;
	job = query_jobs_restore(p, q, id ? id : "", text);
	if (!job || !take_job(p, job, s))
		err_set(e, ERR_FILE, "the data file's query job %.18s is damaged", id ? id : "");
}

void data_load_queries(struct data *d, struct practice *p, struct err *e)
{
	sqlite3_stmt *s = data_prepare(d, "SELECT * FROM query_job ORDER BY created, id", e);

	while (s && e->code == ERR_OK && sqlite3_step(s) == SQLITE_ROW)
		load_job(p, s, e);
	sqlite3_finalize(s);
	d->queries = p->queries.created;
	d->query_deletions = p->queries.deletions;
}
