#include "core/source/sheet_value.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/when.h"

enum {
	PRECISION = 15, /* digits that Excel keeps */
	MOST_KEPT = 18, /* of a whole number that another program wrote */
	MOST_PLAIN = 21,
	DAY_MS = 86400000,
	LAST_DAY = 2958465, /* 9999-12-31, counted from 1900 */
	NO_SUCH_DAY = 60,   /* 1900-02-29 */
	DAYS_1904 = 1462,   /* what a count from 1904 lacks */
};

/* ---- formats ---- */

/* Letters that stand for parts of a date or a time in a format's first section. */
struct letters {
	int days_years, hours_seconds, months; /* the longest run of m */
	bool elapsed, percent;
};

static size_t bracketed(struct slice code, size_t at, struct letters *l)
{
	const char *end = memchr(code.at + at, ']', code.len - at);
	size_t len = end ? (size_t)(end - code.at) - at : code.len - at;

	if (len > 1 && strchr("hHmMsS", code.at[at + 1]) &&
	    (len == 2 || (len == 3 && code.at[at + 1] == code.at[at + 2])))
		l->elapsed = true;
	return at + len;
}

static bool word_at(struct slice code, size_t at, const char *word)
{
	size_t len = strlen(word);

	return code.len - at >= len && slice_equal_fold((struct slice){ code.at + at, len }, slice_of(word));
}

/* Takes the character at `at`; returns the place of the last one that belongs to it. */
static size_t take_letter(struct slice code, size_t at, struct letters *l)
{
	int run = 1;

	switch (tolower((unsigned char)code.at[at])) {
	case 'm':
		while (at + 1 < code.len && tolower((unsigned char)code.at[at + 1]) == 'm') {
			at++;
			run++;
		}
		l->months = run > l->months ? run : l->months;
		break;
	case 'd':
	case 'y':
	case 'b': /* years of Buddha, of an era, and the era's name */
	case 'e':
	case 'g':
		l->days_years++;
		break;
	case 'h':
	case 's':
		l->hours_seconds++;
		break;
	case '%':
		l->percent = true;
		break;
	default:
		break;
	}
	return at;
}

static struct letters letters_of(struct slice code)
{
	struct letters l = { 0 };

	for (size_t i = 0; i < code.len && code.at[i] != ';'; i++) {
		const char *end;

		switch (code.at[i]) {
		case '"':
			end = memchr(code.at + i + 1, '"', code.len - i - 1);
			i = end ? (size_t)(end - code.at) : code.len;
			break;
		case '\\': /* the next character is itself, the width of a blank, or fills the cell */
		case '_':
		case '*':
			i++;
			break;
		case '[':
			i = bracketed(code, i, &l);
			break;
		default:
			if (word_at(code, i, "general"))
				i += strlen("general") - 1;
			else if (word_at(code, i, "e+") || word_at(code, i, "e-")) /* an exponent */
				i++;
			else
				i = take_letter(code, i, &l);
		}
	}
	return l;
}

static size_t zeros(struct slice code)
{
	size_t len = 0;

	while (len < code.len && code.at[len] == '0')
		len++;
	return len == code.len || code.at[len] == ';' ? len : 0;
}

struct sheet_format sheet_format_of(struct slice code)
{
	const struct letters l = letters_of(code);
	bool time = l.hours_seconds > 0, date = l.days_years > 0 || l.months >= 3 || (l.months > 0 && !time);
	size_t width = zeros(code);

	if (l.elapsed)
		return (struct sheet_format){ SHEET_ELAPSED, 0 };
	if (date)
		return (struct sheet_format){ time ? SHEET_DATE_TIME : SHEET_DATE, 0 };
	if (time)
		return (struct sheet_format){ SHEET_TIME, 0 };
	if (l.percent)
		return (struct sheet_format){ SHEET_PERCENT, 0 };
	if (width > 1 && width < 100)
		return (struct sheet_format){ SHEET_PADDED, (uint8_t)width };
	return (struct sheet_format){ SHEET_NUMBER, 0 };
}

struct sheet_format sheet_format_built_in(int64_t number)
{
	static const struct {
		int64_t from, to;
		enum sheet_kind kind;
	} kinds[] = {
		{ 9, 10, SHEET_PERCENT },    { 14, 17, SHEET_DATE }, { 18, 21, SHEET_TIME },
		{ 22, 22, SHEET_DATE_TIME }, { 27, 31, SHEET_DATE }, /* 27 to 36 and 50 to 58: of East Asian editions */
		{ 32, 33, SHEET_TIME },      { 34, 36, SHEET_DATE }, { 45, 45, SHEET_TIME },
		{ 46, 46, SHEET_ELAPSED },   { 47, 47, SHEET_TIME }, { 50, 58, SHEET_DATE },
	};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (number >= kinds[i].from && number <= kinds[i].to)
			return (struct sheet_format){ (uint8_t)kinds[i].kind, 0 };
	return (struct sheet_format){ SHEET_NUMBER, 0 };
}

/* ---- numbers ---- */

/* digits × 10^exponent; no digit of it is a zero that says nothing, but for 0 itself. */
struct decimal {
	bool minus;
	char digits[64];
	int count, exponent;
};

static void drop_zeros(struct decimal *d)
{
	while (d->count > 1 && d->digits[d->count - 1] == '0') {
		d->count--;
		d->exponent++;
	}
}

/* To Excel's precision, half away from zero. */
static void shorten(struct decimal *d)
{
	int cut = d->count - PRECISION, i = PRECISION - 1;
	bool up = cut > 0 && d->digits[PRECISION] >= '5';

	if (cut <= 0)
		return;
	d->count = PRECISION;
	d->exponent += cut;
	while (up && i >= 0) {
		up = d->digits[i] == '9';
		d->digits[i] = up ? '0' : (char)(d->digits[i] + 1);
		i--;
	}
	if (up) { /* all were nines */
		memmove(d->digits + 1, d->digits, (size_t)d->count++);
		d->digits[0] = '1';
	}
	drop_zeros(d);
}

static bool read_decimal(struct slice number, struct decimal *d)
{
	char text[80];
	const char *at = text, *end;
	int64_t exponent;

	if (!number_canonical(number, text, sizeof d->digits))
		return false;
	d->minus = *at == '-';
	at += d->minus;
	end = strchr(at, 'E');
	d->count = (int)(end - at);
	memcpy(d->digits, at, (size_t)d->count);
	number_whole(slice_of(end + 1), &exponent);
	d->exponent = (int)exponent;
	return true;
}

static void add_zeros(struct buf *to, int count)
{
	while (count-- > 0)
		buf_add_char(to, '0');
}

static void add_decimal(struct buf *to, const struct decimal *d)
{
	int point = d->count + d->exponent; /* digits before it */

	if (d->minus)
		buf_add_char(to, '-');
	if (point > MOST_PLAIN || d->count - point > MOST_PLAIN) {
		buf_addf(to, "%c", d->digits[0]);
		if (d->count > 1)
			buf_addf(to, ".%.*s", d->count - 1, d->digits + 1);
		buf_addf(to, "E%+d", point - 1);
	} else if (point <= 0) {
		buf_add_text(to, "0.");
		add_zeros(to, -point);
		buf_add(to, d->digits, (size_t)d->count);
	} else {
		int whole = d->count < point ? d->count : point;

		buf_add(to, d->digits, (size_t)whole);
		add_zeros(to, point - whole);
		if (whole < d->count)
			buf_addf(to, ".%.*s", d->count - whole, d->digits + whole);
	}
}

/* Whole numbers are padded with zeros: postcodes, keys. */
static void add_padded(struct buf *to, const struct decimal *d, int width)
{
	if (!d->minus && d->exponent >= 0)
		add_zeros(to, width - (d->count + d->exponent));
	add_decimal(to, d);
}

/* ---- dates and times ---- */

/* Days and milliseconds of a number that is not negative and not beyond every date. */
static bool split(const struct decimal *d, int64_t *days, int64_t *ms)
{
	int point = d->count + d->exponent;
	double part = 0, unit = 1;

	*days = 0;
	if (d->minus || point > 7)
		return false;
	for (int i = 0; i < point; i++)
		*days = *days * 10 + (i < d->count ? d->digits[i] - '0' : 0);
	for (int i = point; i < 0; i++)
		unit /= 10;
	for (int i = point > 0 ? point : 0; i < d->count; i++)
		part += (d->digits[i] - '0') * (unit /= 10);
	*ms = (int64_t)(part * DAY_MS + 0.5);
	*days += *ms / DAY_MS;
	*ms %= DAY_MS;
	return true;
}

static void add_clock(struct buf *to, int64_t hours, int64_t ms)
{
	buf_addf(to, "%02d:%02d:%02d", (int)hours, (int)(ms / 60000 % 60), (int)(ms / 1000 % 60));
	if (ms % 1000)
		buf_addf(to, ".%03d", (int)(ms % 1000));
}

static void add_day(struct buf *to, int64_t day)
{
	char text[WHEN_TEXT];

	if (day == NO_SUCH_DAY) {
		buf_add_text(to, "1900-02-29");
		return;
	}
	when_date_text(when_days(1899, 12, day < NO_SUCH_DAY ? 31 : 30) + day, text);
	buf_add_text(to, text);
}

/* False: there is no such date. */
static bool add_moment(struct buf *to, const struct decimal *d, enum sheet_kind kind, bool from_1904)
{
	int64_t day, ms;

	if (!split(d, &day, &ms))
		return false;
	if (kind == SHEET_ELAPSED || (kind == SHEET_TIME && day == 0)) {
		add_clock(to, day * 24 + ms / 3600000, ms);
		return true;
	}
	day += from_1904 ? DAYS_1904 : 0;
	if (day < 1 || day > LAST_DAY)
		return false;
	add_day(to, day);
	if (kind != SHEET_DATE || ms > 0) {
		buf_add_char(to, 'T');
		add_clock(to, ms / 3600000, ms);
	}
	return true;
}

/* A whole number with more digits than Excel has, as a program wrote it. */
static bool is_long_whole(struct slice number)
{
	size_t minus = number.len > 0 && number.at[0] == '-';

	if (number.len - minus <= PRECISION || number.len - minus > MOST_KEPT || number.at[minus] == '0')
		return false;
	for (size_t i = minus; i < number.len; i++)
		if (!isdigit((unsigned char)number.at[i]))
			return false;
	return true;
}

bool sheet_value(struct buf *to, struct slice number, struct sheet_format format, bool from_1904)
{
	struct decimal d;

	number = slice_trim(number);
	if (!read_decimal(number, &d)) {
		buf_add_slice(to, number);
		return false;
	}
	if (format.kind >= SHEET_DATE && add_moment(to, &d, (enum sheet_kind)format.kind, from_1904))
		return true;
	if (is_long_whole(number)) {
		buf_add_slice(to, number);
		return true;
	}
	shorten(&d);
	if (format.kind == SHEET_PERCENT && d.digits[0] != '0')
		d.exponent += 2;
	if (format.kind == SHEET_PADDED)
		add_padded(to, &d, format.width);
	else
		add_decimal(to, &d);
	if (format.kind == SHEET_PERCENT)
		buf_add_char(to, '%');
	return true;
}
