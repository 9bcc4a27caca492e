#include "ui/command/singer_seen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void singer_seen_init(struct singer_seen *s, const char *folder)
{
	*s = (struct singer_seen){ .folder = folder, .file = { .fd = -1 }, .held = -1 };
}

void singer_seen_release(struct singer_seen *s)
{
	sorter_free(s->sorter);
	scratch_close(&s->file);
	free(s->firsts);
	free(s->used);
	singer_seen_init(s, s->folder);
}

enum err_code singer_seen_add(struct singer_seen *s, uint64_t hash, struct err *e)
{
	const struct sorter_item item = { { hash, 0, 0, 0 } };

	if (!s->sorter && sorter_new(&s->sorter, 1, s->folder, e) != ERR_OK)
		return e->code;
	if (sorter_add(s->sorter, &item, e) == ERR_OK)
		s->count++;
	return e->code;
}

/* Writes what is in order, a block at a time. */
static enum err_code write_sorted(struct singer_seen *s, struct err *e)
{
	struct sorter_item item;
	int64_t n = 0;
	bool more = true;

	for (int64_t at = 0; at < s->count; at++) {
		if (sorter_next(s->sorter, &item, &more, e) != ERR_OK)
			return e->code;
		if (n == 0)
			s->firsts[s->blocks++] = item.word[0];
		s->block[n++] = item.word[0];
		if (n < SINGER_SEEN_BLOCK && at + 1 < s->count)
			continue;
		if (scratch_write(&s->file,
		                  (struct slice){ (const char *)s->block, (size_t)n * sizeof *s->block },
		                  e) != ERR_OK)
			return e->code;
		n = 0;
	}
	return ERR_OK;
}

enum err_code singer_seen_end(struct singer_seen *s, struct err *e)
{
	size_t blocks = (size_t)(s->count / SINGER_SEEN_BLOCK) + 1;

	if (s->count == 0)
		return ERR_OK;
	s->firsts = calloc(blocks, sizeof *s->firsts);
	s->used = calloc((size_t)s->count / 8 + 1, 1);
	if (!s->firsts || !s->used)
		return err_memory(e, "records that were settled before");
	if (sorter_begin(s->sorter, e) == ERR_OK && scratch_open(&s->file, s->folder, e) == ERR_OK)
		write_sorted(s, e);
	sorter_free(s->sorter);
	s->sorter = NULL;
	return e->code;
}

static enum err_code hold(struct singer_seen *s, int64_t number, struct err *e)
{
	int64_t left = s->count - number * SINGER_SEEN_BLOCK;
	size_t len = sizeof s->block, got = 0;

	if (left < SINGER_SEEN_BLOCK)
		len = (size_t)left * sizeof *s->block;
	while (s->held != number && got < len) {
		ssize_t n = pread(s->file.fd, (char *)s->block + got, len - got,
		                  number * (int64_t)sizeof s->block + (int64_t)got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_set(e, ERR_FILE, "cannot read what was settled before: %s", strerror(errno));
		got += (size_t)n;
	}
	s->held = number;
	return ERR_OK;
}

/* How many are less than `hash`. */
static enum err_code count_below(struct singer_seen *s, uint64_t hash, int64_t *below, struct err *e)
{
	int64_t low = 0, high = s->blocks, block;

	while (low < high) {
		int64_t middle = low + (high - low) / 2;

		if (s->firsts[middle] < hash)
			low = middle + 1;
		else
			high = middle;
	}
	*below = 0;
	if (low == 0)
		return ERR_OK;
	block = low - 1;
	if (hold(s, block, e) != ERR_OK)
		return e->code;
	low = 0;
	high = s->count - block * SINGER_SEEN_BLOCK;
	high = high < SINGER_SEEN_BLOCK ? high : SINGER_SEEN_BLOCK;
	while (low < high) {
		int64_t middle = low + (high - low) / 2;

		if (s->block[middle] < hash)
			low = middle + 1;
		else
			high = middle;
	}
	*below = block * SINGER_SEEN_BLOCK + low;
	return ERR_OK;
}

static bool is_used(const struct singer_seen *s, int64_t at)
{
	return s->used[at / 8] >> (at % 8) & 1;
}

enum err_code singer_seen_find(struct singer_seen *s, uint64_t hash, bool *has, struct err *e)
{
	int64_t low, high, end = s->count;

	*has = false;
	if (s->count == 0)
		return ERR_OK;
	if (count_below(s, hash, &low, e) != ERR_OK ||
	    (hash < UINT64_MAX && count_below(s, hash + 1, &end, e) != ERR_OK))
		return e->code;
	for (high = end; low < high;) {
		int64_t middle = low + (high - low) / 2;

		if (is_used(s, middle))
			low = middle + 1;
		else
			high = middle;
	}
	*has = low < end;
	if (*has)
		s->used[low / 8] |= (uint8_t)(1u << (low % 8));
	return ERR_OK;
}
