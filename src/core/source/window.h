/*
 * window.h - a file read front to back through a window of 256 KB, which grows only while one record needs more.
 * read(2), not mmap: it is faster here, and a file that is cut short gives an error and not a signal.
 * A file that no longer has the size it was opened with is refused: what was read would be half a file.
 */
#ifndef LONGSHORE_SOURCE_WINDOW_H
#define LONGSHORE_SOURCE_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { WINDOW_ROOM = 256 * 1024 };

struct window {
	const char *path; /* for sentences; the caller's, as long as the window is open */
	int fd;           /* -1: closed */
	int64_t size;     /* of the file when it was opened */
	int64_t offset;   /* in the file, of bytes[0] */
	char *bytes;      /* moved by window_more() and window_seek() */
	size_t len;
	size_t room;
	size_t ahead; /* bytes that are read at a time: few after a jump, then ever more */
};

/* Opens a regular file; nothing is read yet. ERR_FILE, or ERR_INTERNAL without memory; window_close() in any case. */
enum err_code window_open(struct window *w, const char *path, struct err *e);
void window_close(struct window *w);

/* The same on a descriptor, which is the window's from then on; `path` is what sentences call it. */
enum err_code window_on(struct window *w, int fd, const char *path, struct err *e);

/* Forgets the first `used` bytes and reads more behind the others, up to the end of the file. ERR_FILE if it cannot be
 * read or changed its size. */
enum err_code window_more(struct window *w, size_t used, struct err *e);

/* An empty window at `offset`, which is within the file. */
void window_seek(struct window *w, int64_t offset);

/* Nothing of the file lies behind the window. */
bool window_is_last(const struct window *w);

/* At the end: does the file still have its size? ERR_FILE if not. */
enum err_code window_check(const struct window *w, struct err *e);

#endif
