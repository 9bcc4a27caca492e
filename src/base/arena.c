#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 64 * 1024 };

struct arena_block {
	struct arena_block *next;
	size_t used;
	size_t room;
	alignas(max_align_t) char bytes[];
};

void arena_init(struct arena *a)
{
	*a = (struct arena){ 0 };
}

static void free_chain(struct arena *a, struct arena_block *b)
{
	while (b) {
		struct arena_block *next = b->next;

		a->held -= b->room;
		free(b);
		b = next;
	}
}

void arena_release(struct arena *a)
{
	free_chain(a, a->blocks);
	arena_init(a);
}

void arena_clear(struct arena *a)
{
	if (!a->blocks)
		return;
	free_chain(a, a->blocks->next);
	a->blocks->next = NULL;
	a->blocks->used = 0;
}

static struct arena_block *block_for(struct arena *a, size_t size)
{
	size_t room = size > BLOCK_BYTES ? size : BLOCK_BYTES;
	struct arena_block *b = a->blocks;

	if (b && b->room - b->used >= size)
		return b;
	b = malloc(sizeof *b + room);
	if (!b)
		return NULL;
	b->next = a->blocks;
	b->used = 0;
	b->room = room;
	a->blocks = b;
	a->held += room;
	return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
	size_t unit = alignof(max_align_t);
	struct arena_block *b;
	void *at;

	size = (size + unit - 1) / unit * unit;
	b = block_for(a, size);
	if (!b)
		return NULL;
	at = b->bytes + b->used;
	b->used += size;
	return memset(at, 0, size);
}

char *arena_slice(struct arena *a, struct slice s)
{
	char *copy = arena_alloc(a, s.len + 1);

	if (copy && s.len)
		memcpy(copy, s.at, s.len);
	return copy;
}

char *arena_text(struct arena *a, const char *text)
{
	return arena_slice(a, slice_of(text));
}
