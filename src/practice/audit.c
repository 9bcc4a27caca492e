#include "practice/audit.h"

#include <stdlib.h>
#include <string.h>

#include "base/when.h"

enum { KEY_ROOM = 64 * 1024 };

static const char *const verbs[] = {
	[VERB_CREATED] = "created",
	[VERB_UPDATED] = "updated",
	[VERB_DELETED] = "deleted",
};

void audit_init(struct audit *a)
{
	*a = (struct audit){ 0 };
}

void audit_release(struct audit *a)
{
	for (size_t i = 0; i < a->count; i++)
		free(a->entries[i].key);
	free(a->entries);
	audit_init(a);
}

/* The fields the row is known by, as JSON; NULL if it has none. */
static char *key_of(const struct table *t, uint32_t row)
{
	const struct object *o = t->object;
	struct json_out out;
	struct buf json;
	bool any = false;

	buf_init(&json, KEY_ROOM);
	json_out_init(&out, &json, false);
	for (size_t i = 0; i < o->field_count; i++) {
		const struct field *f = &o->fields[i];
		struct slice value;

		if (!(f->unique || f->external_id) || f->origin != FROM_CELL)
			continue;
		value = row_cell(org_row(t, row), f);
		if (!value.at)
			continue;
		if (!any)
			json_out_object(&out);
		any = true;
		json_out_key(&out, f->name);
		json_out_text(&out, value);
	}
	if (!any)
		return NULL;
	json_out_end(&out);
	return realloc(json.at, json.len + 1);
}

bool audit_put(struct audit *a, const struct audit_entry *entry)
{
	if (a->count == a->room) {
		size_t room = a->room ? a->room * 2 : 1024;
		struct audit_entry *entries = realloc(a->entries, room * sizeof *entries);

		if (!entries)
			return false;
		a->entries = entries;
		a->room = room;
	}
	a->entries[a->count++] = *entry;
	return true;
}

bool audit_add(struct audit *a, const struct table *t, uint32_t row, enum verb verb, uint32_t source,
               uint32_t record, int64_t time)
{
	const struct audit_entry entry = {
		.time = time,
		.source = source,
		.record = record,
		.row = row,
		.object = t->object->number,
		.verb = (uint8_t)verb,
		.key = key_of(t, row),
	};

	if (audit_put(a, &entry))
		return true;
	free(entry.key);
	return false;
}

void audit_cut(struct audit *a, size_t count)
{
	while (a->count > count)
		free(a->entries[--a->count].key);
}

void audit_write(const struct audit *a, const struct org *org, size_t index, struct json_out *o)
{
	const struct audit_entry *entry = &a->entries[index];
	const struct object *object = &org->schema->objects[entry->object];
	char text[WHEN_TEXT];

	json_out_object(o);
	json_out_pair_number(o, "seq", (int64_t)index + 1);
	when_salesforce_text(entry->time, text);
	json_out_pair(o, "time", text);
	sf_id_text(entry->source & AUDIT_BATCH ? "751" : "750", entry->source & ~AUDIT_BATCH, text);
	json_out_pair(o, "source", entry->source ? text : "rest");
	json_out_pair_number(o, "record", entry->record);
	json_out_pair(o, "verb", verbs[entry->verb]);
	json_out_pair(o, "object", object->name);
	table_id(org_table(org, object), entry->row, text);
	json_out_pair(o, "id", text);
	json_out_key(o, "key");
	json_out_raw(o, slice_of(entry->key ? entry->key : "{}"));
	json_out_end(o);
}
