#include "core/engine/held.h"

#include <stdlib.h>
#include <string.h>

#include "core/org/url.h"
#include "core/plan/plan_check.h"
#include "core/plan/value.h"

enum { MOST_KEY = 1024 * 1024 };

const struct field *held_key(const struct plan *plan)
{
	const struct mapping *m = plan->mapping;
	const struct field *external = NULL;

	if (plan->key)
		return plan->key;
	for (size_t i = 0; i < m->count; i++) {
		if (m->entries[i].far)
			continue;
		if (m->entries[i].field->unique)
			return m->entries[i].field;
		if (!external && m->entries[i].field->external_id)
			external = m->entries[i].field;
	}
	return external;
}

static bool is_key(const struct held *h, const struct mapped *m)
{
	return h->plan->key ? plan_check_is_key(h->plan, m) : !m->far && m->field == h->by;
}

static int position_of(const struct held *h, const char *field)
{
	for (size_t i = 0; i < h->field_count; i++)
		if (strcmp(h->fields[i], field) == 0)
			return (int)i;
	return -1;
}

static int add_field(struct held *h, const char *field)
{
	int at = position_of(h, field);

	if (at >= 0)
		return at;
	h->fields[h->field_count] = h->selects[h->field_count] = field;
	return (int)h->field_count++;
}

/* As it is sent; a parent that may be of several objects has no field of its own in a query. */
static int add_sent(struct held *h, const struct mapped *m)
{
	return m->far && m->field->reference_count > 1 ? -1 : add_field(h, m->name);
}

/* Old values know a parent by its id. Binary fields are in no query of several records. */
static void choose_columns(struct held *h, int wants)
{
	const struct mapping *m = h->plan->mapping;

	for (size_t i = 0; i < m->count; i++) {
		const struct mapped *to = &m->entries[i];
		bool key = is_key(h, to);
		bool asked = !key && to->field->type != FIELD_BASE64;

		if (key)
			h->key = (int)i;
		h->field_of[i] = asked && (wants & HELD_OLD) ? add_field(h, to->field->name) : -1;
		h->sent_of[i] = asked && (wants & HELD_SENT) ? add_sent(h, to) : -1;
	}
}

bool held_init(struct held *h, struct plan *plan, const struct guard *guard, int wants)
{
	size_t count = plan->mapping->count, guarded = guard ? guard->count : 0;

	*h = (struct held){ .plan = plan, .guard = guard, .by = held_key(plan) };
	arena_init(&h->texts);
	in_query_init(&h->query);
	h->fields = calloc(2 * count + guarded + 2, sizeof *h->fields);
	h->selects = calloc(2 * count + guarded + 2, sizeof *h->selects);
	h->field_of = calloc(count + 1, sizeof *h->field_of);
	h->sent_of = calloc(count + 1, sizeof *h->sent_of);
	h->guard_field_of = calloc(guarded + 1, sizeof *h->guard_field_of);
	if (!h->fields || !h->selects || !h->field_of || !h->sent_of || !h->guard_field_of)
		return false;
	add_field(h, "Id");
	choose_columns(h, wants);
	for (size_t i = 0; i < guarded; i++) {
		h->guard_field_of[i] = add_field(h, guard->fields[i]);
		h->selects[h->guard_field_of[i]] = guard->selects[i];
	}
	add_field(h, h->by->name);
	return true;
}

void held_release(struct held *h)
{
	arena_release(&h->texts);
	in_query_release(&h->query);
	free((void *)h->fields);
	free((void *)h->selects);
	free(h->field_of);
	free(h->sent_of);
	free(h->guard_field_of);
	*h = (struct held){ 0 };
}

void held_begin(struct held *h)
{
	arena_clear(&h->texts);
	h->count = 0;
	h->short_of = false;
	in_query_begin(&h->query, h->selects, h->field_count, h->plan->object->name, h->by->name, h->by->type);
}

static struct slice *copy_cells(struct held *h, const struct slice *cells)
{
	size_t count = h->plan->layout.count;
	struct slice *copy = arena_alloc(&h->texts, count * sizeof *copy);

	for (size_t i = 0; copy && i < count; i++) {
		copy[i] = (struct slice){ arena_slice(&h->texts, cells[i]), cells[i].len };
		if (!copy[i].at)
			return NULL;
	}
	return copy;
}

static bool add_record(struct held *h, const struct record *r, enum guard_fate noted)
{
	struct held_record *to = &h->records[h->count++];
	const struct slice *cells = plan_cells(h->plan);
	struct buf key;
	bool known;

	buf_init(&key, MOST_KEY);
	layout_normalise(h->by->type, cells[h->key], &key);
	known = !key.short_of;
	*to = (struct held_record){ .record = r->number,
		                    .offset = r->offset,
		                    .noted = noted,
		                    .key = { arena_slice(&h->texts, buf_slice(&key)), key.len },
		                    .wrote = copy_cells(h, cells),
		                    .values = arena_alloc(&h->texts, h->field_count * sizeof *to->values) };
	buf_release(&key);
	for (size_t i = 0; to->values && i < h->field_count; i++)
		to->values[i] = (struct slice){ 0 };
	if (h->guard)
		to->expects = guard_expects(h->guard, r, &h->texts);
	return known && to->key.at && to->wrote && to->values && (to->expects || !h->guard);
}

enum held_taken held_take(struct held *h, const struct record *record)
{
	struct slice key = plan_cells(h->plan)[h->key];
	enum guard_fate noted = h->guard ? guard_noted(h->guard, record) : GUARD_GOES;

	if (key.len == 0 || value_null_mark(key))
		return HELD_TAKEN; /* an upsert that inserts: there is nothing to ask */
	if (h->count == BUDGET_LOOK_KEYS || (noted == GUARD_GOES && !in_query_add(&h->query, key)))
		return HELD_FULL;
	return add_record(h, record, noted) && !in_query_short_of(&h->query) ? HELD_TAKEN : HELD_NO_MEMORY;
}

const char *held_query(struct held *h)
{
	return in_query_text(&h->query);
}

static bool same_key(const struct held *h, struct slice a, struct slice b)
{
	if (h->by->type == FIELD_ID || h->by->case_sensitive)
		return slice_equal(a, b);
	return slice_equal_fold(a, b);
}

static void take_row(struct held *h, struct held_record *to, const struct slice *values)
{
	to->several = to->several || to->id[0];
	h->short_of = !url_id18(values[0], to->id) || h->short_of;
	for (size_t i = 0; i < h->field_count; i++) {
		to->values[i] = (struct slice){ arena_slice(&h->texts, values[i]), values[i].len };
		h->short_of = h->short_of || !to->values[i].at;
	}
}

bool held_row(void *held, const struct slice *values)
{
	struct held *h = held;
	struct buf key;

	buf_init(&key, MOST_KEY);
	layout_normalise(h->by->type, values[position_of(h, h->by->name)], &key);
	for (size_t i = 0; i < h->count; i++)
		if (h->records[i].noted == GUARD_GOES && same_key(h, h->records[i].key, buf_slice(&key)))
			take_row(h, &h->records[i], values);
	h->short_of = h->short_of || key.short_of; /* then nobody knows whose row it is */
	buf_release(&key);
	return !h->short_of;
}

/* What stands there after it was sent: nothing, where the field is cleared. */
static bool says_the_same(enum field_type type, struct slice sent, struct slice value)
{
	if (value_null_mark(sent))
		return value.len == 0;
	return layout_same_value(type, sent, value);
}

bool held_unchanged(const struct held *h, size_t i)
{
	const struct held_record *r = &h->records[i];

	if (!r->id[0] || r->several)
		return false;
	for (size_t c = 0; c < h->plan->layout.count; c++) {
		if ((int)c == h->key || r->wrote[c].len == 0)
			continue;
		if (h->sent_of[c] < 0 ||
		    !says_the_same(h->plan->layout.columns[c].type, r->wrote[c], r->values[h->sent_of[c]]))
			return false;
	}
	return true;
}

enum guard_fate held_fate(const struct held *h, size_t i, const char **field)
{
	const struct held_record *r = &h->records[i];

	*field = NULL;
	if (r->noted != GUARD_GOES)
		return r->noted;
	if (!r->id[0])
		return GUARD_GONE;
	return guard_judge(h->guard, r->expects, r->values, h->guard_field_of, field);
}

size_t held_changed(const struct held *h, size_t i, const char **fields)
{
	const struct held_record *r = &h->records[i];

	return guard_changed(h->guard, r->expects, r->values, h->guard_field_of, fields);
}
