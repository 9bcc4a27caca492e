/* Which column goes where: by the header alone, by a mapping file, and by a person's choice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <jansson.h>

#include "core/plan/mapping.h"
#include "describe_file.h"

enum { MOST = 16 };

struct setup {
	struct object *object, *account, *contact;
	const struct object *parents[2];
	struct slice columns[MOST];
	struct mapping_request request;
	struct mapping *mapping;
	struct err e;
};

static int begin(void **state)
{
	static struct setup s;

	s = (struct setup){ .object = object_from_file("Sample__c"),
		            .account = object_from_file("Account"),
		            .contact = object_from_file("Contact") };
	s.parents[0] = s.account;
	s.parents[1] = s.contact;
	err_init(&s.e);
	*state = &s;
	return 0;
}

static int end(void **state)
{
	struct setup *s = *state;

	mapping_free(s->mapping);
	object_free(s->object);
	object_free(s->account);
	object_free(s->contact);
	return 0;
}

/* `header` has its columns between '|'. */
static enum err_code map(struct setup *s, const struct object *object, enum action action, const char *header,
                         const char *json)
{
	s->request = (struct mapping_request){ .object = object,
		                               .parents = s->parents,
		                               .parent_count = 2,
		                               .action = action,
		                               .columns = s->columns,
		                               .map_json = slice_of(json) };
	for (const char *at = header; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL)
		s->columns[s->request.column_count++] = (struct slice){ at, strcspn(at, "|") };
	mapping_free(s->mapping);
	err_init(&s->e);
	return mapping_new(&s->mapping, &s->request, &s->e);
}

static const char *to(const struct setup *s, size_t column)
{
	return s->mapping->by_column[column] ? s->mapping->by_column[column]->name : NULL;
}

static void a_header_is_matched_by_name_or_label_without_case(void **state)
{
	struct setup *s = *state;

	assert_int_equal(map(s, s->object, ACTION_INSERT, "ext__C| Sample Name |DAY|Fav colour|", NULL),
	                 ERR_OK);
	assert_string_equal(to(s, 0), "Ext__c");
	assert_string_equal(s->mapping->by_column[0]->why, "API name");
	assert_string_equal(to(s, 1), "Name");
	assert_string_equal(s->mapping->by_column[1]->why, "label");
	assert_string_equal(to(s, 2), "Day__c");
	assert_null(to(s, 3));
	assert_string_equal(s->mapping->not_loaded_why[3], "no field of this name");
	assert_string_equal(s->mapping->not_loaded_why[4], "a column without a name");
	assert_int_equal(s->mapping->count, 3);
	assert_int_equal(s->mapping->entries[2].column, 2);
}

static void an_api_name_beats_a_label_that_stands_before_it(void **state)
{
	struct setup *s = *state;

	assert_int_equal(map(s, s->object, ACTION_INSERT, "Sample Name|Name", NULL), ERR_OK);
	assert_null(to(s, 0));
	assert_string_equal(s->mapping->not_loaded_why[0], "Name comes from column \"Name\"");
	assert_string_equal(to(s, 1), "Name");
}

static void a_label_of_two_fields_is_not_guessed(void **state)
{
	struct setup *s = *state;

	assert_int_equal(map(s, s->object, ACTION_INSERT, "Twin|Name", NULL), ERR_OK);
	assert_null(to(s, 0));
	assert_string_equal(s->mapping->not_loaded_why[0], "the label of several fields: Twin_A__c, Twin_B__c");
}

static void a_lookup_by_external_id_gets_the_describes_spelling(void **state)
{
	struct setup *s = *state;
	static const char *const spellings[] = { "reportsto.email", "ReportsTo:EMAIL",
		                                 "Contact:ReportsTo.Email", "ReportsTo:Contact-Email" };

	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(map(s, s->contact, ACTION_INSERT, spellings[i], NULL), ERR_OK);
		assert_string_equal(to(s, 0), "ReportsTo.Email");
		assert_string_equal(s->mapping->entries[0].field->name, "ReportsToId");
		assert_string_equal(s->mapping->entries[0].far->name, "Email");
		assert_string_equal(s->mapping->entries[0].why, "relationship");
	}
	assert_int_equal(map(s, s->object, ACTION_INSERT, "Parent__r.Ext__c", NULL), ERR_OK);
	assert_string_equal(to(s, 0), "Parent__r.Ext__c");
}

/* Of several objects the one that is meant stands in the payload's header (salesforce-api.md C10). */
static void a_lookup_of_several_objects_names_the_one(void **state)
{
	struct setup *s = *state;
	static const char *const spellings[] = { "Who:Contact-Email", "contact:who.email",
		                                 "WHO:CONTACT-EMAIL" };
	struct object *event = object_from_file("Event");
	const char *names[4];

	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(map(s, event, ACTION_INSERT, spellings[i], NULL), ERR_OK);
		assert_string_equal(to(s, 0), "Contact:Who.Email");
		assert_string_equal(s->mapping->entries[0].field->name, "WhoId");
		assert_string_equal(s->mapping->entries[0].parent, "Contact");
		assert_int_equal(mapping_parents(&s->request, names, 4), 1);
		assert_string_equal(names[0], "Contact");
	}
	assert_int_equal(map(s, event, ACTION_INSERT, "Guest",
	                     "{\"longshore_mapping\":1,\"columns\":{\"Guest\":\"Who:Contact-Email\"}}"),
	                 ERR_OK);
	assert_string_equal(to(s, 0), "Contact:Who.Email");
	assert_int_equal(map(s, event, ACTION_INSERT, "Who.Email", NULL), ERR_OK);
	assert_string_equal(s->mapping->not_loaded_why[0],
	                    "WhoId points to several objects: name one, as in Contact:Who.Email");
	mapping_free(s->mapping);
	s->mapping = NULL;
	object_free(event);
}

static void a_lookup_that_cannot_be_followed_is_not_loaded_and_says_why(void **state)
{
	static const struct {
		const char *column, *why;
	} cases[] = {
		{ "Owner.Username", "OwnerId points to several objects: name one, as in Group:Owner.Username" },
		{ "User:Owner.Username", "the describe of User is not at hand" },
		{ "Account:Owner.Name", "OwnerId points to Group, User, not to Account" },
		{ "Account__r.Site", "Site of Account is no external id" },
		{ "Account__r.Nothing", "Account has no field of this name" },
		{ "Contact:Account__r.Name", "Account__c points to Account only" },
		{ "Nobody.Name", "no field of this name" },
	};
	struct setup *s = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(map(s, s->object, ACTION_INSERT, cases[i].column, NULL), ERR_OK);
		assert_null(to(s, 0));
		assert_string_equal(s->mapping->not_loaded_why[0], cases[i].why);
	}
	s->parents[0] = s->contact;
	assert_int_equal(map(s, s->object, ACTION_INSERT, "Account__r.Id", NULL), ERR_OK);
	assert_string_equal(s->mapping->not_loaded_why[0], "the describe of Account is not at hand");
}

static void an_id_and_a_lookup_of_the_same_field_do_not_both_go(void **state)
{
	struct setup *s = *state;

	assert_int_equal(map(s, s->object, ACTION_INSERT, "Parent__r.Ext__c|Parent__c", NULL), ERR_OK);
	assert_null(to(s, 0));
	assert_string_equal(to(s, 1), "Parent__c");
}

static void the_parents_a_header_and_a_mapping_need_are_named_once(void **state)
{
	static const char json[] = "{\"longshore_mapping\":1,\"columns\":{\"Boss\":\"ReportsTo.Email\","
				   "\"Firm\":\"Account.Ext__c\"},\"constants\":{\"Individual.Id\":\"x\"}}";
	struct setup *s = *state;
	struct slice columns[] = { slice_of("Account.Name"), slice_of("Account:Id"), slice_of("Owner.Email"),
		                   slice_of("LastName") };
	struct mapping_request r = { .object = s->contact, .columns = columns, .column_count = 4 };
	const char *names[4] = { NULL };

	r.map_json = slice_of(json);
	assert_int_equal(mapping_parents(&r, names, 4), 3);
	assert_string_equal(names[0], "Account");
	assert_string_equal(names[1], "User");
	assert_string_equal(names[2], "Individual");
	r.map_json = slice_of(NULL);
	assert_int_equal(mapping_parents(&r, names, 1), 2);
	r.map_json = slice_of("{no json");
	assert_int_equal(mapping_parents(&r, names, 4), 2);
}

static void a_delete_sends_the_id_only(void **state)
{
	struct setup *s = *state;

	assert_int_equal(map(s, s->object, ACTION_DELETE, "Name|Id|Fav colour",
	                     "{\"longshore_mapping\":1,\"constants\":{\"Tel__c\":\"1\"}}"),
	                 ERR_OK);
	assert_int_equal(s->mapping->count, 1);
	assert_string_equal(to(s, 1), "Id");
	assert_string_equal(s->mapping->not_loaded_why[0], "only the Id is sent for delete");
	assert_string_equal(s->mapping->not_loaded_why[2], "only the Id is sent for delete");
	assert_int_equal(map(s, s->object, ACTION_HARD_DELETE, "Name|Id", NULL), ERR_OK);
	assert_string_equal(s->mapping->not_loaded_why[0], "only the Id is sent for hard_delete");
	assert_int_equal(mapping_set(s->mapping, &s->request, 0, "Name", &s->e), ERR_USAGE);
}

static void a_mapping_file_beats_the_header(void **state)
{
	static const char json[] =
		"{\"longshore_mapping\":1,\"object\":\"sample__C\",\n"
		"\"columns\":{\"COMPANY\":\"name\",\"Ext__c\":null,\"Boss\":\"parent__r.ext__c\"},\n"
		"\"constants\":{\"Source__c\":\"Web\",\"Flag__c\":true,\"Count__c\":7}}";
	struct setup *s = *state;

	assert_int_equal(map(s, s->object, ACTION_INSERT, "Name|Company|Ext__c|Boss|Flag__c", json), ERR_OK);
	assert_string_equal(s->mapping->not_loaded_why[0], "Name comes from column \"Company\"");
	assert_string_equal(to(s, 1), "Name");
	assert_string_equal(s->mapping->by_column[1]->why, "mapping file");
	assert_string_equal(s->mapping->not_loaded_why[2], "set to not loaded by the mapping file");
	assert_string_equal(to(s, 3), "Parent__r.Ext__c");
	assert_string_equal(s->mapping->not_loaded_why[4], "Flag__c has a constant");
	assert_int_equal(s->mapping->count, 5);
	assert_string_equal(s->mapping->entries[2].name, "Source__c");
	assert_string_equal(s->mapping->entries[2].constant, "Web");
	assert_int_equal(s->mapping->entries[2].column, -1);
	assert_string_equal(s->mapping->entries[3].constant, "true");
	assert_string_equal(s->mapping->entries[4].constant, "7");
}

static void a_mapping_file_that_cannot_be_followed_is_refused(void **state)
{
	static const struct {
		const char *json, *says;
	} cases[] = {
		{ "{\"longshore_mapping\":1,\n\"columns\":{", "line 2" },
		{ "{\"columns\":{}}", "longshore_mapping" },
		{ "{\"longshore_mapping\":2}", "longshore_mapping" },
		{ "[]", "longshore_mapping" },
		{ "{\"longshore_mapping\":1,\"object\":\"Lead\"}", "for Lead" },
		{ "{\"longshore_mapping\":1,\"colums\":{}}", "\"colums\"" },
		{ "{\"longshore_mapping\":1,\"columns\":[]}", "\"columns\"" },
		{ "{\"longshore_mapping\":1,\"columns\":{\"A\":7}}", "\"A\"" },
		{ "{\"longshore_mapping\":1,\"columns\":{\"Gone\":\"Name\"}}", "\"Gone\"" },
		{ "{\"longshore_mapping\":1,\"columns\":{\"A\":\"Nome\"}}", "Nome" },
		{ "{\"longshore_mapping\":1,\"columns\":{\"A\":\"Name\",\"B\":\"name\"}}",
		  "two columns to Name" },
		{ "{\"longshore_mapping\":1,\"columns\":{\"A\":\"Name\",\"a\":\"Tel__c\"}}", "twice" },
		{ "{\"longshore_mapping\":1,\"columns\":{\"A\":\"Name\",\"A\":\"Tel__c\"}}", "duplicate" },
		{ "{\"longshore_mapping\":1,\"columns\":{\"A\":\"Name\"},\"constants\":{\"NAME\":\"x\"}}",
		  "two values" },
		{ "{\"longshore_mapping\":1,\"constants\":{\"Name\":\"\"}}", "empty" },
		{ "{\"longshore_mapping\":1,\"constants\":{\"Name\":1.5}}", "quotes" },
		{ "{\"longshore_mapping\":1,\"constants\":{\"Nome\":\"x\"}}", "Nome" },
	};
	struct setup *s = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(map(s, s->object, ACTION_INSERT, "A|B", cases[i].json), ERR_USAGE);
		assert_null(s->mapping);
		if (!strstr(s->e.text, cases[i].says))
			fail_msg("%s: %s", cases[i].json, s->e.text);
	}
}

static void a_person_may_send_a_column_elsewhere_or_nowhere(void **state)
{
	struct setup *s = *state;

	assert_int_equal(map(s, s->object, ACTION_INSERT, "Company|Name|Boss", NULL), ERR_OK);
	assert_int_equal(mapping_set(s->mapping, &s->request, 0, "Name", &s->e), ERR_USAGE);
	assert_non_null(strstr(s->e.text, "Name comes from column \"Name\""));
	err_init(&s->e);
	assert_int_equal(mapping_set(s->mapping, &s->request, 1, NULL, &s->e), ERR_OK);
	assert_int_equal(s->mapping->count, 0);
	assert_int_equal(mapping_set(s->mapping, &s->request, 2, "parent__r:ext__c", &s->e), ERR_OK);
	assert_int_equal(mapping_set(s->mapping, &s->request, 0, "Name", &s->e), ERR_OK);
	assert_int_equal(s->mapping->count, 2);
	assert_string_equal(s->mapping->entries[0].name, "Name");
	assert_string_equal(s->mapping->entries[0].why, "chosen");
	assert_string_equal(s->mapping->entries[1].name, "Parent__r.Ext__c");
	assert_string_equal(s->mapping->not_loaded_why[1], "set to not loaded");
	assert_int_equal(mapping_set(s->mapping, &s->request, 2, "Nome", &s->e), ERR_USAGE);
}

static void a_written_mapping_is_read_again_as_the_same(void **state)
{
	static const char json[] =
		"{\"longshore_mapping\":1,\"columns\":{\"Say \\\"hi\\\"\":\"Parent__r.Ext__c\"},"
		"\"constants\":{\"Source__c\":\"Wéb\",\"Notes__c\":\"a\\nb\"}}";
	struct setup *s = *state;
	struct buf first, again;

	buf_init(&first, 1 << 16);
	buf_init(&again, 1 << 16);
	assert_int_equal(map(s, s->object, ACTION_INSERT, "Sample Name|Say \"hi\"|Fav colour|Day__c", json),
	                 ERR_OK);
	assert_int_equal(mapping_set(s->mapping, &s->request, 3, NULL, &s->e), ERR_OK);
	mapping_write(s->mapping, &s->request, false, &first);
	assert_int_equal(
		map(s, s->object, ACTION_INSERT, "Sample Name|Say \"hi\"|Fav colour|Day__c", buf_text(&first)),
		ERR_OK);
	assert_string_equal(to(s, 0), "Name");
	assert_null(to(s, 3));
	assert_string_equal(s->mapping->entries[2].constant, "Wéb");
	mapping_write(s->mapping, &s->request, false, &again);
	assert_string_equal(buf_text(&first), buf_text(&again));
	buf_release(&first);
	buf_release(&again);
}

static int left; /* allocations that jansson is still given */

static void *a_few(size_t size)
{
	return left-- > 0 ? malloc(size) : NULL;
}

static void a_mapping_that_cannot_be_written_whole_is_said_to_be_short(void **state)
{
	struct setup *s = *state;
	struct buf whole, b;

	buf_init(&whole, 1 << 16);
	assert_int_equal(map(s, s->object, ACTION_INSERT, "Sample Name|Day__c", ""), ERR_OK);
	mapping_write(s->mapping, &s->request, false, &whole);
	for (int most = 0; most < 1000; most++) {
		buf_init(&b, 1 << 16);
		left = most;
		json_set_alloc_funcs(a_few, free);
		mapping_write(s->mapping, &s->request, false, &b);
		json_set_alloc_funcs(malloc, free);
		assert_true(b.short_of || strcmp(buf_text(&b), buf_text(&whole)) == 0);
		if (!b.short_of)
			most = 1000;
		buf_release(&b);
	}
	buf_release(&whole);
}

#define T(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_header_is_matched_by_name_or_label_without_case),
		T(an_api_name_beats_a_label_that_stands_before_it),
		T(a_label_of_two_fields_is_not_guessed),
		T(a_lookup_by_external_id_gets_the_describes_spelling),
		T(a_lookup_of_several_objects_names_the_one),
		T(a_lookup_that_cannot_be_followed_is_not_loaded_and_says_why),
		T(an_id_and_a_lookup_of_the_same_field_do_not_both_go),
		T(the_parents_a_header_and_a_mapping_need_are_named_once),
		T(a_delete_sends_the_id_only),
		T(a_mapping_file_beats_the_header),
		T(a_mapping_file_that_cannot_be_followed_is_refused),
		T(a_person_may_send_a_column_elsewhere_or_nowhere),
		T(a_written_mapping_is_read_again_as_the_same),
		T(a_mapping_that_cannot_be_written_whole_is_said_to_be_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
