#include "core/org/describe.h"

#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define MASTER_TYPE "012000000000000AAA"

struct own_object {
	struct object object; /* first: what the caller holds */
	struct arena arena;
};

struct own_list {
	struct object_list list; /* first */
	struct arena arena;
};

/* clang-format off */
static const char *const type_names[] = {
#define X(name, text) [FIELD_##name] = text,
	FIELD_TYPES(X)
#undef X
};
/* clang-format on */

const char *field_type_name(enum field_type type)
{
	return type_names[type];
}

enum field_type field_type_of(struct slice name)
{
	for (size_t i = 0; i < sizeof type_names / sizeof type_names[0]; i++)
		if (slice_is(name, type_names[i]))
			return (enum field_type)i;
	return FIELD_OTHER;
}

/* A member's text in the arena; "" for null, another type or no such member. NULL without memory. */
static const char *text_of(struct arena *a, const json_t *from, const char *member)
{
	const char *text = json_string_value(json_object_get(from, member));

	return text && *text ? arena_text(a, text) : "";
}

static bool flag_of(const json_t *from, const char *member)
{
	return json_is_true(json_object_get(from, member));
}

static int number_of(const json_t *from, const char *member)
{
	json_int_t n = json_integer_value(json_object_get(from, member));

	return n < 0 ? 0 : n > INT_MAX ? INT_MAX : (int)n;
}

static bool read_values(struct arena *a, const json_t *from, struct field *f)
{
	const json_t *list = json_object_get(from, "picklistValues");
	struct picklist_value *values = arena_alloc(a, json_array_size(list) * sizeof *values);

	if (!values)
		return false;
	f->values = values;
	f->value_count = json_array_size(list);
	for (size_t i = 0; i < f->value_count; i++) {
		const json_t *item = json_array_get(list, i);

		values[i].value = text_of(a, item, "value");
		values[i].label = text_of(a, item, "label");
		values[i].active = flag_of(item, "active");
		values[i].valid_for = text_of(a, item, "validFor");
		if (!values[i].value || !values[i].label || !values[i].valid_for)
			return false;
	}
	return true;
}

static bool read_references(struct arena *a, const json_t *from, struct field *f)
{
	const json_t *list = json_object_get(from, "referenceTo");
	const char **names = arena_alloc(a, json_array_size(list) * sizeof *names);

	if (!names)
		return false;
	f->references = names;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *name = json_string_value(json_array_get(list, i));

		if (!name)
			continue;
		names[f->reference_count] = arena_text(a, name);
		if (!names[f->reference_count++])
			return false;
	}
	return true;
}

static void read_flags(const json_t *from, struct field *f)
{
	f->createable = flag_of(from, "createable");
	f->updateable = flag_of(from, "updateable");
	f->nillable = flag_of(from, "nillable");
	f->defaulted_on_create = flag_of(from, "defaultedOnCreate");
	f->external_id = flag_of(from, "externalId");
	f->unique = flag_of(from, "unique");
	f->id_lookup = flag_of(from, "idLookup");
	f->case_sensitive = flag_of(from, "caseSensitive");
	f->restricted_picklist = flag_of(from, "restrictedPicklist");
	f->calculated = flag_of(from, "calculated");
	f->auto_number = flag_of(from, "autoNumber");
}

/* False without memory. */
static bool read_field(struct arena *a, const json_t *from, struct field *f)
{
	f->name = text_of(a, from, "name");
	f->label = text_of(a, from, "label");
	f->help = text_of(a, from, "inlineHelpText");
	f->relationship = text_of(a, from, "relationshipName");
	f->controller = text_of(a, from, "controllerName");
	f->type = field_type_of(slice_of(json_string_value(json_object_get(from, "type"))));
	f->length = number_of(from, "length");
	f->precision = number_of(from, "precision");
	f->scale = number_of(from, "scale");
	f->digits = number_of(from, "digits");
	read_flags(from, f);
	return f->name && f->label && f->help && f->relationship && f->controller && read_values(a, from, f) &&
	       read_references(a, from, f);
}

static enum err_code no_describe(struct err *e, const char *why)
{
	return err_set(e, ERR_REFUSED, "the answer is no describe of an object: %s", why);
}

static bool is_field(const json_t *item)
{
	const char *name = json_string_value(json_object_get(item, "name"));

	return name && *name && json_is_string(json_object_get(item, "type"));
}

/* They belong to the field that says which one a record is of. */
static enum err_code read_record_types(struct own_object *own, struct field *fields, const json_t *list,
                                       struct err *e)
{
	const struct field *of = object_field(&own->object, slice_of("RecordTypeId"));
	struct record_type *types = arena_alloc(&own->arena, (json_array_size(list) + 1) * sizeof *types);
	size_t count = 0;

	if (!types)
		return err_memory(e, "a describe");
	for (size_t i = 0; of && i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		struct record_type *type = &types[count];

		type->id = text_of(&own->arena, item, "recordTypeId");
		type->name = text_of(&own->arena, item, "name");
		type->developer_name = text_of(&own->arena, item, "developerName");
		if (!type->id || !type->name || !type->developer_name)
			return err_memory(e, "a describe");
		type->active = !json_is_false(json_object_get(item, "active"));
		type->available = flag_of(item, "available");
		type->by_default = flag_of(item, "defaultRecordTypeMapping");
		count += *type->id && strcmp(type->id, MASTER_TYPE) != 0;
	}
	if (of && count > 0) {
		fields[of - fields].record_types = types;
		fields[of - fields].record_type_count = count;
	}
	return ERR_OK;
}

static enum err_code read_fields(struct own_object *own, const json_t *root, struct err *e)
{
	const json_t *list = json_object_get(root, "fields");
	struct field *fields = arena_alloc(&own->arena, json_array_size(list) * sizeof *fields);

	if (!fields)
		return err_memory(e, "a describe");
	own->object.fields = fields;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);

		if (!is_field(item))
			return no_describe(e, "a field without name or type");
		if (flag_of(item, "deprecatedAndHidden"))
			continue;
		if (!read_field(&own->arena, item, &fields[own->object.field_count++]))
			return err_memory(e, "a describe");
	}
	return read_record_types(own, fields, json_object_get(root, "recordTypeInfos"), e);
}

static enum err_code read_children(struct own_object *own, const json_t *list, struct err *e)
{
	struct child_relation *children = arena_alloc(&own->arena,
	                                              (json_array_size(list) + 1) * sizeof *children);

	if (!children)
		return err_memory(e, "a describe");
	own->object.children = children;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		struct child_relation *c = &children[own->object.child_count];

		c->cascades = flag_of(item, "cascadeDelete");
		c->restricts = flag_of(item, "restrictedDelete");
		c->object = text_of(&own->arena, item, "childSObject");
		c->relationship = text_of(&own->arena, item, "relationshipName");
		if (!c->object || !c->relationship)
			return err_memory(e, "a describe");
		own->object.child_count += *c->relationship && (c->cascades || c->restricts) &&
		                           !flag_of(item, "deprecatedAndHidden");
	}
	return ERR_OK;
}

static enum err_code read_object(void *to, const json_t *root, struct err *e)
{
	struct own_object *own = to;
	struct object *o = &own->object;
	const json_t *list = json_object_get(root, "fields");

	o->name = text_of(&own->arena, root, "name");
	o->label = text_of(&own->arena, root, "label");
	o->key_prefix = text_of(&own->arena, root, "keyPrefix");
	if (!o->name || !o->label || !o->key_prefix)
		return err_memory(e, "a describe");
	if (!*o->name)
		return no_describe(e, "it has no name");
	if (json_array_size(list) == 0)
		return no_describe(e, "it has no fields");
	o->createable = flag_of(root, "createable");
	o->updateable = flag_of(root, "updateable");
	o->deletable = flag_of(root, "deletable");
	o->queryable = flag_of(root, "queryable");
	if (read_fields(own, root, e) != ERR_OK)
		return e->code;
	return read_children(own, json_object_get(root, "childRelationships"), e);
}

static json_t *load(struct slice json, const char *what, struct err *e)
{
	json_error_t error;
	json_t *root = json_loadb(json.len ? json.at : "", json.len, JSON_ALLOW_NUL, &error);

	if (!root && !error.text[0]) /* jansson has no word for it */
		err_memory(e, what);
	else if (!root)
		err_set(e, ERR_REFUSED, "%s is no JSON: line %d: %s", what, error.line, error.text);
	return root;
}

/* Into `to`, whose arena is ready; NULL: there was no memory for it. */
typedef enum err_code reader(void *to, const json_t *root, struct err *e);
static enum err_code parse(void *to, struct slice json, const char *what, reader *read, struct err *e)
{
	json_t *root = to ? load(json, what, e) : NULL;
	enum err_code rc = to ? e->code : err_memory(e, what);

	if (root)
		rc = read(to, root, e);
	json_decref(root);
	return rc;
}

enum err_code describe_parse(struct object **object, struct slice json, struct err *e)
{
	struct own_object *own = calloc(1, sizeof *own);
	enum err_code rc;

	if (own)
		arena_init(&own->arena);
	rc = parse(own, json, "the describe", read_object, e);
	*object = own ? &own->object : NULL;
	if (rc != ERR_OK) {
		object_free(*object);
		*object = NULL;
	}
	return rc;
}

void object_free(struct object *object)
{
	struct own_object *own = (struct own_object *)object;

	if (own)
		arena_release(&own->arena);
	free(own);
}

const struct field *object_field(const struct object *object, struct slice name)
{
	for (size_t i = 0; i < object->field_count; i++)
		if (slice_equal_fold(slice_of(object->fields[i].name), name))
			return &object->fields[i];
	return NULL;
}

bool field_required(const struct field *field)
{
	return field->createable && !field->nillable && !field->defaulted_on_create;
}

bool field_is_key(const struct field *field)
{
	return field->type == FIELD_ID || field->external_id || field->id_lookup;
}

static enum err_code read_list(void *to, const json_t *root, struct err *e)
{
	struct own_list *own = to;
	const json_t *list = json_object_get(root, "sobjects");
	struct object_entry *entries;

	if (!json_is_array(list))
		return err_set(e, ERR_REFUSED, "the answer is no list of objects: it has no \"sobjects\"");
	entries = arena_alloc(&own->arena, json_array_size(list) * sizeof *entries);
	if (!entries)
		return err_memory(e, "the list of objects");
	own->list.entries = entries;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		struct object_entry *entry = &entries[own->list.count];

		if (flag_of(item, "deprecatedAndHidden"))
			continue;
		entry->name = text_of(&own->arena, item, "name");
		entry->label = text_of(&own->arena, item, "label");
		entry->key_prefix = text_of(&own->arena, item, "keyPrefix");
		if (!entry->name || !entry->label || !entry->key_prefix)
			return err_memory(e, "the list of objects");
		entry->custom = flag_of(item, "custom");
		entry->createable = flag_of(item, "createable");
		entry->updateable = flag_of(item, "updateable");
		entry->deletable = flag_of(item, "deletable");
		entry->queryable = flag_of(item, "queryable");
		entry->layoutable = flag_of(item, "layoutable");
		own->list.count += *entry->name != '\0';
	}
	return ERR_OK;
}

enum err_code object_list_parse(struct object_list **list, struct slice json, struct err *e)
{
	struct own_list *own = calloc(1, sizeof *own);
	enum err_code rc;

	if (own)
		arena_init(&own->arena);
	rc = parse(own, json, "the list of objects", read_list, e);
	*list = own ? &own->list : NULL;
	if (rc != ERR_OK) {
		object_list_free(*list);
		*list = NULL;
	}
	return rc;
}

const struct object_entry *object_list_find(const struct object_list *list, struct slice name)
{
	for (size_t i = 0; i < list->count; i++)
		if (slice_equal_fold(slice_of(list->entries[i].name), name))
			return &list->entries[i];
	return NULL;
}

void object_list_free(struct object_list *list)
{
	struct own_list *own = (struct own_list *)list;

	if (own)
		arena_release(&own->arena);
	free(own);
}
