/*
 * query_children.h - the records that point at the rows of a query: what SELECT Id, (SELECT LastName FROM Contacts) FROM
 * Account finds beside its rows.
 */
#ifndef LONGSHORE_PRACTICE_QUERY_CHILDREN_H
#define LONGSHORE_PRACTICE_QUERY_CHILDREN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "practice/org.h"
#include "practice/soql.h"

struct query_link {
	uint32_t parent, row; /* the child's row */
	size_t place;         /* of the child among all, in the order that its query asks for */
};

struct query_links {
	struct query_link *all;
	size_t count;
};

/* The links of the child query, to be freed; false without memory. */
bool query_children_find(const struct query *q, const struct query_child *child, struct org *org,
                         struct query_links *to);

/* Those of one row, in order, as many as the child's OFFSET and LIMIT leave; they belong to `links`. */
struct query_links query_children_of(const struct query_links *links, const struct query_child *child,
                                     uint32_t parent);

#endif
