/*
 * order_wait.h - what the commands that give an order have in common: waiting for the engine's answer, and the run as it
 * stands afterwards.
 */
#ifndef LONGSHORE_COMMAND_ORDER_WAIT_H
#define LONGSHORE_COMMAND_ORDER_WAIT_H

#include "ui/command/call.h"

/* Waits for the engine's answer to an order. ERR_OK: it was carried out, or, with *gone, nobody holds the run any more and the
 * order is open. ERR_USAGE with why it was refused; ERR_STOPPED when it was not taken in time (10 s), or a signal came. */
enum err_code order_wait(const struct call *call, int64_t run, int64_t order, bool *gone, struct err *e);

/* The run's last line on standard error, with --json the run on standard output. Returns the exit status, 0. */
int order_say_state(const struct call *call, int64_t run);

#endif
