/* collections.h's reading half: many records of one object, by their ids. */
#include <string.h>
#include <strings.h>

#include "practice/collections.h"
#include "practice/cursor.h"
#include "practice/json_in.h"

enum { MOST_IDS = 2000, MOST_FIELDS = 800 };

struct reading {
	struct practice *practice;
	const struct request *request;
	struct answer *answer;
	struct table *table;
	const struct field *fields[MOST_FIELDS];
	size_t field_count;
	struct slice ids[MOST_IDS];
	size_t id_count;
};

static bool missing(struct reading *s, const char *name)
{
	answer_error(s->answer, 400, "MISSING_ARGUMENT", "%s not specified", name);
	return false;
}

static bool add_field(struct reading *s, struct slice name)
{
	const struct field *f = object_field(s->table->object, slice_trim(name));

	for (size_t i = 0; i < s->field_count; i++)
		if (s->fields[i] == f)
			return true;
	if (!f || s->field_count == MOST_FIELDS) {
		answer_error(s->answer, 400, "INVALID_FIELD", "No such column '%.*s' on sobject of type %s",
		             (int)(name.len < 80 ? name.len : 80), name.len ? name.at : "",
		             s->table->object->name);
		return false;
	}
	s->fields[s->field_count++] = f;
	return true;
}

static bool add_id(struct reading *s, struct slice id)
{
	if (s->id_count == MOST_IDS) {
		answer_error(s->answer, 400, "EXCEEDED_ID_LIMIT",
		             "record limit reached. cannot submit more than %d records into this call",
		             MOST_IDS);
		return false;
	}
	s->ids[s->id_count++] = slice_trim(id);
	return true;
}

/* Takes each part of "A,B,C". */
static bool read_commas(struct reading *s, const char *name, bool (*add)(struct reading *s, struct slice part))
{
	struct slice rest = slice_of(request_argument(s->request, name));

	if (rest.len == 0)
		return missing(s, name);
	while (rest.at) {
		const char *comma = memchr(rest.at, ',', rest.len);
		struct slice part = { rest.at, comma ? (size_t)(comma - rest.at) : rest.len };

		if (!add(s, part))
			return false;
		rest = comma ? (struct slice){ comma + 1, rest.len - part.len - 1 } : (struct slice){ NULL, 0 };
	}
	return true;
}

/* The same of a JSON list. */
static bool read_list(struct reading *s, const struct json_in *json, const char *name,
                      bool (*add)(struct reading *s, struct slice part))
{
	const struct json_in *list = json_in_member(json, name);

	if (!list || list->kind != JSON_IN_LIST || !list->first)
		return missing(s, name);
	for (const struct json_in *v = list->first; v; v = v->next) {
		if (v->kind != JSON_IN_STRING)
			return missing(s, name);
		if (!add(s, v->text))
			return false;
	}
	return true;
}

/* The record, or null where the id names none of this object that lives. */
static void write_record(const struct reading *s, struct slice id, struct json_out *o)
{
	uint32_t number = table_number(s->table, id);
	const struct row *row = number ? org_row(s->table, number) : NULL;

	if (row && row->fate == ROW_LIVES)
		cursor_write_row(s->table, number, s->request->version, s->fields, s->field_count, o);
	else
		json_out_null(o);
}

static void write_records(const struct reading *s)
{
	struct json_out o;

	json_out_init(&o, &s->answer->body, true);
	json_out_list(&o);
	for (size_t i = 0; i < s->id_count; i++)
		write_record(s, s->ids[i], &o);
	json_out_end(&o);
}

static bool begin(struct reading *s, struct practice *p, const struct request *r, struct answer *a)
{
	s->practice = p;
	s->request = r;
	s->answer = a;
	s->field_count = s->id_count = 0;
	s->table = practice_table(p, r->part[0]);
	if (!s->table)
		answer_error(a, 404, "NOT_FOUND", "The requested resource does not exist");
	return s->table != NULL;
}

void collections_get(struct practice *p, const struct request *r, struct answer *a)
{
	struct reading s;

	if (begin(&s, p, r, a) && read_commas(&s, "ids", add_id) && read_commas(&s, "fields", add_field))
		write_records(&s);
}

void collections_retrieve(struct practice *p, const struct request *r, struct answer *a)
{
	struct reading s;
	struct arena arena;
	const struct json_in *json;
	struct buf why;

	if (!begin(&s, p, r, a) || !request_is_json(r, a))
		return;
	arena_init(&arena);
	buf_init(&why, 1024);
	json = json_in_read(&arena, buf_slice(r->body), &why);
	if (!json)
		answer_error(a, 400, "JSON_PARSER_ERROR", "%s", buf_text(&why));
	else if (read_list(&s, json, "ids", add_id) && read_list(&s, json, "fields", add_field))
		write_records(&s);
	buf_release(&why);
	arena_release(&arena);
}
