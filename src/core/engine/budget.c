#include "core/engine/budget.h"

#include <string.h>

#include "core/engine/pace.h"

enum {
	ID_BYTES = 27,    /* '001000000000001AAA', with quotes and comma as %27 and %2C */
	KEY_BYTES = 49,   /* the same of another key: nobody knows before it is read */
	CALLS_A_JOB = 7,  /* made, filled, closed, asked about twice, two results */
	AROUND_BYTES = 40 /* SELECT Id, FROM, WHERE and IN, encoded */
};

/* Bytes of a query's address without the keys. */
static size_t base_of(const struct plan *plan)
{
	size_t base = AROUND_BYTES + strlen(plan->object->name) + 2 * strlen(plan->key->name);

	for (size_t i = 0; i < plan->mapping->count; i++)
		base += strlen(plan->mapping->entries[i].field->name) + strlen("%2C");
	return base;
}

int64_t budget_look(const struct plan *plan, int64_t records)
{
	size_t base, key, keys;

	if (plan->action != ACTION_UPDATE && plan->action != ACTION_UPSERT)
		return 0;
	base = base_of(plan);
	key = plan->key->type == FIELD_ID ? ID_BYTES : KEY_BYTES;
	keys = base + key < BUDGET_LOOK_BYTES ? (BUDGET_LOOK_BYTES - base) / key : 1;
	keys = keys < BUDGET_LOOK_KEYS ? keys : BUDGET_LOOK_KEYS;
	return (records + (int64_t)keys - 1) / (int64_t)keys;
}

static int64_t pieces(int64_t records, int64_t most)
{
	return (records + most - 1) / most;
}

int64_t budget_send(bool in_requests, int64_t records, bool allow_failures, int64_t asked, int64_t *batches)
{
	int64_t jobs = 0;

	*batches = 0;
	if (in_requests)
		return pieces(records, asked > 0 && asked < PACE_REQUEST ? asked : PACE_REQUEST);
	while (records > 0) {
		int64_t most = pace_chunk_records(jobs < INT16_MAX ? (int)jobs + 1 : INT16_MAX, allow_failures,
		                                  asked);
		int64_t chunk = records > most ? pace_whole_batches(most) : records;

		*batches += pieces(chunk, PACE_BATCH);
		records -= chunk;
		jobs++;
	}
	return jobs * CALLS_A_JOB;
}

bool budget_is_little(int64_t calls, int64_t left)
{
	return calls * 100 <= left * BUDGET_KEEP_PERCENT;
}
