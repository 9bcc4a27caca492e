/*
 * cursor.h - the rows a query found, handed out in pages. A page is made when it is asked for, of what is true then.
 * Callers hold the org's turn.
 */
#ifndef LONGSHORE_PRACTICE_CURSOR_H
#define LONGSHORE_PRACTICE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "practice/json_out.h"
#include "practice/org.h"
#include "practice/query_children.h"
#include "practice/soql.h"

struct cursor {
	uint32_t number; /* 0 until it is kept */
	struct query *query;
	uint32_t *rows;
	size_t count;                 /* of rows */
	struct query_links *children; /* for each of the query's */
	size_t page;                  /* rows a page */
	int64_t opened;               /* ms: it is kept for two days (salesforce-api.md F) */
};

/* The cursors that still have pages, the newest last; the oldest of too many is forgotten. */
struct cursors {
	struct cursor **all;
	size_t count;
	uint32_t numbers;
};

void cursors_init(struct cursors *c);
void cursors_release(struct cursors *c);

/* Runs the query, which becomes the cursor's; NULL without memory. */
struct cursor *cursor_open(struct org *org, struct query *q, size_t page);
void cursor_free(struct cursor *c);

/* Keeps it for later pages. */
void cursors_keep(struct cursors *all, struct cursor *c);
/* The one that a locator names as its owner; NULL if it is not kept (any more). */
struct cursor *cursors_find(const struct cursors *all, struct slice owner, int64_t now);

/* The parts of a locator, "OWNER-FROM"; *owner points into it. False: it does not read like that. */
bool locator_read(const char *locator, struct slice *owner, size_t *from);

/* Writes Salesforce's query answer with the rows from `from` on. */
void cursor_write(const struct cursor *c, const struct org *org, size_t from, int version, struct json_out *o);

enum { CURSOR_NUMBER = 80, CURSOR_NUMBER_CELL = 64 };

/* A number as it stands in a cell, as Salesforce spells it: without "+", ".5", "5." or zeros in front; only whole fields
 * have no fraction (seen in recorded rows: 23.0). In `to`, or the cell's own text. */
struct slice cursor_number(const struct field *f, struct slice cell, char to[CURSOR_NUMBER]);

/* Writes one row with these fields and its Id, with all of them if `fields` is NULL. */
void cursor_write_row(const struct table *t, uint32_t row, int version, const struct field *const *fields,
                      size_t count, struct json_out *o);

#endif
