#include "core/plan/value.h"

#include <stdio.h>
#include <string.h>

#include "base/when.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

const char *hint_text(enum hint hint)
{
	static const char *const texts[] = {
#define X(name, text) [HINT_##name] = text,
		HINTS(X)
#undef X
	};

	return texts[hint];
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_letter(char c)
{
	return is_upper(c) || (c >= 'a' && c <= 'z');
}

bool value_boolean(struct slice s, bool *yes)
{
	static const struct {
		struct slice word;
		bool yes;
	} words[] = {
		{ { "1", 1 }, true },      { { "0", 1 }, false },   { { "y", 1 }, true },
		{ { "n", 1 }, false },     { { "no", 2 }, false },  { { "on", 2 }, true },
		{ { "yes", 3 }, true },    { { "off", 3 }, false }, { { "true", 4 }, true },
		{ { "false", 5 }, false },
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (s.len == words[i].word.len && slice_equal_fold(s, words[i].word)) {
			*yes = words[i].yes;
			return true;
		}
	return false;
}

/* The last three of 18 characters say which of the first 15 are capitals, five bits each, the first one lowest. */
static bool check_characters(const char *id)
{
	static const char code[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

	for (int group = 0; group < 3; group++) {
		unsigned bits = 0;

		for (int i = 0; i < 5; i++)
			bits |= (unsigned)is_upper(id[group * 5 + i]) << i;
		if (id[15 + group] != code[bits])
			return false;
	}
	return true;
}

const char *value_id_fault(struct slice s)
{
	if (s.len != 15 && s.len != 18)
		return "an id has 15 or 18 characters";
	for (size_t i = 0; i < s.len; i++)
		if (!is_digit(s.at[i]) && !is_letter(s.at[i]))
			return "an id has only letters and digits";
	if (s.len == 18 && !check_characters(s.at))
		return "an id whose check characters do not fit: a typing error, or capitals were changed";
	return NULL;
}

/* A blank or a control character among eight bytes: those below 0x21 borrow from their highest bit. */
static bool any_blank(const char *at)
{
	const uint64_t ones = 0x0101010101010101u;
	uint64_t bytes;

	memcpy(&bytes, at, sizeof bytes);
	return ((bytes - 0x21 * ones) & ~bytes & 0x80 * ones) != 0;
}

static bool has_blank(struct slice s)
{
	size_t i = 0;

	for (; i + sizeof(uint64_t) <= s.len; i += sizeof(uint64_t))
		if (any_blank(s.at + i))
			return true;
	for (; i < s.len; i++)
		if ((unsigned char)s.at[i] <= ' ')
			return true;
	return false;
}

bool value_email(struct slice s)
{
	const char *at = s.len ? memchr(s.at, '@', s.len) : NULL;
	struct slice domain;
	const char *dot;

	if (!at || at == s.at || has_blank(s))
		return false;
	domain = (struct slice){ at + 1, (size_t)(s.at + s.len - at - 1) };
	if (domain.len == 0 || memchr(domain.at, '@', domain.len))
		return false;
	dot = memchr(domain.at, '.', domain.len);
	return dot && dot > domain.at && domain.at[domain.len - 1] != '.';
}

bool value_null_mark(struct slice s)
{
	return s.len == 4 && memcmp(s.at, "#N/A", 4) == 0;
}

bool value_excel_error(struct slice s)
{
	static const char *const errors[] = { "#REF!",  "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!",
		                              "#NULL!", "#SPILL!", "#WERT!", "#BEZUG!", "#NV",
		                              "#ZAHL!", "#CALC!",  "#NULL!" };

	if (s.len < 3 || s.at[0] != '#')
		return false;
	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
		if (slice_is(s, errors[i]))
			return true;
	return false;
}

bool value_excel_shortened(struct slice s)
{
	size_t i = 2;

	if (s.len < 7 || !is_digit(s.at[0]) || (s.at[1] != '.' && s.at[1] != ','))
		return false;
	while (i < s.len && is_digit(s.at[i]))
		i++;
	return i > 2 && s.len - i == 4 && s.at[i] == 'E' && s.at[i + 1] == '+' && is_digit(s.at[i + 2]) &&
	       is_digit(s.at[i + 3]);
}

/* Digits become 9: "31.12.2026" has the shape "99.99.9999". At most 31 characters count. */
static void shape_of(struct slice s, char shape[32])
{
	size_t n = s.len < 31 ? s.len : 31;

	memset(shape, 0, 32);
	for (size_t i = 0; i < n; i++)
		shape[i] = is_digit(s.at[i]) ? '9' : s.at[i];
}

struct date_shape {
	const char *separator; /* between the numbers */
	int year;              /* digits of the last number */
	enum hint hint;
};

static const struct date_shape date_shapes[] = {
	{ ".", 4, HINT_DOTS },  { ".", 2, HINT_DOTS_SHORT }, { "/", 4, HINT_SLASHES },
	{ "/", 2, HINT_SHORT }, { "-", 4, HINT_DASHES },     { "-", 2, HINT_SHORT },
};

/* One or two digits, the separator, one or two digits, the separator, `year` digits, and no digit behind. */
static bool fits(const char *shape, const struct date_shape *d)
{
	for (int part = 0; part < 2; part++) {
		size_t digits = strspn(shape, "9");

		if (digits < 1 || digits > 2 || shape[digits] != d->separator[0])
			return false;
		shape += digits + 1;
	}
	return strspn(shape, "9") == (size_t)d->year;
}

/* Excel counts days since 1899-12-30: five digits are 1927 to 2173, with a fraction for the time of day. */
static bool is_excel_serial(const char *shape)
{
	return strncmp(shape, "99999", 5) == 0 &&
	       (shape[5] == '\0' || (shape[5] == '.' && shape[6 + strspn(shape + 6, "9")] == '\0'));
}

bool value_excel_date(struct slice s, struct when_text *t)
{
	const int64_t epoch = 25569; /* days from 1899-12-30 to 1970-01-01 */
	double part = 0, worth = 1;
	char shape[32];

	shape_of(s, shape);
	if (s.len > 20 || !is_excel_serial(shape))
		return false;
	*t = (struct when_text){ .timed = s.len > 5 };
	for (size_t i = 0; i < 5; i++)
		t->days = t->days * 10 + (s.at[i] - '0');
	t->days -= epoch;
	for (size_t i = 6; i < s.len; i++) {
		worth /= 10;
		part += (s.at[i] - '0') * worth;
	}
	t->ms = (int64_t)(part * 86400 + 0.5) * 1000; /* Excel's fractions are good for whole seconds */
	return t->ms < 86400000;
}

bool value_decimal_comma(struct slice s, struct buf *to)
{
	size_t i = 0, group = 0, digits = 0;
	bool grouped = false;

	if (i < s.len && (s.at[i] == '-' || s.at[i] == '+'))
		buf_add_char(to, s.at[i++]);
	for (; i < s.len && s.at[i] != ','; i++) {
		if (is_digit(s.at[i])) {
			buf_add_char(to, s.at[i]);
			group++;
			digits++;
		} else if (s.at[i] == '.' && (grouped ? group == 3 : group >= 1 && group <= 3)) {
			grouped = true;
			group = 0;
		} else {
			return false;
		}
	}
	if (digits == 0 || (grouped && group != 3))
		return false;
	if (i == s.len)
		return true;
	buf_add_char(to, '.');
	for (digits = 0, i++; i < s.len && is_digit(s.at[i]); i++, digits++)
		buf_add_char(to, s.at[i]);
	return digits > 0 && i == s.len;
}

enum hint value_date_hint(struct slice s)
{
	int64_t ignored;
	char shape[32];

	shape_of(s, shape);
	if (is_excel_serial(shape))
		return HINT_EXCEL_DATE;
	for (size_t i = 0; i < sizeof date_shapes / sizeof date_shapes[0]; i++)
		if (fits(shape, &date_shapes[i]))
			return date_shapes[i].hint;
	if (strcmp(shape, "99999999") == 0)
		return HINT_PACKED;
	if (strcmp(shape, "9999/99/99") == 0 || strcmp(shape, "9999.99.99") == 0)
		return HINT_PARTS;
	if (strcmp(shape, "9999-99-99") == 0)
		return HINT_NO_DAY;
	if (strncmp(shape, "9999-99-99", 10) == 0 && (shape[10] == 'T' || shape[10] == ' ') &&
	    when_date((struct slice){ s.at, 10 }, &ignored))
		return HINT_TIMED;
	return HINT_NONE;
}

enum hint value_instant_hint(struct slice s)
{
	int64_t ignored;
	char zoned[40];

	if (when_date(s, &ignored))
		return HINT_NO_TIME;
	if (s.len < sizeof zoned - 1) {
		memcpy(zoned, s.len ? s.at : "", s.len);
		zoned[s.len] = 'Z';
		if (when_instant((struct slice){ zoned, s.len + 1 }, &ignored))
			return HINT_NO_ZONE;
	}
	return value_date_hint(s);
}

enum hint value_number_hint(struct slice s)
{
	enum hint hint = HINT_NONE;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];

		if (c == ',')
			hint = HINT_COMMA;
		else if (c == ' ' || c == '\'' || c >= 0x80 || c == '$' || c == '%')
			return HINT_MORE;
		else if (!is_digit((char)c) && !strchr("+-.eE", c))
			return HINT_NONE;
	}
	return hint;
}

bool value_instant_is_canonical(struct slice s)
{
	return s.len == 24 && s.at[10] == 'T' && s.at[19] == '.' && s.at[23] == 'Z';
}

void value_time_text(int64_t ms, char to[14])
{
	unsigned t = (unsigned)(ms % 86400000);

	snprintf(to, 14, "%02u:%02u:%02u.%03uZ", t / 3600000 % 24, t / 60000 % 60, t / 1000 % 60, t % 1000);
}
