/*
 * when.h - dates, times and instants in text. Proleptic Gregorian calendar, UTC, free of locale and time zone files.
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

/* The next time after `now_ms` that the machine's clock on the wall shows this minute of the day (0 to 1439). */
int64_t when_next_local(int64_t now_ms, int minute_of_day);

/* A date yyyy-MM-dd that exists, 1700-01-01 to 4000-12-31 (Salesforce's range), as days since 1970. */
bool when_date(struct slice s, int64_t *days);

/* An instant: yyyy-MM-ddTHH:mm[:ss[.fraction]] with Z, +hh:mm, +hhmm or -hh:mm; a blank may stand for the T. Without a
 * zone it is refused. Fractions are cut to milliseconds. Salesforce's own "+0000" form is one of these. */
bool when_instant(struct slice s, int64_t *utc_ms);

/* A time of day HH:mm[:ss[.fraction]] with or without Z, in milliseconds since midnight. */
bool when_time(struct slice s, int64_t *ms);

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
