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
	form->keep = before.opened ? before.keep : wizard->keeping.keep;
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
	runs_on_open(model);
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

	if (model->busy[0] && !model->wizard.runs_on.asking)
		return;
	if (!typed_right(form)) {
		model_tell(model, STYLE_WARN, "To start, type %s: %s", form->expected_is, form->expected);
		return;
	}
	runs_on_leave(model);
	model_effect(model, EFFECT_BEGIN);
}

static bool field_shown(const struct wizard *wizard, enum start_field field)
{
	switch (field) {
	case START_FIRST:
		return has_few(wizard);
	case START_KEEP: /* an insert overwrites nothing */
		return wizard->keeping.calls > 0;
	case START_TYPED:
		return wizard->start.typed;
	default:
		return true;
	}
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
	if (form->field == START_KEEP)
		form->keep = !form->keep;
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

enum { NUMBERS = 4, NUMBER_TEXT = 1400 };

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

/* "clears Phone on 1,204 records, Fax on 3", as far as the check knows; "" if nothing is cleared. */
static void clears(const struct wizard *wizard, char *to, size_t size)
{
	char number[28];

	to[0] = '\0';
	for (size_t i = wizard->fail_count; i < wizard->finding_count; i++) {
		const struct finding *look = &wizard->findings[i];
		size_t used = strlen(to);

		if (look->rule != RULE_CLEARS)
			continue;
		snprintf(to + used, size - used, "%s%s on %s%s", used ? ", " : "  clears ", look->field,
		         text_count(look->count, number, sizeof number),
		         used               ? ""
		         : look->count == 1 ? " record"
		                            : " records");
	}
}

static void numbers(const struct wizard *wizard, char lines[NUMBERS][NUMBER_TEXT])
{
	char what[RUN_WHAT], a[28], b[28], left[28];
	bool upsert = strcmp(wizard->action, "upsert") == 0;

	snprintf(lines[0], NUMBER_TEXT, "%s%s%s · %s · as %s", wizard->org_name,
	         wizard->org_kind[0] ? " · " : "", wizard->org_kind, wizard->org_id, wizard->username);
	snprintf(lines[1], NUMBER_TEXT, "%s%s%s from %s, %s records",
	         run_what(wizard->object, wizard->action, what), upsert ? " by " : "",
	         upsert ? wizard->key : "", paths_name(wizard->file), text_count(wizard->records, a, sizeof a));
	text_count(wizard->records - wizard->passed, left, sizeof left);
	if (upsert && wizard->asked)
		snprintf(lines[2], NUMBER_TEXT, "  %s created · %s updated · %s left out",
		         text_count(wizard->passed - wizard->there, a, sizeof a),
		         text_count(wizard->there, b, sizeof b), left);
	else
		snprintf(lines[2], NUMBER_TEXT, "  %s %s · %s left out",
		         text_count(wizard->passed, a, sizeof a), becomes(wizard->action), left);
	clears(wizard, lines[3], NUMBER_TEXT);
}

/* Each in `most` rows. Returns the rows they take; `grid` NULL only counts. */
static int view_numbers(const struct model *model, struct grid *grid, int row, int column, int width, int most)
{
	const struct wizard *wizard = &model->wizard;
	char lines[NUMBERS][NUMBER_TEXT];
	int rows = 0;

	numbers(wizard, lines);
	for (int i = 0; i < NUMBERS && lines[i][0]; i++)
		rows += chrome_wrap(grid, row + rows, column, width, most, lines[i],
		                    i ? STYLE_PLAIN : wizard_badge(model).style);
	return rows;
}

enum { CHOICE_AT = 19, CHANGES = 15 };

/* What stands in the brackets of a choice. */
static void choice_text(const struct wizard *wizard, enum start_field field, char *to, size_t size)
{
	static const char *const failings[START_FAILINGS] = { "go on; stop above 5 %", "go on to the end",
		                                              "stop after a job with failures" };
	const struct start_form *form = &wizard->start;
	char calls[28];

	if (field == START_FIRST && form->few)
		snprintf(to, size, "the first %d, then wait for me", START_FEW);
	else if (field == START_FIRST)
		snprintf(to, size, "all of them");
	else if (field == START_FAILING)
		snprintf(to, size, "%s", failings[form->failing]);
	else if (form->keep)
		snprintf(to, size, "yes: %s call%s, can be undone",
		         text_count(wizard->keeping.calls, calls, sizeof calls),
		         wizard->keeping.calls == 1 ? "" : "s");
	else
		snprintf(to, size, "no: updates cannot be undone");
}

/* "begin with         [ the first 200, then wait for me ]       Space changes" */
static void view_choice(const struct wizard *wizard, enum start_field field, struct grid *grid, int row,
                        int column, int width)
{
	static const char *const names[START_TYPED] = { "begin with", "when records fail", "keep old values" };
	bool focus = wizard->start.field == field;
	char text[96], choice[112];

	choice_text(wizard, field, text, sizeof text);
	snprintf(choice, sizeof choice, "[ %s ]", text);
	grid_text(grid, row, column, CHOICE_AT - 1, names[field], STYLE_PLAIN);
	grid_text(grid, row, column + CHOICE_AT, width - CHOICE_AT, choice, focus ? STYLE_KEY : STYLE_PLAIN);
	if (focus && grid_width(grid, slice_of(choice)) + CHOICE_AT + CHANGES <= width)
		grid_right(grid, row, column, width, "Space changes", STYLE_DIM);
	if (focus)
		grid_focus(grid, row, column, width);
}

static int view_choices(const struct wizard *wizard, struct grid *grid, int row, int column, int width)
{
	int rows = 0;

	for (int field = START_FIRST; field < START_TYPED; field++)
		if (field_shown(wizard, (enum start_field)field)) {
			if (grid)
				view_choice(wizard, (enum start_field)field, grid, row + rows, column, width);
			rows++;
		}
	return rows;
}

/* "260 of 14,211 API calls", or without the second number where the org has not said it; added to `to`. */
static void add_cost(char *to, size_t size, int64_t needed, int64_t left, const char *what)
{
	char a[28], b[28];
	size_t used = strlen(to);

	text_count(needed, a, sizeof a);
	if (left >= 0)
		snprintf(to + used, size - used, "%s of %s %s", a, text_count(left, b, sizeof b), what);
	else
		snprintf(to + used, size - used, "%s %s", a, what);
}

/* What it takes of what the org allows in a day. True where that is more than what is left. */
static bool costs_text(const struct wizard *wizard, char *to, size_t size)
{
	const struct start_form *form = &wizard->start;
	const struct load_cost *cost = form->failing == START_STOP ? &wizard->cost_stopping : &wizard->cost;
	int64_t calls = cost->calls + (form->keep ? wizard->keeping.calls : 0);
	bool more = (cost->calls_left >= 0 && calls > cost->calls_left) ||
	            (cost->batches_left >= 0 && cost->batches > cost->batches_left);

	to[0] = '\0';
	add_cost(to, size, calls, cost->calls_left, "API calls");
	if (cost->batches) {
		snprintf(to + strlen(to), size - strlen(to), ", ");
		add_cost(to, size, cost->batches, cost->batches_left, "batches");
	}
	snprintf(to + strlen(to), size - strlen(to), "%s%s", cost->calls_left >= 0 ? " left today" : "",
	         more                                      ? ": it will wait for more"
	         : strcmp(wizard->api, "collections") == 0 ? "; REST"
	                                                   : "");
	return more;
}

/* A row that tells, in up to `most` rows; `grid` NULL only counts. */
static int view_row(struct grid *grid, int row, int column, int width, int most, const char *name,
                    const char *text, enum style style)
{
	if (grid)
		grid_put(grid, row, column, CHOICE_AT - 1, slice_of(name), GIVE_MIDDLE, STYLE_PLAIN);
	return chrome_wrap(grid, row, column + CHOICE_AT, width - CHOICE_AT, most, text, style);
}

/* What runs in the org, told in full only where there is room. The usual four kinds fit into 80 columns with the one in front of the frame. */
static int view_runs_on(const struct wizard *wizard, struct grid *grid, int row, int column, int width,
                        int room)
{
	char name[160], text[RUNS_ON_TEXT];
	int rows;

	runs_on_text(&wizard->runs_on, text);
	if (!text[0])
		return 0;
	snprintf(name, sizeof name, "runs on %s", wizard->object);
	rows = view_row(grid, row, column, width + 1, room ? 3 : 1, name, text, STYLE_PLAIN);
	for (int i = 0; room > 2 && i < AUTOMATION_KIND_COUNT; i++)
		if (runs_on_names(&wizard->runs_on, (enum automation_kind)i, text))
			rows += view_row(grid, row + rows, column, width, 2, "", text, STYLE_DIM);
	return rows;
}

static int view_told(const struct wizard *wizard, struct grid *grid, int row, int column, int width, int room)
{
	char text[200];
	bool more = costs_text(wizard, text, sizeof text);
	int rows = view_runs_on(wizard, grid, row, column, width, room);

	return rows +
	       view_row(grid, row + rows, column, width, 2, "costs", text, more ? STYLE_WARN : STYLE_PLAIN);
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

/* What stands in the box. `room`: 0 none to spare, 1 for what runs in full, 2 for rows between its parts, 3 for names, too. Returns the rows it takes; `grid`
 * NULL only counts. */
static int view_parts(const struct model *model, struct grid *grid, int top, int column, int width, int room)
{
	const struct wizard *wizard = &model->wizard;
	int row = top, gap = room > 1;

	row += view_numbers(model, grid, row, column, width, 1 + gap) + gap;
	row += view_choices(wizard, grid, row, column, width) + gap;
	row += view_told(wizard, grid, row, column, width, room) + gap;
	if (grid)
		view_consent(&wizard->start, grid, row, column, width);
	return row + 1 - top;
}

enum { NAMES_ABOVE = 24 }; /* rows: names stand only on larger terminals */

static void start_view(struct model *model, struct grid *grid)
{
	struct wizard *wizard = &model->wizard;
	int columns = grid->columns - 2 < 80 ? grid->columns - 2 : 80;
	int room = grid->rows > NAMES_ABOVE ? 3 : 2, row, column;
	char title[192];

	/* the org above it stays in sight as long as that can be */
	while (room > 0 &&
	       view_parts(model, NULL, 0, 0, columns - 4, room) + 2 >= grid->rows - (room == 1 ? 3 : 1))
		room--;
	chrome_title_step(grid, "New load › Start", "", "step 6 of 6", wizard_badge(model));
	snprintf(title, sizeof title, "Start on %s", wizard->production ? "PRODUCTION" : wizard->org_name);
	dialog_box(grid, view_parts(model, NULL, 0, 0, columns - 4, room) + 2, columns, title,
	           (struct org_badge){ 0 }, wizard->production ? STYLE_PRODUCTION : STYLE_HEADING, &row,
	           &column);
	view_parts(model, grid, row, column, columns - 4, room);
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
