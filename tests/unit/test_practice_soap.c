/* The practice org's SOAP login() and logout(), and what it answers to anything else. */
#include "oauth_client.h"

#define SOAP_HEADERS "Content-Type: text/xml; charset=UTF-8\r\nSOAPAction: login\r\n"
#define ENVELOPE                                                                                       \
	"<?xml version=\"1.0\" encoding=\"utf-8\" ?><env:Envelope "                                    \
	"xmlns:env=\"http://schemas.xmlsoap.org/soap/envelope/\"><env:Header><x:y xmlns:x=\"urn:x\"/>" \
	"</env:Header><env:Body>"
#define ENVELOPE_END "</env:Body></env:Envelope>"
#define LOGIN(username, password)                                                            \
	ENVELOPE "<n1:login xmlns:n1=\"urn:partner.soap.sforce.com\"><n1:username>" username \
		 "</n1:username><n1:password>" password "</n1:password></n1:login>" ENVELOPE_END
#define GOOD_LOGIN LOGIN(PRACTICE_USERNAME, PRACTICE_PASSWORD PRACTICE_SECURITY_TOKEN)

static struct reply post_soap(const char *version, const char *body)
{
	char path[128];

	snprintf(path, sizeof path, "/services/Soap/u/%s", version);
	return send_with("POST", path, SOAP_HEADERS, body);
}

/* The text of an element, "" if it is not there. */
static const char *element(const char *xml, const char *name)
{
	static char text[1024];
	char begin[64];
	const char *at;

	snprintf(begin, sizeof begin, "<%s>", name);
	at = strstr(xml, begin);
	at = at ? at + strlen(begin) : "";
	snprintf(text, sizeof text, "%.*s", (int)strcspn(at, "<"), at);
	return text;
}

static void expect_fault(struct reply r, const char *code, const char *words)
{
	char text[1024];
	size_t len = strlen(code);

	if (r.status != 500 || strcmp(element(r.body, "faultcode"), code) != 0 || !strstr(r.body, words))
		fail_msg("wanted %s %s, got %d %s", code, words, r.status, r.body);
	assert_memory_equal(head_value(&r, "\r\nContent-Type: "), "text/xml", 8);
	if (strncmp(code, "soapenv:", 8) == 0)
		return;
	assert_string_equal(element(r.body, "sf:exceptionCode"), code);
	assert_memory_equal(element(r.body, "faultstring"), code, len);
	assert_memory_equal(element(r.body, "faultstring") + len, ": ", 2);
	snprintf(text, sizeof text, "%s", element(r.body, "sf:exceptionMessage"));
	assert_string_equal(element(r.body, "faultstring") + len + 2, text);
}

static void a_login_gives_a_session_that_works(void **unused)
{
	char token[TOKEN_ROOM], url[256];
	struct reply r = post_soap("62.0", GOOD_LOGIN);

	(void)unused;
	assert_int_equal(r.status, 200);
	snprintf(token, sizeof token, "%.255s", element(r.body, "sessionId"));
	snprintf(url, sizeof url, "http://127.0.0.1:%d/services/Soap/u/62.0/00D5e0000000001", org.port);
	assert_string_equal(element(r.body, "serverUrl"), url);
	assert_string_equal(element(r.body, "userId"), PRACTICE_USER);
	assert_string_equal(element(r.body, "organizationId"), PRACTICE_ORG);
	assert_string_equal(element(r.body, "sessionSecondsValid"), "7200");
	assert_true(works(token));
	assert_int_equal(counter("logins", "granted"), 1);
	use_scenario("{\"session_ms\":60000}");
	r = post_soap("64.0", GOOD_LOGIN);
	assert_string_equal(element(r.body, "sessionSecondsValid"), "60");
	snprintf(token, sizeof token, "%.255s", element(r.body, "sessionId"));
	ask("POST", "/practice/clock", "{\"advance_ms\":60000}");
	assert_false(works(token));
}

static void wrong_credentials_are_an_invalid_login(void **unused)
{
	static const char *const bodies[] = {
		LOGIN("nobody@practice.example", PRACTICE_PASSWORD PRACTICE_SECURITY_TOKEN),
		LOGIN(PRACTICE_USERNAME, "x"),
		LOGIN(PRACTICE_USERNAME, ""),
		LOGIN(PRACTICE_USERNAME, PRACTICE_PASSWORD "x"),
		ENVELOPE "<login xmlns=\"urn:partner.soap.sforce.com\"/>" ENVELOPE_END,
		ENVELOPE "<login xmlns=\"urn:partner.soap.sforce.com\"><username>" PRACTICE_USERNAME
			 "</username><x><password>" PRACTICE_PASSWORD PRACTICE_SECURITY_TOKEN
			 "</password></x></login>" ENVELOPE_END,
	};

	(void)unused;
	for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
		expect_fault(post_soap("62.0", bodies[i]), "INVALID_LOGIN",
		             "Invalid username, password, security token; or user locked out.");
	assert_int_equal(counter("logins", "refused"), 6);
}

static void a_password_alone_is_told_of_the_security_token(void **unused)
{
	(void)unused;
	expect_fault(post_soap("62.0", LOGIN(PRACTICE_USERNAME, PRACTICE_PASSWORD)),
	             "LOGIN_MUST_USE_SECURITY_TOKEN",
	             "you must add a security token to your password to log in");
	use_scenario("{\"sign_in\":{\"trusted_network\":true}}");
	assert_int_equal(post_soap("62.0", LOGIN(PRACTICE_USERNAME, PRACTICE_PASSWORD)).status, 200);
}

static void versions_without_a_login_are_refused(void **unused)
{
	static const char *const versions[] = { "65.0", "66.0", "67.0", "30.0", "x", "v62.0", "62.5" };

	(void)unused;
	for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++)
		expect_fault(post_soap(versions[i], GOOD_LOGIN), "UNSUPPORTED_API_VERSION", "");
	assert_int_equal(post_soap("64.0", GOOD_LOGIN).status, 200);
	assert_int_equal(post_soap("50", GOOD_LOGIN).status, 200);
}

static void a_scenario_can_switch_it_off_or_refuse_everybody(void **unused)
{
	static const struct {
		const char *rules, *code;
	} cases[] = {
		{ "\"blocked\":[\"soap_login\"]", "INVALID_OPERATION" },
		{ "\"refuse\":\"inactive_user\"", "INVALID_LOGIN" },
		{ "\"refuse\":\"locked_user\"", "INVALID_LOGIN" },
		{ "\"refuse\":\"inactive_org\"", "ORG_LOCKED" },
		{ "\"refuse\":\"restricted_network\"", "LOGIN_DURING_RESTRICTED_DOMAIN" },
		{ "\"refuse\":\"restricted_hours\"", "LOGIN_DURING_RESTRICTED_TIME" },
		{ "\"logins_an_hour\":0", "REQUEST_LIMIT_EXCEEDED" },
	};
	char scenario[256];

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		snprintf(scenario, sizeof scenario, "{\"sign_in\":{%s}}", cases[i].rules);
		use_scenario(scenario);
		expect_fault(post_soap("62.0", GOOD_LOGIN), cases[i].code, "");
	}
	use_scenario("{\"sign_in\":{\"refuse\":\"unapproved_app\"}}"); /* there is no app in this */
	assert_int_equal(post_soap("62.0", GOOD_LOGIN).status, 200);
}

static void xml_is_read_as_xml(void **unused)
{
	(void)unused;
	assert_int_equal(post_soap("62.0",
	                           "<S:Envelope xmlns:S='http://schemas.xmlsoap.org/soap/envelope/'><!-- x -->"
	                           "<S:Body><login xmlns='urn:partner.soap.sforce.com'>\n<username "
	                           "a=\"b\">OPERATOR&#64;practice.example</username><password>"
	                           "<![CDATA[practice-]]>passw&#x6f;rd<?x y?>" PRACTICE_SECURITY_TOKEN
	                           "</password></login></S:Body></S:Envelope>")
	                         .status,
	                 200);
}

static void what_is_no_soap_request_is_an_error(void **unused)
{
	static const char *const texts[] = {
		"",
		"grant_type=password",
		"<a/>",
		"<Envelope><Body/></Envelope>",
		ENVELOPE "<login",
		ENVELOPE "&Cl" ENVELOPE_END,
		"<!DOCTYPE a [<!ENTITY b \"c\"><!ENTITY d \"&b;&b;&b;\">]>" ENVELOPE "&d;" ENVELOPE_END,
	};
	static char deep[4096] = ENVELOPE;

	(void)unused;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		expect_fault(post_soap("62.0", texts[i]), "UNKNOWN_EXCEPTION", "sf:UnexpectedErrorFault");
	for (int i = 0; i < 500; i++)
		strcat(deep, "<a>");
	expect_fault(post_soap("62.0", deep), "UNKNOWN_EXCEPTION", "nested too deep");
	assert_int_equal(get("/services/Soap/u/62.0").status, 405);
}

#define LOGOUT                                                                                           \
	"<se:Envelope xmlns:se=\"http://schemas.xmlsoap.org/soap/envelope/\"><se:Header><SessionHeader " \
	"xmlns=\"urn:partner.soap.sforce.com\"><sessionId>%s</sessionId></SessionHeader></se:Header>"    \
	"<se:Body><logout xmlns=\"urn:partner.soap.sforce.com\"/></se:Body></se:Envelope>"

static void a_logout_ends_its_session_and_no_other(void **unused)
{
	char token[TOKEN_ROOM], other[TOKEN_ROOM], body[1024];
	struct reply r;

	(void)unused;
	take_token(REFRESH_FORM, token);
	take_token(REFRESH_FORM, other);
	snprintf(body, sizeof body, LOGOUT, token);
	r = post_soap("66.0", body);
	assert_int_equal(r.status, 200);
	assert_non_null(strstr(r.body, "<logoutResponse/>"));
	assert_false(works(token));
	assert_true(works(other));
	r = post_soap("66.0", body);
	assert_int_equal(r.status, 500);
	assert_string_equal(element(r.body, "faultcode"), "sf:INVALID_SESSION_ID");
	assert_string_equal(element(r.body, "faultstring"),
	                    "INVALID_SESSION_ID: Invalid Session ID found in SessionHeader: Illegal Session");
}

static void no_other_operation_is_offered(void **unused)
{
	(void)unused;
	expect_fault(post_soap("62.0/00D5e0000000001",
	                       ENVELOPE "<getUserInfo xmlns=\"urn:partner.soap.sforce.com\"/>" ENVELOPE_END),
	             "soapenv:Client",
	             "No operation available for request {urn:partner.soap.sforce.com}getUserInfo");
	expect_fault(
		post_soap("62.0", ENVELOPE "<login xmlns=\"urn:enterprise.soap.sforce.com\"/>" ENVELOPE_END),
		"soapenv:Client", "{urn:enterprise.soap.sforce.com}login");
	expect_fault(post_soap("62.0", ENVELOPE ENVELOPE_END), "soapenv:Client", "no operation");
	expect_fault(send_with("POST", "/services/Soap/u/62.0", "Content-Type: text/xml\r\n", GOOD_LOGIN),
	             "soapenv:Client", "SOAPAction HTTP header missing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_login_gives_a_session_that_works, empty_org),
		cmocka_unit_test_setup(wrong_credentials_are_an_invalid_login, empty_org),
		cmocka_unit_test_setup(a_password_alone_is_told_of_the_security_token, empty_org),
		cmocka_unit_test_setup(versions_without_a_login_are_refused, empty_org),
		cmocka_unit_test_setup(a_scenario_can_switch_it_off_or_refuse_everybody, empty_org),
		cmocka_unit_test_setup(xml_is_read_as_xml, empty_org),
		cmocka_unit_test_setup(what_is_no_soap_request_is_an_error, empty_org),
		cmocka_unit_test_setup(a_logout_ends_its_session_and_no_other, empty_org),
		cmocka_unit_test_setup(no_other_operation_is_offered, empty_org),
	};

	return cmocka_run_group_tests(tests, open_org, close_org);
}
