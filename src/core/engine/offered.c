#include "core/engine/offered.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "core/org/picklists.h"
#include "core/plan/record_type.h"
#include "core/plan/value.h"

static const struct field *record_type_field(const struct plan *plan)
{
	const struct field *f = object_field(plan->object, slice_of("RecordTypeId"));

	return f && f->record_type_count > 0 ? f : NULL;
}

static bool is_restricted(const struct mapped *m)
{
	return !m->far && m->field->restricted_picklist &&
	       (m->field->type == FIELD_PICKLIST || m->field->type == FIELD_MULTIPICKLIST);
}

static int column_of(const struct plan *plan, const struct field *field)
{
	for (size_t i = 0; i < plan->layout.count; i++)
		if (plan->mapping->entries[i].field == field)
			return (int)i;
	return -1;
}

static size_t restricted_columns(const struct plan *plan)
{
	size_t count = 0;

	for (size_t i = 0; i < plan->layout.count; i++)
		count += is_restricted(&plan->mapping->entries[i]);
	return count;
}

int64_t offered_cost(const struct plan *plan)
{
	const struct field *f = record_type_field(plan);
	int64_t types = 0, defaults = 0;

	if (!f || action_deletes(plan->action) || restricted_columns(plan) == 0)
		return 0;
	for (size_t i = 0; i < f->record_type_count; i++) {
		types += f->record_types[i].active && f->record_types[i].available;
		defaults += f->record_types[i].by_default;
	}
	if (column_of(plan, f) >= 0)
		return types;
	return plan->action == ACTION_INSERT ? defaults : 0;
}

static bool make_types(struct offered *o)
{
	const struct field *f = o->type_field;

	o->types = calloc(f->record_type_count, sizeof *o->types);
	for (size_t i = 0; o->types && i < f->record_type_count; i++) {
		struct offered_type *t = &o->types[i];

		t->type = &f->record_types[i];
		t->hashes = calloc(o->plan->layout.count, sizeof *t->hashes);
		t->counts = calloc(o->plan->layout.count, sizeof *t->counts);
		t->rooms = calloc(o->plan->layout.count, sizeof *t->rooms);
		if (!t->hashes || !t->counts || !t->rooms)
			return false;
		if (f->record_types[i].by_default && o->plan->action == ACTION_INSERT)
			o->by_default = t;
	}
	return o->types != NULL;
}

bool offered_init(struct offered *o, const struct plan *plan)
{
	*o = (struct offered){ .plan = plan, .type_field = record_type_field(plan), .type_column = -1 };
	if (offered_cost(plan) == 0)
		return true;
	o->type_column = column_of(plan, o->type_field);
	o->columns = calloc(plan->layout.count, sizeof *o->columns);
	for (size_t i = 0; o->columns && i < plan->layout.count; i++)
		if (is_restricted(&plan->mapping->entries[i]))
			o->columns[o->column_count++] = i;
	return o->columns && make_types(o);
}

void offered_release(struct offered *o)
{
	for (size_t i = 0; o->types && i < o->type_field->record_type_count; i++) {
		struct offered_type *t = &o->types[i];

		for (size_t k = 0; t->hashes && k < o->plan->layout.count; k++)
			free(t->hashes[k]);
		free(t->hashes);
		free(t->counts);
		free(t->rooms);
	}
	free(o->types);
	free(o->columns);
	*o = (struct offered){ 0 };
}

/* The one that the text names: an id, or a name of a lookup by it. */
static const struct record_type *named(const struct offered *o, struct slice text)
{
	const struct mapped *m = &o->plan->mapping->entries[o->type_column];
	bool developer = m->far && strcmp(m->far->name, "DeveloperName") == 0;
	char why[RECORD_TYPE_WHY];

	if (m->far && m->far->type != FIELD_ID)
		return record_type_find(o->type_field,
		                        developer ? RECORD_TYPE_DEVELOPER_NAME : RECORD_TYPE_NAME, text, why);
	return record_type_of_id(o->type_field, text);
}

struct offered_type *offered_type(struct offered *o, int64_t record)
{
	struct slice text = o->type_column >= 0 ? plan_cells(o->plan)[o->type_column]
	                                        : (struct slice){ NULL, 0 };
	struct offered_type *found = NULL;
	const struct record_type *type;

	if (!o->types || value_null_mark(text))
		return NULL;
	if (text.len == 0) {
		found = o->by_default;
	} else {
		type = named(o, text);
		found = type ? &o->types[type - o->type_field->record_types] : NULL;
	}
	if (found && found->records++ == 0)
		found->first = record;
	return found;
}

/* ---- asking ---- */

struct filling {
	struct offered *o;
	struct offered_type *type;
};

static bool add(struct offered_type *t, size_t column, uint64_t hash)
{
	if (t->counts[column] == t->rooms[column]) {
		size_t room = t->rooms[column] ? t->rooms[column] * 2 : 32;
		uint64_t *more = realloc(t->hashes[column], room * sizeof *more);

		if (!more)
			return false;
		t->hashes[column] = more;
		t->rooms[column] = room;
	}
	t->hashes[column][t->counts[column]++] = hash;
	return true;
}

static bool take_value(void *ctx, const char *field, struct slice value)
{
	struct filling *f = ctx;

	for (size_t i = 0; i < f->o->column_count; i++) {
		size_t column = f->o->columns[i];

		if (strcmp(f->o->plan->mapping->entries[column].field->name, field) == 0 &&
		    !add(f->type, column, hash_of(value, 0)))
			return false;
	}
	return true;
}

static int by_size(const void *a, const void *b)
{
	uint64_t x, y;

	memcpy(&x, a, sizeof x);
	memcpy(&y, b, sizeof y);
	return (x > y) - (x < y);
}

enum err_code offered_ask(struct offered *o, struct offered_type *type, struct org *org, struct err *e)
{
	struct filling f = { o, type };

	type->asked = true;
	if (picklists_ask(org, o->plan->object->name, type->type->id, take_value, &f, &type->told, e) != ERR_OK)
		return e->code;
	for (size_t c = 0; c < o->plan->layout.count; c++)
		if (type->counts[c])
			qsort(type->hashes[c], type->counts[c], sizeof *type->hashes[c], by_size);
	return ERR_OK;
}

/* ---- the question ---- */

static bool has_one(const struct offered_type *t, size_t column, struct slice value)
{
	uint64_t hash = hash_of(value, 0);

	return bsearch(&hash, t->hashes[column], t->counts[column], sizeof hash, by_size) != NULL;
}

/* A field of which the answer says nothing is none that the user sees. */
bool offered_has(const struct offered *o, const struct offered_type *type, size_t column)
{
	bool several = o->plan->mapping->entries[column].field->type == FIELD_MULTIPICKLIST;
	struct slice rest = plan_cells(o->plan)[column];

	if (!type->told || type->counts[column] == 0 || value_null_mark(rest))
		return true;
	while (rest.len > 0) {
		const char *end = several ? memchr(rest.at, ';', rest.len) : NULL;
		size_t len = end ? (size_t)(end - rest.at) : rest.len;

		if (len > 0 && !has_one(type, column, (struct slice){ rest.at, len }))
			return false;
		len += end != NULL;
		rest = (struct slice){ rest.at + len, rest.len - len };
	}
	return true;
}
