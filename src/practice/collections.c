#include "practice/collections.h"

#include <stdlib.h>
#include <string.h>

#include "practice/record.h"

enum { MOST_RECORDS = 200, MOST_RUNS = 10 };

/* A key that a record brings, which may come once only. */
struct seen_key {
	const struct field *field;
	struct slice value;
	struct record *record;
};

struct collection {
	struct practice *practice;
	const struct request *request;
	struct answer *answer;
	struct table *table; /* of an upsert: the one type it takes */
	struct arena arena;
	struct record_request asked;
	struct record records[MOST_RECORDS];
	size_t count;
	bool all_or_none;
};

static struct collection *begin(struct practice *p, const struct request *r, struct answer *a,
                                enum record_call call)
{
	struct collection *c = calloc(1, sizeof *c);

	if (!c) {
		answer_error(a, 500, "UNKNOWN_EXCEPTION", "no memory for the request");
		return NULL;
	}
	c->practice = p;
	c->request = r;
	c->answer = a;
	arena_init(&c->arena);
	record_request_init(&c->asked, &p->org, &p->scenario, buf_slice(r->body), &c->arena, call);
	return c;
}

static void end(struct collection *c)
{
	for (size_t i = 0; i < c->count; i++)
		record_release(&c->records[i]);
	record_request_release(&c->asked);
	arena_release(&c->arena);
	free(c);
}

static bool too_many(struct collection *c)
{
	answer_error(c->answer, 400, "EXCEEDED_ID_LIMIT",
	             "record limit reached. cannot submit more than %d records into this call", MOST_RECORDS);
	return false;
}

static bool bad_type(struct collection *c, struct slice name)
{
	return refuse(&c->asked.broken, "INVALID_TYPE", NULL,
	              "sObject type '%.*s' is not supported. If you are attempting to use a custom object, be "
	              "sure to append the '__c' after the entity name. Please reference your WSDL or the "
	              "describe call for the appropriate names.",
	              SLICE_ARGS(name));
}

static bool unreadable(struct collection *c, const char *what, const struct json_in *at)
{
	refuse(&c->asked.broken, "JSON_PARSER_ERROR", NULL, "%s", what);
	json_in_add_place(&c->asked.broken.message, c->asked.text, at->at);
	return false;
}

static bool unrecognized(struct collection *c, const struct json_in *member)
{
	refuse(&c->asked.broken, "JSON_PARSER_ERROR", NULL, "Unrecognized field \"%.*s\"",
	       SLICE_ARGS(member->key));
	json_in_add_place(&c->asked.broken.message, c->asked.text, member->at);
	return false;
}

/* The table the record's attributes name; NULL: the request is spoiled. */
static struct table *table_of(struct collection *c, const struct json_in *record)
{
	const struct json_in *type = json_in_member(json_in_member(record, "attributes"), "type");
	const struct object *o;

	if (!type || type->kind != JSON_IN_STRING) {
		unreadable(c,
		           "The record has no attributes with its type, or request may be missing a required "
		           "field",
		           record);
		return NULL;
	}
	o = schema_object(&c->practice->schema, type->text);
	if (!o || (c->table && c->table->object != o)) {
		bad_type(c, type->text);
		return NULL;
	}
	return org_table(&c->practice->org, o);
}

static bool read_records(struct collection *c, const struct json_in *list)
{
	size_t runs = 0;

	for (const struct json_in *v = list->first; v; v = v->next) {
		struct table *t;

		if (c->count == MOST_RECORDS)
			return too_many(c);
		t = table_of(c, v);
		if (!t)
			return false;
		runs += c->count == 0 || c->records[c->count - 1].table != t;
		if (!record_read(&c->records[c->count++], &c->asked, t, v))
			return false;
	}
	if (runs <= MOST_RUNS)
		return true;
	return refuse(&c->asked.broken, "LIMIT_EXCEEDED", NULL,
	              "The records change their type more than %d times; put those of one type together",
	              MOST_RUNS - 1);
}

static bool read_envelope(struct collection *c, const struct json_in *json)
{
	const struct json_in *list = json_in_member(json, "records");

	if (!list || list->kind != JSON_IN_LIST)
		return unreadable(c, "The records must be a list, or request may be missing a required field",
		                  json);
	for (const struct json_in *v = json->first; v; v = v->next) {
		if (slice_is(v->key, "allOrNone") && (v->kind == JSON_IN_TRUE || v->kind == JSON_IN_FALSE))
			c->all_or_none = v->kind == JSON_IN_TRUE;
		else if (slice_is(v->key, "allOrNone"))
			return unreadable(c, "Cannot deserialize instance of boolean", v);
		else if (!slice_is(v->key, "records"))
			return unrecognized(c, v);
	}
	return read_records(c, list);
}

/* All of the body; false with the answer, and nothing is written. */
static bool read_body(struct collection *c)
{
	struct refusal *broken = &c->asked.broken;
	const struct json_in *json;

	if (!request_is_json(c->request, c->answer))
		return false;
	json = json_in_read(&c->arena, c->asked.text, &broken->message);
	if (!json)
		broken->code = "JSON_PARSER_ERROR";
	if (json && read_envelope(c, json))
		return true;
	if (broken->code)
		answer_error(c->answer, 400, broken->code, "%s", buf_text(&broken->message));
	return false;
}

static bool same_key(const struct seen_key *a, const struct seen_key *b)
{
	if (a->field != b->field)
		return false;
	return a->field->case_sensitive ? slice_equal(a->value, b->value)
	                                : slice_equal_fold(a->value, b->value);
}

static void refuse_twice(struct seen_key *key)
{
	if (!key->record->refused)
		record_refuse(key->record, "DUPLICATE_VALUE", key->field->name,
		              "Duplicate external id specified: %.*s", SLICE_ARGS(key->value));
}

/* The same key in two records refuses both (salesforce-api.md E1). */
static void refuse_doubles(struct collection *c, size_t from, size_t to)
{
	struct seen_key *seen;
	size_t n = 0;

	for (size_t i = from; i < to; i++)
		n += c->records[i].change_count;
	seen = arena_alloc(&c->arena, (n + 1) * sizeof *seen);
	n = 0;
	for (size_t i = from; seen && i < to; i++)
		for (size_t k = 0; k < c->records[i].change_count; k++) {
			const struct change *change = &c->records[i].changes[k];

			if (!change->null && (change->field->unique || change->field == c->asked.key))
				seen[n++] = (struct seen_key){ change->field, change->text, &c->records[i] };
		}
	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n; k++)
			if (same_key(&seen[i], &seen[k])) {
				refuse_twice(&seen[i]);
				refuse_twice(&seen[k]);
			}
}

/* Records of one type that follow each other: references are followed and rows found before any of them is written. */
static void work_on_run(struct collection *c, size_t from, size_t to)
{
	struct practice *p = c->practice;
	struct writer w;

	writer_init(&w, &p->org, &p->audit, c->records[from].table, 0);
	w.now = practice_now(p);
	w.policy = &p->scenario.policy;
	w.save_duplicates = request_saves_duplicates(c->request);
	refuse_doubles(c, from, to);
	for (size_t i = from; i < to; i++)
		record_prepare(&c->records[i], &c->asked, &w);
	for (size_t i = from; i < to; i++)
		record_write(&c->records[i], &c->asked, &w, (uint32_t)i + 1);
	writer_release(&w);
}

static bool any_refused(const struct collection *c)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->records[i].refused)
			return true;
	return false;
}

/* Nothing of the request was there: rows and audit are as before. */
static void roll_back(struct collection *c, size_t place, size_t audited)
{
	org_undo_back(&c->practice->org, place);
	audit_cut(&c->practice->audit, audited);
	for (size_t i = 0; i < c->count; i++) {
		struct record *rec = &c->records[i];

		if (c->asked.call == CALL_CREATE || rec->created ||
		    (rec->table && !org_row(rec->table, rec->row)))
			rec->row = 0;
		if (!rec->refused)
			record_refuse(
				rec, "ALL_OR_NONE_OPERATION_ROLLED_BACK", NULL,
				"Record rolled back because not all records were valid and the request was "
				"using AllOrNone header");
	}
}

static void write_result(const struct collection *c, const struct record *rec, struct json_out *o)
{
	char id[SF_ID_ROOM];

	json_out_object(o);
	if (rec->table && rec->row && !(rec->refused && c->asked.call == CALL_DELETE)) {
		table_id(rec->table, rec->row, id);
		json_out_pair(o, "id", id);
	}
	json_out_pair_bool(o, "success", !rec->refused);
	json_out_key(o, "errors");
	json_out_list(o);
	if (rec->refused)
		record_write_errors(&rec->why, "statusCode", o);
	json_out_end(o);
	if (c->asked.call == CALL_UPSERT)
		json_out_pair_bool(o, "created", rec->created);
	json_out_end(o);
}

/* Has the scenario let the record's result get lost? */
static bool is_lacking(const struct collection *c, size_t index)
{
	return c->request->lacks > 0 && (index + 1) % (size_t)c->request->lacks == 0;
}

static void carry_out(struct collection *c)
{
	size_t audited = c->practice->audit.count;
	size_t place = org_undo_begin(&c->practice->org);
	struct json_out o;

	for (size_t from = 0, to; from < c->count; from = to) {
		for (to = from + 1; to < c->count && c->records[to].table == c->records[from].table; to++)
			;
		if (c->records[from].table)
			work_on_run(c, from, to);
	}
	if (c->all_or_none && any_refused(c))
		roll_back(c, place, audited);
	org_undo_end(&c->practice->org);
	json_out_init(&o, &c->answer->body, true);
	json_out_list(&o);
	for (size_t i = 0; i < c->count; i++)
		if (!is_lacking(c, i))
			write_result(c, &c->records[i], &o);
	json_out_end(&o);
}

static void write_records(struct practice *p, const struct request *r, struct answer *a, enum record_call call)
{
	struct collection *c = begin(p, r, a, call);

	if (!c)
		return;
	if (read_body(c))
		carry_out(c);
	end(c);
}

void collections_create(struct practice *p, const struct request *r, struct answer *a)
{
	write_records(p, r, a, CALL_CREATE);
}

void collections_update(struct practice *p, const struct request *r, struct answer *a)
{
	write_records(p, r, a, CALL_UPDATE);
}

static bool is_true(const struct request *r, const char *argument)
{
	const char *text = request_argument(r, argument);

	return text && strcasecmp(text, "true") == 0;
}

/* The object and the key that the path names; false with the answer. */
static bool read_path(struct collection *c)
{
	c->table = practice_table(c->practice, c->request->part[0]);
	if (!c->table) {
		answer_error(c->answer, 404, "NOT_FOUND", "The requested resource does not exist");
		return false;
	}
	c->asked.key = object_field(c->table->object, slice_of(c->request->part[1]));
	if (c->asked.key && field_is_key(c->asked.key))
		return true;
	answer_error(c->answer, 404, "NOT_FOUND",
	             "Provided external ID field does not exist or is not accessible: %.80s",
	             c->request->part[1]);
	return false;
}

void collections_upsert(struct practice *p, const struct request *r, struct answer *a)
{
	struct collection *c = begin(p, r, a, CALL_UPSERT);

	if (!c)
		return;
	c->asked.update_only = is_true(r, "updateOnly");
	if (read_path(c) && read_body(c))
		carry_out(c);
	end(c);
}

/* The table an id belongs to; refused if there is none. */
static void read_id(struct collection *c, struct record *rec, struct slice id)
{
	const struct object *o;
	char prefix[4];
	uint32_t number;

	*rec = (struct record){ .id = id };
	refusal_init(&rec->why);
	if (sf_id_read(id, prefix, &number) == SF_ID_MALFORMED) {
		record_refuse(rec, "MALFORMED_ID", NULL, "malformed id %.*s", (int)(id.len < 80 ? id.len : 80),
		              id.len ? id.at : "");
		return;
	}
	o = schema_prefix(&c->practice->schema, prefix);
	if (o)
		rec->table = org_table(&c->practice->org, o);
	else
		record_refuse(rec, "INVALID_CROSS_REFERENCE_KEY", NULL, "invalid cross reference id");
}

static bool read_ids(struct collection *c)
{
	const char *ids = request_argument(c->request, "ids");
	struct slice rest = slice_of(ids);

	if (rest.len == 0) {
		answer_error(c->answer, 400, "MISSING_ARGUMENT",
		             "The parameter ids names the records to delete");
		return false;
	}
	while (rest.at) {
		const char *comma = memchr(rest.at, ',', rest.len);
		struct slice id = { rest.at, comma ? (size_t)(comma - rest.at) : rest.len };

		if (c->count == MOST_RECORDS)
			return too_many(c);
		read_id(c, &c->records[c->count++], slice_trim(id));
		rest = comma ? (struct slice){ comma + 1, rest.len - id.len - 1 } : (struct slice){ NULL, 0 };
	}
	return true;
}

void collections_delete(struct practice *p, const struct request *r, struct answer *a)
{
	struct collection *c = begin(p, r, a, CALL_DELETE);

	if (!c)
		return;
	c->all_or_none = is_true(r, "allOrNone");
	if (read_ids(c))
		carry_out(c);
	end(c);
}
