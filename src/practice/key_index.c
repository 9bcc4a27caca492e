#include "practice/key_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum { FIRST_ROOM = 64, LONGEST_FOLDED = 512 };

#define GONE UINT32_MAX /* a place whose rows were all removed: a search goes on behind it */

struct place {
	uint32_t hash;
	uint32_t row; /* the first of the hash's rows; 0: never used */
};

/* The rows of one hash are a ring: many may share a value, as a foreign key does. */
struct ring {
	uint32_t next, last;
};

struct key_index {
	struct place *places;
	uint64_t room;      /* a power of two */
	uint64_t used;      /* places that are not 0, the removed ones too */
	struct ring *rings; /* by row */
	uint32_t rows;      /* room of rings */
};

struct key_index *key_index_new(void)
{
	struct key_index *x = malloc(sizeof *x);

	if (!x)
		return NULL;
	*x = (struct key_index){ .room = FIRST_ROOM };
	x->places = calloc(x->room, sizeof *x->places);
	if (!x->places) {
		free(x);
		return NULL;
	}
	return x;
}

void key_index_free(struct key_index *x)
{
	if (!x)
		return;
	free(x->places);
	free(x->rings);
	free(x);
}

uint32_t key_hash(struct slice value, bool fold)
{
	char folded[LONGEST_FOLDED];
	size_t len = value.len < sizeof folded ? value.len : sizeof folded;

	if (!fold)
		return (uint32_t)hash_of(value, 0);
	for (size_t i = 0; i < len; i++) {
		char c = value.at[i];

		folded[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	return (uint32_t)hash_of((struct slice){ folded, len }, 0);
}

static void put(struct place *places, uint64_t room, struct place p)
{
	uint64_t at = p.hash & (room - 1);

	while (places[at].row != 0)
		at = (at + 1) & (room - 1);
	places[at] = p;
}

static bool grow(struct key_index *x)
{
	uint64_t room = x->room * 2, used = 0;
	struct place *places = calloc(room, sizeof *places);

	if (!places)
		return false;
	for (uint64_t i = 0; i < x->room; i++) {
		if (x->places[i].row == 0 || x->places[i].row == GONE)
			continue;
		put(places, room, x->places[i]);
		used++;
	}
	free(x->places);
	x->places = places;
	x->room = room;
	x->used = used;
	return true;
}

static struct place *find(const struct key_index *x, uint32_t hash)
{
	for (uint64_t at = hash & (x->room - 1); x->places[at].row != 0; at = (at + 1) & (x->room - 1))
		if (x->places[at].hash == hash && x->places[at].row != GONE)
			return &x->places[at];
	return NULL;
}

static bool has_ring(struct key_index *x, uint32_t row)
{
	uint32_t rows = x->rows ? x->rows : FIRST_ROOM;
	struct ring *rings;

	if (row < x->rows)
		return true;
	while (rows <= row)
		rows = rows > UINT32_MAX / 2 ? UINT32_MAX : rows * 2;
	rings = realloc(x->rings, rows * sizeof *rings);
	if (!rings)
		return false;
	x->rings = rings;
	x->rows = rows;
	return true;
}

bool key_index_add(struct key_index *x, uint32_t hash, uint32_t row)
{
	struct place *p;
	struct ring *first;

	if (!has_ring(x, row))
		return false;
	p = find(x, hash);
	if (p) {
		first = &x->rings[p->row];
		x->rings[row] = (struct ring){ p->row, first->last };
		x->rings[first->last].next = row;
		first->last = row;
		return true;
	}
	if ((x->used + 1) * 3 > x->room * 2 && !grow(x))
		return false;
	x->rings[row] = (struct ring){ row, row };
	put(x->places, x->room, (struct place){ hash, row });
	x->used++;
	return true;
}

void key_index_remove(struct key_index *x, uint32_t hash, uint32_t row)
{
	struct place *p = find(x, hash);
	struct ring *ring = row < x->rows ? &x->rings[row] : NULL;

	if (!p || !ring)
		return;
	if (p->row == row)
		p->row = ring->next == row ? GONE : ring->next;
	x->rings[ring->last].next = ring->next;
	x->rings[ring->next].last = ring->last;
}

uint32_t key_index_next(const struct key_index *x, uint32_t hash, uint64_t *cursor)
{
	const struct place *p = find(x, hash);
	uint32_t row = *cursor == 0 ? 0 : x->rings[*cursor].next;

	if (!p || row == p->row)
		return 0;
	if (row == 0)
		row = p->row;
	*cursor = row;
	return row;
}
