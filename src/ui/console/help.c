#include "ui/console/help.h"

#include <stdio.h>

#include "ui/console/chrome.h"
#include "ui/console/model.h"

static const char *help_text(const void *ctx, size_t i, int which)
{
	const struct help *help = ctx;
	const struct action_row *row = action_of_verb(help->verbs[i]);

	return which == 0 ? row->label : which == 1 ? row->help : NULL;
}

void help_open(struct help *help, enum screen_id screen)
{
	size_t count;
	const struct action_row *rows = actions(&count);

	help->open = true;
	help->screen = screen;
	help->count = 0;
	for (size_t i = 0; i < count; i++)
		if (rows[i].screens & 1u << screen)
			help->verbs[help->count++] = rows[i].verb;
	line_clear(&help->table.filter);
	help->table.cursor = help->table.top = 0;
	table_narrow(&help->table, help->count, help_text, help);
}

enum verb help_key(struct help *help, struct key key, int page)
{
	size_t at = table_focus(&help->table);

	if (key.code == K_ESC || key_is(key, K_CTRL, 'c')) {
		help->open = false;
		return VERB_NONE;
	}
	if (key.code == K_ENTER) {
		help->open = at == (size_t)-1;
		return help->open ? VERB_NONE : help->verbs[at];
	}
	if (table_filter_key(&help->table, key, page))
		table_narrow(&help->table, help->count, help_text, help);
	return VERB_NONE;
}

static void tell_row(const struct model *model, enum verb verb, char *to, size_t size)
{
	const struct action_row *action = action_of_verb(verb);
	const char *why = model_refuses(model, verb);

	snprintf(to, size, "%s%s%s", action->help, why ? " · not now: " : "", why ? why : "");
}

static void view_row(const struct model *model, struct grid *grid, int row, enum verb verb, bool focused)
{
	bool refused = model_refuses(model, verb) != NULL;
	char key[KEY_NAME], text[1024];

	tell_row(model, verb, text, sizeof text);
	grid_text(grid, row, 1, 1, focused ? "▸" : " ", STYLE_KEY);
	grid_text(grid, row, 3, 10, key_text(action_of_verb(verb)->key, key), STYLE_KEY);
	grid_text(grid, row, 14, 13, model_label(model, verb), refused ? STYLE_DIM : STYLE_PLAIN);
	grid_text(grid, row, 28, grid->columns - 29, text, refused ? STYLE_DIM : STYLE_PLAIN);
	if (focused)
		grid_focus(grid, row, 1, grid->columns - 2);
}

/* The row under the cursor, in full, and the line that narrows. */
static void view_foot(const struct model *model, struct grid *grid)
{
	const struct help *help = &model->help;
	size_t at = table_focus(&help->table);
	char text[1024] = "No key fits. Esc goes back.";

	if (at != (size_t)-1)
		tell_row(model, help->verbs[at], text, sizeof text);
	chrome_rule(grid, grid->rows - 5);
	chrome_wrap(grid, grid->rows - 4, 1, grid->columns - 2, 2, text, STYLE_PLAIN);
	grid_text(grid, grid->rows - 2, 1, 1, "/", STYLE_DIM);
	line_view(&help->table.filter, grid, grid->rows - 2, 3, grid->columns - 5);
}

void help_view(struct model *model, struct grid *grid)
{
	struct help *help = &model->help;
	int page = grid->rows - HELP_FRAME;
	struct chrome_key keys[] = { { "Enter", "run it", false }, { "Esc", "back", false } };
	char title[64];

	snprintf(title, sizeof title, "%s › Keys", screen_title(help->screen));
	chrome_title(grid, title, "type to find");
	table_scroll(&help->table, page);
	for (int i = 0; i < page && help->table.top + (size_t)i < help->table.count; i++) {
		size_t place = help->table.top + (size_t)i;

		view_row(model, grid, 1 + i, help->verbs[table_entry(&help->table, place)],
		         place == help->table.cursor);
	}
	view_foot(model, grid);
	chrome_keys(grid, keys, 2, NULL, 0, false);
}
