/*
 * limits.h - what the org allows, how much of it is left, and how many records it believes to have.
 */
#ifndef LONGSHORE_PRACTICE_LIMITS_H
#define LONGSHORE_PRACTICE_LIMITS_H

#include "practice/http.h"
#include "practice/practice.h"

void limits_list(struct practice *p, const struct request *r, struct answer *a);

/* "?sObjects=A,B": counts that lag behind, as Salesforce's do (salesforce-api.md B6). */
void limits_record_count(struct practice *p, const struct request *r, struct answer *a);

#endif
