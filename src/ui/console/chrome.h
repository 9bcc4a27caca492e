/*
 * chrome.h - what every screen has around its content: the title line, the rule, the line of keys, notices.
 */
#ifndef LONGSHORE_CONSOLE_CHROME_H
#define LONGSHORE_CONSOLE_CHROME_H

#include <stdbool.h>

#include "ui/console/actions.h"
#include "ui/console/grid.h"

enum { CHROME_ROWS_MIN = 16, CHROME_COLUMNS_MIN = 60 };

/* An org as every header names it: its name in its colour, and PRODUCTION where it is one. */
struct org_badge {
	const char *name; /* NULL or "": none is known */
	bool production;
	enum style style; /* of the name: org_style() */
};

/* The org by itself, in at most `most` columns before column `end`, between two blanks; returns how many it took without these. */
int chrome_badge(struct grid *grid, int row, int end, int most, struct org_badge org);

/* The title line: where one is on the left, `right` on the right. */
void chrome_title(struct grid *grid, const char *left, const char *right);

/* The same with an org on the right, told in full: on a line of its own if there is no room. Returns the rows it took. */
int chrome_title_org(struct grid *grid, const char *left, struct org_badge org);

/* The same where the left ends in a message: it is cut at its end. */
int chrome_title_message(struct grid *grid, const char *left, struct org_badge org);

/* A step of New load: where one is, what is loaded, which step, and on the second line the org (and what is loaded, if
 * the first one has no room for it). */
int chrome_title_step(struct grid *grid, const char *where, const char *what, const char *step,
                      struct org_badge org);

/* Makes a text that somebody else wrote begin with a capital; returns it. */
char *chrome_sentence(char *text);

void chrome_rule(struct grid *grid, int row);

/* Breaks a text at blanks into at most `most` rows of `width` columns; the last one is cut. Returns how many rows it
 * takes; `grid` NULL only counts. */
int chrome_wrap(struct grid *grid, int row, int column, int width, int most, const char *text,
                enum style style);

/* One entry of the bottom line. */
struct chrome_key {
	const char *key;
	const char *label;
	bool dim; /* not possible now */
};

/* The bottom line: as many keys as fit, then those of `tail` always ("? keys", "q leave"); with `spare` its last one only
 * where all keys fit. */
void chrome_keys(struct grid *grid, const struct chrome_key *keys, int count, const struct chrome_key *tail,
                 int tails, bool spare);

/* A number that is too long for its column is told in thousands, millions, ...: it is never cut. Into `to`. */
enum { CHROME_COUNT = 32 };
const char *chrome_count(int64_t number, int width, char to[CHROME_COUNT]);

/* A number at the right end of its column: exact as long as it fits, with commas if they do, else told in thousands, ... */
void chrome_number(struct grid *grid, int row, int column, int width, int64_t number, enum style style);

/* A sentence above the keys, over whatever stands there. */
void chrome_notice(struct grid *grid, const char *text, enum style style);

#endif
