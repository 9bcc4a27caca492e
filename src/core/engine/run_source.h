/*
 * run_source.h - the source of a run: the file it began with, the same bytes wherever they lie now, or, where that is gone,
 * what the journal kept of its records.
 */
#ifndef LONGSHORE_ENGINE_RUN_SOURCE_H
#define LONGSHORE_ENGINE_RUN_SOURCE_H

#include "core/source/source.h"
#include "store/runs.h"

/* Is `path` what the run began with? ERR_FILE with the next step if not; *gone: since there is no such file (may be NULL). */
enum err_code run_source_same(const struct run *run, const char *path, bool *gone, struct err *e);

/* Whose texts they are; it must outlive the sources that read them. */
struct run_kept {
	struct journal *j;
	int64_t run;
};

/* The records that were not written, as far as their text was kept (source_open_kept()). ERR_FILE where the journal knows no
 * header for them: a run of an older Longshore, or of a file that is no CSV. */
enum err_code run_source_kept(struct source **source, struct run_kept *kept, struct journal *j,
                              const struct run *run, struct err *e);

/* One or the other; `file`: it has moved there, NULL: where the run says. */
enum err_code run_source_open(struct source **source, struct run_kept *kept, struct journal *j,
                              const struct run *run, const char *file, struct err *e);

#endif
