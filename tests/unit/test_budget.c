/* What a load will cost, by arithmetic alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/engine/budget.h"

enum { WIDE = 400 };

static const struct object contact = { .name = "Contact" };
static const struct field id = { .name = "Id", .type = FIELD_ID };
static const struct field key = { .name = "Ext__c", .type = FIELD_STRING };
static const struct field phone = { .name = "A_field_with_a_long_name__c", .type = FIELD_PHONE };

static int64_t look(enum action action, const struct field *named_by, size_t fields, int64_t records)
{
	struct mapped entries[WIDE];
	struct mapping mapping = { .entries = entries, .count = fields + 1 };
	struct plan plan = { .object = &contact, .action = action, .key = named_by, .mapping = &mapping };

	entries[0] = (struct mapped){ .field = named_by ? named_by : &phone };
	for (size_t i = 1; i <= fields; i++)
		entries[i] = (struct mapped){ .field = &phone };
	return budget_look(&plan, records);
}

static void one_query_reads_200_records(void **unused)
{
	(void)unused;
	assert_int_equal(look(ACTION_UPDATE, &id, 11, 200), 1);
	assert_int_equal(look(ACTION_UPDATE, &id, 11, 201), 2);
	assert_int_equal(look(ACTION_UPSERT, &key, 11, 48210), 242);
}

static void an_action_that_changes_no_record_reads_none(void **unused)
{
	(void)unused;
	assert_int_equal(look(ACTION_INSERT, NULL, 3, 5000), 0);
	assert_int_equal(look(ACTION_DELETE, &id, 0, 5000), 0);
	assert_int_equal(look(ACTION_UPDATE, &id, 3, 0), 0);
}

static void many_fields_leave_less_room_for_keys(void **unused)
{
	(void)unused;
	assert_true(look(ACTION_UPDATE, &id, 300, 10000) > look(ACTION_UPDATE, &id, 3, 10000));
	assert_int_equal(look(ACTION_UPDATE, &id, WIDE - 1, 7), 7);
}

static void little_is_five_percent(void **unused)
{
	(void)unused;
	assert_true(budget_is_little(50, 1000));
	assert_false(budget_is_little(51, 1000));
	assert_false(budget_is_little(1, 0));
}

static int64_t send(bool in_requests, int64_t records, bool allow_failures, int64_t asked, int64_t batches)
{
	int64_t counted, calls = budget_send(in_requests, records, allow_failures, asked, &counted);

	assert_int_equal(counted, batches);
	return calls;
}

/* A job of 2,000, one of 50,000, then of 200,000; more careful where failures are not allowed. */
static void jobs_grow_as_the_engine_cuts_them(void **unused)
{
	(void)unused;
	assert_int_equal(send(false, 0, true, 0, 0), 0);
	assert_int_equal(send(false, 2000, true, 0, 1), 7);
	assert_int_equal(send(false, 2001, true, 0, 2), 14);
	assert_int_equal(send(false, 52000, true, 0, 6), 14);
	assert_int_equal(send(false, 1000000, true, 0, 101), 49);
	assert_int_equal(send(false, 62000, false, 0, 7), 21);
	assert_int_equal(send(false, 100, true, 10, 10), 70);
}

static void requests_take_200_records(void **unused)
{
	(void)unused;
	assert_int_equal(send(true, 200, true, 0, 0), 1);
	assert_int_equal(send(true, 201, true, 0, 0), 2);
	assert_int_equal(send(true, 201, true, 50, 0), 5);
	assert_int_equal(send(true, 201, true, 5000, 0), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_query_reads_200_records),
		cmocka_unit_test(an_action_that_changes_no_record_reads_none),
		cmocka_unit_test(many_fields_leave_less_room_for_keys),
		cmocka_unit_test(little_is_five_percent),
		cmocka_unit_test(jobs_grow_as_the_engine_cuts_them),
		cmocka_unit_test(requests_take_200_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
