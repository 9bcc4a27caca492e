/* Where a run stops by itself: what the operator's words mean, and when it is time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

#include "core/engine/bounds.h"

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE };

static int64_t failures_of(const char *text, int64_t records)
{
	struct bounds_failures f;

	assert_true(bounds_failures_read(slice_of(text), &f));
	return bounds_failures_of(&f, records);
}

static void failures_are_a_number_or_a_part(void **unused)
{
	(void)unused;
	assert_int_equal(failures_of("25", 10), 25);
	assert_int_equal(failures_of("2%", 1000), 20);
	assert_int_equal(failures_of("0.5%", 1000), 5);
	assert_int_equal(failures_of("0.001%", 1000000), 10);
	assert_int_equal(failures_of("100%", 7), 7);
}

static void a_part_is_at_least_one_record_and_rounded_up(void **unused)
{
	(void)unused;
	assert_int_equal(failures_of("1%", 3), 1);
	assert_int_equal(failures_of("1%", 101), 2);
	assert_int_equal(failures_of("1%", 0), 1);
	assert_int_equal(failures_of("33.333%", INT64_C(1000000000000)), INT64_C(333330000000));
}

static void other_words_are_refused(void **unused)
{
	static const char *const wrong[] = {
		"",        "0",    "-3",  "+3",   "3.5", "%",    "0%",
		"101%",    "1.%",  ".5%", "1..%", "2 %", "x%",   "1%%",
		"0.0001%", "many", "1e3", "5 ",   " 5",  "000%", "99999999999999999999",
		"10.1.1%"
	};

	(void)unused;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct bounds_failures f;

		if (bounds_failures_read(slice_of(wrong[i]), &f))
			fail_msg("\"%s\" was taken", wrong[i]);
	}
}

static void none_given_halts_nothing(void **unused)
{
	struct bounds_failures none = { 0 };
	struct run run = { .counts = { .records = 10, .failed = 10 } };

	(void)unused;
	assert_int_equal(bounds_failures_of(&none, 10), 0);
	assert_false(bounds_too_many(&run));
	run.stop_at = 11;
	assert_false(bounds_too_many(&run));
	run.stop_at = 10;
	assert_true(bounds_too_many(&run));
}

static void use_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

static int64_t next(const char *text, int64_t now)
{
	int64_t at;

	assert_true(bounds_until_read(slice_of(text), now, &at));
	return at;
}

static void a_time_of_day_is_the_next_one_to_come(void **unused)
{
	const int64_t noon = INT64_C(1795521600000); /* 2026-11-24T12:00:00Z */

	(void)unused;
	use_zone("UTC0");
	assert_int_equal(next("12:01", noon), noon + MINUTE);
	assert_int_equal(next("12:00", noon), noon + 24 * (int64_t)HOUR);
	assert_int_equal(next("11:59", noon + 500), noon + 24 * (int64_t)HOUR - MINUTE);
	assert_int_equal(next("00:00", noon), noon + 12 * (int64_t)HOUR);
	use_zone("XST-5:30");
	assert_int_equal(next("18:00", noon), noon + 30 * (int64_t)MINUTE);
	assert_int_equal(next("06:00", noon), noon + 12 * (int64_t)HOUR + 30 * (int64_t)MINUTE);
}

static void a_day_on_which_the_clocks_change_is_not_24_hours_long(void **unused)
{
	const int64_t eve = INT64_C(1792864800000); /* 2026-10-24T18:00:00Z, 20:00 in Berlin */

	(void)unused;
	use_zone("CET-1CEST,M3.5.0,M10.5.0/3");
	assert_int_equal(next("19:00", eve), eve + 24 * (int64_t)HOUR); /* 19:00 is 18:00Z again */
	use_zone("UTC0");
}

static void what_is_no_time_of_day_is_refused(void **unused)
{
	static const char *const wrong[] = {
		"", "6:00", "24:00", "12:60", "12:00:00", "noon", "12:00Z", "-1:00"
	};
	int64_t at;

	(void)unused;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		if (bounds_until_read(slice_of(wrong[i]), 0, &at))
			fail_msg("\"%s\" was taken", wrong[i]);
}

static void the_first_records_are_cut_and_no_more(void **unused)
{
	struct run run = { .counts = { .records = 100 }, .cut_record = 40 };

	(void)unused;
	assert_int_equal(bounds_last(&run), 100);
	run.first_records = 50;
	assert_int_equal(bounds_last(&run), 50);
	assert_false(bounds_first_cut(&run));
	run.cut_record = 50;
	assert_true(bounds_first_cut(&run));
	run.first_records = 100; /* all of them: the run simply ends */
	run.cut_record = 100;
	assert_false(bounds_first_cut(&run));
}

static struct run tried(enum run_state state)
{
	return (struct run){ .state = state,
		             .counts = { .records = 100 },
		             .first_records = 50,
		             .cut_record = 50,
		             .started_ms = 1 };
}

static void going_on_leads_beyond_the_first_records_once_they_are_settled(void **unused)
{
	struct run run = tried(RUN_PAUSED);

	(void)unused;
	assert_false(bounds_resume(&run, 1, 0)); /* paused in their middle */
	assert_true(bounds_resume(&run, 0, 0));
	assert_int_equal(run.first_records, 0);
	run = tried(RUN_RUNNING); /* it died before it could pause */
	assert_false(bounds_resume(&run, 0, 0));
	assert_int_equal(run.first_records, 50);
	run = tried(RUN_HALTED);
	assert_true(bounds_resume(&run, 0, 0));
}

static void a_time_that_has_passed_holds_back_a_start_but_no_going_on(void **unused)
{
	struct run run = { .state = RUN_CHECKED, .until_ms = 1000 };

	(void)unused;
	assert_false(bounds_late(&run, 999));
	assert_true(bounds_late(&run, 1000));
	assert_false(bounds_resume(&run, 0, 2000));
	assert_int_equal(run.until_ms, 1000);
	run.started_ms = 500;
	run.state = RUN_PAUSED;
	assert_false(bounds_resume(&run, 0, 999));
	assert_true(bounds_resume(&run, 0, 1000));
	assert_int_equal(run.until_ms, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failures_are_a_number_or_a_part),
		cmocka_unit_test(a_part_is_at_least_one_record_and_rounded_up),
		cmocka_unit_test(other_words_are_refused),
		cmocka_unit_test(none_given_halts_nothing),
		cmocka_unit_test(a_time_of_day_is_the_next_one_to_come),
		cmocka_unit_test(a_day_on_which_the_clocks_change_is_not_24_hours_long),
		cmocka_unit_test(what_is_no_time_of_day_is_refused),
		cmocka_unit_test(the_first_records_are_cut_and_no_more),
		cmocka_unit_test(going_on_leads_beyond_the_first_records_once_they_are_settled),
		cmocka_unit_test(a_time_that_has_passed_holds_back_a_start_but_no_going_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
