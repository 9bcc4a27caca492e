/*
 * org.h - the records of the practice org: one table an object, rows found by id and by key.
 *
 * Rows are never moved to another number: number n of a table is the record whose id ends in n. A row that is changed
 * is replaced, so a pointer to one, and slices into it, hold until the next call that writes to its table.
 * Nothing here checks a value: that is rules.h and write.h. Callers hold the org's turn (practice.h).
 */
#ifndef LONGSHORE_PRACTICE_ORG_H
#define LONGSHORE_PRACTICE_ORG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "practice/schema.h"
#include "practice/sf_id.h"

enum row_fate {
	ROW_LIVES,
	ROW_DELETED, /* in the recycle bin: queryAll sees it */
	ROW_PURGED,
};

struct row {
	int64_t created; /* ms since 1970, whole seconds: what Salesforce keeps */
	int64_t modified;
	uint32_t size; /* bytes of cells */
	uint8_t fate;
	unsigned char cells[]; /* field number (2), length (4), bytes; no cell: null */
};

struct table {
	const struct object *object;
	struct row **rows; /* rows[number - 1] */
	uint32_t count;
	uint32_t room;
	uint32_t live;
	struct key_index **keys; /* by field number; NULL where there is none */
	struct key_index *ids;   /* of stand-ins; NULL as long as there is none */
	struct undo_log *undo;   /* the org's */
};

/* Rows as they were before somebody wrote to them. */
struct undo_log {
	struct undo *all;
	size_t count, room;
	int depth; /* nested org_undo_begin(); 0: nothing is noted */
	bool gap;  /* something could not be noted, for want of memory */
};

struct org {
	const struct schema *schema;
	struct table *tables; /* by the object's number */
	struct undo_log *undo;
	bool rehearsal; /* it has the describes of a real org, but none of its records */
};

/* A value to be written: `null` clears the field. */
struct change {
	const struct field *field;
	struct slice text;
	bool null;
};

bool org_init(struct org *o, const struct schema *s, bool rehearsal); /* false without memory */
void org_release(struct org *o);

struct table *org_table(const struct org *o, const struct object *object);

/* The number of the new row; 0 without memory. Of several changes of one field the first counts. */
uint32_t org_insert(struct table *t, const struct change *changes, size_t count, int64_t now);
bool org_update(struct table *t, uint32_t number, const struct change *changes, size_t count, int64_t now);
void org_delete(struct table *t, uint32_t number, bool purge, int64_t now);

/* What is written from here to the matching org_undo_end() can be undone: to the place that org_undo_begin() returned, and
 * in parts, as these nest. org_undo_back() is false when memory did not suffice to undo all. */
size_t org_undo_begin(struct org *o);
bool org_undo_back(struct org *o, size_t place);
void org_undo_end(struct org *o);

/* Puts a row back as it was saved, under the next number; 0 without memory. */
uint32_t org_restore(struct table *t, const struct change *changes, size_t count, int64_t created,
                     int64_t modified, enum row_fate fate);

/* A row that stands for a record of the real org, in a rehearsal: all that is known of it is its id, which it keeps, or the
 * value of a key. Its number; 0 without memory. */
uint32_t org_stand_in(struct table *t, struct slice id, int64_t now);
uint32_t org_stand_in_by_key(struct table *t, const struct field *key, struct slice value, int64_t now);

/* The id of a row, and the number of the row (of any fate) that an id names: 0 if no row of this table can have it. */
void table_id(const struct table *t, uint32_t number, char to[SF_ID_ROOM]);
uint32_t table_number(struct table *t, struct slice id);

/* A row of any fate, or NULL if there never was one. */
const struct row *org_row(const struct table *t, uint32_t number);

/* The row's text for a field that is kept in cells; at == NULL: null. */
struct slice row_cell(const struct row *r, const struct field *f);

/* The text of any field, kept or made: ids, dates, names. Made texts are written into `made`, which must outlive the
 * slice. at == NULL: null. */
struct slice table_value(const struct table *t, uint32_t number, const struct field *f, struct buf *made);

/* Live rows whose field holds the value, at most `most` of them, into `numbers`; returns how many there are in all.
 * Case counts only where the describe says so. Builds an index at the first question about a field. */
size_t table_find(struct table *t, const struct field *f, struct slice value, uint32_t *numbers, size_t most);

/* The same among the record types of one object, whose names others may have too. */
size_t table_find_record_type(struct table *t, const struct field *f, struct slice value,
                              const struct object *of, uint32_t *number);

#endif
