/* What the org held before a run wrote to it: kept, found again, replaced, and counted where the record was updated. */
#include "store_fixture.h"

#include "store/old_values.h"

static const struct outcome_message refused = { "REQUIRED_FIELD_MISSING", "Required: [LastName]", "LastName" };
static const struct outcome_message lost = { "IN_DOUBT", "sent, the answer was lost", "" };

static struct outcome updated(int64_t record)
{
	struct outcome o = created(record);

	o.how = OUTCOME_UPDATED;
	return o;
}

static int64_t add_keeping_run(int64_t records)
{
	static struct run run;

	memset(&run, 0, sizeof run);
	run.state = RUN_RUNNING;
	run.counts.records = records;
	run.keep_old = true;
	assert_ok(run_add(journal, &run,
	                  &(struct run_texts){ slice_of("{}"), slice_of("layout"), slice_of(""), slice_of("") },
	                  &failure));
	return run.id;
}

static void keep(int64_t run, int64_t record, const char *id, const char *old, const char *wrote)
{
	struct old_cell cells[] = { { 0, slice_of("A\nB"), slice_of("") },
		                    { 300, slice_of(old), slice_of(wrote) } };
	struct old_record r = { record, id, cells, 2 };

	assert_ok(old_values_keep(journal, run, &r, 1, &failure));
}

static void say(void *ctx, const struct old_record *r)
{
	char *said = ctx;

	sprintf(said + strlen(said), "[%d %s", (int)r->record, r->id);
	for (size_t i = 0; i < r->count; i++)
		sprintf(said + strlen(said), " %d:%.*s>%.*s", r->cells[i].column, SLICE_ARGS(r->cells[i].old),
		        SLICE_ARGS(r->cells[i].wrote));
	strcat(said, "]");
}

struct seen {
	int64_t records[8];
	size_t count;
};

static bool see(void *ctx, int64_t record, const char *id)
{
	struct seen *seen = ctx;

	assert_int_equal(strlen(id), 18);
	seen->records[seen->count++] = record;
	return true;
}

static const char *told(int64_t run)
{
	static char said[1024];
	struct seen seen = { .count = 0 };

	said[0] = '\0';
	assert_ok(old_values_ids(journal, run, see, &seen, &failure));
	for (size_t i = 0; i < seen.count; i++)
		assert_ok(old_values_get(journal, run, seen.records[i], say, said, &failure));
	return said;
}

static void updated_records_have_them_in_the_order_of_their_numbers(void **unused)
{
	int64_t other, run = add_keeping_run(4);
	struct outcome outcomes[] = { updated(1), updated(2), not_written(3, OUTCOME_FAILED, &refused),
		                      created(4) };

	(void)unused;
	keep(run, 1, "0035g0000000009AAA", "one", "uno");
	keep(run, 2, "0035g0000000002AAA", "", "due");
	keep(run, 3, "0035g0000000003AAA", "three", "tre");
	assert_string_equal(told(run), "");
	assert_int_equal(the_run(run)->kept, 0);
	settle(run, add_chunk(run, 1, 4), outcomes, 4);
	assert_string_equal(told(run), "[1 0035g0000000009AAA 0:A\nB> 300:one>uno]"
	                               "[2 0035g0000000002AAA 0:A\nB> 300:>due]");
	assert_int_equal(the_run(run)->kept, 2);
	other = add_keeping_run(4);
	assert_string_equal(told(other), "");
}

static void what_is_read_anew_replaces_it(void **unused)
{
	int64_t run = add_keeping_run(2);
	struct outcome outcomes[] = { updated(1), updated(2) };

	(void)unused;
	keep(run, 1, "0035g0000000001AAA", "one", "uno");
	keep(run, 1, "0035g0000000001AAA", "eins", "uno");
	keep(run, 2, "0035g0000000002AAA", "two", "due");
	keep(run, 2, "", "", ""); /* it has gone */
	settle(run, add_chunk(run, 1, 2), outcomes, 2);
	assert_string_equal(told(run), "[1 0035g0000000001AAA 0:A\nB> 300:eins>uno]");
	assert_int_equal(the_run(run)->kept, 1);
}

/* The org may hold then what the run wrote. */
static void it_stays_where_the_record_was_in_doubt(void **unused)
{
	int64_t run = add_keeping_run(1);
	struct outcome doubt = not_written(1, OUTCOME_IN_DOUBT, &lost), found = updated(1);
	struct outcome failed = not_written(1, OUTCOME_FAILED, &refused);

	(void)unused;
	keep(run, 1, "0035g0000000001AAA", "one", "uno");
	settle(run, add_chunk(run, 1, 1), &doubt, 1);
	assert_ok(outcome_replace(journal, run, &failed, 1, NULL, &failure));
	keep(run, 1, "0035g0000000001AAA", "uno", "uno");
	settle(run, add_chunk(run, 1, 1), &found, 1);
	assert_string_equal(told(run), "[1 0035g0000000001AAA 0:A\nB> 300:one>uno]");
}

static void a_run_that_keeps_none_counts_none(void **unused)
{
	int64_t run = add_run(1);
	struct outcome outcome = updated(1);

	(void)unused;
	settle(run, add_chunk(run, 1, 1), &outcome, 1);
	assert_int_equal(the_run(run)->kept, 0);
}

static void damage_is_told(void **unused)
{
	int64_t run = add_keeping_run(1);
	struct outcome outcome = updated(1);
	char said[64] = "";

	(void)unused;
	keep(run, 1, "0035g0000000001AAA", "one", "uno");
	settle(run, add_chunk(run, 1, 1), &outcome, 1);
	tamper("UPDATE old_values SET cells = x'00ff'");
	assert_fails(old_values_get(journal, run, 1, say, said, &failure), ERR_JOURNAL,
	             "the old values of record 1 of run 1 cannot be read");
	tamper("UPDATE runs SET kept = 5");
	assert_fails(journal_check(journal, &failure), ERR_JOURNAL,
	             "the old values kept are not those counted");
	tamper("UPDATE runs SET kept = 1");
}

#define IN_JOURNAL(test) cmocka_unit_test_setup_teardown(test, make_journal, remove_state)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_JOURNAL(updated_records_have_them_in_the_order_of_their_numbers),
		IN_JOURNAL(what_is_read_anew_replaces_it),
		IN_JOURNAL(it_stays_where_the_record_was_in_doubt),
		IN_JOURNAL(a_run_that_keeps_none_counts_none),
		IN_JOURNAL(damage_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
