/* A session that ends in the middle, against an org played by a scripted server: renewed once, and never for ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "scripted_org.h"

static void a_session_that_ended_is_renewed_once_and_the_request_sent_again(void **unused)
{
	static const char *const verbs[] = { "GET", "POST", "PATCH", "DELETE" };

	(void)unused;
	for (int v = 0; v < 4; v++) {
		static struct fixture f;
		char begins[64];

		f = (struct fixture){ 0 };
		snprintf(begins, sizeof begins, "%s " API "/x", verbs[v]);
		add_token(&f);
		add_token(&f);
		add(&f, (struct step){ .when = begins, .status = 401, .body = EXPIRED });
		add(&f, (struct step){ .when = begins, .status = 200, .body = "{}" });
		sign_in(&f);
		assert_int_equal(ask(&f, verbs[v], "/x").verdict, VERDICT_DONE);
		assert_int_equal(org_calls(f.org),
		                 2); /* with the first query: the refused one does not count */
		end(&f);
		assert_int_equal(server_count(&f.server, TOKEN_POST), 2);
		assert_int_equal(server_count(&f.server, begins), 2);
		assert_non_null(strstr(server_last(&f.server, begins)->head, "secret-token-2"));
		if (v)
			assert_string_equal(server_last(&f.server, begins)->body, "{\"a\":1}");
		server_forget(&f.server);
	}
}

static void many_requests_share_one_renewal(void **unused)
{
	static struct fixture f;
	struct http_request request = { .method = "GET", .done = hear };
	struct heard heard[5];
	struct err e;

	(void)unused;
	f = (struct fixture){ 0 };
	add_token(&f);
	add_token(&f);
	for (int i = 0; i < 4; i++)
		add(&f, (struct step){ .when = "GET " API "/x", .status = 401, .body = EXPIRED });
	add(&f, (struct step){ .when = "GET " API "/x", .status = 200, .forever = true });
	sign_in(&f);
	err_init(&e);
	memset(heard, 0, sizeof heard);
	for (int i = 0; i < 4; i++) {
		request.done_ctx = &heard[i];
		assert_int_equal(org_start(f.org, "/x", &request, NULL, &e), ERR_OK);
	}
	until(&f, &heard[0]);
	request.done_ctx = &heard[4];
	assert_int_equal(org_start(f.org, "/x", &request, NULL, &e), ERR_OK);
	for (int i = 1; i < 5; i++)
		until(&f, &heard[i]);
	for (int i = 0; i < 5; i++)
		assert_int_equal(heard[i].answer.verdict, VERDICT_DONE);
	end(&f);
	assert_int_equal(server_count(&f.server, TOKEN_POST), 2);
	assert_int_equal(server_count(&f.server, "GET " API "/x"), 9);
	server_forget(&f.server);
}

/* The org answers 401 to whatever token: with the first one, with the second, and no third is asked for. */
static void a_renewed_session_that_is_refused_ends_it(void **unused)
{
	static struct fixture f;
	struct answer first, second;

	(void)unused;
	f = (struct fixture){ 0 };
	for (int i = 0; i < 4; i++)
		add_token(&f);
	add(&f, (struct step){ .when = "POST " API "/x", .status = 401, .body = EXPIRED, .forever = true });
	sign_in(&f);
	first = ask(&f, "POST", "/x");
	second = ask(&f, "POST", "/x");
	end(&f);
	assert_int_equal(first.verdict, VERDICT_REJECTED);
	assert_int_equal(first.trouble, TROUBLE_SESSION);
	assert_int_equal(second.verdict, VERDICT_REJECTED);
	assert_int_equal(second.trouble, TROUBLE_SESSION);
	assert_int_equal(server_count(&f.server, TOKEN_POST), 2);
	assert_int_equal(server_count(&f.server, "POST " API "/x"), 3);
	server_forget(&f.server);
}

static int64_t moved;

static int64_t later_utc(void *ctx)
{
	(void)ctx;
	return clock_utc(&clock_real) + moved;
}

static int64_t later_mono(void *ctx)
{
	(void)ctx;
	return clock_mono(&clock_real) + moved;
}

/* It ended before anybody came to use it: that is no refusal of a session that was opened just now. */
static void a_renewed_session_that_ended_unused_is_renewed_again(void **unused)
{
	static const struct clock clock = { later_utc, later_mono, NULL };
	static struct fixture f;
	struct answer answer;

	(void)unused;
	f = (struct fixture){ 0 };
	for (int i = 0; i < 3; i++)
		add_token(&f);
	for (int i = 0; i < 3; i++)
		add(&f, (struct step){ .when = "POST " API "/x", .status = 401, .body = EXPIRED });
	add(&f, (struct step){ .when = "POST " API "/x", .status = 200, .body = "{}" });
	sign_in(&f);
	http_use_clock(org_http(f.org), &clock);
	assert_int_equal(ask(&f, "POST", "/x").verdict, VERDICT_REJECTED); /* with the second token too */
	moved = 2000;
	answer = ask(&f, "POST", "/x");
	moved = 0;
	end(&f);
	assert_int_equal(answer.verdict, VERDICT_DONE);
	assert_int_equal(server_count(&f.server, TOKEN_POST), 3);
	server_forget(&f.server);
}

static void start_get(struct fixture *f, const char *path, struct heard *heard)
{
	struct http_request request = { .method = "GET", .done = hear, .done_ctx = heard };
	struct err e;

	err_init(&e);
	*heard = (struct heard){ 0 };
	assert_int_equal(org_start(f->org, path, &request, NULL, &e), ERR_OK);
}

/* The refusal of the old token comes when the new one is there already: no second renewal. */
static void a_late_refusal_of_the_old_session_is_repeated_with_the_new_one(void **unused)
{
	static struct fixture f;
	struct heard late, first;

	(void)unused;
	f = (struct fixture){ 0 };
	add_token(&f);
	add_token(&f);
	add(&f,
	    (struct step){
		    .when = "GET " API "/late", .status = 401, .body = EXPIRED, .after = "GET " API "/third" });
	add(&f, (struct step){ .when = "GET " API "/late", .status = 200 });
	add(&f, (struct step){ .when = "GET " API "/first", .status = 401, .body = EXPIRED });
	add(&f, (struct step){ .when = "GET " API "/first", .status = 200 });
	add(&f, (struct step){ .when = "GET " API "/third", .status = 200 });
	sign_in(&f);
	start_get(&f, "/late", &late);
	while (server_count(&f.server, "GET " API "/late") == 0)
		http_turn(org_http(f.org), 10);
	start_get(&f, "/first", &first);
	until(&f, &first);
	assert_int_equal(late.times, 0);
	assert_int_equal(ask(&f, "GET", "/third").verdict, VERDICT_DONE);
	until(&f, &late);
	assert_int_equal(late.answer.verdict, VERDICT_DONE);
	end(&f);
	assert_int_equal(server_count(&f.server, TOKEN_POST), 2);
	server_forget(&f.server);
}

/* The renewed token works for others: a request that it is refused for must not have it renewed again and again. */
static void one_request_that_is_always_refused_starts_no_loop(void **unused)
{
	static struct fixture f;
	struct heard refused, other;

	(void)unused;
	f = (struct fixture){ 0 };
	for (int i = 0; i < 4; i++)
		add_token(&f);
	add(&f, (struct step){ .when = "GET " API "/never", .status = 401, .body = EXPIRED });
	add(&f, (struct step){ .when = "GET " API "/never",
	                       .status = 401,
	                       .body = EXPIRED,
	                       .after = "GET " API "/third" });
	add(&f, (struct step){ .when = "GET " API "/never", .status = 401, .body = EXPIRED, .forever = true });
	add(&f, (struct step){ .when = "GET " API "/other", .status = 200 });
	add(&f, (struct step){ .when = "GET " API "/third", .status = 200 });
	sign_in(&f);
	start_get(&f, "/never", &refused);
	while (server_count(&f.server, "GET " API "/never") < 2)
		http_turn(org_http(f.org), 10);
	start_get(&f, "/other", &other);
	until(&f, &other);
	assert_int_equal(other.answer.verdict, VERDICT_DONE);
	assert_int_equal(ask(&f, "GET", "/third").verdict, VERDICT_DONE);
	until(&f, &refused);
	end(&f);
	assert_int_equal(refused.answer.verdict, VERDICT_REJECTED);
	assert_int_equal(refused.answer.trouble, TROUBLE_SESSION);
	assert_int_equal(server_count(&f.server, TOKEN_POST), 2);
	assert_int_equal(server_count(&f.server, "GET " API "/never"), 2);
	server_forget(&f.server);
}

static void some_refusals_never_start_a_renewal(void **unused)
{
	static const char *const bodies[] = {
		"[{\"message\":\"This session is not valid for use with the REST "
		"API\",\"errorCode\":\"INVALID_SESSION_ID\"}]",
		"[{\"message\":\"Connected app is not attached to "
		"Agent\",\"errorCode\":\"INVALID_SESSION_ID\"}]",
	};

	(void)unused;
	for (int i = 0; i < 2; i++) {
		static struct fixture f;
		struct answer answer;

		f = (struct fixture){ 0 };
		add_token(&f);
		add_token(&f);
		add(&f, (struct step){
				.when = "GET " API "/x", .status = 401, .body = bodies[i], .forever = true });
		sign_in(&f);
		answer = ask(&f, "GET", "/x");
		end(&f);
		assert_int_equal(answer.verdict, VERDICT_REJECTED);
		assert_int_equal(answer.trouble, TROUBLE_SESSION);
		assert_int_equal(server_count(&f.server, TOKEN_POST), 1);
		assert_int_equal(server_count(&f.server, "GET " API "/x"), 1);
		server_forget(&f.server);
	}
}

static void without_a_refresh_token_one_is_told_what_to_give(void **unused)
{
	static struct fixture f;
	struct answer answer;
	struct err e;

	(void)unused;
	f = (struct fixture){ 0 };
	add(&f,
	    (struct step){
		    .when = "GET " API "/x",
		    .status = 401,
		    .body = "[{\"message\":\"Session expired or invalid: 00D000000000000!ready-made-session\","
			    "\"errorCode\":\"INVALID_SESSION_ID\"}]" });
	begin(&f);
	f.settings.access_token = ready_token;
	f.settings.instance_url = f.server.url;
	assert_int_equal(open_org(&f, &e), ERR_OK);
	answer = ask(&f, "GET", "/x");
	end(&f);
	server_forget(&f.server);
	assert_int_equal(answer.verdict, VERDICT_REJECTED);
	assert_int_equal(answer.trouble, TROUBLE_SESSION);
	assert_non_null(strstr(answer.message, "give a new access_token"));
	assert_null(strstr(answer.message, "ready-made"));
}

static void a_renewal_that_cannot_reach_the_org_is_no_refusal(void **unused)
{
	static struct fixture f;
	struct answer first, second;

	(void)unused;
	f = (struct fixture){ 0 };
	add_token(&f);
	add(&f, (struct step){ .when = TOKEN_POST, .then = THEN_CLOSE });
	add_token(&f);
	add(&f, (struct step){ .when = "POST " API "/x", .status = 401, .body = EXPIRED });
	add(&f, (struct step){ .when = "POST " API "/x", .status = 401, .body = EXPIRED });
	add(&f, (struct step){ .when = "POST " API "/x", .status = 200 });
	sign_in(&f);
	first = ask(&f, "POST", "/x");
	second = ask(&f, "POST", "/x");
	end(&f);
	assert_int_equal(first.verdict,
	                 VERDICT_TRY_AGAIN); /* not UNKNOWN: the 401 says that nothing was done */
	assert_int_equal(second.verdict, VERDICT_DONE);
	assert_int_equal(server_count(&f.server, TOKEN_POST), 3);
	server_forget(&f.server);
}

static void a_renewal_that_is_refused_says_why_to_all_who_wait(void **unused)
{
	static struct fixture f;
	struct answer answer;

	(void)unused;
	f = (struct fixture){ 0 };
	add_token(&f);
	add(&f, (struct step){ .when = TOKEN_POST,
	                       .status = 400,
	                       .body = "{\"error\":\"invalid_grant\",\"error_description\":\"expired "
	                               "access/refresh token\"}" });
	add(&f, (struct step){ .when = "GET " API "/x", .status = 401, .body = EXPIRED });
	sign_in(&f);
	answer = ask(&f, "GET", "/x");
	end(&f);
	server_forget(&f.server);
	assert_int_equal(answer.verdict, VERDICT_REJECTED);
	assert_int_equal(answer.trouble, TROUBLE_SESSION);
	assert_non_null(strstr(answer.message, "the refresh token was revoked or has expired: sign in again"));
}

/* A new refresh token replaces the old one, which is dead from then on (salesforce-api.md A2). */
static void a_new_refresh_token_is_used_from_then_on(void **unused)
{
	static struct fixture f;
	static char body[256];

	(void)unused;
	f = (struct fixture){ 0 };
	add(&f, (struct step){ .when = TOKEN_POST, .status = 200, .body = body });
	add_token(&f);
	add(&f, (struct step){ .when = "GET " API "/x", .status = 401, .body = EXPIRED });
	add(&f, (struct step){ .when = "GET " API "/x", .status = 200 });
	begin(&f);
	snprintf(body, sizeof body,
	         "{\"access_token\":\"t\",\"instance_url\":\"%s\",\"refresh_token\":\"rotated\"}",
	         f.server.url);
	f.settings.refresh_token = refresh_token;
	assert_int_equal(open_org(&f, &(struct err){ 0 }), ERR_OK);
	assert_int_equal(ask(&f, "GET", "/x").verdict, VERDICT_DONE);
	end(&f);
	assert_non_null(strstr(server_last(&f.server, TOKEN_POST)->body, "&refresh_token=rotated"));
	server_forget(&f.server);
}

static void an_upload_is_never_sent_again_by_itself(void **unused)
{
	static struct fixture f;
	struct heard refused, taken;

	(void)unused;
	f = (struct fixture){ 0 };
	add_token(&f);
	add_token(&f);
	add(&f, (struct step){ .when = "PUT", .status = 401, .body = EXPIRED });
	add(&f, (struct step){ .when = "PUT", .status = 201 });
	add(&f, (struct step){ .when = "GET " API "/x", .status = 200 });
	sign_in(&f);
	refused = upload(&f, 5000);
	assert_int_equal(server_count(&f.server, "PUT"), 1);
	assert_int_equal(refused.answer.verdict, VERDICT_TRY_AGAIN);
	assert_int_equal(refused.answer.trouble, TROUBLE_NONE); /* TROUBLE_SESSION would end the run */
	assert_int_equal(ask(&f, "GET", "/x").verdict, VERDICT_DONE);
	taken = upload(&f, 5000);
	assert_int_equal(taken.answer.verdict, VERDICT_DONE);
	end(&f);
	assert_int_equal(server_count(&f.server, TOKEN_POST), 2);
	assert_non_null(strstr(server_last(&f.server, "PUT")->head, "secret-token-2"));
	assert_int_equal(server_last(&f.server, "PUT " API "/jobs/ingest/" JOB "/batches")->body_len, 5000);
	server_forget(&f.server);
}

static void closing_an_org_leaves_nothing_behind(void **unused)
{
	static struct fixture f;
	struct http_request request = { .method = "GET", .done = hear };
	struct heard heard = { 0 };
	struct err e;

	(void)unused;
	f = (struct fixture){ 0 };
	add_token(&f);
	add(&f, (struct step){ .when = TOKEN_POST }); /* never answered: the request waits for its renewal */
	add(&f, (struct step){ .when = "GET " API "/x", .status = 401, .body = EXPIRED });
	add(&f, (struct step){ .when = "GET " API "/jobs", .forever = true });
	sign_in(&f);
	err_init(&e);
	request.done_ctx = &heard;
	assert_int_equal(bulk_ask(f.org, JOB, hear_job, &heard, &e), ERR_OK);
	assert_int_equal(bulk_results(f.org, JOB, BULK_SUCCESSFUL, NULL, NULL, hear_job, &heard, &e), ERR_OK);
	assert_int_equal(org_start(f.org, "/x", &request, NULL, &e), ERR_OK);
	while (server_count(&f.server, TOKEN_POST) < 2)
		http_turn(org_http(f.org), 10);
	assert_int_equal(bulk_ask(f.org, JOB, hear_job, &heard, &e), ERR_OK);
	end(&f);
	assert_int_equal(heard.times, 0);
	server_forget(&f.server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_that_ended_is_renewed_once_and_the_request_sent_again),
		cmocka_unit_test(many_requests_share_one_renewal),
		cmocka_unit_test(a_renewed_session_that_ended_unused_is_renewed_again),
		cmocka_unit_test(a_renewed_session_that_is_refused_ends_it),
		cmocka_unit_test(a_late_refusal_of_the_old_session_is_repeated_with_the_new_one),
		cmocka_unit_test(one_request_that_is_always_refused_starts_no_loop),
		cmocka_unit_test(some_refusals_never_start_a_renewal),
		cmocka_unit_test(without_a_refresh_token_one_is_told_what_to_give),
		cmocka_unit_test(a_renewal_that_cannot_reach_the_org_is_no_refusal),
		cmocka_unit_test(a_renewal_that_is_refused_says_why_to_all_who_wait),
		cmocka_unit_test(a_new_refresh_token_is_used_from_then_on),
		cmocka_unit_test(an_upload_is_never_sent_again_by_itself),
		cmocka_unit_test(closing_an_org_leaves_nothing_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
