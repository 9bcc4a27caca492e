#include "practice/write_rules.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_TWINS = 50, MOST_NAMED = 5 };

/* The record as it would be: the changes, and for the rest what its row holds. */
struct draft {
	struct writer *writer;
	const struct change *changes;
	size_t count;
	uint32_t self;
};

static struct slice draft_value(void *ctx, const struct field *f)
{
	const struct draft *d = ctx;

	for (size_t i = 0; i < d->count; i++)
		if (d->changes[i].field == f)
			return d->changes[i].null ? (struct slice){ NULL, 0 } : d->changes[i].text;
	return d->self ? row_cell(org_row(d->writer->table, d->self), f) : (struct slice){ NULL, 0 };
}

static bool is_twin(struct draft *d, const struct duplicate_rule *r, uint32_t other)
{
	const struct row *row = org_row(d->writer->table, other);

	if (other == d->self)
		return false;
	for (size_t i = 0; i < r->field_count; i++)
		if (!slice_equal_fold(draft_value(d, r->fields[i]), row_cell(row, r->fields[i])))
			return false;
	return true;
}

/* Is there another record that the rule takes for the same? A record that lacks one of its fields equals none. */
static bool has_twin(struct draft *d, const struct duplicate_rule *r)
{
	uint32_t others[MOST_TWINS];
	size_t found;

	for (size_t i = 0; i < r->field_count; i++)
		if (draft_value(d, r->fields[i]).len == 0)
			return false;
	found = table_find(d->writer->table, r->fields[0], draft_value(d, r->fields[0]), others, MOST_TWINS);
	for (size_t i = 0; i < found && i < MOST_TWINS; i++)
		if (is_twin(d, r, others[i]))
			return true;
	return false;
}

/* Values of picklists that are written go with the type that the record then has. */
static bool fits_record_type(struct draft *d)
{
	const struct object *o = d->writer->table->object;
	const struct field *f = object_stored_field(o, slice_of("RecordTypeId"));
	struct slice type = f ? draft_value(d, f) : (struct slice){ NULL, 0 };

	for (size_t i = 0; i < d->count; i++)
		if (!d->changes[i].null &&
		    !type_list_allows(&d->writer->policy->type_values, o, type, d->changes[i].field,
		                      d->changes[i].text, &d->writer->why))
			return false;
	return true;
}

bool write_obeys(struct writer *w, const struct change *changes, size_t count, uint32_t self)
{
	const struct object *o = w->table->object;
	struct draft d = { w, changes, count, self };

	if (!w->policy)
		return true;
	if (!fits_record_type(&d))
		return false;
	if (!policy_validates(w->policy, o, draft_value, &d, &w->why))
		return false;
	for (size_t i = 0; i < w->policy->duplicate_count; i++) {
		const struct duplicate_rule *r = &w->policy->duplicates[i];

		if (r->active && r->object == o && !(r->allow && w->save_duplicates) && has_twin(&d, r))
			return refuse(&w->why, "DUPLICATES_DETECTED", NULL, "%s", r->message);
	}
	return true;
}

/* The live records of the child object that point at the row; NULL: none. Freed by the caller. */
static uint32_t *hanging(struct writer *w, const struct child *c, const struct table *t, uint32_t row,
                         size_t *count)
{
	struct table *from = org_table(w->org, c->object);
	char id[SF_ID_ROOM];
	uint32_t *rows;

	*count = 0;
	if (from->live == 0)
		return NULL;
	table_id(t, row, id);
	*count = table_find(from, c->field, slice_of(id), NULL, 0);
	rows = *count ? calloc(*count, sizeof *rows) : NULL;
	if (rows)
		table_find(from, c->field, slice_of(id), rows, *count);
	else
		*count = 0;
	return rows;
}

/* How an object calls its records in a refusal: "cases". */
static void add_plural(struct buf *to, const struct object *o)
{
	size_t from = to->len;

	buf_addf(to, "%ss", o->name);
	for (size_t i = from; i < to->len; i++)
		to->at[i] = (char)(to->at[i] >= 'A' && to->at[i] <= 'Z' ? to->at[i] + 32 : to->at[i]);
}

static bool is_kept(struct writer *w, const struct table *t, uint32_t row)
{
	const struct object *o = t->object;

	for (size_t i = 0; i < o->child_count; i++) {
		const struct child *c = &o->children[i];
		struct table *from = org_table(w->org, c->object);
		struct buf *m = &w->why.message;
		size_t count = 0;
		uint32_t *rows = c->restricts ? hanging(w, c, t, row, &count) : NULL;

		if (count == 0)
			continue;
		refuse(&w->why, "DELETE_FAILED", NULL,
		       "Your attempt to delete %s could not be completed because it is associated with the "
		       "following ",
		       o->name);
		add_plural(m, c->object);
		buf_add_text(m, ".: ");
		for (size_t k = 0; k < count && k < MOST_NAMED; k++) {
			char id[SF_ID_ROOM];

			table_id(from, rows[k], id);
			buf_addf(m, "%s%s", k ? ", " : "", id);
		}
		free(rows);
		return true;
	}
	return false;
}

static void delete_one(struct writer *w, struct table *t, uint32_t record, uint32_t row, bool purge)
{
	const struct object *o = t->object;

	org_delete(t, row, purge, w->now);
	audit_add(w->audit, t, row, VERB_DELETED, w->source, record, w->now);
	for (size_t i = 0; i < o->child_count; i++) {
		size_t count = 0;
		uint32_t *rows = o->children[i].cascades ? hanging(w, &o->children[i], t, row, &count) : NULL;
		struct table *from = org_table(w->org, o->children[i].object);

		for (size_t k = 0; k < count; k++)
			if (org_row(from, rows[k])->fate == ROW_LIVES)
				delete_one(w, from, record, rows[k], purge);
		free(rows);
	}
}

uint32_t write_delete(struct writer *w, uint32_t record, uint32_t row, bool purge)
{
	bool lives = org_row(w->table, row)->fate == ROW_LIVES;

	if (lives && is_kept(w, w->table, row))
		return 0;
	delete_one(w, w->table, record, row, purge);
	return row;
}
