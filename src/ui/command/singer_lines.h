/*
 * singer_lines.h - the lines of standard input as they come, and those of a batch file, plain or packed.
 * A line has 16 MB at most; a longer one is passed over and given as one that is none.
 */
#ifndef LONGSHORE_COMMAND_SINGER_LINES_H
#define LONGSHORE_COMMAND_SINGER_LINES_H

#include <signal.h>
#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/source/stream.h"

struct singer_lines {
	const char *name; /* for sentences */
	const volatile sig_atomic_t *stop;
	struct stream *stream; /* NULL: standard input */
	struct buf bytes;
	size_t used; /* of them: the lines that were given */
	size_t searched;
	bool ended, skipping;
	bool unended;   /* the line at hand has no line break behind it: the input ends with it */
	int64_t number; /* of the line at hand, from 1 */
	int64_t place;  /* of its first byte */
	int64_t next;   /* of the byte behind it */
};

/* `stop`: not 0 ends the waiting. */
void singer_lines_input(struct singer_lines *lines, const volatile sig_atomic_t *stop);

/* `path` must outlive it. ERR_FILE as stream_open(). */
enum err_code singer_lines_open(struct singer_lines *lines, const char *path, struct err *e);
void singer_lines_close(struct singer_lines *lines);

/* The next line with its line break, valid until the next call; *more = false at the end. line->at is NULL when none came within
 * `wait_ms` (-1: wait for ever). ERR_STOPPED when a signal asked to stop, ERR_FILE when it cannot be read. */
enum err_code singer_lines_next(struct singer_lines *lines, int wait_ms, struct slice *line, bool *more,
                                struct err *e);

#endif
