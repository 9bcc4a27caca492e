#include "practice/job_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/csv.h"
#include "base/hash.h"
#include "base/text.h"
#include "practice/column.h"
#include "practice/write.h"

#define TOO_WIDE "Failed to parse CSV. Exceeded max number of columns per record : 5000"
#define NO_CSV "Failed to parse CSV. Found unescaped quote. A value with quote should be within a quote"

/* salesforce-api.md C10, C11: characters, and columns of a record */
enum { MOST_IN_HEADER = 32000, MOST_IN_FIELD = 131072, MOST_IN_RECORD = 400000 };

enum { LONGEST_KEY = 512, TROUBLE = 160 };

#define BATCH_MOST_RECORDS JOB_BATCH_RECORDS /* of Bulk API 1.0: salesforce-api.md D */

/* A key that a record of the chunk brings: the same key twice in a chunk fails all its records. */
struct chunk_key {
	uint64_t hash;
	uint32_t record; /* within the chunk */
	uint32_t column;
};

struct job_run {
	struct csv csv;
	struct arena arena; /* of one record */
	struct writer writer;
	struct column *columns;
	size_t column_count;
	struct slice *names; /* of the columns, in the data */
	size_t id_column;    /* SIZE_MAX: none; the same for the key of an upsert */
	size_t key_column;
	bool has_keys; /* some column must not bring a value twice */
	struct change *changes;
	size_t change_count;
	struct slice *cells; /* of the record at hand */
	size_t cell_count;
	struct chunk_key *keys;    /* JOB_CHUNK times the columns */
	uint32_t twice[JOB_CHUNK]; /* column + 1 whose key comes twice */
	char trouble[TROUBLE];
};

void job_run_free(struct job_run *run)
{
	if (!run)
		return;
	csv_release(&run->csv);
	arena_release(&run->arena);
	writer_release(&run->writer);
	free(run->columns);
	free(run->names);
	free(run->changes);
	free(run->keys);
	free(run);
}

/* Does a line break disagree with the job's setting? Under LF a CRLF counts inside quotes too (salesforce-api.md C8);
 * under CRLF only those between records are looked at. */
static bool wrong_line_ending(const struct job *job)
{
	const char *at = buf_text(&job->data), *end = at + job->data.len;
	bool quoted = false;

	if (!job->crlf)
		return job->data.len && memmem(at, job->data.len, "\r\n", 2);
	for (; at < end; at++) {
		if (*at == '"')
			quoted = !quoted;
		else if (*at == '\n' && !quoted && (at == buf_text(&job->data) || at[-1] != '\r'))
			return true;
	}
	return false;
}

/* Reads all names of the header; false with the message. */
static bool read_header(struct job *job, struct job_run *run, const struct org *org, struct buf *message)
{
	run->column_count = run->csv.count;
	run->columns = calloc(run->column_count + 1, sizeof *run->columns);
	run->names = calloc(run->column_count + 1, sizeof *run->names);
	run->changes = calloc(run->column_count + 1, sizeof *run->changes);
	run->keys = calloc((run->column_count + 1) * JOB_CHUNK, sizeof *run->keys);
	if (!run->columns || !run->names || !run->changes || !run->keys) {
		buf_add_text(message, "InternalServerError : no memory");
		return false;
	}
	for (size_t i = 0; i < run->column_count; i++) {
		struct column *c = &run->columns[i];

		if (!column_read(c, run->csv.cells[i], job, org, message))
			return false;
		for (size_t k = 0; k < i; k++)
			if (c->field == run->columns[k].field && c->far_key == run->columns[k].far_key) {
				buf_addf(message, "InvalidBatch : Duplicate column : %.*s",
				         SLICE_ARGS(run->csv.cells[i]));
				return false;
			}
		if (c->field->origin == FROM_ID)
			run->id_column = i;
		if (!c->far && c->field == job->key)
			run->key_column = i;
		run->has_keys |= !c->far &&
		                 (c->field->unique || (job->key == c->field && job->key->origin != FROM_ID));
	}
	if (job->operation == OP_UPSERT && run->key_column == SIZE_MAX) {
		buf_addf(message, "InvalidBatch : Field name not found : %s", job->key->name);
		return false;
	}
	return true;
}

/* The next record of the data, empty lines left out. */
static enum csv_result next_record(struct job_run *run)
{
	enum csv_result result;

	do
		result = csv_next(&run->csv);
	while (result == CSV_RECORD && run->csv.blank);
	run->cells = run->csv.cells;
	run->cell_count = result == CSV_RECORD ? run->csv.count : 0;
	return result;
}

/* A batch of Bulk API 1.0 is refused whole if it holds too many records. Leaves the scanner behind the header. */
static bool is_small_enough(struct job *job, struct job_run *run, struct buf *message)
{
	const char *from = run->csv.at;
	size_t n = 0;

	while (n <= BATCH_MOST_RECORDS && next_record(run) != CSV_END)
		n++;
	csv_window(&run->csv, from, (size_t)(job->data.at + job->data.len - from), true);
	if (n > BATCH_MOST_RECORDS)
		buf_addf(message, "InvalidBatch : The batch has more than %d records", BATCH_MOST_RECORDS);
	return n <= BATCH_MOST_RECORDS;
}

static bool begin(struct job *job, struct job_run *run, const struct org *org, struct buf *message)
{
	if (job->kind == JOB_V2 && wrong_line_ending(job)) {
		buf_addf(message,
		         "ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is "
		         "%s",
		         job->crlf ? "CRLF" : "LF");
		return false;
	}
	csv_window(&run->csv, job->data.at, job->data.len, true);
	switch (csv_next(&run->csv)) {
	case CSV_RECORD:
		break;
	case CSV_END: /* nothing was uploaded: the job completes with no records */
		return true;
	default:
		buf_addf(message, "InvalidBatch : %s", run->csv.why == csv_too_many_cells ? TOO_WIDE : NO_CSV);
		return false;
	}
	if (text_length(run->csv.raw) > MOST_IN_HEADER) {
		buf_addf(message, "InvalidBatch : The header has more than %d characters", MOST_IN_HEADER);
		return false;
	}
	if (!read_header(job, run, org, message))
		return false;
	job->header = run->csv.raw;
	if (job->row_count > 0) {
		const struct job_row *last = &job->rows[job->row_count - 1];
		size_t at = last->at + last->len;

		csv_window(&run->csv, job->data.at + at, job->data.len - at, true);
		return true;
	}
	return job->kind != JOB_BATCH || is_small_enough(job, run, message);
}

bool job_run_begin(struct job *job, struct org *org, struct audit *audit, struct buf *message)
{
	struct job_run *run = calloc(1, sizeof *run);

	if (!run) {
		buf_add_text(message, "InternalServerError : no memory");
		return false;
	}
	csv_init(&run->csv, job->delimiter);
	run->csv.strict = true;
	arena_init(&run->arena);
	writer_init(&run->writer, org, audit, job->table,
	            job->number | (job->kind == JOB_BATCH ? AUDIT_BATCH : 0));
	run->id_column = run->key_column = SIZE_MAX;
	job->state = JOB_IN_PROGRESS;
	if (!begin(job, run, org, message)) {
		job_run_free(run);
		return false;
	}
	job->run = run;
	return true;
}

static struct job_row *add_row(struct job *job, struct slice raw)
{
	if (job->row_count == job->row_room) {
		size_t room = job->row_room ? job->row_room * 2 : 1024;
		struct job_row *rows = realloc(job->rows, room * sizeof *rows);

		if (!rows)
			return NULL;
		job->rows = rows;
		job->row_room = room;
	}
	job->rows[job->row_count] = (struct job_row){
		.at = (uint32_t)(raw.at - job->data.at),
		.len = (uint32_t)raw.len,
	};
	return &job->rows[job->row_count++];
}

static struct slice cell_named(void *ctx, struct slice name)
{
	const struct job_run *run = ctx;

	for (size_t i = 0; i < run->column_count && i < run->cell_count; i++)
		if (!run->columns[i].far && slice_equal_fold(name, slice_of(run->columns[i].field->name)))
			return run->cells[i];
	return (struct slice){ NULL, 0 };
}

static uint64_t folded_hash(struct slice value, const struct field *f)
{
	char folded[LONGEST_KEY];

	if (f->case_sensitive || value.len > sizeof folded)
		return hash_of(value, f->number);
	for (size_t i = 0; i < value.len; i++) {
		char c = value.at[i];

		folded[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	return hash_of((struct slice){ folded, value.len }, f->number);
}

static int by_hash(const void *a, const void *b)
{
	const struct chunk_key *x = a, *y = b;

	return x->hash < y->hash ? -1 : x->hash > y->hash;
}

static bool must_be_single(const struct job *job, const struct column *c)
{
	return !c->far && (c->field->unique || (c->field == job->key && c->field->origin != FROM_ID));
}

/* Looks through the chunk that begins where the scanner stands for keys that come twice, and puts it back there. */
static void find_twice(struct job *job, struct job_run *run)
{
	const char *from = run->csv.at;
	size_t n = 0;

	memset(run->twice, 0, sizeof run->twice);
	for (uint32_t i = 0; i < JOB_CHUNK; i++) {
		enum csv_result result = next_record(run);

		if (result == CSV_END)
			break;
		for (uint32_t k = 0; k < run->column_count && k < run->cell_count; k++)
			if (run->cells[k].len && must_be_single(job, &run->columns[k]))
				run->keys[n++] = (struct chunk_key){
					folded_hash(run->cells[k], run->columns[k].field), i, k
				};
	}
	qsort(run->keys, n, sizeof *run->keys, by_hash);
	for (size_t i = 1; i < n; i++) {
		if (run->keys[i].hash != run->keys[i - 1].hash)
			continue;
		run->twice[run->keys[i].record] = run->keys[i].column + 1;
		run->twice[run->keys[i - 1].record] = run->keys[i - 1].column + 1;
	}
	csv_window(&run->csv, from, (size_t)(job->data.at + job->data.len - from), true);
}

/* The id of the record a reference by key names, as a change of the reference field. */
static bool follow(struct job_run *run, const struct column *c, struct slice cell, struct change *change)
{
	char id[SF_ID_ROOM];

	if (!write_find_far(&run->writer, c->far, c->far_key, cell, c->field, id))
		return false;
	change->text = slice_of(arena_text(&run->arena, id));
	return true;
}

/* The record's cells become changes; false with a refusal. The Id is no change, nor is an empty cell. */
static bool read_cells(struct job_run *run)
{
	run->change_count = 0;
	for (size_t i = 0; i < run->column_count; i++) {
		const struct column *c = &run->columns[i];
		struct change *change = &run->changes[run->change_count];
		struct slice cell = run->cells[i];

		if (cell.len == 0 || i == run->id_column)
			continue;
		*change = (struct change){ .field = c->field };
		if (c->far) {
			if (!follow(run, c, cell, change))
				return false;
		} else if (slice_is(cell, "#N/A")) {
			change->null = true;
		} else if (!rule_read(c->field, cell, i, &run->arena, &change->text, &run->writer.why)) {
			return false;
		}
		run->change_count++;
	}
	return true;
}

/* Leaves out the changes that the record at hand cannot take: an upsert's header may hold both kinds. */
static void keep_writable(struct job_run *run, bool insert, const struct field *key)
{
	size_t kept = 0;

	for (size_t i = 0; i < run->change_count; i++) {
		const struct field *f = run->changes[i].field;

		if (insert ? f->createable : (f->updateable && f != key))
			run->changes[kept++] = run->changes[i];
	}
	run->change_count = kept;
}

static bool insert(struct job *job, struct job_run *run, struct job_row *row, uint32_t record)
{
	row->row = write_insert(&run->writer, record, run->changes, run->change_count);
	row->outcome = ROW_CREATED;
	(void)job;
	return row->row != 0;
}

static bool update(struct job_run *run, struct job_row *row, uint32_t record, uint32_t number)
{
	row->row = number;
	row->outcome = ROW_WRITTEN;
	return write_update(&run->writer, record, number, run->changes, run->change_count) != 0;
}

static bool no_id(struct job_run *run, const char *call)
{
	return refuse(&run->writer.why, "MISSING_ARGUMENT", NULL, "Id not specified in %s call", call);
}

static bool upsert(struct job *job, struct job_run *run, struct job_row *row, uint32_t record)
{
	struct slice cell = run->cells[run->key_column];
	uint32_t number = 0;

	if (run->id_column != SIZE_MAX && run->id_column != run->key_column && run->cells[run->id_column].len)
		return refuse(&run->writer.why, "INVALID_FIELD_FOR_INSERT_UPDATE", "Id",
		              "Id cannot be given beside the external id %s", job->key->name);
	if (job->key->origin == FROM_ID && cell.len) {
		number = write_find(&run->writer, cell, false);
		if (!number)
			return false;
	} else if (cell.len && !write_find_upserted(&run->writer, job->key, cell, &number)) {
		return false;
	}
	keep_writable(run, number == 0, job->key);
	return number ? update(run, row, record, number) : insert(job, run, row, record);
}

static bool delete (struct job *job, struct job_run *run, struct job_row *row, uint32_t record, struct slice id)
{
	bool purge = job->operation == OP_HARD_DELETE;
	uint32_t number = write_find(&run->writer, id, purge);

	if (!number)
		return false;
	row->row = write_delete(&run->writer, record, number, purge);
	row->outcome = ROW_WRITTEN;
	return row->row != 0;
}

static bool carry_out(struct job *job, struct job_run *run, struct job_row *row, uint32_t record)
{
	struct slice id = { NULL, 0 };
	uint32_t number;

	if (run->id_column != SIZE_MAX)
		id = run->cells[run->id_column];
	switch (job->operation) {
	case OP_INSERT:
		return read_cells(run) && insert(job, run, row, record);
	case OP_UPSERT:
		return read_cells(run) && upsert(job, run, row, record);
	case OP_UPDATE:
		if (!read_cells(run))
			return false;
		if (id.len == 0)
			return no_id(run, "an update");
		number = write_find(&run->writer, id, false);
		return number && update(run, row, record, number);
	default:
		return id.len == 0 ? no_id(run, "a delete") : delete (job, run, row, record, id);
	}
}

bool job_run_goes_on(const struct job *job)
{
	return job->run->csv.at < job->run->csv.end;
}

const char *job_run_trouble(const struct job *job)
{
	return job->run && job->run->trouble[0] ? job->run->trouble : NULL;
}

/* Is the record one that the parser reads at all? Otherwise the job ends here; what was written stays. */
static bool is_readable(struct job_run *run, enum csv_result result)
{
	size_t all = 0, longest = 0;

	if (result == CSV_BROKEN && run->csv.why == csv_too_many_cells)
		snprintf(run->trouble, sizeof run->trouble, "InvalidBatch : %s", TOO_WIDE);
	if (run->csv.raw.len <= MOST_IN_FIELD)
		return !run->trouble[0];
	for (size_t i = 0; i < run->cell_count; i++) {
		size_t len = text_length(run->cells[i]);

		all += len;
		longest = len > longest ? len : longest;
	}
	if (longest > MOST_IN_FIELD)
		snprintf(run->trouble, sizeof run->trouble,
		         "InvalidBatch : Failed to parse CSV. Exceeded max field size: %zu", longest);
	else if (all > MOST_IN_RECORD)
		snprintf(run->trouble, sizeof run->trouble,
		         "InvalidBatch : Failed to parse CSV. Exceeded max length for one record: %zu. Max "
		         "length "
		         "for one record should be less than or equal to %d",
		         all, MOST_IN_RECORD);
	return !run->trouble[0];
}

static bool is_whole(struct job_run *run, enum csv_result result)
{
	struct refusal *why = &run->writer.why;

	if (result != CSV_RECORD)
		return refuse(why, "INVALID_FIELD", NULL, "%s", NO_CSV);
	if (run->cell_count != run->column_count)
		return refuse(why, "INVALID_FIELD", NULL, "The record has %zu values for %zu columns",
		              run->cell_count, run->column_count);
	return true;
}

static bool is_single(struct job_run *run, size_t in_chunk)
{
	uint32_t column = run->has_keys ? run->twice[in_chunk] : 0;

	if (column == 0)
		return true;
	return refuse(&run->writer.why, "DUPLICATE_VALUE", run->columns[column - 1].field->name,
	              "Duplicate external id specified: %.*s", SLICE_ARGS(run->cells[column - 1]));
}

static bool is_unlocked(struct job_run *run, struct scenario *s)
{
	if (!scenario_locks(s) || !scenario_locked(s, cell_named, run))
		return true;
	return refuse(&run->writer.why, "UNABLE_TO_LOCK_ROW", NULL,
	              "unable to obtain exclusive access to this record or 1 records: %.*s",
	              SLICE_ARGS(cell_named(run, slice_of("Id"))));
}

static void work_on(struct job *job, struct job_run *run, struct scenario *s, enum csv_result result,
                    size_t in_chunk)
{
	struct job_row *row = add_row(job, run->csv.raw);
	struct buf text;

	if (!row || !is_readable(run, result))
		return;
	arena_clear(&run->arena);
	if (is_whole(run, result) && is_single(run, in_chunk) && is_unlocked(run, s) &&
	    carry_out(job, run, row, (uint32_t)job->row_count))
		return;
	row->row = 0;
	buf_init(&text, 1024 * 1024);
	refusal_add_text(&text, &run->writer.why);
	job_fail_row(job, row, text.at ? realloc(text.at, text.len + 1) : NULL);
}

size_t job_run_chunk(struct job *job, struct scenario *s, int64_t now)
{
	struct job_run *run = job->run;
	enum csv_result result;
	size_t n = 0;

	run->writer.now = now;
	run->writer.newest =
		job->table->count; /* a chunk is written at once: its records cannot mean each other */
	run->writer.policy = &s->policy;
	if (run->has_keys)
		find_twice(job, run);
	while (n < JOB_CHUNK && (job->fate.fail_after < 0 || (int64_t)job->processed < job->fate.fail_after)) {
		result = next_record(run);
		if (result == CSV_END || result == CSV_MEMORY)
			break;
		work_on(job, run, s, result, n);
		if (run->trouble[0])
			break;
		job->processed++;
		n++;
	}
	return n;
}

void job_run_cut_rest(struct job *job)
{
	struct job_run *run = job->run;
	enum csv_result result;

	while ((result = next_record(run)) == CSV_RECORD || result == CSV_BROKEN)
		if (!add_row(job, run->csv.raw))
			return;
}
