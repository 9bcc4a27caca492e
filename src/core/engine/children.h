/*
 * children.h - which kinds of records hang on those of an object, so that an undo deletes nothing that somebody has given new ones.
 *
 * Those of the describe's childRelationships that go with their parent, or keep it from being deleted, and that people work
 * with: objects that can be queried and created and have page layouts. What the org makes by itself (shares, feeds, histories)
 * is none of that.
 */
#ifndef LONGSHORE_ENGINE_CHILDREN_H
#define LONGSHORE_ENGINE_CHILDREN_H

#include "base/arena.h"
#include "core/org/describe.h"

enum { CHILDREN_MOST = 20 }; /* queries within one query: the most that SOQL takes */

struct children {
	const char *names[CHILDREN_MOST]; /* of the relationships: the object's own text */
	size_t count;
	size_t more; /* kinds that are not asked about, since there are too many */
};

/* Of the object, as the org's list of objects says; those that go with their parent first. Pure. */
void children_choose(struct children *children, const struct object *object, const struct object_list *list);

#endif
