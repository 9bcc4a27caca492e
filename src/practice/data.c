#include "practice/data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "practice/data_file.h"
#include "practice/json_out.h"
#include "practice/practice.h"

enum { FIRST_VERSION = 2, FILE_VERSION = 3 };

static const char schema_text[] =
	"CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID;"
	"CREATE TABLE row (object TEXT, number INTEGER, created INTEGER, modified INTEGER, fate INTEGER,"
	" fields TEXT, PRIMARY KEY (object, number)) WITHOUT ROWID;"
	"CREATE TABLE audit (seq INTEGER PRIMARY KEY, time INTEGER, source INTEGER, record INTEGER,"
	" object TEXT, number INTEGER, verb INTEGER, key TEXT);"
	"CREATE TABLE job (number INTEGER PRIMARY KEY, object TEXT, key TEXT, rule TEXT, message TEXT, kind "
	"INTEGER,"
	" parent INTEGER, serial INTEGER, operation INTEGER, state INTEGER, delimiter INTEGER, crlf INTEGER,"
	" version INTEGER, created INTEGER, modified INTEGER, began INTEGER, ended INTEGER, place INTEGER,"
	" puts INTEGER, spoiled INTEGER, header_at INTEGER, header_len INTEGER, processed INTEGER, failed "
	"INTEGER,"
	" seed INTEGER);"
	"CREATE TABLE upload (job INTEGER PRIMARY KEY, data BLOB);"
	"CREATE TABLE result (job INTEGER, first INTEGER, rows BLOB, errors BLOB, PRIMARY KEY (job, first));"
	"PRAGMA user_version = 2";

/* Version 3. */
static const char added_text[] =
	"CREATE TABLE refresh_token (number INTEGER PRIMARY KEY, text TEXT, scope TEXT, since INTEGER, dead "
	"INTEGER);"
	"CREATE TABLE query_job (id TEXT PRIMARY KEY, text TEXT, deleted_too INTEGER, version INTEGER,"
	" delimiter INTEGER, crlf INTEGER, state INTEGER, created INTEGER, modified INTEGER, ended INTEGER,"
	" processed INTEGER, rows BLOB) WITHOUT ROWID;"
	"PRAGMA user_version = 3";

static const char *const statement_text[] = {
	[PUT_META] = "INSERT OR REPLACE INTO meta VALUES (?, ?)",
	[PUT_ROW] = "INSERT OR REPLACE INTO row VALUES (?, ?, ?, ?, ?, ?)",
	[PUT_AUDIT] = "INSERT OR REPLACE INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
	[PUT_JOB] = "INSERT OR REPLACE INTO job VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	[PUT_UPLOAD] = "INSERT OR REPLACE INTO upload VALUES (?, ?)",
	[PUT_RESULT] = "INSERT OR REPLACE INTO result VALUES (?, ?, ?, ?)",
	[PUT_TOKEN] = "INSERT OR REPLACE INTO refresh_token VALUES (?, ?, ?, ?, ?)",
	[PUT_QUERY] = "INSERT OR REPLACE INTO query_job VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[MOVE_QUERY] = "UPDATE query_job SET state = ?, modified = ?, ended = ?, processed = ? WHERE id = ?",
	[DELETE_QUERY] = "DELETE FROM query_job WHERE id = ?",
	[DELETE_JOB] = "DELETE FROM job WHERE number = ?",
	[DELETE_UPLOAD] = "DELETE FROM upload WHERE job = ?",
	[DELETE_RESULT] = "DELETE FROM result WHERE job = ?",
};

static void say_broken(struct data *d)
{
	if (!d->broken)
		fprintf(stderr, "longshore-practice: cannot save the data: %s\n", sqlite3_errmsg(d->db));
	d->broken = true;
}

static void run(struct data *d, const char *sql)
{
	if (sqlite3_exec(d->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		say_broken(d);
}

void data_bind_text(sqlite3_stmt *s, int place, struct slice text)
{
	if (text.at)
		sqlite3_bind_text64(s, place, text.at, text.len, SQLITE_STATIC, SQLITE_UTF8);
	else
		sqlite3_bind_null(s, place);
}

void data_bind_numbers(sqlite3_stmt *s, int place, const int64_t *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		sqlite3_bind_int64(s, place + (int)i, numbers[i]);
}

void data_finish(struct data *d, sqlite3_stmt *s)
{
	if (sqlite3_step(s) != SQLITE_DONE)
		say_broken(d);
	sqlite3_reset(s);
	sqlite3_clear_bindings(s);
}

static void put_meta(struct data *d, const char *key, int64_t value)
{
	sqlite3_stmt *s = d->statements[PUT_META];

	data_bind_text(s, 1, slice_of(key));
	DATA_BIND_NUMBERS(s, 2, value);
	data_finish(d, s);
}

/* The cells as JSON by field name: describes may come in another order next time. */
static void put_row(struct data *d, const struct table *t, uint32_t number)
{
	sqlite3_stmt *s = d->statements[PUT_ROW];
	const struct row *r = org_row(t, number);
	struct json_out o;

	buf_clear(&d->text);
	json_out_init(&o, &d->text, false);
	json_out_object(&o);
	for (size_t i = 0; i < t->object->field_count; i++) {
		const struct field *f = &t->object->fields[i];
		struct slice value = row_cell(r, f);

		if (!value.at)
			continue;
		json_out_key(&o, f->name);
		json_out_text(&o, value);
	}
	json_out_end(&o);
	data_bind_text(s, 1, slice_of(t->object->name));
	DATA_BIND_NUMBERS(s, 2, number, r->created, r->modified, r->fate);
	data_bind_text(s, 6, buf_slice(&d->text));
	data_finish(d, s);
}

static void put_entry(struct data *d, const struct practice *p, size_t index)
{
	const struct audit_entry *entry = &p->audit.entries[index];
	const struct object *o = &p->schema.objects[entry->object];
	sqlite3_stmt *s = d->statements[PUT_AUDIT];

	DATA_BIND_NUMBERS(s, 1, (int64_t)index + 1, entry->time, entry->source, entry->record);
	data_bind_text(s, 5, slice_of(o->name));
	DATA_BIND_NUMBERS(s, 6, entry->row, entry->verb);
	data_bind_text(s, 8, slice_of(entry->key));
	data_finish(d, s);
	put_row(d, org_table(&p->org, o), entry->row);
}

bool data_keeps(struct data *d, uint32_t number)
{
	uint32_t count = d->kept_count ? d->kept_count : 64;
	bool *kept;

	while (count < number)
		count *= 2;
	if (count > d->kept_count) {
		kept = realloc(d->kept, count * sizeof *kept);
		if (!kept)
			return false;
		memset(kept + d->kept_count, 0, count - d->kept_count);
		d->kept = kept;
		d->kept_count = count;
	}
	d->kept[number - 1] = true;
	return true;
}

static void put_upload(struct data *d, const struct job *job)
{
	sqlite3_stmt *s = d->statements[PUT_UPLOAD];

	DATA_BIND_NUMBERS(s, 1, job->number);
	sqlite3_bind_blob64(s, 2, buf_text(&job->data), job->data.len, SQLITE_STATIC);
	data_finish(d, s);
}

/* The outcomes that have come since the last time. */
static void put_results(struct data *d, const struct job *job)
{
	sqlite3_stmt *s = d->statements[PUT_RESULT];
	size_t from = job->saved.rows;

	buf_clear(&d->text);
	for (size_t i = job->saved.errors; i < job->error_count; i++) {
		const char *text = job->errors[i] ? job->errors[i] : "";

		buf_add(&d->text, text, strlen(text) + 1);
	}
	DATA_BIND_NUMBERS(s, 1, job->number, (int64_t)from);
	sqlite3_bind_blob64(s, 3, job->rows + from, (job->row_count - from) * sizeof *job->rows, SQLITE_STATIC);
	sqlite3_bind_blob64(s, 4, buf_text(&d->text), d->text.len, SQLITE_STATIC);
	data_finish(d, s);
}

static void put_head(struct data *d, const struct job *job)
{
	sqlite3_stmt *s = d->statements[PUT_JOB];
	int64_t header_at = job->header.len ? job->header.at - job->data.at : 0;

	DATA_BIND_NUMBERS(s, 1, job->number);
	data_bind_text(s, 2, slice_of(job->table->object->name));
	data_bind_text(s, 3, slice_of(job->key ? job->key->name : NULL));
	data_bind_text(s, 4, slice_of(job->assignment_rule));
	data_bind_text(s, 5, slice_of(job->message));
	DATA_BIND_NUMBERS(s, 6, (int64_t)job->kind, job->parent, job->serial, (int64_t)job->operation,
	                  (int64_t)job->state, job->delimiter, job->crlf, job->version, job->created,
	                  job->modified, job->began, job->ended, job->order, job->puts, job->spoiled, header_at,
	                  (int64_t)job->header.len, (int64_t)job->processed, (int64_t)job->failed,
	                  (int64_t)job->seed);
	data_finish(d, s);
}

static struct job_saved state_of(const struct job *job)
{
	return (struct job_saved){
		.any = true,
		.state = (uint8_t)job->state,
		.puts = job->puts,
		.bytes = job->data.len,
		.rows = job->row_count,
		.errors = job->error_count,
		.modified = job->modified,
	};
}

static bool is_job_saved(const struct job *job)
{
	struct job_saved now = state_of(job), *was = &(struct job_saved){ 0 };

	*was = job->saved;
	return was->any && was->state == now.state && was->puts == now.puts && was->bytes == now.bytes &&
	       was->rows == now.rows && was->modified == now.modified;
}

static void put_job(struct data *d, struct job *job)
{
	put_head(d, job);
	if (job->saved.bytes != job->data.len || job->saved.puts != job->puts)
		put_upload(d, job);
	if (job->saved.rows != job->row_count)
		put_results(d, job);
	job->saved = state_of(job);
	data_keeps(d, job->number);
}

static void delete_job(struct data *d, uint32_t number)
{
	for (int i = DELETE_JOB; i <= DELETE_RESULT; i++) {
		DATA_BIND_NUMBERS(d->statements[i], 1, number);
		data_finish(d, d->statements[i]);
	}
	d->kept[number - 1] = false;
}

static bool are_jobs_saved(const struct data *d, const struct practice *p)
{
	if (d->deletions != p->jobs.deletions || d->jobs != p->jobs.count)
		return false;
	for (uint32_t i = 0; i < p->jobs.count; i++)
		if (p->jobs.all[i] && !is_job_saved(p->jobs.all[i]))
			return false;
	return true;
}

static void save_jobs(struct data *d, const struct practice *p)
{
	for (uint32_t i = 0; i < p->jobs.count; i++) {
		struct job *job = p->jobs.all[i];

		if (job && !is_job_saved(job))
			put_job(d, job);
		else if (!job && i < d->kept_count && d->kept[i])
			delete_job(d, i + 1);
	}
	d->deletions = p->jobs.deletions;
	d->jobs = p->jobs.count;
}

static void wipe(struct data *d)
{
	run(d, "DELETE FROM meta; DELETE FROM row; DELETE FROM audit; DELETE FROM job; DELETE FROM upload;"
	       "DELETE FROM result; DELETE FROM refresh_token; DELETE FROM query_job");
	d->audited = 0;
	d->kept_count = 0;
	d->tokens = 0;
	d->wipe = false;
}

static void save_all(struct data *d, struct practice *p)
{
	run(d, "BEGIN");
	if (d->wipe)
		wipe(d);
	while (d->audited < p->audit.count)
		put_entry(d, p, d->audited++);
	save_jobs(d, p);
	data_save_tokens(d, p);
	data_save_queries(d, p);
	put_meta(d, "jobs", p->jobs.count);
	put_meta(d, "query_jobs", (int64_t)p->queries.created);
	put_meta(d, "api_calls", (int64_t)p->api_calls);
	put_meta(d, "batches", (int64_t)p->batches);
	put_meta(d, "day_began", p->day.began);
	put_meta(d, "day_calls", (int64_t)p->day.calls);
	put_meta(d, "day_batches", (int64_t)p->day.batches);
	put_meta(d, "shift_ms", p->shift);
	d->calls = p->api_calls;
	d->shift = p->shift;
	run(d, "COMMIT");
}

void data_save(struct data *d, struct practice *p)
{
	if (d->wipe || d->audited != p->audit.count || d->shift != p->shift || !are_jobs_saved(d, p) ||
	    !data_tokens_saved(d, p) || !data_queries_saved(d, p))
		save_all(d, p);
}

void data_rest(struct data *d, struct practice *p)
{
	if (d->calls != p->api_calls)
		save_all(d, p);
	else
		data_save(d, p);
}

void data_wipe(struct data *d)
{
	d->wipe = true;
}

sqlite3_stmt *data_prepare(struct data *d, const char *sql, struct err *e)
{
	sqlite3_stmt *s = NULL;

	if (sqlite3_prepare_v2(d->db, sql, -1, &s, NULL) != SQLITE_OK)
		err_set(e, ERR_FILE, "the data file is none of the practice org's: %s", sqlite3_errmsg(d->db));
	return s;
}

/* The one number that the statement gives; -1: none. */
static int64_t ask(struct data *d, const char *sql)
{
	sqlite3_stmt *s = NULL;
	int64_t value = -1;

	if (sqlite3_prepare_v2(d->db, sql, -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
		value = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return value;
}

/* Commits survive the death of the process; the disk is waited for only when the log is emptied. */
static void open_file(struct data *d, const char *path, struct err *e)
{
	int64_t version, tables;
	bool good = true;

	if (sqlite3_open(path, &d->db) != SQLITE_OK) {
		err_set(e, ERR_FILE, "cannot open the data file %s: %s", path, sqlite3_errmsg(d->db));
		return;
	}
	if (sqlite3_exec(
		    d->db,
		    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 10000",
		    NULL, NULL, NULL) != SQLITE_OK) {
		err_set(e, ERR_FILE, "cannot use the data file %s: %s", path, sqlite3_errmsg(d->db));
		return;
	}
	version = ask(d, "PRAGMA user_version");
	tables = ask(d, "SELECT count(*) FROM sqlite_master");
	if (tables == 0) {
		good = sqlite3_exec(d->db, schema_text, NULL, NULL, NULL) == SQLITE_OK;
		version = FIRST_VERSION;
	}
	if (good && version == FIRST_VERSION) {
		good = sqlite3_exec(d->db, added_text, NULL, NULL, NULL) == SQLITE_OK;
		version = FILE_VERSION;
	}
	if (!good)
		err_set(e, ERR_FILE, "cannot use the data file %s: %s", path, sqlite3_errmsg(d->db));
	else if (version != FILE_VERSION)
		err_set(e, ERR_FILE,
		        "the data file %s is of another version of the practice org, or none of its own: name "
		        "another "
		        "file",
		        path);
}

struct data *data_open(const char *path, struct practice *p, struct err *e)
{
	struct data *d = calloc(1, sizeof *d);

	if (!d) {
		err_memory(e, "the data file");
		return NULL;
	}
	buf_init(&d->text, JOB_MOST_BYTES * (size_t)4);
	open_file(d, path, e);
	for (int i = 0; i < DATA_STATEMENTS && e->code == ERR_OK; i++)
		d->statements[i] = data_prepare(d, statement_text[i], e);
	if (e->code == ERR_OK)
		data_load(d, p, e);
	if (e->code == ERR_OK)
		return d;
	data_close(d);
	return NULL;
}

void data_close(struct data *d)
{
	if (!d)
		return;
	for (int i = 0; i < DATA_STATEMENTS; i++)
		sqlite3_finalize(d->statements[i]);
	sqlite3_close(d->db);
	buf_release(&d->text);
	free(d->kept);
	free(d);
}
