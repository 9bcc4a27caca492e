/* send_collections.c - one chunk's way through sObject Collections: one request writes, and its answer is the result. */
#include "core/engine/engine_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/org/collections.h"
#include "core/org/url.h"
#include "core/plan/payload_json.h"

enum {
	MOST_BODY = 32 * 1024 * 1024,
	BAD_REQUEST =
		400, /* the body was read and refused as a whole: nothing was written (salesforce-api.md E1) */
};

/* Would the same request once more leave the records as one leaves them? Not if it may insert: an insert, an upsert by a key
 * that is not unique, or of a record without a value for it. */
static bool repeatable(const struct flight *f, const struct chunk_print *prints, size_t count)
{
	if (flight_action(f) != ACTION_UPSERT)
		return flight_action(f) != ACTION_INSERT;
	for (size_t i = 0; i < count; i++)
		if (prints[i].key == 0)
			return false;
	return true;
}

static void answer_lost(struct flight *f, const struct chunk_print *prints, size_t count)
{
	struct chunk_change again = { .repeated = true };

	if (!repeatable(f, prints, count)) {
		flight_event(f, CHUNK_EV_LOST, NULL);
		return;
	}
	f->chunk.repeats++;
	flight_event(f, CHUNK_EV_AGAIN, &again);
}

void send_resume(struct flight *f)
{
	struct engine *en = f->engine;
	struct chunk_print *prints = NULL;
	size_t count = 0;

	if (chunk_prints(en->j, en->run.id, f->chunk.no, &prints, &count, &en->error) != ERR_OK)
		engine_fail(en);
	else
		answer_lost(f, prints, count);
	free(prints);
}

/* What goes again must be what went, byte for byte. */
static enum err_code compare(struct flight *f)
{
	struct engine *en = f->engine;
	struct chunk_print *prints = NULL;
	size_t count = 0;
	enum err_code rc = chunk_prints(en->j, en->run.id, f->chunk.no, &prints, &count, &en->error);

	if (rc == ERR_OK &&
	    (count != f->cut.count || (count && memcmp(prints, f->cut.prints, count * sizeof *prints) != 0)))
		rc = err_set(
			&en->error, ERR_FILE,
			"records %lld to %lld are not what was sent before: the mapping or the describe of "
			"%s has changed, and they cannot be sent again as they were",
			(long long)f->chunk.first, (long long)f->chunk.last, en->run.object);
	free(prints);
	return rc;
}

static enum err_code make_records(struct flight *f, struct buf *records)
{
	struct engine *en = f->engine;
	struct buf line;
	int64_t here = 0;
	enum err_code rc = ERR_OK;

	buf_init(&line, MOST_BODY);
	for (size_t i = 0; i < f->cut.count && rc == ERR_OK; i++) {
		buf_clear(&line);
		rc = chunker_line(flight_plan(f), en->sender, &f->cut.prints[i], &here, &line, &en->error);
		if (rc == ERR_OK)
			payload_json_record(records, flight_plan(f), i > 0);
	}
	if (rc == ERR_OK && records->short_of)
		rc = err_memory(&en->error, "a request");
	buf_release(&line);
	return rc;
}

static void sent(void *ctx, const struct answer *a, const struct collections_result *results);

static struct collections_spec spec_of(const struct flight *f)
{
	const struct engine *en = f->engine;
	static const enum collections_verb verbs[ACTION_COUNT] = {
		[ACTION_INSERT] = COLLECTIONS_CREATE,
		[ACTION_UPDATE] = COLLECTIONS_UPDATE,
		[ACTION_UPSERT] = COLLECTIONS_UPSERT,
		[ACTION_DELETE] = COLLECTIONS_DELETE,
	};

	return (struct collections_spec){
		.verb = verbs[flight_action(f)],
		.object = en->run.object,
		.external_id = en->run.external_id,
		.all_or_none = en->run.all_or_none,
		.allow_duplicates = en->run.allow_duplicates,
		.assignment_rule = en->run.assignment_rule,
		.count = f->cut.count,
	};
}

static enum err_code keep_ids(struct flight *f, const char *ids)
{
	if (flight_action(f) != ACTION_DELETE)
		return ERR_OK;
	free(f->sent_ids);
	f->sent_ids = strdup(ids);
	return f->sent_ids ? ERR_OK : err_memory(&f->engine->error, "a request");
}

enum err_code send_request(struct flight *f)
{
	struct engine *en = f->engine;
	struct collections_spec spec;
	struct buf records;
	enum err_code rc = ERR_OK;

	if (!f->scanned)
		rc = flight_scan(f) == ERR_OK ? compare(f) : en->error.code;
	if (rc != ERR_OK)
		return rc;
	f->scanned = true;
	spec = spec_of(f);
	buf_init(&records, MOST_BODY);
	rc = make_records(f, &records);
	if (rc == ERR_OK)
		rc = keep_ids(f, buf_text(&records));
	if (rc == ERR_OK)
		rc = collections_send(en->load.org, &spec, buf_slice(&records), sent, f, &en->error);
	buf_release(&records);
	return rc;
}

static enum outcome_how how_of(const struct flight *f, const struct collections_result *r)
{
	switch (flight_action(f)) {
	case ACTION_INSERT:
		return OUTCOME_CREATED;
	case ACTION_UPDATE:
		return OUTCOME_UPDATED;
	case ACTION_UPSERT: /* after a lost answer, the one that got through may have been the first */
		return r->created == 1                            ? OUTCOME_CREATED
		       : r->created == 0 && f->chunk.repeats == 0 ? OUTCOME_UPDATED
		                                                  : OUTCOME_NOTHING;
	default:
		return OUTCOME_DELETED;
	}
}

/* The first of two deletes did it, and its answer was lost (design.md "Settling needs proof"). */
static bool deleted_before(const struct flight *f, const struct collections_result *r)
{
	return f->chunk.repeats > 0 && flight_action(f) == ACTION_DELETE &&
	       strcmp(r->code, "ENTITY_IS_DELETED") == 0;
}

/* The org's refusal to delete a record twice does not name it: it is the i-th that was sent. */
static void fill_id(const struct flight *f, size_t i, char id[19])
{
	const char *at = f->sent_ids;

	while (at && i-- > 0) {
		at = strchr(at, ',');
		at = at ? at + 1 : NULL;
	}
	if (!at || !url_id18((struct slice){ at, strcspn(at, ",") }, id))
		id[0] = '\0';
}

static void fill_outcome(const struct flight *f, const struct collections_result *r, size_t i,
                         struct outcome *o, struct outcome_message *m)
{
	const struct chunk_print *print = &f->cut.prints[i];

	*o = (struct outcome){ .record = print->record, .offset = print->offset };
	o->repeats = f->chunk.repeats < UINT8_MAX ? (uint8_t)f->chunk.repeats : UINT8_MAX;
	memcpy(o->id, r->id, sizeof o->id);
	if (r->success || deleted_before(f, r)) {
		o->state = OUTCOME_WRITTEN;
		o->how = (uint8_t)how_of(f, r);
		if (!o->id[0])
			fill_id(f, i, o->id);
		return;
	}
	*m = (struct outcome_message){ r->code, r->message, r->fields };
	o->state = OUTCOME_FAILED;
	o->message = m;
}

static void take(struct flight *f, const struct collections_result *results)
{
	size_t count = f->cut.count;
	struct outcome *outcomes = calloc(count + 1, sizeof *outcomes);
	struct outcome_message *messages = calloc(count + 1, sizeof *messages);

	if (outcomes && messages) {
		for (size_t i = 0; i < count; i++)
			fill_outcome(f, &results[i], i, &outcomes[i], &messages[i]);
		harvest_outcomes(f, outcomes, count);
	} else {
		err_memory(&f->engine->error, "the results of a chunk");
		engine_fail(f->engine);
	}
	free(outcomes);
	free(messages);
}

/* One bad cell makes the org refuse all records of a request: the halves go by themselves, down to the record it is. */
static void halve(struct flight *f, const struct answer *a)
{
	struct engine *en = f->engine;
	struct chunk_item items[COLLECTIONS_MOST];
	char log[512];
	int no = 0;
	struct chunk_end end = {
		.state = chunk_state_name(CHUNK_SETTLED),
		.again = { { .items = items,
		             .count = f->cut.count,
		             .piece = (f->cut.count + 1) / 2,
		             .tries = f->chunk.tries,
		             .why = LIST_HALVED } },
		.again_no = &no,
		.log = log,
	};

	for (size_t i = 0; i < f->cut.count; i++)
		items[i] = (struct chunk_item){ f->cut.prints[i].record, f->cut.prints[i].offset };
	snprintf(log, sizeof log, "%s refused records %lld to %lld as a whole, they go in halves: %.300s",
	         en->run.org_name, (long long)f->chunk.first, (long long)f->chunk.last, a->message);
	if (chunk_settle(en->j, en->run.id, f->chunk.no, &end, &en->error) != ERR_OK) {
		engine_fail(en);
		return;
	}
	f->state = CHUNK_SETTLED;
	f->todo = CHUNK_DO_NOTHING;
	engine_add_lists(en, no);
}

/* The org's refusal is the outcome of each record: of one alone, or of those that are written all or none. */
static void fail_all(struct flight *f, const struct answer *a)
{
	struct collections_result all[COLLECTIONS_MOST];

	for (size_t i = 0; i < f->cut.count; i++)
		all[i] = (struct collections_result){
			.created = -1, .code = a->code, .message = a->message, .fields = ""
		};
	take(f, all);
}

/* Every record would be refused like this. */
static bool is_structural(const struct answer *a)
{
	return a->status != BAD_REQUEST || strcmp(a->code, "INVALID_FIELD") == 0 ||
	       strcmp(a->code, "INVALID_TYPE") == 0;
}

/* Not carried out, for now. Of an earlier request whose answer is lost that says nothing: then it is not planned once more, where
 * an order to stop would leave it for never sent. */
static void put_off(struct flight *f)
{
	flight_event(f, f->chunk.repeats > 0 ? CHUNK_EV_AGAIN : CHUNK_EV_UNSENT, NULL);
}

static void refused(struct flight *f, const struct answer *a)
{
	if (a->trouble == TROUBLE_SESSION) {
		put_off(f); /* answered before it was looked at (A8) */
	} else if (is_structural(a)) {
		put_off(f);
		flight_reject(f, a);
	} else if (f->cut.count > 1 && !f->engine->run.all_or_none) {
		halve(f, a);
	} else {
		fail_all(f, a);
	}
}

static void sent(void *ctx, const struct answer *a, const struct collections_result *results)
{
	struct flight *f = ctx;

	f->busy = false;
	engine_heard(f->engine, a);
	switch (a->verdict) {
	case VERDICT_DONE:
		take(f, results);
		break;
	case VERDICT_TRY_AGAIN:
		put_off(f);
		break;
	case VERDICT_REJECTED:
		refused(f, a);
		break;
	case VERDICT_UNKNOWN:
		answer_lost(f, f->cut.prints, f->cut.count);
		break;
	}
}
