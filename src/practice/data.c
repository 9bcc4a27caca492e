#include "practice/data.h"

#include <jansson.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "practice/json_out.h"
#include "practice/practice.h"

enum { PIECE = 10000, ROW_ROOM = 16 * 1024 * 1024, MOST_CHANGES = 5000 };

static const char schema_text[] =
	"CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS row (object TEXT, number INTEGER, created INTEGER, modified INTEGER, fate "
	"INTEGER,"
	" fields TEXT, PRIMARY KEY (object, number)) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS audit (seq INTEGER PRIMARY KEY, time INTEGER, source INTEGER, record "
	"INTEGER,"
	" object TEXT, number INTEGER, verb INTEGER, key TEXT);"
	"CREATE TABLE IF NOT EXISTS job (number INTEGER PRIMARY KEY, object TEXT, key TEXT, operation INTEGER,"
	" state INTEGER, delimiter INTEGER, crlf INTEGER, version INTEGER, created INTEGER, modified INTEGER,"
	" began INTEGER, ended INTEGER, header INTEGER, processed INTEGER, failed INTEGER, message TEXT, data "
	"BLOB,"
	" rows BLOB, shuffled BLOB, errors BLOB);";

enum statement {
	PUT_META,
	PUT_ROW,
	PUT_AUDIT,
	PUT_JOB,
	DELETE_JOB,
	STATEMENTS,
};

static const char *const statement_text[] = {
	[PUT_META] = "INSERT OR REPLACE INTO meta VALUES (?, ?)",
	[PUT_ROW] = "INSERT OR REPLACE INTO row VALUES (?, ?, ?, ?, ?, ?)",
	[PUT_AUDIT] = "INSERT OR REPLACE INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
	[PUT_JOB] = "INSERT OR REPLACE INTO job VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	[DELETE_JOB] = "DELETE FROM job WHERE number = ?",
};

struct data {
	sqlite3 *db;
	sqlite3_stmt *statements[STATEMENTS];
	size_t audited;     /* entries of the audit that are saved */
	uint32_t deletions; /* of jobs that are saved */
	uint64_t calls;
	bool begun; /* a transaction is open */
	bool wipe;
	bool broken; /* it has been said that saving fails */
	struct buf text;
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

static void bind_slice(sqlite3_stmt *s, int place, struct slice text)
{
	if (text.at)
		sqlite3_bind_text64(s, place, text.at, text.len, SQLITE_STATIC, SQLITE_UTF8);
	else
		sqlite3_bind_null(s, place);
}

static void bind_numbers(sqlite3_stmt *s, int place, const int64_t *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		sqlite3_bind_int64(s, place + (int)i, numbers[i]);
}

#define BIND_NUMBERS(s, place, ...)                              \
	bind_numbers(s, place, (const int64_t[]){ __VA_ARGS__ }, \
	             sizeof((const int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t))

static void finish(struct data *d, sqlite3_stmt *s)
{
	if (sqlite3_step(s) != SQLITE_DONE)
		say_broken(d);
	sqlite3_reset(s);
	sqlite3_clear_bindings(s);
}

static void put_meta(struct data *d, const char *key, int64_t value)
{
	sqlite3_stmt *s = d->statements[PUT_META];

	bind_slice(s, 1, slice_of(key));
	BIND_NUMBERS(s, 2, value);
	finish(d, s);
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
	bind_slice(s, 1, slice_of(t->object->name));
	BIND_NUMBERS(s, 2, number, r->created, r->modified, r->fate);
	bind_slice(s, 6, buf_slice(&d->text));
	finish(d, s);
}

static void put_entry(struct data *d, const struct practice *p, size_t index)
{
	const struct audit_entry *entry = &p->audit.entries[index];
	const struct object *o = &p->schema.objects[entry->object];
	sqlite3_stmt *s = d->statements[PUT_AUDIT];

	BIND_NUMBERS(s, 1, (int64_t)index + 1, entry->time, entry->source, entry->record);
	bind_slice(s, 5, slice_of(o->name));
	BIND_NUMBERS(s, 6, entry->row, entry->verb);
	bind_slice(s, 8, slice_of(entry->key));
	finish(d, s);
	put_row(d, org_table(&p->org, o), entry->row);
}

static void put_job(struct data *d, struct job *job)
{
	sqlite3_stmt *s = d->statements[PUT_JOB];

	buf_clear(&d->text);
	for (size_t i = 0; i < job->error_count; i++)
		buf_add(&d->text, job->errors[i], strlen(job->errors[i]) + 1);
	BIND_NUMBERS(s, 1, job->number);
	bind_slice(s, 2, slice_of(job->table->object->name));
	bind_slice(s, 3, slice_of(job->key ? job->key->name : NULL));
	BIND_NUMBERS(s, 4, (int64_t)job->operation, (int64_t)job->state, job->delimiter, job->crlf,
	             job->version, job->created, job->modified, job->began, job->ended,
	             (int64_t)job->header.len, (int64_t)job->processed, (int64_t)job->failed);
	bind_slice(s, 16, slice_of(job->message));
	sqlite3_bind_blob64(s, 17, buf_text(&job->data), job->data.len, SQLITE_STATIC);
	sqlite3_bind_blob64(s, 18, job->rows, job->row_count * sizeof *job->rows, SQLITE_STATIC);
	sqlite3_bind_blob64(s, 19, job->shuffled, job->row_count * sizeof *job->shuffled, SQLITE_STATIC);
	sqlite3_bind_blob64(s, 20, buf_text(&d->text), d->text.len, SQLITE_STATIC);
	finish(d, s);
	job->saved = true;
}

static void delete_jobs(struct data *d, const struct practice *p)
{
	for (uint32_t i = 0; d->deletions != p->jobs.deletions && i < p->jobs.count; i++) {
		if (p->jobs.all[i])
			continue;
		BIND_NUMBERS(d->statements[DELETE_JOB], 1, (int64_t)i + 1);
		finish(d, d->statements[DELETE_JOB]);
	}
	d->deletions = p->jobs.deletions;
}

static struct job *unsaved_job(const struct practice *p)
{
	for (uint32_t i = 0; i < p->jobs.count; i++)
		if (p->jobs.all[i] && p->jobs.all[i]->kind == JOB_V2 && job_has_ended(p->jobs.all[i]) &&
		    !p->jobs.all[i]->saved)
			return p->jobs.all[i];
	return NULL;
}

static bool is_saved(const struct data *d, const struct practice *p)
{
	return !d->wipe && d->audited == p->audit.count && d->deletions == p->jobs.deletions &&
	       d->calls == p->api_calls && !unsaved_job(p);
}

static void begin(struct data *d)
{
	if (!d->begun)
		run(d, "BEGIN");
	d->begun = true;
	if (!d->wipe)
		return;
	run(d, "DELETE FROM meta; DELETE FROM row; DELETE FROM audit; DELETE FROM job");
	d->audited = 0;
	d->deletions = 0;
	d->wipe = false;
}

bool data_step(struct data *d, struct practice *p)
{
	struct job *job;

	if (is_saved(d, p) && !d->begun)
		return false;
	begin(d);
	for (int i = 0; i < PIECE && d->audited < p->audit.count; i++)
		put_entry(d, p, d->audited++);
	if (d->audited < p->audit.count)
		return true;
	job = unsaved_job(p);
	if (job) {
		put_job(d, job);
		return true;
	}
	delete_jobs(d, p);
	put_meta(d, "jobs", p->jobs.count);
	put_meta(d, "api_calls", (int64_t)p->api_calls);
	put_meta(d, "shift_ms", p->shift);
	d->calls = p->api_calls;
	run(d, "COMMIT");
	d->begun = false;
	return false;
}

void data_wipe(struct data *d)
{
	d->wipe = true;
}

static sqlite3_stmt *prepare(struct data *d, const char *sql, struct err *e)
{
	sqlite3_stmt *s = NULL;

	if (sqlite3_prepare_v2(d->db, sql, -1, &s, NULL) != SQLITE_OK)
		err_set(e, ERR_FILE, "the data file is none of the practice org's: %s", sqlite3_errmsg(d->db));
	return s;
}

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
	sqlite3_stmt *s = prepare(d, "SELECT * FROM row ORDER BY object, number", e);
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
	sqlite3_stmt *s = prepare(d, "SELECT * FROM audit ORDER BY seq", e);

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

static void take_errors(struct job *job, sqlite3_stmt *s)
{
	size_t size, n = 0;
	char *all = take_blob(s, 19, &size);

	for (size_t i = 0; all && i < size; i++)
		n += all[i] == '\0';
	job->errors = calloc(n + 1, sizeof *job->errors);
	for (char *at = all; job->errors && job->error_count < n; at += strlen(at) + 1)
		job->errors[job->error_count++] = strdup(at);
	job->error_room = n + 1;
	free(all);
}

static bool restore_job(struct job *job, struct table *t, sqlite3_stmt *s)
{
	const char *key = (const char *)sqlite3_column_text(s, 2);
	const char *message = (const char *)sqlite3_column_text(s, 15);
	size_t size;

	job->table = t;
	job->key = key ? object_stored_field(t->object, slice_of(key)) : NULL;
	job->operation = (enum job_operation)sqlite3_column_int(s, 3);
	job->state = (enum job_state)sqlite3_column_int(s, 4);
	job->delimiter = (char)sqlite3_column_int(s, 5);
	job->crlf = sqlite3_column_int(s, 6) != 0;
	job->version = sqlite3_column_int(s, 7);
	job->created = sqlite3_column_int64(s, 8);
	job->modified = sqlite3_column_int64(s, 9);
	job->began = sqlite3_column_int64(s, 10);
	job->ended = sqlite3_column_int64(s, 11);
	job->processed = (size_t)sqlite3_column_int64(s, 13);
	job->failed = (size_t)sqlite3_column_int64(s, 14);
	job->message = message ? strdup(message) : NULL;
	job->data.at = take_blob(s, 16, &size);
	job->data.len = size;
	job->data.room = size + 1;
	job->header = (struct slice){ job->data.at, (size_t)sqlite3_column_int64(s, 12) };
	job->rows = take_blob(s, 17, &size);
	job->row_count = job->row_room = size / sizeof *job->rows;
	job->shuffled = take_blob(s, 18, &size);
	job->puts = 1;
	job->saved = true;
	job->fate = (struct job_fate){ .fail_after = -1, .lose_after = -1 };
	take_errors(job, s);
	return job->data.at && job->rows && job->shuffled && job->errors && job_has_ended(job);
}

static void load_jobs(struct data *d, struct practice *p, struct err *e)
{
	sqlite3_stmt *s = prepare(d, "SELECT * FROM job ORDER BY number", e);
	struct job *job = NULL;

	while (s && e->code == ERR_OK && sqlite3_step(s) == SQLITE_ROW) {
		struct table *t = practice_table(p, (const char *)sqlite3_column_text(s, 1));
		int64_t number = sqlite3_column_int64(s, 0);

		while (p->jobs.count + 1 < number && jobs_skip(&p->jobs))
			;
		job = t ? jobs_add(&p->jobs, JOB_V2) : NULL;
		if (t && (!job || !restore_job(job, t, s)))
			err_set(e, ERR_FILE, "the data file's job %lld is damaged", (long long)number);
	}
	sqlite3_finalize(s);
}

static int64_t meta(struct data *d, const char *key, struct err *e)
{
	sqlite3_stmt *s = prepare(d, "SELECT value FROM meta WHERE key = ?", e);
	int64_t value = 0;

	if (!s)
		return 0;
	bind_slice(s, 1, slice_of(key));
	if (sqlite3_step(s) == SQLITE_ROW)
		value = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return value;
}

static void load(struct data *d, struct practice *p, struct err *e)
{
	load_rows(d, p, e);
	load_audit(d, p, e);
	load_jobs(d, p, e);
	while (e->code == ERR_OK && p->jobs.count < meta(d, "jobs", e) && jobs_skip(&p->jobs))
		;
	d->calls = p->api_calls = (uint64_t)meta(d, "api_calls", e);
	p->shift = meta(d, "shift_ms", e);
	d->deletions = p->jobs.deletions;
}

struct data *data_open(const char *path, struct practice *p, struct err *e)
{
	struct data *d = calloc(1, sizeof *d);

	if (!d) {
		err_memory(e, "the data file");
		return NULL;
	}
	buf_init(&d->text, JOB_MOST_BYTES * (size_t)4);
	if (sqlite3_open(path, &d->db) != SQLITE_OK)
		err_set(e, ERR_FILE, "cannot open the data file %s: %s", path, sqlite3_errmsg(d->db));
	else if (sqlite3_exec(d->db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", NULL, NULL,
	                      NULL) != SQLITE_OK ||
	         sqlite3_exec(d->db, schema_text, NULL, NULL, NULL) != SQLITE_OK)
		err_set(e, ERR_FILE, "cannot use the data file %s: %s", path, sqlite3_errmsg(d->db));
	for (int i = 0; i < STATEMENTS && e->code == ERR_OK; i++)
		d->statements[i] = prepare(d, statement_text[i], e);
	if (e->code == ERR_OK)
		load(d, p, e);
	if (e->code == ERR_OK)
		return d;
	data_close(d);
	return NULL;
}

void data_close(struct data *d)
{
	if (!d)
		return;
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(d->statements[i]);
	sqlite3_close(d->db);
	buf_release(&d->text);
	free(d);
}
