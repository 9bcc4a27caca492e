/*
 * rules.h - how the cells of a column are read before they are converted: what stands for nothing, what for null, which text
 * for which, in which order a date is written. docs/mapping.md says it for people.
 *
 * The order: several columns are joined, blanks around are cut off (trim), the null mark clears, the table of values replaces, digits
 * get their zeros back (pad), then what is blank gets the default, or is left alone, or clears.
 */
#ifndef LONGSHORE_PLAN_RULES_H
#define LONGSHORE_PLAN_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/when.h"

/* Said or not, so that what is said of a column goes before what is said of all. */
enum said { SAID_NOTHING, SAID_YES, SAID_NO };
enum blank { BLANK_NOTHING_SAID, BLANK_LEAVE, BLANK_NULL };

struct replacement {
	struct slice from, to; /* to.at NULL: null */
};

struct cell_rules {
	struct slice null_mark; /* .at NULL: none was said */
	enum blank blank;
	struct slice fallback; /* for blank cells; .at NULL: none */
	enum when_order order;
	const char *zone; /* of date-times without one; NULL: they are findings */
	enum said trim;   /* blanks around belong to no text */
	enum said cut;    /* texts are cut to the field's length */
	int pad;          /* digits that are fewer get zeros in front, up to so many; 0: nothing was said */
	enum said decimal_comma;
	enum said excel_dates;  /* days since 1899-12-30 */
	struct slice *yes, *no; /* words besides those that every file may use */
	size_t yes_count, no_count;
	struct replacement *values; /* in the file's order */
	size_t value_count;
};

/* What is said of one column, and where nothing is, what is said of all. */
struct cell_rules rules_over(const struct cell_rules *column, const struct cell_rules *all);

/* Is anything said? */
bool rules_any(const struct cell_rules *rules);

/* A copy whose texts and lists lie in the arena. False without memory. */
bool rules_copy(struct cell_rules *to, const struct cell_rules *from, struct arena *a);

/* Says what stands for `from` (to.at NULL: null), in place of what was said of it. The list grows in the arena, the texts stay the
 * caller's. False without memory. */
bool rules_replace(struct cell_rules *rules, struct slice from, struct slice to, struct arena *a);

/* "ymd", "mdy", "dmy"; NULL for WHEN_ISO. */
const char *rules_order_name(enum when_order order);
bool rules_order_of(const char *name, enum when_order *order);

const char *rules_blank_name(enum blank blank); /* "leave", "null" */
bool rules_blank_of(const char *name, enum blank *blank);

/* A table of values, made ready: sorted, so that it may be long. False without memory. */
struct rules_table {
	struct replacement *sorted;
	size_t count;
};
bool rules_table_init(struct rules_table *table, const struct cell_rules *rules, struct arena *a);

/* What stands for the text in the table; NULL if it is not in it. Blanks around do not count. */
const struct replacement *rules_find(const struct rules_table *table, struct slice text);

/* What the cell is after null mark and table: false if it is null. Blanks around do not count for either. */
bool rules_apply(const struct cell_rules *rules, const struct rules_table *table, struct slice *cell);

enum { RULES_MOST_PAD = 40 };

/* The cell with the zeros in front that `pad` wants, in `b`; as it is where it is not all digits, or long enough. */
struct slice rules_pad(const struct cell_rules *rules, struct slice cell, struct buf *b);

/* What is said of all columns, for people: "\"-\" clears · dates day first · date-times of Europe/Berlin"; added to b. */
void rules_describe(const struct cell_rules *rules, struct buf *b);

#endif
