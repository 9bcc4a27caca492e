/*
 * lines.h - the lines of a text, each with the place of its first byte. A line has at most 16 MB; a longer one is told as that, its
 * bytes are forgotten as they come. The marks that a text may begin with are no part of its first line.
 */
#ifndef LONGSHORE_SOURCE_LINES_H
#define LONGSHORE_SOURCE_LINES_H

#include "core/source/plain.h"

struct line {
	struct slice
		text; /* without its line break; `at` is NULL when it is too long. Valid until the next call */
	int64_t at;
};

struct lines {
	struct plain *text; /* the caller's */
	struct slice piece; /* not given yet */
	struct buf begun;   /* a line whose end is in a later piece */
	int64_t next;       /* place of the first byte that was not given */
	bool ended;
};

void lines_init(struct lines *l, struct plain *text); /* no allocation */
void lines_release(struct lines *l);

/* The next line, *more = false behind the last one; that one needs no line break. ERR_FILE as plain_next(). */
enum err_code lines_next(struct lines *l, struct line *line, bool *more, struct err *e);

#endif
