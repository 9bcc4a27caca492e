#include "core/plan/sorter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/source/scratch.h"

enum {
	FIRST_ROOM = 1024,
	MOST_WORDS = 16 * 1024 * 1024 / sizeof(uint64_t), /* in memory */
	LEAST_PIECE = 16,                                 /* items of a run that are read at once */
	FEW = 24,                                         /* items that are put in order one by one */
	DIGIT = 8,                                        /* bits by which more are spread */
	DIGITS = 1 << DIGIT,
};

/* A sorted run in the file, read piece by piece. */
struct run {
	int64_t at, end; /* offsets: what is not read yet */
	uint64_t *piece;
	size_t count, next; /* items of the piece */
};

struct sorter {
	const char *folder;
	struct scratch file;
	size_t words;    /* of an item */
	size_t most;     /* items in memory */
	uint64_t *items; /* `words` each */
	size_t count, room;
	struct run *runs;
	size_t run_count, run_room;
	size_t *heap; /* runs with something left, the one with the least item first */
	size_t heap_count;
	size_t piece; /* items */
	size_t next;  /* of `items`, where there is no file */
};

static bool is_before(const uint64_t *a, const uint64_t *b, size_t words)
{
	for (size_t i = 0; i < words; i++)
		if (a[i] != b[i])
			return a[i] < b[i];
	return false;
}

static void copy_item(uint64_t *to, const uint64_t *from, size_t words)
{
	for (size_t i = 0; i < words; i++)
		to[i] = from[i];
}

static void sort_few(uint64_t *items, size_t count, size_t words)
{
	uint64_t held[SORTER_WORDS];

	for (size_t i = 1; i < count; i++) {
		size_t at = i;

		copy_item(held, items + i * words, words);
		for (; at > 0 && is_before(held, items + (at - 1) * words, words); at--)
			copy_item(items + at * words, items + (at - 1) * words, words);
		copy_item(items + at * words, held, words);
	}
}

/* Bits that a digit is shifted by, so that the first one tells the items of a word apart; -1 where all have the same. */
static int first_digit(const uint64_t *items, size_t count, size_t words)
{
	uint64_t differ = 0;

	for (size_t i = 1; i < count; i++)
		differ |= items[0] ^ items[i * words];
	if (differ == 0)
		return -1;
	return 63 - __builtin_clzll(differ) < DIGIT ? 0 : 64 - __builtin_clzll(differ) - DIGIT;
}

static size_t digit_of(const uint64_t *item, size_t word, int shift)
{
	return (item[word] >> shift) % DIGITS;
}

static void swap_items(uint64_t *a, uint64_t *b, size_t words)
{
	for (size_t i = 0; i < words; i++) {
		uint64_t held = a[i];

		a[i] = b[i];
		b[i] = held;
	}
}

/* Puts each item where those of its digit belong: ends[d] becomes the place behind digit d's last one. */
static void spread(uint64_t *items, size_t count, size_t words, size_t word, int shift, size_t ends[DIGITS])
{
	size_t next[DIGITS] = { 0 };

	for (size_t i = 0; i < count; i++)
		next[digit_of(items + i * words, word, shift)]++;
	for (size_t d = 0, begin = 0; d < DIGITS; d++) {
		ends[d] = begin + next[d];
		next[d] = begin;
		begin = ends[d];
	}
	for (size_t d = 0; d < DIGITS; d++)
		while (next[d] < ends[d]) {
			uint64_t *item = items + next[d] * words;
			size_t goes_to = digit_of(item, word, shift);

			if (goes_to != d)
				swap_items(item, items + next[goes_to] * words, words);
			next[goes_to]++;
		}
}

/* By digits, the most significant one that tells the items apart first. `word` is the one looked at, they are alike in those before
 * it. */
static void sort_items(uint64_t *items, size_t count, size_t words, size_t word)
{
	size_t ends[DIGITS];
	int shift = -1;

	while (word < words && (shift = first_digit(items + word, count, words)) < 0)
		word++;
	if (word == words)
		return;
	spread(items, count, words, word, shift, ends);
	for (size_t d = 0, begin = 0; d < DIGITS; begin = ends[d++])
		if (ends[d] - begin > FEW)
			sort_items(items + begin * words, ends[d] - begin, words, word);
		else
			sort_few(items + begin * words, ends[d] - begin, words);
}

static void sort_all(struct sorter *s)
{
	if (s->count > 0)
		sort_items(s->items, s->count, s->words, 0);
}

enum err_code sorter_new(struct sorter **sorter, size_t words, const char *folder, struct err *e)
{
	struct sorter *s = calloc(1, sizeof *s);

	*sorter = s;
	if (!s)
		return err_memory(e, "sorting");
	s->words = words;
	s->most = MOST_WORDS / words;
	s->folder = folder;
	s->file.fd = -1;
	return ERR_OK;
}

void sorter_free(struct sorter *s)
{
	if (!s)
		return;
	scratch_close(&s->file);
	free(s->items);
	free(s->runs);
	free(s->heap);
	free(s);
}

static enum err_code add_run(struct sorter *s, struct err *e)
{
	if (s->run_count == s->run_room) {
		size_t room = s->run_room ? s->run_room * 2 : 16;
		struct run *bigger = realloc(s->runs, room * sizeof *bigger);

		if (!bigger)
			return err_memory(e, "sorting");
		s->runs = bigger;
		s->run_room = room;
	}
	if ((s->run_count + 1) * LEAST_PIECE > s->most)
		return err_set(e, ERR_FILE,
		               "there are more records than can be compared by their keys: split the file");
	s->runs[s->run_count++] = (struct run){ .at = s->file.size };
	return ERR_OK;
}

/* What is in memory becomes a run of the file. */
static enum err_code spill(struct sorter *s, struct err *e)
{
	struct slice bytes = { (const char *)s->items, s->count * s->words * sizeof *s->items };

	if (s->count == 0)
		return ERR_OK;
	if (s->file.fd < 0 && scratch_open(&s->file, s->folder, e) != ERR_OK)
		return e->code;
	sort_all(s);
	s->count = 0;
	if (add_run(s, e) != ERR_OK)
		return e->code;
	return scratch_write(&s->file, bytes, e);
}

static bool grow(struct sorter *s)
{
	size_t room = s->room ? s->room * 2 : FIRST_ROOM;
	uint64_t *bigger = realloc(s->items, room * s->words * sizeof *bigger);

	if (!bigger)
		return false;
	s->items = bigger;
	s->room = room;
	return true;
}

enum err_code sorter_add(struct sorter *s, const struct sorter_item *item, struct err *e)
{
	if (s->count == s->most && spill(s, e) != ERR_OK)
		return e->code;
	if (s->count == s->room && !grow(s))
		return err_memory(e, "sorting");
	copy_item(s->items + s->count++ * s->words, item->word, s->words);
	return ERR_OK;
}

static enum err_code read_piece(struct sorter *s, struct run *run, struct err *e)
{
	size_t size = s->words * sizeof *run->piece, want = s->piece * size, got = 0;

	if ((int64_t)want > run->end - run->at)
		want = (size_t)(run->end - run->at);
	while (got < want) {
		ssize_t n = pread(s->file.fd, (char *)run->piece + got, want - got, run->at + (int64_t)got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_set(e, ERR_FILE, "cannot read what was sorted in %s: %s", s->file.folder,
			               n < 0 ? strerror(errno) : "it is shorter than it was");
		got += (size_t)n;
	}
	run->at += (int64_t)want;
	run->count = want / size;
	run->next = 0;
	return ERR_OK;
}

static bool is_less(const struct sorter *s, size_t a, size_t b)
{
	const struct run *x = &s->runs[s->heap[a]], *y = &s->runs[s->heap[b]];

	return is_before(x->piece + x->next * s->words, y->piece + y->next * s->words, s->words);
}

/* Moves the run at `i` down to where it belongs. */
static void sift(struct sorter *s, size_t i)
{
	for (;;) {
		size_t least = i, run;

		for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < s->heap_count; child++)
			if (is_less(s, child, least))
				least = child;
		if (least == i)
			return;
		run = s->heap[i];
		s->heap[i] = s->heap[least];
		s->heap[least] = run;
		i = least;
	}
}

/* Each run begins where it was written, and shares the memory in which the items were. */
static enum err_code open_runs(struct sorter *s, struct err *e)
{
	int64_t begin = 0;

	s->piece = s->most / s->run_count;
	for (size_t i = 0; i < s->run_count; i++) {
		struct run *run = &s->runs[i];

		*run = (struct run){ .at = begin, .piece = s->items + i * s->piece * s->words };
		run->end = begin + (int64_t)(s->most * s->words * sizeof *s->items);
		if (run->end > s->file.size)
			run->end = s->file.size;
		begin = run->end;
		s->heap[i] = i;
		if (read_piece(s, run, e) != ERR_OK)
			return e->code;
	}
	s->heap_count = s->run_count;
	for (size_t i = s->heap_count / 2 + 1; i-- > 0;)
		sift(s, i);
	return ERR_OK;
}

enum err_code sorter_begin(struct sorter *s, struct err *e)
{
	s->next = 0;
	if (s->run_count == 0) {
		sort_all(s);
		return ERR_OK;
	}
	if (spill(s, e) != ERR_OK)
		return e->code;
	free(s->heap);
	s->heap = malloc(s->run_count * sizeof *s->heap);
	return s->heap ? open_runs(s, e) : err_memory(e, "sorting");
}

enum err_code sorter_next(struct sorter *s, struct sorter_item *item, bool *more, struct err *e)
{
	struct run *run;

	*more = s->run_count ? s->heap_count > 0 : s->next < s->count;
	if (!*more)
		return ERR_OK;
	*item = (struct sorter_item){ { 0 } };
	if (s->run_count == 0) {
		copy_item(item->word, s->items + s->next++ * s->words, s->words);
		return ERR_OK;
	}
	run = &s->runs[s->heap[0]];
	copy_item(item->word, run->piece + run->next++ * s->words, s->words);
	if (run->next == run->count && run->at < run->end && read_piece(s, run, e) != ERR_OK)
		return e->code;
	if (run->next == run->count)
		s->heap[0] = s->heap[--s->heap_count];
	sift(s, 0);
	return ERR_OK;
}
