/* Bodies both ways: an upload is exactly what was announced, and half an answer is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/resource.h>
#include <zlib.h>

#include "http_client.h"

/* Uploads */

struct producer {
	int64_t gives;     /* bytes in all */
	int64_t breaks_at; /* -1 there; 0: never */
	int64_t given;
	size_t piece; /* at most so many at a time */
};

static long produce(void *ctx, char *to, size_t room)
{
	struct producer *p = ctx;
	size_t n = room < p->piece ? room : p->piece;

	if (p->breaks_at && p->given >= p->breaks_at)
		return -1;
	if ((int64_t)n > p->gives - p->given)
		n = (size_t)(p->gives - p->given);
	for (size_t i = 0; i < n; i++)
		to[i] = (char)('a' + (p->given + (int64_t)i) % 23);
	p->given += (int64_t)n;
	return (long)n;
}

static struct answer upload(struct http *http, const char *url, struct producer *p, int64_t size)
{
	struct http_request request = { .method = "PUT",
		                        .content_type = "text/csv; charset=UTF-8",
		                        .body = produce,
		                        .body_ctx = p,
		                        .body_size = size };

	return ask_with(http, request, url, "/upload");
}

static void an_upload_is_exactly_what_was_announced(void **unused)
{
	struct producer p = { .gives = 1000003, .piece = 777 };
	struct http *http = open_http();
	const struct arrival *got;
	struct server server;
	struct answer answer;
	START(&server, { .status = 201 });

	(void)unused;
	answer = upload(http, server.url, &p, 1000003);
	stop(http, &server);
	got = server_last(&server, "PUT /upload");
	assert_int_equal(answer.verdict, VERDICT_DONE);
	assert_int_equal(answer.status, 201);
	assert_int_equal(got->body_len, 1000003);
	for (size_t i = 0; i < got->body_len; i++)
		if (got->body[i] != (char)('a' + i % 23))
			fail_msg("byte %zu is another", i);
	assert_non_null(strstr(got->head, "\r\nContent-Length: 1000003"));
	assert_non_null(strstr(got->head, "\r\nContent-Type: text/csv; charset=UTF-8"));
	assert_null(strcasestr(got->head, "Transfer-Encoding"));
	assert_null(strcasestr(got->head, "Content-Encoding"));
	assert_null(strcasestr(got->head, "Expect:"));
	server_forget(&server);
}

static void an_upload_that_is_not_what_was_announced_is_never_whole(void **unused)
{
	static const struct producer wrong[] = {
		{ .gives = 300000, .breaks_at = 150000, .piece = 1000 },
		{ .gives = 300000, .breaks_at = 300000, .piece = 1000 },
		{ .gives = 299999, .piece = 1000 },
		{ .gives = 300001, .piece = 1000 },
		{ .gives = 0, .piece = 1000 },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct http *http = open_http();
		struct producer p = wrong[i];
		struct server server;
		struct answer answer;
		START(&server, { .status = 201 });

		answer = upload(http, server.url, &p, 300000);
		stop(http, &server);
		assert_int_equal(answer.verdict, VERDICT_UNKNOWN);
		assert_int_equal(answer.status, 0);
		for (int n = 0; n < server.count; n++)
			assert_false(server.arrivals[n].whole);
		server_forget(&server);
	}
}

static void an_upload_answered_before_its_end_is_not_done(void **unused)
{
	enum { SIZE = 64 * 1024 * 1024 };
	static const int statuses[] = { 201, 401 };

	(void)unused;
	for (int i = 0; i < 2; i++) {
		struct producer p = { .gives = SIZE, .breaks_at = SIZE - 1024 * 1024, .piece = 65536 };
		struct http *http = open_http();
		struct server server;
		struct answer answer;
		START(&server, { .status = statuses[i], .early = true });

		answer = upload(http, server.url, &p, SIZE);
		stop(http, &server);
		assert_int_not_equal(answer.verdict, VERDICT_DONE);
		if (statuses[i] == 401) {
			assert_int_equal(answer.verdict, VERDICT_REJECTED);
			assert_int_equal(answer.status, 401);
			assert_true(p.given < SIZE / 2);
		}
		assert_int_equal(server.count, 1);
		server_forget(&server);
	}
}

static void a_large_upload_takes_little_memory(void **unused)
{
	enum { SIZE = 100 * 1024 * 1024 };
	struct producer p = { .gives = SIZE, .piece = 65536 };
	struct rusage before, after;
	struct http *http = open_http();
	struct server server;
	struct answer answer;
	START(&server, { .status = 201 });

	(void)unused;
	getrusage(RUSAGE_SELF, &before);
	answer = upload(http, server.url, &p, SIZE);
	getrusage(RUSAGE_SELF, &after);
	stop(http, &server);
	assert_int_equal(answer.verdict, VERDICT_DONE);
	assert_int_equal(server.arrivals[0].body_len, SIZE);
	assert_true(after.ru_maxrss - before.ru_maxrss < 16 * 1024); /* kilobytes; the server keeps 4 MB */
	server_forget(&server);
}

/* Answers */

/* An answer with a gzip body, of which the last `cut` bytes are missing, though its framing says nothing of that. */
static size_t packed_answer(char *raw, size_t size, const char *body, size_t cut)
{
	z_stream z = { 0 };
	Bytef packed[512];
	size_t head, len;

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (Bytef *)(uintptr_t)body;
	z.avail_in = (uInt)strlen(body);
	z.next_out = packed;
	z.avail_out = sizeof packed;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	len = z.total_out - cut;
	head = (size_t)snprintf(
		raw, size, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n", len);
	memcpy(raw + head, packed, len);
	return head + len;
}

static const char job_body[] = "{\"id\":\"750000000000001AAA\",\"state\":\"Open\",\"object\":\"Account\"}";

static void an_answer_may_be_compressed(void **unused)
{
	static char raw[4096];
	struct http *http = open_http();
	struct server server;
	struct heard heard;
	START(&server, { .raw = raw, .raw_len = packed_answer(raw, sizeof raw, job_body, 0) },
	      { .status = 201, .headers = "Content-Encoding: gzip\r\n" });

	(void)unused;
	start(http, (struct http_request){ .method = "GET" }, server.url, "/x", &heard);
	while (!heard.times)
		http_turn(http, 1000);
	assert_int_equal(heard.answer.verdict, VERDICT_DONE);
	assert_string_equal(heard.body, job_body);
	assert_int_equal(ask(http, "PUT", server.url, "/empty").verdict, VERDICT_DONE);
	stop(http, &server);
	assert_non_null(strstr(server_last(&server, "GET /x")->head, "\r\nAccept-Encoding: gzip"));
	server_forget(&server);
}

static void a_compressed_answer_cut_short_is_none(void **unused)
{
	static char raw[4096];

	(void)unused;
	for (size_t cut = 1; cut < 60; cut++) {
		struct http *http = open_http();
		struct server server;
		START(&server, { .raw = raw,
		                 .raw_len = packed_answer(raw, sizeof raw, job_body, cut),
		                 .forever = true });

		assert_int_equal(ask(http, "POST", server.url, "/x").verdict, VERDICT_UNKNOWN);
		assert_int_equal(ask(http, "GET", server.url, "/x").verdict, VERDICT_TRY_AGAIN);
		stop(http, &server);
		server_forget(&server);
	}
}

static void the_headers_that_matter_are_read(void **unused)
{
	struct http *http = open_http();
	struct server server;
	struct answer first, second, third;
	START(&server,
	      { .status = 503,
	        .headers = "Date: Tue, 24 Nov 2026 03:51:40 GMT\r\nRetry-After: 120\r\nSforce-Limit-Info: "
	                   "api-usage=15907/5000000, per-app-api-usage=17/250(appName=x)\r\n" },
	      { .status = 503,
	        .headers = "date: Tue, 24 Nov 2026 03:51:40 GMT\r\nretry-after: Tue, 24 Nov 2026 03:52:10 "
	                   "GMT\r\nsforce-locator: "
	                   "MTAwMDA\r\n" },
	      { .status = 200,
	        .headers =
	                "Sforce-Locator: null\r\nSforce-Limit-Info: api-usage=x/y\r\nRetry-After: soon\r\n" });

	(void)unused;
	first = ask(http, "GET", server.url, "/x");
	second = ask(http, "GET", server.url, "/x");
	third = ask(http, "GET", server.url, "/x");
	stop(http, &server);
	server_forget(&server);
	assert_int_equal(first.server_utc_ms, 1795492300000);
	assert_int_equal(first.retry_after_ms, 120000);
	assert_int_equal(first.calls_used, 15907);
	assert_int_equal(first.calls_most, 5000000);
	assert_int_equal(second.retry_after_ms, 30000);
	assert_string_equal(second.locator, "MTAwMDA");
	assert_string_equal(third.locator, "");
	assert_int_equal(third.calls_most, 0);
	assert_int_equal(third.retry_after_ms, 0);
}

struct sink {
	size_t bytes;
	size_t wants;
};

static bool sink(void *ctx, struct slice bytes)
{
	struct sink *s = ctx;

	s->bytes += bytes.len;
	return s->bytes <= s->wants;
}

static void a_sink_gets_successes_only(void **unused)
{
	struct sink got = { 0, 1000 };
	struct http_request request = { .method = "GET", .sink = sink, .sink_ctx = &got };
	struct http *http = open_http();
	struct server server;
	struct answer answer;
	START(&server, { .status = 404, .body = "[{\"message\":\"gone\",\"errorCode\":\"NOT_FOUND\"}]" },
	      { .status = 200, .body = "0123456789" }, { .status = 200, .body = "0123456789" });

	(void)unused;
	answer = ask_with(http, request, server.url, "/x");
	assert_int_equal(answer.trouble, TROUBLE_GONE);
	assert_string_equal(answer.code, "NOT_FOUND");
	assert_int_equal(got.bytes, 0);
	assert_int_equal(ask_with(http, request, server.url, "/x").verdict, VERDICT_DONE);
	assert_int_equal(got.bytes, 10);
	got.wants = 15;
	assert_int_equal(ask_with(http, request, server.url, "/x").verdict, VERDICT_TRY_AGAIN);
	stop(http, &server);
	server_forget(&server);
}

static void an_answer_without_end_is_broken_off(void **unused)
{
	enum { SIZE = 17 * 1024 * 1024 };
	char *body = malloc(SIZE + 1);
	struct http *http = open_http();
	struct server server;
	struct answer answer;

	(void)unused;
	memset(body, ' ', SIZE);
	body[SIZE] = '\0';
	{
		START(&server, { .status = 200, .body = body, .then = THEN_CLOSE });

		answer = ask(http, "GET", server.url, "/x");
		stop(http, &server);
	}
	assert_int_not_equal(answer.verdict, VERDICT_DONE);
	assert_non_null(strstr(answer.message, "16 MB"));
	server_forget(&server);
	free(body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_upload_is_exactly_what_was_announced),
		cmocka_unit_test(an_upload_that_is_not_what_was_announced_is_never_whole),
		cmocka_unit_test(an_upload_answered_before_its_end_is_not_done),
		cmocka_unit_test(a_large_upload_takes_little_memory),
		cmocka_unit_test(an_answer_may_be_compressed),
		cmocka_unit_test(a_compressed_answer_cut_short_is_none),
		cmocka_unit_test(the_headers_that_matter_are_read),
		cmocka_unit_test(a_sink_gets_successes_only),
		cmocka_unit_test(an_answer_without_end_is_broken_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
