/* The promises of http.h against a server that misbehaves as told: one arrival for each write, and a true verdict. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/resource.h>
#include <zlib.h>

#include "core/org/http.h"
#include "scripted_server.h"

static const char *const write_verbs[] = { "POST", "PUT", "PATCH", "DELETE" };
enum { VERBS = sizeof write_verbs / sizeof write_verbs[0] };

#define START(server, ...)                     \
	struct step steps[] = { __VA_ARGS__ }; \
	server_start(server, steps, sizeof steps / sizeof steps[0])

struct heard {
	struct answer answer;
	char body[512];
	int times;
};

static void hear(void *ctx, const struct answer *answer, struct slice body)
{
	struct heard *h = ctx;

	h->answer = *answer;
	h->times++;
	snprintf(h->body, sizeof h->body, "%.*s", SLICE_ARGS(body));
}

static struct http *open_http(void)
{
	struct http *http;
	struct err e;

	err_init(&e);
	assert_int_equal(http_open(&http, &e), ERR_OK);
	return http;
}

static struct http_call *start(struct http *http, struct http_request request, const char *origin,
                               const char *path, struct heard *heard)
{
	struct http_call *call = NULL;
	char url[256];
	struct err e;

	err_init(&e);
	snprintf(url, sizeof url, "%s%s", origin, path);
	*heard = (struct heard){ 0 };
	request.url = url;
	request.done = hear;
	request.done_ctx = heard;
	assert_int_equal(http_start(http, &request, &call, &e), ERR_OK);
	return call;
}

static struct answer ask_with(struct http *http, struct http_request request, const char *origin,
                              const char *path)
{
	struct heard heard;

	start(http, request, origin, path, &heard);
	while (!heard.times)
		http_turn(http, 1000);
	assert_int_equal(heard.times, 1);
	return heard.answer;
}

static struct answer ask(struct http *http, const char *method, const char *origin, const char *path)
{
	struct http_request request = { .method = method };

	if (strcmp(method, "GET") != 0 && strcmp(method, "DELETE") != 0)
		request.text = slice_of("{\"state\":\"UploadComplete\"}");
	return ask_with(http, request, origin, path);
}

static void stop(struct http *http, struct server *server)
{
	http_close(http);
	server_stop(server);
}

/* Writes arrive once */

static void dies_after_the_next_request(const char *first, enum then how)
{
	for (int v = 0; v < VERBS; v++) {
		struct http *http = open_http();
		struct server server;
		struct answer answer;
		START(&server, { .when = first, .status = 200, .body = "{}" }, { .then = how },
		      { .status = 200, .forever = true });

		assert_int_equal(ask(http, strtok(strdupa(first), " "), server.url, "/before").verdict,
		                 VERDICT_DONE);
		answer = ask(http, write_verbs[v], server.url, "/write");
		stop(http, &server);
		assert_int_equal(answer.verdict, VERDICT_UNKNOWN);
		assert_int_equal(answer.trouble, TROUBLE_CONNECTION);
		assert_int_equal(answer.status, 0);
		assert_true(answer.left);
		assert_non_null(strstr(answer.message, "127.0.0.1"));
		assert_int_equal(server.count, 2);
		assert_non_null(strstr(server.arrivals[1].head, "/write"));
		server_forget(&server);
	}
}

static void a_write_arrives_once_when_a_kept_connection_closes_instead_of_answering(void **unused)
{
	(void)unused;
	dies_after_the_next_request("GET /before", THEN_CLOSE);
	dies_after_the_next_request("POST /before", THEN_CLOSE);
}

static void a_write_arrives_once_when_a_kept_connection_is_reset(void **unused)
{
	(void)unused;
	dies_after_the_next_request("GET /before", THEN_RESET);
	dies_after_the_next_request("POST /before", THEN_RESET);
}

static void a_write_arrives_once_when_its_first_connection_closes(void **unused)
{
	(void)unused;
	for (int v = 0; v < VERBS; v++) {
		struct http *http = open_http();
		struct server server;
		struct answer answer;
		START(&server, { .then = v % 2 ? THEN_CLOSE : THEN_RESET }, { .status = 200, .forever = true });

		answer = ask(http, write_verbs[v], server.url, "/write");
		stop(http, &server);
		assert_int_equal(answer.verdict, VERDICT_UNKNOWN);
		assert_int_equal(server.count, 1);
		server_forget(&server);
	}
}

/* The trap that the tests above set does spring: a read falls into it, and only a read may. */
static void a_read_may_be_sent_again_by_libcurl(void **unused)
{
	struct http *http = open_http();
	struct server server;
	struct answer answer;
	START(&server, { .when = "GET /before", .status = 200 }, { .then = THEN_CLOSE },
	      { .status = 200, .forever = true });

	(void)unused;
	ask(http, "GET", server.url, "/before");
	answer = ask(http, "GET", server.url, "/read");
	stop(http, &server);
	assert_int_equal(answer.verdict, VERDICT_DONE);
	assert_int_equal(server_count(&server, "GET /read"), 2);
	server_forget(&server);
}

static void a_redirect_is_not_followed(void **unused)
{
	static const int statuses[] = { 301, 302, 303, 307, 308 };

	(void)unused;
	for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
		struct http *http = open_http();
		struct server server;
		START(&server,
		      { .status = statuses[i], .headers = "Location: /elsewhere\r\n", .forever = true });

		assert_int_equal(ask(http, "POST", server.url, "/here").verdict, VERDICT_REJECTED);
		assert_int_equal(ask(http, "GET", server.url, "/here").verdict, VERDICT_REJECTED);
		stop(http, &server);
		assert_int_equal(server.count, 2);
		server_forget(&server);
	}
}

/* What is known without an answer */

static void a_read_without_an_answer_is_tried_again(void **unused)
{
	struct http *http = open_http();
	struct server server;
	struct answer answer;
	START(&server, { .then = THEN_CLOSE, .forever = true });

	(void)unused;
	answer = ask(http, "GET", server.url, "/read");
	stop(http, &server);
	server_forget(&server);
	assert_int_equal(answer.verdict, VERDICT_TRY_AGAIN);
	assert_int_equal(answer.trouble, TROUBLE_CONNECTION);
}

static void nothing_has_left_without_a_connection(void **unused)
{
	struct http *http = open_http();
	struct server server;
	const char *nowhere[3];
	char plain[64], tls[64];
	START(&server, { .status = 200 });

	(void)unused;
	snprintf(plain, sizeof plain, "%s", server.url);
	stop(http, &server); /* nobody listens on this port now */
	http = open_http();
	snprintf(tls, sizeof tls, "https://127.0.0.1:%d", server.port);
	nowhere[0] = plain;
	nowhere[1] = tls;
	nowhere[2] = "https://acme.invalid";
	for (int i = 0; i < 3; i++)
		for (int v = 0; v < VERBS; v++) {
			struct answer answer = ask(http, write_verbs[v], nowhere[i], "/write");

			assert_int_equal(answer.verdict, VERDICT_TRY_AGAIN);
			assert_int_equal(answer.trouble, TROUBLE_CONNECTION);
			assert_false(answer.left);
			assert_non_null(strstr(answer.message, "no connection to "));
		}
	http_close(http);
}

static void nothing_has_left_when_tls_fails(void **unused)
{
	struct http *http = open_http();
	struct server server;
	struct answer answer;
	char url[64];
	START(&server, { .status = 200 });

	(void)unused;
	snprintf(url, sizeof url, "https://127.0.0.1:%d", server.port);
	answer = ask(http, "POST", url, "/write");
	stop(http, &server);
	assert_int_equal(answer.verdict, VERDICT_TRY_AGAIN);
	assert_false(answer.left);
	assert_int_equal(server.count, 0);
	server_forget(&server);
}

static void half_an_answer_is_none(void **unused)
{
	static const char *const halves[] = {
		"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"\r\n",
		"HTTP/1.1 200 OK\r\nContent-Le",
		"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof halves / sizeof halves[0]; i++) {
		struct http *http = open_http();
		struct server server;
		struct answer write, read;
		START(&server, { .raw = halves[i], .then = THEN_CLOSE, .forever = true });

		write = ask(http, "POST", server.url, "/x");
		read = ask(http, "GET", server.url, "/x");
		stop(http, &server);
		server_forget(&server);
		assert_int_equal(write.verdict, VERDICT_UNKNOWN);
		assert_int_equal(write.status, 0);
		assert_int_equal(read.verdict, VERDICT_TRY_AGAIN);
	}
}

/* Where requests may go */

static void plain_http_goes_to_this_machine_only(void **unused)
{
	static const char *const elsewhere[] = {
		"http://localhost:8080/",
		"http://10.0.0.1/",
		"http://127.0.0.1.example.com/",
		"http://127.0.0.1@example.com/",
		"http://acme.my.salesforce.com/",
		"ftp://127.0.0.1/",
		"acme.my.salesforce.com",
		"https://user:word@acme.invalid/",
		"",
	};
	struct http *http = open_http();

	(void)unused;
	for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++) {
		struct http_request request = { .method = "GET", .url = elsewhere[i], .done = hear };
		struct http_call *call;
		struct err e;

		err_init(&e);
		assert_int_equal(http_start(http, &request, &call, &e), ERR_USAGE);
		assert_int_equal(http_in_flight(http), 0);
	}
	http_close(http);
}

static void a_token_cannot_bring_its_own_header_lines(void **unused)
{
	struct http_request request = {
		.method = "GET", .url = "https://127.0.0.1", .bearer = "a\r\nX: y", .done = hear
	};
	struct http *http = open_http();
	struct err e;

	(void)unused;
	err_init(&e);
	assert_int_equal(http_start(http, &request, NULL, &e), ERR_USAGE);
	assert_null(strstr(e.text, "X: y"));
	http_close(http);
}

static void a_proxy_sees_only_the_wish_for_a_tunnel(void **unused)
{
	struct http_request request = { .method = "POST",
		                        .text = slice_of("{}"),
		                        .bearer = "00D-secret-token" };
	struct http *http = open_http();
	struct server server;
	struct answer tunnel, direct;
	START(&server, { .when = "CONNECT", .status = 403, .forever = true },
	      { .status = 200, .forever = true });

	(void)unused;
	setenv("https_proxy", server.url, 1);
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	tunnel = ask_with(http, request, "https://acme.invalid", "/write");
	direct = ask_with(http, request, server.url, "/direct");
	unsetenv("https_proxy");
	unsetenv("http_proxy");
	stop(http, &server);
	assert_int_equal(tunnel.verdict, VERDICT_TRY_AGAIN);
	assert_false(tunnel.left);
	assert_null(strstr(server_last(&server, "CONNECT acme.invalid:443")->head, "secret"));
	assert_int_equal(direct.verdict, VERDICT_DONE);
	assert_int_equal(server_count(&server, "POST /direct"), 1);
	server_forget(&server);
}

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

/* Time */

static int64_t moved_ms;

static int64_t moved(void *ctx)
{
	(void)ctx;
	return moved_ms;
}

static const struct clock by_hand = { moved, moved, NULL };

static void turn_until_arrived(struct http *http, struct server *server, int count)
{
	while (server_count(server, "") < count)
		http_turn(http, 10);
	for (int i = 0; i < 3; i++)
		http_turn(http, 1);
}

static void an_answer_may_take_ten_minutes(void **unused)
{
	struct http *http = open_http();
	struct server server;
	struct heard heard;
	START(&server, { .when = "POST" });

	(void)unused;
	moved_ms = 1000;
	http_use_clock(http, &by_hand);
	start(http, (struct http_request){ .method = "POST", .text = slice_of("{}") }, server.url, "/slow",
	      &heard);
	turn_until_arrived(http, &server, 1);
	moved_ms += 9 * 60000 + 59000;
	http_turn(http, 0);
	assert_int_equal(heard.times, 0);
	moved_ms += 2000;
	http_turn(http, 0);
	assert_int_equal(heard.times, 1);
	assert_int_equal(heard.answer.verdict, VERDICT_UNKNOWN);
	assert_int_equal(http_in_flight(http), 0);
	stop(http, &server);
	server_forget(&server);
}

static void an_answer_that_stands_still_for_a_minute_is_none(void **unused)
{
	struct http *http = open_http();
	struct server server;
	struct heard heard;
	START(&server, { .raw = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{" });

	(void)unused;
	moved_ms = 1000;
	http_use_clock(http, &by_hand);
	start(http, (struct http_request){ .method = "POST", .text = slice_of("{}") }, server.url, "/slow",
	      &heard);
	turn_until_arrived(http, &server, 1);
	while (!heard.times) { /* its first bytes may still be on their way */
		moved_ms += 61000;
		http_turn(http, 10);
	}
	assert_int_equal(heard.answer.verdict, VERDICT_UNKNOWN);
	assert_int_equal(heard.answer.trouble, TROUBLE_CONNECTION);
	stop(http, &server);
	server_forget(&server);
}

/* Calls side by side */

static void calls_run_side_by_side_and_end_once_each(void **unused)
{
	struct http *http = open_http();
	struct server server;
	struct heard heard[6];
	struct step steps[] = { { .status = 200, .body = "{}", .forever = true } };

	(void)unused;
	server_start(&server, steps, 1);
	for (int i = 0; i < 6; i++)
		start(http, (struct http_request){ .method = i % 2 ? "GET" : "POST" }, server.url, "/x",
		      &heard[i]);
	assert_int_equal(http_in_flight(http), 6);
	while (http_in_flight(http))
		http_turn(http, 1000);
	for (int i = 0; i < 6; i++) {
		assert_int_equal(heard[i].times, 1);
		assert_int_equal(heard[i].answer.verdict, VERDICT_DONE);
	}
	stop(http, &server);
	server_forget(&server);
}

static void a_call_broken_off_says_what_is_known(void **unused)
{
	struct http *http = open_http();
	struct server server;
	struct heard sent, unsent;
	struct http_call *call;
	START(&server, { .when = "POST" });

	(void)unused;
	call = start(http, (struct http_request){ .method = "POST" }, server.url, "/x", &sent);
	turn_until_arrived(http, &server, 1);
	http_break(http, call);
	assert_int_equal(sent.times, 1);
	assert_int_equal(sent.answer.verdict, VERDICT_UNKNOWN);
	call = start(http, (struct http_request){ .method = "POST" }, server.url, "/x", &unsent);
	http_break(http, call);
	assert_int_equal(unsent.times, 1);
	assert_int_equal(unsent.answer.verdict, VERDICT_TRY_AGAIN);
	http_turn(http, 0);
	assert_int_equal(sent.times + unsent.times, 2);
	stop(http, &server);
	assert_int_equal(server_count(&server, "POST"), 1);
	server_forget(&server);
}

static void closing_drops_what_is_in_flight(void **unused)
{
	struct http *http = open_http();
	struct server server;
	struct heard heard;
	START(&server, { .when = "POST" });

	(void)unused;
	start(http, (struct http_request){ .method = "POST", .secret = true, .text = slice_of("a=b") },
	      server.url, "/x", &heard);
	turn_until_arrived(http, &server, 1);
	stop(http, &server);
	assert_int_equal(heard.times, 0);
	server_forget(&server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_write_arrives_once_when_a_kept_connection_closes_instead_of_answering),
		cmocka_unit_test(a_write_arrives_once_when_a_kept_connection_is_reset),
		cmocka_unit_test(a_write_arrives_once_when_its_first_connection_closes),
		cmocka_unit_test(a_read_may_be_sent_again_by_libcurl),
		cmocka_unit_test(a_redirect_is_not_followed),
		cmocka_unit_test(a_read_without_an_answer_is_tried_again),
		cmocka_unit_test(nothing_has_left_without_a_connection),
		cmocka_unit_test(nothing_has_left_when_tls_fails),
		cmocka_unit_test(half_an_answer_is_none),
		cmocka_unit_test(plain_http_goes_to_this_machine_only),
		cmocka_unit_test(a_token_cannot_bring_its_own_header_lines),
		cmocka_unit_test(a_proxy_sees_only_the_wish_for_a_tunnel),
		cmocka_unit_test(an_upload_is_exactly_what_was_announced),
		cmocka_unit_test(an_upload_that_is_not_what_was_announced_is_never_whole),
		cmocka_unit_test(an_upload_answered_before_its_end_is_not_done),
		cmocka_unit_test(a_large_upload_takes_little_memory),
		cmocka_unit_test(an_answer_may_be_compressed),
		cmocka_unit_test(a_compressed_answer_cut_short_is_none),
		cmocka_unit_test(the_headers_that_matter_are_read),
		cmocka_unit_test(a_sink_gets_successes_only),
		cmocka_unit_test(an_answer_without_end_is_broken_off),
		cmocka_unit_test(an_answer_may_take_ten_minutes),
		cmocka_unit_test(an_answer_that_stands_still_for_a_minute_is_none),
		cmocka_unit_test(calls_run_side_by_side_and_end_once_each),
		cmocka_unit_test(a_call_broken_off_says_what_is_known),
		cmocka_unit_test(closing_drops_what_is_in_flight),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
