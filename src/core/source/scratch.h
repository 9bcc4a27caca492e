/*
 * scratch.h - a file without a name, for what was unpacked or decoded: it is gone when its last descriptor is closed, however
 * the process ends. It is written front to back, read by the offsets of its bytes, and never fills a disk to the brim.
 */
#ifndef LONGSHORE_SOURCE_SCRATCH_H
#define LONGSHORE_SOURCE_SCRATCH_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum { SCRATCH_PATH = 4096 };

struct scratch {
	int fd; /* -1: closed */
	int64_t size;
	int64_t looked; /* size at the last look at the room that is left */
	char folder[SCRATCH_PATH];
};

/* In `folder`; where this system keeps temporary files if it is NULL, "" or does not exist. ERR_FILE. scratch_close() in any case. */
enum err_code scratch_open(struct scratch *s, const char *folder, struct err *e);
void scratch_close(struct scratch *s);

/* ERR_FILE when it cannot be written, or when less than 256 MB would be left on the disk. */
enum err_code scratch_write(struct scratch *s, struct slice bytes, struct err *e);

/* The descriptor, from then on the caller's. */
int scratch_take(struct scratch *s);

#endif
