/* What happens to the journal and the clock under an open console: taken away, changed by a newer version, a clock that jumps. */
#include "feed_stage.h"

static void a_journal_that_is_taken_away_is_missed(void **unused)
{
	char file[128], away[160];
	struct stage stage;
	struct feed feed;

	(void)unused;
	add_run(10);
	open_stage(&stage, &feed);
	snprintf(file, sizeof file, "%s", in_state("journal.sqlite"));
	snprintf(away, sizeof away, "%s.away", file);
	assert_int_equal(rename(file, away), 0);
	stage_wait(&stage, 2000);
	stage_keys(&stage, "j");
	assert_true(stage_shows(&stage, "was taken away or replaced"));
	assert_int_equal(rename(away, file), 0);
	stage_wait(&stage, 2000);
	stage_keys(&stage, "j");
	assert_false(stage_shows(&stage, "was taken away or replaced"));
	close_stage(&stage);
}

static void a_journal_that_a_newer_version_changed_is_told(void **unused)
{
	struct stage stage;
	struct feed feed;

	(void)unused;
	add_run(10);
	open_stage(&stage, &feed);
	tamper("PRAGMA user_version = 7");
	stage_wait(&stage, 2000);
	stage_keys(&stage, "j");
	assert_true(stage_shows(&stage, "was written by a newer Longshore"));
	assert_non_null(strstr(stage.model.lost, "(journal 7, this one knows 4)"));
	tamper("PRAGMA user_version = 4");
	stage_wait(&stage, 2000);
	stage_keys(&stage, "j");
	assert_false(stage_shows(&stage, "was written by a newer Longshore"));
	close_stage(&stage);
}

static void a_clock_that_jumps_is_not_waited_by(void **unused)
{
	enum { DAY_MS = 24 * 3600 * 1000 };
	struct stage stage;
	struct feed feed;
	char file[128], away[160];

	(void)unused;
	add_run(10);
	open_stage(&stage, &feed);
	snprintf(file, sizeof file, "%s", in_state("journal.sqlite"));
	snprintf(away, sizeof away, "%s.away", file);
	for (int jump = -1; jump <= 1; jump += 2) {
		assert_int_equal(rename(file, away), 0);
		stage.now_ms += jump * DAY_MS;
		stage_wait(&stage, 500);
		stage_keys(&stage, "j");
		assert_false(stage_shows(&stage, "was taken away or replaced")); /* looked at once a second */
		stage_wait(&stage, 600);
		stage_keys(&stage, "j");
		assert_true(stage_shows(&stage, "was taken away or replaced"));
		assert_int_equal(rename(away, file), 0);
		stage_wait(&stage, 1100);
		stage_keys(&stage, "j");
		assert_false(stage_shows(&stage, "was taken away or replaced"));
	}
	snprintf(stage.model.busy, sizeof stage.model.busy, "asking what Contact has");
	stage.model.busy_since_ms = stage.mono_ms;
	stage.now_ms -= DAY_MS;
	stage_wait(&stage, 60000);
	stage_size(&stage, 24, 80);
	assert_true(stage_shows(&stage, "Asking what Contact has … 60 s"));
	close_stage(&stage);
}

#define IN_JOURNAL(test) cmocka_unit_test_setup_teardown(test, make_journal, remove_state)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_JOURNAL(a_journal_that_is_taken_away_is_missed),
		IN_JOURNAL(a_journal_that_a_newer_version_changed_is_told),
		IN_JOURNAL(a_clock_that_jumps_is_not_waited_by),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
