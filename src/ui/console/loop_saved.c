/* loop_saved.c - mappings under a name: the journal is read, the draft changes in the background. */
#include <stdio.h>

#include "ui/console/loop_own.h"

static void save(struct loop *loop, const struct effect *effect)
{
	struct model *model = &loop->model;
	struct err e;

	err_init(&e);
	if (draft_save_mapping(loop->draft, loop->journal, effect->text, &e) == ERR_OK)
		model_tell(model, STYLE_GOOD, "The mapping is saved as %s", effect->text);
	else
		loop_refused(loop, effect, &e);
}

static void take(struct loop *loop, const char *name)
{
	struct err e;

	err_init(&e);
	if (draft_choose_saved(loop->draft, loop->journal, name, &e) == ERR_OK)
		loop_begin_step(loop, WORK_TAKE_SAVED, "taking the mapping");
	else
		model_tell(&loop->model, STYLE_ERROR, "%s", e.text);
}

static bool is_of_saved(enum effect_kind kind)
{
	return kind == EFFECT_SAVED || kind == EFFECT_TAKE_SAVED || kind == EFFECT_SAVE_MAPPING;
}

bool loop_saved(struct loop *loop, const struct effect *effect)
{
	struct model *model = &loop->model;

	if (!is_of_saved(effect->kind))
		return false;
	if (!loop->draft || !loop->journal)
		return true;
	if (work_busy(loop->work)) {
		model_tell(model, STYLE_WARN, "Something is still under way: %s. Wait a moment", model->busy);
		return true;
	}
	if (effect->kind == EFFECT_SAVE_MAPPING) {
		save(loop, effect);
	} else if (effect->kind == EFFECT_TAKE_SAVED) {
		take(loop, effect->text);
	} else {
		draft_fill_saved(loop->draft, loop->journal, &model->wizard);
		saved_ask(model);
	}
	return true;
}

void loop_take_saved(struct loop *loop)
{
	struct wizard *wizard = &loop->model.wizard;

	wizard->checked = false;
	draft_fill_mapping(loop->draft, wizard);
	draft_fill_fields(loop->draft, wizard);
}
