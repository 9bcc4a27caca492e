#include "ui/console/take_back.h"

#include <stdio.h>
#include <string.h>

#include "ui/console/model.h"

const char *take_back_refuse(const struct run_line *line)
{
	if (line->now == RUN_RUNNING || line->now == RUN_WAITING)
		return "This run is at work: cancel it, or wait for its end, then undo it";
	return line->counts.written ? NULL : "This run has written nothing: there is nothing to undo";
}

static void add_lines(struct dialog *dialog, const char *words)
{
	char line[DIALOG_TEXT];

	while (*words) {
		size_t length = strcspn(words, "\n");

		snprintf(line, sizeof line, "%.*s", (int)length, words);
		dialog_sentence(dialog, line);
		words += length + (words[length] == '\n');
	}
}

void take_back_ask(struct model *model, int64_t run, bool production, const char *words, int64_t will)
{
	struct dialog *dialog = &model->dialog;
	char typed[28], prompt[96];

	dialog_open(dialog, will ? DIALOG_LINE : DIALOG_TELL, VERB_UNDO, run, "%s run %lld%s",
	            will ? "Undo" : "Nothing to undo in", (long long)run, production ? " on PRODUCTION" : "");
	dialog->production = production;
	add_lines(dialog, words);
	if (will) {
		snprintf(typed, sizeof typed, "%lld", (long long)will);
		snprintf(prompt, sizeof prompt, "Type the number of records, %s:", typed);
		dialog_type(dialog, prompt, "");
		dialog_expect(dialog, typed);
	}
	model_effect(model, EFFECT_DRAIN);
}

void take_back_answered(struct model *model, int answer)
{
	model_effect(model, answer ? EFFECT_UNDO : EFFECT_UNDO_DROP);
}
