/*
 * fuzz_dates.c - any text as a date, a time, an instant, a span, and as a number in a cell of a workbook with any format: what is read
 * can be written, and is read again as the same. The first byte chooses; a format and a number have a NUL between them.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/when.h"
#include "core/source/sheet_value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DAY_MS = 86400000, FIRST_DAY = -98615, LAST_DAY = 741808 /* 1700-01-01 to 4000-12-31 */ };

static void must(bool so)
{
	if (!so)
		abort();
}

static void must_be_day(int64_t days)
{
	char text[WHEN_TEXT];
	int64_t again;

	must(days >= FIRST_DAY && days <= LAST_DAY);
	when_date_text(days, text);
	must(when_date(slice_of(text), &again) && again == days);
}

static void read_date(struct slice s, enum when_order order)
{
	struct when_text t;
	int64_t days;

	if (when_date(s, &days)) {
		must_be_day(days);
		must(when_read(s, order, &t) && t.days == days && !t.timed);
	}
	if (!when_read(s, order, &t))
		return;
	must_be_day(t.days);
	must(t.ms >= 0 && t.ms < DAY_MS && (t.timed || t.ms == 0));
	must(!t.zoned || (t.east_ms > -2 * DAY_MS && t.east_ms < 2 * DAY_MS));
}

static void read_instant(struct slice s)
{
	char text[WHEN_TEXT], rewritten[WHEN_TEXT];
	int64_t ms, again;

	if (when_instant(s, &ms)) {
		when_salesforce_text(ms, text);
		must(!when_instant(slice_of(text), &again) || again == ms);
		must(when_instant_text(s, rewritten) == strlen(text) && strcmp(rewritten, text) == 0);
	}
	if (when_http(s, &ms)) {
		when_http_text(ms, text);
		must(when_http(slice_of(text), &again) && again == ms);
	}
	if (when_time(s, &ms))
		must(ms >= 0 && ms < DAY_MS);
	if (when_span(s, &ms))
		must(ms >= 1000 && ms <= 365 * (int64_t)DAY_MS);
}

/* What a cell says as a date is a date, but for the day that Excel alone knows. */
static void read_cell(struct slice s, bool from_1904)
{
	const char *nul = s.len ? memchr(s.at, '\0', s.len) : NULL;
	struct slice code = { s.at, nul ? (size_t)(nul - s.at) : 0 };
	struct slice number = { s.at + code.len + (nul != NULL), s.len - code.len - (nul != NULL) };
	struct sheet_format format = sheet_format_of(code);
	struct when_text t;
	struct buf b;

	buf_init(&b, 4 * s.len + 1000);
	if (!sheet_value(&b, number, format, from_1904))
		must(slice_equal(buf_slice(&b), slice_trim(number)));
	else if (b.len >= 10 && b.at[4] == '-' && b.at[7] == '-' && format.kind >= SHEET_DATE &&
	         memcmp(b.at, "1900-02-29", 10) != 0 && b.at[0] < '4')
		must(when_read(buf_slice(&b), WHEN_ISO, &t));
	must(!b.short_of);
	buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice s = { (const char *)data + 1, size - 1 };

	if (size < 1)
		return 0;
	if (data[0] & 1)
		read_cell(s, data[0] & 2);
	else
		read_date(s, (enum when_order)(data[0] >> 1 & 3));
	read_instant(s);
	return 0;
}
