/* loop_effects.c - what the model asks for, performed; and what the background found, handed back. */
#include <stdio.h>
#include <string.h>

#include "store/orders.h"
#include "ui/console/loop.h"
#include "ui/console/loop_own.h"

enum { MOST_WORDS = 64 * 1024 };

static void tell(struct model *model, const struct err *e)
{
	model_tell(model, STYLE_ERROR, "%s", e->text);
}

void loop_begin_work(struct loop *loop, const struct work_call *call, const char *words)
{
	struct model *model = &loop->model;
	struct err e;

	err_init(&e);
	if (work_busy(loop->work)) {
		model_tell(model, STYLE_WARN, "Something is still under way: %s. Wait a moment", model->busy);
		return;
	}
	if (work_begin(loop->work, call, &e) != ERR_OK) {
		tell(model, &e);
		return;
	}
	snprintf(model->busy, sizeof model->busy, "%s", words);
	model->busy_since_ms = model->mono_ms;
	model->busy_firm = call->kind >= WORK_BEGIN;
}

void loop_begin_step(struct loop *loop, enum work_kind kind, const char *words)
{
	struct work_call call = { .kind = kind, .draft = loop->draft };

	loop_begin_work(loop, &call, words);
}

/* One's own settings where somebody else began the run: its sign-in is that one's. */
static struct access_choice choice_for(const struct loop *loop, int64_t run)
{
	struct run_line line;

	if (!model_run_line(&loop->model, run, &line) || strcmp(line.by, loop->model.user) == 0)
		return (struct access_choice){ NULL, NULL };
	return loop->with;
}

/* Where something else is under way it is not looked at now: the engine does so before it sends anything. */
static void digest(struct loop *loop)
{
	struct go_on_screen *go_on = &loop->model.go_on;
	struct work_call call = {
		.kind = WORK_DIGEST, .run = go_on->run, .which = go_on->was.file_hash, .path = go_on->was.file
	};

	if (work_busy(loop->work))
		go_on->file = GO_ON_UNKNOWN;
	else
		loop_begin_work(loop, &call, "looking at the file");
}

static void begin_again(struct loop *loop, enum work_kind kind, const char *words)
{
	const struct again *again = &loop->model.again;
	struct work_call call = {
		.kind = kind, .run = again->run, .again = again, .with = choice_for(loop, again->run)
	};

	loop_begin_work(loop, &call, words);
}

static void begin_for_run(struct loop *loop, enum work_kind kind, int64_t run, const char *words)
{
	struct work_call call = { .kind = kind, .run = run, .with = choice_for(loop, run) };

	loop_begin_work(loop, &call, words);
}

static void sign_in(struct loop *loop)
{
	struct wizard *wizard = &loop->model.wizard;

	if (work_busy(loop->work)) {
		model_pop(&loop->model);
		model_tell(&loop->model, STYLE_WARN, "Something is still under way: %s. Wait a moment",
		           loop->model.busy);
		return;
	}
	draft_free(loop->draft);
	loop->draft = draft_new(wizard->file, &loop->with, wizard->browser.delimiter,
	                        browser_sheet(&wizard->browser, wizard->file),
	                        loop->wish.set ? &loop->wish.options : NULL);
	loop->wish.walking = loop->wish.set;
	wizard->object_count = 0;
	wizard->object[0] = wizard->action[0] = wizard->key[0] = '\0';
	wizard->signed_in = false;
	wizard->runs_on = (struct runs_on){ 0 };
	line_clear(&wizard->object_table.filter);
	table_narrow(&wizard->object_table, 0, wizard_object_text, wizard);
	if (loop->draft)
		loop_begin_step(loop, WORK_SIGN_IN, "signing in and listing the objects");
}

static void describe(struct loop *loop)
{
	struct wizard *wizard = &loop->model.wizard;
	char words[200];

	if (!loop->draft || work_busy(loop->work))
		return;
	draft_choose_object(loop->draft, wizard->object);
	snprintf(words, sizeof words, "asking what %.100s has", wizard->object);
	loop_begin_step(loop, WORK_DESCRIBE, words);
}

static void map(struct loop *loop)
{
	struct model *model = &loop->model;
	struct wizard *wizard = &model->wizard;
	struct err e;

	err_init(&e);
	if (!loop->draft || work_busy(loop->work))
		return;
	if (draft_map(loop->draft, wizard->action, wizard->key, &e) != ERR_OK) {
		tell(model, &e);
		return;
	}
	wizard->record = 1;
	draft_fill_chosen(loop->draft, wizard);
	line_clear(&wizard->mapping_table.filter);
	wizard->mapping_table.cursor = wizard->mapping_table.top = 0;
	draft_fill_mapping(loop->draft, wizard);
	draft_fill_fields(loop->draft, wizard);
	model_push(model, SCREEN_MAPPING);
	loop_new_mapped(loop);
}

static void set_field(struct loop *loop, const char *name)
{
	struct wizard *wizard = &loop->model.wizard;
	struct err e;

	err_init(&e);
	if (!loop->draft || work_busy(loop->work))
		return;
	if (draft_set_field(loop->draft, wizard->column, name, &e) != ERR_OK)
		tell(&loop->model, &e);
	draft_fill_mapping(loop->draft, wizard);
	draft_fill_fields(loop->draft, wizard);
	loop_new_keep(loop);
}

/* What is said of the cells of wizard.column, or of a field: `text`. */
static void change_mapping(struct loop *loop, const struct effect *effect)
{
	struct wizard *wizard = &loop->model.wizard;
	struct err e;

	err_init(&e);
	if (!loop->draft || work_busy(loop->work))
		return;
	if (effect->kind == EFFECT_NEXT_ORDER)
		draft_next_order(loop->draft, wizard->column, &e);
	else if (effect->kind == EFFECT_NEXT_BLANK)
		draft_next_blank(loop->draft, wizard->column, &e);
	else
		draft_set_constant(loop->draft, effect->text, &e);
	if (e.code != ERR_OK)
		tell(&loop->model, &e);
	draft_fill_mapping(loop->draft, wizard);
	draft_fill_fields(loop->draft, wizard);
}

static void begin_run(struct loop *loop)
{
	struct wizard *wizard = &loop->model.wizard;

	if (!loop->draft || work_busy(loop->work))
		return;
	draft_choose_start(loop->draft, wizard);
	loop_begin_step(loop, WORK_BEGIN, "starting the run");
}

static void drop_undo(struct loop *loop)
{
	undo_look_free(loop->undo);
	loop->undo = NULL;
}

/* As soon as it is begun the look belongs to the background. */
static void begin_undo(struct loop *loop)
{
	struct work_call call = { .kind = WORK_UNDO, .undo = loop->undo };

	if (!loop->undo)
		return;
	if (!work_busy(loop->work))
		loop->undo = NULL;
	loop_begin_work(loop, &call, "beginning the undo");
}

/* False: it is something else. */
static bool perform_undo(struct loop *loop, const struct effect *effect)
{
	if (effect->kind == EFFECT_UNDO_LOOK)
		begin_for_run(loop, WORK_UNDO_LOOK, effect->run, "asking the org what can be undone");
	else if (effect->kind == EFFECT_UNDO)
		begin_undo(loop);
	else if (effect->kind == EFFECT_UNDO_DROP)
		drop_undo(loop);
	else
		return false;
	return true;
}

static void give_order(struct loop *loop, const struct effect *effect)
{
	struct model *model = &loop->model;
	struct err e;
	int64_t id;

	err_init(&e);
	if (!run_held(loop->journal, effect->run))
		model_tell(model, STYLE_WARN, "No engine works on run %lld any more", (long long)effect->run);
	else if (order_add(loop->journal, effect->run, effect->order, &id, &e) != ERR_OK)
		loop_refused(loop, effect, &e);
	else
		model_tell(model, STYLE_LIVE, "Run %lld is told; it obeys within 2 s", (long long)effect->run);
}

static void abandon(struct loop *loop)
{
	bool lent = work_has_draft(loop->work);

	if (work_busy(loop->work) && !work_abandon(loop->work) && lent)
		loop->draft = NULL; /* the thread has it, and frees it */
}

static void copy(struct loop *loop, const char *text)
{
	terminal_copy(loop->terminal, text);
	model_tell(&loop->model, STYLE_PLAIN, "Copied: %.600s", text);
}

static bool needs_journal(enum effect_kind kind)
{
	return kind == EFFECT_ORDER || kind == EFFECT_GIVE_UP || kind == EFFECT_GO_ON || kind == EFFECT_BEGIN ||
	       kind == EFFECT_RETRY || kind == EFFECT_EDIT || kind == EFFECT_LEAVE_OUT || kind == EFFECT_UNDO;
}

void loop_perform_one(struct loop *loop, const struct effect *effect)
{
	if (loop->model.lost[0] && needs_journal(effect->kind))
		return; /* the reason is on the screen */
	if (loop_must_unlock(loop, effect) || loop_orgs_perform(loop, effect) || loop_check(loop, effect) ||
	    loop_new(loop, effect) || loop_saved(loop, effect) || perform_undo(loop, effect))
		return;
	switch (effect->kind) {
	case EFFECT_QUIT:
		loop->quit = true;
		break;
	case EFFECT_SUSPEND:
		terminal_suspend(loop->terminal);
		break;
	case EFFECT_REPAINT:
		terminal_repaint(loop->terminal);
		break;
	case EFFECT_DRAIN:
		terminal_drain(loop->terminal);
		break;
	case EFFECT_COPY:
		copy(loop, effect->text);
		break;
	case EFFECT_WRITE:
		loop_write(loop);
		break;
	case EFFECT_ORDER:
		give_order(loop, effect);
		break;
	case EFFECT_GIVE_UP:
		begin_for_run(loop, WORK_CANCEL, effect->run, "cancelling the run");
		break;
	case EFFECT_DIGEST:
		digest(loop);
		break;
	case EFFECT_PICK:
		begin_again(loop, WORK_PICK, "counting these records");
		break;
	case EFFECT_RETRY:
		begin_again(loop, WORK_RETRY, "giving the order");
		break;
	case EFFECT_GO_ON:
		begin_for_run(loop, WORK_GO_ON, effect->run, "starting the engine");
		break;
	case EFFECT_BROWSE:
		draft_browse(&loop->model.wizard.browser);
		break;
	case EFFECT_SIGN_IN:
		sign_in(loop);
		break;
	case EFFECT_DESCRIBE:
		describe(loop);
		break;
	case EFFECT_MAP:
		map(loop);
		break;
	case EFFECT_SAMPLE:
		if (loop->draft && !work_busy(loop->work))
			draft_fill_mapping(loop->draft, &loop->model.wizard);
		break;
	case EFFECT_SET_FIELD:
		set_field(loop, effect->text);
		break;
	case EFFECT_NEXT_ORDER:
	case EFFECT_NEXT_BLANK:
	case EFFECT_CONSTANT:
		change_mapping(loop, effect);
		break;
	case EFFECT_BEGIN:
		begin_run(loop);
		break;
	case EFFECT_ABANDON:
		abandon(loop);
		break;
	default: /* of the review's edits */
		loop_edit(loop, effect);
	}
}

void loop_perform(struct loop *loop)
{
	struct effect effects[MODEL_EFFECTS];
	int count = loop->model.effect_count;

	memcpy(effects, loop->model.effects, sizeof effects);
	loop->model.effect_count = 0;
	for (int i = 0; i < count; i++)
		loop_perform_one(loop, &effects[i]);
}

/* A step of New load failed: back to where it was asked for, with the reason. */
static void step_failed(struct loop *loop, const struct work_result *result)
{
	struct model *model = &loop->model;

	loop->wish.walking = false;
	if (result->kind == WORK_RUNS_ON)
		model->wizard.runs_on.asking = false;
	if (result->kind == WORK_SIGN_IN && model_top(model) == SCREEN_OBJECT)
		model_pop(model);
	if (result->kind == WORK_CHECK && model_top(model) == SCREEN_CHECK)
		model_pop(model);
	if (result->kind == WORK_GROUP && model_top(model) == SCREEN_GROUP)
		model_pop(model);
	if (result->kind == WORK_BEGIN && result->e.code == ERR_LOADED) {
		start_loaded(model, result->run, result->way, result->e.text);
		return;
	}
	if (result->kind == WORK_TAKE_SAVED)
		loop_take_saved(loop);
	tell(model, &result->e);
}

static void looked_at(struct loop *loop, const struct work_result *result)
{
	const struct run *run = &result->undo->undo.run;
	struct buf words;

	drop_undo(loop);
	loop->undo = result->undo;
	buf_init(&words, MOST_WORDS);
	undo_describe(&loop->undo->undo, &words);
	take_back_ask(&loop->model, run->id, run->production, buf_text(&words), undo_will(&loop->undo->undo));
	buf_release(&words);
}

/* The undo is a run like any other, and shown. */
static void undo_begun(struct loop *loop, const struct work_result *result)
{
	model_home(&loop->model);
	model_show_run(&loop->model, result->run, SCREEN_RUN);
	if (result->e.code != ERR_OK)
		tell(&loop->model, &result->e);
}

static void begun(struct loop *loop, const struct work_result *result)
{
	draft_free(loop->draft);
	loop->draft = NULL;
	loop_new_drop(loop);
	loop->model.wizard.again = false;
	model_home(&loop->model);
	model_show_run(&loop->model, result->run, SCREEN_RUN);
	if (result->e.code != ERR_OK)
		tell(&loop->model, &result->e);
}

void loop_take_work(struct loop *loop)
{
	struct model *model = &loop->model;
	struct work_result result;

	if (!work_take(loop->work, &result))
		return;
	model->busy[0] = '\0';
	model->busy_firm = false;
	if (result.kind == WORK_ORG_TEST || result.kind == WORK_ORG_ADD) {
		loop_orgs_take(loop, &result);
	} else if (result.kind == WORK_BEGIN && result.run && result.e.code != ERR_LOADED) {
		begun(loop, &result);
	} else if (result.kind == WORK_UNDO && result.run) {
		undo_begun(loop, &result);
	} else if (work_edits(result.kind)) {
		loop_take_edit(loop, &result);
	} else if (result.e.code != ERR_OK) {
		step_failed(loop, &result);
	} else if (result.kind == WORK_EXPORT) {
		model_tell(model, STYLE_PLAIN, "%s", result.said);
	} else if (result.kind == WORK_DIGEST) {
		if (model->go_on.run == result.run)
			model->go_on.file = result.file;
	} else if (result.kind == WORK_UNDO_LOOK) {
		looked_at(loop, &result);
	} else if (result.kind == WORK_PICK) {
		again_picked(model, result.count);
	} else if (result.kind == WORK_RETRY) {
		selection_clear(&model->review.selection);
		selection_clear(&model->records.selection);
		model_tell(model, STYLE_LIVE, "Run %lld is told: they are tried again within 2 s",
		           (long long)result.run);
	} else if (result.kind == WORK_SIGN_IN) {
		draft_fill_objects(loop->draft, &model->wizard);
		loop_new_took(loop, result.kind);
	} else if (result.kind == WORK_TAKE_SAVED) {
		loop_take_saved(loop);
		model_tell(model, STYLE_GOOD, "The saved mapping is in use");
	} else if (result.kind == WORK_DESCRIBE) {
		draft_fill_choices(loop->draft, &model->wizard);
		model_push(model, SCREEN_ACTION);
		loop_new_took(loop, result.kind);
	} else {
		loop_take_check(loop, &result);
		if (result.kind == WORK_CHECK)
			loop_new_keep(loop);
	}
	loop_perform(loop);
}
