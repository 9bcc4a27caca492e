/* start.c - Start of New load: what will happen in numbers, what to do when records fail, and the consent. */
#include <stdio.h>
#include <string.h>

#include "base/paths.h"
#include "base/text.h"
#include "ui/console/chrome.h"
#include "ui/console/model.h"

static bool typed_right(const struct start_form *form)
{
	return !form->typed || strcmp(form->line.text, form->expected) == 0;
}

static void begin(struct model *model)
{
	struct start_form *form = &model->wizard.start;

	if (model->busy[0])
		return;
	if (!typed_right(form)) {
		model_tell(model, STYLE_WARN, "To start, type %s: %s", form->expected_is, form->expected);
		return;
	}
	model_effect(model, EFFECT_BEGIN);
}

/* y and n only where nothing must be typed; Enter means no, too, then. */
static void answer(struct model *model, struct key key)
{
	struct start_form *form = &model->wizard.start;

	if (key_is(key, K_CHAR, 'y'))
		begin(model);
	else if (key_is(key, K_CHAR, 'n') || key.code == K_ENTER)
		model_pop(model);
	else if (key_is(key, K_CHAR, ' '))
		form->go_on = !form->go_on;
}

static void start_update(struct model *model, enum verb verb, struct key key)
{
	struct start_form *form = &model->wizard.start;

	if (!form->typed) {
		answer(model, key);
		return;
	}
	if (verb == VERB_NEXT_FIELD || verb == VERB_PREVIOUS_FIELD || key.code == K_UP || key.code == K_DOWN)
		form->field = !form->field;
	else if (key.code == K_ENTER)
		begin(model);
	else if (form->field == 0 && key_is(key, K_CHAR, ' '))
		form->go_on = !form->go_on;
	else if (form->field == 1)
		line_key(&form->line, key);
}

enum { NUMBERS = 3, NUMBER_TEXT = 1400 };

/* What becomes of the records, if the org agrees. */
static const char *becomes(const char *action)
{
	if (strcmp(action, "insert") == 0)
		return "created";
	if (strcmp(action, "update") == 0)
		return "updated";
	if (strcmp(action, "upsert") == 0)
		return "created or updated";
	return strcmp(action, "delete") == 0 ? "deleted, kept in the recycle bin" : "deleted for good";
}

static void numbers(const struct wizard *wizard, char lines[NUMBERS][NUMBER_TEXT])
{
	char what[RUN_WHAT], a[28], b[28];
	bool upsert = strcmp(wizard->action, "upsert") == 0;

	snprintf(lines[0], NUMBER_TEXT, "%s · %s · as %s", wizard->org_name, wizard->org_id, wizard->username);
	snprintf(lines[1], NUMBER_TEXT, "%s%s%s from %s, %s records",
	         run_what(wizard->object, wizard->action, what), upsert ? " by " : "",
	         upsert ? wizard->key : "", paths_name(wizard->file), text_count(wizard->records, a, sizeof a));
	snprintf(lines[2], NUMBER_TEXT, "  %s %s · %s left out", text_count(wizard->passed, a, sizeof a),
	         becomes(wizard->action), text_count(wizard->failing + wizard->blank, b, sizeof b));
}

/* Returns the rows they take; `grid` NULL only counts. */
static int view_numbers(const struct wizard *wizard, struct grid *grid, int row, int column, int width)
{
	char lines[NUMBERS][NUMBER_TEXT];
	int rows = 0;

	numbers(wizard, lines);
	for (int i = 0; i < NUMBERS; i++)
		rows += chrome_wrap(grid, row + rows, column, width, 2, lines[i],
		                    i                    ? STYLE_PLAIN
		                    : wizard->production ? STYLE_PRODUCTION
		                                         : STYLE_ORG);
	return rows;
}

static void view_consent(const struct start_form *form, struct grid *grid, int row, int column, int width)
{
	char text[256];
	int taken;

	if (!form->typed) {
		grid_text(grid, row, column, width, "y start   n no (Enter)", STYLE_KEY);
		grid->cursor_row = row;
		grid->cursor_column = column;
		return;
	}
	if (strcmp(form->expected_is, "the org's name") == 0) /* it stands above */
		snprintf(text, sizeof text, "Type the org's name to start: ");
	else
		snprintf(text, sizeof text, "Type %s, %s: ", form->expected_is, form->expected);
	taken = grid_text(grid, row, column, width, text, STYLE_PLAIN);
	if (form->field == 1)
		line_view(&form->line, grid, row, column + taken, width - taken);
	else
		grid_text(grid, row, column + taken, width - taken, form->line.text, STYLE_INPUT);
}

static void start_view(struct model *model, struct grid *grid)
{
	struct wizard *wizard = &model->wizard;
	struct start_form *form = &wizard->start;
	int columns = grid->columns - 2 < 80 ? grid->columns - 2 : 80;
	int width = columns - 4;
	char title[192], choice[96];
	int rows = view_numbers(wizard, NULL, 0, 0, width) + 7;
	int row, column;

	chrome_title_step(grid, "New load › Start", "", "step 6 of 6", wizard_badge(wizard));
	snprintf(title, sizeof title, "Start on %s", wizard->production ? "PRODUCTION" : wizard->org_name);
	dialog_box(grid, rows, columns, title, wizard->production ? STYLE_PRODUCTION : STYLE_HEADING, &row,
	           &column);
	row += view_numbers(wizard, grid, row, column, width) + 1;
	grid_text(grid, row, column, 18, "when records fail", STYLE_PLAIN);
	snprintf(choice, sizeof choice, "[ %s ]",
	         form->go_on ? "go on to the end" : "stop after a job with failures");
	grid_text(grid, row, column + 19, width - 19, choice, form->field == 0 ? STYLE_KEY : STYLE_PLAIN);
	if (form->field == 0)
		grid_focus(grid, row, column, width);
	grid_text(grid, row + 1, column + 19, width - 19,
	          form->field == 0 ? "Space changes" : "Tab, then Space changes", STYLE_DIM);
	view_consent(form, grid, row + 3, column, width);
}

static void start_paste(struct model *model, struct slice text)
{
	struct start_form *form = &model->wizard.start;

	if (form->typed && form->field == 1)
		line_insert(&form->line, text);
}

/* "This file was loaded already. Once more?" */
static void start_answered(struct model *model, enum verb verb, int64_t run, int answer)
{
	(void)run;
	if (verb != VERB_START || !answer)
		return;
	model->wizard.again = true;
	model_effect(model, EFFECT_BEGIN);
}

static const char *start_refuses(const struct model *model, enum verb verb)
{
	if ((verb == VERB_NEXT_FIELD || verb == VERB_PREVIOUS_FIELD) && !model->wizard.start.typed)
		return "There is only one thing to choose here: Space changes it";
	return NULL;
}

const struct screen screen_start = {
	.update = start_update,
	.view = start_view,
	.paste = start_paste,
	.answered = start_answered,
	.refuses = start_refuses,
};
