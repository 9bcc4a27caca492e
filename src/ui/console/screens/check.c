/* check.c - Check of New load: what will fail, in groups, before anything is sent; then what deserves a look. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/when.h"
#include "ui/console/chrome.h"
#include "ui/console/model.h"

static const struct finding *focused(const struct wizard *wizard)
{
	size_t i = table_focus(&wizard->check_table);

	return i < wizard->finding_count ? &wizard->findings[i] : NULL;
}

/* The finding that wants an answer before anything starts, by its place; fail_count if there is none. */
static size_t asking(const struct wizard *wizard)
{
	size_t i = 0;

	while (i < wizard->fail_count && wizard->findings[i].rule != RULE_SAME_KEY)
		i++;
	return i;
}

/* What the operator chooses here changes what is written: the file is checked anew. */
static void check_again(struct model *model)
{
	model->wizard.checked = false;
	model_effect(model, EFFECT_RUN_CHECK);
}

static void ask_same_key(struct model *model, const struct finding *finding)
{
	struct dialog *dialog = &model->dialog;

	dialog_open(dialog, DIALOG_CHOOSE, VERB_FIX, 0, "The same key: %.60s", finding->field);
	dialog_sentence(dialog, finding->message);
	dialog_line(dialog, "Salesforce refuses records of one request that share a key. Of each such key:");
	dialog_option(dialog, "write the first record, leave out those behind it");
	dialog_option(dialog, "write the last record, leave out those before it");
	dialog_option(dialog, "leave all of them out");
}

/* What is asked about f, as dialog.chosen tells it. */
enum step { STEP_SAME_KEY, STEP_WAY, STEP_WORD };

/* "record 801: Müller-Lüdenscheidt → Müller-Lüden" */
static void add_example(char *to, size_t size, const struct fix_example *example)
{
	size_t used = strlen(to);
	char number[28];

	text_count(example->record, number, sizeof number);
	if (example->becomes[0])
		snprintf(to + used, size - used, " · record %s: %s → %s", number, example->was,
		         example->becomes);
	else
		snprintf(to + used, size - used, " · record %s: %s is not sent", number, example->was);
}

void check_ask_fix(struct model *model)
{
	struct wizard *wizard = &model->wizard;
	const struct finding *finding = &wizard->group.finding;
	struct dialog *dialog = &model->dialog;
	char number[28];

	if (!wizard->fix_count) {
		model_tell(model, STYLE_WARN,
		           "Nothing mends all of this group at once: Enter shows its records");
		return;
	}
	dialog_open(dialog, DIALOG_CHOOSE, VERB_FIX, 0, "Fix %s record%s: %.60s",
	            text_count(finding->count, number, sizeof number), finding->count == 1 ? "" : "s",
	            finding->field);
	dialog_sentence(dialog, finding->message);
	for (size_t i = 0; i < wizard->fix_count; i++) {
		const struct fix_choice *choice = &wizard->fixes[i];
		char text[DIALOG_TEXT];

		snprintf(text, sizeof text, "%s", choice->fix.text);
		for (size_t k = 0; k < choice->example_count && (k == 0 || wizard->fix_count == 1); k++)
			add_example(text, sizeof text, &choice->examples[k]);
		dialog_option(dialog, "%s", text);
	}
	dialog->chosen = STEP_WAY;
	model_effect(model, EFFECT_DRAIN);
}

static void mend(struct model *model)
{
	model_effect(model, EFFECT_FIX);
}

/* A way that needs a word of the operator asks for it. */
static void take_way(struct model *model, int answer)
{
	struct wizard *wizard = &model->wizard;
	struct fix *fix = &wizard->fix;

	*fix = wizard->fixes[answer - 1].fix;
	if (!*fix_wants(fix) || fix->to[0]) {
		mend(model);
		return;
	}
	dialog_open(&model->dialog, DIALOG_LINE, VERB_FIX, 0, "%.80s", fix->field);
	dialog_sentence(&model->dialog, fix->text);
	dialog_type(&model->dialog, fix_wants(fix), "");
	model->dialog.chosen = STEP_WORD;
}

static void take_word(struct model *model)
{
	struct fix *fix = &model->wizard.fix;

	if (!model->dialog.line.len)
		return;
	snprintf(fix->to, sizeof fix->to, "%.255s", model->dialog.line.text);
	mend(model);
}

static void skip_unchanged(struct model *model)
{
	struct wizard *wizard = &model->wizard;

	wizard->skip_unchanged = !wizard->skip_unchanged;
	model_tell(model, STYLE_PLAIN,
	           wizard->skip_unchanged ? "They are left out: the org has all of it already"
	                                  : "They are sent, though they change nothing");
}

static void fix(struct model *model)
{
	struct wizard *wizard = &model->wizard;
	const struct finding *finding = focused(wizard);

	if (finding->rule == RULE_SAME_KEY) {
		ask_same_key(model, finding);
		return;
	}
	if (finding->rule == RULE_UNCHANGED) {
		skip_unchanged(model);
		return;
	}
	wizard->group.finding = *finding;
	wizard->group.look = finding >= wizard->findings + wizard->fail_count;
	if (finding->rule == RULE_PICKLIST)
		model_push(model, SCREEN_VALUES);
	model_effect(model, finding->rule == RULE_PICKLIST ? EFFECT_VALUES : EFFECT_FIXES);
}

static void records(struct model *model)
{
	struct check_group *group = &model->wizard.group;

	group->finding = *focused(&model->wizard);
	group->count = group->table.count = 0;
	group->more = true;
	model_push(model, SCREEN_GROUP);
	model_effect(model, EFFECT_RECORDS);
}

/* What is not answered yet is asked first. */
static void start(struct model *model)
{
	struct wizard *wizard = &model->wizard;
	size_t at = asking(wizard);

	if (at == wizard->fail_count) {
		start_open(model);
		return;
	}
	table_seek(&wizard->check_table, at);
	ask_same_key(model, &wizard->findings[at]);
}

static void check_update(struct model *model, enum verb verb, struct key key)
{
	if (verb == VERB_START)
		start(model);
	else if (verb == VERB_FIX)
		fix(model);
	else if (verb == VERB_RECORDS)
		records(model);
	else if (verb == VERB_ASK)
		model_effect(model, EFFECT_ASK_ORG);
	else
		table_move(&model->wizard.check_table, key, model->rows - 9);
}

static void check_answered(struct model *model, enum verb verb, int64_t run, int answer)
{
	(void)run;
	if (verb != VERB_FIX || !answer)
		return;
	if (model->dialog.chosen == STEP_WAY) {
		take_way(model, answer);
	} else if (model->dialog.chosen == STEP_WORD) {
		take_word(model);
	} else {
		model->wizard.same_key = answer == 1   ? SAME_KEY_FIRST
		                         : answer == 2 ? SAME_KEY_LAST
		                                       : SAME_KEY_NONE;
		check_again(model);
	}
}

static bool may_be_mended(enum rule rule)
{
	return rule == RULE_REQUIRED || rule == RULE_NOT_WRITEABLE || rule == RULE_TYPE ||
	       rule == RULE_TOO_LONG || rule == RULE_PICKLIST || rule == RULE_SAME_KEY ||
	       rule == RULE_UNCHANGED || rule == RULE_NULL_MARK || rule == RULE_LOST_ZEROS;
}

/* Are its records listed one by one? What deserves a look is counted only, but for records left out for their key. */
static const char *records_refused(const struct wizard *wizard)
{
	const struct finding *finding = focused(wizard);

	if (!finding)
		return "Nothing was found";
	if (finding >= wizard->findings + wizard->fail_count && finding->rule != RULE_SAME_KEY)
		return "These records are counted, and not listed one by one";
	return finding->example_record ? NULL : "It concerns every record: Esc goes back to the mapping";
}

static const char *asking_refused(const struct wizard *wizard)
{
	if (wizard->asked)
		return "The org was asked: what it said stands here";
	return wizard->ask_calls ? NULL : "There is nothing in this load that the org could be asked about";
}

static const char *check_refuses(const struct model *model, enum verb verb)
{
	const struct wizard *wizard = &model->wizard;
	const struct finding *finding = focused(wizard);

	if (verb != VERB_START && verb != VERB_FIX && verb != VERB_RECORDS && verb != VERB_ASK)
		return NULL;
	if (!wizard->checked)
		return "The check is not done yet";
	if (verb == VERB_RECORDS)
		return records_refused(wizard);
	if (verb == VERB_ASK)
		return asking_refused(wizard);
	if (verb == VERB_START && !wizard->passed && asking(wizard) == wizard->fail_count)
		return "No record can be written: Esc goes back to the mapping";
	if (verb == VERB_FIX && (!finding || !may_be_mended(finding->rule)))
		return "Nothing mends all of this group at once";
	return NULL;
}

static void view_finding(struct grid *grid, int row, const struct finding *finding, enum style style,
                         bool focus)
{
	int field = grid->columns >= 70 ? 22 : 16;

	grid_text(grid, row, 1, 1, focus ? "▸" : " ", STYLE_KEY);
	chrome_number(grid, row, 2, 9, finding->count, style);
	grid_put(grid, row, 13, field - 2, slice_of(finding->field[0] ? finding->field : "–"), GIVE_MIDDLE,
	         STYLE_PLAIN);
	grid_text(grid, row, 13 + field, grid->columns - 14 - field, finding->message, STYLE_PLAIN);
	if (focus)
		grid_focus(grid, row, 1, grid->columns - 2);
}

static void view_progress(const struct wizard *wizard, struct grid *grid)
{
	int width = grid->columns - 12;
	int64_t size = wizard->check_size ? wizard->check_size : 1;
	int full = (int)(wizard->check_offset * width / size);

	grid_text(grid, 2, 1, grid->columns - 2, "Every record is checked against the org's describe.",
	          STYLE_PLAIN);
	grid_fill(grid, 4, 1, width, 0x2591, STYLE_DIM);
	grid_fill(grid, 4, 1, full, 0x2588, STYLE_GOOD);
	grid_putf(grid, 4, width + 3, 8, STYLE_PLAIN, "%lld%%", (long long)(wizard->check_offset * 100 / size));
}

/* ", 213 cannot and would be left out": one part of the sentence, if there is anything of it. */
static void add_part(char *text, size_t size, int64_t count, const char *one, const char *many)
{
	size_t used = strlen(text);
	char number[28];

	if (count)
		snprintf(text + used, size - used, ", %s %s", text_count(count, number, sizeof number),
		         count == 1 ? one : many);
}

static int view_counts(const struct wizard *wizard, struct grid *grid)
{
	int64_t others = wizard->records - wizard->passed - wizard->failing - wizard->blank;
	char all[28], passed[28], text[320];

	text_count(wizard->records, all, sizeof all);
	if (wizard->passed == wizard->records)
		snprintf(text, sizeof text, "%s records: all can be written", all);
	else
		snprintf(text, sizeof text, "%s records: %s can be written", all,
		         text_count(wizard->passed, passed, sizeof passed));
	add_part(text, sizeof text, wizard->failing, "cannot and would be left out",
	         "cannot and would be left out");
	add_part(text, sizeof text, wizard->blank, wizard->failing ? "is blank" : "is blank and left out",
	         wizard->failing ? "are blank" : "are blank and left out");
	add_part(text, sizeof text, others, wizard->failing ? "more is left out" : "is left out",
	         wizard->failing ? "more are left out" : "are left out");
	return chrome_wrap(grid, 2, 1, grid->columns - 2, 2, text, wizard->failing ? STYLE_WARN : STYLE_GOOD);
}

/* "compared with run 8, 26 Apr 14:02: 5,020 records, this file 48,210 (9.6 x)". */
static void view_like(const struct wizard *wizard, struct grid *grid, int row)
{
	const struct check_like *like = &wizard->like;
	double times = like->records ? (double)wizard->records / (double)like->records : 0;
	char when[WHEN_TEXT], was[28], is[28], text[240];

	if (!like->run)
		return;
	when_local_text(like->created_ms, when);
	when[strcspn(when, ":") - 3] = '\0'; /* the day is enough */
	snprintf(text, sizeof text, "compared with run %lld, %s: %s records, this file %s",
	         (long long)like->run, when, text_count(like->records, was, sizeof was),
	         text_count(wizard->records, is, sizeof is));
	if (times > 0 && (times >= 1.05 || times <= 0.95))
		snprintf(text + strlen(text), sizeof text - strlen(text), " (%.1f x)", times);
	grid_text(grid, row, 1, grid->columns - 2, text, times >= 2 || times <= 0.5 ? STYLE_WARN : STYLE_DIM);
}

/* What is known of the org, or what it would cost to know it. */
static void view_asked(const struct wizard *wizard, struct grid *grid, int row)
{
	char a[28], b[28], text[240];

	text_count(wizard->asked ? wizard->there : wizard->ask_calls, a, sizeof a);
	text_count(wizard->asked ? wizard->missing : wizard->cost.calls_left, b, sizeof b);
	if (wizard->asked && !wizard->there && !wizard->missing)
		snprintf(text, sizeof text, "in the org: asked about what is looked up");
	else if (wizard->asked)
		snprintf(text, sizeof text, "in the org: %s of these keys, and %s not", a, b);
	else if (wizard->cost.calls_left < 0)
		snprintf(text, sizeof text, "in the org: not asked yet. a asks: up to %s API calls", a);
	else
		snprintf(text, sizeof text,
		         "in the org: not asked yet. a asks: up to %s of %s API calls left today", a, b);
	grid_text(grid, row, 1, grid->columns - 2, text, STYLE_DIM);
}

/* What to do about it. */
static void advice(const struct wizard *wizard, const struct finding *finding, char *to, size_t size)
{
	static const char *const kept[] = { "f chooses which of them is written, before anything starts",
		                            "The first of each is written; f chooses anew",
		                            "The last of each is written; f chooses anew",
		                            "All of them are left out; f chooses anew" };
	char number[28];

	if (finding->rule == RULE_SAME_KEY)
		snprintf(to, size, "%s", kept[wizard->same_key]);
	else if (finding->rule == RULE_UNCHANGED)
		snprintf(to, size,
		         wizard->skip_unchanged ? "They are left out; f sends them" : "f leaves them out");
	else if (finding->example_record)
		snprintf(to, size, "First in record %s",
		         text_count(finding->example_record, number, sizeof number));
	else if (finding->rule != RULE_COUNT)
		snprintf(to, size, "It concerns every record: Esc goes back to the mapping");
	else
		to[0] = '\0';
}

static void view_detail(const struct wizard *wizard, struct grid *grid)
{
	const struct finding *finding = focused(wizard);
	char told[160], text[560];

	if (!finding) {
		grid_text(grid, grid->rows - 2, 1, grid->columns - 2, "Nothing was found. S starts the load.",
		          STYLE_DIM);
		return;
	}
	advice(wizard, finding, told, sizeof told);
	snprintf(text, sizeof text, "%s%s%s.%s%s%s", finding->field, finding->field[0] ? ": " : "",
	         finding->message, told[0] ? " " : "", told, told[0] ? "." : "");
	chrome_wrap(grid, grid->rows - 3, 1, grid->columns - 2, 2,
	            finding->field[0] ? text : chrome_sentence(text), STYLE_PLAIN);
}

/* The list from `top` on in `page` rows: what fails, a heading, what deserves a look. */
static void view_findings(struct wizard *wizard, struct grid *grid, int top, int page)
{
	struct table *table = &wizard->check_table;
	bool looks = wizard->finding_count > wizard->fail_count;
	int row = top;

	table_scroll(table, page - looks);
	for (size_t at = table->top; at < wizard->finding_count && row < top + page; at++) {
		if (looks && at == wizard->fail_count)
			grid_text(grid, row++, 1, grid->columns - 2, "will be written, but look",
			          STYLE_HEADING);
		if (row < top + page)
			view_finding(grid, row++, &wizard->findings[at],
			             at < wizard->fail_count ? STYLE_BAD : STYLE_WARN, at == table->cursor);
	}
}

static void check_view(struct model *model, struct grid *grid)
{
	struct wizard *wizard = &model->wizard;
	bool like = wizard->like.run != 0, ask = wizard->asked || wizard->ask_calls;
	char what[WIZARD_TEXT * 2];
	int top;

	wizard_what(wizard, what, sizeof what);
	chrome_title_step(grid, "New load › Check", what, "step 5 of 6", wizard_badge(model));
	if (!wizard->checked) {
		view_progress(wizard, grid);
		return;
	}
	top = 2 + view_counts(wizard, grid);
	view_findings(wizard, grid, top, grid->rows - 4 - like - ask - top);
	view_like(wizard, grid, grid->rows - 5 - ask);
	if (ask)
		view_asked(wizard, grid, grid->rows - 5);
	chrome_rule(grid, grid->rows - 4);
	view_detail(wizard, grid);
}

static void check_copies(const struct model *model, struct copies *copies)
{
	const struct wizard *wizard = &model->wizard;
	const struct finding *finding = focused(wizard);
	char what[WIZARD_TEXT * 2];

	if (finding)
		copies_add(copies, "what was found", "%s: %s, first in record %lld", finding->field,
		           finding->message, (long long)finding->example_record);
	wizard_what(wizard, what, sizeof what);
	copies_add(copies, "the load", "%s", what);
}

const struct screen screen_check = {
	.update = check_update,
	.view = check_view,
	.answered = check_answered,
	.refuses = check_refuses,
	.copies = check_copies,
};
