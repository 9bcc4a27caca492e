/* What can be done about a group of findings: which ways there are, and that each one mends what it was offered for. */
#include "plan_fixture.h"

#include "core/plan/fix.h"

#define MAP(rest) "{\"longshore_mapping\":1," rest "}"

/* A record's finding as the check would group it. */
static struct finding grouped(const struct plan_finding *f)
{
	struct finding g = { .rule = f->rule, .hint = f->hint, .count = 1, .example_record = 1 };

	snprintf(g.field, sizeof g.field, "%s", f->field);
	snprintf(g.message, sizeof g.message, "%.*s", (int)f->shared, f->message);
	snprintf(g.value, sizeof g.value, "%.*s", SLICE_ARGS(f->value));
	check_count_order(&g, f);
	return g;
}

struct fix_case {
	const char *header, *json, *cells;
	const char *texts; /* of the ways offered, between '|' */
	size_t take;       /* which of them */
	const char *to;    /* what the operator says, NULL: nothing */
	const char *line;  /* that is sent then */
	const char *say;   /* the same headless */
};

/* clang-format off */
static const struct fix_case cases[] = {
	{ "Name|Twin_A__c", "", "A|12345678901", "cut to 10 characters", 0, NULL, "A,1234567890", "\"cut\": true in the mapping" },
	{ "Name|Stage__c", "", "A|prospect", "prospect becomes Prospect (differs in case)", 0, NULL, "A,Prospect", "\"values\": {\"prospect\": \"Prospect\"} in the mapping (differs in case)" },
	{ "Name|Stage__c", "", "A|Prospekt", "Prospekt becomes Prospect (nearest)", 0, NULL, "A,Prospect", "\"values\": {\"Prospekt\": \"Prospect\"} in the mapping (nearest)" },
	{ "Name|Stage__c", "", "A|Prospekt", "Prospekt becomes Prospect (nearest)", 0, "Customer", "A,Customer", NULL },
	{ "Name|Stage__c", "", "A|n/a", "choose a value for n/a", 0, "Customer", "A,Customer", NULL },
	{ "Name|Stage__c", MAP("\"columns\":{\"Stage__c\":{\"to\":\"Stage__c\",\"values\":{\"x\":\"Prospect\",\"y\":\"Nobody\"}}}"), "A|y", "choose a value for Nobody", 0, "Customer", "! Stage__c: not in the restricted picklist: Nobody", NULL },
	{ "Name|Tags__c", "", "A|A;c D;B", "c D becomes C d (differs in case)", 0, NULL, "A,A;C d;B", NULL },
	{ "Name|Day__c", "", "A|03/04/2002", "the day first, then the month|the month first, then the day", 0, NULL, "A,2002-04-03", "--date-order dmy or mdy" },
	{ "Name|Day__c", "", "A|03/04/2002", "the day first, then the month|the month first, then the day", 1, NULL, "A,2002-03-04", "--date-order mdy" },
	{ "Name|Day__c", "", "A|02/13/2002", "the month first, then the day: no other order fits", 0, NULL, "A,2002-02-13", "--date-order mdy" },
	{ "Name|Day__c", "", "A|13/02/2002", "the day first, then the month: no other order fits", 0, NULL, "A,2002-02-13", "--date-order dmy" },
	{ "Name|Day__c", "", "A|2002/02/13", "the year first, then the month", 0, NULL, "A,2002-02-13", "--date-order ymd" },
	{ "Name|Day__c", "", "A|43831", "read the numbers as Excel's dates", 0, NULL, "A,2020-01-01", "\"excel_dates\": true in the mapping" },
	{ "Name|Moment__c", "", "A|2002-02-13 12:30:00", "say whose time it is", 0, "Europe/Berlin", "A,2002-02-13T11:30:00.000Z", "--time-zone NAME" },
	{ "Name|Amount__c", "", "A|1.234,50", "the comma stands before the decimals", 0, NULL, "A,1234.50", "\"decimal_comma\": true in the mapping" },
	{ "Name|Tel__c", "", "A|#N/A", "#N/A clears Tel__c|#N/A leaves Tel__c alone", 0, NULL, "A,#N/A", "--null-mark \"#N/A\" clears the field" },
	{ "Name|Tel__c", "", "A|#N/A", "#N/A clears Tel__c|#N/A leaves Tel__c alone", 1, NULL, "A,", NULL },
	{ "Name|Tel__c", "", "|1", "a value where the cell is blank", 0, "Nobody", "Nobody,1", "\"default\" in the mapping" },
	{ "Tel__c", "", "1", "the same value in every record", 0, "Nobody", "1,Nobody", "--set Name=VALUE" },
	{ "Name|Total__c", "", "A|1", "leave the column out", 0, NULL, "A", "leave its column out: --ignore" },
};
/* clang-format on */

static struct finding find(struct plan_fixture *s, const struct fix_case *c)
{
	assert_int_equal(fixture_plan(s, ACTION_INSERT, c->header, c->json), ERR_OK);
	fixture_line(s, 1, c->cells);
	assert_int_not_equal(s->line.finding_count, 0);
	return grouped(&s->line.findings[0]);
}

static void plan_again(struct plan_fixture *s)
{
	struct plan_request plan = { .object = s->object, .action = s->request.action, .mapping = s->mapping };

	plan_free(s->plan);
	s->plan = NULL;
	assert_int_equal(plan_new(&s->plan, &plan, &s->e), ERR_OK);
}

static void each_way_mends_what_it_was_offered_for(void **state)
{
	struct plan_fixture *s = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct fix_case *c = &cases[i];
		struct finding finding = find(s, c);
		struct fix fixes[FIX_MOST];
		size_t n = fix_list(s->plan, &finding, fixes);
		struct buf words;

		buf_init(&words, 4096);
		for (size_t k = 0; k < n; k++)
			buf_addf(&words, "%s%s", k ? "|" : "", fixes[k].text);
		assert_string_equal(buf_text(&words), c->texts);
		buf_clear(&words);
		fix_say(&fixes[c->take], &words);
		if (c->say)
			assert_string_equal(buf_text(&words), c->say);
		buf_release(&words);
		if (c->to)
			snprintf(fixes[c->take].to, sizeof fixes[c->take].to, "%s", c->to);
		assert_int_equal(fix_apply(&fixes[c->take], s->mapping, &s->request, &s->e), ERR_OK);
		plan_again(s);
		assert_string_equal(fixture_line(s, 1, c->cells), c->line);
	}
}

static void a_way_that_was_taken_is_written_with_the_mapping(void **state)
{
	struct plan_fixture *s = *state;
	static const struct fix_case c = { .header = "Name|Stage__c", .json = "", .cells = "A|Prospekt" };
	struct finding finding = find(s, &c);
	struct fix fixes[FIX_MOST];
	struct buf json;

	assert_int_equal(fix_list(s->plan, &finding, fixes), 1);
	assert_int_equal(fix_apply(&fixes[0], s->mapping, &s->request, &s->e), ERR_OK);
	buf_init(&json, 1 << 16);
	mapping_write(s->mapping, &s->request, false, &json);
	assert_int_equal(fixture_plan(s, ACTION_INSERT, c.header, buf_text(&json)), ERR_OK);
	assert_string_equal(fixture_line(s, 1, c.cells), "A,Prospect");
	buf_release(&json);
}

/* A mapping changes before the plan that was made of it goes. */
static void a_plan_ends_as_it_was_made(void **state)
{
	struct plan_fixture *s = *state;
	static const char *const names[] = { "Tel__c", "Notes__c",  "Amount__c", "Count__c",
		                             "Day__c", "Moment__c", "Mail__c",   "Site__c",
		                             "Ext__c", "Code__c",   "Big__c",    "Rate__c" };

	assert_int_equal(fixture_plan(s, ACTION_INSERT, "Name|a1|a2|a3|a4|a5|a6|a7|a8|a9|b1|b2|b3", ""),
	                 ERR_OK);
	assert_string_equal(fixture_line(s, 1, "A|1|2|3|4|5|6|7|8|9|10|11|12"), "A");
	for (size_t i = 0; i < 12; i++)
		assert_int_equal(mapping_set(s->mapping, &s->request, i + 1, names[i], &s->e), ERR_OK);
	plan_again(s);
	assert_string_equal(fixture_line(s, 1, "A|1|||||||||||"), "A,1,,,,,,,,,,,");
}

/* A second way does not undo the first, and both fields of a column that goes to two keep their cells' rules. */
static void ways_add_up(void **state)
{
	struct plan_fixture *s = *state;
	static const char *const cells[] = { "A|Prospekt", "A|Kustomer" };
	struct fix_case c = {
		.header = "Name|S",
		.json = MAP("\"columns\":{\"S\":{\"to\":[\"Stage__c\",\"Notes__c\"],\"trim\":true}}")
	};
	struct fix fixes[FIX_MOST];

	for (size_t i = 0; i < 2; i++) {
		struct finding finding;

		c.cells = cells[i];
		if (i == 0) {
			finding = find(s, &c);
		} else {
			fixture_line(s, 1, c.cells);
			finding = grouped(&s->line.findings[0]);
		}
		assert_int_equal(fix_list(s->plan, &finding, fixes), 1);
		assert_int_equal(fix_apply(&fixes[0], s->mapping, &s->request, &s->e), ERR_OK);
		plan_again(s);
	}
	assert_string_equal(fixture_line(s, 1, "A|Prospekt"), "A,Prospect,Prospect");
	assert_string_equal(fixture_line(s, 1, "A|Kustomer"), "A,Customer,Customer");
}

struct none_case {
	const char *header, *json, *cells;
};

/* clang-format off */
static const struct none_case none[] = {
	{ "Name|Mail__c", "", "A|ann@example.comxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" },
	{ "Name|Parent__r.Ext__c", "", "A|123456789012345678901" },
	{ "Name|Day__c", MAP("\"date_order\":\"mdy\""), "A|13/02/2002" },
	{ "Name|Day__c", "", "A|soon" },
	{ "Name", MAP("\"constants\":{\"Stage__c\":\"Prospekt\"}"), "A" },
	{ "Name|Tel__c", MAP("\"null_mark\":\"-\""), "-|1" },
};
/* clang-format on */

static void what_would_not_help_is_not_offered(void **state)
{
	struct plan_fixture *s = *state;

	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		struct fix_case c = { .header = none[i].header, .json = none[i].json, .cells = none[i].cells };
		struct finding finding = find(s, &c);
		struct fix fixes[FIX_MOST];

		if (fix_list(s->plan, &finding, fixes))
			fail_msg("%s: %s", none[i].cells, fixes[0].text);
	}
}

static void what_is_no_answer_is_refused(void **state)
{
	struct plan_fixture *s = *state;
	static const struct fix_case zone = { .header = "Name|Moment__c",
		                              .json = "",
		                              .cells = "A|2002-02-13 12:30:00" };
	static const struct fix_case value = { .header = "Name|Stage__c", .json = "", .cells = "A|n/a" };
	struct finding finding = find(s, &zone);
	struct fix fixes[FIX_MOST];

	assert_int_equal(fix_list(s->plan, &finding, fixes), 1);
	assert_string_equal(fix_wants(&fixes[0]), "a time zone");
	assert_int_equal(fix_apply(&fixes[0], s->mapping, &s->request, &s->e), ERR_USAGE);
	assert_string_equal(s->e.text, "say whose time it is: say a time zone for Moment__c");
	err_init(&s->e);
	snprintf(fixes[0].to, sizeof fixes[0].to, "PDT/Nowhere");
	assert_int_equal(fix_apply(&fixes[0], s->mapping, &s->request, &s->e), ERR_USAGE);
	assert_string_equal(s->e.text,
	                    "there is no time zone \"PDT/Nowhere\": name one like Europe/Berlin or UTC");
	finding = find(s, &value);
	assert_int_equal(fix_list(s->plan, &finding, fixes), 1);
	snprintf(fixes[0].to, sizeof fixes[0].to, "Nobody");
	assert_int_equal(fix_apply(&fixes[0], s->mapping, &s->request, &s->e), ERR_USAGE);
	assert_string_equal(s->e.text, "\"Nobody\" is no value of Stage__c: choose one of its picklist");
}

static void which_of_several_records_is_kept_is_a_choice_of_the_load(void **state)
{
	struct plan_fixture *s = *state;
	struct finding finding = { .rule = RULE_SAME_KEY, .field = "Ext__c" };
	struct fix fixes[FIX_MOST];

	assert_int_equal(fixture_plan(s, ACTION_INSERT, "Name|Ext__c", ""), ERR_OK);
	assert_int_equal(fix_list(s->plan, &finding, fixes), 3);
	assert_int_equal(fix_same_key(&fixes[0]), SAME_KEY_FIRST);
	assert_int_equal(fix_same_key(&fixes[2]), SAME_KEY_NONE);
	assert_int_equal(fix_apply(&fixes[1], s->mapping, &s->request, &s->e), ERR_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_way_mends_what_it_was_offered_for, fixture_begin,
		                                fixture_end),
		cmocka_unit_test_setup_teardown(a_way_that_was_taken_is_written_with_the_mapping, fixture_begin,
		                                fixture_end),
		cmocka_unit_test_setup_teardown(a_plan_ends_as_it_was_made, fixture_begin, fixture_end),
		cmocka_unit_test_setup_teardown(ways_add_up, fixture_begin, fixture_end),
		cmocka_unit_test_setup_teardown(what_would_not_help_is_not_offered, fixture_begin, fixture_end),
		cmocka_unit_test_setup_teardown(what_is_no_answer_is_refused, fixture_begin, fixture_end),
		cmocka_unit_test_setup_teardown(which_of_several_records_is_kept_is_a_choice_of_the_load,
		                                fixture_begin, fixture_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
