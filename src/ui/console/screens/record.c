#include "ui/console/screens/record.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/console/chrome.h"
#include "ui/console/model.h"

void record_reset(struct record_screen *screen, int64_t run, int64_t record)
{
	record_release(screen);
	memset(screen, 0, sizeof *screen);
	screen->run = run;
	screen->record = record;
}

void record_release(struct record_screen *screen)
{
	arena_release(&screen->arena);
	table_release(&screen->table);
}

void record_follow(struct model *model, bool forward)
{
	struct records_screen *records = &model->records;
	size_t cursor = records->table.cursor, field = model->record.table.cursor;

	if (cursor >= records->count || records->rows[cursor].record == model->record.record) {
		model_tell(model, STYLE_PLAIN,
		           forward ? "This is the last record of the group"
		                   : "This is the first record of the group");
		return;
	}
	record_reset(&model->record, records->run, records->rows[cursor].record);
	model->record.table.cursor = field;
}

/* To the neighbour in the list of records this one was opened from. At an edge of what is read the feed goes on. */
static void step(struct model *model, bool forward)
{
	struct records_screen *records = &model->records;
	struct table *table = &records->table;

	if (forward && table->cursor + 1 >= records->count && !records->at_end) {
		records->want = RECORDS_NEXT;
		return;
	}
	if (!forward && table->cursor == 0 && !records->at_start) {
		records->want = RECORDS_BEFORE;
		return;
	}
	if (forward && table->cursor + 1 < records->count)
		table->cursor++;
	else if (!forward && table->cursor > 0)
		table->cursor--;
	record_follow(model, forward);
}

static void act_on(struct model *model, enum verb verb)
{
	struct again *again = &model->again;

	memset(again, 0, sizeof *again);
	again->run = model->record.run;
	again->in_doubt = model->record.row.state == OUTCOME_IN_DOUBT;
	snprintf(again->records, sizeof again->records, "%lld", (long long)model->record.record);
	snprintf(again->words, sizeof again->words, "%.199s", model->record.row.text);
	again_act(model, verb);
}

static const char *record_refuses(const struct model *model, enum verb verb)
{
	if (verb == VERB_RETRY && model->record.row.state == OUTCOME_WRITTEN)
		return "This record is written: there is nothing to try again";
	if (verb == VERB_RETRY && !model->record.row.record)
		return "This record is on its way: there is nothing to try again";
	if (verb == VERB_LEAVE_OUT && model->record.row.state != OUTCOME_FAILED)
		return "Only a record that has failed can be left out";
	if (verb == VERB_EDIT && edit_refuses(model))
		return edit_refuses(model);
	return review_refuse(model, model->record.run, verb);
}

static void record_update(struct model *model, enum verb verb, struct key key)
{
	struct record_screen *screen = &model->record;

	if (verb == VERB_RETRY || verb == VERB_LEAVE_OUT)
		act_on(model, verb);
	else if (verb == VERB_EDIT)
		edit_ask_value(model);
	else if (verb == VERB_ASK)
		review_ask(model, screen->run);
	else if (verb == VERB_NEXT)
		step(model, true);
	else if (verb == VERB_PREVIOUS)
		step(model, false);
	else
		table_move(&screen->table, key, model->rows - 8);
}

/* Is the column of this field, or of one that its lookup is found by ("Parent" blames "Parent.Ext__c")? */
static bool is_of_field(struct slice column, struct slice field)
{
	if (column.len > field.len && column.at[field.len] == '.')
		column.len = field.len;
	return slice_equal_fold(column, field);
}

/* Is the column one of those Salesforce named? Names are compared as they stand; the mapping may have renamed them. */
static bool blamed(const struct record_screen *screen, const char *column)
{
	struct slice rest = slice_of(screen->row.fields);

	while (rest.len) {
		const char *comma = memchr(rest.at, ',', rest.len);
		size_t len = comma ? (size_t)(comma - rest.at) : rest.len;

		if (is_of_field(slice_of(column), slice_trim((struct slice){ rest.at, len })))
			return true;
		rest.at += len + (comma != NULL);
		rest.len -= len + (comma != NULL);
	}
	return false;
}

void record_find_blamed(struct record_screen *screen)
{
	for (size_t i = 0; i < screen->count && screen->table.cursor == 0 && !screen->found; i++)
		if (blamed(screen, screen->columns[i]))
			screen->table.cursor = i;
	screen->found = true;
}

/* Where the columns stand; 0: there is no such column. What was sent has room from 70 columns on. */
struct places {
	int name, file, sent, next, width;
};

static struct places places_of(const struct record_screen *screen, int columns)
{
	bool sent = columns >= 70 && screen->row.state != OUTCOME_SKIPPED;
	bool next = screen->row.state == OUTCOME_FAILED || screen->row.state == OUTCOME_SKIPPED;
	int name = columns / 4 < 32 ? columns / 4 : 32;
	struct places places = { .name = name, .file = 4 + name };

	places.width = (columns - 5 - name - (next ? 4 : 0)) / (1 + sent + next);
	places.sent = sent ? places.file + places.width : 0;
	places.next = next ? places.file + places.width * (1 + sent) : 0;
	return places;
}

static void view_values(const struct record_screen *screen, struct grid *grid, int row, size_t at)
{
	struct places places = places_of(screen, grid->columns);
	bool edited = strcmp(screen->next[at], screen->cells[at]) != 0;

	grid_put(grid, row, places.file, places.width - 1, slice_of(screen->cells[at]), GIVE_END, STYLE_PLAIN);
	if (places.sent)
		grid_put(grid, row, places.sent, places.width - 1, slice_of(screen->sent[at]), GIVE_END,
		         STYLE_DIM);
	if (!places.next)
		return;
	grid_put(grid, row, places.next, places.width - 1, slice_of(screen->next[at]), GIVE_END,
	         edited ? STYLE_LIVE : STYLE_PLAIN);
	if (edited)
		grid_right(grid, row, grid->columns - 5, 4, "new", STYLE_LIVE);
}

static void view_head(const struct record_screen *screen, struct grid *grid, int row)
{
	struct places places = places_of(screen, grid->columns);

	grid_text(grid, row, 4, places.name - 1, "column", STYLE_DIM);
	grid_text(grid, row, places.file, places.width - 1, "in the file", STYLE_DIM);
	if (places.sent)
		grid_text(grid, row, places.sent, places.width - 1, "sent", STYLE_DIM);
	if (places.next)
		grid_text(grid, row, places.next, places.width - 1, "to send", STYLE_DIM);
}

static void view_cells(struct record_screen *screen, struct grid *grid, int top, int page)
{
	int name = places_of(screen, grid->columns).name;

	table_scroll(&screen->table, page);
	for (int i = 0; i < page && screen->table.top + (size_t)i < screen->count; i++) {
		size_t at = screen->table.top + (size_t)i;
		bool focus = at == screen->table.cursor;
		bool bad = blamed(screen, screen->columns[at]);

		grid_text(grid, top + i, 1, 1, focus ? "▸" : " ", STYLE_KEY);
		grid_text(grid, top + i, 2, 1, bad ? "✗" : " ", STYLE_BAD);
		grid_put(grid, top + i, 4, name - 1, slice_of(screen->columns[at]), GIVE_MIDDLE,
		         bad ? STYLE_BAD : STYLE_DIM);
		view_values(screen, grid, top + i, at);
		if (focus)
			grid_focus(grid, top + i, 1, grid->columns - 2);
	}
}

static const char *state_word(enum outcome_state state)
{
	switch (state) {
	case OUTCOME_WRITTEN:
		return "written";
	case OUTCOME_FAILED:
		return "failed";
	case OUTCOME_SKIPPED:
		return "left out";
	case OUTCOME_IN_DOUBT:
		return "in doubt";
	}
	return "to go";
}

static void view_said(const struct record_screen *screen, struct grid *grid, int row)
{
	const struct outcome_row *said = &screen->row;
	char text[1600];

	snprintf(text, sizeof text, "%s%s%s%s%s%s", said->text, said->code[0] ? " · " : "", said->code,
	         said->fields[0] ? " (" : "", said->fields, said->fields[0] ? ")" : "");
	chrome_wrap(grid, row, 1, grid->columns - 2, 3, text,
	            said->state == OUTCOME_IN_DOUBT ? STYLE_DOUBT : STYLE_BAD);
	snprintf(text, sizeof text, "%s · attempt %d%s%s", state_word(said->state), said->attempt,
	         said->id[0] ? " · " : "", said->id);
	grid_text(grid, row + 4, 1, grid->columns - 2, text, STYLE_DIM);
	if (screen->fields && screen->table.cursor < screen->count)
		grid_text(grid, row + 3, 1, grid->columns - 2, screen->fields[screen->table.cursor],
		          STYLE_PLAIN);
}

static void record_view(struct model *model, struct grid *grid)
{
	struct record_screen *screen = &model->record;
	char title[96], number[28];
	int top;

	snprintf(title, sizeof title, "Run %lld › %srecord %s", (long long)screen->run,
	         model->records.state ? "" : "Review › ", text_count(screen->record, number, sizeof number));
	top = chrome_title_org(grid, title, model_badge(model, screen->run)) + 1;
	if (!screen->read)
		return;
	view_head(screen, grid, top - 1);
	view_cells(screen, grid, top, grid->rows - 7 - top);
	if (!screen->count)
		grid_text(grid, top, 4, grid->columns - 5,
		          screen->why_no_source ? screen->why_no_source : "Its text was not kept.", STYLE_DIM);
	chrome_rule(grid, grid->rows - 7);
	view_said(screen, grid, grid->rows - 6);
}

static void record_copies(const struct model *model, struct copies *copies)
{
	const struct record_screen *screen = &model->record;
	const struct outcome_row *row = &screen->row;
	size_t at = screen->table.cursor;
	struct buf b;

	copies_add(copies, "Id", "%s", row->id);
	if (row->id[0] && screen->instance_url[0])
		copies_add(copies, "link", "%s/%s", screen->instance_url, row->id);
	if (at < screen->count)
		copies_add(copies, "the value", "%s", screen->cells[at]);
	copies_add(copies, "message", "%s", row->text);
	buf_init(&b, COPY_TEXT - 1);
	for (size_t i = 0; i < screen->count; i++)
		buf_addf(&b, "%s: %s\n", screen->columns[i], screen->cells[i]);
	copies_add(copies, "the record", "%s", buf_text(&b));
	buf_release(&b);
}

const struct screen screen_record = {
	.update = record_update, .view = record_view, .refuses = record_refuses, .copies = record_copies
};
