/*
 * keys.h - which records of a file share a key, and which of them are left out for it.
 *
 * A key is that of the action (Id, external id), for an insert every unique field that is sent. Salesforce refuses all records
 * of a request that share one, and across requests their order is not known (salesforce-api.md): somebody has to choose.
 * Where an insert sends no unique field, records that are the same in all that is sent are counted. Memory does not grow
 * with the file (sorter.h). Keys are told apart by 85 bits of hash, of up to 2^40 records.
 */
#ifndef LONGSHORE_PLAN_KEYS_H
#define LONGSHORE_PLAN_KEYS_H

#include "core/plan/plan.h"

/* Which record of those with one key is sent. */
/* clang-format off */
#define SAME_KEYS(X)                                   \
	X(ASK, "")      /* nobody has chosen: none */  \
	X(FIRST, "first")                              \
	X(LAST, "last")                                \
	X(NONE, "none")
/* clang-format on */
enum same_key {
#define X(name, text) SAME_KEY_##name,
	SAME_KEYS(X)
#undef X
};
const char *same_key_name(enum same_key same_key);
bool same_key_of(const char *name, enum same_key *same_key);

enum { KEYS_MOST = 8, KEYS_EXAMPLES = 3 };

/* What was found for one key column. */
struct keys_found {
	const char *field; /* as in the payload's header */
	int64_t keys;      /* that more than one record has */
	int64_t records;   /* that share one with another */
	int64_t examples
		[KEYS_EXAMPLES]; /* numbers of records that share the key which comes up first, 2 or 3 */
	size_t example_count;
};

struct keys;

/* `folder` (may be NULL) is for what is sorted, as with sorter_new(); plan and folder must outlive it. ERR_INTERNAL without
 * memory. keys_free() takes NULL. */
enum err_code keys_new(struct keys **keys, const struct plan *plan, enum same_key same_key, const char *folder,
                       struct err *e);
void keys_free(struct keys *keys);

/* The record that the plan converted last, in the order of the file. ERR_FILE as sorter_add(). */
enum err_code keys_add(struct keys *keys, const struct record *record, struct err *e);

/* All records were added: compares them. */
enum err_code keys_end(struct keys *keys, struct err *e);

/* After keys_end(): what was found, a row a key column of the plan. */
const struct keys_found *keys_found(const struct keys *keys, size_t *count);

/* How many records are left out; and, where there is no key column, how many say what one before them says, with the number of the
 * first of those, or 0. */
int64_t keys_left_out(const struct keys *keys);
int64_t keys_same(const struct keys *keys, int64_t *record);

/* The records that are left out, in the order of the file; keys_begin() goes back to the first one. */
enum err_code keys_begin(struct keys *keys, struct err *e);
enum err_code keys_next(struct keys *keys, int64_t *record, struct plan_bar *bar, bool *more, struct err *e);

/* What a value of the record that plan_record() converted last is known by: the same for equal ones of a column, 0 if there is
 * none. */
uint64_t keys_hash(const struct plan *plan, size_t column);
uint64_t keys_hash_of(const struct plan *plan, size_t column, struct slice value); /* of any value of it */

/* Has that record this key? In which field goes to *field. */
bool keys_has(const struct plan *plan, uint64_t key, const char **field);

#endif
