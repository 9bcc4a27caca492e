/* Which texts are numbers, how many digits they have, and which of them are equal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/number.h"

static void whole_is(const char *text, int64_t expected)
{
	int64_t value = 7;

	assert_true(number_whole(slice_of(text), &value));
	assert_true(value == expected);
}

static void whole_numbers_are_read_to_the_last_that_fits(void **unused)
{
	static const char *const none[] = { "",
		                            "-",
		                            "+",
		                            "1.0",
		                            " 1",
		                            "1 ",
		                            "1,000",
		                            "0x",
		                            "1e3",
		                            "--1",
		                            "9223372036854775808",
		                            "-9223372036854775809",
		                            "99999999999999999999" };
	int64_t value;

	(void)unused;
	whole_is("0", 0);
	whole_is("-0", 0);
	whole_is("+42", 42);
	whole_is("007", 7);
	whole_is("9223372036854775807", INT64_MAX);
	whole_is("-9223372036854775808", INT64_MIN);
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		assert_false(number_whole(slice_of(none[i]), &value));
}

static void shape_is(const char *text, int whole, int fraction)
{
	struct number_shape shape = { -1, -1 };

	assert_true(number_decimal(slice_of(text), &shape));
	assert_int_equal(shape.whole, whole);
	assert_int_equal(shape.fraction, fraction);
}

static void digits_are_counted_where_the_value_has_them(void **unused)
{
	(void)unused;
	shape_is("0", 0, 0);
	shape_is("-0.00", 0, 0);
	shape_is("0E99", 0, 0);
	shape_is("-12.50", 2, 1);
	shape_is("1.2E3", 4, 0);
	shape_is("1.2e-3", 0, 4);
	shape_is(".5", 0, 1);
	shape_is("5.", 1, 0);
	shape_is("+100", 3, 0);
	shape_is("0100.0010", 3, 3);
	shape_is("0.05", 0, 2);
	shape_is("123456E-3", 3, 3);
	shape_is("12.345E+2", 4, 1);
	shape_is("12.345E+0002", 4, 1);
}

static void what_is_no_number_is_refused(void **unused)
{
	static const char *const none[] = { "",         ".",    "-",     "+.",  "12abc", "1,000", "NaN",
		                            "Infinity", "1e",   "1e+",   "e5",  ".e5",   "1.2.3", " 1",
		                            "1 ",       "0x10", "1e5.0", "--1", "1_0",   "１",    "1E99999" };
	struct number_shape shape;
	char to[64];

	(void)unused;
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		assert_false(number_decimal(slice_of(none[i]), &shape));
		assert_false(number_canonical(slice_of(none[i]), to, sizeof to));
	}
}

static void canonical_is(const char *text, const char *expected)
{
	char to[64];

	assert_true(number_canonical(slice_of(text), to, sizeof to));
	assert_string_equal(to, expected);
}

static void equal_numbers_have_one_spelling(void **unused)
{
	static const char *const same[] = { "912260031",     "9.12260031E8",   "+912260031.000", "0912260031",
		                            "0.912260031e9", "91226003100E-2", "912260031." };

	(void)unused;
	for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
		canonical_is(same[i], "912260031E0");
	canonical_is("-0.0", "0E0");
	canonical_is("0", "0E0");
	canonical_is("1000", "1E3");
	canonical_is("-12.50", "-125E-1");
	canonical_is("0.001", "1E-3");
	canonical_is("10.01", "1001E-2");
}

static void a_spelling_that_does_not_fit_is_refused_not_cut(void **unused)
{
	char to[64];

	(void)unused;
	canonical_is("-1234567890123456789.012345678901234567891E-4321",
	             "-1234567890123456789012345678901234567891E-4342");
	for (size_t size = 0; size < 9; size++) {
		memset(to, 'x', sizeof to);
		assert_int_equal(number_canonical(slice_of("-12.345"), to, size), size > 8);
		assert_int_equal(to[size], 'x');
	}
	assert_true(number_canonical(slice_of("-12.345"), to, 10));
	assert_string_equal(to, "-12345E-3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_numbers_are_read_to_the_last_that_fits),
		cmocka_unit_test(digits_are_counted_where_the_value_has_them),
		cmocka_unit_test(what_is_no_number_is_refused),
		cmocka_unit_test(equal_numbers_have_one_spelling),
		cmocka_unit_test(a_spelling_that_does_not_fit_is_refused_not_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
