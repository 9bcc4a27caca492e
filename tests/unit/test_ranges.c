/* Record numbers as people write them: each once, in order; what is none is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/ranges.h"

/* What a text means, as text again; its sentence if it means nothing. */
static const char *read_as(const char *text)
{
	static char said[1024];
	struct ranges ranges;
	struct err e;
	size_t len = 0;

	err_init(&e);
	said[0] = '\0';
	if (ranges_read(&ranges, slice_of(text), &e) != ERR_OK)
		snprintf(said, sizeof said, "%s", e.text);
	for (size_t i = 0; i < ranges.count && e.code == ERR_OK; i++) {
		const struct range *r = &ranges.list[i];

		len += (size_t)snprintf(said + len, sizeof said - len, "%s%lld-", i ? " " : "",
		                        (long long)r->first);
		if (r->last != INT64_MAX)
			len += (size_t)snprintf(said + len, sizeof said - len, "%lld", (long long)r->last);
	}
	ranges_release(&ranges);
	return said;
}

static void numbers_and_ranges_are_read(void **unused)
{
	(void)unused;
	assert_string_equal(read_as("17"), "17-17");
	assert_string_equal(read_as("1-20"), "1-20");
	assert_string_equal(read_as("40-"), "40-");
	assert_string_equal(read_as("3,5-6 , 9"), "3-3 5-6 9-9");
	assert_string_equal(read_as("\n8\n9 12\n"), "8-9 12-12");
}

static void each_comes_once_and_in_order(void **unused)
{
	(void)unused;
	assert_string_equal(read_as("9,2,5"), "2-2 5-5 9-9");
	assert_string_equal(read_as("5,5,5"), "5-5");
	assert_string_equal(read_as("1-10,3-4,8-12,13"), "1-13");
	assert_string_equal(read_as("7-,3,9-10"), "3-3 7-");
	assert_string_equal(read_as("9223372036854775807,1"), "1-1 9223372036854775807-");
}

static void nothing_said_is_everything(void **unused)
{
	(void)unused;
	assert_string_equal(read_as(""), "1-");
	assert_string_equal(read_as(" , "), "1-");
}

static void what_is_none_is_named(void **unused)
{
	static const char *const wrong[] = { "x",   "0",    "-5",    "5-3", "1-x",
		                             "1.5", "1--2", "5-6-7", "-",   "9223372036854775808" };

	(void)unused;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		char text[64], words[96];

		snprintf(text, sizeof text, "3,%s,4", wrong[i]);
		snprintf(words, sizeof words, "\"%s\" is no record number and no range of them", wrong[i]);
		if (!strstr(read_as(text), words))
			fail_msg("%s: %s", wrong[i], read_as(text));
	}
}

static void a_number_is_found_in_its_range(void **unused)
{
	struct ranges ranges;
	struct err e;

	(void)unused;
	err_init(&e);
	assert_int_equal(ranges_read(&ranges, slice_of("2,5-7,20-"), &e), ERR_OK);
	for (int64_t n = 1; n < 30; n++)
		assert_int_equal(ranges_hold(&ranges, n), n == 2 || (n >= 5 && n <= 7) || n >= 20);
	assert_true(ranges_hold(&ranges, INT64_MAX));
	ranges_release(&ranges);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_and_ranges_are_read),
		cmocka_unit_test(each_comes_once_and_in_order),
		cmocka_unit_test(nothing_said_is_everything),
		cmocka_unit_test(what_is_none_is_named),
		cmocka_unit_test(a_number_is_found_in_its_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
