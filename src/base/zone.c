#include "base/zone.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/when.h"

enum { MOST_BYTES = 256 * 1024, MOST_NAME = 64, HEAD = 44, DAY = 86400 };

/* When clocks change in every year: "M3.5.0/2", the last Sunday of March at 2:00. */
struct change {
	int month, week, weekday;
	int second; /* of that day, by the clock that is changed; may be below 0 or beyond the day */
};

/* What holds behind the last change that the file lists (POSIX's TZ). */
struct rule {
	int standard, summer; /* seconds to the east */
	bool has_summer;
	struct change begin, end; /* of summer time */
};

struct zone {
	char name[MOST_NAME];
	size_t count;
	int64_t *at;   /* seconds since 1970 */
	int32_t *east; /* from then on */
	int32_t first; /* before the first one */
	bool has_rule;
	struct rule rule;
};

/* ---- the file ---- */

static int64_t big_endian(const unsigned char *at, int bytes)
{
	uint64_t value = at[0] & 0x80 ? UINT64_MAX : 0;

	for (int i = 0; i < bytes; i++)
		value = value << 8 | at[i];
	return (int64_t)value;
}

static bool take_number(const char **at, int *value)
{
	int n = 0;

	for (*value = 0; **at >= '0' && **at <= '9' && n < 4; n++)
		*value = *value * 10 + (*(*at)++ - '0');
	return n > 0;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool take_span(const char **at, int *seconds)
{
	int sign = **at == '-' ? -1 : 1, hours, minutes = 0, rest = 0;

	if (**at == '-' || **at == '+')
		++*at;
	if (!take_number(at, &hours))
		return false;
	if (**at == ':' && (++*at, !take_number(at, &minutes)))
		return false;
	if (**at == ':' && (++*at, !take_number(at, &rest)))
		return false;
	*seconds = sign * (hours * 3600 + minutes * 60 + rest);
	return hours <= 167 && minutes < 60 && rest < 60;
}

/* "CET" or "<+0330>" */
static bool take_word(const char **at)
{
	const char *start = *at;

	if (**at == '<') {
		*at += strcspn(*at, ">");
		return *(*at)++ == '>';
	}
	while ((**at >= 'A' && **at <= 'Z') || (**at >= 'a' && **at <= 'z'))
		++*at;
	return *at - start >= 3;
}

static bool take_change(const char **at, struct change *c)
{
	c->second = 2 * 3600;
	if (*(*at)++ != ',' || *(*at)++ != 'M' || !take_number(at, &c->month) || *(*at)++ != '.' ||
	    !take_number(at, &c->week) || *(*at)++ != '.' || !take_number(at, &c->weekday))
		return false;
	if (**at == '/' && (++*at, !take_span(at, &c->second)))
		return false;
	return c->month >= 1 && c->month <= 12 && c->week >= 1 && c->week <= 5 && c->weekday <= 6;
}

/* "CET-1CEST,M3.5.0,M10.5.0/3": to the west counts as positive there. */
static bool read_rule(const char *text, struct rule *r)
{
	*r = (struct rule){ 0 };
	if (!take_word(&text) || !take_span(&text, &r->standard))
		return false;
	r->standard = -r->standard;
	if (!*text)
		return true;
	r->has_summer = true;
	if (!take_word(&text))
		return false;
	r->summer = r->standard + 3600;
	if (*text != ',') {
		if (!take_span(&text, &r->summer))
			return false;
		r->summer = -r->summer;
	}
	return take_change(&text, &r->begin) && take_change(&text, &r->end) && !*text;
}

struct counts {
	size_t utc, standard, leap, times, types, letters;
};

static bool read_head(const unsigned char *at, size_t len, struct counts *c)
{
	size_t *to[] = { &c->utc, &c->standard, &c->leap, &c->times, &c->types, &c->letters };

	if (len < HEAD || memcmp(at, "TZif", 4) != 0 || at[4] < '2')
		return false;
	for (int i = 0; i < 6; i++) {
		int64_t n = big_endian(at + 20 + 4 * i, 4);

		if (n < 0 || n > MOST_BYTES)
			return false;
		*to[i] = (size_t)n;
	}
	return c->types > 0;
}

static size_t block_size(const struct counts *c, size_t time)
{
	return c->times * (time + 1) + c->types * 6 + c->letters + c->leap * (time + 4) + c->standard + c->utc;
}

static bool read_times(struct zone *z, const unsigned char *at, const struct counts *c)
{
	const unsigned char *which = at + c->times * 8, *types = which + c->times;

	z->at = calloc(c->times + 1, sizeof *z->at);
	z->east = calloc(c->times + 1, sizeof *z->east);
	if (!z->at || !z->east)
		return false;
	z->first = (int32_t)big_endian(types, 4);
	for (size_t i = 0; i < c->times; i++) {
		if (which[i] >= c->types)
			return false;
		z->at[i] = big_endian(at + 8 * i, 8);
		z->east[i] = (int32_t)big_endian(types + 6 * which[i], 4);
		if (i > 0 && z->at[i] <= z->at[i - 1])
			return false;
		if (z->east[i] < -DAY || z->east[i] > DAY)
			return false;
	}
	z->count = c->times;
	return z->first >= -DAY && z->first <= DAY;
}

/* The first block has times of 4 bytes and is passed over; behind the second one stands the rule, a line of its own. */
static bool read_zone(struct zone *z, struct slice bytes)
{
	const unsigned char *at = (const unsigned char *)bytes.at;
	size_t left = bytes.len, n;
	struct counts c;
	char rule[128];

	if (!read_head(at, left, &c) || left < HEAD + block_size(&c, 4))
		return false;
	n = HEAD + block_size(&c, 4);
	at += n;
	left -= n;
	if (!read_head(at, left, &c) || left < HEAD + block_size(&c, 8) + 2)
		return false;
	if (!read_times(z, at + HEAD, &c))
		return false;
	n = HEAD + block_size(&c, 8);
	at += n;
	left -= n;
	if (at[0] != '\n' || at[left - 1] != '\n' || left - 1 > sizeof rule)
		return false;
	memcpy(rule, at + 1, left - 2);
	rule[left - 2] = '\0';
	z->has_rule = rule[0] != '\0';
	return !z->has_rule || read_rule(rule, &z->rule);
}

struct zone *zone_parse(const char *name, struct slice bytes)
{
	struct zone *z = calloc(1, sizeof *z);

	if (!z)
		return NULL;
	snprintf(z->name, sizeof z->name, "%s", name);
	if (read_zone(z, bytes))
		return z;
	zone_free(z);
	return NULL;
}

void zone_free(struct zone *z)
{
	if (!z)
		return;
	free(z->at);
	free(z->east);
	free(z);
}

const char *zone_name(const struct zone *z)
{
	return z->name;
}

/* The names of zones are paths below the folder: nothing that leads out of it. */
static bool may_be_name(const char *name)
{
	size_t n = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/");

	return n > 0 && n < MOST_NAME && name[n] == '\0' && name[0] != '/';
}

struct zone *zone_open(const char *name)
{
	char path[MOST_NAME + 32];
	struct zone *z = NULL;
	struct buf bytes;
	FILE *f;
	char *to;

	if (!may_be_name(name))
		return NULL;
	snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
	f = fopen(path, "rb");
	if (!f)
		return NULL;
	buf_init(&bytes, MOST_BYTES);
	to = buf_reserve(&bytes, MOST_BYTES);
	if (to) {
		buf_grow(&bytes, fread(to, 1, MOST_BYTES, f));
		z = zone_parse(name, buf_slice(&bytes));
	}
	buf_release(&bytes);
	fclose(f);
	return z;
}

/* ---- what it says ---- */

/* Days since 1970 of the day on which clocks change in that year. */
static int64_t day_of(const struct change *c, int64_t year)
{
	int64_t first = when_days(year, c->month, 1), next;
	int weekday = (int)(((first + 4) % 7 + 7) % 7); /* 1 January 1970 was a Thursday */
	int64_t day = first + (c->weekday - weekday + 7) % 7 + 7 * (int64_t)(c->week - 1);

	next = c->month == 12 ? when_days(year + 1, 1, 1) : when_days(year, c->month + 1, 1);
	while (day >= next)
		day -= 7;
	return day;
}

static int32_t rule_east(const struct rule *r, int64_t utc)
{
	int64_t year, begin, end;
	bool summer;

	if (!r->has_summer)
		return r->standard;
	year = when_year((utc + r->standard - (((utc + r->standard) % DAY) + DAY) % DAY) / DAY);
	begin = day_of(&r->begin, year) * DAY + r->begin.second - r->standard;
	end = day_of(&r->end, year) * DAY + r->end.second - r->summer;
	summer = begin < end ? utc >= begin && utc < end : utc >= begin || utc < end;
	return summer ? r->summer : r->standard;
}

static int32_t east_of(const struct zone *z, int64_t utc)
{
	size_t low = 0, high = z->count;

	if (z->count == 0 || utc >= z->at[z->count - 1]) {
		if (z->has_rule)
			return rule_east(&z->rule, utc);
		return z->count ? z->east[z->count - 1] : z->first;
	}
	if (utc < z->at[0])
		return z->first;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (z->at[middle] <= utc)
			low = middle;
		else
			high = middle;
	}
	return z->east[low];
}

static int64_t seconds_of(int64_t ms)
{
	return ms / 1000 - (ms % 1000 < 0);
}

int64_t zone_east_ms(const struct zone *z, int64_t utc_ms)
{
	return (int64_t)east_of(z, seconds_of(utc_ms)) * 1000;
}

/* The clocks' offset a day before and a day after: where both fit, the time comes twice, where none does, never. */
enum zone_fit zone_instant(const struct zone *z, int64_t local_ms, int64_t *utc_ms)
{
	int64_t local = seconds_of(local_ms);
	int64_t before = east_of(z, local - DAY), after = east_of(z, local + DAY);
	bool fits_before = east_of(z, local - before) == before;
	bool fits_after = east_of(z, local - after) == after;

	if (!fits_before && !fits_after)
		return ZONE_NEVER;
	*utc_ms = local_ms - (fits_before ? before : after) * 1000;
	return fits_before && fits_after && before != after ? ZONE_TWICE : ZONE_ONCE;
}
