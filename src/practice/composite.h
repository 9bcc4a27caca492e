/*
 * composite.h - several requests in one: each is carried out in its turn, may refer to the answers of earlier ones, and
 * with allOrNone all of them are undone when one fails (salesforce-api.md E5).
 */
#ifndef LONGSHORE_PRACTICE_COMPOSITE_H
#define LONGSHORE_PRACTICE_COMPOSITE_H

#include "practice/http.h"
#include "practice/practice.h"

void composite_run(struct practice *p, const struct request *r, struct answer *a);

#endif
