/* Time zones: the same answers as the C library's over two centuries, and what local times come never or twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "base/when.h"
#include "base/zone.h"

/* Every day of 1900 to 2150, at an hour that moves, so that days on which clocks change are met on both sides. */
static void compare(const char *name)
{
	struct zone *zone = zone_open(name);

	assert_non_null(zone);
	assert_string_equal(zone_name(zone), name);
	setenv("TZ", name, 1);
	tzset();
	for (int64_t day = -25567, n = 0; day < 65744; day++, n++) {
		time_t seconds = (time_t)(day * 86400 + n % 48 * 1800 + 7);
		struct tm local;

		localtime_r(&seconds, &local);
		if (zone_east_ms(zone, (int64_t)seconds * 1000 + 999) != local.tm_gmtoff * 1000)
			fail_msg("%s at %lld: %lld, not %ld", name, (long long)seconds,
			         (long long)zone_east_ms(zone, (int64_t)seconds * 1000), local.tm_gmtoff);
	}
	zone_free(zone);
}

static void offsets_are_those_of_the_c_library(void **unused)
{
	static const char *const names[] = { "Europe/Berlin",     "America/New_York", "America/Los_Angeles",
		                             "Asia/Tokyo",        "Asia/Kolkata",     "Australia/Lord_Howe",
		                             "America/Sao_Paulo", "Europe/Dublin",    "Pacific/Apia",
		                             "America/Nuuk",      "Asia/Gaza",        "Africa/Casablanca",
		                             "Asia/Kathmandu",    "America/Santiago", "UTC" };

	(void)unused;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		compare(names[i]);
}

static enum zone_fit fit(const char *name, const char *local, const char *utc)
{
	struct zone *zone = zone_open(name);
	struct when_text t;
	char text[WHEN_TEXT];
	enum zone_fit found;
	int64_t ms = 0;

	assert_non_null(zone);
	assert_true(when_read(slice_of(local), WHEN_ISO, &t));
	found = zone_instant(zone, t.days * 86400000 + t.ms, &ms);
	when_utc_text(ms, text);
	if (utc)
		assert_string_equal(text, utc);
	zone_free(zone);
	return found;
}

static void a_local_time_is_an_instant_never_or_twice(void **unused)
{
	(void)unused;
	assert_int_equal(fit("Europe/Berlin", "2026-07-01 12:00", "2026-07-01T10:00:00Z"), ZONE_ONCE);
	assert_int_equal(fit("Europe/Berlin", "2026-01-01 12:00", "2026-01-01T11:00:00Z"), ZONE_ONCE);
	assert_int_equal(fit("Europe/Berlin", "2026-03-29 01:59", "2026-03-29T00:59:00Z"), ZONE_ONCE);
	assert_int_equal(fit("Europe/Berlin", "2026-03-29 02:00", NULL), ZONE_NEVER);
	assert_int_equal(fit("Europe/Berlin", "2026-03-29 02:59", NULL), ZONE_NEVER);
	assert_int_equal(fit("Europe/Berlin", "2026-03-29 03:00", "2026-03-29T01:00:00Z"), ZONE_ONCE);
	assert_int_equal(fit("Europe/Berlin", "2026-10-25 01:59", "2026-10-24T23:59:00Z"), ZONE_ONCE);
	assert_int_equal(fit("Europe/Berlin", "2026-10-25 02:30", "2026-10-25T00:30:00Z"), ZONE_TWICE);
	assert_int_equal(fit("Europe/Berlin", "2026-10-25 03:00", "2026-10-25T02:00:00Z"), ZONE_ONCE);
	assert_int_equal(fit("America/New_York", "2100-03-14 02:30", NULL), ZONE_NEVER);
	assert_int_equal(fit("America/New_York", "2100-11-07 01:30", "2100-11-07T05:30:00Z"), ZONE_TWICE);
	assert_int_equal(fit("Pacific/Apia", "2011-12-30 12:00", NULL), ZONE_NEVER);
	assert_int_equal(fit("Asia/Tokyo", "1948-05-02 00:30", NULL), ZONE_NEVER);
	assert_int_equal(fit("UTC", "1700-01-01", "1700-01-01T00:00:00Z"), ZONE_ONCE);
}

static void what_is_no_zone_is_refused(void **unused)
{
	static const char *const none[] = { "PDT",
		                            "",
		                            "Europe",
		                            "Europe/Atlantis",
		                            "/etc/passwd",
		                            "../etc/passwd",
		                            "europe/berlin\n",
		                            "zone.tab",
		                            "a/../../../../etc/hostname" };
	char file[256] = "TZif2";

	(void)unused;
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		assert_null(zone_open(none[i]));
	assert_null(zone_parse("x", (struct slice){ NULL, 0 }));
	assert_null(zone_parse("x", (struct slice){ file, sizeof file }));
	memset(file + 20, 0x7f, 24);
	assert_null(zone_parse("x", (struct slice){ file, sizeof file }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offsets_are_those_of_the_c_library),
		cmocka_unit_test(a_local_time_is_an_instant_never_or_twice),
		cmocka_unit_test(what_is_no_zone_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
