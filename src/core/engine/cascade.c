#include "core/engine/cascade.h"

#include <string.h>

#include "base/number.h"

static const char *words(struct cascade *c, const char *before, const char *name, const char *behind)
{
	struct buf b;
	const char *copy;

	buf_init(&b, 1024);
	buf_addf(&b, "%s%s%s", before, name, behind);
	copy = b.short_of ? NULL : arena_slice(&c->texts, buf_slice(&b));
	buf_release(&b);
	return copy;
}

bool cascade_init(struct cascade *c, const struct object *object, const struct children *children)
{
	*c = (struct cascade){ .object = object, .children = *children };
	arena_init(&c->texts);
	in_query_init(&c->query);
	for (size_t i = 0; i < children->count; i++) {
		c->fields[i] = words(c, "", children->names[i], ".totalSize");
		c->selects[i] = words(c, "(SELECT Id FROM ", children->names[i], ")");
		if (!c->fields[i] || !c->selects[i])
			return false;
	}
	cascade_begin(c);
	return true;
}

void cascade_release(struct cascade *c)
{
	in_query_release(&c->query);
	arena_release(&c->texts);
	*c = (struct cascade){ 0 };
}

void cascade_begin(struct cascade *c)
{
	in_query_begin(&c->query, c->selects, c->children.count, c->object->name, "Id", FIELD_ID);
}

const char *cascade_query(struct cascade *c)
{
	return c->children.count ? in_query_text(&c->query) : NULL;
}

/* Without children it is null. */
bool cascade_row(void *cascade, const struct slice *values)
{
	struct cascade *c = cascade;

	for (size_t i = 0; i < c->children.count; i++) {
		int64_t count;

		if (number_whole(values[i], &count))
			c->counts[i] += count;
	}
	return true;
}

const struct child_relation *cascade_kind(const struct cascade *c, size_t i)
{
	for (size_t k = 0; k < c->object->child_count; k++)
		if (strcmp(c->object->children[k].relationship, c->children.names[i]) == 0)
			return &c->object->children[k];
	return NULL;
}
