/* record.h's writing half: which row a record means, and whether it may be written. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "practice/record.h"

void record_refuse(struct record *rec, const char *code, const char *field, const char *format, ...)
{
	char message[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	refuse(&rec->why, code, field, "%s", message);
	rec->refused = true;
}

/* What the writer refused becomes the record's. */
static void take_refusal(struct record *rec, struct writer *w)
{
	struct refusal taken = w->why;

	w->why = rec->why;
	rec->why = taken;
	rec->refused = true;
}

static bool object_takes(struct record *rec, const struct record_request *q)
{
	const struct object *o = rec->table->object;

	if (q->call == CALL_DELETE) {
		if (!o->deletable)
			record_refuse(rec, "INSUFFICIENT_ACCESS_OR_READONLY", NULL,
			              "insufficient access rights on object id");
		return o->deletable;
	}
	if (rec->row ? o->updateable : o->createable)
		return true;
	record_refuse(rec, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", NULL, "entity type cannot be %s: %s",
	              rec->row ? "updated" : "inserted", o->name);
	return false;
}

/* The row of an upsert: by its Id, or by its key, which must be there then. */
static void find_by_key(struct record *rec, const struct record_request *q, struct writer *w)
{
	if (q->key->origin == FROM_ID) {
		if (rec->id.at && !(rec->row = write_find(w, rec->id, false)))
			take_refusal(rec, w);
		return;
	}
	if (rec->id.at) {
		record_refuse(rec, "INVALID_FIELD_FOR_INSERT_UPDATE", "Id",
		              "Id cannot be given beside the external id %s", q->key->name);
		return;
	}
	if (!rec->key.at) {
		record_refuse(rec, "MISSING_ARGUMENT", NULL, "%s not specified", q->key->name);
		return;
	}
	if (!write_find_upserted(w, q->key, rec->key, &rec->row))
		take_refusal(rec, w);
}

static void find_row(struct record *rec, const struct record_request *q, struct writer *w)
{
	switch (q->call) {
	case CALL_CREATE:
		if (rec->id.at)
			record_refuse(rec, "INVALID_FIELD_FOR_INSERT_UPDATE", "Id",
			              "cannot specify Id in an insert call");
		break;
	case CALL_UPSERT:
		find_by_key(rec, q, w);
		rec->created = rec->row == 0;
		if (!rec->refused && !rec->row && q->update_only)
			record_refuse(rec, "NOT_FOUND", NULL, "The requested resource does not exist");
		break;
	case CALL_UPDATE:
	case CALL_DELETE:
		if (!rec->id.at)
			record_refuse(rec, "MISSING_ARGUMENT", NULL, "Id not specified in an update call");
		else if (!(rec->row = write_find(w, rec->id, false)))
			take_refusal(rec, w);
		break;
	}
}

/* The key a row was found by is no change of it, and need not be writable. */
static void drop_key(struct record *rec, const struct record_request *q)
{
	size_t kept = 0;

	for (size_t i = 0; i < rec->change_count; i++)
		if (!rec->row || rec->changes[i].field != q->key)
			rec->changes[kept++] = rec->changes[i];
	rec->change_count = kept;
}

static bool is_read_only(const struct record *rec, const struct field *f)
{
	return rec->row ? !f->updateable : !f->createable;
}

/* salesforce-api.md G2: all fields that may not be written are named at once. */
static void check_writable(struct record *rec)
{
	struct buf names;
	size_t i;

	buf_init(&names, 64 * 1024);
	for (i = 0; i < rec->change_count; i++)
		if (is_read_only(rec, rec->changes[i].field))
			buf_addf(&names, "%s%s", names.len ? "," : "", rec->changes[i].field->name);
	for (i = 0; i < rec->link_count; i++)
		if (is_read_only(rec, rec->links[i].field))
			buf_addf(&names, "%s%s", names.len ? "," : "", rec->links[i].field->name);
	if (names.len)
		record_refuse(rec, "INVALID_FIELD_FOR_INSERT_UPDATE", buf_text(&names),
		              "Unable to create/update fields: %s. Please check the security settings of this "
		              "field and verify that it is read/write for your profile or permission set.",
		              buf_text(&names));
	buf_release(&names);
}

static bool is_changed(const struct record *rec, const struct field *f)
{
	for (size_t i = 0; i < rec->change_count; i++)
		if (rec->changes[i].field == f)
			return true;
	return false;
}

/* Each reference by key becomes a change of the reference field. */
static void follow_links(struct record *rec, struct record_request *q, struct writer *w)
{
	char id[SF_ID_ROOM];

	for (size_t i = 0; i < rec->link_count && !rec->refused; i++) {
		const struct record_link *link = &rec->links[i];

		if (is_changed(rec, link->field)) {
			record_refuse(rec, "INVALID_FIELD", link->field->name,
			              "Cannot specify both an external ID reference %s and a salesforce id, %s",
			              link->field->relationship, link->field->name);
			return;
		}
		if (!link->value.at) {
			record_refuse(rec, "MISSING_ARGUMENT", NULL, "%s not specified", link->key->name);
			return;
		}
		if (!write_find_far(w, link->far, link->key, link->value, link->field, id)) {
			take_refusal(rec, w);
			return;
		}
		rec->changes[rec->change_count++] = (struct change){
			.field = link->field,
			.text = slice_of(arena_text(q->arena, id)),
		};
	}
}

/* For scenario_locked(): a member's text by its name, the id and the key of a URL too. */
static struct slice value_named(void *ctx, struct slice column)
{
	const struct record *rec = ctx;

	if (slice_equal_fold(column, slice_of("Id")) && rec->id.at)
		return rec->id;
	for (const struct json_in *v = rec->json ? rec->json->first : NULL; v; v = v->next)
		if (slice_equal_fold(v->key, column) && v->kind != JSON_IN_OBJECT && v->kind != JSON_IN_NULL)
			return v->text;
	for (size_t i = 0; i < rec->change_count; i++)
		if (slice_equal_fold(column, slice_of(rec->changes[i].field->name)))
			return rec->changes[i].text;
	return (struct slice){ NULL, 0 };
}

static void check_lock(struct record *rec, struct record_request *q)
{
	if (!scenario_locks(q->scenario) || !scenario_locked(q->scenario, value_named, rec))
		return;
	record_refuse(rec, "UNABLE_TO_LOCK_ROW", NULL,
	              "unable to obtain exclusive access to this record or 1 records: %.*s",
	              SLICE_ARGS(rec->id));
}

void record_prepare(struct record *rec, struct record_request *q, struct writer *w)
{
	bool known = rec->row != 0;

	if (rec->refused)
		return;
	check_lock(rec, q);
	if (!rec->refused && !known)
		find_row(rec, q, w);
	if (rec->refused || !object_takes(rec, q) || q->call == CALL_DELETE)
		return;
	if (q->call == CALL_UPSERT)
		drop_key(rec, q);
	check_writable(rec);
	if (!rec->refused)
		follow_links(rec, q, w);
}

void record_write(struct record *rec, const struct record_request *q, struct writer *w, uint32_t number)
{
	uint32_t row;

	if (!rec->refused && rec->row && org_row(rec->table, rec->row)->fate != ROW_LIVES)
		record_refuse(rec, "ENTITY_IS_DELETED", NULL, "entity is deleted"); /* by this very request */
	if (rec->refused)
		return;
	if (q->call == CALL_DELETE)
		row = write_delete(w, number, rec->row, false);
	else if (rec->row)
		row = write_update(w, number, rec->row, rec->changes, rec->change_count);
	else
		row = write_insert(w, number, rec->changes, rec->change_count);
	if (row)
		rec->row = row;
	else
		take_refusal(rec, w);
}

static void write_error(struct slice message, const char *code_key, const char *code, struct slice fields,
                        struct json_out *o)
{
	json_out_object(o);
	json_out_key(o, "message");
	json_out_text(o, message);
	json_out_pair(o, code_key, code);
	json_out_key(o, "fields");
	json_out_list(o);
	while (fields.len) {
		const char *comma = memchr(fields.at, ',', fields.len);
		struct slice name = { fields.at, comma ? (size_t)(comma - fields.at) : fields.len };

		json_out_text(o, name);
		fields = comma ? (struct slice){ comma + 1, fields.len - name.len - 1 }
		               : (struct slice){ NULL, 0 };
	}
	json_out_end(o);
	json_out_end(o);
}

void record_write_errors(const struct refusal *why, const char *code_key, struct json_out *o)
{
	const char *at = buf_text(&why->more), *end = at + why->more.len;

	write_error(buf_slice(&why->message), code_key, why->code, buf_slice(&why->fields), o);
	while (at < end) {
		const char *field = at + strlen(at) + 1;

		write_error(slice_of(at), code_key, why->code, slice_of(field), o);
		at = field + strlen(field) + 1;
	}
}
