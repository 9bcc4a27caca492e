/* Several requests in one on the practice org, many records by their ids, and HEAD. */
#include "practice_client.h"

/* The answers of a composite request, which must have been taken; to be released. */
static json_t *composite(const char *json)
{
	struct reply r = ask("POST", API "/composite", json);
	json_t *answer = json_loads(r.body, 0, NULL), *list;

	if (r.status != 200 || !answer)
		fail_msg("%d %s", r.status, r.body);
	list = json_incref(json_object_get(answer, "compositeResponse"));
	json_decref(answer);
	return list;
}

static int status_of(const json_t *list, size_t index)
{
	return (int)json_integer_value(json_object_get(json_array_get(list, index), "httpStatusCode"));
}

static const json_t *body_of(const json_t *list, size_t index)
{
	return json_object_get(json_array_get(list, index), "body");
}

static const char *error_of(const json_t *list, size_t index)
{
	return json_string_value(json_object_get(json_array_get(body_of(list, index), 0), "errorCode"));
}

static long rows_of(const char *object)
{
	return counter("rows", object);
}

static void later_requests_refer_to_earlier_answers(void **unused)
{
	json_t *list = composite(
		"{\"compositeRequest\":["
		"{\"method\":\"POST\",\"url\":\"" API "/sobjects/Account\",\"referenceId\":\"acc\","
		"\"body\":{\"Name\":\"A \\\"quoted\\\"\",\"Ext__c\":\"A-1\"}},"
		"{\"method\":\"POST\",\"url\":\"" API "/sobjects/Contact\",\"referenceId\":\"con\","
		"\"body\":{\"LastName\":\"C\",\"AccountId\":\"@{acc.id}\"}},"
		"{\"method\":\"GET\",\"url\":\"" API "/sobjects/Account/@{acc.id}?fields=Name,Ext__c\","
		"\"referenceId\":\"get\"},"
		"{\"method\":\"GET\",\"url\":\"" API "/query/?q=SELECT Account.Name FROM Contact WHERE Id = "
		"'@{con.id}'\",\"referenceId\":\"found\"},"
		"{\"method\":\"POST\",\"url\":\"" API "/sobjects/Contact\",\"referenceId\":\"second\","
		"\"body\":{\"LastName\":\"@{found.records[0].Account.Name}\"}},"
		"{\"method\":\"DELETE\",\"url\":\"" API
		"/sobjects/Contact/@{con.id}\",\"referenceId\":\"gone\"}]}");

	(void)unused;
	assert_int_equal(json_array_size(list), 6);
	assert_int_equal(status_of(list, 0), 201);
	assert_non_null(json_object_get(json_object_get(json_array_get(list, 0), "httpHeaders"), "Location"));
	assert_string_equal(json_string_value(json_object_get(json_array_get(list, 0), "referenceId")), "acc");
	assert_int_equal(status_of(list, 1), 201);
	assert_int_equal(status_of(list, 2), 200);
	assert_string_equal(json_string_value(json_object_get(body_of(list, 2), "Ext__c")), "A-1");
	assert_int_equal(json_integer_value(json_object_get(body_of(list, 3), "totalSize")), 1);
	assert_int_equal(status_of(list, 4), 201);
	assert_int_equal(status_of(list, 5), 204);
	assert_true(json_is_null(body_of(list, 5)));
	json_decref(list);
	assert_int_equal(atoi(json_value(query("SELECT Id FROM Contact WHERE LastName = 'A \"quoted\"'").body,
	                                 "totalSize")),
	                 1);
	assert_int_equal(counter(NULL, "writes"), 4);
}

static void one_that_fails_does_not_stop_the_others_unless_they_need_it(void **unused)
{
	json_t *list = composite(
		"{\"compositeRequest\":["
		"{\"method\":\"POST\",\"url\":\"" API "/sobjects/Account\",\"referenceId\":\"a\","
		"\"body\":{\"Site\":\"no name\"}},"
		"{\"method\":\"POST\",\"url\":\"" API "/sobjects/Contact\",\"referenceId\":\"b\","
		"\"body\":{\"LastName\":\"C\",\"AccountId\":\"@{a.id}\"}},"
		"{\"method\":\"POST\",\"url\":\"" API "/sobjects/Account\",\"referenceId\":\"c\","
		"\"body\":{\"Name\":\"Good\"}}]}");

	(void)unused;
	assert_int_equal(status_of(list, 0), 400);
	assert_string_equal(error_of(list, 0), "REQUIRED_FIELD_MISSING");
	assert_int_equal(status_of(list, 1), 400);
	assert_string_equal(error_of(list, 1), "PROCESSING_HALTED");
	assert_int_equal(status_of(list, 2), 201);
	json_decref(list);
	assert_int_equal(rows_of("Account"), 1);
	assert_int_equal(rows_of("Contact"), 0);
}

static void all_or_none_undoes_rows_of_every_kind(void **unused)
{
	char id[SF_ID_ROOM], json[2048];
	json_t *list;
	struct reply r = ask("POST", API "/sobjects/Account", "{\"Name\":\"Before\",\"Ext__c\":\"A-1\"}");

	(void)unused;
	take_value(r.body, "id", id, sizeof id);
	snprintf(json, sizeof json,
	         "{\"allOrNone\":true,\"compositeRequest\":["
	         "{\"method\":\"POST\",\"url\":\"" API "/sobjects/Contact\",\"referenceId\":\"a\","
	         "\"body\":{\"LastName\":\"C\",\"Ext__c\":\"C-1\"}},"
	         "{\"method\":\"PATCH\",\"url\":\"" API "/sobjects/Account/%s\",\"referenceId\":\"b\","
	         "\"body\":{\"Name\":\"Changed\"}},"
	         "{\"method\":\"POST\",\"url\":\"" API "/composite/sobjects\",\"referenceId\":\"c\","
	         "\"body\":{\"allOrNone\":true,\"records\":[{\"attributes\":{\"type\":\"Account\"},\"Name\":"
	         "\"X\"}]}},"
	         "{\"method\":\"DELETE\",\"url\":\"" API "/sobjects/Account/%s\",\"referenceId\":\"d\"},"
	         "{\"method\":\"POST\",\"url\":\"" API "/sobjects/Account\",\"referenceId\":\"e\",\"body\":{}},"
	         "{\"method\":\"POST\",\"url\":\"" API "/sobjects/Contact\",\"referenceId\":\"f\","
	         "\"body\":{\"LastName\":\"Never\"}}]}",
	         id, id);
	list = composite(json);
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(status_of(list, i), 400);
		assert_string_equal(error_of(list, i), i == 4 ? "REQUIRED_FIELD_MISSING" : "PROCESSING_HALTED");
	}
	json_decref(list);
	assert_int_equal(rows_of("Account"), 1);
	assert_int_equal(rows_of("Contact"), 0);
	assert_int_equal(counter(NULL, "writes"), 1);
	assert_non_null(strstr(query("SELECT Name FROM Account WHERE Ext__c = 'A-1'").body, "\"Before\""));
	/* the key is free again, and the index knows it */
	assert_int_equal(ask("POST", API "/sobjects/Contact", "{\"LastName\":\"C\",\"Ext__c\":\"C-1\"}").status,
	                 201);
}

static void a_collection_within_keeps_its_own_rollback(void **unused)
{
	json_t *list = composite(
		"{\"allOrNone\":true,\"compositeRequest\":["
		"{\"method\":\"POST\",\"url\":\"" API "/sobjects/Account\",\"referenceId\":\"a\","
		"\"body\":{\"Name\":\"Stays\"}},"
		"{\"method\":\"POST\",\"url\":\"" API "/composite/sobjects\",\"referenceId\":\"b\",\"body\":"
		"{\"allOrNone\":true,\"records\":[{\"attributes\":{\"type\":\"Account\"},\"Name\":\"Goes\"},"
		"{\"attributes\":{\"type\":\"Account\"}}]}}]}");

	(void)unused;
	assert_int_equal(status_of(list, 0), 201);
	assert_int_equal(status_of(list, 1), 200);
	json_decref(list);
	assert_int_equal(rows_of("Account"), 1);
	assert_int_equal(counter(NULL, "writes"), 1);
}

static void it_counts_as_one_call(void **unused)
{
	long before = counter(NULL, "api_calls");

	(void)unused;
	json_decref(composite("{\"compositeRequest\":["
	                      "{\"method\":\"GET\",\"url\":\"" API "/limits\",\"referenceId\":\"a\"},"
	                      "{\"method\":\"GET\",\"url\":\"" API "/sobjects\",\"referenceId\":\"b\"}]}"));
	assert_int_equal(counter(NULL, "api_calls"), before + 1);
	assert_int_equal(counter("calls", "composite"), 1);
}

static void headers_of_a_subrequest_are_heard(void **unused)
{
	json_t *list = composite("{\"compositeRequest\":[{\"method\":\"GET\",\"url\":\"" API "/sobjects\","
	                         "\"referenceId\":\"a\",\"httpHeaders\":{\"If-Modified-Since\":"
	                         "\"Fri, 01 Jan 2100 00:00:00 GMT\"}}]}");

	(void)unused;
	assert_int_equal(status_of(list, 0), 304);
	assert_true(json_is_null(body_of(list, 0)));
	assert_non_null(json_object_get(json_object_get(json_array_get(list, 0), "httpHeaders"), "ETag"));
	json_decref(list);
}

static void what_cannot_stand_in_a_composite_is_refused(void **unused)
{
	static const char many[] = "{\"method\":\"GET\",\"url\":\"" API "/query?q=SELECT+Id+FROM+Account\","
				   "\"referenceId\":\"r%d\"}%s";
	static char json[8192];
	size_t n = (size_t)snprintf(json, sizeof json, "{\"compositeRequest\":[");
	json_t *list;

	(void)unused;
	for (int i = 0; i < 26; i++)
		n += (size_t)snprintf(json + n, sizeof json - n, many, i, i < 25 ? "," : "]}");
	assert_int_equal(ask("POST", API "/composite", json).status, 400);
	n = (size_t)snprintf(json, sizeof json, "{\"compositeRequest\":[");
	for (int i = 0; i < 6; i++)
		n += (size_t)snprintf(json + n, sizeof json - n, many, i, i < 5 ? "," : "]}");
	list = composite(json);
	assert_int_equal(status_of(list, 4), 200);
	assert_int_equal(status_of(list, 5), 400);
	json_decref(list);
	list = composite(
		"{\"compositeRequest\":["
		"{\"method\":\"POST\",\"url\":\"" API "/composite\",\"referenceId\":\"a\",\"body\":{}},"
		"{\"method\":\"POST\",\"url\":\"" API "/jobs/ingest\",\"referenceId\":\"b\",\"body\":{}},"
		"{\"method\":\"POST\",\"url\":\"/practice/reset\",\"referenceId\":\"c\"},"
		"{\"method\":\"PUT\",\"url\":\"" API "/sobjects/Account\",\"referenceId\":\"d\"}]}");
	assert_int_equal(status_of(list, 0), 400);
	assert_int_equal(status_of(list, 1), 400);
	assert_int_equal(status_of(list, 2), 400);
	assert_int_equal(status_of(list, 3), 405);
	json_decref(list);
}

static void a_body_that_is_no_composite_is_refused_whole(void **unused)
{
	static const char *const bodies[] = {
		"",
		"[]",
		"{}",
		"{\"compositeRequest\":{}}",
		"{\"compositeRequest\":[]}",
		"{\"compositeRequest\":[1]}",
		"{\"compositeRequest\":[{\"method\":\"GET\",\"url\":\"" API "/limits\"}]}",
		"{\"compositeRequest\":[{\"method\":\"GET\",\"url\":\"" API
		"/limits\",\"referenceId\":\"a b\"}]}",
		"{\"compositeRequest\":[{\"method\":\"GET\",\"url\":\"" API "/limits\",\"referenceId\":\"a\"},"
		"{\"method\":\"GET\",\"url\":\"" API "/limits\",\"referenceId\":\"a\"}]}",
		"{\"allOrNone\":1,\"compositeRequest\":[]}",
		"{\"more\":1,\"compositeRequest\":[]}",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
		struct reply r = ask("POST", API "/composite", bodies[i]);

		if (r.status != 400 || !strstr(r.body, "errorCode"))
			fail_msg("%s: %d %s", bodies[i], r.status, r.body);
	}
}

static void references_that_lead_nowhere_harm_nobody(void **unused)
{
	static const char *const references[] = {
		"@{x}", "@{a.records[9].Id}", "@{a.records[0}", "@{a..Id}",
		"@{}",  "@{a.records}",       "@{b.id}",        "@{a.records[x].Id}"
	};
	char json[1024];

	(void)unused;
	for (size_t i = 0; i < sizeof references / sizeof references[0]; i++) {
		json_t *list;

		snprintf(json, sizeof json,
		         "{\"compositeRequest\":[{\"method\":\"GET\",\"url\":\"" API
		         "/query?q=SELECT+Id+FROM+User\",\"referenceId\":\"a\"},"
		         "{\"method\":\"GET\",\"url\":\"" API "/sobjects/User/%s\",\"referenceId\":\"b\"}]}",
		         references[i]);
		list = composite(json);
		assert_int_equal(status_of(list, 1), 400);
		assert_string_equal(error_of(list, 1), "PROCESSING_HALTED");
		json_decref(list);
	}
}

static void many_records_come_by_their_ids(void **unused)
{
	char one[SF_ID_ROOM], two[SF_ID_ROOM], path[256], json[256];
	struct reply r;
	json_t *list;

	(void)unused;
	take_value(ask("POST", API "/sobjects/Account", "{\"Name\":\"One\"}").body, "id", one, sizeof one);
	take_value(ask("POST", API "/sobjects/Account", "{\"Name\":\"Two\"}").body, "id", two, sizeof two);
	snprintf(json, sizeof json,
	         "{\"ids\":[\"%s\",\"001000000000000AAA\",\"%s\"],\"fields\":[\"Id\",\"Name\"]}", two, one);
	r = ask("POST", API "/composite/sobjects/Account", json);
	assert_int_equal(r.status, 200);
	list = json_loads(r.body, 0, NULL);
	assert_int_equal(json_array_size(list), 3);
	assert_string_equal(json_string_value(json_object_get(json_array_get(list, 0), "Name")), "Two");
	assert_true(json_is_null(json_array_get(list, 1)));
	assert_string_equal(json_string_value(json_object_get(json_array_get(list, 2), "Id")), one);
	json_decref(list);
	snprintf(path, sizeof path, API "/composite/sobjects/Account?ids=%s,%s&fields=Name", one, two);
	r = get(path);
	assert_int_equal(r.status, 200);
	assert_non_null(strstr(r.body, "\"Name\" : \"One\""));
	assert_int_equal(get(API "/composite/sobjects/Account?ids=x&fields=Foo").status, 400);
	assert_int_equal(get(API "/composite/sobjects/Account?fields=Name").status, 400);
	assert_int_equal(get(API "/composite/sobjects/Nothing?ids=x&fields=Id").status, 404);
	assert_int_equal(ask("POST", API "/composite/sobjects/Account", "{\"ids\":[]}").status, 400);
}

static void head_answers_without_a_body(void **unused)
{
	struct reply r = get(API "/sobjects/Account/describe");
	char length[64];
	const char *at;
	int fd = dial();
	static const char request[] = "HEAD " API "/sobjects/Account/describe HTTP/1.1\r\nHost: x\r\n"
				      "Connection: close\r\nAuthorization: Bearer " PRACTICE_TOKEN "\r\n\r\n";

	(void)unused;
	snprintf(length, sizeof length, "\r\nContent-Length: %zu\r\n", strlen(r.body));
	send_all(fd, request, sizeof request - 1);
	r = receive(fd);
	close(fd);
	assert_int_equal(r.status, 200);
	at = head_value(&r, length);
	assert_non_null(at);
	assert_string_equal(r.body, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(later_requests_refer_to_earlier_answers, empty_org),
		cmocka_unit_test_setup(one_that_fails_does_not_stop_the_others_unless_they_need_it, empty_org),
		cmocka_unit_test_setup(all_or_none_undoes_rows_of_every_kind, empty_org),
		cmocka_unit_test_setup(a_collection_within_keeps_its_own_rollback, empty_org),
		cmocka_unit_test_setup(it_counts_as_one_call, empty_org),
		cmocka_unit_test_setup(headers_of_a_subrequest_are_heard, empty_org),
		cmocka_unit_test_setup(what_cannot_stand_in_a_composite_is_refused, empty_org),
		cmocka_unit_test_setup(a_body_that_is_no_composite_is_refused_whole, empty_org),
		cmocka_unit_test_setup(references_that_lead_nowhere_harm_nobody, empty_org),
		cmocka_unit_test_setup(many_records_come_by_their_ids, empty_org),
		cmocka_unit_test_setup(head_answers_without_a_body, empty_org),
	};

	return cmocka_run_group_tests(tests, open_org, close_org);
}
