#include "core/plan/mapping.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/plan/map_file.h"
#include "core/plan/target.h"

/* What is known of one column or constant. */
struct choice {
	struct mapped mapped;  /* field NULL: not loaded */
	const char *why_not;   /* then why */
	bool settled;          /* by the mapping file or by a person: the header is not asked */
	struct slice constant; /* the field's name, for a constant */
};

struct own_mapping {
	struct mapping mapping; /* first: what the caller holds */
	struct choice *columns;
	struct choice *constants;
	size_t constant_count;
	struct arena arena;
};

static struct target_scope scope_of(const struct mapping_request *r)
{
	return (struct target_scope){ r->object, r->parents, r->parent_count };
}

static void choose(struct choice *c, const struct target *t, const char *why)
{
	c->mapped.field = t->field;
	c->mapped.far = t->far;
	c->mapped.name = t->name;
	c->mapped.prefix = t->prefix;
	c->mapped.why = why;
	c->why_not = NULL;
}

static void leave_out(struct choice *c, const char *why)
{
	c->mapped.field = NULL;
	c->mapped.far = NULL;
	c->why_not = why;
}

static const char *keep(struct own_mapping *own, const char *text)
{
	const char *kept = arena_text(&own->arena, text);

	return kept ? kept : "not loaded";
}

/* Who sends a value to the field already, `but` apart; NULL if nobody does. */
static const struct choice *holder(const struct own_mapping *own, const struct field *field,
                                   const struct choice *but)
{
	for (size_t i = 0; i < own->constant_count; i++)
		if (own->constants[i].mapped.field == field && &own->constants[i] != but)
			return &own->constants[i];
	for (size_t i = 0; i < own->mapping.column_count; i++)
		if (own->columns[i].mapped.field == field && &own->columns[i] != but)
			return &own->columns[i];
	return NULL;
}

static void holder_words(const struct mapping_request *r, const struct choice *c, char words[TARGET_WHY])
{
	if (c->mapped.column < 0)
		snprintf(words, TARGET_WHY, "%s has a constant", c->mapped.name);
	else
		snprintf(words, TARGET_WHY, "%s comes from column \"%.*s\"", c->mapped.name,
		         (int)(r->columns[c->mapped.column].len < 80 ? r->columns[c->mapped.column].len : 80),
		         r->columns[c->mapped.column].at);
}

/* The entries in the payload's order: columns in file order, then constants. */
static void line_up(struct own_mapping *own)
{
	struct mapping *m = &own->mapping;

	m->count = 0;
	for (size_t i = 0; i < m->column_count; i++) {
		m->by_column[i] = NULL;
		m->not_loaded_why[i] = own->columns[i].why_not;
		if (!own->columns[i].mapped.field)
			continue;
		m->entries[m->count] = own->columns[i].mapped;
		m->by_column[i] = &m->entries[m->count++];
	}
	for (size_t i = 0; i < own->constant_count; i++)
		if (own->constants[i].mapped.field)
			m->entries[m->count++] = own->constants[i].mapped;
}

static struct choice *column_named(struct own_mapping *own, const struct mapping_request *r, struct slice name)
{
	for (size_t i = 0; i < r->column_count; i++)
		if (slice_equal(r->columns[i], name))
			return &own->columns[i];
	for (size_t i = 0; i < r->column_count; i++)
		if (slice_equal_fold(r->columns[i], slice_trim(name)))
			return &own->columns[i];
	return NULL;
}

/* Sends a constant to the field that `line` names. */
static enum err_code take_constant(struct own_mapping *own, const struct mapping_request *r,
                                   const struct map_line *line, struct choice *c, struct err *e)
{
	struct target_scope scope = scope_of(r);
	const struct choice *other;
	char why[TARGET_WHY];
	struct target t;

	c->mapped.column = -1;
	if (!target_find(&t, &scope, slice_trim(line->name), &own->arena, why))
		return err_set(e, ERR_USAGE, "the mapping gives a constant to %.*s of %s: %s",
		               SLICE_ARGS(line->name), r->object->name, why);
	if (line->text.len == 0)
		return err_set(e, ERR_USAGE, "the mapping's constant for %s is empty: leave it out", t.name);
	other = holder(own, t.field, c);
	if (other)
		return err_set(e, ERR_USAGE, "the mapping gives %s two values: keep one of them", t.name);
	c->mapped.constant = arena_slice(&own->arena, line->text);
	if (!c->mapped.constant)
		return err_memory(e, "a mapping");
	choose(c, &t, "constant");
	return ERR_OK;
}

/* Does with a column what the mapping file says. */
static enum err_code take_column(struct own_mapping *own, const struct mapping_request *r,
                                 const struct map_line *line, struct err *e)
{
	struct choice *c = column_named(own, r, line->name);
	struct target_scope scope = scope_of(r);
	char why[TARGET_WHY];
	struct target t;

	if (!c)
		return err_set(e, ERR_USAGE, "the mapping names column \"%.*s\", which the file does not have",
		               SLICE_ARGS(line->name));
	if (c->settled)
		return err_set(e, ERR_USAGE, "the mapping names column \"%.*s\" twice", SLICE_ARGS(line->name));
	c->settled = true;
	if (!line->text.at) {
		leave_out(c, "set to not loaded by the mapping file");
		return ERR_OK;
	}
	if (!target_find(&t, &scope, slice_trim(line->text), &own->arena, why))
		return err_set(e, ERR_USAGE, "the mapping sends column \"%.*s\" to %.*s of %s: %s",
		               SLICE_ARGS(line->name), SLICE_ARGS(line->text), r->object->name, why);
	if (holder(own, t.field, c))
		return err_set(e, ERR_USAGE, "the mapping sends two columns to %s: keep one of them", t.name);
	choose(c, &t, "mapping file");
	return ERR_OK;
}

static enum err_code take_file(struct own_mapping *own, const struct mapping_request *r,
                               const struct map_file *m, struct err *e)
{
	enum err_code rc = ERR_OK;

	own->constants = arena_alloc(&own->arena, m->constant_count * sizeof *own->constants);
	if (!own->constants)
		return err_memory(e, "a mapping");
	for (size_t i = 0; rc == ERR_OK && i < m->column_count; i++)
		rc = take_column(own, r, &m->columns[i], e);
	for (size_t i = 0; rc == ERR_OK && i < m->constant_count; i++)
		rc = take_constant(own, r, &m->constants[i], &own->constants[own->constant_count++], e);
	return rc;
}

static const char no_such_field[] = "no field of this name"; /* as target.c says it */

enum pass { BY_NAME, BY_RELATION, BY_LABEL, PASSES };

static bool find_in_pass(enum pass pass, struct target *t, struct own_mapping *own,
                         const struct mapping_request *r, struct slice column, char why[TARGET_WHY])
{
	struct target_scope scope = scope_of(r);

	if (pass == BY_LABEL)
		return target_by_label(t, &scope, column, why);
	snprintf(why, TARGET_WHY, "%s", no_such_field);
	if ((object_field(r->object, column) == NULL) != (pass == BY_RELATION))
		return false;
	return target_find(t, &scope, column, &own->arena, why);
}

/* What a header alone says about its column. A later pass does not put a better reason in a worse one's place. */
static void match_header(enum pass pass, struct own_mapping *own, const struct mapping_request *r, size_t i)
{
	static const char *const whys[PASSES] = { "API name", "relationship", "label" };
	struct slice name = slice_trim(r->columns[i]);
	struct choice *c = &own->columns[i];
	const struct choice *other;
	char why[TARGET_WHY];
	struct target t;

	if (c->settled || c->mapped.field)
		return;
	if (name.len == 0) {
		leave_out(c, "a column without a name");
		return;
	}
	if (!find_in_pass(pass, &t, own, r, name, why)) {
		if (!c->why_not || (strcmp(c->why_not, no_such_field) == 0 && strcmp(why, no_such_field) != 0))
			leave_out(c, keep(own, why));
		return;
	}
	other = holder(own, t.field, c);
	if (other) {
		holder_words(r, other, why);
		leave_out(c, keep(own, why));
		return;
	}
	choose(c, &t, whys[pass]);
}

static void match_headers(struct own_mapping *own, const struct mapping_request *r)
{
	for (enum pass pass = BY_NAME; pass < PASSES; pass++)
		for (size_t i = 0; i < r->column_count; i++)
			match_header(pass, own, r, i);
}

static bool allowed(const struct mapping_request *r, const struct field *f)
{
	return !action_deletes(r->action) || f->type == FIELD_ID;
}

static const char *only_id(const struct mapping_request *r)
{
	return r->action == ACTION_DELETE ? "only the Id is sent for delete"
	                                  : "only the Id is sent for hard_delete";
}

static void drop_what_is_not_sent(struct own_mapping *own, const struct mapping_request *r)
{
	if (!action_deletes(r->action))
		return;
	for (size_t i = 0; i < r->column_count; i++)
		if (!own->columns[i].mapped.field || !allowed(r, own->columns[i].mapped.field))
			leave_out(&own->columns[i], only_id(r));
	for (size_t i = 0; i < own->constant_count; i++)
		if (!allowed(r, own->constants[i].mapped.field))
			leave_out(&own->constants[i], only_id(r));
}

static struct own_mapping *make(const struct mapping_request *r, size_t constants)
{
	struct own_mapping *own = calloc(1, sizeof *own);
	struct mapping *m;

	if (!own)
		return NULL;
	m = &own->mapping;
	arena_init(&own->arena);
	m->column_count = r->column_count;
	m->entries = arena_alloc(&own->arena, (r->column_count + constants) * sizeof *m->entries);
	m->by_column = arena_alloc(&own->arena, r->column_count * sizeof *m->by_column);
	m->not_loaded_why = arena_alloc(&own->arena, r->column_count * sizeof *m->not_loaded_why);
	own->columns = arena_alloc(&own->arena, r->column_count * sizeof *own->columns);
	if (!m->entries || !m->by_column || !m->not_loaded_why || !own->columns) {
		mapping_free(m);
		return NULL;
	}
	for (size_t i = 0; i < r->column_count; i++)
		own->columns[i].mapped.column = (int)i;
	return own;
}

enum err_code mapping_new(struct mapping **mapping, const struct mapping_request *request, struct err *e)
{
	struct own_mapping *own = NULL;
	struct map_file m;
	enum err_code rc = map_file_read(&m, request->map_json, request->object->name, e);

	*mapping = NULL;
	if (rc == ERR_OK) {
		own = make(request, m.constant_count);
		rc = own ? take_file(own, request, &m, e) : err_memory(e, "a mapping");
	}
	map_file_release(&m);
	if (rc != ERR_OK || !own) {
		mapping_free(own ? &own->mapping : NULL);
		return rc;
	}
	match_headers(own, request);
	drop_what_is_not_sent(own, request);
	line_up(own);
	*mapping = &own->mapping;
	return ERR_OK;
}

void mapping_free(struct mapping *mapping)
{
	struct own_mapping *own = (struct own_mapping *)mapping;

	if (own)
		arena_release(&own->arena);
	free(own);
}

enum err_code mapping_set(struct mapping *mapping, const struct mapping_request *request, size_t column,
                          const char *name, struct err *e)
{
	struct own_mapping *own = (struct own_mapping *)mapping;
	struct choice *c = &own->columns[column];
	struct target_scope scope = scope_of(request);
	const struct choice *other;
	char why[TARGET_WHY];
	struct target t;

	if (!name) {
		leave_out(c, "set to not loaded");
		line_up(own);
		return ERR_OK;
	}
	if (!target_find(&t, &scope, slice_trim(slice_of(name)), &own->arena, why))
		return err_set(e, ERR_USAGE, "%s of %s: %s", name, request->object->name, why);
	if (!allowed(request, t.field))
		return err_set(e, ERR_USAGE, "%s: %s", t.name, only_id(request));
	other = holder(own, t.field, c);
	if (other) {
		holder_words(request, other, why);
		return err_set(e, ERR_USAGE, "%s already: leave that out first", why);
	}
	choose(c, &t, "chosen");
	line_up(own);
	return ERR_OK;
}

void mapping_write(const struct mapping *mapping, const struct mapping_request *request, struct buf *b)
{
	const struct own_mapping *own = (const struct own_mapping *)mapping;
	struct map_file m = { 0 };

	arena_init(&m.arena);
	m.columns = arena_alloc(&m.arena, request->column_count * sizeof *m.columns);
	m.constants = arena_alloc(&m.arena, own->constant_count * sizeof *m.constants);
	if (!m.columns || !m.constants)
		b->short_of = true;
	for (size_t i = 0; m.columns && i < request->column_count; i++) {
		const struct mapped *to = mapping->by_column[i];

		m.columns[m.column_count++] = (struct map_line){ request->columns[i],
			                                         slice_of(to ? to->name : NULL) };
	}
	for (size_t i = 0; m.constants && i < mapping->count; i++)
		if (mapping->entries[i].column < 0)
			m.constants[m.constant_count++] = (struct map_line){
				slice_of(mapping->entries[i].name), slice_of(mapping->entries[i].constant)
			};
	map_file_write(&m, request->object->name, b);
	map_file_release(&m);
}

static size_t add_parent(const struct object *object, struct slice name, const char **names, size_t count,
                         size_t room)
{
	const char *parent = target_parent(object, slice_trim(name));

	if (!parent || strcmp(parent, object->name) == 0)
		return count;
	for (size_t i = 0; i < count && i < room; i++)
		if (strcmp(names[i], parent) == 0)
			return count;
	if (count < room)
		names[count] = parent;
	return count + 1;
}

size_t mapping_parents(const struct object *object, const struct slice *columns, size_t column_count,
                       struct slice map_json, const char **names, size_t room)
{
	struct map_file m;
	struct err ignored; /* mapping_new() says it */
	size_t count = 0;

	for (size_t i = 0; i < column_count; i++)
		count = add_parent(object, columns[i], names, count, room);
	err_init(&ignored);
	if (map_file_read(&m, map_json, object->name, &ignored) == ERR_OK) {
		for (size_t i = 0; i < m.column_count; i++)
			count = add_parent(object, m.columns[i].text, names, count, room);
		for (size_t i = 0; i < m.constant_count; i++)
			count = add_parent(object, m.constants[i].name, names, count, room);
	}
	map_file_release(&m);
	return count;
}
