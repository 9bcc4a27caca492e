/* How chunks grow, when jobs are asked about, and what is tried again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/engine/pace.h"
#include "core/engine/retry.h"

static void a_wrong_mapping_shows_after_few_records(void **unused)
{
	(void)unused;
	assert_int_equal(pace_chunk_records(1, true, 0), 2000);
	assert_int_equal(pace_chunk_records(2, true, 0), 50000);
	assert_int_equal(pace_chunk_records(3, true, 0), PACE_FULL);
	assert_int_equal(pace_chunk_records(99, true, 0), PACE_FULL);
}

static void a_load_that_must_halt_early_grows_slowly(void **unused)
{
	static const int64_t sizes[] = { 2000, 10000, 50000, 100000, 100000 };

	(void)unused;
	for (int n = 1; n <= 5; n++)
		assert_int_equal(pace_chunk_records(n, false, 0), sizes[n - 1]);
}

static void the_operators_ceiling_holds(void **unused)
{
	(void)unused;
	for (int n = 1; n < 6; n++)
		assert_int_equal(pace_chunk_records(n, true, 500), 500);
	assert_int_equal(pace_chunk_records(1, true, 1000000), 2000);
}

/* A million records cost few calls: create, upload, close, two looks and two results a job, with room for ten more. */
static void a_million_records_fit_into_sixty_calls(void **unused)
{
	int64_t left = 1000000;
	int jobs = 0;

	(void)unused;
	while (left > 0)
		left -= pace_chunk_records(++jobs, true, 0);
	assert_in_range(jobs * 7 + 10, 0, 60);
}

static void without_knowledge_polls_begin_at_a_second_and_grow(void **unused)
{
	int64_t before = 0;

	(void)unused;
	assert_int_equal(pace_poll(2000, 0, 0), 1000);
	for (int polls = 0; polls < 12; polls++) {
		int64_t pause = pace_poll(250000, 0, polls);

		assert_true(pause > before || pause == 30000);
		assert_true(pause <= 30000);
		before = pause;
	}
	assert_int_equal(before, 30000);
}

static void a_job_seen_at_work_is_asked_about_at_its_predicted_end(void **unused)
{
	(void)unused;
	assert_in_range(pace_poll(200000, 20000, 1), 10000, 10500);
	assert_in_range(pace_poll(0, 20000, 1), 250, 300);
	assert_int_equal(pace_poll(100000000, 10, 1), 30000);
}

/* Half a second into a job nobody knows how long it takes; the job before it does. */
static void a_job_that_has_just_begun_is_taken_to_go_on_as_the_one_before_it(void **unused)
{
	(void)unused;
	assert_int_equal((int)pace_rate(0, 200000, 500, 0), 0);
	assert_int_equal((int)pace_rate(1000, 200000, 500, 0), 2000);
	assert_int_equal((int)pace_rate(1000, 200000, 500, 20000), 20000);
	assert_int_equal((int)pace_rate(0, 200000, 500, 20000), 20000);
	assert_int_equal((int)pace_rate(100000, 200000, 10000, 20000), 10000);
	assert_int_equal((int)pace_rate(100000, 200000, 0, 20000), 20000);
}

static void locks_and_passing_troubles_are_tried_again(void **unused)
{
	struct slice none = { NULL, 0 };

	(void)unused;
	assert_int_equal(retry_class(slice_of("UNABLE_TO_LOCK_ROW"), none), FAILURE_AGAIN);
	assert_int_equal(retry_class(slice_of("REQUIRED_FIELD_MISSING"), none), FAILURE_DATA);
	assert_int_equal(retry_class(slice_of("DUPLICATE_VALUE"), none), FAILURE_DATA);
	assert_int_equal(retry_class(slice_of("STORAGE_LIMIT_EXCEEDED"), none), FAILURE_STOP);
	assert_int_equal(retry_class(slice_of("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"),
	                             slice_of("T: execution of BeforeInsert caused by: UNABLE_TO_LOCK_ROW")),
	                 FAILURE_AGAIN);
	assert_int_equal(retry_class(slice_of("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"), slice_of("T: no")),
	                 FAILURE_DATA);
}

static void what_the_whole_org_refuses_for_now_is_told_from_a_lock(void **unused)
{
	struct slice none = { NULL, 0 };

	(void)unused;
	assert_int_equal(retry_class(slice_of("SERVER_UNAVAILABLE"), none), FAILURE_LATER);
	assert_int_equal(retry_class(slice_of("INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE"), none),
	                 FAILURE_LATER);
	assert_int_equal(retry_class(slice_of("CANNOT_EXECUTE_FLOW_TRIGGER"),
	                             slice_of("T: System.LimitException: Too many SOQL queries: 101")),
	                 FAILURE_AGAIN);
	assert_int_equal(retry_class(slice_of("UNKNOWN_EXCEPTION"), none), FAILURE_DATA);
}

static void what_goes_again_goes_in_ever_smaller_chunks(void **unused)
{
	(void)unused;
	assert_int_equal(retry_piece(1, 1500, false), 10000);
	assert_int_equal(retry_piece(2, 1500, false), 2000);
	assert_int_equal(retry_piece(3, 1500, false), 200);
	assert_int_equal(retry_piece(4, 1500, false), 200);
	assert_int_equal(retry_piece(1, 200, true), 50);
	assert_int_equal(retry_piece(2, 200, true), 10);
	assert_int_equal(retry_piece(3, 20, true), 1);
	for (int tries = 1; tries < 6; tries++) /* chunks cost calls */
		assert_in_range((1000000 + retry_piece(tries, 1000000, false) - 1) /
		                        retry_piece(tries, 1000000, false),
		                1, 20);
	assert_false(retry_alone(2));
	assert_true(retry_alone(3));
}

static void pauses_of_records_grow_from_a_second_and_of_an_org_from_half_a_minute(void **unused)
{
	(void)unused;
	for (int tries = 1; tries <= 4; tries++) /* 1, 2, 4, 8 s (salesforce-api.md G2) */
		assert_int_equal(retry_record_pause(FAILURE_AGAIN, tries, 0), 1000 << (tries - 1));
	assert_int_equal(retry_record_pause(FAILURE_LATER, 1, 0), 30000);
	assert_int_equal(retry_record_pause(FAILURE_LATER, 99, 0), 600000);
	assert_int_equal(retry_allowance_pause(1, false, 0), 60000);
	assert_int_equal(retry_allowance_pause(99, false, 0), 3600000);
	assert_int_equal(retry_allowance_pause(99, true, 0), 5000);
}

static void a_job_with_a_wrong_header_is_not_sent_again(void **unused)
{
	(void)unused;
	assert_false(retry_job_again("InvalidBatch : Field name not found : Foo__c"));
	assert_true(retry_job_again("TooManyLockFailure : Too many lock failure 200 Trying again later."));
	assert_true(retry_job_again("ExceededQuota : ApiBatchItems Limit exceeded"));
	assert_true(retry_job_out_of_batches("ExceededQuota : ApiBatchItems Limit exceeded"));
	assert_false(retry_job_out_of_batches("TooManyLockFailure : Too many lock failure 200"));
}

static void pauses_double_up_to_the_ceiling_and_differ_by_chance(void **unused)
{
	(void)unused;
	assert_int_equal(retry_pause(1, 1000, 300000, 0), 1000);
	assert_int_equal(retry_pause(4, 1000, 300000, 0), 8000);
	assert_int_equal(retry_pause(60, 1000, 300000, 0), 300000);
	for (uint64_t r = 0; r < 1000; r++)
		assert_in_range(retry_pause(3, 1000, 300000, r * 2654435761u), 3000, 4000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wrong_mapping_shows_after_few_records),
		cmocka_unit_test(a_load_that_must_halt_early_grows_slowly),
		cmocka_unit_test(the_operators_ceiling_holds),
		cmocka_unit_test(a_million_records_fit_into_sixty_calls),
		cmocka_unit_test(without_knowledge_polls_begin_at_a_second_and_grow),
		cmocka_unit_test(a_job_seen_at_work_is_asked_about_at_its_predicted_end),
		cmocka_unit_test(a_job_that_has_just_begun_is_taken_to_go_on_as_the_one_before_it),
		cmocka_unit_test(locks_and_passing_troubles_are_tried_again),
		cmocka_unit_test(what_the_whole_org_refuses_for_now_is_told_from_a_lock),
		cmocka_unit_test(what_goes_again_goes_in_ever_smaller_chunks),
		cmocka_unit_test(pauses_of_records_grow_from_a_second_and_of_an_org_from_half_a_minute),
		cmocka_unit_test(a_job_with_a_wrong_header_is_not_sent_again),
		cmocka_unit_test(pauses_double_up_to_the_ceiling_and_differ_by_chance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
