#include "ui/console/screens/review.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ui/console/chrome.h"
#include "ui/console/model.h"

struct helps {
	const char *code;
	const char *words;
};

/* One table of codes: what helps, in a few words (salesforce-api.md G). */
static const struct helps helps[] = {
	{ "REQUIRED_FIELD_MISSING", "fill the field" },
	{ "FIELD_CUSTOM_VALIDATION_EXCEPTION", "fix the value" },
	{ "STRING_TOO_LONG", "shorten it" },
	{ "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "a value of the list" },
	{ "DUPLICATE_VALUE", "it is there already" },
	{ "DUPLICATES_DETECTED", "a duplicate rule" },
	{ "INVALID_FIELD", "load the parent first" },
	{ "INVALID_FIELD_FOR_INSERT_UPDATE", "do not map it" },
	{ "INVALID_CROSS_REFERENCE_KEY", "check the Id" },
	{ "MALFORMED_ID", "check the Id" },
	{ "ENTITY_IS_DELETED", "it was deleted" },
	{ "UNABLE_TO_LOCK_ROW", "try again later" },
	{ "INVALID_EMAIL_ADDRESS", "fix the address" },
	{ "INVALID_TYPE_ON_FIELD_IN_RECORD", "fix the value" },
	{ "INSUFFICIENT_ACCESS_OR_READONLY", "ask for access" },
	{ "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", "ask for access" },
	{ "DELETE_FAILED", "other records use it" },
	{ "STORAGE_LIMIT_EXCEEDED", "make room first" },
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
}

void review_release(struct review_screen *review)
{
	free(review->groups);
	review->groups = NULL;
	table_release(&review->table);
}

void review_take(struct review_screen *review, struct outcome_group *groups, size_t count)
{
	size_t focus = table_focus(&review->table);
	int64_t id = focus < review->count ? review->groups[focus].id : 0;

	free(review->groups);
	review->groups = groups;
	review->count = review->table.count = count;
	review->read = true;
	if (review->table.cursor >= count)
		review->table.cursor = count ? count - 1 : 0;
	for (size_t i = 0; i < count; i++)
		if (groups[i].id == id)
			table_seek(&review->table, i);
}

static const char *group_words(const struct outcome_group *group)
{
	if (group->text[0])
		return group->text;
	return group->state == OUTCOME_IN_DOUBT ? "in doubt: sent, the answer was lost" : group->code;
}

static const struct outcome_group *focused(const struct model *model)
{
	size_t i = table_focus(&model->review.table);

	return i < model->review.count ? &model->review.groups[i] : NULL;
}

static void review_update(struct model *model, enum verb verb, struct key key)
{
	const struct outcome_group *group = focused(model);

	if (verb == VERB_RECORDS && group) {
		records_reset(&model->records, model->review.run, group);
		model_push(model, SCREEN_RECORDS);
	} else if (verb == VERB_LOG) {
		model_show_run(model, model->review.run, SCREEN_LOG);
	} else if (verb == VERB_COPY && group) {
		snprintf(model_effect(model, EFFECT_COPY)->text, 512, "%.511s", group_words(group));
	} else {
		table_move(&model->review.table, key, model->rows - 7);
	}
}

static const char *review_refuses(const struct model *model, enum verb verb)
{
	if (!model->review.count && (verb == VERB_RECORDS || verb == VERB_COPY))
		return "No record has failed: there is nothing to review";
	return NULL;
}

static void view_group(struct grid *grid, int row, const struct outcome_group *group, bool focus)
{
	int wide = grid->columns >= 70;
	int field = wide ? 14 : 0, help = wide ? 22 : 0;
	int text = grid->columns - 14 - field - help - 1;
	char number[28];

	grid_text(grid, row, 1, 1, focus ? "▸" : " ", STYLE_KEY);
	grid_right(grid, row, 2, 9, text_count(group->count, number, sizeof number),
	           group->state == OUTCOME_IN_DOUBT ? STYLE_DOUBT : STYLE_BAD);
	grid_text(grid, row, 13, text - 1, group_words(group), STYLE_PLAIN);
	if (wide) {
		grid_put(grid, row, 13 + text, field - 1, slice_of(group->fields[0] ? group->fields : "–"),
		         GIVE_MIDDLE, STYLE_DIM);
		grid_text(grid, row, 13 + text + field, help, review_help(group->code), STYLE_DIM);
	}
	if (focus)
		grid_focus(grid, row, 1, grid->columns - 2);
}

static void view_columns(struct grid *grid, int row)
{
	int wide = grid->columns >= 70;
	int text = grid->columns - 14 - (wide ? 36 : 0) - 1;

	grid_right(grid, row, 2, 9, "records", STYLE_DIM);
	grid_text(grid, row, 13, text - 1, "what Salesforce said", STYLE_DIM);
	if (!wide)
		return;
	grid_text(grid, row, 13 + text, 13, "field", STYLE_DIM);
	grid_text(grid, row, 27 + text, 20, "what helps", STYLE_DIM);
}

static void review_view(struct model *model, struct grid *grid)
{
	struct review_screen *review = &model->review;
	const struct outcome_group *group = focused(model);
	int page = grid->rows - 7;
	int64_t records = 0;
	char title[64], right[64], number[28], detail[1600];

	for (size_t i = 0; i < review->count; i++)
		records += review->groups[i].count;
	snprintf(title, sizeof title, "Run %lld › Review", (long long)review->run);
	snprintf(right, sizeof right, "%s to repair", text_count(records, number, sizeof number));
	chrome_title(grid, title, review->read ? right : "");
	view_columns(grid, 1);
	table_scroll(&review->table, page);
	for (int i = 0; i < page && review->table.top + (size_t)i < review->count; i++)
		view_group(grid, 2 + i, &review->groups[review->table.top + (size_t)i],
		           review->table.top + (size_t)i == review->table.cursor);
	if (review->read && !review->count)
		grid_text(grid, 2, 3, grid->columns - 4, "Nothing is left to review. Esc goes back.",
		          STYLE_DIM);
	chrome_rule(grid, grid->rows - 5);
	if (!group)
		return;
	snprintf(detail, sizeof detail, "%s%s%s, first in record %s.", group_words(group),
	         group->code[0] ? " · " : "", group->code,
	         text_count(group->example_record, number, sizeof number));
	chrome_wrap(grid, grid->rows - 4, 1, grid->columns - 2, 3, detail, STYLE_PLAIN);
}

const struct screen screen_review = { .update = review_update, .view = review_view, .refuses = review_refuses };
