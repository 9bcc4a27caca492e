/*
 * match.h - which record of a chunk a result belongs to, by fingerprint. Pure.
 *
 * By key where only one record of the chunk has it, else by all that was sent. Records whose fingerprint of all is equal
 * were sent byte-identical (the chunker sees to it), so any one-to-one pairing of them is right; each is given once.
 */
#ifndef LONGSHORE_ENGINE_MATCH_H
#define LONGSHORE_ENGINE_MATCH_H

#include <stdint.h>

#include "store/chunks.h"

struct match;

/* Over `count` prints, which must outlive it. NULL without memory. About 17 bytes a record. */
struct match *match_new(const struct chunk_print *prints, size_t count);
void match_free(struct match *match);

/* The position of the record with this fingerprint that was not given yet, now given; -1 if there is none. */
int64_t match_take(struct match *match, uint64_t key, uint64_t row);

/* Positions not given yet. */
size_t match_left(const struct match *match);

/* Nothing is given any more. */
void match_reset(struct match *match);

#endif
