/* What a number in a cell says by its format: numbers, dates, times, and the codes that tell them apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/when.h"
#include "core/source/sheet_value.h"

static void expect_with(const char *number, struct sheet_format format, bool from_1904, const char *expected)
{
	struct buf b;

	buf_init(&b, 1000);
	sheet_value(&b, slice_of(number), format, from_1904);
	assert_string_equal(buf_text(&b), expected);
	buf_release(&b);
}

static void expect(const char *number, const char *code, const char *expected)
{
	expect_with(number, sheet_format_of(slice_of(code)), false, expected);
}

static void numbers_have_their_shortest_form(void **unused)
{
	(void)unused;
	expect("1234.5", "General", "1234.5");
	expect("1234.50", "#,##0.00 \"EUR\"", "1234.5");
	expect("0", "General", "0");
	expect("-0", "General", "0");
	expect("007", "General", "7");
	expect("+.5", "General", "0.5");
	expect("1E3", "0.00E+00", "1000");
	expect("-1.25E-3", "General", "-0.00125");
	expect("1E+20", "General", "100000000000000000000");
	expect("1E+21", "General", "1E+21");
	expect("-1.2345E-20", "General", "-1.2345E-20");
}

static void numbers_have_the_precision_that_excel_has(void **unused)
{
	(void)unused;
	expect("0.30000000000000004", "General", "0.3");
	expect("0.1", "General", "0.1");
	expect("2.2999999999999998", "General", "2.3");
	expect("99999999999999.95", "General", "100000000000000");
	expect("123456789.12345678", "General", "123456789.123457");
	expect("0.99999999999999999", "General", "1");
	/* a program may write what Excel cannot */
	expect("1234567890123456", "General", "1234567890123456");
	expect("-123456789012345678", "General", "-123456789012345678");
	expect("1.2345678901234567E+18", "General", "1234567890123460000");
}

static void formats_that_change_a_number(void **unused)
{
	(void)unused;
	expect("501", "00000", "00501");
	expect("0", "000", "000");
	expect("123456", "00000", "123456");
	expect("5.5", "00000", "5.5");
	expect("-5", "00000", "-5");
	expect("501", "00000;-0", "00501");
	expect("501", "0", "501");
	expect("501", "000-00", "501");
	expect("0.5", "0%", "50%");
	expect("0.07500", "0.0%", "7.5%");
	expect("1", "0%", "100%");
	expect("0", "0%", "0%");
	expect("-0.001", "0.00%;[Red]-0.00%", "-0.1%");
	expect("0.5", "0.0\"%\"", "0.5");
	expect("0.5", "0\\%", "0.5");
}

static void days_become_dates(void **unused)
{
	(void)unused;
	expect("1", "yyyy-mm-dd", "1900-01-01");
	expect("59", "dd.mm.yy", "1900-02-28");
	expect("60", "dd.mm.yy", "1900-02-29");
	expect("61", "dd.mm.yy", "1900-03-01");
	expect("43831", "m/d/yyyy", "2020-01-01");
	expect("2958465", "d\\. mmmm yyyy", "9999-12-31");
	expect("46053.572997685187", "yyyy-mm-dd hh:mm:ss", "2026-01-31T13:45:07");
	expect("46053", "yyyy-mm-dd hh:mm", "2026-01-31T00:00:00");
	/* what a date does not show is not lost */
	expect("46053.5", "yyyy-mm-dd", "2026-01-31T12:00:00");
	expect("46053.999999999996", "yyyy-mm-dd hh:mm", "2026-02-01T00:00:00");
	expect("46053.0000057870", "yyyy-mm-dd hh:mm", "2026-01-31T00:00:00.500");
	expect("46053.25", "h:mm", "2026-01-31T06:00:00");
	/* no such day */
	expect("0", "yyyy-mm-dd", "0");
	expect("-1", "yyyy-mm-dd", "-1");
	expect("2958466", "yyyy-mm-dd", "2958466");
	expect("1E+300", "yyyy-mm-dd", "1E+300");
	expect("soon", "yyyy-mm-dd", "soon");
}

static void times_and_spans(void **unused)
{
	(void)unused;
	expect("0.25", "h:mm", "06:00:00");
	expect("0.5", "mm:ss", "12:00:00");
	expect("0", "h:mm AM/PM", "00:00:00");
	expect("0.99998842592592592", "h:mm:ss", "23:59:59");
	expect("1.5034722222222223", "[h]:mm:ss", "36:05:00");
	expect("0.5", "[mm]", "12:00:00");
	expect("100", "[hh]:mm", "2400:00:00");
}

static void days_may_count_from_1904(void **unused)
{
	const struct sheet_format date = { SHEET_DATE, 0 }, time = { SHEET_TIME, 0 };

	(void)unused;
	expect_with("0", date, true, "1904-01-01");
	expect_with("42369", date, true, "2020-01-01");
	expect_with("0.5", time, true, "12:00:00");
	expect_with("2957004", date, true, "2957004");
}

static void what_a_code_says(void **unused)
{
	static const struct {
		const char *code;
		enum sheet_kind kind;
	} codes[] = {
		{ "General", SHEET_NUMBER },
		{ "", SHEET_NUMBER },
		{ "@", SHEET_NUMBER },
		{ "#,##0.00;[Red]\\-#,##0.00", SHEET_NUMBER },
		{ "0.00E+00", SHEET_NUMBER },
		{ "\"day\" 0", SHEET_NUMBER },
		{ "0 \\d", SHEET_NUMBER },
		{ "0_d", SHEET_NUMBER },
		{ "[Red]0", SHEET_NUMBER },
		{ "[$-407]0.00", SHEET_NUMBER },
		{ "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", SHEET_DATE },
		{ "[$-409]mmm\\-yy;@", SHEET_DATE },
		{ "mmmm", SHEET_DATE },
		{ "mm", SHEET_DATE },
		{ "[$-F400]h:mm:ss\\ AM/PM", SHEET_TIME },
		{ "mm:ss.0", SHEET_TIME },
		{ "yyyy\"T\"hh", SHEET_DATE_TIME },
		{ "mmm h", SHEET_DATE_TIME },
		{ "[h]:mm", SHEET_ELAPSED },
		{ "[ss]", SHEET_ELAPSED },
		{ "ge.m.d", SHEET_DATE },
		{ "\"unclosed", SHEET_NUMBER },
		{ "[unclosed", SHEET_NUMBER },
		{ "\\", SHEET_NUMBER },
	};
	static const enum sheet_kind built_in[] = {
		[0] = SHEET_NUMBER,     [4] = SHEET_NUMBER, [9] = SHEET_PERCENT, [10] = SHEET_PERCENT,
		[11] = SHEET_NUMBER,    [14] = SHEET_DATE,  [18] = SHEET_TIME,   [21] = SHEET_TIME,
		[22] = SHEET_DATE_TIME, [27] = SHEET_DATE,  [45] = SHEET_TIME,   [46] = SHEET_ELAPSED,
		[47] = SHEET_TIME,
	};
	static const int numbers[] = { 0, 4, 9, 10, 11, 14, 18, 21, 22, 27, 45, 46, 47 };

	(void)unused;
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		if (sheet_format_of(slice_of(codes[i].code)).kind != codes[i].kind)
			fail_msg("\"%s\" is %d", codes[i].code, sheet_format_of(slice_of(codes[i].code)).kind);
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		assert_int_equal(sheet_format_built_in(numbers[i]).kind, built_in[numbers[i]]);
	assert_int_equal(sheet_format_built_in(-1).kind, SHEET_NUMBER);
	assert_int_equal(sheet_format_built_in(164).kind, SHEET_NUMBER);
}

/* Every day, and every second of one, is the day and the second that the calendar says. */
static void every_day_is_read_as_it_is_written(void **unused)
{
	const struct sheet_format format = { SHEET_DATE_TIME, 0 };
	char number[32], expected[WHEN_TEXT];
	struct buf b;

	(void)unused;
	buf_init(&b, 1000);
	for (int day = 61; day < 300000; day += 7) {
		int second = day % 86400;

		buf_clear(&b);
		snprintf(number, sizeof number, "%.17g", day + second / 86400.0);
		assert_true(sheet_value(&b, slice_of(number), format, false));
		when_utc_text((int64_t)(day - 25569) * 86400000 + second * 1000, expected);
		expected[strlen(expected) - 1] = '\0'; /* the Z */
		assert_string_equal(buf_text(&b), expected);
	}
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_have_their_shortest_form),
		cmocka_unit_test(numbers_have_the_precision_that_excel_has),
		cmocka_unit_test(formats_that_change_a_number),
		cmocka_unit_test(days_become_dates),
		cmocka_unit_test(times_and_spans),
		cmocka_unit_test(days_may_count_from_1904),
		cmocka_unit_test(what_a_code_says),
		cmocka_unit_test(every_day_is_read_as_it_is_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
