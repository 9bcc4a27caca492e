#include "ui/console/fuzzy.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>

enum { AT_START = 24, AT_WORD = 12, IN_A_ROW = 8, WHOLE = 40, EXACT_START = 20 };

static bool starts_word(struct slice text, size_t i)
{
	unsigned char here = (unsigned char)text.at[i];
	unsigned char last = i ? (unsigned char)text.at[i - 1] : '_';

	return last == '_' || last == '.' || last == ' ' || last == '-' || (isupper(here) && islower(last));
}

static bool same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Letters of the pattern in order, each taken as early as possible from `start` on; -1 if they are not all there. */
static int score_from(struct slice pattern, struct slice text, size_t start)
{
	size_t p = 0;
	size_t last = 0;
	int score = 0;

	for (size_t i = start; i < text.len && p < pattern.len; i++) {
		if (!same(text.at[i], pattern.at[p]))
			continue;
		if (i == 0)
			score += AT_START;
		else if (starts_word(text, i))
			score += AT_WORD;
		if (p > 0 && i == last + 1)
			score += IN_A_ROW;
		last = i;
		p++;
	}
	return p == pattern.len ? score : -1;
}

int fuzzy_score(struct slice pattern, struct slice text)
{
	int best = -1;

	if (!pattern.len)
		return 0;
	for (size_t i = 0; i + pattern.len <= text.len; i++) {
		int score;

		if (!same(text.at[i], pattern.at[0]))
			continue;
		score = score_from(pattern, text, i);
		if (score < 0)
			break; /* further to the right there is even less */
		if (score > best)
			best = score;
	}
	if (best < 0)
		return -1;
	if (slice_equal_fold(pattern, text))
		best += WHOLE;
	else if (slice_equal_fold(pattern, (struct slice){ text.at, pattern.len }))
		best += EXACT_START;
	best = best * 4 - (text.len < 100 ? (int)text.len : 100) / 4;
	return best > 0 ? best : 0;
}

struct ranked {
	int score;
	size_t i;
};

static int by_score(const void *a, const void *b)
{
	const struct ranked *x = a;
	const struct ranked *y = b;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return x->i < y->i ? -1 : 1;
}

static int best_of(struct slice pattern, fuzzy_text *text, const void *ctx, size_t i)
{
	int best = -1;
	const char *name;

	for (int which = 0; (name = text(ctx, i, which)) != NULL; which++) {
		int score = fuzzy_score(pattern, slice_of(name));

		if (score > best)
			best = score;
	}
	return best;
}

size_t fuzzy_rank(struct slice pattern, size_t count, fuzzy_text *text, const void *ctx, size_t *found)
{
	struct ranked *ranked = malloc((count + 1) * sizeof *ranked);
	size_t fitting = 0;

	if (!ranked)
		return 0;
	for (size_t i = 0; i < count; i++) {
		int score = best_of(pattern, text, ctx, i);

		if (score >= 0)
			ranked[fitting++] = (struct ranked){ score, i };
	}
	if (pattern.len)
		qsort(ranked, fitting, sizeof *ranked, by_score);
	for (size_t i = 0; i < fitting; i++)
		found[i] = ranked[i].i;
	free(ranked);
	return fitting;
}
