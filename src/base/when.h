/*
 * when.h - dates, times and instants in text. Proleptic Gregorian calendar, UTC, free of locale and time zone files (zone.h has those).
 */
#ifndef LONGSHORE_BASE_WHEN_H
#define LONGSHORE_BASE_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

enum { WHEN_TEXT = 32 };

/* "2026-11-24T03:51:40Z" from milliseconds since 1970; for JSON and the log of the command line. */
void when_utc_text(int64_t utc_ms, char to[WHEN_TEXT]);

/* The same with milliseconds, "2026-11-24T03:51:40.000Z", as Salesforce takes and gives date-times. */
void when_salesforce_text(int64_t utc_ms, char to[WHEN_TEXT]);

/* "24 Nov 2026 03:51" in the machine's zone, and "03:51": for people. */
void when_local_text(int64_t utc_ms, char to[WHEN_TEXT]);
void when_local_clock(int64_t utc_ms, char to[WHEN_TEXT]);

/* The day on the machine's calendar, as days since 1970. */
void when_local_day(int64_t utc_ms, int64_t *days);

/* The next time after `now_ms` that the machine's clock on the wall shows this minute of the day (0 to 1439). */
int64_t when_next_local(int64_t now_ms, int minute_of_day);

/* A date yyyy-MM-dd that exists, 1700-01-01 to 4000-12-31 (Salesforce's range), as days since 1970. */
bool when_date(struct slice s, int64_t *days);

/* An instant: yyyy-MM-ddTHH:mm[:ss[.fraction]] with Z, +hh:mm, +hhmm or -hh:mm; a blank may stand for the T. Without a
 * zone it is refused. Fractions are cut to milliseconds. Salesforce's own "+0000" form is one of these. */
bool when_instant(struct slice s, int64_t *utc_ms);

/* The same instant as when_salesforce_text() writes it; its length, 0 if it is none. */
size_t when_instant_text(struct slice s, char to[WHEN_TEXT]);

/* A time of day HH:mm[:ss[.fraction]] with or without Z, in milliseconds since midnight. */
bool when_time(struct slice s, int64_t *ms);

/* A date as people write it, perhaps with a time of day and a zone. */
enum when_order {
	WHEN_ISO, /* nothing was said: the year first with '-', or day.month.year with dots */
	WHEN_YEAR_FIRST,
	WHEN_MONTH_FIRST,
	WHEN_DAY_FIRST,
};

struct when_text {
	int64_t days; /* since 1970 */
	bool timed;
	int64_t ms; /* since midnight; 0 without a time */
	bool zoned;
	int64_t east_ms; /* how far that zone is ahead of UTC */
};

/* In every order: yyyy-MM-dd, yyyyMMdd, and without a time yyyy-MM and yyyy (the first day). In the order that was said also
 * numbers of one or two digits between '-', '/' or '.', the year with four. Behind the date a T or a blank and HH:mm:ss with a
 * fraction, HH:mm or HH, behind yyyyMMdd also HHmmss and HHmm; and behind that Z or an offset. 1700-01-01 to 4000-12-31. */
bool when_read(struct slice s, enum when_order order, struct when_text *text);

/* Days since 1970 of a day that exists; the year of such a day. */
int64_t when_days(int64_t year, int month, int day);
int64_t when_year(int64_t days);

/* "yyyy-MM-dd" of days since 1970. */
void when_date_text(int64_t days, char to[WHEN_TEXT]);

/* An HTTP date ("Tue, 24 Nov 2026 03:51:40 GMT", RFC 9110) in milliseconds since 1970. */
bool when_http(struct slice s, int64_t *utc_ms);
void when_http_text(int64_t utc_ms, char to[WHEN_TEXT]);

/* "1m 10s", "3h 05m", "40s": a span for people. */
void when_span_text(int64_t ms, char to[WHEN_TEXT]);

/* "45s", "30m", "24h" or "2d" in milliseconds: at least a second, at most 365 days. */
bool when_span(struct slice s, int64_t *ms);

#endif
