/* records.c - the records of one group or state, a window of them at a time: the list may have millions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ui/console/chrome.h"
#include "ui/console/model.h"

static void reset(struct records_screen *records, int64_t run)
{
	records_release(records);
	memset(records, 0, sizeof *records);
	records->run = run;
	records->want = RECORDS_FIRST;
}

void records_reset(struct records_screen *records, int64_t run, const struct outcome_group *group)
{
	reset(records, run);
	records->group = *group;
	records->of = group->count;
}

void records_reset_state(struct records_screen *records, int64_t run, enum outcome_state state, int64_t of)
{
	reset(records, run);
	records->state = state;
	records->of = of;
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

/* What is typed behind / is looked for when Enter is pressed; Esc forgets it. */
static void find_key(struct records_screen *records, struct key key)
{
	struct records_find *find = &records->find;
	size_t at = records->table.cursor;

	if (key.code == K_ESC) {
		line_clear(&records->table.filter);
		records->table.narrowing = find->looking = false;
	} else if (key.code != K_ENTER) {
		line_key(&records->table.filter, key);
	} else {
		records->table.narrowing = false;
		memset(find, 0, sizeof *find);
		snprintf(find->text, sizeof find->text, "%.255s", records->table.filter.text);
		find->looking = find->text[0] != '\0';
		find->from = find->at = at < records->count ? records->rows[at].record : 0;
	}
}

static const char *state_words(enum outcome_state state)
{
	static const char *const words[] = { "", "written", "failed", "left out", "in doubt" };

	return words[state];
}

static void too_many(struct model *model)
{
	model_tell(model, STYLE_WARN, "That are too many single ones: * selects all, v a range");
}

/* The records that r, E and x mean: the selected ones, else the one under the cursor. */
static void act_on(struct model *model, enum verb verb, const struct outcome_row *row)
{
	struct records_screen *records = &model->records;
	struct again *again = &model->again;
	char words[REVIEW_WORDS];
	struct buf b;

	memset(again, 0, sizeof *again);
	again->run = records->run;
	again->in_doubt = row->state == OUTCOME_IN_DOUBT;
	if (!records->state)
		again->groups[again->group_count++] = records->group.id;
	buf_init(&b, sizeof again->records - 1);
	if (selection_any(&records->selection))
		selection_text(&records->selection, &b);
	else
		buf_addf(&b, "%lld", (long long)row->record);
	if (b.short_of)
		too_many(model);
	memcpy(again->records, buf_text(&b), b.len + 1);
	snprintf(again->words, sizeof again->words, "%.199s",
	         records->state ? state_words(records->state) : review_words(&records->group, words));
	if (!b.short_of)
		again_act(model, verb);
	buf_release(&b);
}

static void choose(struct model *model, enum verb verb, int64_t record)
{
	struct selection *selection = &model->records.selection;
	int64_t anchor = selection->anchor;
	bool fits = true;

	if (verb == VERB_CLEAR) {
		selection_clear(selection);
	} else if (verb == VERB_SELECT_ALL) {
		selection->all = true;
	} else if (verb == VERB_SELECT) {
		fits = selection_toggle(selection, record);
	} else if (!anchor) {
		selection->anchor = record;
	} else {
		selection->anchor = 0;
		fits = selection_add(selection, anchor < record ? anchor : record,
		                     anchor > record ? anchor : record);
	}
	if (!fits)
		too_many(model);
}

static void records_update(struct model *model, enum verb verb, struct key key)
{
	struct records_screen *records = &model->records;
	size_t was = records->table.cursor;
	const struct outcome_row *row = was < records->count ? &records->rows[was] : NULL;

	if (records->table.narrowing || key.code == K_ESC) {
		find_key(records, key);
		return;
	}
	records->find.looking = false;
	if (verb == VERB_RECORD && row) {
		record_reset(&model->record, records->run, row->record);
		model_push(model, SCREEN_RECORD);
	} else if (verb == VERB_NARROW) {
		records->table.narrowing = true;
	} else if ((verb == VERB_RETRY || verb == VERB_EDITOR || verb == VERB_LEAVE_OUT) && row) {
		act_on(model, verb, row);
	} else if (verb == VERB_FIX) {
		edit_fix(model, records->run, &records->group);
	} else if (verb == VERB_ASK) {
		review_ask(model, records->run);
	} else if (verb >= VERB_SELECT && verb <= VERB_CLEAR && row) {
		choose(model, verb, row->record);
		if (verb == VERB_SELECT && table_move(&records->table, (struct key){ K_DOWN, 0 }, 1))
			want_more(records, (struct key){ K_DOWN, 0 }, was);
	} else if (table_move(&records->table, key, model->rows - 7)) {
		want_more(records, key, was);
	}
}

static const char *how_word(enum outcome_how how)
{
	static const char *const words[] = { "written", "created", "updated", "deleted" };

	return words[how];
}

/* What is told of a record: the reason, or what was done to it. */
static const char *row_words(const struct outcome_row *row)
{
	if (row->state == OUTCOME_WRITTEN)
		return how_word(row->how);
	if (row->state == OUTCOME_SKIPPED)
		return row->text[0] ? row->text : run_left_out_word(row->code);
	return row->text[0] ? row->text : row->code;
}

/* Ids are what is looked for among written records; else they stand where there is room. */
static int id_room(const struct records_screen *records, int columns)
{
	return records->state == OUTCOME_WRITTEN || columns >= 100 ? 20 : 0;
}

static void view_row(const struct records_screen *records, struct grid *grid, int at,
                     const struct outcome_row *row, bool focus)
{
	int id = id_room(records, grid->columns);

	grid_text(grid, at, 1, 1, focus ? "▸" : " ", STYLE_KEY);
	grid_text(grid, at, 14, 1, selection_has(&records->selection, row->record) ? "*" : " ", STYLE_KEY);
	chrome_number(grid, at, 2, 12, row->record, STYLE_PLAIN);
	grid_put(grid, at, 16, grid->columns - 17 - id - 9, slice_of(row_words(row)), GIVE_END, STYLE_PLAIN);
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

	if (records->state)
		snprintf(title, sizeof title, "Run %lld › Records %s", (long long)records->run,
		         state_words(records->state));
	else
		snprintf(title, sizeof title, "Run %lld › Review › %s", (long long)records->run,
		         review_words(&records->group, words));
	return chrome_title_message(grid, title, model_badge(model, records->run));
}

static void view_head(const struct records_screen *records, struct grid *grid, int row)
{
	int id = id_room(records, grid->columns);
	char right[64], number[28];

	snprintf(right, sizeof right, "%s record%s", text_count(records->of, number, sizeof number),
	         records->of == 1 ? "" : "s");
	grid_right(grid, row, 2, 12, "record", STYLE_DIM);
	grid_text(grid, row, 16, grid->columns - 17,
	          records->state == OUTCOME_WRITTEN   ? "what was done"
	          : records->state == OUTCOME_SKIPPED ? "why it was left out"
	                                              : "what Salesforce said",
	          STYLE_DIM);
	grid_right(grid, row, grid->columns - id - 21, 20, right, STYLE_DIM);
	if (id)
		grid_text(grid, row, grid->columns - id, id - 1, "Id", STYLE_DIM);
}

/* The row under the cursor in full; or how far the search is. */
static void view_foot(const struct records_screen *records, struct grid *grid)
{
	const struct outcome_row *row = &records->rows[records->table.cursor];
	char number[28], text[320];

	chrome_rule(grid, grid->rows - 5);
	if (records->find.looking) {
		snprintf(text, sizeof text, "Looking for \"%.200s\": %s records so far. Esc stops.",
		         records->find.text, text_count(records->find.seen, number, sizeof number));
		grid_text(grid, grid->rows - 4, 1, grid->columns - 2, text, STYLE_LIVE);
	} else if (records->table.cursor < records->count) {
		chrome_wrap(grid, grid->rows - 4, 1, grid->columns - 2, 3, row_words(row), STYLE_PLAIN);
	}
	table_filter_view(&records->table, grid, grid->rows - 2);
}

static void records_view(struct model *model, struct grid *grid)
{
	struct records_screen *records = &model->records;
	int top = view_title(model, grid) + 1;
	int page = grid->rows - 5 - top;

	view_head(records, grid, top - 1);
	table_scroll(&records->table, page);
	for (int i = 0; i < page && records->table.top + (size_t)i < records->count; i++) {
		size_t at = records->table.top + (size_t)i;

		view_row(records, grid, top + i, &records->rows[at], at == records->table.cursor);
	}
	if (records->want == RECORDS_NOTHING && !records->count)
		grid_text(grid, top, 3, grid->columns - 4, "None of them is left. Esc goes back.", STYLE_DIM);
	view_foot(records, grid);
}

/* Are the records that are listed of this state? */
static bool records_have(const struct model *model, enum outcome_state state)
{
	const struct records_screen *records = &model->records;

	return records->count && (records->state ? records->state : records->group.state) == state;
}

static const char *records_refuses(const struct model *model, enum verb verb)
{
	if (!model->records.count && (verb == VERB_RECORD || verb == VERB_COPY || verb == VERB_NARROW))
		return "None of them is left: Esc goes back";
	if (verb == VERB_RETRY && model->records.state == OUTCOME_WRITTEN)
		return "These records are written: there is nothing to try again";
	if (verb == VERB_LEAVE_OUT && !records_have(model, OUTCOME_FAILED))
		return "Only records that have failed can be left out";
	if (verb == VERB_EDITOR && !records_have(model, OUTCOME_FAILED) &&
	    !records_have(model, OUTCOME_SKIPPED))
		return "Only records that have failed or were left out can be edited";
	if (verb == VERB_FIX && (model->records.state || !model->records.count))
		return "f mends the records of one reason: Review has them in groups";
	if (verb == VERB_FIX)
		return edit_fix_refuses(&model->records.group);
	return review_refuse(model, model->records.run, verb);
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
