/*
 * ordering.h - the order in which a run sends its records, when it is not the source's: a file in the state folder.
 *
 * It holds each record's number and offset, in the order of a key: blank ones first, then numbers by value, then text by its bytes;
 * equal ones in source order. It is named by the hash of its content, which the run's row holds. SQLite sorts, in a temporary
 * file of its own, so that memory does not grow with the source.
 */
#ifndef LONGSHORE_STORE_ORDERING_H
#define LONGSHORE_STORE_ORDERING_H

#include "base/buf.h"
#include "base/hash.h"
#include "store/chunks.h"

struct ordering;

/* One that is being made. */
enum err_code ordering_new(struct ordering **ordering, struct err *e);
void ordering_free(struct ordering *ordering);

/* Each record once, in source order. ERR_FILE when the temporary file cannot be written. */
enum err_code ordering_add(struct ordering *ordering, int64_t record, int64_t offset, struct slice key,
                           struct err *e);

/* Sorts, and writes the file into the folder, synced. ERR_FILE. */
enum err_code ordering_write(struct ordering *ordering, const char *folder, char hash[HASH_TEXT],
                             struct err *e);

/* Removes the file, if it is there. */
void ordering_remove(const char *folder, const char *hash);

/* One that is read. ERR_FILE when it is gone, or is not what was written. */
struct ordering_reader;
enum err_code ordering_open(struct ordering_reader **reader, const char *folder, const char *hash,
                            int64_t records, struct err *e);
void ordering_close(struct ordering_reader *reader);

/* The `count` records from this position on (0: the first), all within the order. ERR_FILE. */
enum err_code ordering_read(struct ordering_reader *reader, int64_t from, struct chunk_item *items,
                            size_t count, struct err *e);

/* Brings items that are in record order into this order; all of them are in it. ERR_FILE. */
enum err_code ordering_sort(struct ordering_reader *reader, struct chunk_item *items, size_t count,
                            struct err *e);

#endif
