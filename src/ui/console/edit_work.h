/*
 * edit_work.h - edits in the background: how many records a change means, making it, taking it back, and the file that goes
 * through the operator's editor. Needs a journal of the thread's own.
 */
#ifndef LONGSHORE_CONSOLE_EDIT_WORK_H
#define LONGSHORE_CONSOLE_EDIT_WORK_H

#include <stdatomic.h>

#include "base/arena.h"
#include "core/source/source.h"
#include "store/edits.h"
#include "store/runs.h"
#include "ui/console/again.h"
#include "ui/console/edit.h"

/* One step of the operator's: cells of records, what they become and what they were. It can be taken back and done again. */
struct edit_step {
	int64_t run;
	struct edit *edits; /* owned; record by record */
	struct slice *before;
	size_t count, room;
	int64_t records; /* how many records they are of */
	bool known;      /* `before` is filled */
	struct arena texts;
};
void edit_step_free(struct edit_step *step);

/* The column that the wish's field is loaded from, into wish->column and ->name. ERR_USAGE: there is none, or several are joined. */
enum err_code edit_find_column(struct journal *j, const struct run *run, const struct source_shape *shape,
                               struct edit_wish *wish, struct err *e);

/* How many records of the wish's group each reach means. ERR_STOPPED. */
enum err_code edit_count(struct journal *j, const struct edit_wish *wish, atomic_bool *stop,
                         struct edit_found *found, struct err *e);

/* The step that the wish means; nothing is changed yet. The caller frees it. */
enum err_code edit_step_of(struct edit_step **step, struct journal *j, const struct edit_wish *wish,
                           struct err *e);

/* Does it, or takes it `back`: all of it or nothing. ERR_USAGE with the record that cannot be edited, and why. */
enum err_code edit_step_do(struct journal *j, struct edit_step *step, bool back, struct err *e);

/* Writes the records that `again` means, as they would go, to the file at `path`: number, then the fields that Salesforce named, then
 * the others and the reason. *count: how many. ERR_FILE. */
enum err_code edit_file_write(struct journal *j, const struct again *again, const char *path, int64_t *count,
                              struct err *e);

/* What was changed in it since. The caller frees it; it may hold nothing. */
enum err_code edit_step_of_file(struct edit_step **step, struct journal *j, int64_t run, const char *path,
                                struct err *e);

/* Leaves out what `again` means of the failed records. *count: how many. */
enum err_code edit_leave_out(struct journal *j, const struct again *again, const char *reason, int64_t *count,
                             struct err *e);

#endif
