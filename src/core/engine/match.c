#include "core/engine/match.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { NONE = -1, SEVERAL = -2 };

struct match {
	const struct chunk_print *prints;
	size_t count;
	size_t left;
	size_t mask;
	int32_t *by_row; /* slot -> first position with that row, or NONE */
	int32_t *next;   /* position -> the next one with the same row, or NONE; in record order */
	int32_t *by_key; /* slot -> position, NONE, or SEVERAL minus the position that shows the key */
	bool *given;
};

/* The slot that holds `row`, or the free one where it belongs. */
static size_t row_slot(const struct match *m, uint64_t row)
{
	size_t at = (size_t)row & m->mask;

	while (m->by_row[at] != NONE && m->prints[m->by_row[at]].row != row)
		at = (at + 1) & m->mask;
	return at;
}

/* A slot's position, whether its key belongs to one record or to several. */
static int32_t shown(int32_t slot)
{
	return slot <= SEVERAL ? SEVERAL - slot : slot;
}

static size_t key_slot(const struct match *m, uint64_t key)
{
	size_t at = (size_t)key & m->mask;

	while (m->by_key[at] != NONE && m->prints[shown(m->by_key[at])].key != key)
		at = (at + 1) & m->mask;
	return at;
}

static void add_row(struct match *m, int32_t position)
{
	size_t at = row_slot(m, m->prints[position].row);

	m->next[position] = m->by_row[at];
	m->by_row[at] = position;
}

static void add_key(struct match *m, int32_t position)
{
	size_t at;

	if (m->prints[position].key == 0)
		return;
	at = key_slot(m, m->prints[position].key);
	m->by_key[at] = m->by_key[at] == NONE ? position : SEVERAL - shown(m->by_key[at]);
}

struct match *match_new(const struct chunk_print *prints, size_t count)
{
	struct match *m = calloc(1, sizeof *m);
	size_t slots = 16;

	if (!m)
		return NULL;
	while (slots < count + count / 2)
		slots *= 2;
	*m = (struct match){ .prints = prints, .count = count, .left = count, .mask = slots - 1 };
	m->by_row = malloc(slots * sizeof *m->by_row);
	m->by_key = malloc(slots * sizeof *m->by_key);
	m->next = malloc((count + 1) * sizeof *m->next);
	m->given = calloc(count + 1, sizeof *m->given);
	if (!m->by_row || !m->by_key || !m->next || !m->given) {
		match_free(m);
		return NULL;
	}
	match_reset(m);
	return m;
}

void match_free(struct match *m)
{
	if (!m)
		return;
	free(m->by_row);
	free(m->by_key);
	free(m->next);
	free(m->given);
	free(m);
}

static int64_t give(struct match *m, int32_t position)
{
	m->given[position] = true;
	m->left--;
	return position;
}

/* A chain begins with the lowest position not given when its given ones are cut off as they are met. */
static int64_t take_by_row(struct match *m, uint64_t row)
{
	size_t at = row_slot(m, row);

	for (int32_t p = m->by_row[at]; p != NONE; p = m->next[p])
		if (!m->given[p]) {
			if (m->next[p] != NONE)
				m->by_row[at] = p;
			return give(m, p);
		}
	return NONE;
}

int64_t match_take(struct match *m, uint64_t key, uint64_t row)
{
	int32_t slot = key ? m->by_key[key_slot(m, key)] : NONE;

	if (slot >= 0)
		return m->given[slot] ? NONE : give(m, slot);
	return take_by_row(m, row);
}

size_t match_left(const struct match *m)
{
	return m->left;
}

void match_reset(struct match *m)
{
	memset(m->given, 0, m->count * sizeof *m->given);
	memset(m->by_row, 0xff, (m->mask + 1) * sizeof *m->by_row);
	memset(m->by_key, 0xff, (m->mask + 1) * sizeof *m->by_key);
	m->left = m->count;
	for (size_t i = m->count; i-- > 0;) {
		add_row(m, (int32_t)i);
		add_key(m, (int32_t)i);
	}
}
