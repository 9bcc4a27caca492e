/*
 * orders.h - what the console or a command wants of a run's engine: rows, written by one and carried out by the other.
 *
 * An order belongs to one engine's tenure: a new engine drops pauses and cancels that were given to an older one. A retry
 * (retries.h) is for whichever engine comes. Each is marked done, or refused with why, once.
 */
#ifndef LONGSHORE_STORE_ORDERS_H
#define LONGSHORE_STORE_ORDERS_H

#include <stdint.h>

#include "store/journal.h"

/* clang-format off */
#define ORDERS(X)                                                               \
	X(PAUSE, "pause")          /* start nothing new, let jobs finish */     \
	X(PAUSE_NOW, "pause_now")  /* abort the jobs, count what they wrote */  \
	X(CANCEL, "cancel")        /* the same, and the run ends */            \
	X(RETRY, "retry")          /* failed and skipped records once more */
/* clang-format on */

enum order_kind {
#define X(name, text) ORDER_##name,
	ORDERS(X)
#undef X
};

enum { ORDER_BY = 64 };

struct order {
	int64_t id;
	enum order_kind kind;
	char by[ORDER_BY]; /* user of the machine */
	int64_t created_ms;
	char answer[256]; /* "" while open; "done", or why it was refused */
};

/* Who gives an order, or edits: this process's user of the machine. */
void order_who(char *to, size_t size);

/* Gives the order's id. A retry is given by retry_order(). */
enum err_code order_add(struct journal *j, int64_t run, enum order_kind kind, int64_t *id, struct err *e);

/* An engine takes over: open pauses and cancels of before are refused ("the engine they were given to has gone"). */
enum err_code order_tenure(struct journal *j, int64_t run, struct err *e);

/* The oldest open order; *found false if there is none. */
enum err_code order_next(struct journal *j, int64_t run, struct order *order, bool *found, struct err *e);
enum err_code order_answer(struct journal *j, int64_t order, const char *answer, struct err *e);
enum err_code order_get(struct journal *j, int64_t id, struct order *order, struct err *e);

#endif
