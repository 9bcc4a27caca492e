/* The practice org's answers have the keys and types of what real orgs answered (tests/recorded). */
#include "replay.h"

static const json_t *named(const json_t *list, const char *name)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
		if (strcmp(json_string_value(json_object_get(item, "name")), name) == 0)
			return item;
	return NULL;
}

static int strict_org(void **unused)
{
	allowed_keys = NULL;
	return empty_org(unused);
}

static void versions(void **unused)
{
	(void)unused;
	expect_recorded("restforce/services_data_success_response.json", get("/services/data").body);
}

static void the_list_of_objects_by_object(void **unused)
{
	json_t *recorded = recorded_json("cumulusci/describe/Global_describe.json"), *item;
	json_t *ours = parse(get(API "/sobjects").body, "sobjects");
	size_t i, compared = 0;
	char why[512];

	(void)unused;
	assert_int_equal(json_object_size(recorded), json_object_size(ours));
	json_array_foreach(json_object_get(ours, "sobjects"), i, item) {
		const char *name = json_string_value(json_object_get(item, "name"));
		const json_t *theirs = named(json_object_get(recorded, "sobjects"), name);

		/* Event and Lead were shortened by hand */
		if (!theirs || strcmp(name, "Event") == 0 || strcmp(name, "Lead") == 0)
			continue;
		if (!same_shape(theirs, item, name, why))
			fail_msg("%s", why);
		compared++;
	}
	assert_int_equal(compared, 7);
	json_decref(recorded);
	json_decref(ours);
}

static void describes_with_every_field(void **unused)
{
	(void)unused;
	expect_recorded("cumulusci/describe/Opportunity_describe.json",
	                get(API "/sobjects/Opportunity/describe").body);
	expect_recorded("cumulusci/describe/Contact_describe.json", get(API "/sobjects/Contact/describe").body);
	allowed_keys = (const char *const[]){ "associateEntityType", "associateParentEntity",
		                              "sobjectDescribeOption",
		                              NULL }; /* of a newer version than the recorded one */
	expect_recorded("cumulusci/describe/OpportunityContactRole_describe.json",
	                get(API "/sobjects/OpportunityContactRole/describe").body);
}

static void the_row_of_the_organization(void **unused)
{
	(void)unused;
	expect_recorded("cumulusci/describe/Organization.json",
	                get(API "/sobjects/Organization/" PRACTICE_ORG).body);
}

static void every_limit(void **unused)
{
	(void)unused;
	/* connected apps of the recorded org, and the three daily limits' shares of apps */
	allowed_keys = (const char *const[]){ "Limits",
		                              "My Playground App",
		                              "My Salesforce Accounts",
		                              "My Test Canvas App",
		                              "TEST APP",
		                              "Ant Migration Tool",
		                              "Dataloader Bulk",
		                              "Dataloader Partner",
		                              "Force.com IDE",
		                              "Salesforce Mobile Dashboards",
		                              "Salesforce Touch",
		                              "Salesforce for Outlook",
		                              "Workbench",
		                              NULL };
	expect_recorded("swiftlysalesforce/MockLimits.json", get(API "/limits").body);
}

/* The recorded error, word by word where the words are real ones. */
static void expect_error(const char *file, int status, struct reply r, const char *words)
{
	if (r.status != status || !strstr(r.body, words))
		fail_msg("%s: %d %s", file, r.status, r.body);
	expect_recorded(file, r.body);
}

static void errors_in_their_words(void **unused)
{
	char id[SF_ID_ROOM];
	int fd = dial();
	static const char dead[] = "GET " API
				   "/limits HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer dead\r\n\r\n";

	(void)unused;
	send_all(fd, dead, sizeof dead - 1);
	expect_error("restforce/expired_session_response.json", 401, receive(fd), "Session expired or invalid");
	close(fd);
	expect_error("restforce/sobject/sobject_describe_error_response.json", 404,
	             get(API "/sobjects/Nothing/describe"), "The requested resource does not exist");
	expect_error("restforce/sobject/sobject_find_error_response.json", 404,
	             get(API "/sobjects/Account/23foo"),
	             "Provided external ID field does not exist or is not accessible: 23foo");
	expect_error("restforce/sobject/delete_error_response.json", 404,
	             ask("DELETE", API "/sobjects/Account/rid", NULL),
	             "Provided external ID field does not exist or is not accessible: rid");
	expect_error("restforce/sobject/upsert_error_response.json", 404,
	             ask("PATCH", API "/sobjects/Account/Namez/x", "{}"),
	             "Provided external ID field does not exist or is not accessible: Namez");
	expect_error("restforce/sobject/write_error_response.json", 400,
	             ask("POST", API "/sobjects/Account", "{\"foo\":1}"),
	             "No such column 'foo' on sobject of type Account");
	expect_error("restforce/sobject/query_error_response.json", 400,
	             get(API "/query?q=SELECT+foo+FROM+Account"), "INVALID_FIELD");
	create_record("Contact", "{\"LastName\":\"A\",\"Email\":\"same@example.com\"}", id);
	create_record("Contact", "{\"LastName\":\"B\",\"Email\":\"same@example.com\"}", id);
	expect_error("restforce/sobject/upsert_multiple_error_response.json", 300,
	             ask("PATCH", API "/sobjects/Contact/Email/same@example.com", "{\"LastName\":\"C\"}"),
	             "/services/data/v62.0/sobjects/Contact/003");
}

static void rows_written_and_read_alone(void **unused)
{
	struct reply r = ask("POST", API "/sobjects/Account",
	                     "{\"Name\":\"A\",\"Ext__c\":\"A-1\",\"Score__c\":23}");

	(void)unused;
	assert_int_equal(r.status, 201);
	expect_recorded("restforce/sobject/create_success_response.json", r.body);
	r = ask("PATCH", API "/sobjects/Account/Ext__c/A-2", "{\"Name\":\"B\"}");
	assert_int_equal(r.status, 201);
	allowed_keys = (const char *const[]){ "created", NULL }; /* from version 46 on (salesforce-api.md E3) */
	expect_recorded("restforce/sobject/upsert_created_success_response.json", r.body);
	allowed_keys = (const char *const[]){ "External_Field__c", "Ext__c", NULL };
	expect_recorded("restforce/sobject/sobject_select_success_response.json",
	                get(API "/sobjects/Account/Ext__c/A-1?fields=Ext__c").body);
}

static void queries_and_their_pages(void **unused)
{
	static char csv[64 * 1024];
	size_t n = (size_t)snprintf(csv, sizeof csv, "Name\n");
	char id[SF_ID_ROOM], next[256];
	struct reply r = query("SELECT Id FROM Account");

	(void)unused;
	expect_recorded("restforce/sobject/query_empty_response.json", r.body);
	for (int i = 0; i < 2001; i++)
		n += (size_t)snprintf(csv + n, sizeof csv - n, "Many %d\n", i);
	run_job("{\"object\":\"Account\",\"operation\":\"insert\"}", csv, "JobComplete", id);
	r = query("SELECT Name FROM Account");
	take_value(r.body, "nextRecordsUrl", next, sizeof next);
	allowed_keys = (const char *const[]){ "Text_Label", "Name", NULL }; /* the fields */
	expect_recorded("restforce/sobject/query_paginated_first_page_response.json", r.body);
	expect_recorded("restforce/sobject/query_paginated_last_page_response.json", get(next).body);
	allowed_keys = (const char *const[]){ "CampaignId", NULL }; /* it was grouped */
	expect_recorded("restforce/sobject/query_aggregate_success_response.json",
	                query("SELECT COUNT(Id) FROM Account").body);
}

static void composite_requests(void **unused)
{
	static const char two[] = "{\"allOrNone\":true,\"compositeRequest\":["
				  "{\"method\":\"POST\",\"url\":\"" API
				  "/sobjects/Contact\",\"referenceId\":\"a\","
				  "\"body\":{\"LastName\":\"A\"}},"
				  "{\"method\":\"POST\",\"url\":\"" API
				  "/sobjects/Contact\",\"referenceId\":\"b\","
				  "\"body\":{\"LastName\":\"B\"%s}}]}";
	char json[1024];
	struct reply r;

	(void)unused;
	snprintf(json, sizeof json, two, "");
	r = ask("POST", API "/composite", json);
	allowed_keys = (const char *const[]){ "warnings", NULL }; /* only version 41 was seen to have it */
	expect_recorded("camel-salesforce/composite_response_example_success.json", r.body);
	snprintf(json, sizeof json, two, ",\"Account\":{\"Ext__c\":\"0116\"}");
	r = ask("POST", API "/composite", json);
	allowed_keys = (const char *const[]){ "fields", NULL }; /* the halted one has none */
	expect_recorded("camel-salesforce/composite_response_example_failure.json", r.body);
	assert_non_null(strstr(
		r.body, "The transaction was rolled back since another operation in the same transaction "
			"failed."));
	assert_non_null(
		strstr(r.body, "Foreign key external ID: 0116 not found for field Ext__c in entity Account"));
}

/* The keys of a job that was recorded with version 52 (salesforce-api.md C1 to C5), as that file spells them. */
#define JOB_COMMON                                                                                             \
	"\"id\":\"\",\"operation\":\"\",\"object\":\"\",\"createdById\":\"\",\"createdDate\":\"\","            \
	"\"systemModstamp\":\"\",\"state\":\"\",\"concurrencyMode\":\"\",\"contentType\":\"\",\"apiVersion\":" \
	"52.0"
#define JOB_FORM ",\"lineEnding\":\"LF\",\"columnDelimiter\":\"COMMA\""
#define JOB_TIMES                                                                                          \
	",\"jobType\":\"V2Ingest\",\"retries\":0,\"totalProcessingTime\":0,\"apiActiveProcessingTime\":0," \
	"\"apexProcessingTime\":0"
#define JOB_NUMBERS ",\"numberRecordsProcessed\":0,\"numberRecordsFailed\":0"
#define JOB_URL ",\"contentUrl\":\"\""

static void expect_job(const char *recorded, const char *ours, const char *moment)
{
	expect_shape(parse(recorded, moment), ours, moment);
}

static void ingest_jobs_at_every_moment(void **unused)
{
	char id[SF_ID_ROOM];
	struct reply r = ask("POST", API "/jobs/ingest", "{\"object\":\"Account\",\"operation\":\"update\"}");

	(void)unused;
	use_scenario("{\"start_delay_ms\":60000}");
	expect_job("{" JOB_COMMON JOB_URL JOB_FORM "}", r.body, "created");
	take_value(r.body, "id", id, sizeof id);
	expect_job("{" JOB_COMMON JOB_URL JOB_FORM JOB_TIMES "}", get(job_path(id, "")).body, "open");
	upload(id, "Id,Phone\nx,1\n");
	expect_job("{" JOB_COMMON JOB_URL JOB_FORM JOB_TIMES JOB_NUMBERS "}", get(job_path(id, "")).body,
	           "loaded");
	expect_job("{" JOB_COMMON "}", change_state(id, "UploadComplete").body, "closed");
	expect_job("{" JOB_COMMON JOB_FORM JOB_TIMES JOB_NUMBERS "}", get(job_path(id, "")).body, "waiting");
	use_scenario("{}");
	ask("POST", "/practice/clock", "{\"advance_ms\":60000}");
	await_state(id, "JobComplete");
	expect_job("{" JOB_COMMON JOB_FORM JOB_TIMES JOB_NUMBERS "}", get(job_path(id, "")).body, "complete");
	expect_job("{\"done\":true,\"nextRecordsUrl\":null,\"records\":[{" JOB_COMMON
	           ",\"jobType\":\"\"" JOB_FORM "}]}",
	           get(API "/jobs/ingest").body, "list");
	run_job("{\"object\":\"Account\",\"operation\":\"insert\"}", "Nothing\n1\n", "Failed", id);
	expect_job("{" JOB_COMMON JOB_FORM JOB_TIMES JOB_NUMBERS ",\"errorMessage\":\"\"}",
	           get(job_path(id, "")).body, "failed");
}

static void query_jobs(void **unused)
{
	struct reply r = ask("POST", API "/jobs/query",
	                     "{\"operation\":\"query\",\"query\":\"SELECT Id FROM Account\"}");

	(void)unused;
	assert_string_equal(json_value(r.body, "state"), "UploadComplete");
	expect_job("{" JOB_COMMON JOB_FORM "}", r.body, "created");
	expect_job("{\"done\":true,\"nextRecordsUrl\":null,\"records\":[{" JOB_COMMON
	           ",\"jobType\":\"\"" JOB_FORM "}]}",
	           get(API "/jobs/query").body, "list");
}

static void conversations_about_counts_and_composites(void **unused)
{
	(void)unused;
	assert_int_equal(replay("TestCountSObjects.test_count_sobjects__errors", NULL), 1);
	assert_int_equal(replay("TestCountSObjects.test_count_sobjects_simple", NULL), 1);
	assert_int_equal(replay("TestCompositeParallelSalesforce.test_errors", NULL), 1);
	assert_int_equal(replay("TestCompositeParallelSalesforce.test_reference_ids", NULL), 2);
	assert_int_equal(replay("TestCompositeParallelSalesforce.test_composite_parallel_salesforce", NULL), 2);
	assert_int_equal(replay("ManualEditTestCompositeParallelSalesforce.test_http_headers", NULL), 1);
	assert_int_equal(replay("TestSnowfakery.test_run_until_records_in_org__none_needed", NULL), 1);
	assert_int_equal(replay("TestSnowfakery.test_run_until_records_in_org__multiple_needed", NULL), 2);
	assert_int_equal(replay("TestSnowfakery.test_snowfakery_query_salesforce", NULL), 1);
}

static void conversations_that_write(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	assert_int_equal(replay("TestUpsert.test_simple_upsert__rest", "%28select"), 6);
	strict_org(NULL);
	assert_int_equal(replay("TestUpsert.test_upsert__rest", "%28select"), 6);
	strict_org(NULL);
	assert_int_equal(replay("TestUpsert.test_upsert_complex_external_id_field__rest", NULL), 18);
	strict_org(NULL);
	assert_int_equal(replay("TestUpsert.test_upsert_complex_external_id_field_rest__duplicate_error", NULL),
	                 12);
	strict_org(NULL);
	for (int i = 0; i < 6; i++) {
		char json[64];

		snprintf(json, sizeof json, "{\"Name\":\"Account %d\"}", i);
		create_record("Account", json, id);
	}
	assert_int_equal(replay("TestUpdatesIntegrationTests.test_updates_task", NULL), 3);
}

static void conversations_that_read_whole_objects(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	create_record("Account", "{\"Name\":\"A\",\"NumberOfEmployees\":3,\"BillingLatitude\":1.5}", id);
	create_record("Contact", "{\"LastName\":\"C\"}", id);
	create_record("Opportunity",
	              "{\"Name\":\"O\",\"StageName\":\"New\",\"CloseDate\":\"2026-01-01\",\"Amount\":5}", id);
	assert_int_equal(replay("TestDatasetsE2E.test_datasets_extract_standard_objects", NULL), 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(versions, strict_org),
		cmocka_unit_test_setup(the_list_of_objects_by_object, strict_org),
		cmocka_unit_test_setup(describes_with_every_field, strict_org),
		cmocka_unit_test_setup(the_row_of_the_organization, strict_org),
		cmocka_unit_test_setup(every_limit, strict_org),
		cmocka_unit_test_setup(errors_in_their_words, strict_org),
		cmocka_unit_test_setup(rows_written_and_read_alone, strict_org),
		cmocka_unit_test_setup(queries_and_their_pages, strict_org),
		cmocka_unit_test_setup(composite_requests, strict_org),
		cmocka_unit_test_setup(ingest_jobs_at_every_moment, strict_org),
		cmocka_unit_test_setup(query_jobs, strict_org),
		cmocka_unit_test_setup(conversations_about_counts_and_composites, strict_org),
		cmocka_unit_test_setup(conversations_that_write, strict_org),
		cmocka_unit_test_setup(conversations_that_read_whole_objects, strict_org),
	};

	return cmocka_run_group_tests(tests, open_org, close_org);
}
