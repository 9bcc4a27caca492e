/* When a Singer target sends what waits: by number, by size and by a clock that the test moves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ui/command/singer_batch.h"

static int64_t now;

static int64_t moved(void *ctx)
{
	(void)ctx;
	return now;
}

static const struct clock hand = { moved, moved, NULL };

static void nothing_waits_for_ever(void **unused)
{
	struct singer_batch batch = { .clock = &hand };

	(void)unused;
	for (now = 0; now < 200 * 1000; now += 50 * 1000)
		assert_int_equal(singer_batch_patience(&batch), -1);
}

static void ten_thousand_records_or_eight_megabytes_go_at_once(void **unused)
{
	struct singer_batch batch = { .clock = &hand };

	(void)unused;
	now = 0;
	assert_false(singer_batch_add(&batch, 1, 100));
	assert_false(singer_batch_add(&batch, 9999, 8 * 1024 * 1024 - 1));
	assert_true(singer_batch_add(&batch, 10000, 100));
	assert_true(singer_batch_add(&batch, 2, 8 * 1024 * 1024));
}

/* The first that waits counts, not the last: a tap that never rests keeps nobody waiting. */
static void a_minute_after_the_first_all_go(void **unused)
{
	struct singer_batch batch = { .clock = &hand };

	(void)unused;
	now = 5000;
	assert_false(singer_batch_add(&batch, 1, 100));
	assert_int_equal(singer_batch_patience(&batch), 60000);
	now += 59999;
	assert_int_equal(singer_batch_patience(&batch), 1);
	assert_false(singer_batch_add(&batch, 2, 200));
	assert_int_equal(singer_batch_patience(&batch), 1);
	now += 1;
	assert_int_equal(singer_batch_patience(&batch), 0);
	assert_true(singer_batch_add(&batch, 3, 300));
	now += 1000000;
	assert_int_equal(singer_batch_patience(&batch), 0);
	singer_batch_sent(&batch);
	assert_int_equal(singer_batch_patience(&batch), -1);
	assert_false(singer_batch_add(&batch, 1, 100));
	assert_int_equal(singer_batch_patience(&batch), 60000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_waits_for_ever),
		cmocka_unit_test(ten_thousand_records_or_eight_megabytes_go_at_once),
		cmocka_unit_test(a_minute_after_the_first_all_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
