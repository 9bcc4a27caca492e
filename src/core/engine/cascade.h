/*
 * cascade.h - what a delete takes along: the records below those that would be deleted, counted by kind.
 *
 * One query for 200 parents, with a query for each kind in it (children.h). Kinds that keep their parent from being deleted are
 * counted as well. The caller sends the query and hands its rows to cascade_row().
 */
#ifndef LONGSHORE_ENGINE_CASCADE_H
#define LONGSHORE_ENGINE_CASCADE_H

#include "core/engine/children.h"
#include "core/engine/in_query.h"

struct cascade {
	const struct object *object;
	struct children children;
	const char *fields[CHILDREN_MOST], *selects[CHILDREN_MOST];
	int64_t counts[CHILDREN_MOST];
	struct in_query query;
	struct arena texts;
};

/* Object and children must outlive it. False without memory; cascade_release() in every case. */
bool cascade_init(struct cascade *c, const struct object *object, const struct children *children);
void cascade_release(struct cascade *c);

void cascade_begin(struct cascade *c);                       /* a query anew; the counts go on */
const char *cascade_query(struct cascade *c);                /* NULL if there is nothing to ask for */
bool cascade_row(void *cascade, const struct slice *values); /* an org_row of its fields */

/* What kind i is: its object, and whether it goes along (else it keeps its parent). NULL: the describe does not know it. */
const struct child_relation *cascade_kind(const struct cascade *c, size_t i);

#endif
