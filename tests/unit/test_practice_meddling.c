/* Jobs that somebody else touches, and results that do not say all, or not in the file's words. */
#include "practice_client.h"

#define CONTACT_INSERT "{\"object\":\"Contact\",\"operation\":\"insert\"}"

static void a_job_can_be_closed_by_somebody_else(void **unused)
{
	char id[SF_ID_ROOM];
	struct reply r;

	(void)unused;
	use_scenario("{\"faults\":[{\"method\":\"PUT\",\"path\":\"*/"
	             "batches\",\"nth\":1,\"action\":\"close_job\"}]}");
	create_job(CONTACT_INSERT, id);
	assert_int_equal(upload(id, "LastName\nOne\n").status, 201);
	await_state(id, "JobComplete");
	assert_int_equal(counter("rows", "Contact"), 1);
	r = change_state(id, "UploadComplete");
	assert_int_equal(r.status, 400);
	assert_non_null(strstr(r.body, "INVALIDJOBSTATE"));
	run_job(CONTACT_INSERT, "LastName\nTwo\n", "JobComplete", id);
}

static void a_job_can_be_aborted_by_somebody_else_before_its_close(void **unused)
{
	char id[SF_ID_ROOM];
	struct reply r;

	(void)unused;
	use_scenario(
		"{\"faults\":[{\"method\":\"PATCH\",\"path\":\"*/jobs/ingest/*\",\"when\":\"before\",\"nth\":1,"
		"\"action\":\"abort_job\"}]}");
	create_job(CONTACT_INSERT, id);
	upload(id, "LastName\nOne\n");
	r = change_state(id, "UploadComplete");
	assert_int_equal(r.status, 400);
	assert_non_null(strstr(r.body, "INVALIDJOBSTATE"));
	assert_string_equal(json_value(get(job_path(id, "")).body, "state"), "Aborted");
	assert_int_equal(counter("rows", "Contact"), 0);
}

static void a_job_can_be_aborted_by_somebody_else_while_it_is_worked_on(void **unused)
{
	static char csv[100000];
	char id[SF_ID_ROOM];
	int at = snprintf(csv, sizeof csv, "LastName\n");
	long written;

	(void)unused;
	for (int i = 0; i < 2000; i++)
		at += snprintf(csv + at, sizeof csv - (size_t)at, "P%d\n", i);
	use_scenario("{\"rate\":2000,\"faults\":[{\"method\":\"GET\",\"path\":\"*/jobs/ingest/*\",\"nth\":1,"
	             "\"action\":\"abort_job\"}]}");
	create_job(CONTACT_INSERT, id);
	upload(id, csv);
	change_state(id, "UploadComplete");
	get(job_path(id, ""));
	assert_string_equal(json_value(get(job_path(id, "")).body, "state"), "Aborted");
	written = counter("rows", "Contact");
	assert_true(written < 2000);
	assert_int_equal(strtol(json_value(get(job_path(id, "")).body, "numberRecordsProcessed"), NULL, 10),
	                 written);
}

static size_t lines(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static void results_can_leave_out_records(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	use_scenario(
		"{\"faults\":[{\"action\":\"short_results\",\"object\":\"Contact\",\"each\":3,\"nth\":1}]}");
	run_job(CONTACT_INSERT, "LastName\na\nb\nc\nd\ne\n\"\"\n", "JobComplete", id);
	assert_string_equal(json_value(get(job_path(id, "")).body, "numberRecordsProcessed"), "6");
	assert_int_equal(lines(results(id, "/successfulResults/", 0)), 5);
	assert_null(strstr(results(id, "/successfulResults/", 0), "\"c\""));
	assert_int_equal(lines(results(id, "/failedResults/", 0)), 1);
	run_job(CONTACT_INSERT, "LastName\na\nb\nc\n", "JobComplete", id);
	assert_int_equal(lines(results(id, "/successfulResults/", 0)), 4);
}

static void a_fault_of_jobs_goes_by_a_pattern_and_by_number(void **unused)
{
	static const char *const objects[] = { "Contact", "Account", "Case", "Custom__c" };
	const char *ends[] = { "JobComplete", "JobComplete", "Failed", "JobComplete" };
	char json[128], id[SF_ID_ROOM];

	(void)unused;
	use_scenario("{\"faults\":[{\"action\":\"fail_job\",\"object\":\"C*\",\"nth\":2,\"message\":\"Timeout "
	             ": Timeout\"}]}");
	for (size_t i = 0; i < 4; i++) {
		snprintf(json, sizeof json, "{\"object\":\"%s\",\"operation\":\"insert\"}", objects[i]);
		run_job(json, "Ext__c\nA\n", ends[i], id);
	}
}

static void results_can_lack_their_relationship_columns(void **unused)
{
	char id[SF_ID_ROOM];
	const char *text;

	(void)unused;
	use_scenario("{\"faults\":[{\"action\":\"bare_results\"}]}");
	run_job("{\"object\":\"Account\",\"operation\":\"insert\"}", "Name,Ext__c\nA,K-1\n", "JobComplete", id);
	run_job(CONTACT_INSERT, "LastName,Account.Ext__c,Phone\na,K-1,2\n", "JobComplete", id);
	text = results(id, "/successfulResults/", 0);
	assert_int_equal(strncmp(text, "\"sf__Id\",\"sf__Created\",LastName,Phone\n\"003", 42), 0);
	assert_non_null(strstr(text, "\"true\",\"a\",\"2\"\n"));
}

static void results_can_spell_values_in_yet_another_way(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	use_scenario("{\"faults\":[{\"action\":\"respell_results\",\"nth\":1}]}");
	run_job("{\"object\":\"Account\",\"operation\":\"insert\",\"lineEnding\":\"CRLF\"}",
	        "Name,NumberOfEmployees,Description\r\n\" A \",12345678,\"b\r\nc\"\r\n", "JobComplete", id);
	assert_non_null(
		strstr(results(id, "/successfulResults/", 0), "\"true\",\"A\",\"1.2345678E7\",\"b\nc\"\r\n"));
	run_job("{\"object\":\"Account\",\"operation\":\"insert\",\"lineEnding\":\"CRLF\"}",
	        "Name,NumberOfEmployees\r\n\" A\",12345678\r\n", "JobComplete", id);
	assert_non_null(strstr(results(id, "/successfulResults/", 0), "\"true\",\" A\",\"12345678\"\r\n"));
}

static void an_unknown_moment_or_a_missing_measure_is_a_slip(void **unused)
{
	static const char *const slips[] = {
		"{\"faults\":[{\"action\":\"abort_job\",\"when\":\"never\"}]}",
		"{\"faults\":[{\"action\":\"short_results\"}]}",
		"{\"faults\":[{\"action\":\"late\",\"ms\":\"10\"}]}",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++)
		assert_int_equal(ask("POST", "/practice/scenario", slips[i]).status, 400);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_job_can_be_closed_by_somebody_else, empty_org),
		cmocka_unit_test_setup(a_job_can_be_aborted_by_somebody_else_before_its_close, empty_org),
		cmocka_unit_test_setup(a_job_can_be_aborted_by_somebody_else_while_it_is_worked_on, empty_org),
		cmocka_unit_test_setup(results_can_leave_out_records, empty_org),
		cmocka_unit_test_setup(a_fault_of_jobs_goes_by_a_pattern_and_by_number, empty_org),
		cmocka_unit_test_setup(results_can_lack_their_relationship_columns, empty_org),
		cmocka_unit_test_setup(results_can_spell_values_in_yet_another_way, empty_org),
		cmocka_unit_test_setup(an_unknown_moment_or_a_missing_measure_is_a_slip, empty_org),
	};

	return cmocka_run_group_tests(tests, open_org, close_org);
}
