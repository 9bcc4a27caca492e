/* edit_fix.c - f of the review: a group is mended at once, by what Salesforce said of it; what it would change is shown first. */
#include "ui/console/edit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ui/console/model.h"

/* The questions, as dialog.chosen tells them. */
enum step { STEP_CUT, STEP_VALUES, STEP_VALUE };

/* What Salesforce said (salesforce-api.md G), and what mends it. */
static const struct {
	const char *code;
	enum edit_fix fix;
} fixes[] = {
	{ "STRING_TOO_LONG", EDIT_FIX_CUT },
	{ "REQUIRED_FIELD_MISSING", EDIT_FIX_VALUES },
	{ "FIELD_CUSTOM_VALIDATION_EXCEPTION", EDIT_FIX_VALUES },
	{ "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", EDIT_FIX_VALUES },
	{ "INVALID_EMAIL_ADDRESS", EDIT_FIX_VALUES },
	{ "INVALID_TYPE_ON_FIELD_IN_RECORD", EDIT_FIX_VALUES },
};

static enum edit_fix fix_of(const struct outcome_group *group)
{
	for (size_t i = 0; i < sizeof fixes / sizeof fixes[0]; i++)
		if (strcmp(fixes[i].code, group->code) == 0)
			return fixes[i].fix;
	return EDIT_FIX_NONE;
}

/* "… (max length=80)": 80; 0 if it does not say. */
static int limit_of(const char *text)
{
	static const char words[] = "(max length=";
	const char *last = NULL;

	for (const char *at = text; (at = strstr(at, words)) != NULL; at++)
		last = at + strlen(words);
	return last ? (int)strtol(last, NULL, 10) : 0;
}

const char *edit_fix_refuses(const struct outcome_group *group)
{
	if (group->state == OUTCOME_IN_DOUBT)
		return "Records in doubt may be in the org as they were sent: a asks it first";
	if (group->state != OUTCOME_FAILED || fix_of(group) == EDIT_FIX_NONE)
		return "Nothing mends these all at once: e edits a record, E opens them in your editor";
	if (!group->fields[0] || strchr(group->fields, ','))
		return "Salesforce did not name one field: E opens these records in your editor";
	if (fix_of(group) == EDIT_FIX_CUT && limit_of(group->text) <= 0)
		return "Salesforce did not say how long it may be: e edits a record";
	return NULL;
}

void edit_fix(struct model *model, int64_t run, const struct outcome_group *group)
{
	struct edit_wish *wish = &model->edit;

	*wish = (struct edit_wish){ .run = run, .group = group->id, .fix = fix_of(group) };
	if (wish->fix == EDIT_FIX_CUT)
		wish->limit = limit_of(group->text);
	snprintf(wish->field, sizeof wish->field, "%s", group->fields);
	model_effect(model, EFFECT_REACH);
}

static int64_t all_of(const struct edit_found *found)
{
	return found->count[EDIT_ALL];
}

static void ask_cut(struct model *model, const struct edit_found *found)
{
	struct dialog *dialog = &model->dialog;
	int64_t count = found->count[EDIT_CUT];
	char number[28];

	if (!count) {
		model_tell(model, STYLE_PLAIN,
		           "None of them is longer than %d characters any more: r sends them again",
		           model->edit.limit);
		return;
	}
	dialog_open(dialog, DIALOG_CHOOSE, VERB_FIX, model->edit.run, "Fix %.60s", model->edit.name);
	for (int i = 0; i < found->examples; i++)
		dialog_line(dialog, "%s → %s", found->was[i], found->becomes[i]);
	dialog_line(dialog, "Nothing is sent yet: r sends them again.");
	dialog_option(dialog, "cut to %d characters in %s record%s", model->edit.limit,
	              text_count(count, number, sizeof number), count == 1 ? "" : "s");
	dialog->chosen = STEP_CUT;
}

/* `was` at NULL: whatever stands there. */
static void ask_value(struct model *model, const char *was, int64_t count)
{
	struct edit_wish *wish = &model->edit;
	struct dialog *dialog = &model->dialog;
	char number[28];

	wish->reach = was ? EDIT_SAME : EDIT_ALL;
	snprintf(wish->was, sizeof wish->was, "%s", was ? was : "");
	dialog_open(dialog, DIALOG_LINE, VERB_FIX, wish->run, "Fix %.60s", wish->name);
	dialog_line(dialog, "What do %s record%s send the next time in place of %s%.60s%s?",
	            text_count(count, number, sizeof number), count == 1 ? "" : "s",
	            !was     ? "what they have"
	            : was[0] ? "\""
	                     : "nothing",
	            was ? was : "", was && was[0] ? "\"" : "");
	dialog_line(dialog, "Nothing is sent yet: r sends them again.");
	dialog_type(dialog, "to send", wish->was);
	dialog->chosen = STEP_VALUE;
}

static void ask_values(struct model *model, const struct edit_found *found)
{
	struct dialog *dialog = &model->dialog;
	char number[28];

	model->fix_found = *found;
	if (found->value_count == 1 && !found->others) {
		ask_value(model, found->values[0].text, found->values[0].count);
		return;
	}
	dialog_open(dialog, DIALOG_CHOOSE, VERB_FIX, model->edit.run, "Which %.60s becomes another",
	            model->edit.name);
	for (int i = 0; i < found->value_count; i++)
		dialog_option(dialog, "%s with %s%.60s%s",
		              text_count(found->values[i].count, number, sizeof number),
		              found->values[i].text[0] ? "\"" : "nothing", found->values[i].text,
		              found->values[i].text[0] ? "\"" : "");
	dialog_option(dialog, "all %s", text_count(all_of(found), number, sizeof number));
	dialog->chosen = STEP_VALUES;
}

void edit_ask_fix(struct model *model, const struct edit_found *found)
{
	struct edit_wish *wish = &model->edit;

	wish->column = found->column;
	snprintf(wish->name, sizeof wish->name, "%s", found->name);
	if (!all_of(found))
		model_tell(model, STYLE_PLAIN, "None of these records is left to be mended");
	else if (wish->fix == EDIT_FIX_CUT)
		ask_cut(model, found);
	else
		ask_values(model, found);
	model_effect(model, EFFECT_DRAIN);
}

static void take_value(struct model *model)
{
	struct edit_wish *wish = &model->edit;

	snprintf(wish->value, sizeof wish->value, "%s", model->dialog.line.text);
	if (wish->reach == EDIT_SAME && strcmp(wish->value, wish->was) == 0)
		model_tell(model, STYLE_PLAIN, "Nothing was changed");
	else
		model_effect(model, EFFECT_EDIT);
}

void edit_fix_answered(struct model *model, int answer)
{
	const struct edit_found *found = &model->fix_found;
	int step = model->dialog.chosen;

	if (!answer)
		return;
	if (step == STEP_VALUE) {
		take_value(model);
	} else if (step == STEP_CUT) {
		model->edit.reach = EDIT_CUT;
		model_effect(model, EFFECT_EDIT);
	} else if (answer <= found->value_count) {
		ask_value(model, found->values[answer - 1].text, found->values[answer - 1].count);
	} else {
		ask_value(model, NULL, all_of(found));
	}
}
