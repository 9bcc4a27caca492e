/* feed_records.h - windows over the records of a group or state, by keyset in both directions; and one with its source. */
#ifndef LONGSHORE_CONSOLE_FEED_RECORDS_H
#define LONGSHORE_CONSOLE_FEED_RECORDS_H

#include "ui/console/model.h"

/* Reads what `want` asks for, and clears it; the cursor stays on its record or goes where was asked. -1 with e set. */
int feed_records(struct journal *j, struct records_screen *records, struct err *e);

/* Goes on looking for what records->find wants, for a few milliseconds; what is found comes under the cursor. */
void feed_find(struct journal *j, struct model *model);

/* Fills the record screen: outcome, kept source text, names of the file's columns where the file is still there. */
void feed_record(struct journal *j, struct model *model);

#endif
