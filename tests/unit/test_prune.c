/* What pruning takes away, what it leaves, and which runs it never touches. Each test ends with the journal's own check. */
#include "store_fixture.h"

#include "store/ordering.h"
#include "store/prune.h"
#include "store/retries.h"

static const struct outcome_message refused = { "STRING_TOO_LONG", "Name: data value too large: Anne", "Name" };
static const struct outcome_message no_answer = { "", "the job vanished", "" };

/* A run of three records, one of them failed with its text kept, that ended now. */
static int64_t add_finished(const struct outcome_message *message, enum outcome_state third)
{
	int64_t run = add_run(3);
	struct outcome put[] = { created(1), not_written(2, OUTCOME_FAILED, message),
		                 third == OUTCOME_WRITTEN ? created(3) : not_written(3, third, &no_answer) };

	put[1].source = slice_of("Anne,Smith");
	settle(run, add_chunk(run, 1, 3), put, 3);
	assert_ok(run_set_state(journal, run, RUN_FINISHED, "", 0, NULL, &failure));
	return run;
}

static struct pruned prune(int64_t before_ms, bool values_only)
{
	struct pruned done;

	assert_ok(journal_prune(journal, before_ms, values_only, &done, &failure));
	return done;
}

static bool has_outcome(int64_t run, int64_t record)
{
	struct outcome_row row;
	bool found;

	assert_ok(outcome_get(journal, run, record, &row, &found, &failure));
	return found;
}

static size_t text_kept(int64_t run)
{
	struct buf b;
	size_t len;

	buf_init(&b, 1024);
	assert_ok(outcome_source(journal, run, 2, &b, &failure));
	len = b.len;
	buf_release(&b);
	return len;
}

/* Of 32 MB that stay, in pieces. */
static void what_stays_is_moved_within_little_memory(void **unused)
{
	enum { PIECES = 32, PIECE = 1024 * 1024, MOST = 12 * 1024 * 1024 };
	static char text[PIECE];
	int64_t gone = add_finished(&refused, OUTCOME_WRITTEN), stays = add_run(PIECES);
	struct outcome put[PIECES];

	(void)unused;
	memset(text, 'x', sizeof text);
	for (int i = 0; i < PIECES; i++) {
		put[i] = not_written(i + 1, OUTCOME_FAILED, &refused);
		put[i].source = (struct slice){ text, sizeof text };
	}
	settle(stays, add_chunk(stays, 1, PIECES), put, PIECES);
	sqlite3_memory_highwater(true);
	assert_int_equal(prune(time_ms + 1, false).runs, 1);
	assert_in_range(sqlite3_memory_highwater(false), 1, MOST);
	assert_false(has_outcome(gone, 1));
	assert_true(has_outcome(stays, PIECES));
}

static void of_a_pruned_run_its_counters_and_its_log_are_left(void **unused)
{
	int64_t run = add_finished(&refused, OUTCOME_WRITTEN);
	struct run_event events[8];
	int n;

	(void)unused;
	time_ms += 1000;
	assert_int_equal(prune(time_ms, false).runs, 1);
	assert_int_equal(counts_of(run).written, 2);
	assert_int_equal(counts_of(run).failed, 1);
	assert_int_equal(the_run(run)->pruned_ms, time_ms);
	assert_false(has_outcome(run, 1));
	assert_false(has_outcome(run, 2));
	assert_int_equal(text_kept(run), 0);
	err_init(&failure);
	n = run_log_page(journal, run, 0, events, 8, &failure);
	assert_true(n > 0);
	assert_non_null(strstr(events[n - 1].text, "pruned"));
	assert_int_equal(ask_number("SELECT count(*) FROM messages"), 0);
	assert_int_equal(ask_number("SELECT count(*) FROM forms"), 0);
	assert_int_equal(ask_number("SELECT count(*) FROM chunks"), 0);
}

static void without_values_the_outcomes_stay_and_the_texts_go(void **unused)
{
	int64_t run = add_finished(&refused, OUTCOME_WRITTEN);

	(void)unused;
	assert_int_equal(text_kept(run), 10);
	assert_int_equal(prune(time_ms + 1, true).runs, 1);
	assert_true(has_outcome(run, 1));
	assert_true(has_outcome(run, 2));
	assert_int_equal(text_kept(run), 0);
	assert_int_equal(the_run(run)->pruned_ms, 0);
	assert_int_equal(prune(time_ms + 1, true).runs, 0);
	assert_int_equal(prune(time_ms + 1, false).runs, 1);
}

static void a_younger_run_keeps_everything(void **unused)
{
	int64_t old = add_finished(&refused, OUTCOME_WRITTEN), young;

	(void)unused;
	time_ms += 1000;
	young = add_finished(&refused, OUTCOME_WRITTEN);
	assert_int_equal(prune(time_ms, false).runs, 1);
	assert_false(has_outcome(old, 2));
	assert_true(has_outcome(young, 2));
	assert_int_equal(text_kept(young), 10);
	assert_int_equal(ask_number("SELECT count(*) FROM messages"), 1);
}

static void a_run_that_waits_for_somebody_is_not_touched(void **unused)
{
	int64_t doubtful = add_finished(&refused, OUTCOME_IN_DOUBT);
	int64_t halted = add_finished(&refused, OUTCOME_WRITTEN);

	(void)unused;
	assert_ok(run_set_state(journal, halted, RUN_HALTED, "", 0, NULL, &failure));
	assert_int_equal(prune(time_ms + 1, false).runs, 0);
	assert_true(has_outcome(doubtful, 3));
	assert_true(has_outcome(halted, 1));
}

static void nothing_is_pruned_beside_an_engine(void **unused)
{
	int64_t run = add_finished(&refused, OUTCOME_WRITTEN);
	struct run_lock *lock;
	struct pruned done;
	int told[2], over[2];
	char byte = 0;
	pid_t child;

	(void)unused;
	assert_int_equal(pipe(told) + pipe(over), 0);
	child = fork();
	if (child == 0) {
		bool held = run_hold(journal, run, &lock, &failure) == ERR_OK;

		byte = held ? 'h' : '-';
		_exit(write(told[1], &byte, 1) == 1 && read(over[0], &byte, 1) == 1 ? 0 : 1);
	}
	assert_int_equal(read(told[0], &byte, 1), 1);
	assert_int_equal(byte, 'h');
	assert_fails(journal_prune(journal, time_ms + 1, false, &done, &failure), ERR_HELD,
	             "an engine works on run 1");
	assert_int_equal(write(over[1], &byte, 1), 1);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_true(has_outcome(run, 1));
}

static void a_pruned_run_is_neither_retried_nor_listed(void **unused)
{
	int64_t run = add_finished(&refused, OUTCOME_WRITTEN), order;
	struct retry_wish all = { 0 };

	(void)unused;
	prune(time_ms + 1, false);
	assert_fails(retry_order(journal, run, &all, &order, &failure), ERR_USAGE, "was pruned on");
	assert_fails(run_is_whole(the_run(run), &failure), ERR_USAGE, "run 1 was pruned on");
}

static void what_was_left_behind_by_an_interrupted_prune_goes_with_the_next(void **unused)
{
	int64_t run = add_finished(&refused, OUTCOME_WRITTEN);

	(void)unused;
	tamper("UPDATE runs SET pruned_ms = 5, kept_bytes = 0");
	assert_int_equal(prune(time_ms + 1, false).runs, 0);
	assert_false(has_outcome(run, 1));
	assert_int_equal(the_run(run)->pruned_ms, 5);
}

static void a_copy_of_standard_input_goes_with_the_last_run_of_it(void **unused)
{
	char copy[128], sql[256];
	FILE *f;

	(void)unused;
	snprintf(copy, sizeof copy, "%s", in_state("input-1.csv"));
	f = fopen(copy, "w");
	assert_non_null(f);
	fclose(f);
	add_finished(&refused, OUTCOME_WRITTEN);
	time_ms += 1000;
	add_finished(&refused, OUTCOME_WRITTEN);
	snprintf(sql, sizeof sql, "UPDATE runs SET file = '%s'", copy);
	tamper(sql);
	prune(time_ms, false);
	assert_int_equal(access(copy, F_OK), 0);
	prune(time_ms + 1, false);
	assert_int_equal(access(copy, F_OK), -1);
}

static void the_order_of_its_records_goes_with_the_last_run_of_it(void **unused)
{
	char hash[HASH_TEXT], name[HASH_TEXT + 8], sql[128];
	struct ordering *ordering;

	(void)unused;
	assert_ok(ordering_new(&ordering, &failure));
	for (int64_t record = 1; record <= 3; record++)
		assert_ok(ordering_add(ordering, record, record * 10, slice_of("same"), &failure));
	assert_ok(ordering_write(ordering, journal_state(journal), hash, &failure));
	ordering_free(ordering);
	snprintf(name, sizeof name, "order-%s", hash);
	add_finished(&refused, OUTCOME_WRITTEN);
	time_ms += 1000;
	add_finished(&refused, OUTCOME_WRITTEN);
	snprintf(sql, sizeof sql, "UPDATE runs SET order_hash = '%s'", hash);
	tamper(sql);
	prune(time_ms, false);
	assert_int_equal(access(in_state(name), F_OK), 0);
	prune(time_ms + 1, true); /* it holds no values */
	assert_int_equal(access(in_state(name), F_OK), 0);
	prune(time_ms + 1, false);
	assert_int_equal(access(in_state(name), F_OK), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_stays_is_moved_within_little_memory, make_journal,
		                                remove_state),
		cmocka_unit_test_setup_teardown(of_a_pruned_run_its_counters_and_its_log_are_left, make_journal,
		                                remove_state),
		cmocka_unit_test_setup_teardown(without_values_the_outcomes_stay_and_the_texts_go, make_journal,
		                                remove_state),
		cmocka_unit_test_setup_teardown(a_younger_run_keeps_everything, make_journal, remove_state),
		cmocka_unit_test_setup_teardown(a_run_that_waits_for_somebody_is_not_touched, make_journal,
		                                remove_state),
		cmocka_unit_test_setup_teardown(nothing_is_pruned_beside_an_engine, make_journal, remove_state),
		cmocka_unit_test_setup_teardown(a_pruned_run_is_neither_retried_nor_listed, make_journal,
		                                remove_state),
		cmocka_unit_test_setup_teardown(what_was_left_behind_by_an_interrupted_prune_goes_with_the_next,
		                                make_journal, remove_state),
		cmocka_unit_test_setup_teardown(a_copy_of_standard_input_goes_with_the_last_run_of_it,
		                                make_journal, remove_state),
		cmocka_unit_test_setup_teardown(the_order_of_its_records_goes_with_the_last_run_of_it,
		                                make_journal, remove_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
