/*
 * part.h - one part of a workbook, an XML text in a zip file, as events in the order of the text. A step at a time, so that
 * several parts can be read side by side, and none further than it is needed.
 *
 * Names come without their namespace's prefix. A DOCTYPE is refused, and with it every entity that is not XML's own; so is what
 * nests deeper than 64, and a tag of more than 16 MB. Text comes in pieces of any length: who keeps it has the ceiling.
 */
#ifndef LONGSHORE_SOURCE_PART_H
#define LONGSHORE_SOURCE_PART_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

struct part;

struct part_events {
	void (*begin)(void *ctx, const char *name, const char *const *attributes);
	void (*end)(void *ctx, const char *name);
	void (*text)(void *ctx, struct slice text);
};

/* Opens part `name` of the zip file on `fd` as zip_open(); NULL in *part if there is none. `events` and `ctx` must outlive it.
 * part_close() takes NULL. */
enum err_code part_open(struct part **part, int fd, const char *path, const char *name,
                        const struct part_events *events, void *ctx, struct err *e);
void part_close(struct part *part);

/* Reads on, 64 KB at most; *more = false at the end, or behind part_stop(). What went wrong in an event and was set in *e ends it, too.
 * ERR_FILE with the byte, as zip_read() and for text that is no XML. */
enum err_code part_more(struct part *part, bool *more, struct err *e);

/* All of a part, from its beginning. *found = false if there is none. */
enum err_code part_read(int fd, const char *path, const char *name, const struct part_events *events, void *ctx,
                        bool *found, struct err *e);

/* From within an event: nothing more is wanted. */
void part_stop(struct part *part);

/* The value of an attribute, whatever its prefix; NULL if there is none. */
const char *part_attribute(const char *const *attributes, const char *name);

#endif
