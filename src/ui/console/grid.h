/*
 * grid.h - a screen as cells in memory: what the screens draw on and the terminal paints.
 *
 * Whatever text is put here passes text_show() first, so no control, bidi or zero-width character of a file or an org
 * gets through. Text is cut to its width with "…"; writing outside the grid is cut off without harm.
 */
#ifndef LONGSHORE_CONSOLE_GRID_H
#define LONGSHORE_CONSOLE_GRID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "ui/console/theme.h"

struct cell {
	int32_t text[3]; /* a code point and up to two combining ones, 0 for none */
	uint8_t width;   /* 1 or 2 columns; 0: the right half of the wide one before */
	uint8_t style;   /* enum style */
	bool focus;      /* of the row under the cursor */
};

struct grid {
	int rows, columns;
	bool ascii;
	struct cell *cells;
	int cursor_row, cursor_column; /* where the hardware cursor stands */
	bool cursor_typing;            /* in a line of text: it is shown */
};

enum err_code grid_init(struct grid *grid, int rows, int columns, bool ascii, struct err *e);
void grid_release(struct grid *grid);
void grid_clear(struct grid *grid); /* blanks, and the cursor at the bottom right */

/* Where a text that is too long gives way: messages at the end, names in the middle, paths at the start. */
enum give { GIVE_END, GIVE_MIDDLE, GIVE_START };

/* Puts a text into `width` columns at (row, column); the rest of them stays as it is. Returns the columns it took. */
int grid_put(struct grid *grid, int row, int column, int width, struct slice text, enum give give,
             enum style style);
int grid_text(struct grid *grid, int row, int column, int width, const char *text, enum style style);

/* The same, ending at column + width. */
int grid_right(struct grid *grid, int row, int column, int width, const char *text, enum style style);

/* A formatted text, cut at the end. */
int grid_putf(struct grid *grid, int row, int column, int width, enum style style, const char *format, ...)
	__attribute__((format(printf, 6, 7)));

/* `width` cells of one sign. */
void grid_fill(struct grid *grid, int row, int column, int width, int32_t sign, enum style style);

/* Marks a span as the row under the cursor, and lets the hardware cursor stand at its beginning. */
void grid_focus(struct grid *grid, int row, int column, int width);

/* Columns a text takes when it is put. */
int grid_width(const struct grid *grid, struct slice text);

/* The grid as lines of text without blanks at their ends; and the letters of its styles (capital F where focused). */
void grid_dump(const struct grid *grid, struct buf *b);
void grid_dump_styles(const struct grid *grid, struct buf *b);

#endif
