#include "ui/console/again.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/console/model.h"

int again_wishes(const struct again *again)
{
	return again->group_count ? again->group_count : 1;
}

void again_wish(const struct again *again, int i, struct retry_wish *wish)
{
	*wish = (struct retry_wish){
		.group = again->group_count ? again->groups[i] : 0,
		.records = again->records,
		.in_doubt = again->in_doubt,
	};
}

void again_pick(struct model *model)
{
	struct run_line line;

	if (!model_run_line(model, model->again.run, &line))
		model_tell(model, STYLE_WARN, "This run is not read yet: a moment");
	else
		model_effect(model, EFFECT_PICK);
}

void again_act(struct model *model, enum verb verb)
{
	if (verb == VERB_RETRY)
		again_pick(model);
	else if (verb == VERB_EDITOR)
		model_effect(model, EFFECT_EDITOR);
	else
		edit_ask_leave_out(model);
}

static bool deletes(const struct run_line *line)
{
	return strstr(line->action, "delete") != NULL;
}

/* It was begun by somebody else of this machine. */
static void say_whose(struct model *model, const struct run_line *line)
{
	if (model->user[0] && line->by[0] && strcmp(model->user, line->by) != 0)
		dialog_line(&model->dialog, "%s started this run; it goes on as %s. Both stay in its log.",
		            line->by, model->user);
}

void again_picked(struct model *model, int64_t count)
{
	const struct again *again = &model->again;
	struct dialog *dialog = &model->dialog;
	struct run_line line;
	char number[28], typed[28], what[RUN_WHAT], prompt[96];

	if (!model_run_line(model, again->run, &line))
		return;
	if (count == 0) {
		model_tell(model, STYLE_WARN, "None of these records can be tried again now");
		return;
	}
	text_count(count, number, sizeof number);
	dialog_open(dialog, DIALOG_ASK, VERB_RETRY, line.id, "Send %s record%s again%s", number,
	            count == 1 ? "" : "s", line.production ? " on PRODUCTION" : "");
	dialog->production = line.production;
	dialog_line(dialog, "%s from %s into %s", run_what(line.object, line.action, what), line.file,
	            line.org);
	dialog_line(dialog, "%s", again->words);
	if (again->in_doubt)
		dialog_line(dialog,
		            "Their answer was lost: one that is in the org already may come twice. a asks "
		            "the org first.");
	say_whose(model, &line);
	if (again->in_doubt || deletes(&line)) {
		snprintf(typed, sizeof typed, "%lld", (long long)count);
		snprintf(prompt, sizeof prompt, "Type the number of records, %s:", typed);
		dialog_type(dialog, prompt, "");
		dialog_expect(dialog, typed);
	}
	model_effect(model, EFFECT_DRAIN);
}

void again_answered(struct model *model, int answer)
{
	if (answer)
		model_effect(model, EFFECT_RETRY);
}

void again_ask_org(struct model *model, const struct run_line *line)
{
	struct dialog *dialog = &model->dialog;
	int64_t to_go = run_pending(&line->counts);
	char number[28], go[28];

	dialog_open(dialog, DIALOG_ASK, VERB_ASK, line->id, "Ask %s", line->org);
	dialog->production = line->production;
	dialog_line(dialog, "What became of %s record%s in doubt? What the org can prove is taken over.",
	            text_count(line->counts.in_doubt, number, sizeof number),
	            line->counts.in_doubt == 1 ? "" : "s");
	if (to_go)
		dialog_line(dialog, "The run goes on with it: %s records are to go, and are sent.",
		            text_count(to_go, go, sizeof go));
	say_whose(model, line);
}

void again_ask_org_answered(struct model *model, int answer)
{
	if (answer)
		model_effect(model, EFFECT_GO_ON)->run = model->dialog.run;
}
