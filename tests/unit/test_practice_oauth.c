/* The practice org's token endpoint and what ends a token: the answers a client must bear, in Salesforce's words. */
#include "oauth_client.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

static void a_refresh_token_stays_without_rotation(void **unused)
{
	char token[TOKEN_ROOM];
	struct reply r = sign_in(REFRESH_FORM);

	(void)unused;
	assert_null(strstr(r.body, "refresh_token\":"));
	take_value(r.body, "access_token", token, sizeof token);
	assert_true(works(token));
	assert_int_equal(sign_in(REFRESH_FORM).status, 200);
}

static void with_rotation_the_old_refresh_token_dies_and_its_sessions_live(void **unused)
{
	char token[TOKEN_ROOM], refresh[TOKEN_ROOM], form[1024];
	struct reply r;

	(void)unused;
	use_scenario("{\"sign_in\":{\"rotate_refresh_token\":true}}");
	r = sign_in(REFRESH_FORM);
	take_value(r.body, "access_token", token, sizeof token);
	take_value(r.body, "refresh_token", refresh, sizeof refresh);
	assert_true(strlen(refresh) > 40);
	expect_refused(sign_in(REFRESH_FORM), "invalid_grant", "expired access/refresh token");
	assert_true(works(token));
	snprintf(form, sizeof form, "grant_type=refresh_token&client_id=practice&refresh_token=%s", refresh);
	r = sign_in(form);
	assert_int_equal(r.status, 200);
	assert_string_not_equal(json_value(r.body, "refresh_token"), refresh);
	expect_refused(sign_in(form), "invalid_grant", "expired access/refresh token");
}

static void a_refused_refresh_costs_no_token(void **unused)
{
	(void)unused;
	use_scenario("{\"sign_in\":{\"rotate_refresh_token\":true,\"refuse\":\"inactive_org\"}}");
	expect_refused(sign_in(REFRESH_FORM), "inactive_org", "org is locked, closed, or suspended");
	use_scenario("{\"sign_in\":{\"rotate_refresh_token\":true}}");
	assert_int_equal(sign_in(REFRESH_FORM).status, 200);
}

static void the_secret_is_needed_where_the_app_wants_it(void **unused)
{
	(void)unused;
	use_scenario("{\"sign_in\":{\"secret_required\":true}}");
	expect_refused(sign_in(REFRESH_FORM), "invalid_client", "invalid client credentials");
	assert_int_equal(sign_in(REFRESH_FORM "&client_secret=" PRACTICE_CLIENT_SECRET).status, 200);
}

static void client_credentials_come_as_fields_or_as_basic(void **unused)
{
	char token[TOKEN_ROOM];
	struct reply r;

	(void)unused;
	take_token(CLIENT_FORM, token);
	assert_true(works(token));
	r = post_form_with(
		"/services/oauth2/token",
		"Authorization: Basic cHJhY3RpY2U6cHJhY3RpY2Utc2VjcmV0\r\n", /* practice:practice-secret */
		"grant_type=client_credentials");
	assert_int_equal(r.status, 200);
	assert_string_equal(json_value(r.body, "refresh_token"), "");
	r = post_form_with("/services/oauth2/token", "Authorization: Basic cHJhY3RpY2U6cHJhY3RpY2U=\r\n",
	                   "grant_type=client_credentials");
	expect_refused(r, "invalid_client", "invalid client credentials");
	expect_refused(sign_in("grant_type=client_credentials&client_id=practice"), "invalid_client",
	               "invalid client credentials");
	expect_refused(sign_in("grant_type=client_credentials&client_id=other&client_secret=x"),
	               "invalid_client_id", "client identifier invalid");
}

static void client_credentials_may_need_the_my_domain_host(void **unused)
{
	struct reply r;

	(void)unused;
	use_scenario("{\"sign_in\":{\"my_domain_only\":true}}");
	r = post_form_with("/services/oauth2/token", "Host: localhost:8080\r\n", CLIENT_FORM);
	expect_refused(r, "invalid_grant", "request not supported on this domain");
	r = post_form_with("/services/oauth2/token", "Host: 127.0.0.1:8080\r\n", CLIENT_FORM);
	assert_int_equal(r.status, 200);
	r = post_form_with("/services/oauth2/token", "Host: localhost:8080\r\n", REFRESH_FORM);
	assert_int_equal(r.status, 200);
	use_scenario("{}");
	r = post_form_with("/services/oauth2/token", "Host: localhost:8080\r\n", CLIENT_FORM);
	assert_int_equal(r.status, 200);
}

#define USER_FORM "grant_type=password&" CLIENT "&username=" PRACTICE_USERNAME "&password="

static void a_password_needs_the_security_token_outside_trusted_networks(void **unused)
{
	char token[TOKEN_ROOM];

	(void)unused;
	take_token(PASSWORD_FORM, token);
	assert_true(works(token));
	expect_refused(sign_in(USER_FORM PRACTICE_PASSWORD), "invalid_grant", "authentication failure");
	expect_refused(sign_in(USER_FORM PRACTICE_PASSWORD "x"), "invalid_grant", "authentication failure");
	expect_refused(sign_in(USER_FORM "x"), "invalid_grant", "authentication failure");
	expect_refused(sign_in("grant_type=password&" CLIENT
	                       "&username=x&password=" PRACTICE_PASSWORD PRACTICE_SECURITY_TOKEN),
	               "invalid_grant", "authentication failure");
	use_scenario("{\"sign_in\":{\"trusted_network\":true}}");
	take_token(USER_FORM PRACTICE_PASSWORD, token);
	take_token(PASSWORD_FORM, token);
	expect_refused(sign_in(USER_FORM PRACTICE_PASSWORD "x"), "invalid_grant", "authentication failure");
}

static void a_way_in_that_is_blocked_is_an_unsupported_grant_type(void **unused)
{
	(void)unused;
	use_scenario("{\"sign_in\":{\"blocked\":[\"password\",\"client_credentials\"]}}");
	expect_refused(sign_in(PASSWORD_FORM), "unsupported_grant_type", "grant type not supported");
	expect_refused(sign_in(CLIENT_FORM), "unsupported_grant_type", "grant type not supported");
	assert_int_equal(sign_in(REFRESH_FORM).status, 200);
}

static void a_scenario_can_refuse_what_is_right(void **unused)
{
	static const struct {
		const char *word, *form, *error, *description;
	} cases[] = {
		{ "inactive_user", REFRESH_FORM, "inactive_user", "user is inactive" },
		{ "locked_user", PASSWORD_FORM, "invalid_grant", "authentication failure" },
		{ "inactive_org", CLIENT_FORM, "inactive_org", "org is locked, closed, or suspended" },
		{ "restricted_network", REFRESH_FORM, "invalid_grant", "ip restricted or invalid login hours" },
		{ "restricted_hours", REFRESH_FORM, "invalid_grant", "ip restricted or invalid login hours" },
		{ "unapproved_app", REFRESH_FORM, "invalid_app_access",
		  "user is not admin approved to access this app" },
		{ "no_run_as_user", CLIENT_FORM, "invalid_grant", "no client credentials user enabled" },
	};
	char scenario[128];

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		snprintf(scenario, sizeof scenario, "{\"sign_in\":{\"refuse\":\"%s\"}}", cases[i].word);
		use_scenario(scenario);
		expect_refused(sign_in(cases[i].form), cases[i].error, cases[i].description);
	}
	assert_int_equal(sign_in(REFRESH_FORM).status, 200); /* no run-as user is of no matter here */
	expect_refused(sign_in("grant_type=client_credentials&client_id=practice&client_secret=x"),
	               "invalid_client", "invalid client credentials");
}

static void too_many_sign_ins_within_an_hour_are_refused_and_counted(void **unused)
{
	(void)unused;
	use_scenario("{\"sign_in\":{\"logins_an_hour\":2}}");
	assert_int_equal(sign_in(REFRESH_FORM).status, 200);
	ask("POST", "/practice/clock", "{\"advance_ms\":1800000}");
	assert_int_equal(sign_in(CLIENT_FORM).status, 200);
	expect_refused(sign_in(REFRESH_FORM), "rate_limit_exceeded", "login rate exceeded");
	expect_refused(sign_in("grant_type=magic"), "unsupported_grant_type", "grant type not supported");
	assert_int_equal(counter("logins", "granted"), 2);
	assert_int_equal(counter("logins", "refused"), 2);
	ask("POST", "/practice/clock", "{\"advance_ms\":1800000}");
	assert_int_equal(sign_in(REFRESH_FORM).status, 200);
	assert_int_equal(counter("logins", "granted"), 3);
}

static void a_request_without_its_parameters_says_which(void **unused)
{
	static const char *const names[][2] = {
		{ "grant_type=refresh_token&" CLIENT, "refresh_token" },
		{ "grant_type=password&" CLIENT, "username" },
		{ "grant_type=password&" CLIENT "&username=x", "password" },
		{ "grant_type=authorization_code&" CLIENT, "code" },
		{ "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion" },
		{ "", "grant_type" },
	};
	char description[128];

	(void)unused;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		snprintf(description, sizeof description, "missing required parameter: %s", names[i][1]);
		expect_refused(sign_in(names[i][0]), "invalid_request", description);
	}
	expect_refused(
		send_with("POST", "/services/oauth2/token", "Content-Type: application/json\r\n", REFRESH_FORM),
		"invalid_request", "missing required parameter: grant_type");
	assert_int_equal(send_with("POST", "/services/oauth2/token?" CLIENT_FORM, "", "").status, 200);
	assert_int_equal(get("/services/oauth2/token?" CLIENT_FORM).status, 405);
}

static void the_signature_is_one(void **unused)
{
	char text[512], wanted[64];
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len;
	struct reply r = sign_in(REFRESH_FORM);

	(void)unused;
	take_value(r.body, "id", text, sizeof text);
	take_value(r.body, "issued_at", text + strlen(text), 32);
	HMAC(EVP_sha256(), PRACTICE_CLIENT_SECRET, (int)strlen(PRACTICE_CLIENT_SECRET),
	     (const unsigned char *)text, strlen(text), digest, &len);
	EVP_EncodeBlock((unsigned char *)wanted, digest, (int)len);
	assert_string_equal(json_value(r.body, "signature"), wanted);
}

static void a_revoked_token_is_dead(void **unused)
{
	char token[TOKEN_ROOM], other[TOKEN_ROOM], form[512];

	(void)unused;
	take_token(REFRESH_FORM, token);
	take_token(CLIENT_FORM, other);
	snprintf(form, sizeof form, "token=%s", token);
	assert_int_equal(post_form("/services/oauth2/revoke", form).status, 200);
	assert_false(works(token));
	assert_true(works(other));
	assert_int_equal(sign_in(REFRESH_FORM).status, 200);
	snprintf(form, sizeof form, "/services/oauth2/revoke?token=%s", other);
	assert_int_equal(get(form).status, 200);
	assert_false(works(other));
}

static void a_revoked_refresh_token_takes_its_sessions_with_it(void **unused)
{
	char token[TOKEN_ROOM], other[TOKEN_ROOM];

	(void)unused;
	take_token(REFRESH_FORM, token);
	take_token(CLIENT_FORM, other);
	assert_int_equal(post_form("/services/oauth2/revoke", "token=" PRACTICE_REFRESH_TOKEN).status, 200);
	assert_false(works(token));
	assert_true(works(other));
	expect_refused(sign_in(REFRESH_FORM), "invalid_grant", "expired access/refresh token");
	ask("POST", "/practice/reset", "");
	assert_int_equal(sign_in(REFRESH_FORM).status, 200);
}

static void revoking_what_is_no_token_is_an_error(void **unused)
{
	struct reply r = post_form("/services/oauth2/revoke", "token=nonsense");

	(void)unused;
	assert_int_equal(r.status, 400);
	assert_memory_equal(r.body, "error=invalid_token&", 20);
	r = post_form("/services/oauth2/revoke", "");
	assert_int_equal(r.status, 400);
	assert_string_equal(
		r.body,
		"error=unsupported_token_type&error_description=this%20token%20type%20is%20not%20supported");
}

static void the_fixed_token_can_be_revoked_until_a_reset(void **unused)
{
	(void)unused;
	assert_int_equal(post_form("/services/oauth2/revoke", "token=" PRACTICE_TOKEN).status, 200);
	assert_false(works(PRACTICE_TOKEN));
	ask("POST", "/practice/reset", "");
	assert_true(works(PRACTICE_TOKEN));
}

static void introspection_tells_live_tokens_from_dead_ones(void **unused)
{
	char token[TOKEN_ROOM], form[512];
	struct reply r;
	long issued;

	(void)unused;
	take_token(CLIENT_FORM, token);
	snprintf(form, sizeof form, CLIENT "&token=%s", token);
	r = post_form("/services/oauth2/introspect", form);
	assert_non_null(strstr(r.body, "\"active\":true"));
	assert_string_equal(json_value(r.body, "username"), PRACTICE_USERNAME);
	assert_string_equal(json_value(r.body, "token_type"), "access_token");
	issued = atol(json_value(r.body, "iat"));
	assert_int_equal(atol(json_value(r.body, "exp")) - issued, 7200);
	ask("POST", "/practice/expire-sessions", "");
	assert_string_equal(post_form("/services/oauth2/introspect", form).body, "{\"active\":false}");
	r = post_form("/services/oauth2/introspect", CLIENT "&token=" PRACTICE_REFRESH_TOKEN);
	assert_string_equal(json_value(r.body, "token_type"), "refresh_token");
	expect_refused(post_form("/services/oauth2/introspect", "client_id=practice&token=x"), "invalid_client",
	               "invalid client credentials");
}

static void every_scheme_of_a_token_is_taken(void **unused)
{
	(void)unused;
	assert_int_equal(
		send_with("GET", API "/limits", "Authorization: OAuth " PRACTICE_TOKEN "\r\n", "").status, 200);
	assert_int_equal(
		send_with("GET", API "/limits", "authorization: bearer " PRACTICE_TOKEN "\r\n", "").status,
		200);
	assert_int_equal(send_with("GET", API "/limits", "Authorization: " PRACTICE_TOKEN "\r\n", "").status,
	                 401);
}

static void identity_and_user_info_answer_in_plain_text_to_strangers(void **unused)
{
	static const char *const paths[] = { "/services/oauth2/userinfo",
		                             "/id/" PRACTICE_ORG "/" PRACTICE_USER };
	struct reply r;

	(void)unused;
	for (size_t i = 0; i < 2; i++) {
		r = send_with("GET", paths[i], "", "");
		assert_int_equal(r.status, 403);
		assert_string_equal(r.body, "Missing_OAuth_Token");
		r = get_as("00D5e0000000001!dead", paths[i]);
		assert_int_equal(r.status, 403);
		assert_string_equal(r.body, "Bad_OAuth_Token");
		assert_int_equal(get(paths[i]).status, 200);
	}
	r = get("/id/00D5e0000000009EAA/" PRACTICE_USER);
	assert_int_equal(r.status, 403);
	assert_string_equal(r.body, "Wrong_Org");
	r = get("/id/" PRACTICE_ORG "/0055e0000000009AAA");
	assert_int_equal(r.status, 404);
	assert_string_equal(r.body, "Bad_Id");
}

static void the_identity_url_of_a_token_leads_to_its_user(void **unused)
{
	char token[TOKEN_ROOM], id[256];
	struct reply r = sign_in(REFRESH_FORM);

	(void)unused;
	take_value(r.body, "access_token", token, sizeof token);
	take_value(r.body, "id", id, sizeof id);
	r = get_as(token, strstr(id, "/id/"));
	assert_int_equal(r.status, 200);
	assert_string_equal(json_value(r.body, "id"), id);
	assert_string_equal(json_value(r.body, "username"), PRACTICE_USERNAME);
	assert_non_null(strstr(r.body, "/services/data/v{version}/query/"));
	assert_string_equal(json_value(get(API).body, "identity"), id);
	r = get("/id/00D5e0000000001/0055e0000000001?version=latest");
	assert_non_null(strstr(r.body, "/services/data/v66.0/query/"));
}

static void a_slip_in_the_rules_is_an_error(void **unused)
{
	static const char *const slips[] = {
		"[]",
		"{\"rotate\":true}",
		"{\"rotate_refresh_token\":1}",
		"{\"blocked\":\"password\"}",
		"{\"blocked\":[\"pasword\"]}",
		"{\"refuse\":\"everybody\"}",
		"{\"logins_an_hour\":-1}",
		"{\"redirect_uris\":[1]}",
		"{\"scopes\":\"api\"}",
		"{\"certificate\":\"none\"}",
		"{\"audience\":[]}",
	};
	char scenario[256];

	(void)unused;
	for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++) {
		snprintf(scenario, sizeof scenario, "{\"sign_in\":%s}", slips[i]);
		if (ask("POST", "/practice/scenario", scenario).status != 400)
			fail_msg("%s was taken", slips[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_refresh_token_stays_without_rotation, empty_org),
		cmocka_unit_test_setup(with_rotation_the_old_refresh_token_dies_and_its_sessions_live,
		                       empty_org),
		cmocka_unit_test_setup(a_refused_refresh_costs_no_token, empty_org),
		cmocka_unit_test_setup(the_secret_is_needed_where_the_app_wants_it, empty_org),
		cmocka_unit_test_setup(client_credentials_come_as_fields_or_as_basic, empty_org),
		cmocka_unit_test_setup(client_credentials_may_need_the_my_domain_host, empty_org),
		cmocka_unit_test_setup(a_password_needs_the_security_token_outside_trusted_networks, empty_org),
		cmocka_unit_test_setup(a_way_in_that_is_blocked_is_an_unsupported_grant_type, empty_org),
		cmocka_unit_test_setup(a_scenario_can_refuse_what_is_right, empty_org),
		cmocka_unit_test_setup(too_many_sign_ins_within_an_hour_are_refused_and_counted, empty_org),
		cmocka_unit_test_setup(a_request_without_its_parameters_says_which, empty_org),
		cmocka_unit_test_setup(the_signature_is_one, empty_org),
		cmocka_unit_test_setup(a_revoked_token_is_dead, empty_org),
		cmocka_unit_test_setup(a_revoked_refresh_token_takes_its_sessions_with_it, empty_org),
		cmocka_unit_test_setup(revoking_what_is_no_token_is_an_error, empty_org),
		cmocka_unit_test_setup(the_fixed_token_can_be_revoked_until_a_reset, empty_org),
		cmocka_unit_test_setup(introspection_tells_live_tokens_from_dead_ones, empty_org),
		cmocka_unit_test_setup(every_scheme_of_a_token_is_taken, empty_org),
		cmocka_unit_test_setup(identity_and_user_info_answer_in_plain_text_to_strangers, empty_org),
		cmocka_unit_test_setup(the_identity_url_of_a_token_leads_to_its_user, empty_org),
		cmocka_unit_test_setup(a_slip_in_the_rules_is_an_error, empty_org),
	};

	return cmocka_run_group_tests(tests, open_org, close_org);
}
