/* undos.h - which runs undo which, and what of a run can be undone yet. An undo is a run of its own with undo_of set (runs.h). */
#ifndef LONGSHORE_STORE_UNDOS_H
#define LONGSHORE_STORE_UNDOS_H

#include <stdint.h>

#include "store/runs.h"

/* Records of a run that an undo could take back, as far as the journal knows: created, or updated with their old values kept,
 * less those that were taken back already. */
enum err_code undo_left(struct journal *j, const struct run *run, int64_t *left, struct err *e);

/* The newest undo of a run: *id 0 if there is none. *open: it is not over, so that it is to be gone on with. */
enum err_code undo_newest(struct journal *j, int64_t run, int64_t *id, bool *open, struct err *e);

/* Has the run records in the org whose outcome is not collected yet? */
enum err_code undo_must_settle(struct journal *j, int64_t run, bool *must, struct err *e);

#endif
