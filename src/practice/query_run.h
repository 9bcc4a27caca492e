/*
 * query_run.h - which rows a query means. Text is compared without regard to case, as Salesforce does.
 */
#ifndef LONGSHORE_PRACTICE_QUERY_RUN_H
#define LONGSHORE_PRACTICE_QUERY_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "practice/org.h"
#include "practice/soql.h"

/* The rows in the order asked for (else that of their ids), to be freed; false without memory. An Id or a field with an
 * index that must be equal to something saves looking at every row. */
bool query_run(const struct query *q, struct org *org, uint32_t **rows, size_t *count);

/* A record; row 0: none. */
struct query_place {
	struct table *table;
	uint32_t row;
};

/* Where a reference of the record leads. */
struct query_place query_follow(const struct org *org, struct query_place from, const struct query_step *step);

/* The text of a field of the record that all references of its path have led to; at NULL: null. `made` as in org.h. */
struct slice query_value(struct query_place at, const struct query_field *f, struct buf *made);

/* Has the field of this row, or of the one it leads to, a value? */
bool query_has_value(const struct org *org, const struct object *o, uint32_t row, const struct query_field *f);

#endif
