/* The practice org's sign-in, describes, limits and queries as a client sees them, and what it answers to nonsense. */
#include "practice_client.h"

#include "base/when.h"

/* A request as it stands, on a connection of its own. */
static struct reply say(const char *request)
{
	int fd = dial();
	struct reply r;

	send_all(fd, request, strlen(request));
	r = receive(fd);
	close(fd);
	return r;
}

static struct reply get_with(const char *path, const char *headers)
{
	char request[2048];

	snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n", path, headers);
	return say(request);
}

static struct reply get_as(const char *token, const char *path)
{
	char header[256];

	snprintf(header, sizeof header, "Authorization: Bearer %s\r\n", token);
	return get_with(path, header);
}

static struct reply sign_in(const char *form)
{
	char request[1024];

	snprintf(request, sizeof request,
	         "POST /services/oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Type: "
	         "application/x-www-form-urlencoded\r\n"
	         "Content-Length: %zu\r\n\r\n%s",
	         strlen(form), form);
	return say(request);
}

#define GOOD_FORM "grant_type=refresh_token&client_id=practice&refresh_token=practice%2Drefresh"

static void a_refresh_token_gives_a_session_that_works_until_it_expires(void **unused)
{
	char token[128], url[64];
	struct reply r = sign_in(GOOD_FORM);

	(void)unused;
	assert_int_equal(r.status, 200);
	snprintf(url, sizeof url, "http://127.0.0.1:%d", org.port);
	assert_string_equal(json_value(r.body, "instance_url"), url);
	assert_true(strlen(json_value(r.body, "issued_at")) == 13);
	take_value(r.body, "access_token", token, sizeof token);
	assert_memory_equal(token, "00D5e0000000001!", 16);
	assert_int_equal(get_as(token, API "/limits").status, 200);
	assert_int_equal(ask("POST", "/practice/expire-sessions", "").status, 200);
	r = get_as(token, API "/limits");
	assert_int_equal(r.status, 401);
	assert_string_equal(
		r.body, "[{\"message\":\"Session expired or invalid\",\"errorCode\":\"INVALID_SESSION_ID\"}]");
	assert_int_equal(get_as(PRACTICE_TOKEN, API "/limits").status, 200);
}

static void a_session_ends_with_its_time(void **unused)
{
	char token[128];

	(void)unused;
	use_scenario("{\"session_ms\":60000}");
	take_value(sign_in(GOOD_FORM).body, "access_token", token, sizeof token);
	assert_int_equal(get_as(token, API "/limits").status, 200);
	ask("POST", "/practice/clock", "{\"advance_ms\":60000}");
	assert_int_equal(get_as(token, API "/limits").status, 401);
}

static void a_wrong_sign_in_is_refused_in_salesforces_words(void **unused)
{
	static const struct {
		const char *form, *error, *description;
	} cases[] = {
		{ "", "invalid_request", "missing required parameter: grant_type" },
		{ "grant_type=magic", "unsupported_grant_type", "grant type not supported" },
		{ "grant_type=refresh_token&client_id=x&refresh_token=practice-refresh", "invalid_client_id",
		  "client identifier invalid" },
		{ "grant_type=refresh_token&client_id=practice&client_secret=x&refresh_token=practice-refresh",
		  "invalid_client", "invalid client credentials" },
		{ "grant_type=refresh_token&client_id=practice&refresh_token=old", "invalid_grant",
		  "expired access/refresh token" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct reply r = sign_in(cases[i].form);

		assert_int_equal(r.status, 400);
		assert_string_equal(json_value(r.body, "error"), cases[i].error);
		assert_string_equal(json_value(r.body, "error_description"), cases[i].description);
	}
}

static void nothing_below_a_version_works_without_a_token(void **unused)
{
	static const char *const paths[] = { API, API "/sobjects", API "/jobs/ingest", API "/nothing" };

	(void)unused;
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		assert_int_equal(get_with(paths[i], "").status, 401);
		assert_int_equal(get_as("00D5e0000000001!AQEAQ.practicf", paths[i]).status, 401);
	}
	assert_int_equal(get_with("/services/data", "").status, 200);
	assert_int_equal(get_with("/services/oauth2/userinfo", "").status, 403);
	assert_int_equal(counter(NULL, "api_calls"), 0);
}

static void user_info_names_user_and_org(void **unused)
{
	struct reply r = get("/services/oauth2/userinfo");

	(void)unused;
	assert_string_equal(json_value(r.body, "user_id"), PRACTICE_USER);
	assert_string_equal(json_value(r.body, "organization_id"), PRACTICE_ORG);
	assert_string_equal(json_value(r.body, "preferred_username"), PRACTICE_USERNAME);
	assert_int_equal(get(API "/sobjects/User/" PRACTICE_USER).status, 200);
}

static void versions_and_paths_are_tolerant_where_salesforce_is(void **unused)
{
	(void)unused;
	assert_non_null(strstr(get("//services/data/").body,
	                       "{\"label\":\"Spring '26\",\"url\":\"/services/data/v66.0\","
	                       "\"version\":\"66.0\"}"));
	assert_int_equal(get("//services/data/v50.0//limits/").status, 200);
	assert_int_equal(get("/services/data/v44.0/limits").status, 404);
	assert_int_equal(get("/services/data/v62.5/limits").status, 404);
	assert_int_equal(get("/services/data/v46.0/jobs/query").status, 404);
	assert_int_equal(get("/services/data/v47.0/jobs/query").status, 200);
	assert_int_equal(ask("PATCH", "/services/data/v45.0/composite/sobjects/Contact/Ext__c", "{}").status,
	                 404);
	assert_int_equal(ask("PATCH", "/services/data/v46.0/composite/sobjects/Contact/Ext__c", "{}").status,
	                 400);
	assert_int_equal(get("/nowhere").status, 404);
	assert_int_equal(ask("DELETE", API "/limits", NULL).status, 405);
	assert_non_null(
		strstr(get(API "/sobjects/Nothing/describe").body, "The requested resource does not exist"));
}

static void every_api_answer_tells_the_usage_and_the_time(void **unused)
{
	struct reply r;
	int64_t now, later;

	(void)unused;
	r = get(API "/limits");
	assert_non_null(head_value(&r, "Sforce-Limit-Info: api-usage=1/100000\r\n"));
	assert_non_null(strstr(r.body, "\"Remaining\" : 99999"));
	assert_true(when_http((struct slice){ head_value(&r, "\r\nDate: "), 29 }, &now));
	ask("POST", "/practice/clock", "{\"advance_ms\":3600000}");
	r = get(API "/nothing");
	assert_int_equal(r.status, 404);
	assert_non_null(head_value(&r, "Sforce-Limit-Info: api-usage=2/100000\r\n"));
	assert_true(when_http((struct slice){ head_value(&r, "\r\nDate: "), 29 }, &later));
	assert_true(later - now >= 3600000 && later - now < 3700000);
	assert_int_equal(counter("calls", "limits"), 1);
}

static void a_describe_has_the_added_fields_with_all_their_keys(void **unused)
{
	static const char *const objects[] = {
		"Account", "Contact", "Lead", "Case", "Opportunity", "Custom__c"
	};
	char path[128];
	size_t i, k;

	(void)unused;
	for (i = 0; i < sizeof objects / sizeof objects[0]; i++) {
		json_t *describe, *fields, *field;
		bool found = false;

		snprintf(path, sizeof path, API "/sobjects/%s/describe", objects[i]);
		describe = json_loads(get(path).body, 0, NULL);
		fields = json_object_get(describe, "fields");
		json_array_foreach(fields, k, field) {
			assert_int_equal(json_object_size(field), 57);
			if (strcmp(json_string_value(json_object_get(field, "name")), "Ext__c") != 0)
				continue;
			found = true;
			assert_true(json_is_true(json_object_get(field, "externalId")));
			assert_true(json_is_true(json_object_get(field, "unique")));
			assert_int_equal(json_integer_value(json_object_get(field, "length")), 40);
		}
		assert_true(found);
		snprintf(path, sizeof path, "/services/data/v62.0/sobjects/%s/describe", objects[i]);
		assert_string_equal(
			json_string_value(json_object_get(json_object_get(describe, "urls"), "describe")),
			path);
		json_decref(describe);
	}
}

static void a_describe_known_already_is_not_sent_again(void **unused)
{
	char headers[256];
	struct reply r = get("/services/data/v58.0/sobjects/Account/describe");

	(void)unused;
	assert_non_null(strstr(r.body, "/services/data/v58.0/sobjects/Account"));
	snprintf(headers, sizeof headers,
	         "Authorization: Bearer " PRACTICE_TOKEN "\r\nIf-Modified-Since: %.29s\r\n",
	         head_value(&r, "Last-Modified: "));
	r = get_with(API "/sobjects/Account/describe", headers);
	assert_int_equal(r.status, 304);
	assert_string_equal(r.body, "");
	r = get_with(API "/sobjects", headers);
	assert_int_equal(r.status, 304);
	assert_string_equal(r.body, "");
	assert_non_null(head_value(&r, "ETag: \""));
	assert_non_null(head_value(&r, "Last-Modified: "));
	assert_int_equal(get_with(API "/sobjects/Account/describe",
	                          "Authorization: Bearer " PRACTICE_TOKEN
	                          "\r\nIf-Modified-Since: Fri, 14 Aug 2020 20:53:02 GMT\r\n")
	                         .status,
	                 200);
	assert_int_equal(get_with(API "/sobjects/Account/describe", "Authorization: Bearer " PRACTICE_TOKEN
	                                                            "\r\nIf-Modified-Since: yesterday\r\n")
	                         .status,
	                 400);
}

static void the_list_of_objects_has_those_of_the_describes(void **unused)
{
	json_t *list = json_loads(get(API "/sobjects").body, 0, NULL), *object;
	size_t i, account = 0;

	(void)unused;
	assert_int_equal(json_integer_value(json_object_get(list, "maxBatchSize")), 200);
	json_array_foreach(json_object_get(list, "sobjects"), i, object) {
		assert_null(json_object_get(object, "fields"));
		account += strcmp(json_string_value(json_object_get(object, "name")), "Account") == 0 &&
		           strcmp(json_string_value(json_object_get(object, "keyPrefix")), "001") == 0;
	}
	assert_int_equal(account, 1);
	json_decref(list);
}

static void expect_rows(const char *where, const char *names)
{
	char soql[512], found[256] = "";
	struct reply r;
	json_t *answer, *record;
	size_t i;

	snprintf(soql, sizeof soql, "SELECT Name FROM Account WHERE %s", where);
	r = query(soql);
	if (r.status != 200)
		fail_msg("%s: %s", where, r.body);
	answer = json_loads(r.body, 0, NULL);
	json_array_foreach(json_object_get(answer, "records"), i, record)
		strcat(found, json_string_value(json_object_get(record, "Name")));
	assert_int_equal(json_integer_value(json_object_get(answer, "totalSize")), strlen(found));
	json_decref(answer);
	if (strcmp(found, names) != 0)
		fail_msg("%s found %s, not %s", where, found, names);
}

static void conditions_mean_what_salesforce_means(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	run_job("{\"object\":\"Account\",\"operation\":\"insert\"}",
	        "Name,Ext__c,Site,Score__c,Active__c,Since__c,Seen__c\n"
	        "A,K-1,Berlin,1.5,true,2024-01-31,2024-01-31T10:00:00Z\n"
	        "B,K-2,berlin,20,false,2024-02-01,2024-01-31T10:00:00+01:00\n"
	        "C,k-3,Bern's,-3,,,\n"
	        "D,,,,,,\n",
	        "JobComplete", id);
	expect_rows("Site = 'BERLIN'", "AB");
	expect_rows("Site != 'berlin'", "CD");
	expect_rows("Site = 'Bern\\'s'", "C");
	expect_rows("Ext__c IN ('k-1', 'K-3', 'x')", "AC");
	expect_rows("Ext__c NOT IN ('k-1','K-3')", "BD");
	expect_rows("Ext__c = null", "D");
	expect_rows("Ext__c != null AND Active__c = false", "BC");
	expect_rows("Score__c > 1.5", "B");
	expect_rows("Score__c >= 1.5 OR Score__c < 0", "ABC");
	expect_rows("Since__c < 2024-02-01", "A");
	expect_rows("Seen__c = 2024-01-31T09:00:00Z", "B");
	expect_rows("Seen__c >= 2024-01-31T11:00:00+01:00", "A");
	expect_rows("Site LIKE 'ber%'", "ABC");
	expect_rows("Site LIKE '_ER_IN'", "AB");
	expect_rows("NOT (Site LIKE 'ber%' OR Name = 'D')", "");
	expect_rows("(Name = 'A' OR Name = 'B') AND Active__c = true", "A");
	expect_rows("Id = '0015e0000000002'", "B");
	expect_rows("Id IN ('0015e0000000002AAA','0015e0000000001AAA')", "AB");
	expect_rows("Owner.Username = '" PRACTICE_USERNAME "' AND CreatedById = '" PRACTICE_USER "'", "ABCD");
	expect_rows("CreatedDate > 2020-01-01T00:00:00Z AND Name != 'A' ORDER BY Name DESC LIMIT 2", "DC");
	expect_rows("Name != 'x' ORDER BY Score__c DESC NULLS LAST", "BACD");
	assert_non_null(
		strstr(query("SELECT COUNT() FROM Account WHERE Active__c = false").body, "\"totalSize\" : 3"));
}

static void values_come_back_in_their_types(void **unused)
{
	char id[SF_ID_ROOM];
	struct reply r;

	(void)unused;
	run_job("{\"object\":\"Contact\",\"operation\":\"insert\"}",
	        "FirstName,LastName,Score__c,Active__c,Seen__c\nAda,\"L\"\"\xc3\xa4\",1.2E3,yes,2024-01-31T10:"
	        "00:00.123+01:00\n",
	        "JobComplete", id);
	r = query("select name, score__C, Active__c, Seen__c, Email, Account.Name from contact");
	assert_non_null(strstr(r.body, "\"Name\" : \"Ada L\\\"\xc3\xa4\""));
	assert_non_null(strstr(r.body, "\"Score__c\" : 1200"));
	assert_non_null(strstr(r.body, "\"Active__c\" : true"));
	assert_non_null(strstr(r.body, "\"Seen__c\" : \"2024-01-31T09:00:00.000+0000\""));
	assert_non_null(strstr(r.body, "\"Email\" : null"));
	assert_non_null(strstr(r.body, "\"Account\" : null"));
}

static void a_long_answer_comes_in_pages(void **unused)
{
	static char csv[40000] = "Name\n";
	char id[SF_ID_ROOM], next[128];
	struct reply r;
	size_t seen = 0;

	(void)unused;
	for (int i = 0; i < 4001; i++)
		sprintf(csv + strlen(csv), "N%d\n", i);
	run_job("{\"object\":\"Account\",\"operation\":\"insert\"}", csv, "JobComplete", id);
	r = query("SELECT Id FROM Account");
	for (;;) {
		json_t *page = json_loads(r.body, 0, NULL);

		assert_int_equal(json_integer_value(json_object_get(page, "totalSize")), 4001);
		seen += json_array_size(json_object_get(page, "records"));
		take_value(r.body, "nextRecordsUrl", next, sizeof next);
		assert_true(json_is_true(json_object_get(page, "done")) == (next[0] == '\0'));
		json_decref(page);
		if (!next[0])
			break;
		r = get(next);
	}
	assert_int_equal(seen, 4001);
	assert_int_equal(counter("calls", "query_page"), 2);
	assert_int_equal(get(API "/query/01gPRACTICE1-99999").status, 400);
	assert_int_equal(get(API "/query/01gX").status, 400);
}

static void a_wrong_query_is_refused_with_its_place(void **unused)
{
	static const struct {
		const char *soql, *code, *words;
	} cases[] = {
		{ "select count() from XYZZY", "INVALID_TYPE",
		  "\\nselect count() from XYZZY\\n                    ^\\nERROR at Row:1:Column:21\\nsObject "
		  "type 'XYZZY' is not "
		  "supported. If you are attempting to use a custom object, be sure to append the '__c'" },
		{ "SELECT Foo FROM Account", "INVALID_FIELD", "No such column 'Foo' on entity 'Account'" },
		{ "SELECT Id FROM Account WHERE Foo = 1", "INVALID_FIELD", "Column:30" },
		{ "SELECT Firm.Name FROM Account", "INVALID_FIELD", "Didn't understand relationship 'Firm'" },
		{ "SELECT Id FROM Account WHERE Name = 5", "INVALID_FIELD", "Name" },
		{ "SELECT Id FROM Account WHERE CreatedDate > '2024-01-01'", "INVALID_FIELD", "CreatedDate" },
		{ "SELECT Id Account", "MALFORMED_QUERY", "unexpected token: 'Account'" },
		{ "SELECT Id FROM Account WHERE", "MALFORMED_QUERY", "unexpected token: '<EOF>'" },
		{ "SELECT Id FROM Account WHERE Name = 'x", "MALFORMED_QUERY", "" },
		{ "SELECT Id FROM Account WHERE Name IN ('a',)", "MALFORMED_QUERY", "" },
		{ "SELECT Id FROM Account LIMIT -1", "MALFORMED_QUERY", "" },
		{ "SELECT Id FROM Account GROUP BY Id", "MALFORMED_QUERY", "" },
		{ "", "MALFORMED_QUERY", "" },
		{ "\xff\x01'", "MALFORMED_QUERY", "" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct reply r = query(cases[i].soql);

		if (r.status != 400 || !strstr(r.body, cases[i].code) || !strstr(r.body, cases[i].words))
			fail_msg("%s: %d %s", cases[i].soql, r.status, r.body);
	}
	assert_int_equal(get(API "/query").status, 400);
}

static void deep_conditions_are_refused_not_followed(void **unused)
{
	static char soql[4000] = "SELECT Id FROM Account WHERE ";

	(void)unused;
	memset(soql + strlen(soql), '(', 3000);
	assert_int_equal(query(soql).status, 400);
}

static void nonsense_on_the_wire_does_no_harm(void **unused)
{
	static const char *const requests[] = {
		"\r\n\r\n",
		"GARBAGE\r\n\r\n",
		"GET\r\n\r\n",
		"GET " API "/sobjects/%00/describe HTTP/1.1\r\nHost: x\r\n\r\n",
		"PUT " API "/jobs/ingest//batches HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\nabc",
		"PUT " API
		"/jobs/ingest/x/batches HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
		"POST /services/oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n%%%=%4&&=",
		"GET /practice/rows?object=%FF HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET /practice/audit?since=99999999999&limit=x HTTP/1.1\r\nHost: x\r\n\r\n",
		"POST /practice/clock HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{]",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
		int fd = dial();

		send_all(fd, requests[i], strlen(requests[i]));
		shutdown(fd, SHUT_WR);
		receive(fd);
		close(fd);
	}
	assert_int_equal(get(API "/limits").status, 200);
}

static void a_retired_version_is_gone(void **unused)
{
	(void)unused;
	assert_int_equal(get("/services/data/v30.0/sobjects").status, 410);
	assert_int_equal(get("/services/data/v31.0/sobjects").status, 404);
	assert_non_null(strstr(get("/services/async/30.0/job").body, "InvalidVersion"));
}

static void a_query_tells_of_its_columns(void **unused)
{
	struct reply r = get(
		API "/query?columns=true&q=SELECT+Id,Account.Name,Account.Phone,Score__c+FROM+Contact");

	(void)unused;
	assert_int_equal(r.status, 200);
	assert_non_null(strstr(r.body, "\"entityName\" : \"Contact\""));
	assert_non_null(strstr(r.body, "\"columnName\" : \"Account\""));
	assert_null(strstr(strstr(r.body, "\"columnName\" : \"Account\"") + 1, "\"columnName\" : \"Account\""));
	assert_non_null(strstr(r.body, "\"columnName\" : \"Phone\""));
	assert_non_null(strstr(r.body, "\"columnName\" : \"Score__c\""));
	assert_null(strstr(r.body, "\"records\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_refresh_token_gives_a_session_that_works_until_it_expires, empty_org),
		cmocka_unit_test_setup(a_session_ends_with_its_time, empty_org),
		cmocka_unit_test_setup(a_wrong_sign_in_is_refused_in_salesforces_words, empty_org),
		cmocka_unit_test_setup(nothing_below_a_version_works_without_a_token, empty_org),
		cmocka_unit_test_setup(user_info_names_user_and_org, empty_org),
		cmocka_unit_test_setup(versions_and_paths_are_tolerant_where_salesforce_is, empty_org),
		cmocka_unit_test_setup(every_api_answer_tells_the_usage_and_the_time, empty_org),
		cmocka_unit_test_setup(a_describe_has_the_added_fields_with_all_their_keys, empty_org),
		cmocka_unit_test_setup(a_describe_known_already_is_not_sent_again, empty_org),
		cmocka_unit_test_setup(the_list_of_objects_has_those_of_the_describes, empty_org),
		cmocka_unit_test_setup(conditions_mean_what_salesforce_means, empty_org),
		cmocka_unit_test_setup(values_come_back_in_their_types, empty_org),
		cmocka_unit_test_setup(a_long_answer_comes_in_pages, empty_org),
		cmocka_unit_test_setup(a_wrong_query_is_refused_with_its_place, empty_org),
		cmocka_unit_test_setup(deep_conditions_are_refused_not_followed, empty_org),
		cmocka_unit_test_setup(nonsense_on_the_wire_does_no_harm, empty_org),
		cmocka_unit_test_setup(a_retired_version_is_gone, empty_org),
		cmocka_unit_test_setup(a_query_tells_of_its_columns, empty_org),
	};

	return cmocka_run_group_tests(tests, open_org, close_org);
}
