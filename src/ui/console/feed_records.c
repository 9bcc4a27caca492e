#include "ui/console/feed_records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

static int page_into(struct journal *j, const struct records_screen *records, int64_t after,
                     struct outcome_row *rows, int room, struct err *e)
{
	if (records->state)
		return outcome_page(j, records->run, after, records->state, rows, room, e);
	return outcome_group_page(j, records->run, records->group.id, after, rows, room, e);
}

static int page_after(struct journal *j, const struct records_screen *records, int64_t after, int room,
                      struct err *e)
{
	return page_into(j, records, after, records->rows, room, e);
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

	return page_into(j, records, 0, &first, 1, e) <= 0 || first.record >= record;
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
	case RECORDS_AT:
		return page_after(j, records, records->at - 1, RECORDS_WINDOW, e);
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
	if (want == RECORDS_FIRST || want == RECORDS_AT)
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

		records->at_end = page_into(j, records, records->rows[n - 1].record, &behind, 1, e) <= 0;
	}
	place_cursor(records, focus, want);
	return n;
}

/* ---- looking for one ---- */

enum { FIND_ROWS = 200, FIND_MS = 8 };

/* The number that is typed, commas between the thousands allowed; 0 if it is none. */
static int64_t number_of(const char *text)
{
	int64_t number = 0;

	for (; *text; text++) {
		if (*text == ',')
			continue;
		if (*text < '0' || *text > '9' || number >= (int64_t)1 << 40)
			return 0;
		number = number * 10 + *text - '0';
	}
	return number;
}

static bool holds(const struct outcome_row *row, const char *text)
{
	size_t len = strlen(text);

	return strcasestr(row->text, text) || strcasestr(row->code, text) ||
	       (len >= 15 && strncmp(row->id, text, len < 18 ? 15 : 18) == 0);
}

static void show_record(struct model *model, int64_t record)
{
	model->records.find.looking = false;
	model->records.want = RECORDS_AT;
	model->records.at = record;
}

/* A number: the record itself, or the next one of these. */
static void find_number(struct journal *j, struct model *model, int64_t number)
{
	struct records_screen *records = &model->records;
	char wanted[28], is[28];
	struct outcome_row row;
	struct err e;

	err_init(&e);
	records->find.looking = false;
	text_count(number, wanted, sizeof wanted);
	if (page_into(j, records, number - 1, &row, 1, &e) <= 0) {
		model_tell(model, STYLE_WARN, "None of these records has the number %s or a higher one",
		           wanted);
		return;
	}
	if (row.record != number)
		model_tell(model, STYLE_PLAIN, "Record %s is not one of these: %s is the next one", wanted,
		           text_count(row.record, is, sizeof is));
	show_record(model, row.record);
}

/* One page further. False when the search is over. */
static bool find_page(struct journal *j, struct model *model, struct outcome_row *rows, struct err *e)
{
	struct records_find *find = &model->records.find;
	int n = page_into(j, &model->records, find->at, rows, FIND_ROWS, e);

	for (int i = 0; i < n && (!find->around || rows[i].record <= find->from); i++) {
		find->seen++;
		find->at = rows[i].record;
		if (holds(&rows[i], find->text)) {
			show_record(model, rows[i].record);
			return false;
		}
	}
	if (n == FIND_ROWS && (!find->around || rows[n - 1].record <= find->from))
		return true;
	if (n >= 0 && !find->around && find->from) {
		find->around = true;
		find->at = 0;
		return true;
	}
	find->looking = false;
	if (n < 0)
		model_tell(model, STYLE_ERROR, "%s", e->text);
	else
		model_tell(model, STYLE_WARN, "None of these records holds \"%s\"", find->text);
	return false;
}

void feed_find(struct journal *j, struct model *model)
{
	struct records_find *find = &model->records.find;
	int64_t began = clock_mono(&clock_real);
	struct outcome_row *rows;
	struct err e;

	err_init(&e);
	if (number_of(find->text)) {
		find_number(j, model, number_of(find->text));
		return;
	}
	rows = calloc(FIND_ROWS, sizeof *rows);
	while (rows && find->looking && clock_mono(&clock_real) - began < FIND_MS)
		if (!find_page(j, model, rows, &e))
			break;
	free(rows);
}
