#include "practice/column.h"

#include <string.h>

static bool no_field(struct buf *message, struct slice name)
{
	buf_addf(message, "InvalidBatch : Field name not found : %.*s", SLICE_ARGS(name));
	return false;
}

static bool no_relationship(struct buf *message, struct slice name)
{
	buf_addf(message, "InvalidBatch : Unable to find relationship: %.*s", SLICE_ARGS(name));
	return false;
}

/* Fields that the operation cannot write are not found either (salesforce-api.md C8). */
static bool may_stand(const struct field *f, const struct job *job)
{
	switch (job->operation) {
	case OP_INSERT:
		return f->createable;
	case OP_UPDATE:
		return f->updateable || f->origin == FROM_ID;
	case OP_UPSERT:
		/* jsforce writes an empty Id column in front of every upsert */
		return f->createable || f->updateable || f == job->key || f->origin == FROM_ID;
	default:
		return true;
	}
}

static bool read_plain(struct column *c, struct slice name, const struct job *job, struct buf *message)
{
	c->field = object_field(job->table->object, name);
	if (!c->field || !may_stand(c->field, job))
		return no_field(message, name);
	c->exact = slice_is(name, c->field->name);
	return true;
}

static const struct object *far_object(const struct field *f, struct slice type, const struct org *org)
{
	for (size_t i = 0; i < f->target_count; i++)
		if (f->target_count == 1 || slice_equal_fold(type, slice_of(f->targets[i])))
			return schema_object(org->schema, slice_of(f->targets[i]));
	return NULL;
}

/* "Rel.Key", or "Type:Rel.Key" where the reference may point at several objects. */
static bool read_reference(struct column *c, struct slice name, const char *dot, const struct job *job,
                           const struct org *org, struct buf *message)
{
	struct slice relation = { name.at, (size_t)(dot - name.at) };
	struct slice key = { dot + 1, name.len - relation.len - 1 };
	struct slice type = { NULL, 0 };
	const char *colon = memchr(relation.at, ':', relation.len);
	const struct object *far;

	if (colon) {
		type = (struct slice){ relation.at, (size_t)(colon - relation.at) };
		relation = (struct slice){ colon + 1, relation.len - type.len - 1 };
	}
	c->field = object_relationship(job->table->object, relation);
	if (!c->field || !may_stand(c->field, job))
		return no_relationship(message, relation);
	if (colon && c->field->target_count == 1) {
		buf_addf(message,
		         "InvalidBatch : type is not needed for non polymorphic foreign key references: %.*s",
		         SLICE_ARGS(relation));
		return false;
	}
	far = far_object(c->field, type, org);
	if (!far)
		return no_relationship(message, relation);
	c->far = org_table(org, far);
	c->far_key = object_field(far, key);
	if (!c->far_key || !field_is_key(c->far_key))
		return no_field(message, name);
	c->exact = slice_is(relation, c->field->relationship) && slice_is(key, c->far_key->name);
	return true;
}

bool column_read(struct column *c, struct slice name, const struct job *job, const struct org *org,
                 struct buf *message)
{
	const char *dot = name.len ? memchr(name.at, '.', name.len) : NULL;

	*c = (struct column){ 0 };
	return dot ? read_reference(c, name, dot, job, org, message) : read_plain(c, name, job, message);
}
