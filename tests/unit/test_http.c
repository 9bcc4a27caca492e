/* The promises of http.h against a server that misbehaves as told: one arrival for each write, and a true verdict. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "http_client.h"

static const char *const write_verbs[] = { "POST", "PUT", "PATCH", "DELETE" };
enum { VERBS = sizeof write_verbs / sizeof write_verbs[0] };

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
	char proxy[96];
	START(&server, { .when = "CONNECT", .status = 407, .forever = true },
	      { .status = 200, .forever = true });

	(void)unused;
	snprintf(proxy, sizeof proxy, "http://ana:proxysecret@127.0.0.1:%d", server.port);
	setenv("https_proxy", proxy, 1);
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	tunnel = ask_with(http, request, "https://acme.invalid", "/write");
	direct = ask_with(http, request, server.url, "/direct");
	unsetenv("https_proxy");
	unsetenv("http_proxy");
	stop(http, &server);
	assert_int_equal(tunnel.verdict, VERDICT_TRY_AGAIN);
	assert_false(tunnel.left);
	assert_non_null(strstr(tunnel.message, "407"));
	assert_null(strstr(tunnel.message, "proxysecret"));
	assert_null(strstr(server_last(&server, "CONNECT acme.invalid:443")->head, "secret"));
	assert_non_null(strstr(server_last(&server, "CONNECT acme.invalid:443")->head,
	                       "Proxy-Authorization: Basic YW5hOnByb3h5c2VjcmV0"));
	assert_int_equal(direct.verdict, VERDICT_DONE);
	assert_int_equal(server_count(&server, "POST /direct"), 1);
	server_forget(&server);
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
		cmocka_unit_test(an_answer_may_take_ten_minutes),
		cmocka_unit_test(an_answer_that_stands_still_for_a_minute_is_none),
		cmocka_unit_test(calls_run_side_by_side_and_end_once_each),
		cmocka_unit_test(a_call_broken_off_says_what_is_known),
		cmocka_unit_test(closing_drops_what_is_in_flight),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
