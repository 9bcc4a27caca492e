#include "core/engine/children.h"

static bool made_by_people(const struct object_list *list, const char *object)
{
	const struct object_entry *entry = object_list_find(list, slice_of(object));

	return entry && entry->queryable && entry->createable && entry->layoutable;
}

/* A refused delete harms nobody; one that takes others along does. */
static void add_those(struct children *c, const struct object *object, const struct object_list *list,
                      bool cascades)
{
	for (size_t i = 0; i < object->child_count; i++) {
		const struct child_relation *child = &object->children[i];

		if (child->cascades != cascades || !made_by_people(list, child->object))
			continue;
		if (c->count < CHILDREN_MOST)
			c->names[c->count++] = child->relationship;
		else
			c->more++;
	}
}

void children_choose(struct children *c, const struct object *object, const struct object_list *list)
{
	*c = (struct children){ 0 };
	add_those(c, object, list, true);
	add_those(c, object, list, false);
}
