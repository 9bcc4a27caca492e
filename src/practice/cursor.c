#include "practice/cursor.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "practice/query_run.h"

enum { MOST_CURSORS = 100, KEPT_MS = 2 * 24 * 3600 * 1000 };

void cursors_init(struct cursors *c)
{
	*c = (struct cursors){ 0 };
}

void cursor_free(struct cursor *c)
{
	if (!c)
		return;
	for (size_t i = 0; c->children && i < c->query->child_count; i++)
		free(c->children[i].all);
	free(c->children);
	query_free(c->query);
	free(c->rows);
	free(c);
}

void cursors_release(struct cursors *c)
{
	for (size_t i = 0; i < c->count; i++)
		cursor_free(c->all[i]);
	free(c->all);
	cursors_init(c);
}

static bool find_children(struct cursor *c, struct org *org)
{
	const struct query *q = c->query;

	c->children = calloc(q->child_count + 1, sizeof *c->children);
	for (size_t i = 0; c->children && i < q->child_count; i++)
		if (!query_children_find(q, &q->children[i], org, &c->children[i]))
			return false;
	return c->children != NULL;
}

struct cursor *cursor_open(struct org *org, struct query *q, size_t page)
{
	struct cursor *c = calloc(1, sizeof *c);

	if (!c) {
		query_free(q);
		return NULL;
	}
	c->query = q;
	c->page = page;
	if (!query_run(q, org, &c->rows, &c->count) || !find_children(c, org)) {
		cursor_free(c);
		return NULL;
	}
	return c;
}

void cursors_keep(struct cursors *all, struct cursor *c)
{
	if (!all->all)
		all->all = calloc(MOST_CURSORS, sizeof(struct cursor *));
	if (!all->all) {
		cursor_free(c);
		return;
	}
	if (all->count == MOST_CURSORS) {
		cursor_free(all->all[0]);
		memmove(all->all, all->all + 1, --all->count * sizeof(struct cursor *));
	}
	c->number = ++all->numbers;
	all->all[all->count++] = c;
}

enum { CURSOR_OWNER_ROOM = 32 };

static const char *owner_name(const struct cursor *c, char to[CURSOR_OWNER_ROOM])
{
	snprintf(to, CURSOR_OWNER_ROOM, "01gPRACTICE%" PRIu32, c->number);
	return to;
}

struct cursor *cursors_find(const struct cursors *all, struct slice owner, int64_t now)
{
	char name[CURSOR_OWNER_ROOM];

	for (size_t i = 0; i < all->count; i++)
		if (slice_is(owner, owner_name(all->all[i], name)) && now - all->all[i]->opened <= KEPT_MS)
			return all->all[i];
	return NULL;
}

bool locator_read(const char *locator, struct slice *owner, size_t *from)
{
	const char *dash = strrchr(locator, '-');
	int64_t number;

	if (!dash || !number_whole(slice_of(dash + 1), &number) || number < 0)
		return false;
	*owner = (struct slice){ locator, (size_t)(dash - locator) };
	*from = (size_t)number;
	return true;
}

/* Date-times come back with +0000, not Z (salesforce-api.md F). */
static void write_instant(struct slice value, struct json_out *o)
{
	char text[40];
	int len = (int)(value.len < 24 ? value.len : 23);

	snprintf(text, sizeof text, "%.*s+0000", len, value.len ? value.at : "");
	json_out_text(o, slice_of(text));
}

struct slice cursor_number(const struct field *f, struct slice cell, char to[CURSOR_NUMBER])
{
	char text[CURSOR_NUMBER_CELL];

	if (cell.len >= sizeof text)
		return cell;
	memcpy(text, cell.at, cell.len);
	text[cell.len] = '\0';
	snprintf(to, CURSOR_NUMBER - 2, "%.15g", strtod(text, NULL));
	if (f->type != FIELD_INT && !strpbrk(to, ".e"))
		memcpy(to + strlen(to), ".0", 3);
	return slice_of(to);
}

static void write_address(const struct table *t, uint32_t row, const struct field *f, struct json_out *o,
                          struct buf *made);

static void write_value(const struct table *t, uint32_t row, const struct field *f, struct json_out *o,
                        struct buf *made)
{
	char number[CURSOR_NUMBER];
	struct slice value;

	if (f->type == FIELD_ADDRESS) {
		write_address(t, row, f, o, made);
		return;
	}
	buf_clear(made);
	value = table_value(t, row, f, made);
	if (!value.at)
		json_out_null(o);
	else if (f->type == FIELD_BOOLEAN)
		json_out_raw(o, value);
	else if (field_is_number(f) && value.len < CURSOR_NUMBER_CELL)
		json_out_raw(o, cursor_number(f, value, number));
	else if (f->type == FIELD_DATETIME)
		write_instant(value, o);
	else
		json_out_text(o, value);
}

/* "BillingAddress" is made of BillingCity and its kin, null if all of them are (tests/recorded/cumulusci/describe/
 * Organization.json). */
static void write_address(const struct table *t, uint32_t row, const struct field *f, struct json_out *o,
                          struct buf *made)
{
	static const char *const parts[][2] = { { "city", "City" },
		                                { "country", "Country" },
		                                { "geocodeAccuracy", "GeocodeAccuracy" },
		                                { "latitude", "Latitude" },
		                                { "longitude", "Longitude" },
		                                { "postalCode", "PostalCode" },
		                                { "state", "State" },
		                                { "street", "Street" } };
	enum { PARTS = sizeof parts / sizeof parts[0] };
	const struct field *fields[PARTS];
	size_t front = strlen(f->name) > 7 ? strlen(f->name) - 7 : 0;
	bool any = false;
	char name[128];

	for (size_t i = 0; i < PARTS; i++) {
		snprintf(name, sizeof name, "%.*s%s", (int)front, f->name, parts[i][1]);
		fields[i] = object_field(t->object, slice_of(name));
		any = any || (fields[i] && table_value(t, row, fields[i], made).at);
	}
	if (!any) {
		json_out_null(o);
		return;
	}
	json_out_object(o);
	for (size_t i = 0; i < PARTS; i++) {
		json_out_key(o, parts[i][0]);
		if (fields[i])
			write_value(t, row, fields[i], o, made);
		else
			json_out_null(o);
	}
	json_out_end(o);
}

static void write_attributes(const struct table *t, uint32_t row, int version, struct json_out *o)
{
	char id[SF_ID_ROOM], url[256];

	table_id(t, row, id);
	snprintf(url, sizeof url, "/services/data/v%d.0/sobjects/%s/%s", version, t->object->name, id);
	json_out_key(o, "attributes");
	json_out_object(o);
	json_out_pair(o, "type", t->object->name);
	json_out_pair(o, "url", url);
	json_out_end(o);
}

struct page {
	const struct query *query;
	const struct org *org;
	struct table *table;
	int version;
	struct json_out *o;
	struct buf *made;
	const struct query_links *children; /* for each of the query's */
};

/* Do two fields share the first `depth` references of their paths? */
static bool same_way(const struct query_field *a, const struct query_field *b, size_t depth)
{
	if (a->depth < depth || b->depth < depth)
		return false;
	for (size_t i = 0; i < depth; i++)
		if (a->steps[i].via != b->steps[i].via)
			return false;
	return true;
}

/* Is it the first of those that go one reference further on the same way? */
static bool is_first(const struct query *q, size_t index, size_t depth)
{
	for (size_t i = 0; i < index; i++)
		if (same_way(&q->fields[i], &q->fields[index], depth + 1))
			return false;
	return true;
}

static void write_field(struct page *p, struct query_place at, const struct query_field *f)
{
	const struct field *field = f->field;

	json_out_key(p->o, field->name);
	if (f->is_type) {
		json_out_text(p->o, slice_of(at.table->object->name));
		return;
	}
	if (f->depth && f->steps[f->depth - 1].several)
		field = object_field(at.table->object, slice_of(field->name));
	if (field)
		write_value(at.table, at.row, field, p->o, p->made);
	else
		json_out_null(p->o);
}

static void write_record(struct page *p, struct query_place at, const struct query_field *way, size_t depth);

/* The records that point at the row: an answer of their own, null if there are none. */
static void write_children(struct page *p, uint32_t row, size_t index)
{
	const struct query_child *child = &p->query->children[index];
	struct query_links links = query_children_of(&p->children[index], child, row);
	struct page inner = *p;

	json_out_key(p->o, child->way->name);
	if (links.count == 0) {
		json_out_null(p->o);
		return;
	}
	inner.query = child->query;
	inner.table = org_table(p->org, child->query->object);
	json_out_object(p->o);
	json_out_pair_number(p->o, "totalSize", (int64_t)links.count);
	json_out_pair_bool(p->o, "done", true);
	json_out_key(p->o, "records");
	json_out_list(p->o);
	for (size_t i = 0; i < links.count; i++)
		write_record(&inner, (struct query_place){ inner.table, links.all[i].row },
		             &(struct query_field){ 0 }, 0);
	json_out_end(p->o);
	json_out_end(p->o);
}

static void write_children_at(struct page *p, uint32_t row, size_t place)
{
	for (size_t i = 0; i < p->query->child_count; i++)
		if (p->query->children[i].place == place)
			write_children(p, row, i);
}

/* A record as an object: its fields in their order, and each far record at the place of the first of its fields. */
static void write_record(struct page *p, struct query_place at, const struct query_field *way, size_t depth)
{
	const struct query *q = p->query;

	json_out_object(p->o);
	write_attributes(at.table, at.row, p->version, p->o);
	for (size_t i = 0; i < q->field_count; i++) {
		const struct query_field *f = &q->fields[i];
		struct query_place far;

		if (depth == 0)
			write_children_at(p, at.row, i);
		if (!same_way(f, way, depth))
			continue;
		if (f->depth == depth) {
			write_field(p, at, f);
		} else if (is_first(q, i, depth)) {
			far = query_follow(p->org, at, &f->steps[depth]);
			json_out_key(p->o, f->steps[depth].via->relationship);
			if (far.row)
				write_record(p, far, f, depth + 1);
			else
				json_out_null(p->o);
		}
	}
	if (depth == 0)
		write_children_at(p, at.row, q->field_count);
	json_out_end(p->o);
}

/* {"attributes":{"type":"AggregateResult"},"expr0":6}: how many of the rows have a value. */
static void write_sums(struct page *p, const struct cursor *c)
{
	const struct query *q = p->query;

	json_out_object(p->o);
	json_out_key(p->o, "attributes");
	json_out_object(p->o);
	json_out_pair(p->o, "type", "AggregateResult");
	json_out_end(p->o);
	for (size_t i = 0; i < q->sum_count; i++) {
		int64_t n = 0;

		for (size_t k = 0; k < c->count; k++)
			n += query_has_value(p->org, q->object, c->rows[k], &q->sums[i].field);
		json_out_pair_number(p->o, q->sums[i].name, n);
	}
	json_out_end(p->o);
}

void cursor_write(const struct cursor *c, const struct org *org, size_t from, int version, struct json_out *o)
{
	struct buf made;
	struct page p = { c->query, org, org_table(org, c->query->object), version, o, &made, c->children };
	bool sums = c->query->sum_count > 0;
	bool rows = !c->query->count && !sums;
	size_t to = rows && c->count - from > c->page ? from + c->page : c->count;
	char name[CURSOR_OWNER_ROOM], url[96];

	buf_init(&made, 64 * 1024);
	json_out_object(o);
	json_out_pair_number(o, "totalSize", sums ? 1 : (int64_t)c->count);
	json_out_pair_bool(o, "done", to == c->count);
	if (to < c->count) {
		snprintf(url, sizeof url, "/services/data/v%d.0/query/%s-%zu", version, owner_name(c, name),
		         to);
		json_out_pair(o, "nextRecordsUrl", url);
	}
	json_out_key(o, "records");
	json_out_list(o);
	for (size_t i = from; rows && i < to; i++)
		write_record(&p, (struct query_place){ p.table, c->rows[i] }, &(struct query_field){ 0 }, 0);
	if (sums)
		write_sums(&p, c);
	json_out_end(o);
	json_out_end(o);
	buf_release(&made);
}

void cursor_write_row(const struct table *t, uint32_t row, int version, const struct field *const *fields,
                      size_t count, struct json_out *o)
{
	const struct field *id = object_field(t->object, slice_of("Id"));
	struct buf made;

	if (!fields)
		count = t->object->field_count;
	buf_init(&made, 64 * 1024);
	json_out_object(o);
	write_attributes(t, row, version, o);
	for (size_t i = 0; i < count; i++) {
		const struct field *f = fields ? fields[i] : &t->object->fields[i];

		if (f->hidden)
			continue;
		json_out_key(o, f->name);
		write_value(t, row, f, o, &made);
		if (f == id)
			id = NULL;
	}
	if (id) {
		json_out_key(o, id->name);
		write_value(t, row, id, o, &made);
	}
	json_out_end(o);
	buf_release(&made);
}
