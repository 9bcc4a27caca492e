/*
 * rows.h - one row at a time over REST: created, read, changed, deleted, by its id or by an external id
 * (salesforce-api.md E3).
 */
#ifndef LONGSHORE_PRACTICE_ROWS_H
#define LONGSHORE_PRACTICE_ROWS_H

#include "practice/http.h"
#include "practice/practice.h"

void rows_object(struct practice *p, const struct request *r, struct answer *a); /* GET sobjects/X */
void rows_create(struct practice *p, const struct request *r, struct answer *a);
void rows_get(struct practice *p, const struct request *r, struct answer *a);
void rows_update(struct practice *p, const struct request *r, struct answer *a);
void rows_delete(struct practice *p, const struct request *r, struct answer *a);

/* .../X/Field/value */
void rows_get_by_key(struct practice *p, const struct request *r, struct answer *a);
void rows_upsert(struct practice *p, const struct request *r, struct answer *a);
void rows_delete_by_key(struct practice *p, const struct request *r, struct answer *a);

#endif
