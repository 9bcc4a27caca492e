#include "ui/console/model.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ui/console/chrome.h"

enum { BUSY_SHOWN_MS = 200 };

static const struct screen *const screens[] = {
	[SCREEN_RUNS] = &screen_runs,       [SCREEN_FILE] = &screen_file,
	[SCREEN_OBJECT] = &screen_object,   [SCREEN_ACTION] = &screen_action,
	[SCREEN_MAPPING] = &screen_mapping, [SCREEN_FIELD] = &screen_field,
	[SCREEN_CHECK] = &screen_check,     [SCREEN_START] = &screen_start,
	[SCREEN_GROUP] = &screen_group,     [SCREEN_VALUES] = &screen_values,
	[SCREEN_PICK] = &screen_pick,       [SCREEN_RUN] = &screen_run,
	[SCREEN_LOG] = &screen_log,         [SCREEN_REVIEW] = &screen_review,
	[SCREEN_RECORDS] = &screen_records, [SCREEN_RECORD] = &screen_record,
	[SCREEN_DETAILS] = &screen_details, [SCREEN_JOBS] = &screen_jobs,
	[SCREEN_GO_ON] = &screen_go_on,     [SCREEN_ORGS] = &screen_orgs,
	[SCREEN_ORG_WAY] = &screen_org_way, [SCREEN_ORG_FORM] = &screen_org_form,
};

void model_init(struct model *model, int rows, int columns, bool ascii)
{
	memset(model, 0, sizeof *model);
	model->rows = rows;
	model->columns = columns;
	model->ascii = ascii;
	model->stack[0] = SCREEN_RUNS;
	model->depth = 1;
	wizard_init(&model->wizard);
	run_screen_reset(&model->run, 0);
}

void model_release(struct model *model)
{
	table_release(&model->help.table);
	runs_release(&model->runs);
	run_screen_release(&model->run);
	log_release(&model->log);
	review_release(&model->review);
	records_release(&model->records);
	record_release(&model->record);
	wizard_release(&model->wizard);
	orgs_screen_release(&model->orgs);
	org_form_release(&model->form);
}

enum screen_id model_top(const struct model *model)
{
	return model->stack[model->depth - 1];
}

void model_push(struct model *model, enum screen_id screen)
{
	if (model->depth < MODEL_DEPTH)
		model->stack[model->depth++] = screen;
	if (screen == SCREEN_START)
		model_effect(model, EFFECT_DRAIN);
	if (screen == SCREEN_ORGS)
		model_effect(model, EFFECT_ORGS);
}

/* What was mended there is checked as soon as one is back. */
static void leave_mending(struct model *model)
{
	enum screen_id top = model_top(model);
	struct wizard *wizard = &model->wizard;
	bool taken = false;

	for (size_t i = 0; top == SCREEN_VALUES && i < wizard->value_count; i++)
		taken = taken || wizard->values[i].taken;
	if (taken) {
		wizard->checked = false;
		model_effect(model, EFFECT_TAKE_VALUES);
	} else if (top == SCREEN_GROUP && !wizard->checked) {
		model_effect(model, EFFECT_RUN_CHECK);
	}
}

void model_pop(struct model *model)
{
	leave_mending(model);
	if (model->depth > 1)
		model->depth--;
}

void model_home(struct model *model)
{
	model->depth = 1;
}

bool model_has(const struct model *model, enum screen_id screen)
{
	for (int i = 0; i < model->depth; i++)
		if (model->stack[i] == screen)
			return true;
	return false;
}

struct effect *model_effect(struct model *model, enum effect_kind kind)
{
	struct effect *effect;

	if (model->effect_count < MODEL_EFFECTS)
		model->effect_count++;
	effect = &model->effects[model->effect_count - 1];
	memset(effect, 0, sizeof *effect);
	effect->kind = kind;
	return effect;
}

void model_tell(struct model *model, enum style style, const char *format, ...)
{
	va_list args;

	model->notice_style = style;
	va_start(args, format);
	vsnprintf(model->notice, sizeof model->notice, format, args);
	va_end(args);
	chrome_sentence(model->notice);
}

void model_show_run(struct model *model, int64_t run, enum screen_id screen)
{
	if (screen == SCREEN_RUN && model->run.id != run)
		run_screen_reset(&model->run, run);
	if (screen == SCREEN_LOG)
		log_reset(&model->log, run);
	if (screen == SCREEN_REVIEW)
		review_reset(&model->review, run);
	if (screen == SCREEN_JOBS)
		jobs_reset(&model->jobs, run);
	if (screen == SCREEN_GO_ON)
		go_on_reset(&model->go_on, run);
	model_push(model, screen);
}

bool model_run_line(const struct model *model, int64_t run, struct run_line *line)
{
	if (model->run.read && model->run.id == run) {
		run_line_of(line, &model->run.run, model->run.now);
		return true;
	}
	for (size_t i = 0; i < model->runs.count; i++)
		if (model->runs.lines[i].id == run) {
			*line = model->runs.lines[i];
			return true;
		}
	return false;
}

static struct org_badge badge(const struct model *model, const char *name, const char *org_id, bool production,
                              bool practice)
{
	const char *kind = org_kind_of_run(production, practice);

	return (struct org_badge){ name, production, org_style(&model->orgs, org_id, kind) };
}

static struct org_badge badge_of_run(const struct model *model, const struct run *run)
{
	return badge(model, run->org_name, run->org_id, run->production, run->practice);
}

struct org_badge model_badge(const struct model *model, int64_t run)
{
	if (model->run.read && model->run.id == run)
		return badge_of_run(model, &model->run.run);
	if (model->go_on.read && model->go_on.run == run)
		return badge_of_run(model, &model->go_on.was);
	for (size_t i = 0; i < model->runs.count; i++) {
		const struct run_line *line = &model->runs.lines[i];

		if (line->id == run)
			return badge(model, line->org, line->org_id, line->production, line->practice);
	}
	return (struct org_badge){ NULL, false, STYLE_ORG };
}

void model_copies(const struct model *model, struct copies *copies)
{
	const struct screen *screen = screens[model_top(model)];

	if (screen->copies)
		screen->copies(model, copies);
}

const char *model_label(const struct model *model, enum verb verb)
{
	const struct screen *screen = screens[model_top(model)];
	const char *label = screen->label ? screen->label(model, verb) : NULL;

	return label ? label : action_of_verb(verb)->label;
}

const char *model_refuses(const struct model *model, enum verb verb)
{
	const struct screen *screen = screens[model_top(model)];

	return screen->refuses ? screen->refuses(model, verb) : NULL;
}

/* The list whose filter is typed on this screen, if it has one. */
static struct table *narrowed_table(struct model *model)
{
	switch (model_top(model)) {
	case SCREEN_RUNS:
		return &model->runs.table;
	case SCREEN_RECORDS:
		return &model->records.table;
	case SCREEN_REVIEW:
		return &model->review.table;
	case SCREEN_LOG:
		return &model->log.table;
	case SCREEN_MAPPING:
		return &model->wizard.mapping_table;
	case SCREEN_FILE:
		return &model->wizard.browser.table;
	case SCREEN_OBJECT:
		return &model->wizard.object_table;
	case SCREEN_FIELD:
		return &model->wizard.field_table;
	case SCREEN_PICK:
		return &model->wizard.pick_table;
	default:
		return NULL;
	}
}

static void pass_on(struct model *model, enum verb verb, struct key key)
{
	screens[model_top(model)]->update(model, verb, key);
}

/* True if one has to stay. */
static bool leave_background(struct model *model)
{
	if (!model->busy[0])
		return false;
	if (model->busy_firm) {
		model_tell(model, STYLE_PLAIN, "Something is under way that cannot be left: %s. A moment",
		           model->busy);
		return model_top(model) == SCREEN_START;
	}
	model->busy[0] = '\0';
	model_effect(model, EFFECT_ABANDON);
	return model_top(model) == SCREEN_CHECK && model->wizard.checked; /* a look beside what is shown */
}

static void go_back(struct model *model)
{
	struct table *table = narrowed_table(model);

	if (table && table->filter.len) {
		table->narrowing = true; /* Esc in the filter clears it */
		pass_on(model, VERB_NONE, (struct key){ K_ESC, 0 });
		return;
	}
	if (!leave_background(model))
		model_pop(model);
}

static void leave(struct model *model)
{
	if (leave_background(model))
		return;
	if (model->depth == 1)
		model_effect(model, EFFECT_QUIT);
	else
		model_pop(model);
}

static void act(struct model *model, enum verb verb, struct key key)
{
	const char *why = verb == VERB_NONE ? NULL : model_refuses(model, verb);

	if (why) {
		model_tell(model, STYLE_WARN, "%s", why);
		return;
	}
	switch (verb) {
	case VERB_HELP:
	case VERB_HELP_TOO:
	case VERB_HELP_F1:
		help_open(&model->help, model_top(model));
		break;
	case VERB_BACK:
		go_back(model);
		break;
	case VERB_LEAVE:
	case VERB_LEAVE_TOO:
		leave(model);
		break;
	case VERB_COPY:
		copy_ask(model);
		break;
	case VERB_UNDO_EDIT:
		model_effect(model, model_top(model) == SCREEN_CHECK ? EFFECT_STEP_BACK : EFFECT_UNDO_EDIT);
		break;
	case VERB_REDO_EDIT:
		model_effect(model, model_top(model) == SCREEN_CHECK ? EFFECT_STEP_AGAIN : EFFECT_REDO_EDIT);
		break;
	case VERB_REPAINT:
		model_effect(model, EFFECT_REPAINT);
		break;
	case VERB_SUSPEND:
		model_effect(model, EFFECT_SUSPEND);
		break;
	default:
		pass_on(model, verb, key);
	}
}

static void answer_dialog(struct model *model, struct key key)
{
	enum verb verb = model->dialog.verb;
	int64_t run = model->dialog.run;
	int answer = dialog_key(&model->dialog, key);
	const struct screen *screen = screens[model_top(model)];

	if (answer < 0)
		return;
	if (model->dialog.secret) /* whatever it was asked for, it is the passphrase */
		model_effect(model, EFFECT_UNLOCK)->run = answer;
	else if (verb == VERB_COPY)
		copy_answered(model, answer);
	else if (verb == VERB_WRITE)
		write_answered(model, answer);
	else if (verb == VERB_RETRY)
		again_answered(model, answer);
	else if (verb == VERB_ASK)
		again_ask_org_answered(model, answer);
	else if (verb == VERB_UNDO)
		take_back_answered(model, answer);
	else if ((verb == VERB_EDIT || verb == VERB_LEAVE_OUT) && model_top(model) != SCREEN_GROUP)
		edit_answered(model, answer);
	else if (verb == VERB_FIX && (action_of_verb(verb)->screens & IN_REPAIR & 1u << model_top(model)))
		edit_fix_answered(model, answer);
	else if (screen->answered)
		screen->answered(model, verb, run, answer);
}

static void on_key(struct model *model, struct key key)
{
	struct table *table = narrowed_table(model);
	enum dialog_kind was = model->dialog.kind;
	enum verb verb;

	model->notice[0] = '\0';
	if (model->dialog.kind != DIALOG_NONE) {
		answer_dialog(model, key);
	} else if (model->help.open) {
		verb = help_key(&model->help, key, model->rows - HELP_FRAME);
		if (verb != VERB_NONE)
			act(model, verb, action_of_verb(verb)->key);
	} else if (table && table->narrowing) {
		pass_on(model, VERB_NONE, key);
	} else {
		act(model, action_find(model_top(model), key), key);
	}
	if (was == DIALOG_NONE && model->dialog.kind != DIALOG_NONE)
		model_effect(model, EFFECT_DRAIN);
}

/* A paste goes into a line of text or nowhere: it never presses a key. */
static void on_paste(struct model *model, struct slice text)
{
	struct table *table = narrowed_table(model);
	const struct screen *screen = screens[model_top(model)];

	if (model->dialog.kind == DIALOG_LINE)
		line_insert(&model->dialog.line, text);
	if (model->dialog.kind != DIALOG_NONE)
		return;
	if (model->help.open) {
		line_insert(&model->help.table.filter, text);
		help_key(&model->help, (struct key){ K_CTRL, 'e' }, model->rows - HELP_FRAME);
	} else if (table && (table->narrowing || screen_types(model_top(model)))) {
		line_insert(&table->filter, text);
		pass_on(model, VERB_NONE, (struct key){ K_CTRL, 'e' });
	} else if (screen->paste) {
		screen->paste(model, text);
	}
}

void model_update(struct model *model, const struct message *message)
{
	model->now_ms = message->now_ms;
	model->mono_ms = message->mono_ms;
	switch (message->kind) {
	case MESSAGE_KEY:
		on_key(model, message->key);
		break;
	case MESSAGE_PASTE:
		on_paste(model, message->text);
		break;
	case MESSAGE_RESIZE:
		model->rows = message->rows;
		model->columns = message->columns;
		break;
	case MESSAGE_TICK:
		if (model_has(model, SCREEN_RUN))
			run_sample(&model->run, message->mono_ms);
		break;
	}
}

/* How to find all keys always stands there; how to leave where there is room, and on a run, where it must not be taken for its end. */
static int tail_keys(const struct model *model, struct chrome_key tail[2], bool *spare)
{
	enum screen_id top = model_top(model);
	bool live = top == SCREEN_RUN && (model->run.now == RUN_RUNNING || model->run.now == RUN_WAITING);

	*spare = top != SCREEN_RUN;
	tail[0] = (struct chrome_key){ screen_types(top) ? "F1" : "?", "keys", false };
	if (screen_types(top))
		tail[1] = (struct chrome_key){ "Esc", "back", false };
	else if (model->depth == 1)
		tail[1] = (struct chrome_key){ "q", "quit", false };
	else
		tail[1] = (struct chrome_key){ "q", live ? "leave (load goes on)" : "leave", false };
	return 2;
}

static void view_keys(const struct model *model, struct grid *grid)
{
	static char names[VERB_COUNT][KEY_NAME];
	struct chrome_key keys[VERB_COUNT], tail[2];
	size_t rows;
	const struct action_row *row = actions(&rows);
	int count = 0, tails;
	bool spare;

	for (size_t i = 0; i < rows; i++) {
		if (!(row[i].bottom & 1u << model_top(model)))
			continue;
		keys[count].key = row[i].verb == VERB_PREVIOUS ? "← →" : key_text(row[i].key, names[i]);
		if (model_refuses(model, row[i].verb)) /* says why when it is pressed */
			continue;
		keys[count].label = model_label(model, row[i].verb);
		keys[count++].dim = false;
	}
	tails = tail_keys(model, tail, &spare);
	chrome_keys(grid, keys, count, tail, tails, spare);
}

static void view_busy(const struct model *model, struct grid *grid)
{
	int64_t since = model->mono_ms - model->busy_since_ms;
	char text[224];

	if (!model->busy[0] || since < BUSY_SHOWN_MS)
		return;
	snprintf(text, sizeof text, "%s … %lld s%s", model->busy, (long long)(since / 1000),
	         model->busy_firm ? "" : "   Esc leaves it");
	chrome_notice(grid, chrome_sentence(text), STYLE_LIVE);
}

void model_view(struct model *model, struct grid *grid)
{
	grid_clear(grid);
	if (grid->rows < CHROME_ROWS_MIN || grid->columns < CHROME_COLUMNS_MIN) {
		grid_putf(grid, 0, 0, grid->columns, STYLE_PLAIN, "Longshore needs %d x %d, this is %d x %d",
		          CHROME_COLUMNS_MIN, CHROME_ROWS_MIN, grid->columns, grid->rows);
		return;
	}
	if (model->help.open) {
		help_view(model, grid);
		return;
	}
	screens[model_top(model)]->view(model, grid);
	view_keys(model, grid);
	view_busy(model, grid);
	if (model->notice[0])
		chrome_notice(grid, model->notice, model->notice_style);
	else if (model->lost[0])
		chrome_notice(grid, model->lost, STYLE_ERROR);
	dialog_view(&model->dialog, model_badge(model, model->dialog.run), grid);
}
