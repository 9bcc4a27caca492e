/* The promises of chunk_state.h as properties over the whole table, and the ways through it step by step. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/engine/chunk_state.h"

#define EACH_STATE(s) for (enum chunk_state s = 0; s < CHUNK_STATE_COUNT; s++)
#define EACH_EVENT(e) for (enum chunk_event e = 0; e < CHUNK_EVENT_COUNT; e++)

static bool before_the_close(enum chunk_state s)
{
	return s == CHUNK_PLANNED || s == CHUNK_BUILDING || s == CHUNK_DISCARDING;
}

static void once_a_close_has_left_a_chunk_never_starts_again(void **unused)
{
	(void)unused;
	EACH_STATE(s)
		EACH_EVENT(e) {
			struct chunk_step step = chunk_step(s, e);

			if (before_the_close(s) || s == CHUNK_SENDING)
				continue;
			assert_false(before_the_close(step.next));
			assert_int_not_equal(step.effect, CHUNK_DO_CREATE);
			assert_int_not_equal(step.effect, CHUNK_DO_UPLOAD);
		}
}

static void a_job_is_built_anew_only_on_the_orgs_word(void **unused)
{
	(void)unused;
	EACH_STATE(s)
		EACH_EVENT(e) {
			if (s == CHUNK_PLANNED || chunk_step(s, e).next != CHUNK_PLANNED)
				continue;
			assert_true((s == CHUNK_DISCARDING &&
			             (e == CHUNK_EV_SEEN_UNRUN || e == CHUNK_EV_SEEN_GONE)) ||
			            (s == CHUNK_BUILDING && e == CHUNK_EV_NO_JOB) ||
			            (s == CHUNK_SENDING && e == CHUNK_EV_UNSENT));
		}
}

static void each_request_is_made_from_one_place(void **unused)
{
	(void)unused;
	EACH_STATE(s)
		EACH_EVENT(e) {
			enum chunk_effect effect = chunk_step(s, e).effect;

			if (effect == CHUNK_DO_CREATE)
				assert_true(s == CHUNK_PLANNED && e == CHUNK_EV_START);
			if (effect == CHUNK_DO_UPLOAD)
				assert_true(s == CHUNK_BUILDING && e == CHUNK_EV_CREATED);
			if (effect == CHUNK_DO_CLOSE)
				assert_true((s == CHUNK_BUILDING && e == CHUNK_EV_LOADED) ||
				            (s == CHUNK_CLOSING && e == CHUNK_EV_SEEN_OPEN));
			if (effect == CHUNK_DO_SEND)
				assert_true((s == CHUNK_PLANNED && e == CHUNK_EV_SEND) ||
				            (s == CHUNK_SENDING && e == CHUNK_EV_AGAIN));
		}
}

static void whatever_goes_wrong_there_is_a_next_step(void **unused)
{
	static const enum chunk_event trouble[] = { CHUNK_EV_BROKEN, CHUNK_EV_REFUSED, CHUNK_EV_RESUMED };

	(void)unused;
	EACH_STATE(s) {
		if (s == CHUNK_PLANNED || s == CHUNK_SETTLED || s == CHUNK_SENDING)
			continue; /* what goes wrong with a request that writes has events of its own */
		for (size_t i = 0; i < sizeof trouble / sizeof trouble[0]; i++) {
			struct chunk_step step = chunk_step(s, trouble[i]);

			assert_int_not_equal(step.effect, CHUNK_DO_NOTHING);
			assert_int_not_equal(step.next, CHUNK_PLANNED); /* nobody has asked the org yet */
			assert_int_not_equal(step.next, CHUNK_SETTLED);
		}
	}
}

static void only_known_outcomes_settle(void **unused)
{
	(void)unused;
	EACH_STATE(s)
		EACH_EVENT(e) {
			if (s != CHUNK_SETTLED && chunk_step(s, e).next == CHUNK_SETTLED)
				assert_true((s == CHUNK_COLLECTING && e == CHUNK_EV_COMPLETE) ||
				            (s == CHUNK_SENDING && e == CHUNK_EV_COMPLETE) ||
				            (s == CHUNK_SETTLING && e == CHUNK_EV_ASKED));
		}
}

static void a_late_answer_changes_nothing_at_the_end(void **unused)
{
	(void)unused;
	EACH_EVENT(e) {
		assert_int_equal(chunk_step(CHUNK_SETTLED, e).next, CHUNK_SETTLED);
		assert_int_equal(chunk_step(CHUNK_SETTLED, e).effect, CHUNK_DO_NOTHING);
	}
}

static void a_request_that_writes_has_a_next_step_for_each_of_its_ends(void **unused)
{
	static const enum chunk_event ends[] = { CHUNK_EV_COMPLETE, CHUNK_EV_UNSENT, CHUNK_EV_AGAIN,
		                                 CHUNK_EV_LOST };

	(void)unused;
	EACH_EVENT(e) {
		struct chunk_step step = chunk_step(CHUNK_SENDING, e);
		bool is_end = false;

		for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
			is_end = is_end || e == ends[i];
		assert_int_equal(step.next != CHUNK_SENDING || step.effect != CHUNK_DO_NOTHING, is_end);
	}
}

static void after_a_lost_answer_a_request_is_never_begun_anew(void **unused)
{
	(void)unused;
	assert_int_equal(chunk_step(CHUNK_SENDING, CHUNK_EV_AGAIN).next, CHUNK_SENDING);
	assert_int_equal(chunk_step(CHUNK_SENDING, CHUNK_EV_LOST).next, CHUNK_SETTLING);
	EACH_EVENT(e) {
		assert_int_not_equal(chunk_step(CHUNK_SETTLING, e).effect, CHUNK_DO_SEND);
		assert_int_not_equal(chunk_step(CHUNK_SETTLING, e).next, CHUNK_SENDING);
	}
}

static void a_chunk_never_goes_both_ways_at_once(void **unused)
{
	(void)unused;
	EACH_STATE(s)
		EACH_EVENT(e) {
			enum chunk_state next = chunk_step(s, e).next;

			if (s == CHUNK_SENDING)
				assert_true(next == CHUNK_SENDING || next == CHUNK_PLANNED ||
				            next == CHUNK_SETTLING || next == CHUNK_SETTLED);
			else if (s != CHUNK_PLANNED)
				assert_int_not_equal(next, CHUNK_SENDING);
		}
}

struct walk_step {
	enum chunk_event event;
	enum chunk_state then;
	enum chunk_effect effect;
};

static void walk(const struct walk_step *steps, size_t n)
{
	enum chunk_state state = CHUNK_PLANNED;

	for (size_t i = 0; i < n; i++) {
		struct chunk_step step = chunk_step(state, steps[i].event);

		assert_int_equal(step.next, steps[i].then);
		assert_int_equal(step.effect, steps[i].effect);
		state = step.next;
	}
}

#define WALK(...)                                       \
	walk((const struct walk_step[]){ __VA_ARGS__ }, \
	     sizeof((const struct walk_step[]){ __VA_ARGS__ }) / sizeof(struct walk_step))
#define S(event, then, effect)                                    \
	{                                                         \
		CHUNK_EV_##event, CHUNK_##then, CHUNK_DO_##effect \
	}

static void the_way_it_goes(void **unused)
{
	(void)unused;
	WALK(S(START, BUILDING, CREATE), S(CREATED, BUILDING, UPLOAD), S(LOADED, CLOSING, CLOSE),
	     S(DONE, PROCESSING, POLL), S(SEEN_RUNNING, PROCESSING, POLL), S(SEEN_ENDED, COLLECTING, COLLECT),
	     S(COMPLETE, SETTLED, NOTHING));
}

static void an_upload_that_broke_is_discarded_and_built_anew(void **unused)
{
	(void)unused;
	WALK(S(START, BUILDING, CREATE), S(CREATED, BUILDING, UPLOAD), S(BROKEN, DISCARDING, ABORT),
	     S(BROKEN, DISCARDING, ASK), S(SEEN_OPEN, DISCARDING, ABORT), S(DONE, DISCARDING, ASK),
	     S(SEEN_UNRUN, PLANNED, NOTHING), S(START, BUILDING, CREATE));
}

static void a_close_without_an_answer_is_asked_about_and_repeated(void **unused)
{
	(void)unused;
	WALK(S(START, BUILDING, CREATE), S(CREATED, BUILDING, UPLOAD), S(LOADED, CLOSING, CLOSE),
	     S(BROKEN, CLOSING, ASK), S(SEEN_OPEN, CLOSING, CLOSE), S(RESUMED, CLOSING, ASK),
	     S(SEEN_RUNNING, PROCESSING, POLL), S(SEEN_GONE, SETTLING, SETTLE), S(ASKED, SETTLED, NOTHING));
}

static void a_request_is_the_whole_way(void **unused)
{
	(void)unused;
	WALK(S(SEND, SENDING, SEND), S(UNSENT, PLANNED, NOTHING), S(SEND, SENDING, SEND),
	     S(COMPLETE, SETTLED, NOTHING));
}

static void a_lost_answer_is_repeated_where_that_changes_nothing(void **unused)
{
	(void)unused;
	WALK(S(SEND, SENDING, SEND), S(AGAIN, SENDING, SEND), S(AGAIN, SENDING, SEND),
	     S(COMPLETE, SETTLED, NOTHING));
}

static void a_lost_answer_is_settled_where_a_repeat_might_write_twice(void **unused)
{
	(void)unused;
	WALK(S(SEND, SENDING, SEND), S(LOST, SETTLING, SETTLE), S(BROKEN, SETTLING, SETTLE),
	     S(RESUMED, SETTLING, SETTLE), S(ASKED, SETTLED, NOTHING));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(once_a_close_has_left_a_chunk_never_starts_again),
		cmocka_unit_test(a_job_is_built_anew_only_on_the_orgs_word),
		cmocka_unit_test(each_request_is_made_from_one_place),
		cmocka_unit_test(whatever_goes_wrong_there_is_a_next_step),
		cmocka_unit_test(only_known_outcomes_settle),
		cmocka_unit_test(a_late_answer_changes_nothing_at_the_end),
		cmocka_unit_test(a_request_that_writes_has_a_next_step_for_each_of_its_ends),
		cmocka_unit_test(after_a_lost_answer_a_request_is_never_begun_anew),
		cmocka_unit_test(a_chunk_never_goes_both_ways_at_once),
		cmocka_unit_test(the_way_it_goes),
		cmocka_unit_test(an_upload_that_broke_is_discarded_and_built_anew),
		cmocka_unit_test(a_close_without_an_answer_is_asked_about_and_repeated),
		cmocka_unit_test(a_request_is_the_whole_way),
		cmocka_unit_test(a_lost_answer_is_repeated_where_that_changes_nothing),
		cmocka_unit_test(a_lost_answer_is_settled_where_a_repeat_might_write_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
