/* saved.c - m on Mapping: mappings under a name, to take one or to save the one in use. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/paths.h"
#include "base/when.h"
#include "ui/console/model.h"

/* The steps of the question, as dialog.chosen tells them. */
enum step { STEP_WHICH, STEP_NAME };

/* "3 May 2026": an instant's text without its hour. */
static void day_text(int64_t utc_ms, char to[WHEN_TEXT])
{
	char *hour;

	when_local_text(utc_ms, to);
	hour = strrchr(to, ' ');
	if (hour)
		*hour = '\0';
}

void saved_ask(struct model *model)
{
	const struct wizard *wizard = &model->wizard;
	struct dialog *dialog = &model->dialog;
	char when[WHEN_TEXT];

	dialog_open(dialog, DIALOG_CHOOSE, VERB_SAVED, 0, "Mappings for %.60s", wizard->object);
	dialog->one_row = true;
	dialog_option(dialog, "save this one under a name");
	for (int i = 0; i < wizard->saved_count; i++) {
		const struct saved_mapping *saved = &wizard->saved[i];

		day_text(saved->saved_ms, when);
		dialog_option(dialog, "take %s: %s, %s%s", saved->name, saved->action, when,
		              wizard->saved_fits[i] ? "" : ", of other columns");
	}
	if (!wizard->saved_count)
		dialog_line(dialog, "None was saved for this object yet.");
}

/* "contacts_may.csv" is of "contacts_may": what the operator is most likely to call it. */
static void ask_name(struct model *model)
{
	const char *file = paths_name(model->wizard.file);
	char name[sizeof model->wizard.saved[0].name];

	snprintf(name, sizeof name, "%.*s", (int)strcspn(file, "."), file);
	dialog_open(&model->dialog, DIALOG_LINE, VERB_SAVED, 0, "Save this mapping");
	dialog_line(&model->dialog,
	            "m offers it for files like this one; headless it is --like NAME. One of the same "
	            "name is replaced.");
	dialog_type(&model->dialog, "name", name);
	model->dialog.chosen = STEP_NAME;
}

/* A number is a run's. */
static const char *name_fault(const char *name)
{
	size_t digits = strspn(name, "0123456789");

	if (!*name)
		return "A mapping is saved under a name: type one";
	if (strlen(name) >= sizeof((struct saved_mapping *)0)->name)
		return "This name is too long: 63 bytes at most";
	return name[digits] ? NULL : "A number is a run's: take a name";
}

static void save(struct model *model)
{
	const char *name = model->dialog.line.text;
	const char *fault = name_fault(name);

	if (fault)
		model_tell(model, STYLE_WARN, "%s", fault);
	else
		snprintf(model_effect(model, EFFECT_SAVE_MAPPING)->text, COPY_TEXT, "%s", name);
}

void saved_answered(struct model *model, int answer)
{
	if (answer <= 0)
		return;
	if (model->dialog.chosen == STEP_NAME)
		save(model);
	else if (answer == 1)
		ask_name(model);
	else if (answer - 2 < model->wizard.saved_count)
		snprintf(model_effect(model, EFFECT_TAKE_SAVED)->text, COPY_TEXT, "%s",
		         model->wizard.saved[answer - 2].name);
}
