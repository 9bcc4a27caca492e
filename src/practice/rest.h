/*
 * rest.h - the resources of the REST API that read: versions, resources, objects, describes, queries.
 */
#ifndef LONGSHORE_PRACTICE_REST_H
#define LONGSHORE_PRACTICE_REST_H

#include "practice/http.h"
#include "practice/practice.h"

void rest_versions(struct practice *p, const struct request *r, struct answer *a);
void rest_resources(struct practice *p, const struct request *r, struct answer *a);
void rest_objects(struct practice *p, const struct request *r, struct answer *a);
void rest_describe(struct practice *p, const struct request *r, struct answer *a);
void rest_query(struct practice *p, const struct request *r, struct answer *a);
void rest_query_all(struct practice *p, const struct request *r, struct answer *a);
void rest_tooling_query(struct practice *p, const struct request *r,
                        struct answer *a); /* of the setup (setup.h) */
void rest_query_page(struct practice *p, const struct request *r, struct answer *a);

/* The query that the text is; NULL with the answer that refuses it. */
struct query *rest_read_query(struct practice *p, struct slice text, struct answer *a);

/* Says since when (ms) it is as it is, and answers 304 if the caller has it so, 400 for a date that is none
 * (salesforce-api.md B5). false: it is to be answered. */
bool rest_is_unchanged(const struct request *r, struct answer *a, int64_t modified);

#endif
