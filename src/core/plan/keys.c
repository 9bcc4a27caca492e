#include "core/plan/keys.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "core/plan/plan_check.h"
#include "core/plan/sorter.h"

/*
 * In the items that are compared: 64 bits of the key's hash; then 21 more, the column, and the record, so that the one to be kept comes
 * first. In those of what is left out: record, the other one, key.
 */
enum { COMPARED_WORDS = 2, OUT_WORDS = 3, RECORD_BITS = 40, COLUMN_BITS = 3 };

static const uint64_t most_records = (UINT64_C(1) << RECORD_BITS) - 1;

struct keys {
	const struct plan *plan;
	enum same_key choice;
	size_t columns[KEYS_MOST]; /* positions in the layout */
	struct keys_found found[KEYS_MOST];
	size_t column_count;
	struct sorter *all, *out;
	int64_t left_out, same, same_record;
	int64_t given; /* the record of keys_next() before: one that shares two keys is given once */
};

/* The records of one key, as they come out of the sorter. */
struct group {
	struct sorter_item first;
	int64_t count;
	int64_t examples[KEYS_EXAMPLES];
};

static const char *const same_key_names[] = {
#define X(name, text) [SAME_KEY_##name] = text,
	SAME_KEYS(X)
#undef X
};

const char *same_key_name(enum same_key same_key)
{
	return same_key_names[same_key];
}

bool same_key_of(const char *name, enum same_key *same_key)
{
	for (size_t i = 0; i < sizeof same_key_names / sizeof same_key_names[0]; i++)
		if (strcmp(name, same_key_names[i]) == 0) {
			*same_key = (enum same_key)i;
			return true;
		}
	return false;
}

static bool is_key(const struct plan *plan, const struct mapped *m)
{
	return plan->key ? plan_check_is_key(plan, m) : !m->far && m->field->unique;
}

/* Positions in the layout of the columns that are keys. */
static size_t key_columns(const struct plan *plan, size_t columns[KEYS_MOST])
{
	size_t count = 0;

	for (size_t i = 0; i < plan->mapping->count && count < KEYS_MOST; i++)
		if (is_key(plan, &plan->mapping->entries[i]))
			columns[count++] = i;
	return count;
}

/* The column is part of it: the same text in two of them is no key that is used twice. */
static struct hash_pair key_of(const struct plan *plan, size_t column, struct slice value)
{
	return layout_key_hash(&plan->layout, column, value, column + 1);
}

uint64_t keys_hash(const struct plan *plan, size_t column)
{
	return key_of(plan, column, plan_cells(plan)[column]).first;
}

uint64_t keys_hash_of(const struct plan *plan, size_t column, struct slice value)
{
	return key_of(plan, column, value).first;
}

bool keys_has(const struct plan *plan, uint64_t key, const char **field)
{
	size_t columns[KEYS_MOST], count = key_columns(plan, columns);

	for (size_t i = 0; i < count; i++)
		if (keys_hash(plan, columns[i]) == key) {
			*field = plan->layout.columns[columns[i]].name;
			return true;
		}
	return false;
}

enum err_code keys_new(struct keys **keys, const struct plan *plan, enum same_key same_key, const char *folder,
                       struct err *e)
{
	struct keys *k = calloc(1, sizeof *k);

	*keys = k;
	if (!k)
		return err_memory(e, "the keys");
	k->plan = plan;
	k->choice = same_key;
	k->column_count = key_columns(plan, k->columns);
	for (size_t i = 0; i < k->column_count; i++)
		k->found[i].field = plan->layout.columns[k->columns[i]].name;
	if (sorter_new(&k->all, COMPARED_WORDS, folder, e) == ERR_OK)
		sorter_new(&k->out, OUT_WORDS, folder, e);
	return e->code;
}

void keys_free(struct keys *k)
{
	if (!k)
		return;
	sorter_free(k->all);
	sorter_free(k->out);
	free(k);
}

/* The number as it is compared, and back again. */
static uint64_t ordered(const struct keys *k, uint64_t record)
{
	return k->choice == SAME_KEY_LAST ? most_records - record : record;
}

/* The record's number in what was compared. */
static uint64_t record_of(const struct keys *k, const struct sorter_item *item)
{
	return ordered(k, item->word[1] & most_records);
}

static size_t column_of(const struct sorter_item *item)
{
	return (item->word[1] >> RECORD_BITS) % KEYS_MOST;
}

static bool same_key(const struct sorter_item *a, const struct sorter_item *b)
{
	return a->word[0] == b->word[0] && a->word[1] >> RECORD_BITS == b->word[1] >> RECORD_BITS;
}

/* `which` is one of the key columns, 0 for the whole record. */
static enum err_code add_hash(struct keys *k, struct hash_pair hash, size_t which, int64_t record,
                              struct err *e)
{
	struct sorter_item item = { { hash.first } };

	item.word[1] = hash.second >> (RECORD_BITS + COLUMN_BITS) << (RECORD_BITS + COLUMN_BITS) |
	               (uint64_t)which << RECORD_BITS | (ordered(k, (uint64_t)record) & most_records);
	return sorter_add(k->all, &item, e);
}

/* Of all that is sent. Each cell's hash has its column for a seed, so that ("a", "") and ("", "a") differ. */
static struct hash_pair whole_of(const struct plan *plan)
{
	const uint64_t odd = 0x9e3779b97f4a7c15u;
	struct hash_pair whole = { 0 };

	for (size_t i = 0; i < plan->layout.count; i++) {
		uint64_t cell = hash_of(plan_cells(plan)[i], i + 1);

		whole.first += cell;
		whole.second = whole.second * odd + cell;
	}
	return whole;
}

enum err_code keys_add(struct keys *k, const struct record *record, struct err *e)
{
	if (k->column_count == 0)
		return add_hash(k, whole_of(k->plan), 0, record->number, e);
	for (size_t i = 0; i < k->column_count; i++) {
		struct hash_pair hash = key_of(k->plan, k->columns[i], plan_cells(k->plan)[k->columns[i]]);

		if (hash.first && add_hash(k, hash, i, record->number, e) != ERR_OK)
			return e->code;
	}
	return ERR_OK;
}

static enum err_code leave_out(struct keys *k, const struct sorter_item *item, const struct sorter_item *other,
                               struct err *e)
{
	struct sorter_item out = { { record_of(k, item), record_of(k, other), item->word[0] } };

	return sorter_add(k->out, &out, e);
}

static bool keeps_one(const struct keys *k)
{
	return k->choice == SAME_KEY_FIRST || k->choice == SAME_KEY_LAST;
}

/* The group is complete. */
static void count_group(struct keys *k, const struct group *g)
{
	struct keys_found *found = &k->found[column_of(&g->first)];

	if (g->count < 2 || k->column_count == 0)
		return;
	found->keys++;
	found->records += g->count;
	if (found->example_count && found->examples[0] < g->examples[0])
		return;
	found->example_count = g->count < KEYS_EXAMPLES ? (size_t)g->count : KEYS_EXAMPLES;
	memcpy(found->examples, g->examples, sizeof found->examples);
}

/* One more record of the group's key. */
static enum err_code add_to_group(struct keys *k, struct group *g, const struct sorter_item *item,
                                  struct err *e)
{
	int64_t record = (int64_t)record_of(k, item);

	if (g->count < KEYS_EXAMPLES)
		g->examples[g->count] = record;
	if (++g->count == 1) {
		g->first = *item;
		return ERR_OK;
	}
	if (k->column_count == 0) {
		k->same++;
		if (!k->same_record || record < k->same_record)
			k->same_record = record;
		return ERR_OK;
	}
	if (g->count == 2 && !keeps_one(k) && leave_out(k, &g->first, item, e) != ERR_OK)
		return e->code;
	return leave_out(k, item, &g->first, e);
}

static enum err_code compare_all(struct keys *k, struct err *e)
{
	struct group group = { .count = 0 };
	struct sorter_item item;
	bool more = true;

	if (sorter_begin(k->all, e) != ERR_OK)
		return e->code;
	while (sorter_next(k->all, &item, &more, e) == ERR_OK && more) {
		if (group.count && !same_key(&item, &group.first)) {
			count_group(k, &group);
			group.count = 0;
		}
		if (add_to_group(k, &group, &item, e) != ERR_OK)
			return e->code;
	}
	count_group(k, &group);
	return e->code;
}

enum err_code keys_end(struct keys *k, struct err *e)
{
	struct plan_bar bar;
	int64_t record;
	bool more = true;

	if (compare_all(k, e) != ERR_OK)
		return e->code;
	sorter_free(k->all);
	k->all = NULL;
	if (keys_begin(k, e) != ERR_OK)
		return e->code;
	while (keys_next(k, &record, &bar, &more, e) == ERR_OK && more)
		k->left_out++;
	return e->code;
}

const struct keys_found *keys_found(const struct keys *k, size_t *count)
{
	*count = k->column_count;
	return k->found;
}

int64_t keys_left_out(const struct keys *k)
{
	return k->left_out;
}

int64_t keys_same(const struct keys *k, int64_t *record)
{
	*record = k->same_record;
	return k->same;
}

enum err_code keys_begin(struct keys *k, struct err *e)
{
	k->given = 0;
	return sorter_begin(k->out, e);
}

enum err_code keys_next(struct keys *k, int64_t *record, struct plan_bar *bar, bool *more, struct err *e)
{
	struct sorter_item item = { { 0 } };

	do {
		if (sorter_next(k->out, &item, more, e) != ERR_OK || !*more)
			return e->code;
	} while ((int64_t)item.word[0] == k->given);
	k->given = (int64_t)item.word[0];
	*record = k->given;
	*bar = (struct plan_bar){ .rule = RULE_SAME_KEY,
		                  .key = item.word[2],
		                  .other = (int64_t)item.word[1],
		                  .other_kept = keeps_one(k) };
	return ERR_OK;
}
