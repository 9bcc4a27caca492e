/* schema.h's finding half: objects and fields by their names, and what a field is. */
#include "practice/schema.h"

#include <string.h>

const struct object *schema_object(const struct schema *s, struct slice name)
{
	for (size_t i = 0; i < s->count; i++)
		if (slice_equal_fold(name, slice_of(s->objects[i].name)))
			return &s->objects[i];
	return NULL;
}

const struct object *schema_prefix(const struct schema *s, const char prefix[4])
{
	for (size_t i = 0; i < s->count; i++)
		if (memcmp(prefix, s->objects[i].prefix, 3) == 0)
			return &s->objects[i];
	return NULL;
}

const struct field *object_field(const struct object *o, struct slice name)
{
	const struct field *f = object_stored_field(o, name);

	return f && !f->hidden ? f : NULL;
}

const struct field *object_stored_field(const struct object *o, struct slice name)
{
	for (size_t i = 0; i < o->field_count; i++)
		if (slice_equal_fold(name, slice_of(o->fields[i].name)))
			return &o->fields[i];
	return NULL;
}

const struct field *object_relationship(const struct object *o, struct slice name)
{
	for (size_t i = 0; i < o->field_count; i++)
		if (o->fields[i].relationship && !o->fields[i].hidden &&
		    slice_equal_fold(name, slice_of(o->fields[i].relationship)))
			return &o->fields[i];
	return NULL;
}

const struct child *object_child(const struct object *o, struct slice name)
{
	for (size_t i = 0; i < o->child_count; i++)
		if (o->children[i].name && !o->children[i].field->hidden &&
		    slice_equal_fold(name, slice_of(o->children[i].name)))
			return &o->children[i];
	return NULL;
}

bool field_required(const struct field *f)
{
	return f->createable && !f->nillable && !f->defaulted;
}

bool field_is_number(const struct field *f)
{
	return f->type == FIELD_INT || f->type == FIELD_DOUBLE || f->type == FIELD_CURRENCY ||
	       f->type == FIELD_PERCENT;
}

bool field_is_key(const struct field *f)
{
	return f->origin == FROM_ID || f->external_id || f->id_lookup;
}
