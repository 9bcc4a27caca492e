/* One run: every record is in one of its rows in every state, what can be done is offered, what cannot says why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "stage.h"

#include "ui/console/screens/run_summary.h"

enum { MINUTE_MS = 60 * 1000 };

static void add_job(struct run_screen *screen, const char *state, const char *job, int64_t records,
                    int64_t done, int64_t failed)
{
	struct chunk *chunk = &screen->jobs[screen->job_count++];

	chunk->no = screen->job_count;
	snprintf(chunk->state, sizeof chunk->state, "%s", state);
	snprintf(chunk->job, sizeof chunk->job, "%s", job);
	chunk->records = records;
	if (!chunk_in_org(chunk)) {
		chunk->failed = failed;
		return;
	}
	screen->in_org += records;
	screen->org_done += done;
	screen->org_failed += failed;
}

static void add_event(struct run_screen *screen, int minutes_ago, const char *text)
{
	struct run_event *event = &screen->events[screen->event_count++];

	event->utc_ms = stage_now - minutes_ago * MINUTE_MS;
	snprintf(event->text, sizeof event->text, "%s", text);
}

static void add_group(struct run_screen *screen, int64_t count, const char *code, const char *text,
                      const char *fields)
{
	struct outcome_group *group;

	if (!screen->groups)
		screen->groups = calloc(RUN_GROUPS, sizeof *screen->groups);
	assert_non_null(screen->groups);
	group = &screen->groups[screen->group_count++];
	group->id = screen->group_count;
	group->state = OUTCOME_FAILED;
	group->count = count;
	group->example_record = 88;
	snprintf(group->code, sizeof group->code, "%s", code);
	snprintf(group->text, sizeof group->text, "%s", text);
	snprintf(group->fields, sizeof group->fields, "%s", fields);
	screen->table.count = (size_t)screen->group_count;
}

/* The run of ux.md's picture. */
static struct run_screen *open_run(struct stage *stage, enum run_state now)
{
	struct run_screen *screen = &stage->model.run;
	struct run *run = &screen->run;

	stage_open(stage, 24, 80, false);
	model_show_run(&stage->model, 12, SCREEN_RUN);
	screen->read = true;
	screen->now = now;
	run->id = 12;
	run->state = now == RUN_INTERRUPTED ? RUN_RUNNING : now;
	run->production = true;
	run->started_ms = run->created_ms = stage_now - 3 * MINUTE_MS;
	run->api_calls = 11;
	snprintf(run->file, sizeof run->file, "/home/ana/contacts_may.csv");
	snprintf(run->object, sizeof run->object, "Contact");
	snprintf(run->action, sizeof run->action, "upsert");
	snprintf(run->org_name, sizeof run->org_name, "acme-prod");
	snprintf(run->started_by, sizeof run->started_by, "ana");
	run->counts = (struct run_counts){ .records = 48210,
		                           .written = 1981,
		                           .created = 71,
		                           .updated = 1910,
		                           .failed = 12,
		                           .skipped = 214,
		                           .to_try_again = 7 };
	screen->reasons[0] = (struct outcome_reason){ "too_long", 203 };
	screen->reasons[1] = (struct outcome_reason){ "picklist", 9 };
	screen->reasons[2] = (struct outcome_reason){ "blank", 1 };
	screen->reason_count = 3;
	add_group(screen, 12, "FIELD_CUSTOM_VALIDATION_EXCEPTION", "Phone must start with +", "Phone");
	add_job(screen, "settled", "750Hp00000AbCdE", 2000, 0, 12);
	add_event(screen, 2, "job 1 done");
	add_event(screen, 3, "started by ana");
	return screen;
}

/* The same through sObject Collections: 200 a call, calls have no Id. */
static struct run_screen *open_rest_run(struct stage *stage, enum run_state now)
{
	struct run_screen *screen = open_run(stage, now);

	snprintf(screen->run.api, sizeof screen->run.api, "collections");
	screen->run.counts = (struct run_counts){
		.records = 1193, .written = 388, .updated = 388, .failed = 12, .skipped = 214
	};
	screen->job_count = screen->event_count = 0;
	add_event(screen, 3, "started by ana");
	add_job(screen, "settled", "", 200, 0, 12);
	add_job(screen, "settled", "", 200, 0, 0);
	if (now == RUN_RUNNING)
		add_job(screen, "sending", "", 200, 0, 0);
	return screen;
}

/* The same a while later, everything answered. */
static void end_run(struct run_screen *screen, int64_t failed)
{
	struct run_counts *counts = &screen->run.counts;

	counts->to_try_again = 0;
	counts->failed = failed;
	counts->written = counts->records - counts->skipped - failed;
	counts->updated = counts->written - counts->created;
	screen->run.ended_ms = screen->run.started_ms + 200 * 1000;
	screen->groups[0].count = failed;
	screen->group_count = failed > 0;
	screen->table.count = failed > 0;
	snprintf(screen->jobs[0].state, sizeof screen->jobs[0].state, "settled");
	screen->jobs[0].failed = failed;
}

/* The number that stands behind a name in the rows of a run, -1 if it has no row; "" is the sum. */
static int64_t row_number(const char *screen, const char *name)
{
	int64_t number = 0;
	const char *at;

	for (at = screen; at && *at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL) {
		char cell[32];

		snprintf(cell, sizeof cell, "%.13s", at + 1);
		cell[strcspn(cell, "\n")] = '\0';
		while (*cell && cell[strlen(cell) - 1] == ' ')
			cell[strlen(cell) - 1] = '\0';
		if (strcmp(cell, name) == 0 && strncmp(at, "              ", *name ? 1 : 14) == 0 &&
		    at[1] != '\n')
			break;
	}
	if (!at || !*at)
		return -1;
	for (int i = 13; i < 25; i++)
		if (at[i] >= '0' && at[i] <= '9')
			number = number * 10 + at[i] - '0';
	return number;
}

/* records = written + failed + left out + in doubt + to go, on the screen as it is drawn, at every size. */
static void assert_sum(struct stage *stage)
{
	static const int sizes[][2] = { { 16, 60 }, { 17, 61 }, { 24, 80 }, { 50, 200 } };
	static const char *const names[] = { "written", "failed",   "to try again", "in the org",
		                             "to go",   "left out", "in doubt" };

	for (int s = 0; s < 4; s++) {
		struct buf screen;
		int64_t sum = 0;

		stage_size(stage, sizes[s][0], sizes[s][1]);
		model_view(&stage->model, &stage->grid);
		buf_init(&screen, 65536);
		grid_dump(&stage->grid, &screen);
		for (int i = 0; i < 7; i++) {
			int64_t number = row_number(buf_text(&screen), names[i]);

			sum += number > 0 ? number : 0;
		}
		if (sum != stage->model.run.run.counts.records || row_number(buf_text(&screen), "") != sum)
			fail_msg("the rows sum up to %lld\n%s", (long long)sum, buf_text(&screen));
		buf_release(&screen);
	}
	stage_size(stage, 24, 80);
}

static void a_live_run_tells_what_is_known_and_what_the_org_says(void **unused)
{
	struct stage stage;
	struct run_screen *screen = open_run(&stage, RUN_RUNNING);

	(void)unused;
	add_job(screen, "processing", "750Hp00000AbCdF", 45996, 29400, 31);
	for (int i = 0; i < RUN_SAMPLES; i++)
		screen->samples[i] = (struct run_sample){ stage_now + i * 1000, i * 240 + i % 3 * 40 };
	screen->sample_count = RUN_SAMPLES;
	assert_sum(&stage);
	stage_golden_sizes(&stage, "run_live");
	stage_size(&stage, 24, 80);
	stage_golden_styles(&stage, "run_live_styles");
	stage_close(&stage);
}

static void a_finished_run_is_its_own_summary(void **unused)
{
	struct stage stage;
	struct run_screen *screen = open_run(&stage, RUN_FINISHED);

	(void)unused;
	end_run(screen, 0);
	assert_sum(&stage);
	stage_golden_sizes(&stage, "run_done");
	assert_false(stage_shows(&stage, "X cancel"));
	assert_false(stage_shows(&stage, "Enter review"));
	stage_keys(&stage, "X");
	assert_true(stage_shows(&stage, "nothing to cancel"));
	stage_keys(&stage, "p");
	assert_true(stage_shows(&stage, "nothing to pause"));
	assert_int_equal(stage.model.dialog.kind, DIALOG_NONE);
	stage_keys(&stage, "Enter"); /* none failed: it leads to those that were written */
	assert_int_equal(model_top(&stage.model), SCREEN_RECORDS);
	assert_int_equal(stage.model.records.state, OUTCOME_WRITTEN);
	stage_close(&stage);
}

static void failures_of_a_finished_run_lead_to_their_review(void **unused)
{
	struct stage stage;
	struct run_screen *screen = open_run(&stage, RUN_FINISHED);

	(void)unused;
	end_run(screen, 412);
	add_group(screen, 301, "INVALID_FIELD", "Foreign key external ID: A-0428 not found for field A__c",
	          "A__c");
	screen->run.counts.failed += 301;
	screen->run.counts.written -= 301;
	screen->run.counts.updated -= 301;
	assert_sum(&stage);
	stage_golden_sizes(&stage, "run_failures");
	assert_false(stage_shows(&stage, "A-0428"));
	stage_keys(&stage, "Enter");
	assert_int_equal(model_top(&stage.model), SCREEN_REVIEW);
	assert_int_equal(stage.model.review.run, 12);
	stage_close(&stage);
}

static void a_halted_run_offers_to_go_on_and_nothing_to_cancel(void **unused)
{
	struct stage stage;
	struct run_screen *screen = open_run(&stage, RUN_HALTED);

	(void)unused;
	screen->run.counts.to_try_again = 0;
	screen->run.ended_ms = stage_now;
	snprintf(screen->run.why, sizeof screen->run.why, "12 records failed, and failures are not allowed");
	assert_sum(&stage);
	stage_golden_sizes(&stage, "run_halted");
	assert_true(stage_shows(&stage, "p go on"));
	assert_false(stage_shows(&stage, "X cancel"));
	stage_keys(&stage, "p");
	stage_golden(&stage, "run_halted_go_on");
	stage_keys(&stage, "y");
	assert_int_equal(stage_asked(&stage, EFFECT_GO_ON), 1);
	end_run(screen, 12);
	assert_sum(&stage);
	assert_false(stage_shows(&stage, "p go on"));
	stage_keys(&stage, "p");
	assert_true(stage_shows(&stage, "No record is left to go"));
	stage_close(&stage);
}

static void an_interrupted_run_says_that_nobody_works_on_it(void **unused)
{
	struct stage stage;
	struct run_screen *screen = open_run(&stage, RUN_INTERRUPTED);

	(void)unused;
	add_job(screen, "building", "750Hp00000AbCdF", 45996, 0, 0);
	assert_sum(&stage);
	stage_golden_sizes(&stage, "run_interrupted");
	stage_keys(&stage, "p"); /* what is known of it comes first */
	assert_int_equal(model_top(&stage.model), SCREEN_GO_ON);
	stage.model.go_on.read = true;
	stage.model.go_on.was = screen->run;
	stage.model.go_on.now = RUN_INTERRUPTED;
	stage_keys(&stage, "p n");
	assert_int_equal(stage_asked(&stage, EFFECT_GO_ON), 0);
	stage_keys(&stage, "p y");
	assert_int_equal(stage_asked(&stage, EFFECT_GO_ON), 1);
	assert_int_equal(model_top(&stage.model), SCREEN_RUN);
	stage_keys(&stage, "X");
	stage_golden(&stage, "run_interrupted_cancel");
	stage_keys(&stage, "Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_GIVE_UP), 0);
	stage_keys(&stage, "X y");
	assert_int_equal(stage_asked(&stage, EFFECT_GIVE_UP), 1);
	assert_int_equal(stage_asked(&stage, EFFECT_ORDER), 0);
	stage_close(&stage);
}

static void assert_part(const char *state, const char *action, const char *known, const char *happens)
{
	static struct go_on_screen go_on;
	struct chunk *chunk = &go_on.chunks[0];
	struct go_on_row row;

	memset(&go_on, 0, sizeof go_on);
	snprintf(go_on.was.action, sizeof go_on.was.action, "%s", action);
	go_on.was.counts.records = go_on.was.cut_record = 2000;
	go_on.chunk_count = 1;
	chunk->first = 1;
	chunk->last = chunk->records = 2000;
	snprintf(chunk->state, sizeof chunk->state, "%s", state);
	snprintf(chunk->job, sizeof chunk->job, "750X");
	assert_int_equal(go_on_rows(&go_on), 1);
	go_on_row(&go_on, 0, &row);
	assert_string_equal(row.records, "1-2,000");
	assert_string_equal(row.known, known);
	assert_string_equal(row.happens, happens);
}

/* design.md, "Chunks through Bulk 2.0" and "through collections", as an operator reads it. */
static void what_will_be_done_is_told_for_every_state_of_a_part(void **unused)
{
	(void)unused;
	assert_part("planned", "upsert", "never sent", "send");
	assert_part("building", "upsert", "upload cut; the org never began", "abort the job, send again");
	assert_part("discarding", "upsert", "its job was given up; the org never began",
	            "make sure that it is dead, send again");
	assert_part("closing", "upsert", "handed over; the answer is lost", "ask job 750X, collect");
	assert_part("processing", "upsert", "the org has it, and may have done it", "ask job 750X, collect");
	assert_part("cancelling", "upsert", "its job was told to stop", "ask job 750X, count what it wrote");
	assert_part("collecting", "upsert", "done by the org; results not fetched",
	            "fetch the results of job 750X");
	assert_part("settling", "upsert", "its results are gone or short", "look the records up in the org");
	assert_part("sending", "upsert", "sent; the answer is lost", "send the same call again");
	assert_part("sending", "insert", "sent; the answer is lost", "look the records up in the org");
}

static void the_org_keeps_results_for_a_week(void **unused)
{
	static struct go_on_screen go_on;
	static const char *const states[] = { "planned", "closing", "processing", "building" };

	(void)unused;
	go_on.chunk_count = 4;
	for (int i = 0; i < 4; i++) {
		snprintf(go_on.chunks[i].state, sizeof go_on.chunks[i].state, "%s", states[i]);
		snprintf(go_on.chunks[i].job, sizeof go_on.chunks[i].job, "750X");
		go_on.chunks[i].closed_ms = stage_now - i * MINUTE_MS;
	}
	assert_int_equal(go_on_kept_until(&go_on), stage_now - 2 * MINUTE_MS + INT64_C(7) * 24 * 3600 * 1000);
	go_on.chunk_count = 1;
	assert_int_equal(go_on_kept_until(&go_on), 0);
}

static void a_waiting_run_says_why_and_when_it_tries_again(void **unused)
{
	struct stage stage;
	struct run_screen *screen = open_run(&stage, RUN_WAITING);

	(void)unused;
	add_job(screen, "processing", "750Hp00000AbCdF", 45996, 29400, 31);
	snprintf(screen->run.why, sizeof screen->run.why, "no connection to acme-prod");
	screen->run.next_try_ms = stage_now + 5 * MINUTE_MS;
	assert_sum(&stage);
	stage_golden(&stage, "run_waiting");
	stage_keys(&stage, "p 1");
	assert_int_equal(stage_asked(&stage, EFFECT_ORDER), 1);
	assert_int_equal(stage.done[stage.done_count - 1].order, ORDER_PAUSE_NOW);
	stage_close(&stage);
}

static void records_in_doubt_are_told_each_time(void **unused)
{
	struct stage stage;
	struct run_screen *screen = open_run(&stage, RUN_FINISHED);

	(void)unused;
	end_run(screen, 12);
	screen->run.counts.in_doubt = 2;
	screen->run.counts.written -= 2;
	screen->run.counts.updated -= 2;
	screen->jobs[0].in_doubt = 2;
	add_group(screen, 2, "", "", "");
	screen->groups[1].state = OUTCOME_IN_DOUBT;
	assert_sum(&stage);
	stage_golden_sizes(&stage, "run_in_doubt");
	stage_close(&stage);
}

static void a_paused_and_a_checked_run_can_go_on(void **unused)
{
	struct stage stage;
	struct run_screen *screen = open_run(&stage, RUN_PAUSED);

	(void)unused;
	snprintf(screen->run.why, sizeof screen->run.why, "paused by the operator");
	assert_sum(&stage);
	stage_golden(&stage, "run_paused");
	stage_close(&stage);
	screen = open_run(&stage, RUN_CHECKED);
	screen->run.counts = (struct run_counts){ .records = 48210 };
	screen->run.started_ms = 0;
	screen->job_count = screen->event_count = screen->reason_count = screen->group_count = 0;
	screen->table.count = 0;
	assert_sum(&stage);
	stage_golden(&stage, "run_checked");
	stage_close(&stage);
}

static void an_order_to_a_live_run_is_asked_first(void **unused)
{
	struct stage stage;
	struct run_screen *screen = open_run(&stage, RUN_RUNNING);

	(void)unused;
	add_job(screen, "processing", "750Hp00000AbCdF", 45996, 29400, 31);
	stage_keys(&stage, "X");
	stage_golden(&stage, "run_cancel");
	stage_keys(&stage, "Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_ORDER), 0);
	stage_keys(&stage, "X y");
	assert_int_equal(stage_asked(&stage, EFFECT_ORDER), 1);
	assert_int_equal(stage.done[stage.done_count - 1].order, ORDER_CANCEL);
	stage_keys(&stage, "Ctrl-C");
	assert_int_equal(model_top(&stage.model), SCREEN_RUNS);
	assert_int_equal(stage_asked(&stage, EFFECT_ORDER), 1); /* Ctrl-C never ends a load */
	stage_close(&stage);
}

static void hostile_text_stays_in_its_place(void **unused)
{
	struct stage stage;
	struct run_screen *screen = open_run(&stage, RUN_RUNNING);

	(void)unused;
	snprintf(screen->run.file, sizeof screen->run.file,
	         "/x/\033[31m\u202egpj.exe\u200b_a_very_long_name_that_goes_on_until_it_does_not_fit\r\n.csv");
	snprintf(screen->run.org_name, sizeof screen->run.org_name, "\u6771\u4eac\u672c\u793e\a");
	snprintf(screen->run.object, sizeof screen->run.object, "Con\033]0;x\007tact");
	snprintf(screen->groups[0].text, sizeof screen->groups[0].text,
	         "\033[2J\u202e\u65e5\u672c\u8a9e \xff\xfe e\u0301 \u200b and on and on and on and on and on "
	         "and on");
	snprintf(screen->groups[0].fields, sizeof screen->groups[0].fields, "A\nB\tC__c,\u202eD__c,E__c,F__c");
	snprintf(screen->events[0].text, sizeof screen->events[0].text, "job \033c 1\n done");
	add_job(screen, "processing", "750\033[0mp0", INT64_C(45996), 29400, 31);
	assert_sum(&stage);
	stage_golden_sizes(&stage, "run_hostile");
	for (int i = 0; i < stage.grid.rows * stage.grid.columns; i++)
		if (stage.grid.cells[i].width)
			assert_true(stage.grid.cells[i].text[0] >= 0x20 &&
			            stage.grid.cells[i].text[0] != 0x202e);
	stage_close(&stage);
}

static void mono_and_ascii_tell_the_same(void **unused)
{
	struct stage stage;
	struct run_screen *screen = open_run(&stage, RUN_RUNNING);
	struct err e;

	(void)unused;
	err_init(&e);
	add_job(screen, "processing", "750Hp00000AbCdF", 45996, 29400, 31);
	grid_release(&stage.grid);
	assert_int_equal(grid_init(&stage.grid, 24, 80, true, &e), ERR_OK);
	stage.model.ascii = true;
	stage_golden(&stage, "run_ascii");
	stage_close(&stage);
}

static void a_run_that_cannot_be_read_says_so_and_can_be_left(void **unused)
{
	struct stage stage;

	(void)unused;
	stage_open(&stage, 24, 80, false);
	model_show_run(&stage.model, 12, SCREEN_RUN);
	snprintf(stage.model.run.error, sizeof stage.model.run.error,
	         "the journal /home/ana/.local/state/longshore/journal.sqlite is gone; run 12 cannot be read");
	stage_golden(&stage, "run_unreadable");
	stage_keys(&stage, "p X Enter l");
	assert_int_equal(model_top(&stage.model), SCREEN_RUN);
	assert_int_equal(stage.done_count, 0);
	stage_keys(&stage, "q");
	assert_int_equal(model_top(&stage.model), SCREEN_RUNS);
	stage_close(&stage);
}

/* Run and jobs are read a moment apart: whatever they say, the parts sum up and none is negative. */
static void parts_sum_up_even_where_run_and_jobs_disagree(void **unused)
{
	static struct run_screen screen;
	unsigned seed = 7;

	(void)unused;
	for (int i = 0; i < 20000; i++) {
		struct run_counts *counts = &screen.run.counts;
		int64_t left = counts->records = rand_r(&seed) % 1000;
		struct run_parts parts;

		counts->written = left ? rand_r(&seed) % (left + 1) : 0;
		left -= counts->written;
		counts->failed = left ? rand_r(&seed) % (left + 1) : 0;
		left -= counts->failed;
		counts->skipped = left ? rand_r(&seed) % (left + 1) : 0;
		left -= counts->skipped;
		counts->in_doubt = left ? rand_r(&seed) % (left + 1) : 0;
		counts->to_try_again = rand_r(&seed) % 1500 - 100;
		screen.in_org = rand_r(&seed) % 1500 - 100;
		screen.org_done = rand_r(&seed) % 1500 - 100;
		screen.org_failed = rand_r(&seed) % 1500 - 100;
		parts = run_parts_of(&screen);
		assert_int_equal(parts.records, parts.written + parts.failed + parts.to_try_again +
		                                        parts.in_org + parts.to_go + parts.left_out +
		                                        parts.in_doubt);
		assert_true(parts.to_try_again >= 0 && parts.in_org >= 0 && parts.to_go >= 0);
		assert_true(parts.org_failed >= 0 && parts.org_failed <= parts.org_done &&
		            parts.org_done <= parts.in_org);
	}
}

static void the_rate_is_told_from_what_was_seen(void **unused)
{
	struct stage stage;
	struct run_screen *screen = open_run(&stage, RUN_RUNNING);
	char spark[RUN_SPARK];

	(void)unused;
	assert_int_equal(run_rate(screen), 0);
	for (int second = 0; second < 30; second++) {
		screen->run.counts.written = 1000 + second * 300;
		run_sample(screen, stage_now + second * 1000);
		run_sample(screen, stage_now + second * 1000 + 200); /* too early: not counted */
	}
	assert_int_equal(screen->sample_count, RUN_SAMPLES);
	assert_int_equal(run_rate(screen), 300);
	run_spark(screen, spark);
	assert_int_equal(strlen(spark), 3 * (RUN_SAMPLES - 1));
	screen->run.counts.written = 500; /* a job was given up */
	run_sample(screen, stage_now + 40000);
	assert_int_equal(run_rate(screen), 0);
	stage_close(&stage);
}

static void what_was_left_out_has_words_for_every_rule(void **unused)
{
	(void)unused;
	for (int rule = 0; rule < RULE_COUNT; rule++)
		assert_string_not_equal(run_left_out_word(rule_name((enum rule)rule)),
		                        rule_name((enum rule)rule));
	assert_string_equal(run_left_out_word("blank"), "empty");
}

static void the_keys_of_a_run_are_listed(void **unused)
{
	struct stage stage;
	struct run_screen *screen = open_run(&stage, RUN_FINISHED);

	(void)unused;
	end_run(screen, 0);
	stage_keys(&stage, "? p a u");
	stage_golden(&stage, "help_run");
	stage_keys(&stage, "Enter"); /* refused here: it says why and does nothing */
	assert_true(stage_shows(&stage, "nothing to pause"));
	stage_close(&stage);
}

static void calls_are_no_jobs(void **unused)
{
	struct stage stage;

	(void)unused;
	open_rest_run(&stage, RUN_RUNNING);
	assert_sum(&stage);
	stage_golden_sizes(&stage, "run_rest");
	stage_close(&stage);
	end_run(open_rest_run(&stage, RUN_FINISHED), 12);
	assert_sum(&stage);
	stage_golden(&stage, "run_rest_done");
	assert_false(stage_shows(&stage, "job"));
	assert_false(stage_shows(&stage, "settled"));
	stage_close(&stage);
}

static void the_window_names_the_run_that_is_at_work(void **unused)
{
	struct stage stage;
	char title[RUNS_TITLE];

	(void)unused;
	open_run(&stage, RUN_RUNNING);
	add_job(&stage.model.run, "processing", "750Hp00000AbCdF", 45996, 29400, 31);
	runs_title(&stage.model, title);
	assert_string_equal(title, "▶ 65% contacts_may → acme-prod");
	stage.model.run.now = RUN_FINISHED;
	runs_title(&stage.model, title);
	assert_string_equal(title, "Longshore");
	stage_close(&stage);
}

static void y_offers_what_can_be_copied(void **unused)
{
	struct stage stage;
	struct run *run;

	(void)unused;
	run = &open_run(&stage, RUN_RUNNING)->run;
	snprintf(run->file, sizeof run->file, "/home/ana/it's may.csv");
	snprintf(run->external_id, sizeof run->external_id, "Ext__c");
	stage_keys(&stage, "y");
	stage_golden(&stage, "run_copy");
	stage_keys(&stage, "2");
	assert_string_equal(stage_copied(&stage),
	                    "longshore load '/home/ana/it'\\''s may.csv' --object Contact "
	                    "--action upsert --external-id Ext__c");
	stage_keys(&stage, "y q");
	assert_int_equal(stage_asked(&stage, EFFECT_COPY), 1);
	stage_close(&stage);
}

static void i_tells_all_that_is_known_of_a_run(void **unused)
{
	struct stage stage;
	struct run *run;

	(void)unused;
	run = &open_run(&stage, RUN_RUNNING)->run;
	snprintf(run->file_hash, sizeof run->file_hash, "00112233445566778899aabbccddeeff");
	snprintf(run->org_id, sizeof run->org_id, "00D5f000000AbCdEAK");
	snprintf(run->username, sizeof run->username, "ana@acme.com");
	snprintf(run->user_id, sizeof run->user_id, "0055f000000AbCdEAK");
	snprintf(run->instance_url, sizeof run->instance_url, "https://acme.my.salesforce.com");
	snprintf(run->api_version, sizeof run->api_version, "62.0");
	snprintf(run->version, sizeof run->version, "1.0");
	stage_keys(&stage, "i");
	stage_golden_sizes(&stage, "details_run");
	stage_keys(&stage, "G");
	assert_true(stage_shows(&stage, "▸ API calls"));
	stage_keys(&stage, "Esc");
	assert_int_equal(model_top(&stage.model), SCREEN_RUN);
	stage_close(&stage);
}

static void w_asks_what_and_where_to(void **unused)
{
	struct stage stage;

	(void)unused;
	end_run(open_run(&stage, RUN_FINISHED), 12);
	stage_keys(&stage, "w");
	stage_golden_sizes(&stage, "write_what");
	stage_keys(&stage, "2");
	stage_golden_sizes(&stage, "write_where");
	stage_keys(&stage, "Ctrl-A");
	stage_paste(&stage, "out/q\n");
	stage_keys(&stage, "Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_WRITE), 1);
	assert_string_equal(stage.model.write.path, "out/qcontacts_may_run12_failed.csv");
	assert_string_equal(write_which(stage.model.write.what), "failed");
	assert_false(stage.model.write.replace);
	write_ask_replace(&stage.model);
	stage_golden(&stage, "write_replace");
	stage_keys(&stage, "Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_WRITE), 1);
	write_ask_replace(&stage.model);
	stage_keys(&stage, "y");
	assert_int_equal(stage_asked(&stage, EFFECT_WRITE), 2);
	assert_true(stage.model.write.replace);
	stage_keys(&stage, "w 1 Ctrl-A Ctrl-K Enter");
	assert_true(stage_shows(&stage, "Nothing was written: there is no name"));
	stage_close(&stage);
}

static void tab_goes_from_pane_to_pane(void **unused)
{
	struct stage stage;
	struct run_screen *screen = open_run(&stage, RUN_RUNNING);

	(void)unused;
	add_job(screen, "processing", "750Hp00000AbCdF", 45996, 29400, 31);
	assert_true(stage_shows(&stage, "Enter review"));
	stage_keys(&stage, "Tab");
	assert_true(stage_shows(&stage, "Enter jobs"));
	stage_golden_styles(&stage, "run_pane_jobs_styles");
	stage_keys(&stage, "Enter");
	assert_int_equal(model_top(&stage.model), SCREEN_JOBS);
	assert_int_equal(stage.model.jobs.run, 12);
	stage_keys(&stage, "Esc Tab");
	assert_true(stage_shows(&stage, "Enter records"));
	stage_keys(&stage, "j j");
	assert_true(stage_shows(&stage, "Enter jobs")); /* to try again: the jobs tell where they are */
	stage_keys(&stage, "G k");
	stage_golden_styles(&stage, "run_pane_parts_styles");
	stage_keys(&stage, "Enter");
	assert_int_equal(model_top(&stage.model), SCREEN_RECORDS);
	assert_int_equal(stage.model.records.state, OUTCOME_SKIPPED);
	assert_int_equal(stage.model.records.of, 214);
	stage_keys(&stage, "Esc j Enter"); /* none is in doubt */
	assert_int_equal(model_top(&stage.model), SCREEN_RUN);
	assert_true(stage_shows(&stage, "There is no such record"));
	stage_keys(&stage, "Shift-Tab Shift-Tab");
	assert_true(stage_shows(&stage, "Enter review"));
	stage_close(&stage);
}

static void ask_undo(struct stage *stage, int64_t will)
{
	take_back_ask(&stage->model, 12, true, "1,876 created: 1,832 deleted\nnot undone: e-mails\n", will);
}

static void an_undo_wants_the_number_typed(void **unused)
{
	struct stage stage;

	(void)unused;
	end_run(open_run(&stage, RUN_FINISHED), 12);
	assert_true(stage_shows(&stage, "U undo"));
	stage_keys(&stage, "U");
	assert_int_equal(stage_asked(&stage, EFFECT_UNDO_LOOK), 1);
	ask_undo(&stage, 1832);
	stage_golden_sizes(&stage, "undo_ask");
	stage_keys(&stage, "y Enter");
	assert_true(stage_shows(&stage, "That is not it"));
	stage_keys(&stage, "Backspace 1 8 3 3 Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_UNDO), 0);
	stage_keys(&stage, "Esc");
	assert_int_equal(stage_asked(&stage, EFFECT_UNDO_DROP), 1);
	ask_undo(&stage, 1832);
	stage_keys(&stage, "1 8 3 2 Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_UNDO), 1);
	assert_int_equal(stage.model.dialog.kind, DIALOG_NONE);
	stage_close(&stage);
}

static void where_nothing_can_be_undone_it_is_only_told(void **unused)
{
	struct stage stage;
	struct run_screen *screen;

	(void)unused;
	screen = open_run(&stage, RUN_FINISHED);
	ask_undo(&stage, 0);
	assert_true(stage_shows(&stage, "Nothing to undo in run 12"));
	stage_keys(&stage, "0 Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_UNDO), 0);
	assert_int_equal(stage_asked(&stage, EFFECT_UNDO_DROP), 1);
	screen->run.counts.written = 0;
	stage_keys(&stage, "U");
	assert_true(stage_shows(&stage, "has written nothing"));
	screen->run.counts.written = 7;
	screen->now = RUN_RUNNING;
	stage_keys(&stage, "U");
	assert_true(stage_shows(&stage, "is at work"));
	assert_int_equal(stage_asked(&stage, EFFECT_UNDO_LOOK), 0);
	stage_close(&stage);
}

static void a_run_is_told_in_ten_lines(void **unused)
{
	struct stage stage;
	struct buf b;
	int lines = 0;

	(void)unused;
	end_run(open_run(&stage, RUN_FINISHED), 12);
	snprintf(stage.model.run.run.org_id, 19, "00D5f000000AbCdEAK");
	snprintf(stage.model.run.run.username, 19, "ana@acme.com");
	buf_init(&b, 65536);
	run_summary(&stage.model.run, &b);
	assert_string_equal(buf_text(&b),
	                    "Run 12: contacts_may.csv → Contact upsert\n"
	                    "Org: acme-prod PRODUCTION, 00D5f000000AbCdEAK, as ana@acme.com\n"
	                    "Finished on 3 May 2026 14:05 by ana. 12 failed records to review. Look: longshore "
	                    "show 12\n"
	                    "records         48,210\n"
	                    "written         47,984  71 created, 47,913 updated, 0 deleted\n"
	                    "failed              12\n"
	                    "left out           214\n"
	                    "in doubt             0\n"
	                    "to go                0\n"
	                    "Reasons: 12 x Phone must start with +\n");
	for (size_t i = 0; i < b.len; i++)
		lines += b.at[i] == '\n';
	assert_int_equal(lines, 10);
	buf_release(&b);
	stage_close(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_are_no_jobs),
		cmocka_unit_test(y_offers_what_can_be_copied),
		cmocka_unit_test(i_tells_all_that_is_known_of_a_run),
		cmocka_unit_test(w_asks_what_and_where_to),
		cmocka_unit_test(a_run_is_told_in_ten_lines),
		cmocka_unit_test(an_undo_wants_the_number_typed),
		cmocka_unit_test(where_nothing_can_be_undone_it_is_only_told),
		cmocka_unit_test(tab_goes_from_pane_to_pane),
		cmocka_unit_test(the_window_names_the_run_that_is_at_work),
		cmocka_unit_test(a_live_run_tells_what_is_known_and_what_the_org_says),
		cmocka_unit_test(a_finished_run_is_its_own_summary),
		cmocka_unit_test(failures_of_a_finished_run_lead_to_their_review),
		cmocka_unit_test(a_halted_run_offers_to_go_on_and_nothing_to_cancel),
		cmocka_unit_test(an_interrupted_run_says_that_nobody_works_on_it),
		cmocka_unit_test(what_will_be_done_is_told_for_every_state_of_a_part),
		cmocka_unit_test(the_org_keeps_results_for_a_week),
		cmocka_unit_test(a_waiting_run_says_why_and_when_it_tries_again),
		cmocka_unit_test(records_in_doubt_are_told_each_time),
		cmocka_unit_test(a_paused_and_a_checked_run_can_go_on),
		cmocka_unit_test(an_order_to_a_live_run_is_asked_first),
		cmocka_unit_test(hostile_text_stays_in_its_place),
		cmocka_unit_test(mono_and_ascii_tell_the_same),
		cmocka_unit_test(a_run_that_cannot_be_read_says_so_and_can_be_left),
		cmocka_unit_test(parts_sum_up_even_where_run_and_jobs_disagree),
		cmocka_unit_test(the_rate_is_told_from_what_was_seen),
		cmocka_unit_test(what_was_left_out_has_words_for_every_rule),
		cmocka_unit_test(the_keys_of_a_run_are_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
