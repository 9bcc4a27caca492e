/*
 * json_rows.h - JSON becomes rows: each object is a record, each of its names a column.
 *
 * An object within a record is a lookup: {"Account": {"Ext__c": "A-1"}} is the column Account.Ext__c. A list within a record is
 * its own text as JSON. Numbers keep the text they have, true and false are those words, null clears the field, a name that
 * is not there leaves it alone. What nests deeper than 64 is refused, and a value of more than 16 MB.
 */
#ifndef LONGSHORE_SOURCE_JSON_ROWS_H
#define LONGSHORE_SOURCE_JSON_ROWS_H

#include "core/source/plain.h"
#include "core/source/rows.h"

/* One object a line (JSON Lines). A line that is none is a faulty record. `most`: records that are wanted, 0 for all. ERR_FILE
 * as plain_next() and rows_end(). */
enum err_code json_rows_lines(struct rows *rows, struct plain *text, int64_t most, struct err *e);

/* A list of objects, or objects one behind the other. An element that is no object is a faulty record; where the JSON itself
 * breaks or ends early nothing behind it can be trusted: ERR_FILE with record and byte. `path` is for sentences. */
enum err_code json_rows_list(struct rows *rows, struct plain *text, const char *path, int64_t most,
                             struct err *e);

#endif
