/* What would be written, but deserves a look: seen where it is, and nowhere else. */
#include "check_fixture.h"

#include "core/plan/fix.h"
#include "core/plan/looks.h"

static void check_text(struct setup *s, enum action action, const char *key, const char *text)
{
	const struct check_options options = { .same_key = SAME_KEY_NONE, .folder = s->folder };

	write_text(s, text);
	plan_file(s, action, key);
	assert_int_equal(check_run(&s->check, s->plan, s->source, &options, &s->e), ERR_OK);
}

/* "clears Code__c 2@3; ...": rule, field, records and the first of them. */
static void assert_looks(struct setup *s, const char *expected)
{
	char text[512] = "";

	for (size_t i = 0; i < s->check.look_count; i++) {
		const struct finding *f = &s->check.looks[i];

		snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s %s %lld@%lld", i ? "; " : "",
		         rule_name(f->rule), f->field, (long long)f->count, (long long)f->example_record);
	}
	assert_string_equal(text, expected);
	assert_int_equal(s->check.failing, 0);
}

static void a_field_that_is_cleared_is_counted(void **state)
{
	static const struct map_words words = { .rules = { .null_mark = { "-", 1 } } };
	struct setup *s = *state;

	s->words = &words;
	check_text(s, ACTION_UPSERT, "Ext__c",
	           "Ext__c,Name,Code__c,Tel__c\nA,One,x,-\nB,Two,,1\nC,Three,-,2\nD,Four,-,\n");
	assert_looks(s, "clears Code__c 2@3; clears Tel__c 1@1");
}

static void digits(char *text, size_t size, const char *lost)
{
	snprintf(text, size, "Ext__c,Name,Code__c\n");
	for (int i = 0; i < 20; i++)
		snprintf(text + strlen(text), size - strlen(text), "K%d,N%d,%s\n", i, i,
		         i == 7 || i == 12 ? lost : "80331");
}

static void a_lost_zero_shows_by_the_length_of_the_others(void **state)
{
	struct fix fixes[FIX_MOST];
	char text[1024];

	digits(text, sizeof text, "1067");
	check_text(*state, ACTION_UPSERT, "Ext__c", text);
	assert_looks(*state, "lost_zeros Code__c 2@8");
	assert_string_equal(((struct setup *)*state)->check.looks[0].message,
	                    "shorter than 5 digits, as the others are: a leading zero lost in Excel?");
	assert_int_equal(
		fix_list(((struct setup *)*state)->plan, &((struct setup *)*state)->check.looks[0], fixes), 1);
	assert_string_equal(fixes[0].text, "pad to 5 with 0");
	assert_int_equal(fixes[0].digits, 5);
}

static void a_zero_that_is_there_was_not_lost(void **state)
{
	char text[1024];

	digits(text, sizeof text, "01067");
	check_text(*state, ACTION_UPSERT, "Ext__c", text);
	assert_looks(*state, "");
}

static void texts_of_all_lengths_have_lost_nothing(void **state)
{
	check_text(
		*state, ACTION_UPSERT, "Ext__c",
		"Ext__c,Name,Code__c\nA,a,1\nB,b,12\nC,c,123\nD,d,1234\nE,e,12345\nF,f,123456\nG,g,7\nH,h,88\n"
		"I,i,999\nJ,j,1000\nK,k,10000\n");
	assert_looks(*state, "");
}

static void records_without_an_id_are_created_and_that_is_said(void **state)
{
	check_text(*state, ACTION_UPSERT, "Id", "Id,Name\na0S5e00000AbCdE,One\n,Two\n,Three\n");
	assert_looks(*state, "no_id Id 2@2");
}

static void ids_that_excel_takes_for_one_another(void **state)
{
	check_text(*state, ACTION_UPDATE, NULL,
	           "Id,Name\na0S5e00000AbCdE,One\na0S5e00000Other,Two\na0S5e00000ABCDe,Three\n");
	assert_looks(*state, "same_but_case Id 1@3");
}

static void ids_of_18_characters_differ_in_more_than_case(void **state)
{
	check_text(*state, ACTION_UPDATE, NULL, "Id,Name\na0S5e00000AbCdEEAV,One\na0S5e00000ABCDeEAP,Two\n");
	assert_looks(*state, "");
}

static void a_total_at_the_end(void **state)
{
	check_text(*state, ACTION_INSERT, NULL, "Name,Code__c,Count__c\nOne,x,1\nTwo,y,2\nSumme,,\n");
	assert_looks(*state, "total  1@3");
}

static void a_total_in_the_middle_is_a_name(void **state)
{
	check_text(*state, ACTION_INSERT, NULL, "Name,Code__c,Count__c\nTotal,,\nTwo,y,2\nTotal,z,3\n");
	assert_looks(*state, "");
}

static void as_many_records_as_excel_writes(void **state)
{
	struct setup *s = *state;
	const struct check_options options = { .folder = s->folder };
	FILE *f = new_file(s);

	fputs("Name\n", f);
	for (int i = 1; i <= LOOKS_EXCEL_RECORDS; i++)
		fprintf(f, "N%d\n", i);
	fclose(f);
	plan_file(s, ACTION_INSERT, NULL);
	assert_int_equal(check_run(&s->check, s->plan, s->source, &options, &s->e), ERR_OK);
	assert_looks(s, "excel_end  1@1048575");
}

static void a_value_that_is_not_offered_for_that_of_another_field(void **state)
{
	check_text(
		*state, ACTION_INSERT, NULL,
		"Name,Stage__c,Part__c,Flag__c,Parts__c\nOne,Prospect,Small,true,On\nTwo,Customer,Small,false,"
		"Off\n"
		"Three,Customer,Large,1,Off\nFour,,Large,no,On;Off\nFive,Prospect,Any,yes,On\nSix,Prospect,"
		"Other,,\n");
	assert_looks(*state, "dependent Part__c 1@2; dependent Parts__c 2@3");
	assert_string_equal(((struct setup *)*state)->check.looks[0].message,
	                    "a value that is not offered for that of Stage__c");
}

static void where_its_controller_is_not_sent_nobody_knows(void **state)
{
	check_text(*state, ACTION_INSERT, NULL, "Name,Part__c\nOne,Small\nTwo,Large\n");
	assert_looks(*state, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_field_that_is_cleared_is_counted),
		TEST(a_lost_zero_shows_by_the_length_of_the_others),
		TEST(a_zero_that_is_there_was_not_lost),
		TEST(texts_of_all_lengths_have_lost_nothing),
		TEST(records_without_an_id_are_created_and_that_is_said),
		TEST(ids_that_excel_takes_for_one_another),
		TEST(ids_of_18_characters_differ_in_more_than_case),
		TEST(a_total_at_the_end),
		TEST(a_total_in_the_middle_is_a_name),
		TEST(as_many_records_as_excel_writes),
		TEST(a_value_that_is_not_offered_for_that_of_another_field),
		TEST(where_its_controller_is_not_sent_nobody_knows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
