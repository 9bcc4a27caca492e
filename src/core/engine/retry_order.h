/*
 * retry_order.h - an order to retry: given, and seen to an engine.
 *
 * An engine that holds the run carries it out within 2 s. Where none does, one is started that only does that: it begins
 * nothing that was not begun, and leaves the run as it was found if it has more records. Whoever gave the order reads its
 * answer (order_get()): "" as long as it is open, "done", or why it was refused.
 */
#ifndef LONGSHORE_ENGINE_RETRY_ORDER_H
#define LONGSHORE_ENGINE_RETRY_ORDER_H

#include "core/engine/access.h"
#include "store/retries.h"

/* Gives the order and, if nobody holds the run, starts an engine in a process of its own (detach.h). `choice` as
 * there. ERR_USAGE for a run that has not begun, or a wish that is none; what detach_retry() says. The order is answered
 * then: it is not carried out later. */
enum err_code retry_start(struct journal *j, int64_t run, const struct retry_wish *wish,
                          const struct access_choice *choice, int64_t *order, struct err *e);

/* An order that no engine could take, since `why`: refused, unless it has its answer already. */
void retry_drop(struct journal *j, int64_t order, const char *why);

#endif
