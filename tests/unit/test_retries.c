/* Which records a retry takes, and that it takes them once and whole. */
#include "store_fixture.h"

#include "base/arena.h"
#include "store/orders.h"
#include "store/outcomes.h"
#include "store/retries.h"

static const struct outcome_message missing = { "REQUIRED_FIELD_MISSING",
	                                        "Required fields are missing: [LastName]", "LastName" };
static const struct outcome_message locked = { "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access", "" };
static const struct outcome_message too_long = { "too_long", "longer than 80 characters: 112", "LastName" };
static const struct outcome_message blank = { "blank", "every cell of this record is empty", "" };
static const struct outcome_message left_out = { "operator", "left out by the operator", "" };
static const struct outcome_message written_before = { "already_written", "written by run 3", "" };
static const struct outcome_message lost = { "IN_DOUBT", "sent, the answer was lost", "" };

/* A finished run of 12 records: 1 written, 2-3 missing, 4 locked, 5 too long, 6 blank, 7 left out, 8 written before, 9 in
 * doubt, 10-12 written. */
static int64_t add_mixed_run(void)
{
	int64_t run = add_run(12);
	struct outcome outcomes[] = {
		created(1),
		not_written(2, OUTCOME_FAILED, &missing),
		not_written(3, OUTCOME_FAILED, &missing),
		not_written(4, OUTCOME_FAILED, &locked),
		not_written(5, OUTCOME_SKIPPED, &too_long),
		not_written(6, OUTCOME_SKIPPED, &blank),
		not_written(7, OUTCOME_SKIPPED, &left_out),
		not_written(8, OUTCOME_SKIPPED, &written_before),
		not_written(9, OUTCOME_IN_DOUBT, &lost),
		created(10),
		created(11),
		created(12),
	};

	settle(run, add_chunk(run, 1, 12), outcomes, 12);
	assert_ok(run_set_state(journal, run, RUN_FINISHED, "", 0, NULL, &failure));
	return run;
}

/* The records a wish means, as "2 3 4". */
static const char *picked(int64_t run, const struct retry_wish *wish)
{
	static char said[256];
	struct chunk_item *items;
	size_t count, len = 0;

	said[0] = '\0';
	assert_ok(retry_pick(journal, run, wish, &items, &count, &failure));
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(items[i].offset, items[i].record * 100);
		len += (size_t)snprintf(said + len, sizeof said - len, "%s%d", i ? " " : "",
		                        (int)items[i].record);
	}
	free(items);
	return said;
}

static void failed_and_skipped_records_are_meant_and_no_others(void **unused)
{
	int64_t run = add_mixed_run(), other = add_mixed_run();

	(void)unused;
	assert_string_equal(picked(run, &(struct retry_wish){ 0 }), "2 3 4 5");
	assert_string_equal(picked(other, &(struct retry_wish){ 0 }), "2 3 4 5");
	assert_string_equal(picked(run, &(struct retry_wish){ .code = "UNABLE_TO_LOCK_ROW" }), "4");
	assert_string_equal(picked(run, &(struct retry_wish){ .code = "operator" }), "7");
	assert_string_equal(picked(run, &(struct retry_wish){ .code = "already_written" }), "");
	assert_string_equal(picked(run, &(struct retry_wish){ .code = "blank" }), "");
	assert_string_equal(picked(run, &(struct retry_wish){ .code = "IN_DOUBT" }), "");
	assert_string_equal(picked(run, &(struct retry_wish){ .records = "1-3,5,9-" }), "2 3 5");
	assert_string_equal(
		picked(run, &(struct retry_wish){ .records = "4-5,2", .code = "REQUIRED_FIELD_MISSING" }), "2");
	assert_string_equal(picked(run, &(struct retry_wish){ .in_doubt = true }), "9");
	assert_string_equal(picked(run, &(struct retry_wish){ .in_doubt = true, .records = "1-8" }), "");
}

static void a_group_is_meant_by_its_number(void **unused)
{
	int64_t run = add_mixed_run();
	struct outcome_group groups[8];
	int n = outcome_groups(journal, run, groups, 8, &failure);

	(void)unused;
	assert_int_equal(n, 3);
	assert_string_equal(groups[0].code, "REQUIRED_FIELD_MISSING");
	assert_string_equal(picked(run, &(struct retry_wish){ .group = groups[0].id }), "2 3");
}

static void many_are_picked_in_their_order(void **unused)
{
	enum { MANY = 2500 };
	int64_t run = add_run(MANY);
	struct outcome *outcomes = calloc(MANY, sizeof *outcomes);
	struct chunk_item *items;
	size_t count;

	(void)unused;
	for (int i = 0; i < MANY; i++)
		outcomes[i] = not_written(i + 1, i % 2 ? OUTCOME_FAILED : OUTCOME_SKIPPED,
		                          i % 2 ? &missing : &too_long);
	settle(run, add_chunk(run, 1, MANY), outcomes, MANY);
	assert_ok(retry_pick(journal, run, &(struct retry_wish){ 0 }, &items, &count, &failure));
	assert_int_equal(count, MANY);
	for (int i = 0; i < MANY; i++)
		assert_int_equal(items[i].record, i + 1);
	free(items);
	free(outcomes);
}

static int64_t order_of(int64_t run, const struct retry_wish *wish)
{
	int64_t id;

	assert_ok(retry_order(journal, run, wish, &id, &failure));
	return id;
}

static void an_order_keeps_its_wish(void **unused)
{
	int64_t run = add_mixed_run(), id;
	struct retry_wish wish;
	struct order order;
	struct arena texts;

	(void)unused;
	arena_init(&texts);
	id = order_of(run, &(struct retry_wish){ 7, "STRING_TOO_LONG", "1-5,9", true });
	assert_ok(retry_wish_of(journal, id, &wish, &texts, &failure));
	assert_true(wish.group == 7 && wish.in_doubt);
	assert_string_equal(wish.code, "STRING_TOO_LONG");
	assert_string_equal(wish.records, "1-5,9");
	id = order_of(run, &(struct retry_wish){ 0 });
	assert_ok(retry_wish_of(journal, id, &wish, &texts, &failure));
	assert_true(wish.group == 0 && !wish.in_doubt && !*wish.code && !*wish.records);
	assert_ok(order_get(journal, id, &order, &failure));
	assert_int_equal(order.kind, ORDER_RETRY);
	assert_fails(retry_wish_of(journal, id + 1, &wish, &texts, &failure), ERR_USAGE, "there is no order");
	assert_fails(retry_order(journal, run, &(struct retry_wish){ .records = "3,x" }, &id, &failure),
	             ERR_USAGE, "\"x\" is no record number");
	assert_int_equal(ask_number("SELECT count(*) FROM orders"), 2);
	arena_release(&texts);
}

static const struct chunk_item two_three[] = { { 2, 200 }, { 3, 300 } };
static const struct chunk_item four[] = { { 4, 400 } };
static const struct chunk_item nine[] = { { 9, 900 } };

static void a_retry_is_one_step_from_outcomes_to_planned_chunks(void **unused)
{
	int64_t run = add_mixed_run(), order = order_of(run, &(struct retry_wish){ 0 });
	struct retry_list lists[] = { { two_three, 2, 90 }, { four, 1, 50 } };
	struct retry_begin begin = { .order = order, .lists = lists, .count = 2, .log = "3 go again" };
	struct outcome_row rows[2];
	struct order done;
	struct chunk chunk;
	bool found;
	int no;

	(void)unused;
	assert_ok(retry_begin(journal, run, &begin, &no, &failure));
	assert_int_equal(no, 2);
	chunk = chunk_of(run, 2);
	assert_true(chunk.listed && chunk.records == 2 && chunk.first == 2 && chunk.last == 3 &&
	            chunk.bytes == 90 && chunk.retry == 2);
	assert_string_equal(chunk.state, "planned");
	assert_string_equal(chunk.why, "retried");
	assert_int_equal(chunk_of(run, 3).retry, 2);
	assert_int_equal(counts_of(run).failed, 0);
	assert_int_equal(counts_of(run).to_try_again, 3);
	assert_int_equal(run_pending(&the_run(run)->counts), 3);
	assert_int_equal(the_run(run)->state, RUN_RUNNING);
	assert_int_equal(the_run(run)->attempt, 2);
	assert_string_equal(the_run(run)->back_to, "finished");
	assert_int_equal(the_run(run)->ended_ms, 0);
	assert_ok(order_get(journal, order, &done, &failure));
	assert_string_equal(done.answer, "done");
	assert_ok(outcome_get(journal, run, 2, &rows[0], &found, &failure));
	assert_false(found);
	assert_int_equal(outcome_attempts(journal, run, 2, rows, 2, &failure), 1);
	assert_string_equal(rows[0].code, "REQUIRED_FIELD_MISSING");
	assert_ok(journal_check(journal, &failure));
	assert_string_equal(picked(run, &(struct retry_wish){ 0 }), "5");
}

static void its_records_are_told_as_a_second_attempt(void **unused)
{
	int64_t run = add_mixed_run();
	struct retry_list list = { two_three, 2, 90 };
	struct retry_begin begin = { order_of(run, &(struct retry_wish){ 0 }), false, 0, &list, 1, NULL };
	struct outcome ends[] = { created(2), not_written(3, OUTCOME_FAILED, &missing) };
	struct chunk_end end = { .state = "settled",
		                 .outcomes = ends,
		                 .count = 1,
		                 .again = { { .items = &two_three[1], .count = 1, .why = "locked" } } };
	struct outcome_row row;
	bool found;
	int no;

	(void)unused;
	assert_ok(retry_begin(journal, run, &begin, &no, &failure));
	assert_ok(chunk_settle(journal, run, no, &end, &failure));
	assert_int_equal(chunk_of(run, no + 1).retry, 2); /* what goes again is still of the retry */
	settle(run, no + 1, &ends[1], 1);
	for (int record = 2; record <= 3; record++) {
		assert_ok(outcome_get(journal, run, record, &row, &found, &failure));
		assert_true(found && row.attempt == 2);
	}
	assert_int_equal(counts_of(run).to_try_again, 0);
	assert_int_equal(counts_of(run).written, 5);
}

static void refused_begin(int64_t run, const struct retry_begin *begin, const char *words)
{
	struct run_counts before = counts_of(run);
	int no;

	assert_fails(retry_begin(journal, run, begin, &no, &failure), ERR_INTERNAL, words);
	assert_int_equal(no, 0);
	assert_memory_equal(&before, &the_run(run)->counts, sizeof before);
	assert_int_equal(the_run(run)->attempt, 1);
	assert_ok(journal_check(journal, &failure));
}

static void what_may_not_go_again_changes_nothing(void **unused)
{
	static const struct chunk_item written[] = { { 3, 300 }, { 10, 1000 } };
	int64_t run = add_mixed_run(), order = order_of(run, &(struct retry_wish){ 0 });
	struct retry_list list = { written, 2, 90 };
	struct retry_begin begin = { order, false, 0, &list, 1, NULL };

	(void)unused;
	refused_begin(run, &begin, "record 10 of run 1 is written and must not go again");
	list = (struct retry_list){ nine, 1, 50 };
	refused_begin(run, &begin, "record 9 of run 1 is not failed or skipped");
	begin.in_doubt = true;
	list = (struct retry_list){ four, 1, 50 };
	refused_begin(run, &begin, "record 4 of run 1 is not in doubt");
	assert_ok(order_answer(journal, order, "refused", &failure));
	list = (struct retry_list){ nine, 1, 50 };
	refused_begin(run, &begin, "is not open");
}

static void those_in_doubt_go_when_they_are_meant(void **unused)
{
	int64_t run = add_mixed_run();
	struct retry_list list = { nine, 1, 50 };
	struct retry_begin begin = {
		order_of(run, &(struct retry_wish){ .in_doubt = true }), true, 0, &list, 1, NULL
	};
	int no;

	(void)unused;
	assert_ok(retry_begin(journal, run, &begin, &no, &failure));
	assert_int_equal(counts_of(run).in_doubt, 0);
	assert_int_equal(counts_of(run).to_try_again, 1);
}

/* Two presses of a key, or two shells: what is on its way is not taken once more. */
static void a_second_order_finds_nothing_left(void **unused)
{
	int64_t run = add_mixed_run(), first = order_of(run, &(struct retry_wish){ 0 }),
		second = order_of(run, &(struct retry_wish){ 0 });
	struct retry_list lists[] = { { two_three, 2, 90 } };
	struct retry_begin begin = { first, false, 0, lists, 1, NULL };
	int no;

	(void)unused;
	assert_ok(retry_begin(journal, run, &begin, &no, &failure));
	assert_string_equal(picked(run, &(struct retry_wish){ .code = "REQUIRED_FIELD_MISSING" }), "");
	begin.order = second;
	assert_fails(retry_begin(journal, run, &begin, &no, &failure), ERR_INTERNAL,
	             "record 2 of run 1 is not");
	assert_int_equal(the_run(run)->attempt, 2);
}

static void a_new_engine_still_has_the_retry(void **unused)
{
	int64_t run = add_mixed_run(), pause, retry;
	struct order order;
	bool found;

	(void)unused;
	assert_ok(order_add(journal, run, ORDER_PAUSE, &pause, &failure));
	retry = order_of(run, &(struct retry_wish){ 0 });
	assert_ok(order_tenure(journal, run, &failure));
	assert_ok(order_next(journal, run, &order, &found, &failure));
	assert_true(found && order.id == retry && order.kind == ORDER_RETRY);
}

static void a_retry_ends_with_the_state_that_needs_no_engine(void **unused)
{
	int64_t run = add_mixed_run();
	struct retry_list list = { four, 1, 50 };
	struct retry_begin begin = { order_of(run, &(struct retry_wish){ 0 }), false, 0, &list, 1, NULL };
	int no;

	(void)unused;
	assert_ok(run_set_state(journal, run, RUN_HALTED, "", 0, NULL, &failure));
	assert_ok(retry_begin(journal, run, &begin, &no, &failure));
	assert_string_equal(the_run(run)->back_to, "halted");
	assert_ok(run_set_state(journal, run, RUN_WAITING, "", 0, NULL, &failure));
	assert_string_equal(the_run(run)->back_to, "halted");
	assert_ok(run_set_state(journal, run, RUN_HALTED, "", 0, NULL, &failure));
	assert_string_equal(the_run(run)->back_to, "");
}

static void a_run_at_work_stays_at_work(void **unused)
{
	int64_t run = add_mixed_run();
	struct retry_list list = { four, 1, 50 };
	struct retry_begin begin = { order_of(run, &(struct retry_wish){ 0 }), false, 0, &list, 1, NULL };
	int no;

	(void)unused;
	assert_ok(run_set_state(journal, run, RUN_WAITING, "no connection", 5, NULL, &failure));
	assert_ok(retry_begin(journal, run, &begin, &no, &failure));
	assert_int_equal(the_run(run)->state, RUN_WAITING);
	assert_string_equal(the_run(run)->why, "no connection");
	assert_string_equal(the_run(run)->back_to, "");
}

static void what_is_in_an_unsettled_chunk_is_not_meant(void **unused)
{
	int64_t run = add_run(2);
	int no = add_chunk(run, 1, 2);
	struct outcome known = not_written(1, OUTCOME_FAILED, &missing);
	struct chunk_end end = { .state = "settling", .outcomes = &known, .count = 1 };

	(void)unused;
	assert_ok(chunk_settle(journal, run, no, &end, &failure));
	assert_int_equal(counts_of(run).failed, 1);
	assert_string_equal(picked(run, &(struct retry_wish){ 0 }), "");
}

#define IN_JOURNAL(test) cmocka_unit_test_setup_teardown(test, make_journal, remove_state)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_JOURNAL(failed_and_skipped_records_are_meant_and_no_others),
		IN_JOURNAL(a_group_is_meant_by_its_number),
		IN_JOURNAL(many_are_picked_in_their_order),
		IN_JOURNAL(an_order_keeps_its_wish),
		IN_JOURNAL(a_retry_is_one_step_from_outcomes_to_planned_chunks),
		IN_JOURNAL(its_records_are_told_as_a_second_attempt),
		IN_JOURNAL(what_may_not_go_again_changes_nothing),
		IN_JOURNAL(those_in_doubt_go_when_they_are_meant),
		IN_JOURNAL(a_second_order_finds_nothing_left),
		IN_JOURNAL(a_new_engine_still_has_the_retry),
		IN_JOURNAL(a_retry_ends_with_the_state_that_needs_no_engine),
		IN_JOURNAL(a_run_at_work_stays_at_work),
		IN_JOURNAL(what_is_in_an_unsettled_chunk_is_not_meant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
