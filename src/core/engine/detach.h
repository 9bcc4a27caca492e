/* detach.h - an engine in a process of its own: it outlives the console, its terminal and its session. */
#ifndef LONGSHORE_ENGINE_DETACH_H
#define LONGSHORE_ENGINE_DETACH_H

#include <stdint.h>

#include "core/engine/access.h"
#include "store/journal.h"

/* Starts `longshore engine RUN` (this program again) in a session of its own, with no terminal, and returns when it holds
 * the run, or with the reason why it does not: ERR_HELD, ERR_UNREACHABLE, ERR_REFUSED ... `choice` is what to sign in with;
 * NULL: what the run was made with. The key of the saved orgs, if this process has it, goes through a pipe. */
enum err_code detach_engine(struct journal *j, int64_t run, const struct access_choice *choice, struct err *e);

/* The same for an engine that only carries out orders to retry (engine_options.retry). */
enum err_code detach_retry(struct journal *j, int64_t run, const struct access_choice *choice, struct err *e);

#endif
