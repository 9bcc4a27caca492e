#include "ui/console/screens/run_orders.h"

#include <stdio.h>

#include "base/text.h"

bool run_is_live(enum run_state now)
{
	return now == RUN_RUNNING || now == RUN_WAITING;
}

static bool can_go_on(enum run_state now)
{
	return now == RUN_INTERRUPTED || now == RUN_PAUSED || now == RUN_HALTED || now == RUN_CHECKED;
}

/* It stopped at failures, and every record has its outcome. */
static bool nothing_left(const struct run_line *line)
{
	return line->now == RUN_HALTED && run_pending(&line->counts) == 0;
}

const char *orders_label(const struct run_line *line, enum verb verb)
{
	if (verb != VERB_PAUSE || run_is_live(line->now) || !can_go_on(line->now))
		return NULL;
	return line->now == RUN_CHECKED ? "begin" : "go on";
}

const char *orders_refuse(const struct run_line *line, enum verb verb)
{
	if (verb == VERB_PAUSE && !run_is_live(line->now) && !can_go_on(line->now))
		return line->now == RUN_FINISHED ? "This run is finished: there is nothing to pause"
		                                 : "This run was cancelled: it is not meant to go on";
	if (verb == VERB_PAUSE && nothing_left(line))
		return "No record is left to go: the failed ones are to be reviewed";
	if (verb == VERB_CANCEL && run_state_ended(line->now))
		return "This run has ended: there is nothing to cancel";
	if (verb == VERB_UNDO)
		return take_back_refuse(line);
	return NULL;
}

static void say_run(struct dialog *dialog, const struct run_line *line)
{
	char what[RUN_WHAT];

	dialog->production = line->production;
	dialog_line(dialog, "%s from %s into %s", run_what(line->object, line->action, what), line->file,
	            line->org);
}

static void say_counts(struct dialog *dialog, const struct run_line *line)
{
	char written[28], failed[28], pending[28];

	dialog_line(dialog, "%s written, %s failed, %s to go",
	            text_count(line->counts.written, written, sizeof written),
	            text_count(line->counts.failed, failed, sizeof failed),
	            text_count(run_pending(&line->counts), pending, sizeof pending));
}

static void ask_pause(struct dialog *dialog, const struct run_line *line)
{
	dialog_open(dialog, DIALOG_CHOOSE, VERB_PAUSE, line->id, "Pause run %lld", (long long)line->id);
	say_run(dialog, line);
	say_counts(dialog, line);
	dialog_option(dialog, "stop now: abort the jobs in the org; what they have written so far stays and "
	                      "is counted");
	dialog_option(dialog, "let the jobs that are in the org finish, and begin no new one");
}

static void ask_go_on(struct dialog *dialog, const struct run_line *line)
{
	dialog_open(dialog, DIALOG_ASK, VERB_PAUSE, line->id, "%s run %lld%s",
	            line->now == RUN_CHECKED ? "Begin" : "Go on with", (long long)line->id,
	            line->production ? " on PRODUCTION" : "");
	say_run(dialog, line);
	say_counts(dialog, line);
	if (line->now == RUN_HALTED)
		dialog_line(dialog, "Failed records stay as they are; it stops again at the next new failure.");
	if (line->now == RUN_INTERRUPTED)
		dialog_line(dialog,
		            "What was on its way is looked up in the org first. Nothing is sent twice.");
}

static void ask_cancel(struct dialog *dialog, const struct run_line *line)
{
	dialog_open(dialog, DIALOG_ASK, VERB_CANCEL, line->id, "Cancel run %lld", (long long)line->id);
	say_run(dialog, line);
	say_counts(dialog, line);
	if (run_is_live(line->now))
		dialog_line(dialog, "Its jobs in the org are aborted; what they have written stays and is "
		                    "counted.");
	dialog_line(dialog, "It is not meant to go on afterwards.");
}

void orders_ask(struct model *model, enum verb verb, const struct run_line *line)
{
	if (verb == VERB_PAUSE && line->now == RUN_INTERRUPTED && model_top(model) != SCREEN_GO_ON) {
		model_show_run(model, line->id, SCREEN_GO_ON);
		return;
	}
	if (verb == VERB_CANCEL)
		ask_cancel(&model->dialog, line);
	else if (run_is_live(line->now))
		ask_pause(&model->dialog, line);
	else
		ask_go_on(&model->dialog, line);
	model->dialog.live = run_is_live(line->now);
}

static void order(struct model *model, int64_t run, enum order_kind kind)
{
	struct effect *effect = model_effect(model, EFFECT_ORDER);

	effect->run = run;
	effect->order = kind;
}

void orders_answered(struct model *model, enum verb verb, int64_t run, int answer)
{
	bool live = model->dialog.live; /* as it was asked, whatever happened since */

	if (!answer)
		return;
	if (verb == VERB_CANCEL && live)
		order(model, run, ORDER_CANCEL);
	else if (verb == VERB_CANCEL)
		model_effect(model, EFFECT_GIVE_UP)->run = run;
	else if (verb == VERB_PAUSE && live)
		order(model, run, answer == 1 ? ORDER_PAUSE_NOW : ORDER_PAUSE);
	else if (verb == VERB_PAUSE)
		model_effect(model, EFFECT_GO_ON)->run = run;
}
