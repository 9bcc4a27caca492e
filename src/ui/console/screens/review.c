#include "ui/console/screens/review.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ui/console/chrome.h"
#include "ui/console/model.h"
#include "ui/console/screens/run_orders.h"

struct helps {
	const char *code;
	const char *words;
};

/* One table of codes: what helps, in a few words (salesforce-api.md G). */
static const struct helps helps[] = {
	{ "REQUIRED_FIELD_MISSING", "f fill" },
	{ "FIELD_CUSTOM_VALIDATION_EXCEPTION", "fix the value" },
	{ "STRING_TOO_LONG", "f cut" },
	{ "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "f values" },
	{ "DUPLICATE_VALUE", "already there" },
	{ "DUPLICATES_DETECTED", "duplicate rule" },
	{ "INVALID_FIELD", "load it first" },
	{ "INVALID_FIELD_FOR_INSERT_UPDATE", "do not map it" },
	{ "INVALID_CROSS_REFERENCE_KEY", "check the Id" },
	{ "MALFORMED_ID", "check the Id" },
	{ "ENTITY_IS_DELETED", "was deleted" },
	{ "UNABLE_TO_LOCK_ROW", "again later" },
	{ "INVALID_EMAIL_ADDRESS", "fix the value" },
	{ "INVALID_TYPE_ON_FIELD_IN_RECORD", "fix the value" },
	{ "INSUFFICIENT_ACCESS_OR_READONLY", "ask for access" },
	{ "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", "ask for access" },
	{ "DELETE_FAILED", "still in use" },
	{ "STORAGE_LIMIT_EXCEEDED", "make room" },
};

const char *review_help(const char *code)
{
	for (size_t i = 0; i < sizeof helps / sizeof helps[0]; i++)
		if (strcmp(helps[i].code, code) == 0)
			return helps[i].words;
	return "";
}

void review_reset(struct review_screen *review, int64_t run)
{
	review_release(review);
	memset(review, 0, sizeof *review);
	review->run = run;
	review->table.sentences = true;
}

void review_release(struct review_screen *review)
{
	free(review->groups);
	review->groups = NULL;
	table_release(&review->table);
}

static const char *group_words(const struct outcome_group *group)
{
	if (group->text[0])
		return group->text;
	return group->state == OUTCOME_IN_DOUBT ? "in doubt: sent, the answer was lost" : group->code;
}

static const char *group_text(const void *ctx, size_t i, int which)
{
	const struct outcome_group *group = &((const struct review_screen *)ctx)->groups[i];

	return which == 0   ? group_words(group)
	       : which == 1 ? group->code
	       : which == 2 ? group->fields
	       : which == 3 ? review_help(group->code)
	                    : NULL;
}

void review_take(struct review_screen *review, struct outcome_group *groups, size_t count)
{
	size_t focus = table_focus(&review->table);
	int64_t id = review->focus ? review->focus : focus < review->count ? review->groups[focus].id : 0;

	free(review->groups);
	review->groups = groups;
	review->count = count;
	review->read = true;
	review->focus = 0;
	table_narrow(&review->table, count, group_text, review);
	for (size_t i = 0; i < count; i++)
		if (groups[i].id == id)
			table_seek(&review->table, i);
}

static const char *last_of(const char *text, const char *part)
{
	const char *last = NULL;

	while ((text = strstr(text, part)) != NULL)
		last = text++;
	return last;
}

/* Of a masked message: how long the mark is that it begins with, 0 if it begins with none. */
static size_t mark_length(const char *text)
{
	static const char *const marks[] = { "{value}", "{email}", "{number}", "{id}" };

	for (size_t m = 0; m < sizeof marks / sizeof marks[0]; m++)
		if (strncmp(text, marks[m], strlen(marks[m])) == 0)
			return strlen(marks[m]);
	return 0;
}

/* The length of a field is the same in all records of a group: it stays. */
static const char limit_words[] = " (max length=";

const char *review_words(const struct outcome_group *group, char to[REVIEW_WORDS])
{
	const char *words = group_words(group);
	const char *limit = last_of(words, limit_words);
	int limit_length = limit ? (int)strtol(limit + strlen(limit_words), NULL, 10) : 0;
	const char *kept;
	struct buf masked;
	size_t len = 0;

	if (group->count < 2 || words != group->text) {
		snprintf(to, REVIEW_WORDS, "%s", words);
		return to;
	}
	buf_init(&masked, (size_t)REVIEW_WORDS * 8);
	outcome_mask(slice_of(words), &masked);
	kept = limit ? last_of(buf_text(&masked), limit_words) : NULL;
	for (const char *at = buf_text(&masked); *at && len + 16 < REVIEW_WORDS;) {
		size_t mark = mark_length(at);

		if (mark && kept && at == kept + strlen(limit_words))
			len += (size_t)sprintf(to + len, "%d", limit_length);
		else if (mark)
			len += (size_t)sprintf(to + len, "…");
		else
			to[len++] = *at;
		at += mark ? mark : 1;
	}
	to[len] = '\0';
	buf_release(&masked);
	return to;
}

static const struct outcome_group *focused(const struct model *model)
{
	size_t i = table_focus(&model->review.table);

	return i < model->review.count ? &model->review.groups[i] : NULL;
}

/* The groups that r, E and x mean: the selected ones, else the one under the cursor. */
static void act_on(struct model *model, enum verb verb)
{
	struct review_screen *review = &model->review;
	size_t at = table_focus(&review->table);
	struct again *again = &model->again;
	bool any = selection_any(&review->selection), all_doubt = true, some_doubt = false;
	char words[REVIEW_WORDS];

	memset(again, 0, sizeof *again);
	again->run = review->run;
	for (size_t i = 0; i < review->count && again->group_count < AGAIN_GROUPS; i++) {
		const struct outcome_group *one = &review->groups[i];

		if (any ? !selection_has(&review->selection, one->id) : i != at)
			continue;
		again->groups[again->group_count++] = one->id;
		all_doubt = all_doubt && one->state == OUTCOME_IN_DOUBT;
		some_doubt = some_doubt || one->state == OUTCOME_IN_DOUBT;
		snprintf(again->words, sizeof again->words, "%.199s", review_words(one, words));
	}
	if (again->group_count > 1)
		snprintf(again->words, sizeof again->words, "%d groups", again->group_count);
	if (!again->group_count)
		return; /* none would mean all */
	again->in_doubt = all_doubt;
	if (some_doubt && (!all_doubt || verb != VERB_RETRY))
		model_tell(model, STYLE_WARN,
		           verb == VERB_RETRY
		                   ? "Records in doubt go again on their own only: take them out of the "
		                     "selection"
		                   : "Records in doubt may be in the org as they were sent: a asks it first");
	else
		again_act(model, verb);
}

/* Space and v choose single ones, * all that are shown. */
static void choose(struct review_screen *review, enum verb verb)
{
	struct table *table = &review->table;
	size_t to = verb == VERB_SELECT_ALL ? table->count : table->cursor + 1;
	size_t from = verb == VERB_SELECT_ALL ? 0 : table->cursor;

	if (verb == VERB_CLEAR) {
		selection_clear(&review->selection);
		return;
	}
	if (verb == VERB_RANGE && !review->selection.anchor) {
		review->selection.anchor = (int64_t)table->cursor + 1;
		return;
	}
	if (verb == VERB_RANGE) {
		size_t anchor = (size_t)review->selection.anchor - 1;

		from = anchor < table->cursor ? anchor : table->cursor;
		to = (anchor > table->cursor ? anchor : table->cursor) + 1;
		review->selection.anchor = 0;
	}
	for (size_t i = from; i < to && i < table->count; i++) {
		int64_t id = review->groups[table_entry(table, i)].id;

		if (verb == VERB_SELECT)
			selection_toggle(&review->selection, id);
		else
			selection_add(&review->selection, id, id);
	}
	if (verb == VERB_SELECT)
		table_move(table, (struct key){ K_DOWN, 0 }, 1);
}

/* What can be written is told by the counts of the run this was opened from. */
static void review_write(struct model *model)
{
	struct run_line line;

	if (model_run_line(model, model->review.run, &line))
		write_ask(model, &line);
	else
		model_tell(model, STYLE_WARN, "This run is not read yet: a moment");
}

void review_ask(struct model *model, int64_t run)
{
	struct run_line line;

	if (model_run_line(model, run, &line))
		again_ask_org(model, &line);
}

const char *review_refuse(const struct model *model, int64_t run, enum verb verb)
{
	struct run_line line;

	if ((verb != VERB_RETRY && verb != VERB_ASK) || !model_run_line(model, run, &line))
		return NULL;
	if (verb == VERB_ASK && !line.counts.in_doubt)
		return "No record is in doubt";
	if (verb == VERB_ASK && run_is_live(line.now))
		return "The run is at work: its engine asks by itself";
	return NULL;
}

static void review_update(struct model *model, enum verb verb, struct key key)
{
	struct review_screen *review = &model->review;
	const struct outcome_group *group = focused(model);

	if (review->table.narrowing) {
		if (table_filter_key(&review->table, key, model->rows - 7))
			table_narrow(&review->table, review->count, group_text, review);
		return;
	}
	if (verb == VERB_NARROW) {
		review->table.narrowing = true;
	} else if (verb == VERB_RECORDS && group) {
		records_reset(&model->records, model->review.run, group);
		model_push(model, SCREEN_RECORDS);
	} else if (verb == VERB_LOG) {
		model_show_run(model, model->review.run, SCREEN_LOG);
	} else if (verb == VERB_WRITE) {
		review_write(model);
	} else if (verb == VERB_RETRY || verb == VERB_EDITOR || verb == VERB_LEAVE_OUT) {
		act_on(model, verb);
	} else if (verb == VERB_FIX && group) {
		edit_fix(model, review->run, group);
	} else if (verb == VERB_ASK) {
		review_ask(model, review->run);
	} else if (verb >= VERB_SELECT && verb <= VERB_CLEAR) {
		choose(review, verb);
	} else if (verb == VERB_DETAILS && group) {
		char title[64];

		snprintf(title, sizeof title, "Run %lld › Review › Details", (long long)model->review.run);
		details_open(model, model->review.run, title);
		details_of_group(&model->details, group, review_help(group->code));
	} else {
		table_move(&model->review.table, key, model->rows - 7);
	}
}

static const char *review_refuses(const struct model *model, enum verb verb)
{
	if (!model->review.count && verb == VERB_NARROW)
		return "No record has failed: there is nothing to review";
	if (!focused(model) && (verb == VERB_RECORDS || verb == VERB_COPY || verb == VERB_DETAILS))
		return "No record has failed: there is nothing to review";
	if (!focused(model) && (verb == VERB_RETRY || verb == VERB_SELECT || verb == VERB_EDITOR ||
	                        verb == VERB_FIX || verb == VERB_LEAVE_OUT))
		return "No record has failed: there is nothing to review";
	if (verb == VERB_FIX)
		return edit_fix_refuses(focused(model));
	return review_refuse(model, model->review.run, verb);
}

/* Columns at a width of the terminal; 0 hides one. */
struct widths {
	int text, field, help;
};

enum { TEXT_AT = 13 };

static struct widths widths_of(int columns)
{
	struct widths widths = { 0 };

	if (columns >= 70) {
		widths.field = columns >= 100 ? 26 : 13;
		widths.help = 15;
	}
	widths.text = columns - 1 - TEXT_AT - widths.field - widths.help;
	return widths;
}

static void view_group(struct grid *grid, int row, const struct outcome_group *group, bool focus, bool chosen)
{
	struct widths widths = widths_of(grid->columns);
	int field = TEXT_AT + widths.text;
	char words[REVIEW_WORDS];

	grid_text(grid, row, 1, 1, focus ? "▸" : " ", STYLE_KEY);
	grid_text(grid, row, TEXT_AT - 2, 1, chosen ? "*" : " ", STYLE_KEY);
	chrome_number(grid, row, 2, 9, group->count,
	              group->state == OUTCOME_IN_DOUBT ? STYLE_DOUBT : STYLE_BAD);
	grid_text(grid, row, TEXT_AT, widths.text - 1, review_words(group, words), STYLE_PLAIN);
	if (widths.field) {
		grid_put(grid, row, field, widths.field - 1, slice_of(group->fields[0] ? group->fields : "–"),
		         GIVE_END, STYLE_DIM);
		grid_text(grid, row, field + widths.field, widths.help, review_help(group->code), STYLE_DIM);
	}
	if (focus)
		grid_focus(grid, row, 1, grid->columns - 2);
}

static void view_columns(struct grid *grid, int row)
{
	struct widths widths = widths_of(grid->columns);

	grid_right(grid, row, 2, 9, "records", STYLE_DIM);
	grid_text(grid, row, TEXT_AT, widths.text - 1, "what Salesforce said", STYLE_DIM);
	if (!widths.field)
		return;
	grid_text(grid, row, TEXT_AT + widths.text, widths.field - 1, "field", STYLE_DIM);
	grid_text(grid, row, TEXT_AT + widths.text + widths.field, widths.help, "what helps", STYLE_DIM);
}

static void view_detail(struct grid *grid, const struct outcome_group *group)
{
	char number[28], detail[1600];

	snprintf(detail, sizeof detail, "%s%s%s, first in record %s.", group_words(group),
	         group->code[0] ? " · " : "", group->code,
	         text_count(group->example_record, number, sizeof number));
	chrome_wrap(grid, grid->rows - 4, 1, grid->columns - 2, 3, detail, STYLE_PLAIN);
}

static int view_title(const struct model *model, struct grid *grid)
{
	const struct review_screen *review = &model->review;
	char title[96], number[28];
	int64_t records = 0;

	for (size_t i = 0; i < review->count; i++)
		records += review->groups[i].count;
	if (review->read)
		snprintf(title, sizeof title, "Run %lld › Review   %s to repair", (long long)review->run,
		         text_count(records, number, sizeof number));
	else
		snprintf(title, sizeof title, "Run %lld › Review", (long long)review->run);
	return chrome_title_org(grid, title, model_badge(model, review->run));
}

static void review_view(struct model *model, struct grid *grid)
{
	struct review_screen *review = &model->review;
	const struct outcome_group *group = focused(model);
	int top = view_title(model, grid) + 1;
	int page = grid->rows - 5 - top;

	view_columns(grid, top - 1);
	table_scroll(&review->table, page);
	for (int i = 0; i < page && review->table.top + (size_t)i < review->table.count; i++) {
		const struct outcome_group *one =
			&review->groups[table_entry(&review->table, review->table.top + (size_t)i)];

		view_group(grid, top + i, one, review->table.top + (size_t)i == review->table.cursor,
		           selection_has(&review->selection, one->id));
	}
	if (review->read && !review->count)
		grid_text(grid, top, 3, grid->columns - 4, "Nothing is left to review. Esc goes back.",
		          STYLE_DIM);
	if (review->count && !review->table.count)
		grid_text(grid, top, 3, grid->columns - 4, "No group fits. Esc shows them all.", STYLE_DIM);
	chrome_rule(grid, grid->rows - 5);
	if (group)
		view_detail(grid, group);
	table_filter_view(&review->table, grid, grid->rows - 2);
}

static void review_copies(const struct model *model, struct copies *copies)
{
	const struct outcome_group *group = focused(model);

	if (!group)
		return;
	copies_add(copies, "message", "%s", group_words(group));
	copies_add(copies, "code", "%s", group->code);
	copies_add(copies, "the command", "longshore export %lld --which %s -o FILE",
	           (long long)model->review.run, group->state == OUTCOME_IN_DOUBT ? "in-doubt" : "failed");
}

const struct screen screen_review = {
	.update = review_update,
	.view = review_view,
	.refuses = review_refuses,
	.copies = review_copies,
};
