/*
 * rest.h - the resources of the REST API that read: versions, resources, objects, describes, limits, queries.
 */
#ifndef LONGSHORE_PRACTICE_REST_H
#define LONGSHORE_PRACTICE_REST_H

#include "practice/http.h"
#include "practice/practice.h"

void rest_versions(struct practice *p, const struct request *r, struct answer *a);
void rest_resources(struct practice *p, const struct request *r, struct answer *a);
void rest_objects(struct practice *p, const struct request *r, struct answer *a);
void rest_describe(struct practice *p, const struct request *r, struct answer *a);
void rest_limits(struct practice *p, const struct request *r, struct answer *a);
void rest_query(struct practice *p, const struct request *r, struct answer *a);
void rest_query_all(struct practice *p, const struct request *r, struct answer *a);
void rest_query_page(struct practice *p, const struct request *r, struct answer *a);

#endif
