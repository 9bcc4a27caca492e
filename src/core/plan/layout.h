/*
 * layout.h - the columns of a payload, and the fingerprint by which a result finds its record again.
 *
 * Bulk API 2.0 returns results in no fixed order and without row numbers, echoing the columns that were sent, perhaps
 * normalised, perhaps without the relationship columns (salesforce-api.md C6). So a record is known by two hashes of what
 * was sent: its key, and its plain cells with each value normalised by its field's type. The layout is kept with the run
 * as text, so that results can be matched without file, mapping or describe.
 */
#ifndef LONGSHORE_PLAN_LAYOUT_H
#define LONGSHORE_PLAN_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "core/org/describe.h"

struct layout_column {
	const char *name; /* as in the payload's header */
	enum field_type type;
	bool relation;       /* Relationship.Field: may not be echoed, so it is not part of `row` */
	bool case_sensitive; /* of a key */
	bool required;       /* by the describe */
	int length;          /* characters at most, 0: the type has none */
	int column; /* of the source, the first one where several are joined; -1: a constant, or a run of a Longshore that did not say */
};

struct layout {
	struct layout_column *columns;
	size_t count;
	int key; /* position of the column whose value is unique in the org (Id, or unique in the describe), or -1 */
	struct arena arena;
};

/* 16 bytes, stored per record with its chunk. */
struct fingerprint {
	uint64_t key; /* 0: no key column, or no value in it */
	uint64_t row;
	bool short_of; /* no memory: neither is right. Not stored */
};

/* As text, a line a column; read again by layout_read(). */
void layout_write(const struct layout *layout, struct buf *b);
enum err_code layout_read(struct layout *layout, struct slice text,
                          struct err *e); /* layout_release() ends it */
void layout_release(struct layout *layout);

/* `cells` in the layout's order: what was sent, or what a result echoed. */
struct fingerprint layout_fingerprint(const struct layout *layout, const struct slice *cells);

/* Hash of a value as a key of its column: the same for equal values however they are written; `first` is 0 if there is none. */
struct hash_pair layout_key_hash(const struct layout *layout, size_t column, struct slice cell, uint64_t seed);

/* The one text that equal values of a type share: numbers by value, booleans true/false, date-times by instant, text
 * without blanks around and with CRLF as LF, "#N/A" as nothing. Added to b. */
void layout_normalise(enum field_type type, struct slice cell, struct buf *b);

/* Do two texts say the same value of a type? The org may spell one in its own way. Takes no memory. */
bool layout_same_value(enum field_type type, struct slice a, struct slice b);

#endif
