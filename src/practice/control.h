/*
 * control.h - what a test does to the practice org beside its API; docs/practice.md describes each.
 * None of it needs a token, and none is an API call.
 */
#ifndef LONGSHORE_PRACTICE_CONTROL_H
#define LONGSHORE_PRACTICE_CONTROL_H

#include "practice/http.h"
#include "practice/practice.h"

void control_audit(struct practice *p, const struct request *r, struct answer *a);
void control_rows(struct practice *p, const struct request *r, struct answer *a);
void control_counters(struct practice *p, const struct request *r, struct answer *a);
void control_reset(struct practice *p, const struct request *r, struct answer *a);
void control_scenario(struct practice *p, const struct request *r, struct answer *a);
void control_expire_sessions(struct practice *p, const struct request *r, struct answer *a);
void control_clock(struct practice *p, const struct request *r, struct answer *a);

#endif
