/*
 * arena.h - memory that is freed whole: many small allocations with one owner and one end.
 * Pointers stay valid until arena_clear() or arena_release(). Aligned for any type.
 */
#ifndef LONGSHORE_BASE_ARENA_H
#define LONGSHORE_BASE_ARENA_H

#include <stddef.h>

#include "base/buf.h"

struct arena {
	struct arena_block *blocks; /* newest first */
	size_t held;                /* bytes in all blocks */
};

void arena_init(struct arena *a);
void arena_release(struct arena *a);
void arena_clear(struct arena *a); /* keeps the newest block for the next use */

/* `size` zeroed bytes, or NULL without memory. */
void *arena_alloc(struct arena *a, size_t size);

/* A NUL-terminated copy, or NULL without memory. */
char *arena_text(struct arena *a, const char *text);
char *arena_slice(struct arena *a, struct slice s);

#endif
