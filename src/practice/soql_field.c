/* soql_parser.h's paths: from the object a query asks for, over references, to a field. */
#include <stdio.h>
#include <string.h>

#include "practice/soql_parser.h"

#define NO_FIELD                                                                                     \
	"If you are attempting to use a custom field, be sure to append the '__c' after the custom " \
	"field name. Please reference your WSDL or the describe call for the appropriate names."

static bool no_column(struct parser *p, struct token path, const char *entity)
{
	char after[512];

	snprintf(after, sizeof after, " on entity '%s'. %s", entity, NO_FIELD);
	return token_refuse_name(&p->tokens, path.at, "INVALID_FIELD", "No such column ", path.text, after);
}

static bool no_relationship(struct parser *p, struct token path, struct slice name)
{
	return token_refuse_name(
		&p->tokens, path.at, "INVALID_FIELD", "Didn't understand relationship ", name,
		" in field path. If you are attempting to use a custom relationship, be sure to "
		"append the '__r' after the custom relationship name. Please reference your WSDL "
		"or the describe call for the appropriate names.");
}

/* Behind a reference to several kinds of objects there are only the fields they share, and Type, which names the kind. */
static const struct field *shared_field(const struct parser *p, const struct field *via, struct slice name)
{
	static const char *const shared[] = { "Id",    "Name",  "FirstName", "LastName", "Email",
		                              "Phone", "Title", "Username",  "Alias",    "IsActive" };
	const struct field *found = NULL;
	bool known = false;

	for (size_t i = 0; i < sizeof shared / sizeof shared[0]; i++)
		known = known || slice_equal_fold(name, slice_of(shared[i]));
	for (size_t i = 0; i < via->target_count && known && !found; i++) {
		const struct object *o = schema_object(p->schema, slice_of(via->targets[i]));

		found = o ? object_field(o, name) : NULL;
	}
	return found;
}

/* One reference further; false with the refusal. */
static bool follow(struct parser *p, struct token path, struct slice name, const struct object *from,
                   struct query_step *step)
{
	step->via = object_relationship(from, name);
	if (!step->via || step->via->target_count == 0)
		return no_relationship(p, path, name);
	step->several = step->via->target_count > 1;
	if (!step->several)
		step->far = schema_object(p->schema, slice_of(step->via->targets[0]));
	return step->far || step->several || no_relationship(p, path, name);
}

/* Does the path begin with what the query calls its own object? */
static bool is_own_name(const struct parser *p, struct slice name)
{
	return slice_equal_fold(name, slice_of(p->query->object->name)) ||
	       (p->alias.len && slice_equal_fold(name, p->alias));
}

/* The last part of a path, behind its references. */
static bool find_last(struct parser *p, struct token path, struct slice name, const struct object *from,
                      struct query_field *to)
{
	static const struct field type = {
		.name = "Type", .type = FIELD_STRING, .filterable = true, .sortable = true
	};
	const struct query_step *last = to->depth ? &to->steps[to->depth - 1] : NULL;

	if (!last || !last->several) {
		to->field = object_field(from, name);
		return to->field || no_column(p, path, from->name);
	}
	to->is_type = slice_equal_fold(name, slice_of(type.name));
	to->field = to->is_type ? &type : shared_field(p, last->via, name);
	return to->field || no_column(p, path, "Name");
}

bool parser_find_field(struct parser *p, struct token path, struct query_field *to)
{
	const struct object *o = p->query->object;
	struct slice rest = path.text;
	const char *dot;

	*to = (struct query_field){ 0 };
	while ((dot = memchr(rest.at, '.', rest.len))) {
		struct slice name = { rest.at, (size_t)(dot - rest.at) };

		rest = (struct slice){ dot + 1, rest.len - name.len - 1 };
		if (rest.at == path.text.at + name.len + 1 && is_own_name(p, name) &&
		    !object_relationship(o, name))
			continue;
		if (to->depth == QUERY_DEEPEST || (to->depth && to->steps[to->depth - 1].several))
			return no_relationship(p, path, name);
		if (!follow(p, path, name, o, &to->steps[to->depth]))
			return false;
		o = to->steps[to->depth++].far;
	}
	return find_last(p, path, rest, o, to);
}
