/* Cells that a person changed: which records can be edited, what is sent next, what was sent. */
#include "store_fixture.h"

#include "store/edits.h"
#include "store/outcomes.h"
#include "store/retries.h"

static const struct outcome_message missing = { "REQUIRED_FIELD_MISSING",
	                                        "Required fields are missing: [LastName]", "LastName" };
static const struct outcome_message too_long = { "too_long", "longer than 80 characters: 112", "LastName" };
static const struct outcome_message lost = { "IN_DOUBT", "sent, the answer was lost", "" };

/* A run of 6: 1 written, 2 and 3 failed, 4 skipped, 5 in doubt, 6 in a planned chunk. */
static int64_t add_mixed_run(void)
{
	int64_t run = add_run(6);
	struct outcome outcomes[] = { created(1), not_written(2, OUTCOME_FAILED, &missing),
		                      not_written(3, OUTCOME_FAILED, &missing),
		                      not_written(4, OUTCOME_SKIPPED, &too_long),
		                      not_written(5, OUTCOME_IN_DOUBT, &lost) };

	settle(run, add_chunk(run, 1, 5), outcomes, 5);
	add_chunk(run, 6, 6);
	return run;
}

static struct edit edit_of(int64_t record, const char *column, const char *value)
{
	struct edit edit = { record, slice_of(column), { NULL, 0 } };

	if (value)
		edit.value = slice_of(value);
	return edit;
}

static int64_t put(int64_t run, int64_t record, const char *column, const char *value)
{
	struct edit edit = edit_of(record, column, value);
	int64_t changed;

	assert_ok(edit_put(journal, run, &edit, 1, &changed, &failure));
	return changed;
}

static void say_row(void *ctx, const struct edit_row *row)
{
	char *said = ctx;

	sprintf(said + strlen(said), "[%.*s", SLICE_ARGS(row->column));
	if (row->edited)
		sprintf(said + strlen(said), " next=%.*s", SLICE_ARGS(row->value));
	if (row->was_edited)
		sprintf(said + strlen(said), " sent=%.*s", SLICE_ARGS(row->sent));
	strcat(said, "]");
}

static const char *told(int64_t run, int64_t record)
{
	static char said[512];

	said[0] = '\0';
	assert_ok(edit_each(journal, run, record, say_row, said, &failure));
	return said;
}

static void what_is_edited_is_what_is_sent_next(void **unused)
{
	int64_t run = add_mixed_run(), other = add_mixed_run();

	(void)unused;
	assert_int_equal(the_run(run)->edits, 0);
	assert_int_equal(put(run, 2, "Last Name", "M\xc3\xbcller"), 1);
	assert_int_equal(put(run, 2, "Phone", ""), 1);
	assert_int_equal(put(run, 4, "Last Name", "Short"), 1);
	assert_string_equal(told(run, 2), "[Last Name next=M\xc3\xbcller][Phone next=]");
	assert_string_equal(told(run, 4), "[Last Name next=Short]");
	assert_string_equal(told(run, 3), "");
	assert_string_equal(told(other, 2), "");
	assert_int_equal(the_run(run)->edits, 3);
	assert_int_equal(put(run, 2, "Phone", ""), 0); /* says nothing new */
	assert_int_equal(the_run(run)->edits, 3);
	assert_int_equal(put(run, 2, "Phone", "1"), 1);
	assert_int_equal(put(run, 2, "Phone", NULL), 1);
	assert_string_equal(told(run, 2), "[Last Name next=M\xc3\xbcller]");
	assert_int_equal(put(run, 2, "Phone", NULL), 0);
}

static void refused(int64_t run, int64_t record, const char *words)
{
	struct edit edits[] = { edit_of(2, "Phone", "1"), edit_of(record, "Phone", "2") };
	int64_t changed = 5;

	assert_fails(edit_put(journal, run, edits, 2, &changed, &failure), ERR_USAGE, words);
	assert_int_equal(changed, 0);
	assert_string_equal(told(run, 2), ""); /* all or none */
}

static void only_what_is_known_not_to_be_written_can_be_edited(void **unused)
{
	int64_t run = add_mixed_run();

	(void)unused;
	refused(run, 1, "record 1 of run 1 cannot be edited: it is written");
	refused(run, 5, "record 5 of run 1 cannot be edited: it is in doubt");
	refused(run, 6, "record 6 of run 1 cannot be edited: it has not been sent yet, or is on its way");
	refused(run, 7, "record 7 of run 1 cannot be edited");
}

static void retry(int64_t run, int64_t record, int *no)
{
	struct chunk_item item = { record, record * 100 };
	struct retry_list list = { &item, 1, 50 };
	struct retry_begin begin = { .lists = &list, .count = 1, .edits = the_run(run)->edits };

	assert_ok(retry_order(journal, run, &(struct retry_wish){ 0 }, &begin.order, &failure));
	assert_ok(retry_begin(journal, run, &begin, no, &failure));
}

static void what_an_attempt_sent_stays_known(void **unused)
{
	int64_t run = add_mixed_run();
	struct outcome again = not_written(2, OUTCOME_FAILED, &missing);
	int64_t changed;
	int no;

	(void)unused;
	put(run, 2, "Phone", "first");
	put(run, 3, "Phone", "other");
	retry(run, 2, &no);
	assert_string_equal(told(run, 2), "[Phone next=first sent=first]");
	assert_string_equal(told(run, 3), "[Phone next=other]");
	assert_fails(edit_put(journal, run, &(struct edit){ 2, slice_of("Phone"), slice_of("2") }, 1, &changed,
	                      &failure),
	             ERR_USAGE, "it has not been sent yet, or is on its way");
	settle(run, no, &again, 1);
	put(run, 2, "Phone", "second");
	assert_string_equal(told(run, 2), "[Phone next=second sent=first]");
	put(run, 2, "Phone", NULL);
	assert_string_equal(told(run, 2), "[Phone sent=first]");
	retry(run, 2, &no);
	assert_string_equal(told(run, 2), "[Phone]");
}

/* The engine read the records, somebody edits one, the engine begins: it must not send what it has not read. */
static void an_edit_between_reading_and_beginning_is_seen(void **unused)
{
	int64_t run = add_mixed_run();
	struct chunk_item item = { 2, 200 };
	struct retry_list list = { &item, 1, 50 };
	struct retry_begin begin = { .lists = &list, .count = 1, .edits = the_run(run)->edits };
	int no;

	(void)unused;
	put(run, 3, "Phone", "1");
	assert_ok(retry_order(journal, run, &(struct retry_wish){ 0 }, &begin.order, &failure));
	assert_fails(retry_begin(journal, run, &begin, &no, &failure), ERR_USAGE, "edited at this very moment");
	assert_int_equal(counts_of(run).failed, 2);
}

static void records_are_left_out_for_a_reason(void **unused)
{
	int64_t run = add_mixed_run(), left_out;
	struct chunk_item items[] = { { 1, 0 }, { 2, 20 }, { 4, 40 }, { 5, 50 }, { 6, 60 } };
	struct retry_wish named = { .code = OUTCOME_BY_OPERATOR };
	struct chunk_item *picked;
	struct outcome_row row;
	struct run_event event;
	size_t count;
	bool found;

	(void)unused;
	assert_ok(outcome_leave_out(journal, run, items, 5, "sold last year", &left_out, &failure));
	assert_int_equal(left_out, 1); /* the others are written, left out, in doubt, on their way */
	assert_int_equal(counts_of(run).failed, 1);
	assert_int_equal(counts_of(run).skipped, 2);
	assert_ok(outcome_get(journal, run, 2, &row, &found, &failure));
	assert_int_equal(row.state, OUTCOME_SKIPPED);
	assert_string_equal(row.text, "sold last year");
	assert_int_equal(outcome_attempts(journal, run, 2, &row, 1, &failure), 1);
	assert_string_equal(row.code, "REQUIRED_FIELD_MISSING");
	assert_int_equal(run_log_page(journal, run, 0, &event, 1, &failure), 1);
	assert_string_equal(event.text, "1 record left out: sold last year");
	/* a retry of everything leaves it alone, one that names it does not */
	assert_ok(retry_pick(journal, run, &(struct retry_wish){ 0 }, &picked, &count, &failure));
	assert_int_equal(count, 2);
	free(picked);
	assert_ok(retry_pick(journal, run, &named, &picked, &count, &failure));
	assert_int_equal(count, 1);
	free(picked);
}

static void a_run_begins_with_edits_while_it_is_a_draft(void **unused)
{
	int64_t run = add_run(6);
	struct edit edits[] = { edit_of(5, "Phone", "1"), edit_of(2, "Phone", "2"), edit_of(5, "Phone", "3") };

	(void)unused;
	assert_fails(edit_begin(journal, run, edits, 3, &failure), ERR_USAGE, "has begun");
	assert_int_equal(the_run(run)->edits, 0);
	tamper("UPDATE runs SET state = 'draft'");
	assert_ok(edit_begin(journal, run, edits, 3, &failure));
	assert_string_equal(told(run, 5), "[Phone next=3]");
	assert_string_equal(told(run, 2), "[Phone next=2]");
	assert_int_equal(the_run(run)->edits, 1); /* so that whoever sends its records looks for them */
}

static void refused_while_unsettled(void **unused)
{
	int64_t run = add_run(2);
	struct outcome known = not_written(1, OUTCOME_FAILED, &missing);
	struct chunk_end end = { .state = "settling", .outcomes = &known, .count = 1 };
	struct edit edit = edit_of(1, "Phone", "2");
	int64_t changed;

	(void)unused;
	assert_ok(chunk_settle(journal, run, add_chunk(run, 1, 2), &end, &failure));
	assert_fails(edit_put(journal, run, &edit, 1, &changed, &failure), ERR_USAGE,
	             "it is on its way: wait for its result");
}

#define IN_JOURNAL(test) cmocka_unit_test_setup_teardown(test, make_journal, remove_state)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_JOURNAL(what_is_edited_is_what_is_sent_next),
		IN_JOURNAL(only_what_is_known_not_to_be_written_can_be_edited),
		IN_JOURNAL(what_an_attempt_sent_stays_known),
		IN_JOURNAL(an_edit_between_reading_and_beginning_is_seen),
		IN_JOURNAL(refused_while_unsettled),
		IN_JOURNAL(a_run_begins_with_edits_while_it_is_a_draft),
		IN_JOURNAL(records_are_left_out_for_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
