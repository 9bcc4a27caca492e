/* Bulk API 2.0's query jobs on the practice org, from their description to the last page of their results. */
#include "practice_client.h"

static struct reply create(const char *json)
{
	return ask("POST", API "/jobs/query", json);
}

static void start(const char *soql, const char *operation, char id[SF_ID_ROOM])
{
	char json[1024];
	struct reply r;

	snprintf(json, sizeof json, "{\"operation\":\"%s\",\"query\":\"%s\"}", operation, soql);
	r = create(json);
	if (r.status != 200)
		fail_msg("%d %s", r.status, r.body);
	assert_string_equal(json_value(r.body, "state"), "UploadComplete");
	take_value(r.body, "id", id, SF_ID_ROOM);
}

static const char *path_of(const char *id, const char *more)
{
	static char path[256];

	snprintf(path, sizeof path, API "/jobs/query/%s%s", id, more);
	return path;
}

static struct reply await(const char *id, const char *state)
{
	struct reply r = get(path_of(id, ""));

	for (int i = 0; i < 20000 && strcmp(json_value(r.body, "state"), state) != 0; i++)
		r = get(path_of(id, ""));
	assert_string_equal(json_value(r.body, "state"), state);
	return r;
}

static int five_contacts(void **unused)
{
	char id[SF_ID_ROOM];

	empty_org(unused);
	run_job("{\"object\":\"Account\",\"operation\":\"insert\"}", "Name,Ext__c\n\"A, \"\"one\"\"\",A\n",
	        "JobComplete", id);
	run_job("{\"object\":\"Contact\",\"operation\":\"insert\"}",
	        "LastName,Account.Ext__c,Score__c,Active__c\nC1,A,1,true\nC2,,2.5,\nC3,,,\nC4,,,\nC5,,,\n",
	        "JobComplete", id);
	return 0;
}

static void a_job_goes_from_its_description_to_its_results(void **unused)
{
	char id[SF_ID_ROOM];
	struct reply r;

	(void)unused;
	start("SELECT LastName, Account.Name, Score__c, Active__c FROM Contact WHERE LastName < 'C3' ORDER BY "
	      "LastName",
	      "query", id);
	assert_memory_equal(id, "750", 3);
	r = await(id, "JobComplete");
	assert_string_equal(json_value(r.body, "numberRecordsProcessed"), "2");
	assert_string_equal(json_value(r.body, "jobType"), "V2Query");
	assert_string_equal(json_value(r.body, "object"), "Contact");
	r = get(path_of(id, "/results"));
	assert_int_equal(r.status, 200);
	assert_non_null(head_value(&r, "\r\nSforce-NumberOfRecords: 2\r\n"));
	assert_non_null(head_value(&r, "\r\nSforce-Locator: null\r\n"));
	assert_non_null(head_value(&r, "\r\nContent-Type: text/csv"));
	assert_string_equal(r.body, "\"LastName\",\"Account.Name\",\"Score__c\",\"Active__c\"\n"
	                            "\"C1\",\"A, \"\"one\"\"\",\"1.0\",\"true\"\n"
	                            "\"C2\",\"\",\"2.5\",\"false\"\n");
}

static void locators_lead_through_all_pages(void **unused)
{
	char id[SF_ID_ROOM], locator[64] = "", all[512] = "", more[128];
	int pages = 0;

	(void)unused;
	start("SELECT LastName FROM Contact ORDER BY LastName", "query", id);
	await(id, "JobComplete");
	while (strcmp(locator, "null") != 0) {
		struct reply r;

		snprintf(more, sizeof more, "/results?maxRecords=2%s%s", locator[0] ? "&locator=" : "",
		         locator);
		r = get(path_of(id, more));
		assert_int_equal(r.status, 200);
		sscanf(head_value(&r, "\r\nSforce-Locator: "), "%63s", locator);
		assert_memory_equal(r.body, "\"LastName\"\n", 11);
		strcat(all, r.body + 11);
		assert_true(++pages < 9);
	}
	assert_int_equal(pages, 3);
	assert_string_equal(all, "\"C1\"\n\"C2\"\n\"C3\"\n\"C4\"\n\"C5\"\n");
	assert_int_equal(get(path_of(id, "/results?locator=nonsense")).status, 400);
	assert_int_equal(get(path_of(id, "/results?maxRecords=0")).status, 400);
}

static void results_are_what_they_were_when_the_job_ran(void **unused)
{
	char id[SF_ID_ROOM], other[SF_ID_ROOM];

	(void)unused;
	start("SELECT LastName FROM Contact", "query", id);
	await(id, "JobComplete");
	run_job("{\"object\":\"Contact\",\"operation\":\"insert\"}", "LastName\nLate\n", "JobComplete", other);
	assert_null(strstr(get(path_of(id, "/results")).body, "Late"));
	assert_string_not_equal(id, other);
}

static void query_all_finds_deleted_rows(void **unused)
{
	char id[SF_ID_ROOM], path[128];
	struct reply r = query("SELECT Id FROM Contact WHERE LastName = 'C1'");
	json_t *answer = json_loads(r.body, 0, NULL);

	(void)unused;
	snprintf(path, sizeof path, API "/sobjects/Contact/%s",
	         json_string_value(
			 json_object_get(json_array_get(json_object_get(answer, "records"), 0), "Id")));
	json_decref(answer);
	assert_int_equal(ask("DELETE", path, NULL).status, 204);
	start("SELECT LastName FROM Contact", "query", id);
	await(id, "JobComplete");
	assert_null(strstr(get(path_of(id, "/results")).body, "C1"));
	start("SELECT LastName FROM Contact", "queryAll", id);
	await(id, "JobComplete");
	assert_non_null(strstr(get(path_of(id, "/results")).body, "C1"));
}

static void the_form_is_the_one_that_was_asked_for(void **unused)
{
	char id[SF_ID_ROOM];
	struct reply r = create(
		"{\"operation\":\"query\",\"query\":\"SELECT LastName,Title FROM Contact LIMIT 1\","
		"\"columnDelimiter\":\"SEMICOLON\",\"lineEnding\":\"CRLF\"}");

	(void)unused;
	take_value(r.body, "id", id, sizeof id);
	await(id, "JobComplete");
	assert_string_equal(get(path_of(id, "/results")).body, "\"LastName\";\"Title\"\r\n\"C1\";\"\"\r\n");
}

static void a_job_takes_its_time_and_can_be_aborted(void **unused)
{
	char id[SF_ID_ROOM];
	struct reply r;

	(void)unused;
	use_scenario("{\"start_delay_ms\":60000,\"rate\":1}");
	start("SELECT Id FROM Contact", "query", id);
	assert_string_equal(json_value(get(path_of(id, "")).body, "state"), "UploadComplete");
	assert_int_equal(get(path_of(id, "/results")).status, 400);
	r = ask("DELETE", path_of(id, ""), NULL);
	assert_int_equal(r.status, 400);
	assert_non_null(strstr(r.body, "the job is not terminated"));
	ask("POST", "/practice/clock", "{\"advance_ms\":62000}");
	r = get(path_of(id, ""));
	assert_string_equal(json_value(r.body, "state"), "InProgress");
	assert_true(atoi(json_value(r.body, "numberRecordsProcessed")) < 5);
	r = ask("PATCH", path_of(id, ""), "{\"state\":\"Aborted\"}");
	assert_int_equal(r.status, 200);
	assert_string_equal(json_value(r.body, "state"), "Aborted");
	assert_int_equal(ask("PATCH", path_of(id, ""), "{\"state\":\"Aborted\"}").status, 400);
	assert_int_equal(ask("DELETE", path_of(id, ""), NULL).status, 204);
	assert_int_equal(get(path_of(id, "")).status, 404);
}

static void jobs_are_listed_and_forgotten_after_a_week(void **unused)
{
	char id[SF_ID_ROOM], other[SF_ID_ROOM];

	(void)unused;
	start("SELECT Id FROM Contact", "query", id);
	start("SELECT Id FROM Account", "query", other);
	await(id, "JobComplete");
	await(other, "JobComplete");
	assert_non_null(strstr(get(API "/jobs/query").body, id));
	assert_non_null(strstr(get(API "/jobs/query?jobType=V2Query").body, other));
	assert_null(strstr(get(API "/jobs/query?jobType=V2Ingest").body, id));
	assert_null(strstr(get(API "/jobs/ingest").body, id));
	ask("POST", "/practice/clock", "{\"advance_ms\":604800001}");
	assert_int_equal(get(path_of(id, "")).status, 404);
	assert_null(strstr(get(API "/jobs/query").body, id));
}

static void what_cannot_be_a_bulk_query_is_refused(void **unused)
{
	static const struct {
		const char *json, *words;
	} cases[] = {
		{ "{\"operation\":\"query\",\"query\":\"SELECT Foo FROM Account\"}", "INVALID_FIELD" },
		{ "{\"operation\":\"query\",\"query\":\"nonsense\"}", "MALFORMED_QUERY" },
		{ "{\"operation\":\"query\",\"query\":\"SELECT COUNT() FROM Account\"}", "Aggregate" },
		{ "{\"operation\":\"query\",\"query\":\"SELECT Id FROM Account OFFSET 3\"}", "OFFSET" },
		{ "{\"operation\":\"query\",\"query\":\"SELECT BillingAddress FROM Account\"}", "compound" },
		{ "{\"operation\":\"insert\",\"query\":\"SELECT Id FROM Account\"}", "JSON_PARSER_ERROR" },
		{ "{\"operation\":\"query\"}", "JSON_PARSER_ERROR" },
		{ "{\"operation\":\"query\",\"query\":\"SELECT Id FROM Account\",\"object\":\"Account\"}",
		  "Unrecognized" },
		{ "[]", "JSON_PARSER_ERROR" },
		{ "", "JSON_PARSER_ERROR" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct reply r = create(cases[i].json);

		if (r.status != 400 || !strstr(r.body, cases[i].words))
			fail_msg("%s: %d %s", cases[i].json, r.status, r.body);
	}
}

static void another_version_has_no_results(void **unused)
{
	char id[SF_ID_ROOM], path[128];

	(void)unused;
	start("SELECT Id FROM Contact", "query", id);
	await(id, "JobComplete");
	snprintf(path, sizeof path, "/services/data/v61.0/jobs/query/%s/results", id);
	assert_int_equal(get(path).status, 409);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_job_goes_from_its_description_to_its_results, five_contacts),
		cmocka_unit_test_setup(locators_lead_through_all_pages, five_contacts),
		cmocka_unit_test_setup(results_are_what_they_were_when_the_job_ran, five_contacts),
		cmocka_unit_test_setup(query_all_finds_deleted_rows, five_contacts),
		cmocka_unit_test_setup(the_form_is_the_one_that_was_asked_for, five_contacts),
		cmocka_unit_test_setup(a_job_takes_its_time_and_can_be_aborted, five_contacts),
		cmocka_unit_test_setup(jobs_are_listed_and_forgotten_after_a_week, five_contacts),
		cmocka_unit_test_setup(what_cannot_be_a_bulk_query_is_refused, five_contacts),
		cmocka_unit_test_setup(another_version_has_no_results, five_contacts),
	};

	return cmocka_run_group_tests(tests, open_org, close_org);
}
