/*
 * query_columns.h - what columns a query has: the answer to a query with columns=true, which the Salesforce CLI asks for
 * before it shows a table. Its keys are those that the CLI reads.
 */
#ifndef LONGSHORE_PRACTICE_QUERY_COLUMNS_H
#define LONGSHORE_PRACTICE_QUERY_COLUMNS_H

#include "practice/json_out.h"
#include "practice/soql.h"

void query_columns_write(const struct query *q, struct json_out *o);

#endif
