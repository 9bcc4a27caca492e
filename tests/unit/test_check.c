/* A whole file against the describe: what is counted, how findings are grouped, and where they show. */
#include "check_fixture.h"

#include "core/plan/fix.h"

static const struct check_options plain;

/* Writes the file, plans it and checks it. */
static void check_text(struct setup *s, enum action action, const char *key, const char *text)
{
	write_text(s, text);
	plan_file(s, action, key);
	assert_int_equal(check_run(&s->check, s->plan, s->source, &plain, &s->e), ERR_OK);
}

static void a_clean_file_passes_and_its_payload_is_measured(void **state)
{
	struct setup *s = *state;

	check_text(s, ACTION_INSERT, NULL, "Name,Flag\nAnn,yes\n\"B, b\",0\n");
	assert_int_equal(s->check.records, 2);
	assert_int_equal(s->check.passed, 2);
	assert_int_equal(s->check.failing, 0);
	assert_int_equal(s->check.count, 0);
}

static void findings_are_grouped_counted_and_show_their_first_record(void **state)
{
	struct setup *s = *state;

	check_text(s, ACTION_INSERT, NULL,
	           "Name,Day,Stage\n"
	           "Ann,2026-01-01,Prospect\n"
	           "Bob,1/5/20,Prospekt\n"
	           ",,\n"
	           "Cem,2/5/20,Kunde\n"
	           "Dan,12/31/2026,Prospekt\n"
	           ",2026-01-02,Prospekt\n");
	assert_int_equal(s->check.records, 6);
	assert_int_equal(s->check.blank, 1);
	assert_int_equal(s->check.passed, 1);
	assert_int_equal(s->check.failing, 4);
	assert_int_equal(s->check.count, 5);
	assert_int_equal(s->check.findings[0].rule, RULE_PICKLIST);
	assert_string_equal(s->check.findings[0].message, "not in the restricted picklist: Prospekt");
	assert_int_equal(s->check.findings[0].count, 3);
	assert_int_equal(s->check.findings[0].example_record, 2);
	assert_int_equal(s->check.findings[0].example_offset,
	                 strlen("Name,Day,Stage\nAnn,2026-01-01,Prospect\n"));
	assert_string_equal(s->check.findings[1].field, "Day__c");
	assert_string_equal(s->check.findings[1].message,
	                    "not a date yyyy-MM-dd, it looks like a date with a year of two digits");
	assert_int_equal(s->check.findings[1].count, 2);
	assert_string_equal(s->check.findings[2].message,
	                    "not in the restricted picklist: Kunde, it has Customer");
	assert_int_equal(s->check.findings[2].count, 1);
}

/* What the whole file says of a column's order, not its first record. */
static void the_order_of_days_and_months_is_what_the_values_leave(void **state)
{
	static const struct {
		const char *days;
		int64_t day_only, month_only;
		const char *texts[2];
	} cases[] = {
		{ "A,01/02/2026\nB,02/03/2026\n",
		  0,
		  0,
		  { "the day first, then the month", "the month first, then the day" } },
		{ "A,01/02/2026\nB,13/02/2026\nC,02/03/2026\n",
		  1,
		  0,
		  { "the day first, then the month: no other order fits" } },
		{ "A,01-02-2026\nB,02-28-2026\n",
		  0,
		  1,
		  { "the month first, then the day: no other order fits" } },
		{ "A,13/02/2026\nB,02/13/2026\nC,12/31/2026\n",
		  1,
		  2,
		  { "the month first, then the day (1 record cannot be read so)",
		    "the day first, then the month (2 records cannot be read so)" } },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct setup *s = *state;
		struct fix fixes[FIX_MOST];
		char text[200];
		size_t count;

		snprintf(text, sizeof text, "Name,Day\n%s", cases[i].days);
		check_text(s, ACTION_INSERT, NULL, text);
		assert_int_equal(s->check.count, 1);
		assert_int_equal(s->check.findings[0].day_only, cases[i].day_only);
		assert_int_equal(s->check.findings[0].month_only, cases[i].month_only);
		count = fix_list(s->plan, &s->check.findings[0], fixes);
		assert_int_equal(count, cases[i].texts[1] ? 2 : 1);
		for (size_t k = 0; k < count; k++)
			assert_string_equal(fixes[k].text, cases[i].texts[k]);
		end(state);
		begin(state);
	}
}

static void lengths_of_different_records_are_one_group(void **state)
{
	struct setup *s = *state;

	check_text(s, ACTION_INSERT, NULL, "Name,Twin_A__c\nA,12345678901\nB,123456789012\nC,1234567890123\n");
	assert_int_equal(s->check.count, 1);
	assert_string_equal(s->check.findings[0].message, "longer than 10 characters");
	assert_int_equal(s->check.findings[0].count, 3);
}

static void a_broken_record_is_counted_and_the_check_goes_on(void **state)
{
	struct setup *s = *state;

	check_text(s, ACTION_INSERT, NULL, "Name,Flag\nAnn,yes\nBob\nCem,no,more\nDan,no\n");
	assert_int_equal(s->check.records, 4);
	assert_int_equal(s->check.passed, 2);
	assert_int_equal(s->check.failing, 2);
	assert_int_equal(s->check.findings[0].rule, RULE_BROKEN);
	assert_string_equal(s->check.findings[0].field, "");
}

static void the_place_of_a_broken_record_is_that_of_the_byte_that_breaks_it(void **state)
{
	struct setup *s = *state;

	check_text(s, ACTION_INSERT, NULL,
	           "Name,Flag\nÄnn,yes\nB\xff"
	           "b,no\n");
	assert_int_equal(s->check.findings[0].example_record, 2);
	assert_int_equal(s->check.findings[0].example_offset, strlen("Name,Flag\nÄnn,yes\nB"));
}

static void a_finding_about_the_plan_holds_for_all_records(void **state)
{
	struct setup *s = *state;

	check_text(s, ACTION_INSERT, NULL, "Flag,Total\nyes,1\nmaybe,2\n,\n");
	assert_int_equal(s->check.passed, 0);
	assert_int_equal(s->check.failing, 2);
	assert_int_equal(s->check.count, 3);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(s->check.findings[i].count, 2);
		assert_int_equal(s->check.findings[i].example_record, 0);
	}
	assert_string_equal(s->check.findings[2].field, "Flag__c");
	assert_int_equal(s->check.findings[2].example_record, 2);
}

/* A record keeps eight findings; what holds for all records is counted all the same. */
static void a_finding_about_the_plan_is_counted_behind_eight_others(void **state)
{
	struct setup *s = *state;

	check_text(s, ACTION_INSERT, NULL,
	           "Flag,Amount,Rate,Quantity,Count,Day,Moment,At,Mail\nx,x,x,x,x,x,x,x,x\nx,1,,,,,,,\n");
	assert_int_equal(s->check.failing, 2);
	assert_string_equal(s->check.findings[0].field, "Name");
	assert_int_equal(s->check.findings[0].count, 2);
	assert_int_equal(s->check.findings[0].example_record, 0);
}

static void a_thousand_groups_are_kept_and_more_are_only_said(void **state)
{
	struct setup *s = *state;
	FILE *f = new_file(s);

	fputs("Name,Stage\n", f);
	for (int i = 0; i < 1500; i++)
		fprintf(f, "A,value %d\n", i % 1100);
	fclose(f);
	plan_file(s, ACTION_INSERT, NULL);
	assert_int_equal(check_run(&s->check, s->plan, s->source, &plain, &s->e), ERR_OK);
	assert_int_equal(s->check.failing, 1500);
	assert_int_equal(s->check.count, 1000);
	assert_true(s->check.more);
	assert_int_equal(s->check.findings[0].count, 2);
	assert_int_equal(s->check.findings[999].count, 1);
}

struct seen {
	int calls, stop_at;
	int64_t last, size;
};

static bool watch(void *ctx, int64_t offset, int64_t size)
{
	struct seen *seen = ctx;

	assert_true(offset > seen->last && offset <= size);
	seen->last = offset;
	seen->size = size;
	return ++seen->calls != seen->stop_at;
}

static void it_tells_how_far_it_is_and_stops_when_told(void **state)
{
	struct seen seen = { 0 };
	const struct check_options watched = { .progress = watch, .progress_ctx = &seen };
	struct setup *s = *state;
	FILE *f = new_file(s);

	fputs("Name\n", f);
	for (int i = 0; i < 100000; i++)
		fputs("1234567\n", f);
	fclose(f);
	plan_file(s, ACTION_INSERT, NULL);
	assert_int_equal(check_run(&s->check, s->plan, s->source, &watched, &s->e), ERR_OK);
	assert_int_equal(seen.size, 800005);
	assert_in_range(seen.calls, 10, 13);
	check_release(&s->check);
	seen = (struct seen){ .stop_at = 2 };
	assert_int_equal(check_run(&s->check, s->plan, s->source, &watched, &s->e), ERR_STOPPED);
	assert_int_equal(seen.calls, 2);
}

static void a_second_check_gives_the_same_answer(void **state)
{
	struct check again;
	struct setup *s = *state;

	check_text(s, ACTION_UPSERT, "Ext__c", "External Id,Name\nK-1,Ann\n,Bob\nK-1,\n");
	assert_int_equal(check_run(&again, s->plan, s->source, &plain, &s->e), ERR_OK);
	assert_int_equal(again.records, s->check.records);
	assert_int_equal(again.count, 2);
	assert_int_equal(again.count, s->check.count);
	for (size_t i = 0; i < again.count; i++) {
		assert_string_equal(again.findings[i].message, s->check.findings[i].message);
		assert_int_equal(again.findings[i].count, s->check.findings[i].count);
		assert_int_equal(again.findings[i].example_offset, s->check.findings[i].example_offset);
	}
	check_release(&again);
}

#define T(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_clean_file_passes_and_its_payload_is_measured),
		T(findings_are_grouped_counted_and_show_their_first_record),
		T(the_order_of_days_and_months_is_what_the_values_leave),
		T(lengths_of_different_records_are_one_group),
		T(a_broken_record_is_counted_and_the_check_goes_on),
		T(the_place_of_a_broken_record_is_that_of_the_byte_that_breaks_it),
		T(a_finding_about_the_plan_holds_for_all_records),
		T(a_finding_about_the_plan_is_counted_behind_eight_others),
		T(a_thousand_groups_are_kept_and_more_are_only_said),
		T(it_tells_how_far_it_is_and_stops_when_told),
		T(a_second_check_gives_the_same_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
