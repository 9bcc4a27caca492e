#include "practice/rules.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "base/when.h"
#include "practice/sf_id.h"

enum { REFUSAL_ROOM = 512 * 1024, NUMBER_ROOM = 64 };

void refusal_init(struct refusal *r)
{
	r->code = NULL;
	buf_init(&r->message, REFUSAL_ROOM);
	buf_init(&r->fields, REFUSAL_ROOM);
	buf_init(&r->more, REFUSAL_ROOM);
}

void refusal_release(struct refusal *r)
{
	buf_release(&r->message);
	buf_release(&r->fields);
	buf_release(&r->more);
}

bool refuse(struct refusal *r, const char *code, const char *field, const char *format, ...)
{
	va_list args, again;
	char *to;
	int n;

	r->code = code;
	buf_clear(&r->message);
	buf_clear(&r->fields);
	buf_clear(&r->more);
	if (field)
		buf_add_text(&r->fields, field);
	va_start(args, format);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	to = n > 0 ? buf_reserve(&r->message, (size_t)n) : NULL;
	if (to) {
		vsnprintf(to, (size_t)n + 1, format, again);
		buf_grow(&r->message, (size_t)n);
	}
	va_end(again);
	return false;
}

void refuse_too(struct refusal *r, const char *field, const char *message)
{
	buf_add(&r->more, message, strlen(message) + 1);
	buf_add(&r->more, field ? field : "", field ? strlen(field) + 1 : 1);
}

void refusal_add_text(struct buf *to, const struct refusal *r)
{
	buf_addf(to, "%s:", r->code);
	buf_add_slice(to, buf_slice(&r->message));
	buf_add_char(to, ':');
	buf_add_slice(to, buf_slice(&r->fields));
	buf_add_text(to, r->fields.len ? " --" : "--");
}

static bool not_valid(const struct field *f, struct slice cell, size_t column, struct refusal *why)
{
	return refuse(
		why, "INVALID_FIELD", f->name,
		"Failed to deserialize field at col %zu. Due to, '%.*s' is not a valid value for the type %s",
		column, SLICE_ARGS(cell), f->soap_type);
}

/* 1 true, 0 false, -1 neither. Beyond true and false the words are said to work (salesforce-api.md C10). */
static int read_boolean(struct slice s)
{
	static const char *const yes[] = { "true", "1", "yes", "y", "on" };
	static const char *const no[] = { "false", "0", "no", "n", "off" };

	for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
		if (slice_equal_fold(s, slice_of(yes[i])))
			return 1;
		if (slice_equal_fold(s, slice_of(no[i])))
			return 0;
	}
	return -1;
}

/* xsd:dateTime with a zone, at most three digits behind the second (salesforce-api.md C10). */
static bool read_instant(struct slice s, int64_t *ms)
{
	size_t digits = 0;

	if (s.len < 20 || s.at[10] != 'T' || s.at[16] != ':')
		return false;
	if (s.at[19] == '.')
		while (20 + digits < s.len && s.at[20 + digits] >= '0' && s.at[20 + digits] <= '9')
			digits++;
	return digits <= 3 && when_instant(s, ms);
}

static bool keep(struct arena *a, const char *text, struct slice *value)
{
	*value = slice_of(arena_text(a, text));
	return value->at != NULL;
}

static bool read_date_or_time(const struct field *f, struct slice cell, struct arena *a, struct slice *value)
{
	char text[WHEN_TEXT];
	int64_t n;

	switch (f->type) {
	case FIELD_DATE:
		return when_date(cell, &n);
	case FIELD_DATETIME:
		if (!read_instant(cell, &n))
			return false;
		when_salesforce_text(n - ((n % 1000) + 1000) % 1000, text);
		return keep(a, text, value);
	default:
		return when_time(cell, &n);
	}
}

static bool read_id(const struct field *f, struct slice cell, struct arena *a, struct slice *value,
                    struct refusal *why)
{
	char prefix[4], full[SF_ID_ROOM];
	uint32_t number;

	if (sf_id_read(cell, prefix, &number) == SF_ID_MALFORMED)
		return refuse(why, "MALFORMED_ID", f->origin == FROM_ID ? NULL : f->name, "malformed id %.*s",
		              SLICE_ARGS(cell));
	if (cell.len == SF_ID)
		return true;
	sf_id_full(cell, full);
	return keep(a, full, value);
}

bool rule_read(const struct field *f, struct slice cell, size_t column, struct arena *a, struct slice *value,
               struct refusal *why)
{
	struct number_shape shape;
	int64_t n;
	int truth;

	*value = cell;
	switch (f->type) {
	case FIELD_BOOLEAN:
		truth = read_boolean(cell);
		if (truth < 0)
			return not_valid(f, cell, column, why);
		*value = slice_of(truth ? "true" : "false");
		return true;
	case FIELD_INT:
		return number_whole(cell, &n) || not_valid(f, cell, column, why);
	case FIELD_DOUBLE:
	case FIELD_CURRENCY:
	case FIELD_PERCENT:
		return number_decimal(cell, &shape) || not_valid(f, cell, column, why);
	case FIELD_DATE:
	case FIELD_DATETIME:
	case FIELD_TIME:
		return read_date_or_time(f, cell, a, value) || not_valid(f, cell, column, why);
	case FIELD_ID:
	case FIELD_REFERENCE:
		return read_id(f, cell, a, value, why);
	default:
		return true;
	}
}

static bool too_long(const struct field *f, struct slice value)
{
	return f->length > 0 && value.len > (size_t)f->length && text_length(value) > (size_t)f->length;
}

static bool is_listed(const struct field *f, struct slice value)
{
	for (size_t i = 0; i < f->value_count; i++)
		if (slice_is(value, f->values[i]))
			return true;
	return false;
}

static bool allow_picklist(const struct field *f, struct slice value, struct refusal *why)
{
	struct slice rest = value;

	while (f->restricted && rest.len > 0) {
		const char *end = f->type == FIELD_MULTIPICKLIST ? memchr(rest.at, ';', rest.len) : NULL;
		struct slice one = { rest.at, end ? (size_t)(end - rest.at) : rest.len };

		if (!is_listed(f, one))
			return refuse(why, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", f->name,
			              "%s: bad value for restricted picklist field: %.*s", f->name,
			              SLICE_ARGS(one));
		rest.at += one.len + (end != NULL);
		rest.len -= one.len + (end != NULL);
	}
	return true;
}

static bool is_email(struct slice s)
{
	const char *at = memchr(s.at, '@', s.len);
	const char *dot;
	struct slice host;

	if (!at || at == s.at)
		return false;
	host = (struct slice){ at + 1, s.len - (size_t)(at + 1 - s.at) };
	dot = memchr(host.at, '.', host.len);
	if (!dot || dot == host.at || host.at[host.len - 1] == '.' || memchr(host.at, '@', host.len))
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] <= ' ' && s.at[i] >= 0)
			return false;
	return true;
}

static bool in_range(const struct field *f, struct slice value)
{
	struct number_shape shape;
	int64_t n;

	if (f->type == FIELD_INT && !(number_whole(value, &n) && n >= INT32_MIN && n <= INT32_MAX))
		return false;
	if (!number_decimal(value, &shape))
		return false;
	if (f->type == FIELD_INT)
		return f->digits == 0 || shape.whole <= f->digits;
	return f->precision == 0 || shape.whole <= f->precision - f->scale;
}

bool rule_allow(const struct field *f, struct slice value, struct refusal *why)
{
	if (field_is_number(f)) {
		if (in_range(f, value))
			return true;
		return refuse(why, "NUMBER_OUTSIDE_VALID_RANGE", f->name,
		              "%s: value outside of valid range on numeric field: %.*s", f->name,
		              SLICE_ARGS(value));
	}
	if (too_long(f, value))
		return refuse(why, "STRING_TOO_LONG", f->name, "%s: data value too large: %.*s (max length=%d)",
		              f->name, SLICE_ARGS(value), f->length);
	if (f->type == FIELD_PICKLIST || f->type == FIELD_MULTIPICKLIST)
		return allow_picklist(f, value, why);
	if (f->type == FIELD_EMAIL && !is_email(value))
		return refuse(why, "INVALID_EMAIL_ADDRESS", f->name, "%s: invalid email address: %.*s", f->name,
		              SLICE_ARGS(value));
	return true;
}

/* The same for the common case, a plain number of few digits between 0.001 and 10,000,000; false: it is none. */
static bool echo_plain(struct slice cell, struct buf *to)
{
	size_t at = 0, whole, point, end = cell.len, sign = 0;

	if (at < end && (cell.at[at] == '-' || cell.at[at] == '+'))
		sign = cell.at[at++] == '-';
	while (at < end && cell.at[at] == '0')
		at++;
	for (whole = at; at < end && cell.at[at] >= '0' && cell.at[at] <= '9'; at++)
		;
	point = at;
	if (at < end && cell.at[at] == '.')
		while (++at < end && cell.at[at] >= '0' && cell.at[at] <= '9')
			;
	if (at != end || end - whole > 15 || point - whole > 7)
		return false;
	while (end > point && (cell.at[end - 1] == '0' || cell.at[end - 1] == '.'))
		end--;
	if (point == whole && (end == point || strspn(cell.at + point + 1, "0") > 2))
		return false;
	buf_add_text(to, sign ? "-" : "");
	buf_add(to, point > whole ? cell.at + whole : "0", point > whole ? point - whole : 1);
	buf_add(to, end > point ? cell.at + point : ".0", end > point ? end - point : 2);
	return true;
}

/* As Java prints a double: what the documentation's example shows (912260031 comes back as 9.12260031E8). */
static void echo_double(struct slice cell, struct buf *to)
{
	char text[NUMBER_ROOM], *e;
	double v;

	if (echo_plain(cell, to))
		return;
	if (cell.len >= sizeof text) {
		buf_add_slice(to, cell);
		return;
	}
	memcpy(text, cell.at, cell.len);
	text[cell.len] = '\0';
	v = strtod(text, NULL);
	if (v == 0 || (v > -1e7 && v < 1e7 && (v >= 1e-3 || v <= -1e-3))) {
		for (int digits = 1; digits <= 17; digits++) {
			snprintf(text, sizeof text, "%.*g", digits, v);
			if (strtod(text, NULL) == v && !strchr(text, 'e'))
				break;
		}
		buf_addf(to, "%s%s", text, strchr(text, '.') ? "" : ".0");
		return;
	}
	for (int digits = 1; digits <= 16; digits++) {
		snprintf(text, sizeof text, "%.*e", digits, v);
		if (strtod(text, NULL) == v)
			break;
	}
	e = strchr(text, 'e');
	if (!e) {
		buf_add_slice(to, cell);
		return;
	}
	buf_addf(to, "%.*sE%d", (int)(e - text), text, (int)strtol(e + 1, NULL, 10));
}

void rule_echo(const struct field *f, struct slice cell, struct buf *to)
{
	char text[WHEN_TEXT];
	struct number_shape shape;
	int64_t n;
	int truth;

	if (f->type == FIELD_BOOLEAN && (truth = read_boolean(cell)) >= 0) {
		buf_add_text(to, truth ? "true" : "false");
	} else if (field_is_number(f) && f->type != FIELD_INT && number_decimal(cell, &shape)) {
		echo_double(cell, to);
	} else if (f->type == FIELD_DATETIME && read_instant(cell, &n)) {
		when_salesforce_text(n, text);
		buf_add_text(to, text);
	} else {
		while (cell.len > 0 && cell.at[cell.len - 1] == ' ')
			cell.len--;
		buf_add_slice(to, cell);
	}
}

void rule_respell(const struct field *f, struct slice cell, struct buf *to)
{
	struct number_shape shape;

	cell = slice_trim(cell);
	if (f->type == FIELD_INT && number_decimal(cell, &shape)) {
		echo_double(cell, to);
		return;
	}
	for (size_t i = 0; i < cell.len; i++)
		if (cell.at[i] != '\r' || i + 1 == cell.len || cell.at[i + 1] != '\n')
			buf_add_char(to, cell.at[i]);
}
