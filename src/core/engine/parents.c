#include "core/engine/parents.h"

#include <stdlib.h>
#include <string.h>

#include "core/plan/keys.h"
#include "core/plan/plan_check.h"
#include "core/plan/value.h"

enum { FIRST_ROOM = 1024, MOST_KNOWN = 1024 * 1024, MISSING = 1 };

bool parents_can_be_asked(const struct plan *plan, size_t column)
{
	const struct mapped *m = &plan->mapping->entries[column];

	if (action_deletes(plan->action) || m->field->type != FIELD_REFERENCE)
		return false;
	return m->far ? strcmp(m->parent, plan->object->name) != 0 : m->field->reference_count == 1;
}

bool parents_init(struct parents *p, const struct plan *plan, size_t column)
{
	const struct mapped *m = &plan->mapping->entries[column];

	*p = (struct parents){ .plan = plan,
		               .column = column,
		               .object = m->far ? m->parent : m->field->references[0],
		               .field = m->far ? m->far->name : "Id",
		               .known_mask = FIRST_ROOM - 1 };
	in_query_init(&p->query);
	p->waiting = malloc(PARENTS_WAITING * sizeof *p->waiting);
	p->known = calloc(FIRST_ROOM, sizeof *p->known);
	if (!p->waiting || !p->known)
		return false;
	in_query_begin(&p->query, &p->field, 1, p->object, p->field, plan->layout.columns[column].type);
	return true;
}

void parents_release(struct parents *p)
{
	free(p->waiting);
	free(p->known);
	if (p->plan)
		in_query_release(&p->query);
	*p = (struct parents){ 0 };
}

/* ---- what the org has said ---- */

/* The last bit is the answer's. */
static uint64_t as_known(uint64_t hash)
{
	return hash | MISSING;
}

static size_t slot_of(const struct parents *p, uint64_t hash)
{
	size_t at = (size_t)(hash >> 1) & p->known_mask;

	while (p->known[at] && as_known(p->known[at]) != as_known(hash))
		at = (at + 1) & p->known_mask;
	return at;
}

static void put(struct parents *p, uint64_t known)
{
	size_t at = slot_of(p, known);

	p->known_count += p->known[at] == 0;
	p->known[at] = known;
}

/* Twice the room; or, where that would be too much, it begins anew. */
static bool make_room(struct parents *p)
{
	size_t before = p->known_mask + 1;
	uint64_t *old = p->known;

	if (p->known_count * 2 < before)
		return true;
	if (p->known_count >= MOST_KNOWN) {
		memset(p->known, 0, before * sizeof *p->known);
		p->known_count = 0;
		return true;
	}
	p->known = calloc(2 * before, sizeof *p->known);
	if (!p->known) {
		p->known = old;
		return false;
	}
	p->known_mask = 2 * before - 1;
	p->known_count = 0;
	for (size_t i = 0; i < before; i++)
		if (old[i])
			put(p, old[i]);
	free(old);
	return true;
}

static bool remember(struct parents *p, const struct parents_value *value)
{
	uint64_t known = value->found ? value->hash & ~(uint64_t)MISSING : as_known(value->hash);

	if (!make_room(p))
		return false;
	put(p, known ? known : MISSING + 1);
	return true;
}

/* ---- asking ---- */

static size_t value_of(const struct parents *p, uint64_t hash)
{
	size_t i = 0;

	while (i < p->count && p->values[i].hash != hash)
		i++;
	return i;
}

static enum parents_said wait_for(struct parents *p, int64_t record, uint64_t hash, struct slice cell)
{
	size_t i = value_of(p, hash);

	if (p->waiting_count == PARENTS_WAITING ||
	    (i == p->count && (i == BUDGET_LOOK_KEYS || !in_query_add(&p->query, cell))))
		return PARENTS_FULL;
	if (i == p->count)
		p->values[p->count++] = (struct parents_value){ .hash = hash };
	p->waiting[p->waiting_count++] = (struct parents_waiting){ record, i };
	return PARENTS_WAITS;
}

enum parents_said parents_take(struct parents *p, int64_t record)
{
	struct slice cell = plan_cells(p->plan)[p->column];
	uint64_t hash, known;

	if (cell.len == 0 || value_null_mark(cell))
		return PARENTS_THERE;
	hash = keys_hash(p->plan, p->column);
	known = p->known[slot_of(p, hash)];
	if (known)
		return known & MISSING ? PARENTS_MISSING : PARENTS_THERE;
	return wait_for(p, record, hash, cell);
}

const char *parents_query(struct parents *p)
{
	return in_query_text(&p->query);
}

bool parents_row(void *parents, const struct slice *values)
{
	struct parents *p = parents;
	size_t i = value_of(p, keys_hash_of(p->plan, p->column, values[0]));

	if (i < p->count)
		p->values[i].found = true;
	return true;
}

bool parents_answered(struct parents *p, parents_missing *missing, void *ctx)
{
	bool fine = !in_query_short_of(&p->query);

	for (size_t i = 0; fine && i < p->waiting_count; i++) {
		const struct parents_value *value = &p->values[p->waiting[i].value];

		fine = value->found || missing(ctx, p->waiting[i].record, value->hash);
	}
	for (size_t i = 0; fine && i < p->count; i++)
		fine = remember(p, &p->values[i]);
	p->count = p->waiting_count = 0;
	in_query_begin(&p->query, &p->field, 1, p->object, p->field, p->plan->layout.columns[p->column].type);
	return fine;
}
