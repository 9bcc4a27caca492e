/* start.c - Start of New load: what will happen in numbers, what is to be chosen, what it costs, and the consent. */
#include <stdio.h>
#include <string.h>

#include "base/paths.h"
#include "base/text.h"
#include "ui/console/chrome.h"
#include "ui/console/model.h"

static bool deletes(const struct wizard *wizard)
{
	return strstr(wizard->action, "delete") != NULL;
}

/* Deleting asks for the number of records, production for the org's name; everything else for a y. What was chosen before
 * stays; a first start on production begins with a few. */
void start_open(struct model *model)
{
	struct wizard *wizard = &model->wizard;
	struct start_form *form = &wizard->start;
	struct start_form before = *form;

	memset(form, 0, sizeof *form);
	form->few = before.opened ? before.few : wizard->production;
	form->failing = before.failing;
	form->opened = true;
	form->typed = deletes(wizard) || wizard->production;
	if (deletes(wizard)) {
		snprintf(form->expected, sizeof form->expected, "%lld", (long long)wizard->passed);
		form->expected_is = "the number of records";
	} else if (form->typed) {
		snprintf(form->expected, sizeof form->expected, "%s", wizard->org_name);
		form->expected_is = "the org's name";
	}
	form->field = form->typed ? START_TYPED : START_FAILING;
	model_push(model, SCREEN_START);
}

/* Fewer records than the first few leave nothing to choose. */
static bool has_few(const struct wizard *wizard)
{
	return wizard->passed > START_FEW;
}

int64_t start_first(const struct wizard *wizard)
{
	return has_few(wizard) && wizard->start.few ? START_FEW : 0;
}

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

static bool field_shown(const struct wizard *wizard, enum start_field field)
{
	return field == START_FIRST ? has_few(wizard) : field == START_TYPED ? wizard->start.typed : true;
}

static void move_field(struct wizard *wizard, int by)
{
	int field = (int)wizard->start.field;

	do
		field = (field + by + START_FIELDS) % START_FIELDS;
	while (!field_shown(wizard, (enum start_field)field));
	wizard->start.field = (enum start_field)field;
}

static void change(struct start_form *form)
{
	if (form->field == START_FIRST)
		form->few = !form->few;
	if (form->field == START_FAILING)
		form->failing = (form->failing + 1) % START_FAILINGS;
}

/* y and n only where nothing must be typed; Enter means no, too, then. */
static void start_update(struct model *model, enum verb verb, struct key key)
{
	struct wizard *wizard = &model->wizard;
	struct start_form *form = &wizard->start;

	if (verb == VERB_NEXT_FIELD || key.code == K_DOWN)
		move_field(wizard, 1);
	else if (verb == VERB_PREVIOUS_FIELD || key.code == K_UP)
		move_field(wizard, -1);
	else if (form->field != START_TYPED && key_is(key, K_CHAR, ' '))
		change(form);
	else if (form->typed && key.code == K_ENTER)
		begin(model);
	else if (form->field == START_TYPED)
		line_key(&form->line, key);
	else if (!form->typed && key_is(key, K_CHAR, 'y'))
		begin(model);
	else if (!form->typed && (key_is(key, K_CHAR, 'n') || key.code == K_ENTER))
		model_pop(model);
}

/* ---- what it says ---- */

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

	snprintf(lines[0], NUMBER_TEXT, "%s%s%s · %s · as %s", wizard->org_name,
	         wizard->org_kind[0] ? " · " : "", wizard->org_kind, wizard->org_id, wizard->username);
	snprintf(lines[1], NUMBER_TEXT, "%s%s%s from %s, %s records",
	         run_what(wizard->object, wizard->action, what), upsert ? " by " : "",
	         upsert ? wizard->key : "", paths_name(wizard->file), text_count(wizard->records, a, sizeof a));
	snprintf(lines[2], NUMBER_TEXT, "  %s %s · %s left out", text_count(wizard->passed, a, sizeof a),
	         becomes(wizard->action), text_count(wizard->failing + wizard->blank, b, sizeof b));
}

/* Returns the rows they take; `grid` NULL only counts. */
static int view_numbers(const struct model *model, struct grid *grid, int row, int column, int width)
{
	const struct wizard *wizard = &model->wizard;
	char lines[NUMBERS][NUMBER_TEXT];
	int rows = 0;

	numbers(wizard, lines);
	for (int i = 0; i < NUMBERS; i++)
		rows += chrome_wrap(grid, row + rows, column, width, 2, lines[i],
		                    i ? STYLE_PLAIN : wizard_badge(model).style);
	return rows;
}

enum { CHOICE_AT = 19, CHANGES = 15 };

/* "begin with         [ the first 200, then wait for me ]       Space changes" */
static void view_choice(const struct start_form *form, enum start_field field, struct grid *grid, int row,
                        int column, int width)
{
	static const char *const failings[START_FAILINGS] = { "go on; stop above 5 %", "go on to the end",
		                                              "stop after a job with failures" };
	bool focus = form->field == field;
	char choice[96];

	grid_text(grid, row, column, CHOICE_AT - 1, field == START_FIRST ? "begin with" : "when records fail",
	          STYLE_PLAIN);
	if (field == START_FIRST && form->few)
		snprintf(choice, sizeof choice, "[ the first %d, then wait for me ]", START_FEW);
	else if (field == START_FIRST)
		snprintf(choice, sizeof choice, "[ all of them ]");
	else
		snprintf(choice, sizeof choice, "[ %s ]", failings[form->failing]);
	grid_text(grid, row, column + CHOICE_AT, width - CHOICE_AT, choice, focus ? STYLE_KEY : STYLE_PLAIN);
	if (focus && grid_width(grid, slice_of(choice)) + CHOICE_AT + CHANGES <= width)
		grid_right(grid, row, column, width, "Space changes", STYLE_DIM);
	if (focus)
		grid_focus(grid, row, column, width);
}

static int view_choices(const struct wizard *wizard, struct grid *grid, int row, int column, int width)
{
	int rows = 0;

	for (int field = START_FIRST; field <= START_FAILING; field++)
		if (field_shown(wizard, (enum start_field)field)) {
			if (grid)
				view_choice(&wizard->start, (enum start_field)field, grid, row + rows, column,
				            width);
			rows++;
		}
	return rows;
}

/* What it costs of the day's calls, and how the records go. */
static void view_costs(const struct wizard *wizard, struct grid *grid, int row, int column, int width)
{
	bool rest = strcmp(wizard->api, "collections") == 0;
	char calls[28], left[28], text[160];

	grid_text(grid, row, column, CHOICE_AT - 1, "costs", STYLE_PLAIN);
	text_count(wizard->calls, calls, sizeof calls);
	text_count(wizard->calls_left, left, sizeof left);
	if (wizard->calls_left >= 0)
		snprintf(text, sizeof text, "about %s of %s API calls left today, %s", calls, left,
		         rest ? "REST, 200 a call" : "Bulk API");
	else
		snprintf(text, sizeof text, "about %s API calls, %s", calls,
		         rest ? "REST, 200 a call" : "Bulk API");
	grid_text(grid, row, column + CHOICE_AT, width - CHOICE_AT, text, STYLE_PLAIN);
}

static void view_consent(const struct start_form *form, struct grid *grid, int row, int column, int width)
{
	char text[256];
	int taken;

	if (!form->typed) {
		grid_text(grid, row, column, width, "y start   n no (Enter)", STYLE_KEY);
		return;
	}
	if (strcmp(form->expected_is, "the org's name") == 0) /* it stands above */
		snprintf(text, sizeof text, "Type the org's name to start: ");
	else
		snprintf(text, sizeof text, "Type %s, %s: ", form->expected_is, form->expected);
	taken = grid_text(grid, row, column, width, text, STYLE_PLAIN);
	if (form->field == START_TYPED)
		line_view(&form->line, grid, row, column + taken, width - taken);
	else
		grid_text(grid, row, column + taken, width - taken, form->line.text, STYLE_INPUT);
}

static void start_view(struct model *model, struct grid *grid)
{
	struct wizard *wizard = &model->wizard;
	int columns = grid->columns - 2 < 80 ? grid->columns - 2 : 80;
	int width = columns - 4;
	char title[192];
	int rows = view_numbers(model, NULL, 0, 0, width) + view_choices(wizard, NULL, 0, 0, width) + 6;
	int row, column;

	chrome_title_step(grid, "New load › Start", "", "step 6 of 6", wizard_badge(model));
	snprintf(title, sizeof title, "Start on %s", wizard->production ? "PRODUCTION" : wizard->org_name);
	dialog_box(grid, rows, columns, title, wizard->production ? STYLE_PRODUCTION : STYLE_HEADING, &row,
	           &column);
	row += view_numbers(model, grid, row, column, width) + 1;
	row += view_choices(wizard, grid, row, column, width);
	view_costs(wizard, grid, row, column, width);
	view_consent(&wizard->start, grid, row + 2, column, width);
}

static void start_paste(struct model *model, struct slice text)
{
	struct start_form *form = &model->wizard.start;

	if (form->field == START_TYPED)
		line_insert(&form->line, text);
}

/* "This file was loaded already. Once more?" */
enum { LOADED_SEE = 1, LOADED_ONCE_MORE };

/* The sentence ends where it names commands. */
void start_loaded(struct model *model, int64_t run, enum loaded_way way, const char *why)
{
	static const char *const ways[] = { [LOADED_LOOK] = "",
		                            [LOADED_WAIT] = "",
		                            [LOADED_RESUME] = ", and go on with it there",
		                            [LOADED_RETRY] = ": what failed there can be tried again" };
	struct dialog *dialog = &model->dialog;
	char said[DIALOG_TEXT];
	const char *end = strchr(why, ';');

	snprintf(said, sizeof said, "%.*s.", end ? (int)(end - why) : (int)strlen(why), why);
	dialog_open(dialog, DIALOG_CHOOSE, VERB_START, run, "Loaded already");
	dialog->chosen = way;
	dialog_sentence(dialog, said);
	dialog_option(dialog, "see run %lld%s", (long long)run, ways[way]);
	dialog_option(dialog, "load the whole file once more");
	model_effect(model, EFFECT_DRAIN);
}

static void see_loaded(struct model *model, int64_t run, enum loaded_way way)
{
	model_home(model);
	model_show_run(model, run, SCREEN_RUN);
	if (way == LOADED_RETRY)
		model_show_run(model, run, SCREEN_REVIEW);
}

static void start_answered(struct model *model, enum verb verb, int64_t run, int answer)
{
	if (verb != VERB_START || !answer)
		return;
	if (answer == LOADED_SEE) {
		see_loaded(model, run, (enum loaded_way)model->dialog.chosen);
		return;
	}
	model->wizard.again = true;
	model_effect(model, EFFECT_BEGIN);
}

const struct screen screen_start = {
	.update = start_update,
	.view = start_view,
	.paste = start_paste,
	.answered = start_answered,
};
