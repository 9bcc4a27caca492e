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

/* The far row a field of a relationship leads to from `row`; 0: none. */
uint32_t query_follow(const struct org *org, const struct table *t, uint32_t row, const struct query_field *f);

#endif
