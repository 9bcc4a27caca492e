/* The promises of collect.h: each row to its record, in any order of rows and columns; what is missing is said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/engine/collect.h"

enum { RECORDS = 4 };

/* Ext__c is the key; Account.Ext__c may not be echoed; Score__c may come back in another spelling. */
static const char layout_columns[][20] = { "Ext__c", "LastName", "Account.Ext__c", "Score__c" };

static const char *const sent[RECORDS][4] = {
	{ "K-1", "Jones", "A-1", "912260031" },
	{ "K-2", "Jones", "A-2", "1.50" },
	{ "", "Smith", "A-1", "7" },
	{ "", "Smith", "A-1", "7" },
};

struct bench {
	struct layout layout;
	struct layout_column columns[4];
	struct chunk_print prints[RECORDS];
	struct collect *collect;
};

static void open_bench(struct bench *b, enum action action)
{
	static const enum field_type types[] = { FIELD_STRING, FIELD_STRING, FIELD_STRING, FIELD_DOUBLE };

	*b = (struct bench){ .layout = { .columns = b->columns, .count = 4, .key = 0 } };
	for (int i = 0; i < 4; i++)
		b->columns[i] = (struct layout_column){ .name = layout_columns[i],
			                                .type = types[i],
			                                .relation = i == 2 };
	for (int r = 0; r < RECORDS; r++) {
		struct slice cells[4];
		struct fingerprint f;

		for (int i = 0; i < 4; i++)
			cells[i] = slice_of(sent[r][i]);
		f = layout_fingerprint(&b->layout, cells);
		b->prints[r] = (struct chunk_print){ 10 + r, 100 * r, f.key, f.row };
	}
	b->collect = collect_new(b->prints, RECORDS, &b->layout, action);
}

static void row(struct bench *b, bool header, const char *const *cells, size_t n)
{
	struct slice slices[8];

	for (size_t i = 0; i < n; i++)
		slices[i] = slice_of(cells[i]);
	assert_true(collect_row(b->collect, header, slices, n));
}

#define ROW(header, ...)                                      \
	row(&b, header, (const char *const[]){ __VA_ARGS__ }, \
	    sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

static void rows_find_their_records_in_any_order_and_spelling(void **unused)
{
	struct bench b;
	struct outcome *o;

	(void)unused;
	open_bench(&b, ACTION_UPSERT);
	collect_begin(b.collect, BULK_SUCCESSFUL);
	ROW(true, "sf__Id", "sf__Created", "Score__c", "LastName", "Ext__c");
	ROW(false, "003000000000002AAA", "false", "1.5", "Jones", "k-2");
	ROW(false, "003000000000003AAA", "true", "7.0", "Smith", "");
	collect_begin(b.collect, BULK_FAILED_RESULTS);
	ROW(true, "sf__Id", "sf__Error", "Ext__c", "LastName", "Account.Ext__c", "Score__c");
	ROW(false, "", "REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --", "K-1", "Jones",
	    "A-1", "9.12260031E8");
	o = collect_outcomes(b.collect);
	assert_int_equal(o[0].state, OUTCOME_FAILED);
	assert_string_equal(o[0].message->code, "REQUIRED_FIELD_MISSING");
	assert_string_equal(o[0].message->text, "Required fields are missing: [Name]");
	assert_string_equal(o[0].message->fields, "Name");
	assert_int_equal(o[1].state, OUTCOME_WRITTEN);
	assert_int_equal(o[1].how, OUTCOME_UPDATED);
	assert_string_equal(o[1].id, "003000000000002AAA");
	assert_int_equal(o[2].how, OUTCOME_CREATED);
	assert_int_equal(o[3].state, 0);
	assert_int_equal(collect_sum(b.collect).missing, 1);
	assert_int_equal(o[3].record, 13);
	assert_int_equal(o[3].offset, 300);
	collect_free(b.collect);
}

static void an_answer_that_broke_off_leaves_nothing_behind(void **unused)
{
	struct bench b;

	(void)unused;
	open_bench(&b, ACTION_INSERT);
	for (int twice = 0; twice < 2; twice++) {
		collect_reset(b.collect);
		collect_begin(b.collect, BULK_SUCCESSFUL);
		ROW(true, "sf__Id", "sf__Created", "Ext__c", "LastName", "Account.Ext__c", "Score__c");
		for (int r = 0; r < RECORDS; r++)
			ROW(false, "003000000000001AAA", "true", sent[r][0], sent[r][1], sent[r][2],
			    sent[r][3]);
		assert_int_equal(collect_sum(b.collect).written, RECORDS);
		assert_int_equal(collect_sum(b.collect).strange, 0);
	}
	collect_free(b.collect);
}

static void a_row_of_nobody_is_counted_and_given_to_nobody(void **unused)
{
	struct bench b;

	(void)unused;
	open_bench(&b, ACTION_INSERT);
	collect_begin(b.collect, BULK_SUCCESSFUL);
	ROW(true, "sf__Id", "sf__Created", "Ext__c", "LastName", "Account.Ext__c", "Score__c");
	ROW(false, "003000000000009AAA", "true", "K-9", "Nobody", "", "1");
	assert_int_equal(collect_sum(b.collect).strange, 1);
	assert_int_equal(collect_sum(b.collect).missing, RECORDS);
	collect_free(b.collect);
}

static void deleted_and_unprocessed_records_are_told_apart(void **unused)
{
	struct bench b;

	(void)unused;
	open_bench(&b, ACTION_DELETE);
	collect_begin(b.collect, BULK_SUCCESSFUL);
	ROW(true, "sf__Id", "sf__Created", "Ext__c", "LastName", "Account.Ext__c", "Score__c");
	ROW(false, "003000000000001AAA", "false", sent[0][0], sent[0][1], sent[0][2], sent[0][3]);
	collect_begin(b.collect, BULK_UNPROCESSED);
	ROW(true, "Ext__c", "LastName", "Account.Ext__c", "Score__c");
	ROW(false, sent[1][0], sent[1][1], sent[1][2], sent[1][3]);
	assert_int_equal(collect_outcomes(b.collect)[0].how, OUTCOME_DELETED);
	assert_int_equal(collect_sum(b.collect).unprocessed, 1);
	assert_int_equal(collect_sum(b.collect).missing, 2);
	collect_free(b.collect);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_find_their_records_in_any_order_and_spelling),
		cmocka_unit_test(an_answer_that_broke_off_leaves_nothing_behind),
		cmocka_unit_test(a_row_of_nobody_is_counted_and_given_to_nobody),
		cmocka_unit_test(deleted_and_unprocessed_records_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
