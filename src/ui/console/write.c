#include "ui/console/write.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/console/model.h"
#include "ui/console/screens/run_orders.h"

/* The steps of the question, as dialog.chosen tells them. */
enum step { STEP_WHAT, STEP_WHERE, STEP_REPLACE };

static const struct {
	const char *which, *behind;
} rows[] = {
#define X(name, which, behind) { which, behind },
	WRITES(X)
#undef X
};

const char *write_which(enum write_what what)
{
	return rows[what].which;
}

/* "the 12 failed records, ..."; none of them: no offer. */
static void offer(struct model *model, enum write_what what, int64_t count, const char *before,
                  const char *behind)
{
	struct dialog *dialog = &model->dialog;
	char number[28];

	if (!count)
		return;
	model->write.offers[dialog->option_count] = what;
	dialog_option(dialog, "%s %s %s", before, text_count(count, number, sizeof number), behind);
}

static void offer_whole(struct model *model, enum write_what what, const char *words)
{
	model->write.offers[model->dialog.option_count] = what;
	dialog_option(&model->dialog, "%s", words);
}

void write_ask(struct model *model, const struct run_line *line)
{
	const struct run_counts *counts = &line->counts;
	const char *dot = strrchr(line->file, '.');
	int stem = dot && dot > line->file ? (int)(dot - line->file) : (int)strlen(line->file);

	model->write = (struct write_order){ .run = line->id };
	snprintf(model->write.path, sizeof model->write.path, "%.*s_run%lld", stem, line->file,
	         (long long)line->id);
	dialog_open(&model->dialog, DIALOG_CHOOSE, VERB_WRITE, line->id, "Write of run %lld",
	            (long long)line->id);
	offer_whole(model, WRITE_SUMMARY, "its summary in ten lines");
	offer(model, WRITE_FAILED, counts->failed, "the", "failed records, with the reasons");
	offer(model, WRITE_IN_DOUBT, counts->in_doubt, "the", "records in doubt");
	offer(model, WRITE_SKIPPED, counts->skipped, "the", "records left out, with the reasons");
	offer(model, WRITE_WRITTEN, counts->written, "the", "records written, with their Ids");
	offer(model, WRITE_PENDING, run_is_live(line->now) ? 0 : run_pending(counts), "the", "records to go");
	offer(model, WRITE_ALL, counts->records, "all", "records, with what became of them");
	offer_whole(model, WRITE_LOG, "its log");
}

static void ask_where(struct model *model, int answer)
{
	struct write_order *write = &model->write;
	char name[sizeof write->path], title[sizeof model->dialog.title];
	const char *end;

	write->what = write->offers[answer - 1];
	end = write_which(write->what) ? ".csv" : ".txt";
	snprintf(name, sizeof name, "%.3900s%s%s", write->path, rows[write->what].behind, end);
	snprintf(title, sizeof title, "%s", model->dialog.title);
	dialog_open(&model->dialog, DIALOG_LINE, VERB_WRITE, write->run, "%s", title);
	dialog_line(&model->dialog, "Write to which file? The name may begin with a folder.");
	dialog_type(&model->dialog, "to", name);
	model->dialog.chosen = STEP_WHERE;
}

static void take_path(struct model *model)
{
	struct write_order *write = &model->write;

	snprintf(write->path, sizeof write->path, "%s", model->dialog.line.text);
	if (!write->path[0])
		model_tell(model, STYLE_WARN, "Nothing was written: there is no name");
	else
		model_effect(model, EFFECT_WRITE);
}

void write_answered(struct model *model, int answer)
{
	int step = model->dialog.chosen;

	if (!answer)
		return;
	if (step == STEP_WHAT)
		ask_where(model, answer);
	else if (step == STEP_WHERE)
		take_path(model);
	else {
		model->write.replace = true;
		model_effect(model, EFFECT_WRITE);
	}
}

void write_ask_replace(struct model *model)
{
	dialog_open(&model->dialog, DIALOG_ASK, VERB_WRITE, model->write.run, "It is there already");
	dialog_line(&model->dialog, "%.300s", model->write.path);
	dialog_line(&model->dialog, "Replace it?");
	model->dialog.chosen = STEP_REPLACE;
	model_effect(model, EFFECT_DRAIN);
}
