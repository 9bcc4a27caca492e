/*
 * column.h - one column of the payload: where its cell comes from, what of it is read, and what is sent for it.
 * Private to plan.c. A column is made once; converting a cell allocates nothing but what a joined, padded or rewritten text needs.
 */
#ifndef LONGSHORE_PLAN_COLUMN_H
#define LONGSHORE_PLAN_COLUMN_H

#include "core/plan/convert.h"

struct column {
	struct converter convert;
	int source; /* position in the record, or -1 */
	const struct mapped *mapped;
	const struct constant_facts *facts;
	const struct cell_rules *rules; /* NULL: none for its cells */
	struct rules_table table;
	bool as_is; /* the cell is read as it stands in the file: no constant, nothing joined, no rules */
	struct slice constant;
	bool varies;       /* the constant, from record to record */
	struct buf built;  /* of several columns, or a constant's text for one record */
	struct buf padded; /* with zeros in front */
	bool required;     /* a blank is a finding */
	bool key;          /* likewise, with its own words */
	bool nothing;      /* nothing is there to be cleared: null is blank */
	bool lasting;      /* cannot be cleared */
	bool lookup;       /* the key of another record stands for its id */
};

/* Column `i` of the plan, whose object, action, key and mapping are set. `zone` (or NULL) and `notes` outlive it. False without memory; column_release() ends it in either case. */
bool column_init(struct column *c, const struct plan *plan, size_t i, const struct zone *zone,
                 struct convert_notes *notes, struct arena *a);
void column_release(struct column *c);

/* Cells that begin with a blank, a '#' or a byte beyond ASCII need a look: they may be blank, null, or "#N/A". */
static inline bool column_looks_odd(struct slice cell)
{
	unsigned char first = cell.len ? (unsigned char)cell.at[0] : 0;

	return first <= ' ' || first == '#' || first >= 0xc2;
}

/* The text to send for its cell of a record; empty: the field is left alone. False and a finding if there is none. The text lies in the
 * record, in static text, or in the column until its next use. Most cells need no more than their converter; column_convert_any() knows
 * all others. */
bool column_convert_any(struct column *c, const struct record *record, struct slice *to,
                        struct plan_finding *f);
static inline bool column_convert(struct column *c, const struct record *record, struct slice *to,
                                  struct plan_finding *f)
{
	struct slice cell;

	if (!c->as_is || column_looks_odd(record->cells[c->source]))
		return column_convert_any(c, record, to, f);
	cell = record->cells[c->source];
	if (c->convert.copies && record->plain && convert_is_copied(&c->convert, cell)) {
		*to = cell;
		return true;
	}
	c->convert.plain = record->plain;
	return c->convert.run(&c->convert, cell, to, f);
}

#endif
