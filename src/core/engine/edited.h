/*
 * edited.h - the records of a source as they go to the org: with the cells that a person has edited (store/edits.h) in place of
 * the file's. An edit that cannot be read makes its record a faulty one: it is never sent as it was.
 */
#ifndef LONGSHORE_ENGINE_EDITED_H
#define LONGSHORE_ENGINE_EDITED_H

#include "base/arena.h"
#include "core/source/source.h"
#include "store/journal.h"

struct edited {
	struct journal *j;
	int64_t run;
	const struct source_shape *shape;
	struct slice *cells; /* of the record at hand */
	struct arena texts;
	bool any, failed;
};

/* From here on the source gives edited records; `edited` must outlive it. Nothing changes where it is in use already.
 * ERR_INTERNAL without memory. edited_release() comes after source_close(). */
enum err_code edited_use(struct edited *edited, struct source *source, struct journal *j, int64_t run,
                         struct err *e);
void edited_release(struct edited *edited); /* a zeroed one, too */

/* Adds the cells of the record that was read last as a line in the source's dialect, if edits changed it; else its raw
 * bytes. */
void edited_line(const struct edited *edited, const struct record *record, struct buf *b);

#endif
