/* What of a chunk's results is an outcome, and what goes again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/engine/collect.h"
#include "core/engine/retry.h"
#include "core/engine/sorting.h"

static const struct outcome_message locked = { "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access", "" },
				    missing = { "REQUIRED_FIELD_MISSING", "Required fields are missing",
	                                        "Name" },
				    closed = { "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", "later",
	                                       "" },
				    full = { "STORAGE_LIMIT_EXCEEDED", "storage limit exceeded", "" },
				    rolled = { "ALL_OR_NONE_OPERATION_ROLLED_BACK", "rolled back", "" };

static struct outcome failed(int64_t record, const struct outcome_message *m)
{
	return (struct outcome){
		.record = record, .state = OUTCOME_FAILED, .message = m, .offset = record * 10
	};
}

static struct outcome in_state(int64_t record, int state)
{
	return (struct outcome){ .record = record, .state = (uint8_t)state, .offset = record * 10 };
}

static void locked_records_alone_go_again(void **unused)
{
	struct outcome all[] = { in_state(1, OUTCOME_WRITTEN), failed(2, &locked), failed(3, &missing),
		                 in_state(4, OUTCOME_IN_DOUBT), failed(5, &locked) };
	struct sorting s;

	(void)unused;
	assert_true(sorting_do(&s, all, 5, &(struct sorting_terms){ .tries = 0 }));
	assert_int_equal(s.count, 3);
	assert_int_equal(s.outcomes[1].record, 3);
	assert_int_equal(s.again_count, 2);
	assert_int_equal(s.again[1].record, 5);
	assert_int_equal(s.again[1].offset, 50);
	assert_int_equal(s.written, 1);
	assert_int_equal(s.failed, 1);
	assert_int_equal(s.in_doubt, 1);
	assert_ptr_equal(s.passing, &locked);
	assert_false(sorting_in_vain(&s));
	sorting_release(&s);
}

static void a_record_fails_only_when_its_tries_are_used_up(void **unused)
{
	struct sorting s;

	(void)unused;
	for (int tries = 0; tries < RETRY_MOST_TRIES + 2; tries++) {
		struct outcome one = failed(1, &locked);

		assert_true(sorting_do(&s, &one, 1, &(struct sorting_terms){ .tries = tries }));
		assert_int_equal(s.failed, tries + 1 >= RETRY_MOST_TRIES);
		sorting_release(&s);
	}
}

static void maintenance_uses_up_no_tries_and_is_told_from_accidents(void **unused)
{
	struct outcome all[] = { failed(1, &closed), failed(2, &closed) };
	struct sorting s;

	(void)unused;
	assert_true(sorting_do(&s, all, 2, &(struct sorting_terms){ .tries = 99 }));
	assert_int_equal(s.again_count, 2);
	assert_int_equal(s.later, 2);
	assert_true(sorting_in_vain(&s));
	sorting_release(&s);
}

static void two_hundred_locked_records_are_no_accident(void **unused)
{
	struct outcome all[201];
	struct sorting s;

	(void)unused;
	for (int i = 0; i < 201; i++)
		all[i] = failed(i + 1, &locked);
	assert_true(sorting_do(&s, all, 199, &(struct sorting_terms){ .tries = 0 }));
	assert_false(sorting_in_vain(&s));
	sorting_release(&s);
	assert_true(sorting_do(&s, all, 200, &(struct sorting_terms){ .tries = 0 }));
	assert_true(sorting_in_vain(&s));
	sorting_release(&s);
	all[200] = in_state(201, OUTCOME_WRITTEN);
	assert_true(sorting_do(&s, all, 201, &(struct sorting_terms){ .tries = 0 }));
	assert_false(sorting_in_vain(&s));
	sorting_release(&s);
}

static void what_was_not_processed_goes_again_whatever_it_would_have_been(void **unused)
{
	struct outcome all[] = { in_state(1, COLLECT_UNPROCESSED), in_state(2, 0), failed(3, &locked) };
	struct sorting s;

	(void)unused;
	assert_true(sorting_do(&s, all, 3, &(struct sorting_terms){ .tries = 0 }));
	assert_int_equal(s.unprocessed_count, 2);
	assert_int_equal(s.again_count, 1);
	assert_int_equal(s.count, 0);
	sorting_release(&s);
}

static void what_every_further_record_would_meet_stops_the_run(void **unused)
{
	struct outcome all[] = { in_state(1, OUTCOME_WRITTEN), failed(2, &full) };
	struct sorting s;

	(void)unused;
	assert_true(sorting_do(&s, all, 2, &(struct sorting_terms){ .tries = 0 }));
	assert_true(s.stop);
	assert_int_equal(s.failed, 1);
	sorting_release(&s);
}

static void of_an_all_or_none_request_all_go_again_or_none(void **unused)
{
	struct outcome passing[] = { failed(1, &rolled), failed(2, &locked), failed(3, &rolled) };
	struct outcome spoilt[] = { failed(1, &rolled), failed(2, &locked), failed(3, &missing) };
	struct outcome written[] = { in_state(1, OUTCOME_WRITTEN), in_state(2, OUTCOME_WRITTEN) };
	struct sorting s;

	(void)unused;
	assert_true(sorting_do(&s, passing, 3, &(struct sorting_terms){ .tries = 0, .all_or_none = true }));
	assert_int_equal(s.again_count, 3);
	assert_ptr_equal(s.passing, &locked);
	sorting_release(&s);
	assert_true(sorting_do(&s, passing, 3,
	                       &(struct sorting_terms){ .tries = RETRY_MOST_TRIES, .all_or_none = true }));
	assert_int_equal(s.failed, 3);
	sorting_release(&s);
	assert_true(sorting_do(&s, spoilt, 3, &(struct sorting_terms){ .tries = 0, .all_or_none = true }));
	assert_int_equal(s.failed, 3);
	assert_int_equal(s.again_count, 0);
	sorting_release(&s);
	assert_true(sorting_do(&s, written, 2, &(struct sorting_terms){ .tries = 0, .all_or_none = true }));
	assert_int_equal(s.written, 2);
	sorting_release(&s);
}

static const struct outcome_message orphan = {
	"INVALID_FIELD",
	"Foreign key external ID: p-1 not found for field Ext__c in entity "
	"Account",
	"Parent"
};

static size_t orphans_that_go_again(struct outcome *all, size_t count, const struct sorting_terms *terms)
{
	struct sorting s;
	size_t n;

	assert_true(sorting_do(&s, all, count, terms));
	n = s.orphans;
	assert_int_equal(s.count + s.again_count, count);
	sorting_release(&s);
	return n;
}

static void a_child_waits_for_its_parent_while_others_wait(void **unused)
{
	struct sorting_terms terms = { .within = "Account" };
	struct outcome beside_locked[] = { failed(1, &locked), failed(2, &orphan) };
	struct outcome alone[] = { in_state(1, OUTCOME_WRITTEN), failed(2, &orphan) };
	struct outcome beside_failed[] = { failed(1, &missing), failed(2, &orphan) };

	(void)unused;
	assert_int_equal(orphans_that_go_again(beside_locked, 2, &terms), 1);
	assert_int_equal(orphans_that_go_again(alone, 2, &terms), 0);
	assert_int_equal(orphans_that_go_again(beside_failed, 2, &terms), 0);
	terms.others_wait = true;
	assert_int_equal(
		orphans_that_go_again((struct outcome[]){ in_state(1, OUTCOME_WRITTEN), failed(2, &orphan) }, 2,
	                              &terms),
		1);
	terms.tries = RETRY_MOST_TRIES - 1;
	assert_int_equal(orphans_that_go_again((struct outcome[]){ failed(2, &orphan) }, 1, &terms), 0);
	terms = (struct sorting_terms){ .within = "Account", .tries = 1 };
	assert_int_equal(
		orphans_that_go_again((struct outcome[]){ failed(1, &missing), failed(2, &orphan) }, 2, &terms),
		0);
	assert_int_equal(
		orphans_that_go_again((struct outcome[]){ in_state(1, OUTCOME_WRITTEN), failed(2, &orphan) }, 2,
	                              &terms),
		1);
	terms = (struct sorting_terms){ .within = "Contact", .others_wait = true };
	assert_int_equal(orphans_that_go_again((struct outcome[]){ failed(2, &orphan) }, 1, &terms), 0);
	terms.within = NULL;
	assert_int_equal(orphans_that_go_again((struct outcome[]){ failed(2, &orphan) }, 1, &terms), 0);
}

static void a_missing_parent_is_known_by_its_words(void **unused)
{
	struct slice code = slice_of("INVALID_FIELD");

	(void)unused;
	assert_true(retry_misses(code,
	                         slice_of("Foreign key external ID: a in entity b not found for field E in "
	                                  "entity Account"),
	                         "Account"));
	assert_true(retry_misses(
		code,
		slice_of(
			"Foreign key external ID: a-9 not found for field Ext__c in entity Account:Account --"),
		"account"));
	assert_false(retry_misses(
		code, slice_of("Foreign key external ID: a-9 not found for field Ext__c in entity Account__c"),
		"Account"));
	assert_false(retry_misses(code, slice_of("Foreign key external ID: a-9"), "Account"));
	assert_false(retry_misses(code, slice_of("No such column 'Foreign' in entity Account"), "Account"));
	assert_false(retry_misses(
		slice_of("OTHER"),
		slice_of("Foreign key external ID: a-9 not found for field Ext__c in entity Account"),
		"Account"));
}

static void a_clock_that_was_set_back_keeps_nobody_waiting(void **unused)
{
	(void)unused;
	assert_int_equal(retry_wait(5000, 2000), 3000);
	assert_int_equal(retry_wait(5000, 6000), 0);
	assert_int_equal(retry_wait(86400000, 0), 600000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(locked_records_alone_go_again),
		cmocka_unit_test(a_record_fails_only_when_its_tries_are_used_up),
		cmocka_unit_test(maintenance_uses_up_no_tries_and_is_told_from_accidents),
		cmocka_unit_test(two_hundred_locked_records_are_no_accident),
		cmocka_unit_test(what_was_not_processed_goes_again_whatever_it_would_have_been),
		cmocka_unit_test(what_every_further_record_would_meet_stops_the_run),
		cmocka_unit_test(of_an_all_or_none_request_all_go_again_or_none),
		cmocka_unit_test(a_child_waits_for_its_parent_while_others_wait),
		cmocka_unit_test(a_missing_parent_is_known_by_its_words),
		cmocka_unit_test(a_clock_that_was_set_back_keeps_nobody_waiting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
