/*
 * edit_file.h - an edited export of a run's records becomes edits (store/edits.h).
 *
 * Rows are told by their column longshore_record; the other columns of Longshore's are not looked at. A cell counts only if it
 * says something else than what the record would send now. What cannot be meant is refused with its name: a column that the
 * source has not, a record that the run has not, one that comes twice.
 */
#ifndef LONGSHORE_ENGINE_EDIT_FILE_H
#define LONGSHORE_ENGINE_EDIT_FILE_H

#include "base/arena.h"
#include "core/source/source.h"
#include "store/edits.h"
#include "store/runs.h"

struct edit_file {
	struct edit *edits; /* record by record */
	size_t count, room;
	struct buf records; /* the numbers of its rows, as base/ranges.h reads them */
	int64_t rows;
	struct arena texts;
};

/* `source` is the run's, without edits in it. ERR_FILE, ERR_USAGE. edit_file_release() in every case. */
enum err_code edit_file_read(struct edit_file *file, const char *path, struct source *source, struct journal *j,
                             const struct run *run, struct err *e);
void edit_file_release(struct edit_file *file);

#endif
