/* How a mapping has cells read: rules of single columns and of all, columns that are split and joined, constants, and what a
 * command says on top of it. */
#include "plan_fixture.h"

#define MAP(rest) "{\"longshore_mapping\":1," rest "}"

struct rule_case {
	const char *header, *json, *cells, *line;
};

/* clang-format off */
static const struct rule_case rule_cases[] = {
	/* null marks */
	{ "Name|Tel__c", MAP("\"null_mark\":\"-\""), "A|-", "A,#N/A" },
	{ "Name|Tel__c", MAP("\"null_mark\":\"-\""), "A| - ", "A,#N/A" },
	{ "Name|Tel__c", MAP("\"null_mark\":\"-\""), "A|#N/A", "! Tel__c: #N/A: clear the field, or an empty lookup in Excel?" },
	{ "Name|Tel__c", MAP("\"null_mark\":\"#N/A\""), "A|#N/A", "A,#N/A" },
	{ "Name|Tel__c", MAP("\"null_mark\":\"-\",\"columns\":{\"Tel__c\":{\"to\":\"Tel__c\",\"null_mark\":\"?\"}}"), "A|?", "A,#N/A" },
	{ "Name|Tel__c", MAP("\"null_mark\":\"-\",\"columns\":{\"Tel__c\":{\"to\":\"Tel__c\",\"null_mark\":\"?\"}}"), "A|-", "A,-" },
	{ "Name|Tel__c", MAP("\"null_mark\":\"-\""), "-|1", "! Name: required, but null" },
	/* blank cells */
	{ "Name|Tel__c", MAP("\"blank\":\"null\""), "A| ", "A,#N/A" },
	{ "Name|Tel__c", MAP("\"blank\":\"leave\""), "A| ", "A," },
	{ "Name|Tel__c|Day__c", MAP("\"blank\":\"null\",\"columns\":{\"Day__c\":{\"to\":\"Day__c\",\"blank\":\"leave\"}}"), "A||", "A,#N/A," },
	{ "Name|Flag__c", MAP("\"blank\":\"null\""), "A|", "! Flag__c: null, but it cannot be cleared" },
	{ "Name|Tel__c", MAP("\"blank\":\"null\""), "|1", "! Name: required, but empty" },
	{ "Name|Tel__c", MAP("\"columns\":{\"Tel__c\":{\"to\":\"Tel__c\",\"default\":\"none\"}}"), "A| ", "A,none" },
	{ "N", MAP("\"columns\":{\"N\":{\"to\":\"Name\",\"default\":\"Nobody\"}}"), " ", "Nobody" },
	{ "Name|Day__c", MAP("\"columns\":{\"Day__c\":{\"to\":\"Day__c\",\"default\":\"soon\"}}"), "A|", "! Day__c: not a date yyyy-MM-dd: \"soon\"" },
	/* values by a table */
	{ "Name|S", MAP("\"columns\":{\"S\":{\"to\":\"Stage__c\",\"values\":{\"P\":\"Prospect\",\"C\":\"Customer\",\"x\":null,\"n\":\"\"}}}"), "A|P", "A,Prospect" },
	{ "Name|S", MAP("\"columns\":{\"S\":{\"to\":\"Stage__c\",\"values\":{\"P\":\"Prospect\",\"C\":\"Customer\",\"x\":null,\"n\":\"\"}}}"), "A| C ", "A,Customer" },
	{ "Name|S", MAP("\"columns\":{\"S\":{\"to\":\"Stage__c\",\"values\":{\"P\":\"Prospect\",\"C\":\"Customer\",\"x\":null,\"n\":\"\"}}}"), "A|x", "A,#N/A" },
	{ "Name|S", MAP("\"columns\":{\"S\":{\"to\":\"Stage__c\",\"values\":{\"P\":\"Prospect\",\"C\":\"Customer\",\"x\":null,\"n\":\"\"}}}"), "A|n", "A," },
	{ "Name|S", MAP("\"columns\":{\"S\":{\"to\":\"Stage__c\",\"values\":{\"P\":\"Prospect\",\"C\":\"Customer\",\"x\":null,\"n\":\"\"}}}"), "A|p", "! Stage__c: not in the restricted picklist: p" },
	{ "Name|S", MAP("\"columns\":{\"S\":{\"to\":\"Stage__c\",\"values\":{\"\":\"Prospect\"}}}"), "A| ", "A,Prospect" },
	/* trim and cut */
	{ "Name", MAP("\"trim\":true"), "  Ann  ", "Ann" },
	{ "Name", MAP("\"trim\":false"), "  Ann", "\"  Ann\"" },
	{ "Name|Twin_A__c", MAP("\"cut\":true"), "A|12345678901", "A,1234567890" },
	{ "Name|Twin_A__c", MAP("\"cut\":true"), "A|M\xc3\xbcller\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc", "A,M\xc3\xbcller\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc" },
	{ "Name|Parent__r.Ext__c", MAP("\"cut\":true"), "A|123456789012345678901", "! Parent__r.Ext__c: longer than 20 characters: 21" },
	/* zeros in front */
	{ "Name|Tel__c", MAP("\"columns\":{\"Tel__c\":{\"to\":\"Tel__c\",\"pad\":5}}"), "A| 1067 ", "A,01067" },
	{ "Name|Tel__c", MAP("\"columns\":{\"Tel__c\":{\"to\":\"Tel__c\",\"pad\":5}}"), "A|123456", "A,123456" },
	{ "Name|Tel__c", MAP("\"columns\":{\"Tel__c\":{\"to\":\"Tel__c\",\"pad\":5}}"), "A|D-67", "A,D-67" },
	{ "Name|Tel__c", MAP("\"columns\":{\"Tel__c\":{\"to\":\"Tel__c\",\"pad\":5}}"), "A|", "A," },
	{ "Name|Tel__c", MAP("\"columns\":{\"Tel__c\":{\"to\":\"Tel__c\",\"pad\":5,\"values\":{\"x\":\"7\"},\"default\":\"1\"}}"), "A|x", "A,00007" },
	{ "A|B", MAP("\"joined\":[{\"columns\":[\"A\",\"B\"],\"with\":\"\",\"to\":\"Name\",\"pad\":4}]"), "1|2", "0012" },
	/* dates, numbers, words */
	{ "Name|Day__c", MAP("\"date_order\":\"mdy\""), "A|02/13/2002", "A,2002-02-13" },
	{ "Name|Day__c", MAP("\"date_order\":\"mdy\""), "A|13/02/2002", "! Day__c: not a date yyyy-MM-dd, it looks like month/day/year or day/month/year: \"13/02/2002\"" },
	{ "Name|Moment__c", MAP("\"date_order\":\"dmy\",\"time_zone\":\"Europe/Berlin\""), "A|13/02/2002 12:30", "A,2002-02-13T11:30:00.000Z" },
	{ "Name|Moment__c", MAP("\"time_zone\":\"Europe/Berlin\""), "A|2002-02-13", "A,2002-02-12T23:00:00.000Z" },
	{ "Name|Moment__c", MAP("\"time_zone\":\"Europe/Berlin\""), "A|2002-02-13T12:30:00Z", "A,2002-02-13T12:30:00.000Z" },
	{ "Name|Day__c", MAP("\"excel_dates\":true"), "A|43831", "A,2020-01-01" },
	{ "Name|Moment__c", MAP("\"excel_dates\":true,\"time_zone\":\"UTC\""), "A|43831.5", "A,2020-01-01T12:00:00.000Z" },
	{ "Name|Amount__c", MAP("\"decimal_comma\":true"), "A|1.234.567,89", "A,1234567.89" },
	{ "Name|Amount__c", MAP("\"decimal_comma\":true"), "A|-7,5", "A,-7.5" },
	{ "Name|Count__c", MAP("\"decimal_comma\":true"), "A|1.234", "A,1234" },
	{ "Name|Amount__c", MAP("\"decimal_comma\":true"), "A|1.5", "! Amount__c: not a number with a decimal comma: \"1.5\"" },
	{ "Name|Amount__c", MAP("\"decimal_comma\":true"), "A|1,234,5", "! Amount__c: not a number with a decimal comma: \"1,234,5\"" },
	{ "Name|Flag__c", MAP("\"true\":[\"ja\",\"X\"],\"false\":\"nein\""), "A|JA", "A,true" },
	{ "Name|Flag__c", MAP("\"true\":[\"ja\",\"X\"],\"false\":\"nein\""), "A|nein", "A,false" },
	{ "Name|Flag__c", MAP("\"true\":[\"ja\",\"X\"],\"false\":\"nein\""), "A|no", "A,false" },
	/* one column to several fields, several to one */
	{ "N", MAP("\"columns\":{\"N\":[\"Name\",\"Notes__c\"]}"), "A", "A,A" },
	{ "N|T", MAP("\"columns\":{\"T\":\"Tel__c\",\"N\":{\"to\":[\"Name\",\"Notes__c\"],\"trim\":true}}"), " A |1", "A,A,1" },
	{ "First|Last", MAP("\"joined\":[{\"columns\":[\"First\",\"last\"],\"to\":\"Name\"}]"), " Ann |Lee", "Ann Lee" },
	{ "First|Last", MAP("\"joined\":[{\"columns\":[\"Last\",\"First\"],\"with\":\", \",\"to\":[\"Name\",\"Notes__c\"]}]"), "Ann|Lee", "\"Lee, Ann\",\"Lee, Ann\"" },
	{ "First|Last", MAP("\"joined\":[{\"columns\":[\"First\",\"Last\"],\"to\":\"Name\"}]"), "|Lee", "Lee" },
	{ "First|Last", MAP("\"joined\":[{\"columns\":[\"First\",\"Last\"],\"to\":\"Name\",\"default\":\"Nobody\"}]"), " | ", "Nobody" },
	{ "Name|Tel__c", MAP("\"joined\":[{\"columns\":[\"Name\",\"Tel__c\"],\"with\":\"/\",\"to\":\"Notes__c\"}]"), "A|1", "A,A/1,1" },
	{ "Name|D", MAP("\"columns\":{\"D\":{\"to\":\"Day__c\",\"date_order\":\"mdy\"}},\"joined\":[{\"columns\":[\"D\"],\"to\":\"Notes__c\"}]"), "A|2/13/2002", "A,2002-02-13,2/13/2002" },
	/* constants */
	{ "Name", MAP("\"constants\":{\"Notes__c\":\"{run}-{record} of {file}, {date}, {user}, {{run}\"}"), "A", "A,\"57-9 of in.csv, 2026-11-24, ann@example.com, {run}\"" },
	{ "Name", MAP("\"constants\":{\"Count__c\":\"{record}\"}"), "A", "A,9" },
	{ "Name", MAP("\"constants\":{\"Day__c\":\"{date}\"}"), "A", "A,2026-11-24" },
	{ "Name", MAP("\"constants\":{\"Tel__c\":\"#N/A\"}"), "A", "! Tel__c: #N/A: clear the field, or an empty lookup in Excel?" },
};
/* clang-format on */

static const struct constant_facts facts = {
	57, { "in.csv", 6 }, { "2026-11-24", 10 }, { "ann@example.com", 15 }
};

static void cells_are_read_by_their_rules(void **state)
{
	struct plan_fixture *s = *state;

	s->facts = facts;
	for (size_t i = 0; i < sizeof rule_cases / sizeof rule_cases[0]; i++) {
		const struct rule_case *c = &rule_cases[i];

		if (fixture_plan(s, ACTION_INSERT, c->header, c->json) != ERR_OK)
			fail_msg("%s: %s", c->json, s->e.text);
		assert_string_equal(fixture_line(s, 9, c->cells), c->line);
	}
}

/* The run goes on with what was written for it, whatever is so now. */
static void a_mapping_written_for_a_run_sends_the_same_again(void **state)
{
	struct plan_fixture *s = *state;
	struct buf written, again;

	buf_init(&written, 1 << 16);
	buf_init(&again, 1 << 16);
	for (size_t i = 0; i < sizeof rule_cases / sizeof rule_cases[0]; i++) {
		const struct rule_case *c = &rule_cases[i];

		s->facts = facts;
		assert_int_equal(fixture_plan(s, ACTION_INSERT, c->header, c->json), ERR_OK);
		buf_clear(&written);
		mapping_write(s->mapping, &s->request, true, &written);
		s->facts = (struct constant_facts){ .run = 57 };
		if (fixture_plan(s, ACTION_INSERT, c->header, buf_text(&written)) != ERR_OK)
			fail_msg("%s: %s", buf_text(&written), s->e.text);
		assert_string_equal(fixture_line(s, 9, c->cells), c->line);
		buf_clear(&again);
		mapping_write(s->mapping, &s->request, true, &again);
		assert_string_equal(buf_text(&again), buf_text(&written));
	}
	buf_release(&written);
	buf_release(&again);
}

static void a_new_load_by_an_old_mapping_has_its_own_facts(void **state)
{
	struct plan_fixture *s = *state;

	s->facts = facts;
	assert_int_equal(fixture_plan(s, ACTION_INSERT, "Name",
	                              MAP("\"constants\":{\"Notes__c\":\"{file} {date}\"},\"known\":{\"file\":"
	                                  "\"old.csv\",\"date\":\"2020-01-01\",\"user\":\"bob\"}")),
	                 ERR_OK);
	assert_string_equal(fixture_line(s, 1, "A"), "A,in.csv 2026-11-24");
}

static void what_is_wrong_in_a_mapping_is_said_with_its_place(void **state)
{
	static const struct {
		const char *json, *says;
	} cases[] = {
		{ MAP("\"columns\":{\"A\":{\"to\":\"Name\",\"dafault\":\"x\"}}"),
		  "the mapping's column \"A\": \"dafault\" is none of what may stand there" },
		{ MAP("\"columns\":{\"A\":{\"default\":\"x\"}}"),
		  "the mapping's column \"A\": \"to\" is missing" },
		{ MAP("\"columns\":{\"A\":{\"to\":\"Name\",\"default\":\"#N/A\"}}"),
		  "the mapping's column \"A\": \"default\" must be a value" },
		{ MAP("\"columns\":{\"A\":{\"to\":\"Name\",\"blank\":\"zero\"}}"),
		  "column \"A\": \"blank\" must be \"leave\" or \"null\"" },
		{ MAP("\"columns\":{\"A\":{\"to\":\"Name\",\"trim\":\"yes\"}}"),
		  "column \"A\": \"trim\" must be true or false" },
		{ MAP("\"columns\":{\"A\":{\"to\":\"Name\",\"pad\":0}}"),
		  "column \"A\": \"pad\" must be a whole number from 1 to 40" },
		{ MAP("\"pad\":5"), "\"pad\", which is none of" },
		{ MAP("\"columns\":{\"A\":{\"to\":\"Name\",\"values\":[]}}"),
		  "column \"A\": \"values\" must be" },
		{ MAP("\"columns\":{\"A\":{\"to\":\"Name\",\"values\":{\"x\":1}}}"),
		  "column \"A\": \"x\" must be a text, or null" },
		{ MAP("\"columns\":{\"A\":[\"Name\",7]}"), "column \"A\": \"to\" must be a text" },
		{ MAP("\"columns\":{\"A\":[\"Name\",\"name\"]}"), "two columns to Name" },
		{ MAP("\"date_order\":\"xyz\""), "\"date_order\" must be \"ymd\", \"mdy\" or \"dmy\"" },
		{ MAP("\"default\":\"x\""), "\"default\", which is none of" },
		{ MAP("\"time_zone\":\"PDT\""), "there is no time zone \"PDT\"" },
		{ MAP("\"joined\":{}"), "\"joined\" must be a list of objects" },
		{ MAP("\"joined\":[{\"to\":\"Name\"}]"), "joined, entry 1: \"columns\" must be a list" },
		{ MAP("\"joined\":[{\"columns\":[\"A\",\"Gone\"],\"to\":\"Name\"}]"),
		  "names column \"Gone\", which the file does not have" },
		{ MAP("\"joined\":[{\"columns\":[\"A\",\"B\"],\"to\":\"Nome\"}]"), "Nome of Sample__c" },
		{ MAP("\"constants\":{\"Name\":\"{recrod}\"}"),
		  "the constant for Name, \"{recrod}\": a constant knows {run}" },
		{ MAP("\"object\":\"Lead\""), "the mapping is for Lead, the load is for Sample__c" },
	};
	struct plan_fixture *s = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(fixture_plan(s, ACTION_INSERT, "A|B|Name", cases[i].json), ERR_USAGE);
		if (!strstr(s->e.text, cases[i].says))
			fail_msg("%s: %s", cases[i].json, s->e.text);
	}
}

static void what_a_command_says_goes_before_the_file(void **state)
{
	static const char *const set[] = { "Notes__c=by hand", "tel__c=2", "Name=x=y" };
	static const char *const ignore[] = { " a ", "Day__c" };
	struct plan_fixture *s = *state;

	s->words = (struct map_words){ set, 3, ignore, 2, { .null_mark = slice_of("-") } };
	assert_int_equal(fixture_plan(s, ACTION_INSERT, "A|B|Name|Day__c|Mail__c",
	                              MAP("\"null_mark\":\"?\",\"columns\":{\"A\":\"Site__c\",\"B\":"
	                                  "\"Tel__c\"},\"constants\":{\"Notes__c\":\"file\"}")),
	                 ERR_OK);
	assert_string_equal(fixture_line(s, 1, "a|b|n|2026-01-01|-"), "#N/A,by hand,2,x=y");
	assert_string_equal(s->mapping->not_loaded_why[0], "left out by --ignore");
	assert_string_equal(s->mapping->not_loaded_why[1], "Tel__c has a constant");
	assert_string_equal(s->mapping->not_loaded_why[2], "Name has a constant");
	assert_string_equal(s->mapping->not_loaded_why[3], "left out by --ignore");
}

static void a_command_that_cannot_be_followed_is_refused(void **state)
{
	static const struct {
		const char *set, *ignore, *says;
	} cases[] = {
		{ "Name", NULL, "--set takes FIELD=VALUE, not \"Name\"" },
		{ "=x", NULL, "--set takes FIELD=VALUE" },
		{ "Name=", NULL, "--set takes FIELD=VALUE" },
		{ "Nome=x", NULL, "Nome of Sample__c" },
		{ NULL, "Gone", "--ignore names column \"Gone\", which the file does not have" },
	};
	struct plan_fixture *s = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		s->words = (struct map_words){ &cases[i].set,
			                       cases[i].set != NULL,
			                       &cases[i].ignore,
			                       cases[i].ignore != NULL,
			                       { .blank = BLANK_NOTHING_SAID } };
		assert_int_equal(fixture_plan(s, ACTION_INSERT, "Name", ""), ERR_USAGE);
		if (!strstr(s->e.text, cases[i].says))
			fail_msg("%s", s->e.text);
	}
}

static void a_time_that_comes_twice_is_the_first_and_is_counted(void **state)
{
	struct plan_fixture *s = *state;

	assert_int_equal(
		fixture_plan(s, ACTION_INSERT, "Name|Moment__c", MAP("\"time_zone\":\"Europe/Berlin\"")),
		ERR_OK);
	assert_string_equal(fixture_line(s, 1, "A|2026-10-25 02:30"), "A,2026-10-25T00:30:00.000Z");
	assert_true(s->line.twice);
	assert_string_equal(fixture_line(s, 2, "A|2026-10-25 03:30"), "A,2026-10-25T02:30:00.000Z");
	assert_false(s->line.twice);
	assert_string_equal(
		fixture_line(s, 3, "A|2026-03-29 02:30"),
		"! Moment__c: not a date-time: no clock of Europe/Berlin shows it, they are put forward "
		"over it: \"2026-03-29 02:30\"");
	assert_string_equal(fixture_line(s, 4, "A|"), "A,");
	assert_false(s->line.twice);
}

static void of_a_result_file_only_failed_and_skipped_records_go(void **state)
{
	static const char header[] = "Name|longshore_record|Longshore_State|longshore_error_code";
	struct plan_fixture *s = *state;

	assert_int_equal(fixture_plan(s, ACTION_INSERT, header, ""), ERR_OK);
	assert_int_equal(s->mapping->count, 1);
	assert_string_equal(s->mapping->not_loaded_why[1], "a column of a result file, not of its source");
	assert_string_equal(fixture_line(s, 1, "A|17|failed|X"), "A");
	assert_string_equal(fixture_line(s, 2, "B|18| skipped |"), "B");
	fixture_line(s, 3, "C|19|written|");
	assert_int_equal(s->line.before, BEFORE_WRITTEN);
	assert_int_equal(s->line.finding_count, 0);
	fixture_line(s, 4, "C|19|in_doubt|");
	assert_int_equal(s->line.before, BEFORE_IN_DOUBT);
	fixture_line(s, 5, "C|19|pending|");
	assert_int_equal(s->line.before, BEFORE_PENDING);
	assert_string_equal(fixture_line(s, 6, "C|19||"),
	                    "! longshore_state: none of written, failed, skipped, in_doubt and pending");
	assert_string_equal(
		fixture_line(s, 7, "C|19|done|"),
		"! longshore_state: none of written, failed, skipped, in_doubt and pending: \"done\"");
	assert_int_equal(s->line.before, BEFORE_NOTHING);
	assert_int_equal(
		fixture_plan(s, ACTION_INSERT, header, MAP("\"columns\":{\"longshore_record\":\"Tel__c\"}")),
		ERR_USAGE);
	assert_int_equal(
		fixture_plan(
			s, ACTION_INSERT, header,
			MAP("\"joined\":[{\"columns\":[\"Name\",\"longshore_state\"],\"to\":\"Tel__c\"}]")),
		ERR_USAGE);
	assert_int_equal(fixture_plan(s, ACTION_INSERT, header, MAP("\"columns\":{\"longshore_record\":null}")),
	                 ERR_OK);
	assert_int_equal(mapping_set(s->mapping, &s->request, 2, "Tel__c", &s->e), ERR_USAGE);
}

#define T(test) cmocka_unit_test_setup_teardown(test, fixture_begin, fixture_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(cells_are_read_by_their_rules),
		T(a_mapping_written_for_a_run_sends_the_same_again),
		T(a_new_load_by_an_old_mapping_has_its_own_facts),
		T(what_is_wrong_in_a_mapping_is_said_with_its_place),
		T(what_a_command_says_goes_before_the_file),
		T(a_command_that_cannot_be_followed_is_refused),
		T(a_time_that_comes_twice_is_the_first_and_is_counted),
		T(of_a_result_file_only_failed_and_skipped_records_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
