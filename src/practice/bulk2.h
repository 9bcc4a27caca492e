/*
 * bulk2.h - Bulk API 2.0 ingest over HTTP (salesforce-api.md C).
 */
#ifndef LONGSHORE_PRACTICE_BULK2_H
#define LONGSHORE_PRACTICE_BULK2_H

#include "practice/http.h"
#include "practice/practice.h"

void bulk2_create(struct practice *p, const struct request *r, struct answer *a);
void bulk2_list(struct practice *p, const struct request *r, struct answer *a);
void bulk2_get(struct practice *p, const struct request *r, struct answer *a);
void bulk2_upload(struct practice *p, const struct request *r, struct answer *a); /* also of a part: r->whole */
void bulk2_change(struct practice *p, const struct request *r, struct answer *a);
void bulk2_delete(struct practice *p, const struct request *r, struct answer *a);
void bulk2_successful(struct practice *p, const struct request *r, struct answer *a);
void bulk2_failed(struct practice *p, const struct request *r, struct answer *a);
void bulk2_unprocessed(struct practice *p, const struct request *r, struct answer *a);

/* Somebody else closes or aborts the job, if it still can be. */
void bulk2_meddle(struct practice *p, const char *id, bool close);

#endif
