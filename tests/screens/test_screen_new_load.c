/* A new load from picking a file to the start: what each step shows, what it refuses, and that nothing starts unasked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "stage.h"

static void open_wizard(struct stage *stage)
{
	struct wizard *wizard = &stage->model.wizard;

	stage_open(stage, 24, 80, false);
	stage->model.runs.read = true;
	wizard->has_org = wizard->signed_in = wizard->production = true;
	snprintf(wizard->file, sizeof wizard->file, "/home/ana/loads/contacts_may.csv");
	snprintf(wizard->org_name, sizeof wizard->org_name, "acme-prod");
	snprintf(wizard->org_id, sizeof wizard->org_id, "00D5f000000AbCdEAK");
	snprintf(wizard->username, sizeof wizard->username, "ana@acme.com");
	snprintf(wizard->object, sizeof wizard->object, "Contact");
	snprintf(wizard->action, sizeof wizard->action, "upsert");
	snprintf(wizard->key, sizeof wizard->key, "Ext__c");
}

/* ---- File ---- */

static void add_entry(struct browser *browser, const char *name, bool folder, int64_t size)
{
	struct file_entry *entry;

	browser->entries = realloc(browser->entries, (browser->count + 1) * sizeof *entry);
	assert_non_null(browser->entries);
	entry = &browser->entries[browser->count++];
	memset(entry, 0, sizeof *entry);
	snprintf(entry->name, sizeof entry->name, "%s", name);
	entry->folder = folder;
	entry->size = size;
	entry->changed_ms = stage_now - (int64_t)browser->count * 3600000;
	table_narrow(&browser->table, browser->count, wizard_file_text, browser);
}

static void preview(struct browser *browser, const char *const *texts, size_t columns, size_t rows)
{
	struct preview *preview = &browser->preview;

	snprintf(preview->path, sizeof preview->path, "/home/ana/loads/contacts_may.csv");
	snprintf(preview->found, sizeof preview->found,
	         "%zu columns · comma (found in 20 of the first 20 records) · UTF-8 · CRLF", columns);
	preview->columns = arena_alloc(&preview->arena, columns * sizeof *preview->columns);
	preview->cells = arena_alloc(&preview->arena, columns * rows * sizeof *preview->cells);
	preview->faults = arena_alloc(&preview->arena, rows * sizeof *preview->faults);
	for (size_t i = 0; i < rows; i++)
		preview->faults[i] = NULL;
	for (size_t i = 0; i < columns; i++)
		preview->columns[i] = texts[i];
	for (size_t i = 0; i < columns * rows; i++)
		preview->cells[i] = texts[columns + i];
	preview->column_count = columns;
	preview->row_count = rows;
}

static void open_files(struct stage *stage)
{
	static const char *const texts[] = {
		"Ext ID", "Last Name",  "Company Ext", "Birth",    "Phone",    "C-000417",
		"Müller", "A-0098",     "03/04/1987",  "#N/A",     "C-000418", "O'Neil, Jr",
		"A-0099", "12/11/1990", "040 123456",  "C-000419", "",         "",
		"",       "+49 40 1"
	};
	struct browser *browser = &stage->model.wizard.browser;

	open_wizard(stage);
	stage_keys(stage, "n");
	assert_int_equal(model_top(&stage->model), SCREEN_FILE);
	assert_int_equal(stage_asked(stage, EFFECT_BROWSE), 1);
	snprintf(browser->folder, sizeof browser->folder, "/home/ana/loads");
	add_entry(browser, "..", true, 0);
	add_entry(browser, "archive", true, 0);
	add_entry(browser, "accounts.csv", false, 18044);
	add_entry(browser, "contacts_may.csv", false, 7312500);
	preview(browser, texts, 5, 3);
}

static void a_file_is_shown_before_it_is_taken(void **unused)
{
	struct stage stage;

	(void)unused;
	open_files(&stage);
	stage_keys(&stage, "Down Down Down");
	stage_golden_sizes(&stage, "file");
	stage_keys(&stage, "Tab");
	assert_int_equal(stage.model.wizard.browser.delimiter, ',');
	stage_keys(&stage, "Enter");
	assert_int_equal(model_top(&stage.model), SCREEN_OBJECT);
	assert_int_equal(stage_asked(&stage, EFFECT_SIGN_IN), 1);
	assert_string_equal(stage.model.wizard.file, "/home/ana/loads/contacts_may.csv");
	stage_close(&stage);
}

static void letters_filter_files_and_folders_open(void **unused)
{
	struct stage stage;

	(void)unused;
	open_files(&stage);
	stage_keys(&stage, "q j");
	assert_true(stage_shows(&stage, "No file fits"));
	assert_int_equal(model_top(&stage.model), SCREEN_FILE); /* letters type: q does not leave */
	stage_keys(&stage, "Esc");
	assert_int_equal(stage.model.wizard.browser.table.count, 4);
	stage_keys(&stage, "m a y");
	stage_golden(&stage, "file_filtered");
	stage_keys(&stage, "Esc Down Enter");
	assert_string_equal(stage.model.wizard.browser.folder, "/home/ana/loads/archive");
	assert_int_equal(stage_asked(&stage, EFFECT_BROWSE), 2);
	stage_keys(&stage, "Enter"); /* the cursor is on ".." */
	assert_string_equal(stage.model.wizard.browser.folder, "/home/ana/loads");
	stage_keys(&stage, "Enter");
	stage_keys(&stage, "Enter");
	stage_keys(&stage, "Enter");
	stage_keys(&stage, "Enter");
	assert_string_equal(stage.model.wizard.browser.folder, "/");
	stage_close(&stage);
}

static void what_is_no_file_to_load_says_why_and_is_not_taken(void **unused)
{
	struct stage stage;
	struct browser *browser = &stage.model.wizard.browser;

	(void)unused;
	open_files(&stage);
	stage_keys(&stage, "Down Down Down");
	snprintf(browser->preview.error, sizeof browser->preview.error,
	         "Record 17, byte 4,031: a quote is opened and never closed; correct the file, or choose "
	         "another "
	         "delimiter");
	stage_golden_sizes(&stage, "file_bad");
	stage_keys(&stage, "Enter");
	assert_int_equal(model_top(&stage.model), SCREEN_FILE);
	browser->preview.error[0] = '\0';
	stage.model.wizard.has_org = false;
	stage.model.orgs.read = true;
	stage_keys(&stage, "Enter");
	assert_int_equal(model_top(&stage.model), SCREEN_ORGS);
	stage_golden(&stage, "file_no_org");
	assert_int_equal(stage_asked(&stage, EFFECT_SIGN_IN), 0);
	stage_close(&stage);
}

static void a_row_that_is_no_record_says_why(void **unused)
{
	struct stage stage;

	(void)unused;
	open_files(&stage);
	stage.model.wizard.browser.preview.faults[1] =
		"record 2: byte 0xFC is no UTF-8; save the file as UTF-8, or give its encoding";
	stage_golden_sizes(&stage, "file_bad_record");
	stage_close(&stage);
}

static void hostile_files_stay_in_their_place(void **unused)
{
	static const char *const texts[] = { "\033[31mred",
		                             "\u202eeman",
		                             "日本語の列の名前がとても長い場合",
		                             "\033]0;title\007",
		                             "\u200bzero\u200bwidth",
		                             "全角文字で書かれた値がとても長い" };
	struct stage stage;
	struct browser *browser = &stage.model.wizard.browser;

	(void)unused;
	open_files(&stage);
	snprintf(
		browser->folder, sizeof browser->folder,
		"/a/very/long/path/\033[2J/that/goes/on/and/on/and/on/until/nobody/can/read/it/any/more/loads");
	add_entry(browser, "\033[2Jevil\r\n.csv", false, 12);
	add_entry(browser, "\u202egpj.exe\u200b", false, INT64_C(123456789012));
	add_entry(browser, "日本語の名前がとても長いファイルなので真ん中で切られるはずです.csv", false, 5);
	preview(browser, texts, 3, 1);
	stage_keys(&stage, "PgDn PgDn PgDn");
	stage_golden_sizes(&stage, "file_hostile");
	for (int i = 0; i < stage.grid.rows * stage.grid.columns; i++)
		if (stage.grid.cells[i].width)
			assert_true(stage.grid.cells[i].text[0] >= 0x20 &&
			            stage.grid.cells[i].text[0] != 0x202e);
	stage_close(&stage);
}

/* ---- Object, action ---- */

static void add_objects(struct wizard *wizard)
{
	static const char *const names[][2] = {
		{ "Account", "Account" },
		{ "Case", "Case" },
		{ "Contact", "Contact" },
		{ "Contract", "Contract" },
		{ "Invoice__c", "Rechnung" },
		{ "Lead", "Lead" },
		{ "A_Custom_Object_With_A_Name_That_Is_Long__c",
		  "Ein langer Name für ein Objekt, das niemand braucht" },
	};

	wizard->objects = calloc(7, sizeof *wizard->objects);
	assert_non_null(wizard->objects);
	for (size_t i = 0; i < 7; i++) {
		snprintf(wizard->objects[i].name, sizeof wizard->objects[i].name, "%s", names[i][0]);
		snprintf(wizard->objects[i].label, sizeof wizard->objects[i].label, "%s", names[i][1]);
	}
	wizard->object_count = 7;
	table_narrow(&wizard->object_table, 7, wizard_object_text, wizard);
}

static void objects_are_found_by_name_and_label(void **unused)
{
	struct stage stage;

	(void)unused;
	open_wizard(&stage);
	add_objects(&stage.model.wizard);
	model_push(&stage.model, SCREEN_OBJECT);
	stage_golden_sizes(&stage, "object");
	stage_keys(&stage, "r e c h");
	stage_golden(&stage, "object_by_label");
	stage_paste(&stage, "q?p\r");
	assert_true(stage_shows(&stage, "No object fits"));
	stage_keys(&stage, "Esc c o n t a Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_DESCRIBE), 1);
	assert_string_equal(stage.model.wizard.object, "Contact");
	stage_keys(&stage, "F1");
	stage_golden(&stage, "help_object");
	stage_close(&stage);
}

static void signing_in_is_told_and_can_be_left(void **unused)
{
	struct stage stage;

	(void)unused;
	open_wizard(&stage);
	stage.model.wizard.signed_in = false;
	stage_keys(&stage, "n");
	model_push(&stage.model, SCREEN_OBJECT);
	snprintf(stage.model.busy, sizeof stage.model.busy, "signing in and listing the objects");
	stage.model.busy_since_ms = STAGE_MONO - 100;
	assert_false(stage_shows(&stage, "signing in")); /* no flicker for what is quick */
	stage.model.busy_since_ms = STAGE_MONO - 3000;
	stage_golden(&stage, "object_signing_in");
	stage_keys(&stage, "Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_DESCRIBE), 0);
	stage_keys(&stage, "Esc");
	assert_int_equal(stage_asked(&stage, EFFECT_ABANDON), 1);
	assert_int_equal(model_top(&stage.model), SCREEN_FILE);
	stage_close(&stage);
}

static void add_choices(struct wizard *wizard)
{
	static const char *const choices[][3] = {
		{ "insert", "", "every record is created" },
		{ "upsert", "Ext__c", "found: updated; else created · in this file" },
		{ "update", "Id", "records are found by their Id" },
		{ "upsert", "A_Rather_Long_External_Id_Of_Another_System__c", "found: updated; else created" },
		{ "delete", "Id", "to the recycle bin; only the Id is sent" },
	};

	wizard->choices = calloc(5, sizeof *wizard->choices);
	assert_non_null(wizard->choices);
	for (size_t i = 0; i < 5; i++) {
		snprintf(wizard->choices[i].action, sizeof wizard->choices[i].action, "%s", choices[i][0]);
		snprintf(wizard->choices[i].key, sizeof wizard->choices[i].key, "%s", choices[i][1]);
		snprintf(wizard->choices[i].text, sizeof wizard->choices[i].text, "%s", choices[i][2]);
	}
	wizard->choice_count = wizard->action_table.count = 5;
}

static void actions_say_what_they_do(void **unused)
{
	struct stage stage;

	(void)unused;
	open_wizard(&stage);
	add_choices(&stage.model.wizard);
	model_push(&stage.model, SCREEN_ACTION);
	stage_golden_sizes(&stage, "action");
	stage_keys(&stage, "j Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_MAP), 1);
	assert_string_equal(stage.model.wizard.action, "upsert");
	assert_string_equal(stage.model.wizard.key, "Ext__c");
	stage_close(&stage);
}

/* ---- Mapping ---- */

static void add_mapping(struct wizard *wizard)
{
	static const struct mapping_row rows[] = {
		{ '+', "Ext ID", "C-000417", "C-000417", "Ext__c", "text, 20 characters, required · by label",
		  0, true, "", false },
		{ '+', "Last Name", "Müller", "Müller", "LastName", "text, 80 characters, required · by label",
		  1, true, "", false },
		{ '~', "Company Ext", "A-0098", "A-0098", "Account.Ext__c", "text, 20 characters · by name", 2,
		  false, "", false },
		{ '!', "Birth", "03/04/1987", "not a date: write 1987-04-03", "Birthdate",
		  "not a date: write 1987-04-03", 3, false, "", false },
		{ '+', "Phone", "040 123456", "040 123456", "Phone", "phone, 40 characters · by name", 4, false,
		  "", false },
		{ '-', "Fav colour", "blue", "", "", "not loaded: no field has this name or label", 5, false,
		  "", false },
		{ '=', "", "", "Web", "LeadSource", "picklist · by the mapping file", -1, false, "Web", false },
	};

	wizard->mapping = malloc(sizeof rows);
	assert_non_null(wizard->mapping);
	memcpy(wizard->mapping, rows, sizeof rows);
	wizard->mapping_count = 7;
	table_narrow(&wizard->mapping_table, 7, wizard_mapping_text, wizard);
	snprintf(wizard->plan_note, sizeof wizard->plan_note,
	         "5 of 6 columns mapped · no required field is missing");
}

static void add_fields(struct wizard *wizard)
{
	static const struct field_row rows[] = {
		{ "Birthdate", "Birthdate", "date", "Birth", 0, false, true },
		{ "Account.Ext__c", "Ext ID", "text", "Company Ext", 20, false, true },
		{ "LastName", "Last Name", "text", "Last Name", 80, true, true },
		{ "MobilePhone", "Mobile Phone", "phone", "", 40, false, true },
		{ "Phone", "Business Phone", "phone", "Phone", 40, false, true },
		{ "Region__c", "Region", "picklist", "", 255, true, true },
	};

	wizard->fields = malloc(sizeof rows);
	assert_non_null(wizard->fields);
	memcpy(wizard->fields, rows, sizeof rows);
	wizard->field_count = 6;
}

static void open_mapping(struct stage *stage)
{
	open_wizard(stage);
	add_mapping(&stage->model.wizard);
	add_fields(&stage->model.wizard);
	model_push(&stage->model, SCREEN_MAPPING);
}

static void the_mapping_shows_what_is_sent(void **unused)
{
	struct stage stage;

	(void)unused;
	open_mapping(&stage);
	stage_golden_sizes(&stage, "mapping");
	stage_golden_styles(&stage, "mapping_styles");
	stage_keys(&stage, "j j j");
	stage_golden(&stage, "mapping_bad_value");
	stage_keys(&stage, "→");
	assert_int_equal(stage.model.wizard.record, 2);
	assert_int_equal(stage_asked(&stage, EFFECT_SAMPLE), 1);
	stage_keys(&stage, "← ←");
	assert_true(stage_shows(&stage, "This is the first record"));
	stage.model.wizard.record_last = true;
	stage_keys(&stage, "→");
	assert_true(stage_shows(&stage, "This is the last record"));
	stage_close(&stage);
}

static void a_column_is_left_out_or_goes_to_another_field(void **unused)
{
	struct stage stage;

	(void)unused;
	open_mapping(&stage);
	stage.model.wizard.checked = true;
	stage_keys(&stage, "j x");
	assert_int_equal(stage_asked(&stage, EFFECT_SET_FIELD), 1);
	assert_int_equal(stage.model.wizard.column, 1);
	assert_string_equal(stage.done[0].text, "");
	assert_false(stage.model.wizard.checked); /* what was checked is not what will be sent */
	stage_keys(&stage, "g j j j j Enter");
	stage_golden_sizes(&stage, "field");
	assert_int_equal(stage.model.wizard.field_table.cursor, 4); /* where the column goes now */
	stage_keys(&stage, "m o b i l");
	stage_golden(&stage, "field_filtered");
	stage_keys(&stage, "Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_SET_FIELD), 2);
	assert_string_equal(stage.done[stage.done_count - 1].text, "MobilePhone");
	assert_int_equal(stage.model.wizard.column, 4);
	assert_int_equal(model_top(&stage.model), SCREEN_MAPPING);
	stage_close(&stage);
}

static void a_mapping_that_cannot_be_checked_says_why(void **unused)
{
	struct stage stage;

	(void)unused;
	open_mapping(&stage);
	snprintf(stage.model.wizard.plan_error, sizeof stage.model.wizard.plan_error,
	         "no column goes to Ext__c, the key of this upsert: choose it for a column");
	stage_golden(&stage, "mapping_no_key");
	stage_keys(&stage, "c");
	assert_int_equal(model_top(&stage.model), SCREEN_MAPPING);
	assert_int_equal(stage_asked(&stage, EFFECT_RUN_CHECK), 0);
	assert_true(stage_shows(&stage, "No column goes to Ext__c"));
	stage_keys(&stage, "G x"); /* a constant */
	assert_true(stage_shows(&stage, "A constant is not a column of the file"));
	stage_keys(&stage, "k x");
	assert_true(stage_shows(&stage, "This column is not loaded already"));
	assert_int_equal(stage_asked(&stage, EFFECT_SET_FIELD), 0);
	stage_close(&stage);
}

static void hostile_cells_stay_in_their_columns(void **unused)
{
	static const struct mapping_row rows[] = {
		{ '+', "\033[31mred\033[0m", "\033]52;c;eA==\007", "\033[2J", "Ext__c", "\u202enote", 0, false,
		  "", false },
		{ '+', "日本語の列の名前がとても長い場合", "全角文字で書かれた値がとても長い",
		  "全角文字で書かれた値がとても長い", "A_Field_With_A_Name_That_Is_Rather_Long__c",
		  "text, 20 characters · by name", 1, false, "", false },
		{ '!', "a\nb\tc", "\u200b\u2066x\u2069", "not a number: \u202e21", "Amount__c",
		  "not a number: \u202e21", 2, false, "", false },
		{ '-', "\xff\xfe(", "e\u0301te\u0301\xc3(", "", "", "not loaded: \xff", 3, false, "", false },
	};
	struct stage stage;
	struct wizard *wizard = &stage.model.wizard;

	(void)unused;
	open_wizard(&stage);
	wizard->mapping = malloc(sizeof rows);
	assert_non_null(wizard->mapping);
	memcpy(wizard->mapping, rows, sizeof rows);
	wizard->mapping_count = 4;
	table_narrow(&wizard->mapping_table, 4, wizard_mapping_text, wizard);
	model_push(&stage.model, SCREEN_MAPPING);
	stage_keys(&stage, "j j");
	stage_golden_sizes(&stage, "mapping_hostile");
	for (int i = 0; i < stage.grid.rows * stage.grid.columns; i++)
		if (stage.grid.cells[i].width)
			assert_true(stage.grid.cells[i].text[0] >= 0x20 &&
			            stage.grid.cells[i].text[0] != 0x202e);
	stage_close(&stage);
}

/* ---- Check ---- */

static const struct finding findings_may[] = {
	{ .rule = RULE_TOO_LONG,
	  .field = "LastName",
	  .message = "longer than 80 characters",
	  .count = 203,
	  .example_record = 801 },
	{ .rule = RULE_PICKLIST,
	  .field = "Status__c",
	  .message = "not in the restricted picklist",
	  .count = 9,
	  .example_record = 17 },
	{ .rule = RULE_KEY_MISSING,
	  .field = "Ext__c",
	  .message = "the key is empty",
	  .count = 2,
	  .example_record = 4031 },
};

static void add_check(struct wizard *wizard, size_t findings)
{
	wizard->checked = true;
	wizard->records = 48210;
	wizard->failing = findings ? 213 : 0;
	wizard->blank = 1;
	wizard->passed = wizard->records - wizard->failing - wizard->blank;
	wizard->cost = (struct load_cost){
		.calls = 20, .calls_left = 14210, .batches = 6, .batches_left = 14980
	};
	wizard->cost_stopping = (struct load_cost){
		.calls = 50, .calls_left = 14210, .batches = 7, .batches_left = 14980
	};
	wizard->keeping = (struct load_keeping){ .keep = true, .calls = 241, .left = 14210 };
	wizard->findings = malloc(sizeof findings_may);
	assert_non_null(wizard->findings);
	memcpy(wizard->findings, findings_may, sizeof findings_may);
	wizard->finding_count = wizard->fail_count = wizard->check_table.count = findings;
}

static void open_check(struct stage *stage, size_t findings)
{
	open_mapping(stage);
	stage_keys(stage, "c");
	assert_int_equal(model_top(&stage->model), SCREEN_CHECK);
	assert_int_equal(stage_asked(stage, EFFECT_RUN_CHECK), 1);
	stage->done_count = 0;
	add_check(&stage->model.wizard, findings);
}

static void the_check_tells_what_will_fail_before_anything_is_sent(void **unused)
{
	struct stage stage;

	(void)unused;
	open_check(&stage, 3);
	stage_golden_sizes(&stage, "check");
	stage_keys(&stage, "j");
	assert_true(stage_shows(&stage, "First in record 17"));
	stage_keys(&stage, "Esc c"); /* nothing changed: not checked again */
	assert_int_equal(stage_asked(&stage, EFFECT_RUN_CHECK), 0);
	stage_close(&stage);
	open_check(&stage, 0);
	stage_golden_sizes(&stage, "check_clean");
	stage_close(&stage);
}

static void a_check_under_way_shows_how_far_it_is(void **unused)
{
	struct stage stage;

	(void)unused;
	open_mapping(&stage);
	stage_keys(&stage, "c");
	stage.model.wizard.check_offset = 61 << 20;
	stage.model.wizard.check_size = 100 << 20;
	stage_golden_sizes(&stage, "check_running");
	stage_keys(&stage, "S");
	assert_int_equal(model_top(&stage.model), SCREEN_CHECK);
	assert_true(stage_shows(&stage, "The check is not done yet"));
	stage_close(&stage);
}

static void where_no_record_can_be_written_nothing_starts(void **unused)
{
	struct stage stage;

	(void)unused;
	open_check(&stage, 1);
	stage.model.wizard.findings[0] = (struct finding){ .rule = RULE_REQUIRED,
		                                           .field = "LastName",
		                                           .message = "required, but empty or not mapped",
		                                           .count = 48210 };
	stage.model.wizard.failing = 48210;
	stage.model.wizard.blank = stage.model.wizard.passed = 0;
	stage_golden(&stage, "check_nothing_passes");
	stage_keys(&stage, "S");
	assert_int_equal(model_top(&stage.model), SCREEN_CHECK);
	assert_true(stage_shows(&stage, "No record can be written"));
	stage_close(&stage);
}

/* Two findings, and the records that share a key: a third one, or a look where it was chosen which of them are written. */
static void open_same_key(struct stage *stage, enum same_key chosen)
{
	struct wizard *wizard = &stage->model.wizard;

	open_check(stage, 3);
	wizard->findings[2] = (struct finding){
		.rule = RULE_SAME_KEY,
		.field = "Ext__c",
		.message = "the same key twice in this file: records 17 and 4,031",
		.count = 2,
		.example_record = 17
	};
	wizard->same_key = chosen;
	wizard->fail_count = chosen ? 2 : 3;
	wizard->failing -= chosen ? 2 : 0;
	wizard->like = (struct check_like){ 8, 5020, stage_now - INT64_C(7 * 86400000) };
}

static void records_with_one_key_block_the_start_until_it_is_chosen(void **unused)
{
	struct stage stage;

	(void)unused;
	open_same_key(&stage, SAME_KEY_ASK);
	stage.model.wizard.findings[1].rule = RULE_KEY_MISSING;
	stage_keys(&stage, "j f");
	assert_true(stage_shows(&stage, "Nothing mends all of this group at once"));
	stage_keys(&stage, "S");
	assert_int_equal(model_top(&stage.model), SCREEN_CHECK);
	stage_golden(&stage, "check_same_key");
	stage_keys(&stage, "Esc");
	assert_int_equal(stage_asked(&stage, EFFECT_RUN_CHECK), 0);
	stage_keys(&stage, "f 2");
	assert_int_equal(stage.model.wizard.same_key, SAME_KEY_LAST);
	assert_false(stage.model.wizard.checked);
	assert_int_equal(stage_asked(&stage, EFFECT_RUN_CHECK), 1);
	stage_close(&stage);
}

static void what_will_be_written_but_deserves_a_look_stands_apart(void **unused)
{
	struct stage stage;

	(void)unused;
	open_same_key(&stage, SAME_KEY_FIRST);
	stage_keys(&stage, "G");
	stage_golden_sizes(&stage, "check_looks");
	stage.model.wizard.findings[2].rule = RULE_LOST_ZEROS;
	stage_keys(&stage, "f"); /* it is mended like what fails, but none of its records is looked for */
	assert_int_equal(stage_asked(&stage, EFFECT_FIXES), 1);
	assert_true(stage.model.wizard.group.look);
	stage.model.wizard.findings[2].rule = RULE_CLEARS;
	stage_keys(&stage, "Enter");
	assert_true(stage_shows(&stage, "These records are counted, and not listed one by one"));
	stage_keys(&stage, "S");
	assert_int_equal(model_top(&stage.model), SCREEN_START);
	assert_true(stage_shows(&stage, "214 left out"));
	assert_true(stage_shows(&stage, "clears Ext__c on 2 records"));
	stage_close(&stage);
}

static void a_way_to_mend_a_group_is_shown_before_it_is_taken(void **unused)
{
	struct stage stage;
	struct wizard *wizard = &stage.model.wizard;

	(void)unused;
	open_check(&stage, 3);
	stage_keys(&stage, "f");
	assert_int_equal(stage_asked(&stage, EFFECT_FIXES), 1);
	assert_int_equal(wizard->group.finding.count, 203);
	wizard->fix_count = 2;
	wizard->fixes[0] = (struct fix_choice){ .fix = { .kind = FIX_CUT, .text = "cut to 80 characters" },
		                                .examples = { { 801, "112 characters",
		                                                "80, up to …Brandt Foods" } },
		                                .example_count = 1 };
	wizard->fixes[1] = (struct fix_choice){ .fix = { .kind = FIX_DEFAULT,
		                                         .text = "a value where the cell is blank" } };
	check_ask_fix(&stage.model);
	stage_golden(&stage, "check_fix");
	stage_keys(&stage, "Esc");
	assert_int_equal(stage_asked(&stage, EFFECT_FIX), 0);
	check_ask_fix(&stage.model);
	stage_keys(&stage, "1");
	assert_int_equal(stage_asked(&stage, EFFECT_FIX), 1);
	assert_int_equal(wizard->fix.kind, FIX_CUT);
	check_ask_fix(&stage.model); /* one that wants a word asks for it */
	stage_keys(&stage, "2 Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_FIX), 1);
	check_ask_fix(&stage.model);
	stage_keys(&stage, "2 x Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_FIX), 2);
	assert_string_equal(wizard->fix.to, "x");
	wizard->fix_count = 0;
	check_ask_fix(&stage.model);
	assert_true(stage_shows(&stage, "Nothing mends all of this group at once"));
	stage_keys(&stage, "z Z");
	assert_int_equal(stage_asked(&stage, EFFECT_STEP_BACK), 1);
	assert_int_equal(stage_asked(&stage, EFFECT_STEP_AGAIN), 1);
	stage_close(&stage);
}

static void add_values(struct wizard *wizard)
{
	static const struct value_row rows[] = {
		{ .from = "Prospekt", .to = "Prospect", .records = 5, .near = NEAR_SPELLING },
		{ .from = "prospect", .to = "Prospect", .records = 2, .near = NEAR_SAME },
		{ .from = "Kunde", .records = 1 },
		{ .from = "n/a", .records = 1 },
	};
	static const struct pick_row picks[] = { { "Prospect", "Prospect" }, { "Customer", "Kunde" } };

	wizard->values = malloc(sizeof rows);
	wizard->picks = malloc(sizeof picks);
	assert_true(wizard->values && wizard->picks);
	memcpy(wizard->values, rows, sizeof rows);
	memcpy(wizard->picks, picks, sizeof picks);
	wizard->value_count = wizard->value_table.count = 4;
	wizard->pick_count = 2;
}

static void values_that_a_picklist_has_not_are_chosen_in_a_table(void **unused)
{
	struct stage stage;
	struct wizard *wizard = &stage.model.wizard;

	(void)unused;
	open_check(&stage, 3);
	stage_keys(&stage, "j f");
	assert_int_equal(stage_asked(&stage, EFFECT_VALUES), 1);
	assert_int_equal(model_top(&stage.model), SCREEN_VALUES);
	add_values(wizard);
	stage_golden_sizes(&stage, "check_values");
	stage_keys(&stage, "Esc"); /* nothing was taken: nothing is checked */
	assert_int_equal(stage_asked(&stage, EFFECT_TAKE_VALUES), 0);
	model_push(&stage.model, SCREEN_VALUES);
	stage_keys(&stage, "* f u");
	assert_true(wizard->values[0].taken && wizard->values[1].taken && !wizard->values[2].taken);
	stage_keys(&stage, "g j j f");
	assert_true(stage_shows(&stage, "No value of the picklist is near: Enter chooses one"));
	stage_keys(&stage, "Enter k u n");
	stage_golden(&stage, "check_pick");
	stage_keys(&stage, "Enter");
	assert_int_equal(model_top(&stage.model), SCREEN_VALUES);
	assert_string_equal(wizard->values[2].to, "Customer");
	assert_true(wizard->values[2].taken);
	stage_keys(&stage, "j x");
	assert_true(wizard->values[3].left_out);
	stage_golden(&stage, "check_values_taken");
	stage_keys(&stage, "Esc");
	assert_int_equal(stage_asked(&stage, EFFECT_TAKE_VALUES), 1);
	assert_false(wizard->checked);
	stage_close(&stage);
}

static void a_cell_is_edited_and_the_file_checked_anew(void **unused)
{
	struct stage stage;
	struct check_group *group = &stage.model.wizard.group;

	(void)unused;
	open_check(&stage, 3);
	stage_keys(&stage, "Enter");
	assert_int_equal(model_top(&stage.model), SCREEN_GROUP);
	assert_int_equal(stage_asked(&stage, EFFECT_RECORDS), 1);
	assert_true(stage_shows(&stage, "They are looked for in the file"));
	group->rows = calloc(2, sizeof *group->rows);
	assert_non_null(group->rows);
	group->rows[0] = (struct group_row){ .record = 801, .key = "C-000417", .value = "Müller" };
	group->rows[1] = (struct group_row){ .record = 4031, .key = "C-000418", .value = "O'Neil, Jr" };
	group->count = group->table.count = 2;
	group->column = 1;
	snprintf(group->name, sizeof group->name, "Last Name");
	stage_golden_sizes(&stage, "check_group");
	stage_keys(&stage, "j e Enter"); /* as it was: nothing is edited */
	assert_int_equal(stage_asked(&stage, EFFECT_CELL), 0);
	stage_keys(&stage, "e Backspace Backspace x Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_CELL), 1);
	assert_int_equal(stage.done[stage.done_count - 1].run, 4031);
	assert_string_equal(stage.done[stage.done_count - 1].text, "O'Neil, x");
	assert_int_equal(stage_asked(&stage, EFFECT_RUN_CHECK), 0);
	group->column = -1;
	stage_keys(&stage, "e");
	assert_true(stage_shows(&stage, "This is about no single column"));
	stage_keys(&stage, "Esc");
	assert_int_equal(stage_asked(&stage, EFFECT_RUN_CHECK), 1);
	stage_close(&stage);
}

static void the_org_is_asked_once_and_its_answer_counts(void **unused)
{
	struct stage stage;
	struct wizard *wizard = &stage.model.wizard;

	(void)unused;
	open_check(&stage, 3);
	stage_keys(&stage, "a");
	assert_true(stage_shows(&stage, "There is nothing in this load that the org could be asked about"));
	wizard->ask_calls = 241;
	assert_true(stage_shows(&stage, "a asks: up to 241 of 14,210 API calls left today"));
	stage_keys(&stage, "a");
	assert_int_equal(stage_asked(&stage, EFFECT_ASK_ORG), 1);
	wizard->asked = true;
	wizard->there = 46120;
	wizard->missing = 1876;
	assert_true(stage_shows(&stage, "in the org: 46,120 of these keys, and 1,876 not"));
	stage_keys(&stage, "a");
	assert_int_equal(stage_asked(&stage, EFFECT_ASK_ORG), 1);
	wizard->findings[2].rule = RULE_UNCHANGED;
	stage_keys(&stage, "G f");
	assert_true(wizard->skip_unchanged);
	stage_keys(&stage, "f");
	assert_false(wizard->skip_unchanged);
	stage_keys(&stage, "S");
	assert_true(stage_shows(&stage, "1,876 created · 46,120 updated · 214 left out"));
	stage_close(&stage);
}

/* ---- Start ---- */

static void production_wants_the_name_of_the_org(void **unused)
{
	struct stage stage;

	(void)unused;
	open_check(&stage, 3);
	stage_keys(&stage, "S");
	assert_int_equal(model_top(&stage.model), SCREEN_START);
	assert_int_equal(stage_asked(&stage, EFFECT_DRAIN), 1); /* what was typed ahead does not reach it */
	stage_golden_sizes(&stage, "start_production");
	assert_int_equal(start_first(&stage.model.wizard), 200);
	stage_keys(&stage, "Enter y Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_BEGIN), 0);
	assert_true(stage_shows(&stage, "To start, type the org's name: acme-prod"));
	stage_keys(&stage, "Backspace a c m e - p r o Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_BEGIN), 0);
	stage_keys(&stage, "d");
	stage_golden(&stage, "start_typed");
	stage_keys(&stage, "Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_BEGIN), 1);
	stage_close(&stage);
}

static void deleting_wants_the_number_of_records(void **unused)
{
	struct stage stage;

	(void)unused;
	open_check(&stage, 0);
	stage.model.wizard.production = false;
	snprintf(stage.model.wizard.action, sizeof stage.model.wizard.action, "delete");
	snprintf(stage.model.wizard.org_name, sizeof stage.model.wizard.org_name, "acme-uat");
	stage_keys(&stage, "S");
	stage_golden(&stage, "start_delete");
	stage_keys(&stage, "4 8 2 0 8 Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_BEGIN), 0);
	stage_keys(&stage, "Backspace 9 Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_BEGIN), 1);
	stage_close(&stage);
}

static void deleting_for_good_wants_it_too(void **unused)
{
	struct stage stage;

	(void)unused;
	open_check(&stage, 0);
	stage.model.wizard.production = false;
	snprintf(stage.model.wizard.action, sizeof stage.model.wizard.action, "hard_delete");
	stage_keys(&stage, "S y");
	assert_int_equal(stage_asked(&stage, EFFECT_BEGIN), 0);
	assert_true(stage_shows(&stage, "deleted for good"));
	assert_true(stage_shows(&stage, "Type the number of records, 48209: y"));
	stage_close(&stage);
}

static void elsewhere_no_is_the_default(void **unused)
{
	struct stage stage;

	(void)unused;
	open_check(&stage, 3);
	stage.model.wizard.production = false;
	snprintf(stage.model.wizard.org_name, sizeof stage.model.wizard.org_name, "acme-uat");
	stage_keys(&stage, "S");
	stage_golden_sizes(&stage, "start");
	stage_keys(&stage, "Enter");
	assert_int_equal(model_top(&stage.model), SCREEN_CHECK);
	stage_keys(&stage, "S Space");
	assert_int_equal(stage.model.wizard.start.failing, START_GO_ON);
	assert_true(stage_shows(&stage, "go on to the end"));
	assert_int_equal(start_first(&stage.model.wizard), 0);
	stage_keys(&stage, "Up Space");
	assert_true(stage_shows(&stage, "[ the first 200, then wait for me ]"));
	assert_int_equal(start_first(&stage.model.wizard), 200);
	stage_paste(&stage, "y");
	assert_int_equal(stage_asked(&stage, EFFECT_BEGIN), 0);
	stage_keys(&stage, "y");
	assert_int_equal(stage_asked(&stage, EFFECT_BEGIN), 1);
	snprintf(stage.model.busy, sizeof stage.model.busy, "starting the run");
	stage.model.busy_firm = true;
	stage_keys(&stage, "y y Esc"); /* it is under way: not twice, and not left */
	assert_int_equal(stage_asked(&stage, EFFECT_BEGIN), 1);
	assert_int_equal(model_top(&stage.model), SCREEN_START);
	stage_close(&stage);
}

static void what_is_chosen_changes_what_it_costs(void **unused)
{
	struct stage stage;

	(void)unused;
	open_check(&stage, 3);
	stage.model.wizard.production = false;
	stage_keys(&stage, "S");
	assert_true(stage_shows(&stage, "[ yes: 241 calls, can be undone ]"));
	assert_true(stage_shows(&stage, "261 of 14,210 API calls, 6 of 14,980 batches left today"));
	stage_keys(&stage, "Down Space");
	assert_false(stage.model.wizard.start.keep);
	assert_true(stage_shows(&stage, "[ no: updates cannot be undone ]"));
	assert_true(stage_shows(&stage, "20 of 14,210 API calls"));
	stage_keys(&stage, "Up Space Space");
	assert_int_equal(stage.model.wizard.start.failing, START_STOP);
	assert_true(stage_shows(&stage, "50 of 14,210 API calls, 7 of 14,980 batches left today"));
	stage.model.wizard.cost_stopping.batches_left = 6;
	assert_true(stage_shows(&stage, "will wait for more"));
	stage.model.wizard.keeping.calls = 0; /* an insert: there is nothing to choose */
	assert_false(stage_shows(&stage, "keep old values"));
	stage_close(&stage);
}

/* As the background tells it. */
static void tell_runs_on(struct wizard *wizard, enum automation_state rules)
{
	struct runs_on *runs = &wizard->runs_on;
	struct automation_part *parts = runs->told.parts;

	*runs = (struct runs_on){ .calls = 4 };
	snprintf(runs->object, sizeof runs->object, "%s", wizard->object);
	snprintf(runs->action, sizeof runs->action, "%s", wizard->action);
	parts[AUTOMATION_TRIGGER] = (struct automation_part){ AUTOMATION_KNOWN, 2,
		                                              "ContactGuard, ContactRollup", "" };
	parts[AUTOMATION_FLOW] = (struct automation_part){ AUTOMATION_KNOWN, 1, "Welcome_Mail", "" };
	parts[AUTOMATION_VALIDATION] = (struct automation_part){ .state = rules, .count = 3 };
	parts[AUTOMATION_DUPLICATE] = (struct automation_part){ .state = rules, .count = 1 };
}

static void what_runs_in_the_org_is_asked_and_told(void **unused)
{
	struct stage stage;
	struct wizard *wizard = &stage.model.wizard;

	(void)unused;
	open_check(&stage, 3);
	stage_keys(&stage, "S");
	assert_int_equal(stage_asked(&stage, EFFECT_RUNS_ON), 1);
	assert_true(stage_shows(&stage, "runs on Contact    the org is being asked"));
	tell_runs_on(wizard, AUTOMATION_KNOWN);
	assert_true(stage_shows(&stage,
	                        "runs on Contact    2 triggers, 1 flow, 3 validation rules, 1 duplicate rule"));
	stage_golden_sizes(&stage, "start_runs_on");
	stage_keys(&stage, "Esc S"); /* it is known already */
	assert_int_equal(stage_asked(&stage, EFFECT_RUNS_ON), 1);
	tell_runs_on(wizard, AUTOMATION_HIDDEN);
	assert_true(stage_shows(&stage, "2 triggers, 1 flow; validation rules, duplicate rules"));
	assert_true(stage_shows(&stage, "not readable for this user"));
	stage_golden_sizes(&stage, "start_runs_hidden");
	wizard->runs_on.told.parts[AUTOMATION_TRIGGER].count = 0;
	wizard->runs_on.told.parts[AUTOMATION_FLOW].state = AUTOMATION_UNHEARD;
	assert_true(stage_shows(&stage, "nothing that is active; validation rules"));
	assert_true(stage_shows(&stage, "flows not known: the"));
	stage_keys(&stage, "Esc");
	snprintf(wizard->action, sizeof wizard->action, "delete");
	stage_keys(&stage, "S"); /* which is another question */
	assert_int_equal(stage_asked(&stage, EFFECT_RUNS_ON), 2);
	stage_close(&stage);
}

/* Nobody waits for the answer: a start leaves the question, and so does going back. */
static void a_start_does_not_wait_for_what_runs(void **unused)
{
	struct stage stage;

	(void)unused;
	open_check(&stage, 3);
	stage.model.wizard.production = false;
	stage_keys(&stage, "S");
	snprintf(stage.model.busy, sizeof stage.model.busy, "asking what runs in the org");
	stage_keys(&stage, "Esc");
	assert_int_equal(model_top(&stage.model), SCREEN_CHECK);
	assert_int_equal(stage_asked(&stage, EFFECT_ABANDON), 1);
	stage_keys(&stage, "S");
	snprintf(stage.model.busy, sizeof stage.model.busy, "asking what runs in the org");
	stage_keys(&stage, "y");
	assert_int_equal(stage_asked(&stage, EFFECT_ABANDON), 2);
	assert_int_equal(stage_asked(&stage, EFFECT_BEGIN), 1);
	assert_string_equal(stage.model.busy, "");
	stage_close(&stage);
}

static void a_file_loaded_already_is_asked_about(void **unused)
{
	struct stage stage;

	(void)unused;
	open_check(&stage, 3);
	stage.model.wizard.production = false;
	stage_keys(&stage, "S");
	start_loaded(&stage.model, 7, LOADED_RETRY,
	             "run 7 has loaded this file into this org on 2026-05-03 14:02: 4,980 of 5,000 records "
	             "written, 20 failed; try those again: `longshore retry 7`");
	stage_golden(&stage, "start_loaded_already");
	stage_keys(&stage, "Enter");
	stage_keys(&stage, "Esc");
	assert_int_equal(stage_asked(&stage, EFFECT_BEGIN), 0);
	assert_false(stage.model.wizard.again);
	assert_int_equal(model_top(&stage.model), SCREEN_START);
	start_loaded(&stage.model, 7, LOADED_RETRY, "run 7 has loaded this file");
	stage_keys(&stage, "2");
	assert_int_equal(stage_asked(&stage, EFFECT_BEGIN), 1);
	assert_true(stage.model.wizard.again);
	start_loaded(&stage.model, 7, LOADED_RETRY, "run 7 has loaded this file");
	stage_keys(&stage, "1");
	assert_int_equal(model_top(&stage.model), SCREEN_REVIEW);
	stage_close(&stage);
}

static void going_back_keeps_what_was_chosen(void **unused)
{
	struct stage stage;

	(void)unused;
	open_check(&stage, 3);
	stage.model.wizard.production = false;
	stage_keys(&stage, "S Space Esc");
	assert_int_equal(model_top(&stage.model), SCREEN_CHECK);
	stage_keys(&stage, "S");
	assert_int_equal(stage.model.wizard.start.failing, START_GO_ON);
	stage_keys(&stage, "Esc Esc");
	assert_int_equal(model_top(&stage.model), SCREEN_MAPPING);
	assert_int_equal(stage.model.wizard.mapping_count, 7);
	stage_keys(&stage, "Esc");
	assert_int_equal(model_top(&stage.model), SCREEN_RUNS);
	stage_close(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_shown_before_it_is_taken),
		cmocka_unit_test(letters_filter_files_and_folders_open),
		cmocka_unit_test(what_is_no_file_to_load_says_why_and_is_not_taken),
		cmocka_unit_test(a_row_that_is_no_record_says_why),
		cmocka_unit_test(hostile_files_stay_in_their_place),
		cmocka_unit_test(objects_are_found_by_name_and_label),
		cmocka_unit_test(signing_in_is_told_and_can_be_left),
		cmocka_unit_test(actions_say_what_they_do),
		cmocka_unit_test(the_mapping_shows_what_is_sent),
		cmocka_unit_test(a_column_is_left_out_or_goes_to_another_field),
		cmocka_unit_test(a_mapping_that_cannot_be_checked_says_why),
		cmocka_unit_test(hostile_cells_stay_in_their_columns),
		cmocka_unit_test(the_check_tells_what_will_fail_before_anything_is_sent),
		cmocka_unit_test(a_check_under_way_shows_how_far_it_is),
		cmocka_unit_test(where_no_record_can_be_written_nothing_starts),
		cmocka_unit_test(records_with_one_key_block_the_start_until_it_is_chosen),
		cmocka_unit_test(what_will_be_written_but_deserves_a_look_stands_apart),
		cmocka_unit_test(a_way_to_mend_a_group_is_shown_before_it_is_taken),
		cmocka_unit_test(values_that_a_picklist_has_not_are_chosen_in_a_table),
		cmocka_unit_test(a_cell_is_edited_and_the_file_checked_anew),
		cmocka_unit_test(the_org_is_asked_once_and_its_answer_counts),
		cmocka_unit_test(production_wants_the_name_of_the_org),
		cmocka_unit_test(deleting_wants_the_number_of_records),
		cmocka_unit_test(deleting_for_good_wants_it_too),
		cmocka_unit_test(elsewhere_no_is_the_default),
		cmocka_unit_test(what_is_chosen_changes_what_it_costs),
		cmocka_unit_test(what_runs_in_the_org_is_asked_and_told),
		cmocka_unit_test(a_start_does_not_wait_for_what_runs),
		cmocka_unit_test(a_file_loaded_already_is_asked_about),
		cmocka_unit_test(going_back_keeps_what_was_chosen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
