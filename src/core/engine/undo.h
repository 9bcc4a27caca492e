/*
 * undo.h - a run is taken back by a run of its own: what it created is deleted, what it updated gets its old values back.
 *
 * undo_open() looks at the journal and asks the org, and fills the counts that a dialog (or --check) tells; nothing is written.
 * undo_create() puts the undo into the journal as a run of state CHECKED, which detach_engine() or engine_run() starts like
 * any other; resume, retry, pause, cancel and export work on it. Before each chunk is sent, the org is asked once more, and
 * what has changed since is left out (guard.h). Records keep their order: updated ones by their ids, then created ones.
 *
 * For the console: undo_open() on a thread of its own with its own journal handle (it takes a call for each 200 records),
 * the dialog with undo_describe() and undo_will() as the number to type, then undo_create() and detach_engine().
 */
#ifndef LONGSHORE_ENGINE_UNDO_H
#define LONGSHORE_ENGINE_UNDO_H

#include "core/engine/load.h"
#include "core/engine/undo_file.h"

struct undo_counts {
	int64_t created, updated;      /* of the run; updated ones with their old values */
	int64_t deletable, restorable; /* of these, as the org has them now */
	int64_t in_part; /* of the restorable: some of their fields have changed since, and stay */
	int64_t created_changed, updated_changed, created_gone,
		updated_gone; /* left alone: changed since, or not there */
	int64_t created_children; /* left alone: they have new children, which a delete would take along, or which forbid it */
	int64_t unfit;                                /* updated ones whose old values the check refuses now */
	int64_t not_kept, unknown, deleted, in_doubt; /* of the run: cannot be undone */
	size_t fields;                                /* whose old values are put back */
	int64_t calls;                                /* it will take, about */
	int64_t calls_left;                           /* today; -1 where the org did not say */
};

struct undo {
	struct run run; /* that is undone */
	struct load load;
	struct undo_file file;
	struct undo_counts counts;
	bool created; /* its run is in the journal: the file stays, as one that was there before does */
};

/* Called before each question to the org; returning false stops (ERR_STOPPED). May be NULL. */
typedef bool undo_progress(void *ctx, int64_t done, int64_t records);

/* `choice`: what to sign in with; NULL, or both in it NULL: what the run was made with. ERR_USAGE with one sentence where nothing can
 * be undone, what can be done instead, where the run is at work, has results in the org, or is being undone already; what signing in and
 * asking can give. undo_release() in every case. */
enum err_code undo_open(struct undo *u, struct journal *j, int64_t run, const struct access_choice *choice,
                        undo_progress *progress, void *ctx, struct err *e);
void undo_release(struct undo *u);

/* How many records it will change: the number that is typed. */
int64_t undo_will(const struct undo *u);

/* What will happen, in numbers: what cannot be undone first; lines, each with its end; added to b. */
void undo_describe(const struct undo *u, struct buf *b);

/* The undo as a run. What the undone run had not sent yet stays unsent: a paused or interrupted one is cancelled. ERR_USAGE if nothing would be
 * changed. */
enum err_code undo_create(struct undo *u, struct journal *j, struct run *run, struct err *e);

#endif
