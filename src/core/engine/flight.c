/* flight.c - one chunk's way through Bulk API 2.0: requests become events of chunk_state, its effects become requests. */
#include "core/engine/engine_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/engine/pace.h"
#include "core/engine/retry.h"
#include "store/outcomes.h"

enum {
	FIRST_PAUSE_MS = 1000, /* after a request without a usable answer */
	MOST_PAUSE_MS = 5 * 60 * 1000,
	ASK_PAUSE_MS = 250, /* between looks at a job that is being stopped */
	MOST_ASK_PAUSE_MS = 30 * 1000,
	MOST_REJECTIONS = 2,
};

bool engine_deletes(const struct engine *en, int64_t record)
{
	return en->run.delete_from > 0 && record >= en->run.delete_from;
}

enum action flight_action(const struct flight *f)
{
	return engine_deletes(f->engine, f->chunk.first) ? ACTION_DELETE : f->engine->action;
}

struct plan *flight_plan(const struct flight *f)
{
	return engine_deletes(f->engine, f->chunk.first) ? f->engine->delete_plan : f->engine->load.plan;
}

/* The results of a delete are matched by the ids alone, whatever the source has become. */
const struct layout *flight_layout(const struct flight *f)
{
	static struct layout_column id = { .name = "Id", .type = FIELD_ID, .case_sensitive = true };
	static const struct layout ids = { .columns = &id, .count = 1, .key = 0 };

	return engine_deletes(f->engine, f->chunk.first) ? &ids : &f->engine->layout;
}

struct flight *flight_new(struct engine *en, const struct chunk *chunk)
{
	struct flight *f = calloc(1, sizeof *f);

	if (!f)
		return NULL;
	f->engine = en;
	f->chunk = *chunk;
	cut_init(&f->cut);
	for (enum chunk_state s = 0; s < CHUNK_STATE_COUNT; s++)
		if (strcmp(chunk->state, chunk_state_name(s)) == 0)
			f->state = s;
	return f;
}

void flight_free(struct flight *f)
{
	if (!f)
		return;
	upload_free(f->upload);
	collect_free(f->collect);
	free(f->prints);
	cut_release(&f->cut);
	look_free(f->look);
	free(f->sent_ids);
	free(f);
}

static int64_t pause_for(struct flight *f, enum chunk_event event, enum chunk_effect effect)
{
	uint64_t random = engine_random(f->engine);

	if (f->breaks > 0)
		return retry_pause(f->breaks, FIRST_PAUSE_MS, MOST_PAUSE_MS, random);
	if (effect == CHUNK_DO_POLL)
		return pace_poll(f->chunk.records - f->job.processed, f->rate, f->asks);
	if (effect == CHUNK_DO_ASK || effect == CHUNK_DO_ABORT)
		return f->asks > 1 ? retry_pause(f->asks, ASK_PAUSE_MS, MOST_ASK_PAUSE_MS, random) : 0;
	if (f->state == CHUNK_PLANNED && f->discards > 1)
		return retry_pause(f->discards - 1, FIRST_PAUSE_MS, MOST_PAUSE_MS, random);
	return event == CHUNK_EV_REFUSED ? FIRST_PAUSE_MS : 0;
}

static bool without_answer(enum chunk_event event)
{
	return event == CHUNK_EV_BROKEN || event == CHUNK_EV_NO_JOB || event == CHUNK_EV_UNSENT ||
	       event == CHUNK_EV_AGAIN || event == CHUNK_EV_LOST;
}

/* The one place where a chunk changes its state: durable first, then the effect is due. */
void flight_event(struct flight *f, enum chunk_event event, const struct chunk_change *with)
{
	struct engine *en = f->engine;
	struct chunk_step step = chunk_step(f->state, event);
	struct chunk_change change = with ? *with : (struct chunk_change){ 0 };

	if (step.next == f->state && step.effect == CHUNK_DO_NOTHING && !with)
		return;
	if (step.next == CHUNK_PLANNED)
		change.job = "";
	if (step.next != f->state || with) {
		change.state = chunk_state_name(step.next);
		if (chunk_set(en->j, en->run.id, f->chunk.no, &change, &en->error) != ERR_OK) {
			engine_fail(en);
			return;
		}
	}
	if (change.job)
		snprintf(f->chunk.job, sizeof f->chunk.job, "%s", change.job);
	if (change.intent_ms)
		f->chunk.intent_ms = change.intent_ms;
	if (step.next != f->state)
		f->asks = 0;
	f->breaks = without_answer(event) ? f->breaks + 1 : 0;
	if (f->state == CHUNK_DISCARDING && step.next == CHUNK_PLANNED)
		f->discards++;
	f->state = step.next;
	f->todo = step.effect;
	f->due = engine_now(en) + pause_for(f, event, step.effect);
}

void flight_resume(struct flight *f)
{
	if (f->state == CHUNK_PLANNED)
		return;
	if (f->state == CHUNK_SENDING)
		send_resume(f);
	else if (f->state == CHUNK_BUILDING && !f->chunk.job[0])
		flight_event(f, CHUNK_EV_NO_JOB, NULL);
	else
		flight_event(f, CHUNK_EV_RESUMED, NULL);
}

static enum err_code scan_stretch(struct flight *f, struct chunker_limits *all)
{
	struct engine *en = f->engine;
	int64_t *done = NULL;
	enum err_code rc = outcome_done(en->j, en->run.id, f->chunk.first, f->chunk.last, &done,
	                                &all->done_count, &en->error);

	all->done = done;
	if (rc == ERR_OK)
		rc = chunker_stretch(&f->cut, flight_plan(f), en->load.source, f->chunk.first, f->chunk.offset,
		                     all, &en->error);
	free(done);
	return rc;
}

static enum err_code scan_list(struct flight *f, const struct chunker_limits *all)
{
	struct engine *en = f->engine;
	struct chunk_item *items = NULL;
	size_t count = 0;
	enum err_code rc = chunk_items(en->j, en->run.id, f->chunk.no, &items, &count, &en->error);

	if (rc == ERR_OK)
		rc = chunker_list(&f->cut, flight_plan(f), en->load.source, items, count, all, &en->error);
	free(items);
	return rc;
}

enum err_code flight_scan(struct flight *f)
{
	struct engine *en = f->engine;
	struct chunker_limits all = { .records = INT64_MAX,
		                      .bytes = INT64_MAX,
		                      .last = f->chunk.last,
		                      .in_order = engine_collections(en) };
	enum err_code rc = f->chunk.listed ? scan_list(f, &all) : scan_stretch(f, &all);

	if (rc == ERR_OK &&
	    ((int64_t)f->cut.count != f->chunk.records || (!f->chunk.listed && f->cut.bytes != f->chunk.bytes)))
		rc = err_set(
			&en->error, ERR_FILE,
			"records %lld to %lld are not what was planned: the mapping or the describe of %s has "
			"changed since the check; load what is left as a new run",
			(long long)f->chunk.first, (long long)f->chunk.last, en->run.object);
	return rc;
}

void flight_start(struct flight *f)
{
	struct engine *en = f->engine;
	struct chunk_change change = { .intent_ms = org_server_now(en->load.org) };

	if (!f->scanned && flight_scan(f) != ERR_OK) {
		f->due = INT64_MAX;
		engine_fail(en);
		return;
	}
	f->scanned = true;
	if (look_wanted(f)) {
		look_begin(f);
		return;
	}
	change.prints = f->cut.prints;
	change.print_count = f->cut.count;
	f->job_known = false;
	flight_event(f, engine_collections(en) ? CHUNK_EV_SEND : CHUNK_EV_START, &change);
}

void flight_cancel(struct flight *f)
{
	if (f->call)
		http_break(org_http(f->engine->load.org), f->call);
	if (f->state == CHUNK_BUILDING && !f->chunk.job[0])
		return; /* its answer is on the way, and an empty job ends by itself */
	flight_event(f, CHUNK_EV_CANCEL, NULL);
}

static enum chunk_event event_of(const struct answer *a)
{
	return a->verdict == VERDICT_DONE       ? CHUNK_EV_DONE
	       : a->verdict == VERDICT_REJECTED ? CHUNK_EV_REFUSED
	                                        : CHUNK_EV_BROKEN;
}

void flight_reject(struct flight *f, const struct answer *a)
{
	struct engine *en = f->engine;

	err_set(&en->error, ERR_REFUSED, "%.100s refused it: %.300s (%s)", en->run.org_name, a->message,
	        a->code[0] ? a->code : "no code");
	engine_fail(en);
}

/* An answer has come. False if it is to a question of an earlier state: what is due now stays due. */
static bool answered(struct flight *f, const struct answer *a)
{
	f->busy = false;
	f->call = NULL;
	engine_heard(f->engine, a);
	return f->asked_in == f->state;
}

static void created(void *ctx, const struct answer *a, const struct bulk_job *job)
{
	struct flight *f = ctx;
	struct chunk_change change = { .intent_ms = a->server_utc_ms };

	answered(f, a);
	if (job && a->verdict == VERDICT_DONE) {
		change.job = job->id;
		flight_event(f, f->engine->end == END_NONE ? CHUNK_EV_CREATED : CHUNK_EV_BROKEN, &change);
		return;
	}
	flight_event(f, CHUNK_EV_NO_JOB, NULL);
	if (a->verdict == VERDICT_REJECTED)
		flight_reject(f, a);
}

static void uploaded(void *ctx, const struct answer *a, const struct bulk_job *job)
{
	struct flight *f = ctx;
	struct engine *en = f->engine;
	struct chunk_change change = { .intent_ms = a->server_utc_ms };
	bool whole = upload_complete(f->upload);

	(void)job;
	answered(f, a);
	if (upload_error(f->upload)->code != ERR_OK) {
		en->error = *upload_error(f->upload);
		engine_fail(en);
	}
	upload_free(f->upload);
	f->upload = NULL;
	if (a->verdict == VERDICT_DONE && whole) {
		cut_release(&f->cut);
		f->scanned = false;
		flight_event(f, CHUNK_EV_LOADED, &change);
		return;
	}
	flight_event(f, a->verdict == VERDICT_REJECTED ? CHUNK_EV_REFUSED : CHUNK_EV_BROKEN, NULL);
	if (a->verdict == VERDICT_REJECTED && ++f->rejections >= MOST_REJECTIONS)
		flight_reject(f, a);
}

static void closed(void *ctx, const struct answer *a, const struct bulk_job *job)
{
	struct flight *f = ctx;
	enum chunk_event event = event_of(a);

	(void)job;
	if (!answered(f, a))
		return;
	/* a refusal may mean that an earlier close arrived: the job itself tells (salesforce-api.md C3) */
	if (event == CHUNK_EV_REFUSED && ++f->rejections < MOST_REJECTIONS)
		event = CHUNK_EV_BROKEN;
	f->began = engine_now(f->engine);
	flight_event(f, event, NULL);
}

static void aborted(void *ctx, const struct answer *a, const struct bulk_job *job)
{
	struct flight *f = ctx;

	(void)job;
	if (!answered(f, a))
		return;
	f->asks++;
	flight_event(f, event_of(a), NULL);
}

static enum chunk_event seen(const struct bulk_job *job)
{
	switch (job->state) {
	case BULK_OPEN:
		return CHUNK_EV_SEEN_OPEN;
	case BULK_FAILED:
	case BULK_ABORTED:
		return job->processed == 0 ? CHUNK_EV_SEEN_UNRUN : CHUNK_EV_SEEN_ENDED;
	case BULK_JOB_COMPLETE:
		return CHUNK_EV_SEEN_ENDED;
	default:
		return CHUNK_EV_SEEN_RUNNING;
	}
}

static const char *word_of(enum bulk_state state)
{
	static const char *const words[] = { "Open",   "UploadComplete", "InProgress", "JobComplete",
		                             "Failed", "Aborted",        "unknown" };

	return words[state];
}

/* How fast the org works on this job: from when it was told to begin, or the job before ended. */
static void measure(struct flight *f)
{
	struct engine *en = f->engine;
	int64_t from = f->began > en->org_free ? f->began : en->org_free;

	f->rate = pace_rate(f->job.processed, f->chunk.records, f->began ? engine_now(en) - from : 0, en->rate);
	en->rate = f->rate;
}

static void asked(void *ctx, const struct answer *a, const struct bulk_job *job)
{
	struct flight *f = ctx;
	struct engine *en = f->engine;
	enum chunk_event event = a->trouble == TROUBLE_GONE ? CHUNK_EV_SEEN_GONE : event_of(a);

	if (!answered(f, a))
		return;
	f->asks++;
	if (job && a->verdict == VERDICT_DONE) {
		f->job = *job;
		f->job_known = true;
		event = seen(job);
		if (event == CHUNK_EV_SEEN_RUNNING)
			measure(f);
		else
			en->org_free = engine_now(en);
		if (chunk_seen(en->j, en->run.id, f->chunk.no, word_of(job->state), job->processed, job->failed,
		               &en->error) != ERR_OK) {
			engine_fail(en);
			return;
		}
	}
	flight_event(f, event, NULL);
}

static enum err_code create(struct flight *f)
{
	struct engine *en = f->engine;
	struct bulk_spec spec = { en->run.object, action_operation(flight_action(f)),
		                  flight_action(f) == ACTION_UPSERT ? en->run.external_id : NULL,
		                  en->run.assignment_rule[0] ? en->run.assignment_rule : NULL };

	return bulk_create(en->load.org, &spec, created, f, &en->error);
}

static enum err_code upload(struct flight *f)
{
	struct engine *en = f->engine;

	f->upload = upload_new(flight_plan(f), en->sender, f->cut.prints, f->cut.count, f->cut.bytes);
	if (!f->upload)
		return err_memory(&en->error, "an upload");
	return bulk_upload(en->load.org, f->chunk.job, upload_read, f->upload, f->cut.bytes, uploaded, f,
	                   &f->call, &en->error);
}

static enum err_code perform(struct flight *f, enum chunk_effect effect)
{
	struct org *org = f->engine->load.org;
	struct err *e = &f->engine->error;

	switch (effect) {
	case CHUNK_DO_CREATE:
		return create(f);
	case CHUNK_DO_UPLOAD:
		return upload(f);
	case CHUNK_DO_CLOSE:
		return bulk_close(org, f->chunk.job, closed, f, e);
	case CHUNK_DO_SEND:
		return send_request(f);
	case CHUNK_DO_ABORT:
		return bulk_abort(org, f->chunk.job, aborted, f, e);
	default:
		return bulk_ask(org, f->chunk.job, asked, f, e);
	}
}

bool flight_waits(const struct flight *f)
{
	switch (f->todo) {
	case CHUNK_DO_POLL: /* a queued job is not asked about */
		return !engine_is_head(f->engine, f);
	case CHUNK_DO_COLLECT: /* the results of one chunk at a time are in memory */
	case CHUNK_DO_SETTLE:
		return !f->collect && engine_collecting(f->engine);
	default:
		return false;
	}
}

void flight_turn(struct flight *f)
{
	struct engine *en = f->engine;
	enum chunk_effect effect = f->todo;

	if (f->look) {
		look_turn(f);
		return;
	}
	if (f->busy || effect == CHUNK_DO_NOTHING || engine_now(en) < f->due || flight_waits(f) ||
	    !heard_may_ask(en))
		return;
	heard_asks(en);
	f->todo = CHUNK_DO_NOTHING;
	f->asked_in = f->state;
	if (effect == CHUNK_DO_COLLECT) {
		harvest_begin(f);
	} else if (effect == CHUNK_DO_SETTLE) {
		harvest_settle(f);
		if (!f->busy) /* its query, if there was one, is answered, and nobody was told */
			breaker_asked_nothing(&en->breaker);
	} else {
		f->busy = true;
		if (perform(f, effect) != ERR_OK)
			engine_fail(en);
	}
}
