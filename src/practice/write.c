#include "practice/write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "practice/key_index.h"
#include "practice/practice_ids.h"
#include "practice/write_rules.h"

enum { MOST_FAR = 64 };

void writer_init(struct writer *w, struct org *org, struct audit *audit, struct table *table, uint32_t source)
{
	*w = (struct writer){
		.org = org, .audit = audit, .table = table, .source = source, .newest = UINT32_MAX
	};
	refusal_init(&w->why);
}

void writer_release(struct writer *w)
{
	refusal_release(&w->why);
	free(w->changes);
}

static bool deleted(struct writer *w)
{
	return refuse(&w->why, "ENTITY_IS_DELETED", NULL, "entity is deleted");
}

static bool unknown(struct writer *w)
{
	return refuse(&w->why, "INVALID_CROSS_REFERENCE_KEY", NULL, "invalid cross reference id");
}

uint32_t write_find(struct writer *w, struct slice id, bool in_bin)
{
	const struct row *r;
	char prefix[4];
	uint32_t number;

	if (sf_id_read(id, prefix, &number) == SF_ID_MALFORMED)
		return refuse(&w->why, "MALFORMED_ID", NULL, "malformed id %.*s", SLICE_ARGS(id));
	number = table_number(w->table, id);
	if (!number && w->org->rehearsal && memcmp(prefix, w->table->object->prefix, 3) == 0)
		number = org_stand_in(w->table, id, w->now);
	r = org_row(w->table, number);
	if (!r || r->fate == ROW_PURGED)
		return unknown(w);
	if (r->fate == ROW_DELETED && !in_bin)
		return deleted(w);
	return number;
}

bool write_find_upserted(struct writer *w, const struct field *key, struct slice value, uint32_t *row)
{
	size_t found = table_find(w->table, key, value, row, 1);

	if (found > 1)
		return refuse(&w->why, "DUPLICATE_EXTERNAL_ID", key->name,
		              "More than one record found for external id field: %s", key->name);
	if (found == 0)
		*row = 0;
	if (found == 1 || !w->org->rehearsal)
		return true;
	if (!rule_allow(key, value, &w->why))
		return false;
	*row = org_stand_in_by_key(w->table, key, value, w->now);
	return true;
}

static bool several(struct writer *w, const struct table *far, const struct field *key,
                    const struct field *field)
{
	return refuse(&w->why, "INVALID_FIELD", field->relationship,
	              "More than one record found for external id field: %s in entity %s", key->name,
	              far->object->name);
}

/* How many rows a reference by key could mean, and one of them. */
static size_t find_far(struct writer *w, struct table *far, const struct field *key, struct slice value,
                       uint32_t *number)
{
	uint32_t all[MOST_FAR];
	size_t n, found = 0;

	if (far->object->own_ids)
		return table_find_record_type(far, key, value, w->table->object, number);
	n = table_find(far, key, value, all, MOST_FAR);
	for (size_t i = 0; i < n && i < MOST_FAR; i++) {
		if (far == w->table && all[i] > w->newest)
			continue;
		*number = all[i];
		found++;
	}
	return found;
}

bool write_find_far(struct writer *w, struct table *far, const struct field *key, struct slice value,
                    const struct field *field, char id[SF_ID_ROOM])
{
	uint32_t number = 0;
	size_t found = find_far(w, far, key, value, &number);

	if (found > 1)
		return several(w, far, key, field);
	if (found == 1)
		table_id(far, number, id);
	else if (w->org->rehearsal && !far->object->own_ids)
		sf_id_foreign(far->object->prefix, key_hash(value, !key->case_sensitive), id);
	else
		return refuse(&w->why, "INVALID_FIELD", field->relationship,
		              "Foreign key external ID: %.*s not found for field %s in entity %s",
		              SLICE_ARGS(value), key->name, far->object->name);
	return true;
}

static const struct change *find_change(const struct change *changes, size_t count, const struct field *f)
{
	for (size_t i = 0; i < count; i++)
		if (changes[i].field == f)
			return &changes[i];
	return NULL;
}

/* Notes in w->why that a required field is missing. */
static void miss(struct writer *w, const struct field *f)
{
	if (w->why.fields.len)
		buf_add_text(&w->why.fields, ",");
	buf_add_text(&w->why.fields, f->name);
}

static bool say_missing(struct writer *w)
{
	struct buf *names = &w->why.fields;

	w->why.code = "REQUIRED_FIELD_MISSING";
	buf_clear(&w->why.message);
	buf_clear(&w->why.more);
	buf_add_text(&w->why.message, "Required fields are missing: [");
	for (size_t i = 0; i < names->len; i++) {
		buf_add_char(&w->why.message, names->at[i]);
		if (names->at[i] == ',')
			buf_add_char(&w->why.message, ' ');
	}
	buf_add_char(&w->why.message, ']');
	return false;
}

static bool required_are_there(struct writer *w, const struct change *changes, size_t count, bool insert)
{
	const struct object *o = w->table->object;

	buf_clear(&w->why.fields);
	for (size_t i = 0; i < o->field_count; i++) {
		const struct field *f = &o->fields[i];
		const struct change *c;

		if (f->nillable || f->origin != FROM_CELL || (insert && !f->createable))
			continue;
		c = find_change(changes, count, f);
		if ((c && c->null) || (!c && insert && field_required(f)))
			miss(w, f);
	}
	return w->why.fields.len == 0 || say_missing(w);
}

static bool is_record_type(const struct object *o, struct slice id)
{
	for (size_t i = 0; i < o->record_type_count; i++)
		if (o->record_types[i].usable && slice_is(id, o->record_types[i].id))
			return true;
	return false;
}

/* In a rehearsal: could the real org have such a record? Objects without a describe may be meant by any id. */
static bool reference_may_fit(struct writer *w, const struct field *f, const char prefix[4])
{
	for (size_t i = 0; i < f->target_count; i++) {
		const struct object *o = schema_object(w->org->schema, slice_of(f->targets[i]));

		if (!o || memcmp(o->prefix, prefix, 3) == 0)
			return true;
	}
	return unknown(w);
}

/* Does the id name a live record of an object that the field may point at? */
static bool reference_fits(struct writer *w, const struct field *f, struct slice id)
{
	const struct object *o;
	const struct row *r;
	char prefix[4];
	uint32_t number = 0;

	if (strcmp(f->name, "RecordTypeId") == 0)
		return is_record_type(w->table->object, id) || unknown(w);
	if (sf_id_read(id, prefix, &number) != SF_ID_OURS || w->org->rehearsal)
		return w->org->rehearsal ? reference_may_fit(w, f, prefix) : unknown(w);
	o = schema_prefix(w->org->schema, prefix);
	for (size_t i = 0; o && i < f->target_count; i++) {
		if (strcmp(f->targets[i], o->name) != 0)
			continue;
		r = org_row(org_table(w->org, o), number);
		if (!r || r->fate == ROW_PURGED)
			return unknown(w);
		return r->fate == ROW_LIVES || deleted(w);
	}
	return unknown(w);
}

static bool key_is_free(struct writer *w, const struct field *f, struct slice value, uint32_t self)
{
	uint32_t others[2];
	char id[SF_ID_ROOM];
	size_t found = table_find(w->table, f, value, others, 2);

	for (size_t i = 0; i < found && i < 2; i++) {
		if (others[i] == self)
			continue;
		table_id(w->table, others[i], id);
		return refuse(&w->why, "DUPLICATE_VALUE", NULL,
		              "duplicate value found: %s duplicates value on record with id: %.15s", f->name,
		              id);
	}
	return true;
}

static bool values_fit(struct writer *w, const struct change *changes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!changes[i].null && !rule_allow(changes[i].field, changes[i].text, &w->why))
			return false;
	for (size_t i = 0; i < count; i++)
		if (!changes[i].null && changes[i].field->type == FIELD_REFERENCE &&
		    !reference_fits(w, changes[i].field, changes[i].text))
			return false;
	return true;
}

static bool keys_are_free(struct writer *w, const struct change *changes, size_t count, uint32_t self)
{
	for (size_t i = 0; i < count; i++)
		if (!changes[i].null && changes[i].field->unique &&
		    !key_is_free(w, changes[i].field, changes[i].text, self))
			return false;
	return true;
}

/* Room for the changes asked for and one default a field. */
static bool take_changes(struct writer *w, const struct change *changes, size_t count)
{
	size_t need = count + w->table->object->field_count;

	if (w->room < need) {
		struct change *room = realloc(w->changes, need * sizeof *room);

		if (!room)
			return refuse(&w->why, "UNKNOWN_EXCEPTION", NULL, "no memory for the record");
		w->changes = room;
		w->room = need;
	}
	if (count)
		memcpy(w->changes, changes, count * sizeof *changes);
	return true;
}

/* The user's record type where there are several (salesforce-api.md B4: defaultRecordTypeMapping); the master is none. */
static struct slice default_record_type(const struct object *o)
{
	for (size_t i = 0; i < o->record_type_count; i++)
		if (o->record_types[i].by_default && o->record_types[i].usable && !o->record_types[i].master)
			return slice_of(o->record_types[i].id);
	return (struct slice){ NULL, 0 };
}

/* A number that counts up in each new record, as Case.CaseNumber does. */
static bool is_auto_number(const struct field *f)
{
	return f->id_lookup && !f->createable && f->type == FIELD_STRING && f->origin == FROM_CELL;
}

static size_t add_defaults(struct writer *w, size_t count, char number[16])
{
	const struct object *o = w->table->object;

	for (size_t i = 0, asked = count; i < o->field_count; i++) {
		const struct field *f = &o->fields[i];
		struct slice text = slice_of(f->default_value);

		if (f->origin != FROM_CELL)
			continue;
		if (strcmp(f->name, "OwnerId") == 0)
			text = slice_of(PRACTICE_USER);
		else if (strcmp(f->name, "RecordTypeId") == 0)
			text = default_record_type(o);
		else if (is_auto_number(f))
			text = slice_of(number);
		if (text.at && !find_change(w->changes, asked, f))
			w->changes[count++] = (struct change){ .field = f, .text = text };
	}
	return count;
}

uint32_t write_insert(struct writer *w, uint32_t record, const struct change *changes, size_t count)
{
	char number[16];
	uint32_t row;

	if (!required_are_there(w, changes, count, true) || !values_fit(w, changes, count) ||
	    !take_changes(w, changes, count))
		return 0;
	snprintf(number, sizeof number, "%08u", w->table->count + 1);
	count = add_defaults(w, count, number);
	if (!write_obeys(w, w->changes, count, 0) || !keys_are_free(w, w->changes, count, 0))
		return 0;
	row = org_insert(w->table, w->changes, count, w->now);
	if (row)
		audit_add(w->audit, w->table, row, VERB_CREATED, w->source, record, w->now);
	return row;
}

uint32_t write_update(struct writer *w, uint32_t record, uint32_t row, const struct change *changes,
                      size_t count)
{
	if (!required_are_there(w, changes, count, false) || !values_fit(w, changes, count) ||
	    !write_obeys(w, changes, count, row) || !keys_are_free(w, changes, count, row) ||
	    !org_update(w->table, row, changes, count, w->now))
		return 0;
	audit_add(w->audit, w->table, row, VERB_UPDATED, w->source, record, w->now);
	return row;
}
