/*
 * plain.h - the text of a stream in UTF-8, piece by piece. What is no text in its encoding comes as the byte 0xFF (decode.h);
 * a stream that is UTF-8 already comes as it is.
 */
#ifndef LONGSHORE_SOURCE_PLAIN_H
#define LONGSHORE_SOURCE_PLAIN_H

#include "core/source/decode.h"
#include "core/source/stream.h"

struct plain {
	struct stream *stream; /* the caller's */
	struct decode *decode; /* NULL: it is UTF-8 */
	char *bytes;           /* as they stand in the stream */
	struct buf text;
	bool ended;
};

void plain_init(struct plain *p); /* no allocation */
void plain_release(struct plain *p);
enum err_code plain_begin(struct plain *p, struct stream *stream, enum encoding encoding, struct err *e);

/* The next piece, empty at the end; valid until the next call. Errors as stream_read(). */
enum err_code plain_next(struct plain *p, struct slice *piece, struct err *e);

#endif
