/* foreground.h - an engine in this process, with its progress on standard error and the run's end as the answer. */
#ifndef LONGSHORE_COMMAND_FOREGROUND_H
#define LONGSHORE_COMMAND_FOREGROUND_H

#include "ui/command/call.h"

/* Runs it until it ends, halts, is paused or stopped; says the last line and, with --json, the run. `file`: the source has
 * moved there, or NULL. --config of the call signs in, if given. Returns the exit status. signals_watch() comes before. */
int foreground_run(const struct call *call, int64_t run, const char *file);

/* The engine alone, without the end: what engine_run() gives. `retry`: it carries out orders to retry and no more. */
enum err_code foreground_engine(const struct call *call, int64_t run, const char *file, bool retry,
                                struct err *e);

#endif
