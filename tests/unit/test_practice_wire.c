/* Faults between client and org: late arrivals, slow answers, dead sessions, limits, chance. */
#include <fcntl.h>
#include <time.h>

#include "practice_client.h"

#define CONTACT_INSERT "{\"object\":\"Contact\",\"operation\":\"insert\"}"

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void a_close_can_arrive_after_the_connection_is_gone(void **unused)
{
	char id[SF_ID_ROOM];
	struct reply r;

	(void)unused;
	create_job(CONTACT_INSERT, id);
	upload(id, "LastName\nOne\n");
	use_scenario("{\"faults\":[{\"method\":\"PATCH\",\"path\":\"*/jobs/ingest/"
	             "*\",\"action\":\"late\",\"ms\":300}]}");
	r = change_state(id, "UploadComplete");
	assert_true(r.closed);
	assert_int_equal(r.bytes, 0);
	assert_string_equal(json_value(get(job_path(id, "")).body, "state"), "Open");
	await_state(id, "JobComplete");
	assert_int_equal(counter("rows", "Contact"), 1);
}

static void an_answer_can_come_bit_by_bit(void **unused)
{
	int64_t begun = now_ms();
	struct reply r;

	(void)unused;
	use_scenario(
		"{\"faults\":[{\"path\":\"*/limits\",\"action\":\"slow_answer\",\"bytes\":100,\"ms\":20}]}");
	r = get(API "/limits");
	assert_int_equal(r.status, 200);
	assert_true(r.whole);
	/* so many bits of 100 bytes, a pause between any two */
	assert_true(now_ms() - begun >= (int64_t)(strlen(r.body) / 100 - 1) * 20);
}

static void a_503_can_say_when_to_come_again(void **unused)
{
	struct reply r;

	(void)unused;
	use_scenario(
		"{\"faults\":[{\"path\":\"*/limits\",\"action\":\"answer\",\"status\":503,\"retry_after\":7,"
		"\"type\":\"text/html\",\"body\":\"<html></html>\"}]}");
	r = get(API "/limits");
	assert_int_equal(r.status, 503);
	assert_string_equal(r.body, "<html></html>");
	assert_int_equal(strncmp(head_value(&r, "\r\nRetry-After: "), "7\r\n", 3), 0);
}

static struct reply ask_with_token(const char *token, const char *path)
{
	char text[512];
	int fd = dial();
	struct reply r;

	snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: practice\r\nAuthorization: Bearer %s\r\n\r\n",
	         path, token);
	send_all(fd, text, strlen(text));
	r = receive(fd);
	close(fd);
	return r;
}

static void sessions_can_end_in_the_middle_of_the_work(void **unused)
{
	char token[128];
	int fd = dial();
	struct reply r = ask_on(fd, "POST", "/services/oauth2/token", "application/x-www-form-urlencoded",
	                        "grant_type=refresh_token&client_id=practice&refresh_token=practice-refresh");

	(void)unused;
	close(fd);
	take_value(r.body, "access_token", token, sizeof token);
	use_scenario("{\"faults\":[{\"path\":\"*/limits\",\"nth\":3,\"action\":\"expire_sessions\"}]}");
	assert_int_equal(ask_with_token(token, API "/limits").status, 200);
	assert_int_equal(ask_with_token(token, API "/limits").status, 200);
	r = ask_with_token(token, API "/limits");
	assert_int_equal(r.status, 401);
	assert_string_equal(
		r.body, "[{\"message\":\"Session expired or invalid\",\"errorCode\":\"INVALID_SESSION_ID\"}]");
	assert_int_equal(ask_with_token(token, API "/limits").status, 401);
}

static void too_many_calls_at_one_time_are_refused(void **unused)
{
	static const char slow[] =
		"GET " API "/sobjects HTTP/1.1\r\nHost: practice\r\nAuthorization: Bearer " PRACTICE_TOKEN
		"\r\n\r\n";
	int fd = dial();
	struct reply r;

	(void)unused;
	use_scenario("{\"concurrent_limit\":1,\"faults\":[{\"path\":\"*/"
	             "sobjects\",\"action\":\"delay\",\"ms\":1000}]}");
	send_all(fd, slow, sizeof slow - 1);
	do
		r = get(API "/limits");
	while (r.status == 200); /* until the slow one has arrived */
	assert_int_equal(r.status, 403);
	assert_string_equal(r.body,
	                    "[{\"message\":\"ConcurrentRequests (Concurrent API Requests) Limit exceeded.\","
	                    "\"errorCode\":\"REQUEST_LIMIT_EXCEEDED\"}]");
	assert_int_equal(receive(fd).status, 200);
	close(fd);
	assert_int_equal(get(API "/limits").status, 200);
}

/* The statuses of twenty calls, 5 for refused and 2 for good. */
static void play(char outcome[21])
{
	use_scenario("{\"seed\":5,\"faults\":[{\"path\":\"*/"
	             "limits\",\"chance\":40,\"action\":\"answer\",\"status\":500}]}");
	for (int i = 0; i < 20; i++)
		outcome[i] = (char)('0' + get(API "/limits").status / 100);
	outcome[20] = '\0';
}

/* The results of one and the same job, in an org that begins anew with this seed. */
static const char *order_of(int seed, int slot)
{
	char scenario[32], csv[4096] = "LastName\n", id[SF_ID_ROOM];

	empty_org(NULL);
	snprintf(scenario, sizeof scenario, "{\"seed\":%d}", seed);
	use_scenario(scenario);
	for (int i = 0; i < 100; i++)
		sprintf(csv + strlen(csv), "N%d\n", i);
	run_job("{\"object\":\"Contact\",\"operation\":\"insert\"}", csv, "JobComplete", id);
	return results(id, "/successfulResults/", slot);
}

static void results_come_in_the_order_of_their_seed(void **unused)
{
	(void)unused;
	assert_string_equal(order_of(7, 0), order_of(7, 1));
	assert_string_not_equal(order_of(7, 0), order_of(8, 1));
}

static void chance_plays_the_same_game_again_for_the_same_seed(void **unused)
{
	char first[21], second[21];

	(void)unused;
	play(first);
	play(second);
	assert_string_equal(first, second);
	assert_non_null(strchr(first, '5'));
	assert_non_null(strchr(first, '2'));
}

static void a_packed_answer_can_be_cut_too(void **unused)
{
	static const char text[] = "GET " API
				   "/sobjects/Account/describe HTTP/1.1\r\nHost: practice\r\nAuthorization: "
				   "Bearer " PRACTICE_TOKEN "\r\nAccept-Encoding: gzip\r\n\r\n";
	int fd = dial();
	struct reply r;

	(void)unused;
	use_scenario("{\"faults\":[{\"path\":\"*/describe\",\"action\":\"cut_answer\",\"bytes\":500}]}");
	send_all(fd, text, sizeof text - 1);
	r = receive(fd);
	assert_int_equal(r.status, 200);
	assert_true(r.closed);
	assert_false(r.whole);
	assert_non_null(head_value(&r, "Content-Encoding: gzip"));
	close(fd);
}

static void a_head_is_a_get_without_its_body(void **unused)
{
	static const char asked[] = "HEAD " API
				    "/limits HTTP/1.1\r\nHost: practice\r\nConnection: close\r\nAuthorization: "
				    "Bearer " PRACTICE_TOKEN "\r\n\r\n";
	int fd = dial();
	char text[4096];
	ssize_t n, got = 0;

	(void)unused;
	send_all(fd, asked, sizeof asked - 1);
	while ((n = recv(fd, text + got, sizeof text - 1 - (size_t)got, 0)) > 0)
		got += n;
	text[got] = '\0';
	close(fd);
	assert_int_equal(strncmp(text, "HTTP/1.1 200 ", 13), 0);
	assert_string_equal(strstr(text, "\r\n\r\n"), "\r\n\r\n");
}

static void many_locked_records_are_counted_apart(void **unused)
{
	static char csv[400000];
	char id[SF_ID_ROOM];
	int at = snprintf(csv, sizeof csv, "LastName,Ext__c\n");

	(void)unused;
	for (int i = 0; i < 20000; i++)
		at += snprintf(csv + at, sizeof csv - (size_t)at, "a,A-%d\n", i);
	use_scenario("{\"faults\":[{\"action\":\"lock\",\"column\":\"Ext__c\",\"value\":\"*\",\"tries\":1}]}");
	run_job(CONTACT_INSERT, csv, "JobComplete", id);
	assert_string_equal(json_value(get(job_path(id, "")).body, "numberRecordsFailed"), "20000");
	run_job(CONTACT_INSERT, csv, "JobComplete", id);
	assert_string_equal(json_value(get(job_path(id, "")).body, "numberRecordsFailed"), "0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_close_can_arrive_after_the_connection_is_gone, empty_org),
		cmocka_unit_test_setup(an_answer_can_come_bit_by_bit, empty_org),
		cmocka_unit_test_setup(a_503_can_say_when_to_come_again, empty_org),
		cmocka_unit_test_setup(sessions_can_end_in_the_middle_of_the_work, empty_org),
		cmocka_unit_test_setup(too_many_calls_at_one_time_are_refused, empty_org),
		cmocka_unit_test_setup(results_come_in_the_order_of_their_seed, empty_org),
		cmocka_unit_test_setup(chance_plays_the_same_game_again_for_the_same_seed, empty_org),
		cmocka_unit_test_setup(a_packed_answer_can_be_cut_too, empty_org),
		cmocka_unit_test_setup(a_head_is_a_get_without_its_body, empty_org),
		cmocka_unit_test_setup(many_locked_records_are_counted_apart, empty_org),
	};

	return cmocka_run_group_tests(tests, open_org, close_org);
}
