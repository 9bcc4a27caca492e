#include "base/when.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { MS_SECOND = 1000, MS_MINUTE = 60 * MS_SECOND, MS_HOUR = 60 * MS_MINUTE };

static const int64_t MS_DAY = 24 * (int64_t)MS_HOUR;

static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
	                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
static const char weekdays[7][4] = {
	"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"
}; /* of 1 January 1970 and on */

struct civil {
	int64_t year;
	int month; /* 1 to 12 */
	int day;
};

static int64_t floor_divide(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static int64_t floor_rest(int64_t a, int64_t b)
{
	return a % b < 0 ? a % b + b : a % b;
}

/* Days of the months before one, in a year that begins on 1 March, so that the leap day comes last. */
static int days_before(int march_month)
{
	return (153 * march_month + 2) / 5;
}

/*
 * Both count from 1 March of a year before the first of which an int64_t holds the milliseconds, 292,275,055 years before the year 0, so
 * that nothing is below zero: divisions of what has a sign would take most of the time of a date.
 */
enum { YEARS_400 = 146097 /* days in 400 years */, CYCLES_BEFORE = 1000000 };

/* 719,468 days lie between 1 March of the year 0 and 1 January 1970. */
static const int64_t days_before_1970 = 719468 + (int64_t)CYCLES_BEFORE * YEARS_400;

static int64_t days_of(struct civil date)
{
	uint64_t year = (uint64_t)(date.year - (date.month <= 2) + 400 * CYCLES_BEFORE);
	int day = days_before(date.month > 2 ? date.month - 3 : date.month + 9) + date.day - 1;

	return (int64_t)(365 * year + year / 4 - year / 100 + year / 400) + day - days_before_1970;
}

static struct civil date_of(int64_t days)
{
	uint64_t since = (uint64_t)(days + days_before_1970);
	uint64_t cycles = since / YEARS_400;
	uint32_t day = (uint32_t)(since - cycles * YEARS_400);
	uint32_t year = (day - day / 1460 + day / 36524 - day / (YEARS_400 - 1)) / 365;
	int left = (int)(day - (365 * year + year / 4 - year / 100));
	int month = (5 * left + 2) / 153;

	return (struct civil){
		.year = ((int64_t)cycles - CYCLES_BEFORE) * 400 + year + (month >= 10),
		.month = month < 10 ? month + 3 : month - 9,
		.day = left - days_before(month) + 1,
	};
}

static int days_in_month(int64_t year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

/* A number of so many digits, and what stands behind it; returns the place behind that. printf would take most of the time of a date. */
static char *put_digits(char *to, int64_t number, int digits, char behind)
{
	for (int i = digits - 1; i >= 0; i--) {
		to[i] = (char)('0' + number % 10);
		number /= 10;
	}
	to[digits] = behind;
	return to + digits + 1;
}

static char *put_two(char *to, int number, char behind)
{
	to[0] = (char)('0' + number / 10);
	to[1] = (char)('0' + number % 10);
	to[2] = behind;
	return to + 3;
}

/* "2026-11-24" and `behind`; returns the place behind that. Years beyond four digits are nothing that is read here, but may be asked for. */
static char *put_day(char *to, int64_t days, char behind)
{
	struct civil d = date_of(days);

	if (d.year < 0 || d.year > 9999)
		return to +
		       snprintf(to, WHEN_TEXT, "%04lld-%02d-%02d%c", (long long)d.year, d.month, d.day, behind);
	to = put_digits(to, d.year, 4, '-');
	to = put_two(to, d.month, '-');
	return put_two(to, d.day, behind);
}

void when_date_text(int64_t days, char to[WHEN_TEXT])
{
	put_day(to, days, '\0');
}

/* "03:51:40" and `behind`. */
static char *put_time(char *to, int64_t ms, char behind)
{
	int s = (int)(ms / MS_SECOND);

	to = put_two(to, s / 3600, ':');
	to = put_two(to, s / 60 % 60, ':');
	return put_two(to, s % 60, behind);
}

/* "2026-11-24T03:51:40" and `behind`; returns the place behind that. */
static char *put_second(char *to, int64_t utc_ms, char behind)
{
	to = put_day(to, floor_divide(utc_ms, MS_DAY), 'T');
	return put_time(to, floor_rest(utc_ms, MS_DAY), behind);
}

void when_utc_text(int64_t utc_ms, char to[WHEN_TEXT])
{
	*put_second(to, utc_ms, 'Z') = '\0';
}

void when_salesforce_text(int64_t utc_ms, char to[WHEN_TEXT])
{
	*put_digits(put_second(to, utc_ms, '.'), floor_rest(utc_ms, MS_SECOND), 3, 'Z') = '\0';
}

static struct tm local_of(int64_t utc_ms)
{
	time_t seconds = (time_t)floor_divide(utc_ms, MS_SECOND);
	struct tm local = { 0 };

	localtime_r(&seconds, &local);
	return local;
}

void when_local_text(int64_t utc_ms, char to[WHEN_TEXT])
{
	struct tm t = local_of(utc_ms);

	snprintf(to, WHEN_TEXT, "%d %s %d %02d:%02d", t.tm_mday, months[t.tm_mon], 1900 + t.tm_year, t.tm_hour,
	         t.tm_min);
}

void when_local_clock(int64_t utc_ms, char to[WHEN_TEXT])
{
	struct tm t = local_of(utc_ms);

	snprintf(to, WHEN_TEXT, "%02d:%02d", t.tm_hour, t.tm_min);
}

void when_local_day(int64_t utc_ms, int64_t *days)
{
	struct tm t = local_of(utc_ms);

	*days = days_of((struct civil){ 1900 + t.tm_year, t.tm_mon + 1, t.tm_mday });
}

int64_t when_next_local(int64_t now_ms, int minute_of_day)
{
	struct tm t = local_of(now_ms);
	int64_t found = now_ms;

	for (int days = 0; days < 3 && found <= now_ms; days++) {
		t.tm_mday += days > 0;
		t.tm_hour = minute_of_day / 60;
		t.tm_min = minute_of_day % 60;
		t.tm_sec = 0;
		t.tm_isdst = -1; /* a day on which the clocks change is not 24 hours long */
		found = (int64_t)mktime(&t) * MS_SECOND;
	}
	return found;
}

static inline bool take_one(struct slice *s, int *value)
{
	if (s->len == 0 || s->at[0] < '0' || s->at[0] > '9')
		return false;
	*value = s->at[0] - '0';
	s->at++;
	s->len--;
	return true;
}

/* Exactly two digits: most of what stands in dates. */
static inline bool take_two(struct slice *s, int *value)
{
	unsigned tens, ones;

	if (s->len < 2)
		return false;
	tens = (unsigned)(s->at[0] - '0');
	ones = (unsigned)(s->at[1] - '0');
	if (tens > 9 || ones > 9)
		return false;
	*value = (int)(tens * 10 + ones);
	s->at += 2;
	s->len -= 2;
	return true;
}

static inline bool take_year(struct slice *s, int *value)
{
	int century, year;

	if (!take_two(s, &century) || !take_two(s, &year))
		return false;
	*value = century * 100 + year;
	return true;
}

static inline bool take_char(struct slice *s, char c)
{
	if (s->len == 0 || s->at[0] != c)
		return false;
	s->at++;
	s->len--;
	return true;
}

/* Salesforce's range. */
static bool to_days(struct civil d, int64_t *days)
{
	if (d.year < 1700 || d.year > 4000 || d.month < 1 || d.month > 12 || d.day < 1 ||
	    (d.day > 28 && d.day > days_in_month(d.year, d.month)))
		return false;
	*days = days_of(d);
	return true;
}

/* The number of two digits; *bad is set where these are none. */
static inline int pair(const char *at, unsigned *bad)
{
	unsigned tens = (unsigned)(at[0] - '0'), ones = (unsigned)(at[1] - '0');

	*bad |= (tens > 9) | (ones > 9);
	return (int)(tens * 10 + ones);
}

static bool take_date(struct slice *s, int64_t *days)
{
	const size_t len = sizeof "yyyy-MM-dd" - 1;
	struct civil date;
	unsigned bad;

	if (s->len < len)
		return false;
	bad = (s->at[4] != '-') | (s->at[7] != '-');
	date.year = pair(s->at, &bad) * 100;
	date.year += pair(s->at + 2, &bad);
	date.month = pair(s->at + 5, &bad);
	date.day = pair(s->at + 8, &bad);
	s->at += len;
	s->len -= len;
	return !bad && to_days(date, days);
}

/* ".25" in milliseconds, cut: 250. Any number of digits. */
static bool take_fraction(struct slice *s, int *ms)
{
	int digit, worth = 100;

	*ms = 0;
	if (!take_char(s, '.'))
		return true;
	if (!take_one(s, &digit))
		return false;
	do {
		*ms += digit * worth;
		worth /= 10;
	} while (take_one(s, &digit));
	return true;
}

/* HH:mm[:ss[.fraction]] */
static bool take_time(struct slice *s, int64_t *ms)
{
	int hour, minute, second = 0, fraction = 0;

	if (!take_two(s, &hour) || !take_char(s, ':') || !take_two(s, &minute))
		return false;
	if (take_char(s, ':') && (!take_two(s, &second) || !take_fraction(s, &fraction)))
		return false;
	if (hour > 23 || minute > 59 || second > 59)
		return false;
	*ms = (int64_t)hour * MS_HOUR + minute * MS_MINUTE + second * MS_SECOND + fraction;
	return true;
}

/* Z, +hh:mm or +hhmm, in milliseconds to the east of Greenwich; up to 18 hours, as far as ISO zones go in Java. */
static bool take_zone(struct slice *s, int64_t *ms)
{
	int hours, minutes;
	bool west;

	*ms = 0;
	if (take_char(s, 'Z'))
		return true;
	west = take_char(s, '-');
	if ((!west && !take_char(s, '+')) || !take_two(s, &hours))
		return false;
	take_char(s, ':');
	if (!take_two(s, &minutes) || minutes > 59 || hours * 60 + minutes > 18 * 60)
		return false;
	*ms = ((int64_t)hours * MS_HOUR + minutes * MS_MINUTE) * (west ? -1 : 1);
	return true;
}

bool when_date(struct slice s, int64_t *days)
{
	int64_t found;

	if (!take_date(&s, &found) || s.len > 0)
		return false;
	*days = found;
	return true;
}

bool when_time(struct slice s, int64_t *ms)
{
	int64_t found;

	if (!take_time(&s, &found))
		return false;
	take_char(&s, 'Z');
	if (s.len > 0)
		return false;
	*ms = found;
	return true;
}

/* The day and the time on its clock, and how far that is ahead of UTC. */
static inline bool take_instant(struct slice s, int64_t *days, int64_t *ms, int64_t *east_ms)
{
	return take_date(&s, days) && (take_char(&s, 'T') || take_char(&s, ' ')) && take_time(&s, ms) &&
	       take_zone(&s, east_ms) && s.len == 0;
}

bool when_instant(struct slice s, int64_t *utc_ms)
{
	int64_t days, ms, east;

	if (!take_instant(s, &days, &ms, &east))
		return false;
	*utc_ms = days * MS_DAY + ms - east;
	return true;
}

/* Where it is the same day in UTC, its text stays. */
size_t when_instant_text(struct slice s, char to[WHEN_TEXT])
{
	int64_t days, ms, east;
	char *end;

	if (!take_instant(s, &days, &ms, &east))
		return 0;
	ms -= east;
	if (ms >= 0 && ms < MS_DAY) {
		memcpy(to, s.at, sizeof "yyyy-MM-dd" - 1);
		to[sizeof "yyyy-MM-dd" - 1] = 'T';
		end = to + sizeof "yyyy-MM-ddT" - 1;
	} else {
		end = put_day(to, days + floor_divide(ms, MS_DAY), 'T');
		ms = floor_rest(ms, MS_DAY);
	}
	end = put_time(end, ms, '.');
	end = put_digits(end, ms % MS_SECOND, 3, 'Z');
	*end = '\0';
	return (size_t)(end - to);
}

int64_t when_days(int64_t year, int month, int day)
{
	return days_of((struct civil){ year, month, day });
}

int64_t when_year(int64_t days)
{
	return date_of(days).year;
}

/* One or two digits. */
static bool take_short(struct slice *s, int *value)
{
	return take_two(s, value) || take_one(s, value);
}

static size_t leading_digits(struct slice s)
{
	size_t n = 0;

	while (n < s.len && s.at[n] >= '0' && s.at[n] <= '9')
		n++;
	return n;
}

/* The year first. *packed: without anything between the numbers; *whole: a time may follow. */
static bool take_year_first(struct slice *s, enum when_order order, struct civil *d, bool *packed, bool *whole)
{
	size_t digits = leading_digits(*s);
	int year;
	char c;

	*packed = digits == 8;
	*whole = true;
	if (*packed)
		return take_year(s, &year) && (d->year = year, take_two(s, &d->month)) && take_two(s, &d->day);
	if (digits != 4 || !take_year(s, &year))
		return false;
	d->year = year;
	d->month = d->day = 1;
	*whole = false;
	if (s->len == 0)
		return true;
	c = s->at[0];
	if (c != '-' && (order != WHEN_YEAR_FIRST || (c != '/' && c != '.')))
		return false;
	take_char(s, c);
	if (order == WHEN_YEAR_FIRST ? !take_short(s, &d->month) : !take_two(s, &d->month))
		return false;
	if (s->len == 0)
		return c == '-';
	*whole = true;
	return take_char(s, c) && (order == WHEN_YEAR_FIRST ? take_short(s, &d->day) : take_two(s, &d->day));
}

/* The year last. Dots mean day first where nothing was said. */
static bool take_year_last(struct slice *s, enum when_order order, struct civil *d)
{
	int first, second, year;
	char c;

	if (!take_short(s, &first) || s->len == 0)
		return false;
	c = s->at[0];
	if (order == WHEN_ISO ? c != '.' : c != '/' && c != '-' && c != '.')
		return false;
	if (!take_char(s, c) || !take_short(s, &second) || !take_char(s, c) || leading_digits(*s) != 4 ||
	    !take_year(s, &year))
		return false;
	d->year = year;
	d->month = order == WHEN_MONTH_FIRST ? first : second;
	d->day = order == WHEN_MONTH_FIRST ? second : first;
	return true;
}

/* HHmmss, HHmm or HH. */
static bool take_packed_time(struct slice *s, int64_t *ms)
{
	int hour, minute = 0, second = 0;
	size_t digits = leading_digits(*s);

	if ((digits != 2 && digits != 4 && digits != 6) || !take_two(s, &hour))
		return false;
	if ((digits > 2 && !take_two(s, &minute)) || (digits > 4 && !take_two(s, &second)))
		return false;
	*ms = (int64_t)hour * MS_HOUR + minute * MS_MINUTE + second * MS_SECOND;
	return hour <= 23 && minute <= 59 && second <= 59;
}

static bool take_any_time(struct slice *s, bool packed, int64_t *ms)
{
	size_t digits = leading_digits(*s);

	if (digits == 2 && s->len > 2 && s->at[2] == ':')
		return take_time(s, ms);
	return (digits == 2 || packed) && take_packed_time(s, ms);
}

bool when_read(struct slice s, enum when_order order, struct when_text *t)
{
	bool packed = false, whole = true;
	struct civil d = { 0 };

	*t = (struct when_text){ 0 };
	if (leading_digits(s) >= 4 ? !take_year_first(&s, order, &d, &packed, &whole)
	                           : order == WHEN_YEAR_FIRST || !take_year_last(&s, order, &d))
		return false;
	if (!to_days(d, &t->days))
		return false;
	if (s.len == 0)
		return true;
	if (!whole || (!take_char(&s, 'T') && !take_char(&s, ' ')) || !take_any_time(&s, packed, &t->ms))
		return false;
	t->timed = true;
	if (s.len == 0)
		return true;
	t->zoned = true;
	if (take_char(&s, 'z'))
		return s.len == 0;
	take_char(&s, ' ');
	return take_zone(&s, &t->east_ms) && s.len == 0;
}

static bool take_name(struct slice *s, const char names[][4], int count, int *which)
{
	for (*which = 0; *which < count; ++*which)
		if (s->len >= 3 && memcmp(s->at, names[*which], 3) == 0) {
			s->at += 3;
			s->len -= 3;
			return true;
		}
	return false;
}

/* IMF-fixdate, the form that RFC 9110 has everybody send. The name of the weekday is not held against the date. */
bool when_http(struct slice s, int64_t *utc_ms)
{
	int weekday, day, month, year, hour, minute, second;

	if (!take_name(&s, weekdays, 7, &weekday) || !take_char(&s, ',') || !take_char(&s, ' ') ||
	    !take_two(&s, &day) || !take_char(&s, ' ') || !take_name(&s, months, 12, &month) ||
	    !take_char(&s, ' ') || !take_year(&s, &year) || !take_char(&s, ' '))
		return false;
	if (!take_two(&s, &hour) || !take_char(&s, ':') || !take_two(&s, &minute) || !take_char(&s, ':') ||
	    !take_two(&s, &second) || !slice_is(s, " GMT"))
		return false;
	if (day < 1 || day > days_in_month(year, month + 1) || hour > 23 || minute > 59 || second > 60)
		return false;
	*utc_ms = days_of((struct civil){ year, month + 1, day }) * MS_DAY + (int64_t)hour * MS_HOUR +
	          minute * MS_MINUTE + second * MS_SECOND;
	return true;
}

void when_http_text(int64_t utc_ms, char to[WHEN_TEXT])
{
	int64_t days = floor_divide(utc_ms, MS_DAY);
	int s = (int)(floor_rest(utc_ms, MS_DAY) / MS_SECOND);
	struct civil d = date_of(days);

	snprintf(to, WHEN_TEXT, "%s, %02d %s %04lld %02d:%02d:%02d GMT", weekdays[floor_rest(days, 7)], d.day,
	         months[d.month - 1], (long long)d.year, s / 3600, s / 60 % 60, s % 60);
}

void when_span_text(int64_t ms, char to[WHEN_TEXT])
{
	int64_t s = ms > 0 ? ms / MS_SECOND : 0;

	if (s < 60)
		snprintf(to, WHEN_TEXT, "%llds", (long long)s);
	else if (s < 3600)
		snprintf(to, WHEN_TEXT, "%lldm %02llds", (long long)(s / 60), (long long)(s % 60));
	else if (s < 48 * 3600)
		snprintf(to, WHEN_TEXT, "%lldh %02lldm", (long long)(s / 3600), (long long)(s / 60 % 60));
	else
		snprintf(to, WHEN_TEXT, "%lldd %02lldh", (long long)(s / 86400), (long long)(s / 3600 % 24));
}

bool when_span(struct slice s, int64_t *ms)
{
	static const struct {
		char unit;
		int seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
	const int64_t most = 365 * (int64_t)86400;
	int64_t count = 0;
	int digit;

	for (int n = 0; take_one(&s, &digit); n++) {
		count = count * 10 + digit;
		if (n == 9)
			return false;
	}
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (s.len == 1 && s.at[0] == units[i].unit && count > 0 && count * units[i].seconds <= most) {
			*ms = count * units[i].seconds * MS_SECOND;
			return true;
		}
	return false;
}
