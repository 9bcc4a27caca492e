/* Signing in, the session that ends in the middle, queries and jobs, against an org played by a scripted server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/org/bulk.h"
#include "core/org/call.h"
#include "core/org/org.h"
#include "core/org/url.h"
#include "scripted_server.h"

#define API "/services/data/v66.0"
#define JOB "7503h00000CV7GpAAL"
#define TOKEN_POST "POST /services/oauth2/token"
#define EXPIRED "[{\"message\":\"Session expired or invalid\",\"errorCode\":\"INVALID_SESSION_ID\"}]"
#define VERSIONS                                                                                        \
	"[{\"version\":\"20.0\"},{\"version\":\"65.0\"},{\"version\":\"66.0\"},{\"version\":\"67.0\"}," \
	"{\"version\":\"100\"}]"
#define ORGANIZATION                                                                                           \
	"{\"totalSize\":1,\"done\":true,\"records\":[{\"attributes\":{\"type\":\"Organization\"},"             \
	"\"Name\":\"Acme Gr\\u00f6\\u00dfe\",\"IsSandbox\":false,\"OrganizationType\":\"Enterprise Edition\"," \
	"\"TrialExpirationDate\":null}]}"

enum { STEPS = 24 };

/* An org and its client. `steps`: first what the test adds, then how every org answers. */
struct fixture {
	struct server server;
	struct step steps[STEPS];
	size_t count;
	char token_body[4][256];
	int tokens;
	char userinfo[256];
	struct settings settings;
	struct org *org;
};

static void add(struct fixture *f, struct step step)
{
	assert_true(f->count < STEPS);
	f->steps[f->count++] = step;
}

static char app[] = "the-app", old[] = "64.0", newer[] = "67.0";
static char refresh_token[] = "5Aep861-secret-refresh+/=", client_secret[] = "1234-secret-of-the-app";
static char ready_token[] = "00D000000000000!ready-made-session";

/* The answer to a token request: tokens are 00D-secret-1, -2 and so on. The server's port is not known yet, so the
 * bodies are written by begin(). */
static void add_token(struct fixture *f)
{
	add(f, (struct step){ .when = TOKEN_POST, .status = 200, .body = f->token_body[f->tokens++] });
}

static void begin(struct fixture *f)
{
	add(f,
	    (struct step){ .when = "GET /services/data/ ", .status = 200, .body = VERSIONS, .forever = true });
	add(f, (struct step){ .when = "GET /services/oauth2/userinfo ",
	                      .status = 200,
	                      .body = f->userinfo,
	                      .forever = true });
	add(f, (struct step){ .when = "GET " API "/query?q=SELECT%20Name%2C%20IsSandbox",
	                      .status = 200,
	                      .body = ORGANIZATION,
	                      .headers = "Sforce-Limit-Info: api-usage=100/15000\r\n",
	                      .forever = true });
	snprintf(f->userinfo, sizeof f->userinfo,
	         "{\"user_id\":\"005x00000012Q9P\",\"organization_id\":\"00Dx0000000BV7z\","
	         "\"preferred_username\":\"ana@acme.example\"}");
	server_start(&f->server, f->steps, f->count);
	for (int i = 0; i < f->tokens; i++)
		snprintf(f->token_body[i], sizeof f->token_body[i],
		         "{\"access_token\":\"00D000000000000!secret-token-%d\",\"instance_url\":\"%s/"
		         "\",\"token_type\":\"Bearer\"}",
		         i + 1, f->server.url);
	f->settings.login_url = f->server.url;
	f->settings.client_id = app;
}

static enum err_code open_org(struct fixture *f, struct err *e)
{
	err_init(e);
	f->org = NULL;
	return org_open(&f->org, &f->settings, e);
}

/* Signed in with a refresh token; the first token is used up. */
static void sign_in(struct fixture *f)
{
	struct err e;

	begin(f);
	f->settings.refresh_token = refresh_token;
	f->settings.client_secret = client_secret;
	if (open_org(f, &e))
		fail_msg("%s", e.text);
}

static void end(struct fixture *f)
{
	org_close(f->org);
	server_stop(&f->server);
}

struct heard {
	struct answer answer;
	char body[128];
	int times;
	struct bulk_job job;
	bool has_job;
};

static void hear(void *ctx, const struct answer *answer, struct slice body)
{
	struct heard *h = ctx;

	h->answer = *answer;
	h->times++;
	snprintf(h->body, sizeof h->body, "%.*s", SLICE_ARGS(body));
}

static void hear_job(void *ctx, const struct answer *answer, const struct bulk_job *job)
{
	struct heard *h = ctx;

	h->answer = *answer;
	h->times++;
	h->has_job = job != NULL;
	if (job)
		h->job = *job;
}

static void until(struct fixture *f, const struct heard *h)
{
	while (!h->times)
		http_turn(org_http(f->org), 1000);
	assert_int_equal(h->times, 1);
}

static struct answer ask(struct fixture *f, const char *method, const char *path)
{
	struct http_request request = { .method = method };
	struct answer answer;
	struct err e;

	err_init(&e);
	if (strcmp(method, "GET") != 0)
		request.text = slice_of("{\"a\":1}");
	assert_int_equal(org_wait(f->org, path, &request, &answer, NULL, &e), ERR_OK);
	return answer;
}

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

/* The session ends */

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

static long letters(void *ctx, char *to, size_t room)
{
	int64_t *left = ctx;
	size_t n = (int64_t)room < *left ? room : (size_t)*left;

	memset(to, 'x', n);
	*left -= (int64_t)n;
	return (long)n;
}

static struct heard upload(struct fixture *f, int64_t size)
{
	struct heard heard = { 0 };
	struct http_call *call;
	int64_t left = size;
	struct err e;

	err_init(&e);
	assert_int_equal(bulk_upload(f->org, JOB, letters, &left, size, hear_job, &heard, &call, &e), ERR_OK);
	until(f, &heard);
	return heard;
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
	assert_int_equal(refused.answer.trouble, TROUBLE_SESSION);
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
	assert_int_equal(ask(&f, "POST", "/limit").trouble, TROUBLE_LIMIT);
	assert_int_equal(org_calls(f.org), 4);
	org_close(f.org);
	server_stop(&f.server);
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

/* Jobs */

static const char created[] =
	"{\"id\":\"" JOB
	"\",\"operation\":\"upsert\",\"object\":\"Account\",\"state\":\"Open\",\"apiVersion\":66.0}";
static const char failed_job[] =
	"{\"id\":\"7503h00000CV7Gp\",\"state\":\"Failed\",\"numberRecordsProcessed\":10000,"
	"\"numberRecordsFailed\":3,\"errorMessage\":\"InvalidBatch : Field name not found : Foo__c\"}";

static void a_job_is_made_closed_and_asked_about(void **unused)
{
	static struct fixture f;
	struct bulk_spec spec = { "Account", "upsert", "Ext__c" };
	struct heard made = { 0 }, closed = { 0 }, aborted = { 0 }, asked = { 0 };
	struct err e;

	(void)unused;
	f = (struct fixture){ 0 };
	add_token(&f);
	add(&f, (struct step){ .when = "POST " API "/jobs/ingest ", .status = 200, .body = created });
	add(&f, (struct step){ .when = "PATCH", .status = 200, .body = created });
	add(&f, (struct step){ .when = "PATCH",
	                       .status = 400,
	                       .body = "[{\"errorCode\":\"INVALIDJOBSTATE\",\"message\":\"Aborting already "
	                               "Completed Job not allowed\"}]" });
	add(&f, (struct step){ .when = "GET " API "/jobs/ingest/" JOB " ", .status = 200, .body = failed_job });
	sign_in(&f);
	err_init(&e);
	assert_int_equal(bulk_create(f.org, &spec, hear_job, &made, &e), ERR_OK);
	until(&f, &made);
	assert_int_equal(made.answer.verdict, VERDICT_DONE);
	assert_string_equal(made.job.id, JOB);
	assert_int_equal(made.job.state, BULK_OPEN);
	assert_int_equal(bulk_close(f.org, JOB, hear_job, &closed, &e), ERR_OK);
	until(&f, &closed);
	assert_int_equal(closed.answer.verdict, VERDICT_DONE);
	assert_int_equal(bulk_abort(f.org, JOB, hear_job, &aborted, &e), ERR_OK);
	until(&f, &aborted);
	assert_int_equal(aborted.answer.verdict, VERDICT_REJECTED);
	assert_string_equal(aborted.answer.code, "INVALIDJOBSTATE");
	assert_false(aborted.has_job);
	assert_int_equal(bulk_ask(f.org, JOB, hear_job, &asked, &e), ERR_OK);
	until(&f, &asked);
	end(&f);
	assert_string_equal(asked.job.id, JOB);
	assert_int_equal(asked.job.state, BULK_FAILED);
	assert_int_equal(asked.job.processed, 10000);
	assert_int_equal(asked.job.failed, 3);
	assert_string_equal(asked.job.message, "InvalidBatch : Field name not found : Foo__c");
	assert_string_equal(
		server_last(&f.server, "POST " API "/jobs/ingest")->body,
		"{\"object\":\"Account\",\"operation\":\"upsert\",\"externalIdFieldName\":\"Ext__c\","
		"\"contentType\":\"CSV\",\"columnDelimiter\":\"COMMA\",\"lineEnding\":\"LF\"}");
	assert_string_equal(server_last(&f.server, "PATCH " API "/jobs/ingest/" JOB " ")->body,
	                    "{\"state\":\"Aborted\"}");
	server_forget(&f.server);
}

static void an_answer_that_is_no_job_is_no_answer(void **unused)
{
	static const char *const bodies[] = { "",
		                              "{}",
		                              "[]",
		                              "<html>login</html>",
		                              "{\"id\":\"" JOB "\"}",
		                              "{\"id\":\"x\",\"state\":\"Open\"}" };
	struct bulk_spec spec = { "Account", "insert", NULL };

	(void)unused;
	for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
		static struct fixture f;
		struct heard made = { 0 }, asked = { 0 };
		struct err e;

		f = (struct fixture){ 0 };
		add_token(&f);
		add(&f, (struct step){ .when = "POST " API "/jobs/ingest ", .status = 200, .body = bodies[i] });
		add(&f, (struct step){
				.when = "GET " API "/jobs/ingest/" JOB " ", .status = 200, .body = bodies[i] });
		sign_in(&f);
		err_init(&e);
		assert_int_equal(bulk_create(f.org, &spec, hear_job, &made, &e), ERR_OK);
		until(&f, &made);
		assert_int_equal(bulk_ask(f.org, JOB, hear_job, &asked, &e), ERR_OK);
		until(&f, &asked);
		end(&f);
		server_forget(&f.server);
		assert_int_equal(made.answer.verdict, VERDICT_UNKNOWN);
		assert_false(made.has_job);
		assert_int_equal(asked.answer.verdict, VERDICT_TRY_AGAIN);
	}
}

static void only_201_means_that_an_upload_was_taken(void **unused)
{
	static struct fixture f;

	(void)unused;
	f = (struct fixture){ 0 };
	add_token(&f);
	add(&f, (struct step){ .when = "PUT", .status = 200 });
	add(&f, (struct step){ .when = "PUT", .status = 202 });
	add(&f, (struct step){ .when = "PUT", .status = 413 });
	add(&f, (struct step){ .when = "PUT", .then = THEN_CLOSE });
	add(&f, (struct step){ .when = "PUT", .status = 201 });
	sign_in(&f);
	assert_int_equal(upload(&f, 100).answer.verdict, VERDICT_UNKNOWN);
	assert_int_equal(upload(&f, 100).answer.verdict, VERDICT_UNKNOWN);
	assert_int_equal(upload(&f, 100).answer.verdict, VERDICT_REJECTED);
	assert_int_equal(upload(&f, 100).answer.verdict, VERDICT_UNKNOWN);
	assert_int_equal(upload(&f, 100).answer.verdict, VERDICT_DONE);
	end(&f);
	assert_int_equal(server_count(&f.server, "PUT"), 5);
	server_forget(&f.server);
}

static void a_job_id_is_looked_at_before_it_goes_into_an_address(void **unused)
{
	static struct fixture f;
	struct heard heard = { 0 };
	struct err e;

	(void)unused;
	f = (struct fixture){ 0 };
	add_token(&f);
	sign_in(&f);
	err_init(&e);
	assert_int_equal(bulk_abort(f.org, "../../x?", hear_job, &heard, &e), ERR_INTERNAL);
	end(&f);
	assert_int_equal(server_count(&f.server, "PATCH"), 0);
	server_forget(&f.server);
}

static bool take_result(void *ctx, bool header, const struct slice *cells, size_t count)
{
	struct rows *rows = ctx;
	size_t used = strlen(rows->text);

	snprintf(rows->text + used, sizeof rows->text - used, "%s%.*s/%zu\n", header ? "#" : "",
	         SLICE_ARGS(cells[0]), count);
	return ++rows->count != rows->stop_at;
}

#define RESULTS "GET " API "/jobs/ingest/" JOB "/successfulResults/"
#define HEADER "\"sf__Id\",\"sf__Created\",Name\n"

static struct answer results(struct step first, struct step second, struct rows *rows)
{
	static struct fixture f;
	struct heard heard = { 0 };
	struct err e;

	f = (struct fixture){ 0 };
	add_token(&f);
	add(&f, first);
	add(&f, second);
	sign_in(&f);
	err_init(&e);
	*rows = (struct rows){ 0 };
	assert_int_equal(bulk_results(f.org, JOB, BULK_SUCCESSFUL, take_result, rows, hear_job, &heard, &e),
	                 ERR_OK);
	until(&f, &heard);
	end(&f);
	assert_false(heard.has_job);
	assert_non_null(strstr(server_last(&f.server, RESULTS)->head, "\r\nAccept: text/csv\r\n"));
	server_forget(&f.server);
	return heard.answer;
}

static void results_come_page_by_page(void **unused)
{
	struct step one = { .when = RESULTS " ",
		            .status = 200,
		            .headers = "Sforce-Locator: MTAw/+\r\n",
		            .body = HEADER "\"001A\",\"true\",\"a\"\"b\nc\"\n" };
	struct step two = { .when = RESULTS "?locator=MTAw%2F%2B ",
		            .status = 200,
		            .headers = "Sforce-Locator: null\r\n",
		            .body = HEADER "\"001B\",\"true\",\"x\"\n" };
	struct step none = { .when = RESULTS, .status = 204 };
	struct rows rows;

	(void)unused;
	assert_int_equal(results(one, two, &rows).verdict, VERDICT_DONE);
	assert_string_equal(rows.text, "#sf__Id/3\n001A/3\n001B/3\n");
	assert_int_equal(results(none, none, &rows).verdict, VERDICT_DONE);
	assert_int_equal(rows.count, 0);
}

static enum verdict empty_answer_to(enum bulk_result which, const char *name)
{
	static struct fixture f;
	struct heard heard = { 0 };
	struct rows rows = { 0 };
	struct err e;

	f = (struct fixture){ 0 };
	add_token(&f);
	add(&f, (struct step){ .when = name, .status = 200, .body = "" });
	sign_in(&f);
	err_init(&e);
	assert_int_equal(bulk_results(f.org, JOB, which, take_result, &rows, hear_job, &heard, &e), ERR_OK);
	until(&f, &heard);
	end(&f);
	server_forget(&f.server);
	assert_int_equal(rows.count, 0);
	return heard.answer.verdict;
}

/* A job aborted before it began answers its unprocessed records without even a header. */
static void only_unprocessed_records_may_come_without_a_header(void **unused)
{
	const char *jobs = "GET " API "/jobs/ingest/" JOB;

	(void)unused;
	assert_int_equal(empty_answer_to(BULK_UNPROCESSED, jobs), VERDICT_DONE);
	assert_int_equal(empty_answer_to(BULK_SUCCESSFUL, jobs), VERDICT_TRY_AGAIN);
	assert_int_equal(empty_answer_to(BULK_FAILED_RESULTS, jobs), VERDICT_TRY_AGAIN);
}

static void results_that_are_not_whole_are_not_done(void **unused)
{
	static const char *const bodies[] = {
		"",
		"<html>\n",
		HEADER "\"001A\",\"true\",\"a",
		HEADER "\"001A\",\"true\"\n",
		HEADER "\"001A\",\"true\",\"a\"b\n",
	};
	struct step unused_step = { .when = "-" };
	struct rows rows;

	(void)unused;
	for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
		struct answer answer = results(
			(struct step){ .when = RESULTS, .status = 200, .body = bodies[i] }, unused_step, &rows);

		if (i == 1) /* one line of one column: a header, as far as anybody can tell */
			continue;
		assert_int_equal(answer.verdict, VERDICT_TRY_AGAIN);
		assert_int_equal(answer.trouble, TROUBLE_SERVER);
	}
	assert_int_equal(results((struct step){ .when = RESULTS,
	                                        .raw = "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" HEADER
	                                               "\"001A\",\"true\",\"a\"\n",
	                                        .then = THEN_CLOSE },
	                         unused_step, &rows)
	                         .verdict,
	                 VERDICT_TRY_AGAIN);
	assert_int_equal(results((struct step){ .when = RESULTS,
	                                        .status = 200,
	                                        .headers = "Sforce-Locator: A\r\n",
	                                        .body = HEADER },
	                         (struct step){ .when = RESULTS, .status = 200, .body = "\"sf__Id\",Name\n" },
	                         &rows)
	                         .verdict,
	                 VERDICT_TRY_AGAIN);
	assert_int_equal(results((struct step){ .when = RESULTS, .status = 404 }, unused_step, &rows).trouble,
	                 TROUBLE_GONE);
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
		cmocka_unit_test(a_session_that_ended_is_renewed_once_and_the_request_sent_again),
		cmocka_unit_test(many_requests_share_one_renewal),
		cmocka_unit_test(a_renewed_session_that_is_refused_ends_it),
		cmocka_unit_test(some_refusals_never_start_a_renewal),
		cmocka_unit_test(without_a_refresh_token_one_is_told_what_to_give),
		cmocka_unit_test(a_renewal_that_cannot_reach_the_org_is_no_refusal),
		cmocka_unit_test(a_renewal_that_is_refused_says_why_to_all_who_wait),
		cmocka_unit_test(a_new_refresh_token_is_used_from_then_on),
		cmocka_unit_test(an_upload_is_never_sent_again_by_itself),
		cmocka_unit_test(closing_an_org_leaves_nothing_behind),
		cmocka_unit_test(calls_are_counted_as_the_org_counts_them),
		cmocka_unit_test(a_query_gives_all_pages_in_the_order_of_the_fields),
		cmocka_unit_test(a_query_that_fails_says_so),
		cmocka_unit_test(a_job_is_made_closed_and_asked_about),
		cmocka_unit_test(an_answer_that_is_no_job_is_no_answer),
		cmocka_unit_test(only_201_means_that_an_upload_was_taken),
		cmocka_unit_test(a_job_id_is_looked_at_before_it_goes_into_an_address),
		cmocka_unit_test(results_come_page_by_page),
		cmocka_unit_test(only_unprocessed_records_may_come_without_a_header),
		cmocka_unit_test(results_that_are_not_whole_are_not_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
