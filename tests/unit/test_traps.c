/* What goes wrong without a word in other loaders is right here, or a finding: one test a trap, cells and whole records. */
#include "plan_fixture.h"
#include "source_fixture.h"

#define MAP(rest) "{\"longshore_mapping\":1," rest "}"

/* What a cell for `field` becomes, by a mapping. */
static const char *cell(struct plan_fixture *s, const char *field, const char *json, const char *text)
{
	char header[64], cells[128];

	snprintf(header, sizeof header, "%s|Id", field);
	snprintf(cells, sizeof cells, "%s|a0S000000000001", text);
	if (fixture_plan(s, ACTION_UPDATE, header, json) != ERR_OK)
		return s->e.text;
	return fixture_line(s, 1, cells);
}

static void is_refused(struct plan_fixture *s, const char *field, const char *text, const char *says)
{
	const char *line = cell(s, field, "", text);

	if (line[0] != '!' || !strstr(line, says))
		fail_msg("%s %s: %s", field, text, line);
}

static void becomes(struct plan_fixture *s, const char *field, const char *json, const char *text,
                    const char *sent)
{
	char line[128];

	snprintf(line, sizeof line, "%s,a0S000000000001", sent);
	assert_string_equal(cell(s, field, json, text), line);
}

static void half_a_number_is_no_whole_number(void **state)
{
	static const char *const none[] = { "12abc", "1.9", "1e3", "1,2" };

	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		is_refused(*state, "Count__c", none[i], "not a whole number");
	becomes(*state, "Amount__c", MAP("\"decimal_comma\":true"), "1,2", "1.2");
}

static void a_number_that_does_not_fit_is_not_turned_round(void **state)
{
	is_refused(*state, "Count__c", "3000000000", "more than 8 digits before the point");
}

static void a_year_of_two_digits_is_asked_about(void **state)
{
	is_refused(*state, "Day__c", "1/5/20", "a year of two digits");
	is_refused(*state, "Day__c", "31.12.26", "a year of two digits");
}

static void an_excel_date_is_told_and_read_where_the_mapping_says_so(void **state)
{
	is_refused(*state, "Day__c", "43831", "it looks like an Excel date");
	becomes(*state, "Day__c", MAP("\"excel_dates\":true"), "43831", "2020-01-01");
}

static void fractions_of_a_second_are_what_they_say(void **state)
{
	becomes(*state, "Moment__c", "", "2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00.500Z");
	becomes(*state, "Moment__c", "", "2026-01-01T00:00:00.123456Z", "2026-01-01T00:00:00.123Z");
}

static void a_column_has_one_order_of_day_and_month(void **state)
{
	is_refused(*state, "Day__c", "02/13/2002", "month/day/year or day/month/year");
	is_refused(*state, "Day__c", "13/02/2002", "month/day/year or day/month/year");
	becomes(*state, "Day__c", MAP("\"date_order\":\"mdy\""), "02/13/2002", "2002-02-13");
	assert_int_equal(cell(*state, "Day__c", MAP("\"date_order\":\"mdy\""), "13/02/2002")[0], '!');
	becomes(*state, "Day__c", MAP("\"date_order\":\"dmy\""), "13/02/2002", "2002-02-13");
	assert_int_equal(cell(*state, "Day__c", MAP("\"date_order\":\"dmy\""), "02/13/2002")[0], '!');
	becomes(*state, "Day__c", "", "31.12.2026", "2026-12-31");
}

static void a_zone_that_is_none_is_refused_before_anything_is_read(void **state)
{
	assert_non_null(strstr(cell(*state, "Moment__c", MAP("\"time_zone\":\"PDT\""), ""),
	                       "there is no time zone \"PDT\""));
}

static void a_local_time_in_the_gap_is_a_finding_and_in_the_overlap_the_first(void **state)
{
	static const char berlin[] = MAP("\"time_zone\":\"Europe/Berlin\"");
	struct plan_fixture *s = *state;

	assert_non_null(
		strstr(cell(s, "Moment__c", berlin, "2026-03-29 02:30"), "no clock of Europe/Berlin shows it"));
	becomes(s, "Moment__c", berlin, "2026-10-25 02:30", "2026-10-25T00:30:00.000Z");
	assert_true(s->line.twice);
}

static void a_date_keeps_its_day_in_every_zone(void **state)
{
	becomes(*state, "Day__c", MAP("\"time_zone\":\"Asia/Tokyo\""), "1948-05-02", "1948-05-02");
	becomes(*state, "Day__c", MAP("\"time_zone\":\"Pacific/Honolulu\""), "1948-05-02", "1948-05-02");
}

/* The records of a file, a line each: its cells between '|', or '!' and its fault. */
static const char *records(struct plan_fixture *s, const char *text)
{
	struct source *source;
	struct record r;
	bool more = true;

	assert_int_equal(open_bytes(&source, slice_of(text), NULL, &s->e), ERR_OK);
	buf_clear(&s->payload);
	while (source_next(source, &r, &more, &s->e) == ERR_OK && more) {
		if (r.fault)
			buf_addf(&s->payload, "!%s", r.fault);
		for (size_t i = 0; !r.fault && i < r.count; i++)
			buf_addf(&s->payload, "%s%.*s", i ? "|" : "", SLICE_ARGS(r.cells[i]));
		buf_add_text(&s->payload, ";");
	}
	source_close(source);
	return buf_text(&s->payload);
}

static void a_row_of_another_length_is_one_finding_not_the_end(void **state)
{
	assert_string_equal(records(*state, "A,B\n1,2\n3\n4,5,6\n7,8\n"),
	                    "1|2;!1 cell, the header has 2;!3 cells, the header has 2;7|8;");
}

static void line_breaks_in_quotes_are_kept_and_nothing_in_quotes_is_blank(void **state)
{
	assert_string_equal(records(*state, "A,B\r\n\"x\r\ny\",\"\"\r\nz,\r\n"), "x\r\ny|;z|;");
}

static void one_file_has_one_delimiter(void **state)
{
	assert_string_equal(records(*state, "A,B\na\tb,c\nd,e\n"), "a\tb|c;d|e;");
}

static void a_blank_line_is_a_record_only_where_there_is_one_column(void **state)
{
	assert_string_equal(records(*state, "A,B\n1,2\n\n3,4\n"), "1|2;3|4;");
	assert_string_equal(records(*state, "A\n1\n\n3\n"), "1;;3;");
}

#define T(test) cmocka_unit_test_setup_teardown(test, fixture_begin, fixture_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(half_a_number_is_no_whole_number),
		T(a_number_that_does_not_fit_is_not_turned_round),
		T(a_year_of_two_digits_is_asked_about),
		T(an_excel_date_is_told_and_read_where_the_mapping_says_so),
		T(fractions_of_a_second_are_what_they_say),
		T(a_column_has_one_order_of_day_and_month),
		T(a_zone_that_is_none_is_refused_before_anything_is_read),
		T(a_local_time_in_the_gap_is_a_finding_and_in_the_overlap_the_first),
		T(a_date_keeps_its_day_in_every_zone),
		T(a_row_of_another_length_is_one_finding_not_the_end),
		T(line_breaks_in_quotes_are_kept_and_nothing_in_quotes_is_blank),
		T(one_file_has_one_delimiter),
		T(a_blank_line_is_a_record_only_where_there_is_one_column),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
