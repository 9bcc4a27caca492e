/*
 * stream.h - the bytes of a file front to back, unpacked where it is gzip or zstd. Its first bytes can be looked at before
 * they are read. Memory stays the same however long the file is; a file that unpacks to more than 1,000 times its size is
 * refused.
 */
#ifndef LONGSHORE_SOURCE_STREAM_H
#define LONGSHORE_SOURCE_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/source/dialect.h"

enum { STREAM_HEAD = 256 * 1024 }; /* bytes that can be looked at */

struct stream;

/* `path` must outlive it. ERR_FILE as window_open(), and as stream_read(). stream_close() takes NULL. */
enum err_code stream_open(struct stream **stream, const char *path, struct err *e);
void stream_close(struct stream *stream);

enum packing stream_packing(const struct stream *stream);

/* The first bytes, until the first stream_read(): STREAM_HEAD of them, or *whole and all there are. */
struct slice stream_head(const struct stream *stream, bool *whole);

/* The next bytes, *got 0 at the end. ERR_FILE for packed data that is damaged or cut off, with the place; for a file that
 * unpacks to too much; for one that cannot be read or changed its size. */
enum err_code stream_read(struct stream *stream, char *to, size_t room, size_t *got, struct err *e);

#endif
