#include "ui/console/screens/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/console/model.h"
#include "ui/console/screens/run_orders.h"
#include "ui/console/screens/run_summary.h"

void run_screen_reset(struct run_screen *screen, int64_t id)
{
	run_screen_release(screen);
	memset(screen, 0, sizeof *screen);
	screen->id = id;
}

void run_screen_release(struct run_screen *screen)
{
	free(screen->groups);
	screen->groups = NULL;
	table_release(&screen->table);
}

static void run_details(struct model *model)
{
	char title[64];

	snprintf(title, sizeof title, "Run %lld › Details", (long long)model->run.id);
	details_open(model, model->run.id, title);
	details_of_run(&model->details, &model->run.run, model->run.now);
}

static void run_copies(const struct model *model, struct copies *copies)
{
	const struct run_screen *screen = &model->run;
	struct buf b;

	copies_add_run(copies, &screen->run);
	buf_init(&b, COPY_TEXT - 1);
	run_summary(screen, &b);
	copies_add(copies, "ten lines", "%s", buf_text(&b));
	buf_release(&b);
	if (screen->table.cursor < screen->table.count)
		copies_add(copies, "message", "%s", screen->groups[screen->table.cursor].text);
}

static enum outcome_state state_of(enum run_part part)
{
	switch (part) {
	case PART_WRITTEN:
		return OUTCOME_WRITTEN;
	case PART_FAILED:
		return OUTCOME_FAILED;
	case PART_LEFT_OUT:
		return OUTCOME_SKIPPED;
	case PART_IN_DOUBT:
		return OUTCOME_IN_DOUBT;
	default:
		return 0; /* no outcome yet: the jobs tell where they are */
	}
}

/* Enter: the reasons lead to the review, a number to its records, the jobs to their list. */
static void enter_pane(struct model *model)
{
	struct run_screen *screen = &model->run;
	enum outcome_state state = state_of(screen->part);

	if (run_pane(screen) == PANE_REASONS) {
		model_show_run(model, screen->id, SCREEN_REVIEW);
		if (screen->table.cursor < screen->table.count)
			model->review.focus = screen->groups[screen->table.cursor].id;
	} else if (run_pane(screen) == PANE_PARTS && state) {
		records_reset_state(&model->records, screen->id, state, run_part_count(screen, screen->part));
		model_push(model, SCREEN_RECORDS);
	} else {
		model_show_run(model, screen->id, SCREEN_JOBS);
	}
}

static void next_pane(struct run_screen *screen, int by)
{
	int pane = (int)run_pane(screen);

	do
		pane = (pane + by + RUN_PANES) % RUN_PANES;
	while (pane == PANE_REASONS && screen->group_count < 1);
	screen->pane = (enum run_pane)pane;
	screen->pane_chosen = true;
}

/* Up and down in the pane in focus; the jobs are one line. */
static void move(struct model *model, struct key key)
{
	struct run_screen *screen = &model->run;
	struct table parts = { .cursor = 0 };
	enum run_part shown[RUN_PARTS];

	if (run_pane(screen) == PANE_REASONS) {
		table_move(&screen->table, key, model->rows - 16);
		return;
	}
	for (int i = 0; i < RUN_PARTS; i++)
		if (run_part_shown(screen, (enum run_part)i, model->rows)) {
			if ((enum run_part)i <= screen->part)
				parts.cursor = parts.count;
			shown[parts.count++] = (enum run_part)i;
		}
	if (run_pane(screen) == PANE_PARTS && parts.count && table_move(&parts, key, RUN_PARTS))
		screen->part = shown[parts.cursor];
}

static void run_update(struct model *model, enum verb verb, struct key key)
{
	struct run_screen *screen = &model->run;
	struct run_line line;

	run_line_of(&line, &screen->run, screen->now);
	switch (verb) {
	case VERB_REVIEW:
		enter_pane(model);
		break;
	case VERB_NEXT_FIELD:
	case VERB_PREVIOUS_FIELD:
		next_pane(screen, verb == VERB_NEXT_FIELD ? 1 : -1);
		break;
	case VERB_LOG:
		model_show_run(model, screen->id, SCREEN_LOG);
		break;
	case VERB_PAUSE:
	case VERB_CANCEL:
		orders_ask(model, verb, &line);
		break;
	case VERB_NEW_LIKE:
		model_effect(model, EFFECT_LIKE)->run = screen->id;
		break;
	case VERB_UNDO:
		model_effect(model, EFFECT_UNDO_LOOK)->run = screen->id;
		break;
	case VERB_WRITE:
		write_ask(model, &line);
		break;
	case VERB_DETAILS:
		run_details(model);
		break;
	default:
		move(model, key);
	}
}

static const char *run_label(const struct model *model, enum verb verb)
{
	struct run_line line;

	run_line_of(&line, &model->run.run, model->run.now);
	if (verb == VERB_REVIEW && run_pane(&model->run) == PANE_PARTS)
		return state_of(model->run.part) ? "records" : run_is_rest(&model->run.run) ? "calls" : "jobs";
	if (verb == VERB_REVIEW && run_pane(&model->run) == PANE_JOBS)
		return run_is_rest(&model->run.run) ? "calls" : "jobs";
	return orders_label(&line, verb);
}

static const char *run_refuses(const struct model *model, enum verb verb)
{
	struct run_line line;

	if (!model->run.read)
		return verb == VERB_BACK || verb == VERB_LEAVE || verb == VERB_LEAVE_TOO || verb == VERB_HELP ||
		                       verb == VERB_HELP_TOO || verb == VERB_HELP_F1
		               ? NULL
		               : "This run cannot be read";
	run_line_of(&line, &model->run.run, model->run.now);
	if (verb == VERB_REVIEW && run_pane(&model->run) == PANE_PARTS &&
	    !run_part_count(&model->run, model->run.part))
		return "There is no such record";
	return orders_refuse(&line, verb);
}

const struct screen screen_run = {
	.update = run_update,
	.view = run_view,
	.answered = orders_answered,
	.label = run_label,
	.refuses = run_refuses,
	.copies = run_copies,
};
