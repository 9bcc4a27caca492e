/*
 * decode.h - text in any encoding becomes UTF-8, piece by piece. Pure but for iconv's tables.
 *
 * What is no text in that encoding becomes the byte 0xFF, which UTF-8 does not know: the record that holds it is found
 * faulty by the one who reads it, and the text behind it is read on.
 */
#ifndef LONGSHORE_SOURCE_DECODE_H
#define LONGSHORE_SOURCE_DECODE_H

#include "base/buf.h"
#include "base/err.h"
#include "core/source/dialect.h"

struct decode;

/* ERR_FILE if this system's iconv does not know the encoding. decode_free() takes NULL. */
enum err_code decode_new(struct decode **decode, enum encoding encoding, struct err *e);
void decode_free(struct decode *decode);

/* Adds the bytes, which follow those of the call before, to `out` as UTF-8. What may be the beginning of a character waits
 * for the next call, but with `last`. A buffer that is too small says so itself. */
void decode_add(struct decode *decode, struct slice bytes, bool last, struct buf *out);

#endif
