/* record.h's reading half: what JSON may stand for which field. */
#include <string.h>

#include "practice/record.h"

static const char *const type_words[] = {
#define X(name, word) [FIELD_##name] = word,
	FIELD_TYPES(X)
#undef X
};

void record_request_init(struct record_request *q, const struct org *org, struct scenario *s, struct slice text,
                         struct arena *a, enum record_call call)
{
	*q = (struct record_request){ .org = org, .scenario = s, .text = text, .arena = a, .call = call };
	refusal_init(&q->broken);
}

void record_request_release(struct record_request *q)
{
	refusal_release(&q->broken);
}

void record_release(struct record *rec)
{
	refusal_release(&rec->why);
}

/* Jackson's words for what it met (salesforce-api.md E1). */
static const char *token_word(const struct json_in *v)
{
	switch (v->kind) {
	case JSON_IN_STRING:
		return "VALUE_STRING";
	case JSON_IN_NUMBER:
		return memchr(v->text.at, '.', v->text.len) ? "VALUE_NUMBER_FLOAT" : "VALUE_NUMBER_INT";
	case JSON_IN_TRUE:
		return "VALUE_TRUE";
	case JSON_IN_FALSE:
		return "VALUE_FALSE";
	case JSON_IN_LIST:
		return "START_ARRAY";
	case JSON_IN_OBJECT:
		return "START_OBJECT";
	default:
		return "VALUE_NULL";
	}
}

static bool not_taken(struct record_request *q, const char *type, const struct json_in *v)
{
	bool nested = v->kind == JSON_IN_LIST || v->kind == JSON_IN_OBJECT;

	refuse(&q->broken, "JSON_PARSER_ERROR", NULL,
	       "Cannot deserialize instance of %s from %s value %.*s or request may be missing a required "
	       "field",
	       type, token_word(v), nested ? 1 : (int)v->text.len, v->text.at);
	json_in_add_place(&q->broken.message, q->text, v->at);
	return false;
}

static bool no_column(struct record_request *q, struct slice name, const struct object *o)
{
	return refuse(&q->broken, "INVALID_FIELD", NULL, "No such column '%.*s' on sobject of type %s",
	              SLICE_ARGS(name), o->name);
}

/* May a value of this kind stand for the field at all? Texts stand for numbers too (recorded), numbers for texts. */
static bool kind_fits(const struct field *f, const struct json_in *v)
{
	bool truth = v->kind == JSON_IN_TRUE || v->kind == JSON_IN_FALSE;

	switch (f->type) {
	case FIELD_BOOLEAN:
		return truth || (v->kind == JSON_IN_STRING && (slice_equal_fold(v->text, slice_of("true")) ||
		                                               slice_equal_fold(v->text, slice_of("false"))));
	case FIELD_INT:
	case FIELD_DOUBLE:
	case FIELD_CURRENCY:
	case FIELD_PERCENT:
		return v->kind == JSON_IN_NUMBER || v->kind == JSON_IN_STRING;
	case FIELD_DATE:
	case FIELD_DATETIME:
	case FIELD_TIME:
	case FIELD_ID:
	case FIELD_REFERENCE:
		return v->kind == JSON_IN_STRING;
	default:
		return v->kind == JSON_IN_STRING || v->kind == JSON_IN_NUMBER;
	}
}

static bool is_text(const struct field *f)
{
	return f->type == FIELD_STRING || f->type == FIELD_EMAIL || f->type == FIELD_PICKLIST ||
	       f->type == FIELD_MULTIPICKLIST || f->type == FIELD_ADDRESS;
}

/* A value becomes a change; one that only its record suffers from (an id that is none) is noted in rec->why. */
static bool read_value(struct record *rec, struct record_request *q, const struct json_in *v, struct change *c)
{
	if (v->kind == JSON_IN_NULL || (v->kind == JSON_IN_STRING && v->text.len == 0 && is_text(c->field))) {
		c->null = true;
		return true;
	}
	if (!kind_fits(c->field, v))
		return not_taken(q, type_words[c->field->type], v);
	if (rule_read(c->field, v->text, 0, q->arena, &c->text, &rec->why))
		return true;
	if (strcmp(rec->why.code, "MALFORMED_ID") != 0)
		return not_taken(q, type_words[c->field->type], v);
	rec->refused = true;
	return true;
}

/* Of several members for one field the last counts. */
static struct change *place_for(struct record *rec, const struct field *f)
{
	for (size_t i = 0; i < rec->change_count; i++)
		if (rec->changes[i].field == f)
			return &rec->changes[i];
	return &rec->changes[rec->change_count++];
}

static bool read_field(struct record *rec, struct record_request *q, const struct field *f,
                       const struct json_in *v)
{
	struct change *c = place_for(rec, f);

	*c = (struct change){ .field = f };
	if (!read_value(rec, q, v, c))
		return false;
	if (f == q->key && !c->null)
		rec->key = c->text;
	return true;
}

/* Where the reference leads: to its one object, or the one that the nested attributes name. */
static const struct object *far_object(struct record_request *q, const struct field *f, const struct json_in *v)
{
	const struct json_in *type = json_in_member(json_in_member(v, "attributes"), "type");

	for (size_t i = 0; i < f->target_count; i++)
		if (type ? slice_equal_fold(type->text, slice_of(f->targets[i])) : f->target_count == 1)
			return schema_object(q->org->schema, slice_of(f->targets[i]));
	return NULL;
}

static bool is_attributes(const struct json_in *v)
{
	return slice_is(v->key, "attributes");
}

/* The one member that names the far record. */
static const struct json_in *key_member(const struct json_in *v)
{
	const struct json_in *found = NULL;

	for (const struct json_in *m = v->first; m; m = m->next) {
		if (is_attributes(m))
			continue;
		if (found)
			return NULL;
		found = m;
	}
	return found;
}

static bool read_link(struct record *rec, struct record_request *q, const struct field *f,
                      const struct json_in *v)
{
	const struct json_in *member = v->kind == JSON_IN_OBJECT ? key_member(v) : NULL;
	const struct object *far = member ? far_object(q, f, v) : NULL;
	struct record_link *link = &rec->links[rec->link_count];
	struct change c = { 0 };

	if (v->kind != JSON_IN_OBJECT)
		return refuse(&q->broken, "INVALID_FIELD", NULL,
		              "The value provided for foreign key reference %s is not a nested SObject",
		              f->relationship);
	if (!member || !far)
		return refuse(&q->broken, "INVALID_FIELD", NULL,
		              "The reference %s needs one field of the far record%s", f->relationship,
		              f->target_count > 1 ? " and attributes with its type" : "");
	*link = (struct record_link){ .field = f, .far = org_table(q->org, far) };
	link->key = c.field = object_field(far, member->key);
	if (!link->key)
		return no_column(q, member->key, far);
	if (!field_is_key(link->key))
		return refuse(&q->broken, "INVALID_FIELD", NULL,
		              "Field name provided, %s does not match an External ID, Salesforce Id, or "
		              "indexed field for %s",
		              link->key->name, far->name);
	if (!read_value(rec, q, member, &c))
		return false;
	if (!c.null)
		link->value = c.text;
	rec->link_count++;
	return true;
}

static bool read_id(struct record *rec, struct record_request *q, const struct json_in *v)
{
	if (v->kind == JSON_IN_NULL)
		return true;
	if (v->kind != JSON_IN_STRING)
		return not_taken(q, "id", v);
	rec->id = v->text;
	return true;
}

static bool read_member(struct record *rec, struct record_request *q, const struct json_in *v)
{
	const struct object *o = rec->table->object;
	const struct field *f;

	if (is_attributes(v))
		return true;
	f = object_field(o, v->key);
	if (f && f->origin == FROM_ID)
		return read_id(rec, q, v);
	if (f)
		return read_field(rec, q, f, v);
	f = object_relationship(o, v->key);
	return f ? read_link(rec, q, f, v) : no_column(q, v->key, o);
}

bool record_read(struct record *rec, struct record_request *q, struct table *t, const struct json_in *json)
{
	size_t members = 2; /* the key of a URL may be added */

	*rec = (struct record){ .table = t, .json = json };
	refusal_init(&rec->why);
	if (json->kind != JSON_IN_OBJECT)
		return not_taken(q, "sobject", json);
	for (const struct json_in *v = json->first; v; v = v->next)
		members++;
	/* a link becomes a change too */
	rec->changes = arena_alloc(q->arena, members * sizeof *rec->changes);
	rec->links = arena_alloc(q->arena, members * sizeof *rec->links);
	if (!rec->changes || !rec->links)
		return refuse(&q->broken, "UNKNOWN_EXCEPTION", NULL, "no memory for the records");
	for (const struct json_in *v = json->first; v; v = v->next)
		if (!read_member(rec, q, v))
			return false;
	return true;
}

bool record_read_key(struct record *rec, struct record_request *q, const struct field *key, struct slice text)
{
	struct slice value;

	if (!rule_read(key, text, 0, q->arena, &value, &rec->why))
		return false;
	rec->key = value;
	rec->changes[rec->change_count++] = (struct change){ .field = key, .text = value };
	return true;
}
