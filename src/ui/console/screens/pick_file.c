/* pick_file.c - the browser of New load: folders and files, and the parsed beginning of the one under the cursor. */
#include <stdio.h>
#include <string.h>

#include "base/paths.h"
#include "base/text.h"
#include "base/when.h"
#include "ui/console/chrome.h"
#include "ui/console/model.h"

static int list_rows(const struct model *model)
{
	int rows = (model->rows - 6) * 2 / 5;

	return rows < 4 ? 4 : rows;
}

static void narrow(struct browser *browser)
{
	table_narrow(&browser->table, browser->count, wizard_file_text, browser);
}

static void enter_folder(struct model *model, const char *name)
{
	struct browser *browser = &model->wizard.browser;
	size_t len = strlen(browser->folder);
	char *slash = strrchr(browser->folder, '/');

	if (strcmp(name, "..") == 0 && slash)
		slash[slash == browser->folder] = '\0';
	else if (len + strlen(name) + 2 < WIZARD_PATH)
		snprintf(browser->folder + len, WIZARD_PATH - len, "%s%s",
		         len && browser->folder[len - 1] == '/' ? "" : "/", name);
	line_clear(&browser->table.filter);
	browser->table.cursor = 0;
	browser->stale = true;
	model_effect(model, EFFECT_BROWSE);
}

static void take_file(struct model *model, const char *path)
{
	struct wizard *wizard = &model->wizard;

	if (wizard->browser.preview.error[0]) {
		model_tell(model, STYLE_ERROR, "%s", wizard->browser.preview.error);
		return;
	}
	snprintf(wizard->file, sizeof wizard->file, "%s", path);
	wizard->record = 1;
	wizard->checked = false;
	if (!wizard->has_org) {
		model_push(model, SCREEN_ORGS);
		model_tell(model, STYLE_WARN, "The file can be read. To go on, choose an org, or add one");
		return;
	}
	model_push(model, SCREEN_OBJECT);
	model_effect(model, EFFECT_SIGN_IN);
}

static void next_delimiter(struct browser *browser)
{
	static const char order[] = { 0, ',', ';', '\t', '|', '^', '`' };
	size_t i = 0;

	while (i < sizeof order && order[i] != browser->delimiter)
		i++;
	browser->delimiter = order[(i + 1) % sizeof order];
	preview_clear(&browser->preview);
}

/* Of a workbook. */
static void next_sheet(struct browser *browser)
{
	memcpy(browser->sheet, browser->preview.next_sheet, sizeof browser->sheet);
	memcpy(browser->sheet_of, browser->preview.path, sizeof browser->sheet_of);
	preview_clear(&browser->preview);
}

static void file_update(struct model *model, enum verb verb, struct key key)
{
	struct browser *browser = &model->wizard.browser;
	size_t i = table_focus(&browser->table);
	char path[WIZARD_PATH];

	if (verb == VERB_CHOOSE) {
		if (i < browser->count && browser->entries[i].folder)
			enter_folder(model, browser->entries[i].name);
		else if (browser_path(browser, path))
			take_file(model, path);
	} else if (verb == VERB_DELIMITER) {
		if (browser->preview.next_sheet[0])
			next_sheet(browser);
		else
			next_delimiter(browser);
	} else if (table_filter_key(&browser->table, key, list_rows(model))) {
		narrow(browser);
	}
}

/* Columns of a name; the size and, where there is room, the date stand behind it. */
static int name_room(const struct grid *grid)
{
	return grid->columns - 3 - 14 - (grid->columns >= 70 ? 20 : 0);
}

static void view_entry(struct grid *grid, int row, const struct file_entry *entry, bool focus)
{
	char size[CHROME_COUNT], when[WHEN_TEXT], name[300];
	int room = name_room(grid);

	snprintf(name, sizeof name, "%s%s", entry->name, entry->folder ? "/" : "");
	grid_text(grid, row, 1, 1, focus ? "▸" : " ", STYLE_KEY);
	grid_put(grid, row, 3, room - 1, slice_of(name), GIVE_MIDDLE,
	         entry->folder ? STYLE_HEADING : STYLE_PLAIN);
	if (!entry->folder) {
		grid_right(grid, row, 3 + room, 12, chrome_count(entry->size, 12, size), STYLE_DIM);
		when_local_text(entry->changed_ms, when);
		if (grid->columns >= 70)
			grid_text(grid, row, 3 + room + 14, 20, when, STYLE_DIM);
	}
	if (focus)
		grid_focus(grid, row, 1, grid->columns - 2);
}

/* Columns of the table side by side, each as wide as its share of the screen allows. */
static void view_table(const struct preview *preview, struct grid *grid, int top, int rows)
{
	enum { WIDE = 18 };
	int column = 3;

	for (size_t c = 0; c < preview->column_count && column < grid->columns - 6; c++) {
		int width = grid->columns - 1 - column < WIDE ? grid->columns - 1 - column : WIDE;

		grid_put(grid, top, column, width - 2, slice_of(preview->columns[c]), GIVE_MIDDLE, STYLE_TITLE);
		for (int r = 0; r < rows - 1 && (size_t)r < preview->row_count; r++)
			if (!preview->faults[r])
				grid_put(grid, top + 1 + r, column, width - 2,
				         slice_of(preview->cells[(size_t)r * preview->column_count + c]),
				         GIVE_END, STYLE_PLAIN);
		column += width;
	}
	for (int r = 0; r < rows - 1 && (size_t)r < preview->row_count; r++)
		if (preview->faults[r])
			grid_text(grid, top + 1 + r, 3, grid->columns - 4, preview->faults[r], STYLE_BAD);
}

static void view_preview(const struct browser *browser, struct grid *grid, int top)
{
	const struct preview *preview = &browser->preview;
	int rows = grid->rows - 1 - top;
	int found;

	chrome_rule(grid, top);
	if (!preview->path[0])
		return;
	if (preview->error[0]) {
		chrome_wrap(grid, top + 1, 1, grid->columns - 2, rows - 1, preview->error, STYLE_ERROR);
		return;
	}
	found = chrome_wrap(grid, top + 1, 1, grid->columns - 2, 2, preview->found, STYLE_DIM);
	view_table(preview, grid, top + 1 + found, rows - 1 - found);
}

static void file_view(struct model *model, struct grid *grid)
{
	struct browser *browser = &model->wizard.browser;
	int page = list_rows(model);

	chrome_title(grid, "New load › File", "step 1 of 6");
	grid_put(grid, 1, 1, name_room(grid) + 1, slice_of(browser->folder), GIVE_START, STYLE_DIM);
	grid_right(grid, 1, 3 + name_room(grid), 12, "bytes", STYLE_DIM);
	if (grid->columns >= 70)
		grid_text(grid, 1, 3 + name_room(grid) + 14, 20, "changed", STYLE_DIM);
	table_scroll(&browser->table, page);
	for (int i = 0; i < page && browser->table.top + (size_t)i < browser->table.count; i++) {
		size_t place = browser->table.top + (size_t)i;

		view_entry(grid, 2 + i, &browser->entries[table_entry(&browser->table, place)],
		           place == browser->table.cursor);
	}
	if (browser->error[0])
		chrome_wrap(grid, 2, 1, grid->columns - 2, 3, browser->error, STYLE_ERROR);
	else if (!browser->table.count)
		grid_text(grid, 2, 3, grid->columns - 4, "No file fits. Esc shows them all.", STYLE_DIM);
	grid_text(grid, 2 + page, 1, 2, "/", STYLE_DIM);
	view_preview(browser, grid, 3 + page);
	line_view(&browser->table.filter, grid, 2 + page, 3, grid->columns - 5);
}

const struct screen screen_file = { .update = file_update, .view = file_view };
