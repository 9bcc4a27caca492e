#include "ui/console/feed_records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/csv.h"
#include "base/hash.h"
#include "core/source/source.h"

static int page_after(struct journal *j, const struct records_screen *records, int64_t after, int room,
                      struct err *e)
{
	return outcome_group_page(j, records->run, records->group.id, after, records->rows, room, e);
}

/* The record number of the last row of the group, 0 if there is none: by halving, as pages only go forward. */
static int64_t last_record(struct journal *j, struct records_screen *records, int64_t most, struct err *e)
{
	int64_t low = 0, high = most;

	while (low < high) {
		int64_t middle = low + (high - low) / 2;

		if (page_after(j, records, middle, 1, e) > 0)
			low = records->rows[0].record;
		else
			high = middle;
	}
	return low;
}

/* Rows that end with `last` (included): steps back until a page is full or the group begins. */
static int page_up_to(struct journal *j, struct records_screen *records, int64_t last, struct err *e)
{
	int64_t step = RECORDS_WINDOW;
	int64_t from = 0, too_far = -1; /* a page after `too_far` does not reach `last` any more */
	int n = 0;

	for (int tries = 0; tries < 80; tries++) {
		from = last > step ? last - step : 0;
		if (from <= too_far)
			from = too_far + 1;
		n = page_after(j, records, from, RECORDS_WINDOW, e);
		if (n < 0)
			return -1;
		if (n == RECORDS_WINDOW && records->rows[n - 1].record < last) {
			too_far = from;
			step = (last - too_far) / 2;
			continue;
		}
		while (n > 0 && records->rows[n - 1].record > last)
			n--;
		if (from == 0 || n >= RECORDS_PAGE || (too_far >= 0 && from == too_far + 1))
			break;
		step = too_far >= 0 ? (step + last - too_far) / 2 + 1 : step * 2;
	}
	return n;
}

/* Is there a row of the group before `record`? */
static bool is_first(struct journal *j, const struct records_screen *records, int64_t record, struct err *e)
{
	struct outcome_row first;

	return outcome_group_page(j, records->run, records->group.id, 0, &first, 1, e) <= 0 ||
	       first.record >= record;
}

static int read_want(struct journal *j, struct records_screen *records, enum records_want want, int64_t focus,
                     struct err *e)
{
	int64_t first = records->count ? records->rows[0].record : 0;
	int64_t middle = records->count > RECORDS_PAGE ? records->rows[records->count - RECORDS_PAGE].record
	                                               : first;

	switch (want) {
	case RECORDS_LAST:
		return page_up_to(j, records, last_record(j, records, (int64_t)1 << 40, e), e);
	case RECORDS_NEXT: /* the second half of the window, and a page behind it */
		return page_after(j, records, middle - 1, RECORDS_WINDOW, e);
	case RECORDS_BEFORE:
		return page_up_to(j, records, focus + RECORDS_PAGE / 2, e);
	case RECORDS_SAME:
		return page_after(j, records, first ? first - 1 : 0, RECORDS_WINDOW, e);
	default:
		return page_after(j, records, 0, RECORDS_WINDOW, e);
	}
}

/* The cursor: on the record it was on (or the next one still there), one further, or at the end that was asked for. */
static void place_cursor(struct records_screen *records, int64_t focus, enum records_want want)
{
	struct table *table = &records->table;
	size_t at = 0;

	table->count = records->count;
	while (at < records->count && records->rows[at].record < focus)
		at++;
	if (want == RECORDS_NEXT && at < records->count && records->rows[at].record == focus)
		at++;
	if (want == RECORDS_BEFORE && at > 0)
		at--;
	if (want == RECORDS_FIRST)
		at = 0;
	if (want == RECORDS_LAST || at >= records->count)
		at = records->count ? records->count - 1 : 0;
	table->cursor = at;
}

int feed_records(struct journal *j, struct records_screen *records, struct err *e)
{
	enum records_want want = records->want;
	size_t cursor = records->table.cursor;
	int64_t focus;
	int n;

	records->want = RECORDS_NOTHING;
	if (!records->rows)
		records->rows = calloc(RECORDS_WINDOW, sizeof *records->rows);
	if (!records->rows) {
		err_memory(e, "the records");
		return -1;
	}
	focus = cursor < records->count ? records->rows[cursor].record : 0;
	n = read_want(j, records, want, focus, e);
	records->count = n > 0 ? (size_t)n : 0;
	records->at_start = !n || is_first(j, records, records->rows[0].record, e);
	records->at_end = n < RECORDS_WINDOW;
	if (want == RECORDS_BEFORE && n > 0) {
		struct outcome_row behind;

		records->at_end = outcome_group_page(j, records->run, records->group.id,
		                                     records->rows[n - 1].record, &behind, 1, e) <= 0;
	}
	place_cursor(records, focus, want);
	return n;
}

/* Names of the file's columns, if the file is still what it was; else none. */
static struct source *open_source(const struct run *run)
{
	struct source_options options = { .delimiter = run->delimiter, .beginning = true };
	struct source *source = NULL;
	struct stat st;
	struct err e;

	err_init(&e);
	if (stat(run->file, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size != run->file_size)
		return NULL;
	if (source_reading_of(run->reading, &options, &e) != ERR_OK ||
	    source_open(&source, run->file, &options, &e) != ERR_OK)
		return NULL;
	return source;
}

static void name_columns(struct record_screen *screen, const struct source *source)
{
	const struct source_shape *shape = source ? source_shape(source) : NULL;

	for (size_t i = 0; i < screen->count; i++) {
		char number[40];

		snprintf(number, sizeof number, "column %zu", i + 1);
		screen->columns[i] = shape && i < shape->column_count
		                             ? arena_slice(&screen->arena, shape->columns[i])
		                             : arena_text(&screen->arena, number);
		if (!screen->columns[i])
			screen->columns[i] = "";
	}
}

static void cut_cells(struct record_screen *screen, const struct run *run, struct slice raw)
{
	struct source *source = open_source(run);
	struct csv csv;

	csv_init(&csv, run->delimiter ? run->delimiter : ',');
	csv_window(&csv, raw.at, raw.len, true);
	if (csv_next(&csv) == CSV_RECORD) {
		screen->columns = arena_alloc(&screen->arena, csv.count * sizeof *screen->columns);
		screen->cells = arena_alloc(&screen->arena, csv.count * sizeof *screen->cells);
		screen->count = screen->columns && screen->cells ? csv.count : 0;
		for (size_t i = 0; i < screen->count; i++) {
			screen->cells[i] = arena_slice(&screen->arena, csv.cells[i]);
			if (!screen->cells[i])
				screen->cells[i] = "";
		}
		name_columns(screen, source);
	} else if (raw.len) {
		screen->why_no_source = "Its text in the file cannot be cut into cells.";
	}
	screen->table.count = screen->count;
	csv_release(&csv);
	source_close(source);
}

void feed_record(struct journal *j, struct model *model)
{
	struct record_screen *screen = &model->record;
	struct run run;
	struct buf raw;
	struct err e;
	bool found;

	err_init(&e);
	buf_init(&raw, CSV_MOST_BYTES);
	arena_clear(&screen->arena);
	screen->read = true;
	if (run_get(j, screen->run, &run, &e) != ERR_OK ||
	    outcome_get(j, screen->run, screen->record, &screen->row, &found, &e) != ERR_OK ||
	    outcome_source(j, screen->run, screen->record, &raw, &e) != ERR_OK)
		model_tell(model, STYLE_ERROR, "%s", e.text);
	else
		cut_cells(screen, &run, buf_slice(&raw));
	if (e.code == ERR_OK)
		memcpy(screen->instance_url, run.instance_url, sizeof screen->instance_url);
	record_find_blamed(screen);
	buf_release(&raw);
}
