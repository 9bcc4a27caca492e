/* Orders are taken oldest first, answered once, and end with the engine they were given to. */
#include "store_fixture.h"

#include <pwd.h>

#include "store/orders.h"

static int64_t give(int64_t run, enum order_kind kind)
{
	int64_t id;

	assert_ok(order_add(journal, run, kind, &id, &failure));
	return id;
}

static bool next(int64_t run, struct order *order)
{
	bool found;

	assert_ok(order_next(journal, run, order, &found, &failure));
	return found;
}

static void orders_are_taken_oldest_first_and_only_of_their_run(void **unused)
{
	int64_t run = add_run(1), other = add_run(1), pause_it, cancel_it;
	struct order order;

	(void)unused;
	assert_false(next(run, &order));
	time_ms = 55;
	pause_it = give(run, ORDER_PAUSE_NOW);
	cancel_it = give(run, ORDER_CANCEL);
	assert_false(next(other, &order));
	assert_true(next(run, &order));
	assert_int_equal(order.id, pause_it);
	assert_int_equal(order.kind, ORDER_PAUSE_NOW);
	assert_int_equal(order.created_ms, 55);
	assert_string_equal(order.answer, "");
	assert_string_equal(order.by, getpwuid(geteuid())->pw_name);
	assert_ok(order_answer(journal, pause_it, "done", &failure));
	assert_true(next(run, &order));
	assert_int_equal(order.id, cancel_it);
	assert_int_equal(order.kind, ORDER_CANCEL);
}

static void whoever_gave_an_order_reads_its_answer(void **unused)
{
	int64_t id = give(add_run(1), ORDER_PAUSE);
	struct order order;

	(void)unused;
	assert_ok(order_get(journal, id, &order, &failure));
	assert_string_equal(order.answer, "");
	assert_ok(order_answer(journal, id, "the run has ended", &failure));
	assert_ok(order_get(journal, id, &order, &failure));
	assert_string_equal(order.answer, "the run has ended");
	assert_fails(order_get(journal, id + 1, &order, &failure), ERR_USAGE, "there is no order 2");
}

static void an_order_is_answered_once(void **unused)
{
	int64_t id = give(add_run(1), ORDER_PAUSE);
	struct order order;

	(void)unused;
	assert_fails(order_answer(journal, id, "", &failure), ERR_INTERNAL, "needs an answer");
	assert_ok(order_answer(journal, id, "done", &failure));
	assert_fails(order_answer(journal, id, "refused", &failure), ERR_INTERNAL, "order 1 is not open");
	assert_ok(order_get(journal, id, &order, &failure));
	assert_string_equal(order.answer, "done");
}

static void a_new_engine_drops_what_was_asked_of_the_one_before(void **unused)
{
	int64_t run = add_run(1), other = add_run(1), done = give(run, ORDER_PAUSE), open, elsewhere, later;
	struct order order;

	(void)unused;
	assert_ok(order_answer(journal, done, "done", &failure));
	open = give(run, ORDER_CANCEL);
	elsewhere = give(other, ORDER_CANCEL);
	assert_ok(order_tenure(journal, run, &failure));
	assert_false(next(run, &order));
	assert_ok(order_get(journal, open, &order, &failure));
	assert_string_equal(order.answer, "the engine they were given to has gone");
	assert_ok(order_get(journal, done, &order, &failure));
	assert_string_equal(order.answer, "done");
	assert_true(next(other, &order));
	assert_int_equal(order.id, elsewhere);
	later = give(run, ORDER_PAUSE);
	assert_true(next(run, &order));
	assert_int_equal(order.id, later);
}

static void an_order_for_no_run_is_refused(void **unused)
{
	int64_t id = 5;

	(void)unused;
	assert_fails(order_add(journal, 9, ORDER_PAUSE, &id, &failure), ERR_USAGE, "there is no run 9");
	assert_int_equal(id, 0);
}

static void one_that_must_not_wait_is_told_that_another_writes(void **unused)
{
	sqlite3 *other;
	int64_t run = add_run(1), order;

	(void)unused;
	journal_patience(journal, 1);
	assert_int_equal(sqlite3_open(in_state("journal.sqlite"), &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	assert_fails(order_add(journal, run, ORDER_PAUSE, &order, &failure), ERR_JOURNAL,
	             "has been locked by another program for 10 seconds");
	assert_true(journal_busy(journal));
	assert_ok(journal_still_known(journal, &failure)); /* it can be read all the same */
	assert_false(journal_busy(journal));
	sqlite3_close(other);
	assert_ok(order_add(journal, run, ORDER_PAUSE, &order, &failure));
	assert_false(journal_busy(journal));
}

#define IN_JOURNAL(test) cmocka_unit_test_setup_teardown(test, make_journal, remove_state)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_JOURNAL(orders_are_taken_oldest_first_and_only_of_their_run),
		IN_JOURNAL(whoever_gave_an_order_reads_its_answer),
		IN_JOURNAL(an_order_is_answered_once),
		IN_JOURNAL(a_new_engine_drops_what_was_asked_of_the_one_before),
		IN_JOURNAL(an_order_for_no_run_is_refused),
		IN_JOURNAL(one_that_must_not_wait_is_told_that_another_writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
