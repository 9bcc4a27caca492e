#include "practice/schema.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/paths.h"
#include "practice/describe_keys.h"

#define VERSION_PATH "/services/data/v"

static const char *const type_words[] = {
#define X(name, word) [FIELD_##name] = word,
	FIELD_TYPES(X)
#undef X
};

static const struct {
	const char *name;
	enum field_origin origin;
} origins[] = {
	{ "Id", FROM_ID },
	{ "IsDeleted", FROM_DELETED },
	{ "CreatedDate", FROM_CREATED_DATE },
	{ "LastModifiedDate", FROM_MODIFIED_DATE },
	{ "SystemModstamp", FROM_MODIFIED_DATE },
	{ "CreatedById", FROM_USER },
	{ "LastModifiedById", FROM_USER },
};

static const char *const common[] = { "Organization", "RecordType", "User" };

enum { COMMON = sizeof common / sizeof common[0] };

static bool is_true(const json_t *json, const char *key)
{
	return json_is_true(json_object_get(json, key));
}

static int whole(const json_t *json, const char *key)
{
	return (int)json_integer_value(json_object_get(json, key));
}

static const char *text(const json_t *json, const char *key)
{
	return json_string_value(json_object_get(json, key));
}

static enum field_type type_of(const char *word)
{
	for (size_t i = 0; word && i < sizeof type_words / sizeof type_words[0]; i++)
		if (strcmp(word, type_words[i]) == 0)
			return (enum field_type)i;
	return FIELD_STRING;
}

static enum field_origin origin_of(const char *name)
{
	for (size_t i = 0; i < sizeof origins / sizeof origins[0]; i++)
		if (strcmp(name, origins[i].name) == 0)
			return origins[i].origin;
	return FROM_CELL;
}

/* The texts under `key` of each item (of the items themselves without one) that are not inactive. */
static const char **take_texts(const json_t *list, const char *key, size_t *count)
{
	const char **texts = calloc(json_array_size(list) + 1, sizeof *texts);
	const json_t *item;
	size_t i;

	*count = 0;
	if (!texts)
		return NULL;
	json_array_foreach(list, i, item) {
		const char *value = key ? text(item, key) : json_string_value(item);

		if (value && !json_is_false(json_object_get(item, "active")))
			texts[(*count)++] = value;
	}
	return texts;
}

static const char *default_of(const json_t *json)
{
	const json_t *value = json_object_get(json, "defaultValue");

	if (json_is_boolean(value))
		return json_is_true(value) ? "true" : "false";
	return json_string_value(value);
}

static bool read_field(struct field *f, const json_t *json, size_t number)
{
	*f = (struct field){
		.name = text(json, "name"),
		.soap_type = text(json, "soapType"),
		.relationship = text(json, "relationshipName"),
		.default_value = default_of(json),
		.type = type_of(text(json, "type")),
		.number = (uint16_t)number,
		.length = whole(json, "length"),
		.precision = whole(json, "precision"),
		.scale = whole(json, "scale"),
		.digits = whole(json, "digits"),
		.createable = is_true(json, "createable"),
		.updateable = is_true(json, "updateable"),
		.nillable = is_true(json, "nillable"),
		.defaulted = is_true(json, "defaultedOnCreate"),
		.external_id = is_true(json, "externalId"),
		.unique = is_true(json, "unique"),
		.id_lookup = is_true(json, "idLookup"),
		.case_sensitive = is_true(json, "caseSensitive"),
		.filterable = is_true(json, "filterable"),
		.sortable = is_true(json, "sortable"),
		.restricted = is_true(json, "restrictedPicklist"),
	};
	f->may_create = f->createable;
	f->may_update = f->updateable;
	if (!f->name)
		return false;
	if (!f->soap_type)
		f->soap_type = "xsd:string";
	f->origin = origin_of(f->name);
	if (f->type == FIELD_BOOLEAN && !f->default_value && !f->nillable)
		f->default_value = "false";
	f->values = take_texts(json_object_get(json, "picklistValues"), "value", &f->value_count);
	f->targets = take_texts(json_object_get(json, "referenceTo"), NULL, &f->target_count);
	return f->values && f->targets;
}

/* Puts version 00.0 into every URL, so that a later answer can put in any other of the same length. */
static void blank_versions(char *json)
{
	for (char *at = json; (at = strstr(at, VERSION_PATH)); at += sizeof VERSION_PATH - 1) {
		char *number = at + sizeof VERSION_PATH - 1;

		if (strlen(number) > 5 && memcmp(number + 2, ".0", 2) == 0)
			memcpy(number, "00", 2);
	}
}

static char *compact(const json_t *json)
{
	char *line = json_dumps(json, JSON_COMPACT);

	if (line)
		blank_versions(line);
	return line;
}

static char *summary_of(const json_t *describe)
{
	json_t *summary = describe_summary(describe);
	char *line = compact(summary);

	json_decref(summary);
	return line;
}

static bool is_false(const json_t *json, const char *key)
{
	return json_is_false(json_object_get(json, key));
}

static bool read_record_types(struct object *o, const json_t *list)
{
	const json_t *item;
	size_t i;

	o->record_types = calloc(json_array_size(list) + 1, sizeof *o->record_types);
	if (!o->record_types)
		return false;
	json_array_foreach(list, i, item) {
		struct record_type *t = &o->record_types[o->record_type_count];

		*t = (struct record_type){
			.id = text(item, "recordTypeId"),
			.name = text(item, "name"),
			.developer_name = text(item, "developerName"),
			.usable = !is_false(item, "active") && !is_false(item, "available"),
			.active = !is_false(item, "active"),
			.master = is_true(item, "master"),
			.by_default = is_true(item, "defaultRecordTypeMapping"),
		};
		if (t->id && strcmp(t->id, MASTER_RECORD_TYPE) == 0)
			t->master = true; /* v34 had no key that says so (salesforce-api.md B4) */
		o->record_type_count += t->id != NULL;
	}
	return true;
}

/* Record types keep the ids that the describes give them: files of a real org name them. */
static void mark_own_ids(struct object *o)
{
	o->own_ids = strcmp(o->name, "RecordType") == 0;
	for (size_t i = 0; i < o->field_count && o->own_ids; i++)
		if (o->fields[i].origin == FROM_ID)
			o->fields[i].origin = FROM_CELL;
}

/* A person's Name is made of its parts where it cannot be written itself. */
static void mark_full_name(struct object *o)
{
	struct field *name = NULL;

	for (size_t i = 0; i < o->field_count; i++)
		if (strcmp(o->fields[i].name, "Name") == 0)
			name = &o->fields[i];
	if (name && !name->createable && object_field(o, slice_of("LastName")))
		name->origin = FROM_FULL_NAME;
}

static enum err_code read_object(struct object *o, json_t *json, const char *path, struct err *e)
{
	const json_t *fields = json_object_get(json, "fields");
	const json_t *item;
	const char *prefix = text(json, "keyPrefix");
	size_t i;

	o->name = text(json, "name");
	o->document = (void *)(uintptr_t)json;
	if (!o->name || !json_is_array(fields) || json_array_size(fields) > 5000)
		return err_set(e, ERR_FILE, "%s is not a describe: it needs name and fields", path);
	if (!describe_complete(json))
		return err_memory(e, "a describe");
	snprintf(o->prefix, sizeof o->prefix, "%s", prefix ? prefix : "???");
	o->createable = is_true(json, "createable");
	o->updateable = is_true(json, "updateable");
	o->deletable = is_true(json, "deletable");
	o->queryable = is_true(json, "queryable");
	o->fields = calloc(json_array_size(fields) + 1, sizeof *o->fields);
	o->describe = compact(json);
	o->summary = summary_of(json);
	if (!o->fields || !o->describe || !o->summary ||
	    !read_record_types(o, json_object_get(json, "recordTypeInfos")))
		return err_memory(e, "a describe");
	json_array_foreach(fields, i, item) {
		if (!read_field(&o->fields[i], item, i))
			return err_set(e, ERR_FILE, "%s is not a describe: field %zu has no name", path, i + 1);
		o->field_count++;
	}
	mark_full_name(o);
	mark_own_ids(o);
	return ERR_OK;
}

static json_t *load(const char *path, struct err *e)
{
	json_error_t why;
	json_t *json = json_load_file(path, 0, &why);

	if (!json)
		err_set(e, ERR_FILE, "cannot read %s: %s (line %d)", path, why.text, why.line);
	return json;
}

/* Adds each field of the list, or puts it in the place of one of the same name. */
static void overlay(json_t *describe, json_t *added)
{
	json_t *fields = json_object_get(describe, "fields");
	json_t *field, *old;
	size_t i, k;

	json_array_foreach(added, i, field) {
		json_array_foreach(fields, k, old) {
			const char *name = text(old, "name");

			if (name && text(field, "name") && strcmp(name, text(field, "name")) == 0)
				break;
		}
		if (k < json_array_size(fields))
			json_array_set(fields, k, field);
		else
			json_array_append(fields, field);
	}
}

static int is_describe(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 5 && strcmp(entry->d_name + len - 5, ".json") == 0 &&
	       strcmp(entry->d_name, "custom_fields.json") != 0;
}

static int by_name(const void *a, const void *b)
{
	const struct object *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static enum err_code read_all(struct schema *s, const char *folder, struct dirent **found, int n, json_t *added,
                              struct err *e)
{
	char path[4096];

	for (int i = 0; i < n && e->code == ERR_OK; i++) {
		json_t *json;

		snprintf(path, sizeof path, "%s/%s", folder, found[i]->d_name);
		json = load(path, e);
		if (!json)
			break;
		json_array_append_new(s->documents, json);
		if (text(json, "name"))
			overlay(json, json_object_get(added, text(json, "name")));
		s->count++;
		read_object(&s->objects[s->count - 1], json, path, e);
	}
	return e->code;
}

/* Objects that every org has, and without which nobody can sign in or name a record type. */
static enum err_code add_common(struct schema *s, struct err *e)
{
	char name[64], path[PATH_ROOM];
	struct err none;

	for (size_t i = 0; i < COMMON && e->code == ERR_OK; i++) {
		json_t *json;

		err_init(&none);
		snprintf(name, sizeof name, "describes/%s.json", common[i]);
		if (schema_object(s, slice_of(common[i])) || paths_asset(name, path, &none) != ERR_OK)
			continue;
		json = load(path, e);
		if (!json)
			break;
		json_array_append_new(s->documents, json);
		s->count++;
		read_object(&s->objects[s->count - 1], json, path, e);
	}
	return e->code;
}

/* Which records point at the object's and can be asked for with them, or share their fate; the describe says so. */
static bool read_children(struct object *o, const struct schema *s)
{
	const json_t *list = json_object_get(o->document, "childRelationships");
	const json_t *item;
	size_t i, room = json_array_size(list);

	for (size_t k = 0; k < s->count; k++)
		room += s->objects[k].field_count;
	o->children = calloc(room + 1, sizeof *o->children);
	if (!o->children)
		return false;
	json_array_foreach(list, i, item) {
		const struct object *from = schema_object(s, slice_of(text(item, "childSObject")));
		const struct field *f = from ? object_field(from, slice_of(text(item, "field"))) : NULL;
		struct child child = { text(item, "relationshipName"), from, f, is_true(item, "cascadeDelete"),
			               is_true(item, "restrictedDelete") };

		if (f && f->origin == FROM_CELL && (child.name || child.cascades || child.restricts))
			o->children[o->child_count++] = child;
	}
	return true;
}

static enum err_code open_schema(struct schema *s, const char *folder, bool alone, struct err *e)
{
	struct dirent **found = NULL;
	char path[4096];
	json_t *added = NULL;
	int n = scandir(folder, &found, is_describe, alphasort);

	*s = (struct schema){ 0 };
	if (n <= 0)
		return err_set(e, ERR_FILE, "no describes in %s", folder);
	s->documents = json_array();
	s->objects = calloc((size_t)n + COMMON, sizeof *s->objects);
	snprintf(path, sizeof path, "%s/custom_fields.json", folder);
	added = json_load_file(path, 0, NULL);
	if (added)
		json_array_append_new(s->documents, added);
	if (!s->documents || !s->objects)
		err_memory(e, "the describes");
	else if (read_all(s, folder, found, n, added, e) == ERR_OK && !alone)
		add_common(s, e);
	if (s->objects)
		qsort(s->objects, s->count, sizeof *s->objects, by_name);
	for (size_t i = 0; s->objects && i < s->count; i++)
		s->objects[i].number = (uint16_t)i;
	for (size_t i = 0; s->objects && e->code == ERR_OK && i < s->count; i++)
		if (!read_children(&s->objects[i], s))
			err_memory(e, "the describes");
	for (int i = 0; i < n; i++)
		free(found[i]);
	free(found);
	return e->code;
}

enum err_code schema_open(struct schema *s, const char *folder, struct err *e)
{
	return open_schema(s, folder, false, e);
}

enum err_code schema_open_alone(struct schema *s, const char *folder, struct err *e)
{
	return open_schema(s, folder, true, e);
}

void schema_release(struct schema *s)
{
	for (size_t i = 0; i < s->count; i++) {
		struct object *o = &s->objects[i];

		for (size_t k = 0; k < o->field_count; k++) {
			free(o->fields[k].values);
			free(o->fields[k].targets);
		}
		free(o->fields);
		free(o->record_types);
		free(o->children);
		free(o->describe);
		free(o->summary);
	}
	free(s->objects);
	json_decref(s->documents);
	*s = (struct schema){ 0 };
}

static bool is_among(const struct field *f, const struct field *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == f)
			return true;
	return false;
}

/* The describe again, as the user now sees it. */
static bool show(struct object *o)
{
	json_t *shown = json_deep_copy(o->document), *fields = json_object_get(shown, "fields");
	char *line;

	for (size_t i = o->field_count; shown && i-- > 0;) {
		const struct field *f = &o->fields[i];
		json_t *field = json_array_get(fields, i);

		if (f->hidden) {
			json_array_remove(fields, i);
			continue;
		}
		json_object_set_new(field, "createable", json_boolean(f->createable));
		json_object_set_new(field, "updateable", json_boolean(f->updateable));
	}
	line = shown ? compact(shown) : NULL;
	json_decref(shown);
	if (!line)
		return false;
	free(o->describe);
	o->describe = line;
	return true;
}

bool schema_set_access(struct schema *s, const struct field *const *hidden, size_t hidden_count,
                       const struct field *const *locked, size_t locked_count)
{
	bool good = true;

	for (size_t i = 0; i < s->count; i++) {
		struct object *o = &s->objects[i];
		bool changed = false;

		for (size_t k = 0; k < o->field_count; k++) {
			struct field *f = &o->fields[k];
			bool hide = is_among(f, hidden, hidden_count);
			bool writes = !hide && !is_among(f, locked, locked_count);
			struct field was = *f;

			f->hidden = hide;
			f->createable = writes && f->may_create;
			f->updateable = writes && f->may_update;
			changed |= was.hidden != f->hidden || was.createable != f->createable ||
			           was.updateable != f->updateable;
		}
		if (changed)
			good &= show(o);
	}
	return good;
}

void schema_add_text(struct buf *to, const char *json, int version)
{
	const char *at = json, *next;

	while ((next = strstr(at, VERSION_PATH "00.0"))) {
		buf_add(to, at, (size_t)(next - at));
		buf_addf(to, VERSION_PATH "%02d.0", version);
		at = next + sizeof VERSION_PATH "00.0" - 1;
	}
	buf_add_text(to, at);
}
