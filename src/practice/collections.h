/*
 * collections.h - sObject Collections: up to 200 records in one request, their results in its order
 * (salesforce-api.md E1).
 */
#ifndef LONGSHORE_PRACTICE_COLLECTIONS_H
#define LONGSHORE_PRACTICE_COLLECTIONS_H

#include "practice/http.h"
#include "practice/practice.h"

void collections_create(struct practice *p, const struct request *r, struct answer *a);
void collections_update(struct practice *p, const struct request *r, struct answer *a);
void collections_upsert(struct practice *p, const struct request *r, struct answer *a);
void collections_delete(struct practice *p, const struct request *r, struct answer *a);

/* Many records of one object by ids and fields, in the ids' order; null where there is no such record. */
void collections_get(struct practice *p, const struct request *r, struct answer *a);
void collections_retrieve(struct practice *p, const struct request *r, struct answer *a);

#endif
