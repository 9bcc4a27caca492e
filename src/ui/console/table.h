/*
 * table.h - a list with a cursor: moving, scrolling, and narrowing it while typing.
 *
 * It holds numbers only; the screen owns the entries and draws them. `shown` maps the list's places to the entries that
 * fit the filter.
 */
#ifndef LONGSHORE_CONSOLE_TABLE_H
#define LONGSHORE_CONSOLE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/console/fuzzy.h"
#include "ui/console/keys.h"
#include "ui/console/line.h"

struct table {
	size_t count, cursor, top;
	struct line filter;
	bool narrowing; /* the filter is being typed */
	bool sentences; /* the filter stands in an entry as it is, and the order stays; else letters in order, best first */
	size_t *shown; /* owned; NULL: every entry, in its order */
};

void table_init(struct table *table); /* no allocation */
void table_release(struct table *table);

/* j k arrows, g G Home End, Ctrl-D Ctrl-U PgUp PgDn. True if the key was one of these. */
bool table_move(struct table *table, struct key key, int page);

/* Moves by arrows and pages only: where letters type. */
bool table_arrows(struct table *table, struct key key, int page);

/* There are `count` entries now: takes those that fit the filter. */
void table_narrow(struct table *table, size_t count, fuzzy_text *text, const void *ctx);

/* A key while the filter is typed: letters type, Enter keeps it, Esc clears it. True if the filter changed. */
bool table_filter_key(struct table *table, struct key key, int page);

/* Scrolls so that the cursor is among the `page` rows shown. */
void table_scroll(struct table *table, int page);

/* The entry at a place of the list, or under the cursor; (size_t)-1 if there is none. */
size_t table_entry(const struct table *table, size_t place);
size_t table_focus(const struct table *table);

/* Puts the cursor on an entry, if it is shown. */
void table_seek(struct table *table, size_t entry);

/* Draws the filter of a list in which letters type, always, and at its right how many of `one` ("field") there are; NULL: not yet
 * known. */
void table_typed_view(const struct table *table, struct grid *grid, int row, const char *one);

/* Draws "/ filter" while it is typed or kept. False if there is nothing to draw. */
bool table_filter_view(const struct table *table, struct grid *grid, int row);

#endif
