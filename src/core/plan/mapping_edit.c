/* mapping_edit.c - a mapping as people change it: one column, one rule, one constant at a time. */
#include "core/plan/mapping_own.h"

#include <string.h>

enum err_code mapping_set(struct mapping *mapping, const struct mapping_request *request, size_t column,
                          const char *name, struct err *e)
{
	struct own_mapping *own = (struct own_mapping *)mapping;
	struct choice *c = &own->columns[column];
	struct target_scope scope = own_scope(request);
	const struct choice *other;
	char why[TARGET_WHY];
	struct target t;

	for (size_t i = 0; i < own->more_count; i++)
		if (own->more[i].entry == c->entry && c->entry)
			own->more[i].mapped.field = NULL;
	c->entry = NULL;
	if (!name) {
		own_leave_out(c, "set to not loaded");
		own_line_up(own);
		return ERR_OK;
	}
	if (own_refuse_result_column(request, (int)column, e) != ERR_OK)
		return e->code;
	if (!target_find(&t, &scope, slice_trim(slice_of(name)), &own->arena, why))
		return err_set(e, ERR_USAGE, "%s of %s: %s", name, request->object->name, why);
	if (!own_allowed(request, t.field))
		return err_set(e, ERR_USAGE, "%s: %s", t.name, own_only_id(request));
	other = own_holder(own, t.field, c);
	if (other) {
		own_holder_words(request, other, why);
		return err_set(e, ERR_USAGE, "%s already: leave that out first", why);
	}
	own_choose(c, &t, "chosen");
	if (own_set_rules(own, NULL, c, e) != ERR_OK)
		return e->code;
	own_line_up(own);
	return ERR_OK;
}

/* The choice of a column, or of several, that goes to the field of this name. */
static struct choice *choice_of(struct own_mapping *own, const char *name)
{
	for (size_t i = 0; i < own->mapping.column_count; i++)
		if (own->columns[i].mapped.field && strcmp(own->columns[i].mapped.name, name) == 0)
			return &own->columns[i];
	for (size_t i = 0; i < own->more_count; i++)
		if (own->more[i].mapped.field && strcmp(own->more[i].mapped.name, name) == 0)
			return &own->more[i];
	return NULL;
}

const struct cell_rules *mapping_rules(const struct mapping *mapping, const char *name)
{
	static const struct cell_rules nothing;
	const struct choice *c = choice_of((struct own_mapping *)(uintptr_t)mapping, name);

	if (!c)
		return NULL;
	return c->entry ? &c->entry->rules : &nothing;
}

/* Puts an entry with these rules in the place of that which the choice has, for all that share it. */
static enum err_code take_rules(struct own_mapping *own, struct choice *c, const struct map_entry *entry,
                                struct err *e)
{
	const struct map_entry *old = c->entry;
	enum err_code rc;

	c->entry = entry;
	rc = own_set_rules(own, &entry->rules, c, e);
	for (size_t i = 0; rc == ERR_OK && old && i < own->mapping.column_count; i++)
		if (own->columns[i].entry == old)
			rc = take_rules(own, &own->columns[i], entry, e);
	for (size_t i = 0; rc == ERR_OK && old && i < own->more_count; i++)
		if (own->more[i].entry == old)
			rc = take_rules(own, &own->more[i], entry, e);
	return rc;
}

enum err_code mapping_set_rules(struct mapping *mapping, const char *name, const struct cell_rules *rules,
                                struct err *e)
{
	struct own_mapping *own = (struct own_mapping *)mapping;
	struct choice *c = choice_of(own, name);
	struct map_entry *entry;

	if (!c)
		return err_set(e, ERR_USAGE, "no column goes to %s: map one to it first", name);
	entry = arena_alloc(&own->arena, sizeof *entry);
	if (!entry)
		return err_memory(e, "a mapping");
	*entry = c->entry ? *c->entry : (struct map_entry){ .by = "the mapping" };
	if (!rules_copy(&entry->rules, rules, &own->arena))
		return err_memory(e, "a mapping");
	if (take_rules(own, c, entry, e) == ERR_OK)
		own_line_up(own);
	return e->code;
}

/* One more constant, with its place in the payload; NULL without memory. */
static struct choice *add_constant(struct own_mapping *own)
{
	size_t most = own->mapping.column_count + own->more_count + own->constant_count + 1;
	struct choice *list = arena_alloc(&own->arena, (own->constant_count + 1) * sizeof *list);
	struct mapped *entries = arena_alloc(&own->arena, most * sizeof *entries);

	if (!list || !entries)
		return NULL;
	if (own->constant_count)
		memcpy(list, own->constants, own->constant_count * sizeof *list);
	own->constants = list;
	own->mapping.entries = entries;
	own->mapping.count = 0;
	return &list[own->constant_count++];
}

static struct choice *constant_of(struct own_mapping *own, const struct field *field)
{
	for (size_t i = 0; i < own->constant_count; i++)
		if (own->constants[i].mapped.field == field)
			return &own->constants[i];
	return NULL;
}

enum err_code mapping_set_constant(struct mapping *mapping, const struct mapping_request *request,
                                   const char *name, const char *text, struct err *e)
{
	struct own_mapping *own = (struct own_mapping *)mapping;
	struct target_scope scope = own_scope(request);
	const struct choice *other;
	char why[TARGET_WHY];
	struct choice *c;
	struct target t;

	if (!target_find(&t, &scope, slice_of(name), &own->arena, why))
		return err_set(e, ERR_USAGE, "%s of %s: %s", name, request->object->name, why);
	if (!own_allowed(request, t.field))
		return err_set(e, ERR_USAGE, "%s: %s", t.name, own_only_id(request));
	if (!*text)
		return err_set(e, ERR_USAGE, "the constant for %s is empty: give it a value", t.name);
	if (constant_fault(slice_of(text)))
		return err_set(e, ERR_USAGE, "the constant for %s, \"%s\": %s", t.name, text,
		               constant_fault(slice_of(text)));
	c = constant_of(own, t.field);
	other = own_holder(own, t.field, c);
	if (other) {
		own_holder_words(request, other, why);
		return err_set(e, ERR_USAGE, "%s already: leave that out first", why);
	}
	if (!c)
		c = add_constant(own);
	text = arena_text(&own->arena, text);
	if (!c || !text)
		return err_memory(e, "a mapping");
	own_choose(c, &t, "constant");
	c->mapped.column = -1;
	c->mapped.constant = text;
	own_line_up(own);
	return ERR_OK;
}
