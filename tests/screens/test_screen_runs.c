/* Home: who needs somebody comes first, nothing there says what to press, hostile names stay harmless, p and X ask first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "stage.h"

static struct run_line line_of(int64_t id, const char *file, const char *object, const char *action,
                               const char *org, enum run_state now)
{
	struct run_line line = { .id = id, .now = now };

	line.created_ms = stage_now - (100 - id) * 3600000;
	snprintf(line.file, sizeof line.file, "%s", file);
	snprintf(line.object, sizeof line.object, "%s", object);
	snprintf(line.action, sizeof line.action, "%s", action);
	snprintf(line.org, sizeof line.org, "%s", org);
	snprintf(line.by, sizeof line.by, "ana");
	line.production = strcmp(org, "acme-prod") == 0;
	if (run_state_ended(now))
		line.ended_ms = line.created_ms + 1800000;
	return line;
}

static void counts(struct run_line *line, int64_t records, int64_t written, int64_t failed)
{
	line->counts.records = records;
	line->counts.written = line->counts.created = written;
	line->counts.failed = failed;
}

static void take(struct stage *stage, const struct run_line *lines, size_t count)
{
	struct run_line *copy = malloc(count * sizeof *copy);

	assert_non_null(copy);
	memcpy(copy, lines, count * sizeof *copy);
	runs_take(&stage->model.runs, copy, count, false);
}

static void five_runs(struct stage *stage)
{
	struct run_line lines[5] = {
		line_of(12, "contacts_may.csv", "Contact", "upsert", "acme-prod", RUN_RUNNING),
		line_of(11, "accounts.csv", "Account", "insert", "acme-uat", RUN_FINISHED),
		line_of(10, "cases_emea.jsonl", "Case", "insert", "acme-prod", RUN_PAUSED),
		line_of(9, "old_leads.csv", "Lead", "delete", "acme-prod", RUN_FINISHED),
		line_of(8, "contacts_apr.csv", "Contact", "upsert", "acme-prod", RUN_FINISHED),
	};

	counts(&lines[0], 48210, 1981, 12);
	counts(&lines[1], 5000, 4980, 20);
	counts(&lines[2], 9120, 4000, 0);
	counts(&lines[3], 18044, 18044, 0);
	counts(&lines[4], 5020, 5020, 0);
	snprintf(lines[2].why, sizeof lines[2].why, "paused by ben");
	take(stage, lines, 5);
}

static void nothing_yet_says_what_to_press(void **unused)
{
	struct stage stage;

	(void)unused;
	stage_open(&stage, 24, 80, false);
	stage.model.runs.read = true;
	snprintf(stage.model.wizard.no_org, sizeof stage.model.wizard.no_org,
	         "there is nothing to sign in with");
	stage_golden_sizes(&stage, "welcome");
	stage_size(&stage, 24, 80);
	stage.model.orgs.read = true;
	stage_keys(&stage, "j Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_ORGS), 1);
	stage_golden(&stage, "welcome_sign_in");
	stage_keys(&stage, "Esc k Enter");
	stage_golden(&stage, "welcome_practise");
	stage_keys(&stage, "Esc j j Enter");
	assert_int_equal(model_top(&stage.model), SCREEN_FILE);
	assert_int_equal(stage_asked(&stage, EFFECT_BROWSE), 1);
	stage_close(&stage);
}

static void a_load_like_the_run_under_the_cursor_is_begun(void **unused)
{
	struct stage stage;

	(void)unused;
	stage_open(&stage, 24, 80, false);
	five_runs(&stage);
	stage_keys(&stage, "j N");
	assert_int_equal(stage_asked(&stage, EFFECT_LIKE), 1);
	assert_int_equal(stage.done[stage.done_count - 1].run,
	                 stage.model.runs.lines[stage.model.runs.table.cursor].id);
	stage_keys(&stage, "n"); /* and one that is like nothing */
	assert_int_equal(stage_asked(&stage, EFFECT_ANEW), 1);
	assert_int_equal(model_top(&stage.model), SCREEN_FILE);
	stage_close(&stage);
}

static void a_new_load_that_was_left_is_offered(void **unused)
{
	struct stage stage;

	(void)unused;
	stage_open(&stage, 24, 80, false);
	five_runs(&stage);
	snprintf(stage.model.kept, sizeof stage.model.kept, "may.csv → Contact upsert by Ext__c");
	stage_keys(&stage, "n");
	stage_golden_sizes(&stage, "runs_new_load_left");
	stage_keys(&stage, "1");
	assert_int_equal(stage_asked(&stage, EFFECT_TAKE_UP), 1);
	assert_int_equal(model_top(&stage.model), SCREEN_RUNS);
	stage_keys(&stage, "n Esc");
	assert_int_equal(stage_asked(&stage, EFFECT_ANEW), 0);
	stage_keys(&stage, "n 2");
	assert_int_equal(stage_asked(&stage, EFFECT_ANEW), 1);
	assert_int_equal(model_top(&stage.model), SCREEN_FILE);
	stage_close(&stage);
}

static void who_needs_you_comes_first(void **unused)
{
	struct stage stage;

	(void)unused;
	stage_open(&stage, 24, 80, false);
	five_runs(&stage);
	stage_golden_sizes(&stage, "runs");
	stage_size(&stage, 24, 80);
	stage_golden_styles(&stage, "runs_styles");
	stage_close(&stage);
}

static void a_terminal_without_utf8_shows_twins(void **unused)
{
	struct stage stage;

	(void)unused;
	stage_open(&stage, 24, 80, true);
	five_runs(&stage);
	stage_keys(&stage, "j p");
	stage_golden(&stage, "runs_ascii");
	for (int i = 0; i < stage.grid.rows * stage.grid.columns; i++)
		assert_in_range(stage.grid.cells[i].text[0], 0x20, 0x7e);
	stage_close(&stage);
}

static void hostile_names_are_shown_not_obeyed(void **unused)
{
	struct stage stage;
	struct run_line lines[4] = {
		line_of(4, "\033[2J\033[Hclean.csv\r\n", "Con\ttact", "insert", "acme\a-uat", RUN_FINISHED),
		line_of(3, "\u202egpj.exe\u200b\u200b",
		        "\u65e5\u672c\u8a9e\u306e\u9577\u3044\u540d\u524d\u3067\u3059", "upsert",
		        "\u6771\u4eac\u672c\u793e\u306e\u672c\u756a\u74b0\u5883", RUN_HALTED),
		line_of(2, "\xff\xfe\xc3(broken", "e\u0301te\u0301", "insert", "x", RUN_INTERRUPTED),
		line_of(1,
		        "a_very_long_name_of_a_file_that_goes_on_and_on_until_it_does_not_fit_anywhere_at_all_"
		        "2026.csv",
		        "A_Custom_Object_With_A_Rather_Long_Name__c", "update",
		        "the-org-whose-name-nobody-can-remember", RUN_CANCELLED),
	};

	(void)unused;
	counts(&lines[0], INT64_C(1234567890123), 7, INT64_C(1234567890116));
	snprintf(lines[1].why, sizeof lines[1].why, "\033]0;owned\007 \u202efailed");
	stage_open(&stage, 24, 80, false);
	take(&stage, lines, 4);
	stage_golden_sizes(&stage, "runs_hostile");
	for (int i = 0; i < stage.grid.rows * stage.grid.columns; i++)
		if (stage.grid.cells[i].width)
			assert_true(stage.grid.cells[i].text[0] >= 0x20 &&
			            stage.grid.cells[i].text[0] != 0x202e);
	stage_close(&stage);
}

static void narrowing_keeps_the_groups_and_esc_clears_it(void **unused)
{
	struct stage stage;

	(void)unused;
	stage_open(&stage, 24, 80, false);
	five_runs(&stage);
	stage_keys(&stage, "/ c o n t a");
	stage_golden(&stage, "runs_narrowed");
	stage_keys(&stage, "Enter Enter"); /* keeps it, opens the first one */
	assert_int_equal(model_top(&stage.model), SCREEN_RUN);
	assert_int_equal(stage.model.run.id, 12);
	stage_keys(&stage, "Esc Esc");
	assert_int_equal(model_top(&stage.model), SCREEN_RUNS);
	assert_int_equal(stage.model.runs.table.count, 5);
	stage_close(&stage);
}

static void pause_offers_its_choice_and_no_is_the_default(void **unused)
{
	struct stage stage;

	(void)unused;
	stage_open(&stage, 24, 80, false);
	five_runs(&stage);
	stage_keys(&stage, "G k k p"); /* the running one */
	stage_golden(&stage, "runs_pause");
	assert_int_equal(stage_asked(&stage, EFFECT_DRAIN), 1);
	stage_keys(&stage, "Esc");
	assert_int_equal(stage_asked(&stage, EFFECT_ORDER), 0);
	stage_keys(&stage, "p 2");
	assert_int_equal(stage_asked(&stage, EFFECT_ORDER), 1);
	assert_int_equal(stage.done[stage.done_count - 1].order, ORDER_PAUSE);
	assert_int_equal(stage.done[stage.done_count - 1].run, 12);
	stage_keys(&stage, "g j p");
	stage_golden(&stage, "runs_go_on");
	stage_keys(&stage, "Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_GO_ON), 0);
	stage_keys(&stage, "p y");
	assert_int_equal(stage_asked(&stage, EFFECT_GO_ON), 1);
	stage_close(&stage);
}

static void every_state_has_its_sentence(void **unused)
{
	static const struct {
		enum run_state now;
		const char *why, *sentence;
	} cases[] = {
		{ RUN_CHECKED, "", "7: checked, not begun 29 Apr 2026 17:05 by ana. p begins it." },
		{ RUN_RUNNING, "", "7: running since 29 Apr 2026 17:05 by ana." },
		{ RUN_WAITING, "no connection to acme",
		  "7: waits, and tries again at 14:10. Begun 29 Apr 2026 17:05 "
		  "by ana. No connection to acme. 2 failed records to "
		  "review." },
		{ RUN_PAUSED, "paused by ben",
		  "7: paused by ben; begun 29 Apr 2026 17:05 by ana. 2 failed records "
		  "to review. 1,000 to go: p goes on." },
		{ RUN_PAUSED, "the org refused the job: API is off.",
		  "7: paused; begun 29 Apr 2026 17:05 by ana. The "
		  "org refused the job: API is off. 2 failed "
		  "records to review. 1,000 to go: p goes on." },
		{ RUN_HALTED, "",
		  "7: stopped at a failure on 29 Apr 2026 17:35; begun by ana. 2 failed records to "
		  "review. 1,000 to go: p goes on." },
		{ RUN_CANCELLED, "cancelled by ben",
		  "7: cancelled by ben on 29 Apr 2026 17:35; begun by ana. 2 "
		  "failed records to review." },
		{ RUN_INTERRUPTED, "",
		  "7: interrupted: nobody works on it. Begun 29 Apr 2026 17:05 by ana. 2 failed "
		  "records to review. 1,000 to go: p goes on." },
		{ RUN_FINISHED, "", "7: finished on 29 Apr 2026 17:35 by ana. 2 failed records to review." },
	};
	char sentence[RUN_SENTENCE];

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct run_line line = line_of(7, "a.csv", "Account", "insert", "acme", cases[i].now);

		line.next_try_ms = stage_now + 300000;
		counts(&line, 1009, 7, cases[i].now == RUN_CHECKED ? 0 : 2);
		snprintf(line.why, sizeof line.why, "%s", cases[i].why);
		run_sentence(&line, sentence);
		assert_string_equal(sentence, cases[i].sentence);
	}
}

/* The run may end between the question and the answer: what was not asked is not done. */
static void an_answer_means_what_was_asked(void **unused)
{
	struct stage stage;

	(void)unused;
	stage_open(&stage, 24, 80, false);
	five_runs(&stage);
	stage_keys(&stage, "G k k p");
	stage.model.runs.lines[2].now = RUN_INTERRUPTED;
	stage_keys(&stage, "2");
	assert_int_equal(stage_asked(&stage, EFFECT_GO_ON), 0);
	assert_int_equal(stage_asked(&stage, EFFECT_ORDER), 1);
	stage_close(&stage);
}

static void pasted_text_triggers_no_key(void **unused)
{
	struct stage stage;

	(void)unused;
	stage_open(&stage, 24, 80, false);
	five_runs(&stage);
	stage_paste(&stage, "p1qnS\rq");
	assert_int_equal(stage.done_count, 0);
	assert_int_equal(model_top(&stage.model), SCREEN_RUNS);
	stage_keys(&stage, "g j p"); /* a question is open */
	stage_paste(&stage, "y");
	assert_int_equal(stage.model.dialog.kind, DIALOG_ASK);
	assert_int_equal(stage_asked(&stage, EFFECT_GO_ON), 0);
	stage_close(&stage);
}

static void help_lists_the_keys_and_runs_what_it_finds(void **unused)
{
	struct stage stage;

	(void)unused;
	stage_open(&stage, 24, 80, false);
	five_runs(&stage);
	stage_keys(&stage, "?");
	stage_golden_sizes(&stage, "help_runs");
	stage_size(&stage, 24, 80);
	stage_keys(&stage, "n e w Enter");
	assert_int_equal(model_top(&stage.model), SCREEN_FILE);
	stage_close(&stage);
}

static void esc_never_quits_and_q_does_at_the_root(void **unused)
{
	struct stage stage;

	(void)unused;
	stage_open(&stage, 24, 80, false);
	five_runs(&stage);
	stage_keys(&stage, "Esc Esc Esc");
	assert_int_equal(stage_asked(&stage, EFFECT_QUIT), 0);
	stage_keys(&stage, "Enter q");
	assert_int_equal(stage_asked(&stage, EFFECT_QUIT), 0);
	stage_keys(&stage, "Ctrl-C");
	assert_int_equal(stage_asked(&stage, EFFECT_QUIT), 1);
	stage_close(&stage);
}

static void too_small_a_terminal_is_told_in_one_line(void **unused)
{
	struct stage stage;

	(void)unused;
	stage_open(&stage, 10, 40, false);
	five_runs(&stage);
	stage_golden(&stage, "too_small");
	stage_size(&stage, 1, 1);
	stage_golden(&stage, "too_small_1x1");
	stage_size(&stage, 24, 80);
	assert_true(stage_shows(&stage, "need you"));
	stage_close(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_yet_says_what_to_press),
		cmocka_unit_test(who_needs_you_comes_first),
		cmocka_unit_test(a_new_load_that_was_left_is_offered),
		cmocka_unit_test(a_load_like_the_run_under_the_cursor_is_begun),
		cmocka_unit_test(a_terminal_without_utf8_shows_twins),
		cmocka_unit_test(hostile_names_are_shown_not_obeyed),
		cmocka_unit_test(narrowing_keeps_the_groups_and_esc_clears_it),
		cmocka_unit_test(pause_offers_its_choice_and_no_is_the_default),
		cmocka_unit_test(every_state_has_its_sentence),
		cmocka_unit_test(an_answer_means_what_was_asked),
		cmocka_unit_test(pasted_text_triggers_no_key),
		cmocka_unit_test(help_lists_the_keys_and_runs_what_it_finds),
		cmocka_unit_test(esc_never_quits_and_q_does_at_the_root),
		cmocka_unit_test(too_small_a_terminal_is_told_in_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
