#include "practice/cursor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "practice/query_run.h"

enum { MOST_CURSORS = 100 };

void cursors_init(struct cursors *c)
{
	*c = (struct cursors){ 0 };
}

void cursor_free(struct cursor *c)
{
	if (!c)
		return;
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

struct cursor *cursor_open(struct org *org, struct query *q, size_t page)
{
	struct cursor *c = calloc(1, sizeof *c);

	if (!c) {
		query_free(q);
		return NULL;
	}
	c->query = q;
	c->page = page;
	if (!query_run(q, org, &c->rows, &c->count)) {
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

struct cursor *cursors_find(const struct cursors *all, uint32_t number)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->all[i]->number == number)
			return all->all[i];
	return NULL;
}

/* Date-times come back with +0000, not Z (salesforce-api.md F). */
static void write_instant(struct slice value, struct json_out *o)
{
	char text[40];
	int len = (int)(value.len < 24 ? value.len : 23);

	snprintf(text, sizeof text, "%.*s+0000", len, value.len ? value.at : "");
	json_out_text(o, slice_of(text));
}

/* A number as it stands in a cell, as JSON spells it: without "+", ".5", "5." or zeros in front. */
static void write_number(struct slice value, struct json_out *o)
{
	char cell[64], text[64];

	if (value.len >= sizeof cell) {
		json_out_text(o, value);
		return;
	}
	memcpy(cell, value.at, value.len);
	cell[value.len] = '\0';
	snprintf(text, sizeof text, "%.15g", strtod(cell, NULL));
	json_out_raw(o, slice_of(text));
}

static void write_value(const struct table *t, uint32_t row, const struct field *f, struct json_out *o,
                        struct buf *made)
{
	struct slice value;

	buf_clear(made);
	value = table_value(t, row, f, made);
	if (!value.at)
		json_out_null(o);
	else if (f->type == FIELD_BOOLEAN)
		json_out_raw(o, value);
	else if (field_is_number(f))
		write_number(value, o);
	else if (f->type == FIELD_DATETIME)
		write_instant(value, o);
	else
		json_out_text(o, value);
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
	const struct table *table;
	int version;
	struct json_out *o;
	struct buf made;
};

/* The fields of one far record, as an object of their own, at the place of the first of them. */
static void write_far(struct page *p, uint32_t row, const struct field *via)
{
	const struct query *q = p->query;
	const struct table *far = NULL;
	uint32_t number = 0;

	json_out_key(p->o, via->relationship);
	for (size_t i = 0; i < q->field_count; i++) {
		if (q->fields[i].via != via)
			continue;
		if (!far) {
			far = org_table(p->org, q->fields[i].far);
			number = query_follow(p->org, p->table, row, &q->fields[i]);
			if (!number) {
				json_out_null(p->o);
				return;
			}
			json_out_object(p->o);
			write_attributes(far, number, p->version, p->o);
		}
		json_out_key(p->o, q->fields[i].field->name);
		write_value(far, number, q->fields[i].field, p->o, &p->made);
	}
	json_out_end(p->o);
}

static bool is_first_of(const struct query *q, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (q->fields[i].via == q->fields[index].via)
			return false;
	return true;
}

static void write_row(struct page *p, uint32_t row)
{
	const struct query *q = p->query;

	json_out_object(p->o);
	write_attributes(p->table, row, p->version, p->o);
	for (size_t i = 0; i < q->field_count; i++) {
		if (q->fields[i].via) {
			if (is_first_of(q, i))
				write_far(p, row, q->fields[i].via);
			continue;
		}
		json_out_key(p->o, q->fields[i].field->name);
		write_value(p->table, row, q->fields[i].field, p->o, &p->made);
	}
	json_out_end(p->o);
}

void cursor_write(const struct cursor *c, const struct org *org, size_t from, int version, struct json_out *o)
{
	struct page p = { c->query, org, org_table(org, c->query->object), version, o, { 0 } };
	bool rows = !c->query->count;
	size_t to = rows && c->count - from > c->page ? from + c->page : c->count;
	char url[96];

	buf_init(&p.made, 64 * 1024);
	json_out_object(o);
	json_out_pair_number(o, "totalSize", (int64_t)c->count);
	json_out_pair_bool(o, "done", to == c->count);
	if (to < c->count) {
		snprintf(url, sizeof url, "/services/data/v%d.0/query/01gPRACTICE%u-%zu", version, c->number,
		         to);
		json_out_pair(o, "nextRecordsUrl", url);
	}
	json_out_key(o, "records");
	json_out_list(o);
	for (size_t i = from; rows && i < to; i++)
		write_row(&p, c->rows[i]);
	json_out_end(o);
	json_out_end(o);
	buf_release(&p.made);
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
