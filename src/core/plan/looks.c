#include "core/plan/looks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "core/plan/dependent.h"
#include "core/plan/plan_check.h"
#include "core/plan/sorter.h"
#include "core/plan/value.h"

enum {
	MOST_DIGITS = 20,   /* of what may have lost a zero */
	FEWEST_VALUES = 10, /* by which a column's usual length is told */
	ID_SHORT = 15,      /* characters of an id in which case counts */
};

/* What the values of one column look like. */
struct column {
	bool zeros_count; /* a text in which a zero in front counts */
	int controller;   /* column of the field that it depends on, -1: none that is sent */
	int64_t unfit, unfit_first;
	int64_t cleared, cleared_first;
	int64_t others; /* that are no digits, or begin with a zero */
	int64_t lengths[MOST_DIGITS + 1];
	int64_t first[MOST_DIGITS + 1]; /* record of each length */
};

struct looks {
	const struct plan *plan;
	struct column *columns;
	size_t *watched; /* of these, those whose values are looked at one by one */
	size_t watched_count;
	int key; /* column of the action's key, -1: there is none */
	int64_t no_key, no_key_first;
	int64_t total;      /* the last record, if it looks like one; else 0 */
	struct sorter *ids; /* of 15 characters: hash without case, hash, record */
	int64_t id_count;
};

static int key_column(const struct plan *plan)
{
	for (size_t i = 0; plan->key && i < plan->mapping->count; i++)
		if (plan_check_is_key(plan, &plan->mapping->entries[i]))
			return (int)i;
	return -1;
}

static int column_of(const struct plan *plan, const char *field)
{
	for (size_t i = 0; i < plan->mapping->count; i++)
		if (!plan->mapping->entries[i].far && strcmp(plan->mapping->entries[i].field->name, field) == 0)
			return (int)i;
	return -1;
}

/* Texts in which a zero in front counts. */
static bool may_lose_zeros(const struct layout_column *c)
{
	return c->type == FIELD_STRING || c->type == FIELD_PHONE || c->type == FIELD_TEXTAREA ||
	       c->type == FIELD_ENCRYPTEDSTRING || c->type == FIELD_COMBOBOX;
}

static void make_columns(struct looks *l)
{
	for (size_t i = 0; i < l->plan->layout.count; i++) {
		const char *controller = l->plan->mapping->entries[i].field->controller;

		l->columns[i].controller = controller[0] ? column_of(l->plan, controller) : -1;
		l->columns[i].zeros_count = may_lose_zeros(&l->plan->layout.columns[i]);
		if (l->columns[i].zeros_count || l->columns[i].controller >= 0)
			l->watched[l->watched_count++] = i;
	}
}

enum err_code looks_new(struct looks **looks, const struct plan *plan, const char *folder, struct err *e)
{
	struct looks *l = calloc(1, sizeof *l);

	*looks = l;
	if (!l)
		return err_memory(e, "the check");
	l->plan = plan;
	l->key = key_column(plan);
	l->columns = calloc(plan->layout.count + 1, sizeof *l->columns);
	l->watched = calloc(plan->layout.count + 1, sizeof *l->watched);
	if (!l->columns || !l->watched)
		return err_memory(e, "the check");
	make_columns(l);
	return sorter_new(&l->ids, 3, folder, e);
}

void looks_free(struct looks *l)
{
	if (!l)
		return;
	sorter_free(l->ids);
	free(l->columns);
	free(l->watched);
	free(l);
}

/* ---- a record ---- */

static bool all_digits(struct slice cell)
{
	for (size_t i = 0; i < cell.len; i++)
		if (cell.at[i] < '0' || cell.at[i] > '9')
			return false;
	return true;
}

static void count_length(struct column *c, struct slice cell, int64_t record)
{
	if (cell.at[0] < '1' || cell.at[0] > '9' || cell.len > MOST_DIGITS || !all_digits(cell)) {
		c->others++;
		return;
	}
	if (c->lengths[cell.len]++ == 0)
		c->first[cell.len] = record;
}

static void count_cleared(struct column *c, int64_t record)
{
	if (c->cleared++ == 0)
		c->cleared_first = record;
}

static void take_dependent(struct looks *l, size_t i, int64_t record)
{
	const struct mapped *entries = l->plan->mapping->entries;
	const struct slice *cells = plan_cells(l->plan);
	struct column *c = &l->columns[i];

	if (!dependent_fits(entries[i].field, cells[i], entries[c->controller].field, cells[c->controller]) &&
	    c->unfit++ == 0)
		c->unfit_first = record;
}

static void take_cleared(struct looks *l, int64_t record)
{
	const struct slice *cells = plan_cells(l->plan);

	for (size_t i = 0; i < l->plan->layout.count; i++)
		if (value_null_mark(cells[i]))
			count_cleared(&l->columns[i], record);
}

static void take_cells(struct looks *l, int64_t record, bool clears)
{
	const struct slice *cells = plan_cells(l->plan);

	for (size_t n = 0; n < l->watched_count; n++) {
		size_t i = l->watched[n];

		if (cells[i].len == 0 || (clears && value_null_mark(cells[i])))
			continue;
		if (l->columns[i].zeros_count)
			count_length(&l->columns[i], cells[i], record);
		else
			take_dependent(l, i, record);
	}
}

/* The cell as it stands in the file: what is sent has 18 characters. */
static struct slice key_in_file(const struct looks *l, const struct record *record)
{
	const struct slice none = { NULL, 0 };
	int column = l->plan->mapping->entries[l->key].column;

	return column < 0 ? none : slice_trim(record->cells[column]);
}

static enum err_code take_id(struct looks *l, struct slice id, int64_t record, struct err *e)
{
	char folded[ID_SHORT];
	struct sorter_item item;

	for (size_t i = 0; i < ID_SHORT; i++)
		folded[i] = id.at[i] >= 'A' && id.at[i] <= 'Z' ? (char)(id.at[i] + 32) : id.at[i];
	item = (struct sorter_item){ { hash_of((struct slice){ folded, ID_SHORT }, 0), hash_of(id, 0),
		                       (uint64_t)record } };
	l->id_count++;
	return sorter_add(l->ids, &item, e);
}

static enum err_code take_key(struct looks *l, const struct record *record, struct err *e)
{
	struct slice id;

	if (l->key < 0 || l->plan->key->type != FIELD_ID)
		return ERR_OK;
	if (plan_cells(l->plan)[l->key].len == 0) {
		if (l->no_key++ == 0)
			l->no_key_first = record->number;
		return ERR_OK;
	}
	id = key_in_file(l, record);
	return id.len == ID_SHORT ? take_id(l, id, record->number, e) : ERR_OK;
}

static bool says_total(struct slice cell)
{
	static const char *const words[] = { "total", "totals", "grand total", "sum",
		                             "summe", "gesamt", "gesamtsumme" };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (slice_equal_fold(slice_trim(cell), slice_of(words[i])))
			return true;
	return false;
}

/* One cell that says so, and no key or half of the others blank. */
static bool is_total(const struct looks *l, const struct record *record)
{
	size_t blank = 0;
	bool says = false;

	for (size_t i = 0; i < record->count && !says; i++)
		says = says_total(record->cells[i]);
	for (size_t i = 0; i < record->count && says; i++)
		blank += slice_trim(record->cells[i]).len == 0;
	return says && (2 * blank >= record->count || (l->key >= 0 && plan_cells(l->plan)[l->key].len == 0));
}

enum err_code looks_add(struct looks *l, const struct record *record, const struct plan_line *line,
                        struct err *e)
{
	if (line->clears)
		take_cleared(l, record->number);
	take_cells(l, record->number, line->clears);
	return take_key(l, record, e);
}

void looks_add_last(struct looks *l, const struct record *record)
{
	l->total = is_total(l, record) ? record->number : 0;
}

/* ---- what is said ---- */

static enum err_code say(struct check *check, enum rule rule, const char *field, int64_t count, int64_t first,
                         const char *message, struct err *e)
{
	struct finding f = { .rule = rule, .count = count, .example_record = first };

	snprintf(f.field, sizeof f.field, "%s", field);
	snprintf(f.message, sizeof f.message, "%s", message);
	return check_add_look(check, &f) ? ERR_OK : err_memory(e, "the check");
}

/* The length that most values have, and how many are shorter by one or two; 0: there is none of the kind. */
static size_t lost_zeros(const struct column *c, int64_t *shorter, int64_t *first)
{
	size_t usual = 0;
	int64_t all = 0, near;

	for (size_t n = 1; n <= MOST_DIGITS; n++) {
		all += c->lengths[n];
		usual = c->lengths[n] > c->lengths[usual] ? n : usual;
	}
	if (usual < 4 || all < FEWEST_VALUES || c->others * 5 > all)
		return 0;
	near = c->lengths[usual - 1] + c->lengths[usual - 2];
	if (near == 0 || (c->lengths[usual] + near) * 10 < all * 9)
		return 0;
	*shorter = near;
	*first = c->lengths[usual - 1] ? c->first[usual - 1] : c->first[usual - 2];
	return usual;
}

static enum err_code say_of_column(const struct looks *l, size_t i, struct check *check, struct err *e)
{
	const struct column *c = &l->columns[i];
	const char *field = l->plan->layout.columns[i].name;
	int64_t shorter, first;
	size_t usual = lost_zeros(c, &shorter, &first);
	char message[200];

	if (c->cleared &&
	    say(check, RULE_CLEARS, field, c->cleared, c->cleared_first, "clears the field", e) != ERR_OK)
		return e->code;
	if (c->unfit) {
		snprintf(message, sizeof message, "a value that is not offered for that of %s",
		         l->plan->mapping->entries[i].field->controller);
		if (say(check, RULE_DEPENDENT, field, c->unfit, c->unfit_first, message, e) != ERR_OK)
			return e->code;
	}
	if (!usual)
		return ERR_OK;
	snprintf(message, sizeof message,
	         "shorter than %zu digits, as the others are: a leading zero lost in Excel?", usual);
	if (say(check, RULE_LOST_ZEROS, field, shorter, first, message, e) == ERR_OK)
		check->looks[check->look_count - 1].digits = (int)usual;
	return e->code;
}

/* Ids that a spreadsheet takes for one another. */
static enum err_code say_of_ids(struct looks *l, struct check *check, struct err *e)
{
	struct sorter_item item, before = { { 0 } };
	int64_t count = 0, first = 0;
	bool more = true;

	if (l->id_count == 0 || sorter_begin(l->ids, e) != ERR_OK)
		return e->code;
	while (sorter_next(l->ids, &item, &more, e) == ERR_OK && more) {
		if (item.word[0] == before.word[0] && item.word[1] != before.word[1]) {
			count++;
			if (!first || (int64_t)item.word[2] < first)
				first = (int64_t)item.word[2];
		}
		before = item;
	}
	if (e->code != ERR_OK || count == 0)
		return e->code;
	return say(check, RULE_SAME_BUT_CASE, "Id", count, first,
	           "ids of 15 characters that are others but for case: Excel does not tell these apart", e);
}

enum err_code looks_end(struct looks *l, struct check *check, struct err *e)
{
	for (size_t i = 0; i < l->plan->layout.count; i++)
		if (say_of_column(l, i, check, e) != ERR_OK)
			return e->code;
	if (l->no_key &&
	    say(check, RULE_NO_ID, "Id", l->no_key, l->no_key_first, "no Id: will be created", e) != ERR_OK)
		return e->code;
	if (say_of_ids(l, check, e) != ERR_OK)
		return e->code;
	if (l->total &&
	    say(check, RULE_TOTAL, "", 1, l->total, "the last record looks like a total", e) != ERR_OK)
		return e->code;
	if (check->records == LOOKS_EXCEL_RECORDS)
		say(check, RULE_EXCEL_END, "", 1, check->records,
		    "exactly as many records as Excel writes at most: the file may have been cut off", e);
	return e->code;
}
