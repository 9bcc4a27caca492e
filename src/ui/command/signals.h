/*
 * signals.h - what a foreground command makes of signals: SIGINT and SIGTERM ask the engine to stop, the second at once;
 * SIGHUP ends the talking, not the load. Flags only: nothing is done in a handler.
 */
#ifndef LONGSHORE_COMMAND_SIGNALS_H
#define LONGSHORE_COMMAND_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/* From here on they set the flags. */
void signals_watch(void);

/* How often SIGINT or SIGTERM came, at most 2: what engine_options.stop takes. */
const volatile sig_atomic_t *signals_stop(void);

/* The terminal has gone: say nothing more. */
bool signals_hung_up(void);

/* While nothing has been sent, the second SIGINT or SIGTERM ends the process with exit status 5; while an engine runs it is
 * the engine's to obey, and the third does. */
void signals_engine_runs(bool runs);

#endif
