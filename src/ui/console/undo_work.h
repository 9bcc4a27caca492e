/*
 * undo_work.h - a run taken back, from the background: first a look that writes nothing, then, after the number was typed, the
 * undo as a run with an engine of its own.
 */
#ifndef LONGSHORE_CONSOLE_UNDO_WORK_H
#define LONGSHORE_CONSOLE_UNDO_WORK_H

#include <stdatomic.h>

#include "core/engine/undo.h"

/* A run that was looked at, with what was signed in with. It must not move: parts of it point into it. */
struct undo_look {
	struct undo undo;
	char config[4096], org[48]; /* "": as the run was begun */
};

/* Looks at the run and asks the org, until `stop`. *look is the caller's to free, NULL after an error: those of undo_open(). */
enum err_code undo_look(struct undo_look **look, struct journal *j, int64_t run,
                        const struct access_choice *choice, atomic_bool *stop, struct err *e);
void undo_look_free(struct undo_look *look); /* NULL is allowed */

/* Makes the undo's run and starts its engine. *run is set as soon as it is in the journal, also where no engine starts. */
enum err_code undo_begin(struct undo_look *look, struct journal *j, int64_t *run, struct err *e);

#endif
