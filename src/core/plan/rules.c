#include "core/plan/rules.h"

#include <stdlib.h>
#include <string.h>

static const char *const orders[] = { NULL, "ymd", "mdy", "dmy" };
static const char *const blanks[] = { NULL, "leave", "null" };

static int place_of(const char *const *names, int count, const char *name)
{
	for (int i = 1; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return 0;
}

const char *rules_order_name(enum when_order order)
{
	return orders[order];
}

bool rules_order_of(const char *name, enum when_order *order)
{
	*order = (enum when_order)place_of(orders, 4, name);
	return *order != WHEN_ISO;
}

const char *rules_blank_name(enum blank blank)
{
	return blanks[blank];
}

bool rules_blank_of(const char *name, enum blank *blank)
{
	*blank = (enum blank)place_of(blanks, 3, name);
	return *blank != BLANK_NOTHING_SAID;
}

struct cell_rules rules_over(const struct cell_rules *column, const struct cell_rules *all)
{
	struct cell_rules r = *column;

	if (!r.null_mark.at)
		r.null_mark = all->null_mark;
	if (!r.blank)
		r.blank = all->blank;
	if (!r.order)
		r.order = all->order;
	if (!r.zone)
		r.zone = all->zone;
	if (!r.trim)
		r.trim = all->trim;
	if (!r.cut)
		r.cut = all->cut;
	if (!r.decimal_comma)
		r.decimal_comma = all->decimal_comma;
	if (!r.excel_dates)
		r.excel_dates = all->excel_dates;
	if (!r.yes) {
		r.yes = all->yes;
		r.yes_count = all->yes_count;
	}
	if (!r.no) {
		r.no = all->no;
		r.no_count = all->no_count;
	}
	return r;
}

bool rules_any(const struct cell_rules *r)
{
	return r->null_mark.at || r->blank || r->fallback.at || r->order || r->zone || r->trim || r->cut ||
	       r->pad || r->decimal_comma || r->excel_dates || r->yes || r->no || r->values;
}

static bool copy_slice(struct slice *s, struct arena *a)
{
	if (!s->at)
		return true;
	s->at = arena_slice(a, *s);
	return s->at != NULL;
}

static bool copy_words(struct slice **words, size_t count, struct arena *a)
{
	struct slice *to = *words ? arena_alloc(a, count * sizeof *to) : NULL;
	bool ok = to || !*words;

	for (size_t i = 0; to && i < count; i++) {
		to[i] = (*words)[i];
		ok = copy_slice(&to[i], a) && ok;
	}
	*words = to;
	return ok;
}

static bool copy_values(struct cell_rules *rules, struct arena *a)
{
	struct replacement *to = rules->values ? arena_alloc(a, rules->value_count * sizeof *to) : NULL;
	bool ok = to || !rules->values;

	for (size_t i = 0; to && i < rules->value_count; i++) {
		to[i] = rules->values[i];
		ok = copy_slice(&to[i].from, a) && copy_slice(&to[i].to, a) && ok;
	}
	rules->values = to;
	return ok;
}

bool rules_copy(struct cell_rules *to, const struct cell_rules *from, struct arena *a)
{
	*to = *from;
	if (to->zone && !(to->zone = arena_text(a, to->zone)))
		return false;
	return copy_slice(&to->null_mark, a) && copy_slice(&to->fallback, a) &&
	       copy_words(&to->yes, to->yes_count, a) && copy_words(&to->no, to->no_count, a) &&
	       copy_values(to, a);
}

bool rules_replace(struct cell_rules *rules, struct slice from, struct slice to, struct arena *a)
{
	struct replacement *list;

	for (size_t i = 0; i < rules->value_count; i++)
		if (slice_equal(slice_trim(rules->values[i].from), slice_trim(from))) {
			rules->values[i].to = to;
			return true;
		}
	list = arena_alloc(a, (rules->value_count + 1) * sizeof *list);
	if (!list)
		return false;
	if (rules->value_count)
		memcpy(list, rules->values, rules->value_count * sizeof *list);
	list[rules->value_count] = (struct replacement){ from, to };
	rules->values = list;
	rules->value_count++;
	return true;
}

static int by_from(const void *a, const void *b)
{
	const struct replacement *x = a, *y = b;
	size_t least = x->from.len < y->from.len ? x->from.len : y->from.len;
	int order = least ? memcmp(x->from.at, y->from.at, least) : 0;

	return order ? order : (x->from.len > y->from.len) - (x->from.len < y->from.len);
}

bool rules_table_init(struct rules_table *table, const struct cell_rules *rules, struct arena *a)
{
	table->count = rules->value_count;
	table->sorted = arena_alloc(a, table->count * sizeof *table->sorted);
	if (!table->sorted)
		return false;
	for (size_t i = 0; i < table->count; i++) {
		table->sorted[i] = rules->values[i];
		table->sorted[i].from = slice_trim(rules->values[i].from);
	}
	qsort(table->sorted, table->count, sizeof *table->sorted, by_from);
	return true;
}

const struct replacement *rules_find(const struct rules_table *table, struct slice text)
{
	struct replacement wanted = { .from = slice_trim(text) };

	return table->count ? bsearch(&wanted, table->sorted, table->count, sizeof wanted, by_from) : NULL;
}

bool rules_apply(const struct cell_rules *rules, const struct rules_table *table, struct slice *cell)
{
	struct slice seen = slice_trim(*cell);
	const struct replacement *found;

	if (rules->trim == SAID_YES)
		*cell = seen;
	if (rules->null_mark.at && slice_equal(seen, slice_trim(rules->null_mark)))
		return false;
	found = rules_find(table, seen);
	if (!found)
		return true;
	*cell = found->to;
	return found->to.at != NULL;
}

struct slice rules_pad(const struct cell_rules *rules, struct slice cell, struct buf *b)
{
	struct slice digits = slice_trim(cell);

	for (size_t i = 0; i < digits.len; i++)
		if (digits.at[i] < '0' || digits.at[i] > '9')
			return cell;
	if (digits.len == 0 || digits.len >= (size_t)rules->pad)
		return cell;
	buf_clear(b);
	for (size_t i = digits.len; i < (size_t)rules->pad; i++)
		buf_add_char(b, '0');
	buf_add_slice(b, digits);
	return buf_slice(b);
}

static void add_words(struct buf *b, const char *words)
{
	if (b->len > 0)
		buf_add_text(b, " · ");
	buf_add_text(b, words);
}

void rules_describe(const struct cell_rules *r, struct buf *b)
{
	static const char *const dates[] = { NULL, "dates: the year first", "dates: the month first",
		                             "dates: the day first" };

	if (r->null_mark.at) {
		add_words(b, "null mark ");
		buf_addf(b, "\"%.*s\"", SLICE_ARGS(r->null_mark));
	}
	if (r->blank)
		add_words(b, r->blank == BLANK_NULL ? "blank cells clear their fields"
		                                    : "blank cells leave their fields alone");
	if (r->order)
		add_words(b, dates[r->order]);
	if (r->zone) {
		add_words(b, "date-times without a zone are those of ");
		buf_add_text(b, r->zone);
	}
	if (r->trim == SAID_YES)
		add_words(b, "blanks around are cut off");
	if (r->cut == SAID_YES)
		add_words(b, "texts are cut to the field's length");
	if (r->decimal_comma == SAID_YES)
		add_words(b, "numbers have a decimal comma");
	if (r->excel_dates == SAID_YES)
		add_words(b, "numbers are Excel's dates");
	if (r->yes || r->no)
		add_words(b, "words for true and false");
}
