/* budget.h - what a load will cost of what the org allows in 24 hours. Pure: arithmetic over a plan. */
#ifndef LONGSHORE_ENGINE_BUDGET_H
#define LONGSHORE_ENGINE_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

#include "core/plan/plan.h"

enum {
	BUDGET_LOOK_KEYS = 200, /* records that one query asks about (salesforce-api.md F), */
	BUDGET_LOOK_BYTES =
		12000, /* and bytes of its address: 16,384 with all headers, and a token may have 2,000 */
	BUDGET_KEEP_PERCENT = 5, /* of the calls left today: what reading old values may cost of itself */
};

/* Calls that reading the old values of so many records takes; keys of an upsert longer than 40 bytes make it more. 0 for
 * an action that changes no record. */
int64_t budget_look(const struct plan *plan, int64_t records);

/* Calls that sending so many records takes, by requests of 200 or by jobs, one asking of a job and what its results take
 * included. *batches: of 10,000, a partial one in full (salesforce-api.md C11). `asked`: the operator's most records a chunk. */
int64_t budget_send(bool in_requests, int64_t records, bool allow_failures, int64_t asked, int64_t *batches);

/* Are so many calls little enough of those left today that old values are kept without being asked to? */
bool budget_is_little(int64_t calls, int64_t left);

#endif
