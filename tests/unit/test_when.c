/* Dates, times and instants: what is read, what is refused, and that the calendar is the C library's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "base/when.h"

static const int64_t noon = 1795535100000; /* 2026-11-24T15:45:00Z */

static void every_day_has_the_date_of_the_calendar(void **unused)
{
	char text[WHEN_TEXT], expected[WHEN_TEXT];
	int64_t days;

	(void)unused;
	for (int64_t day = -98615; day <= 741777; day++) { /* 1700-01-01 to 4000-12-31 and a little more */
		time_t seconds = (time_t)(day * 86400);
		struct tm tm;

		gmtime_r(&seconds, &tm);
		strftime(expected, sizeof expected, "%Y-%m-%d", &tm);
		when_date_text(day, text);
		assert_string_equal(text, expected);
		if (tm.tm_year + 1900 < 1700 || tm.tm_year + 1900 > 4000)
			continue;
		assert_true(when_date(slice_of(text), &days));
		assert_true(days == day);
	}
}

static void dates_that_do_not_exist_are_refused(void **unused)
{
	static const char *const none[] = { "",           "2026-02-29",  "1900-02-29",  "2026-04-31",
		                            "2026-00-10", "2026-13-01",  "2026-01-00",  "2026-01-32",
		                            "1699-12-31", "4001-01-01",  "2026-1-1",    "26-01-01",
		                            "2026/01/01", "2026-01-01 ", " 2026-01-01", "20260101",
		                            "2026-01-0a", "-026-01-01",  "01.02.2026" };
	int64_t days;

	(void)unused;
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		assert_false(when_date(slice_of(none[i]), &days));
	assert_true(when_date(slice_of("2000-02-29"), &days));
	assert_true(when_date(slice_of("1700-01-01"), &days));
	assert_true(when_date(slice_of("4000-12-31"), &days));
	assert_true(when_date(slice_of("1970-01-01"), &days));
	assert_true(days == 0);
}

static void instant_is(const char *text, int64_t expected)
{
	int64_t ms = 1;

	assert_true(when_instant(slice_of(text), &ms));
	assert_true(ms == expected);
}

static void an_instant_is_read_in_every_zone(void **unused)
{
	(void)unused;
	instant_is("1970-01-01T00:00:00Z", 0);
	instant_is("2026-11-24T15:45Z", noon);
	instant_is("2026-11-24 15:45:00Z", noon);
	instant_is("2026-11-24T15:45:00.000+0000", noon);
	instant_is("2026-11-24T16:45:00+01:00", noon);
	instant_is("2026-11-24T07:45:00.25-08:00", noon + 250);
	instant_is("2026-11-24T21:15:00.1239999+0530", noon + 123);
	instant_is("2026-11-25T00:15:00-0000", noon + 510 * 60000);
	instant_is("1969-12-31T23:59:59.999Z", -1);
}

static void an_instant_without_a_zone_or_that_never_was_is_refused(void **unused)
{
	static const char *const none[] = {
		"2026-11-24",
		"2026-11-24T15:45:00",
		"2026-11-24T15:45:00.000",
		"2026-11-24T24:00:00Z",
		"2026-11-24T15:60Z",
		"2026-11-24T15:45:60Z",
		"2026-11-24T15:45:00.Z",
		"2026-02-30T00:00:00Z",
		"2026-11-24T15Z",
		"2026-11-24T15:45:00Z ",
		"2026-11-24T15:45:00+1",
		"2026-11-24T15:45:00+01",
		"2026-11-24T15:45:00+19:00",
		"2026-11-24T15:45:00+01:60",
		"2026-11-24X15:45:00Z",
		"",
	};
	int64_t ms;

	(void)unused;
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		assert_false(when_instant(slice_of(none[i]), &ms));
}

static void a_time_of_day_may_stand_with_or_without_z(void **unused)
{
	int64_t ms;

	(void)unused;
	assert_true(when_time(slice_of("00:00"), &ms) && ms == 0);
	assert_true(when_time(slice_of("23:59:59.999Z"), &ms) && ms == 86399999);
	assert_true(when_time(slice_of("13:30:05"), &ms) && ms == 48605000);
	assert_false(when_time(slice_of("24:00"), &ms));
	assert_false(when_time(slice_of("1:30"), &ms));
	assert_false(when_time(slice_of("13:30+01:00"), &ms));
	assert_false(when_time(slice_of("13:30 PM"), &ms));
}

static void instants_are_written_as_they_are_read(void **unused)
{
	char text[WHEN_TEXT];
	int64_t ms;

	(void)unused;
	when_utc_text(noon + 999, text);
	assert_string_equal(text, "2026-11-24T15:45:00Z");
	when_salesforce_text(noon + 7, text);
	assert_string_equal(text, "2026-11-24T15:45:00.007Z");
	when_salesforce_text(-1, text);
	assert_string_equal(text, "1969-12-31T23:59:59.999Z");
	for (int64_t at = -8000000000000; at < 60000000000000; at += 987654321987) {
		when_salesforce_text(at, text);
		assert_true(when_instant(slice_of(text), &ms));
		assert_true(ms == at);
	}
	when_salesforce_text(INT64_MIN, text); /* fits all the same */
	assert_string_equal(text, "-292275055-05-16T16:47:04.192Z");
	when_salesforce_text(INT64_MAX, text);
	assert_string_equal(text, "292278994-08-17T07:12:55.807Z");
}

/* An instant at once, as one that is read and written. */
static void an_instant_is_rewritten_as_it_would_be_written(void **unused)
{
	char local[WHEN_TEXT], text[WHEN_TEXT + 8], expected[WHEN_TEXT], found[WHEN_TEXT];
	uint64_t dice = 88172645463325252u;
	int64_t ms;

	(void)unused;
	for (int times = 0; times < 200000; times++) {
		int minutes;

		dice ^= dice << 13;
		dice ^= dice >> 7;
		dice ^= dice << 17;
		minutes = (int)(dice % 2161) - 1080;
		ms = (int64_t)(dice >> 8) % 63000000000000 - 8000000000000; /* 1716 to 3712 */
		when_salesforce_text(ms, local);
		snprintf(text, sizeof text, "%.23s%c%02d:%02d", local, minutes < 0 ? '-' : '+',
		         abs(minutes) / 60, abs(minutes) % 60);
		assert_true(when_instant(slice_of(text), &ms));
		when_salesforce_text(ms, expected);
		assert_int_equal(when_instant_text(slice_of(text), found), strlen(expected));
		assert_string_equal(found, expected);
	}
	assert_int_equal(when_instant_text(slice_of("2026-11-24T15:45:00"), found), 0);
	assert_int_equal(when_instant_text(slice_of("2026-02-29T15:45:00Z"), found), 0);
}

static void http_dates_are_written_and_read(void **unused)
{
	char text[WHEN_TEXT];
	int64_t ms;

	(void)unused;
	when_http_text(784111777000, text); /* the example of RFC 9110 */
	assert_string_equal(text, "Sun, 06 Nov 1994 08:49:37 GMT");
	when_http_text(-1000, text);
	assert_string_equal(text, "Wed, 31 Dec 1969 23:59:59 GMT");
	assert_true(when_http(slice_of("Sun, 06 Nov 1994 08:49:37 GMT"), &ms));
	assert_true(ms == 784111777000);
	assert_false(when_http(slice_of("Sun, 06 Nov 1994 08:49:37"), &ms));
	assert_false(when_http(slice_of("Sun, 31 Nov 1994 08:49:37 GMT"), &ms));
	assert_false(when_http(slice_of("Sunday, 06-Nov-94 08:49:37 GMT"), &ms));
	assert_false(when_http(slice_of(""), &ms));
}

static void people_read_the_machines_zone(void **unused)
{
	char text[WHEN_TEXT];

	(void)unused;
	setenv("TZ", "XST-5:30", 1); /* five and a half hours to the east */
	tzset();
	when_local_text(noon, text);
	assert_string_equal(text, "24 Nov 2026 21:15");
	when_local_clock(noon, text);
	assert_string_equal(text, "21:15");
}

static void span_is(int64_t ms, const char *expected)
{
	char text[WHEN_TEXT];

	when_span_text(ms, text);
	assert_string_equal(text, expected);
}

static void spans_have_two_units_at_most(void **unused)
{
	(void)unused;
	span_is(-5, "0s");
	span_is(40999, "40s");
	span_is(70000, "1m 10s");
	span_is(65000, "1m 05s");
	span_is(11100000, "3h 05m");
	span_is(2 * 86400000 + 3 * 3600000, "2d 03h");
}

static void spans_are_read_with_their_unit(void **unused)
{
	static const char *const wrong[] = { "",     "h",       "24",   "0h",    "-1h",        "1.5h",
		                             "24 h", "24hours", "366d", "1h30m", "9999999999s" };
	int64_t ms;

	(void)unused;
	assert_true(when_span(slice_of("45s"), &ms) && ms == 45000);
	assert_true(when_span(slice_of("30m"), &ms) && ms == 1800000);
	assert_true(when_span(slice_of("24h"), &ms) && ms == 86400000);
	assert_true(when_span(slice_of("365d"), &ms) && ms == INT64_C(31536000000));
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_false(when_span(slice_of(wrong[i]), &ms));
}

struct reading {
	enum when_order order;
	const char *text, *date; /* NULL: not read */
	int minute;              /* of the day, -1 without a time */
	int east;                /* minutes, 9999 without a zone */
};

static void dates_are_read_in_the_order_that_was_said(void **unused)
{
	enum { NONE = 9999 };
	static const struct reading readings[] = {
		{ WHEN_ISO, "2011-10-15", "2011-10-15", -1, NONE },
		{ WHEN_ISO, "20111015", "2011-10-15", -1, NONE },
		{ WHEN_ISO, "2011-10", "2011-10-01", -1, NONE },
		{ WHEN_ISO, "2011", "2011-01-01", -1, NONE },
		{ WHEN_ISO, "31.12.2026", "2026-12-31", -1, NONE },
		{ WHEN_ISO, "1.2.2026", "2026-02-01", -1, NONE },
		{ WHEN_ISO, "2011-10-15T16:08-0300", "2011-10-15", 968, -180 },
		{ WHEN_ISO, "20111015T19z", "2011-10-15", 1140, 0 },
		{ WHEN_ISO, "20111015 190830", "2011-10-15", 1148, NONE },
		{ WHEN_ISO, "20111015T1908+05:30", "2011-10-15", 1148, 330 },
		{ WHEN_ISO, "2011-10-15 19:08:30.5 +0100", "2011-10-15", 1148, 60 },
		{ WHEN_MONTH_FIRST, "07/16/2009 03:14:45-0100", "2009-07-16", 194, -60 },
		{ WHEN_MONTH_FIRST, "2/13/2002", "2002-02-13", -1, NONE },
		{ WHEN_MONTH_FIRST, "02-13-2002", "2002-02-13", -1, NONE },
		{ WHEN_MONTH_FIRST, "2.13.2002", "2002-02-13", -1, NONE },
		{ WHEN_MONTH_FIRST, "2002-02-13", "2002-02-13", -1, NONE },
		{ WHEN_DAY_FIRST, "13/02/2002", "2002-02-13", -1, NONE },
		{ WHEN_DAY_FIRST, "3/2/2002 5:00", NULL, 0, 0 },
		{ WHEN_YEAR_FIRST, "2002/2/3", "2002-02-03", -1, NONE },
		{ WHEN_YEAR_FIRST, "2002.02.03 05", "2002-02-03", 300, NONE },
		{ WHEN_ISO, "02/13/2002", NULL, 0, 0 },
		{ WHEN_ISO, "2002/02/13", NULL, 0, 0 },
		{ WHEN_ISO, "31-12-2026", NULL, 0, 0 },
		{ WHEN_MONTH_FIRST, "13/02/2002", NULL, 0, 0 },
		{ WHEN_DAY_FIRST, "02/13/2002", NULL, 0, 0 },
		{ WHEN_YEAR_FIRST, "31.12.2026", NULL, 0, 0 },
		{ WHEN_MONTH_FIRST, "1/5/20", NULL, 0, 0 },
		{ WHEN_DAY_FIRST, "31.12.26", NULL, 0, 0 },
		{ WHEN_DAY_FIRST, "01/02.2002", NULL, 0, 0 },
		{ WHEN_MONTH_FIRST, "43831", NULL, 0, 0 },
		{ WHEN_ISO, "20A4-11-08", NULL, 0, 0 },
		{ WHEN_ISO, "fofofod", NULL, 0, 0 },
		{ WHEN_ISO, "", NULL, 0, 0 },
		{ WHEN_ISO, "2011-10 12:00", NULL, 0, 0 },
		{ WHEN_ISO, "2011-10-15T1908", NULL, 0, 0 },
		{ WHEN_ISO, "20111015T256000", NULL, 0, 0 },
		{ WHEN_ISO, "2011-02-29", NULL, 0, 0 },
		{ WHEN_ISO, "4001", NULL, 0, 0 },
		{ WHEN_ISO, "2011-10-15 19:08 PDT", NULL, 0, 0 },
	};
	char date[WHEN_TEXT];

	(void)unused;
	for (size_t i = 0; i < sizeof readings / sizeof readings[0]; i++) {
		const struct reading *r = &readings[i];
		struct when_text t;

		if (when_read(slice_of(r->text), r->order, &t) != (r->date != NULL))
			fail_msg("%s", r->text);
		if (!r->date)
			continue;
		when_date_text(t.days, date);
		assert_string_equal(date, r->date);
		assert_int_equal(t.timed, r->minute >= 0);
		assert_int_equal(t.ms / 60000, r->minute < 0 ? 0 : r->minute);
		assert_int_equal(t.zoned, r->east != NONE);
		assert_int_equal(t.east_ms / 60000, r->east == NONE ? 0 : r->east);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_day_has_the_date_of_the_calendar),
		cmocka_unit_test(dates_that_do_not_exist_are_refused),
		cmocka_unit_test(an_instant_is_read_in_every_zone),
		cmocka_unit_test(dates_are_read_in_the_order_that_was_said),
		cmocka_unit_test(an_instant_without_a_zone_or_that_never_was_is_refused),
		cmocka_unit_test(a_time_of_day_may_stand_with_or_without_z),
		cmocka_unit_test(instants_are_written_as_they_are_read),
		cmocka_unit_test(an_instant_is_rewritten_as_it_would_be_written),
		cmocka_unit_test(http_dates_are_written_and_read),
		cmocka_unit_test(people_read_the_machines_zone),
		cmocka_unit_test(spans_have_two_units_at_most),
		cmocka_unit_test(spans_are_read_with_their_unit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
