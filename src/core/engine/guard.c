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

/* A text with a name in place of its star. */
static const char *words(struct guard *g, const char *format, const char *name)
{
	struct buf b;
	const char *copy;

	buf_init(&b, 1024);
	for (const char *at = format; *at; at++)
		if (*at == '*')
			buf_add_text(&b, name);
		else
			buf_add_char(&b, *at);
	copy = b.short_of ? NULL : arena_slice(&g->arena, buf_slice(&b));
	buf_release(&b);
	return copy;
}

/* When the youngest child of each kind was made. */
static bool add_children(struct guard *g, const struct children *children)
{
	for (size_t i = 0; i < children->count; i++, g->count++) {
		const char *name = children->names[i];

		g->fields[g->count] = words(g, "*.records.CreatedDate", name);
		g->selects[g->count] = words(g, "(SELECT CreatedDate FROM * ORDER BY CreatedDate DESC LIMIT 1)",
		                             name);
		if (!g->fields[g->count] || !g->selects[g->count])
			return false;
	}
	return true;
}

/* An object that does not say when its records were made: there is nothing to go by. */
static bool choose_made(struct guard *g, const struct children *children)
{
	g->fields = arena_alloc(&g->arena, (MADE_COUNT + children->count) * sizeof *g->fields);
	g->selects = arena_alloc(&g->arena, (MADE_COUNT + children->count) * sizeof *g->selects);
	for (size_t i = 0; g->fields && g->selects && i < MADE_COUNT; i++) {
		if (!object_field(g->object, slice_of(made_fields[i])))
			return true;
		g->fields[i] = g->selects[i] = made_fields[i];
	}
	g->count = g->made = MADE_COUNT;
	return g->fields && g->selects && add_children(g, children);
}

static bool choose_wrote(struct guard *g, const struct source_shape *shape)
{
	const size_t prefix = strlen(GUARD_WROTE);

	g->fields = arena_alloc(&g->arena, shape->column_count * sizeof *g->fields);
	g->selects = g->fields;
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

bool guard_init(struct guard *g, const struct source_shape *shape, const struct object *object,
                const struct children *children, bool deletes)
{
	*g = (struct guard){ .deletes = deletes, .note = -1, .object = object, .children = children };
	arena_init(&g->arena);
	for (size_t i = 0; i < shape->column_count; i++)
		if (slice_is(shape->columns[i], GUARD_NOTE))
			g->note = (int)i;
	return deletes ? choose_made(g, children) : choose_wrote(g, shape);
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

static enum guard_fate judge_made(const struct guard *g, const struct slice *values, const int *at,
                                  const char **field)
{
	int64_t made, changed, born;

	if (g->count == 0)
		return GUARD_GOES;
	if (!slice_equal(values[at[MADE_BY]], values[at[CHANGED_BY]]) ||
	    !when_instant(values[at[MADE]], &made) || !when_instant(values[at[CHANGED]], &changed) ||
	    changed > made + SAME_MS)
		return GUARD_CHANGED;
	for (size_t i = g->made; i < g->count; i++)
		if (values[at[i]].len && (!when_instant(values[at[i]], &born) || born > made + SAME_MS)) {
			*field = g->children->names[i - g->made];
			return GUARD_CHILDREN;
		}
	return GUARD_GOES;
}

static bool has_changed(const struct guard *g, size_t i, const struct slice *expects,
                        const struct slice *values, const int *at)
{
	return expects[i].at && !layout_same_value(type_of(g, i), expects[i], values[at[i]]);
}

enum guard_fate guard_judge(const struct guard *g, const struct slice *expects, const struct slice *values,
                            const int *at, const char **field)
{
	*field = NULL;
	if (g->deletes)
		return judge_made(g, values, at, field);
	for (size_t i = 0; i < g->count; i++)
		if (has_changed(g, i, expects, values, at)) {
			*field = g->fields[i];
			return GUARD_CHANGED;
		}
	return GUARD_GOES;
}

size_t guard_changed(const struct guard *g, const struct slice *expects, const struct slice *values,
                     const int *at, const char **fields)
{
	size_t n = 0;

	for (size_t i = 0; i < g->count; i++)
		if (has_changed(g, i, expects, values, at))
			fields[n++] = g->fields[i];
	return n;
}
