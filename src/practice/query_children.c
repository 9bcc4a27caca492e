#include "practice/query_children.h"

#include <stdlib.h>

#include "practice/query_run.h"

static int by_parent(const void *a, const void *b)
{
	const struct query_link *x = a, *y = b;

	if (x->parent != y->parent)
		return x->parent < y->parent ? -1 : 1;
	return (x->place > y->place) - (x->place < y->place);
}

bool query_children_find(const struct query *q, const struct query_child *child, struct org *org,
                         struct query_links *to)
{
	const struct field *via = child->way->field;
	struct query_step step = { .via = via, .far = q->object, .several = via->target_count > 1 };
	struct table *parents = org_table(org, q->object), *children = org_table(org, child->query->object);
	struct query all = *child->query;
	uint32_t *rows;
	size_t count;

	*to = (struct query_links){ 0 };
	all.limit = -1;
	all.offset = 0;
	all.deleted_too = q->deleted_too;
	if (!query_run(&all, org, &rows, &count))
		return false;
	to->all = calloc(count + 1, sizeof *to->all);
	for (size_t i = 0; to->all && i < count; i++) {
		struct query_place far = query_follow(org, (struct query_place){ children, rows[i] }, &step);

		if (far.row && far.table == parents)
			to->all[to->count++] = (struct query_link){ far.row, rows[i], i };
	}
	free(rows);
	if (to->all && to->count)
		qsort(to->all, to->count, sizeof *to->all, by_parent);
	return to->all != NULL;
}

/* The first link of this parent or of a later one. */
static size_t first_of(const struct query_links *links, uint32_t parent)
{
	size_t from = 0, to = links->count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (links->all[middle].parent < parent)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

struct query_links query_children_of(const struct query_links *links, const struct query_child *child,
                                     uint32_t parent)
{
	size_t from = first_of(links, parent), to = first_of(links, parent + 1);
	size_t left_out = (size_t)child->query->offset < to - from ? (size_t)child->query->offset : to - from;

	from += left_out;
	if (child->query->limit >= 0 && to - from > (size_t)child->query->limit)
		to = from + (size_t)child->query->limit;
	return (struct query_links){ links->all + from, to - from };
}
