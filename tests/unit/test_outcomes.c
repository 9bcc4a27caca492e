/* What became of each record: told exactly, replaced without loss, grouped, and read by pages. */
#include "store_fixture.h"

#include "base/arena.h"

static const struct outcome_message too_long = { "STRING_TOO_LONG",
	                                         "Name: data value too large: Anne (max length=2)", "Name" };
static const struct outcome_message too_long_too = { "STRING_TOO_LONG",
	                                             "Name: data value too large: Bernadette (max length=2)",
	                                             "Name" };
static const struct outcome_message required = { "REQUIRED_FIELD_MISSING",
	                                         "Required fields are missing: [LastName]", "LastName" };
static const struct outcome_message no_answer = { "", "the job vanished", "" };
static const struct outcome_message blank = { "blank", "every cell of this record is empty", "" };
static const struct outcome_message empty_name = { "required", "LastName is empty", "LastName" };

static struct outcome_row get(int64_t run, int64_t record)
{
	struct outcome_row row;
	bool found;

	assert_ok(outcome_get(journal, run, record, &row, &found, &failure));
	assert_true(found);
	return row;
}

static bool is_pending(int64_t run, int64_t record)
{
	struct outcome_row row;
	bool found;

	assert_ok(outcome_get(journal, run, record, &row, &found, &failure));
	return !found;
}

static int page(int64_t run, int64_t after, enum outcome_state which, struct outcome_row *rows, int room)
{
	int n;

	err_init(&failure);
	n = outcome_page(journal, run, after, which, rows, room, &failure);
	if (n < 0)
		fail_msg("%s", failure.text);
	return n;
}

static int groups_of(int64_t run, struct outcome_group *groups, int room)
{
	int n;

	err_init(&failure);
	n = outcome_groups(journal, run, groups, room, &failure);
	if (n < 0)
		fail_msg("%s", failure.text);
	return n;
}

static void every_member_of_an_outcome_comes_back(void **unused)
{
	int64_t run = add_run(10);
	struct outcome put[] = { created(1), not_written(2, OUTCOME_FAILED, &too_long),
		                 not_written(3, OUTCOME_IN_DOUBT, &no_answer), created(4) };
	struct outcome_row row;

	(void)unused;
	put[0].offset = INT64_C(123456789012);
	put[3].how = OUTCOME_UPDATED;
	settle(run, add_chunk(run, 1, 4), put, 4);
	row = get(run, 1);
	assert_int_equal(row.record, 1);
	assert_int_equal(row.state, OUTCOME_WRITTEN);
	assert_int_equal(row.how, OUTCOME_CREATED);
	assert_int_equal(row.offset, INT64_C(123456789012));
	assert_int_equal(row.attempt, 1);
	assert_string_equal(row.code, "");
	assert_string_equal(row.text, "");
	row = get(run, 2);
	assert_int_equal(row.state, OUTCOME_FAILED);
	assert_string_equal(row.code, "STRING_TOO_LONG");
	assert_string_equal(row.text, too_long.text);
	assert_string_equal(row.fields, "Name");
	assert_string_equal(row.id, "");
	assert_int_equal(get(run, 3).state, OUTCOME_IN_DOUBT);
	assert_int_equal(get(run, 4).how, OUTCOME_UPDATED);
	assert_true(is_pending(run, 5));
	assert_true(is_pending(run + 1, 1));
	assert_string_equal(outcome_state_name(OUTCOME_IN_DOUBT), "in_doubt");
}

/* The 18 characters of an id are its 15 and a checksum of the capitals (Salesforce's own rule). */
static void ids_come_back_with_eighteen_characters(void **unused)
{
	static const char *const ids[][2] = {
		{ "0035g00000AbCdE", "0035g00000AbCdEAAV" },
		{ "0035g00000AbCdEAAV", "0035g00000AbCdEAAV" },
		{ "001A0000006Vm9r", "001A0000006Vm9rIAC" },    /* of another object than the run's first */
		{ "0035g00000AbCdEAAA", "0035g00000AbCdEAAA" }, /* no such checksum: kept as it came */
		{ "0035g0000012", "0035g0000012" },
		{ "5g00000AbCdE", "5g00000AbCdE" },
		{ "a-b", "a-b" },
		{ "", "" },
	};
	enum { COUNT = sizeof ids / sizeof ids[0] };
	int64_t run = add_run(COUNT);
	struct outcome put[COUNT];

	(void)unused;
	for (int i = 0; i < COUNT; i++) {
		put[i] = created(i + 1);
		snprintf(put[i].id, sizeof put[i].id, "%s", ids[i][0]);
	}
	settle(run, add_chunk(run, 1, COUNT), put, COUNT);
	for (int i = 0; i < COUNT; i++)
		assert_string_equal(get(run, i + 1).id, ids[i][1]);
	assert_string_equal(put[0].id, ids[0][0]);
}

/* The view for people must name the same states and ids as the API. */
static void the_shell_reads_the_same(void **unused)
{
	int64_t run = add_run(3);
	struct outcome put[] = { created(1), not_written(2, OUTCOME_FAILED, &required) };

	(void)unused;
	settle(run, add_chunk(run, 1, 2), put, 2);
	assert_int_equal(
		ask_number("SELECT count(*) FROM records WHERE run = 1 AND record = 1 AND state = 'written'"
	                   " AND how = 'created' AND id = '0035g0000000001'"),
		1);
	assert_int_equal(
		ask_number("SELECT count(*) FROM records WHERE record = 2 AND state = 'failed' AND id IS NULL"
	                   " AND code = 'REQUIRED_FIELD_MISSING' AND fields = 'LastName'"),
		1);
}

static void texts_longer_than_their_place_end_at_a_character(void **unused)
{
	static char text[3000], fields[1000];
	struct outcome_message m = { "CODE", text, fields };
	int64_t run = add_run(1);
	struct outcome put = not_written(1, OUTCOME_FAILED, &m);
	struct outcome_row row;

	(void)unused;
	text[0] = 'x';
	for (size_t i = 1; i + 2 < sizeof text; i += 2)
		memcpy(text + i, "é", 2);
	memset(fields, 'f', sizeof fields - 1);
	settle(run, add_chunk(run, 1, 1), &put, 1);
	row = get(run, 1);
	assert_int_equal(strlen(row.text), 1023);
	assert_memory_equal(row.text, text, 1023);
	assert_int_equal(strlen(row.fields), 255);
	assert_int_equal(ask_number("SELECT length(CAST(text AS BLOB)) FROM messages"), (int64_t)strlen(text));
}

static void pages_follow_the_records_whatever_the_order_they_came_in(void **unused)
{
	int64_t run = add_run(100), other = add_run(100);
	struct outcome put[40];
	struct outcome_row rows[7];
	int64_t after = 0, seen = 0, failed = 0;
	int n;

	(void)unused;
	for (int i = 0; i < 40; i++) {
		int64_t record = 1 + (i * 17) % 40;

		put[i] = record % 5 ? created(record) : not_written(record, OUTCOME_FAILED, &required);
	}
	settle(run, add_chunk(run, 1, 40), put, 40);
	settle(other, add_chunk(other, 1, 40), put, 40);
	while ((n = page(run, after, 0, rows, 7)) > 0) {
		for (int i = 0; i < n; i++)
			assert_int_equal(rows[i].record, ++seen);
		after = rows[n - 1].record;
	}
	assert_int_equal(seen, 40);
	for (after = 0; (n = page(run, after, OUTCOME_FAILED, rows, 3)) > 0; after = rows[n - 1].record)
		for (int i = 0; i < n; i++)
			assert_int_equal(rows[i].record, 5 * ++failed);
	assert_int_equal(failed, 8);
	assert_int_equal(page(run, 4, OUTCOME_WRITTEN, rows, 2), 2);
	assert_int_equal(rows[0].record, 6);
	assert_int_equal(page(run, 0, OUTCOME_IN_DOUBT, rows, 7), 0);
	assert_int_equal(page(run, 40, 0, rows, 7), 0);
}

static void like_messages_make_one_group_with_its_records(void **unused)
{
	int64_t run = add_run(100), other = add_run(100);
	struct outcome put[] = { not_written(1, OUTCOME_FAILED, &required),
		                 not_written(2, OUTCOME_FAILED, &too_long),
		                 created(3),
		                 not_written(4, OUTCOME_FAILED, &too_long_too),
		                 not_written(5, OUTCOME_IN_DOUBT, &no_answer),
		                 not_written(6, OUTCOME_FAILED, &too_long),
		                 not_written(7, OUTCOME_IN_DOUBT, &required) };
	struct outcome_group groups[9];
	struct outcome_row rows[9];

	(void)unused;
	settle(run, add_chunk(run, 1, 7), put, 7);
	settle(other, add_chunk(other, 1, 7), put, 2);
	assert_int_equal(groups_of(run, groups, 9), 4);
	assert_int_equal(groups[0].count, 3);
	assert_int_equal(groups[0].state, OUTCOME_FAILED);
	assert_string_equal(groups[0].code, "STRING_TOO_LONG");
	assert_string_equal(groups[0].fields, "Name");
	assert_int_equal(groups[0].example_record, 2);
	assert_string_equal(groups[0].text, too_long.text);
	assert_int_equal(outcome_group_page(journal, run, groups[0].id, 0, rows, 2, &failure), 2);
	assert_int_equal(rows[0].record, 2);
	assert_int_equal(rows[1].record, 4);
	assert_string_equal(rows[1].text, too_long_too.text);
	assert_int_equal(outcome_group_page(journal, run, groups[0].id, 4, rows, 9, &failure), 1);
	assert_int_equal(rows[0].record, 6);
	assert_int_equal(outcome_group_page(journal, other, groups[0].id, 0, rows, 9, &failure), 0);
	/* the same message is another group in another state */
	for (int i = 1; i < 4; i++)
		assert_int_equal(groups[i].count, 1);
	assert_int_equal(groups_of(run, groups, 2), 2);
	assert_int_equal(groups_of(other, groups, 9), 2);
}

static void each_message_is_stored_once(void **unused)
{
	char text[64];
	struct outcome_message same[2] = { { "CODE", text, "F" }, { "CODE", "the text", "F" } };
	struct outcome_message others[3] = { { "CODE", "the text", "G" },
		                             { "OTHER", "the text", "F" },
		                             { "CODE", "", "F" } };
	int64_t run = add_run(100);
	struct outcome put[5];
	struct outcome_group groups[9];

	(void)unused;
	snprintf(text, sizeof text, "the text");
	for (int i = 0; i < 5; i++)
		put[i] = not_written(i + 1, OUTCOME_FAILED, i < 2 ? &same[i] : &others[i - 2]);
	settle(run, add_chunk(run, 1, 5), put, 5);
	for (int i = 0; i < 5; i++)
		put[i].record += 5;
	settle(run, add_chunk(run, 6, 10), put, 5);
	assert_int_equal(ask_number("SELECT count(*) FROM messages"), 4);
	assert_int_equal(groups_of(run, groups, 9), 4);
	assert_int_equal(groups[0].count, 4);
}

/* More kinds of message and more groups than any cache holds. */
static void counts_are_exact_with_very_many_messages(void **unused)
{
	enum { RECORDS = 9000, KINDS = 3000 };
	int64_t run = add_run(RECORDS);
	struct outcome_message *messages = calloc(KINDS, sizeof *messages);
	struct outcome *put = calloc(RECORDS, sizeof *put);
	struct outcome_group *groups = calloc(KINDS + 1, sizeof *groups);
	struct arena texts;

	(void)unused;
	arena_init(&texts);
	for (int i = 0; i < KINDS; i++) {
		char text[64];

		/* a word of letters, so that each is a form of its own */
		snprintf(text, sizeof text, "kind %c%c%c", 'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676);
		messages[i] = (struct outcome_message){ "CODE", arena_text(&texts, text), "" };
	}
	for (int i = 0; i < RECORDS; i++)
		put[i] = not_written(i + 1, OUTCOME_FAILED, &messages[(i * 7) % KINDS]);
	settle(run, add_chunk(run, 1, RECORDS), put, RECORDS);
	assert_int_equal(groups_of(run, groups, KINDS + 1), KINDS);
	for (int i = 0; i < KINDS; i++)
		assert_int_equal(groups[i].count, RECORDS / KINDS);
	assert_ok(journal_check(journal, &failure));
	arena_release(&texts);
	free(messages);
	free(put);
	free(groups);
}

static void left_out_records_are_counted_by_reason(void **unused)
{
	int64_t run = add_run(10);
	struct outcome skipped[] = { not_written(1, OUTCOME_SKIPPED, &blank),
		                     not_written(2, OUTCOME_SKIPPED, &empty_name),
		                     not_written(3, OUTCOME_SKIPPED, &empty_name) };
	struct chunk_cut cut = { .skipped = skipped, .skipped_count = 3, .cut_record = 3 };
	struct outcome_reason reasons[3];
	struct outcome_group none[1];
	struct outcome_row rows[3];
	int no;

	(void)unused;
	assert_ok(chunk_add(journal, run, &cut, &no, &failure));
	assert_int_equal(outcome_skipped_by(journal, run, reasons, 3, &failure), 2);
	assert_string_equal(reasons[0].code, "required");
	assert_int_equal(reasons[0].count, 2);
	assert_string_equal(reasons[1].code, "blank");
	assert_int_equal(reasons[1].count, 1);
	assert_int_equal(groups_of(run, none, 1), 0); /* nothing of them is to review */
	assert_int_equal(page(run, 1, OUTCOME_SKIPPED, rows, 3), 2);
	assert_int_equal(rows[0].record, 2);
	assert_string_equal(rows[0].text, "LastName is empty");
}

/* A listed chunk of these records, as a retry makes one. */
static int add_list(int64_t run, const struct chunk_item *items, size_t count)
{
	struct chunk_cut cut = { .deferred = items, .deferred_count = count, .cut_record = 10 };
	struct chunk last[8];
	int no;

	assert_ok(chunk_add(journal, run, &cut, &no, &failure));
	return last[chunk_page(journal, run, 0, false, last, 8, &failure) - 1].no;
}

static void a_retry_replaces_an_outcome_and_keeps_the_old_one(void **unused)
{
	int64_t run = add_run(10);
	struct outcome first[] = { not_written(1, OUTCOME_FAILED, &required),
		                   not_written(2, OUTCOME_FAILED, &required) };
	struct outcome second[] = { created(1), not_written(2, OUTCOME_FAILED, &too_long) };
	struct chunk_item items[] = { { 1, 100 }, { 2, 200 } };
	struct outcome_group groups[3];
	struct outcome_row rows[3];
	int no;

	(void)unused;
	settle(run, add_chunk(run, 1, 2), first, 2);
	no = add_list(run, items, 2);
	settle(run, no, second, 2);
	assert_int_equal(counts_of(run).written, 1);
	assert_int_equal(counts_of(run).created, 1);
	assert_int_equal(counts_of(run).failed, 1);
	assert_int_equal(get(run, 1).state, OUTCOME_WRITTEN);
	assert_int_equal(get(run, 1).attempt, 2);
	assert_int_equal(get(run, 2).attempt, 2);
	assert_int_equal(outcome_attempts(journal, run, 1, rows, 3, &failure), 1);
	assert_int_equal(rows[0].state, OUTCOME_FAILED);
	assert_int_equal(rows[0].attempt, 1);
	assert_string_equal(rows[0].code, "REQUIRED_FIELD_MISSING");
	assert_int_equal(outcome_attempts(journal, run, 3, rows, 3, &failure), 0);
	assert_int_equal(groups_of(run, groups, 3), 1);
	assert_string_equal(groups[0].code, "STRING_TOO_LONG");
	assert_int_equal(page(run, 0, OUTCOME_FAILED, rows, 3), 1);
	assert_int_equal(rows[0].record, 2);
	/* the first chunk ended as it ended */
	assert_int_equal(chunk_of(run, 1).failed, 2);
	assert_int_equal(chunk_of(run, no).written, 1);
	assert_int_equal(chunk_of(run, no).failed, 1);
	no = add_list(run, items + 1, 1);
	settle(run, no, first + 1, 1);
	assert_int_equal(get(run, 2).attempt, 3);
	assert_int_equal(outcome_attempts(journal, run, 2, rows, 3, &failure), 2);
	assert_int_equal(rows[1].attempt, 2);
	assert_string_equal(rows[1].code, "STRING_TOO_LONG");
}

static void what_is_said_twice_of_one_chunk_counts_once(void **unused)
{
	int64_t run = add_run(10);
	struct outcome put[] = { created(1), not_written(2, OUTCOME_FAILED, &required),
		                 not_written(3, OUTCOME_IN_DOUBT, &no_answer) };
	struct chunk_end settling = { .state = "settling", .outcomes = put, .count = 3 };
	struct outcome_row row;
	int no = add_chunk(run, 1, 3);

	(void)unused;
	assert_ok(chunk_settle(journal, run, no, &settling, &failure));
	assert_ok(chunk_settle(journal, run, no, &settling, &failure));
	assert_int_equal(counts_of(run).failed, 1);
	assert_int_equal(outcome_attempts(journal, run, 2, &row, 1, &failure), 0);
	put[2] = created(3);
	settle(run, no, put, 3);
	assert_int_equal(chunk_of(run, no).written, 2);
	assert_int_equal(chunk_of(run, no).failed, 1);
	assert_int_equal(chunk_of(run, no).in_doubt, 0);
	assert_int_equal(counts_of(run).in_doubt, 0);
	assert_int_equal(get(run, 3).attempt, 1); /* it was sent once */
	assert_int_equal(outcome_attempts(journal, run, 3, &row, 1, &failure), 1);
}

static void doubt_is_settled_later_without_a_new_attempt(void **unused)
{
	int64_t run = add_run(10);
	struct outcome first[] = { not_written(1, OUTCOME_IN_DOUBT, &no_answer), created(2) };
	struct outcome other = not_written(3, OUTCOME_IN_DOUBT, &no_answer);
	struct outcome known[] = { created(1), not_written(3, OUTCOME_FAILED, &required) };
	struct outcome_row row;
	struct run_event event;

	(void)unused;
	settle(run, add_chunk(run, 1, 2), first, 2);
	settle(run, add_chunk(run, 3, 3), &other, 1);
	assert_ok(outcome_replace(journal, run, known, 2, "the org was asked", &failure));
	assert_int_equal(counts_of(run).in_doubt, 0);
	assert_int_equal(counts_of(run).written, 2);
	assert_int_equal(counts_of(run).failed, 1);
	assert_int_equal(get(run, 1).state, OUTCOME_WRITTEN);
	assert_int_equal(get(run, 1).attempt, 1);
	assert_int_equal(outcome_attempts(journal, run, 1, &row, 1, &failure), 1);
	assert_int_equal(row.state, OUTCOME_IN_DOUBT);
	assert_int_equal(chunk_of(run, 1).written, 2);
	assert_int_equal(chunk_of(run, 1).in_doubt, 0);
	assert_int_equal(chunk_of(run, 2).in_doubt, 0);
	assert_int_equal(chunk_of(run, 2).failed, 1);
	assert_int_equal(run_log_page(journal, run, 0, &event, 1, &failure), 1);
	assert_string_equal(event.text, "the org was asked");
	/* only what is in doubt: nothing else may lose what is known of it */
	assert_fails(outcome_replace(journal, run, known + 1, 1, "x", &failure), ERR_INTERNAL,
	             "record 3 of run 1 is not in doubt");
	known[1].record = 7;
	assert_fails(outcome_replace(journal, run, known + 1, 1, "x", &failure), ERR_INTERNAL,
	             "record 7 of run 1 is not in doubt");
	assert_true(is_pending(run, 7));
}

static void what_goes_again_is_pending_until_it_is_known(void **unused)
{
	int64_t run = add_run(10);
	struct outcome doubt = not_written(1, OUTCOME_IN_DOUBT, &no_answer), done = created(1);
	struct chunk_item again = { 1, 100 };
	struct chunk_end settling = { .state = "settling", .outcomes = &doubt, .count = 1 };
	struct chunk_end end = { .state = "settled",
		                 .again = { { .items = &again, .count = 1, .why = "unprocessed" } } };
	struct outcome_group groups[1];
	struct outcome_row row;
	int no = add_chunk(run, 1, 1);

	(void)unused;
	assert_ok(chunk_settle(journal, run, no, &settling, &failure));
	assert_int_equal(counts_of(run).in_doubt, 1);
	assert_ok(chunk_settle(journal, run, no, &end, &failure));
	assert_true(is_pending(run, 1));
	assert_int_equal(counts_of(run).in_doubt, 0);
	assert_int_equal(counts_of(run).to_try_again, 1);
	assert_int_equal(chunk_of(run, no).in_doubt, 0);
	assert_int_equal(groups_of(run, groups, 1), 0);
	settle(run, 2, &done, 1);
	assert_int_equal(get(run, 1).attempt, 2);
	assert_int_equal(outcome_attempts(journal, run, 1, &row, 1, &failure), 1);
}

static const char *source_of(int64_t run, int64_t record)
{
	static struct buf b;

	buf_release(&b);
	buf_init(&b, 1 << 20);
	assert_ok(outcome_source(journal, run, record, &b, &failure));
	return buf_text(&b);
}

static void source_text_is_kept_while_a_record_is_not_written(void **unused)
{
	int64_t run = add_run(10);
	struct outcome put[] = { created(1), not_written(2, OUTCOME_FAILED, &required),
		                 not_written(3, OUTCOME_FAILED, &required) };
	struct chunk_item items[] = { { 2, 200 }, { 3, 300 } };

	(void)unused;
	for (int i = 0; i < 3; i++)
		put[i].source = slice_of("Ann,\"ann@example.org\"");
	settle(run, add_chunk(run, 1, 3), put, 3);
	assert_string_equal(source_of(run, 1), "");
	assert_string_equal(source_of(run, 2), "Ann,\"ann@example.org\"");
	put[1] = created(2);
	put[2].message = &too_long;
	put[2].source = (struct slice){ 0 }; /* not handed in again: the old one stays */
	settle(run, add_list(run, items, 2), put + 1, 2);
	assert_string_equal(source_of(run, 2), "");
	assert_string_equal(source_of(run, 3), "Ann,\"ann@example.org\"");
	put[2].source = slice_of("Ann,repaired");
	settle(run, add_list(run, items + 1, 1), put + 2, 1);
	assert_string_equal(source_of(run, 3), "Ann,repaired");
}

static void source_text_stops_at_its_ceiling_and_nothing_else_does(void **unused)
{
	int64_t run = add_run(10);
	struct outcome put[] = { not_written(1, OUTCOME_FAILED, &required),
		                 not_written(2, OUTCOME_FAILED, &required) };
	char sql[128];

	(void)unused;
	snprintf(sql, sizeof sql, "UPDATE runs SET kept_bytes = %lld", (long long)OUTCOME_KEPT_MOST - 10);
	tamper(sql);
	put[0].source = slice_of("ten bytes!");
	put[1].source = slice_of("one more");
	settle(run, add_chunk(run, 1, 2), put, 2);
	assert_string_equal(source_of(run, 1), "ten bytes!");
	assert_string_equal(source_of(run, 2), "");
	assert_int_equal(counts_of(run).failed, 2);
	tamper("UPDATE runs SET kept_bytes = 10");
}

static void an_outcome_that_is_none_is_refused(void **unused)
{
	int64_t run = add_run(10);
	struct outcome put = { .record = 1 };
	struct chunk_end end = { .state = "settled", .outcomes = &put, .count = 1 };
	int no = add_chunk(run, 1, 3);

	(void)unused;
	assert_fails(chunk_settle(journal, run, no, &end, &failure), ERR_INTERNAL, "no such outcome");
	put = created(0);
	assert_fails(chunk_settle(journal, run, no, &end, &failure), ERR_INTERNAL, "has no record 0");
	put = created(INT64_C(1) << 40);
	assert_fails(chunk_settle(journal, run, no, &end, &failure), ERR_INTERNAL, "has no record");
	assert_string_equal(chunk_of(run, no).state, "planned");
}

static void messages_are_masked_so_that_like_ones_are_equal(void **unused)
{
	static const char *const rows[][2] = {
		{ "Required fields are missing: [LastName, Ext_2__c]",
		  "Required fields are missing: [LastName, Ext_2__c]" },
		{ "duplicate value found: Ext__c duplicates value on record with id: 0015g00000AbCdE",
		  "duplicate value found: Ext__c duplicates value on record with id: {id}" },
		{ "record 0035g00000AbCdEAAV, then", "record {id}, then" },
		{ "UNABLE_TO_LOCK_ROW: unable to obtain exclusive access",
		  "UNABLE_TO_LOCK_ROW: unable to obtain exclusive access" },
		{ "misunderstandin of 15", "misunderstandin of {number}" }, /* 15 letters are no id */
		{ "Foreign key external ID: acc-x not found for field Ext__c in entity Account",
		  "Foreign key external ID: {value} not found for field Ext__c in entity Account" },
		{ "Duplicate external id specified: A-1", "Duplicate external id specified: {value}" },
		{ "Name: data value too large: a (max length=9) b (max length=80)",
		  "Name: data value too large: {value} (max length={number})" },
		{ "Status__c: bad value for restricted picklist field: Gold, \"old\"",
		  "Status__c: bad value for restricted picklist field: {value}" },
		{ "Email: invalid email address: x", "Email: invalid email address: {value}" },
		{ "ann.o'hara+1@mail.example.org is taken.", "{email} is taken." },
		{ "write to ann@example.org.", "write to {email}." },
		{ "it can't be \"a 'b'\" nor 'c d'", "it can't be {value} nor {value}" },
		{ "no “Größe” here", "no {value} here" },
		{ "an open \" quote", "an open \" quote" },
		{ "1,250.50 over 2026-11-24T03:51:40, 12%", "{number} over {number}, {number}%" },
		{ "x@y and @", "x@y and @" },
		{ "", "" },
	};
	struct buf b;

	(void)unused;
	buf_init(&b, 1000);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		buf_clear(&b);
		outcome_mask(slice_of(rows[i][0]), &b);
		assert_string_equal(buf_text(&b), rows[i][1]);
	}
	buf_release(&b);
}

#define IN_JOURNAL(test) cmocka_unit_test_setup_teardown(test, make_journal, remove_state)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_JOURNAL(every_member_of_an_outcome_comes_back),
		IN_JOURNAL(ids_come_back_with_eighteen_characters),
		IN_JOURNAL(the_shell_reads_the_same),
		IN_JOURNAL(texts_longer_than_their_place_end_at_a_character),
		IN_JOURNAL(pages_follow_the_records_whatever_the_order_they_came_in),
		IN_JOURNAL(like_messages_make_one_group_with_its_records),
		IN_JOURNAL(each_message_is_stored_once),
		IN_JOURNAL(counts_are_exact_with_very_many_messages),
		IN_JOURNAL(left_out_records_are_counted_by_reason),
		IN_JOURNAL(a_retry_replaces_an_outcome_and_keeps_the_old_one),
		IN_JOURNAL(what_is_said_twice_of_one_chunk_counts_once),
		IN_JOURNAL(doubt_is_settled_later_without_a_new_attempt),
		IN_JOURNAL(what_goes_again_is_pending_until_it_is_known),
		IN_JOURNAL(source_text_is_kept_while_a_record_is_not_written),
		IN_JOURNAL(source_text_stops_at_its_ceiling_and_nothing_else_does),
		IN_JOURNAL(an_outcome_that_is_none_is_refused),
		cmocka_unit_test(messages_are_masked_so_that_like_ones_are_equal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
