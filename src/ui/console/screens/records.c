/* records.c - the records of one group, a window of them at a time: the list may have millions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ui/console/chrome.h"
#include "ui/console/model.h"

void records_reset(struct records_screen *records, int64_t run, const struct outcome_group *group)
{
	records_release(records);
	memset(records, 0, sizeof *records);
	records->run = run;
	records->group = *group;
	records->want = RECORDS_FIRST;
}

void records_release(struct records_screen *records)
{
	free(records->rows);
	records->rows = NULL;
	table_release(&records->table);
}

/* At an edge of the window more is wanted; the feed keeps the cursor on its record. */
static void want_more(struct records_screen *records, struct key key, size_t was)
{
	struct table *table = &records->table;
	bool down = key.code == K_DOWN || key.code == K_PGDN || key_is(key, K_CHAR, 'j') ||
	            key_is(key, K_CTRL, 'd');

	if (key.code == K_END || key_is(key, K_CHAR, 'G'))
		records->want = records->at_end ? RECORDS_NOTHING : RECORDS_LAST;
	else if (key.code == K_HOME || key_is(key, K_CHAR, 'g'))
		records->want = records->at_start ? RECORDS_NOTHING : RECORDS_FIRST;
	else if (down && was + 1 == table->count && !records->at_end)
		records->want = RECORDS_NEXT;
	else if (!down && table->cursor == 0 && was == 0 && !records->at_start)
		records->want = RECORDS_BEFORE;
}

static void records_update(struct model *model, enum verb verb, struct key key)
{
	struct records_screen *records = &model->records;
	size_t was = records->table.cursor;
	const struct outcome_row *row = was < records->count ? &records->rows[was] : NULL;

	if (verb == VERB_RECORD && row) {
		record_reset(&model->record, records->run, row->record);
		model_push(model, SCREEN_RECORD);
	} else if (table_move(&records->table, key, model->rows - 7)) {
		want_more(records, key, was);
	}
}

static void view_row(struct grid *grid, int at, const struct outcome_row *row, bool focus)
{
	char number[28];
	int id = grid->columns >= 100 ? 20 : 0;

	grid_text(grid, at, 1, 1, focus ? "▸" : " ", STYLE_KEY);
	grid_right(grid, at, 2, 12, text_count(row->record, number, sizeof number), STYLE_PLAIN);
	grid_put(grid, at, 16, grid->columns - 17 - id - 9, slice_of(row->text[0] ? row->text : row->code),
	         GIVE_END, STYLE_PLAIN);
	grid_putf(grid, at, grid->columns - id - 9, 8, STYLE_DIM, "try %d", row->attempt);
	if (id)
		grid_text(grid, at, grid->columns - id, id - 1, row->id[0] ? row->id : "–", STYLE_DIM);
	if (focus)
		grid_focus(grid, at, 1, grid->columns - 2);
}

static int view_title(const struct model *model, struct grid *grid)
{
	const struct records_screen *records = &model->records;
	char title[REVIEW_WORDS + 64], words[REVIEW_WORDS];

	snprintf(title, sizeof title, "Run %lld › Review › %s", (long long)records->run,
	         review_words(&records->group, words));
	return chrome_title_message(grid, title, model_badge(model, records->run));
}

static void records_view(struct model *model, struct grid *grid)
{
	struct records_screen *records = &model->records;
	int top = view_title(model, grid) + 1;
	int page = grid->rows - 5 - top;
	char right[64], number[28];

	snprintf(right, sizeof right, "%s record%s", text_count(records->group.count, number, sizeof number),
	         records->group.count == 1 ? "" : "s");
	grid_right(grid, top - 1, 2, 12, "record", STYLE_DIM);
	grid_text(grid, top - 1, 16, grid->columns - 17, "what Salesforce said", STYLE_DIM);
	grid_right(grid, top - 1, grid->columns - 21, 20, right, STYLE_DIM);
	table_scroll(&records->table, page);
	for (int i = 0; i < page && records->table.top + (size_t)i < records->count; i++) {
		size_t at = records->table.top + (size_t)i;

		view_row(grid, top + i, &records->rows[at], at == records->table.cursor);
	}
	if (records->want == RECORDS_NOTHING && !records->count)
		grid_text(grid, top, 3, grid->columns - 4, "None of them is left. Esc goes back.", STYLE_DIM);
	chrome_rule(grid, grid->rows - 5);
	if (records->table.cursor < records->count)
		chrome_wrap(grid, grid->rows - 4, 1, grid->columns - 2, 3,
		            records->rows[records->table.cursor].text, STYLE_PLAIN);
}

static const char *records_refuses(const struct model *model, enum verb verb)
{
	if (!model->records.count && (verb == VERB_RECORD || verb == VERB_COPY))
		return "None of them is left: Esc goes back";
	return NULL;
}

static void records_copies(const struct model *model, struct copies *copies)
{
	const struct records_screen *records = &model->records;
	const struct outcome_row *row = &records->rows[records->table.cursor];
	char number[28];

	if (records->table.cursor >= records->count)
		return;
	copies_add(copies, "Id", "%s", row->id);
	copies_add(copies, "message", "%s", row->text);
	snprintf(number, sizeof number, "%lld", (long long)row->record);
	copies_add(copies, "record number", "%s", number);
	copies_add(copies, "the command", "longshore show %lld --record %s", (long long)records->run, number);
}

const struct screen screen_records = {
	.update = records_update,
	.view = records_view,
	.refuses = records_refuses,
	.copies = records_copies,
};
