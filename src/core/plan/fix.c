#include "core/plan/fix.h"

#include <stdio.h>
#include <string.h>

#include "base/zone.h"
#include "core/plan/plan_check.h"

static const char *const wants[] = {
#define X(name, what) [FIX_##name] = what,
	FIXES(X)
#undef X
};

/* What is known while ways are looked for. */
struct ways {
	const struct plan *plan;
	const struct finding *finding;
	const struct mapped *to; /* that the finding is about; NULL: nothing goes to its field */
	struct fix *fixes;
	size_t count;
};

static struct fix *add(struct ways *w, enum fix_kind kind, const char *text)
{
	struct fix *fix = &w->fixes[w->count++];

	*fix = (struct fix){ .kind = kind };
	snprintf(fix->field, sizeof fix->field, "%s", w->finding->field);
	snprintf(fix->text, sizeof fix->text, "%s", text);
	return fix;
}

/* The field whose type and values count. */
static const struct field *value_field(const struct mapped *m)
{
	return m->far ? m->far : m->field;
}

static bool has_column(const struct ways *w)
{
	return w->to && w->to->column >= 0;
}

/* Keys and lookups mean another record when they are cut; an address or a value of a list is none any more. */
static void add_cut(struct ways *w)
{
	enum field_type type;
	char text[64];

	if (!has_column(w) || w->to->far || plan_check_is_key(w->plan, w->to))
		return;
	type = w->to->field->type;
	if (type == FIELD_EMAIL || type == FIELD_PICKLIST || type == FIELD_MULTIPICKLIST || type == FIELD_URL)
		return;
	snprintf(text, sizeof text, "cut to %d characters", w->to->field->length);
	add(w, FIX_CUT, text);
}

static void add_pad(struct ways *w)
{
	char text[64];

	if (!has_column(w) || w->finding->digits < 1 || w->finding->digits > RULES_MOST_PAD)
		return;
	snprintf(text, sizeof text, "pad to %d with 0", w->finding->digits);
	add(w, FIX_PAD, text)->digits = w->finding->digits;
}

static void add_value(struct ways *w)
{
	const struct picklist_value *near;
	struct fix *fix;

	if (!has_column(w) || !w->finding->value[0])
		return;
	fix = add(w, FIX_VALUE, "");
	snprintf(fix->from, sizeof fix->from, "%s", w->finding->value);
	near = nearest_value(value_field(w->to), slice_of(fix->from), &fix->near);
	if (near && strlen(near->value) < sizeof fix->to)
		snprintf(fix->to, sizeof fix->to, "%s", near->value);
	if (fix->to[0])
		snprintf(fix->text, sizeof fix->text, "%.110s becomes %.110s (%s)", fix->from, fix->to,
		         near_text(fix->near));
	else
		snprintf(fix->text, sizeof fix->text, "choose a value for %.110s", fix->from);
}

static void add_order(struct ways *w, enum fix_kind kind, const char *words, int64_t but)
{
	char text[160];

	if (but > 0)
		snprintf(text, sizeof text, "%s (%lld record%s cannot be read so)", words, (long long)but,
		         but == 1 ? "" : "s");
	else
		snprintf(text, sizeof text, "%s", words);
	add(w, kind, text);
}

/* Values like 13/02/2002 and 02/13/2002 decide; that which most can be read by comes first. Where none decides, the operator does. */
static void add_orders(struct ways *w)
{
	static const char day[] = "the day first, then the month", month[] = "the month first, then the day";
	const int64_t day_only = w->finding->day_only, month_only = w->finding->month_only;

	if (month_only == 0 && day_only > 0) {
		add_order(w, FIX_DAY_FIRST, "the day first, then the month: no other order fits", 0);
		w->fixes[w->count - 1].only = true;
	} else if (day_only == 0 && month_only > 0) {
		add_order(w, FIX_MONTH_FIRST, "the month first, then the day: no other order fits", 0);
	} else if (month_only > day_only) {
		add_order(w, FIX_MONTH_FIRST, month, day_only);
		add_order(w, FIX_DAY_FIRST, day, month_only);
	} else {
		add_order(w, FIX_DAY_FIRST, day, month_only);
		add_order(w, FIX_MONTH_FIRST, month, day_only);
	}
}

/* One order for a column: where one was said, another would only move the trouble. */
static bool order_said(const struct ways *w)
{
	return w->to->rules && w->to->rules->order != WHEN_ISO;
}

static void add_by_hint(struct ways *w)
{
	if (!has_column(w))
		return;
	switch (w->finding->hint) {
	case HINT_EXCEL_DATE:
		add(w, FIX_EXCEL_DATES, "read the numbers as Excel's dates");
		break;
	case HINT_SLASHES:
	case HINT_DASHES:
		if (!order_said(w))
			add_orders(w);
		break;
	case HINT_PARTS:
		if (!order_said(w))
			add(w, FIX_YEAR_FIRST, "the year first, then the month");
		break;
	case HINT_NO_TIME:
	case HINT_NO_ZONE:
		add(w, FIX_TIME_ZONE, "say whose time it is");
		break;
	case HINT_COMMA:
		add(w, FIX_DECIMAL_COMMA, "the comma stands before the decimals");
		break;
	default:
		break;
	}
}

static void add_mark(struct ways *w)
{
	char text[160];

	if (!has_column(w))
		return;
	if (w->to->field->nillable && !plan_check_is_key(w->plan, w->to)) {
		snprintf(text, sizeof text, "#N/A clears %s", w->finding->field);
		add(w, FIX_MARK_CLEARS, text);
	}
	snprintf(text, sizeof text, "#N/A leaves %s alone", w->finding->field);
	add(w, FIX_MARK_LEAVES, text);
}

/* A blank may get a value; what is null was meant to be. */
static void add_required(struct ways *w)
{
	if (w->finding->hint == HINT_CLEARS)
		return;
	if (!w->to)
		add(w, FIX_CONSTANT, "the same value in every record");
	else if (has_column(w))
		add(w, FIX_DEFAULT, "a value where the cell is blank");
}

static void add_keeps(struct ways *w)
{
	add(w, FIX_KEEP_FIRST, "keep the first record of each key");
	add(w, FIX_KEEP_LAST, "keep the last record of each key");
	add(w, FIX_KEEP_NONE, "leave out all of them");
}

static const struct mapped *entry_named(const struct mapping *m, const char *name)
{
	for (size_t i = 0; i < m->count; i++)
		if (strcmp(m->entries[i].name, name) == 0)
			return &m->entries[i];
	return NULL;
}

size_t fix_list(const struct plan *plan, const struct finding *finding, struct fix fixes[FIX_MOST])
{
	struct ways w = { plan, finding, entry_named(plan->mapping, finding->field), fixes, 0 };

	switch (finding->rule) {
	case RULE_TOO_LONG:
		add_cut(&w);
		break;
	case RULE_LOST_ZEROS:
		add_pad(&w);
		break;
	case RULE_PICKLIST:
		add_value(&w);
		break;
	case RULE_TYPE:
		add_by_hint(&w);
		break;
	case RULE_NULL_MARK:
		add_mark(&w);
		break;
	case RULE_REQUIRED:
		add_required(&w);
		break;
	case RULE_NOT_WRITEABLE:
		if (has_column(&w))
			add(&w, FIX_LEAVE_COLUMN, "leave the column out");
		break;
	case RULE_SAME_KEY:
		add_keeps(&w);
		break;
	default:
		break;
	}
	return w.count;
}

const char *fix_wants(const struct fix *fix)
{
	return wants[fix->kind];
}

enum same_key fix_same_key(const struct fix *fix)
{
	return fix->kind == FIX_KEEP_FIRST  ? SAME_KEY_FIRST
	       : fix->kind == FIX_KEEP_LAST ? SAME_KEY_LAST
	       : fix->kind == FIX_KEEP_NONE ? SAME_KEY_NONE
	                                    : SAME_KEY_ASK;
}

static enum err_code check_value(const struct fix *fix, const struct mapping *mapping, struct err *e)
{
	const struct mapped *m = entry_named(mapping, fix->field);
	const struct field *field = m ? value_field(m) : NULL;

	for (size_t i = 0; field && i < field->value_count; i++)
		if (field->values[i].active && strcmp(field->values[i].value, fix->to) == 0)
			return ERR_OK;
	return err_set(e, ERR_USAGE, "\"%s\" is no value of %s: choose one of its picklist", fix->to,
	               fix->field);
}

static enum err_code check_zone(const struct fix *fix, struct err *e)
{
	struct zone *zone = zone_open(fix->to);

	if (!zone)
		return err_set(e, ERR_USAGE, "there is no time zone \"%s\": name one like Europe/Berlin or UTC",
		               fix->to);
	zone_free(zone);
	return ERR_OK;
}

/* Adds to the rules of the cells what the fix says; the texts stay the fix's. */
static enum err_code change(const struct fix *fix, struct cell_rules *rules, struct arena *a, struct err *e)
{
	static const struct slice mark = { "#N/A", 4 }, blank = { "", 0 };
	bool ok = true;

	switch (fix->kind) {
	case FIX_CUT:
		rules->cut = SAID_YES;
		break;
	case FIX_VALUE:
		ok = rules_replace(rules, slice_of(fix->from), slice_of(fix->to), a);
		break;
	case FIX_PAD:
		rules->pad = fix->digits;
		break;
	case FIX_DAY_FIRST:
		rules->order = WHEN_DAY_FIRST;
		break;
	case FIX_MONTH_FIRST:
		rules->order = WHEN_MONTH_FIRST;
		break;
	case FIX_YEAR_FIRST:
		rules->order = WHEN_YEAR_FIRST;
		break;
	case FIX_EXCEL_DATES:
		rules->excel_dates = SAID_YES;
		break;
	case FIX_TIME_ZONE:
		rules->zone = fix->to;
		break;
	case FIX_DECIMAL_COMMA:
		rules->decimal_comma = SAID_YES;
		break;
	case FIX_MARK_CLEARS:
		rules->null_mark = mark;
		break;
	case FIX_MARK_LEAVES:
		ok = rules_replace(rules, mark, blank, a);
		break;
	case FIX_DEFAULT:
		rules->fallback = slice_of(fix->to);
		break;
	default:
		return err_set(e, ERR_USAGE, "%s: that is no matter of the mapping", fix->text);
	}
	return ok ? ERR_OK : err_memory(e, "a mapping");
}

static enum err_code apply_rule(const struct fix *fix, struct mapping *mapping, struct err *e)
{
	const struct cell_rules *said = mapping_rules(mapping, fix->field);
	struct cell_rules rules;
	struct arena a;

	if (!said)
		return err_set(e, ERR_USAGE, "no column goes to %s: map one to it first", fix->field);
	arena_init(&a);
	rules = *said;
	if (change(fix, &rules, &a, e) == ERR_OK)
		mapping_set_rules(mapping, fix->field, &rules, e);
	arena_release(&a);
	return e->code;
}

/* The column, or the first of several, goes nowhere any more. */
static enum err_code leave_column(const struct fix *fix, struct mapping *mapping,
                                  const struct mapping_request *request, struct err *e)
{
	const struct mapped *m = entry_named(mapping, fix->field);

	if (!m || m->column < 0 || m->joined)
		return err_set(e, ERR_USAGE, "no single column goes to %s: change the mapping", fix->field);
	return mapping_set(mapping, request, (size_t)m->column, NULL, e);
}

enum err_code fix_apply(const struct fix *fix, struct mapping *mapping, const struct mapping_request *request,
                        struct err *e)
{
	if (*fix_wants(fix) && !fix->to[0])
		return err_set(e, ERR_USAGE, "%s: say %s for %s", fix->text, fix_wants(fix), fix->field);
	if (fix->kind == FIX_VALUE && check_value(fix, mapping, e) != ERR_OK)
		return e->code;
	if (fix->kind == FIX_TIME_ZONE && check_zone(fix, e) != ERR_OK)
		return e->code;
	if (fix->kind == FIX_LEAVE_COLUMN)
		return leave_column(fix, mapping, request, e);
	if (fix->kind == FIX_CONSTANT)
		return mapping_set_constant(mapping, request, fix->field, fix->to, e);
	return apply_rule(fix, mapping, e);
}

static void say_value(const struct fix *fix, struct buf *b)
{
	buf_addf(b, "\"values\": {\"%s\": ", fix->from);
	if (fix->to[0])
		buf_addf(b, "\"%s\"} in the mapping (%s)", fix->to, near_text(fix->near));
	else
		buf_add_text(b, "…} in the mapping");
}

void fix_say(const struct fix *fix, struct buf *b)
{
	static const char *const ways[] = {
		[FIX_CUT] = "\"cut\": true in the mapping",
		[FIX_DAY_FIRST] = "--date-order dmy or mdy",
		[FIX_MONTH_FIRST] = "--date-order mdy",
		[FIX_YEAR_FIRST] = "--date-order ymd",
		[FIX_EXCEL_DATES] = "\"excel_dates\": true in the mapping",
		[FIX_TIME_ZONE] = "--time-zone NAME",
		[FIX_DECIMAL_COMMA] = "\"decimal_comma\": true in the mapping",
		[FIX_MARK_CLEARS] = "--null-mark \"#N/A\" clears the field",
		[FIX_MARK_LEAVES] = "\"values\": {\"#N/A\": \"\"} in the mapping",
		[FIX_DEFAULT] = "\"default\" in the mapping",
		[FIX_LEAVE_COLUMN] = "leave its column out: --ignore",
		[FIX_KEEP_FIRST] = "--same-key first, last or none",
		[FIX_KEEP_LAST] = "--same-key last",
		[FIX_KEEP_NONE] = "--same-key none",
	};

	if (fix->kind == FIX_VALUE)
		say_value(fix, b);
	else if (fix->kind == FIX_PAD)
		buf_addf(b, "\"pad\": %d in the mapping", fix->digits);
	else if (fix->kind == FIX_CONSTANT)
		buf_addf(b, "--set %s=VALUE", fix->field);
	else if (fix->kind == FIX_DAY_FIRST && fix->only)
		buf_add_text(b, "--date-order dmy");
	else
		buf_add_text(b, ways[fix->kind]);
}
