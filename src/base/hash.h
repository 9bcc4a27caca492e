/*
 * hash.h - XXH3: the content hash that tells two files apart, and the fingerprint of a text.
 * Not for secrets and not against an enemy.
 */
#ifndef LONGSHORE_BASE_HASH_H
#define LONGSHORE_BASE_HASH_H

#include <stdint.h>

#include "base/buf.h"

enum { HASH_TEXT = 33 }; /* 32 hexadecimal characters and a NUL */

struct hash_stream; /* over bytes that come in pieces */

struct hash_stream *hash_new(void); /* NULL without memory */
void hash_free(struct hash_stream *h);
void hash_add(struct hash_stream *h, const void *bytes, size_t len);
void hash_text(const struct hash_stream *h, char to[HASH_TEXT]); /* XXH3-128 of all so far, as text */

uint64_t hash_of(struct slice s, uint64_t seed); /* XXH3-64 */

/* XXH3-128: what hash_of() is to one word, to two. */
struct hash_pair {
	uint64_t first, second;
};
struct hash_pair hash_pair_of(struct slice s, uint64_t seed);

#endif
