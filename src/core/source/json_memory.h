/*
 * json_memory.h - memory for libyajl, which does not look whether it got any (2.1.0): without it the parser is left at once, by a jump
 * back to where it was called, and all that it holds is freed here.
 *
 *	if (setjmp(memory.out) == 0) { memory.armed = true; yajl_parse(...); } else { it has none }
 *	memory.armed = false;
 */
#ifndef LONGSHORE_SOURCE_JSON_MEMORY_H
#define LONGSHORE_SOURCE_JSON_MEMORY_H

#include <setjmp.h>
#include <stdbool.h>
#include <yajl/yajl_common.h>

struct json_memory {
	struct json_block *blocks; /* all that libyajl holds */
	bool armed, failed;        /* failed: what libyajl holds is of no use to it any more */
	jmp_buf out;
	yajl_alloc_funcs funcs; /* for yajl_alloc() and yajl_gen_alloc() */
};

/* It must not move from here on. */
void json_memory_init(struct json_memory *memory);
/* Frees what is left of it. */
void json_memory_release(struct json_memory *memory);

#endif
