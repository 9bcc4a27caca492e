/*
 * undo_file.h - what an undo would do, as a file of JSON lines in the state folder: the source of its run.
 *
 * First the records that were updated: their ids, their old values, and what the run wrote (guard.h). Then, from `delete_from`
 * on, those that were created, by their ids alone. Each names its record in the undone run. All that was written is there:
 * what cannot be undone says why. Where several records of the run changed the same one in the org, the first one's old
 * values and the last one's new ones count.
 */
#ifndef LONGSHORE_ENGINE_UNDO_FILE_H
#define LONGSHORE_ENGINE_UNDO_FILE_H

#include <stdio.h>

#include "base/paths.h"
#include "core/org/describe.h"
#include "store/runs.h"

struct undo_file {
	char path[PATH_ROOM]; /* "" until it is there */
	bool was_there;       /* before: an earlier undo of the same content needs it */
	int64_t updated;      /* records whose old values it holds */
	int64_t created;      /* ids that it deletes */
	int64_t not_kept, unknown;
	int64_t delete_from; /* 0: nothing is deleted, or nothing else is done */
	size_t fields;       /* whose old values it holds, in some record */
};

/* Writes it, synced, under a name made of its content. `object` is the run's. ERR_FILE, ERR_JOURNAL. */
enum err_code undo_file_write(struct undo_file *file, struct journal *j, const struct run *run,
                              const struct object *object, struct err *e);

/* For undo_part.h. The field of the object that is written by this name: for "Account.Ext__c" it is AccountId. */
const char *undo_file_field(const struct object *object, const char *wrote);

/* For undo_part.h: what was written to the file `part` goes under a name made of its content, synced. ERR_FILE. */
enum err_code undo_file_settle(struct undo_file *file, FILE *to, const char *part, const char *folder,
                               int64_t run, struct err *e);

#endif
