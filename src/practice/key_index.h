/*
 * key_index.h - which rows may hold a value: row numbers by the hash of the value. Several rows may share one.
 * It keeps hashes only; whoever asks compares the values themselves.
 */
#ifndef LONGSHORE_PRACTICE_KEY_INDEX_H
#define LONGSHORE_PRACTICE_KEY_INDEX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct key_index;

struct key_index *key_index_new(void); /* NULL without memory */
void key_index_free(struct key_index *x);

/* The hash of a value; with fold, texts that differ in the case of ASCII letters only share one. */
uint32_t key_hash(struct slice value, bool fold);

bool key_index_add(struct key_index *x, uint32_t hash, uint32_t row); /* row > 0; false without memory */
void key_index_remove(struct key_index *x, uint32_t hash, uint32_t row);

/* The rows of a hash, one a call: *cursor begins as 0; 0 when there are no more. */
uint32_t key_index_next(const struct key_index *x, uint32_t hash, uint64_t *cursor);

#endif
