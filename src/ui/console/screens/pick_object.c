/* pick_object.c - Object and Action of New load: a fuzzy list of the org's objects, then what to do with the records. */
#include <stdio.h>
#include <string.h>

#include "base/paths.h"
#include "base/text.h"
#include "ui/console/chrome.h"
#include "ui/console/model.h"

static const struct object_row *focused(const struct model *model)
{
	size_t i = table_focus(&model->wizard.object_table);

	return i < model->wizard.object_count ? &model->wizard.objects[i] : NULL;
}

static void object_update(struct model *model, enum verb verb, struct key key)
{
	struct wizard *wizard = &model->wizard;
	const struct object_row *row = focused(model);

	if (verb == VERB_CHOOSE) {
		if (!row || model->busy[0])
			return;
		snprintf(wizard->object, sizeof wizard->object, "%s", row->name);
		wizard->action[0] = '\0';
		wizard->checked = false;
		model_effect(model, EFFECT_DESCRIBE);
	} else if (table_filter_key(&wizard->object_table, key, model->rows - 6)) {
		table_narrow(&wizard->object_table, wizard->object_count, wizard_object_text, wizard);
	}
}

static void view_object(struct grid *grid, int row, const struct object_row *object, bool focus)
{
	int name = grid->columns / 2 - 3;

	grid_text(grid, row, 1, 1, focus ? "▸" : " ", STYLE_KEY);
	grid_put(grid, row, 3, name - 1, slice_of(object->name), GIVE_MIDDLE, STYLE_PLAIN);
	grid_put(grid, row, 3 + name, grid->columns - 4 - name, slice_of(object->label), GIVE_MIDDLE,
	         STYLE_DIM);
	if (focus)
		grid_focus(grid, row, 1, grid->columns - 2);
}

static void object_view(struct model *model, struct grid *grid)
{
	struct wizard *wizard = &model->wizard;
	struct table *table = &wizard->object_table;
	int page = grid->rows - 6;

	chrome_title_step(grid, "New load › Object", paths_name(wizard->file), "step 2 of 6",
	                  wizard_badge(model));
	table_scroll(table, page);
	for (int i = 0; i < page && table->top + (size_t)i < table->count; i++)
		view_object(grid, 2 + i, &wizard->objects[table_entry(table, table->top + (size_t)i)],
		            table->top + (size_t)i == table->cursor);
	if (wizard->object_count && !table->count)
		grid_text(grid, 2, 3, grid->columns - 4, "No object fits. Esc shows them all.", STYLE_DIM);
	chrome_rule(grid, grid->rows - 3);
	table_typed_view(table, grid, grid->rows - 2, wizard->object_count ? "object" : NULL);
}

const struct screen screen_object = { .update = object_update, .view = object_view };

static void action_update(struct model *model, enum verb verb, struct key key)
{
	struct wizard *wizard = &model->wizard;
	size_t i = table_focus(&wizard->action_table);

	if (verb != VERB_CHOOSE) {
		table_move(&wizard->action_table, key, model->rows - 5);
		return;
	}
	if (i >= wizard->choice_count)
		return;
	snprintf(wizard->action, sizeof wizard->action, "%s", wizard->choices[i].action);
	snprintf(wizard->key, sizeof wizard->key, "%s", wizard->choices[i].key);
	wizard->checked = false;
	model_effect(model, EFFECT_MAP);
}

static void action_view(struct model *model, struct grid *grid)
{
	struct wizard *wizard = &model->wizard;
	struct table *table = &wizard->action_table;
	int page = grid->rows - 5;
	int wide = grid->columns >= 100 ? 60 : 30;
	char what[WIZARD_TEXT * 2];

	snprintf(what, sizeof what, "%.200s → %s", paths_name(wizard->file), wizard->object);
	chrome_title_step(grid, "New load › Action", what, "step 3 of 6", wizard_badge(model));
	table_scroll(table, page);
	for (int i = 0; i < page && table->top + (size_t)i < table->count; i++) {
		const struct action_choice *choice = &wizard->choices[table->top + (size_t)i];
		bool focus = table->top + (size_t)i == table->cursor;
		char name[160];

		bool deletes = strstr(choice->action, "delete") != NULL;

		snprintf(name, sizeof name, "%s%s%s", action_words(choice->action),
		         strcmp(choice->action, "insert") ? " by " : "", choice->key);
		grid_text(grid, 2 + i, 1, 1, focus ? "▸" : " ", STYLE_KEY);
		grid_put(grid, 2 + i, 3, wide - 1, slice_of(name), GIVE_MIDDLE,
		         deletes ? STYLE_BAD : STYLE_PLAIN);
		grid_text(grid, 2 + i, 3 + wide, grid->columns - 4 - wide, choice->text, STYLE_DIM);
		if (focus)
			grid_focus(grid, 2 + i, 1, grid->columns - 2);
	}
	chrome_rule(grid, grid->rows - 3);
	if (table->cursor < wizard->choice_count)
		grid_text(grid, grid->rows - 2, 1, grid->columns - 2, wizard->choices[table->cursor].text,
		          STYLE_PLAIN);
}

const struct screen screen_action = { .update = action_update, .view = action_view };
