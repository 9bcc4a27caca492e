#include "practice/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "practice/record.h"
#include "practice/rest.h"

enum { MOST_SHOWN = 100, SILENT_UPSERT = 45 /* the last version that says nothing of an update (E3) */ };

/* One request about one row, from its first check to its answer. */
struct single {
	struct practice *practice;
	const struct request *request;
	struct answer *answer;
	struct table *table;
	struct arena arena;
	struct record_request asked;
	struct record record;
	struct writer writer;
};

static bool not_there(struct answer *a)
{
	answer_error(a, 404, "NOT_FOUND", "The requested resource does not exist");
	return false;
}

static bool no_key(struct answer *a, const char *name)
{
	answer_error(a, 404, "NOT_FOUND",
	             "Provided external ID field does not exist or is not accessible: %.80s", name);
	return false;
}

/* false with the answer: no such object. Released with end() in both cases. */
static bool begin(struct single *s, struct practice *p, const struct request *r, struct answer *a,
                  enum record_call call)
{
	*s = (struct single){ .practice = p, .request = r, .answer = a };
	s->table = practice_table(p, r->part[0]);
	arena_init(&s->arena);
	record_request_init(&s->asked, &p->org, &p->scenario, buf_slice(r->body), &s->arena, call);
	writer_init(&s->writer, &p->org, &p->audit, s->table, 0);
	s->writer.now = practice_now(p);
	s->writer.policy = &p->scenario.policy;
	s->writer.save_duplicates = request_saves_duplicates(r);
	s->record.table = s->table;
	refusal_init(&s->record.why);
	return s->table || not_there(a);
}

static void end(struct single *s)
{
	record_release(&s->record);
	record_request_release(&s->asked);
	writer_release(&s->writer);
	arena_release(&s->arena);
}

/* Answers that the record was refused. */
static bool refused(struct single *s, int status)
{
	struct json_out o;

	s->answer->status = status;
	json_out_init(&o, &s->answer->body, false);
	json_out_list(&o);
	record_write_errors(&s->record.why, "errorCode", &o);
	json_out_end(&o);
	return false;
}

static bool spoiled(struct single *s)
{
	answer_error(s->answer, 400, s->asked.broken.code, "%s", buf_text(&s->asked.broken.message));
	return false;
}

/* The body as a record; false with the answer. */
static bool read_body(struct single *s)
{
	struct record_request *q = &s->asked;
	const struct json_in *json;

	if (!request_is_json(s->request, s->answer))
		return false;
	json = json_in_read(&s->arena, q->text, &q->broken.message);
	if (!json)
		q->broken.code = "JSON_PARSER_ERROR";
	if (!json || !record_read(&s->record, q, s->table, json))
		return spoiled(s);
	return true;
}

/* In a rehearsal the real org may have what is to be written, whatever its id. */
static bool may_stand_in(const struct single *s, const char prefix[4])
{
	const char *method = s->request->method;
	bool reads = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;

	return s->practice->org.rehearsal && !reads && memcmp(prefix, s->table->object->prefix, 3) == 0;
}

/* The row that the id in the path names; false with the answer. */
static bool find_row(struct single *s, const char *id)
{
	char prefix[4];
	uint32_t number;
	const struct row *row = NULL;

	if (sf_id_read(slice_of(id), prefix, &number) == SF_ID_MALFORMED)
		return no_key(s->answer, id); /* recorded: what is no id is taken for the name of a field */
	number = table_number(s->table, slice_of(id));
	if (!number && may_stand_in(s, prefix))
		number = org_stand_in(s->table, slice_of(id), s->writer.now);
	if (number)
		row = org_row(s->table, number);
	if (!row || row->fate == ROW_PURGED)
		return not_there(s->answer);
	if (row->fate == ROW_DELETED) {
		record_refuse(&s->record, "ENTITY_IS_DELETED", NULL, "entity is deleted");
		return refused(s, 404);
	}
	s->record.row = number;
	s->record.id = slice_of(id);
	return true;
}

static void row_url(const struct single *s, uint32_t row, char *to, size_t size)
{
	char id[SF_ID_ROOM];

	table_id(s->table, row, id);
	snprintf(to, size, "/services/data/v%d.0/sobjects/%s/%s", s->request->version, s->table->object->name,
	         id);
}

/* 300 and where they are, when a key names several rows. */
static void several(struct single *s, const uint32_t *rows, size_t found)
{
	char url[HTTP_VALUE];
	struct json_out o;

	s->answer->status = 300;
	json_out_init(&o, &s->answer->body, false);
	json_out_list(&o);
	for (size_t i = 0; i < found && i < MOST_SHOWN; i++) {
		row_url(s, rows[i], url, sizeof url);
		json_out_text(&o, slice_of(url));
	}
	json_out_end(&o);
}

/* The row that field and value in the path name, 0 in record.row if there is none; false with the answer. */
static bool find_key(struct single *s)
{
	const char *const *part = s->request->part;
	const struct field *key = object_field(s->table->object, slice_of(part[1]));
	uint32_t rows[MOST_SHOWN];
	size_t found;

	if (!key || !field_is_key(key))
		return no_key(s->answer, part[1]);
	s->asked.key = key;
	if (key->origin == FROM_ID)
		return find_row(s, part[2]);
	if (!rule_read(key, slice_of(part[2]), 0, &s->arena, &s->record.key, &s->record.why))
		return refused(s, 400);
	found = table_find(s->table, key, s->record.key, rows, MOST_SHOWN);
	if (found > 1) {
		several(s, rows, found);
		return false;
	}
	s->record.row = found ? rows[0] : 0;
	if (found || !may_stand_in(s, s->table->object->prefix))
		return true;
	if (write_find_upserted(&s->writer, key, s->record.key, &s->record.row))
		return true;
	s->record.why = s->writer.why;
	refusal_init(&s->writer.why);
	return refused(s, 400);
}

/* Writes the record; false with the answer. */
static bool carry_out(struct single *s)
{
	record_prepare(&s->record, &s->asked, &s->writer);
	record_write(&s->record, &s->asked, &s->writer, 1);
	return !s->record.refused || refused(s, 400);
}

static void nothing_to_say(struct answer *a)
{
	a->status = 204;
	a->type = NULL;
}

static void write_saved(struct single *s, int status, const bool *created)
{
	char id[SF_ID_ROOM], url[HTTP_VALUE];
	struct json_out o;

	table_id(s->table, s->record.row, id);
	s->answer->status = status;
	if (status == 201) {
		row_url(s, s->record.row, url, sizeof url);
		answer_header(s->answer, "Location", "%s", url);
	}
	json_out_init(&o, &s->answer->body, false);
	json_out_object(&o);
	json_out_pair(&o, "id", id);
	json_out_pair_bool(&o, "success", true);
	json_out_key(&o, "errors");
	json_out_list(&o);
	json_out_end(&o);
	if (created)
		json_out_pair_bool(&o, "created", *created);
	json_out_end(&o);
}

static void write_upserted(struct single *s, bool created)
{
	if (created || s->request->version > SILENT_UPSERT)
		write_saved(s, created ? 201 : 200, &created);
	else
		nothing_to_say(s->answer);
}

void rows_create(struct practice *p, const struct request *r, struct answer *a)
{
	struct single s;

	/* "POST sobjects/X/Id" creates as well (salesforce-api.md E3) */
	if (r->part[1] && strcasecmp(r->part[1], "Id") != 0) {
		answer_error(a, 405, "METHOD_NOT_ALLOWED",
		             "HTTP Method 'POST' not allowed. Allowed are "
		             "HEAD,GET,PATCH,DELETE");
		return;
	}
	if (begin(&s, p, r, a, CALL_CREATE) && read_body(&s) && carry_out(&s))
		write_saved(&s, 201, NULL);
	end(&s);
}

/* The body of a change must not name what the path names already. */
static bool leaves_out(struct single *s)
{
	const struct field *key = s->asked.key;

	for (const struct json_in *v = s->record.json->first; v; v = v->next) {
		if (!slice_equal_fold(v->key, slice_of("Id")) &&
		    !(key && slice_equal_fold(v->key, slice_of(key->name))))
			continue;
		answer_error(s->answer, 400, "INVALID_FIELD",
		             "The %.*s field should not be specified in the sobject data.", SLICE_ARGS(v->key));
		return false;
	}
	return true;
}

/* Reads the body around what the path has told already. */
static bool read_change(struct single *s)
{
	struct record told = s->record;

	if (!read_body(s))
		return false;
	refusal_release(&told.why);
	s->record.row = told.row;
	s->record.id = told.id;
	return leaves_out(s);
}

void rows_update(struct practice *p, const struct request *r, struct answer *a)
{
	struct single s;

	if (begin(&s, p, r, a, CALL_UPDATE) && find_row(&s, r->part[1]) && read_change(&s) && carry_out(&s))
		nothing_to_say(a);
	end(&s);
}

void rows_upsert(struct practice *p, const struct request *r, struct answer *a)
{
	const char *only = request_argument(r, "updateOnly");
	struct single s;
	bool created;

	if (begin(&s, p, r, a, CALL_UPSERT) && find_key(&s) && read_change(&s)) {
		created = s.record.row == 0;
		if (created && only && strcasecmp(only, "true") == 0) {
			not_there(a);
		} else {
			if (created)
				record_read_key(&s.record, &s.asked, s.asked.key, slice_of(r->part[2]));
			if (carry_out(&s))
				write_upserted(&s, created);
		}
	}
	end(&s);
}

static void delete_row(struct single *s)
{
	if (carry_out(s))
		nothing_to_say(s->answer);
}

void rows_delete(struct practice *p, const struct request *r, struct answer *a)
{
	struct single s;

	if (begin(&s, p, r, a, CALL_DELETE) && find_row(&s, r->part[1]))
		delete_row(&s);
	end(&s);
}

void rows_delete_by_key(struct practice *p, const struct request *r, struct answer *a)
{
	struct single s;

	if (begin(&s, p, r, a, CALL_DELETE) && find_key(&s) && (s.record.row || not_there(a)))
		delete_row(&s);
	end(&s);
}

/* "?fields=Name,Phone"; NULL without it or, with *known false and the answer, with a field that is none. */
static const struct field *const *asked_fields(struct single *s, size_t *count, bool *known)
{
	const char *names = request_argument(s->request, "fields");
	size_t len = names ? strlen(names) : 0;
	const struct field **fields = len ? arena_alloc(&s->arena, (len + 1) * sizeof *fields) : NULL;
	struct slice rest = { names, len };

	*known = true;
	*count = 0;
	while (fields && rest.len) {
		const char *comma = memchr(rest.at, ',', rest.len);
		struct slice name = { rest.at, comma ? (size_t)(comma - rest.at) : rest.len };

		fields[*count] = object_field(s->table->object, slice_trim(name));
		if (!fields[*count]) {
			answer_error(s->answer, 400, "INVALID_FIELD",
			             "No such column '%.*s' on sobject of type %s", SLICE_ARGS(name),
			             s->table->object->name);
			*known = false;
			return NULL;
		}
		++*count;
		rest = comma ? (struct slice){ comma + 1, rest.len - name.len - 1 } : (struct slice){ NULL, 0 };
	}
	return fields;
}

static void show(struct single *s)
{
	struct json_out o;
	size_t count;
	bool known;
	const struct field *const *fields = asked_fields(s, &count, &known);

	if (!known || rest_is_unchanged(s->request, s->answer, org_row(s->table, s->record.row)->modified))
		return;
	json_out_init(&o, &s->answer->body, true);
	cursor_write_row(s->table, s->record.row, s->request->version, fields, count, &o);
}

void rows_get(struct practice *p, const struct request *r, struct answer *a)
{
	struct single s;

	if (begin(&s, p, r, a, CALL_UPDATE) && find_row(&s, r->part[1]))
		show(&s);
	end(&s);
}

void rows_get_by_key(struct practice *p, const struct request *r, struct answer *a)
{
	struct single s;

	if (begin(&s, p, r, a, CALL_UPDATE) && find_key(&s) && (s.record.row || not_there(a)))
		show(&s);
	end(&s);
}

void rows_object(struct practice *p, const struct request *r, struct answer *a)
{
	struct table *t = practice_table(p, r->part[0]);

	if (!t) {
		not_there(a);
		return;
	}
	buf_add_text(&a->body, "{\"objectDescribe\":");
	schema_add_text(&a->body, t->object->summary, r->version);
	buf_add_text(&a->body, ",\"recentItems\":[]}");
}
