/*
 * csv_index.h - where the cells of clean CSV end, 64 bytes at a time. Private to csv.c. Pure.
 *
 * Clean is text in which every quote opens a cell, closes one or is doubled within one, as RFC 4180 wants it. A quote's mask XORed with
 * itself shifted 1, 2, 4 .. 32 places is 1 from each opening quote up to its closing one, so that delimiters and line breaks within
 * quotes fall out without a branch. At the first 64 bytes that are not clean the index ends; whoever reads on there is csv.c's
 * own scanner, which is slower and knows what may be forgiven.
 */
#ifndef LONGSHORE_BASE_CSV_INDEX_H
#define LONGSHORE_BASE_CSV_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum {
	CSV_INDEX_BLOCK = 64,
	CSV_INDEX_PIECE = 16 * 1024, /* bytes that one index covers: they and it stay in the first caches */
	CSV_INDEX_SPARE = 8,         /* places are written eight at a time */
};

/* One bit a byte of a block. */
struct csv_masks {
	uint64_t ends; /* delimiters and line breaks, also within quotes */
	uint64_t quotes;
};

/* The masks of the block at `at`, by the instructions that this machine has for it; and the same a byte at a time, which all others
 * have to equal. */
struct csv_masks csv_masks(const char *at, char delimiter);
struct csv_masks csv_masks_plain(const char *at, char delimiter);

enum { CSV_INDEX_ROOM = CSV_INDEX_PIECE + CSV_INDEX_SPARE };

struct csv_index {
	const char *begin;
	size_t count, next;                 /* of `ends` and `cells` */
	size_t lines, next_line;            /* of `line_ends` */
	size_t twins, next_twin;            /* of `doubled` */
	uint32_t ends[CSV_INDEX_ROOM];      /* from `begin`: the delimiter or line break behind each cell */
	struct slice cells[CSV_INDEX_ROOM]; /* without their quotes, doubled ones as they stand */
	uint32_t line_ends[CSV_INDEX_ROOM]; /* which of `ends` are line breaks; CRLF is two */
	uint32_t doubled[CSV_INDEX_ROOM];   /* from `begin`: the second of each two quotes within a cell */
};

/* Fills it from a record's first byte: whole blocks of [begin, end), a piece at most. */
void csv_index_fill(struct csv_index *index, const char *begin, const char *end, char delimiter);

/* What it chooses from: for every machine, and for those of x86-64 with AVX2, BMI and POPCNT. Both fill it alike. */
void csv_index_fill_any(struct csv_index *index, const char *begin, const char *end, char delimiter);
void csv_index_fill_v3(struct csv_index *index, const char *begin, const char *end, char delimiter);

#endif
