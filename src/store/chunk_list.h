/*
 * chunk_list.h - record numbers and offsets as the journal keeps them: differences, zigzag, seven bits a byte.
 * Ascending lists take two or three bytes a record; any other order is kept just as well. Private to src/store.
 */
#ifndef LONGSHORE_STORE_CHUNK_LIST_H
#define LONGSHORE_STORE_CHUNK_LIST_H

#include "base/buf.h"
#include "store/chunks.h"

/* Adds `count` numbers, each `stride` bytes after the one before. Look at b->short_of. */
void chunk_list_add(struct buf *b, const int64_t *numbers, size_t stride, size_t count);

/* Reads `count` numbers into `to`, `stride` bytes apart, and moves `s` behind them. False if s does not hold them. */
bool chunk_list_read(struct slice *s, int64_t *to, size_t stride, size_t count);

/* Items are their records, then their offsets. */
void chunk_list_add_items(struct buf *b, const struct chunk_item *items, size_t count);
bool chunk_list_read_items(struct slice s, struct chunk_item *items, size_t count);

enum { CHUNK_LIST_MOST = 1 << 30 }; /* bytes a list may take: what SQLite takes as one value */

#endif
