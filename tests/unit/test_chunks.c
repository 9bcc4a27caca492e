/* A chunk is added, changed and settled whole or not at all, with the run's counters and cut. */
#include "store_fixture.h"

static const struct outcome_message too_long = { "STRING_TOO_LONG", "data value too large: x (max length=80)",
	                                         "LastName" };
static const struct outcome_message no_answer = { "", "no answer", "" };
static const struct outcome_message left_out = { "required", "LastName is empty", "LastName" };

static void a_cut_is_one_transaction(void **unused)
{
	int64_t run = add_run(10);
	struct chunk chunk = { .first = 1, .last = 8, .offset = 120, .records = 5, .bytes = 900 };
	struct chunk_item deferred[] = { { 3, 300 }, { 7, 700 } };
	struct outcome skipped = not_written(5, OUTCOME_SKIPPED, &left_out);
	struct chunk_cut cut = { .chunk = &chunk,
		                 .deferred = deferred,
		                 .deferred_count = 2,
		                 .deferred_bytes = 333,
		                 .skipped = &skipped,
		                 .skipped_count = 1,
		                 .cut_record = 8,
		                 .cut_offset = 999 };
	struct chunk_item *items;
	struct outcome_row row;
	struct chunk got;
	size_t count;
	bool found;
	int no;

	(void)unused;
	time_ms = 77;
	assert_ok(chunk_add(journal, run, &cut, &no, &failure));
	assert_int_equal(no, 1);
	got = chunk_of(run, 1);
	assert_string_equal(got.state, "planned");
	assert_int_equal(got.run, run);
	assert_int_equal(got.first, 1);
	assert_int_equal(got.last, 8);
	assert_int_equal(got.offset, 120);
	assert_int_equal(got.records, 5);
	assert_int_equal(got.bytes, 900);
	assert_int_equal(got.created_ms, 77);
	assert_false(got.listed);
	got = chunk_of(run, 2);
	assert_true(got.listed);
	assert_string_equal(got.why, "look-alikes");
	assert_string_equal(got.state, "planned");
	assert_int_equal(got.first, 3);
	assert_int_equal(got.last, 7);
	assert_int_equal(got.offset, 300);
	assert_int_equal(got.records, 2);
	assert_int_equal(got.bytes, 333);
	assert_ok(chunk_items(journal, run, 2, &items, &count, &failure));
	assert_int_equal(count, 2);
	assert_memory_equal(items, deferred, sizeof deferred);
	free(items);
	assert_ok(outcome_get(journal, run, 5, &row, &found, &failure));
	assert_true(found);
	assert_int_equal(row.state, OUTCOME_SKIPPED);
	assert_int_equal(the_run(run)->cut_record, 8);
	assert_int_equal(the_run(run)->cut_offset, 999);
	assert_int_equal(counts_of(run).skipped, 1);
	assert_int_equal(counts_of(run).to_try_again, 0); /* look-alikes were never sent */
}

static void a_stretch_may_be_left_out_whole(void **unused)
{
	int64_t run = add_run(10);
	struct outcome skipped[] = { not_written(1, OUTCOME_SKIPPED, &left_out),
		                     not_written(2, OUTCOME_SKIPPED, &left_out) };
	struct chunk_cut cut = { .skipped = skipped, .skipped_count = 2, .cut_record = 2, .cut_offset = 50 };
	struct chunk none;
	int no = 9;

	(void)unused;
	assert_ok(chunk_add(journal, run, &cut, &no, &failure));
	assert_int_equal(no, 0);
	assert_int_equal(chunk_page(journal, run, 0, false, &none, 1, &failure), 0);
	assert_int_equal(the_run(run)->cut_record, 2);
	assert_int_equal(run_pending(&the_run(run)->counts), 8);
}

/* More outcomes than records: the last one is refused, and with it all of its transaction. */
static void what_fails_half_way_leaves_nothing(void **unused)
{
	int64_t run = add_run(3);
	struct outcome many[] = { created(1), created(2), not_written(3, OUTCOME_FAILED, &too_long),
		                  created(4) };
	struct chunk_end end = { .state = "settled", .outcomes = many, .count = 4, .log = "settled" };
	struct chunk_cut cut = { .skipped = many, .skipped_count = 4, .cut_record = 4, .cut_offset = 50 };
	struct run_event event;
	int no = add_chunk(run, 1, 3);

	(void)unused;
	err_init(&failure);
	assert_int_not_equal(chunk_settle(journal, run, no, &end, &failure), ERR_OK);
	err_init(&failure);
	assert_int_not_equal(chunk_add(journal, run, &cut, &no, &failure), ERR_OK);
	assert_int_equal(no, 0);
	assert_string_equal(chunk_of(run, 1).state, "planned");
	assert_int_equal(run_pending(&the_run(run)->counts), 3);
	assert_int_equal(the_run(run)->cut_record, 3);
	assert_int_equal(run_log_page(journal, run, 0, &event, 1, &failure), 0);
	assert_int_equal(ask_number("SELECT (SELECT count(*) FROM outcomes) + (SELECT count(*) FROM unwritten)"
	                            " + (SELECT count(*) FROM messages) + (SELECT count(*) FROM teams)"),
	                 0);
}

static void a_change_touches_only_what_it_names(void **unused)
{
	int64_t run = add_run(10);
	struct chunk_change sent = { .state = "building", .job = "750000000000001AAA", .intent_ms = 5000 };
	struct chunk_change closing = { .state = "closing", .log = "closing job 1" };
	struct run_event event;
	struct chunk got;
	int no = add_chunk(run, 1, 10);

	(void)unused;
	assert_ok(chunk_set(journal, run, no, &sent, &failure));
	time_ms = 88;
	assert_ok(chunk_set(journal, run, no, &closing, &failure));
	got = chunk_of(run, no);
	assert_string_equal(got.state, "closing");
	assert_string_equal(got.job, "750000000000001AAA");
	assert_int_equal(got.intent_ms, 5000);
	assert_int_equal(got.closed_ms, 88);
	assert_int_equal(run_log_page(journal, run, 0, &event, 1, &failure), 1);
	assert_string_equal(event.text, "closing job 1");
	assert_fails(chunk_set(journal, run, 7, &closing, &failure), ERR_INTERNAL,
	             "there is no chunk 7 in run 1");
	assert_int_equal(run_log_page(journal, run, event.id, &event, 1, &failure), 0);
}

static void every_job_a_chunk_ever_had_is_kept(void **unused)
{
	int64_t run = add_run(10), other = add_run(10);
	struct chunk_change first = { .job = "750000000000001AAA" }, second = { .job = "750000000000002AAA" };
	struct chunk_change forget = { .state = "planned", .job = "" };
	struct chunk_job jobs[4];
	int no = add_chunk(run, 1, 10), theirs = add_chunk(other, 1, 10);

	(void)unused;
	assert_ok(chunk_set(journal, run, no, &first, &failure));
	assert_ok(chunk_seen(journal, run, no, "Aborted", 3, 1, &failure));
	assert_int_equal(chunk_of(run, no).job_processed, 3);
	assert_int_equal(chunk_of(run, no).job_failed, 1);
	assert_ok(chunk_set(journal, other, theirs, &second, &failure));
	assert_ok(chunk_set(journal, run, no, &forget, &failure));
	assert_string_equal(chunk_of(run, no).job, "");
	assert_int_equal(chunk_of(run, no).job_processed, 0);
	assert_ok(chunk_set(journal, run, no, &second, &failure));
	assert_ok(chunk_set(journal, run, no, &second, &failure)); /* said twice, kept once */
	assert_ok(chunk_seen(journal, run, no, "InProgress", 0, 0, &failure));
	assert_int_equal(chunk_jobs(journal, run, 0, jobs, 4, &failure), 2);
	assert_string_equal(jobs[0].id, "750000000000001AAA");
	assert_string_equal(jobs[0].state, "Aborted");
	assert_int_equal(jobs[0].chunk, no);
	assert_int_equal(jobs[0].records, 10);
	assert_string_equal(jobs[1].id, "750000000000002AAA");
	assert_string_equal(jobs[1].state, "InProgress");
	assert_string_equal(chunk_of(run, no).job_state, "InProgress");
	assert_int_equal(chunk_jobs(journal, run, jobs[0].no, jobs, 4, &failure), 1);
	assert_string_equal(jobs[0].id, "750000000000002AAA");
	assert_int_equal(chunk_jobs(journal, other, 0, jobs, 4, &failure), 1);
	assert_string_equal(jobs[0].state, "");
}

static void a_poll_that_saw_nothing_new_writes_nothing(void **unused)
{
	int64_t run = add_run(10), before;
	struct journal *reader;
	int no = add_chunk(run, 1, 10);

	(void)unused;
	assert_ok(journal_open(&reader, state, NULL, JOURNAL_READ, &test_clock, &failure));
	assert_ok(chunk_seen(journal, run, no, "InProgress", 5, 0, &failure));
	before = journal_changes(reader);
	assert_ok(chunk_seen(journal, run, no, "InProgress", 5, 0, &failure));
	assert_int_equal(journal_changes(reader), before);
	assert_ok(chunk_seen(journal, run, no, "InProgress", 6, 0, &failure));
	assert_int_not_equal(journal_changes(reader), before);
	journal_close(reader);
}

static void prints_come_back_and_go_when_settled(void **unused)
{
	enum { COUNT = 1000 };
	int64_t run = add_run(INT64_C(1) << 39);
	struct chunk_print *prints = calloc(COUNT, sizeof *prints), *back;
	struct chunk_change change = { .state = "building", .prints = prints, .print_count = COUNT };
	struct chunk_end settling = { .state = "settling" }, settled = { .state = "settled" };
	size_t count;
	int no = add_chunk(run, 1, 5000);

	(void)unused;
	for (int i = 0; i < COUNT; i++)
		prints[i] = (struct chunk_print){ 1 + i * (i < 500 ? 1 : 3), (int64_t)i * i * 5000000,
			                          ~(uint64_t)i << 30, (uint64_t)i * 0x9e3779b97f4a7c15 };
	assert_ok(chunk_prints(journal, run, no, &back, &count, &failure));
	assert_null(back);
	assert_int_equal(count, 0);
	assert_ok(chunk_set(journal, run, no, &change, &failure));
	assert_ok(chunk_set(journal, run, no, &(struct chunk_change){ .state = "closing" }, &failure));
	assert_ok(chunk_settle(journal, run, no, &settling, &failure));
	assert_ok(chunk_prints(journal, run, no, &back, &count, &failure));
	assert_int_equal(count, COUNT);
	assert_memory_equal(back, prints, COUNT * sizeof *prints);
	free(back);
	assert_true(ask_number("SELECT length(hashes) + length(places) FROM chunk_prints") < COUNT * 24);
	change.print_count = 2; /* built anew */
	assert_ok(chunk_set(journal, run, no, &change, &failure));
	assert_ok(chunk_prints(journal, run, no, &back, &count, &failure));
	assert_int_equal(count, 2);
	free(back);
	assert_ok(chunk_settle(journal, run, no, &settled, &failure));
	assert_ok(chunk_prints(journal, run, no, &back, &count, &failure));
	assert_int_equal(count, 0);
	assert_int_equal(ask_number("SELECT count(*) FROM chunk_prints"), 0);
	free(prints);
}

static void a_list_keeps_any_order(void **unused)
{
	static const struct chunk_item items[] = {
		{ 9, 5000000000 }, { 1, 0 }, { (INT64_C(1) << 39), INT64_MAX / 2 }, { 2, 7 }
	};
	int64_t run = add_run(INT64_C(1) << 40);
	struct chunk_cut cut = { .deferred = items, .deferred_count = 4 };
	struct chunk_item *back;
	size_t count;
	int no;

	(void)unused;
	assert_ok(chunk_add(journal, run, &cut, &no, &failure));
	assert_ok(chunk_items(journal, run, 1, &back, &count, &failure));
	assert_int_equal(count, 4);
	assert_memory_equal(back, items, sizeof items);
	free(back);
}

static void a_settled_chunk_counts_for_the_run_and_for_itself(void **unused)
{
	int64_t run = add_run(10);
	struct outcome mixed[] = { created(1), created(2), not_written(3, OUTCOME_FAILED, &too_long),
		                   not_written(4, OUTCOME_IN_DOUBT, &no_answer), created(5) };
	struct chunk_end end = {
		.state = "settled", .outcomes = mixed, .count = 5, .log = "chunk 1: 3 written"
	};
	int no = add_chunk(run, 1, 5);
	struct run_event event;
	struct run_counts c;
	struct chunk got;

	(void)unused;
	mixed[1].how = OUTCOME_UPDATED;
	mixed[4].how = OUTCOME_DELETED;
	time_ms = 99;
	assert_ok(chunk_settle(journal, run, no, &end, &failure));
	c = counts_of(run);
	assert_int_equal(c.written, 3);
	assert_int_equal(c.created, 1);
	assert_int_equal(c.updated, 1);
	assert_int_equal(c.deleted, 1);
	assert_int_equal(c.failed, 1);
	assert_int_equal(c.in_doubt, 1);
	assert_int_equal(run_pending(&c), 5);
	got = chunk_of(run, no);
	assert_string_equal(got.state, "settled");
	assert_int_equal(got.written, 3);
	assert_int_equal(got.failed, 1);
	assert_int_equal(got.in_doubt, 1);
	assert_int_equal(got.settled_ms, 99);
	assert_int_equal(run_log_page(journal, run, 0, &event, 1, &failure), 1);
	assert_string_equal(event.text, "chunk 1: 3 written");
}

static void what_goes_again_is_a_chunk_of_its_own(void **unused)
{
	int64_t run = add_run(10);
	struct outcome first = created(1), late = created(2);
	struct chunk_item again[] = { { 2, 200 }, { 3, 300 } };
	int no = add_chunk(run, 1, 3), next;
	struct chunk_end end = {
		.state = "settled",
		.outcomes = &first,
		.count = 1,
		.again = { { .items = again,
		             .count = 2,
		             .tries = 1,
		             .not_before_ms = 60000,
		             .why = "locked" } },
		.again_no = &next,
	};
	struct chunk_end settling = { .state = "settling", .outcomes = &late, .count = 1 };
	struct chunk_item *items;
	struct chunk got;
	size_t count;

	(void)unused;
	assert_ok(chunk_settle(journal, run, no, &end, &failure));
	assert_int_equal(next, 2);
	got = chunk_of(run, next);
	assert_string_equal(got.state, "planned");
	assert_string_equal(got.why, "locked");
	assert_true(got.listed);
	assert_int_equal(got.records, 2);
	assert_int_equal(got.tries, 1);
	assert_int_equal(got.not_before_ms, 60000);
	assert_ok(chunk_items(journal, run, next, &items, &count, &failure));
	assert_int_equal(count, 2);
	assert_memory_equal(items, again, sizeof again);
	free(items);
	assert_int_equal(counts_of(run).to_try_again, 2);
	assert_int_equal(run_pending(&the_run(run)->counts), 9);
	/* one of them is known before the chunk is settled */
	assert_ok(chunk_settle(journal, run, next, &settling, &failure));
	assert_int_equal(counts_of(run).to_try_again, 1);
	settle(run, next, NULL, 0);
	assert_int_equal(counts_of(run).to_try_again, 0);
	assert_int_equal(run_pending(&the_run(run)->counts), 8);
}

/* All records of the run wait: the counters must fit at every step of the transaction. */
static void what_is_refused_as_a_whole_goes_in_halves(void **unused)
{
	int64_t run = add_run(3);
	struct chunk_item again[] = { { 1, 100 }, { 2, 200 }, { 3, 300 } };
	int no = add_chunk(run, 1, 3), first;
	struct chunk_end end = { .state = "settled",
		                 .again = { { .items = again, .count = 3, .piece = 2, .why = "halved" } },
		                 .again_no = &first };
	struct chunk_item *items;
	size_t count;

	(void)unused;
	assert_ok(chunk_settle(journal, run, no, &end, &failure));
	assert_string_equal(chunk_of(run, no).state, "settled");
	assert_int_equal(chunk_of(run, first).records, 2);
	assert_int_equal(chunk_of(run, first + 1).records, 1);
	assert_ok(chunk_items(journal, run, first, &items, &count, &failure));
	assert_int_equal(count, 2);
	assert_memory_equal(items, again, 2 * sizeof *items);
	free(items);
	assert_int_equal(run_pending(&the_run(run)->counts), 3);
	assert_int_equal(counts_of(run).to_try_again, 0);
}

static void what_was_locked_and_what_was_not_processed_go_apart(void **unused)
{
	int64_t run = add_run(5);
	struct chunk_item unprocessed[] = { { 1, 100 }, { 4, 400 } },
			  locked[] = { { 2, 200 }, { 3, 300 }, { 5, 500 } };
	int no = add_chunk(run, 1, 5), first;
	struct chunk_end end = {
		.state = "settled",
		.again = { { .items = unprocessed, .count = 2, .why = "unprocessed" },
		           { .items = locked, .count = 3, .piece = 1, .tries = 3, .why = "locked" } },
		.again_no = &first
	};

	(void)unused;
	assert_ok(chunk_settle(journal, run, no, &end, &failure));
	assert_int_equal(first, no + 1);
	assert_int_equal(chunk_of(run, first).records, 2);
	assert_string_equal(chunk_of(run, first).why, "unprocessed");
	assert_int_equal(chunk_of(run, first).tries, 0);
	for (int i = 1; i <= 3; i++) {
		assert_int_equal(chunk_of(run, first + i).records, 1);
		assert_int_equal(chunk_of(run, first + i).first, locked[i - 1].record);
		assert_int_equal(chunk_of(run, first + i).tries, 3);
	}
	assert_int_equal(counts_of(run).to_try_again, 5);
}

static void the_last_records_may_all_have_waited(void **unused)
{
	int64_t run = add_run(2);
	struct outcome both[] = { created(1), not_written(2, OUTCOME_FAILED, &too_long) };
	struct chunk_item again[] = { { 1, 100 }, { 2, 200 } };
	struct chunk_end end = { .state = "settled",
		                 .again = { { .items = again, .count = 2, .why = "unprocessed" } } };

	(void)unused;
	assert_ok(chunk_settle(journal, run, add_chunk(run, 1, 2), &end, &failure));
	assert_int_equal(counts_of(run).to_try_again, 2);
	assert_ok(chunk_settle(journal, run, 2, &end, &failure));
	assert_int_equal(counts_of(run).to_try_again, 2);
	settle(run, 3, both, 2);
	assert_int_equal(counts_of(run).to_try_again, 0);
	assert_int_equal(run_pending(&the_run(run)->counts), 0);
}

static void what_may_have_been_written_never_goes_again(void **unused)
{
	int64_t run = add_run(10);
	struct outcome first = created(1);
	struct chunk_item again = { 1, 100 };
	struct chunk_end end = { .state = "settled",
		                 .outcomes = &first,
		                 .count = 1,
		                 .again = { { .items = &again, .count = 1, .why = "locked" } } };
	int no = add_chunk(run, 1, 3);

	(void)unused;
	assert_fails(chunk_settle(journal, run, no, &end, &failure), ERR_INTERNAL,
	             "record 1 of run 1 is written");
	end.count = 0;
	end.state = "settling"; /* its records may be in the org: they cannot be in another chunk as well */
	assert_fails(chunk_settle(journal, run, no, &end, &failure), ERR_INTERNAL, "is not settled");
	assert_string_equal(chunk_of(run, no).state, "planned");
	assert_int_equal(run_pending(&the_run(run)->counts), 10);
}

static void chunks_come_in_pages_and_unsettled_ones_alone(void **unused)
{
	int64_t run = add_run(100);
	struct chunk page[3];

	(void)unused;
	for (int i = 0; i < 6; i++)
		add_chunk(run, i * 10 + 1, i * 10 + 10);
	settle(run, 2, NULL, 0);
	settle(run, 3, NULL, 0);
	assert_int_equal(chunk_page(journal, run, 0, true, page, 3, &failure), 3);
	assert_int_equal(page[0].no, 1);
	assert_int_equal(page[1].no, 4);
	assert_int_equal(page[2].no, 5);
	assert_int_equal(chunk_page(journal, run, 5, true, page, 3, &failure), 1);
	assert_int_equal(page[0].no, 6);
	assert_int_equal(chunk_page(journal, run, 1, false, page, 3, &failure), 3);
	assert_int_equal(page[0].no, 2);
}

#define IN_JOURNAL(test) cmocka_unit_test_setup_teardown(test, make_journal, remove_state)

/* A run with an order of its own. */
static void a_cut_may_be_a_list_in_any_order(void **unused)
{
	int64_t run = add_run(9);
	struct chunk_item items[] = { { 7, 700 }, { 2, 200 }, { 9, 900 } }, *read;
	struct chunk chunk = { .records = 3, .bytes = 99, .why = "ordered" };
	struct chunk_cut cut = { .chunk = &chunk, .items = items, .cut_record = 3 };
	size_t count;
	int no;

	(void)unused;
	assert_ok(chunk_add(journal, run, &cut, &no, &failure));
	chunk = chunk_of(run, no);
	assert_true(chunk.listed && chunk.first == 2 && chunk.last == 9 && chunk.records == 3);
	assert_string_equal(chunk.why, "ordered");
	assert_ok(chunk_items(journal, run, no, &read, &count, &failure));
	assert_int_equal(count, 3);
	assert_memory_equal(read, items, sizeof items);
	free(read);
	assert_int_equal(the_run(run)->cut_record, 3);
	assert_int_equal(counts_of(run).to_try_again, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_JOURNAL(a_cut_may_be_a_list_in_any_order),
		IN_JOURNAL(a_cut_is_one_transaction),
		IN_JOURNAL(a_stretch_may_be_left_out_whole),
		IN_JOURNAL(what_fails_half_way_leaves_nothing),
		IN_JOURNAL(a_change_touches_only_what_it_names),
		IN_JOURNAL(every_job_a_chunk_ever_had_is_kept),
		IN_JOURNAL(a_poll_that_saw_nothing_new_writes_nothing),
		IN_JOURNAL(prints_come_back_and_go_when_settled),
		IN_JOURNAL(a_list_keeps_any_order),
		IN_JOURNAL(a_settled_chunk_counts_for_the_run_and_for_itself),
		IN_JOURNAL(what_goes_again_is_a_chunk_of_its_own),
		IN_JOURNAL(what_is_refused_as_a_whole_goes_in_halves),
		IN_JOURNAL(what_was_locked_and_what_was_not_processed_go_apart),
		IN_JOURNAL(the_last_records_may_all_have_waited),
		IN_JOURNAL(what_may_have_been_written_never_goes_again),
		IN_JOURNAL(chunks_come_in_pages_and_unsettled_ones_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
