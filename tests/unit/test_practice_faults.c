/* Each fault of a scenario, as a client on the wire sees it, and what the org has carried out meanwhile. */
#include "practice_client.h"

#define CONTACT_INSERT "{\"object\":\"Contact\",\"operation\":\"insert\"}"

static void a_request_dropped_before_is_not_carried_out(void **unused)
{
	struct reply r;

	(void)unused;
	use_scenario("{\"faults\":[{\"method\":\"POST\",\"path\":\"*/jobs/"
	             "ingest\",\"nth\":1,\"action\":\"drop_before\"}]}");
	r = ask("POST", API "/jobs/ingest", CONTACT_INSERT);
	assert_true(r.closed);
	assert_int_equal(r.bytes, 0);
	assert_int_equal(counter("jobs", "Open"), 0);
	assert_int_equal(ask("POST", API "/jobs/ingest", CONTACT_INSERT).status, 200);
	assert_int_equal(counter("jobs", "Open"), 1);
}

static void a_request_dropped_after_is_carried_out_once_and_unanswered(void **unused)
{
	struct reply r;

	(void)unused;
	use_scenario("{\"faults\":[{\"method\":\"POST\",\"path\":\"*/jobs/"
	             "ingest\",\"nth\":1,\"action\":\"drop_after\"}]}");
	r = ask("POST", API "/jobs/ingest", CONTACT_INSERT);
	assert_true(r.closed);
	assert_int_equal(r.bytes, 0);
	assert_int_equal(counter("jobs", "Open"), 1);
}

static void a_kept_connection_can_be_dropped_too(void **unused)
{
	int fd = dial();
	struct reply r;

	(void)unused;
	use_scenario(
		"{\"faults\":[{\"method\":\"POST\",\"connection\":\"reused\",\"action\":\"drop_after\"}]}");
	r = ask_on(fd, "POST", API "/jobs/ingest", NULL, CONTACT_INSERT);
	assert_int_equal(r.status, 200);
	assert_false(r.closed);
	r = ask_on(fd, "POST", API "/jobs/ingest", NULL, CONTACT_INSERT);
	assert_true(r.closed);
	assert_int_equal(r.bytes, 0);
	close(fd);
	assert_int_equal(counter("jobs", "Open"), 2);
	assert_int_equal(ask("POST", API "/jobs/ingest", CONTACT_INSERT).status, 200);
}

static void a_fault_for_fresh_connections_leaves_kept_ones_alone(void **unused)
{
	int fd = dial();

	(void)unused;
	assert_int_equal(ask_on(fd, "GET", API "/limits", NULL, NULL).status, 200);
	use_scenario(
		"{\"faults\":[{\"path\":\"*/limits\",\"connection\":\"fresh\",\"action\":\"drop_before\"}]}");
	assert_int_equal(ask_on(fd, "GET", API "/limits", NULL, NULL).status, 200);
	close(fd);
	assert_true(get(API "/limits").closed);
}

static void an_answer_can_be_any_status_with_any_body(void **unused)
{
	struct reply r;

	(void)unused;
	use_scenario("{\"faults\":[{\"path\":\"*/limits\",\"every\":2,\"action\":\"answer\",\"status\":503,"
	             "\"type\":\"text/html\",\"body\":\"<html>down</html>\"}]}");
	assert_int_equal(get(API "/limits").status, 200);
	r = get(API "/limits");
	assert_int_equal(r.status, 503);
	assert_non_null(head_value(&r, "Content-Type: text/html"));
	assert_string_equal(r.body, "<html>down</html>");
	assert_int_equal(get(API "/limits").status, 200);
	assert_int_equal(counter(NULL, "api_calls"), 2);
}

static void a_drop_hits_before_or_after_the_commit_on_either_kind_of_connection(void **unused)
{
	static const char *const connections[] = { "fresh", "reused" };
	static const char *const actions[] = { "drop_before", "drop_after" };
	char scenario[256];

	(void)unused;
	for (int i = 0; i < 4; i++) {
		bool reused = i / 2, after = i % 2;
		int fd = dial();
		struct reply r;

		empty_org(NULL);
		if (reused)
			assert_int_equal(ask_on(fd, "GET", API "/limits", NULL, NULL).status, 200);
		snprintf(scenario, sizeof scenario,
		         "{\"faults\":[{\"method\":\"POST\",\"path\":\"*/sobjects/"
		         "Contact\",\"connection\":\"%s\",\"nth\":1,"
		         "\"action\":\"%s\"}]}",
		         connections[reused], actions[after]);
		use_scenario(scenario);
		r = ask_on(fd, "POST", API "/sobjects/Contact", "application/json", "{\"LastName\":\"One\"}");
		assert_true(r.closed);
		assert_int_equal(r.bytes, 0);
		close(fd);
		assert_int_equal(counter("rows", "Contact"), after);
		assert_int_equal(counter("calls", "row_create"), after);
	}
}

static void a_server_that_is_down_answers_with_what_its_proxy_has(void **unused)
{
	static const int statuses[] = { 420, 429, 500, 502, 503, 504 };
	char scenario[256], id[SF_ID_ROOM];
	struct reply r;

	(void)unused;
	create_job(CONTACT_INSERT, id);
	for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
		snprintf(scenario, sizeof scenario,
		         "{\"faults\":[{\"path\":\"*/"
		         "batches\",\"nth\":1,\"action\":\"answer\",\"status\":%d,\"type\":"
		         "\"text/html\",\"body\":\"<h1>%d</h1>\"}]}",
		         statuses[i], statuses[i]);
		use_scenario(scenario);
		r = upload(id, "LastName\nOne\n");
		assert_int_equal(r.status, statuses[i]);
		assert_non_null(head_value(&r, "Content-Type: text/html"));
		assert_int_equal(atoi(r.body + 4), statuses[i]);
		assert_null(strstr(get(job_path(id, "")).body, "numberRecordsProcessed")); /* nothing arrived */
	}
	assert_int_equal(upload(id, "LastName\nOne\n").status, 201);
}

static void a_fault_can_be_limited_to_some_times(void **unused)
{
	(void)unused;
	use_scenario(
		"{\"faults\":[{\"path\":\"*/limits\",\"times\":2,\"action\":\"answer\",\"status\":401,\"body\":"
		"\"[{\\\"message\\\":\\\"Session expired or "
		"invalid\\\",\\\"errorCode\\\":\\\"INVALID_SESSION_ID\\\"}]\"}]}");
	assert_int_equal(get(API "/limits").status, 401);
	assert_int_equal(get(API "/limits").status, 401);
	assert_int_equal(get(API "/limits").status, 200);
}

/* The org notes a broken upload a moment after the connection has gone. */
static void await_part(const char *id)
{
	for (int i = 0; i < 20000; i++)
		if (strstr(get(job_path(id, "")).body, "\"numberRecordsProcessed\""))
			return;
	fail_msg("the part of the upload did not arrive");
}

static void an_upload_cut_off_leaves_its_beginning_in_a_job_that_takes_no_other(void **unused)
{
	char id[SF_ID_ROOM];
	struct reply r;

	(void)unused;
	use_scenario("{\"faults\":[{\"method\":\"PUT\",\"action\":\"cut_upload\",\"bytes\":20,\"nth\":1}]}");
	create_job(CONTACT_INSERT, id);
	r = upload(id, "LastName\nOne\nTwo\nThree\nFour\nFive\n");
	assert_true(r.closed);
	assert_int_equal(r.bytes, 0);
	await_part(id);
	assert_int_equal(upload(id, "LastName\nOne\n").status, 400);
	assert_string_equal(json_value(get(job_path(id, "")).body, "state"), "Open");
	change_state(id, "UploadComplete");
	await_state(id, "JobComplete");
	assert_int_equal(counter("rows", "Contact"), 3); /* "LastName\nOne\nTwo\nThr" */
}

static void an_upload_whose_sender_goes_away_does_the_same(void **unused)
{
	char id[SF_ID_ROOM], request[1024];
	int fd = dial();

	(void)unused;
	create_job(CONTACT_INSERT, id);
	snprintf(request, sizeof request,
	         "PUT %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " PRACTICE_TOKEN
	         "\r\nContent-Type: text/csv\r\nContent-Length: 1000\r\n\r\nLastName\nOne\n",
	         job_path(id, "/batches"));
	assert_true(send_all(fd, request, strlen(request)));
	close(fd);
	await_part(id);
	assert_int_equal(upload(id, "LastName\nOne\n").status, 400);
}

static void an_answer_can_be_cut_short(void **unused)
{
	struct reply r;

	(void)unused;
	use_scenario("{\"faults\":[{\"path\":\"*/sobjects/Account/"
	             "describe\",\"action\":\"cut_answer\",\"bytes\":500}]}");
	r = get(API "/sobjects/Account/describe");
	assert_int_equal(r.status, 200);
	assert_true(r.closed);
	assert_false(r.whole);
	assert_int_equal(strlen(r.body), 500);
}

static void results_can_be_cut_short(void **unused)
{
	char id[SF_ID_ROOM];
	struct reply r;

	(void)unused;
	run_job(CONTACT_INSERT, "LastName\nOne\nTwo\nThree\n", "JobComplete", id);
	use_scenario(
		"{\"faults\":[{\"path\":\"*/successfulResults\",\"action\":\"cut_answer\",\"bytes\":60}]}");
	r = get(job_path(id, "/successfulResults/"));
	assert_int_equal(r.status, 200);
	assert_true(r.closed);
	assert_false(r.whole);
}

static void a_locked_record_fails_for_its_first_tries_only(void **unused)
{
	const char *csv = "LastName,Ext__c\nOne,A-1\nTwo,A-2\nThree,B-1\n";
	const char *job =
		"{\"object\":\"Contact\",\"operation\":\"upsert\",\"externalIdFieldName\":\"Ext__c\"}";
	char id[SF_ID_ROOM];

	(void)unused;
	use_scenario(
		"{\"faults\":[{\"action\":\"lock\",\"column\":\"Ext__c\",\"value\":\"A-*\",\"tries\":2}]}");
	for (int i = 0; i < 2; i++) {
		run_job(job, csv, "JobComplete", id);
		assert_non_null(strstr(results(id, "/failedResults/", 0),
		                       "UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record"));
		assert_null(strstr(results(id, "/failedResults/", 0), "B-1"));
		assert_int_equal(counter("rows", "Contact"), 1);
	}
	run_job(job, csv, "JobComplete", id);
	assert_null(strstr(results(id, "/failedResults/", 0), "A-"));
	assert_int_equal(counter("rows", "Contact"), 3);
}

/* `n` contacts as CSV. */
static const char *contacts(int n)
{
	static char csv[100000];
	size_t len = (size_t)snprintf(csv, sizeof csv, "LastName,Ext__c\n");

	for (int i = 1; i <= n; i++)
		len += (size_t)snprintf(csv + len, sizeof csv - len, "Name %d,K-%d\n", i, i);
	return csv;
}

static int lines(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static void a_job_can_fail_half_way_and_its_results_say_what_was_tried(void **unused)
{
	char id[SF_ID_ROOM];
	struct reply r;

	(void)unused;
	use_scenario("{\"faults\":[{\"action\":\"fail_job\",\"object\":\"Contact\",\"nth\":1,\"after\":400,"
	             "\"message\":\"InternalServerError : half way\"}]}");
	run_job(CONTACT_INSERT, contacts(1000), "Failed", id);
	r = get(job_path(id, ""));
	assert_string_equal(json_value(r.body, "errorMessage"), "InternalServerError : half way");
	assert_string_equal(json_value(r.body, "numberRecordsProcessed"), "400");
	assert_int_equal(lines(results(id, "/successfulResults/", 0)), 401);
	assert_int_equal(lines(results(id, "/failedResults/", 0)), 1);
	assert_int_equal(lines(results(id, "/unprocessedrecords/", 0)), 601);
	assert_int_equal(counter("rows", "Contact"), 400);
	run_job(CONTACT_INSERT, "LastName\nOne\n", "JobComplete", id);
}

static void a_job_can_fail_with_nothing_processed(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	use_scenario("{\"faults\":[{\"action\":\"fail_job\",\"message\":\"InvalidBatch : Records not "
	             "processed\"}]}");
	run_job(CONTACT_INSERT, contacts(10), "Failed", id);
	assert_string_equal(json_value(get(job_path(id, "")).body, "numberRecordsProcessed"), "0");
	assert_int_equal(counter("rows", "Contact"), 0);
}

static void a_job_can_vanish(void **unused)
{
	char id[SF_ID_ROOM];
	struct reply r;

	(void)unused;
	use_scenario("{\"faults\":[{\"action\":\"lose_job\",\"state\":\"JobComplete\"}]}");
	create_job(CONTACT_INSERT, id);
	assert_int_equal(upload(id, "LastName\nOne\n").status, 201);
	assert_int_equal(change_state(id, "UploadComplete").status, 200);
	do
		r = get(job_path(id, ""));
	while (r.status == 200);
	assert_int_equal(r.status, 404);
	assert_non_null(strstr(r.body, "NOT_FOUND"));
	assert_int_equal(get(job_path(id, "/successfulResults")).status, 404);
	assert_int_equal(counter("rows", "Contact"), 1);
}

static void a_job_can_vanish_after_some_answers_about_it(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	use_scenario("{\"faults\":[{\"action\":\"lose_job\",\"object\":\"Contact\",\"after\":2}]}");
	create_job(CONTACT_INSERT, id);
	assert_int_equal(get(job_path(id, "")).status, 200);
	assert_int_equal(get(job_path(id, "")).status, 200);
	assert_int_equal(get(job_path(id, "")).status, 404);
	assert_int_equal(upload(id, "LastName\nOne\n").status, 404);
}

static void beyond_the_daily_limit_calls_are_refused(void **unused)
{
	struct reply r;

	(void)unused;
	use_scenario("{\"daily_limit\":2}");
	r = get(API "/limits");
	assert_non_null(head_value(&r, "Sforce-Limit-Info: api-usage=1/2"));
	assert_int_equal(get(API "/limits").status, 200);
	r = get(API "/limits");
	assert_int_equal(r.status, 403);
	assert_non_null(strstr(r.body, "\"TotalRequests Limit exceeded.\""));
	assert_non_null(strstr(r.body, "\"REQUEST_LIMIT_EXCEEDED\""));
}

static void a_delay_makes_one_request_wait_and_no_other(void **unused)
{
	const char *request = "GET " API "/limits HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " PRACTICE_TOKEN
			      "\r\n\r\n";
	int fd = dial();
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	(void)unused;
	use_scenario("{\"faults\":[{\"path\":\"*/limits\",\"nth\":1,\"action\":\"delay\",\"ms\":400}]}");
	assert_true(send_all(fd, request, strlen(request)));
	assert_int_equal(poll(&wait, 1, 50), 0);
	assert_int_equal(get(API "/sobjects").status, 200);
	assert_int_equal(poll(&wait, 1, 0), 0);
	assert_int_equal(receive(fd).status, 200);
	close(fd);
}

static void a_scenario_with_a_slip_is_refused_and_the_old_one_stays(void **unused)
{
	static const char *const slips[] = {
		"{\"faults\":[{\"action\":\"drop\"}]}",
		"{\"faults\":[{\"action\":\"lock\",\"colum\":\"Ext__c\"}]}",
		"{\"faults\":[{\"action\":\"answer\"}]}",
		"{\"faults\":[{\"action\":\"delay\",\"ms\":\"10\"}]}",
		"{\"faults\":[{\"action\":\"delay\",\"connection\":\"old\"}]}",
		"{\"rat\":1}",
		"{\"rate\":\"fast\"}",
		"[]",
		"{",
		"",
	};

	(void)unused;
	use_scenario("{\"daily_limit\":0}");
	for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++)
		assert_int_equal(ask("POST", "/practice/scenario", slips[i]).status, 400);
	assert_int_equal(get(API "/limits").status, 403);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_request_dropped_before_is_not_carried_out, empty_org),
		cmocka_unit_test_setup(a_request_dropped_after_is_carried_out_once_and_unanswered, empty_org),
		cmocka_unit_test_setup(a_kept_connection_can_be_dropped_too, empty_org),
		cmocka_unit_test_setup(a_fault_for_fresh_connections_leaves_kept_ones_alone, empty_org),
		cmocka_unit_test_setup(an_answer_can_be_any_status_with_any_body, empty_org),
		cmocka_unit_test_setup(a_drop_hits_before_or_after_the_commit_on_either_kind_of_connection,
		                       empty_org),
		cmocka_unit_test_setup(a_server_that_is_down_answers_with_what_its_proxy_has, empty_org),
		cmocka_unit_test_setup(a_fault_can_be_limited_to_some_times, empty_org),
		cmocka_unit_test_setup(an_upload_cut_off_leaves_its_beginning_in_a_job_that_takes_no_other,
		                       empty_org),
		cmocka_unit_test_setup(an_upload_whose_sender_goes_away_does_the_same, empty_org),
		cmocka_unit_test_setup(an_answer_can_be_cut_short, empty_org),
		cmocka_unit_test_setup(results_can_be_cut_short, empty_org),
		cmocka_unit_test_setup(a_locked_record_fails_for_its_first_tries_only, empty_org),
		cmocka_unit_test_setup(a_job_can_fail_half_way_and_its_results_say_what_was_tried, empty_org),
		cmocka_unit_test_setup(a_job_can_fail_with_nothing_processed, empty_org),
		cmocka_unit_test_setup(a_job_can_vanish, empty_org),
		cmocka_unit_test_setup(a_job_can_vanish_after_some_answers_about_it, empty_org),
		cmocka_unit_test_setup(beyond_the_daily_limit_calls_are_refused, empty_org),
		cmocka_unit_test_setup(a_delay_makes_one_request_wait_and_no_other, empty_org),
		cmocka_unit_test_setup(a_scenario_with_a_slip_is_refused_and_the_old_one_stays, empty_org),
	};

	return cmocka_run_group_tests(tests, open_org, close_org);
}
