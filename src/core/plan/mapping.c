#include "core/plan/mapping_own.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/plan/sdl.h"
#include "core/plan/target.h"

struct target_scope own_scope(const struct mapping_request *r)
{
	return (struct target_scope){ r->object, r->parents, r->parent_count };
}

void own_choose(struct choice *c, const struct target *t, const char *why)
{
	c->mapped.field = t->field;
	c->mapped.far = t->far;
	c->mapped.parent = t->parent;
	c->mapped.name = t->name;
	c->mapped.prefix = t->prefix;
	c->mapped.why = why;
	c->mapped.sure = SURE_YES;
	c->why_not = NULL;
}

void own_leave_out(struct choice *c, const char *why)
{
	c->mapped.field = NULL;
	c->mapped.far = NULL;
	c->why_not = why;
}

const char *own_keep(struct own_mapping *own, const char *text)
{
	const char *kept = arena_text(&own->arena, text);

	return kept ? kept : "not loaded";
}

/* Who sends a value to the field already, `but` apart; NULL if nobody does. */
const struct choice *own_holder(const struct own_mapping *own, const struct field *field,
                                const struct choice *but)
{
	for (size_t i = 0; i < own->constant_count; i++)
		if (own->constants[i].mapped.field == field && &own->constants[i] != but)
			return &own->constants[i];
	for (size_t i = 0; i < own->more_count; i++)
		if (own->more[i].mapped.field == field && &own->more[i] != but)
			return &own->more[i];
	for (size_t i = 0; i < own->mapping.column_count; i++)
		if (own->columns[i].mapped.field == field && &own->columns[i] != but)
			return &own->columns[i];
	return NULL;
}

void own_holder_words(const struct mapping_request *r, const struct choice *c, char words[TARGET_WHY])
{
	if (c->mapped.column < 0)
		snprintf(words, TARGET_WHY, "%s has a constant", c->mapped.name);
	else
		snprintf(words, TARGET_WHY, "%s comes from column \"%.*s\"", c->mapped.name,
		         (int)(r->columns[c->mapped.column].len < 80 ? r->columns[c->mapped.column].len : 80),
		         r->columns[c->mapped.column].at);
}

static void add_entry(struct mapping *m, const struct choice *c)
{
	struct mapped *entry = &m->entries[m->count];

	if (!c->mapped.field)
		return;
	*entry = c->mapped;
	m->count++;
	if (entry->column >= 0 && !m->by_column[entry->column])
		m->by_column[entry->column] = entry;
	for (size_t i = 0; i < entry->joined_count; i++)
		if (!m->by_column[entry->joined[i]])
			m->by_column[entry->joined[i]] = entry;
}

/* The entries in the payload's order: columns in file order, each with all its fields, then constants. */
void own_line_up(struct own_mapping *own)
{
	struct mapping *m = &own->mapping;

	m->count = 0;
	for (size_t i = 0; i < m->column_count; i++) {
		m->by_column[i] = NULL;
		m->not_loaded_why[i] = own->columns[i].why_not;
	}
	for (size_t i = 0; i < m->column_count; i++) {
		add_entry(m, &own->columns[i]);
		for (size_t k = 0; k < own->more_count; k++)
			if (own->more[k].mapped.column == (int)i)
				add_entry(m, &own->more[k]);
	}
	for (size_t i = 0; i < own->constant_count; i++)
		add_entry(m, &own->constants[i]);
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

/* Sends a constant to the field that it names. */
static enum err_code take_constant(struct own_mapping *own, const struct mapping_request *r,
                                   const struct map_constant *constant, struct choice *c, struct err *e)
{
	struct target_scope scope = own_scope(r);
	char why[TARGET_WHY];
	struct target t;

	c->mapped.column = -1;
	if (!target_find(&t, &scope, slice_trim(constant->field), &own->arena, why))
		return err_set(e, ERR_USAGE, "%s gives a constant to %.*s of %s: %s", constant->by,
		               SLICE_ARGS(constant->field), r->object->name, why);
	if (constant->text.len == 0)
		return err_set(e, ERR_USAGE, "the mapping's constant for %s is empty: leave it out", t.name);
	if (constant_fault(constant->text))
		return err_set(e, ERR_USAGE, "the constant for %s, \"%.*s\": %s", t.name,
		               SLICE_ARGS(constant->text), constant_fault(constant->text));
	if (own_holder(own, t.field, c))
		return err_set(e, ERR_USAGE, "%s gives %s two values: keep one of them", constant->by, t.name);
	c->mapped.constant = constant->text.at;
	own_choose(c, &t, "constant");
	return ERR_OK;
}

/* The column that an entry names; NULL with the sentence. */
static struct choice *named(struct own_mapping *own, const struct mapping_request *r,
                            const struct map_entry *entry, size_t i, struct err *e)
{
	struct choice *c = column_named(own, r, entry->columns[i]);

	if (!c)
		err_set(e, ERR_USAGE, "%s names column \"%.*s\", which the file does not have", entry->by,
		        SLICE_ARGS(entry->columns[i]));
	return c;
}

/* The rules of an entry's cells, or NULL. */
enum err_code own_set_rules(struct own_mapping *own, const struct cell_rules *rules, struct choice *c,
                            struct err *e)
{
	static const struct cell_rules nothing;
	struct cell_rules merged = rules_over(rules ? rules : &nothing, &own->mapping.rules);
	struct cell_rules *kept;

	c->mapped.rules = NULL;
	if (!rules_any(&merged))
		return ERR_OK;
	kept = arena_alloc(&own->arena, sizeof *kept);
	if (!kept)
		return err_memory(e, "a mapping");
	*kept = merged;
	c->mapped.rules = kept;
	return ERR_OK;
}

const char own_of_a_result_file[] = "a column of a result file, not of its source";

/* Unless the object has a field of that name. */
bool own_is_result_column(const struct mapping_request *r, struct slice name)
{
	static const char prefix[] = "longshore_";

	name = slice_trim(name);
	return name.len >= sizeof prefix - 1 &&
	       slice_equal_fold((struct slice){ name.at, sizeof prefix - 1 }, slice_of(prefix)) &&
	       !object_field(r->object, name);
}

enum err_code own_refuse_result_column(const struct mapping_request *r, int column, struct err *e)
{
	if (!own_is_result_column(r, r->columns[column]))
		return ERR_OK;
	return err_set(e, ERR_USAGE, "column \"%.*s\" cannot be sent: it is %s", SLICE_ARGS(r->columns[column]),
	               own_of_a_result_file);
}

/* Sends one column (or what several of them make) to field `which` of the entry. */
static enum err_code take_field(struct own_mapping *own, const struct mapping_request *r,
                                const struct map_entry *entry, size_t which, struct choice *c, struct err *e)
{
	struct target_scope scope = own_scope(r);
	const struct choice *other;
	char why[TARGET_WHY];
	struct target t;

	c->entry = entry;
	if (!target_find(&t, &scope, slice_trim(entry->fields[which]), &own->arena, why))
		return err_set(e, ERR_USAGE, "%s sends column \"%.*s\" to %.*s of %s: %s", entry->by,
		               SLICE_ARGS(entry->columns[0]), SLICE_ARGS(entry->fields[which]), r->object->name,
		               why);
	other = own_holder(own, t.field, c);
	if (other && other->mapped.column < 0) {
		own_holder_words(r, other, why);
		if (!c->mapped.field)
			own_leave_out(c, own_keep(own, why));
		return ERR_OK;
	}
	if (other)
		return err_set(e, ERR_USAGE, "%s sends two columns to %s: keep one of them", entry->by, t.name);
	own_choose(c, &t, "mapping file");
	return own_set_rules(own, &entry->rules, c, e);
}

static struct choice *add_more(struct own_mapping *own, int column)
{
	struct choice *c = &own->more[own->more_count++];

	c->mapped.column = column;
	return c;
}

/* Does with a column what the mapping file says. */
static enum err_code take_column(struct own_mapping *own, const struct mapping_request *r,
                                 const struct map_entry *entry, struct err *e)
{
	struct choice *c = named(own, r, entry, 0, e);

	if (!c)
		return e->code;
	if (c->settled)
		return err_set(e, ERR_USAGE, "%s names column \"%.*s\" twice", entry->by,
		               SLICE_ARGS(entry->columns[0]));
	c->settled = true;
	if (entry->field_count && own_refuse_result_column(r, c->mapped.column, e) != ERR_OK)
		return e->code;
	if (entry->field_count == 0)
		own_leave_out(c, entry->by[0] == '-' ? "left out by --ignore"
		                                     : "set to not loaded by the mapping file");
	for (size_t i = 0; i < entry->field_count; i++)
		if (take_field(own, r, entry, i, i == 0 ? c : add_more(own, c->mapped.column), e) != ERR_OK)
			return e->code;
	return ERR_OK;
}

static enum err_code take_joined(struct own_mapping *own, const struct mapping_request *r,
                                 const struct map_entry *entry, struct err *e)
{
	int *columns = arena_alloc(&own->arena, entry->column_count * sizeof *columns);

	if (!columns)
		return err_memory(e, "a mapping");
	for (size_t i = 0; i < entry->column_count; i++) {
		const struct choice *c = named(own, r, entry, i, e);

		if (!c)
			return e->code;
		columns[i] = c->mapped.column;
		if (own_refuse_result_column(r, columns[i], e) != ERR_OK)
			return e->code;
	}
	for (size_t i = 0; i < entry->field_count; i++) {
		struct choice *c = add_more(own, columns[0]);

		if (entry->column_count > 1) {
			c->mapped.joined = columns;
			c->mapped.joined_count = entry->column_count;
		}
		c->mapped.with = entry->with;
		if (take_field(own, r, entry, i, c, e) != ERR_OK)
			return e->code;
	}
	return ERR_OK;
}

static enum err_code take_constants(struct own_mapping *own, const struct mapping_request *r, bool that_beat,
                                    struct err *e)
{
	enum err_code rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < own->file.constant_count; i++)
		if (own->file.constants[i].beats == that_beat)
			rc = take_constant(own, r, &own->file.constants[i], &own->constants[i], e);
	return rc;
}

/* Constants that beat columns come first, the others after them. */
static enum err_code take_file(struct own_mapping *own, const struct mapping_request *r, struct err *e)
{
	enum err_code rc = take_constants(own, r, true, e);

	for (size_t i = 0; rc == ERR_OK && i < own->file.entry_count; i++) {
		const struct map_entry *entry = &own->file.entries[i];

		rc = entry->joined ? take_joined(own, r, entry, e) : take_column(own, r, entry, e);
	}
	return rc == ERR_OK ? take_constants(own, r, false, e) : rc;
}

static void drop_what_is_not_sent(struct own_mapping *own, const struct mapping_request *r)
{
	if (!action_deletes(r->action))
		return;
	for (size_t i = 0; i < r->column_count; i++)
		if (!own->columns[i].mapped.field || !own_allowed(r, own->columns[i].mapped.field))
			own_leave_out(&own->columns[i], own_only_id(r));
	for (size_t i = 0; i < own->more_count; i++)
		if (own->more[i].mapped.field && !own_allowed(r, own->more[i].mapped.field))
			own_leave_out(&own->more[i], own_only_id(r));
	for (size_t i = 0; i < own->constant_count; i++)
		if (!own_allowed(r, own->constants[i].mapped.field))
			own_leave_out(&own->constants[i], own_only_id(r));
}

/* How many choices the file can make besides one a column. */
static size_t most_more(const struct map_file *m)
{
	size_t count = 0;

	for (size_t i = 0; i < m->entry_count; i++)
		count += m->entries[i].field_count;
	return count;
}

/* Room for all that file and header can say. */
static enum err_code make_room(struct own_mapping *own, const struct mapping_request *r, struct err *e)
{
	size_t columns = r->column_count, more = most_more(&own->file);
	struct mapping *m = &own->mapping;

	m->column_count = columns;
	m->rules = own->file.rules;
	own->constant_count = own->file.constant_count;
	m->entries = arena_alloc(&own->arena, (columns + more + own->constant_count) * sizeof *m->entries);
	m->by_column = arena_alloc(&own->arena, columns * sizeof *m->by_column);
	m->not_loaded_why = arena_alloc(&own->arena, columns * sizeof *m->not_loaded_why);
	m->guesses = arena_alloc(&own->arena, columns * sizeof *m->guesses);
	own->columns = arena_alloc(&own->arena, columns * sizeof *own->columns);
	own->more = arena_alloc(&own->arena, more * sizeof *own->more);
	own->constants = arena_alloc(&own->arena, own->constant_count * sizeof *own->constants);
	if (!m->entries || !m->by_column || !m->not_loaded_why || !m->guesses || !own->columns || !own->more ||
	    !own->constants)
		return err_memory(e, "a mapping");
	for (size_t i = 0; i < columns; i++)
		own->columns[i].mapped.column = (int)i;
	return ERR_OK;
}

static int state_column(const struct mapping_request *r)
{
	for (size_t i = 0; i < r->column_count; i++)
		if (slice_equal_fold(slice_trim(r->columns[i]), slice_of("longshore_state")) &&
		    own_is_result_column(r, r->columns[i]))
			return (int)i;
	return -1;
}

static struct slice kept_slice(struct arena *a, struct slice s)
{
	return (struct slice){ arena_slice(a, s), s.len };
}

/* What constants are filled in with: what is so now, or for a run that goes on what was so when it began. */
static void take_facts(struct own_mapping *own, const struct mapping_request *r)
{
	struct constant_facts *facts = &own->mapping.facts;

	*facts = own->file.known;
	facts->run = r->facts.run;
	if (!r->facts.date.len)
		return;
	facts->file = kept_slice(&own->arena, r->facts.file);
	facts->date = kept_slice(&own->arena, r->facts.date);
	facts->user = kept_slice(&own->arena, r->facts.user);
}

/* The mapping's file, in either form. */
static enum err_code read_file(struct map_file *m, const struct mapping_request *r, struct err *e)
{
	struct sdl_scope scope = { r->object, r->columns, r->column_count };

	if (r->map_is_sdl)
		return sdl_read(m, r->map_json, &scope, e);
	return map_file_read(m, r->map_json, r->object->name, e);
}

static enum err_code fill(struct own_mapping *own, const struct mapping_request *r, struct err *e)
{
	enum err_code rc = read_file(&own->file, r, e);

	if (rc == ERR_OK && r->map_of_another)
		map_file_keep(&own->file, r->columns, r->column_count);
	if (rc == ERR_OK && r->words)
		rc = map_file_put_over(&own->file, r->words, e);
	if (rc == ERR_OK)
		rc = make_room(own, r, e);
	if (rc == ERR_OK)
		rc = take_file(own, r, e);
	if (rc == ERR_OK)
		rc = own_match_headers(own, r, e);
	if (rc == ERR_OK)
		rc = own_match_likely(own, r, e);
	if (rc != ERR_OK)
		return rc;
	own->mapping.state_column = state_column(r);
	take_facts(own, r);
	drop_what_is_not_sent(own, r);
	own_line_up(own);
	return ERR_OK;
}

enum err_code mapping_new(struct mapping **mapping, const struct mapping_request *request, struct err *e)
{
	struct own_mapping *own = calloc(1, sizeof *own);

	*mapping = NULL;
	if (!own)
		return err_memory(e, "a mapping");
	arena_init(&own->arena);
	if (fill(own, request, e) == ERR_OK)
		*mapping = &own->mapping;
	else
		mapping_free(&own->mapping);
	return e->code;
}

void mapping_free(struct mapping *mapping)
{
	struct own_mapping *own = (struct own_mapping *)mapping;

	if (!own)
		return;
	map_file_release(&own->file);
	arena_release(&own->arena);
	free(own);
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

size_t mapping_parents(const struct mapping_request *r, const char **names, size_t room)
{
	struct map_file m;
	struct err ignored; /* mapping_new() says it */
	size_t count = 0;

	for (size_t i = 0; i < r->column_count; i++)
		count = add_parent(r->object, r->columns[i], names, count, room);
	err_init(&ignored);
	if (read_file(&m, r, &ignored) == ERR_OK && r->map_of_another)
		map_file_keep(&m, r->columns, r->column_count);
	if (ignored.code == ERR_OK && (!r->words || map_file_put_over(&m, r->words, &ignored) == ERR_OK)) {
		for (size_t i = 0; i < m.entry_count; i++)
			for (size_t k = 0; k < m.entries[i].field_count; k++)
				count = add_parent(r->object, m.entries[i].fields[k], names, count, room);
		for (size_t i = 0; i < m.constant_count; i++)
			count = add_parent(r->object, m.constants[i].field, names, count, room);
	}
	map_file_release(&m);
	return count;
}

void mapping_columns(const struct slice *columns, size_t count, char hash[HASH_TEXT])
{
	uint64_t sums[2] = { 0, 0 };
	struct buf name;

	buf_init(&name, INT_MAX);
	for (size_t i = 0; i < count; i++) {
		struct slice s = slice_trim(columns[i]);

		buf_clear(&name);
		for (size_t k = 0; k < s.len; k++)
			buf_add_char(&name, s.at[k] >= 'A' && s.at[k] <= 'Z' ? (char)(s.at[k] + 32) : s.at[k]);
		for (uint64_t seed = 0; seed < 2; seed++)
			sums[seed] += hash_of(buf_slice(&name), seed);
	}
	buf_release(&name);
	snprintf(hash, HASH_TEXT, "%016llx%016llx", (unsigned long long)sums[0], (unsigned long long)sums[1]);
}
