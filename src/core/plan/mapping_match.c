/* mapping_match.c - what the headers alone say: exact names first, then what is written otherwise, then what is likely. */
#include "core/plan/mapping_own.h"

#include <stdio.h>
#include <string.h>

#include "core/plan/automap.h"

static const char no_such_field[] = "no field of this name"; /* as target.c says it */

enum pass { BY_NAME, BY_RELATION, BY_LABEL, PASSES };

static bool find_in_pass(enum pass pass, struct target *t, struct own_mapping *own,
                         const struct mapping_request *r, struct slice column, char why[TARGET_WHY])
{
	struct target_scope scope = own_scope(r);

	if (pass == BY_LABEL)
		return target_by_label(t, &scope, column, why);
	snprintf(why, TARGET_WHY, "%s", no_such_field);
	if ((object_field(r->object, column) == NULL) != (pass == BY_RELATION))
		return false;
	return target_find(t, &scope, column, &own->arena, why);
}

/* What a header alone says about its column. A later pass does not put a better reason in a worse one's place. */
static enum err_code match_header(enum pass pass, struct own_mapping *own, const struct mapping_request *r,
                                  size_t i, struct err *e)
{
	static const char *const whys[PASSES] = { "API name", "relationship", "label" };
	struct slice name = slice_trim(r->columns[i]);
	struct choice *c = &own->columns[i];
	const struct choice *other;
	char why[TARGET_WHY];
	struct target t;

	if (c->settled || c->mapped.field)
		return ERR_OK;
	if (name.len == 0) {
		own_leave_out(c, "a column without a name");
		return ERR_OK;
	}
	if (own_is_result_column(r, name)) {
		own_leave_out(c, own_of_a_result_file);
		return ERR_OK;
	}
	if (!find_in_pass(pass, &t, own, r, name, why)) {
		if (!c->why_not || (strcmp(c->why_not, no_such_field) == 0 && strcmp(why, no_such_field) != 0))
			own_leave_out(c, own_keep(own, why));
		return ERR_OK;
	}
	other = own_holder(own, t.field, c);
	if (other) {
		own_holder_words(r, other, why);
		own_leave_out(c, own_keep(own, why));
		return ERR_OK;
	}
	own_choose(c, &t, whys[pass]);
	return own_set_rules(own, NULL, c, e);
}

enum err_code own_match_headers(struct own_mapping *own, const struct mapping_request *r, struct err *e)
{
	enum err_code rc = ERR_OK;

	for (enum pass pass = BY_NAME; pass < PASSES; pass++)
		for (size_t i = 0; rc == ERR_OK && i < r->column_count; i++)
			rc = match_header(pass, own, r, i, e);
	return rc;
}

bool own_allowed(const struct mapping_request *r, const struct field *f)
{
	return !action_deletes(r->action) || f->type == FIELD_ID;
}

const char *own_only_id(const struct mapping_request *r)
{
	return r->action == ACTION_DELETE ? "only the Id is sent for delete"
	                                  : "only the Id is sent for hard_delete";
}

/* Which columns want a field, and which fields are to be had. */
static bool *open_columns(struct own_mapping *own, const struct mapping_request *r)
{
	bool *open = arena_alloc(&own->arena, r->column_count * sizeof *open);

	for (size_t i = 0; open && i < r->column_count; i++)
		open[i] = !own->columns[i].settled && !own->columns[i].mapped.field &&
		          own->columns[i].why_not && strcmp(own->columns[i].why_not, no_such_field) == 0;
	return open;
}

static void mark_taken(const struct mapping_request *r, const struct choice *list, size_t count, bool *taken)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].mapped.field)
			taken[list[i].mapped.field - r->object->fields] = true;
}

static bool *taken_fields(struct own_mapping *own, const struct mapping_request *r)
{
	bool *taken = arena_alloc(&own->arena, (r->object->field_count + 1) * sizeof *taken);

	if (!taken)
		return NULL;
	mark_taken(r, own->columns, r->column_count, taken);
	mark_taken(r, own->more, own->more_count, taken);
	mark_taken(r, own->constants, own->constant_count, taken);
	return taken;
}

/* What was found for a column that nothing else says anything of. */
static enum err_code take_match(struct own_mapping *own, const struct mapping_request *r, size_t column,
                                const struct automap_match *m, struct err *e)
{
	struct choice *c = &own->columns[column];
	char why[2 * TARGET_WHY];

	if (!m->target.field) {
		if (m->why)
			own_leave_out(c, m->why);
		return ERR_OK;
	}
	if (m->sure == SURE_GUESSED && r->matching != MATCH_GUESSES) {
		own->mapping.guesses[column] = m->target.name;
		snprintf(why, sizeof why, "perhaps %s (%s): a mapping can say so", m->target.name, m->why);
		own_leave_out(c, own_keep(own, why));
		return ERR_OK;
	}
	own_choose(c, &m->target, m->why);
	c->mapped.sure = m->sure;
	return own_set_rules(own, NULL, c, e);
}

/* Headers that are no names: what they probably mean. */
enum err_code own_match_likely(struct own_mapping *own, const struct mapping_request *r, struct err *e)
{
	struct automap_match *matches = arena_alloc(&own->arena, r->column_count * sizeof *matches);
	struct automap_request request = { .scope = own_scope(r),
		                           .action = r->action,
		                           .columns = r->columns,
		                           .profiles = r->profiles,
		                           .column_count = r->column_count,
		                           .open = open_columns(own, r),
		                           .taken = taken_fields(own, r) };
	enum err_code rc = ERR_OK;

	if (r->matching == MATCH_NAMES)
		return ERR_OK;
	if (!matches || !request.open || !request.taken || !automap(&request, matches, &own->arena))
		return err_memory(e, "a mapping");
	for (size_t i = 0; rc == ERR_OK && i < r->column_count; i++)
		if (request.open[i])
			rc = take_match(own, r, i, &matches[i], e);
	return rc;
}

size_t mapping_likely_parents(const struct mapping_request *r, const char **names, size_t room)
{
	return automap_parents(r->object, r->columns, r->column_count, names, room);
}
