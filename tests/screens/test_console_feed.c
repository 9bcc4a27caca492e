/* What the screens show of a real journal: runs as they change, groups, records by windows, one record with its text. */
#include "feed_stage.h"

enum { FAILED = 1500, RECORDS = 3000 };

static const struct outcome_message locked = { "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access", "" };
static struct outcome_message phone = { "FIELD_CUSTOM_VALIDATION_EXCEPTION", "Phone must start with +",
	                                "Phone" };

/* A finished run: every second record failed, and three of them for another reason. */
static int64_t failed_run(void)
{
	static struct outcome outcomes[RECORDS];
	int64_t run = add_run(RECORDS);
	int no = add_chunk(run, 1, RECORDS);

	for (int i = 0; i < RECORDS; i++) {
		outcomes[i] = i % 2 ? created(i + 1)
		                    : not_written(i + 1, OUTCOME_FAILED, i < 6 ? &locked : &phone);
		if (i % 2 == 0)
			outcomes[i].source = slice_of("C-1,\"Müller, jun.\",040 123456\r\n");
	}
	settle(run, no, outcomes, RECORDS);
	assert_ok(run_set_state(journal, run, RUN_FINISHED, "", 0, "finished", &failure));
	return run;
}

static int64_t focused_record(const struct stage *stage)
{
	const struct records_screen *records = &stage->model.records;

	return records->table.cursor < records->count ? records->rows[records->table.cursor].record : 0;
}

static void open_records(struct stage *stage, struct feed *feed)
{
	failed_run();
	open_stage(stage, feed);
	stage_keys(stage, "Enter");
	assert_true(stage_shows(stage, "1,500 failed records to review"));
	stage_keys(stage, "Enter Enter");
	assert_int_equal(model_top(&stage->model), SCREEN_RECORDS);
}

static void a_long_list_is_walked_without_a_gap(void **unused)
{
	struct stage stage;
	struct feed feed;
	int64_t last = 7;

	(void)unused;
	open_records(&stage, &feed);
	assert_int_equal(focused_record(&stage), 7);
	for (int i = 1; i < FAILED - 3; i++) {
		stage_keys(&stage, "j");
		assert_int_equal(focused_record(&stage), last + 2);
		last += 2;
	}
	stage_keys(&stage, "j j j");
	assert_int_equal(focused_record(&stage), RECORDS - 1);
	for (int i = 1; i < FAILED - 3; i++) {
		stage_keys(&stage, "k");
		assert_int_equal(focused_record(&stage), last - 2);
		last -= 2;
	}
	stage_keys(&stage, "k k");
	assert_int_equal(focused_record(&stage), 7);
	stage_keys(&stage, "G");
	assert_int_equal(focused_record(&stage), RECORDS - 1);
	assert_true(stage_shows(&stage, "2,999"));
	stage_keys(&stage, "k");
	assert_int_equal(focused_record(&stage), RECORDS - 3);
	stage_keys(&stage, "g");
	assert_int_equal(focused_record(&stage), 7);
	for (int i = 0; i < 200; i++)
		stage_keys(&stage, "Ctrl-D");
	assert_int_equal(focused_record(&stage), RECORDS - 1);
	close_stage(&stage);
}

static void arrows_go_from_record_to_record_across_windows(void **unused)
{
	struct stage stage;
	struct feed feed;
	int64_t last = 7;

	(void)unused;
	open_records(&stage, &feed);
	stage_keys(&stage, "Enter");
	assert_true(stage_shows(&stage, "Phone must start with +"));
	for (int i = 1; i < FAILED - 3; i++) {
		stage_keys(&stage, "→");
		assert_int_equal(stage.model.record.record, last + 2);
		assert_int_equal(stage.model.record.row.record, last + 2);
		last += 2;
	}
	stage_keys(&stage, "→");
	assert_true(stage_shows(&stage, "This is the last record of the group"));
	close_stage(&stage);
}

static void a_record_is_cut_into_its_cells(void **unused)
{
	struct stage stage;
	struct feed feed;

	(void)unused;
	open_records(&stage, &feed);
	stage_keys(&stage, "Enter");
	assert_true(stage_shows(&stage, "column 2"));
	assert_true(stage_shows(&stage, "Müller, jun."));
	close_stage(&stage);
}

static void what_the_org_said_of_a_field_is_at_hand(void **unused)
{
	struct stage stage;
	struct feed feed;

	(void)unused;
	open_records(&stage, &feed);
	tamper("UPDATE plans SET layout = 'string' || char(9) || 'n' || char(9) || 'LastName' || char(9) || "
	       "'80' || char(9)"
	       " || '1' || char(10)");
	stage_keys(&stage, "Enter");
	assert_false(stage_shows(&stage, "80 characters"));
	stage_keys(&stage, "j");
	assert_true(stage_shows(&stage, "LastName: string, 80 characters, required"));
	close_stage(&stage);
}

static void a_run_that_nobody_holds_is_interrupted(void **unused)
{
	struct stage stage;
	struct feed feed;

	(void)unused;
	add_run(10);
	open_stage(&stage, &feed);
	assert_true(stage_shows(&stage, "1 need you · 0 running"));
	assert_true(stage_shows(&stage, "interrupted: nobody works on it"));
	close_stage(&stage);
}

static void the_list_follows_the_journal(void **unused)
{
	struct stage stage;
	struct feed feed;
	int64_t run;

	(void)unused;
	open_stage(&stage, &feed);
	assert_true(stage_shows(&stage, "nothing yet"));
	run = add_run(10);
	assert_true(stage_shows(&stage, "1 need you"));
	assert_ok(run_set_state(journal, run, RUN_CANCELLED, "", 0, NULL, &failure));
	assert_true(stage_shows(&stage, "0 need you"));
	close_stage(&stage);
}

/* Another process holds the run until the end of what is returned is closed. */
static pid_t hold_elsewhere(int64_t run, int *end)
{
	int ends[2], ready[2];
	char byte = 0;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (child == 0) {
		struct journal *own;
		struct run_lock *lock;
		struct err e;

		err_init(&e);
		close(ends[1]);
		if (journal_open(&own, state, NULL, JOURNAL_WRITE, &test_clock, &e) != ERR_OK ||
		    run_hold(own, run, &lock, &e) != ERR_OK || write(ready[1], &byte, 1) != 1)
			_exit(1);
		_exit(read(ends[0], &byte, 1) == 0 ? 0 : 1);
	}
	close(ends[0]);
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	*end = ends[1];
	return child;
}

/* Whatever screen is shown: how a run ended is told once, and the window's title names it while it is at work. */
static void the_end_of_a_run_is_told_on_any_screen(void **unused)
{
	struct stage stage;
	struct feed feed;
	char title[RUNS_TITLE];
	int64_t run = add_run(10);
	int end;
	pid_t child = hold_elsewhere(run, &end);

	(void)unused;
	assert_ok(run_set_state(journal, run, RUN_RUNNING, "", 0, "started", &failure));
	open_stage(&stage, &feed);
	assert_true(stage_shows(&stage, "0 need you · 1 running"));
	runs_title(&stage.model, title);
	assert_non_null(strstr(title, "▶ 0% "));
	stage_keys(&stage, "n");
	assert_int_equal(model_top(&stage.model), SCREEN_FILE);
	assert_string_equal(feed.ended, "");
	assert_ok(run_set_state(journal, run, RUN_HALTED, "record 3 failed", 0, "halted", &failure));
	close(end);
	waitpid(child, NULL, 0);
	stage_wait(&stage, 2000);
	stage_keys(&stage, "j");
	assert_non_null(strstr(feed.ended, ": stopped at a failure"));
	runs_title(&stage.model, title);
	assert_string_equal(title, "Longshore");
	feed.ended[0] = '\0';
	stage_wait(&stage, 2000);
	stage_keys(&stage, "j");
	assert_string_equal(feed.ended, "");
	close_stage(&stage);
}

static void hundreds_of_runs_are_read_as_one_goes_down(void **unused)
{
	struct stage stage;
	struct feed feed;

	(void)unused;
	for (int i = 0; i < 450; i++)
		add_run(10);
	open_stage(&stage, &feed);
	stage_keys(&stage, "k j");
	for (int i = 0; i < 460; i++)
		stage_keys(&stage, "j");
	assert_int_equal(stage.model.runs.count, 450);
	stage_keys(&stage, "G Enter");
	assert_int_equal(stage.model.run.id, 1);
	close_stage(&stage);
}

static void the_log_is_read_as_it_grows(void **unused)
{
	struct stage stage;
	struct feed feed;
	int64_t run = add_run(10);

	(void)unused;
	for (int i = 0; i < 200; i++)
		assert_ok(run_log(journal, run, &failure, "line %d", i));
	open_stage(&stage, &feed);
	stage_keys(&stage, "l");
	assert_true(stage_shows(&stage, "line 199"));
	assert_int_equal(stage.model.log.count, 200);
	assert_ok(run_log(journal, run, &failure, "one more"));
	assert_true(stage_shows(&stage, "one more"));
	assert_int_equal(stage.model.log.count, 201);
	close_stage(&stage);
}

static void a_run_shows_its_parts_from_the_journal(void **unused)
{
	struct stage stage;
	struct feed feed;
	struct outcome outcomes[4] = { created(1), created(2), not_written(3, OUTCOME_FAILED, &phone),
		                       created(4) };
	int64_t run = add_run(100);
	struct chunk_change change = { .state = "processing", .job = "750Hp00000AbCdF" };

	(void)unused;
	settle(run, add_chunk(run, 1, 4), outcomes, 4);
	add_chunk(run, 5, 54);
	assert_ok(chunk_set(journal, run, 2, &change, &failure));
	assert_ok(chunk_seen(journal, run, 2, "InProgress", 20, 3, &failure));
	open_stage(&stage, &feed);
	stage_keys(&stage, "Enter");
	assert_true(stage_shows(&stage, "3 created"));
	assert_true(stage_shows(&stage, "job 2 has done 20, 3 failed"));
	assert_true(stage_shows(&stage, "24 of 100"));
	assert_true(stage_shows(&stage, "Phone must start with +"));
	assert_int_equal(run_parts_of(&stage.model.run).to_go, 46);
	close_stage(&stage);
}

/* Every number of a run leads to its records, written ones with what was done and their Ids. */
static void a_number_of_a_run_leads_to_its_records(void **unused)
{
	struct stage stage;
	struct feed feed;

	(void)unused;
	failed_run();
	open_stage(&stage, &feed);
	stage_keys(&stage, "Enter Tab Tab g Enter");
	assert_int_equal(stage.model.records.state, OUTCOME_WRITTEN);
	assert_true(stage_shows(&stage, "Run 1 › Records written"));
	assert_true(stage_shows(&stage, "1,500 records"));
	assert_true(stage_shows(&stage, "▸           2  created"));
	stage_keys(&stage, "G");
	assert_int_equal(focused_record(&stage), RECORDS);
	stage_keys(&stage, "Ctrl-U g Enter");
	assert_true(stage_shows(&stage, "Run 1 › record 2"));
	stage_keys(&stage, "→");
	assert_int_equal(stage.model.record.record, 4);
	close_stage(&stage);
}

static void find(struct stage *stage, const char *text)
{
	stage_keys(stage, "/ Ctrl-A Ctrl-K");
	stage_paste(stage, text);
	stage_keys(stage, "Enter");
	for (int i = 0; i < 1000 && stage->model.records.find.looking; i++)
		stage_shows(stage, "");
}

static void a_record_is_found_by_number_text_or_id(void **unused)
{
	struct stage stage;
	struct feed feed;
	char id[19];

	(void)unused;
	failed_run();
	open_stage(&stage, &feed);
	stage_keys(&stage, "Enter Tab Tab j Enter");
	assert_int_equal(stage.model.records.state, OUTCOME_FAILED);
	find(&stage, "2,001");
	assert_int_equal(focused_record(&stage), 2001);
	stage_keys(&stage, "k");
	assert_int_equal(focused_record(&stage), 1999);
	find(&stage, "500");
	assert_int_equal(focused_record(&stage), 501);
	assert_true(stage_shows(&stage, "Record 500 is not one of these: 501 is the next one"));
	find(&stage, "9999");
	assert_true(stage_shows(&stage, "has the number 9,999 or a higher one"));
	find(&stage, "exclusive"); /* behind the end it goes on at the beginning */
	assert_int_equal(focused_record(&stage), 1);
	stage_keys(&stage, "/ Enter");
	for (int i = 0; i < 1000 && stage.model.records.find.looking; i++)
		stage_shows(&stage, "");
	assert_int_equal(focused_record(&stage), 3); /* the next one */
	find(&stage, "nobody said this");
	assert_true(stage_shows(&stage, "None of these records holds \"nobody said this\""));
	assert_int_equal(focused_record(&stage), 3);
	stage_keys(&stage, "Esc Esc k Enter");
	assert_int_equal(stage.model.records.state, OUTCOME_WRITTEN);
	stage_keys(&stage, "G");
	snprintf(id, sizeof id, "%s", stage.model.records.rows[stage.model.records.table.cursor].id);
	stage_keys(&stage, "g");
	find(&stage, id);
	assert_int_equal(focused_record(&stage), RECORDS);
	close_stage(&stage);
}

static void the_jobs_of_a_run_are_listed(void **unused)
{
	struct stage stage;
	struct feed feed;
	struct chunk_change change = { .state = "processing", .job = "750Hp00000AbCdF" };
	int64_t run = add_run(300);

	(void)unused;
	for (int i = 0; i < 300; i++)
		add_chunk(run, i + 1, i + 1);
	assert_ok(chunk_set(journal, run, 300, &change, &failure));
	open_stage(&stage, &feed);
	stage_keys(&stage, "Enter Tab Enter");
	assert_int_equal(model_top(&stage.model), SCREEN_JOBS);
	assert_int_equal(stage.model.jobs.table.count, 300);
	assert_true(stage_shows(&stage, "Job 1: records 1 to 1, to go"));
	stage_keys(&stage, "G");
	assert_true(stage_shows(&stage, "750Hp00000AbCdF"));
	assert_true(stage_shows(&stage, "Job 300: records 300 to 300, the org works"));
	stage_keys(&stage, "Enter");
	assert_true(stage_shows(&stage, "Run 1 › Job 300"));
	stage_keys(&stage, "q");
	for (int i = 0; i < 299; i++)
		stage_keys(&stage, "k");
	assert_true(stage_shows(&stage, "Job 1: records 1 to 1, to go"));
	add_chunk(run, 301, 301);
	assert_true(stage_shows(&stage, "Job 1: "));
	assert_int_equal(stage.model.jobs.table.count, 301);
	close_stage(&stage);
}

static void an_interrupted_run_tells_its_parts(void **unused)
{
	struct stage stage;
	struct feed feed;
	struct outcome outcomes[4] = { created(1), created(2), not_written(3, OUTCOME_FAILED, &phone),
		                       created(4) };
	int64_t run = add_run(100);
	struct chunk_change change = { .state = "closing", .job = "750Hp00000AbCdF" };

	(void)unused;
	settle(run, add_chunk(run, 1, 4), outcomes, 4);
	add_chunk(run, 5, 54);
	assert_ok(chunk_set(journal, run, 2, &change, &failure));
	open_stage(&stage, &feed);
	stage_keys(&stage, "p");
	assert_true(stage_shows(&stage, "Run 1 › Go on"));
	assert_true(stage_shows(&stage, "3 written, 1 failed"));
	assert_true(stage_shows(&stage, "5-54           handed over; the answer is lost"));
	assert_true(stage_shows(&stage, "55-100         never sent"));
	stage_keys(&stage, "j");
	assert_int_equal(stage_asked(&stage, EFFECT_DIGEST), 1);
	close_stage(&stage);
}

static void details_of_a_run_come_from_the_journal(void **unused)
{
	struct stage stage;
	struct feed feed;

	(void)unused;
	add_run(100);
	open_stage(&stage, &feed);
	stage_keys(&stage, "i");
	assert_int_equal(model_top(&stage.model), SCREEN_DETAILS);
	assert_true(stage_shows(&stage, "interrupted: nobody works on it"));
	assert_true(stage_shows(&stage, "signed in as"));
	close_stage(&stage);
}

static struct key any_key(unsigned *seed)
{
	static const char letters[] = "jkgGpXnlyxcS/?: q12yn0ABCü";
	enum key_code code = (enum key_code)(1 + rand_r(seed) % K_F1);

	if (code == K_CTRL)
		return (struct key){ K_CTRL, 'a' + rand_r(seed) % 26 };
	if (code == K_CHAR || rand_r(seed) % 2)
		return (struct key){ K_CHAR, letters[(size_t)rand_r(seed) % (sizeof letters - 1)] & 0x7f };
	return (struct key){ code, 0 };
}

/* The loop's part of New load, as far as there are rows to show. */
static void answer_effects(struct stage *stage)
{
	struct wizard *wizard = &stage->model.wizard;

	for (int i = 0; i < stage->done_count; i++) {
		if (stage->done[i].kind == EFFECT_DESCRIBE)
			model_push(&stage->model, SCREEN_ACTION);
		if (stage->done[i].kind == EFFECT_MAP)
			model_push(&stage->model, SCREEN_MAPPING);
		if (stage->done[i].kind == EFFECT_RUN_CHECK)
			wizard->checked = true;
		if (stage->done[i].kind == EFFECT_SAMPLE)
			wizard->record_last = wizard->record > 3;
	}
	stage->done_count = 0;
}

static void fill_wizard(struct wizard *wizard)
{
	wizard->has_org = wizard->signed_in = true;
	wizard->browser.entries = calloc(9, sizeof *wizard->browser.entries);
	wizard->objects = calloc(9, sizeof *wizard->objects);
	wizard->choices = calloc(9, sizeof *wizard->choices);
	wizard->mapping = calloc(9, sizeof *wizard->mapping);
	wizard->fields = calloc(9, sizeof *wizard->fields);
	wizard->findings = calloc(9, sizeof *wizard->findings);
	for (int i = 0; i < 9; i++) {
		snprintf(wizard->browser.entries[i].name, 16, "file %d", i);
		snprintf(wizard->objects[i].name, 16, "Object %d", i);
		snprintf(wizard->choices[i].action, 16, i % 3 ? "upsert" : "delete");
		snprintf(wizard->mapping[i].column, 16, "column %d", i);
		wizard->mapping[i].at = i < 8 ? i : -1;
		wizard->mapping[i].mark = "+-!="[i % 4];
		snprintf(wizard->fields[i].name, 16, "Field%d__c", i);
	}
	wizard->browser.count = wizard->object_count = wizard->choice_count = wizard->mapping_count = 9;
	wizard->field_count = wizard->finding_count = wizard->action_table.count = wizard->check_table.count =
		9;
	table_narrow(&wizard->browser.table, 9, wizard_file_text, &wizard->browser);
	table_narrow(&wizard->object_table, 9, wizard_object_text, wizard);
	table_narrow(&wizard->mapping_table, 9, wizard_mapping_text, wizard);
	wizard->records = wizard->passed = 5;
}

/* Whatever is pressed, pasted or resized: what is shown can be drawn, and nothing is outside its bounds. */
static void any_keys_in_any_order_do_no_harm(void **unused)
{
	struct stage stage;
	struct feed feed;
	unsigned seed = 20260503;

	(void)unused;
	failed_run();
	for (int i = 0; i < 30; i++)
		add_run(i * 100);
	open_stage(&stage, &feed);
	fill_wizard(&stage.model.wizard);
	for (int i = 0; i < 20000; i++) {
		stage_key(&stage, any_key(&seed));
		answer_effects(&stage);
		if (i % 50 == 0)
			stage_size(&stage, 1 + rand_r(&seed) % 60, 1 + rand_r(&seed) % 220);
		if (i % 70 == 0)
			stage_paste(&stage, "a\tpaste\r\nof\033[2J ü lines");
		stage_wait(&stage, 100);
		assert_true(stage.model.depth >= 1 && stage.model.depth <= MODEL_DEPTH);
		if (i % 5 == 0)
			stage_shows(&stage, "");
		assert_true(stage.grid.cursor_row < stage.grid.rows || stage.grid.rows < CHROME_ROWS_MIN);
	}
	close_stage(&stage);
}

#define IN_JOURNAL(test) cmocka_unit_test_setup_teardown(test, make_journal, remove_state)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_JOURNAL(a_long_list_is_walked_without_a_gap),
		IN_JOURNAL(arrows_go_from_record_to_record_across_windows),
		IN_JOURNAL(a_record_is_cut_into_its_cells),
		IN_JOURNAL(what_the_org_said_of_a_field_is_at_hand),
		IN_JOURNAL(a_run_that_nobody_holds_is_interrupted),
		IN_JOURNAL(the_end_of_a_run_is_told_on_any_screen),
		IN_JOURNAL(the_list_follows_the_journal),
		IN_JOURNAL(hundreds_of_runs_are_read_as_one_goes_down),
		IN_JOURNAL(the_log_is_read_as_it_grows),
		IN_JOURNAL(a_run_shows_its_parts_from_the_journal),
		IN_JOURNAL(a_number_of_a_run_leads_to_its_records),
		IN_JOURNAL(a_record_is_found_by_number_text_or_id),
		IN_JOURNAL(the_jobs_of_a_run_are_listed),
		IN_JOURNAL(an_interrupted_run_tells_its_parts),
		IN_JOURNAL(details_of_a_run_come_from_the_journal),
		IN_JOURNAL(any_keys_in_any_order_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
