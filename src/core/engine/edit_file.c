#include "core/engine/edit_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/paths.h"
#include "store/outcomes.h"

enum { SHOWN = 60, MOST_NUMBERS = 256 * 1024 * 1024 };

struct reading {
	struct edit_file *file;
	const char *path;
	struct journal *j;
	const struct run *run;
	struct source *source; /* of the run */
	struct source *edited; /* the file */
	int *column;           /* of the source, for each of the file's; -1: not looked at */
	size_t record_column;
	int64_t *numbers; /* of the records so far */
	size_t number_count, number_room;
	struct slice *now; /* what the record at hand would send */
};

static bool grow(void *array, size_t count, size_t *room, size_t size)
{
	void **at = array;
	size_t more = *room ? *room * 2 : 256;
	void *bigger;

	if (count < *room)
		return true;
	bigger = realloc(*at, more * size);
	if (!bigger)
		return false;
	*at = bigger;
	*room = more;
	return true;
}

static bool is_ours(struct slice column)
{
	static const char prefix[] = "longshore_";

	return column.len >= sizeof prefix - 1 &&
	       slice_equal_fold((struct slice){ column.at, sizeof prefix - 1 }, slice_of(prefix));
}

static int position(const struct source_shape *shape, struct slice column)
{
	for (size_t i = 0; i < shape->column_count; i++)
		if (slice_equal_fold(shape->columns[i], column))
			return (int)i;
	return -1;
}

/* Which column of the source each of the file's is. */
static enum err_code find_columns(struct reading *r, struct err *e)
{
	const struct source_shape *shape = source_shape(r->edited);
	bool found = false;

	r->column = malloc((shape->column_count + 1) * sizeof *r->column);
	if (!r->column)
		return err_memory(e, "edits");
	for (size_t i = 0; i < shape->column_count; i++) {
		struct slice name = shape->columns[i];

		r->column[i] = position(source_shape(r->source), name);
		if (slice_equal_fold(name, slice_of("longshore_record"))) {
			r->record_column = i;
			r->column[i] = -1;
			found = true;
		} else if (r->column[i] < 0 && !is_ours(name)) {
			return err_set(e, ERR_USAGE,
			               "%s has a column \"%.*s\" that the source of run %lld has not", r->path,
			               name.len < SHOWN ? (int)name.len : SHOWN, name.at,
			               (long long)r->run->id);
		}
	}
	if (found)
		return ERR_OK;
	return err_set(e, ERR_USAGE,
	               "%s has no column longshore_record, so nobody knows which records its rows are: edit a "
	               "file that `longshore export %lld` wrote",
	               r->path, (long long)r->run->id);
}

static enum err_code read_number(struct reading *r, const struct record *row, int64_t *record, struct err *e)
{
	struct slice number;

	if (row->fault)
		return err_set(e, ERR_FILE, "row %lld of %s cannot be read: %s", (long long)row->number,
		               r->path, row->fault);
	number = slice_trim(row->cells[r->record_column]);
	if (!number_whole(number, record) || *record < 1 || *record > r->run->counts.records)
		return err_set(e, ERR_USAGE, "row %lld of %s is for record \"%.*s\", which run %lld has not",
		               (long long)row->number, r->path, number.len < SHOWN ? (int)number.len : SHOWN,
		               number.at, (long long)r->run->id);
	if (!grow(&r->numbers, r->number_count, &r->number_room, sizeof *r->numbers))
		return err_memory(e, "edits");
	r->numbers[r->number_count++] = *record;
	buf_addf(&r->file->records, "%s%lld", r->file->records.len ? "," : "", (long long)*record);
	return r->file->records.short_of ? err_memory(e, "edits") : ERR_OK;
}

/* What was edited before is what the record would send. */
static void use_edit(void *ctx, const struct edit_row *row)
{
	struct reading *r = ctx;
	int at = row->edited ? position(source_shape(r->source), row->column) : -1;

	if (at >= 0)
		r->now[at] = (struct slice){ arena_slice(&r->file->texts, row->value), row->value.len };
}

/* Texts are copied: the sources may be closed before. */
static bool add_edit(struct reading *r, int64_t record, struct slice column, struct slice value)
{
	struct edit_file *file = r->file;
	struct edit edit = { record, column, value };

	edit.column.at = arena_slice(&file->texts, column);
	if (value.at)
		edit.value.at = arena_slice(&file->texts, value);
	if (!edit.column.at || (value.at && !edit.value.at) ||
	    !grow(&file->edits, file->count, &file->room, sizeof *file->edits))
		return false;
	file->edits[file->count++] = edit;
	return true;
}

/* A field that JSON's null clears stands in an export as #N/A. */
static bool same_cell(struct slice wanted, struct slice now)
{
	return source_is_null(now) ? slice_is(wanted, "#N/A") : slice_equal(wanted, now);
}

/* The cells of a row against what its record would send, and what the source has. */
static enum err_code compare(struct reading *r, int64_t record, const struct record *row,
                             const struct record *was, struct err *e)
{
	for (size_t i = 0; i < row->count; i++) {
		int at = r->column[i];
		struct slice wanted = row->cells[i];

		if (at < 0 || same_cell(wanted, r->now[at]))
			continue;
		if (same_cell(wanted, was->cells[at]))
			wanted.at = NULL; /* back to it */
		else if (!wanted.at)
			wanted.at = "";
		if (!add_edit(r, record, source_shape(r->source)->columns[at], wanted))
			return err_memory(e, "edits");
	}
	return ERR_OK;
}

static enum err_code take_row(struct reading *r, const struct record *row, struct err *e)
{
	struct outcome_row outcome;
	struct record was;
	int64_t record = 0;
	bool found = false, more = true;

	if (read_number(r, row, &record, e) != ERR_OK ||
	    outcome_get(r->j, r->run->id, record, &outcome, &found, e) != ERR_OK)
		return e->code;
	if (!found)
		return err_set(
			e, ERR_USAGE,
			"record %lld of run %lld cannot be edited: it has not been sent yet, or is on its way",
			(long long)record, (long long)r->run->id);
	if (source_seek(r->source, record, outcome.offset, e) != ERR_OK ||
	    source_next(r->source, &was, &more, e) != ERR_OK)
		return e->code;
	if (!more || was.fault)
		return err_set(e, ERR_USAGE, "record %lld of run %lld cannot be edited: %s", (long long)record,
		               (long long)r->run->id, more ? was.fault : "its source has changed");
	memcpy(r->now, was.cells, was.count * sizeof *r->now);
	if (edit_each(r->j, r->run->id, record, use_edit, r, e) != ERR_OK)
		return e->code;
	return compare(r, record, row, &was, e);
}

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static enum err_code read_rows(struct reading *r, struct err *e)
{
	struct record row;
	bool more = true;
	enum err_code rc = ERR_OK;

	while (rc == ERR_OK && (rc = source_next(r->edited, &row, &more, e)) == ERR_OK && more)
		if (!row.blank)
			rc = take_row(r, &row, e);
	if (r->number_count)
		qsort(r->numbers, r->number_count, sizeof *r->numbers, by_number);
	for (size_t i = 1; i < r->number_count && rc == ERR_OK; i++)
		if (r->numbers[i] == r->numbers[i - 1])
			rc = err_set(e, ERR_USAGE, "%s has two rows for record %lld", r->path,
			             (long long)r->numbers[i]);
	return rc;
}

static enum err_code read_all(struct reading *r, struct err *e)
{
	enum err_code rc = find_columns(r, e);

	r->now = calloc(source_shape(r->source)->column_count + 1, sizeof *r->now);
	if (rc == ERR_OK)
		rc = r->now ? read_rows(r, e) : err_memory(e, "edits");
	r->file->rows = (int64_t)r->number_count;
	free(r->column);
	free(r->now);
	free(r->numbers);
	return rc;
}

enum err_code edit_file_read(struct edit_file *file, const char *path, struct source *source, struct journal *j,
                             const struct run *run, struct err *e)
{
	struct reading r = { .file = file, .path = paths_name(path), .j = j, .run = run, .source = source };
	enum err_code rc;

	*file = (struct edit_file){ 0 };
	arena_init(&file->texts);
	buf_init(&file->records, MOST_NUMBERS);
	rc = source_open(&r.edited, path, NULL, e);
	if (rc == ERR_OK)
		rc = read_all(&r, e);
	source_close(r.edited);
	return rc;
}

void edit_file_release(struct edit_file *file)
{
	free(file->edits);
	buf_release(&file->records);
	arena_release(&file->texts);
	*file = (struct edit_file){ 0 };
}
