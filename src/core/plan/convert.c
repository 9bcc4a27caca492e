#include "core/plan/convert.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/number.h"
#include "base/text.h"
#include "base/when.h"
#include "core/plan/nearest.h"
#include "core/plan/record_type.h"
#include "core/plan/value.h"

enum { VALUE_SHOWN = 60 }; /* bytes of a value in a message */

/* Cuts between characters. */
static struct slice shown(struct slice value)
{
	if (value.len <= VALUE_SHOWN)
		return value;
	value.len = VALUE_SHOWN;
	while (value.len && ((unsigned char)value.at[value.len] & 0xc0) == 0x80)
		value.len--;
	return value;
}

bool convert_finding(struct plan_finding *f, enum rule rule, const char *field, const char *shared,
                     struct slice value)
{
	struct slice part = shown(value);
	int n = snprintf(f->message, sizeof f->message, "%s", shared);

	f->rule = rule;
	f->field = field;
	f->hint = HINT_NONE;
	f->value = value;
	f->shared = n < (int)sizeof f->message ? (size_t)n : sizeof f->message - 1;
	if (value.len)
		snprintf(f->message + f->shared, sizeof f->message - f->shared, ": \"%.*s%s\"",
		         SLICE_ARGS(part), part.len < value.len ? "…" : "");
	return false;
}

/* "not a date yyyy-MM-dd, it looks like an Excel date: "43831"" */
static bool no_value(const struct converter *c, struct plan_finding *f, const char *what, enum hint hint,
                     struct slice value)
{
	char words[200];

	snprintf(words, sizeof words, "%s%s%s", what, hint ? ", " : "", hint_text(hint));
	convert_finding(f, RULE_TYPE, c->name, words, value);
	f->hint = hint;
	return false;
}

static bool too_long(const struct converter *c, struct plan_finding *f, size_t length)
{
	char words[64];

	snprintf(words, sizeof words, "longer than %d characters", c->field->length);
	convert_finding(f, RULE_TOO_LONG, c->name, words, (struct slice){ 0 });
	snprintf(f->message + f->shared, sizeof f->message - f->shared, ": %zu", length);
	return false;
}

static bool has_length(const struct converter *c, struct slice s, struct plan_finding *f)
{
	size_t length = text_length(s);

	return length <= c->most || too_long(c, f, length);
}

static inline bool fits_length(const struct converter *c, struct slice s, struct plan_finding *f)
{
	return s.len <= c->most || has_length(c, s, f);
}

/* What was written into the scratch buffer. */
static struct slice written(const struct converter *c)
{
	if (c->scratch.short_of)
		c->notes->short_of = true;
	return buf_slice(&c->scratch);
}

/* A job with LF line ends refuses any CR (salesforce-api.md C8). */
static struct slice unix_lines(struct converter *c, struct slice s)
{
	const char *at = c->plain ? NULL : memchr(s.at, '\r', s.len);

	if (!at)
		return s;
	buf_clear(&c->scratch);
	while (at) {
		buf_add(&c->scratch, s.at, (size_t)(at - s.at));
		buf_add_char(&c->scratch, '\n');
		at += at + 1 < s.at + s.len && at[1] == '\n' ? 2 : 1;
		s = (struct slice){ at, (size_t)(s.at + s.len - at) };
		at = s.len ? memchr(s.at, '\r', s.len) : NULL;
	}
	buf_add_slice(&c->scratch, s);
	return written(c);
}

static bool excel_damage(const struct converter *c, struct slice cell, struct plan_finding *f)
{
	if (cell.at[0] == '#' && value_excel_error(slice_trim(cell)))
		convert_finding(f, RULE_TYPE, c->name, "an Excel error, not a value", cell);
	else if (value_excel_shortened(cell))
		convert_finding(f, RULE_TYPE, c->name,
		                "Excel has shortened this number, its last digits are lost", cell);
	else
		return false;
	return true;
}

/* The first `length` characters; all of it for a field without a length. */
static struct slice cut(struct slice s, int length)
{
	size_t at = 0, len;

	if (length == 0 || s.len <= (size_t)length)
		return s;
	for (int n = 0; n < length && at < s.len; n++) {
		text_decode((struct slice){ s.at + at, s.len - at }, &len);
		at += len;
	}
	return (struct slice){ s.at, at };
}

static bool run_text(struct converter *c, struct slice cell, struct slice *to, struct plan_finding *f)
{
	if (convert_may_be_damaged(cell) && excel_damage(c, cell, f))
		return false;
	*to = unix_lines(c, c->exact ? cell : slice_trim(cell));
	if (c->exact && c->rules->cut == SAID_YES)
		*to = cut(*to, c->field->length);
	return fits_length(c, *to, f);
}

static bool is_word(const struct slice *words, size_t count, struct slice s)
{
	for (size_t i = 0; i < count; i++)
		if (slice_equal_fold(slice_trim(words[i]), s))
			return true;
	return false;
}

static bool run_boolean(struct converter *c, struct slice cell, struct slice *to, struct plan_finding *f)
{
	bool yes;

	cell = slice_trim(cell);
	if (is_word(c->rules->yes, c->rules->yes_count, cell))
		yes = true;
	else if (is_word(c->rules->no, c->rules->no_count, cell))
		yes = false;
	else if (!value_boolean(cell, &yes))
		return no_value(c, f, "not true or false", HINT_NONE, cell);
	*to = yes ? (struct slice){ "true", 4 } : (struct slice){ "false", 5 };
	return true;
}

static bool run_date(struct converter *c, struct slice cell, struct slice *to, struct plan_finding *f)
{
	struct when_text t;
	int64_t days;

	*to = slice_trim(cell);
	if (when_date(*to, &days))
		return true;
	if (c->rules->excel_dates == SAID_YES && value_excel_date(*to, &t))
		t.timed = false;
	else if (!when_read(*to, c->rules->order, &t))
		return no_value(c, f, "not a date yyyy-MM-dd", value_date_hint(*to), *to);
	if (t.timed)
		return no_value(c, f, "not a date yyyy-MM-dd", HINT_TIMED, *to);
	when_date_text(t.days, c->small);
	*to = slice_of(c->small);
	return true;
}

static const int64_t day_ms = 86400000;

/* A local time of the zone that was given for those without one. */
static bool place_local(struct converter *c, const struct when_text *t, struct slice cell, int64_t *ms,
                        struct plan_finding *f)
{
	char words[160];
	enum zone_fit fit;

	if (!c->zone)
		return no_value(c, f, "not a date-time with zone", t->timed ? HINT_NO_ZONE : HINT_NO_TIME,
		                cell);
	fit = zone_instant(c->zone, t->days * day_ms + t->ms, ms);
	c->notes->twice = c->notes->twice || fit == ZONE_TWICE;
	if (fit != ZONE_NEVER)
		return true;
	snprintf(words, sizeof words, "not a date-time: no clock of %s shows it, they are put forward over it",
	         zone_name(c->zone));
	return convert_finding(f, RULE_TYPE, c->name, words, cell);
}

static bool read_instant(struct converter *c, struct slice cell, int64_t *ms, struct plan_finding *f)
{
	struct when_text t;

	if ((c->rules->excel_dates != SAID_YES || !value_excel_date(cell, &t)) &&
	    !when_read(cell, c->rules->order, &t))
		return no_value(c, f, "not a date-time with zone", value_instant_hint(cell), cell);
	if (!t.zoned)
		return place_local(c, &t, cell, ms, f);
	*ms = t.days * day_ms + t.ms - t.east_ms;
	return true;
}

static bool run_instant(struct converter *c, struct slice cell, struct slice *to, struct plan_finding *f)
{
	size_t len;
	int64_t ms;

	*to = slice_trim(cell);
	len = when_instant_text(*to, c->small);
	if (len) {
		if (!value_instant_is_canonical(*to))
			*to = (struct slice){ c->small, len };
		return true;
	}
	if (!read_instant(c, *to, &ms, f))
		return false;
	when_salesforce_text(ms, c->small);
	*to = slice_of(c->small);
	return true;
}

static bool run_time(struct converter *c, struct slice cell, struct slice *to, struct plan_finding *f)
{
	int64_t ms;

	cell = slice_trim(cell);
	if (!when_time(cell, &ms))
		return no_value(c, f, "not a time HH:mm:ss", HINT_NONE, cell);
	value_time_text(ms, c->small);
	*to = slice_of(c->small);
	return true;
}

static bool out_of_range(const struct converter *c, struct plan_finding *f, int most, struct slice value)
{
	char words[80];

	snprintf(words, sizeof words, "more than %d digit%s before the point", most, most == 1 ? "" : "s");
	return convert_finding(f, RULE_OUT_OF_RANGE, c->name, words, value);
}

/* A number with a decimal comma as one with a point. */
static bool plain_number(struct converter *c, struct slice cell, struct slice *to, struct plan_finding *f)
{
	*to = slice_trim(cell);
	if (c->rules->decimal_comma != SAID_YES)
		return true;
	buf_clear(&c->scratch);
	if (!value_decimal_comma(*to, &c->scratch))
		return no_value(c, f, "not a number with a decimal comma", HINT_NONE, *to);
	*to = written(c);
	return true;
}

/* More decimals than the field's scale are rounded by the org. */
static bool run_decimal(struct converter *c, struct slice cell, struct slice *to, struct plan_finding *f)
{
	int most = c->field->precision - c->field->scale;
	struct number_shape shape;

	if (!plain_number(c, cell, to, f))
		return false;
	if (!number_decimal(*to, &shape))
		return no_value(c, f, "not a number", value_number_hint(*to), *to);
	if (c->field->precision > 0 && shape.whole > most)
		return out_of_range(c, f, most, *to);
	return true;
}

static int digits_of(int64_t n)
{
	int digits = 0;

	for (; n; n /= 10)
		digits++;
	return digits;
}

static bool run_whole(struct converter *c, struct slice cell, struct slice *to, struct plan_finding *f)
{
	struct number_shape shape;
	int64_t n;

	if (!plain_number(c, cell, to, f))
		return false;
	if (!number_whole(*to, &n)) {
		bool number = number_decimal(*to, &shape);

		return no_value(c, f, "not a whole number", number ? HINT_NONE : value_number_hint(*to), *to);
	}
	if (c->field->digits > 0 && to->len > (size_t)c->field->digits && digits_of(n) > c->field->digits)
		return out_of_range(c, f, c->field->digits, *to);
	if (c->field->type == FIELD_INT && (n < INT32_MIN || n > INT32_MAX))
		return convert_finding(f, RULE_OUT_OF_RANGE, c->name, "not within -2147483648 and 2147483647",
		                       *to);
	return true;
}

static bool run_id(struct converter *c, struct slice cell, struct slice *to, struct plan_finding *f)
{
	const char *fault;
	char words[160];

	*to = slice_trim(cell);
	fault = value_id_fault(*to);
	if (fault)
		return convert_finding(f, RULE_ID, c->name, fault, *to);
	if (!*c->prefix || memcmp(to->at, c->prefix, strnlen(c->prefix, 3)) == 0)
		return true;
	snprintf(words, sizeof words, "an id of another object: here ids begin with %s", c->prefix);
	return convert_finding(f, RULE_ID, c->name, words, *to);
}

/* By its id, or by the name that it has. */
static bool run_record_type(struct converter *c, struct slice cell, struct slice *to, struct plan_finding *f)
{
	const struct record_type *named;
	char why[RECORD_TYPE_WHY];
	bool good;

	*to = slice_trim(cell);
	if (!value_id_fault(*to)) {
		good = record_type_may_be(c->field, *to, why);
	} else {
		named = record_type_find(c->field, RECORD_TYPE_ANY, *to, why);
		good = named != NULL;
		*to = named ? slice_of(named->id) : *to;
	}
	return good ? run_id(c, *to, to, f) : convert_finding(f, RULE_RECORD_TYPE, c->name, why, *to);
}

/* RecordType.Name and RecordType.DeveloperName: the org finds it, if it is there. */
static bool run_record_type_name(struct converter *c, struct slice cell, struct slice *to,
                                 struct plan_finding *f)
{
	bool developer = strcmp(c->field->name, "DeveloperName") == 0;
	char why[RECORD_TYPE_WHY];

	*to = slice_trim(cell);
	if (record_type_find(c->reference, developer ? RECORD_TYPE_DEVELOPER_NAME : RECORD_TYPE_NAME, *to, why))
		return true;
	return convert_finding(f, RULE_RECORD_TYPE, c->name, why, *to);
}

static bool run_email(struct converter *c, struct slice cell, struct slice *to, struct plan_finding *f)
{
	*to = slice_trim(cell);
	if (!value_email(*to))
		return no_value(c, f, "not an e-mail address", HINT_NONE, *to);
	return fits_length(c, *to, f);
}

static bool is_value(const struct converter *c, struct slice s)
{
	size_t at = hash_of(s, 0) & c->value_mask;

	for (; c->values[at].at; at = (at + 1) & c->value_mask)
		if (slice_equal(c->values[at], s))
			return true;
	return false;
}

static bool is_inactive(const struct field *field, struct slice s)
{
	for (size_t i = 0; i < field->value_count; i++)
		if (!field->values[i].active && slice_is(s, field->values[i].value))
			return true;
	return false;
}

/* The value is part of the group's wording: an administrator repairs value by value. */
static bool no_pick(const struct converter *c, struct slice value, struct plan_finding *f)
{
	const struct picklist_value *near = nearest_same(c->field, value);
	struct slice part = shown(value);
	const char *cut = part.len < value.len ? "…" : "";
	char words[240];

	if (near)
		snprintf(words, sizeof words, "not in the restricted picklist: %.*s%s, it has %s",
		         SLICE_ARGS(part), cut, near->value);
	else
		snprintf(words, sizeof words, "not in the restricted picklist: %.*s%s%s", SLICE_ARGS(part), cut,
		         is_inactive(c->field, value) ? ", it is inactive" : "");
	convert_finding(f, RULE_PICKLIST, c->name, words, (struct slice){ 0 });
	if (part.len == value.len) /* else others of the group may go on in another way */
		f->value = value;
	return false;
}

static bool run_pick(struct converter *c, struct slice cell, struct slice *to, struct plan_finding *f)
{
	*to = cell;
	return is_value(c, cell) || no_pick(c, cell, f);
}

/* One of several values: itself, or what the table has for it; nothing where that is null. */
static bool pick_part(struct converter *c, struct slice part, struct plan_finding *f)
{
	const struct replacement *other = is_value(c, part) ? NULL : rules_find(&c->table, part);

	if (other)
		part = other->to;
	if (part.len && !is_value(c, part))
		return no_pick(c, part, f);
	if (part.len && c->scratch.len)
		buf_add_char(&c->scratch, ';');
	buf_add_slice(&c->scratch, part);
	return true;
}

static bool run_picks(struct converter *c, struct slice cell, struct slice *to, struct plan_finding *f)
{
	struct slice rest = cell;

	buf_clear(&c->scratch);
	while (rest.len) {
		const char *at = memchr(rest.at, ';', rest.len);
		struct slice part = { rest.at, at ? (size_t)(at - rest.at) : rest.len };

		if (part.len && !pick_part(c, part, f))
			return false;
		rest.at += part.len + (at ? 1 : 0);
		rest.len -= part.len + (at ? 1 : 0);
	}
	*to = c->table.count ? written(c) : cell;
	return fits_length(c, *to, f);
}

static bool make_values(struct converter *c, struct arena *a)
{
	size_t room = 4;

	while (room < c->field->value_count * 2)
		room *= 2;
	c->value_mask = room - 1;
	c->values = arena_alloc(a, room * sizeof *c->values);
	for (size_t i = 0; c->values && i < c->field->value_count; i++) {
		struct slice value = slice_of(c->field->values[i].value);
		size_t at = hash_of(value, 0) & c->value_mask;

		if (!c->field->values[i].active)
			continue;
		while (c->values[at].at)
			at = (at + 1) & c->value_mask;
		c->values[at] = value;
	}
	return c->values != NULL;
}

/* clang-format off */
static converter_run *const runs[] = {
	[FIELD_ID] = run_id,             [FIELD_REFERENCE] = run_id,
	[FIELD_BOOLEAN] = run_boolean,   [FIELD_DATE] = run_date,
	[FIELD_DATETIME] = run_instant,  [FIELD_TIME] = run_time,
	[FIELD_DOUBLE] = run_decimal,    [FIELD_CURRENCY] = run_decimal,
	[FIELD_PERCENT] = run_decimal,   [FIELD_INT] = run_whole,
	[FIELD_LONG] = run_whole,        [FIELD_EMAIL] = run_email,
	[FIELD_OTHER] = NULL,
};
/* clang-format on */

/* Old versions of the API do not tell developer names. */
static bool has_known_names(const struct mapped *to)
{
	const struct field *f = to->field;

	return f->record_type_count > 0 &&
	       (strcmp(to->far->name, "Name") == 0 ||
	        (strcmp(to->far->name, "DeveloperName") == 0 && *f->record_types[0].developer_name));
}

static converter_run *run_of(const struct mapped *to, const struct field *field)
{
	if (!to->far && field->record_type_count > 0)
		return run_record_type;
	if (to->far && has_known_names(to))
		return run_record_type_name;
	if (field->restricted_picklist && field->type == FIELD_PICKLIST)
		return run_pick;
	if (field->restricted_picklist && field->type == FIELD_MULTIPICKLIST)
		return run_picks;
	return runs[field->type] ? runs[field->type] : run_text;
}

bool convert_init(struct converter *c, const struct mapped *to, bool key, const struct zone *zone,
                  struct convert_notes *notes, struct arena *a)
{
	static const struct cell_rules nothing;
	const struct field *field = to->far ? to->far : to->field;

	*c = (struct converter){ .run = run_of(to, field),
		                 .field = field,
		                 .reference = to->field,
		                 .name = to->name,
		                 .prefix = to->prefix,
		                 .most = field->length ? (size_t)field->length : SIZE_MAX,
		                 .exact = !key && !to->far,
		                 .rules = to->rules ? to->rules : &nothing,
		                 .zone = zone,
		                 .notes = notes };
	c->copies = c->run == run_text && c->exact && c->rules->cut != SAID_YES;
	buf_init(&c->scratch, INT_MAX);
	if (c->run != run_pick && c->run != run_picks)
		return true;
	return make_values(c, a) && rules_table_init(&c->table, c->rules, a);
}

void convert_release(struct converter *c)
{
	buf_release(&c->scratch);
}
