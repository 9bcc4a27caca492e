#include "ui/console/edit.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/console/model.h"

/* The questions, as dialog.chosen tells them. */
enum step { STEP_VALUE, STEP_REACH, STEP_FILE, STEP_FILE_AGAIN };

bool edit_beginning(const struct edit_wish *wish, size_t *from, size_t *to)
{
	size_t was = strlen(wish->was), value = strlen(wish->value);

	while (was && value && wish->was[was - 1] == wish->value[value - 1]) {
		was--;
		value--;
	}
	/* a character is changed whole */
	while (wish->was[was] && ((unsigned char)wish->was[was] & 0xc0) == 0x80) {
		was++;
		value++;
	}
	*from = was;
	*to = value;
	return wish->was[was] != '\0';
}

const char *edit_refuses(const struct model *model)
{
	const struct record_screen *screen = &model->record;

	if (screen->row.state == OUTCOME_WRITTEN)
		return "This record is written: change it in the org";
	if (screen->row.state == OUTCOME_IN_DOUBT)
		return "This record is in doubt, the org may have it as it was sent: a asks the org first";
	if (!screen->row.record)
		return "This record is on its way: wait for its result";
	return screen->count ? NULL : "Its text was not kept: there is nothing to edit";
}

void edit_ask_value(struct model *model)
{
	const struct record_screen *screen = &model->record;
	size_t at = screen->table.cursor;
	struct edit_wish *wish = &model->edit;
	char number[28];

	if (at >= screen->count)
		return;
	if (!line_fits(slice_of(screen->next[at]))) {
		model_tell(model, STYLE_WARN,
		           "This value has no room in a line: E on the list opens it in your editor");
		return;
	}
	*wish = (struct edit_wish){ .run = screen->run, .record = screen->record, .column = at };
	if (!model->records.state && model->records.group.count > 1)
		wish->group = model->records.group.id;
	snprintf(wish->name, sizeof wish->name, "%s", screen->columns[at]);
	snprintf(wish->was, sizeof wish->was, "%s", screen->next[at]);
	dialog_open(&model->dialog, DIALOG_LINE, VERB_EDIT, wish->run, "Record %s: %.60s",
	            text_count(wish->record, number, sizeof number), wish->name);
	dialog_line(&model->dialog, "What is sent in its place the next time? Empty leaves the field alone.");
	dialog_type(&model->dialog, "to send", wish->was);
	model->dialog.chosen = STEP_VALUE;
}

static void take_value(struct model *model)
{
	struct edit_wish *wish = &model->edit;

	snprintf(wish->value, sizeof wish->value, "%s", model->dialog.line.text);
	wish->reach = EDIT_THIS;
	if (strcmp(wish->value, wish->was) == 0)
		model_tell(model, STYLE_PLAIN, "Nothing was changed");
	else
		model_effect(model, wish->group ? EFFECT_REACH : EFFECT_EDIT);
}

static void offer(struct model *model, enum edit_reach reach)
{
	model->edit_offers[model->dialog.option_count] = reach;
}

static void offer_beginning(struct model *model, const struct edit_found *found)
{
	const struct edit_wish *wish = &model->edit;
	char number[28], text[DIALOG_TEXT];
	size_t from, to, len;

	if (!edit_beginning(wish, &from, &to) || found->count[EDIT_BEGINNING] <= found->count[EDIT_SAME])
		return;
	text_count(found->count[EDIT_BEGINNING], number, sizeof number);
	if (from)
		len = (size_t)snprintf(text, sizeof text, "%s: \"%.*s\" at the start becomes \"%.*s\"  ",
		                       number, (int)(from < 40 ? from : 40), wish->was,
		                       (int)(to < 40 ? to : 40), wish->value);
	else
		len = (size_t)snprintf(text, sizeof text, "%s: \"%.*s\" is put before  ", number,
		                       (int)(to < 40 ? to : 40), wish->value);
	for (int i = 0; i < found->examples && len < sizeof text; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, "%s%s → %s", i ? ", " : "",
		                        found->was[i], found->becomes[i]);
	offer(model, EDIT_BEGINNING);
	dialog_option(&model->dialog, "%s", text);
}

void edit_ask_reach(struct model *model, const struct edit_found *found)
{
	const struct edit_wish *wish = &model->edit;
	struct dialog *dialog = &model->dialog;
	char number[28];

	dialog_open(dialog, DIALOG_CHOOSE, VERB_EDIT, wish->run, "Use this change for");
	offer(model, EDIT_THIS);
	dialog_option(dialog, "this record");
	if (found->count[EDIT_SAME] > 1) {
		offer(model, EDIT_SAME);
		dialog_option(dialog, "the %s of this group with %.60s \"%.60s\"",
		              text_count(found->count[EDIT_SAME], number, sizeof number), wish->name,
		              wish->was);
	}
	offer_beginning(model, found);
	if (found->count[EDIT_ALL] > found->count[EDIT_SAME]) {
		offer(model, EDIT_ALL);
		dialog_option(dialog, "all %s: set to \"%.100s\"",
		              text_count(found->count[EDIT_ALL], number, sizeof number), wish->value);
	}
	dialog->chosen = STEP_REACH;
	model_effect(model, EFFECT_DRAIN);
}

void edit_ask_file(struct model *model, int64_t cells, int64_t records, const char *example)
{
	struct dialog *dialog = &model->dialog;
	char changed[28], in[28];

	dialog_open(dialog, DIALOG_ASK, VERB_EDIT, model->again.run, "Take what was edited");
	dialog_line(dialog, "%s cell%s changed in %s record%s:", text_count(cells, changed, sizeof changed),
	            cells == 1 ? "" : "s", text_count(records, in, sizeof in), records == 1 ? "" : "s");
	dialog_line(dialog, "%s", example);
	dialog_line(dialog, "Nothing is sent yet: r sends them again.");
	dialog->chosen = STEP_FILE;
	model_effect(model, EFFECT_DRAIN);
}

void edit_ask_file_again(struct model *model, const char *why)
{
	struct dialog *dialog = &model->dialog;

	dialog_open(dialog, DIALOG_ASK, VERB_EDIT, model->again.run, "This cannot be taken");
	dialog_sentence(dialog, why);
	dialog_line(dialog, "Open it in the editor again? n drops what was edited.");
	dialog->chosen = STEP_FILE_AGAIN;
	model_effect(model, EFFECT_DRAIN);
}

void edit_ask_leave_out(struct model *model)
{
	struct dialog *dialog = &model->dialog;

	dialog_open(dialog, DIALOG_LINE, VERB_LEAVE_OUT, model->again.run, "Leave out");
	dialog_line(dialog, "%s", model->again.words);
	dialog_line(dialog,
	            "They are not tried again, and count as left out by you. Why? It stays in the run's log.");
	dialog_type(dialog, "because", "");
}

bool edit_cut(struct slice text, int limit, struct slice *cut)
{
	size_t at = 0, len;

	for (int n = 0; n < limit && at < text.len; n++) {
		text_decode((struct slice){ text.at + at, text.len - at }, &len);
		at += len;
	}
	*cut = (struct slice){ text.at, at };
	return limit > 0 && at < text.len;
}

void edit_answered(struct model *model, int answer)
{
	const struct dialog *dialog = &model->dialog;

	if (dialog->verb == VERB_LEAVE_OUT) {
		if (answer && dialog->line.text[0])
			snprintf(model_effect(model, EFFECT_LEAVE_OUT)->text, LINE_ROOM, "%s",
			         dialog->line.text);
		else if (answer)
			model_tell(model, STYLE_WARN, "Nothing was left out: there is no reason");
	} else if (dialog->chosen == STEP_VALUE && answer) {
		take_value(model);
	} else if (dialog->chosen == STEP_REACH && answer) {
		model->edit.reach = model->edit_offers[answer - 1];
		model_effect(model, EFFECT_EDIT);
	} else if (dialog->chosen == STEP_FILE) {
		model_effect(model, answer ? EFFECT_EDITOR_TAKE : EFFECT_EDITOR_DROP);
	} else if (dialog->chosen == STEP_FILE_AGAIN) {
		model_effect(model, answer ? EFFECT_EDITOR_AGAIN : EFFECT_EDITOR_DROP);
	}
}
