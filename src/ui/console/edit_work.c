#include "ui/console/edit_work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/text.h"
#include "core/engine/edit_file.h"
#include "core/engine/edited.h"
#include "core/engine/run_source.h"

enum { PAGE = 200 };

/* The records of a run as they would go now. */
struct reader {
	struct journal *j;
	struct run run;
	struct source *source;
	struct run_kept kept;
	struct edited edited;
};

static struct reader *reader_open(struct journal *j, int64_t run, bool edited, struct err *e)
{
	struct reader *r = calloc(1, sizeof *r);

	if (!r) {
		err_memory(e, "the records");
		return NULL;
	}
	r->j = j;
	if (run_get(j, run, &r->run, e) == ERR_OK &&
	    run_source_open(&r->source, &r->kept, j, &r->run, NULL, e) == ERR_OK && edited)
		edited_use(&r->edited, r->source, j, run, e);
	return r;
}

static void reader_close(struct reader *r)
{
	if (!r)
		return;
	source_close(r->source);
	edited_release(&r->edited);
	free(r);
}

static enum err_code read_record(struct reader *r, int64_t number, int64_t offset, struct record *record,
                                 struct err *e)
{
	bool more = false;

	if (source_seek(r->source, number, offset, e) != ERR_OK ||
	    source_next(r->source, record, &more, e) != ERR_OK)
		return e->code;
	if (more && !record->fault)
		return ERR_OK;
	return err_set(e, ERR_FILE, "record %lld cannot be read: %s", (long long)number,
	               more ? record->fault : "its source has changed");
}

/* Hands over what each record of the wish would send in its column. */
typedef enum err_code each_value(void *ctx, int64_t record, struct slice value, struct err *e);

static enum err_code one_value(struct reader *r, const struct edit_wish *wish, const struct outcome_row *row,
                               each_value *each, void *ctx, struct err *e)
{
	struct record record = { 0 };

	if (read_record(r, row->record, row->offset, &record, e) != ERR_OK)
		return e->code;
	if (wish->column >= record.count)
		return err_set(e, ERR_FILE, "record %lld has no column %s", (long long)row->record, wish->name);
	return each(ctx, row->record, record.cells[wish->column], e);
}

static enum err_code of_group(struct reader *r, const struct edit_wish *wish, const atomic_bool *stop,
                              each_value *each, void *ctx, struct err *e)
{
	struct outcome_row *rows = calloc(PAGE, sizeof *rows);
	int64_t after = 0;
	int n;

	if (!rows)
		return err_memory(e, "the records");
	do {
		n = outcome_group_page(r->j, wish->run, wish->group, after, rows, PAGE, e);
		for (int i = 0; i < n && e->code == ERR_OK; i++)
			one_value(r, wish, &rows[i], each, ctx, e);
		if (n > 0)
			after = rows[n - 1].record;
		if (stop && atomic_load(stop))
			err_set(e, ERR_STOPPED, "stopped");
	} while (n == PAGE && e->code == ERR_OK);
	free(rows);
	return e->code;
}

/* The value that a reach of the wish makes of another record's, put together in `b`. False if it does not mean that one. */
static bool becomes(const struct edit_wish *wish, enum edit_reach reach, struct slice value, struct buf *b)
{
	size_t from, to;

	buf_clear(b);
	if (reach == EDIT_CUT) {
		if (!edit_cut(value, wish->limit, &value))
			return false;
		buf_add(b, value.at, value.len);
		return true;
	}
	if (reach == EDIT_SAME && !slice_is(value, wish->was))
		return false;
	if (reach != EDIT_BEGINNING) {
		buf_add_text(b, wish->value);
		return true;
	}
	if (!edit_beginning(wish, &from, &to) || value.len <= from || memcmp(value.at, wish->was, from) != 0)
		return false;
	buf_add(b, wish->value, to);
	buf_add(b, value.at + from, value.len - from);
	return true;
}

/* ---- counting ---- */

struct counting {
	const struct edit_wish *wish;
	struct edit_found *found;
	struct buf b;
};

static void show(char to[EDIT_SHOWN], struct slice value)
{
	struct buf b;

	buf_init(&b, (size_t)EDIT_SHOWN * 4);
	if (value.len > EDIT_SHOWN / 4)
		value.len = EDIT_SHOWN / 4;
	text_show(&b, value, false);
	snprintf(to, EDIT_SHOWN, "%s", buf_text(&b));
	buf_release(&b);
}

/* Of a text that is cut its length matters, and where it ends then. */
static void show_cut(struct edit_found *found, struct slice was, struct slice becomes)
{
	struct slice tail = becomes;
	char end[EDIT_SHOWN];

	if (tail.len > EDIT_SHOWN / 4)
		tail = (struct slice){ becomes.at + becomes.len - EDIT_SHOWN / 4, EDIT_SHOWN / 4 };
	while (tail.len && ((unsigned char)*tail.at & 0xc0) == 0x80)
		tail = (struct slice){ tail.at + 1, tail.len - 1 };
	show(end, tail);
	snprintf(found->was[found->examples], EDIT_SHOWN, "%zu characters", text_length(was));
	snprintf(found->becomes[found->examples++], EDIT_SHOWN, "…%.48s", end);
}

static void count_text(struct edit_found *found, struct slice value)
{
	int i = 0;

	while (i < found->value_count && !slice_is(value, found->values[i].text))
		i++;
	if (i == found->value_count) {
		if (i == EDIT_VALUES || value.len >= EDIT_VALUE || !line_fits(value)) {
			found->others++;
			return;
		}
		snprintf(found->values[i].text, EDIT_VALUE, "%.*s", SLICE_ARGS(value));
		found->value_count++;
	}
	found->values[i].count++;
}

static enum err_code count_value(void *ctx, int64_t record, struct slice value, struct err *e)
{
	struct counting *c = ctx;
	struct edit_found *found = c->found;

	(void)e;
	for (enum edit_reach reach = EDIT_SAME; reach < EDIT_REACHES; reach++) {
		if (!becomes(c->wish, reach, value, &c->b))
			continue;
		found->count[reach]++;
		if (found->examples == EDIT_EXAMPLES || record == c->wish->record)
			continue;
		if (reach == EDIT_CUT)
			show_cut(found, value, buf_slice(&c->b));
		if (reach != EDIT_BEGINNING)
			continue;
		show(found->was[found->examples], value);
		show(found->becomes[found->examples++], buf_slice(&c->b));
	}
	count_text(found, value);
	return ERR_OK;
}

enum err_code edit_count(struct journal *j, const struct edit_wish *wish, atomic_bool *stop,
                         struct edit_found *found, struct err *e)
{
	struct reader *r = reader_open(j, wish->run, true, e);
	struct edit_wish here = *wish;
	struct counting c = { .wish = &here, .found = found };

	*found = (struct edit_found){ .count = { [EDIT_THIS] = 1 } };
	buf_init(&c.b, CSV_MOST_BYTES);
	if (e->code == ERR_OK && wish->fix)
		edit_find_column(j, &r->run, source_shape(r->source), &here, e);
	if (e->code == ERR_OK)
		of_group(r, &here, stop, count_value, &c, e);
	found->column = here.column;
	snprintf(found->name, sizeof found->name, "%s", here.name);
	buf_release(&c.b);
	reader_close(r);
	return e->code;
}

/* ---- a step ---- */

void edit_step_free(struct edit_step *step)
{
	if (!step)
		return;
	free(step->edits);
	free(step->before);
	arena_release(&step->texts);
	free(step);
}

static struct edit_step *step_new(int64_t run, struct err *e)
{
	struct edit_step *step = calloc(1, sizeof *step);

	if (!step) {
		err_memory(e, "edits");
		return NULL;
	}
	step->run = run;
	arena_init(&step->texts);
	return step;
}

/* Texts are copied; `value` at NULL: as the file has it. */
static enum err_code step_add(struct edit_step *step, int64_t record, struct slice column, struct slice value,
                              struct err *e)
{
	struct edit edit = { record, column, value };

	if (step->count == step->room) {
		size_t room = step->room ? step->room * 2 : 16;
		struct edit *more = realloc(step->edits, room * sizeof *more);

		if (!more)
			return err_memory(e, "edits");
		step->edits = more;
		step->room = room;
	}
	edit.column.at = arena_slice(&step->texts, column);
	edit.value.at = value.at ? arena_slice(&step->texts, value) : NULL;
	if (!edit.column.at || (value.at && !edit.value.at))
		return err_memory(e, "edits");
	if (!step->count || step->edits[step->count - 1].record != record)
		step->records++;
	step->edits[step->count++] = edit;
	return ERR_OK;
}

struct changing {
	const struct edit_wish *wish;
	struct edit_step *step;
	struct slice column;
	struct buf b;
};

static enum err_code change_value(void *ctx, int64_t record, struct slice value, struct err *e)
{
	struct changing *c = ctx;

	if (!becomes(c->wish, c->wish->reach, value, &c->b))
		return ERR_OK;
	return step_add(c->step, record, c->column, buf_slice(&c->b), e);
}

static void find_all(struct reader *r, struct changing *c, struct err *e)
{
	const struct source_shape *shape = source_shape(r->source);

	if (c->wish->column >= shape->column_count) {
		err_set(e, ERR_FILE, "the file has no column %s", c->wish->name);
		return;
	}
	c->column = shape->columns[c->wish->column];
	if (c->wish->reach == EDIT_THIS)
		step_add(c->step, c->wish->record, c->column, slice_of(c->wish->value), e);
	else
		of_group(r, c->wish, NULL, change_value, c, e);
}

enum err_code edit_step_of(struct edit_step **step, struct journal *j, const struct edit_wish *wish,
                           struct err *e)
{
	struct reader *r = reader_open(j, wish->run, true, e);
	struct changing c = { .wish = wish, .step = step_new(wish->run, e) };

	buf_init(&c.b, CSV_MOST_BYTES);
	if (c.step && e->code == ERR_OK)
		find_all(r, &c, e);
	buf_release(&c.b);
	reader_close(r);
	*step = c.step;
	return e->code;
}

/* What was edited there before, so that it can be taken back to. */
struct looking {
	struct edit_step *step;
	size_t first, end; /* its edits of the record at hand */
	bool failed;
};

static void keep_before(void *ctx, const struct edit_row *row)
{
	struct looking *l = ctx;

	for (size_t i = l->first; i < l->end && row->edited; i++) {
		char *copy;

		if (!slice_equal(l->step->edits[i].column, row->column))
			continue;
		copy = arena_slice(&l->step->texts, row->value);
		l->step->before[i] = (struct slice){ copy, row->value.len };
		l->failed = l->failed || !copy;
	}
}

static enum err_code learn_before(struct journal *j, struct edit_step *step, struct err *e)
{
	struct looking l = { .step = step };

	step->before = calloc(step->count + 1, sizeof *step->before);
	if (!step->before)
		return err_memory(e, "edits");
	while (l.end < step->count && e->code == ERR_OK) {
		l.first = l.end;
		while (l.end < step->count && step->edits[l.end].record == step->edits[l.first].record)
			l.end++;
		edit_each(j, step->run, step->edits[l.first].record, keep_before, &l, e);
	}
	step->known = e->code == ERR_OK && !l.failed;
	return l.failed ? err_memory(e, "edits") : e->code;
}

static void swap(struct edit_step *step)
{
	for (size_t i = 0; i < step->count; i++) {
		struct slice value = step->edits[i].value;

		step->edits[i].value = step->before[i];
		step->before[i] = value;
	}
}

enum err_code edit_step_do(struct journal *j, struct edit_step *step, bool back, struct err *e)
{
	int64_t changed;

	if (!step->known && learn_before(j, step, e) != ERR_OK)
		return e->code;
	if (back)
		swap(step);
	edit_put(j, step->run, step->edits, step->count, &changed, e);
	if (back)
		swap(step);
	return e->code;
}

/* ---- the file for the editor ---- */

/* Is the column one of those that a list of fields names, or a lookup by one of them? */
static bool is_named(struct slice column, const char *fields)
{
	struct slice rest = slice_of(fields);
	const char *dot = memchr(column.at, '.', column.len);

	if (dot)
		column.len = (size_t)(dot - column.at);
	while (rest.len) {
		const char *comma = memchr(rest.at, ',', rest.len);
		size_t len = comma ? (size_t)(comma - rest.at) : rest.len;

		if (slice_equal_fold(column, slice_trim((struct slice){ rest.at, len })))
			return true;
		rest.at += len + (comma != NULL);
		rest.len -= len + (comma != NULL);
	}
	return false;
}

struct filing {
	struct reader *r;
	FILE *out;
	bool *first; /* of each column: it was named by Salesforce, and comes first */
	struct buf line;
};

static void add_cells(struct filing *f, const struct slice *cells, bool header)
{
	const struct source_shape *shape = source_shape(f->r->source);

	for (int named = 1; named >= 0; named--)
		for (size_t i = 0; i < shape->column_count; i++) {
			if (f->first[i] != (named == 1))
				continue;
			buf_add_char(&f->line, ',');
			if (!header && source_is_null(cells[i]))
				buf_add_text(&f->line, "#N/A");
			else
				csv_add_cell(&f->line, cells[i], ',');
		}
}

static bool put_line(struct filing *f, const char *reason)
{
	bool whole;

	buf_add_char(&f->line, ',');
	csv_add_cell(&f->line, slice_of(reason), ',');
	buf_add_char(&f->line, '\n');
	whole = !f->line.short_of && fwrite(buf_text(&f->line), 1, f->line.len, f->out) == f->line.len;
	buf_clear(&f->line);
	return whole;
}

static enum err_code file_record(struct filing *f, const struct chunk_item *item, struct err *e)
{
	struct outcome_row row;
	struct record record = { 0 };
	bool found;

	if (read_record(f->r, item->record, item->offset, &record, e) != ERR_OK ||
	    outcome_get(f->r->j, f->r->run.id, item->record, &row, &found, e) != ERR_OK)
		return e->code;
	buf_addf(&f->line, "%lld", (long long)item->record);
	add_cells(f, record.cells, false);
	return put_line(f, found ? row.text : "")
	               ? ERR_OK
	               : err_set(e, ERR_FILE, "cannot write the file for the editor");
}

/* Which fields Salesforce named in these records: their columns come first. */
static enum err_code find_named(struct filing *f, const struct chunk_item *items, size_t count, struct err *e)
{
	const struct source_shape *shape = source_shape(f->r->source);
	struct outcome_row row;
	bool found;

	f->first = calloc(shape->column_count + 1, sizeof *f->first);
	if (!f->first)
		return err_memory(e, "the file for the editor");
	for (size_t n = 0; n < count && e->code == ERR_OK; n++)
		if (outcome_get(f->r->j, f->r->run.id, items[n].record, &row, &found, e) == ERR_OK && found)
			for (size_t i = 0; i < shape->column_count; i++)
				f->first[i] = f->first[i] || is_named(shape->columns[i], row.fields);
	return e->code;
}

static int by_record(const void *a, const void *b)
{
	int64_t x = ((const struct chunk_item *)a)->record, y = ((const struct chunk_item *)b)->record;

	return (x > y) - (x < y);
}

/* The records that `again` means, in record order. */
static enum err_code pick(struct journal *j, const struct again *again, struct chunk_item **items,
                          size_t *count, struct err *e)
{
	for (int i = 0; i < again_wishes(again) && e->code == ERR_OK; i++) {
		struct chunk_item *some = NULL, *all;
		struct retry_wish wish;
		size_t more = 0;

		again_wish(again, i, &wish);
		if (retry_pick(j, again->run, &wish, &some, &more, e) != ERR_OK)
			break;
		all = realloc(*items, (*count + more + 1) * sizeof *all);
		if (all) {
			*items = all;
			if (more)
				memcpy(all + *count, some, more * sizeof *all);
			*count += more;
		} else {
			err_memory(e, "the records");
		}
		free(some);
	}
	if (*count)
		qsort(*items, *count, sizeof **items, by_record);
	return e->code;
}

static void file_all(struct filing *f, const struct chunk_item *items, size_t count, struct err *e)
{
	if (find_named(f, items, count, e) != ERR_OK)
		return;
	buf_add_text(&f->line, "longshore_record");
	add_cells(f, source_shape(f->r->source)->columns, true);
	if (!put_line(f, "longshore_error"))
		err_set(e, ERR_FILE, "cannot write the file for the editor");
	for (size_t i = 0; i < count && e->code == ERR_OK; i++)
		file_record(f, &items[i], e);
}

enum err_code edit_file_write(struct journal *j, const struct again *again, const char *path, int64_t *count,
                              struct err *e)
{
	struct filing f = { .r = reader_open(j, again->run, true, e), .out = fopen(path, "w") };
	struct chunk_item *items = NULL;
	size_t n = 0;

	buf_init(&f.line, 2 * CSV_MOST_BYTES);
	if (!f.out && e->code == ERR_OK)
		err_set(e, ERR_FILE, "cannot write %s for the editor", path);
	if (e->code == ERR_OK && pick(j, again, &items, &n, e) == ERR_OK)
		file_all(&f, items, n, e);
	if (f.out && fclose(f.out) != 0 && e->code == ERR_OK)
		err_set(e, ERR_FILE, "cannot write %s for the editor", path);
	*count = (int64_t)n;
	free(items);
	free(f.first);
	buf_release(&f.line);
	reader_close(f.r);
	return e->code;
}

enum err_code edit_step_of_file(struct edit_step **step, struct journal *j, int64_t run, const char *path,
                                struct err *e)
{
	struct reader *r = reader_open(j, run, false, e);
	struct edit_file file = { 0 };

	*step = step_new(run, e);
	if (e->code == ERR_OK)
		edit_file_read(&file, path, r->source, j, &r->run, e);
	for (size_t i = 0; *step && i < file.count && e->code == ERR_OK; i++)
		step_add(*step, file.edits[i].record, file.edits[i].column, file.edits[i].value, e);
	edit_file_release(&file);
	reader_close(r);
	return e->code;
}

enum err_code edit_leave_out(struct journal *j, const struct again *again, const char *reason, int64_t *count,
                             struct err *e)
{
	struct chunk_item *items = NULL;
	size_t n = 0;

	if (pick(j, again, &items, &n, e) == ERR_OK)
		outcome_leave_out(j, again->run, items, n, reason, count, e);
	free(items);
	return e->code;
}
