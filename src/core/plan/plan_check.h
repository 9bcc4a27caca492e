/*
 * plan_check.h - what can be refused before a record is read: an action the object does not allow, a key that is none,
 * and findings that concern every record.
 */
#ifndef LONGSHORE_PLAN_PLAN_CHECK_H
#define LONGSHORE_PLAN_PLAN_CHECK_H

#include "core/plan/plan.h"

/* ERR_USAGE as plan_new() says it; otherwise *key is the plan's key, NULL for an insert. */
enum err_code plan_check_request(const struct plan_request *request, const struct field **key, struct err *e);

/* The findings about all records of a plan whose object, action, key and mapping are set: up to `room` are written,
 * returns how many there are. */
size_t plan_check_all(const struct plan *plan, struct plan_finding *findings, size_t room);

/* Is this entry the key? It names the record; whether it may be written does not matter. */
bool plan_check_is_key(const struct plan *plan, const struct mapped *m);

#endif
