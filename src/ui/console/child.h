/* child.h - this program again as a process of its own, for what a command of it does already. */
#ifndef LONGSHORE_CONSOLE_CHILD_H
#define LONGSHORE_CONSOLE_CHILD_H

#include <stdatomic.h>
#include <stddef.h>

#include "base/err.h"

/* Runs it with `args` (NULL behind the last), without a terminal, until it ends; *stop ends it with SIGTERM. Its last line
 * on standard error goes to `said`. ERR_STOPPED if it was stopped, else with that line as the reason where it failed. */
enum err_code child_run(const char *const *args, atomic_bool *stop, char *said, size_t size, struct err *e);

#endif
