#include "core/engine/settle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/when.h"
#include "core/engine/chunker.h"
#include "core/engine/in_query.h"
#include "core/org/soql.h"

enum {
	MOST_KEYS = 100, /* asked for in one query, if they fit */
	MOST_QUERY = 4000,
	QUERY_FIELDS = 4,
	PROOF_MS = 15 * 60 * 1000, /* no request runs that long */
};

/* Keys of some records, and what the org has of them. */
struct batch {
	const struct settle_request *request;
	const char *key_name;
	enum field_type key_type;
	struct outcome *outcomes;
	struct arena *texts;
	size_t first, count; /* records of the request */
	struct slice keys[MOST_KEYS];
	bool memory;
};

static const struct outcome_message no_key = {
	"IN_DOUBT",
	"sent, the answer was lost; may be in the org. It has no unique key "
	"that the org could be asked for",
	""
};
static const struct outcome_message not_there = {
	"IN_DOUBT",
	"sent, the answer was lost; the org has no record with this key "
	"now, but the request may not have ended",
	""
};
static const struct outcome_message older = {
	"IN_DOUBT",
	"sent, the answer was lost; the org has a record with this key from "
	"before, which may or may not have been updated",
	""
};

static void doubt(struct outcome *o, const struct outcome_message *why)
{
	o->state = OUTCOME_IN_DOUBT;
	o->message = why;
}

static void was_there_before(struct batch *b, struct outcome *o, struct slice id)
{
	struct outcome_message *m = arena_alloc(b->texts, sizeof *m);
	char text[160];

	if (b->request->action != ACTION_INSERT) {
		doubt(o, &older);
		return;
	}
	snprintf(text, sizeof text, "duplicate value found: %s duplicates value on record with id: %.*s",
	         b->key_name, SLICE_ARGS(id));
	if (!m || !(m->text = arena_text(b->texts, text))) {
		b->memory = false;
		return;
	}
	m->code = "DUPLICATE_VALUE";
	m->fields = b->key_name;
	o->state = OUTCOME_FAILED;
	o->message = m;
}

/* values: Id, the key, CreatedById, CreatedDate */
static bool found(void *ctx, const struct slice *values)
{
	struct batch *b = ctx;
	const struct settle_request *r = b->request;
	int64_t since = r->since_ms - r->since_ms % 1000; /* CreatedDate has whole seconds */
	int64_t created;

	if (!when_instant(values[3], &created))
		created = 0;
	for (size_t i = 0; i < b->count; i++) {
		struct outcome *o = &b->outcomes[b->first + i];

		if (!b->keys[i].len || !slice_equal_fold(slice_trim(b->keys[i]), values[1]))
			continue;
		snprintf(o->id, sizeof o->id, "%.*s", SLICE_ARGS(values[0]));
		if (r->since_ms && created >= since && slice_is(values[2], r->user_id)) {
			o->state = OUTCOME_WRITTEN;
			o->how = OUTCOME_CREATED;
			o->message = NULL;
		} else {
			was_there_before(b, o, values[0]);
		}
	}
	return b->memory;
}

/* The key of each record of the batch, read from the source. */
static enum err_code read_keys(struct batch *b, size_t entry, struct err *e)
{
	struct load *load = b->request->load;
	struct plan_finding ignored;
	struct buf text;
	int64_t here = 0;
	enum err_code rc = ERR_OK;

	buf_init(&text, 4096);
	for (size_t i = 0; i < b->count && rc == ERR_OK; i++) {
		const struct chunk_print *p = &b->request->prints[b->first + i];
		struct record record = { 0 };
		bool more = true;

		rc = chunker_go_to(load->source, &here, p->record, p->offset, e);
		if (rc == ERR_OK)
			rc = source_next(load->source, &record, &more, e);
		if (rc != ERR_OK || !more || record.number != p->record)
			break;
		buf_clear(&text);
		if (!plan_cell(load->plan, &record, entry, &text, &ignored))
			continue;
		b->keys[i] = (struct slice){ arena_slice(b->texts, buf_slice(&text)), text.len };
		if (text.short_of || !b->keys[i].at)
			rc = err_memory(e, "settling");
	}
	buf_release(&text);
	return rc;
}

static enum err_code ask_batch(struct batch *b, struct err *e)
{
	const char *fields[QUERY_FIELDS] = { "Id", b->key_name, "CreatedById", "CreatedDate" };
	const struct load *load = b->request->load;
	struct in_query query;
	enum err_code rc = ERR_OK;

	in_query_init(&query);
	for (size_t i = 0; i < b->count && rc == ERR_OK;) {
		const char *text;

		in_query_begin(&query, fields, QUERY_FIELDS, load->object->name, b->key_name, b->key_type);
		while (i < b->count && (!b->keys[i].len || in_query_add(&query, b->keys[i])))
			i++;
		text = in_query_text(&query);
		if (in_query_short_of(&query))
			rc = err_memory(e, "settling");
		else if (text)
			rc = org_query(load->org, text, fields, QUERY_FIELDS, found, b, e);
	}
	in_query_release(&query);
	if (rc == ERR_OK && !b->memory)
		rc = err_memory(e, "settling");
	return rc;
}

/* The mapping's entry whose value is unique in the org; -1 if there is none to ask by. */
static int key_entry(const struct settle_request *r)
{
	int key = r->has_source ? r->load->plan->layout.key : -1;

	if (key < 0 || (r->action != ACTION_INSERT && r->action != ACTION_UPSERT))
		return -1;
	return r->load->plan->layout.columns[key].type == FIELD_ID ? -1 : key;
}

static bool one_is_there(void *ctx, const struct slice *values)
{
	(void)values;
	*(bool *)ctx = false;
	return false;
}

/* Has the user created no record of this object since then, deleted ones included? */
static enum err_code ask_for_any(const struct settle_request *r, bool *none, struct err *e)
{
	const char *fields[] = { "Id" };
	char since[WHEN_TEXT];
	struct buf soql;
	enum err_code rc;

	when_utc_text(r->since_ms, since);
	buf_init(&soql, MOST_QUERY);
	buf_addf(&soql, "SELECT Id FROM %s WHERE CreatedById = ", r->load->object->name);
	soql_add_value(&soql, FIELD_ID, slice_of(r->user_id));
	buf_addf(&soql, " AND CreatedDate >= %s LIMIT 1", since);
	*none = true;
	rc = soql.short_of ? err_memory(e, "settling")
	                   : org_query_all(r->load->org, buf_text(&soql), fields, 1, one_is_there, none, e);
	buf_release(&soql);
	return rc;
}

/* Equal content proves nothing: a trigger, another writer or sharing may hide what was written. Nothing at all does. */
static bool may_prove(const struct settle_request *r)
{
	int64_t now = org_server_now(r->load->org);

	return r->by_request && r->action == ACTION_INSERT && r->since_ms && r->load->object && now &&
	       now - r->since_ms >= PROOF_MS;
}

static enum err_code prove_absence(const struct settle_request *r, struct outcome *outcomes, struct err *e)
{
	struct settle_proof *proof = r->proof;

	if (!may_prove(r))
		return ERR_OK;
	if (proof->since_ms != r->since_ms) {
		if (ask_for_any(r, &proof->none, e) != ERR_OK)
			return e->code;
		proof->since_ms = r->since_ms;
	}
	for (size_t i = 0; i < r->count && proof->none; i++)
		if (outcomes[i].state == OUTCOME_IN_DOUBT)
			outcomes[i] = (struct outcome){ .record = outcomes[i].record,
				                        .offset = outcomes[i].offset };
	return ERR_OK;
}

enum err_code settle_ask(const struct settle_request *r, struct outcome *outcomes, struct arena *texts,
                         struct err *e)
{
	int entry = key_entry(r);
	struct batch *b = calloc(1, sizeof *b);
	enum err_code rc = ERR_OK;

	if (!b)
		return err_memory(e, "settling");
	for (size_t i = 0; i < r->count; i++) {
		outcomes[i] = (struct outcome){ .record = r->prints[i].record, .offset = r->prints[i].offset };
		doubt(&outcomes[i], entry < 0 || r->prints[i].key == 0 ? &no_key : &not_there);
	}
	for (size_t first = 0; entry >= 0 && rc == ERR_OK && first < r->count; first += MOST_KEYS) {
		*b = (struct batch){
			.request = r, .outcomes = outcomes, .texts = texts, .first = first, .memory = true
		};
		b->key_name = r->load->plan->layout.columns[entry].name;
		b->key_type = r->load->plan->layout.columns[entry].type;
		b->count = r->count - first < MOST_KEYS ? r->count - first : MOST_KEYS;
		rc = read_keys(b, (size_t)entry, e);
		if (rc == ERR_OK)
			rc = ask_batch(b, e);
	}
	free(b);
	return rc == ERR_OK ? prove_absence(r, outcomes, e) : rc;
}
