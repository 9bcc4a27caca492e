/*
 * singer_seen.h - hashes of rows that were settled before, each to be found once for every time that it was added. They lie sorted in a
 * file without a name, with one in 512 in memory: 10,000,000 of them take 2 MB of memory, and 20 MB more while they are added.
 */
#ifndef LONGSHORE_COMMAND_SINGER_SEEN_H
#define LONGSHORE_COMMAND_SINGER_SEEN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/plan/sorter.h"
#include "core/source/scratch.h"

enum { SINGER_SEEN_BLOCK = 512 };

struct singer_seen {
	const char *folder;    /* for the files; the caller's */
	struct sorter *sorter; /* until singer_seen_end() */
	struct scratch file;
	int64_t count;
	uint64_t *firsts; /* of each block */
	int64_t blocks;
	uint64_t block[SINGER_SEEN_BLOCK]; /* the one that was looked at last */
	int64_t held;                      /* its number, -1 */
	uint8_t *used;                     /* a bit for each: those alike are used front to back */
};

void singer_seen_init(struct singer_seen *s, const char *folder); /* no allocation */
void singer_seen_release(struct singer_seen *s);

/* ERR_FILE, and ERR_INTERNAL without memory, as all here. */
enum err_code singer_seen_add(struct singer_seen *s, uint64_t hash, struct err *e);

/* All are added: they can be looked for. */
enum err_code singer_seen_end(struct singer_seen *s, struct err *e);

/* *has = true for one that is there and was not found as often as it was added. */
enum err_code singer_seen_find(struct singer_seen *s, uint64_t hash, bool *has, struct err *e);

#endif
