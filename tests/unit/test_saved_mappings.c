/* Mappings saved under a name: found again, replaced, listed with those of the same columns first. */
#include "store_fixture.h"

#include "store/mappings.h"

static void save(const char *name, const char *object, const char *columns, const char *json)
{
	struct saved_mapping m = { 0 };

	snprintf(m.name, sizeof m.name, "%s", name);
	snprintf(m.object, sizeof m.object, "%s", object);
	snprintf(m.action, sizeof m.action, "upsert");
	snprintf(m.external_id, sizeof m.external_id, "Ext__c");
	snprintf(m.columns, sizeof m.columns, "%s", columns);
	time_ms += 1000;
	assert_ok(saved_mapping_put(journal, &m, slice_of(json), &failure));
	assert_int_equal(m.saved_ms, time_ms);
}

static void one_is_found_by_its_name_as_it_was_saved_last(void **unused)
{
	struct saved_mapping m;
	struct buf json;

	(void)unused;
	save("weekly", "Account", "aa", "{\"old\": 1}");
	save("weekly", "Contact", "bb", "{\"new\": \"\xc3\xbc\"}");
	buf_init(&json, 1000);
	assert_ok(saved_mapping_get(journal, "weekly", &m, &json, &failure));
	assert_string_equal(buf_text(&json), "{\"new\": \"\xc3\xbc\"}");
	assert_string_equal(m.object, "Contact");
	assert_string_equal(m.action, "upsert");
	assert_string_equal(m.external_id, "Ext__c");
	assert_string_equal(m.columns, "bb");
	assert_int_equal(m.saved_ms, time_ms);
	buf_release(&json);
}

static void one_that_is_not_there_is_told_with_those_that_are(void **unused)
{
	struct saved_mapping m;

	(void)unused;
	assert_int_equal(saved_mapping_get(journal, "weekly", &m, NULL, &failure), ERR_USAGE);
	assert_string_equal(failure.text,
	                    "there is no saved mapping \"weekly\": none was saved yet, m on the Mapping "
	                    "screen does");
	err_init(&failure);
	save("monthly", "Account", "aa", "{}");
	save("daily", "Account", "aa", "{}");
	assert_int_equal(saved_mapping_get(journal, "weekly", &m, NULL, &failure), ERR_USAGE);
	assert_string_equal(failure.text, "there is no saved mapping \"weekly\": there are daily, monthly");
	err_init(&failure);
	assert_ok(saved_mapping_remove(journal, "daily", &failure));
	assert_ok(saved_mapping_remove(journal, "daily", &failure));
	assert_int_equal(saved_mapping_get(journal, "daily", &m, NULL, &failure), ERR_USAGE);
	err_init(&failure);
}

static void those_of_the_same_columns_come_first(void **unused)
{
	struct saved_mapping list[3];

	(void)unused;
	save("a", "Account", "same", "{}");
	save("b", "Account", "other", "{}");
	save("c", "account", "same", "{}");
	save("d", "Contact", "same", "{}");
	save("e", "Account", "other", "{}");
	assert_int_equal(saved_mapping_list(journal, "Account", "same", list, 3, &failure), 3);
	assert_string_equal(list[0].name, "c");
	assert_string_equal(list[1].name, "a");
	assert_string_equal(list[2].name, "e");
	assert_int_equal(saved_mapping_list(journal, "Lead", "same", list, 3, &failure), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_is_found_by_its_name_as_it_was_saved_last, make_journal,
		                                remove_state),
		cmocka_unit_test_setup_teardown(one_that_is_not_there_is_told_with_those_that_are, make_journal,
		                                remove_state),
		cmocka_unit_test_setup_teardown(those_of_the_same_columns_come_first, make_journal,
		                                remove_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
