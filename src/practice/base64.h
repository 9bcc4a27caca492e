/*
 * base64.h - RFC 4648: the plain alphabet (HTTP Basic, signatures) and the one for URLs (JWT, PKCE).
 */
#ifndef LONGSHORE_PRACTICE_BASE64_H
#define LONGSHORE_PRACTICE_BASE64_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Characters and a NUL for so many bytes. */
#define BASE64_ROOM(bytes) (((size_t)(bytes) + 2) / 3 * 4 + 1)

void base64_encode(const unsigned char *bytes, size_t len, char *to);     /* with its filling signs */
void base64_encode_url(const unsigned char *bytes, size_t len, char *to); /* without */

/* Adds the bytes to `to`; false if the text is not in that form through and through, or does not fit. */
bool base64_decode(struct slice text, struct buf *to);
bool base64_decode_url(struct slice text, struct buf *to); /* filling signs may be left out */

#endif
