/* engine.c - the loop of a running engine, and the state of its run. */
#include "core/engine/engine_state.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/paths.h"
#include "base/text.h"
#include "base/when.h"
#include "core/engine/bounds.h"
#include "core/engine/resume.h"
#include "core/engine/retry.h"

enum {
	LOOK_MS = 500,            /* between looks at the orders */
	BEAT_MS = 1000,           /* between signs of life */
	LARGE_BYTES = 512 * 1024, /* an allocation that goes back to the system when it is freed */
	SIGNAL_MS = 10000,        /* requests in flight may take this long after a signal */
	TURN_MS = 200,            /* longest wait for the network in one turn */
};

uint64_t engine_random(struct engine *en)
{
	en->random = en->random * 6364136223846793005u + 1442695040888963407u;
	return en->random >> 33;
}

int64_t engine_now(const struct engine *en)
{
	return clock_mono(en->clock);
}

bool engine_collections(const struct engine *en)
{
	return strcmp(en->run.api, "collections") == 0;
}

void engine_stop(struct engine *en, enum engine_end end, const char *why)
{
	if (en->end >= end)
		return;
	en->end = end;
	snprintf(en->why, sizeof en->why, "%.*s", (int)sizeof en->why - 1, why);
}

void engine_fail(struct engine *en)
{
	if (en->cause.code == ERR_OK)
		en->cause = en->error;
	if (en->error.code != ERR_FILE)
		en->dead = true;
	engine_stop(en, END_REFUSED, en->cause.text);
	err_init(&en->error);
}

void engine_set_state(struct engine *en, enum run_state state, const char *why, int64_t next_try,
                      const char *log)
{
	if (run_set_state(en->j, en->run.id, state, why, next_try, log, &en->error) != ERR_OK)
		engine_fail(en);
	else
		en->run.state = state;
}

bool engine_is_head(const struct engine *en, const struct flight *f)
{
	for (size_t i = 0; i < en->flight_count; i++)
		if (en->flights[i]->state == CHUNK_PROCESSING && en->flights[i]->chunk.no < f->chunk.no)
			return false;
	return true;
}

bool engine_uploading(const struct engine *en)
{
	for (size_t i = 0; i < en->flight_count; i++)
		if (en->flights[i]->state == CHUNK_BUILDING)
			return true;
	return false;
}

bool engine_points_within(const struct engine *en)
{
	return en->has_source && plan_points_within(en->load.plan);
}

bool engine_collecting(const struct engine *en)
{
	for (size_t i = 0; i < en->flight_count; i++)
		if (en->flights[i]->collect)
			return true;
	return false;
}

bool engine_add_flight(struct engine *en, const struct chunk *chunk)
{
	struct flight *f;

	if (en->flight_count == en->flight_room) {
		size_t room = en->flight_room ? en->flight_room * 2 : 16;
		struct flight **bigger = realloc(en->flights, room * sizeof(*bigger));

		if (!bigger)
			return false;
		en->flights = bigger;
		en->flight_room = room;
	}
	f = flight_new(en, chunk);
	if (!f)
		return false;
	if (chunk->not_before_ms)
		f->due = engine_now(en) + retry_wait(chunk->not_before_ms, clock_utc(en->clock));
	en->flights[en->flight_count++] = f;
	return true;
}

void engine_add_lists(struct engine *en, int no)
{
	struct chunk page[32];
	int n;

	do {
		n = chunk_page(en->j, en->run.id, no - 1, true, page, 32, &en->error);
		if (n < 0)
			engine_fail(en);
		for (int i = 0; i < n; i++) {
			no = page[i].no + 1;
			if (!engine_add_flight(en, &page[i])) {
				err_memory(&en->error, "a chunk");
				engine_fail(en);
				return;
			}
		}
	} while (n == 32);
}

bool engine_only_retries(const struct engine *en)
{
	return en->run.back_to[0] != '\0';
}

/* ---- orders and signals ---- */

static void stop_in_the_org(struct engine *en)
{
	for (size_t i = 0; i < en->flight_count; i++)
		if (en->flights[i]->state != CHUNK_PLANNED)
			flight_cancel(en->flights[i]);
}

static void obey(struct engine *en, const struct order *order)
{
	char why[128];

	if (order->kind == ORDER_RETRY) {
		retry_obey(en, order);
		return;
	}
	snprintf(why, sizeof why, "%s by %s", order->kind == ORDER_CANCEL ? "cancelled" : "paused", order->by);
	engine_stop(en, order->kind == ORDER_CANCEL ? END_CANCEL : END_PAUSE, why);
	if (order->kind != ORDER_PAUSE)
		stop_in_the_org(en);
	heard_look_now(en);
	if (order_answer(en->j, order->id, "done", &en->error) != ERR_OK)
		engine_fail(en);
}

static void look_at_orders(struct engine *en)
{
	struct order order;
	bool found = false;

	if (engine_now(en) < en->looked + LOOK_MS)
		return;
	en->looked = engine_now(en);
	if (order_next(en->j, en->run.id, &order, &found, &en->error) != ERR_OK)
		engine_fail(en);
	else if (found)
		obey(en, &order);
}

static void say_too_many(const struct engine *en, char *why, size_t size)
{
	char failed[32], most[32];

	snprintf(why, size, "%s record%s failed, and the load was to stop at %s",
	         text_count(en->run.counts.failed, failed, sizeof failed),
	         en->run.counts.failed == 1 ? "" : "s", text_count(en->run.stop_at, most, sizeof most));
}

/* Has the run come to where it stops by itself? */
static void look_at_bounds(struct engine *en)
{
	char why[160], clock[WHEN_TEXT];

	if (bounds_too_many(&en->run) && en->run.counts.failed > en->failed_before) {
		say_too_many(en, why, sizeof why);
		engine_stop(en, END_HALT, why);
	} else if (en->end == END_NONE && bounds_late(&en->run, clock_utc(en->clock))) {
		when_local_clock(en->run.until_ms, clock);
		snprintf(why, sizeof why, "it is %s: nothing new was to be started then", clock);
		engine_stop(en, END_PAUSE, why);
	}
}

static void beat(struct engine *en)
{
	if (engine_now(en) < en->told + BEAT_MS)
		return;
	en->told = engine_now(en);
	if (run_beat(en->j, en->run.id, *run_calls_count(en->calls), getpid(), &en->error) != ERR_OK ||
	    run_get(en->j, en->run.id, &en->run, &en->error) != ERR_OK) {
		engine_fail(en);
		return;
	}
	if (en->options->tell)
		en->options->tell(en->options->tell_ctx, &en->run);
}

/* Has the signal's time run out, or has the org been away for too long? */
static bool time_is_up(struct engine *en)
{
	int stop = en->options->stop ? *en->options->stop : 0;

	if (stop > 0 && en->end != END_SIGNAL) {
		en->end = END_SIGNAL;
		snprintf(en->why, sizeof en->why, "stopped by a signal");
		en->ends_by = engine_now(en) + SIGNAL_MS;
	}
	if (stop > 1 || (en->end == END_SIGNAL && engine_now(en) >= en->ends_by))
		return true;
	return heard_given_up(en);
}

/* ---- the loop ---- */

static void drop_settled(struct engine *en)
{
	size_t kept = 0;
	bool settled = false;

	for (size_t i = 0; i < en->flight_count; i++) {
		struct flight *f = en->flights[i];

		if (f->state == CHUNK_SETTLED && !f->busy) {
			flight_free(f);
			settled = true;
		} else {
			en->flights[kept++] = f;
		}
	}
	en->flight_count = kept;
	if (settled && run_get(en->j, en->run.id, &en->run, &en->error) != ERR_OK)
		engine_fail(en);
	if (settled && en->options->tell)
		en->options->tell(en->options->tell_ctx, &en->run);
}

/* Is there anything left to do, as things stand? */
static bool busy(const struct engine *en)
{
	if (en->dead)
		return false;
	if (en->end == END_SIGNAL)
		return http_in_flight(org_http(en->load.org)) > 0;
	if (feed_in_the_org(en) > 0)
		return true;
	return en->end == END_NONE && feed_has_more(en);
}

/* Until when does nothing but the network's own news need this flight's turn? */
static int64_t due_of(const struct engine *en, const struct flight *f)
{
	if (f->look)
		return f->busy ? INT64_MAX : f->due;
	if (f->state == CHUNK_PLANNED)
		return feed_may_send(en) && feed_is_meant(en, f) && !feed_holds_back(en, f) ? f->due
		                                                                            : INT64_MAX;
	if (f->busy || f->todo == CHUNK_DO_NOTHING || flight_waits(f))
		return INT64_MAX;
	return f->due;
}

static int wait_ms(const struct engine *en)
{
	int64_t now = engine_now(en), until = now + TURN_MS, asks = heard_next(en);

	if (feed_may_cut(en))
		return 0;
	for (size_t i = 0; i < en->flight_count; i++) {
		int64_t due = due_of(en, en->flights[i]);

		due = due > asks ? due : asks;
		until = due < until ? due : until;
	}
	return until > now ? (int)(until - now) : 0;
}

static void turn(struct engine *en)
{
	look_at_bounds(en);
	feed_turn(en);
	for (size_t i = 0; i < en->flight_count && en->end != END_SIGNAL && !en->dead; i++)
		flight_turn(en->flights[i]);
	heard_probe(en);
	http_turn(org_http(en->load.org), wait_ms(en));
	drop_settled(en);
	look_at_orders(en);
	beat(en);
}

static void loop(struct engine *en)
{
	while (busy(en) && !time_is_up(en))
		turn(en);
}

/* ---- the end ---- */

static void conclude_finished(struct engine *en)
{
	const struct run_counts *c = &en->run.counts;
	char why[256] = "", n[4][32], log[512];
	enum run_state state = RUN_FINISHED;

	if (bounds_too_many(&en->run)) {
		state = RUN_HALTED;
		say_too_many(en, why, sizeof why);
	} else if (c->failed > 0 && (!en->run.allow_failures || c->written == 0)) {
		state = RUN_HALTED;
		snprintf(why, sizeof why, "%s record%s failed%s", text_count(c->failed, n[0], sizeof n[0]),
		         c->failed == 1 ? "" : "s",
		         c->written == 0 ? " and none was written" : ", and failures are not allowed");
	}
	snprintf(log, sizeof log, "%s: %s written, %s failed, %s left out, %s in doubt", run_state_name(state),
	         text_count(c->written, n[0], sizeof n[0]), text_count(c->failed, n[1], sizeof n[1]),
	         text_count(c->skipped, n[2], sizeof n[2]), text_count(c->in_doubt, n[3], sizeof n[3]));
	engine_set_state(en, state, why, 0, log);
}

/* A retry that leaves records which were never sent: the run is what it was before. */
static void conclude_retry(struct engine *en)
{
	enum run_state state = RUN_PAUSED;
	char why[128], n[32];

	if (strcmp(en->run.back_to, run_state_name(RUN_HALTED)) == 0)
		state = RUN_HALTED;
	else if (strcmp(en->run.back_to, run_state_name(RUN_CANCELLED)) == 0)
		state = RUN_CANCELLED;
	snprintf(why, sizeof why, "the retry has ended; %s records are still to be sent",
	         text_count(run_pending(&en->run.counts), n, sizeof n));
	engine_set_state(en, state, why, 0, why);
}

static void say_first(struct engine *en)
{
	char count[32];

	snprintf(en->why, sizeof en->why, "the first %s record%s done, as was asked",
	         text_count(en->run.first_records, count, sizeof count),
	         en->run.first_records == 1 ? " is" : "s are");
}

static void set_last_state(struct engine *en)
{
	if (en->end == END_SIGNAL) {
		run_log(en->j, en->run.id, &en->error, "stopped by a signal; jobs in the org go on");
		err_set(&en->cause, ERR_STOPPED, "stopped by a signal");
	} else if (run_pending(&en->run.counts) == 0) {
		conclude_finished(en);
	} else if (en->end == END_NONE && engine_only_retries(en)) {
		conclude_retry(en);
	} else {
		enum run_state state = en->end == END_CANCEL ? RUN_CANCELLED
		                       : en->end == END_HALT ? RUN_HALTED
		                                             : RUN_PAUSED;

		if (en->end == END_NONE && bounds_first_cut(&en->run))
			say_first(en);
		engine_set_state(en, state, en->why, 0, en->why);
	}
}

/* What the run's row says when this engine leaves. Nothing where the journal itself fails: the run is then interrupted. */
static void conclude(struct engine *en)
{
	if (en->cause.code == ERR_JOURNAL || en->cause.code == ERR_INTERNAL)
		return;
	if (run_get(en->j, en->run.id, &en->run, &en->error) != ERR_OK) {
		engine_fail(en);
		return;
	}
	set_last_state(en);
	if (en->options->tell && run_get(en->j, en->run.id, &en->run, &en->error) == ERR_OK)
		en->options->tell(en->options->tell_ctx, &en->run);
}

/* Once it has begun, what ends it before the end can be gone on from. */
static enum err_code give_cause(const struct engine *en, bool began, struct err *e)
{
	enum err_code code = en->cause.code;

	if (code == ERR_OK)
		return ERR_OK;
	if (began && (code == ERR_FILE || code == ERR_JOURNAL))
		code = ERR_STOPPED;
	return err_set(e, code, "%s", en->cause.text);
}

static void tell_ready(const struct engine_options *options, const struct err *e)
{
	char text[sizeof e->text + 1] = { (char)e->code };
	size_t len = e->code == ERR_OK ? 1 : 1 + strlen(e->text);
	ssize_t written;

	if (options->ready < 0)
		return;
	memcpy(text + 1, e->text, strlen(e->text));
	written = write(options->ready, text, len);
	(void)written; /* if nobody listens any more, the run goes on all the same */
	close(options->ready);
}

/* No call is made any more: the row gets their count. Where it cannot, the file keeps it for the next engine. */
static void tell_calls(struct engine *en)
{
	struct err ignored;

	if (!en->calls)
		return;
	err_init(&ignored);
	run_calls_close(en->calls,
	                run_beat(en->j, en->run.id, *run_calls_count(en->calls), getpid(), &ignored) == ERR_OK);
}

static void release(struct engine *en)
{
	org_close(en->load.org);
	en->load.org = NULL;
	tell_calls(en);
	for (size_t i = 0; i < en->flight_count; i++)
		flight_free(en->flights[i]);
	free(en->flights);
	source_close(en->sender);
	layout_release(&en->layout);
	ordering_close(en->order);
	plan_free(en->delete_plan);
	mapping_free(en->delete_mapping);
	load_release(&en->load);
	edited_release(&en->edited);
	edited_release(&en->sender_edited);
	run_unlock(en->lock);
}

enum err_code engine_run(struct journal *j, int64_t run, const struct engine_options *options, struct err *e)
{
	struct engine en = { .j = j, .options = options, .clock = options->clock };
	enum err_code rc;
	bool began;

	mallopt(M_MMAP_THRESHOLD, LARGE_BYTES); /* a chunk's memory must not stay when the chunk has gone */
	en.random = (uint64_t)clock_utc(en.clock) ^ (uint64_t)getpid() << 32;
	resume_begin(&en, run);
	if (en.error.code != ERR_OK)
		engine_fail(&en);
	began = !en.dead && en.run.state == RUN_RUNNING;
	tell_ready(options, began ? &en.error : &en.cause);
	if (began) {
		loop(&en);
		conclude(&en);
	}
	rc = give_cause(&en, began, e);
	release(&en);
	return rc;
}

int engine_exit_status(struct journal *j, const struct run *run)
{
	const struct run_counts *counts = &run->counts;

	switch (run_state_now(j, run)) {
	case RUN_FINISHED:
		if (counts->failed > 0 && (!run->allow_failures || counts->written == 0))
			return 4;
		return counts->in_doubt > 0 ? 6 : 0;
	case RUN_HALTED:
		return 4;
	default:
		return 5;
	}
}
