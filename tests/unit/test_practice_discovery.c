/* What the practice org says about itself: objects, record types, limits, counts, and what has not changed. */
#include "practice_client.h"

#include "base/when.h"

static json_t *ask_json(const char *path)
{
	struct reply r = get(path);
	json_t *json = json_loads(r.body, 0, NULL);

	if (r.status != 200 || !json)
		fail_msg("%s: %d %s", path, r.status, r.body);
	return json;
}

static long limit_left(const char *name)
{
	json_t *json = ask_json(API "/limits");
	long left = (long)json_integer_value(json_object_get(json_object_get(json, name), "Remaining"));

	json_decref(json);
	return left;
}

static struct reply get_if_changed_since(const char *path, int64_t ms)
{
	char request[1024], date[WHEN_TEXT];
	int fd = dial(), n;
	struct reply r;

	when_http_text(ms, date);
	n = snprintf(request, sizeof request,
	             "GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " PRACTICE_TOKEN
	             "\r\nIf-Modified-Since: %s\r\n\r\n",
	             path, date);
	send_all(fd, request, (size_t)n);
	r = receive(fd);
	close(fd);
	return r;
}

static void every_resource_of_the_map_is_there(void **unused)
{
	json_t *map = ask_json(API), *url;
	const char *name;

	(void)unused;
	assert_true(json_object_size(map) >= 5);
	json_object_foreach(map, name, url)
		assert_int_not_equal(get(json_string_value(url)).status, 401);
	assert_int_equal(get(json_string_value(json_object_get(map, "sobjects"))).status, 200);
	assert_int_equal(get(json_string_value(json_object_get(map, "limits"))).status, 200);
	json_decref(map);
}

static void the_usage_is_on_every_answer_but_the_versions(void **unused)
{
	static const char *const paths[] = {
		API,
		API "/sobjects",
		API "/sobjects/Account/describe",
		API "/sobjects/Nothing",
		API "/limits",
		API "/query?q=SELECT+Id+FROM+Account",
		API "/query?q=nonsense",
		API "/jobs/ingest",
		API "/no/such/resource",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		struct reply r = get(paths[i]);
		const char *usage = head_value(&r, "\r\nSforce-Limit-Info: api-usage=");

		if (!usage || strtol(usage, NULL, 10) != (long)i + 1)
			fail_msg("%s: %s", paths[i], r.head);
		assert_non_null(strstr(usage, "/100000\r\n"));
	}
	{
		struct reply r = get("/services/data");

		assert_null(head_value(&r, "Sforce-Limit-Info"));
	}
}

static void limits_count_down(void **unused)
{
	char id[SF_ID_ROOM];
	long calls, batches = limit_left("DailyBulkApiBatches");

	(void)unused;
	calls = limit_left("DailyApiRequests");
	assert_int_equal(limit_left("DailyApiRequests"), calls - 1);
	run_job("{\"object\":\"Account\",\"operation\":\"insert\"}", "Name\nOne\n", "JobComplete", id);
	assert_int_equal(limit_left("DailyBulkApiBatches"), batches - 1);
}

static void record_counts_lag_behind(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	assert_non_null(strstr(get(API "/limits/recordCount?sObjects=Account").body, "\"sObjects\" : [ ]"));
	create_record("Account", "{\"Name\":\"One\"}", id);
	create_record("Contact", "{\"LastName\":\"Two\"}", id);
	assert_non_null(strstr(get(API "/limits/recordCount?sObjects=Account").body, "\"count\" : 0"));
	ask("POST", "/practice/clock", "{\"advance_ms\":3600000}");
	assert_non_null(
		strstr(get(API "/limits/recordCount?sObjects=Account").body,
	               "{\n  \"sObjects\" : [ {\n    \"count\" : 1,\n    \"name\" : \"Account\"\n  } ]\n}"));
	assert_non_null(strstr(get(API "/limits/recordCount?sObjects=Account,Contact").body, "Contact"));
}

static void a_row_that_did_not_change_is_not_sent_again(void **unused)
{
	char id[SF_ID_ROOM], path[128];
	struct reply r;
	int64_t changed;

	(void)unused;
	create_record("Account", "{\"Name\":\"One\"}", id);
	snprintf(path, sizeof path, API "/sobjects/Account/%s", id);
	r = get(path);
	assert_int_equal(r.status, 200);
	assert_true(when_http((struct slice){ head_value(&r, "\r\nLast-Modified: "), 29 }, &changed));
	r = get_if_changed_since(path, changed);
	assert_int_equal(r.status, 304);
	assert_string_equal(r.body, "");
	assert_int_equal(get_if_changed_since(path, changed - 1000).status, 200);
	ask("POST", "/practice/clock", "{\"advance_ms\":5000}");
	assert_int_equal(ask("PATCH", path, "{\"Name\":\"Two\"}").status, 204);
	assert_int_equal(get_if_changed_since(path, changed).status, 200);
}

/* The describe's only record type beside the master. */
#define HOUSEHOLD "01254000001upcKAAQ"

static void record_types_can_be_queried(void **unused)
{
	struct reply r = get(API "/query?q=SELECT+Id,DeveloperName,SobjectType+FROM+RecordType"
	                         "+WHERE+SObjectType='Account'");

	(void)unused;
	assert_int_equal(r.status, 200);
	assert_int_equal(atoi(json_value(r.body, "totalSize")), 1);
	assert_non_null(strstr(r.body, "\"Id\" : \"" HOUSEHOLD "\""));
	assert_non_null(strstr(r.body, "\"DeveloperName\" : \"Household\""));
	r = get(API "/query?q=SELECT+Name+FROM+RecordType+WHERE+Id='01254000001upcK'");
	assert_int_equal(atoi(json_value(r.body, "totalSize")), 1);
	r = get(API "/sobjects/RecordType/" HOUSEHOLD);
	assert_int_equal(r.status, 200);
	assert_string_equal(json_value(r.body, "SobjectType"), "Account");
	assert_int_equal(get(API "/sobjects/RecordType/012540000000000AAA").status, 404);
}

static void a_record_has_the_default_record_type_or_a_known_one(void **unused)
{
	char id[SF_ID_ROOM], path[128];
	struct reply r;

	(void)unused;
	create_record("Account", "{\"Name\":\"One\"}", id);
	snprintf(path, sizeof path, API "/sobjects/Account/%s?fields=RecordTypeId", id);
	assert_string_equal(json_value(get(path).body, "RecordTypeId"), HOUSEHOLD);
	create_record("Account", "{\"Name\":\"Two\",\"RecordType\":{\"Name\":\"Household\"}}", id);
	snprintf(path, sizeof path, API "/sobjects/Account/%s?fields=RecordTypeId", id);
	assert_string_equal(json_value(get(path).body, "RecordTypeId"), HOUSEHOLD);
	r = ask("POST", API "/sobjects/Account",
	        "{\"Name\":\"Three\",\"RecordTypeId\":\"0125j000000RqVlAAK\"}");
	assert_int_equal(r.status, 400);
	assert_non_null(strstr(r.body, "INVALID_CROSS_REFERENCE_KEY"));
	r = ask("POST", API "/sobjects/Account", "{\"Name\":\"Four\",\"RecordType\":{\"Name\":\"Nothing\"}}");
	assert_int_equal(r.status, 400);
}

static void bulk_finds_record_types_by_name(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	run_job("{\"object\":\"Account\",\"operation\":\"insert\"}",
	        "Name,RecordType.Name\nOne,Household\nTwo,Nothing\n", "JobComplete", id);
	assert_non_null(strstr(results(id, "/successfulResults/", 0), "\"One\""));
	assert_non_null(strstr(results(id, "/failedResults/", 1), "\"Two\""));
}

static void the_peers_objects_are_there(void **unused)
{
	json_t *json;

	(void)unused;
	json = ask_json("/" API
	                "/query?q=SELECT+Name,InstanceName,IsSandbox,TrialExpirationDate,NamespacePrefix,"
	                "OrganizationType+FROM+Organization");
	assert_int_equal(json_integer_value(json_object_get(json, "totalSize")), 1);
	json_decref(json);
	json = ask_json("/" API "/query?q=SELECT+Id+FROM+ScratchOrgInfo+LIMIT+1");
	assert_int_equal(json_integer_value(json_object_get(json, "totalSize")), 0);
	json_decref(json);
	json = ask_json("//services/data/v51.0/sobjects/User/" PRACTICE_USER);
	assert_string_equal(json_string_value(json_object_get(json, "Username")), PRACTICE_USERNAME);
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(every_resource_of_the_map_is_there, empty_org),
		cmocka_unit_test_setup(the_usage_is_on_every_answer_but_the_versions, empty_org),
		cmocka_unit_test_setup(limits_count_down, empty_org),
		cmocka_unit_test_setup(record_counts_lag_behind, empty_org),
		cmocka_unit_test_setup(a_row_that_did_not_change_is_not_sent_again, empty_org),
		cmocka_unit_test_setup(record_types_can_be_queried, empty_org),
		cmocka_unit_test_setup(a_record_has_the_default_record_type_or_a_known_one, empty_org),
		cmocka_unit_test_setup(bulk_finds_record_types_by_name, empty_org),
		cmocka_unit_test_setup(the_peers_objects_are_there, empty_org),
	};

	return cmocka_run_group_tests(tests, open_org, close_org);
}
