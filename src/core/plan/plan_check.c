#include "core/plan/plan_check.h"

#include <stdio.h>
#include <string.h>

#include "core/plan/convert.h"

static enum err_code check_object(const struct plan_request *r, struct err *e)
{
	const struct object *o = r->object;
	bool allowed = r->action == ACTION_INSERT   ? o->createable
	               : r->action == ACTION_UPDATE ? o->updateable
	               : r->action == ACTION_UPSERT ? o->createable && o->updateable
	                                            : o->deletable;

	if (allowed)
		return ERR_OK;
	return err_set(e, ERR_USAGE, "%s does not allow %s to this user: choose another action or user",
	               o->name, action_name(r->action));
}

static const struct field *id_field(const struct object *o)
{
	for (size_t i = 0; i < o->field_count; i++)
		if (o->fields[i].type == FIELD_ID)
			return &o->fields[i];
	return NULL;
}

/* "Id, Ext__c, Email" */
static void list_keys(const struct object *o, char *to, size_t size)
{
	size_t used = 0;

	to[0] = '\0';
	for (size_t i = 0; i < o->field_count && used < size; i++)
		if (field_is_key(&o->fields[i]))
			used += (size_t)snprintf(to + used, size - used, "%s%s", used ? ", " : "",
			                         o->fields[i].name);
}

static enum err_code find_key(const struct plan_request *r, const struct field **key, struct err *e)
{
	char keys[200];

	*key = NULL;
	if (r->action == ACTION_INSERT)
		return ERR_OK;
	*key = r->action == ACTION_UPSERT && r->external_id ? object_field(r->object, slice_of(r->external_id))
	                                                    : id_field(r->object);
	if (*key && field_is_key(*key))
		return ERR_OK;
	list_keys(r->object, keys, sizeof keys);
	if (!*key)
		return err_set(e, ERR_USAGE, "%s has no field %s to be the key: choose one of %s",
		               r->object->name, r->external_id ? r->external_id : "Id", keys);
	return err_set(e, ERR_USAGE, "%s of %s is no external id and cannot be the key: choose one of %s",
	               (*key)->name, r->object->name, keys);
}

static const struct mapped *entry_of(const struct mapping *m, const struct field *field)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->entries[i].field == field)
			return &m->entries[i];
	return NULL;
}

static enum err_code check_key(const struct plan_request *r, const struct field *key, struct err *e)
{
	const struct mapped *m = entry_of(r->mapping, key);

	if (!m || m->far || m->column < 0)
		return err_set(e, ERR_USAGE, "no column is sent to %s, which %s of %s needs: map one to it",
		               key->name, action_name(r->action), r->object->name);
	return ERR_OK;
}

static enum err_code check_no_id(const struct plan_request *r, struct err *e)
{
	const struct field *id = id_field(r->object);
	const struct mapped *m = id ? entry_of(r->mapping, id) : NULL;

	if (!m)
		return ERR_OK;
	if (m->column < 0)
		return err_set(e, ERR_USAGE, "%s has a constant, but an insert makes new ids: leave it out",
		               m->name);
	return err_set(
		e, ERR_USAGE,
		"%s is sent (column %d), but an insert makes new ids: leave it out, or choose update or upsert",
		m->name, m->column + 1);
}

enum err_code plan_check_request(const struct plan_request *request, const struct field **key, struct err *e)
{
	enum err_code rc = check_object(request, e);

	if (rc == ERR_OK)
		rc = find_key(request, key, e);
	if (rc == ERR_OK && request->mapping->count == 0)
		rc = err_set(e, ERR_USAGE, "no column is sent to a field of %s: map one%s",
		             request->object->name, *key ? " to the key" : "");
	if (rc == ERR_OK)
		rc = *key ? check_key(request, *key, e) : check_no_id(request, e);
	return rc;
}

/* Why the action may not write the field; NULL if it may. */
static const char *not_writeable(const struct plan *p, const struct field *f)
{
	bool create = p->action != ACTION_UPDATE, update = p->action != ACTION_INSERT;

	if (f->type == FIELD_ADDRESS || f->type == FIELD_LOCATION)
		return "a compound field: map its parts";
	if (f->type == FIELD_BASE64)
		return "binary data cannot be loaded through the Bulk API";
	if (f->calculated)
		return "a formula may not be written";
	if (f->auto_number)
		return "an auto number may not be written";
	if ((!create || f->createable) && (!update || f->updateable))
		return NULL;
	if (create && update && f->createable)
		return "may be set by insert only, an upsert may update";
	if (create && update && f->updateable)
		return "may be set by update only, an upsert may insert";
	return p->action == ACTION_INSERT   ? "may not be written by insert"
	       : p->action == ACTION_UPDATE ? "may not be written by update"
	                                    : "may not be written by upsert";
}

bool plan_check_is_key(const struct plan *p, const struct mapped *m)
{
	return p->key && m->field == p->key && !m->far;
}

static void note(struct plan_finding *findings, size_t room, size_t *count, enum rule rule, const char *field,
                 const char *words)
{
	if (*count < room)
		convert_finding(&findings[*count], rule, field, words, (struct slice){ 0 });
	(*count)++;
}

size_t plan_check_all(const struct plan *plan, struct plan_finding *findings, size_t room)
{
	bool inserts = plan->action == ACTION_INSERT || plan->action == ACTION_UPSERT;
	size_t count = 0;

	for (size_t i = 0; inserts && i < plan->object->field_count; i++) {
		const struct field *f = &plan->object->fields[i];

		if (field_required(f) && !entry_of(plan->mapping, f))
			note(findings, room, &count, RULE_REQUIRED, f->name, "required, but not mapped");
	}
	for (size_t i = 0; i < plan->mapping->count; i++) {
		const struct mapped *m = &plan->mapping->entries[i];
		const char *why = plan_check_is_key(plan, m) ? NULL : not_writeable(plan, m->field);

		if (why)
			note(findings, room, &count, RULE_NOT_WRITEABLE, m->name, why);
	}
	return count;
}
