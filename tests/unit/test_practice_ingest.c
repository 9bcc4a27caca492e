/* Bulk API 2.0 ingest, as salesforce-api.md C1 to C10 has it, where no other test looks: every form of a job, what values are
 * taken, when a job may be deleted, what a whole job can fail with, and whose ids failed records bear. */
#include "practice_client.h"

#define INSERT(object) "{\"object\":\"" object "\",\"operation\":\"insert\"}"
#define FORM(delimiter, ending)                                                                         \
	"{\"object\":\"Account\",\"operation\":\"insert\",\"contentType\":\"CSV\",\"columnDelimiter\":" \
	"\"" delimiter "\",\"lineEnding\":\"" ending "\"}"

static void every_delimiter_and_line_ending_is_known(void **unused)
{
	static const struct {
		const char *json, *name, *csv, *told;
	} cases[] = {
		{ FORM("COMMA", "LF"), "COMMA", "Name,Phone\nA,1\n", "Name,Phone\n" },
		{ FORM("SEMICOLON", "LF"), "SEMICOLON", "Name;Phone\nA;1\n", "Name;Phone\n" },
		{ FORM("TAB", "LF"), "TAB", "Name\tPhone\nA\t1\n", "Name\tPhone\n" },
		{ FORM("PIPE", "LF"), "PIPE", "Name|Phone\nA|1\n", "Name|Phone\n" },
		{ FORM("CARET", "LF"), "CARET", "Name^Phone\nA^1\n", "Name^Phone\n" },
		{ FORM("BACKQUOTE", "CRLF"), "BACKQUOTE", "Name`Phone\r\nA`1\r\n", "Name`Phone\r\n" },
	};
	char id[SF_ID_ROOM];

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		run_job(cases[i].json, cases[i].csv, "JobComplete", id);
		assert_string_equal(json_value(get(job_path(id, "")).body, "columnDelimiter"), cases[i].name);
		assert_non_null(strstr(results(id, "/successfulResults", 0), cases[i].told));
		assert_string_equal(results(id, "/unprocessedrecords", 0), cases[i].told);
	}
	assert_int_equal(counter("rows", "Account"), 6);
}

static void an_assignment_rule_is_told_again(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	create_job("{\"object\":\"Case\",\"operation\":\"insert\",\"assignmentRuleId\":\"01Q5e0000000001AAA\"}",
	           id);
	assert_string_equal(json_value(get(job_path(id, "")).body, "assignmentRuleId"), "01Q5e0000000001AAA");
}

/* The stored value of a contact's field, that a job of one record has written. */
static const char *stored(const char *header, const char *cell, const char *field)
{
	static char value[256];
	char csv[512], id[SF_ID_ROOM];
	struct reply r;
	json_t *json;

	empty_org(NULL);
	snprintf(csv, sizeof csv, "LastName,%s\nX,%s\n\n\n", header, cell);
	run_job(INSERT("Contact"), csv, "JobComplete", id);
	if (!strstr(get(job_path(id, "")).body, "\"numberRecordsFailed\":0"))
		fail_msg("%s: %s", cell, results(id, "/failedResults", 0));
	r = get("/practice/rows?object=Contact");
	json = json_loads(r.body, 0, NULL);
	snprintf(value, sizeof value, "%s",
	         json_string_value(json_object_get(json_array_get(json_object_get(json, "rows"), 0), field)));
	json_decref(json);
	return value;
}

static void values_are_taken_in_every_form_that_salesforce_takes(void **unused)
{
	static const struct {
		const char *field, *cell, *stored;
	} cases[] = {
		{ "Active__c", "true", "true" },
		{ "Active__c", "TRUE", "true" },
		{ "Active__c", "1", "true" },
		{ "Active__c", "Yes", "true" },
		{ "Active__c", "y", "true" },
		{ "Active__c", "on", "true" },
		{ "Active__c", "off", "false" },
		{ "Active__c", "N", "false" },
		{ "Active__c", "0", "false" },
		{ "Score__c", "1.2E3", "1.2E3" },
		{ "Score__c", "-12.50", "-12.50" },
		{ "Since__c", "2024-02-29", "2024-02-29" },
		{ "Seen__c", "2024-01-31T10:00:00.123+01:00", "2024-01-31T09:00:00.000Z" },
		{ "Seen__c", "2024-01-31T10:00:00Z", "2024-01-31T10:00:00.000Z" },
		{ "Department", " a b", " a b" },
		{ "Department", "\"a, \"\"b\"\"\nc\"", "a, \"b\"\nc" },
		{ "Department", "a'b\\c", "a'b\\c" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_string_equal(stored(cases[i].field, cases[i].cell, cases[i].field), cases[i].stored);
}

static void a_job_is_deleted_unless_it_is_open_or_worked_on(void **unused)
{
	char id[SF_ID_ROOM];
	struct reply r;

	(void)unused;
	use_scenario("{\"start_delay_ms\":3600000}");
	create_job(INSERT("Account"), id);
	r = ask("DELETE", job_path(id, ""), NULL);
	assert_int_equal(r.status, 400);
	assert_non_null(strstr(r.body, "\"errorCode\":\"API_ERROR\""));
	assert_non_null(
		strstr(r.body, "Error encountered when deleting the job because the job is not terminated"));
	upload(id, "Name\nOne\n");
	change_state(id, "UploadComplete");
	assert_int_equal(ask("DELETE", job_path(id, ""), NULL).status, 204);
	create_job(INSERT("Account"), id);
	change_state(id, "Aborted");
	assert_int_equal(ask("DELETE", job_path(id, ""), NULL).status, 204);
	create_job(INSERT("Account"), id);
	change_state(id, "UploadComplete"); /* without data */
	await_state(id, "Failed");
	assert_int_equal(ask("DELETE", job_path(id, ""), NULL).status, 204);
	use_scenario("{\"rate\":1}");
	create_job(INSERT("Account"), id);
	upload(id, "Name\nOne\nTwo\n");
	change_state(id, "UploadComplete");
	await_state(id, "InProgress");
	assert_int_equal(ask("DELETE", job_path(id, ""), NULL).status, 400);
	change_state(id, "Aborted");
}

static void a_whole_job_fails_with_every_message_that_was_seen(void **unused)
{
	static const char *const messages[] = {
		"InvalidBatch : InvalidBatch : Field name not found : Name. Batch will not be retried.",
		"InvalidBatch : Records not processed",
		"TooManyLockFailure : Too many lock failure 200 Trying again later.",
		"ExceededQuota : ApiBatchItems Limit exceeded",
		"InternalServerError : InternalServerError",
		"Timeout : Timeout",
		"Unknown : Unknown",
	};
	char scenario[512], csv[8192] = "Name\n", id[SF_ID_ROOM];
	struct reply r;

	(void)unused;
	for (int i = 0; i < 450; i++)
		sprintf(csv + strlen(csv), "N%d\n", i);
	for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
		int after = i % 2 ? 200 : 0;

		snprintf(scenario, sizeof scenario,
		         "{\"faults\":[{\"action\":\"fail_job\",\"object\":\"Account\",\"after\":%d,"
		         "\"message\":\"%s\"}]}",
		         after, messages[i]);
		use_scenario(scenario);
		run_job(INSERT("Account"), csv, "Failed", id);
		r = get(job_path(id, ""));
		assert_string_equal(json_value(r.body, "errorMessage"), messages[i]);
		assert_int_equal(atoi(json_value(r.body, "numberRecordsProcessed")), after);
		if (after == 0)
			assert_string_equal(results(id, "/unprocessedrecords", 0), ""); /* it never began */
		else
			assert_non_null(strstr(results(id, "/unprocessedrecords", 0), "\"N449\""));
		assert_null(strstr(results(id, "/successfulResults", 1), "\"N449\""));
	}
}

/* A job of an older version that updates one record; its failed results. */
static const char *failures_of(int version, const char *record)
{
	char path[64], csv[128], id[SF_ID_ROOM];
	struct reply r;

	snprintf(path, sizeof path, "/services/data/v%d.0/jobs/ingest", version);
	r = ask("POST", path, "{\"object\":\"Account\",\"operation\":\"update\"}");
	assert_int_equal(r.status, 200);
	take_value(r.body, "id", id, sizeof id);
	snprintf(csv, sizeof csv, "Id,NumberOfEmployees\n%s,x\n", record);
	upload(id, csv);
	change_state(id, "UploadComplete");
	await_state(id, "JobComplete");
	return results(id, "/failedResults/", 0);
}

static void a_failed_record_bears_the_id_that_it_was_given(void **unused)
{
	char id[SF_ID_ROOM], front[64];

	(void)unused;
	create_record("Account", "{\"Name\":\"One\"}", id);
	snprintf(front, sizeof front, "\n\"%s\",\"INVALID_FIELD:", id);
	assert_non_null(strstr(failures_of(52, id), front));
	assert_non_null(strstr(failures_of(53, "0015e0000000099AAA"), "\n\"0015e0000000099AAA\",\""));
	assert_non_null(strstr(failures_of(52, "0015e0000000099AAA"), "\n\"\",\""));
}

static void an_id_with_a_wrong_guard_or_of_another_object_names_nothing(void **unused)
{
	char id[SF_ID_ROOM], csv[256];

	(void)unused;
	create_record("Account", "{\"Name\":\"One\"}", id);
	snprintf(csv, sizeof csv, "Id,Phone\n%.15s,1\n%.17s?,2\n0035e0000000001AAA,3\n%.15sAAB,4\n", id, id,
	         id);
	run_job("{\"object\":\"Account\",\"operation\":\"update\"}", csv, "JobComplete", id);
	assert_string_equal(json_value(get(job_path(id, "")).body, "numberRecordsFailed"), "3");
	assert_non_null(strstr(results(id, "/successfulResults", 0), "\"1\"\n"));
	assert_non_null(strstr(results(id, "/failedResults", 0), "?:--\""));
	assert_non_null(
		strstr(results(id, "/failedResults", 0),
	               "\"INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:--\",\"0035e0000000001AAA\""));
	assert_non_null(strstr(results(id, "/failedResults", 0), "AAB:--\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup(name, empty_org)
		T(every_delimiter_and_line_ending_is_known),
		T(an_assignment_rule_is_told_again),
		T(values_are_taken_in_every_form_that_salesforce_takes),
		T(a_job_is_deleted_unless_it_is_open_or_worked_on),
		T(a_whole_job_fails_with_every_message_that_was_seen),
		T(a_failed_record_bears_the_id_that_it_was_given),
		T(an_id_with_a_wrong_guard_or_of_another_object_names_nothing),
	};

	return cmocka_run_group_tests(tests, open_org, close_org);
}
