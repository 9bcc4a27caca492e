/*
 * bulk1_query.h - batches of Bulk API 1.0 that ask: their data is a query in SOQL. It runs when the batch comes, and again
 * when its result is asked for: a result's values are those of that time.
 */
#ifndef LONGSHORE_PRACTICE_BULK1_QUERY_H
#define LONGSHORE_PRACTICE_BULK1_QUERY_H

#include "practice/http.h"
#include "practice/practice.h"

/* Ends a batch that has its data: Completed with the number of its rows, or Failed with the reason. */
void bulk1_query_run(struct practice *p, struct job *batch);

/* The list of the batch's results, of which there is one. */
void bulk1_query_results(const struct request *r, const struct job *batch, struct answer *a);

/* The result of that id; false: the batch has no such one. */
bool bulk1_query_result(struct practice *p, const struct job *batch, const char *id, struct answer *a);

#endif
