/*
 * row_source.h - the records of a source whose rows lie in a scratch file (rows.h). Private to this room.
 *
 * Every record has all columns, those that its row does not reach are empty. A column in which there is never more than null,
 * while others are named as parts of it ("Account" and "Account.Ext__c"), is no column: its null is that of its parts. Neither is one
 * without a name and a value.
 */
#ifndef LONGSHORE_SOURCE_ROW_SOURCE_H
#define LONGSHORE_SOURCE_ROW_SOURCE_H

#include "core/source/rows.h"
#include "core/source/source_own.h"

/* Takes the rows, flushed before, and names the columns. ERR_FILE if there is none. */
enum err_code row_source_take(struct source *s, struct rows *rows, struct err *e);

/* The same rows and columns for another reader. */
enum err_code row_source_again(struct source *s, const struct source *like, struct err *e);

/* The row that was cut becomes the record. ERR_INTERNAL without memory. */
enum err_code row_source_record(struct source *s, struct record *record, struct err *e);

#endif
