#include "core/engine/bounds.h"

#include "base/number.h"
#include "base/when.h"

enum { WHOLE = 100 * 1000 }; /* thousandths of a percent */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "0.5" as 500; false for anything but digits with at most three behind a point. */
static bool read_thousandths(struct slice text, int64_t *value)
{
	int behind = -1;

	*value = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '.' && behind < 0 && i > 0) {
			behind = 0;
			continue;
		}
		if (!is_digit(text.at[i]) || behind == 3 || *value > WHOLE)
			return false;
		*value = *value * 10 + (text.at[i] - '0');
		behind += behind >= 0;
	}
	if (text.len == 0 || behind == 0)
		return false;
	for (behind = behind < 0 ? 0 : behind; behind < 3; behind++)
		*value *= 10;
	return *value > 0 && *value <= WHOLE;
}

bool bounds_failures_read(struct slice text, struct bounds_failures *failures)
{
	*failures = (struct bounds_failures){ 0 };
	if (text.len > 0 && text.at[text.len - 1] == '%')
		return read_thousandths((struct slice){ text.at, text.len - 1 }, &failures->thousandths);
	return text.len > 0 && is_digit(text.at[0]) && number_whole(text, &failures->count) &&
	       failures->count > 0;
}

int64_t bounds_failures_of(const struct bounds_failures *failures, int64_t records)
{
	int64_t whole = records / WHOLE, rest = records % WHOLE; /* so that no product is too large */
	int64_t count = whole * failures->thousandths + (rest * failures->thousandths + WHOLE - 1) / WHOLE;

	if (failures->thousandths == 0)
		return failures->count;
	return count > 0 ? count : 1;
}

bool bounds_until_read(struct slice text, int64_t now_ms, int64_t *utc_ms)
{
	int64_t of_day;

	if (text.len != 5 || !when_time(text, &of_day))
		return false;
	*utc_ms = when_next_local(now_ms, (int)(of_day / 60000));
	return true;
}

int64_t bounds_last(const struct run *run)
{
	int64_t first = run->first_records, all = run->counts.records;

	return first > 0 && first < all ? first : all;
}

bool bounds_first_cut(const struct run *run)
{
	return bounds_last(run) < run->counts.records && run->cut_record >= bounds_last(run);
}

bool bounds_too_many(const struct run *run)
{
	return run->stop_at > 0 && run->counts.failed >= run->stop_at;
}

bool bounds_late(const struct run *run, int64_t now_ms)
{
	return run->until_ms > 0 && now_ms >= run->until_ms;
}

bool bounds_resume(struct run *run, size_t unsettled, int64_t now_ms)
{
	bool stood = run->state == RUN_PAUSED || run->state == RUN_HALTED;
	bool beyond_first = stood && unsettled == 0 && bounds_first_cut(run);
	bool beyond_time = run->started_ms > 0 && bounds_late(run, now_ms);

	if (beyond_first)
		run->first_records = 0;
	if (beyond_time)
		run->until_ms = 0;
	return beyond_first || beyond_time;
}
