/*
 * undo_part.h - the file of an undo (undo_file.h) written once more, where the org's answer says that some of its records can only be
 * put back in part: a field that somebody has changed since stays as it is, the others get their old values.
 *
 * The lines are read one by one into `kept`, and written in their order. One that is cut down loses the fields that were
 * changed, and names them in the column "longshore_left".
 */
#ifndef LONGSHORE_ENGINE_UNDO_PART_H
#define LONGSHORE_ENGINE_UNDO_PART_H

#include <stdio.h>

#include "core/engine/undo_file.h"

#define UNDO_LEFT "longshore_left"

struct undo_part {
	char path[PATH_ROOM]; /* of the new one; "" when there is none */
	FILE *from, *to;
	char *line;
	size_t room;
	struct buf kept; /* lines that were read and not written yet, with their ends */
};

/* Begins a new one beside a file that was written. ERR_FILE. undo_part_release() in every case: it removes the new one, unless that was
 * taken. */
enum err_code undo_part_begin(struct undo_part *part, const struct undo_file *file, const char *folder,
                              struct err *e);
void undo_part_release(struct undo_part *part);

/* Reads the next record's line. ERR_FILE. */
enum err_code undo_part_read(struct undo_part *part, struct err *e);

/* Writes lines. ERR_FILE. */
enum err_code undo_part_write(struct undo_part *part, struct slice lines, struct err *e);

/* The line without the fields named ("Phone", "Account.Ext__c": as the run wrote them), with its end, added to b. False, and nothing
 * added, if nothing is left to put back: no field that held something else before the run. Pure. */
bool undo_part_cut(struct slice line, const struct object *object, const char *const *changed, size_t count,
                   struct buf *b);

/* The new file takes the first one's place, synced, under a name of its own. ERR_FILE. */
enum err_code undo_part_take(struct undo_part *part, struct undo_file *file, const char *folder, int64_t run,
                             struct err *e);

#endif
