/*
 * csv_index_kernel.h - the code behind csv_index_fill(), which is compiled twice: for every machine, and for the newer ones of x86-64, to
 * which it takes a fifth fewer instructions. Included by csv_index.c and csv_index_v3.c alone.
 */
#ifndef LONGSHORE_BASE_CSV_INDEX_KERNEL_H
#define LONGSHORE_BASE_CSV_INDEX_KERNEL_H

#include "base/csv_index.h"

#if defined(__AVX2__)
#include <immintrin.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#endif

/* A function of the inner loop: called, it would cost more than what it does. */
#define INNER static inline __attribute__((always_inline))

/* ---- a block's masks ---- */

#if defined(__AVX2__)

/* Bits 0 to 31 of both masks. */
INNER struct csv_masks masks32(const char *at, char delimiter)
{
	__m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)at);
	__m256i ends = _mm256_or_si256(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\n')),
	                               _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\r')));
	__m256i quotes = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('"'));

	ends = _mm256_or_si256(ends, _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(delimiter)));
	return (struct csv_masks){ (unsigned)_mm256_movemask_epi8(ends),
		                   (unsigned)_mm256_movemask_epi8(quotes) };
}

INNER struct csv_masks masks_of(const char *at, char delimiter)
{
	struct csv_masks a = masks32(at, delimiter), b = masks32(at + 32, delimiter);

	return (struct csv_masks){ a.ends | b.ends << 32, a.quotes | b.quotes << 32 };
}

#elif defined(__SSE2__)
#define MASKS16

/* Bits 0 to 15 of both masks. */
INNER struct csv_masks masks16(const char *at, char delimiter)
{
	__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
	__m128i ends = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')),
	                            _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r')));
	__m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));

	ends = _mm_or_si128(ends, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(delimiter)));
	return (struct csv_masks){ (unsigned)_mm_movemask_epi8(ends), (unsigned)_mm_movemask_epi8(quotes) };
}

#elif defined(__ARM_NEON) && defined(__aarch64__)
#define MASKS16

/* NEON has no movemask: each byte keeps the bit of its place in its half, and the halves are summed. */
INNER uint64_t bits_of(uint8x16_t found)
{
	static const uint8_t places[16] = { 1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128 };
	uint8x16_t bits = vandq_u8(found, vld1q_u8(places));

	return (uint64_t)vaddv_u8(vget_low_u8(bits)) | (uint64_t)vaddv_u8(vget_high_u8(bits)) << 8;
}

INNER struct csv_masks masks16(const char *at, char delimiter)
{
	uint8x16_t bytes = vld1q_u8((const uint8_t *)at);
	uint8x16_t breaks = vorrq_u8(vceqq_u8(bytes, vdupq_n_u8('\n')), vceqq_u8(bytes, vdupq_n_u8('\r')));

	return (struct csv_masks){ bits_of(vorrq_u8(breaks, vceqq_u8(bytes, vdupq_n_u8((uint8_t)delimiter)))),
		                   bits_of(vceqq_u8(bytes, vdupq_n_u8('"'))) };
}

#endif

#if defined(MASKS16)

INNER struct csv_masks masks_of(const char *at, char delimiter)
{
	struct csv_masks a = masks16(at, delimiter), b = masks16(at + 16, delimiter);
	struct csv_masks c = masks16(at + 32, delimiter), d = masks16(at + 48, delimiter);

	return (struct csv_masks){ a.ends | b.ends << 16 | c.ends << 32 | d.ends << 48,
		                   a.quotes | b.quotes << 16 | c.quotes << 32 | d.quotes << 48 };
}

#elif !defined(__AVX2__)

INNER struct csv_masks masks_of(const char *at, char delimiter)
{
	return csv_masks_plain(at, delimiter);
}

#endif

/* ---- many blocks ---- */

/* What a block has to know of the one before it. */
struct carry {
	uint64_t inside; /* all ones within quotes */
	uint64_t end;    /* 1: its last byte ended a cell, or a record begins here */
	uint64_t closed; /* 1: its last byte was a closing quote */
};

/* Every bit becomes the XOR of those up to it. */
INNER uint64_t running_xor(uint64_t bits)
{
	bits ^= bits << 1;
	bits ^= bits << 2;
	bits ^= bits << 4;
	bits ^= bits << 8;
	bits ^= bits << 16;
	bits ^= bits << 32;
	return bits;
}

INNER unsigned bits_in(uint64_t bits)
{
#if defined(__POPCNT__) || !defined(__x86_64__)
	return (unsigned)__builtin_popcountll(bits);
#else /* the instruction is not there to rely on, and what is called in its place takes longer */
	bits -= bits >> 1 & 0x5555555555555555u;
	bits = (bits & 0x3333333333333333u) + (bits >> 2 & 0x3333333333333333u);
	return (unsigned)(((bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0fu) * 0x0101010101010101u >> 56);
#endif
}

/* Takes the lowest bit and writes its place; any place where there is none. */
INNER uint64_t add_place(uint32_t *to, uint64_t bits, uint32_t base)
{
	*to = base + (uint32_t)__builtin_ctzll(bits | (uint64_t)1 << 63);
	return bits & (bits - 1);
}

INNER uint64_t add_eight(uint32_t *to, uint64_t bits, uint32_t base)
{
	bits = add_place(to, bits, base);
	bits = add_place(to + 1, bits, base);
	bits = add_place(to + 2, bits, base);
	bits = add_place(to + 3, bits, base);
	bits = add_place(to + 4, bits, base);
	bits = add_place(to + 5, bits, base);
	bits = add_place(to + 6, bits, base);
	return add_place(to + 7, bits, base);
}

/* Writes the places of all bits; returns how many. Eight at a time, some of them in vain: that is faster than to ask each time. */
INNER size_t add_places(uint32_t *to, uint64_t bits, uint32_t base)
{
	const unsigned count = bits_in(bits);

	bits = add_eight(to, bits, base);
	for (unsigned done = CSV_INDEX_SPARE; done < count; done += CSV_INDEX_SPARE)
		bits = add_eight(to + done, bits, base);
	return count;
}

/* Of a clean block: adds what it has. False for one that is not. */
INNER bool take_block(struct csv_index *x, struct csv_masks m, uint32_t base, struct carry *c)
{
	uint64_t inside = running_xor(m.quotes) ^ c->inside, opening = m.quotes & inside;
	uint64_t closing = m.quotes & ~inside, ends = m.ends & ~inside;
	uint64_t behind_end = ends << 1 | c->end, behind_closing = closing << 1 | c->closed;
	uint64_t twins = opening & ~behind_end;

	/* An opening quote stands behind an end or, doubled, behind a closing one; behind a closing quote stands an end or that. */
	if ((twins & ~behind_closing) | (behind_closing & ~(ends | opening)))
		return false;
	x->count += add_places(x->ends + x->count, ends, base);
	x->doubled[x->twins] = base + (uint32_t)__builtin_ctzll(twins | (uint64_t)1 << 63);
	x->twins += twins != 0;
	if (twins & (twins - 1))
		x->twins += add_places(x->doubled + x->twins, twins & (twins - 1), base);
	c->inside = (uint64_t)0 - (inside >> 63);
	c->end = ends >> 63;
	c->closed = closing >> 63;
	return true;
}

static void index_blocks(struct csv_index *x, size_t len, char delimiter)
{
	struct carry carry = { .end = 1 };

	for (size_t at = 0; at + CSV_INDEX_BLOCK <= len; at += CSV_INDEX_BLOCK)
		if (!take_block(x, masks_of(x->begin + at, delimiter), (uint32_t)at, &carry))
			return;
}

/* Cells between the ends. In clean text one that begins with a quote ends with one. */
static void cut_cells(struct csv_index *x, char delimiter)
{
	const char *begin = x->begin, *cell = begin;
	const size_t count = x->count;
	size_t lines = 0;

	for (size_t i = 0; i < count; i++) {
		const char *stop = begin + x->ends[i];
		size_t quote = *cell == '"';

		x->cells[i] = (struct slice){ cell + quote, (size_t)(stop - cell) - 2 * quote };
		x->line_ends[lines] = (uint32_t)i;
		lines += *stop != delimiter;
		cell = stop + 1;
	}
	x->lines = lines;
}

static void fill(struct csv_index *index, const char *begin, const char *end, char delimiter)
{
	size_t len = (size_t)(end - begin);

	index->begin = begin;
	index->count = index->next = index->next_line = index->twins = index->next_twin = 0;
	index_blocks(index, len < CSV_INDEX_PIECE ? len : CSV_INDEX_PIECE, delimiter);
	cut_cells(index, delimiter);
}

#endif
