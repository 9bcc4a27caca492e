/* automap_words.c - the likely ones: fields whose name or label shares words with a header, the rare words counting most. */
#include "core/plan/automap_own.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum { LABEL, NAME, BAGS, BEST = 4 }; /* where both say the same, people know the label */

static const double enough = 0.66;      /* of the words' weight, where the cells say nothing */
static const double enough_with = 0.45; /* where they speak for it */
static const double for_it = 0.15;      /* what that adds */
static const double as_near = 0.96;     /* of the best: nobody can tell which of them is meant */

/* Where a word comes up. */
struct posting {
	uint32_t slot;
	uint8_t bag;
	uint32_t next; /* plus 1; 0: the last one */
};

struct entry {
	char word[WORD_ROOM];
	size_t len;
	uint32_t first;      /* posting, plus 1 */
	uint32_t slots;      /* that have it */
	uint32_t last_slot;  /* plus 1: so that one with it twice counts once */
	uint32_t next_alike; /* the next word with the same first letter, plus 1 */
	double weight;
};

struct vocabulary {
	struct entry *entries;
	size_t count;
	uint32_t *table; /* entry, plus 1, by hash */
	size_t mask;
	uint32_t alike[256]; /* by first byte: entry, plus 1 */
	struct posting *postings;
	size_t posting_count;
};

/* What a slot scores with the header at hand. */
struct score {
	double sum[BAGS];    /* of the weights of words in common */
	double given[BAGS];  /* by the header's word at hand */
	uint32_t word[BAGS]; /* which word that was */
	uint32_t column;     /* plus 1: of which header all this is */
};

struct candidate {
	double score;
	const struct slot *slot;
	int bag;
	enum fit fit;
};

struct likely {
	size_t column;
	struct candidate best[BEST]; /* best first */
	size_t count;
};

struct word_finder {
	struct finder *f;
	struct vocabulary v;
	double (*weights)[BAGS]; /* one a slot: of all words of the bag */
	struct score *scores;    /* one a slot */
	uint32_t *touched;
	size_t touched_count;
	uint32_t word; /* counts the headers' words */
};

static struct entry *entry_of(struct vocabulary *v, const char *word, bool add)
{
	size_t len = strlen(word);
	size_t at = hash_of((struct slice){ word, len }, 0) & v->mask;
	struct entry *e;

	for (; v->table[at]; at = (at + 1) & v->mask)
		if (strcmp(v->entries[v->table[at] - 1].word, word) == 0)
			return &v->entries[v->table[at] - 1];
	if (!add)
		return NULL;
	e = &v->entries[v->count++];
	snprintf(e->word, sizeof e->word, "%s", word);
	e->len = len;
	v->table[at] = (uint32_t)v->count;
	e->next_alike = v->alike[(unsigned char)word[0]];
	v->alike[(unsigned char)word[0]] = (uint32_t)v->count;
	return e;
}

static void add_bag(struct vocabulary *v, const struct words *w, uint32_t slot, int bag)
{
	for (size_t i = 0; i < w->count; i++) {
		struct entry *e = entry_of(v, w->at[i], true);

		v->postings[v->posting_count++] = (struct posting){ slot, (uint8_t)bag, e->first };
		e->first = (uint32_t)v->posting_count;
		e->slots += e->last_slot != slot + 1;
		e->last_slot = slot + 1;
	}
}

/* The words of a slot: for a lookup those of the way and of the key. "ID" behind a lookup's label says nothing there. */
static void bag_of(const struct slot *slot, int bag, struct words *w)
{
	struct words far;
	size_t kept = 0;

	if (bag == NAME)
		words_of(w, slice_of(slot->far ? slot->field->relationship : slot->field->name), true);
	else
		words_of(w, slice_of(slot->field->label), false);
	if (!slot->far)
		return;
	for (size_t i = 0; i < w->count; i++)
		if (strcmp(w->at[i], "id") != 0)
			memmove(w->at[kept++], w->at[i], WORD_ROOM);
	w->count = kept;
	words_of(&far, slice_of(bag == NAME ? slot->far->name : slot->far->label), bag == NAME);
	for (size_t i = 0; i < far.count && w->count < WORDS_MOST; i++)
		memcpy(w->at[w->count++], far.at[i], WORD_ROOM);
}

static bool make_vocabulary(struct word_finder *wf)
{
	struct finder *f = wf->f;
	struct vocabulary *v = &wf->v;
	size_t most = f->slot_count * BAGS * WORDS_MOST, room = 16;

	while (room < most * 2)
		room *= 2;
	v->mask = room - 1;
	v->table = arena_alloc(&f->scratch, room * sizeof *v->table);
	v->entries = arena_alloc(&f->scratch, (most + 1) * sizeof *v->entries);
	v->postings = arena_alloc(&f->scratch, (most + 1) * sizeof *v->postings);
	wf->weights = arena_alloc(&f->scratch, (f->slot_count + 1) * sizeof *wf->weights);
	wf->scores = arena_alloc(&f->scratch, (f->slot_count + 1) * sizeof *wf->scores);
	wf->touched = arena_alloc(&f->scratch, (f->slot_count + 1) * sizeof *wf->touched);
	return v->table && v->entries && v->postings && wf->weights && wf->scores && wf->touched;
}

/* About the binary logarithm of a number from 1 on: straight lines between the powers of two. */
static double rarity(double n)
{
	double whole = 0;

	while (n >= 2) {
		n /= 2;
		whole++;
	}
	return whole + n - 1;
}

static void fill_vocabulary(struct word_finder *wf)
{
	const struct finder *f = wf->f;
	struct vocabulary *v = &wf->v;
	struct words w;

	for (uint32_t i = 0; i < f->slot_count; i++)
		for (int bag = 0; bag < BAGS; bag++) {
			bag_of(&f->slots[i], bag, &w);
			add_bag(v, &w, i, bag);
		}
	for (size_t i = 0; i < v->count; i++) {
		struct entry *e = &v->entries[i];

		e->weight = rarity(1 + (double)f->slot_count / e->slots);
		for (uint32_t p = e->first; p; p = v->postings[p - 1].next)
			wf->weights[v->postings[p - 1].slot][v->postings[p - 1].bag] += e->weight;
	}
}

/* Is one letter more, less or other between them? Both have five at least. */
static bool one_letter(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t same = 0, end = 0;
	size_t shorter = a_len < b_len ? a_len : b_len;

	while (same < shorter && a[same] == b[same])
		same++;
	while (end < shorter - same && a[a_len - 1 - end] == b[b_len - 1 - end])
		end++;
	return same + end + 1 >= (a_len > b_len ? a_len : b_len);
}

/* How much of a word the other is: 1 the same, less for a beginning or a typing error. */
static double alike(const char *a, size_t a_len, const struct entry *e)
{
	size_t shorter = a_len < e->len ? a_len : e->len;

	if (a_len == e->len && memcmp(a, e->word, a_len) == 0)
		return 1;
	if (shorter >= 4 && memcmp(a, e->word, shorter) == 0)
		return 0.8;
	if (shorter >= 5 && one_letter(a, a_len, e->word, e->len))
		return 0.8;
	return 0;
}

static void give(struct word_finder *wf, size_t column, const struct posting *p, double points)
{
	struct score *s = &wf->scores[p->slot];

	if (s->column != column + 1) {
		*s = (struct score){ .column = (uint32_t)column + 1 };
		wf->touched[wf->touched_count++] = p->slot;
	}
	if (s->word[p->bag] != wf->word) {
		s->word[p->bag] = wf->word;
		s->given[p->bag] = 0;
	}
	if (points > s->given[p->bag]) {
		s->sum[p->bag] += points - s->given[p->bag];
		s->given[p->bag] = points;
	}
}

/* Gives points to all slots that have a word like this one. Returns its own weight. */
static double look_up(struct word_finder *wf, size_t column, const char *word)
{
	struct vocabulary *v = &wf->v;
	const struct entry *same = entry_of(v, word, false);
	size_t len = strlen(word);

	wf->word++;
	for (uint32_t at = v->alike[(unsigned char)word[0]]; at; at = v->entries[at - 1].next_alike) {
		const struct entry *e = &v->entries[at - 1];
		double like = alike(word, len, e);

		for (uint32_t p = like > 0 ? e->first : 0; p; p = v->postings[p - 1].next)
			give(wf, column, &v->postings[p - 1], like * e->weight);
	}
	return same ? same->weight : rarity(1 + (double)wf->f->slot_count);
}

static void insert(struct likely *l, const struct candidate *c)
{
	size_t at = l->count;

	while (at > 0 && (l->best[at - 1].score < c->score ||
	                  (l->best[at - 1].score == c->score && l->best[at - 1].slot > c->slot)))
		at--;
	if (at == BEST)
		return;
	if (l->count < BEST)
		l->count++;
	memmove(&l->best[at + 1], &l->best[at], (l->count - at - 1) * sizeof *l->best);
	l->best[at] = *c;
}

static void consider(const struct word_finder *wf, struct likely *l, uint32_t slot, double weight)
{
	const struct finder *f = wf->f;
	const struct profile *p = f->r->profiles ? &f->r->profiles[l->column] : NULL;
	struct candidate c = { .slot = &f->slots[slot] };

	for (int bag = 0; bag < BAGS; bag++) {
		double score = 2 * wf->scores[slot].sum[bag] / (weight + wf->weights[slot][bag]);

		if (score > c.score) {
			c.score = score;
			c.bag = bag;
		}
	}
	if (c.score < enough_with || !slot_free(f, c.slot))
		return;
	c.fit = fit_of(f, c.slot, p);
	if (c.fit == FIT_AGAINST || (c.fit == FIT_NEUTRAL && c.score < enough))
		return;
	c.score += c.fit == FIT_FOR ? for_it : 0;
	insert(l, &c);
}

static void look(struct word_finder *wf, struct likely *l)
{
	struct words header;
	double weight = 0;

	words_of(&header, wf->f->r->columns[l->column], false);
	wf->touched_count = 0;
	for (size_t i = 0; i < header.count; i++)
		weight += look_up(wf, l->column, header.at[i]);
	for (size_t i = 0; i < wf->touched_count; i++)
		consider(wf, l, wf->touched[i], weight);
}

static int best_first(const void *a, const void *b)
{
	const struct likely *x = a, *y = b;
	double m = x->count ? x->best[0].score : 0, n = y->count ? y->best[0].score : 0;

	if (m != n)
		return m < n ? 1 : -1;
	return x->column < y->column ? -1 : 1;
}

static bool take(struct finder *f, const struct likely *l, const struct candidate *c)
{
	const struct profile *p = f->r->profiles ? &f->r->profiles[l->column] : NULL;
	char name[128], fits[96] = "", why[TARGET_WHY];

	if (c->bag == NAME || c->slot->far)
		slot_name(c->slot, name, sizeof name);
	else
		snprintf(name, sizeof name, "%s", c->slot->field->label);
	if (c->fit == FIT_FOR)
		fit_words(c->slot, p, fits, sizeof fits);
	snprintf(why, sizeof why, "like its %s \"%.80s\"%s%s",
	         c->bag == NAME || c->slot->far ? "name" : "label", name, *fits ? "; " : "", fits);
	return slot_take(f, l->column, c->slot, SURE_GUESSED, why);
}

/* The best that is still to be had, unless a second one is as near. */
static bool decide(struct finder *f, const struct likely *l)
{
	const struct candidate *first = NULL, *second = NULL;
	char a[128], b[128], why[TARGET_WHY];

	for (size_t i = 0; i < l->count && !second; i++) {
		if (!slot_free(f, l->best[i].slot))
			continue;
		if (!first)
			first = &l->best[i];
		else if (l->best[i].slot->field != first->slot->field)
			second = &l->best[i];
	}
	if (!first)
		return true;
	if (!second || second->score < as_near * first->score)
		return take(f, l, first);
	slot_name(first->slot, a, sizeof a);
	slot_name(second->slot, b, sizeof b);
	snprintf(why, sizeof why, "may be %.90s or %.90s", a, b);
	f->matches[l->column].why = arena_text(f->keep, why);
	return f->matches[l->column].why != NULL;
}

bool automap_by_words(struct finder *f)
{
	struct word_finder wf = { .f = f };
	struct likely *all = arena_alloc(&f->scratch, (f->r->column_count + 1) * sizeof *all);
	size_t count = 0;

	if (!all || !make_vocabulary(&wf))
		return false;
	fill_vocabulary(&wf);
	for (size_t i = 0; i < f->r->column_count; i++) {
		if (!f->r->open[i] || f->matches[i].target.field || f->matches[i].why)
			continue;
		all[count].column = i;
		look(&wf, &all[count++]);
	}
	qsort(all, count, sizeof *all, best_first);
	for (size_t i = 0; i < count; i++)
		if (!decide(f, &all[i]))
			return false;
	return true;
}
