/* The fingerprint of what was sent is the fingerprint of what a result echoes, and of nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/plan/layout.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Columns for the tests: Ext__c is the key. */
static struct layout_column some_columns[] = {
	{ .name = "Ext__c", .type = FIELD_STRING },
	{ .name = "Amount__c", .type = FIELD_CURRENCY },
	{ .name = "Parent__r.Ext__c", .type = FIELD_STRING, .relation = true },
	{ .name = "Moment__c", .type = FIELD_DATETIME },
};
static const struct layout some = { .columns = some_columns, .count = COUNT(some_columns), .key = 0 };

static struct fingerprint print_of(const struct layout *layout, const char *const *texts)
{
	struct slice cells[8];

	for (size_t i = 0; i < layout->count; i++)
		cells[i] = slice_of(texts[i]);
	return layout_fingerprint(layout, cells);
}

static void what_the_org_echoes_in_its_own_form_is_found_again(void **unused)
{
	static const char *const sent[] = { "K-1", "912260031", "P-1", "2021-08-31T01:31:13.000Z" };
	static const char *const echoed[] = { "k-1 ", "9.12260031E8", "", "2021-08-31T01:31:13.000+0000" };
	struct fingerprint a = print_of(&some, sent);

	(void)unused;
	for (size_t i = 1; i < COUNT(echoed); i++) {
		const char *mixed[] = { sent[0], sent[1], sent[2], sent[3] };

		mixed[i] = echoed[i];
		assert_true(print_of(&some, mixed).row == a.row);
	}
	assert_true(print_of(&some, echoed).key == a.key);
	assert_true(a.key != 0);
}

static void each_plain_cell_counts_and_so_does_its_place(void **unused)
{
	static struct layout_column columns[] = { { .name = "A", .type = FIELD_STRING },
		                                  { .name = "B", .type = FIELD_STRING },
		                                  { .name = "C", .type = FIELD_STRING } };
	static const struct layout plain = { .columns = columns, .count = 3, .key = -1 };
	static const char *const rows[][3] = { { "", "", "" },   { "a", "", "" },  { "", "a", "" },
		                               { "", "", "a" },  { "a", "a", "" }, { "aa", "", "" },
		                               { "", "aa", "" }, { "A", "", "" },  { "a", "b", "" },
		                               { "b", "a", "" }, { "ab", "", "" } };

	(void)unused;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t k = 0; k < i; k++)
			assert_true(print_of(&plain, rows[i]).row != print_of(&plain, rows[k]).row);
	assert_true(print_of(&plain, rows[1]).key == 0);
}

static void a_keys_case_counts_only_where_the_org_tells_them_apart(void **unused)
{
	struct layout_column columns[] = {
		{ .name = "Code__c", .type = FIELD_STRING, .case_sensitive = true }
	};
	struct layout layout = { .columns = columns, .count = 1, .key = 0 };
	static const char *const lower[] = { "abc" }, *const upper[] = { "ABC" }, *const none[] = { " " };

	(void)unused;
	assert_true(print_of(&layout, lower).key != print_of(&layout, upper).key);
	columns[0].case_sensitive = false;
	assert_true(print_of(&layout, lower).key == print_of(&layout, upper).key);
	assert_true(print_of(&layout, lower).row != print_of(&layout, upper).row);
	assert_true(print_of(&layout, none).key == 0);
}

static void a_long_key_is_folded_as_a_short_one(void **unused)
{
	struct layout_column columns[] = { { .name = "Code__c", .type = FIELD_STRING } };
	struct layout layout = { .columns = columns, .count = 1, .key = 0 };
	char lower[300], upper[300];
	struct slice a = { lower, sizeof lower }, b = { upper, sizeof upper };

	(void)unused;
	memset(lower, 'k', sizeof lower);
	memset(upper, 'K', sizeof upper);
	assert_true(layout_fingerprint(&layout, &a).key == layout_fingerprint(&layout, &b).key);
	upper[299] = 'x';
	assert_true(layout_fingerprint(&layout, &a).key != layout_fingerprint(&layout, &b).key);
}

static void equal_values_of_a_type_share_one_text(void **unused)
{
	static const struct {
		enum field_type type;
		const char *one, *other;
		bool equal;
	} cases[] = {
		{ FIELD_DOUBLE, "1.50", "1.5", true },
		{ FIELD_DOUBLE, "0012", "12", true },
		{ FIELD_DOUBLE, "-0", "0", true },
		{ FIELD_DOUBLE, "1.5", "15", false },
		{ FIELD_STRING, "1.50", "1.5", false },
		{ FIELD_INT, "912260031", "9.12260031E8", true },
		{ FIELD_BOOLEAN, "true", "1", true },
		{ FIELD_BOOLEAN, "true", "false", false },
		{ FIELD_DATETIME, "2021-08-31T01:31:13.000Z", "2021-08-31T03:31:13+02:00", true },
		{ FIELD_DATETIME, "2021-08-31T01:31:13.000Z", "2021-08-31T01:31:14.000Z", false },
		{ FIELD_DATE, "2021-08-31", " 2021-08-31", true },
		{ FIELD_TIME, "13:45:07.000Z", "13:45:07", true },
		{ FIELD_STRING, "a\r\nb", "a\nb", true },
		{ FIELD_STRING, "a\rb", "a\nb", true },
		{ FIELD_STRING, " a ", "a", true },
		{ FIELD_STRING, "a  b", "a b", false },
		{ FIELD_STRING, "#N/A", "", true },
		{ FIELD_DOUBLE, "#N/A", "", true },
		{ FIELD_STRING, "A", "a", false },
		{ FIELD_ID, "a0S000000000001", "a0S000000000001EAA", true },
		{ FIELD_REFERENCE, "a0S000000000001", "a0S000000000002EAA", false },
		{ FIELD_ID, "a0S000000000001", "a0s000000000001", false },
	};
	struct buf a, b;

	(void)unused;
	buf_init(&a, 1000);
	buf_init(&b, 1000);
	for (size_t i = 0; i < COUNT(cases); i++) {
		buf_clear(&a);
		buf_clear(&b);
		layout_normalise(cases[i].type, slice_of(cases[i].one), &a);
		layout_normalise(cases[i].type, slice_of(cases[i].other), &b);
		if (slice_equal(buf_slice(&a), buf_slice(&b)) != cases[i].equal)
			fail_msg("%s and %s: \"%s\" and \"%s\"", cases[i].one, cases[i].other, buf_text(&a),
			         buf_text(&b));
	}
	buf_release(&a);
	buf_release(&b);
}

static void a_layout_read_again_gives_the_same_fingerprints(void **unused)
{
	static const char *const row[] = { "K-1", "1", "P", "2021-08-31T01:31:13Z" };
	struct layout again;
	struct buf text, twice;
	struct err e;

	(void)unused;
	err_init(&e);
	buf_init(&text, 10000);
	buf_init(&twice, 10000);
	some_columns[3].case_sensitive = true;
	layout_write(&some, &text);
	assert_int_equal(layout_read(&again, buf_slice(&text), &e), ERR_OK);
	assert_int_equal(again.count, some.count);
	assert_int_equal(again.key, 0);
	assert_string_equal(again.columns[2].name, "Parent__r.Ext__c");
	assert_true(again.columns[2].relation && again.columns[3].case_sensitive);
	assert_true(print_of(&again, row).row == print_of(&some, row).row);
	assert_true(print_of(&again, row).key == print_of(&some, row).key);
	layout_write(&again, &twice);
	assert_string_equal(buf_text(&text), buf_text(&twice));
	layout_release(&again);
	some_columns[3].case_sensitive = false;
	buf_release(&text);
	buf_release(&twice);
}

static void what_is_known_of_a_field_stays_known(void **unused)
{
	struct layout_column columns[] = {
		{ .name = "LastName", .type = FIELD_STRING, .column = 2, .length = 80, .required = true },
		{ .name = "LeadSource", .type = FIELD_PICKLIST, .column = -1 },
	};
	struct layout layout = { .columns = columns, .count = 2, .key = -1 }, again;
	struct buf text;
	struct err e;

	(void)unused;
	err_init(&e);
	buf_init(&text, 1000);
	layout_write(&layout, &text);
	assert_int_equal(layout_read(&again, buf_slice(&text), &e), ERR_OK);
	assert_string_equal(again.columns[0].name, "LastName");
	assert_int_equal(again.columns[0].column, 2);
	assert_int_equal(again.columns[0].length, 80);
	assert_true(again.columns[0].required && !again.columns[1].required);
	assert_int_equal(again.columns[1].column, -1);
	layout_release(&again);
	buf_release(&text);
	/* of a run of an older Longshore it is not */
	assert_int_equal(layout_read(&again, slice_of("string\tk\tName\n"), &e), ERR_OK);
	assert_string_equal(again.columns[0].name, "Name");
	assert_int_equal(again.columns[0].column, -1);
	layout_release(&again);
}

static void a_damaged_layout_is_refused(void **unused)
{
	static const char *const texts[] = {
		"",
		"string\tk\tName",
		"string\tName\n",
		"novelty\t\tName\n",
		"string\tx\tName\n",
		"string\t\t\n",
		"string\tk\tA\nstring\tk\tB\n",
		"string\t\tA\n\n",
		"string\t\tA\tmany\t1\n",
		"string\t\tA\t80\n",
	};

	(void)unused;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct layout layout;
		struct err e;

		err_init(&e);
		assert_int_equal(layout_read(&layout, slice_of(texts[i]), &e), ERR_JOURNAL);
		assert_non_null(strstr(e.text, "layout"));
		layout_release(&layout);
	}
}

static bool same(enum field_type type, const char *a, const char *b)
{
	return layout_same_value(type, slice_of(a), slice_of(b)) &&
	       layout_same_value(type, slice_of(b), slice_of(a));
}

static void one_value_is_told_however_it_is_spelled(void **unused)
{
	(void)unused;
	assert_true(same(FIELD_DOUBLE, "1.50", " 1.5"));
	assert_true(same(FIELD_BOOLEAN, "1", "true"));
	assert_true(same(FIELD_DATETIME, "2026-11-24T13:00:00+01:00", "2026-11-24T12:00:00.000+0000"));
	assert_true(same(FIELD_REFERENCE, "0015e0000000001", "0015e0000000001AAA"));
	assert_true(same(FIELD_TEXTAREA, "one\r\ntwo\rthree\r\r\nfour", "one\ntwo\nthree\n\nfour"));
	assert_true(same(FIELD_EMAIL, "Anne@Example.com", "anne@example.com"));
	assert_true(same(FIELD_STRING, "", "  "));
	assert_false(same(FIELD_STRING, "Anne", "anne"));
	assert_false(same(FIELD_STRING, "Anne", "Anne Smith"));
	assert_false(same(FIELD_STRING, "Anne", ""));
	assert_false(same(FIELD_TEXTAREA, "one\r\ntwo", "one\n\ntwo"));
	assert_false(same(FIELD_DOUBLE, "1.5", "1.51"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_value_is_told_however_it_is_spelled),
		cmocka_unit_test(what_the_org_echoes_in_its_own_form_is_found_again),
		cmocka_unit_test(each_plain_cell_counts_and_so_does_its_place),
		cmocka_unit_test(a_keys_case_counts_only_where_the_org_tells_them_apart),
		cmocka_unit_test(a_long_key_is_folded_as_a_short_one),
		cmocka_unit_test(equal_values_of_a_type_share_one_text),
		cmocka_unit_test(a_layout_read_again_gives_the_same_fingerprints),
		cmocka_unit_test(what_is_known_of_a_field_stays_known),
		cmocka_unit_test(a_damaged_layout_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
