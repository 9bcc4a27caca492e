/*
 * singer.h - Singer messages (a JSON object a line) and the rows that their records become. Pure.
 *
 * A schema's properties are columns; one that is an object with properties of its own is a lookup, with a column for each of
 * those: Account.Ext__c. Properties that begin with _sdc_ are left out: a tap's own bookkeeping. A row is a line of CSV with
 * commas as FORMAT_ROWS reads it: null clears the field and stands as #N/A without quotes; what a record does not name is blank.
 * The message types and their members: the Singer specification, and the Meltano SDK's for BATCH.
 */
#ifndef LONGSHORE_SOURCE_SINGER_H
#define LONGSHORE_SOURCE_SINGER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "core/source/rows.h"

enum singer_type {
	SINGER_NOISE, /* no message at all: `why` says what is wrong with it */
	SINGER_CUT,   /* it begins like one and is none */
	SINGER_SCHEMA,
	SINGER_RECORD,
	SINGER_STATE,
	SINGER_ACTIVATE_VERSION,
	SINGER_BATCH,
	SINGER_OTHER, /* of a type that is not known */
};

struct singer_message {
	enum singer_type type;
	const char *stream; /* "" where the type has none */
	const char *why;    /* of SINGER_NOISE and SINGER_CUT: one clause */
	const char *name;   /* of SINGER_OTHER: the type */
	bool nul;           /* some text of it has a NUL (\u0000), behind which nothing of that text is known */
	void *tree;
};

/* Reads a line (the line break may be there or not). Texts live until singer_release(), which takes any message. What nests deeper
 * than 64 or has more than 200,000 values is none; neither is one with a NUL in a text, unless it is a RECORD. */
void singer_read(struct singer_message *message, struct slice line);
void singer_release(struct singer_message *message);

/* Columns of a SCHEMA into `columns`, allocated in `a`: their count, 0 for a schema without properties, -1 without memory or
 * for more than 5,000. */
int singer_columns(const struct singer_message *message, struct arena *a, struct slice **columns);

/* Is this line, the first of a file, a message of Singer by all that such a message has? Its type into *type. */
bool singer_begins(struct slice line, const char **type);

/* Puts the values of a RECORD into the record that was begun, as json_rows.h does; `place` is where a fault shows. */
void singer_put(const struct singer_message *message, struct rows *rows, int64_t place);

/* Adds the row of a RECORD, or of a line of a batch file (singer_read_plain()), with its line break; one with a NUL is a row with a
 * NUL byte, which no source takes for a record. A clause in *why and
 * false, with nothing added, where a record is no object or names what its schema does not. Columns that `days` says to be of days
 * (NULL: none) get the day that a date-time has as it is written, whatever its zone. */
bool singer_row(const struct singer_message *message, const struct slice *columns, const bool *days,
                size_t count, struct buf *row, const char **why);

/* A line of a batch file: the record alone, read as a RECORD. */
void singer_read_plain(struct singer_message *message, struct slice line);

/* Adds the value of a STATE as JSON in one line, without a line break. */
void singer_state(const struct singer_message *message, struct buf *b);

/* The file number `i` of a BATCH's manifest, or NULL behind the last one. A clause in *why where the batch is none that can be
 * read: other than JSON Lines, plain or gzip, in local files (file:///...). */
const char *singer_batch_file(const struct singer_message *message, size_t i, const char **why);

#endif
