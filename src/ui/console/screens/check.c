/* check.c - Check of New load: what will fail, in groups, before anything is sent. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/console/chrome.h"
#include "ui/console/model.h"

static void check_update(struct model *model, enum verb verb, struct key key)
{
	if (verb == VERB_START)
		start_open(model);
	else
		table_move(&model->wizard.check_table, key, model->rows - 9);
}

static const char *check_refuses(const struct model *model, enum verb verb)
{
	if (verb != VERB_START)
		return NULL;
	if (!model->wizard.checked)
		return "The check is not done yet";
	if (!model->wizard.passed)
		return "No record can be written: Esc goes back to the mapping";
	return NULL;
}

static void view_finding(struct grid *grid, int row, const struct finding *finding, bool focus)
{
	int field = grid->columns >= 70 ? 22 : 16;

	grid_text(grid, row, 1, 1, focus ? "▸" : " ", STYLE_KEY);
	chrome_number(grid, row, 2, 9, finding->count, STYLE_BAD);
	grid_put(grid, row, 13, field - 2, slice_of(finding->field[0] ? finding->field : "–"), GIVE_MIDDLE,
	         STYLE_PLAIN);
	grid_text(grid, row, 13 + field, grid->columns - 14 - field, finding->message, STYLE_PLAIN);
	if (focus)
		grid_focus(grid, row, 1, grid->columns - 2);
}

static void view_progress(const struct wizard *wizard, struct grid *grid)
{
	int width = grid->columns - 12;
	int64_t size = wizard->check_size ? wizard->check_size : 1;
	int full = (int)(wizard->check_offset * width / size);

	grid_text(grid, 2, 1, grid->columns - 2, "Every record is checked against the org's describe.",
	          STYLE_PLAIN);
	grid_fill(grid, 4, 1, width, 0x2591, STYLE_DIM);
	grid_fill(grid, 4, 1, full, 0x2588, STYLE_GOOD);
	grid_putf(grid, 4, width + 3, 8, STYLE_PLAIN, "%lld%%", (long long)(wizard->check_offset * 100 / size));
}

static int view_counts(const struct wizard *wizard, struct grid *grid)
{
	char all[28], passed[28], failing[28], blank[28], text[200];
	const char *are = wizard->blank == 1 ? "is" : "are";

	text_count(wizard->records, all, sizeof all);
	text_count(wizard->passed, passed, sizeof passed);
	text_count(wizard->failing, failing, sizeof failing);
	text_count(wizard->blank, blank, sizeof blank);
	if (wizard->failing && wizard->blank)
		snprintf(text, sizeof text,
		         "%s records: %s can be written, %s cannot and would be left out, %s %s blank", all,
		         passed, failing, blank, are);
	else if (wizard->failing)
		snprintf(text, sizeof text, "%s records: %s can be written, %s cannot and would be left out",
		         all, passed, failing);
	else if (wizard->blank)
		snprintf(text, sizeof text, "%s records: %s can be written, %s %s blank and left out", all,
		         passed, blank, are);
	else
		snprintf(text, sizeof text, "%s records: all can be written", all);
	return chrome_wrap(grid, 2, 1, grid->columns - 2, 2, text, wizard->failing ? STYLE_WARN : STYLE_GOOD);
}

static void view_detail(const struct wizard *wizard, struct grid *grid)
{
	size_t i = table_focus(&wizard->check_table);
	const struct finding *finding = i < wizard->finding_count ? &wizard->findings[i] : NULL;
	char number[28], text[480];

	if (!finding) {
		grid_text(grid, grid->rows - 2, 1, grid->columns - 2, "Nothing was found. S starts the load.",
		          STYLE_DIM);
		return;
	}
	if (finding->example_record)
		snprintf(text, sizeof text, "%s: %s. First in record %s.", finding->field, finding->message,
		         text_count(finding->example_record, number, sizeof number));
	else
		snprintf(text, sizeof text, "%s: %s. It concerns every record: Esc goes back to the mapping.",
		         finding->field, finding->message);
	chrome_wrap(grid, grid->rows - 3, 1, grid->columns - 2, 2, text, STYLE_PLAIN);
}

static void check_view(struct model *model, struct grid *grid)
{
	struct wizard *wizard = &model->wizard;
	struct table *table = &wizard->check_table;
	char what[WIZARD_TEXT * 2];
	int top;

	wizard_what(wizard, what, sizeof what);
	chrome_title_step(grid, "New load › Check", what, "step 5 of 6", wizard_badge(model));
	if (!wizard->checked) {
		view_progress(wizard, grid);
		return;
	}
	top = 2 + view_counts(wizard, grid);
	table_scroll(table, grid->rows - 4 - top);
	for (int i = 0; top + i < grid->rows - 4 && table->top + (size_t)i < wizard->finding_count; i++)
		view_finding(grid, top + i, &wizard->findings[table->top + (size_t)i],
		             table->top + (size_t)i == table->cursor);
	chrome_rule(grid, grid->rows - 4);
	view_detail(wizard, grid);
}

static void check_copies(const struct model *model, struct copies *copies)
{
	const struct wizard *wizard = &model->wizard;
	size_t i = table_focus(&wizard->check_table);
	char what[WIZARD_TEXT * 2];

	if (i < wizard->finding_count)
		copies_add(copies, "what was found", "%s: %s, first in record %lld", wizard->findings[i].field,
		           wizard->findings[i].message, (long long)wizard->findings[i].example_record);
	wizard_what(wizard, what, sizeof what);
	copies_add(copies, "the load", "%s", what);
}

const struct screen screen_check = {
	.update = check_update,
	.view = check_view,
	.refuses = check_refuses,
	.copies = check_copies,
};
