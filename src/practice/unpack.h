/*
 * unpack.h - a request's compressed body becomes the plain one, within the memory that any body may take.
 */
#ifndef LONGSHORE_PRACTICE_UNPACK_H
#define LONGSHORE_PRACTICE_UNPACK_H

#include "base/buf.h"

enum unpacked {
	UNPACKED,
	UNPACK_BROKEN, /* no gzip, or not all of it, or something behind it */
	UNPACK_LARGE,  /* more than the buffer's ceiling */
};

/* Puts the plain bytes in the place of those in `body`, which is empty when they cannot be had. */
enum unpacked unpack_gzip(struct buf *body);

#endif
