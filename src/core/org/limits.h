/*
 * limits.h - how much is left of what an org allows within 24 hours: API calls, and batches of Bulk API; and how much storage
 * it has left (salesforce-api.md B6). Asking is an API call itself.
 */
#ifndef LONGSHORE_ORG_LIMITS_H
#define LONGSHORE_ORG_LIMITS_H

#include "core/org/org.h"

/* What the org did not tell is -1. */
struct limits {
	int64_t calls_left, calls_most;
	int64_t batches_left, batches_most; /* of 10,000 records, both Bulk APIs together */
	int64_t data_mb_left, data_mb_most; /* storage for records */
	int64_t file_mb_left, file_mb_most; /* storage for files */
};

#define LIMITS_UNKNOWN ((struct limits){ -1, -1, -1, -1, -1, -1, -1, -1 })

/* From the answer's text; everything is unknown if it is no such answer. */
void limits_read(struct limits *limits, struct slice json);

/* Waits for it. ERR_REFUSED, ERR_UNREACHABLE. */
enum err_code limits_get(struct org *org, struct limits *limits, struct err *e);

/* Starts the request; `done` is called once from http_turn(), its limits are NULL unless verdict is VERDICT_DONE. */
typedef void limits_done(void *ctx, const struct answer *answer, const struct limits *limits);
enum err_code limits_ask(struct org *org, limits_done *done, void *ctx, struct err *e);

#endif
