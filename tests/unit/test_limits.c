/* What an org says of its limits, and what it leaves out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "core/org/limits.h"

static struct limits read_text(const char *text)
{
	struct limits l;

	limits_read(&l, slice_of(text));
	return l;
}

static void what_a_real_org_said_is_read(void **unused)
{
	static char text[65536];
	FILE *f = fopen("tests/recorded/swiftlysalesforce/MockLimits.json", "rb");
	struct limits l;

	(void)unused;
	assert_non_null(f);
	text[fread(text, 1, sizeof text - 1, f)] = '\0';
	fclose(f);
	l = read_text(text);
	assert_true(l.calls_most > 0 && l.calls_left > 0 && l.calls_left <= l.calls_most);
	assert_true(l.batches_most > 0 && l.batches_left <= l.batches_most);
	assert_int_equal(l.data_mb_left, 3);
	assert_int_equal(l.data_mb_most, 5);
	assert_true(l.file_mb_most > 0 && l.file_mb_left <= l.file_mb_most);
}

static void apps_within_a_limit_are_no_limit(void **unused)
{
	struct limits l = read_text("{\"DailyApiRequests\":{\"Max\":15000,\"Remaining\":14988,"
	                            "\"Dataloader Bulk\":{\"Max\":0,\"Remaining\":0}},"
	                            "\"DailyBulkApiRequests\":{\"Max\":10,\"Remaining\":3}}");

	(void)unused;
	assert_int_equal(l.calls_left, 14988);
	assert_int_equal(l.calls_most, 15000);
	assert_int_equal(l.batches_left, 3); /* by its older name */
}

static void what_is_not_told_is_unknown(void **unused)
{
	static const char *const texts[] = { "",
		                             "[]",
		                             "{}",
		                             "nonsense",
		                             "{\"DailyApiRequests\":7}",
		                             "{\"DailyApiRequests\":{\"Remaining\":\"many\",\"Max\":-1}}" };

	(void)unused;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct limits l = read_text(texts[i]);

		assert_int_equal(l.calls_left, -1);
		assert_int_equal(l.calls_most, -1);
		assert_int_equal(l.batches_left, -1);
		assert_int_equal(l.data_mb_left, -1);
		assert_int_equal(l.file_mb_most, -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_real_org_said_is_read),
		cmocka_unit_test(apps_within_a_limit_are_no_limit),
		cmocka_unit_test(what_is_not_told_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
