/* Record types by their names and owners by their user names: which column means them, what is sent, and what is found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/plan/plan.h"
#include "core/plan/profile.h"
#include "core/plan/record_type.h"

#define BUSINESS "0125j000000RqVlAAK"
#define OLD "0125j000000RqVmAAK"
#define OTHERS "0125j000000RqVnAAK"
#define FIELD(name, label, type, more)                                    \
	"{\"name\":\"" name "\",\"label\":\"" label "\",\"type\":\"" type \
	"\",\"createable\":true,\"updateable\":true,\"nillable\":true" more "}"
#define TYPE(name, developer, id, active, available)                                        \
	"{\"name\":\"" name "\",\"developerName\":\"" developer "\",\"recordTypeId\":\"" id \
	"\",\"active\":" active ",\"available\":" available "}"

static const char account[] =
	"{\"name\":\"Account\",\"label\":\"Account\",\"createable\":true,\"updateable\":true,\"fields\":[" //
	FIELD("Id", "Account ID", "id", "") "," FIELD("Name", "Account Name", "string",
                                                      ",\"length\":255") "," //
	FIELD("OwnerId", "Owner ID", "reference",
              ",\"referenceTo\":[\"User\"],\"relationshipName\":\"Owner\"") "," //
	FIELD("RecordTypeId", "Record Type ID", "reference",
              ",\"referenceTo\":[\"RecordType\"],\"relationshipName\":\"RecordType\"") "],\"recordTypeInfos\":"
										       "[" TYPE("Business",
                                                                                                "Biz", BUSINESS,
                                                                                                "true",
                                                                                                "true") "," //
	TYPE("Old", "Old_One", OLD, "false", "true") "," TYPE("Theirs", "Others", OTHERS, "true",
                                                              "false") "," //
	TYPE("Master", "Master", "012000000000000AAA", "true", "true") "]}";

static const char user[] = "{\"name\":\"User\",\"label\":\"User\",\"keyPrefix\":\"005\",\"fields\":[" //
	FIELD("Id", "User ID", "id", "") "," FIELD("Username", "Username", "string", ",\"idLookup\":true") "]}";

static const char record_type[] =
	"{\"name\":\"RecordType\",\"label\":\"Record Type\",\"keyPrefix\":\"012\",\"fields\":["               //
	FIELD("Id", "Record Type ID", "id", "") "," FIELD("Name", "Name", "string", ",\"idLookup\":true") "," //
	FIELD("DeveloperName", "Record Type Name", "string", ",\"idLookup\":true") "]}";

struct setup {
	struct object *account, *user, *record_type;
	const struct object *parents[2];
	struct slice columns[2];
	struct profile profile[2];
	struct mapping_request request;
	struct mapping *mapping;
	struct plan *plan;
	struct plan_line line;
	struct buf payload;
	struct arena arena;
	struct err e;
};

static struct object *parse(const char *json)
{
	struct object *object;
	struct err e;

	err_init(&e);
	if (describe_parse(&object, slice_of(json), &e))
		fail_msg("%s", e.text);
	return object;
}

static int begin(void **state)
{
	static struct setup s;

	s = (struct setup){ .account = parse(account), .user = parse(user), .record_type = parse(record_type) };
	s.parents[0] = s.user;
	s.parents[1] = s.record_type;
	buf_init(&s.payload, 1 << 16);
	arena_init(&s.arena);
	err_init(&s.e);
	*state = &s;
	return 0;
}

static void clear(struct setup *s)
{
	plan_free(s->plan);
	mapping_free(s->mapping);
	s->plan = NULL;
	s->mapping = NULL;
	memset(s->profile, 0, sizeof s->profile);
}

static int end(void **state)
{
	struct setup *s = *state;

	clear(s);
	object_free(s->account);
	object_free(s->user);
	object_free(s->record_type);
	buf_release(&s->payload);
	arena_release(&s->arena);
	return 0;
}

/* The column beside Name, with a cell that was seen in it, or NULL. */
static void map(struct setup *s, const char *column, const char *seen)
{
	struct plan_request plan = { .object = s->account, .action = ACTION_INSERT };

	clear(s);
	s->columns[0] = slice_of("Name");
	s->columns[1] = slice_of(column);
	if (seen)
		assert_true(profile_add(&s->profile[1], slice_of(seen), &s->arena));
	s->request = (struct mapping_request){ .object = s->account,
		                               .parents = s->parents,
		                               .parent_count = 2,
		                               .action = ACTION_INSERT,
		                               .columns = s->columns,
		                               .profiles = s->profile,
		                               .column_count = 2 };
	if (mapping_new(&s->mapping, &s->request, &s->e))
		fail_msg("%s", s->e.text);
	plan.mapping = s->mapping;
	if (plan_new(&s->plan, &plan, &s->e))
		fail_msg("%s", s->e.text);
}

static const char *goes_to(struct setup *s, const char *column, const char *seen)
{
	map(s, column, seen);
	return s->mapping->by_column[1] ? s->mapping->by_column[1]->name : s->mapping->not_loaded_why[1];
}

static const char *sent(struct setup *s, const char *cell)
{
	struct slice cells[2] = { slice_of("n"), slice_of(cell) };
	struct record r = { .number = 1, .cells = cells, .count = 2 };

	buf_clear(&s->payload);
	plan_record(s->plan, &r, &s->payload, &s->line);
	return s->line.sent ? buf_text(&s->payload) : s->line.findings[0].message;
}

static void headers_that_mean_a_record_type(void **state)
{
	struct setup *s = *state;

	assert_string_equal(goes_to(s, "Record Type", "Business"), "RecordTypeId");
	assert_string_equal(goes_to(s, "RecordType", "Business"), "RecordTypeId");
	assert_string_equal(goes_to(s, "recordtypeid", "Business"), "RecordTypeId");
	assert_string_equal(goes_to(s, "Record Type ID", BUSINESS), "RecordTypeId");
	assert_string_equal(goes_to(s, "RecordType.Name", "Business"), "RecordType.Name");
}

static void a_name_becomes_the_id_that_the_describe_has(void **state)
{
	struct setup *s = *state;

	map(s, "Record Type", NULL);
	assert_string_equal(sent(s, "Business"), "n," BUSINESS "\n");
	assert_string_equal(sent(s, " biz "), "n," BUSINESS "\n");
	assert_string_equal(sent(s, BUSINESS), "n," BUSINESS "\n");
	assert_string_equal(sent(s, "0125j000000RqVl"), "n,0125j000000RqVl\n");
	assert_string_equal(sent(s, ""), "n,\n");
}

static void what_cannot_be_used_is_found_and_says_what_can(void **state)
{
	struct setup *s = *state;

	map(s, "RecordTypeId", NULL);
	assert_string_equal(sent(s, "Castle"), "no record type of this name; there are Business: \"Castle\"");
	assert_int_equal(s->line.findings[0].rule, RULE_RECORD_TYPE);
	assert_string_equal(sent(s, "Old"), "a record type that is not active; there are Business: \"Old\"");
	assert_string_equal(sent(s, OLD), "a record type that is not active; there are Business: \"" OLD "\"");
	assert_string_equal(sent(s, "Others"),
	                    "a record type that this user may not use; there are Business: \"Others\"");
	assert_string_equal(sent(s, "Master"), "no record type of this name; there are Business: \"Master\"");
}

static void lookups_by_name_are_looked_at_too(void **state)
{
	struct setup *s = *state;

	map(s, "RecordType.Name", NULL);
	assert_string_equal(sent(s, "business"), "n,business\n");
	assert_string_equal(sent(s, "Biz"), "no record type of this name; there are Business: \"Biz\"");
	map(s, "RecordType.DeveloperName", NULL);
	assert_string_equal(sent(s, "Biz"), "n,Biz\n");
	assert_string_equal(sent(s, "Business"),
	                    "no record type of this name; there are Business: \"Business\"");
}

static void an_object_without_record_types_takes_ids_only(void **state)
{
	struct setup *s = *state;
	struct object *plain;

	plain = parse(
		"{\"name\":\"Thing__c\",\"label\":\"Thing\",\"createable\":true,\"fields\":[" //
		FIELD("Name", "Name", "string", ",\"length\":80") ","                         //
		FIELD("RecordTypeId", "Record Type ID", "reference",
	              ",\"referenceTo\":[\"RecordType\"],\"relationshipName\":\"RecordType\"") "],"
											       "\"recordTypeInf"
											       "os\":[" //
		TYPE("Master", "Master", "012000000000000AAA", "true", "true") "]}");
	object_free(s->account);
	s->account = plain;
	map(s, "Record Type", NULL);
	assert_null(s->mapping->by_column[1]);
	map(s, "RecordTypeId", NULL);
	assert_string_equal(sent(s, "Business"), "an id has 15 or 18 characters: \"Business\"");
}

static void many_record_types_are_named_as_far_as_there_is_room(void **state)
{
	char why[RECORD_TYPE_WHY];
	struct record_type types[40];
	struct field field = { .record_types = types, .record_type_count = 40 };

	(void)state;
	for (size_t i = 0; i < 40; i++)
		types[i] = (struct record_type){ BUSINESS, "A rather long name", "Long", true, true, false };
	assert_null(record_type_find(&field, RECORD_TYPE_ANY, slice_of("x"), why));
	assert_true(strlen(why) < RECORD_TYPE_WHY);
	assert_string_equal(why + strlen(why) - 5, ", …");
	types[0].available = false;
	field.record_type_count = 1;
	assert_null(record_type_find(&field, RECORD_TYPE_ANY, slice_of("x"), why));
	assert_string_equal(why, "no record type of this name; there is none that this user may use");
}

static void an_owner_goes_by_user_name_or_id(void **state)
{
	struct setup *s = *state;
	const char *parents[4];
	struct slice owner = slice_of("Owner"), another = slice_of("Owner Region");

	assert_string_equal(goes_to(s, "Owner", "ana@acme.example"), "Owner.Username");
	assert_string_equal(sent(s, "ana@acme.example"), "n,ana@acme.example\n");
	assert_string_equal(goes_to(s, "owner", NULL), "Owner.Username");
	assert_string_equal(goes_to(s, "Owner", "0055e0000000001AAA"), "OwnerId");
	assert_string_equal(goes_to(s, "Owner", "Ana Maier"),
	                    "may be the owner, who goes by user name or id: its cells are neither");
	s->request.columns = &owner;
	s->request.column_count = 1;
	assert_int_equal(mapping_likely_parents(&s->request, parents, 4), 1);
	assert_string_equal(parents[0], "User");
	s->request.columns = &another;
	assert_int_equal(mapping_likely_parents(&s->request, parents, 4), 1); /* by the word, as before */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(headers_that_mean_a_record_type, begin, end),
		cmocka_unit_test_setup_teardown(a_name_becomes_the_id_that_the_describe_has, begin, end),
		cmocka_unit_test_setup_teardown(what_cannot_be_used_is_found_and_says_what_can, begin, end),
		cmocka_unit_test_setup_teardown(lookups_by_name_are_looked_at_too, begin, end),
		cmocka_unit_test_setup_teardown(an_object_without_record_types_takes_ids_only, begin, end),
		cmocka_unit_test_setup_teardown(many_record_types_are_named_as_far_as_there_is_room, begin,
		                                end),
		cmocka_unit_test_setup_teardown(an_owner_goes_by_user_name_or_id, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
