/*
 * unpack.h - gzip and zstd, piece by piece. No I/O. Several members or frames, one behind the other, are one text.
 */
#ifndef LONGSHORE_SOURCE_UNPACK_H
#define LONGSHORE_SOURCE_UNPACK_H

#include <stdbool.h>

#include "base/buf.h"
#include "core/source/dialect.h"

enum { UNPACK_WINDOW_BITS = 25 }; /* zstd: what it may look back needs memory, 32 MB with these */

enum unpack_result {
	UNPACK_ON,      /* it took or gave something, or wants more bytes */
	UNPACK_DAMAGED, /* no such data */
	UNPACK_HUGE,    /* zstd that looks back further than UNPACK_WINDOW_BITS */
	UNPACK_MEMORY,
};

struct unpack;

struct unpack *unpack_new(enum packing packing); /* gzip or zstd; NULL without memory */
void unpack_free(struct unpack *unpack);         /* takes NULL */

/* Takes from the front of `in` and gives *got bytes in to[0 .. room). */
enum unpack_result unpack_step(struct unpack *unpack, struct slice *in, char *to, size_t room, size_t *got);

/* The packed bytes may end here. */
bool unpack_whole(const struct unpack *unpack);

#endif
