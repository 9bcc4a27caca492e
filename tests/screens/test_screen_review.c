/* What was not written: in groups, record by record, and one record whole; and the log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "stage.h"

enum { MINUTE_MS = 60 * 1000 };

static const struct outcome_group groups_may[] = {
	{ 1, OUTCOME_FAILED, "INVALID_FIELD",
	  "Foreign key external ID: A-0428 not found for field Ext__c in Account", "Account", 412, 88 },
	{ 2, OUTCOME_FAILED, "FIELD_CUSTOM_VALIDATION_EXCEPTION", "Phone must start with +", "Phone", 301,
	  4031 },
	{ 3, OUTCOME_FAILED, "STRING_TOO_LONG",
	  "Last Name: data value too large: Wolfeschlegelsteinhausenbergerdorff (max length=80)", "LastName",
	  150, 801 },
	{ 4, OUTCOME_FAILED, "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record", "", 94,
	  12 },
	{ 5, OUTCOME_FAILED, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
	  "Status: bad value for restricted picklist field: Prospekt", "Status__c", 1, 7 },
	{ 6, OUTCOME_IN_DOUBT, "", "", "", 2, 900 },
};

/* A review opened from the list of runs: only that knows the org. */
static void open_review(struct stage *stage, const struct outcome_group *groups, size_t count)
{
	struct run_line *line = calloc(1, sizeof *line);
	struct outcome_group *copy = malloc((count + 1) * sizeof *copy);

	assert_true(line && copy);
	line->id = 27;
	line->now = RUN_FINISHED;
	line->production = true;
	snprintf(line->org, sizeof line->org, "acme-prod");
	snprintf(line->file, sizeof line->file, "contacts_may.csv");
	snprintf(line->object, sizeof line->object, "Contact");
	snprintf(line->action, sizeof line->action, "upsert");
	snprintf(line->by, sizeof line->by, "ana");
	line->counts.records = line->counts.failed = 958;
	stage_open(stage, 24, 80, false);
	runs_take(&stage->model.runs, line, 1, false);
	model_show_run(&stage->model, 27, SCREEN_REVIEW);
	memcpy(copy, groups, count * sizeof *copy);
	review_take(&stage->model.review, copy, count);
}

static void what_salesforce_said_comes_in_groups(void **unused)
{
	struct stage stage;

	(void)unused;
	open_review(&stage, groups_may, 6);
	stage_golden_sizes(&stage, "review");
	stage_golden_styles(&stage, "review_styles");
	stage_keys(&stage, "j j");
	stage_golden(&stage, "review_third");
	stage_keys(&stage, "y");
	stage_golden(&stage, "review_copy");
	assert_int_equal(stage_asked(&stage, EFFECT_COPY), 0);
	stage_keys(&stage, "1");
	assert_int_equal(stage_asked(&stage, EFFECT_COPY), 1);
	assert_string_equal(stage_copied(&stage), groups_may[2].text);
	stage_keys(&stage, "y Esc i");
	stage_golden_sizes(&stage, "details_group");
	stage_keys(&stage, "j y");
	assert_int_equal(stage_asked(&stage, EFFECT_COPY), 2);
	assert_string_equal(stage_copied(&stage), groups_may[2].code);
	stage_keys(&stage, "q");
	stage_keys(&stage, "l");
	assert_int_equal(model_top(&stage.model), SCREEN_LOG);
	stage_close(&stage);
}

/* r counts first, then asks, and only y gives the order. */
static void a_group_is_tried_again_after_a_question_in_numbers(void **unused)
{
	struct stage stage;

	(void)unused;
	open_review(&stage, groups_may, 6);
	stage_keys(&stage, "j r");
	assert_int_equal(stage_asked(&stage, EFFECT_PICK), 1);
	assert_int_equal(stage.model.again.group_count, 1);
	assert_int_equal(stage.model.again.groups[0], groups_may[1].id);
	assert_string_equal(stage.model.again.records, "");
	again_picked(&stage.model, 301);
	stage_golden_sizes(&stage, "again");
	stage_keys(&stage, "Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_RETRY), 0);
	again_picked(&stage.model, 301);
	stage_keys(&stage, "y");
	assert_int_equal(stage_asked(&stage, EFFECT_RETRY), 1);
	again_picked(&stage.model, 0);
	assert_true(stage_shows(&stage, "None of these records can be tried again now"));
	stage_close(&stage);
}

static void several_groups_are_selected_and_go_together(void **unused)
{
	struct stage stage;

	(void)unused;
	open_review(&stage, groups_may, 6);
	stage_keys(&stage, "Space j v j v g");
	stage_golden(&stage, "review_selected");
	stage_keys(&stage, "r");
	assert_int_equal(stage.model.again.group_count, 3);
	assert_string_equal(stage.model.again.words, "3 groups");
	assert_false(stage.model.again.in_doubt);
	stage_keys(&stage, "* r"); /* one of them is in doubt */
	assert_true(stage_shows(&stage, "Records in doubt go again on their own only"));
	assert_int_equal(stage_asked(&stage, EFFECT_PICK), 1);
	stage_keys(&stage, "u G Space r");
	assert_int_equal(stage_asked(&stage, EFFECT_PICK), 2);
	assert_true(stage.model.again.in_doubt);
	stage_close(&stage);
}

static void records_in_doubt_go_again_only_when_their_number_is_typed(void **unused)
{
	struct stage stage;

	(void)unused;
	open_review(&stage, groups_may, 6);
	stage_keys(&stage, "G r");
	again_picked(&stage.model, 2);
	stage_golden_sizes(&stage, "again_in_doubt");
	stage_keys(&stage, "y Enter");
	assert_true(stage_shows(&stage, "That is not it"));
	assert_int_equal(stage_asked(&stage, EFFECT_RETRY), 0);
	stage_keys(&stage, "Backspace 2 Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_RETRY), 1);
	stage_close(&stage);
}

static void a_asks_the_org_about_what_is_in_doubt(void **unused)
{
	struct stage stage;
	struct run_line *line;

	(void)unused;
	open_review(&stage, groups_may, 6);
	line = &stage.model.runs.lines[0];
	stage_keys(&stage, "a");
	assert_true(stage_shows(&stage, "No record is in doubt"));
	line->counts.in_doubt = 2;
	line->counts.records += 7;
	snprintf(stage.model.user, sizeof stage.model.user, "ben");
	stage_keys(&stage, "a");
	stage_golden(&stage, "ask_org");
	stage_keys(&stage, "Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_GO_ON), 0);
	stage_keys(&stage, "a y");
	assert_int_equal(stage_asked(&stage, EFFECT_GO_ON), 1);
	line->now = RUN_RUNNING;
	stage_keys(&stage, "a");
	assert_true(stage_shows(&stage, "its engine asks by itself"));
	stage_close(&stage);
}

static void the_groups_are_narrowed_by_message_code_field_and_what_helps(void **unused)
{
	struct stage stage;

	(void)unused;
	open_review(&stage, groups_may, 6);
	stage_keys(&stage, "/ L O C K _ R");
	assert_int_equal(stage.model.review.table.count, 1);
	stage_golden(&stage, "review_narrowed");
	stage_keys(&stage, "Enter Enter");
	assert_int_equal(model_top(&stage.model), SCREEN_RECORDS);
	assert_int_equal(stage.model.records.of, 94);
	stage_keys(&stage, "q / x x x");
	assert_true(stage_shows(&stage, "No group fits. Esc shows them all."));
	stage_keys(&stage, "Enter Enter");
	assert_int_equal(model_top(&stage.model), SCREEN_REVIEW);
	stage_keys(&stage, "Esc");
	assert_int_equal(stage.model.review.table.count, 6);
	stage_keys(&stage, "Esc");
	assert_int_not_equal(model_top(&stage.model), SCREEN_REVIEW);
	stage_close(&stage);
}

static void assert_words(int64_t count, const char *text, const char *expected)
{
	struct outcome_group group = { .count = count };
	char words[REVIEW_WORDS];

	snprintf(group.text, sizeof group.text, "%s", text);
	assert_string_equal(review_words(&group, words), expected);
}

/* One example's value would say too much of several records, and all of it of one. */
static void values_are_told_of_one_record_and_left_out_of_several(void **unused)
{
	char longest[1024], words[REVIEW_WORDS];
	struct outcome_group group = { .count = 2 };

	(void)unused;
	assert_words(1, "Foreign key external ID: A-0428 not found",
	             "Foreign key external ID: A-0428 not found");
	assert_words(2, "bad value for restricted picklist field: Prospekt",
	             "bad value for restricted picklist field: …");
	assert_words(2, "Name: data value too large: a (max length=9) b (max length=80)",
	             "Name: data value too large: … (max length=80)");
	assert_words(2, "duplicate value found: Ext__c duplicates value on record with id: 0015g00000AbCdE",
	             "duplicate value found: Ext__c duplicates value on record with id: …");
	assert_words(9, "Phone must start with +", "Phone must start with +");
	assert_words(2, "{value} is no mark of ours", "… is no mark of ours"); /* as good as any */
	memset(longest, '\'', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	memcpy(group.text, longest, sizeof longest);
	assert_true(strlen(review_words(&group, words)) < REVIEW_WORDS);
	for (size_t i = 0; i + 2 < sizeof longest; i += 2)
		memcpy(longest + i, "1 ", 2);
	memcpy(group.text, longest, sizeof longest);
	assert_true(strlen(review_words(&group, words)) < REVIEW_WORDS);
}

static void the_cursor_stays_on_its_group_when_counts_move(void **unused)
{
	struct stage stage;
	struct outcome_group *moved = malloc(sizeof groups_may);

	(void)unused;
	assert_non_null(moved);
	open_review(&stage, groups_may, 6);
	stage_keys(&stage, "j");
	memcpy(moved, groups_may, sizeof groups_may);
	moved[0] = groups_may[1]; /* it has more now */
	moved[1] = groups_may[0];
	review_take(&stage.model.review, moved, 6);
	assert_int_equal(stage.model.review.table.cursor, 0);
	review_take(&stage.model.review, calloc(1, sizeof *moved), 0); /* all repaired meanwhile */
	stage_golden(&stage, "review_empty");
	stage_keys(&stage, "Enter y j G");
	assert_int_equal(model_top(&stage.model), SCREEN_REVIEW);
	assert_int_equal(stage_asked(&stage, EFFECT_COPY), 0);
	stage_close(&stage);
}

static void a_group_that_the_run_showed_is_the_one_that_opens(void **unused)
{
	struct stage stage;
	struct outcome_group *groups = malloc(sizeof groups_may);

	(void)unused;
	assert_non_null(groups);
	stage_open(&stage, 24, 80, false);
	model_show_run(&stage.model, 27, SCREEN_RUN);
	stage.model.run.read = true;
	stage.model.run.run.id = 27;
	stage.model.run.now = RUN_FINISHED;
	stage.model.run.run.counts = (struct run_counts){ .records = 960, .failed = 958, .in_doubt = 2 };
	stage.model.run.groups = calloc(RUN_GROUPS, sizeof *groups);
	memcpy(stage.model.run.groups, groups_may, sizeof groups_may);
	stage.model.run.group_count = 6;
	stage.model.run.table.count = 6;
	stage_keys(&stage, "j j Enter");
	memcpy(groups, groups_may, sizeof groups_may);
	review_take(&stage.model.review, groups, 6);
	assert_int_equal(stage.model.review.table.cursor, 2);
	stage_close(&stage);
}

static void fill_records(struct stage *stage, size_t count)
{
	struct records_screen *records = &stage->model.records;

	records->rows = calloc(RECORDS_WINDOW, sizeof *records->rows);
	assert_non_null(records->rows);
	for (size_t i = 0; i < count; i++) {
		struct outcome_row *row = &records->rows[i];

		row->record = 88 + (int64_t)i * 319;
		row->state = OUTCOME_FAILED;
		row->attempt = 1 + i % 2;
		snprintf(row->code, sizeof row->code, "INVALID_FIELD");
		snprintf(row->fields, sizeof row->fields, "Ext__c");
		snprintf(row->text, sizeof row->text,
		         "Foreign key external ID: A-%04zu not found for field Ext__c in entity Account",
		         i * 7 + 428);
	}
	records->count = records->table.count = count;
	records->at_start = records->at_end = true;
	records->want = RECORDS_NOTHING;
}

static void a_group_opens_into_its_records(void **unused)
{
	struct stage stage;

	(void)unused;
	open_review(&stage, groups_may, 6);
	stage_keys(&stage, "Enter");
	assert_int_equal(model_top(&stage.model), SCREEN_RECORDS);
	assert_int_equal(stage.model.records.want, RECORDS_FIRST);
	fill_records(&stage, 30);
	stage_golden_sizes(&stage, "records");
	stage_keys(&stage, "G");
	assert_int_equal(stage.model.records.want, RECORDS_NOTHING); /* all of them are there */
	assert_int_equal(stage.model.records.table.cursor, 29);
	stage.model.records.at_end = false;
	stage_keys(&stage, "j");
	assert_int_equal(stage.model.records.want, RECORDS_NEXT);
	stage.model.records.want = RECORDS_NOTHING;
	stage.model.records.count = stage.model.records.table.count = stage.model.records.table.cursor = 0;
	stage_golden(&stage, "records_empty");
	stage_keys(&stage, "Enter y k");
	assert_int_equal(model_top(&stage.model), SCREEN_RECORDS);
	stage_close(&stage);
}

static void open_record(struct stage *stage, const char *const *columns, const char *const *cells, size_t count)
{
	struct record_screen *screen = &stage->model.record;

	open_review(stage, groups_may, 6);
	stage_keys(stage, "Enter");
	fill_records(stage, 3);
	stage_keys(stage, "Enter");
	assert_int_equal(model_top(&stage->model), SCREEN_RECORD);
	screen->read = true;
	screen->row = stage->model.records.rows[0];
	screen->columns = arena_alloc(&screen->arena, (count + 1) * sizeof *columns);
	screen->cells = arena_alloc(&screen->arena, (count + 1) * sizeof *cells);
	for (size_t i = 0; i < count; i++) {
		screen->columns[i] = columns[i];
		screen->cells[i] = cells[i];
	}
	screen->sent = screen->next = screen->cells;
	screen->count = screen->table.count = count;
}

static void one_record_shows_the_file_beside_what_was_said(void **unused)
{
	static const char *const columns[] = { "Ext ID", "LastName", "Ext__c", "Phone", "Fav colour" };
	static const char *const cells[] = { "C-000417", "Müller", "A-0428", "040 123456", "" };
	struct stage stage;

	(void)unused;
	open_record(&stage, columns, cells, 5);
	stage_golden_sizes(&stage, "record");
	stage_keys(&stage, "j →");
	assert_int_equal(stage.model.record.record, 88 + 319);
	assert_int_equal(stage.model.record.table.cursor, 1); /* the same field of the next one */
	assert_false(stage.model.record.read);
	stage_keys(&stage, "→ →");
	assert_true(stage_shows(&stage, "This is the last record of the group"));
	stage_keys(&stage, "← ← ←");
	assert_true(stage_shows(&stage, "This is the first record of the group"));
	stage_close(&stage);
}

static void the_field_that_salesforce_named_is_under_the_cursor(void **unused)
{
	static const char *const columns[] = { "Name", "Phone", "parent.Ext__c", "ParentName" };
	static const char *const cells[] = { "a", "b", "c", "d" };
	struct stage stage;
	struct record_screen *screen = &stage.model.record;

	(void)unused;
	open_record(&stage, columns, cells, 4);
	snprintf(screen->row.fields, sizeof screen->row.fields, "Parent, OwnerId");
	record_find_blamed(screen);
	assert_int_equal(screen->table.cursor, 2);
	assert_true(stage_shows(&stage, "✗ parent.Ext__c"));
	assert_false(stage_shows(&stage, "✗ ParentName"));
	screen->table.cursor = 1;
	record_find_blamed(screen);
	assert_int_equal(screen->table.cursor, 1);
	stage_close(&stage);
}

static void a_record_whose_text_is_gone_says_why(void **unused)
{
	struct stage stage;

	(void)unused;
	open_record(&stage, NULL, NULL, 0);
	stage.model.record.why_no_source = "Its text in the file cannot be cut into cells.";
	stage_golden(&stage, "record_no_text");
	stage_keys(&stage, "j G y");
	assert_string_equal(stage.done[stage.done_count - 1].text, stage.model.record.row.text);
	stage_close(&stage);
}

static void an_edit_asks_for_the_value_and_then_how_far_it_goes(void **unused)
{
	static const char *const columns[] = { "LastName", "Phone" };
	static const char *const cells[] = { "M\xc3\xbcller", "040 123456" };
	const struct edit_found found = {
		.count = { 1, 12, 290, 301 }, .was = { "089 55" }, .becomes = { "+49 89 55" }, .examples = 1
	};
	struct stage stage;

	(void)unused;
	open_record(&stage, columns, cells, 2);
	stage_keys(&stage, "j e Enter");
	assert_true(stage_shows(&stage, "Nothing was changed"));
	stage_keys(&stage, "e Ctrl-A Delete + 4 9 Space");
	assert_true(stage_shows(&stage, "to send +49 40 123456"));
	stage_keys(&stage, "Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_REACH), 1);
	assert_int_equal(stage_asked(&stage, EFFECT_EDIT), 0);
	assert_string_equal(stage.model.edit.was, "040 123456");
	assert_string_equal(stage.model.edit.value, "+49 40 123456");
	edit_ask_reach(&stage.model, &found);
	assert_true(stage_shows(&stage, "2  the 12 of this group with Phone \"040 123456\""));
	assert_true(stage_shows(&stage, "3  290: \"0\" at the start becomes \"+49 \"  089 55 → +49 89 55"));
	assert_true(stage_shows(&stage, "4  all 301: set to \"+49 40 123456\""));
	stage_keys(&stage, "Esc");
	assert_int_equal(stage_asked(&stage, EFFECT_EDIT), 0);
	edit_ask_reach(&stage.model, &found);
	stage_keys(&stage, "3");
	assert_int_equal(stage_asked(&stage, EFFECT_EDIT), 1);
	assert_int_equal(stage.model.edit.reach, EDIT_BEGINNING);
	stage_close(&stage);
}

static void assert_beginning(const char *was, const char *value, bool is, size_t from, size_t to)
{
	struct edit_wish wish = { 0 };
	size_t of = 99, becomes = 99;

	snprintf(wish.was, sizeof wish.was, "%s", was);
	snprintf(wish.value, sizeof wish.value, "%s", value);
	assert_int_equal(edit_beginning(&wish, &of, &becomes), is);
	if (is) {
		assert_int_equal(of, from);
		assert_int_equal(becomes, to);
	}
}

static void what_changes_at_the_start_is_found_by_whole_characters(void **unused)
{
	(void)unused;
	assert_beginning("040 1", "+49 40 1", true, 1, 4);
	assert_beginning("1", "+49 1", true, 0, 4);
	assert_beginning("0", "", false, 0, 0);
	assert_beginning("abc", "xyz", false, 0, 0);
	assert_beginning("\xc3\xa4x", "\xc4\xa4x", true, 2, 2); /* the second byte alone is no character */
}

static void a_group_of_values_that_are_too_long_is_cut(void **unused)
{
	const struct edit_found found = { .count = { [EDIT_ALL] = 150, [EDIT_CUT] = 148 },
		                          .was = { "112 characters" },
		                          .becomes = { "…hausenbergerdorff" },
		                          .examples = 1,
		                          .column = 3,
		                          .name = "Surname" };
	struct stage stage;

	(void)unused;
	open_review(&stage, groups_may, 6);
	stage_keys(&stage, "j j f");
	assert_int_equal(stage_asked(&stage, EFFECT_REACH), 1);
	assert_int_equal(stage.model.edit.group, 3);
	assert_int_equal(stage.model.edit.limit, 80);
	assert_string_equal(stage.model.edit.field, "LastName");
	edit_ask_fix(&stage.model, &found);
	stage_golden(&stage, "review_cut");
	stage_keys(&stage, "Esc");
	assert_int_equal(stage_asked(&stage, EFFECT_EDIT), 0);
	edit_ask_fix(&stage.model, &found);
	stage_keys(&stage, "1");
	assert_int_equal(stage_asked(&stage, EFFECT_EDIT), 1);
	assert_int_equal(stage.model.edit.reach, EDIT_CUT);
	assert_int_equal(stage.model.edit.column, 3);
	stage_close(&stage);
}

static void a_value_of_a_group_becomes_another_or_all_of_them_do(void **unused)
{
	struct edit_found found = { .count = { [EDIT_ALL] = 301 },
		                    .name = "Phone",
		                    .values = { { "040 1", 12 }, { "", 5 } },
		                    .value_count = 2,
		                    .others = 284 };
	struct stage stage;

	(void)unused;
	open_review(&stage, groups_may, 6);
	stage_keys(&stage, "j f");
	assert_int_equal(stage_asked(&stage, EFFECT_REACH), 1);
	edit_ask_fix(&stage.model, &found);
	assert_true(stage_shows(&stage, "1  12 with \"040 1\""));
	assert_true(stage_shows(&stage, "2  5 with nothing"));
	assert_true(stage_shows(&stage, "3  all 301"));
	stage_keys(&stage, "1 Enter");
	assert_true(stage_shows(&stage, "Nothing was changed"));
	edit_ask_fix(&stage.model, &found);
	stage_keys(&stage, "1 Backspace 7 Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_EDIT), 1);
	assert_int_equal(stage.model.edit.reach, EDIT_SAME);
	assert_string_equal(stage.model.edit.was, "040 1");
	assert_string_equal(stage.model.edit.value, "040 7");
	edit_ask_fix(&stage.model, &found);
	stage_keys(&stage, "3 9 Enter");
	assert_int_equal(stage.model.edit.reach, EDIT_ALL);
	assert_string_equal(stage.model.edit.value, "9");
	stage_close(&stage);
}

static void what_cannot_be_mended_at_once_says_why(void **unused)
{
	struct stage stage;

	(void)unused;
	open_review(&stage, groups_may, 6);
	stage_keys(&stage, "f");
	assert_true(stage_shows(&stage, "Nothing mends these all at once"));
	stage_keys(&stage, "G f");
	assert_true(stage_shows(&stage, "a asks it first"));
	assert_int_equal(stage_asked(&stage, EFFECT_REACH), 0);
	stage_close(&stage);
}

static void a_text_is_cut_by_whole_characters(void **unused)
{
	struct slice cut;

	(void)unused;
	assert_true(edit_cut(slice_of("M\xc3\xbcller"), 2, &cut));
	assert_int_equal(cut.len, 3);
	assert_false(edit_cut(slice_of("M\xc3\xbcller"), 6, &cut));
	assert_false(edit_cut(slice_of("abc"), 0, &cut));
}

static void what_is_written_or_in_doubt_is_not_edited(void **unused)
{
	static const char *const columns[] = { "LastName" };
	static const char *const cells[] = { "x" };
	struct stage stage;

	(void)unused;
	open_record(&stage, columns, cells, 1);
	stage.model.record.row.state = OUTCOME_WRITTEN;
	stage_keys(&stage, "e");
	assert_true(stage_shows(&stage, "This record is written: change it in the org"));
	stage.model.record.row.state = OUTCOME_IN_DOUBT;
	stage_keys(&stage, "e");
	assert_true(stage_shows(&stage, "This record is in doubt"));
	stage_keys(&stage, "x");
	assert_true(stage_shows(&stage, "Only a record that has failed can be left out"));
	stage.model.record.row.state = OUTCOME_FAILED;
	stage_keys(&stage, "x Enter");
	assert_true(stage_shows(&stage, "Nothing was left out: there is no reason"));
	stage_keys(&stage, "x o l d Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_LEAVE_OUT), 1);
	stage_close(&stage);
}

static void hostile_text_is_shown_not_obeyed(void **unused)
{
	static const char *const columns[] = { "\033[31mName\033[0m", "\u202eeman",
		                               "日本語の列の名前がとても長い場合", "a\nb" };
	static const char *const cells[] = {
		"\033]52;c;ZXZpbA==\007", "\u200b\u2066x\u2069 e\u0301te\u0301",
		"全角文字で書かれた値がとても長いので切られるはずですが途中では切れない値",
		"\xff\xfe\xc3( \t tab"
	};
	struct stage stage;

	(void)unused;
	open_record(&stage, columns, cells, 4);
	snprintf(stage.model.record.row.text, sizeof stage.model.record.row.text,
	         "no \033[2J\u202e good\r\n\x85 end");
	snprintf(stage.model.record.row.id, sizeof stage.model.record.row.id, "001\a");
	stage_golden_sizes(&stage, "record_hostile");
	for (int i = 0; i < stage.grid.rows * stage.grid.columns; i++)
		if (stage.grid.cells[i].width)
			assert_true(stage.grid.cells[i].text[0] >= 0x20 &&
			            stage.grid.cells[i].text[0] != 0x202e &&
			            stage.grid.cells[i].text[0] != 0x2066);
	stage_close(&stage);
}

static void the_log_tells_what_happened_and_follows(void **unused)
{
	static const char *const lines[] = {
		"started by ana: 3,000,000 records",
		"no connection to acme-prod; tried again every 5 minutes",
		"connected. Job 7 had finished meanwhile: collected, nothing sent twice",
		"412 locked records tried again: 409 written, 3 failed",
		"finished: 2,998,912 written, 1,088 failed, 0 in doubt; this line is a long one and is told in "
		"full below "
		"the list, on as many lines as it takes",
	};
	struct run_event events[60] = { 0 };
	struct stage stage;

	(void)unused;
	for (int i = 0; i < 60; i++) {
		events[i].id = i + 1;
		events[i].utc_ms = stage_now - (60 - i) * MINUTE_MS;
		snprintf(events[i].text, sizeof events[i].text, "%s", lines[i % 5]);
	}
	open_review(&stage, groups_may, 6);
	stage_keys(&stage, "l");
	stage_golden(&stage, "log_empty");
	log_add(&stage.model.log, events, 5);
	stage_golden_sizes(&stage, "log");
	log_add(&stage.model.log, events + 5, 20); /* it is at the end, and stays there */
	assert_int_equal(stage.model.log.table.cursor, 24);
	stage_keys(&stage, "k k");
	log_add(&stage.model.log, events + 25, 35); /* somebody reads above */
	assert_int_equal(stage.model.log.table.cursor, 22);
	stage_keys(&stage, "G");
	stage_golden(&stage, "log_long");
	stage_close(&stage);
}

static void a_log_keeps_its_newest_lines(void **unused)
{
	static struct run_event events[LOG_MOST + 7];
	struct log_screen log = { 0 };

	(void)unused;
	for (int i = 0; i < LOG_MOST + 7; i++)
		events[i].id = i;
	log_reset(&log, 1);
	log_add(&log, events, LOG_MOST + 7);
	assert_int_equal(log.count, LOG_MOST);
	assert_int_equal(log.events[0].id, 7);
	log_add(&log, events, 3);
	assert_int_equal(log.count, LOG_MOST);
	assert_int_equal(log.events[0].id, 10);
	assert_int_equal(log.events[LOG_MOST - 1].id, 2);
	log_release(&log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_salesforce_said_comes_in_groups),
		cmocka_unit_test(a_group_is_tried_again_after_a_question_in_numbers),
		cmocka_unit_test(several_groups_are_selected_and_go_together),
		cmocka_unit_test(records_in_doubt_go_again_only_when_their_number_is_typed),
		cmocka_unit_test(a_asks_the_org_about_what_is_in_doubt),
		cmocka_unit_test(the_groups_are_narrowed_by_message_code_field_and_what_helps),
		cmocka_unit_test(values_are_told_of_one_record_and_left_out_of_several),
		cmocka_unit_test(the_cursor_stays_on_its_group_when_counts_move),
		cmocka_unit_test(a_group_that_the_run_showed_is_the_one_that_opens),
		cmocka_unit_test(a_group_opens_into_its_records),
		cmocka_unit_test(one_record_shows_the_file_beside_what_was_said),
		cmocka_unit_test(the_field_that_salesforce_named_is_under_the_cursor),
		cmocka_unit_test(a_record_whose_text_is_gone_says_why),
		cmocka_unit_test(an_edit_asks_for_the_value_and_then_how_far_it_goes),
		cmocka_unit_test(what_changes_at_the_start_is_found_by_whole_characters),
		cmocka_unit_test(a_group_of_values_that_are_too_long_is_cut),
		cmocka_unit_test(a_value_of_a_group_becomes_another_or_all_of_them_do),
		cmocka_unit_test(what_cannot_be_mended_at_once_says_why),
		cmocka_unit_test(a_text_is_cut_by_whole_characters),
		cmocka_unit_test(what_is_written_or_in_doubt_is_not_edited),
		cmocka_unit_test(hostile_text_is_shown_not_obeyed),
		cmocka_unit_test(the_log_tells_what_happened_and_follows),
		cmocka_unit_test(a_log_keeps_its_newest_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
