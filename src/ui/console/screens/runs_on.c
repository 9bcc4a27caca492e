#include "ui/console/screens/runs_on.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/console/model.h"

void runs_on_open(struct model *model)
{
	struct wizard *wizard = &model->wizard;
	struct runs_on *runs = &wizard->runs_on;

	runs->asking = strcmp(runs->object, wizard->object) != 0 || strcmp(runs->action, wizard->action) != 0;
	if (!runs->asking)
		return;
	*runs = (struct runs_on){ .asking = true };
	model_effect(model, EFFECT_RUNS_ON);
}

void runs_on_leave(struct model *model)
{
	struct runs_on *runs = &model->wizard.runs_on;

	if (!runs->asking)
		return;
	runs->asking = false;
	model->busy[0] = '\0';
	model_effect(model, EFFECT_ABANDON);
}

__attribute__((format(printf, 2, 3))) static void add(char to[RUNS_ON_TEXT], const char *format, ...)
{
	size_t used = strlen(to);
	va_list args;

	va_start(args, format);
	vsnprintf(to + used, RUNS_ON_TEXT - used, format, args);
	va_end(args);
}

/* "2 triggers, 1 flow", "none that is active" */
static void add_known(const struct automation *told, char to[RUNS_ON_TEXT])
{
	bool known = false;
	char count[28];

	for (int i = 0; i < AUTOMATION_KIND_COUNT; i++) {
		const struct automation_part *part = &told->parts[i];

		known = known || part->state == AUTOMATION_KNOWN;
		if (part->state == AUTOMATION_KNOWN && part->count > 0)
			add(to, "%s%s %s%s", to[0] ? ", " : "", text_count(part->count, count, sizeof count),
			    automation_word((enum automation_kind)i), part->count == 1 ? "" : "s");
	}
	if (known && !to[0])
		add(to, "nothing that is active");
}

/* "; triggers, validation rules not readable for this user" */
static void add_unknown(const struct automation *told, enum automation_state state, const char *words,
                        char to[RUNS_ON_TEXT])
{
	const char *between = to[0] ? "; " : "";
	bool any = false;

	for (int i = 0; i < AUTOMATION_KIND_COUNT; i++) {
		if (told->parts[i].state != state)
			continue;
		add(to, "%s%ss", between, automation_word((enum automation_kind)i));
		between = ", ";
		any = true;
	}
	if (any)
		add(to, " %s", words);
}

void runs_on_text(const struct runs_on *runs, char to[RUNS_ON_TEXT])
{
	to[0] = '\0';
	if (runs->not_asked[0]) {
		add(to, "%s", runs->not_asked);
	} else if (runs->asking) {
		add(to, "the org is being asked");
	} else if (runs->object[0]) {
		add_known(&runs->told, to);
		add_unknown(&runs->told, AUTOMATION_HIDDEN, "not readable for this user", to);
		add_unknown(&runs->told, AUTOMATION_UNHEARD, "not known: the org gave no answer", to);
	}
}

bool runs_on_names(const struct runs_on *runs, enum automation_kind kind, char to[RUNS_ON_TEXT])
{
	const struct automation_part *part = &runs->told.parts[kind];

	to[0] = '\0';
	if (runs->asking || !runs->object[0] || part->state != AUTOMATION_KNOWN || !part->names[0])
		return false;
	add(to, "%s%s: %s", automation_word(kind), part->count == 1 ? "" : "s", part->names);
	return true;
}
