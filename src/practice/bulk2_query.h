/*
 * bulk2_query.h - Bulk API 2.0's query jobs: create, list, look, abort, delete, results in pages (salesforce-api.md F).
 */
#ifndef LONGSHORE_PRACTICE_BULK2_QUERY_H
#define LONGSHORE_PRACTICE_BULK2_QUERY_H

#include "practice/http.h"
#include "practice/practice.h"

void bulk2_query_create(struct practice *p, const struct request *r, struct answer *a);
void bulk2_query_list(struct practice *p, const struct request *r, struct answer *a);
void bulk2_query_get(struct practice *p, const struct request *r, struct answer *a);
void bulk2_query_change(struct practice *p, const struct request *r, struct answer *a);
void bulk2_query_delete(struct practice *p, const struct request *r, struct answer *a);
void bulk2_query_results(struct practice *p, const struct request *r, struct answer *a);

#endif
