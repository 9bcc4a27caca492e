/* Signing in, what is counted, and queries, against an org played by a scripted server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/org/call.h"
#include "core/org/url.h"
#include "scripted_org.h"

static char old[] = "64.0", newer[] = "67.0";

/* Signing in */

static void one_is_told_who_and_where_one_is(void **unused)
{
	static struct fixture f;
	const struct org_identity *id;
	const struct arrival *token;
	int64_t left, most;

	(void)unused;
	f = (struct fixture){ 0 };
	add_token(&f);
	sign_in(&f);
	id = org_identity(f.org);
	assert_string_equal(id->org_id, "00Dx0000000BV7zEAG");
	assert_string_equal(id->user_id, "005x00000012Q9PAAU");
	assert_string_equal(id->username, "ana@acme.example");
	assert_string_equal(id->org_name, "Acme Größe");
	assert_string_equal(id->instance_url, f.server.url);
	assert_string_equal(id->host, "127.0.0.1");
	assert_string_equal(id->api_version, "66.0");
	assert_int_equal(id->kind, ORG_PRACTICE);
	assert_int_equal(org_calls(f.org),
	                 1); /* the query; not the sign-in, userinfo and the list of versions */
	assert_true(org_calls_left(f.org, &left, &most));
	assert_int_equal(left, 14900);
	assert_int_equal(most, 15000);
	end(&f);
	token = server_last(&f.server, TOKEN_POST);
	assert_non_null(strstr(token->head, "\r\nContent-Type: application/x-www-form-urlencoded"));
	assert_string_equal(token->body,
	                    "grant_type=refresh_token&client_id=the-app&client_secret=1234-secret-of-the-app&"
	                    "refresh_token=5Aep861-secret-refresh%2B%2F%3D");
	assert_null(strstr(server_last(&f.server, "GET /services/data/ ")->head, "Authorization"));
	assert_non_null(strstr(server_last(&f.server, "GET " API "/query")->head,
	                       "\r\nAuthorization: Bearer 00D000000000000!secret-token-1"));
	server_forget(&f.server);
}

static void a_ready_session_needs_no_sign_in(void **unused)
{
	static struct fixture f;
	struct err e;

	(void)unused;
	f = (struct fixture){ 0 };
	begin(&f);
	f.settings.access_token = ready_token;
	f.settings.instance_url = f.server.url;
	assert_int_equal(open_org(&f, &e), ERR_OK);
	end(&f);
	assert_int_equal(server_count(&f.server, TOKEN_POST), 0);
	server_forget(&f.server);
}

static void the_version_asked_for_is_taken_or_refused(void **unused)
{
	static struct fixture f;
	struct err e;

	(void)unused;
	f = (struct fixture){ 0 };
	begin(&f);
	f.settings.access_token = ready_token;
	f.settings.instance_url = f.server.url;
	f.settings.api_version = old;
	assert_int_equal(open_org(&f, &e), ERR_USAGE);
	assert_non_null(strstr(e.text, "64.0"));
	assert_non_null(strstr(e.text, "api_version"));
	f.settings.api_version = newer;
	assert_int_equal(open_org(&f, &e), ERR_UNREACHABLE); /* the script knows no query at v67.0 */
	server_stop(&f.server);
	assert_int_equal(server_count(&f.server, "GET /services/data/v67.0/query"),
	                 2); /* a read: repeated by libcurl */
	server_forget(&f.server);
}

static void each_refusal_says_what_to_do_and_shows_no_secret(void **unused)
{
	static const struct {
		int status;
		const char *body;
		enum err_code code;
		const char *says;
	} cases[] = {
		{ 400, "{\"error\":\"invalid_grant\",\"error_description\":\"expired access/refresh token\"}",
		  ERR_REFUSED, "the refresh token was revoked or has expired: sign in again" },
		{ 400, "{\"error\":\"invalid_grant\",\"error_description\":\"authentication failure\"}",
		  ERR_REFUSED, "sign in again" },
		{ 400,
		  "{\"error\":\"invalid_grant\",\"error_description\":\"ip restricted or invalid login "
		  "hours\"}",
		  ERR_REFUSED, "IP ranges" },
		{ 400,
		  "{\"error\":\"invalid_grant\",\"error_description\":\"user hasn't approved this consumer\"}",
		  ERR_REFUSED, "approve" },
		{ 400,
		  "{\"error\":\"invalid_grant\",\"error_description\":\"request not supported on this "
		  "domain\"}",
		  ERR_REFUSED, "My Domain" },
		{ 400, "{\"error\":\"inactive_user\",\"error_description\":\"user is inactive\"}", ERR_REFUSED,
		  "deactivated" },
		{ 400, "{\"error\":\"inactive_org\",\"error_description\":\"org is locked\"}", ERR_REFUSED,
		  "suspended" },
		{ 400, "{\"error\":\"invalid_client_id\",\"error_description\":\"client identifier invalid\"}",
		  ERR_REFUSED, "consumer key" },
		{ 401, "{\"error\":\"invalid_client\",\"error_description\":\"invalid client credentials\"}",
		  ERR_REFUSED, "client_secret is wrong" },
		{ 400,
		  "{\"error\":\"invalid_app_access\",\"error_description\":\"user is not admin approved\"}",
		  ERR_REFUSED, "administrator must assign" },
		{ 400,
		  "{\"error\":\"unsupported_grant_type\",\"error_description\":\"grant type not supported\"}",
		  ERR_REFUSED, "refresh tokens" },
		{ 400, "{\"error\":\"invalid_request\",\"error_description\":\"missing required parameter\"}",
		  ERR_REFUSED, "whole" },
		{ 400, "{\"error\":\"rate_limit_exceeded\",\"error_description\":\"login rate exceeded\"}",
		  ERR_UNREACHABLE, "some minutes" },
		{ 400,
		  "{\"error\":\"new_error\",\"error_description\":\"you sent 5Aep861-secret-refresh+/= here\"}",
		  ERR_REFUSED, "you sent ... here" },
		{ 503, "<html><head><title>Down for maintenance</title></head></html>", ERR_UNREACHABLE,
		  "Down for maint" },
		{ 200, "<html>a proxy's page</html>", ERR_UNREACHABLE, "is it a Salesforce address?" },
		{ 200, "{\"access_token\":\"t\",\"instance_url\":\"http://acme.my.salesforce.com\"}", ERR_USAGE,
		  "https" },
		{ 302, "", ERR_REFUSED, "refused the sign-in" },
		{ 404, "<html><title>Not here</title></html>", ERR_REFUSED, "Not here" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		static struct fixture f;
		struct err e;

		f = (struct fixture){ 0 };
		add(&f, (struct step){ .when = TOKEN_POST, .status = cases[i].status, .body = cases[i].body });
		begin(&f);
		f.settings.refresh_token = refresh_token;
		f.settings.client_secret = client_secret;
		assert_int_equal(open_org(&f, &e), cases[i].code);
		server_stop(&f.server);
		if (!strstr(e.text, cases[i].says))
			fail_msg("\"%s\" does not say \"%s\"", e.text, cases[i].says);
		assert_null(strstr(e.text, refresh_token));
		assert_null(strstr(e.text, client_secret));
		assert_int_equal(server_count(&f.server, TOKEN_POST), 1);
		server_forget(&f.server);
	}
}

static void the_kind_of_an_org_is_known_by_its_record_and_host(void **unused)
{
	static const struct {
		const char *host, *sandbox, *type, *trial;
		enum org_kind kind;
	} cases[] = {
		{ "acme.my.salesforce.com", "false", "Enterprise Edition", "", ORG_PRODUCTION },
		{ "acme.my.salesforce.com", "", "", "", ORG_PRODUCTION },
		{ "acme--uat.sandbox.my.salesforce.com", "true", "Enterprise Edition", "", ORG_SANDBOX },
		{ "x.scratch.my.salesforce.com", "true", "Developer Edition", "2026-12-01T00:00:00.000+0000",
		  ORG_SCRATCH },
		{ "x-dev-ed.develop.my.salesforce.com", "false", "Developer Edition", "", ORG_DEVELOPER },
		{ "try.my.salesforce.com", "false", "Enterprise Edition", "2026-12-01T00:00:00.000+0000",
		  ORG_TRIAL },
		{ "a.scratch.example.com", "false", "Enterprise Edition", "", ORG_PRODUCTION },
		{ "127.0.0.1", "false", "Developer Edition", "", ORG_PRACTICE },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(identity_kind(cases[i].host, slice_of(cases[i].sandbox),
		                               slice_of(cases[i].type), slice_of(cases[i].trial)),
		                 cases[i].kind);
}

static void ids_have_eighteen_characters(void **unused)
{
	static const char *const pairs[][2] = {
		{ "0013h00000FQ0Xk", "0013h00000FQ0XkAAL" }, /* suffixes as in recorded ids */
		{ "7503h00000CV7Gp", "7503h00000CV7GpAAL" },    { "0053h000002xQ5s", "0053h000002xQ5sAAE" },
		{ "0035500001H9kZu", "0035500001H9kZuAAJ" },    { "0125j000000RqVl", "0125j000000RqVlAAK" },
		{ "0035500001H9kZuAAJ", "0035500001H9kZuAAJ" },
	};
	char id[19];

	(void)unused;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		assert_true(url_id18(slice_of(pairs[i][0]), id));
		assert_string_equal(id, pairs[i][1]);
	}
	assert_false(url_id18(slice_of("0035500001H9kZ"), id));
	assert_false(url_id18(slice_of("0035500001H9k/u"), id));
	assert_false(url_id18(slice_of(""), id));
}

/* API calls */

static void calls_are_counted_as_the_org_counts_them(void **unused)
{
	static struct fixture f;

	(void)unused;
	f = (struct fixture){ 0 };
	add_token(&f);
	add(&f, (struct step){ .when = "GET " API "/refused", .status = 404 });
	add(&f, (struct step){ .when = "POST " API "/lost", .then = THEN_CLOSE });
	add(&f, (struct step){ .when = "POST " API "/limit",
	                       .status = 403,
	                       .body = "[{\"message\":\"TotalRequests Limit "
	                               "exceeded.\",\"errorCode\":\"REQUEST_LIMIT_EXCEEDED\"}]" });
	sign_in(&f);
	assert_int_equal(org_calls(f.org), 1);
	assert_int_equal(ask(&f, "GET", "/refused").trouble, TROUBLE_GONE);
	assert_int_equal(org_calls(f.org), 2);
	assert_int_equal(ask(&f, "POST", "/lost").verdict, VERDICT_UNKNOWN); /* it may have arrived */
	assert_int_equal(org_calls(f.org), 3);
	assert_int_equal(ask(&f, "POST", "/limit").trouble, TROUBLE_DAILY); /* turned away: no call */
	assert_int_equal(org_calls(f.org), 3);
	server_stop(&f.server);
	assert_int_equal(ask(&f, "POST", "/refused").verdict, VERDICT_TRY_AGAIN); /* no connection, no call */
	assert_int_equal(org_calls(f.org), 3);
	org_close(f.org);
	server_forget(&f.server);
}

/* Queries */

struct rows {
	char text[1024];
	int count, stop_at;
};

static bool take_row(void *ctx, const struct slice *values)
{
	struct rows *rows = ctx;
	size_t used = strlen(rows->text);

	snprintf(rows->text + used, sizeof rows->text - used, "%.*s|%.*s|%.*s|%.*s\n", SLICE_ARGS(values[0]),
	         SLICE_ARGS(values[1]), SLICE_ARGS(values[2]), SLICE_ARGS(values[3]));
	return ++rows->count != rows->stop_at;
}

static const char first_page[] =
	"{\"totalSize\":3,\"done\":false,\"nextRecordsUrl\":\"" API "/query/01gD-2000\",\"records\":["
	"{\"attributes\":{},\"Id\":\"001A\",\"Amount\":0.1,\"IsWon\":true,\"Account\":{\"attributes\":{},"
	"\"Owner\":{\"Name\":\"Ana\"}}},"
	"{\"Id\":\"001B\",\"Amount\":1234567890123456789,\"IsWon\":false,\"Account\":null}]}";
static const char last_page[] =
	"{\"totalSize\":3,\"done\":true,\"records\":["
	"{\"Id\":\"001\\u00e9\",\"Amount\":null,\"IsWon\":null,\"Account\":{\"Owner\":null}}]}";
static const char *const row_fields[] = { "id", "Amount", "IsWon", "Account.Owner.Name" };

static void a_query_gives_all_pages_in_the_order_of_the_fields(void **unused)
{
	static struct fixture f;
	struct rows rows = { 0 }, one = { .stop_at = 1 };
	struct err e;

	(void)unused;
	f = (struct fixture){ 0 };
	add_token(&f);
	add(&f,
	    (struct step){ .when = "GET " API "/query?q=SELECT%20id%20FROM%20X%20WHERE%20a%3D%27%26%2B%25%27 ",
	                   .status = 200,
	                   .body = first_page,
	                   .forever = true });
	add(&f, (struct step){ .when = "GET " API "/query/01gD-2000 ", .status = 200, .body = last_page });
	sign_in(&f);
	err_init(&e);
	assert_int_equal(org_query(f.org, "SELECT id FROM X WHERE a='&+%'", row_fields, 4, take_row, &rows, &e),
	                 ERR_OK);
	assert_string_equal(rows.text, "001A|0.1|true|Ana\n001B|1234567890123456789|false|\n001é|||\n");
	assert_int_equal(org_query(f.org, "SELECT id FROM X WHERE a='&+%'", row_fields, 4, take_row, &one, &e),
	                 ERR_OK);
	assert_int_equal(one.count, 1);
	end(&f);
	assert_int_equal(server_count(&f.server, "GET " API "/query/01gD-2000 "), 1);
	server_forget(&f.server);
}

static void a_query_that_fails_says_so(void **unused)
{
	static const struct {
		int status;
		const char *body;
		enum err_code code;
		const char *says;
	} cases[] = {
		{ 400,
		  "[{\"errorCode\":\"MALFORMED_QUERY\",\"message\":\"\\nselect x\\n   ^\\nERROR at Row:1\"}]",
		  ERR_REFUSED, "MALFORMED_QUERY: select x ^ ERROR at Row:1" },
		{ 403,
		  "[{\"errorCode\":\"REQUEST_LIMIT_EXCEEDED\",\"message\":\"TotalRequests Limit exceeded.\"}]",
		  ERR_UNREACHABLE, "no more API calls" },
		{ 500, "", ERR_UNREACHABLE, "HTTP 500" },
		{ 200, "{\"records\":[]}", ERR_UNREACHABLE, "something else" },
		{ 200, "{\"done\":false,\"records\":[],\"nextRecordsUrl\":\"@evil.example/services/data/v1\"}",
		  ERR_UNREACHABLE, "something else" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		static struct fixture f;
		struct rows rows = { 0 };
		struct err e;

		f = (struct fixture){ 0 };
		add_token(&f);
		add(&f, (struct step){ .when = "GET " API "/query?q=x ",
		                       .status = cases[i].status,
		                       .body = cases[i].body });
		sign_in(&f);
		err_init(&e);
		assert_int_equal(org_query(f.org, "x", row_fields, 4, take_row, &rows, &e), cases[i].code);
		if (!strstr(e.text, cases[i].says))
			fail_msg("\"%s\" does not say \"%s\"", e.text, cases[i].says);
		end(&f);
		server_forget(&f.server);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_is_told_who_and_where_one_is),
		cmocka_unit_test(a_ready_session_needs_no_sign_in),
		cmocka_unit_test(the_version_asked_for_is_taken_or_refused),
		cmocka_unit_test(each_refusal_says_what_to_do_and_shows_no_secret),
		cmocka_unit_test(the_kind_of_an_org_is_known_by_its_record_and_host),
		cmocka_unit_test(ids_have_eighteen_characters),
		cmocka_unit_test(calls_are_counted_as_the_org_counts_them),
		cmocka_unit_test(a_query_gives_all_pages_in_the_order_of_the_fields),
		cmocka_unit_test(a_query_that_fails_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
