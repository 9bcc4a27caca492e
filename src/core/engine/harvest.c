/* harvest.c - the end of a chunk: results are fetched, matched, and put into the journal in one transaction. */
#include "core/engine/engine_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/engine/retry.h"
#include "core/engine/settle.h"
#include "core/engine/sorting.h"

enum {
	MOST_WITHOUT_PROGRESS = 2,
	TELL_AFTER = 2,                /* fetches of results that came to nothing */
	KEPT_TEXTS = 16 * 1024 * 1024, /* bytes of source text kept a chunk */
};

static void next_result(struct flight *f);

static void harvest_end(struct flight *f)
{
	collect_free(f->collect);
	free(f->prints);
	f->collect = NULL;
	f->prints = NULL;
}

/* Did the org say that nothing of the job ran? Then what no result accounts for was not processed. */
static bool never_ran(const struct flight *f)
{
	return f->job_known && (f->job.state == BULK_FAILED || f->job.state == BULK_ABORTED) &&
	       f->job.processed == 0;
}

/* The source text of records that were not written is kept, so that they can be repaired when the file is gone. */
static void keep_texts(struct flight *f, struct sorting *s, struct arena *texts)
{
	struct engine *en = f->engine;
	struct record r;
	struct err ignored;
	int64_t here = 0;
	bool more;

	err_init(&ignored);
	for (size_t i = 0; i < s->count && en->has_source && texts->held < KEPT_TEXTS; i++) {
		struct outcome *o = &s->outcomes[i];
		char *copy;

		if (o->state != OUTCOME_FAILED && o->state != OUTCOME_IN_DOUBT)
			continue;
		if (chunker_go_to(en->load.source, &here, o->record, o->offset, &ignored) != ERR_OK ||
		    source_next(en->load.source, &r, &more, &ignored) != ERR_OK || !more ||
		    r.number != o->record)
			return;
		copy = arena_slice(texts, r.raw);
		if (copy)
			o->source = (struct slice){ copy, r.raw.len };
	}
}

static void add_count(struct buf *b, size_t count, const char *what)
{
	char text[32];

	buf_addf(b, "%s%s %s", b->len ? ", " : "", text_count((int64_t)count, text, sizeof text), what);
}

/* "job 750...: 1,990 written, 10 failed, 3 to try again (the org said: ...)", for the run's log. */
static void describe_end(const struct flight *f, const struct sorting *s, char *log, size_t size)
{
	struct buf counts;
	char name[64];

	buf_init(&counts, 256);
	add_count(&counts, s->written, "written");
	add_count(&counts, s->failed, "failed");
	if (s->unprocessed_count + s->again_count)
		add_count(&counts, s->unprocessed_count + s->again_count, "to try again");
	if (s->in_doubt)
		add_count(&counts, s->in_doubt, "in doubt: its results are lost");
	if (f->chunk.job[0])
		snprintf(name, sizeof name, "job %s", f->chunk.job);
	else
		snprintf(name, sizeof name, "records %lld to %lld", (long long)f->chunk.first,
		         (long long)f->chunk.last);
	snprintf(log, size, "%s: %s%s%.200s%s", name, buf_text(&counts),
	         f->job.message[0] ? " (the org said: " : "", f->job.message, f->job.message[0] ? ")" : "");
	buf_release(&counts);
}

/* What the run does after this chunk. */
static void conclude(struct flight *f, const struct sorting *s)
{
	struct engine *en = f->engine;
	char why[480], count[32];

	if (s->stop) {
		snprintf(why, sizeof why,
		         "every further record would fail the same way: look at the failures of this run");
		engine_stop(en, END_PAUSE, why);
	} else if (s->failed + s->in_doubt > 0 && !en->run.allow_failures && !f->chunk.retry) {
		snprintf(why, sizeof why, "%s record%s %s, and failures are not allowed",
		         text_count((int64_t)(s->failed + s->in_doubt), count, sizeof count),
		         s->failed + s->in_doubt == 1 ? "" : "s", s->failed ? "failed" : "in doubt");
		engine_stop(en, END_HALT, why);
	} else if (s->unprocessed_count > 0 && f->job.state == BULK_FAILED &&
	           (!retry_job_again(f->job.message) ||
	            (s->count == 0 && f->chunk.tries >= MOST_WITHOUT_PROGRESS))) {
		snprintf(why, sizeof why, "the org did not process job %s: %.300s", f->chunk.job,
		         f->job.message);
		engine_stop(en, END_PAUSE, why);
	}
}

/* Children go again after what waits for its time already: their parents may be among it. */
static int64_t after_others(const struct flight *f, int64_t not_before_ms)
{
	const struct engine *en = f->engine;

	for (size_t i = 0; i < en->flight_count; i++)
		if (en->flights[i] != f && en->flights[i]->state == CHUNK_PLANNED &&
		    en->flights[i]->chunk.not_before_ms > not_before_ms)
			not_before_ms = en->flights[i]->chunk.not_before_ms;
	return not_before_ms;
}

/* The records that the org did not process, and those that failed in a way that passes, in smaller chunks. */
static void plan_again(const struct flight *f, const struct sorting *s, struct chunk_end *end)
{
	struct engine *en = f->engine;
	int64_t now = clock_utc(en->clock);
	bool later = s->later > 0;
	bool progress = s->count + s->again_count > 0;
	int tries = f->chunk.tries + 1;

	end->again[0] = (struct chunk_again){
		.items = s->unprocessed,
		.count = s->unprocessed_count,
		.tries = progress ? f->chunk.tries : tries,
		.not_before_ms = now + retry_record_pause(FAILURE_AGAIN, tries, engine_random(en)),
		.why = LIST_UNPROCESSED,
	};
	end->again[1] = (struct chunk_again){
		.items = s->again,
		.count = s->again_count,
		.tries = later && s->later == s->again_count ? f->chunk.tries : tries,
		.not_before_ms = now +
		                 (later ? retry_record_pause(FAILURE_LATER, en->in_vain + 1, engine_random(en))
		                        : retry_record_pause(FAILURE_AGAIN, tries, engine_random(en))),
		.why = later ? LIST_LATER : LIST_LOCKED,
	};
	if (s->orphans > 0)
		end->again[1].not_before_ms = after_others(f, end->again[1].not_before_ms);
	if (s->orphans == s->again_count)
		end->again[1].why = LIST_PARENTS;
	else if (!later && !en->run.all_or_none)
		end->again[1].piece = retry_piece(tries, s->again_count, engine_collections(en));
}

static void commit(struct flight *f, struct sorting *s)
{
	struct engine *en = f->engine;
	int again_no = 0;
	char log[512];
	struct chunk_end end = {
		.state = chunk_state_name(CHUNK_SETTLED),
		.outcomes = s->outcomes,
		.count = s->count,
		.again_no = &again_no,
		.log = log,
	};

	describe_end(f, s, log, sizeof log);
	plan_again(f, s, &end);
	if (chunk_settle(en->j, en->run.id, f->chunk.no, &end, &en->error) != ERR_OK) {
		engine_fail(en);
		return;
	}
	f->state = CHUNK_SETTLED;
	f->todo = CHUNK_DO_NOTHING;
	conclude(f, s);
	if (s->unprocessed_count > 0 && retry_job_out_of_batches(f->job.message))
		heard_out_of_batches(en, f->job.message);
	if (again_no)
		engine_add_lists(en, again_no);
	if (sorting_in_vain(s))
		engine_in_vain(en, s->passing, end.again[1].not_before_ms);
	else if (s->count > 0)
		engine_not_in_vain(en);
}

/* Other chunks have records that may yet be written before those of this one are sent again. Those that wait for parents themselves bring
 * none. */
static bool others_wait(const struct flight *f)
{
	const struct engine *en = f->engine;

	for (size_t i = 0; i < en->flight_count; i++) {
		const struct flight *other = en->flights[i];

		if (other != f && (other->state != CHUNK_PLANNED || other->chunk.tries > 0) &&
		    other->state != CHUNK_SETTLED && strcmp(other->chunk.why, LIST_PARENTS) != 0)
			return true;
	}
	return false;
}

static struct sorting_terms terms_of(const struct flight *f)
{
	const struct engine *en = f->engine;
	bool within = engine_points_within(en);

	return (struct sorting_terms){
		.tries = f->chunk.tries,
		.all_or_none = en->run.all_or_none,
		.within = within ? en->run.object : NULL,
		.others_wait = within && others_wait(f),
	};
}

void harvest_outcomes(struct flight *f, struct outcome *all, size_t count)
{
	struct engine *en = f->engine;
	struct sorting_terms terms = terms_of(f);
	struct sorting s;
	struct arena texts;

	arena_init(&texts);
	if (sorting_do(&s, all, count, &terms)) {
		keep_texts(f, &s, &texts);
		commit(f, &s);
	} else {
		err_memory(&en->error, "the results of a chunk");
		engine_fail(en);
	}
	sorting_release(&s);
	arena_release(&texts);
}

static void finish(struct flight *f)
{
	harvest_outcomes(f, collect_outcomes(f->collect), f->print_count);
	harvest_end(f);
}

/* Asks the org's records about those that no result accounts for, and fills in what is known of them. */
static enum err_code settle_missing(struct flight *f, struct arena *texts, struct err *e)
{
	struct engine *en = f->engine;
	struct outcome *all = collect_outcomes(f->collect);
	struct chunk_print *missing = malloc((f->print_count + 1) * sizeof *missing);
	struct outcome *found = malloc((f->print_count + 1) * sizeof *found);
	struct settle_proof proof = { 0 };
	struct settle_request request = { .load = &en->load,
		                          .has_source = en->has_source,
		                          .action = flight_action(f),
		                          .user_id = en->run.user_id,
		                          .since_ms = f->chunk.intent_ms,
		                          .prints = missing,
		                          .by_request = engine_collections(en),
		                          .proof = &proof };
	enum err_code rc;

	if (!missing || !found) {
		free(missing);
		free(found);
		return err_memory(e, "settling");
	}
	for (size_t i = 0; i < f->print_count; i++)
		if (all[i].state == 0)
			missing[request.count++] = f->prints[i];
	rc = settle_ask(&request, found, texts, e);
	for (size_t i = 0, n = 0; rc == ERR_OK && i < f->print_count; i++)
		if (all[i].state == 0)
			all[i] = found[n++];
	free(missing);
	free(found);
	return rc;
}

static void settle(struct flight *f)
{
	struct engine *en = f->engine;
	struct arena texts;
	struct err e;

	arena_init(&texts);
	err_init(&e);
	if (settle_missing(f, &texts, &e) == ERR_OK) {
		finish(f);
	} else if (e.code == ERR_UNREACHABLE) {
		harvest_end(f);
		flight_event(f, CHUNK_EV_BROKEN, NULL);
	} else {
		harvest_end(f);
		en->error = e;
		engine_fail(en);
	}
	arena_release(&texts);
}

/* Every result that there is was read. */
static void all_read(struct flight *f)
{
	if (collect_sum(f->collect).missing == 0 || never_ran(f))
		finish(f);
	else if (f->state == CHUNK_SETTLING)
		settle(f);
	else
		flight_event(f, CHUNK_EV_SHORT, NULL);
}

/* The connection may be well, and yet these results be of no use: somebody has to hear of it. */
static void unusable(struct flight *f, const struct answer *a)
{
	struct engine *en = f->engine;

	harvest_end(f);
	flight_event(f, a->trouble == TROUBLE_GONE ? CHUNK_EV_SEEN_GONE : CHUNK_EV_BROKEN, NULL);
	if (f->breaks == TELL_AFTER && run_log(en->j, en->run.id, &en->error,
	                                       "the results of job %s are asked for again and again: %.300s",
	                                       f->chunk.job, a->message) != ERR_OK)
		engine_fail(en);
}

static void fetched(void *ctx, const struct answer *a, const struct bulk_job *job)
{
	struct flight *f = ctx;
	size_t missing;

	(void)job;
	f->busy = false;
	engine_heard(f->engine, a);
	if (a->verdict != VERDICT_DONE && !(a->trouble == TROUBLE_GONE && f->state == CHUNK_SETTLING)) {
		unusable(f, a);
		return;
	}
	missing = collect_sum(f->collect).missing;
	if (f->result == BULK_UNPROCESSED ||
	    (missing == 0 && (f->result == BULK_FAILED_RESULTS || f->job.failed == 0))) {
		all_read(f);
		return;
	}
	f->result++;
	next_result(f);
}

static void next_result(struct flight *f)
{
	struct engine *en = f->engine;

	collect_begin(f->collect, f->result);
	f->busy = true;
	if (bulk_results(en->load.org, f->chunk.job, f->result, collect_row, f->collect, fetched, f,
	                 &en->error) != ERR_OK)
		engine_fail(en);
}

static bool load_prints(struct flight *f)
{
	struct engine *en = f->engine;

	if (chunk_prints(en->j, en->run.id, f->chunk.no, &f->prints, &f->print_count, &en->error) != ERR_OK)
		return false;
	f->collect = collect_new(f->prints, f->print_count, flight_layout(f), flight_action(f));
	if (!f->collect)
		err_memory(&en->error, "the results of a chunk");
	return f->collect != NULL;
}

/* A new engine, or a job that may be gone: how it ended is asked first, since that tells what a missing record means. */
static void ended(void *ctx, const struct answer *a, const struct bulk_job *job)
{
	struct flight *f = ctx;

	f->busy = false;
	engine_heard(f->engine, a);
	if (job && a->verdict == VERDICT_DONE) {
		f->job = *job;
		f->job_known = true;
		harvest_begin(f);
	} else if (a->trouble == TROUBLE_GONE && f->state == CHUNK_SETTLING) {
		if (load_prints(f))
			settle(f);
		else
			engine_fail(f->engine);
	} else {
		flight_event(f, a->trouble == TROUBLE_GONE ? CHUNK_EV_SEEN_GONE : CHUNK_EV_BROKEN, NULL);
	}
}

static void ask_how_it_ended(struct flight *f)
{
	struct engine *en = f->engine;

	f->busy = true;
	if (bulk_ask(en->load.org, f->chunk.job, ended, f, &en->error) != ERR_OK)
		engine_fail(en);
}

void harvest_begin(struct flight *f)
{
	if (!f->job_known) {
		ask_how_it_ended(f);
		return;
	}
	if (!load_prints(f)) {
		engine_fail(f->engine);
		return;
	}
	f->result = BULK_SUCCESSFUL;
	next_result(f);
}

void harvest_settle(struct flight *f)
{
	if (!f->collect && f->chunk.job[0])
		ask_how_it_ended(f);
	else if (f->collect || load_prints(f))
		settle(f);
	else
		engine_fail(f->engine);
}
