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

static void a_job_with_a_wrong_header_is_not_sent_again(void **unused)
{
	(void)unused;
	assert_false(retry_job_again("InvalidBatch : Field name not found : Foo__c"));
	assert_true(retry_job_again("TooManyLockFailure : Too many lock failure 200 Trying again later."));
	assert_true(retry_job_again("ExceededQuota : ApiBatchItems Limit exceeded"));
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
		cmocka_unit_test(locks_and_passing_troubles_are_tried_again),
		cmocka_unit_test(a_job_with_a_wrong_header_is_not_sent_again),
		cmocka_unit_test(pauses_double_up_to_the_ceiling_and_differ_by_chance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
