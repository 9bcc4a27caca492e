/* When the org may be asked: pauses that grow, one probe at a time, limits by their own clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/engine/breaker.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND };

static void one_failure_is_an_accident_and_two_open_it(void **unused)
{
	struct breaker b = { 0 };

	(void)unused;
	assert_false(breaker_failed(&b, false, 0, 100, 0));
	assert_true(breaker_lets(&b, 100));
	assert_int_equal(breaker_next(&b, 100), 100);
	assert_true(breaker_failed(&b, false, 0, 200, 0));
	assert_false(breaker_lets(&b, 200));
	assert_int_equal(breaker_next(&b, 200), 200 + SECOND);
	assert_int_equal(b.down_since, 100);
}

static void a_good_answer_between_them_keeps_it_closed(void **unused)
{
	struct breaker b = { 0 };

	(void)unused;
	for (int i = 0; i < 20; i++) {
		assert_false(breaker_failed(&b, false, 0, i, 0));
		assert_false(breaker_answered(&b, i));
	}
	assert_int_equal(b.down_since, 0);
}

static void while_it_is_open_one_at_a_time_looks(void **unused)
{
	struct breaker b = { 0 };

	(void)unused;
	breaker_failed(&b, false, 0, 0, 0);
	breaker_failed(&b, false, 0, 0, 0);
	assert_true(breaker_lets(&b, SECOND));
	breaker_begin(&b, 0);
	assert_false(breaker_lets(&b, SECOND));
	assert_int_equal(breaker_next(&b, SECOND), INT64_MAX);
	breaker_asked_nothing(&b);
	assert_true(breaker_lets(&b, SECOND));
	breaker_begin(&b, 0);
	assert_true(breaker_answered(&b, SECOND));
	assert_true(breaker_lets(&b, SECOND));
	breaker_begin(&b, 0);
	assert_true(breaker_lets(&b, SECOND)); /* closed: as many as there are */
}

static void pauses_double_up_to_five_minutes(void **unused)
{
	static const int64_t pauses[] = { 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300 };
	struct breaker b = { 0 };
	int64_t now = 0;

	(void)unused;
	breaker_failed(&b, false, 0, ++now, 0);
	for (size_t i = 0; i < sizeof pauses / sizeof pauses[0]; i++) {
		assert_true(breaker_failed(&b, false, 0, now, 0));
		assert_int_equal(breaker_next(&b, now), now + pauses[i] * SECOND);
		now = breaker_next(&b, now);
		breaker_begin(&b, 0);
	}
	assert_int_equal(b.down_since, 1); /* the first failure stands */
}

static void many_that_break_at_once_are_one_pause(void **unused)
{
	struct breaker b = { 0 };

	(void)unused;
	for (int i = 0; i < 8; i++)
		breaker_failed(&b, false, 0, 1000, 0);
	assert_int_equal(breaker_next(&b, 1000), 1000 + SECOND);
}

static void the_orgs_own_word_counts(void **unused)
{
	struct breaker b = { 0 };

	(void)unused;
	assert_true(breaker_failed(&b, false, 7 * SECOND, 0, 12345));
	assert_int_equal(breaker_next(&b, 0), 7 * SECOND);
	b = (struct breaker){ 0 };
	assert_true(breaker_failed(&b, true, INT64_MAX, 0, 0));
	assert_int_equal(breaker_next(&b, 0), 60 * MINUTE); /* within reason */
}

static void a_limit_stands_although_earlier_requests_are_answered(void **unused)
{
	struct breaker b = { 0 };
	int64_t until;

	(void)unused;
	assert_true(breaker_failed(&b, true, 0, 1000, 0));
	until = breaker_next(&b, 1000);
	assert_int_equal(until, 1000 + 2 * SECOND);
	assert_false(breaker_answered(&b, 1500));
	assert_false(breaker_lets(&b, 1500));
	assert_true(breaker_lets(&b, until));
	breaker_begin(&b, 0);
	assert_true(breaker_answered(&b, until));
}

static void a_limit_is_an_answer_so_the_org_is_not_away(void **unused)
{
	struct breaker b = { 0 };

	(void)unused;
	breaker_failed(&b, false, 0, 1000, 0);
	assert_int_equal(b.down_since, 1000);
	breaker_failed(&b, true, 0, 2000, 0);
	assert_int_equal(b.down_since, 0);
}

static void a_broken_connection_ends_with_any_answer(void **unused)
{
	struct breaker b = { 0 };

	(void)unused;
	breaker_failed(&b, false, 0, 0, 0);
	breaker_failed(&b, false, 0, 0, 0);
	assert_true(breaker_answered(&b, 10)); /* one that began before */
	assert_true(breaker_lets(&b, 10));
}

/* As on a laptop that is closed while it waits: only a request that was made after all that time may say that the org is gone. */
static void a_sleep_is_no_absence_of_the_org(void **unused)
{
	const int64_t day = 24 * 60 * MINUTE;
	struct breaker b = { 0 };

	(void)unused;
	breaker_failed(&b, false, 0, MINUTE, 0);
	breaker_failed(&b, false, 0, MINUTE, 0);
	breaker_begin(&b, 2 * MINUTE);
	assert_true(breaker_failed(&b, false, 0, 3 * day, 0)); /* it was on its way meanwhile */
	assert_false(breaker_gone(&b, day));
	breaker_begin(&b, 3 * day + MINUTE);
	assert_false(breaker_gone(&b, day));
	assert_true(breaker_failed(&b, false, 0, 3 * day + MINUTE, 0));
	assert_true(breaker_gone(&b, day));
	breaker_begin(&b, 4 * day);
	assert_true(breaker_answered(&b, 4 * day));
	assert_false(breaker_gone(&b, day));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_failure_is_an_accident_and_two_open_it),
		cmocka_unit_test(a_good_answer_between_them_keeps_it_closed),
		cmocka_unit_test(while_it_is_open_one_at_a_time_looks),
		cmocka_unit_test(pauses_double_up_to_five_minutes),
		cmocka_unit_test(many_that_break_at_once_are_one_pause),
		cmocka_unit_test(the_orgs_own_word_counts),
		cmocka_unit_test(a_limit_stands_although_earlier_requests_are_answered),
		cmocka_unit_test(a_limit_is_an_answer_so_the_org_is_not_away),
		cmocka_unit_test(a_broken_connection_ends_with_any_answer),
		cmocka_unit_test(a_sleep_is_no_absence_of_the_org),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
