/* The practice org's authorization code flow, as a browser and an app go through it. */
#include "oauth_client.h"

#include <openssl/evp.h>

#include "practice/base64.h"

#define BACK "http%3A%2F%2Flocalhost%3A1717%2FOauthRedirect"
#define QUERY "response_type=code&client_id=practice&redirect_uri=" BACK
#define VERIFIER "a-verifier-that-is-longer-than-forty-three-characters-1234"

/* The Location of a redirect, "" if there is none. */
static const char *location(const struct reply *r)
{
	static char text[4096];
	const char *at = head_value(r, "\r\nLocation: ");

	snprintf(text, sizeof text, "%.*s", at ? (int)strcspn(at, "\r") : 0, at ? at : "");
	return text;
}

static struct reply open_page(const char *query)
{
	char path[4096];

	snprintf(path, sizeof path, "/services/oauth2/authorize?%s", query);
	return send_with("GET", path, "", "");
}

/* Presses a button of the page that the query opens, sending its hidden fields as a browser does. */
static struct reply press(const char *query, const char *decision)
{
	static const char mark[] = "<input type=\"hidden\" name=\"";
	char form[8192] = "";
	struct reply r = open_page(query);

	assert_int_equal(r.status, 200);
	for (const char *at = strstr(r.body, mark); at; at = strstr(at, mark)) {
		size_t n = strlen(form);
		const char *value;

		at += strlen(mark);
		value = strstr(at, "value=\"") + 7;
		n += (size_t)sprintf(form + n, "%.*s=", (int)strcspn(at, "\""), at);
		for (; *value != '"'; value++) {
			n += (size_t)sprintf(form + n, "%%%02X", (unsigned char)*value);
			if (strncmp(value, "&amp;", 5) == 0)
				value += 4;
		}
		strcat(form, "&");
	}
	sprintf(form + strlen(form), "decision=%s", decision);
	return post_form("/services/oauth2/authorize", form);
}

/* A code, still percent-encoded. */
static const char *take_code(const char *query)
{
	static char code[512];
	struct reply r = press(query, "allow");
	const char *at = strstr(location(&r), "code=");

	if (r.status != 302 || !at)
		fail_msg("%d %s", r.status, r.head);
	snprintf(code, sizeof code, "%.*s", (int)strcspn(at + 5, "&"), at + 5);
	return code;
}

static struct reply exchange(const char *code, const char *more)
{
	char form[4096];

	snprintf(form, sizeof form, "grant_type=authorization_code&client_id=practice&code=%s%s", code, more);
	return sign_in(form);
}

static const char *challenge_query(void)
{
	static char query[512];
	unsigned char digest[32];
	char challenge[64];

	EVP_Digest(VERIFIER, strlen(VERIFIER), digest, NULL, EVP_sha256(), NULL);
	base64_encode_url(digest, sizeof digest, challenge);
	snprintf(query, sizeof query, "%s&code_challenge=%s&code_challenge_method=S256", QUERY, challenge);
	return query;
}

static void allowing_gives_a_code_that_gives_a_session(void **unused)
{
	char token[TOKEN_ROOM], refresh[TOKEN_ROOM], form[1024], code[512];
	struct reply r = press(QUERY "&state=a%26b%20c&scope=api%20refresh_token", "allow");

	(void)unused;
	assert_int_equal(r.status, 302);
	assert_memory_equal(location(&r), "http://localhost:1717/OauthRedirect?code=aPrx", 45);
	assert_non_null(strstr(location(&r), "%3D%3D&state=a%26b%20c"));
	snprintf(code, sizeof code, "%.*s", (int)strcspn(strstr(location(&r), "aPrx"), "&"),
	         strstr(location(&r), "aPrx"));
	r = exchange(code, "&redirect_uri=" BACK);
	assert_int_equal(r.status, 200);
	assert_string_equal(json_value(r.body, "scope"), "api refresh_token");
	take_value(r.body, "access_token", token, sizeof token);
	take_value(r.body, "refresh_token", refresh, sizeof refresh);
	assert_true(works(token));
	snprintf(form, sizeof form, "grant_type=refresh_token&client_id=practice&refresh_token=%s", refresh);
	assert_int_equal(sign_in(form).status, 200);
	snprintf(form, sizeof form, "token=%s", refresh);
	assert_int_equal(post_form("/services/oauth2/revoke", form).status, 200);
	assert_false(works(token));
}

static void denying_sends_the_browser_back_with_an_error(void **unused)
{
	struct reply r = press(QUERY "&state=s1", "deny");

	(void)unused;
	assert_int_equal(r.status, 302);
	assert_string_equal(location(&r),
	                    "http://localhost:1717/OauthRedirect?error=access_denied&error_description="
	                    "end-user+denied+authorization&state=s1");
}

static void a_refresh_token_comes_only_if_it_was_asked_for(void **unused)
{
	struct reply r = exchange(take_code(QUERY "&scope=api"), "&redirect_uri=" BACK);

	(void)unused;
	assert_int_equal(r.status, 200);
	assert_string_equal(json_value(r.body, "refresh_token"), "");
	r = exchange(take_code(QUERY "&scope=api%20offline_access"), "&redirect_uri=" BACK);
	assert_string_not_equal(json_value(r.body, "refresh_token"), "");
}

static void a_code_works_once(void **unused)
{
	char code[512];

	(void)unused;
	snprintf(code, sizeof code, "%s", take_code(QUERY));
	assert_int_equal(exchange(code, "&redirect_uri=" BACK).status, 200);
	expect_refused(exchange(code, "&redirect_uri=" BACK), "invalid_grant", "invalid authorization code");
	expect_refused(exchange("nonsense", "&redirect_uri=" BACK), "invalid_grant",
	               "invalid authorization code");
}

static void a_code_is_good_for_fifteen_minutes(void **unused)
{
	char code[512];

	(void)unused;
	snprintf(code, sizeof code, "%s", take_code(QUERY));
	ask("POST", "/practice/clock", "{\"advance_ms\":899000}");
	assert_int_equal(exchange(code, "&redirect_uri=" BACK).status, 200);
	snprintf(code, sizeof code, "%s", take_code(QUERY));
	ask("POST", "/practice/clock", "{\"advance_ms\":900000}");
	expect_refused(exchange(code, "&redirect_uri=" BACK), "invalid_grant", "expired authorization code");
}

static void the_redirect_uri_of_a_code_must_be_told_again(void **unused)
{
	(void)unused;
	expect_refused(exchange(take_code(QUERY), ""), "redirect_uri_missing",
	               "redirect_uri must match configuration");
	expect_refused(exchange(take_code(QUERY), "&redirect_uri=http://localhost:1718/OauthRedirect"),
	               "redirect_uri_mismatch", "redirect_uri must match configuration");
}

static void the_verifier_must_fit_the_challenge(void **unused)
{
	(void)unused;
	assert_int_equal(
		exchange(take_code(challenge_query()), "&redirect_uri=" BACK "&code_verifier=" VERIFIER).status,
		200);
	expect_refused(exchange(take_code(challenge_query()), "&redirect_uri=" BACK), "invalid_grant",
	               "missing code verifier");
	expect_refused(
		exchange(take_code(challenge_query()), "&redirect_uri=" BACK "&code_verifier=" VERIFIER "5"),
		"invalid_request", "invalid code verifier");
	expect_refused(exchange(take_code(QUERY), "&redirect_uri=" BACK "&code_verifier=" VERIFIER),
	               "invalid_request", "invalid code verifier");
}

#define OF_APP "response_type=code&client_id=practice&redirect_uri="

static void the_browser_is_sent_only_where_the_app_may_be(void **unused)
{
	static const char *const good[] = { "http://localhost", "http://localhost:1/x",
		                            "http://127.0.0.1:65535/", "http://127.0.0.1/a?b=c" };
	static const char *const bad[] = { "https://example.com/x",        "http://localhost.example.com/",
		                           "http://localhost@example.com", "http://127.0.0.1:x/",
		                           "http://127.0.0.10/",           "javascript:alert(1)",
		                           "http://localhost/%0d%0aX:y",   "http://localhost/%23x" };
	char query[512];

	(void)unused;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		snprintf(query, sizeof query, OF_APP "%s", good[i]);
		assert_int_equal(open_page(query).status, 200);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct reply r;

		snprintf(query, sizeof query, OF_APP "%s", bad[i]);
		r = open_page(query);
		if (r.status != 400 ||
		    !strstr(r.body, "redirect_uri_mismatch : redirect_uri must match configuration"))
			fail_msg("%s: %d", bad[i], r.status);
		assert_string_equal(location(&r), "");
	}
	assert_non_null(
		strstr(open_page("response_type=code&client_id=practice").body, "redirect_uri_missing"));
	assert_non_null(strstr(open_page("response_type=code&client_id=x&redirect_uri=" BACK).body,
	                       "invalid_client_id : client identifier invalid"));
}

static void a_scenario_can_name_the_redirect_uris(void **unused)
{
	(void)unused;
	use_scenario("{\"sign_in\":{\"redirect_uris\":[\"https://app.example/back?x=1\"]}}");
	assert_int_equal(open_page(QUERY).status, 400);
	assert_int_equal(open_page(OF_APP "https://app.example/back").status, 400);
	assert_int_equal(open_page(OF_APP "https://app.example/back%3Fx%3D1").status, 200);
	assert_non_null(take_code(OF_APP "https://app.example/back%3Fx%3D1"));
}

static void a_scenario_can_name_the_scopes(void **unused)
{
	struct reply r;

	(void)unused;
	use_scenario("{\"sign_in\":{\"scopes\":[\"api\"]}}");
	assert_int_equal(open_page(QUERY "&scope=api").status, 200);
	r = open_page(QUERY "&scope=api%20refresh_token");
	assert_int_equal(r.status, 302);
	assert_non_null(strstr(location(&r), "?error=invalid_scope&"));
}

static void a_wrong_request_is_told_to_the_app(void **unused)
{
	static const struct {
		const char *query, *error;
	} cases[] = {
		{ "response_type=token&client_id=practice&redirect_uri=" BACK, "unsupported_response_type" },
		{ QUERY "&scope=api%20everything", "invalid_scope" },
		{ QUERY "&code_challenge=short", "invalid_request" },
		{ QUERY "&code_challenge=x&code_challenge_method=plain", "invalid_request" },
		{ QUERY "&immediate=true", "immediate_unsuccessful" },
	};
	char begin[256];

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct reply r = open_page(cases[i].query);

		snprintf(begin, sizeof begin, "http://localhost:1717/OauthRedirect?error=%s&", cases[i].error);
		assert_int_equal(r.status, 302);
		assert_memory_equal(location(&r), begin, strlen(begin));
	}
}

static void what_was_sent_cannot_leave_its_place_in_the_page(void **unused)
{
	struct reply r = open_page(QUERY "&state=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E");

	(void)unused;
	assert_int_equal(r.status, 200);
	assert_null(strstr(r.body, "<script"));
	assert_non_null(strstr(r.body, "value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\""));
	assert_memory_equal(head_value(&r, "\r\nContent-Type: "), "text/html", 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(allowing_gives_a_code_that_gives_a_session, empty_org),
		cmocka_unit_test_setup(denying_sends_the_browser_back_with_an_error, empty_org),
		cmocka_unit_test_setup(a_refresh_token_comes_only_if_it_was_asked_for, empty_org),
		cmocka_unit_test_setup(a_code_works_once, empty_org),
		cmocka_unit_test_setup(a_code_is_good_for_fifteen_minutes, empty_org),
		cmocka_unit_test_setup(the_redirect_uri_of_a_code_must_be_told_again, empty_org),
		cmocka_unit_test_setup(the_verifier_must_fit_the_challenge, empty_org),
		cmocka_unit_test_setup(the_browser_is_sent_only_where_the_app_may_be, empty_org),
		cmocka_unit_test_setup(a_scenario_can_name_the_redirect_uris, empty_org),
		cmocka_unit_test_setup(a_scenario_can_name_the_scopes, empty_org),
		cmocka_unit_test_setup(a_wrong_request_is_told_to_the_app, empty_org),
		cmocka_unit_test_setup(what_was_sent_cannot_leave_its_place_in_the_page, empty_org),
	};

	return cmocka_run_group_tests(tests, open_org, close_org);
}
