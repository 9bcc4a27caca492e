/*
 * bulk1.h - Bulk API 1.0 over HTTP, as far as CSV goes (salesforce-api.md D): jobs whose batches are worked on as soon as
 * they are there, with results in the order of their records, and queries. Data in XML or JSON is refused.
 */
#ifndef LONGSHORE_PRACTICE_BULK1_H
#define LONGSHORE_PRACTICE_BULK1_H

#include "practice/http.h"
#include "practice/practice.h"

void bulk1_create(struct practice *p, const struct request *r, struct answer *a);
void bulk1_get(struct practice *p, const struct request *r, struct answer *a);
void bulk1_change(struct practice *p, const struct request *r, struct answer *a);
void bulk1_add_batch(struct practice *p, const struct request *r, struct answer *a);
void bulk1_list_batches(struct practice *p, const struct request *r, struct answer *a);
void bulk1_get_batch(struct practice *p, const struct request *r, struct answer *a);
void bulk1_result(struct practice *p, const struct request *r, struct answer *a);
void bulk1_query_part(struct practice *p, const struct request *r,
                      struct answer *a); /* one result of a query */
void bulk1_batch_request(struct practice *p, const struct request *r,
                         struct answer *a); /* the bytes that were sent */

#endif
