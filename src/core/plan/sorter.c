#include "core/plan/sorter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/source/scratch.h"

enum {
	FIRST_ROOM = 1024,
	MOST_ITEMS = 8 * 1024 * 1024 / sizeof(struct sorter_item), /* in memory; qsort() takes as much again */
	LEAST_PIECE = 16,                                          /* items of a run that are read at once */
};

/* A sorted run in the file, read piece by piece. */
struct run {
	int64_t at, end; /* offsets: what is not read yet */
	struct sorter_item *piece;
	size_t count, next; /* of the piece */
};

struct sorter {
	const char *folder;
	struct scratch file;
	struct sorter_item *items;
	size_t count, room;
	struct run *runs;
	size_t run_count, run_room;
	size_t *heap; /* runs with something left, the one with the least item first */
	size_t heap_count;
	size_t piece; /* items */
	size_t next;  /* of `items`, where there is no file */
};

static int compare(const void *a, const void *b)
{
	const struct sorter_item *x = a, *y = b;

	for (size_t i = 0; i < sizeof x->word / sizeof x->word[0]; i++)
		if (x->word[i] != y->word[i])
			return x->word[i] < y->word[i] ? -1 : 1;
	return 0;
}

enum err_code sorter_new(struct sorter **sorter, const char *folder, struct err *e)
{
	struct sorter *s = calloc(1, sizeof *s);

	*sorter = s;
	if (!s)
		return err_memory(e, "sorting");
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
	if ((s->run_count + 1) * LEAST_PIECE > MOST_ITEMS)
		return err_set(e, ERR_FILE,
		               "there are more records than can be compared by their keys: split the file");
	s->runs[s->run_count++] = (struct run){ .at = s->file.size };
	return ERR_OK;
}

/* What is in memory becomes a run of the file. */
static enum err_code spill(struct sorter *s, struct err *e)
{
	struct slice bytes = { (const char *)s->items, s->count * sizeof *s->items };

	if (s->count == 0)
		return ERR_OK;
	if (s->file.fd < 0 && scratch_open(&s->file, s->folder, e) != ERR_OK)
		return e->code;
	qsort(s->items, s->count, sizeof *s->items, compare);
	s->count = 0;
	if (add_run(s, e) != ERR_OK)
		return e->code;
	return scratch_write(&s->file, bytes, e);
}

static bool grow(struct sorter *s)
{
	size_t room = s->room ? s->room * 2 : FIRST_ROOM;
	struct sorter_item *bigger = realloc(s->items, room * sizeof *bigger);

	if (!bigger)
		return false;
	s->items = bigger;
	s->room = room;
	return true;
}

enum err_code sorter_add(struct sorter *s, const struct sorter_item *item, struct err *e)
{
	if (s->count == MOST_ITEMS && spill(s, e) != ERR_OK)
		return e->code;
	if (s->count == s->room && !grow(s))
		return err_memory(e, "sorting");
	s->items[s->count++] = *item;
	return ERR_OK;
}

static enum err_code read_piece(struct sorter *s, struct run *run, struct err *e)
{
	size_t want = s->piece * sizeof *run->piece, got = 0;

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
	run->count = want / sizeof *run->piece;
	run->next = 0;
	return ERR_OK;
}

static bool is_less(const struct sorter *s, size_t a, size_t b)
{
	const struct run *x = &s->runs[s->heap[a]], *y = &s->runs[s->heap[b]];

	return compare(&x->piece[x->next], &y->piece[y->next]) < 0;
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

	s->piece = MOST_ITEMS / s->run_count;
	for (size_t i = 0; i < s->run_count; i++) {
		struct run *run = &s->runs[i];

		*run = (struct run){ .at = begin, .piece = s->items + i * s->piece };
		run->end = begin + (int64_t)(MOST_ITEMS * sizeof *s->items);
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
		if (s->count > 0)
			qsort(s->items, s->count, sizeof *s->items, compare);
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
	if (s->run_count == 0) {
		*item = s->items[s->next++];
		return ERR_OK;
	}
	run = &s->runs[s->heap[0]];
	*item = run->piece[run->next++];
	if (run->next == run->count && run->at < run->end && read_piece(s, run, e) != ERR_OK)
		return e->code;
	if (run->next == run->count)
		s->heap[0] = s->heap[--s->heap_count];
	sift(s, 0);
	return ERR_OK;
}
