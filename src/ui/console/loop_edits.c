/* loop_edits.c - edits of the review, performed: in the background, through the operator's editor, and back again. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "ui/console/loop.h"

static void tell(struct model *model, const struct err *e)
{
	model_tell(model, STYLE_ERROR, "%s", e->text);
}

/* What comes first is forgotten where there is no room. */
static void push(struct edit_step **steps, int *count, struct edit_step *step)
{
	if (*count == LOOP_STEPS) {
		edit_step_free(steps[0]);
		memmove(steps, steps + 1, (LOOP_STEPS - 1) * sizeof *steps);
		--*count;
	}
	steps[(*count)++] = step;
}

static void forget_undone(struct loop_edits *edits)
{
	while (edits->undone_count)
		edit_step_free(edits->undone[--edits->undone_count]);
}

static void drop_file(struct loop_edits *edits)
{
	if (edits->path[0])
		unlink(edits->path);
	edits->path[0] = '\0';
	edit_step_free(edits->step);
	edits->step = NULL;
}

void loop_edits_release(struct loop *loop)
{
	struct loop_edits *edits = &loop->edits;

	drop_file(edits);
	forget_undone(edits);
	while (edits->done_count)
		edit_step_free(edits->done[--edits->done_count]);
}

/* z and Z: the newest step of this console, if it is of the run that is shown. */
static void step_again(struct loop *loop, bool back)
{
	struct loop_edits *edits = &loop->edits;
	int *count = back ? &edits->done_count : &edits->undone_count;
	struct edit_step *step = *count ? (back ? edits->done : edits->undone)[*count - 1] : NULL;
	struct work_call call = { .kind = WORK_STEP, .step = step, .again_step = true, .back = back };
	struct model *model = &loop->model;

	if (!step) {
		model_tell(model, STYLE_WARN, back ? "There is no edit to undo" : "No edit was undone");
	} else if (step->run != model->review.run) {
		model_tell(model, STYLE_WARN, "The last edit was in run %lld: open that one",
		           (long long)step->run);
	} else if (work_busy(loop->work)) {
		model_tell(model, STYLE_WARN, "Something is still under way: %s. Wait a moment", model->busy);
	} else {
		--*count;
		call.run = step->run;
		loop_begin_work(loop, &call, back ? "taking the edit back" : "doing the edit again");
	}
}

/* ---- the editor ---- */

static bool make_file(struct loop_edits *edits, const char *folder, struct err *e)
{
	int fd;

	snprintf(edits->path, sizeof edits->path, "%.3900s/edit-XXXXXX.csv", folder);
	fd = mkstemps(edits->path, 4);
	if (fd >= 0) {
		close(fd);
		return true;
	}
	err_set(e, ERR_FILE, "cannot make a file for the editor in %s: %s", folder, strerror(errno));
	edits->path[0] = '\0';
	return false;
}

static void open_editor(struct loop *loop)
{
	struct loop_edits *edits = &loop->edits;
	struct work_call call = { .kind = WORK_EDITED_FILE, .run = edits->run, .path = edits->path };
	struct err e;

	err_init(&e);
	if (terminal_edit(loop->terminal, edits->path, &e) == ERR_OK) {
		loop_begin_work(loop, &call, "reading what was edited");
		return;
	}
	drop_file(edits);
	tell(&loop->model, &e);
}

static void write_for_editor(struct loop *loop)
{
	struct loop_edits *edits = &loop->edits;
	struct work_call call = { .kind = WORK_EDITOR_FILE,
		                  .run = loop->model.again.run,
		                  .again = &loop->model.again,
		                  .path = edits->path };
	struct err e;

	err_init(&e);
	if (work_busy(loop->work)) {
		model_tell(&loop->model, STYLE_WARN, "Something is still under way: %s. Wait a moment",
		           loop->model.busy);
		return;
	}
	drop_file(edits);
	edits->run = call.run;
	if (make_file(edits, journal_state(loop->journal), &e))
		loop_begin_work(loop, &call, "writing the records for the editor");
	else
		tell(&loop->model, &e);
}

static void take_file(struct loop *loop)
{
	struct loop_edits *edits = &loop->edits;
	struct work_call call = { .kind = WORK_STEP, .run = edits->run, .step = edits->step };

	if (!call.step || work_busy(loop->work))
		return;
	edits->step = NULL;
	loop_begin_work(loop, &call, "taking the edits");
	drop_file(edits);
}

void loop_edit(struct loop *loop, const struct effect *effect)
{
	const struct edit_wish *wish = &loop->model.edit;
	struct work_call reach = { .kind = WORK_REACH, .run = wish->run, .edit = wish };
	struct work_call edit = { .kind = WORK_EDIT, .run = wish->run, .edit = wish };
	struct work_call leave_out = { .kind = WORK_LEAVE_OUT,
		                       .run = loop->model.again.run,
		                       .again = &loop->model.again,
		                       .path = effect->text };

	if (effect->kind == EFFECT_REACH)
		loop_begin_work(loop, &reach, "looking at the records of this group");
	else if (effect->kind == EFFECT_EDIT)
		loop_begin_work(loop, &edit, "keeping the edit");
	else if (effect->kind == EFFECT_LEAVE_OUT)
		loop_begin_work(loop, &leave_out, "leaving them out");
	else if (effect->kind == EFFECT_UNDO_EDIT || effect->kind == EFFECT_REDO_EDIT)
		step_again(loop, effect->kind == EFFECT_UNDO_EDIT);
	else if (effect->kind == EFFECT_EDITOR)
		write_for_editor(loop);
	else if (effect->kind == EFFECT_EDITOR_AGAIN)
		open_editor(loop);
	else if (effect->kind == EFFECT_EDITOR_TAKE)
		take_file(loop);
	else
		drop_file(&loop->edits);
}

/* ---- what came of it ---- */

static void say_step(struct model *model, const struct edit_step *step, bool back)
{
	char records[28];

	text_count(step->records, records, sizeof records);
	model_tell(model, STYLE_LIVE, "%s in %s record%s: %s", back ? "Taken back" : "Edited", records,
	           step->records == 1 ? "" : "s",
	           back ? "Z does it again" : "r sends them again, z takes it back");
}

/* The journal has it: so has the screen, and the history. */
static void stepped(struct loop *loop, struct work_result *result)
{
	struct loop_edits *edits = &loop->edits;
	bool fails = result->e.code != ERR_OK;

	loop->model.record.read = false;
	if (!result->again_step && !fails)
		forget_undone(edits);
	if (!result->step || (fails && !result->again_step)) {
		edit_step_free(result->step);
	} else if (result->back != fails) {
		push(edits->undone, &edits->undone_count, result->step);
	} else {
		push(edits->done, &edits->done_count, result->step);
	}
	if (fails)
		tell(&loop->model, &result->e);
	else if (result->step)
		say_step(&loop->model, result->step, result->back);
}

static void show_cell(struct buf *b, struct slice value)
{
	buf_add_char(b, '"');
	text_show(b, (struct slice){ value.at ? value.at : "", value.len < 60 ? value.len : 60 }, false);
	buf_add_char(b, '"');
}

static void came_back(struct loop *loop, struct work_result *result)
{
	struct loop_edits *edits = &loop->edits;
	const struct edit *first;
	struct buf b;

	edit_step_free(edits->step);
	edits->step = result->step;
	if (result->e.code != ERR_OK) {
		edit_ask_file_again(&loop->model, result->e.text);
		return;
	}
	if (!edits->step || !edits->step->count) {
		drop_file(edits);
		model_tell(&loop->model, STYLE_PLAIN, "Nothing was changed in the editor");
		return;
	}
	first = edits->step->edits;
	buf_init(&b, 1000);
	buf_addf(&b, "record %lld: ", (long long)first->record);
	text_show(&b, first->column, false);
	buf_add_text(&b, first->value.at ? " becomes " : " as the file has it again");
	if (first->value.at)
		show_cell(&b, first->value);
	edit_ask_file(&loop->model, (int64_t)edits->step->count, edits->step->records, buf_text(&b));
	buf_release(&b);
}

static void left_out(struct loop *loop, const struct work_result *result)
{
	char number[28];

	selection_clear(&loop->model.review.selection);
	selection_clear(&loop->model.records.selection);
	loop->model.record.read = false;
	model_tell(&loop->model, STYLE_LIVE, "%s record%s left out",
	           text_count(result->count, number, sizeof number), result->count == 1 ? "" : "s");
}

static void ask_reach(struct model *model, const struct edit_found *found)
{
	if (model->edit.fix)
		edit_ask_fix(model, found);
	else
		edit_ask_reach(model, found);
}

void loop_take_edit(struct loop *loop, struct work_result *result)
{
	bool fails = result->e.code != ERR_OK;

	if (result->kind == WORK_EDIT || result->kind == WORK_STEP)
		stepped(loop, result);
	else if (result->kind == WORK_EDITED_FILE)
		came_back(loop, result);
	else if (fails)
		tell(&loop->model, &result->e);
	else if (result->kind == WORK_REACH)
		ask_reach(&loop->model, &result->found);
	else if (result->kind == WORK_LEAVE_OUT)
		left_out(loop, result);
	else if (result->count)
		open_editor(loop);
	else
		model_tell(&loop->model, STYLE_WARN, "None of these records can be edited now");
}
