/* sObject Collections of the practice org: order, what fails alone, what fails all, and what spoils a request. */
#include "practice_client.h"

#define COLLECTION API "/composite/sobjects"
#define CONTACT "{\"attributes\":{\"type\":\"Contact\"},"
#define ACCOUNT "{\"attributes\":{\"type\":\"Account\"},"

/* The body around the records. */
static const char *records(bool all_or_none, const char *list)
{
	static char json[128 * 1024];

	snprintf(json, sizeof json, "{\"allOrNone\":%s,\"records\":[%s]}", all_or_none ? "true" : "false",
	         list);
	return json;
}

static struct reply create(const char *list)
{
	return ask("POST", COLLECTION, records(false, list));
}

static struct reply upsert(const char *list)
{
	return ask("PATCH", COLLECTION "/Contact/Ext__c", records(false, list));
}

/* The results of a request that was answered with 200; freed with json_decref(). */
static json_t *parse(struct reply r)
{
	json_t *list = json_loads(r.body, 0, NULL);

	if (r.status != 200 || !json_is_array(list))
		fail_msg("%d %s", r.status, r.body);
	return list;
}

static const char *error_of(const json_t *list, size_t i, const char *key)
{
	const json_t *errors = json_object_get(json_array_get(list, i), "errors");

	return json_string_value(json_object_get(json_array_get(errors, 0), key));
}

/* "ok", "new" (created), or the status code of the first error, for each result: "ok,new,DUPLICATE_VALUE". */
static void assert_outcomes(struct reply r, const char *wanted)
{
	json_t *list = parse(r), *item;
	char text[4096] = "";
	size_t i;

	json_array_foreach(list, i, item) {
		const char *word = error_of(list, i, "statusCode");

		if (json_is_true(json_object_get(item, "success")))
			word = json_is_true(json_object_get(item, "created")) ? "new" : "ok";
		snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i ? "," : "", word);
	}
	assert_string_equal(text, wanted);
	json_decref(list);
}

static void take_id(struct reply r, size_t i, char id[SF_ID_ROOM])
{
	json_t *list = parse(r);
	const char *text = json_string_value(json_object_get(json_array_get(list, i), "id"));

	assert_non_null(text);
	memcpy(id, text, SF_ID_ROOM);
	json_decref(list);
}

static const char *value_of(const char *object, const char *key, const char *field)
{
	char path[256];

	snprintf(path, sizeof path, API "/sobjects/%s/Ext__c/%s", object, key);
	return json_value(get(path).body, field);
}

static void assert_spoiled(struct reply r, const char *message, const char *code)
{
	char end[64];

	snprintf(end, sizeof end, "\"errorCode\":\"%s\"}]", code);
	if (r.status != 400 || !strstr(r.body, message) || !strstr(r.body, end))
		fail_msg("%d %s", r.status, r.body);
}

static void results_come_in_the_order_of_the_records(void **unused)
{
	char id[SF_ID_ROOM], wanted[512];
	struct reply r = create(CONTACT "\"LastName\":\"a\"}," CONTACT "\"Phone\":\"1\"}");

	(void)unused;
	take_id(r, 0, id);
	snprintf(wanted, sizeof wanted,
	         "[ {\n  \"id\" : \"%s\",\n  \"success\" : true,\n  \"errors\" : [ ]\n}, {\n  \"success\" : "
	         "false,\n  \"errors\" : [ {\n    \"message\" : \"Required fields are missing: [LastName]\",\n"
	         "    \"statusCode\" : \"REQUIRED_FIELD_MISSING\",\n    \"fields\" : [ \"LastName\" ]\n  } "
	         "]\n} ]",
	         id);
	assert_string_equal(r.body, wanted);
	assert_non_null(
		strstr(get("/practice/audit").body, "\"source\":\"rest\",\"record\":1,\"verb\":\"created\""));
}

static void null_clears_and_what_is_absent_stays(void **unused)
{
	char id[SF_ID_ROOM], list[512];

	(void)unused;
	take_id(create(CONTACT "\"LastName\":\"a\",\"Ext__c\":\"A-1\",\"Phone\":\"1\",\"Fax\":\"2\",\"Email\":"
	                       "\"a@b.c\"}"),
	        0, id);
	snprintf(list, sizeof list,
	         CONTACT "\"id\":\"%s\",\"Phone\":null,\"Email\":\"\"}," CONTACT
	                 "\"Id\":\"%s\",\"LastName\":null}," CONTACT "\"LastName\":\"no id\"}",
	         id, id);
	assert_outcomes(ask("PATCH", COLLECTION, records(false, list)),
	                "ok,REQUIRED_FIELD_MISSING,MISSING_ARGUMENT");
	assert_string_equal(value_of("Contact", "A-1", "Phone"), "");
	assert_string_equal(value_of("Contact", "A-1", "Email"), "");
	assert_string_equal(value_of("Contact", "A-1", "Fax"), "2");
	assert_string_equal(value_of("Contact", "A-1", "LastName"), "a");
}

static void an_upsert_tells_what_it_created(void **unused)
{
	json_t *list;

	(void)unused;
	assert_outcomes(upsert(CONTACT "\"Ext__c\":\"A-1\",\"LastName\":\"a\"}," CONTACT
	                               "\"Ext__c\":\"A-2\",\"Phone\":\"1\"}," CONTACT
	                               "\"LastName\":\"c\"}," CONTACT "\"Ext__c\":null,\"LastName\":\"c\"}"),
	                "new,REQUIRED_FIELD_MISSING,MISSING_ARGUMENT,MISSING_ARGUMENT");
	list = parse(upsert(CONTACT "\"Ext__c\":\"a-1\",\"LastName\":\"b\"}," CONTACT
	                            "\"Ext__c\":\"A-9\",\"Phone\":\"1\"}"));
	assert_true(json_is_false(json_object_get(json_array_get(list, 0), "created")));
	assert_true(json_is_true(json_object_get(json_array_get(list, 1), "created"))); /* though it failed */
	json_decref(list);
	assert_string_equal(value_of("Contact", "A-1", "LastName"), "b");
	assert_string_equal(value_of("Contact", "A-1", "Ext__c"), "A-1");
	assert_int_equal(counter("rows", "Contact"), 1);
}

static void an_upsert_goes_by_any_key_and_by_id(void **unused)
{
	static const char by_email[] = CONTACT "\"Id\":null,\"Email\":\"a@b.c\",\"LastName\":\"a\"}";
	char id[SF_ID_ROOM], list[256];
	struct reply r = ask("PATCH", COLLECTION "/Contact/Email", records(false, by_email));

	(void)unused;
	assert_outcomes(r, "new");
	r = ask("PATCH", COLLECTION "/Contact/Email", records(false, by_email));
	take_id(r, 0, id);
	assert_outcomes(r, "ok");
	snprintf(list, sizeof list,
	         CONTACT "\"Id\":\"%s\",\"LastName\":\"b\"}," CONTACT "\"Id\":null,\"LastName\":\"c\"}," CONTACT
	                 "\"LastName\":\"d\"}",
	         id);
	assert_outcomes(ask("PATCH", COLLECTION "/Contact/Id", records(false, list)), "ok,new,new");
	assert_outcomes(ask("PATCH", COLLECTION "/Contact/Ext__c?updateOnly=true",
	                    records(false, CONTACT "\"Ext__c\":\"A-1\",\"LastName\":\"d\"}")),
	                "NOT_FOUND");
	assert_int_equal(counter("rows", "Contact"), 3);
	assert_int_equal(ask("PATCH", COLLECTION "/Contact/Phone", records(false, "")).status, 404);
	assert_int_equal(ask("PATCH", COLLECTION "/Nothing/Id", records(false, "")).status, 404);
}

static void the_same_key_twice_fails_all_its_records(void **unused)
{
	struct reply r = upsert(CONTACT "\"Ext__c\":\"A-1\",\"LastName\":\"a\"}," CONTACT
	                                "\"Ext__c\":\"A-2\",\"LastName\":\"b\"}," CONTACT
	                                "\"Ext__c\":\"a-1\",\"LastName\":\"c\"}");
	json_t *list = parse(r);

	(void)unused;
	assert_outcomes(r, "DUPLICATE_VALUE,new,DUPLICATE_VALUE");
	assert_string_equal(error_of(list, 2, "message"), "Duplicate external id specified: a-1");
	json_decref(list);
	assert_outcomes(create(CONTACT "\"Ext__c\":\"B\",\"LastName\":\"a\"}," CONTACT
	                               "\"Ext__c\":\"B\",\"LastName\":\"b\"}," ACCOUNT
	                               "\"Ext__c\":\"B\",\"Name\":\"b\"}," CONTACT
	                               "\"Ext__c\":\"a-2\",\"LastName\":\"b\"}"),
	                "DUPLICATE_VALUE,DUPLICATE_VALUE,ok,DUPLICATE_VALUE");
	assert_int_equal(counter("rows", "Contact"), 1);
}

static void all_or_none_undoes_creates(void **unused)
{
	struct reply r = ask("POST", COLLECTION,
	                     records(true, ACCOUNT "\"Name\":\"a\",\"Ext__c\":\"A\"}," CONTACT
	                                           "\"LastName\":\"a\",\"Account\":{\"Ext__c\":\"A\"}}," CONTACT
	                                           "\"Phone\":\"1\"}," CONTACT "\"LastName\":\"d\"}"));
	json_t *list = parse(r);

	(void)unused;
	assert_outcomes(r, "ALL_OR_NONE_OPERATION_ROLLED_BACK,ALL_OR_NONE_OPERATION_ROLLED_BACK,"
	                   "REQUIRED_FIELD_MISSING,ALL_OR_NONE_OPERATION_ROLLED_BACK");
	assert_string_equal(error_of(list, 0, "message"),
	                    "Record rolled back because not all records were valid and the request was using "
	                    "AllOrNone header");
	assert_null(json_object_get(json_array_get(list, 0), "id"));
	json_decref(list);
	assert_int_equal(counter(NULL, "writes"), 0);
	assert_int_equal(counter("rows", "Account"), 0);
	assert_outcomes(create(ACCOUNT "\"Name\":\"a\",\"Ext__c\":\"A\"}"), "ok"); /* the key is free again */
	assert_outcomes(ask("POST", COLLECTION, records(true, CONTACT "\"LastName\":\"d\"}")), "ok");
}

static void all_or_none_undoes_changes_and_deletes(void **unused)
{
	char id[SF_ID_ROOM], path[256];
	struct reply r;
	json_t *list;

	(void)unused;
	take_id(upsert(CONTACT "\"Ext__c\":\"A-1\",\"LastName\":\"a\",\"Phone\":\"1\"}"), 0, id);
	r = ask("PATCH", COLLECTION "/Contact/Ext__c",
	        records(true, CONTACT "\"Ext__c\":\"A-1\",\"LastName\":\"b\",\"Email\":\"a@b.c\"}," CONTACT
	                              "\"Ext__c\":\"A-2\",\"LastName\":\"b\"}," CONTACT "\"Ext__c\":\"A-3\"}"));
	assert_outcomes(
		r,
		"ALL_OR_NONE_OPERATION_ROLLED_BACK,ALL_OR_NONE_OPERATION_ROLLED_BACK,REQUIRED_FIELD_MISSING");
	list = parse(r);
	assert_true(json_is_false(json_object_get(json_array_get(list, 0), "created")));
	assert_true(json_is_true(json_object_get(json_array_get(list, 1), "created")));
	json_decref(list);
	assert_string_equal(value_of("Contact", "A-1", "LastName"), "a");
	assert_string_equal(value_of("Contact", "A-1", "Email"), "");
	snprintf(path, sizeof path, COLLECTION "?allOrNone=true&ids=%s,0035e0000000009AAA", id);
	assert_outcomes(ask("DELETE", path, NULL),
	                "ALL_OR_NONE_OPERATION_ROLLED_BACK,INVALID_CROSS_REFERENCE_KEY");
	assert_string_equal(value_of("Contact", "A-1", "Id"), id);
	assert_int_equal(counter("rows", "Contact"), 1);
	assert_int_equal(counter(NULL, "writes"), 1);
}

static void deletes_go_by_id_whatever_the_object(void **unused)
{
	char contact[SF_ID_ROOM], account[SF_ID_ROOM], path[256];
	struct reply r = create(CONTACT "\"LastName\":\"a\"}," ACCOUNT "\"Name\":\"a\"}");

	(void)unused;
	take_id(r, 0, contact);
	take_id(r, 1, account);
	snprintf(path, sizeof path, COLLECTION "?ids=%s,%.15s,x,%s,zzz000000000001AAA", contact, account,
	         contact);
	r = ask("DELETE", path, NULL);
	assert_outcomes(r, "ok,ok,MALFORMED_ID,ENTITY_IS_DELETED,INVALID_CROSS_REFERENCE_KEY");
	assert_null(strstr(r.body, "created"));
	assert_int_equal(counter("rows", "Contact") + counter("rows", "Account"), 0);
	assert_int_equal(counter(NULL, "writes"), 4);
	assert_outcomes(ask("DELETE", path, NULL), "ENTITY_IS_DELETED,ENTITY_IS_DELETED,MALFORMED_ID,ENTITY_IS_"
	                                           "DELETED,INVALID_CROSS_REFERENCE_KEY");
	assert_int_equal(ask("DELETE", COLLECTION, NULL).status, 400);
}

static void references_by_key_see_what_was_there_before_their_own_kind(void **unused)
{
	(void)unused;
	assert_outcomes(create(ACCOUNT
	                       "\"Name\":\"a\",\"Ext__c\":\"A\"}," CONTACT
	                       "\"LastName\":\"a\",\"Ext__c\":\"C\",\"Account\":{\"Ext__c\":\"A\"}}," CONTACT
	                       "\"LastName\":\"b\",\"ReportsTo\":{\"Ext__c\":\"C\"}}," CONTACT
	                       "\"LastName\":\"b\",\"Account\":{\"Ext__c\":null}}"),
	                "ok,ok,INVALID_FIELD,MISSING_ARGUMENT");
	assert_string_equal(value_of("Contact", "C", "AccountId"), "0015e0000000001AAA");
}

static void a_list_of_results_can_be_short(void **unused)
{
	json_t *list;

	(void)unused;
	use_scenario("{\"faults\":[{\"method\":\"POST\",\"path\":\"*/composite/"
	             "sobjects\",\"nth\":1,\"action\":\"short_list\","
	             "\"each\":2}]}");
	list = json_loads(create(CONTACT "\"LastName\":\"a\"}," CONTACT "\"LastName\":\"b\"}," CONTACT
	                                 "\"LastName\":\"c\"}")
	                          .body,
	                  0, NULL);
	assert_int_equal(json_array_size(list), 2);
	json_decref(list);
	assert_int_equal(counter("rows", "Contact"), 3);
	list = json_loads(create(CONTACT "\"LastName\":\"a\"}," CONTACT "\"LastName\":\"b\"}").body, 0, NULL);
	assert_int_equal(json_array_size(list), 2);
	json_decref(list);
	assert_int_equal(ask("POST", "/practice/scenario", "{\"faults\":[{\"action\":\"short_list\"}]}").status,
	                 400);
}

static void an_empty_text_clears_a_text_and_is_no_number_or_date(void **unused)
{
	(void)unused;
	assert_int_equal(create(CONTACT "\"LastName\":\"a\",\"Phone\":\"1\",\"Ext__c\":\"A\"}").status, 200);
	assert_int_equal(upsert(CONTACT "\"Ext__c\":\"A\",\"Phone\":\"\"}").status, 200);
	assert_non_null(strstr(get(API "/query?q=SELECT+Phone+FROM+Contact").body, "\"Phone\" : null"));
	assert_spoiled(upsert(CONTACT "\"Ext__c\":\"A\",\"Score__c\":\"\"}"),
	               "Cannot deserialize instance of double", "JSON_PARSER_ERROR");
	assert_spoiled(upsert(CONTACT "\"Ext__c\":\"A\",\"Birthdate\":\"\"}"),
	               "Cannot deserialize instance of date", "JSON_PARSER_ERROR");
}

static void what_cannot_be_read_spoils_the_whole_request(void **unused)
{
#define GOOD CONTACT "\"LastName\":\"a\"},"
	static const struct {
		const char *list, *message, *code;
	} cases[] = {
		{ GOOD CONTACT "\"LastName\":\"b\",\"Birthdate\":\"2020-04-30T13:19:18.000000+02:00\"}",
		  "Cannot deserialize instance of date from VALUE_STRING value "
		  "2020-04-30T13:19:18.000000+02:00 or "
		  "request may be missing a required field at [line:1, column:140]",
		  "JSON_PARSER_ERROR" },
		{ GOOD CONTACT "\"foo\":1}", "No such column 'foo' on sobject of type Contact",
		  "INVALID_FIELD" },
		{ GOOD CONTACT "\"LastName\":}", "[line:1, column:", "JSON_PARSER_ERROR" },
		{ GOOD "{\"LastName\":\"b\"}", "request may be missing a required field", "JSON_PARSER_ERROR" },
		{ GOOD "{\"attributes\":{\"type\":\"Foo\"}}", "sObject type 'Foo' is not supported.",
		  "INVALID_TYPE" },
		{ GOOD "3", "[line:1, column:", "JSON_PARSER_ERROR" },
		{ GOOD CONTACT "\"Owner\":\"x\"}",
		  "The value provided for foreign key reference Owner is not a nested SObject",
		  "INVALID_FIELD" },
		{ GOOD CONTACT "\"Account\":{\"Phone\":\"x\"}}", "Phone does not match an External ID",
		  "INVALID_FIELD" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_spoiled(create(cases[i].list), cases[i].message, cases[i].code);
	assert_spoiled(ask("POST", COLLECTION, "{\"records\":[],\"allOrNon\":true}"),
	               "Unrecognized field \\\"allOrNon\\\"", "JSON_PARSER_ERROR");
	assert_spoiled(ask("POST", COLLECTION, "{\"allOrNone\":true}"), "missing a required field",
	               "JSON_PARSER_ERROR");
	assert_spoiled(upsert(ACCOUNT "\"Ext__c\":\"A\"}"), "sObject type 'Account'", "INVALID_TYPE");
	assert_int_equal(counter(NULL, "writes"), 0);
#undef GOOD
}

/* n records, the first `switches` of them of changing types. */
static const char *many(int n, int switches)
{
	static char list[64 * 1024];
	size_t len = 0;

	for (int i = 0; i < n; i++)
		len += (size_t)snprintf(list + len, sizeof list - len, "%s%s", i ? "," : "",
		                        i < switches && i % 2 ? ACCOUNT "\"Name\":\"a\"}"
		                                              : CONTACT "\"LastName\":\"a\"}");
	return list;
}

static void two_hundred_records_and_ten_runs_of_a_type_are_the_most(void **unused)
{
	char path[8192];
	size_t len = (size_t)snprintf(path, sizeof path, COLLECTION "?ids=0035e0000000001AAA");

	(void)unused;
	assert_spoiled(create(many(201, 0)), "cannot submit more than 200 records", "EXCEEDED_ID_LIMIT");
	assert_int_equal(counter(NULL, "writes"), 0);
	assert_int_equal(create(many(200, 0)).status, 200);
	assert_int_equal(counter(NULL, "writes"), 200);
	assert_int_equal(create(many(10, 10)).status, 200);
	assert_spoiled(create(many(11, 11)), "change their type", "LIMIT_EXCEEDED");
	for (int i = 0; i < 200; i++)
		len += (size_t)snprintf(path + len, sizeof path - len, ",0035e0000000001AAA");
	assert_spoiled(ask("DELETE", path, NULL), "cannot submit more than 200 records", "EXCEEDED_ID_LIMIT");
	assert_int_equal(counter("rows", "Contact"), 205);
	assert_outcomes(create(""), "");
}

static void headers_of_collections_are_accepted(void **unused)
{
	static const char body[] = "{\"records\":[" CONTACT "\"LastName\":\"a\"}]}";
	char request[1024];
	int fd = dial();
	struct reply r;

	(void)unused;
	snprintf(request, sizeof request,
	         "POST " COLLECTION " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " PRACTICE_TOKEN
	         "\r\nContent-Type: application/json; charset=UTF-8\r\nSforce-Duplicate-Rule-Header: "
	         "allowSave=true; includeRecordDetails=true\r\nSforce-Auto-Assign: FALSE\r\nContent-Length: "
	         "%zu\r\n\r\n%s",
	         strlen(body), body);
	send_all(fd, request, strlen(request));
	r = receive(fd);
	close(fd);
	assert_outcomes(r, "ok");
}

static void locks_and_faults_hit_collections_too(void **unused)
{
	(void)unused;
	use_scenario("{\"faults\":[{\"action\":\"lock\",\"column\":\"Ext__c\",\"value\":\"L-*\",\"tries\":1},"
	             "{\"path\":\"*/composite/*\",\"nth\":3,\"action\":\"drop_after\"}]}");
	assert_outcomes(upsert(CONTACT "\"Ext__c\":\"A\",\"LastName\":\"a\"}," CONTACT
	                               "\"Ext__c\":\"L-1\",\"LastName\":\"a\"}"),
	                "new,UNABLE_TO_LOCK_ROW");
	assert_outcomes(upsert(CONTACT "\"Ext__c\":\"L-1\",\"LastName\":\"a\"}"), "new");
	assert_int_equal(upsert(CONTACT "\"Ext__c\":\"B\",\"LastName\":\"a\"}").status, 0);
	assert_int_equal(counter("rows", "Contact"), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup(name, empty_org)
		T(results_come_in_the_order_of_the_records),
		T(null_clears_and_what_is_absent_stays),
		T(an_upsert_tells_what_it_created),
		T(an_upsert_goes_by_any_key_and_by_id),
		T(the_same_key_twice_fails_all_its_records),
		T(all_or_none_undoes_creates),
		T(all_or_none_undoes_changes_and_deletes),
		T(deletes_go_by_id_whatever_the_object),
		T(references_by_key_see_what_was_there_before_their_own_kind),
		T(a_list_of_results_can_be_short),
		T(an_empty_text_clears_a_text_and_is_no_number_or_date),
		T(what_cannot_be_read_spoils_the_whole_request),
		T(two_hundred_records_and_ten_runs_of_a_type_are_the_most),
		T(headers_of_collections_are_accepted),
		T(locks_and_faults_hit_collections_too),
	};

	return cmocka_run_group_tests(tests, open_org, close_org);
}
