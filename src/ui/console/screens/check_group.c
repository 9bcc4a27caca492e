/* check_group.c - the records of a group of findings, as they stand in the file: their cells are edited here, never in the file. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/console/chrome.h"
#include "ui/console/model.h"

enum { RECORD_WIDTH = 11, KEY_WIDTH = 20 };

static const struct group_row *focused(const struct wizard *wizard)
{
	size_t i = table_focus(&wizard->group.table);

	return i < wizard->group.count ? &wizard->group.rows[i] : NULL;
}

static void ask_value(struct model *model, const struct group_row *row)
{
	char number[28];

	dialog_open(&model->dialog, DIALOG_LINE, VERB_EDIT, row->record, "Record %s: %.60s",
	            text_count(row->record, number, sizeof number), model->wizard.group.name);
	dialog_line(&model->dialog, "What is sent in its place? The file stays as it is.");
	dialog_type(&model->dialog, "to send", row->value);
}

static void group_update(struct model *model, enum verb verb, struct key key)
{
	struct wizard *wizard = &model->wizard;
	const struct group_row *row = focused(wizard);

	if (verb == VERB_EDIT && row)
		ask_value(model, row);
	else
		table_move(&wizard->group.table, key, model->rows - 8);
}

static void group_answered(struct model *model, enum verb verb, int64_t record, int answer)
{
	struct wizard *wizard = &model->wizard;
	size_t i = table_focus(&wizard->group.table);
	struct effect *effect;
	struct group_row *row;

	if (verb != VERB_EDIT || !answer || i >= wizard->group.count)
		return;
	row = &wizard->group.rows[i];
	if (row->record != record || strcmp(row->value, model->dialog.line.text) == 0)
		return;
	snprintf(row->value, sizeof row->value, "%.255s", model->dialog.line.text);
	row->edited = true;
	wizard->checked = false;
	effect = model_effect(model, EFFECT_CELL);
	effect->run = record;
	snprintf(effect->text, sizeof effect->text, "%s", model->dialog.line.text);
}

/* Values that are cut here, or have no room in a line, are not edited. */
static bool fits(const char *value)
{
	if (strlen(value) >= WIZARD_TEXT - 4)
		return false;
	for (; *value; value++)
		if ((unsigned char)*value < ' ')
			return false;
	return true;
}

static const char *group_refuses(const struct model *model, enum verb verb)
{
	const struct group_row *row = focused(&model->wizard);

	if (verb != VERB_EDIT)
		return NULL;
	if (!row)
		return model->wizard.group.more ? "They are being looked for" : "There is none";
	if (model->wizard.group.column < 0)
		return "This is about no single column: change it in the file";
	return fits(row->value)
	               ? NULL
	               : "This value has no room in a line: f mends all of the group, or change the file";
}

static void view_row(struct grid *grid, int at, const struct group_row *row, bool keys, bool focus)
{
	int column = 2 + RECORD_WIDTH + 2;

	grid_text(grid, at, 1, 1, focus ? "▸" : " ", STYLE_KEY);
	chrome_number(grid, at, 2, RECORD_WIDTH, row->record, STYLE_PLAIN);
	if (keys)
		grid_put(grid, at, column, KEY_WIDTH - 2, slice_of(row->key), GIVE_MIDDLE, STYLE_PLAIN);
	column += keys ? KEY_WIDTH : 0;
	grid_text(grid, at, column, grid->columns - column - 1 - (row->edited ? 8 : 0), row->value,
	          row->edited ? STYLE_GOOD : STYLE_PLAIN);
	if (row->edited)
		grid_right(grid, at, grid->columns - 8, 7, "new", STYLE_GOOD);
	if (focus)
		grid_focus(grid, at, 1, grid->columns - 2);
}

/* The value in full, as far as there is room. */
static void view_foot(const struct check_group *group, const struct group_row *row, struct grid *grid)
{
	char text[WIZARD_TEXT + 160];

	chrome_rule(grid, grid->rows - 5);
	if (!row)
		return;
	snprintf(text, sizeof text, "%s%s%s", group->name, group->name[0] ? ": " : "", row->value);
	chrome_wrap(grid, grid->rows - 4, 1, grid->columns - 2, 3, text, STYLE_PLAIN);
}

static void view_head(const struct check_group *group, struct grid *grid, bool keys)
{
	char number[28], text[64];

	grid_right(grid, 2, 2, RECORD_WIDTH, "record", STYLE_DIM);
	if (keys)
		grid_text(grid, 2, 2 + RECORD_WIDTH + 2, KEY_WIDTH - 2, "key", STYLE_DIM);
	grid_text(grid, 2, 2 + RECORD_WIDTH + 2 + (keys ? KEY_WIDTH : 0), 16, "in the file", STYLE_DIM);
	text_count(group->finding.count, number, sizeof number);
	if (group->more && group->count)
		snprintf(text, sizeof text, "the first %zu of %s", group->count, number);
	else
		snprintf(text, sizeof text, "%s record%s", number, group->finding.count == 1 ? "" : "s");
	grid_right(grid, 2, grid->columns - 31, 30, text, STYLE_DIM);
}

static void group_view(struct model *model, struct grid *grid)
{
	struct check_group *group = &model->wizard.group;
	struct table *table = &group->table;
	bool keys = group->count && group->rows[0].key[0] && grid->columns >= 70;
	int page = grid->rows - 8;
	char title[512];

	snprintf(title, sizeof title, "New load › Check › %s%s%s", group->finding.field,
	         group->finding.field[0] ? ": " : "", group->finding.message);
	chrome_title_step(grid, title, "", "step 5 of 6", wizard_badge(model));
	view_head(group, grid, keys);
	table_scroll(table, page);
	for (int i = 0; i < page && table->top + (size_t)i < group->count; i++)
		view_row(grid, 3 + i, &group->rows[table->top + (size_t)i], keys,
		         table->top + (size_t)i == table->cursor);
	if (!group->count)
		grid_text(grid, 3, 3, grid->columns - 4,
		          group->more ? "They are looked for in the file."
		                      : "None of them is left. Esc goes back.",
		          STYLE_DIM);
	view_foot(group, focused(&model->wizard), grid);
}

static void group_copies(const struct model *model, struct copies *copies)
{
	const struct group_row *row = focused(&model->wizard);

	if (!row)
		return;
	copies_add(copies, "the value", "%s", row->value);
	copies_add(copies, "record number", "%lld", (long long)row->record);
	copies_add(copies, "the key", "%s", row->key);
}

const struct screen screen_group = {
	.update = group_update,
	.view = group_view,
	.answered = group_answered,
	.refuses = group_refuses,
	.copies = group_copies,
};
