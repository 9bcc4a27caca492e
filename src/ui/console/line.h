/* line.h - one line of text being typed: its bytes (UTF-8) and where the next character goes. */
#ifndef LONGSHORE_CONSOLE_LINE_H
#define LONGSHORE_CONSOLE_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "ui/console/grid.h"
#include "ui/console/keys.h"

enum { LINE_ROOM = 4096 };

struct line {
	char text[LINE_ROOM]; /* NUL-terminated */
	size_t len, at;
};

void line_clear(struct line *line);
void line_set(struct line *line, const char *text); /* the cursor behind it */

/* Letters type; ← → Home End Ctrl-A Ctrl-E move; Backspace, Delete, Ctrl-W, Ctrl-K erase. True if the key was one of these. */
bool line_key(struct line *line, struct key key);

/* Types a whole text (a paste): its control characters are left out. */
void line_insert(struct line *line, struct slice text);

/* Draws it into `width` columns with the cursor in view, and puts the hardware cursor there. */
void line_view(const struct line *line, struct grid *grid, int row, int column, int width);

/* The same for a secret: so many stars. */
void line_view_secret(const struct line *line, struct grid *grid, int row, int column, int width);

/* Is it a text for one line: without control characters, and with room for it? */
bool line_fits(struct slice text);

#endif
