/* Error bodies in all their forms become code and sentence; statuses and codes become a verdict. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/org/answer.h"
#include "core/org/headers.h"

static struct answer of_body(const char *body)
{
	struct answer answer = { .code = "old", .message = "old" };

	answer_error_body(&answer, slice_of(body));
	return answer;
}

static struct answer of_file(const char *name)
{
	char path[256], bytes[4096];
	struct answer answer = { 0 };
	size_t n;
	FILE *f;

	snprintf(path, sizeof path, "tests/data/answers/%s", name);
	f = fopen(path, "rb");
	assert_non_null(f);
	n = fread(bytes, 1, sizeof bytes, f);
	fclose(f);
	answer_error_body(&answer, (struct slice){ bytes, n });
	return answer;
}

static void recorded_bodies_give_code_and_words(void **unused)
{
	static const struct {
		const char *file, *code, *message;
	} cases[] = {
		{ "auth_error_response.json", "invalid_grant", "authentication failure - Invalid Password" },
		{ "expired_session_response.json", "INVALID_SESSION_ID", "Session expired or invalid" },
		{ "refresh_error_response.json", "invalid_grant", "expired access/refresh token" },
		{ "delete_error_response.json", "NOT_FOUND",
		  "Provided external ID field does not exist or is not accessible: rid" },
		{ "query_error_response.json", "INVALID_FIELD", "error_message" },
		{ "search_error_response.json", "MALFORMED_SEARCH",
		  "No search term found. The search term must be enclosed in braces." },
		{ "sobject_describe_error_response.json", "NOT_FOUND",
		  "The requested resource does not exist" },
		{ "write_error_response.json", "INVALID_FIELD", "No such column 'foo' on sobject of type Bar" },
		{ "upsert_multiple_error_response.json", "", "2 records have this key" },
		{ "soap_login_fault.xml", "INVALID_LOGIN",
		  "Invalid username, password, security token; or user locked out." },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct answer answer = of_file(cases[i].file);

		assert_string_equal(answer.code, cases[i].code);
		assert_string_equal(answer.message, cases[i].message);
	}
}

static void every_form_of_body_is_understood(void **unused)
{
	static const struct {
		const char *body, *code, *message;
	} cases[] = {
		{ "", "", "" },
		{ " \r\n", "", "" },
		{ "[]", "", "" },
		{ "{}", "", "" },
		{ "null", "", "null" },
		{ "[{\"errorCode\":\"A_B\",\"message\":\"first\"},{\"errorCode\":\"C\",\"message\":\"second\"}"
		  "]",
		  "A_B", "first (and 1 more)" },
		{ "{\"errorCode\":\"INTERNAL_SERVER_ERROR\",\"message\":\"x\"}", "INTERNAL_SERVER_ERROR", "x" },
		{ "{\"exceptionCode\":\"InvalidSessionId\",\"exceptionMessage\":\"Invalid session id\"}",
		  "InvalidSessionId", "Invalid session id" },
		{ "<?xml version=\"1.0\"?><Errors><Error><errorCode>NOT_FOUND</errorCode><message>a &lt;b&gt; "
		  "&amp;"
		  " c</message></Error></Errors>",
		  "NOT_FOUND", "a <b> & c" },
		{ "<error xmlns=\"http://x\"><exceptionCode>InvalidBatch</exceptionCode><exceptionMessage>no"
		  "</exceptionMessage></error>",
		  "InvalidBatch", "no" },
		{ "<s:Fault><faultcode>sf:INVALID_SESSION_ID</faultcode><faultstring>ended</faultstring></"
		  "s:Fault>",
		  "INVALID_SESSION_ID", "ended" },
		{ "<html><head><TITLE>502 Bad\n Gateway</TITLE></head><body>x</body></html>", "",
		  "502 Bad Gateway" },
		{ "<html><body>x</body></html>", "", "" },
		{ "Bad_OAuth_Token", "Bad_OAuth_Token", "Bad_OAuth_Token" },
		{ "upstream connect error", "", "upstream connect error" },
		{ "{\"errorCode\":\"CUT", "", "" },
		{ "{\"message\":{\"a\":1},\"errorCode\":7}", "", "" },
		{ "[[[1]]]", "", "" },
		{ "[{\"errorCode\":\"X\",\"message\":\"\\nselect count() from X\\n      ^\\nERROR\"}]", "X",
		  "select count() from X ^ ERROR" },
		{ "[{\"errorCode\":\"no code, \\u001b[31m\",\"message\":\"a\\u001b[31mb\"}]", "", "a [31mb" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct answer answer = of_body(cases[i].body);

		assert_string_equal(answer.code, cases[i].code);
		assert_string_equal(answer.message, cases[i].message);
	}
}

static void a_long_sentence_is_cut_between_characters(void **unused)
{
	char body[2048] = "[{\"errorCode\":\"X\",\"message\":\"a";
	size_t used = strlen(body);
	struct answer answer;

	(void)unused;
	for (int i = 0; i < 400; i++, used += 2)
		memcpy(body + used, "é", 3);
	memcpy(body + used, "\"}]", 4);
	answer = of_body(body);
	used = strlen(answer.message);
	assert_true(used > 470 && used < sizeof answer.message);
	assert_string_equal(answer.message + used - 3, "…");
	assert_memory_equal(answer.message + used - 5, "é", 2);
}

static void any_bytes_at_all_are_survived(void **unused)
{
	static const char alphabet[] = "<>&:\"{}[],/ aerrorCode";
	unsigned seed = 12345;

	(void)unused;
	for (int round = 0; round < 20000; round++) {
		char body[64];
		size_t len = 0;
		struct answer answer = { 0 };

		for (; len < sizeof body; len++) {
			seed = seed * 1103515245 + 12345;
			body[len] = alphabet[(seed >> 16) % (sizeof alphabet - 1)];
		}
		answer_error_body(&answer, (struct slice){ body, len - seed % 32 });
		assert_true(strlen(answer.message) < sizeof answer.message);
	}
}

struct judged {
	int status;
	const char *code;
	enum verdict write, read;
	enum trouble trouble;
};

static const struct judged judgements[] = {
	{ 200, "", VERDICT_DONE, VERDICT_DONE, TROUBLE_NONE },
	{ 201, "", VERDICT_DONE, VERDICT_DONE, TROUBLE_NONE },
	{ 204, "", VERDICT_DONE, VERDICT_DONE, TROUBLE_NONE },
	{ 0, "", VERDICT_UNKNOWN, VERDICT_TRY_AGAIN, TROUBLE_CONNECTION },
	{ 300, "", VERDICT_REJECTED, VERDICT_REJECTED, TROUBLE_REQUEST },
	{ 302, "", VERDICT_REJECTED, VERDICT_REJECTED, TROUBLE_REQUEST },
	{ 400, "JSON_PARSER_ERROR", VERDICT_REJECTED, VERDICT_REJECTED, TROUBLE_REQUEST },
	{ 400, "INVALIDJOBSTATE", VERDICT_REJECTED, VERDICT_REJECTED, TROUBLE_REQUEST },
	{ 400, "UNABLE_TO_LOCK_ROW", VERDICT_TRY_AGAIN, VERDICT_TRY_AGAIN, TROUBLE_SERVER },
	{ 400, "REQUEST_RUNNING_TOO_LONG", VERDICT_UNKNOWN, VERDICT_TRY_AGAIN, TROUBLE_SERVER },
	{ 400, "UNKNOWN_EXCEPTION", VERDICT_UNKNOWN, VERDICT_TRY_AGAIN, TROUBLE_SERVER },
	{ 400, "InvalidSessionId", VERDICT_REJECTED, VERDICT_REJECTED, TROUBLE_SESSION },
	{ 401, "INVALID_SESSION_ID", VERDICT_REJECTED, VERDICT_REJECTED, TROUBLE_SESSION },
	{ 401, "", VERDICT_REJECTED, VERDICT_REJECTED, TROUBLE_SESSION },
	{ 403, "REQUEST_LIMIT_EXCEEDED", VERDICT_TRY_AGAIN, VERDICT_TRY_AGAIN, TROUBLE_LIMIT },
	{ 403, "API_DISABLED_FOR_ORG", VERDICT_REJECTED, VERDICT_REJECTED, TROUBLE_REQUEST },
	{ 403, "Bad_OAuth_Token", VERDICT_REJECTED, VERDICT_REJECTED, TROUBLE_SESSION },
	{ 404, "NOT_FOUND", VERDICT_REJECTED, VERDICT_REJECTED, TROUBLE_GONE },
	{ 408, "", VERDICT_UNKNOWN, VERDICT_TRY_AGAIN, TROUBLE_SERVER },
	{ 410, "", VERDICT_REJECTED, VERDICT_REJECTED, TROUBLE_REQUEST },
	{ 413, "", VERDICT_REJECTED, VERDICT_REJECTED, TROUBLE_REQUEST },
	{ 420, "", VERDICT_TRY_AGAIN, VERDICT_TRY_AGAIN, TROUBLE_SERVER },
	{ 429, "", VERDICT_TRY_AGAIN, VERDICT_TRY_AGAIN, TROUBLE_LIMIT },
	{ 500, "", VERDICT_UNKNOWN, VERDICT_TRY_AGAIN, TROUBLE_SERVER },
	{ 500, "UNABLE_TO_LOCK_ROW", VERDICT_UNKNOWN, VERDICT_TRY_AGAIN, TROUBLE_SERVER },
	{ 502, "", VERDICT_UNKNOWN, VERDICT_TRY_AGAIN, TROUBLE_SERVER },
	{ 503, "", VERDICT_UNKNOWN, VERDICT_TRY_AGAIN, TROUBLE_SERVER },
	{ 503, "SERVER_UNAVAILABLE", VERDICT_TRY_AGAIN, VERDICT_TRY_AGAIN, TROUBLE_SERVER },
	{ 503, "REQUEST_RUNNING_TOO_LONG", VERDICT_UNKNOWN, VERDICT_TRY_AGAIN, TROUBLE_SERVER },
	{ 504, "", VERDICT_UNKNOWN, VERDICT_TRY_AGAIN, TROUBLE_SERVER },
	{ 599, "", VERDICT_UNKNOWN, VERDICT_TRY_AGAIN, TROUBLE_SERVER },
};
enum { JUDGEMENTS = sizeof judgements / sizeof judgements[0] };

static struct answer judge(const struct judged *j, bool read_only)
{
	struct answer answer = { 0 };

	snprintf(answer.code, sizeof answer.code, "%s", j->code);
	answer_judge(&answer, j->status, read_only);
	return answer;
}

static void status_and_code_become_a_verdict(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < JUDGEMENTS; i++) {
		struct answer write = judge(&judgements[i], false), read = judge(&judgements[i], true);

		if (write.verdict != judgements[i].write || read.verdict != judgements[i].read ||
		    write.trouble != judgements[i].trouble || read.trouble != judgements[i].trouble)
			fail_msg("HTTP %d %s", judgements[i].status, judgements[i].code);
		assert_int_equal(write.status, judgements[i].status);
	}
}

static void the_limit_of_a_day_is_told_from_that_of_a_moment(void **unused)
{
	struct answer day = { .code = "REQUEST_LIMIT_EXCEEDED", .message = "TotalRequests Limit exceeded." };
	struct answer moment = { .code = "REQUEST_LIMIT_EXCEEDED",
		                 .message = "ConcurrentRequests (Concurrent API Requests) Limit exceeded." };
	struct answer quota = { .code = "ExceededQuota", .message = "ApiBatchItems Limit exceeded" };

	(void)unused;
	answer_judge(&day, 403, false);
	answer_judge(&moment, 403, false);
	answer_judge(&quota, 400, false);
	assert_int_equal(day.trouble, TROUBLE_DAILY);
	assert_int_equal(moment.trouble, TROUBLE_LIMIT);
	assert_int_equal(quota.trouble, TROUBLE_DAILY);
	assert_int_equal(day.verdict, VERDICT_TRY_AGAIN);
}

static void whatever_is_not_done_has_a_sentence_and_a_trouble(void **unused)
{
	(void)unused;
	for (int status = 0; status < 600; status++) {
		struct judged j = { .status = status, .code = "" };
		struct answer answer = judge(&j, false);

		if (answer.verdict == VERDICT_DONE)
			continue;
		assert_true(answer.message[0] != '\0');
		assert_int_not_equal(answer.trouble, TROUBLE_NONE);
	}
}

/* The promise that nothing is sent twice rests on this: a server in trouble never yields "not done". */
static void no_5xx_without_a_code_says_that_a_write_was_not_done(void **unused)
{
	(void)unused;
	for (int status = 500; status < 600; status++) {
		struct judged j = { .status = status, .code = "" };

		assert_int_equal(judge(&j, false).verdict, VERDICT_UNKNOWN);
	}
}

static void a_secret_is_taken_out_of_a_sentence(void **unused)
{
	static const char token[] = "00D000000000000!AR8AQPdeadbeefdeadbeefdeadbeef";
	struct answer answer = { 0 };

	(void)unused;
	snprintf(answer.message, sizeof answer.message, "bad token %s, again \"%s\" and %.30s", token, token,
	         token);
	answer_hide(&answer, token);
	assert_string_equal(answer.message, "bad token ..., again \"...\" and ...");
	answer_hide(&answer, NULL);
	answer_hide(&answer, "");
	answer_hide(&answer, "...");
	assert_string_equal(answer.message, "bad token ..., again \"...\" and ...");
	snprintf(answer.message, sizeof answer.message, "%s", "....");
	answer_hide(&answer, "....");
	assert_string_equal(answer.message, "...");
}

static void odd_headers_are_no_headers(void **unused)
{
	static const char *const lines[] = {
		"",
		"\r\n",
		"Date",
		"Date:",
		"Date: yesterday",
		"Retry-After: -5",
		"Retry-After: 99999999999999999999",
		"Sforce-Limit-Info: api-usage=",
		"Sforce-Limit-Info: api-usage=5",
		"Sforce-Limit-Info: api-usage=5/",
		"Sforce-Limit-Info: api-usage=/5",
		"Sforce-Limit-Info: per-app-api-usage=17/250(appName=x)",
		"Sforce-Locator: null",
		"X-Date: Tue, 24 Nov 2026 03:51:40 GMT",
	};
	struct answer answer = { 0 };

	(void)unused;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		headers_take(&answer, slice_of(lines[i]), 1000);
	assert_int_equal(answer.server_utc_ms, 0);
	assert_int_equal(answer.retry_after_ms, 0);
	assert_int_equal(answer.calls_most, 0);
	assert_string_equal(answer.locator, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(recorded_bodies_give_code_and_words),
		cmocka_unit_test(every_form_of_body_is_understood),
		cmocka_unit_test(a_long_sentence_is_cut_between_characters),
		cmocka_unit_test(any_bytes_at_all_are_survived),
		cmocka_unit_test(status_and_code_become_a_verdict),
		cmocka_unit_test(the_limit_of_a_day_is_told_from_that_of_a_moment),
		cmocka_unit_test(whatever_is_not_done_has_a_sentence_and_a_trouble),
		cmocka_unit_test(no_5xx_without_a_code_says_that_a_write_was_not_done),
		cmocka_unit_test(a_secret_is_taken_out_of_a_sentence),
		cmocka_unit_test(odd_headers_are_no_headers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
