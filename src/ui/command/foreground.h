/* foreground.h - an engine in this process, with its progress on standard error and the run's end as the answer. */
#ifndef LONGSHORE_COMMAND_FOREGROUND_H
#define LONGSHORE_COMMAND_FOREGROUND_H

#include "core/engine/access.h"
#include "ui/command/call.h"

/* Runs it until it ends, halts, is paused or stopped; says the last line and, with --json, the run. `file`: the source has
 * moved there, or NULL. --config of the call signs in, if given. Returns the exit status. signals_watch() comes before. */
int foreground_run(const struct call *call, int64_t run, const char *file);

/* What the engine of a run signs in with: the call's choice, else the run's own. The passphrase of the saved orgs is asked for
 * here, where it is wanted: an engine asks nobody. ERR_USAGE. The texts are the call's, and a copy's of the run. */
enum err_code foreground_choice(const struct call *call, int64_t id, struct access_choice *choice,
                                struct err *e);

/* The engine alone, without the end: what engine_run() gives. `retry`: it carries out orders to retry and no more. */
enum err_code foreground_engine(const struct call *call, int64_t run, const char *file, bool retry,
                                struct err *e);

#endif
