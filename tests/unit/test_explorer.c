/*
 * Walks every interleaving of one chunk's table with a model org: requests that arrive, get lost, arrive late (even after
 * the death of their sender), answers that get lost, engines that die at any moment, somebody else who closes or aborts a
 * loaded job, jobs that end and vanish. In no world do two jobs with the chunk's records run, and every world can end.
 * Through collections an insert is applied once at most, anything else twice only after a lost answer. The same walks find
 * faults planted into the table.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/engine/chunk_state.h"

enum { JOBS = 3, LATE = 2, CRASHES = 2, MEDDLES = 2, MOST_WORLDS = 1 << 22 };

enum job { NONE, EMPTY, LOADED, RUNNING, ENDED, UNRUN, PARTIAL, GONE };

/* A request on its way: what it asks, of which job. 0: nothing. */
struct sent {
	uint8_t effect;
	uint8_t job;
};

struct world {
	uint8_t state, todo; /* of the chunk: durable, and due */
	uint8_t job;         /* whose id is in the journal; 0: none */
	uint8_t jobs[JOBS + 1];
	struct sent flight, late[LATE];
	uint8_t crashes, meddles; /* left */
	uint8_t created;
	uint8_t ran;  /* jobs that have been told to begin, with records; collections: requests carried out */
	uint8_t lost; /* the answer of a collections request */
};

enum way { BULK, ONCE, REPEATABLE }; /* ONCE: an insert through collections; REPEATABLE: an update, say */

typedef struct chunk_step step_function(enum chunk_state state, enum chunk_event event);

struct walk {
	step_function *step;
	enum way way;
	struct world *worlds;
	int32_t *slots;
	size_t count, next;
	bool twice;  /* a world in which two jobs ran, or an insert was carried out twice */
	bool early;  /* planned, but its records are in the org, or on their way */
	bool untold; /* settled by an answer, but nothing was carried out */
	bool stuck;  /* one in which nothing is ever due again */
	bool full;   /* more worlds than expected: the walk proves nothing */
};

static uint64_t hash(const struct world *w)
{
	const unsigned char *bytes = (const unsigned char *)w;
	uint64_t h = 1469598103934665603u;

	for (size_t i = 0; i < sizeof *w; i++)
		h = (h ^ bytes[i]) * 1099511628211u;
	return h ^ h >> 29;
}

static void meet(struct walk *walk, const struct world *w)
{
	size_t at = (size_t)hash(w) & (2 * MOST_WORLDS - 1);

	while (walk->slots[at]) {
		if (memcmp(&walk->worlds[walk->slots[at] - 1], w, sizeof *w) == 0)
			return;
		at = (at + 1) & (2 * MOST_WORLDS - 1);
	}
	if (walk->count == MOST_WORLDS) {
		walk->full = true;
		return;
	}
	walk->worlds[walk->count++] = *w;
	walk->slots[at] = (int32_t)walk->count;
}

/* The engine takes an event: the new state is durable, its effect is due. */
static void take(struct walk *walk, struct world w, enum chunk_event event)
{
	struct chunk_step step = walk->step((enum chunk_state)w.state, event);

	if (step.next == w.state && step.effect == CHUNK_DO_NOTHING && w.todo != CHUNK_DO_NOTHING) {
		meet(walk, &w);
		return;
	}
	if (step.next == CHUNK_PLANNED)
		w.job = 0;
	w.state = (uint8_t)step.next;
	w.todo = (uint8_t)step.effect;
	meet(walk, &w);
}

static void begin_job(struct world *w, int job)
{
	w->jobs[job] = RUNNING;
	w->ran++;
}

/* The org carries a request out; the event that its answer would be. */
static enum chunk_event carry_out(struct world *w, struct sent r)
{
	uint8_t *job = &w->jobs[r.job];

	switch (r.effect) {
	case CHUNK_DO_CREATE:
		w->jobs[++w->created] = EMPTY;
		return CHUNK_EV_CREATED;
	case CHUNK_DO_UPLOAD:
		if (*job != EMPTY)
			return CHUNK_EV_REFUSED;
		*job = LOADED;
		return CHUNK_EV_LOADED;
	case CHUNK_DO_CLOSE:
		if (*job != LOADED)
			return CHUNK_EV_REFUSED;
		begin_job(w, r.job);
		return CHUNK_EV_DONE;
	case CHUNK_DO_ABORT:
		if (*job != EMPTY && *job != LOADED && *job != RUNNING)
			return CHUNK_EV_REFUSED;
		*job = *job == RUNNING ? PARTIAL : UNRUN;
		return CHUNK_EV_DONE;
	case CHUNK_DO_COLLECT:
		return *job == GONE ? CHUNK_EV_SEEN_GONE : CHUNK_EV_COMPLETE;
	case CHUNK_DO_SETTLE:
		return CHUNK_EV_ASKED;
	case CHUNK_DO_SEND:
		w->ran += w->ran < 2;
		return CHUNK_EV_COMPLETE;
	default:
		return *job == EMPTY || *job == LOADED ? CHUNK_EV_SEEN_OPEN
		       : *job == RUNNING               ? CHUNK_EV_SEEN_RUNNING
		       : *job == UNRUN                 ? CHUNK_EV_SEEN_UNRUN
		       : *job == GONE                  ? CHUNK_EV_SEEN_GONE
		                                       : CHUNK_EV_SEEN_ENDED;
	}
}

static bool keep_late(struct world *w, struct sent r)
{
	for (int i = 0; i < LATE; i++)
		if (!w->late[i].effect) {
			w->late[i] = r;
			return true;
		}
	return false;
}

/* What an engine makes of it that got no answer (`event` BROKEN), or finds the chunk in the journal (RESUMED). */
static void go_without(struct walk *walk, struct world w, enum chunk_event event)
{
	if (w.state == CHUNK_SENDING) {
		w.lost = 1;
		event = walk->way == ONCE ? CHUNK_EV_LOST : CHUNK_EV_AGAIN;
	} else if (w.state == CHUNK_BUILDING && !w.job) {
		event = CHUNK_EV_NO_JOB;
	}
	take(walk, w, event);
}

/* The org does not carry the request out, for now, and says so. That says nothing of an earlier one whose answer is lost. */
static void put_off(struct walk *walk, struct world w)
{
	take(walk, w, w.lost ? CHUNK_EV_AGAIN : CHUNK_EV_UNSENT);
}

static void answer(struct walk *walk, struct world w, struct sent r)
{
	enum chunk_event event = carry_out(&w, r);

	if (event == CHUNK_EV_CREATED)
		w.job = w.created;
	take(walk, w, event);
	if (r.effect == CHUNK_DO_CLOSE && event == CHUNK_EV_REFUSED)
		take(walk, w, CHUNK_EV_BROKEN); /* a refusal may mean that an earlier close arrived */
}

/* Everything that can become of the request in flight while its sender lives. */
static void fly(struct walk *walk, const struct world *from)
{
	struct world w = *from, lost, late, unheard;
	struct sent r = w.flight;

	w.flight = (struct sent){ 0, 0 };
	lost = late = unheard = w;
	answer(walk, w, r);
	if (r.effect == CHUNK_DO_SEND)
		put_off(walk, w);
	go_without(walk, lost, CHUNK_EV_BROKEN);
	carry_out(&unheard, r);
	go_without(walk, unheard, CHUNK_EV_BROKEN);
	if (keep_late(&late, r))
		go_without(walk, late, CHUNK_EV_BROKEN);
}

static void die(struct walk *walk, const struct world *from)
{
	struct world w = *from, late;
	struct sent r = w.flight;

	if (!w.crashes || w.state == CHUNK_SETTLED)
		return;
	w.crashes--;
	w.flight = (struct sent){ 0, 0 };
	w.todo = CHUNK_DO_NOTHING;
	late = w;
	if (w.state == CHUNK_PLANNED) {
		meet(walk, &w);
		return;
	}
	go_without(walk, w, CHUNK_EV_RESUMED);
	if (r.effect && keep_late(&late, r))
		go_without(walk, late, CHUNK_EV_RESUMED);
	carry_out(&w, r); /* carried out, and nobody is there to hear of it */
	if (r.effect == CHUNK_DO_SEND)
		go_without(walk, w, CHUNK_EV_RESUMED);
}

static void engine_acts(struct walk *walk, const struct world *from)
{
	struct world w = *from;

	if (w.state == CHUNK_PLANNED) {
		if (walk->way != BULK || w.created < JOBS)
			take(walk, w, walk->way == BULK ? CHUNK_EV_START : CHUNK_EV_SEND);
		return;
	}
	if (w.todo == CHUNK_DO_NOTHING || (w.todo == CHUNK_DO_CREATE && w.created == JOBS))
		return;
	w.flight = (struct sent){ w.todo, w.job };
	w.todo = CHUNK_DO_NOTHING;
	meet(walk, &w);
}

static void late_ones_arrive(struct walk *walk, const struct world *from)
{
	for (int i = 0; i < LATE; i++) {
		struct world w = *from;

		if (!w.late[i].effect || (w.late[i].effect == CHUNK_DO_CREATE && w.created == JOBS))
			continue;
		w.late[i] = (struct sent){ 0, 0 };
		carry_out(&w, from->late[i]);
		meet(walk, &w);
	}
}

static void others_act(struct walk *walk, const struct world *from)
{
	for (int i = 1; i <= JOBS; i++) {
		struct world ends = *from, closes = *from, aborts = *from;

		if (from->jobs[i] == RUNNING) {
			ends.jobs[i] = ENDED;
			meet(walk, &ends);
		}
		if (from->jobs[i] == ENDED && from->meddles && from->state > CHUNK_DISCARDING) {
			ends.jobs[i] = GONE;
			ends.meddles--;
			meet(walk, &ends);
		}
		if (from->jobs[i] != LOADED || !from->meddles)
			continue;
		closes.meddles--;
		begin_job(&closes, i);
		meet(walk, &closes);
		aborts.meddles--;
		aborts.jobs[i] = UNRUN;
		meet(walk, &aborts);
	}
}

static void look_at_requests(struct walk *walk, const struct world *w)
{
	bool on_its_way = w->late[0].effect || w->late[1].effect;

	if (w->ran > 1 && (walk->way == ONCE || !w->lost))
		walk->twice = true;
	if (w->state == CHUNK_PLANNED && (w->ran > 0 || on_its_way))
		walk->early = true;
	if (w->state == CHUNK_SETTLED && w->ran == 0 && (walk->way == REPEATABLE || !w->lost))
		walk->untold = true;
}

static void walk_from(struct walk *walk, const struct world *w)
{
	size_t before = walk->count;
	bool running = w->jobs[1] == RUNNING || w->jobs[2] == RUNNING || w->jobs[3] == RUNNING;

	if (walk->way != BULK)
		look_at_requests(walk, w);
	else if (w->ran > 1)
		walk->twice = true;
	if (w->flight.effect)
		fly(walk, w);
	else
		engine_acts(walk, w);
	die(walk, w);
	late_ones_arrive(walk, w);
	others_act(walk, w);
	/* nothing is due, nothing is on its way, and it is not the end */
	if (walk->count == before && w->state != CHUNK_SETTLED && w->state != CHUNK_PLANNED &&
	    !w->flight.effect && w->todo == CHUNK_DO_NOTHING && !running)
		walk->stuck = true;
}

static struct walk walk_all(step_function *step, enum way way)
{
	struct walk walk = { .step = step, .way = way };
	struct world first;

	memset(&first, 0, sizeof first);
	first.state = CHUNK_PLANNED;
	first.crashes = CRASHES;
	first.meddles = MEDDLES;
	walk.worlds = malloc(MOST_WORLDS * sizeof *walk.worlds);
	walk.slots = calloc(2 * MOST_WORLDS, sizeof *walk.slots);
	assert_true(walk.worlds && walk.slots);
	meet(&walk, &first);
	while (walk.next < walk.count && !walk.twice) {
		struct world w = walk.worlds[walk.next++];

		walk_from(&walk, &w);
	}
	printf("# %zu worlds\n", walk.count);
	free(walk.worlds);
	free(walk.slots);
	return walk;
}

static void in_no_world_do_two_jobs_run(void **unused)
{
	struct walk walk = walk_all(chunk_step, BULK);

	(void)unused;
	assert_false(walk.full);
	assert_false(walk.twice);
	assert_false(walk.stuck);
	assert_true(walk.count > 10000);
}

/* Planted: a close without an answer is taken for "not arrived", and the chunk built anew. */
static struct chunk_step closes_anew(enum chunk_state state, enum chunk_event event)
{
	if (state == CHUNK_CLOSING && event == CHUNK_EV_SEEN_OPEN)
		return (struct chunk_step){ CHUNK_PLANNED, CHUNK_DO_NOTHING };
	return chunk_step(state, event);
}

/* Planted: a loaded job that a dead engine left is forgotten instead of being made sure of. */
static struct chunk_step forgets_the_job(enum chunk_state state, enum chunk_event event)
{
	if (state == CHUNK_BUILDING && event == CHUNK_EV_RESUMED)
		return (struct chunk_step){ CHUNK_PLANNED, CHUNK_DO_NOTHING };
	return chunk_step(state, event);
}

static void a_chunk_begun_anew_after_an_unanswered_close_is_found(void **unused)
{
	(void)unused;
	assert_true(walk_all(closes_anew, BULK).twice);
}

static void a_forgotten_job_is_found(void **unused)
{
	(void)unused;
	assert_true(walk_all(forgets_the_job, BULK).twice);
}

static void check_requests(enum way way)
{
	struct walk walk = walk_all(chunk_step, way);

	assert_false(walk.full);
	assert_false(walk.twice);
	assert_false(walk.early);
	assert_false(walk.untold);
	assert_false(walk.stuck);
	assert_true(walk.count > 20);
}

static void in_no_world_is_an_insert_applied_twice(void **unused)
{
	(void)unused;
	check_requests(ONCE);
}

static void only_a_lost_answer_makes_anything_else_go_twice(void **unused)
{
	(void)unused;
	check_requests(REPEATABLE);
}

/* Planted: an insert is taken for something that may be repeated. */
static struct chunk_step repeats_an_insert(enum chunk_state state, enum chunk_event event)
{
	return chunk_step(state, event == CHUNK_EV_LOST ? CHUNK_EV_AGAIN : event);
}

/* Planted: a lost answer is taken for "not arrived". */
static struct chunk_step goes_back(enum chunk_state state, enum chunk_event event)
{
	if (state == CHUNK_SENDING && (event == CHUNK_EV_LOST || event == CHUNK_EV_AGAIN))
		return (struct chunk_step){ CHUNK_PLANNED, CHUNK_DO_NOTHING };
	return chunk_step(state, event);
}

/* Planted: what is known of an answer that never came is taken for "complete". */
static struct chunk_step believes(enum chunk_state state, enum chunk_event event)
{
	if (state == CHUNK_SENDING && event == CHUNK_EV_AGAIN)
		return (struct chunk_step){ CHUNK_SETTLED, CHUNK_DO_NOTHING };
	return chunk_step(state, event);
}

static void an_insert_that_is_repeated_is_found(void **unused)
{
	(void)unused;
	assert_true(walk_all(repeats_an_insert, ONCE).twice);
}

static void a_way_back_after_a_lost_answer_is_found(void **unused)
{
	(void)unused;
	assert_true(walk_all(goes_back, ONCE).twice);
	assert_true(walk_all(goes_back, REPEATABLE).early);
}

static void a_result_without_an_answer_is_found(void **unused)
{
	(void)unused;
	assert_true(walk_all(believes, REPEATABLE).untold);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_no_world_do_two_jobs_run),
		cmocka_unit_test(a_chunk_begun_anew_after_an_unanswered_close_is_found),
		cmocka_unit_test(a_forgotten_job_is_found),
		cmocka_unit_test(in_no_world_is_an_insert_applied_twice),
		cmocka_unit_test(only_a_lost_answer_makes_anything_else_go_twice),
		cmocka_unit_test(an_insert_that_is_repeated_is_found),
		cmocka_unit_test(a_way_back_after_a_lost_answer_is_found),
		cmocka_unit_test(a_result_without_an_answer_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
