#include "base/number.h"

#include <stdio.h>
#include <string.h>

enum {
	EXPONENT_DIGITS = 4, /* far beyond what any field takes; no sum with it overflows */
	MOST_DIGITS = 100000,
	NO_OVERFLOW = 18, /* digits of which every number fits into 64 bits */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Takes a sign in front; true for minus. */
static bool take_sign(struct slice *s)
{
	bool minus = s->len && s->at[0] == '-';

	if (s->len && (minus || s->at[0] == '+')) {
		s->at++;
		s->len--;
	}
	return minus;
}

static bool few_digits(struct slice s, bool minus, int64_t *value)
{
	int64_t sum = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (!is_digit(s.at[i]))
			return false;
		sum = sum * 10 + (s.at[i] - '0');
	}
	*value = minus ? -sum : sum;
	return true;
}

bool number_whole(struct slice s, int64_t *value)
{
	bool minus = take_sign(&s);
	int64_t sum = 0;

	if (s.len == 0)
		return false;
	if (s.len <= NO_OVERFLOW)
		return few_digits(s, minus, value);
	for (size_t i = 0; i < s.len; i++) {
		/* counted below zero, where there is room for one more */
		if (!is_digit(s.at[i]) || __builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_sub_overflow(sum, s.at[i] - '0', &sum))
			return false;
	}
	if (!minus && sum == INT64_MIN)
		return false;
	*value = minus ? sum : -sum;
	return true;
}

/* A decimal number taken apart: 0.d1d2…dn × 10^point, where neither d1 nor dn is 0. No digits: zero. */
struct parts {
	bool minus;
	struct slice digits; /* from d1 to dn, perhaps with the point between them */
	int count;           /* n */
	int point;
};

static bool take_exponent(struct slice s, int *exponent)
{
	bool minus = take_sign(&s);

	*exponent = 0;
	if (s.len == 0)
		return false;
	while (s.len > 1 && s.at[0] == '0') {
		s.at++;
		s.len--;
	}
	if (s.len > EXPONENT_DIGITS)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (!is_digit(s.at[i]))
			return false;
		*exponent = *exponent * 10 + (s.at[i] - '0');
	}
	if (minus)
		*exponent = -*exponent;
	return true;
}

/* Length of the digits in front, with at most one point among them. 0 if there is no digit. *point is where the point
 * stands, or where it would. */
static size_t mantissa(struct slice s, size_t *point)
{
	bool pointed = false, any = false;
	size_t n;

	for (n = 0; n < s.len && (is_digit(s.at[n]) || (s.at[n] == '.' && !pointed)); n++) {
		if (s.at[n] == '.') {
			pointed = true;
			*point = n;
		} else {
			any = true;
		}
	}
	if (!pointed)
		*point = n;
	return any ? n : 0;
}

static bool take_apart(struct slice s, struct parts *p)
{
	size_t len, point, first, last;
	int exponent = 0;

	*p = (struct parts){ .minus = take_sign(&s) };
	len = mantissa(s, &point);
	if (len == 0 || len > MOST_DIGITS)
		return false;
	if (len < s.len && ((s.at[len] != 'e' && s.at[len] != 'E') ||
	                    !take_exponent((struct slice){ s.at + len + 1, s.len - len - 1 }, &exponent)))
		return false;
	for (first = 0; first < len && (s.at[first] == '0' || s.at[first] == '.'); first++)
		;
	for (last = len; last > first && (s.at[last - 1] == '0' || s.at[last - 1] == '.'); last--)
		;
	if (first == last)
		return true;
	p->digits = (struct slice){ s.at + first, last - first };
	p->count = (int)(last - first) - (first < point && point < last);
	p->point = (first < point ? (int)(point - first) : -(int)(first - point - 1)) + exponent;
	return true;
}

/* Digits and one point: all that most numbers are. False for anything else, whether it is a number or not. */
static bool plain_shape(struct slice s, struct number_shape *shape)
{
	size_t i = 0, first, point, last;

	take_sign(&s);
	while (i < s.len && s.at[i] == '0')
		i++;
	for (first = i; i < s.len && is_digit(s.at[i]); i++)
		;
	point = last = i;
	if (i < s.len && s.at[i] == '.')
		for (last = ++i; i < s.len && is_digit(s.at[i]); i++)
			last = s.at[i] != '0' ? i + 1 : last;
	if (i < s.len || s.len - (point < s.len) == 0 || s.len > MOST_DIGITS)
		return false;
	*shape = (struct number_shape){ (int)(point - first), last > point ? (int)(last - point - 1) : 0 };
	return true;
}

bool number_decimal(struct slice s, struct number_shape *shape)
{
	struct parts p;

	if (plain_shape(s, shape))
		return true;
	if (!take_apart(s, &p))
		return false;
	shape->whole = p.point > 0 ? p.point : 0;
	shape->fraction = p.count > p.point ? p.count - p.point : 0;
	if (p.count == 0)
		*shape = (struct number_shape){ 0, 0 };
	return true;
}

/* "E-2"; false if `to` is too small. */
static bool put_exponent(char *to, size_t size, int exponent)
{
	char digits[12];
	unsigned left = exponent < 0 ? 0u - (unsigned)exponent : (unsigned)exponent;
	size_t len = 0, count = 0;

	do
		digits[count++] = (char)('0' + left % 10);
	while ((left /= 10) > 0);
	if (size < count + 3)
		return false;
	to[len++] = 'E';
	if (exponent < 0)
		to[len++] = '-';
	while (count > 0)
		to[len++] = digits[--count];
	to[len] = '\0';
	return true;
}

bool number_canonical(struct slice s, char *to, size_t size)
{
	struct parts p;
	size_t len = 0;

	if (!take_apart(s, &p) || size < (size_t)p.count + 3)
		return false;
	if (p.count == 0)
		return snprintf(to, size, "0E0") < (int)size;
	if (p.minus)
		to[len++] = '-';
	for (size_t i = 0; i < p.digits.len; i++)
		if (p.digits.at[i] != '.')
			to[len++] = p.digits.at[i];
	return put_exponent(to + len, size - len, p.point - p.count);
}
