#include "practice/type_values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "practice/policy.h"
#include "practice/practice.h"

void type_list_release(struct type_list *l)
{
	for (size_t i = 0; i < l->count; i++) {
		for (size_t k = 0; k < l->all[i].count; k++)
			free(l->all[i].values[k]);
		free(l->all[i].values);
	}
	free(l->all);
	*l = (struct type_list){ 0 };
}

static const struct record_type *type_named(const struct object *o, const char *name)
{
	for (size_t i = 0; name && i < o->record_type_count; i++)
		if (o->record_types[i].developer_name && strcmp(o->record_types[i].developer_name, name) == 0)
			return &o->record_types[i];
	return NULL;
}

static const char *text(const json_t *json, const char *key)
{
	return json_string_value(json_object_get(json, key));
}

static enum err_code read_one(struct type_values *t, const struct schema *s, const json_t *json, struct err *e)
{
	static const char *const allowed[] = { "object", "record_type", "field", "values" };
	const json_t *values = json_object_get(json, "values"), *item;
	size_t i;

	if (!policy_has_only(json, allowed, sizeof allowed / sizeof allowed[0], e))
		return e->code;
	t->object = policy_object(s, text(json, "object"), e);
	if (!t->object)
		return e->code;
	t->type = type_named(t->object, text(json, "record_type"));
	t->field = object_stored_field(t->object, slice_of(text(json, "field") ? text(json, "field") : ""));
	if (!t->type || !t->field || !json_is_array(values))
		return err_set(
			e, ERR_USAGE,
			"record_type_values need record_type and field of the object, and a list of values");
	t->values = calloc(json_array_size(values) + 1, sizeof *t->values);
	if (!t->values)
		return err_memory(e, "the scenario");
	json_array_foreach(values, i, item)
		if (json_is_string(item))
			t->values[t->count++] = strdup(json_string_value(item));
	return ERR_OK;
}

enum err_code type_list_read(struct type_list *l, const struct schema *s, const json_t *value, struct err *e)
{
	const json_t *item;
	size_t i;

	if (!s || !json_is_array(value))
		return err_set(e, ERR_USAGE, "the scenario's record_type_values are no list");
	l->all = calloc(json_array_size(value) + 1, sizeof *l->all);
	if (!l->all)
		return err_memory(e, "the scenario");
	json_array_foreach(value, i, item)
		if (read_one(&l->all[l->count++], s, item, e) != ERR_OK)
			break;
	return e->code;
}

static const struct type_values *find(const struct type_list *l, const struct object *o, struct slice type,
                                      const struct field *f)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->all[i].object == o && l->all[i].field == f && slice_is(type, l->all[i].type->id))
			return &l->all[i];
	return NULL;
}

static bool is_among(const struct type_values *t, struct slice value)
{
	for (size_t i = 0; i < t->count; i++)
		if (slice_is(value, t->values[i]))
			return true;
	return false;
}

bool type_list_allows(const struct type_list *l, const struct object *o, struct slice type,
                      const struct field *f, struct slice value, struct refusal *why)
{
	const struct type_values *t = f->restricted && type.at ? find(l, o, type, f) : NULL;

	while (t && value.len > 0) {
		const char *end = f->type == FIELD_MULTIPICKLIST ? memchr(value.at, ';', value.len) : NULL;
		struct slice one = { value.at, end ? (size_t)(end - value.at) : value.len };

		if (one.len && !is_among(t, one))
			return refuse(why, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", f->name,
			              "%s: bad value for restricted picklist field: %.*s", f->name,
			              SLICE_ARGS(one));
		value.at += one.len + (end != NULL);
		value.len -= one.len + (end != NULL);
	}
	return true;
}

/* ---- the resource ---- */

static void write_value(struct json_out *o, const char *value)
{
	json_out_object(o);
	json_out_key(o, "attributes");
	json_out_null(o);
	json_out_pair(o, "label", value);
	json_out_key(o, "validFor");
	json_out_list(o);
	json_out_end(o);
	json_out_pair(o, "value", value);
	json_out_end(o);
}

static void write_field(struct json_out *o, const struct type_list *l, const struct object *object,
                        const char *type, const struct field *f, int version)
{
	const struct type_values *t = find(l, object, slice_of(type), f);
	char url[256];

	snprintf(url, sizeof url, "/services/data/v%d.0/ui-api/object-info/%s/picklist-values/%s/%s", version,
	         object->name, type, f->name);
	json_out_key(o, f->name);
	json_out_object(o);
	json_out_key(o, "controllerValues");
	json_out_object(o);
	json_out_end(o);
	json_out_key(o, "defaultValue");
	json_out_null(o);
	json_out_pair(o, "url", url);
	json_out_key(o, "values");
	json_out_list(o);
	for (size_t i = 0; i < f->value_count; i++)
		if (!t || is_among(t, slice_of(f->values[i])))
			write_value(o, f->values[i]);
	json_out_end(o);
	json_out_end(o);
}

static const char *type_of_id(const struct object *o, const char *id)
{
	for (size_t i = 0; strlen(id) >= 15 && i < o->record_type_count; i++)
		if (strncmp(o->record_types[i].id, id, 15) == 0)
			return o->record_types[i].id;
	return NULL;
}

void type_values_show(struct practice *p, const struct request *r, struct answer *a)
{
	const struct object *object = schema_object(&p->schema, slice_of(r->part[0]));
	const char *type = object ? type_of_id(object, r->part[1]) : NULL;
	struct json_out o;

	if (!type) {
		answer_error(a, 404, "NOT_FOUND", "The requested resource does not exist");
		return;
	}
	json_out_init(&o, &a->body, false);
	json_out_object(&o);
	json_out_key(&o, "picklistFieldValues");
	json_out_object(&o);
	for (size_t i = 0; i < object->field_count; i++) {
		const struct field *f = &object->fields[i];

		if (!f->hidden && (f->type == FIELD_PICKLIST || f->type == FIELD_MULTIPICKLIST))
			write_field(&o, &p->scenario.policy.type_values, object, type, f, r->version);
	}
	json_out_end(&o);
	json_out_end(&o);
}
