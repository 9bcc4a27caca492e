#include "core/engine/guard.h"

#include <string.h>

#include "base/when.h"
#include "core/plan/layout.h"

enum {
	SAME_MS = 5 * 1000
}; /* a flow may touch a record within the transaction that creates it, seconds later */

/* Of a record that was created: fields to ask for, in this order. */
enum { MADE, MADE_BY, CHANGED, CHANGED_BY, MADE_COUNT };
static const char *const made_fields[MADE_COUNT] = { "CreatedDate", "CreatedById", "LastModifiedDate",
	                                             "LastModifiedById" };

const char *guard_name(enum guard_fate fate)
{
	static const char *const names[] = {
#define X(name, code, text) [GUARD_##name] = code,
		GUARD_FATES(X)
#undef X
	};

	return names[fate];
}

const char *guard_text(enum guard_fate fate)
{
	static const char *const texts[] = {
#define X(name, code, text) [GUARD_##name] = text,
		GUARD_FATES(X)
#undef X
	};

	return texts[fate];
}

static bool choose_made(struct guard *g)
{
	g->fields = arena_alloc(&g->arena, MADE_COUNT * sizeof *g->fields);
	for (size_t i = 0; g->fields && i < MADE_COUNT; i++) {
		if (!object_field(g->object, slice_of(made_fields[i])))
			return true; /* an object that does not say: there is nothing to go by */
		g->fields[i] = made_fields[i];
	}
	g->count = MADE_COUNT;
	return g->fields != NULL;
}

static bool choose_wrote(struct guard *g, const struct source_shape *shape)
{
	const size_t prefix = strlen(GUARD_WROTE);

	g->fields = arena_alloc(&g->arena, shape->column_count * sizeof *g->fields);
	g->columns = arena_alloc(&g->arena, shape->column_count * sizeof *g->columns);
	for (size_t i = 0; g->fields && g->columns && i < shape->column_count; i++) {
		struct slice name = shape->columns[i];

		if (name.len <= prefix || memcmp(name.at, GUARD_WROTE, prefix) != 0)
			continue;
		name = (struct slice){ name.at + prefix, name.len - prefix };
		g->columns[g->count] = (int)i;
		g->fields[g->count] = arena_slice(&g->arena, name);
		if (!g->fields[g->count++])
			return false;
	}
	return g->fields && g->columns;
}

bool guard_init(struct guard *g, const struct source_shape *shape, const struct object *object, bool deletes)
{
	*g = (struct guard){ .deletes = deletes, .note = -1, .object = object };
	arena_init(&g->arena);
	for (size_t i = 0; i < shape->column_count; i++)
		if (slice_is(shape->columns[i], GUARD_NOTE))
			g->note = (int)i;
	return deletes ? choose_made(g) : choose_wrote(g, shape);
}

void guard_release(struct guard *g)
{
	arena_release(&g->arena);
	*g = (struct guard){ .note = -1 };
}

enum guard_fate guard_noted(const struct guard *g, const struct record *record)
{
	for (enum guard_fate fate = 1; g->note >= 0 && fate < GUARD_FATE_COUNT; fate++)
		if (slice_is(record->cells[g->note], guard_name(fate)))
			return fate;
	return GUARD_GOES;
}

/* A null cell becomes "", an empty one nothing at all. */
struct slice *guard_expects(const struct guard *g, const struct record *record, struct arena *arena)
{
	struct slice *expects = arena_alloc(arena, (g->count + 1) * sizeof *expects);

	for (size_t i = 0; expects && i < g->count; i++) {
		struct slice cell = g->columns ? record->cells[g->columns[i]] : (struct slice){ 0 };

		expects[i] = (struct slice){ 0 };
		if (source_is_null(cell))
			expects[i].at = "";
		else if (cell.len)
			expects[i] = (struct slice){ arena_slice(arena, cell), cell.len };
		if (cell.len && !expects[i].at)
			return NULL;
	}
	return expects;
}

/* By the key of another record ("Account.Ext__c") the type is not at hand. */
static enum field_type type_of(const struct guard *g, size_t i)
{
	const struct field *field = object_field(g->object, slice_of(g->fields[i]));

	return field ? field->type : FIELD_OTHER;
}

static enum guard_fate judge_made(const struct guard *g, const struct slice *values, const int *at)
{
	int64_t made, changed;

	if (g->count == 0)
		return GUARD_GOES;
	if (!slice_equal(values[at[MADE_BY]], values[at[CHANGED_BY]]) ||
	    !when_instant(values[at[MADE]], &made) || !when_instant(values[at[CHANGED]], &changed) ||
	    changed > made + SAME_MS)
		return GUARD_CHANGED;
	return GUARD_GOES;
}

enum guard_fate guard_judge(const struct guard *g, const struct slice *expects, const struct slice *values,
                            const int *at, const char **field)
{
	*field = NULL;
	if (g->deletes)
		return judge_made(g, values, at);
	for (size_t i = 0; i < g->count; i++)
		if (expects[i].at && !layout_same_value(type_of(g, i), expects[i], values[at[i]])) {
			*field = g->fields[i];
			return GUARD_CHANGED;
		}
	return GUARD_GOES;
}
