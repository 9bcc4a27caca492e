/* loop_check.c - Check of New load: the file is read in the background, what is mended changes the draft, and it is read again. */
#include <stdio.h>
#include <string.h>

#include "ui/console/loop.h"

static void tell(struct model *model, const struct err *e)
{
	model_tell(model, STYLE_ERROR, "%s", e->text);
}

static void run_check(struct loop *loop)
{
	struct model *model = &loop->model;
	struct err e;

	err_init(&e);
	model->wizard.check_offset = 0;
	if (!work_busy(loop->work) && draft_choose_check(loop->draft, &model->wizard, &e) != ERR_OK) {
		tell(model, &e);
		return;
	}
	loop_begin_step(loop, WORK_CHECK, "checking every record");
}

/* What was mended is to be seen on Mapping, too, and counts when the file was checked anew. */
static void mended(struct loop *loop, const struct err *e)
{
	struct wizard *wizard = &loop->model.wizard;

	draft_fill_mapping(loop->draft, wizard);
	draft_fill_fields(loop->draft, wizard);
	if (e->code != ERR_OK)
		tell(&loop->model, e);
	if (model_top(&loop->model) != SCREEN_CHECK)
		return;
	wizard->checked = false;
	run_check(loop);
}

static void begin_fixes(struct loop *loop)
{
	struct wizard *wizard = &loop->model.wizard;

	draft_choose_group(loop->draft, wizard);
	if (wizard->group.finding.example_record && !wizard->group.look) {
		loop_begin_step(loop, WORK_FIXES, "looking what it would change");
		return;
	}
	draft_fill_fixes(loop->draft, wizard);
	check_ask_fix(&loop->model);
}

static void begin_group(struct loop *loop)
{
	draft_choose_group(loop->draft, &loop->model.wizard);
	loop_begin_step(loop, WORK_GROUP, "looking for these records");
}

static void mend(struct loop *loop, const struct effect *effect)
{
	struct wizard *wizard = &loop->model.wizard;
	struct err e;

	err_init(&e);
	if (effect->kind == EFFECT_FIX)
		draft_fix(loop->draft, &wizard->fix, &e);
	else if (effect->kind == EFFECT_TAKE_VALUES)
		draft_take_values(loop->draft, wizard, &e);
	else if (effect->kind == EFFECT_CELL)
		draft_edit(loop->draft, effect->run, wizard->group.column, effect->text, &e);
	else if (draft_step(loop->draft, effect->kind == EFFECT_STEP_BACK, wizard, &e) != ERR_OK) {
		tell(&loop->model, &e);
		return;
	}
	mended(loop, &e);
}

static bool is_of_check(enum effect_kind kind)
{
	return kind >= EFFECT_RUN_CHECK && kind <= EFFECT_ASK_ORG;
}

bool loop_check(struct loop *loop, const struct effect *effect)
{
	struct model *model = &loop->model;

	if (!is_of_check(effect->kind))
		return false;
	if (!loop->draft)
		return true;
	if (work_busy(loop->work) && effect->kind != EFFECT_RUN_CHECK) {
		model_tell(model, STYLE_WARN, "Something is still under way: %s. Wait a moment", model->busy);
		return true;
	}
	if (effect->kind == EFFECT_RUN_CHECK)
		run_check(loop);
	else if (effect->kind == EFFECT_FIXES)
		begin_fixes(loop);
	else if (effect->kind == EFFECT_RECORDS)
		begin_group(loop);
	else if (effect->kind == EFFECT_VALUES)
		draft_fill_values(loop->draft, &model->wizard);
	else if (effect->kind == EFFECT_RUNS_ON)
		loop_begin_step(loop, WORK_RUNS_ON, "asking what runs in the org");
	else if (effect->kind == EFFECT_ASK_ORG)
		loop_begin_step(loop, WORK_ASK_ORG, "asking the org what it holds");
	else
		mend(loop, effect);
	return true;
}

void loop_take_check(struct loop *loop, const struct work_result *result)
{
	struct model *model = &loop->model;

	if (result->kind == WORK_CHECK || result->kind == WORK_ASK_ORG) {
		draft_fill_check(loop->draft, loop->journal, &model->wizard);
	} else if (result->kind == WORK_RUNS_ON) {
		draft_fill_runs_on(loop->draft, &model->wizard);
	} else if (result->kind == WORK_GROUP) {
		draft_fill_group(loop->draft, &model->wizard);
	} else if (result->kind == WORK_FIXES) {
		draft_fill_fixes(loop->draft, &model->wizard);
		check_ask_fix(model);
	}
}
