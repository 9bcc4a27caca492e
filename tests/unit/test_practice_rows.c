/* Single rows of the practice org over REST: created, read, changed, upserted and deleted, and what is refused how. */
#include "practice_client.h"

#define CONTACTS API "/sobjects/Contact"

static struct reply create(const char *path, const char *json, char id[SF_ID_ROOM])
{
	struct reply r = ask("POST", path, json);

	if (r.status != 201)
		fail_msg("%d %s", r.status, r.body);
	take_value(r.body, "id", id, SF_ID_ROOM);
	return r;
}

static struct reply at(const char *method, const char *object, const char *rest, const char *json)
{
	char path[256];

	snprintf(path, sizeof path, API "/sobjects/%s/%s", object, rest);
	return ask(method, path, json);
}

static void assert_refused(struct reply r, int status, const char *body)
{
	assert_int_equal(r.status, status);
	assert_string_equal(r.body, body);
}

/* The audit's entry with this number, from 1. */
static const char *entry(int seq)
{
	char path[64];

	snprintf(path, sizeof path, "/practice/audit?since=%d&limit=1", seq - 1);
	return get(path).body;
}

static void a_row_is_created_where_its_location_says(void **unused)
{
	char id[SF_ID_ROOM], location[128];
	struct reply r = create(CONTACTS, "{\"LastName\":\"Jones\",\"Ext__c\":\"A-1\",\"Email\":\"\"}", id);

	(void)unused;
	snprintf(location, sizeof location, "\r\nLocation: " CONTACTS "/%s\r\n", id);
	assert_non_null(strstr(r.head, location));
	r = at("GET", "Contact", id, NULL);
	assert_int_equal(r.status, 200);
	assert_string_equal(json_value(r.body, "LastName"), "Jones");
	assert_non_null(strstr(r.body, "\"Email\" : null"));
	assert_non_null(strstr(entry(1), "\"source\":\"rest\",\"record\":1,\"verb\":\"created\""));
	assert_non_null(strstr(entry(1), "\"Ext__c\":\"A-1\""));
}

static void the_answer_to_a_create_is_salesforces(void **unused)
{
	char id[SF_ID_ROOM], body[128];
	struct reply r = create(CONTACTS, "{\"LastName\":\"Jones\"}", id);

	(void)unused;
	snprintf(body, sizeof body, "{\"id\":\"%s\",\"success\":true,\"errors\":[]}", id);
	assert_string_equal(r.body, body);
	create(CONTACTS "/Id", "{\"attributes\":{\"type\":\"Contact\"},\"LastName\":\"Smith\"}", id);
	assert_int_equal(counter("rows", "Contact"), 2);
}

static void a_change_leaves_what_it_does_not_name_and_null_clears(void **unused)
{
	char id[SF_ID_ROOM];
	struct reply r;

	(void)unused;
	create(API "/sobjects/Account",
	       "{\"Name\":\"A\",\"Score__c\":1.50,\"NumberOfEmployees\":\"10000\",\"Active__c\":true,"
	       "\"Since__c\":\"2020-02-29\",\"Phone\":5}",
	       id);
	r = at("PATCH", "Account", id, "{\"Score__c\":null,\"Name\":\"B\"}");
	assert_int_equal(r.status, 204);
	assert_string_equal(r.body, "");
	r = at("GET", "Account", id, NULL);
	assert_string_equal(json_value(r.body, "Name"), "B");
	assert_string_equal(json_value(r.body, "NumberOfEmployees"), "10000");
	assert_string_equal(json_value(r.body, "Phone"), "5");
	assert_string_equal(json_value(r.body, "Since__c"), "2020-02-29");
	assert_non_null(strstr(r.body, "\"Score__c\" : null"));
	assert_non_null(strstr(r.body, "\"Active__c\" : true"));
}

static void only_the_fields_asked_for_come_back(void **unused)
{
	char id[SF_ID_ROOM], path[128];
	struct reply r;

	(void)unused;
	create(CONTACTS, "{\"LastName\":\"Jones\",\"Phone\":\"1\"}", id);
	snprintf(path, sizeof path, "%s?fields=Phone,LastName", id);
	r = at("GET", "Contact", path, NULL);
	assert_string_equal(json_value(r.body, "Phone"), "1");
	assert_string_equal(json_value(r.body, "Id"), id);
	assert_null(strstr(r.body, "Email"));
	snprintf(path, sizeof path, "%s?fields=Phone,Fax2", id);
	assert_refused(at("GET", "Contact", path, NULL), 400,
	               "[{\"message\":\"No such column 'Fax2' on sobject of type "
	               "Contact\",\"errorCode\":\"INVALID_FIELD\"}]");
}

static void a_deleted_row_is_gone(void **unused)
{
	static const char gone[] =
		"[{\"message\":\"entity is deleted\",\"errorCode\":\"ENTITY_IS_DELETED\",\"fields\":[]}]";
	char id[SF_ID_ROOM];

	(void)unused;
	create(CONTACTS, "{\"LastName\":\"Jones\",\"Ext__c\":\"A-1\"}", id);
	assert_int_equal(at("DELETE", "Contact", id, NULL).status, 204);
	assert_refused(at("DELETE", "Contact", id, NULL), 404, gone);
	assert_refused(at("PATCH", "Contact", id, "{\"Phone\":\"1\"}"), 404, gone);
	assert_int_equal(counter("rows", "Contact"), 0);
	assert_int_equal(counter(NULL, "writes"), 2);
}

static void what_names_no_row_is_not_found(void **unused)
{
	static const char not_there[] =
		"[{\"message\":\"The requested resource does not exist\",\"errorCode\":\"NOT_FOUND\"}]";
	static const char no_field[] =
		"[{\"message\":\"Provided external ID field does not exist or is not accessible: "
		"Namez\",\"errorCode\":\"NOT_FOUND\"}]";

	(void)unused;
	assert_refused(at("GET", "Contact", "0035e0000000009AAA", NULL), 404, not_there);
	assert_refused(at("PATCH", "Contact", "0035e0000000009AAA", "{}"), 404, not_there);
	assert_refused(at("DELETE", "Contact", PRACTICE_USER, NULL), 404, not_there);
	assert_refused(at("PATCH", "Nothing", "0035e0000000009AAA", "{}"), 404, not_there);
	assert_refused(at("DELETE", "Contact", "Namez", NULL), 404, no_field);
	assert_refused(at("PATCH", "Contact", "Namez/1", "{\"LastName\":\"x\"}"), 404, no_field);
	assert_refused(at("GET", "Contact", "Ext__c/none", NULL), 404, not_there);
	assert_refused(ask("POST", API "/sobjects/Nothing", "{}"), 404, not_there);
	assert_int_equal(at("POST", "Contact", "0035e0000000009AAA", "{}").status, 405);
}

static void an_upsert_creates_then_changes(void **unused)
{
	char id[SF_ID_ROOM], body[128];
	struct reply r = at("PATCH", "Contact", "Ext__c/A-1", "{\"LastName\":\"Jones\"}");

	(void)unused;
	assert_int_equal(r.status, 201);
	take_value(r.body, "id", id, sizeof id);
	assert_non_null(strstr(r.head, "\r\nLocation: "));
	snprintf(body, sizeof body, "{\"id\":\"%s\",\"success\":true,\"errors\":[],\"created\":true}", id);
	assert_string_equal(r.body, body);
	r = at("PATCH", "Contact", "Ext__c/a-1", "{\"Phone\":\"1\"}"); /* without regard to case */
	snprintf(body, sizeof body, "{\"id\":\"%s\",\"success\":true,\"errors\":[],\"created\":false}", id);
	assert_refused(r, 200, body);
	r = at("GET", "Contact", "Ext__c/A-1", NULL);
	assert_string_equal(json_value(r.body, "Ext__c"), "A-1");
	assert_string_equal(json_value(r.body, "Phone"), "1");
	assert_int_equal(at("DELETE", "Contact", "Ext__c/A-1", NULL).status, 204);
	assert_int_equal(counter("rows", "Contact"), 0);
}

static void up_to_45_an_upsert_that_changes_says_nothing(void **unused)
{
	static const char path[] = "/services/data/v45.0/sobjects/Contact/Ext__c/A-1";
	struct reply r = ask("PATCH", path, "{\"LastName\":\"Jones\"}");

	(void)unused;
	assert_int_equal(r.status, 201);
	r = ask("PATCH", path, "{\"Phone\":\"1\"}");
	assert_int_equal(r.status, 204);
	assert_string_equal(r.body, "");
	assert_string_equal(json_value(at("GET", "Contact", "Ext__c/A-1", NULL).body, "Phone"), "1");
	assert_int_equal(
		ask("PATCH", "/services/data/v46.0/sobjects/Contact/Ext__c/A-1", "{\"Phone\":\"2\"}").status,
		200);
}

static void an_upsert_that_may_only_update_creates_nothing(void **unused)
{
	(void)unused;
	assert_int_equal(at("PATCH", "Contact", "Ext__c/A-1?updateOnly=true", "{\"LastName\":\"x\"}").status,
	                 404);
	assert_int_equal(counter("rows", "Contact"), 0);
	assert_int_equal(at("PATCH", "Contact", "Ext__c/A-1?updateOnly=false", "{\"LastName\":\"x\"}").status,
	                 201);
	assert_int_equal(at("PATCH", "Contact", "Ext__c/A-1?updateOnly=true", "{\"LastName\":\"y\"}").status,
	                 200);
}

static void a_key_may_hold_what_a_path_may_not(void **unused)
{
	char id[SF_ID_ROOM];
	struct reply r = at("PATCH", "Contact", "Ext__c/A%2F1%3F%25%20%C3%A9", "{\"LastName\":\"Jones\"}");

	(void)unused;
	assert_int_equal(r.status, 201);
	take_value(r.body, "id", id, sizeof id);
	assert_string_equal(json_value(at("GET", "Contact", id, NULL).body, "Ext__c"), "A/1?% \xc3\xa9");
}

static void a_key_of_several_rows_names_them_all(void **unused)
{
	char first[SF_ID_ROOM], second[SF_ID_ROOM], body[256];

	(void)unused;
	create(CONTACTS, "{\"LastName\":\"a\",\"Email\":\"x@example.com\"}", first);
	create(CONTACTS, "{\"LastName\":\"b\",\"Email\":\"X@example.com\"}", second);
	snprintf(body, sizeof body, "[\"" CONTACTS "/%s\",\"" CONTACTS "/%s\"]", first, second);
	assert_refused(at("PATCH", "Contact", "Email/x@example.com", "{\"Phone\":\"1\"}"), 300, body);
	assert_refused(at("GET", "Contact", "Email/x@example.com", NULL), 300, body);
	assert_int_equal(counter(NULL, "writes"), 2);
}

static void references_go_by_id_and_by_key(void **unused)
{
	char account[SF_ID_ROOM], id[SF_ID_ROOM], json[256];

	(void)unused;
	create(API "/sobjects/Account", "{\"Name\":\"A\",\"Ext__c\":\"ACC-1\"}", account);
	create(CONTACTS, "{\"LastName\":\"a\",\"Account\":{\"Ext__c\":\"acc-1\"}}", id);
	assert_string_equal(json_value(at("GET", "Contact", id, NULL).body, "AccountId"), account);
	assert_int_equal(at("PATCH", "Contact", id, "{\"AccountId\":null}").status, 204);
	assert_string_equal(json_value(at("GET", "Contact", id, NULL).body, "AccountId"), "");
	snprintf(json, sizeof json, "{\"AccountId\":\"%.15s\"}", account);
	assert_int_equal(at("PATCH", "Contact", id, json).status, 204);
	assert_string_equal(json_value(at("GET", "Contact", id, NULL).body, "AccountId"), account);
	snprintf(json, sizeof json,
	         "{\"Subject\":\"x\",\"DurationInMinutes\":1,\"ActivityDateTime\":\"2026-01-01T00:00:00Z\","
	         "\"What\":{\"attributes\":{\"type\":\"Account\"},\"Ext__c\":\"ACC-1\"}}");
	create(API "/sobjects/Event", json, id);
	assert_string_equal(json_value(at("GET", "Event", id, NULL).body, "WhatId"), account);
}

static void what_the_rules_refuse_names_its_fields(void **unused)
{
	static const struct {
		const char *json, *body;
	} cases[] = {
		{ "{}",
		  "[{\"message\":\"Required fields are missing: [LastName]\",\"errorCode\":\"REQUIRED_FIELD_"
		  "MISSING\",\"fields\":[\"LastName\"]}]" },
		{ "{\"LastName\":\"a\",\"Email\":\"x\"}",
		  "[{\"message\":\"Email: invalid email address: x\",\"errorCode\":\"INVALID_EMAIL_ADDRESS\","
		  "\"fields\":[\"Email\"]}]" },
		{ "{\"LastName\":\"a\",\"Status__c\":\"Odd\"}",
		  "[{\"message\":\"Status__c: bad value for restricted picklist field: Odd\",\"errorCode\":"
		  "\"INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST\",\"fields\":[\"Status__c\"]}]" },
		{ "{\"LastName\":\"a\",\"CreatedDate\":\"2020-01-01T00:00:00Z\",\"IsDeleted\":true}",
		  "[{\"message\":\"Unable to create/update fields: CreatedDate,IsDeleted. Please check the "
		  "security "
		  "settings of this field and verify that it is read/write for your profile or permission "
		  "set.\",\"errorCode\":\"INVALID_FIELD_FOR_INSERT_UPDATE\",\"fields\":[\"CreatedDate\","
		  "\"IsDeleted\"]}]" },
		{ "{\"LastName\":\"a\",\"Account\":{\"Ext__c\":\"none\"}}",
		  "[{\"message\":\"Foreign key external ID: none not found for field Ext__c in entity "
		  "Account\",\"errorCode\":\"INVALID_FIELD\",\"fields\":[\"Account\"]}]" },
		{ "{\"LastName\":\"a\",\"Account\":{\"Ext__c\":null}}",
		  "[{\"message\":\"Ext__c not specified\",\"errorCode\":\"MISSING_ARGUMENT\",\"fields\":[]}]" },
		{ "{\"LastName\":\"a\",\"AccountId\":\"x\"}",
		  "[{\"message\":\"malformed id "
		  "x\",\"errorCode\":\"MALFORMED_ID\",\"fields\":[\"AccountId\"]}]" },
		{ "{\"LastName\":\"a\",\"AccountId\":\"0015e0000000009AAA\"}",
		  "[{\"message\":\"invalid cross reference id\",\"errorCode\":\"INVALID_CROSS_REFERENCE_KEY\","
		  "\"fields\":[]}]" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_refused(ask("POST", CONTACTS, cases[i].json), 400, cases[i].body);
	assert_int_equal(counter(NULL, "writes"), 0);
}

static void a_value_of_the_wrong_kind_is_named_with_its_place(void **unused)
{
	static const struct {
		const char *json, *begin, *place;
	} cases[] = {
		{ "{\"LastName\":\"a\",\"Birthdate\":\"2020-04-30T13:19:18.000000+02:00\"}",
		  "Cannot deserialize instance of date from VALUE_STRING value "
		  "2020-04-30T13:19:18.000000+02:00 or "
		  "request may be missing a required field at ",
		  "[line:1, column:29]" },
		{ "{\n\"LastName\" : \"a\",\n  \"Score__c\": \"\"}",
		  "Cannot deserialize instance of double from VALUE_"
		  "STRING value  or",
		  "[line:3, column:15]" },
		{ "{\"Score__c\":true}", "Cannot deserialize instance of double from VALUE_TRUE value true or",
		  "[line:1, column:13]" },
		{ "{\"Active__c\":1}",
		  "Cannot deserialize instance of boolean from VALUE_NUMBER_INT value 1 or",
		  "[line:1, column:14]" },
		{ "{\"LastName\":{\"a\":1}}",
		  "Cannot deserialize instance of string from START_OBJECT value { or", "[line:1, column:13]" },
		{ "{\"LastName\":\"a\",}", "Unexpected character ('}' (code 125))", "[line:1, column:17]" },
		{ "{\"LastName\":\"a\"", "Unexpected end-of-input", "[line:1, column:16]" },
		{ "", "Unexpected end-of-input", "[line:1, column:1]" },
		{ "[]", "Cannot deserialize instance of sobject from START_ARRAY value [ or",
		  "[line:1, column:1]" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct reply r = ask("POST", CONTACTS, cases[i].json);

		assert_int_equal(r.status, 400);
		if (!strstr(r.body, cases[i].begin) || !strstr(r.body, cases[i].place) ||
		    !strstr(r.body, "\"errorCode\":\"JSON_PARSER_ERROR\"}]"))
			fail_msg("%s: %s", cases[i].json, r.body);
	}
	assert_int_equal(counter(NULL, "writes"), 0);
}

static void a_body_does_not_name_what_the_path_names(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	create(CONTACTS, "{\"LastName\":\"a\",\"Ext__c\":\"A-1\"}", id);
	assert_refused(at("PATCH", "Contact", id, "{\"Id\":\"0035e0000000001AAA\"}"), 400,
	               "[{\"message\":\"The Id field should not be specified in the sobject "
	               "data.\",\"errorCode\":\"INVALID_FIELD\"}]");
	assert_refused(at("PATCH", "Contact", "Ext__c/A-1", "{\"Ext__c\":\"A-1\"}"), 400,
	               "[{\"message\":\"The Ext__c field should not be specified in the sobject "
	               "data.\",\"errorCode\":\"INVALID_FIELD\"}]");
	assert_refused(ask("POST", CONTACTS, "{\"LastName\":\"a\",\"Nope\":null}"), 400,
	               "[{\"message\":\"No such column 'Nope' on sobject of type "
	               "Contact\",\"errorCode\":\"INVALID_FIELD\"}]");
	assert_int_equal(counter(NULL, "writes"), 1);
}

static void a_second_row_with_a_unique_key_is_refused(void **unused)
{
	char id[SF_ID_ROOM], body[256];

	(void)unused;
	create(CONTACTS, "{\"LastName\":\"a\",\"Ext__c\":\"A-1\"}", id);
	snprintf(body, sizeof body,
	         "[{\"message\":\"duplicate value found: Ext__c duplicates value on record with id: "
	         "%.15s\",\"errorCode\":\"DUPLICATE_VALUE\",\"fields\":[]}]",
	         id);
	assert_refused(ask("POST", CONTACTS, "{\"LastName\":\"b\",\"Ext__c\":\"a-1\"}"), 400, body);
}

static void only_json_is_taken(void **unused)
{
	int fd = dial();
	struct reply r = ask_on(fd, "POST", CONTACTS, "application/x-www-form-urlencoded",
	                        "{\"LastName\":\"a\"}");

	(void)unused;
	close(fd);
	assert_int_equal(r.status, 415);
	assert_non_null(strstr(r.body, "UNSUPPORTED_MEDIA_TYPE"));
	assert_int_equal(counter(NULL, "writes"), 0);
}

static void faults_and_locks_hit_single_rows_too(void **unused)
{
	char id[SF_ID_ROOM];
	struct reply r;

	(void)unused;
	use_scenario("{\"faults\":[{\"action\":\"lock\",\"column\":\"Ext__c\",\"value\":\"L-*\",\"tries\":1},"
	             "{\"action\":\"lock\",\"column\":\"Id\",\"tries\":1},"
	             "{\"method\":\"POST\",\"path\":\"*/sobjects/Account\",\"action\":\"drop_after\"}]}");
	r = ask("POST", CONTACTS, "{\"LastName\":\"a\",\"Ext__c\":\"L-1\"}");
	assert_int_equal(r.status, 400);
	assert_non_null(strstr(r.body, "UNABLE_TO_LOCK_ROW"));
	create(CONTACTS, "{\"LastName\":\"a\",\"Ext__c\":\"L-1\"}", id);
	assert_int_equal(at("PATCH", "Contact", "Ext__c/L-2", "{\"LastName\":\"b\"}").status, 400);
	assert_int_equal(at("PATCH", "Contact", "Ext__c/L-2", "{\"LastName\":\"b\"}").status, 201);
	assert_int_equal(at("DELETE", "Contact", id, NULL).status, 400);
	assert_int_equal(at("DELETE", "Contact", id, NULL).status, 204);
	assert_int_equal(ask("POST", API "/sobjects/Account", "{\"Name\":\"a\"}").status, 0);
	assert_int_equal(counter("rows", "Account"), 1);
}

static void the_last_of_two_members_of_one_name_counts(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	create(CONTACTS, "{\"LastName\":\"a\",\"lastname\":\"\\u0041\\uD83D\\ude00\\n\"}", id);
	assert_string_equal(json_value(at("GET", "Contact", id, NULL).body, "LastName"), "A\xf0\x9f\x98\x80\n");
}

static void nonsense_is_answered_not_followed(void **unused)
{
	static const char *const bodies[] = { "{\"LastName\":\"\\ud83d\"}",
		                              "{\"LastName\":\"\\u0000\"}",
		                              "{\"LastName\":\"\xff\"}",
		                              "{\"LastName\":\"\\x\"}",
		                              "{\"LastName\":\"\\",
		                              "{\"LastName\":-}",
		                              "{\"LastName\":1.}",
		                              "{\"LastName\":1e}",
		                              "{\"LastName\":01}",
		                              "{\"LastName\":nul}",
		                              "{\"LastName\"",
		                              "{1:2}",
		                              "{} {}",
		                              "nul",
		                              "{\"LastName\":\"\\u12\"}",
		                              "{\"Account\":{}}",
		                              "{\"Account\":[1]}",
		                              "{\"Account\":{\"Ext__c\":{}}}",
		                              "{\"What\":{\"Name\":1}}" };
	char deep[200];

	(void)unused;
	memset(deep, '[', sizeof deep - 1);
	deep[sizeof deep - 1] = '\0';
	for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
		struct reply r = ask("POST", CONTACTS, bodies[i]);

		if (i < 2)
			assert_int_equal(r.status, 201);
		else if (r.status != 400)
			fail_msg("%s: %d %s", bodies[i], r.status, r.body);
	}
	assert_int_equal(ask("POST", CONTACTS, deep).status, 400);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup(name, empty_org)
		T(a_row_is_created_where_its_location_says),
		T(the_answer_to_a_create_is_salesforces),
		T(a_change_leaves_what_it_does_not_name_and_null_clears),
		T(only_the_fields_asked_for_come_back),
		T(a_deleted_row_is_gone),
		T(what_names_no_row_is_not_found),
		T(an_upsert_creates_then_changes),
		T(up_to_45_an_upsert_that_changes_says_nothing),
		T(an_upsert_that_may_only_update_creates_nothing),
		T(a_key_may_hold_what_a_path_may_not),
		T(a_key_of_several_rows_names_them_all),
		T(references_go_by_id_and_by_key),
		T(what_the_rules_refuse_names_its_fields),
		T(a_value_of_the_wrong_kind_is_named_with_its_place),
		T(a_body_does_not_name_what_the_path_names),
		T(a_second_row_with_a_unique_key_is_refused),
		T(only_json_is_taken),
		T(faults_and_locks_hit_single_rows_too),
		T(the_last_of_two_members_of_one_name_counts),
		T(nonsense_is_answered_not_followed),
	};

	return cmocka_run_group_tests(tests, open_org, close_org);
}
