/* check_values.c - values of the file that a picklist does not have: what is sent for each is chosen in a table. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/console/chrome.h"
#include "ui/console/model.h"

enum { RECORDS_WIDTH = 11 };

/* ---- the table ---- */

static bool any_marked(const struct wizard *wizard)
{
	for (size_t i = 0; i < wizard->value_count; i++)
		if (wizard->values[i].marked)
			return true;
	return false;
}

/* Is the row meant: marked, or where none is the one under the cursor? */
static bool is_meant(const struct wizard *wizard, size_t i)
{
	return any_marked(wizard) ? wizard->values[i].marked : i == table_focus(&wizard->value_table);
}

static void take_nearest(struct wizard *wizard)
{
	for (size_t i = 0; i < wizard->value_count; i++) {
		struct value_row *row = &wizard->values[i];

		if (!is_meant(wizard, i) || !row->to[0])
			continue;
		row->taken = true;
		row->left_out = false;
	}
}

static void leave_out(struct wizard *wizard)
{
	for (size_t i = 0; i < wizard->value_count; i++)
		if (is_meant(wizard, i)) {
			wizard->values[i].left_out = true;
			wizard->values[i].taken = false;
		}
}

static void mark(struct wizard *wizard, enum verb verb)
{
	struct table *table = &wizard->value_table;
	size_t at = table_focus(table);

	if (verb == VERB_SELECT && at < wizard->value_count) {
		wizard->values[at].marked = !wizard->values[at].marked;
		table_move(table, (struct key){ K_DOWN, 0 }, 1);
	}
	for (size_t i = 0; verb != VERB_SELECT && i < wizard->value_count; i++)
		wizard->values[i].marked = verb == VERB_SELECT_ALL;
}

static void choose(struct model *model)
{
	struct wizard *wizard = &model->wizard;

	if (!wizard->value_count)
		return;
	line_clear(&wizard->pick_table.filter);
	wizard->pick_table.cursor = 0;
	table_narrow(&wizard->pick_table, wizard->pick_count, wizard_pick_text, wizard);
	model_push(model, SCREEN_PICK);
}

static void values_update(struct model *model, enum verb verb, struct key key)
{
	struct wizard *wizard = &model->wizard;

	if (verb == VERB_CHOOSE)
		choose(model);
	else if (verb == VERB_FIX)
		take_nearest(wizard);
	else if (verb == VERB_LEAVE_OUT)
		leave_out(wizard);
	else if (verb == VERB_SELECT || verb == VERB_SELECT_ALL || verb == VERB_CLEAR)
		mark(wizard, verb);
	else
		table_move(&wizard->value_table, key, model->rows - 7);
}

static const char *values_label(const struct model *model, enum verb verb)
{
	(void)model;
	return verb == VERB_FIX ? "take the nearest" : NULL;
}

static const char *values_refuses(const struct model *model, enum verb verb)
{
	const struct wizard *wizard = &model->wizard;

	if (verb != VERB_FIX)
		return NULL;
	for (size_t i = 0; i < wizard->value_count; i++)
		if (is_meant(wizard, i) && wizard->values[i].to[0])
			return NULL;
	return "No value of the picklist is near: Enter chooses one";
}

/* What is sent for it, and why. */
static void view_sent(struct grid *grid, int at, int column, const struct value_row *row)
{
	int room = grid->columns - column - 1, half = room / 2;
	const char *why = row->taken      ? "✓"
	                  : row->left_out ? "left out"
	                  : row->to[0]    ? near_text(row->near)
	                                  : "choose";
	bool none = row->left_out || !row->to[0];

	grid_text(grid, at, column, half - 1, none ? "–" : row->to,
	          row->taken ? STYLE_GOOD
	          : none     ? STYLE_DIM
	                     : STYLE_PLAIN);
	grid_text(grid, at, column + half, room - half, why, row->taken ? STYLE_GOOD : STYLE_DIM);
}

static void view_row(struct grid *grid, int at, const struct value_row *row, bool focus)
{
	int value = (grid->columns - 4 - RECORDS_WIDTH) * 2 / 5;

	grid_text(grid, at, 1, 1, focus ? "▸" : " ", STYLE_KEY);
	grid_text(grid, at, 2, 1, row->marked ? "*" : " ", STYLE_KEY);
	grid_text(grid, at, 4, value - 1, row->from, STYLE_PLAIN);
	chrome_number(grid, at, 4 + value, RECORDS_WIDTH - 3, row->records, STYLE_PLAIN);
	view_sent(grid, at, 4 + value + RECORDS_WIDTH, row);
	if (focus)
		grid_focus(grid, at, 1, grid->columns - 2);
}

static void view_title(const struct model *model, struct grid *grid)
{
	const struct wizard *wizard = &model->wizard;
	const struct finding *finding = &wizard->group.finding;
	char title[WIZARD_TEXT], right[96], number[28];

	snprintf(title, sizeof title, "New load › Check › %s", finding->field);
	snprintf(right, sizeof right, "%s record%s, %zu value%s",
	         text_count(finding->count, number, sizeof number), finding->count == 1 ? "" : "s",
	         wizard->value_count, wizard->value_count == 1 ? "" : "s");
	chrome_title_step(grid, title, "", right, wizard_badge(model));
}

static void values_view(struct model *model, struct grid *grid)
{
	struct wizard *wizard = &model->wizard;
	struct table *table = &wizard->value_table;
	int value = (grid->columns - 4 - RECORDS_WIDTH) * 2 / 5;
	int page = grid->rows - 7;
	size_t at = table_focus(table);

	view_title(model, grid);
	grid_text(grid, 2, 4, value - 1, "in the file", STYLE_DIM);
	grid_right(grid, 2, 4 + value, RECORDS_WIDTH - 3, "records", STYLE_DIM);
	grid_text(grid, 2, 4 + value + RECORDS_WIDTH, 20, "will be sent as", STYLE_DIM);
	table_scroll(table, page);
	for (int i = 0; i < page && table->top + (size_t)i < wizard->value_count; i++)
		view_row(grid, 3 + i, &wizard->values[table->top + (size_t)i],
		         table->top + (size_t)i == table->cursor);
	if (!wizard->value_count)
		grid_text(grid, 3, 4, grid->columns - 5,
		          "These values are too long to be told apart here: Esc goes back.", STYLE_DIM);
	chrome_rule(grid, grid->rows - 4);
	if (at < wizard->value_count)
		grid_text(grid, grid->rows - 3, 1, grid->columns - 2, wizard->values[at].from, STYLE_PLAIN);
	grid_text(grid, grid->rows - 2, 1, grid->columns - 2,
	          "What is taken holds for this load, not for the file. Esc checks it anew.", STYLE_DIM);
}

const struct screen screen_values = {
	.update = values_update,
	.view = values_view,
	.label = values_label,
	.refuses = values_refuses,
};

/* ---- the values to choose from ---- */

static void take(struct wizard *wizard, const char *value)
{
	for (size_t i = 0; i < wizard->value_count; i++) {
		struct value_row *row = &wizard->values[i];

		if (!is_meant(wizard, i))
			continue;
		snprintf(row->to, sizeof row->to, "%s", value);
		row->taken = true;
		row->left_out = false;
	}
}

static void pick_update(struct model *model, enum verb verb, struct key key)
{
	struct wizard *wizard = &model->wizard;
	size_t i = table_focus(&wizard->pick_table);

	if (verb == VERB_CHOOSE) {
		if (i >= wizard->pick_count)
			return;
		model_pop(model);
		take(wizard, wizard->picks[i].value);
	} else if (table_filter_key(&wizard->pick_table, key, model->rows - 6)) {
		table_narrow(&wizard->pick_table, wizard->pick_count, wizard_pick_text, wizard);
	}
}

static void view_pick(struct grid *grid, int at, const struct pick_row *pick, bool focus)
{
	int half = (grid->columns - 4) / 2;

	grid_text(grid, at, 1, 1, focus ? "▸" : " ", STYLE_KEY);
	grid_text(grid, at, 3, half - 1, pick->value, STYLE_PLAIN);
	if (strcmp(pick->value, pick->label) != 0)
		grid_text(grid, at, 3 + half, half - 1, pick->label, STYLE_DIM);
	if (focus)
		grid_focus(grid, at, 1, grid->columns - 2);
}

static void pick_view(struct model *model, struct grid *grid)
{
	struct wizard *wizard = &model->wizard;
	struct table *table = &wizard->pick_table;
	int page = grid->rows - 6;
	char title[WIZARD_TEXT];

	snprintf(title, sizeof title, "New load › Check › value of %s", wizard->group.finding.field);
	chrome_title_step(grid, title, "", "step 5 of 6", wizard_badge(model));
	table_scroll(table, page);
	for (int i = 0; i < page && table->top + (size_t)i < table->count; i++)
		view_pick(grid, 2 + i, &wizard->picks[table_entry(table, table->top + (size_t)i)],
		          table->top + (size_t)i == table->cursor);
	if (!table->count)
		grid_text(grid, 2, 3, grid->columns - 4, "No value fits. Esc shows them all.", STYLE_DIM);
	chrome_rule(grid, grid->rows - 3);
	table_typed_view(table, grid, grid->rows - 2, "value");
}

const struct screen screen_pick = { .update = pick_update, .view = pick_view };
