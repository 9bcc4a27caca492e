#include "practice/query_run.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/when.h"

struct rows {
	uint32_t *all;
	size_t count;
	size_t room;
};

struct run {
	const struct query *query;
	struct org *org;
	struct table *table;
	struct buf made; /* texts that are not kept in cells, of one row */
};

/* The row that a reference names; definitions are named by what lasts (EntityDefinition.DurableId), not by an id. */
static uint32_t far_row(struct table *t, const struct field *via, struct slice value)
{
	const struct field *durable = object_field(t->object, slice_of("DurableId"));
	uint32_t number = 0;

	if (via->type != FIELD_STRING || !durable)
		return table_number(t, value);
	table_find(t, durable, value, &number, 1);
	return number;
}

struct query_place query_follow(const struct org *org, struct query_place from, const struct query_step *step)
{
	struct query_place to = { NULL, 0 };
	const struct object *far = step->far;
	struct slice id;
	struct buf made;
	char prefix[4];
	uint32_t number;

	buf_init(&made, 64);
	id = table_value(from.table, from.row, step->via, &made);
	if (step->several)
		far = id.at && sf_id_read(id, prefix, &number) != SF_ID_MALFORMED
		              ? schema_prefix(org->schema, prefix)
		              : NULL;
	if (id.at && far) {
		to.table = org_table(org, far);
		to.row = far_row(to.table, step->via, id);
	}
	buf_release(&made);
	return to;
}

struct slice query_value(struct query_place at, const struct query_field *f, struct buf *made)
{
	const struct field *field = f->field;

	if (f->is_type)
		return slice_of(at.table->object->name);
	if (f->depth && f->steps[f->depth - 1].several)
		field = object_field(at.table->object, slice_of(field->name));
	return field ? table_value(at.table, at.row, field, made) : (struct slice){ NULL, 0 };
}

/* The field's text in this row, of the far record if it leads there; at == NULL: null. */
static struct slice value_of(struct run *r, uint32_t row, const struct query_field *f)
{
	struct query_place at = { r->table, row };

	for (size_t i = 0; i < f->depth && at.row; i++)
		at = query_follow(r->org, at, &f->steps[i]);
	return at.row ? query_value(at, f, &r->made) : (struct slice){ NULL, 0 };
}

bool query_has_value(const struct org *org, const struct object *o, uint32_t row, const struct query_field *f)
{
	struct query_place at = { org_table(org, o), row };
	struct buf made;
	bool any;

	buf_init(&made, 1024);
	for (size_t i = 0; i < f->depth && at.row; i++)
		at = query_follow(org, at, &f->steps[i]);
	any = at.row && query_value(at, f, &made).at;
	buf_release(&made);
	return any;
}

static double number_of(const struct field *f, struct slice value)
{
	char text[64];
	int64_t n = 0;

	if (f->type == FIELD_BOOLEAN)
		return value.len == 4;
	if (f->type == FIELD_DATE)
		return when_date(value, &n) ? (double)n : 0;
	if (f->type == FIELD_DATETIME)
		return when_instant(value, &n) ? (double)n : 0;
	if (value.len >= sizeof text)
		return 0;
	memcpy(text, value.at, value.len);
	text[value.len] = '\0';
	return strtod(text, NULL);
}

static int compare_text(struct slice a, struct slice b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len ? strncasecmp(a.at, b.at, len) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* An id of 15 characters is equal to its form of 18. */
static int compare_ids(struct slice a, struct slice b)
{
	size_t len = a.len < b.len ? a.len : b.len;

	if (len == 15 || len == 18)
		return strncmp(a.at, b.at, 15);
	return compare_text(a, b);
}

static bool has_number(const struct field *f)
{
	return field_is_number(f) || f->type == FIELD_BOOLEAN || f->type == FIELD_DATE ||
	       f->type == FIELD_DATETIME;
}

static int compare(const struct field *f, struct slice value, const struct literal *l)
{
	if (has_number(f)) {
		double n = number_of(f, value);

		return (n > l->number) - (n < l->number);
	}
	if (f->type == FIELD_ID || f->type == FIELD_REFERENCE)
		return compare_ids(value, l->text);
	return compare_text(value, l->text);
}

/* One character further: bytes that go on one in UTF-8 belong to it. */
static size_t next_char(struct slice s, size_t at)
{
	do
		at++;
	while (at < s.len && ((unsigned char)s.at[at] & 0xC0) == 0x80);
	return at;
}

/* Does the pattern's place p (not %) stand for the value's v? *wide: it takes a whole character. */
static bool fits_one(struct slice value, size_t v, struct slice pattern, size_t *p, bool *wide)
{
	*wide = pattern.at[*p] == '_';
	if (*wide)
		return true;
	if (pattern.at[*p] == '\\' && *p + 1 < pattern.len)
		++*p;
	return strncasecmp(&pattern.at[*p], &value.at[v], 1) == 0;
}

/* LIKE: % stands for any text, _ for one character; a backslash in front makes them stand for themselves. */
static bool is_like(struct slice value, struct slice pattern)
{
	size_t v = 0, p = 0, star = SIZE_MAX, mark = 0, at;
	bool wide;

	while (v < value.len) {
		at = p;
		if (p < pattern.len && pattern.at[p] == '%') {
			star = p++;
			mark = v;
		} else if (p < pattern.len && fits_one(value, v, pattern, &at, &wide)) {
			p = at + 1;
			v = wide ? next_char(value, v) : v + 1;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			v = ++mark;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.at[p] == '%')
		p++;
	return p == pattern.len;
}

static bool is_equal(const struct field *f, struct slice value, const struct literal *l)
{
	if (!value.at || l->kind == LITERAL_NULL)
		return !value.at && l->kind == LITERAL_NULL;
	return compare(f, value, l) == 0;
}

static bool is_in(const struct condition *c, struct slice value)
{
	for (size_t i = 0; i < c->value_count; i++)
		if (is_equal(c->field.field, value, &c->values[i]))
			return true;
	return false;
}

static bool passes_test(struct run *r, uint32_t row, const struct condition *c)
{
	struct slice value = value_of(r, row, &c->field);
	const struct literal *l = &c->values[0];
	int order;

	switch (c->op) {
	case QUERY_IN:
		return is_in(c, value);
	case QUERY_NOT_IN:
		return !is_in(c, value);
	case QUERY_EQ:
		return is_equal(c->field.field, value, l);
	case QUERY_NE:
		return !is_equal(c->field.field, value, l);
	case QUERY_LIKE:
		return l->kind == LITERAL_NULL ? !value.at : value.at && is_like(value, l->text);
	default:
		break;
	}
	if (!value.at || l->kind == LITERAL_NULL)
		return false;
	order = compare(c->field.field, value, l);
	return (c->op == QUERY_LT && order < 0) || (c->op == QUERY_GT && order > 0) ||
	       (c->op == QUERY_LE && order <= 0) || (c->op == QUERY_GE && order >= 0);
}

static bool passes(struct run *r, uint32_t row, const struct condition *c)
{
	switch (c->kind) {
	case CONDITION_AND:
		return passes(r, row, c->left) && passes(r, row, c->right);
	case CONDITION_OR:
		return passes(r, row, c->left) || passes(r, row, c->right);
	case CONDITION_NOT:
		return !passes(r, row, c->left);
	default:
		return passes_test(r, row, c);
	}
}

static bool add_row(struct rows *to, uint32_t row)
{
	if (to->count == to->room) {
		size_t room = to->room ? to->room * 2 : 64;
		uint32_t *all = realloc(to->all, room * sizeof *all);

		if (!all)
			return false;
		to->all = all;
		to->room = room;
	}
	to->all[to->count++] = row;
	return true;
}

/* A row that the query means goes into `to`; false without memory. */
static bool look_at(struct run *r, uint32_t row, struct rows *to)
{
	const struct row *found = org_row(r->table, row);

	buf_clear(&r->made);
	if (!found || found->fate == ROW_PURGED || (found->fate == ROW_DELETED && !r->query->deleted_too))
		return true;
	return (r->query->where && !passes(r, row, r->query->where)) || add_row(to, row);
}

/* A test that every row must pass and that an index can answer, or NULL. */
static const struct condition *find_indexed(const struct condition *c)
{
	const struct condition *found;
	const struct field *f;

	if (!c)
		return NULL;
	if (c->kind == CONDITION_AND) {
		found = find_indexed(c->left);
		return found ? found : find_indexed(c->right);
	}
	if (c->kind != CONDITION_TEST || c->field.depth || (c->op != QUERY_EQ && c->op != QUERY_IN))
		return NULL;
	f = c->field.field;
	if (f->type == FIELD_ID && f->origin == FROM_CELL)
		return NULL; /* an id may be asked for in its short form */
	for (size_t i = 0; i < c->value_count; i++)
		if (c->values[i].kind != LITERAL_TEXT)
			return NULL;
	if (f->origin == FROM_ID)
		return c;
	/* an index that minds the case cannot answer a question that does not */
	return field_is_key(f) && f->origin == FROM_CELL && !f->case_sensitive ? c : NULL;
}

static int by_number(const void *a, const void *b)
{
	uint32_t x, y;

	memcpy(&x, a, sizeof x);
	memcpy(&y, b, sizeof y);
	return (x > y) - (x < y);
}

static bool add_found(struct run *r, const struct field *f, struct slice value, struct rows *candidates)
{
	size_t n = table_find(r->table, f, value, NULL, 0);
	uint32_t *found = malloc((n + 1) * sizeof *found);
	bool done = found != NULL;

	n = found ? table_find(r->table, f, value, found, n) : 0;
	for (size_t i = 0; i < n && done; i++)
		done = add_row(candidates, found[i]);
	free(found);
	return done;
}

static bool run_indexed(struct run *r, const struct condition *c, struct rows *to)
{
	struct rows candidates = { 0 };
	bool done = true;

	for (size_t i = 0; i < c->value_count && done; i++)
		done = add_found(r, c->field.field, c->values[i].text, &candidates);
	if (candidates.count)
		qsort(candidates.all, candidates.count, sizeof *candidates.all, by_number);
	for (size_t i = 0; i < candidates.count && done; i++)
		if (i == 0 || candidates.all[i] != candidates.all[i - 1])
			done = look_at(r, candidates.all[i], to);
	free(candidates.all);
	return done;
}

static int compare_values(const struct field *f, struct slice a, struct slice b)
{
	if (has_number(f)) {
		double x = number_of(f, a), y = number_of(f, b);

		return (x > y) - (x < y);
	}
	return compare_text(a, b);
}

static int compare_rows(const void *a, const void *b, void *ctx)
{
	struct run *left = ctx, right = *left;
	uint32_t x, y;
	int order = 0;

	memcpy(&x, a, sizeof x);
	memcpy(&y, b, sizeof y);
	buf_init(&right.made, 1024);
	for (size_t i = 0; i < left->query->order_count && order == 0; i++) {
		const struct query_order *o = &left->query->orders[i];
		struct slice v = value_of(left, x, &o->field);
		struct slice w = value_of(&right, y, &o->field);

		if (!v.at || !w.at)
			order = o->nulls_last ? !v.at - !w.at : !w.at - !v.at;
		else
			order = compare_values(o->field.field, v, w) * (o->descending ? -1 : 1);
		buf_clear(&left->made);
		buf_clear(&right.made);
	}
	buf_release(&right.made);
	return order ? order : (x > y) - (x < y);
}

bool query_run(const struct query *q, struct org *org, uint32_t **rows, size_t *count)
{
	struct run r = { .query = q, .org = org, .table = org_table(org, q->object) };
	const struct condition *indexed = q->deleted_too ? NULL : find_indexed(q->where);
	struct rows found = { 0 };
	bool done = true;

	buf_init(&r.made, 64 * 1024);
	if (indexed) {
		done = run_indexed(&r, indexed, &found);
	} else {
		for (uint32_t row = 1; row <= r.table->count && done; row++)
			done = look_at(&r, row, &found);
	}
	if (done && q->order_count && found.count)
		qsort_r(found.all, found.count, sizeof *found.all, compare_rows, &r);
	if (q->offset > 0 && found.count) {
		size_t left_out = (size_t)q->offset < found.count ? (size_t)q->offset : found.count;

		found.count -= left_out;
		memmove(found.all, found.all + left_out, found.count * sizeof *found.all);
	}
	if (q->limit >= 0 && found.count > (size_t)q->limit)
		found.count = (size_t)q->limit;
	buf_release(&r.made);
	*rows = found.all;
	*count = found.count;
	if (!done)
		free(found.all);
	return done;
}
