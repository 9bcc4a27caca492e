#include "core/source/json_memory.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

struct json_block {
	struct json_block *before, *next;
	_Alignas(max_align_t) char bytes[];
};

static struct json_block *block_of(void *bytes)
{
	return (struct json_block *)(void *)((char *)bytes - offsetof(struct json_block, bytes));
}

static void *give(struct json_memory *m, struct json_block *block)
{
	if (block)
		return block->bytes;
	m->failed = true;
	if (m->armed)
		longjmp(m->out, 1);
	return NULL;
}

static void take_out(struct json_memory *m, struct json_block *block)
{
	if (block->before)
		block->before->next = block->next;
	else
		m->blocks = block->next;
	if (block->next)
		block->next->before = block->before;
}

static void put_in(struct json_memory *m, struct json_block *block)
{
	block->before = NULL;
	block->next = m->blocks;
	if (m->blocks)
		m->blocks->before = block;
	m->blocks = block;
}

static void *on_malloc(void *ctx, size_t size)
{
	struct json_memory *m = ctx;
	struct json_block *block = size < SIZE_MAX / 2 ? malloc(sizeof *block + size) : NULL;

	if (block)
		put_in(m, block);
	return give(m, block);
}

static void on_free(void *ctx, void *bytes)
{
	if (!bytes)
		return;
	take_out(ctx, block_of(bytes));
	free(block_of(bytes));
}

static void *on_realloc(void *ctx, void *bytes, size_t size)
{
	struct json_memory *m = ctx;
	struct json_block *block, *bigger;

	if (!bytes)
		return on_malloc(ctx, size);
	block = block_of(bytes);
	take_out(m, block);
	bigger = size < SIZE_MAX / 2 ? realloc(block, sizeof *block + size) : NULL;
	put_in(m, bigger ? bigger : block);
	return give(m, bigger);
}

void json_memory_init(struct json_memory *m)
{
	*m = (struct json_memory){ .funcs = { on_malloc, on_realloc, on_free, m } };
}

void json_memory_release(struct json_memory *m)
{
	while (m->blocks) {
		struct json_block *block = m->blocks;

		m->blocks = block->next;
		free(block);
	}
	m->armed = m->failed = false;
}
