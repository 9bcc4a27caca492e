#include "practice/query_columns.h"

#include <string.h>

static void begin_column(const char *name, bool aggregate, struct json_out *o)
{
	json_out_object(o);
	json_out_pair_bool(o, "aggregate", aggregate);
	json_out_pair(o, "columnName", name);
	json_out_pair(o, "displayName", name);
	json_out_pair(o, "foreignKeyName", NULL);
}

static void write_field(const struct field *f, struct json_out *o)
{
	bool number = field_is_number(f), truth = f->type == FIELD_BOOLEAN;

	begin_column(f->name, false, o);
	json_out_pair_bool(o, "booleanType", truth);
	json_out_pair_bool(o, "custom",
	                   strlen(f->name) > 3 && strcmp(f->name + strlen(f->name) - 3, "__c") == 0);
	json_out_pair_bool(o, "insertable", f->createable);
	json_out_pair_bool(o, "updatable", f->updateable);
	json_out_pair_bool(o, "numberType", number);
	json_out_pair_bool(o, "textType", !number && !truth);
	json_out_key(o, "joinColumns");
	json_out_list(o);
	json_out_end(o);
	json_out_end(o);
}

/* The first reference on its way, NULL for a field of the object. */
static const struct field *via_of(const struct query_field *f)
{
	return f->depth ? f->steps[0].via : NULL;
}

static bool is_first_of(const struct query *q, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (via_of(&q->fields[i]) == via_of(&q->fields[index]))
			return false;
	return true;
}

/* All fields of one far record are columns of one column. */
static void write_far(const struct query *q, const struct field *via, struct json_out *o)
{
	begin_column(via->relationship, false, o);
	json_out_key(o, "joinColumns");
	json_out_list(o);
	for (size_t i = 0; i < q->field_count; i++)
		if (via_of(&q->fields[i]) == via)
			write_field(q->fields[i].field, o);
	json_out_end(o);
	json_out_end(o);
}

static void write_columns(const struct query *q, struct json_out *o);

static void write_children_at(const struct query *q, size_t place, struct json_out *o)
{
	for (size_t i = 0; i < q->child_count; i++) {
		if (q->children[i].place != place)
			continue;
		begin_column(q->children[i].way->name, true, o);
		json_out_key(o, "joinColumns");
		write_columns(q->children[i].query, o);
		json_out_end(o);
	}
}

static void write_columns(const struct query *q, struct json_out *o)
{
	json_out_list(o);
	for (size_t i = 0; i < q->field_count; i++) {
		write_children_at(q, i, o);
		if (!via_of(&q->fields[i]))
			write_field(q->fields[i].field, o);
		else if (is_first_of(q, i))
			write_far(q, via_of(&q->fields[i]), o);
	}
	write_children_at(q, q->field_count, o);
	json_out_end(o);
}

void query_columns_write(const struct query *q, struct json_out *o)
{
	json_out_object(o);
	json_out_key(o, "columnMetadata");
	write_columns(q, o);
	json_out_pair(o, "entityName", q->object->name);
	json_out_pair_bool(o, "groupBy", false);
	json_out_pair(o, "keyPrefix", q->object->prefix);
	json_out_end(o);
}
