/*
 * convert.h - one cell becomes the text that Bulk API 2.0 wants for a field, or a finding.
 *
 * A converter is made once per column of the payload; converting allocates nothing. The result lies in the cell itself,
 * in static text, or in the converter until its next use. Blank cells and "#N/A" are the caller's: they never come here.
 */
#ifndef LONGSHORE_PLAN_CONVERT_H
#define LONGSHORE_PLAN_CONVERT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/when.h"
#include "base/zone.h"
#include "core/plan/mapping.h"
#include "core/plan/plan.h"

/* What there is to say of a record besides its cells: set by those, the caller's to reset. */
struct convert_notes {
	bool short_of; /* no memory for a text */
	bool clears;   /* a cell clears its field */
	bool twice;    /* a local time comes twice: the first one was taken */
};

struct converter;

/* Converts a cell; false and a finding if it is no value of the field. */
typedef bool converter_run(struct converter *c, struct slice cell, struct slice *to, struct plan_finding *f);

struct converter {
	converter_run *run;
	const struct field *field;      /* whose type, length and values count: a lookup's is the far one */
	const struct field *reference;  /* of the object: a lookup's reference field, else `field` */
	const char *name;               /* in findings */
	const char *prefix;             /* of ids, "" if not known */
	const struct cell_rules *rules; /* never NULL */
	const struct zone *zone;        /* of date-times without one, or NULL */
	size_t most;                    /* bytes that fit whatever characters they are */
	bool copies;                    /* most cells are sent as they stand: convert_is_copied() */
	bool exact;                     /* blanks around belong to the value */
	bool plain;                     /* the cell holds no line break; the caller's to say before each */
	struct slice *values;           /* hash table of the active values of a restricted picklist */
	size_t value_mask;
	struct rules_table table; /* for each value of several in one cell */
	char small[WHEN_TEXT];    /* a date or a time */
	struct buf scratch;       /* any other text that is written anew */
	struct convert_notes *notes;
};

/* `key`: the key of an upsert, whose blanks around do not count; `zone` (or NULL) and notes outlive it. False without memory.
 * convert_release() ends it. */
bool convert_init(struct converter *c, const struct mapped *to, bool key, const struct zone *zone,
                  struct convert_notes *notes, struct arena *a);
void convert_release(struct converter *c);

/* A cell that Excel has made an error or a shortened number of begins with '#' or with a digit and a point. */
static inline bool convert_may_be_damaged(struct slice cell)
{
	return cell.at[0] == '#' || (cell.len > 1 && (cell.at[1] == '.' || cell.at[1] == ','));
}

/* Is all of a text sent as it stands, where it holds no line break? The answer to most cells of most files, before anything is called. */
static inline bool convert_is_copied(const struct converter *c, struct slice cell)
{
	return cell.len <= c->most && !convert_may_be_damaged(cell);
}

/* Fills a finding: `shared` for all records of its group, then ": " and the value (cut) if one is given. */
bool convert_finding(struct plan_finding *f, enum rule rule, const char *field, const char *shared,
                     struct slice value);

#endif
