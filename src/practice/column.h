/*
 * column.h - what the header of an upload means: each name becomes a field, or a reference by a key of the far object.
 * The sentences are those of salesforce-api.md C8.
 */
#ifndef LONGSHORE_PRACTICE_COLUMN_H
#define LONGSHORE_PRACTICE_COLUMN_H

#include <stdbool.h>

#include "base/buf.h"
#include "practice/job.h"
#include "practice/org.h"

struct column {
	const struct field *field; /* for a reference by key: the reference field */
	struct table *far;         /* ... and where it leads, else NULL */
	const struct field *far_key;
	bool exact; /* written as the describe spells it: other columns come back blank in results */
};

/* Reads one name for the job's object and operation; false with the job's message. */
bool column_read(struct column *c, struct slice name, const struct job *job, const struct org *org,
                 struct buf *message);

#endif
