#include "ui/console/copy.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/console/model.h"

void copies_add(struct copies *copies, const char *label, const char *format, ...)
{
	struct copy *copy = &copies->rows[copies->count];
	va_list args;

	if (copies->count == COPIES)
		return;
	snprintf(copy->label, sizeof copy->label, "%s", label);
	va_start(args, format);
	vsnprintf(copy->text, sizeof copy->text, format, args);
	va_end(args);
	copies->count += copy->text[0] != '\0';
}

static void add_option(struct buf *b, const char *option, const char *value)
{
	if (!value[0])
		return;
	buf_addf(b, " %s ", option);
	text_shell_word(b, value);
}

void copies_add_run(struct copies *copies, const struct run *run)
{
	struct buf b;

	copies_add(copies, "the command", "longshore show %lld", (long long)run->id);
	buf_init(&b, COPY_TEXT - 1);
	buf_add_text(&b, "longshore load ");
	text_shell_word(&b, run->file);
	add_option(&b, "--config", run->config);
	add_option(&b, "--object", run->object);
	add_option(&b, "--action", run->action);
	add_option(&b, "--external-id", run->external_id);
	if (run->skip_invalid)
		buf_add_text(&b, " --skip-invalid");
	add_option(&b, "--same-key", run->same_key);
	if (run->allow_failures)
		buf_add_text(&b, " --allow-failures");
	copies_add(copies, "the load", "%s", buf_text(&b));
	buf_release(&b);
	copies_add(copies, "the file", "%s", run->file);
}

static void copy(struct model *model, int number)
{
	snprintf(model_effect(model, EFFECT_COPY)->text, COPY_TEXT, "%s", model->copies.rows[number].text);
}

void copy_ask(struct model *model)
{
	struct copies *copies = &model->copies;

	copies->count = 0;
	model_copies(model, copies);
	if (copies->count == 0)
		model_tell(model, STYLE_WARN, "There is nothing to copy here");
	if (copies->count == 1)
		copy(model, 0);
	if (copies->count < 2)
		return;
	dialog_open(&model->dialog, DIALOG_CHOOSE, VERB_COPY, 0, "Copy");
	for (int i = 0; i < copies->count; i++)
		dialog_option(&model->dialog, "%-16s %.280s", copies->rows[i].label, copies->rows[i].text);
	model->dialog.one_row = true;
}

void copy_answered(struct model *model, int answer)
{
	if (answer > 0 && answer <= model->copies.count)
		copy(model, answer - 1);
}
