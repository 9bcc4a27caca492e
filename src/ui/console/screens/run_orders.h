/* run_orders.h - pause, go on and cancel, as Runs and Run ask about them: each opens a dialog first. */
#ifndef LONGSHORE_CONSOLE_RUN_ORDERS_H
#define LONGSHORE_CONSOLE_RUN_ORDERS_H

#include "ui/console/model.h"

/* "go on" where p would, else NULL. */
const char *orders_label(const struct run_line *line, enum verb verb);

/* Why PAUSE, CANCEL or UNDO is not possible for it, or NULL. */
const char *orders_refuse(const struct run_line *line, enum verb verb);

/* Asks; for an interrupted run it first shows what is known of it (go_on.h), unless that is shown already. */
void orders_ask(struct model *model, enum verb verb, const struct run_line *line);
void orders_answered(struct model *model, enum verb verb, int64_t run, int answer);

/* An engine works on it, or will by itself. */
bool run_is_live(enum run_state now);

#endif
