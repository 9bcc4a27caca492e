/* Every way to sign in: what is asked, what the answers of salesforce-api.md A3, A4 and A6 become, and JWTs that verify. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <jansson.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "core/org/jwt.h"
#include "core/org/sign_in.h"
#include "core/org/soap_login.h"

#define NOW INT64_C(1790000000000)

static char app[] = "the-app", app_secret[] = "1234-secret-of-the-app", refresh[] = "5Aep861-secret",
	    user[] = "ana@acme.example", password[] = "pa<ss&wo'rd+1", security_token[] = "tok\"en>",
	    code[] = "a-code==", verifier[] = "the-verifier", back[] = "http://localhost:1717/OauthRedirect",
	    acme[] = "acme", uat[] = "acme--uat.sandbox", login[] = "login";
static char *rsa_pem;

static struct settings settings_for(enum sign_in_method method)
{
	struct settings s = { .domain = acme };

	if (method != SIGN_IN_SOAP) {
		s.client_id = app;
		s.client_secret = app_secret;
	}
	if (method == SIGN_IN_REFRESH)
		s.refresh_token = refresh;
	if (method == SIGN_IN_SOAP || method == SIGN_IN_PASSWORD || method == SIGN_IN_JWT)
		s.username = user;
	if (method == SIGN_IN_SOAP || method == SIGN_IN_PASSWORD) {
		s.password = password;
		s.security_token = security_token;
	}
	if (method == SIGN_IN_JWT)
		s.private_key = rsa_pem;
	if (method == SIGN_IN_BROWSER) {
		s.code = code;
		s.code_verifier = verifier;
		s.redirect_uri = back;
	}
	return s;
}

static struct sign_in begin(enum sign_in_method method)
{
	struct settings settings = settings_for(method);
	struct sign_in s = { 0 };
	struct err e;

	err_init(&e);
	assert_int_equal(settings_method(&settings), method);
	if (settings_complete(&settings, &e) || sign_in_init(&s, &settings, &e))
		fail_msg("%s", e.text);
	return s;
}

/* The form of the request, as long as the next one is not asked for. */
static const char *form_of(struct sign_in *s, struct http_request *request)
{
	static struct buf form;
	struct err e;

	err_init(&e);
	buf_wipe(&form);
	buf_init(&form, 64 * 1024);
	if (sign_in_request(s, NOW, &form, request, &e))
		fail_msg("%s", e.text);
	assert_true(request->secret);
	assert_string_equal(request->method, "POST");
	return buf_text(&form);
}

static void each_way_asks_what_the_org_wants(void **unused)
{
	static const struct {
		enum sign_in_method method;
		const char *form;
	} cases[] = {
		{ SIGN_IN_REFRESH,
		  "grant_type=refresh_token&client_id=the-app&client_secret=1234-secret-of-the-app"
		  "&refresh_token=5Aep861-secret" },
		{ SIGN_IN_PASSWORD, "grant_type=password&client_id=the-app&client_secret=1234-secret-of-the-app"
		                    "&username=ana%40acme.example&password=pa%3Css%26wo%27rd%2B1tok%22en%3E" },
		{ SIGN_IN_CLIENT,
		  "grant_type=client_credentials&client_id=the-app&client_secret=1234-secret-of-the-app" },
		{ SIGN_IN_BROWSER,
		  "grant_type=authorization_code&client_id=the-app&client_secret=1234-secret-of-the-app"
		  "&code=a-code%3D%3D&redirect_uri=http%3A%2F%2Flocalhost%3A1717%2FOauthRedirect"
		  "&code_verifier=the-verifier" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct sign_in s = begin(cases[i].method);
		struct http_request request;

		assert_string_equal(form_of(&s, &request), cases[i].form);
		assert_string_equal(request.url, "https://acme.my.salesforce.com/services/oauth2/token");
		assert_string_equal(request.content_type, "application/x-www-form-urlencoded");
		sign_in_release(&s);
	}
}

static void soap_login_sends_the_recorded_envelope(void **unused)
{
	struct sign_in s = begin(SIGN_IN_SOAP);
	struct http_request request;
	const char *form = form_of(&s, &request);

	(void)unused;
	assert_string_equal(request.url, "https://acme.my.salesforce.com/services/Soap/u/64.0");
	assert_string_equal(request.content_type, "text/xml; charset=UTF-8");
	assert_string_equal(request.headers[0], "SOAPAction: login");
	assert_non_null(strstr(form, "<n1:login xmlns:n1=\"urn:partner.soap.sforce.com\"><n1:username>"
	                             "ana@acme.example</n1:username><n1:password>"
	                             "pa&lt;ss&amp;wo&apos;rd+1tok&quot;en&gt;</n1:password></n1:login>"));
	sign_in_release(&s);
}

/* JWT */

static char *write_pem(EVP_PKEY *key, const char *passphrase)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *bytes, *text;
	long len;

	assert_int_equal(PEM_write_bio_PrivateKey(bio, key, passphrase ? EVP_aes_256_cbc() : NULL, NULL, 0,
	                                          NULL, (void *)(uintptr_t)passphrase),
	                 1);
	len = BIO_get_mem_data(bio, &bytes);
	text = strndup(bytes, (size_t)len);
	BIO_free(bio);
	return text;
}

static EVP_PKEY *rsa_key;

static int make_key(void **unused)
{
	(void)unused;
	rsa_key = EVP_RSA_gen(2048);
	rsa_pem = write_pem(rsa_key, NULL);
	return rsa_pem ? 0 : -1;
}

static int forget_key(void **unused)
{
	(void)unused;
	EVP_PKEY_free(rsa_key);
	free(rsa_pem);
	return 0;
}

/* The bytes of base64url text. */
static size_t decode(const char *text, size_t len, unsigned char *to)
{
	size_t bytes = 0;
	unsigned bits = 0, n = 0;

	for (size_t i = 0; i < len; i++) {
		static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
		const char *digit = strchr(digits, text[i]);

		assert_true(digit && *digit);
		bits = bits << 6 | (unsigned)(digit - digits);
		n += 6;
		if (n >= 8)
			to[bytes++] = (unsigned char)(bits >> (n -= 8));
	}
	to[bytes] = '\0';
	return bytes;
}

static void verify(const char *jwt)
{
	const char *dot = strrchr(jwt, '.');
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char signature[512];
	size_t len = decode(dot + 1, strlen(dot + 1), signature);

	assert_int_equal(EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, rsa_key), 1);
	assert_int_equal(EVP_DigestVerify(ctx, signature, len, (const unsigned char *)jwt, (size_t)(dot - jwt)),
	                 1);
	EVP_MD_CTX_free(ctx);
}

/* One claim of an assertion. */
static const char *claim(const char *jwt, const char *name)
{
	static char value[256];
	unsigned char text[1024];
	const char *from = strchr(jwt, '.') + 1;
	json_t *object;

	decode(from, strcspn(from, "."), text);
	object = json_loads((char *)text, 0, NULL);
	assert_non_null(object);
	if (json_is_integer(json_object_get(object, name)))
		snprintf(value, sizeof value, "%lld",
		         (long long)json_integer_value(json_object_get(object, name)));
	else
		snprintf(value, sizeof value, "%s", json_string_value(json_object_get(object, name)));
	json_decref(object);
	return value;
}

static const char *assertion_of(struct sign_in *s)
{
	static const char head[] =
		"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
	struct http_request request;
	const char *form = form_of(s, &request);

	assert_int_equal(strncmp(form, head, sizeof head - 1), 0);
	return form + sizeof head - 1;
}

static void a_jwt_verifies_and_says_who_and_for_how_long(void **unused)
{
	struct sign_in s = begin(SIGN_IN_JWT);
	const char *jwt = assertion_of(&s);

	(void)unused;
	verify(jwt);
	assert_string_equal(claim(jwt, "iss"), app);
	assert_string_equal(claim(jwt, "sub"), user);
	assert_string_equal(claim(jwt, "aud"), "https://login.salesforce.com");
	assert_string_equal(claim(jwt, "exp"), "1790000120");
	sign_in_release(&s);
}

static enum err_code write_with(const char *pem, const char *passphrase, struct err *e)
{
	struct jwt_claims claims = { "a", "b", "c", 1 };
	struct buf to;

	err_init(e);
	buf_init(&to, 64 * 1024);
	jwt_write(&to, &claims, pem, passphrase, e);
	if (!e->code)
		verify(buf_text(&to));
	buf_wipe(&to);
	return e->code;
}

static void a_key_that_cannot_sign_is_told_apart(void **unused)
{
	EVP_PKEY *curve = EVP_EC_gen("P-256");
	char *protected = write_pem(rsa_key, "open sesame"), *ec = write_pem(curve, NULL);
	struct err e;

	(void)unused;
	assert_int_equal(write_with(protected, "open sesame", &e), ERR_OK);
	assert_int_equal(write_with(protected, "OPENSECRET", &e), ERR_USAGE);
	assert_non_null(strstr(e.text, "private_key_passphrase does not open"));
	assert_null(strstr(e.text, "OPENSECRET"));
	assert_int_equal(write_with(protected, NULL, &e), ERR_USAGE);
	assert_non_null(strstr(e.text, "give private_key_passphrase"));
	assert_int_equal(write_with(ec, NULL, &e), ERR_USAGE);
	assert_non_null(strstr(e.text, "not RSA"));
	assert_int_equal(write_with("-----BEGIN CERTIFICATE-----\n", NULL, &e), ERR_USAGE);
	assert_non_null(strstr(e.text, "no private key in PEM"));
	free(protected);
	free(ec);
	EVP_PKEY_free(curve);
}

/* Answers */

static struct answer answer_of(int status, const char *body)
{
	struct answer answer = { .left = true };

	if (status < 200 || status >= 300)
		answer_error_body(&answer, slice_of(body));
	answer_judge(&answer, status, false);
	return answer;
}

static enum err_code take(struct sign_in *s, struct token *token, struct answer *answer, const char *body,
                          struct err *e)
{
	err_init(e);
	return sign_in_take(s, token, answer, slice_of(body), NOW, e);
}

/* The org's audience varies (salesforce-api.md A2): the second is tried before the sign-in has failed, no third. */
static void a_jwt_for_the_wrong_audience_is_made_for_the_other_one(void **unused)
{
	static const char wrong[] =
		"{\"error\":\"invalid_grant\",\"error_description\":\"Audience validation failed\"}";
	static const struct {
		char *domain;
		const char *first, *second;
	} cases[] = {
		{ acme, "https://login.salesforce.com", "https://acme.my.salesforce.com" },
		{ uat, "https://test.salesforce.com", "https://acme--uat.sandbox.my.salesforce.com" },
		{ login, "https://login.salesforce.com", NULL },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct settings settings = settings_for(SIGN_IN_JWT);
		struct answer answer = answer_of(400, wrong);
		struct token token = { 0 };
		struct sign_in s;
		struct err e;

		settings.domain = cases[i].domain;
		assert_int_equal(sign_in_init(&s, &settings, &e), ERR_OK);
		assert_string_equal(claim(assertion_of(&s), "aud"), cases[i].first);
		assert_int_equal(take(&s, &token, &answer, wrong, &e), ERR_REFUSED);
		assert_int_equal(s.again, cases[i].second != NULL);
		if (cases[i].second) {
			assert_string_equal(claim(assertion_of(&s), "aud"), cases[i].second);
			assert_false(s.again);
			answer = answer_of(400, wrong);
			assert_int_equal(take(&s, &token, &answer, wrong, &e), ERR_REFUSED);
			assert_false(s.again);
		}
		assert_non_null(strstr(e.text, "the JWT is for another address"));
		sign_in_release(&s);
	}
}

static void a_wrong_clock_is_said_where_a_jwt_is_refused(void **unused)
{
	static const char body[] = "{\"error\":\"invalid_grant\",\"error_description\":\"expired assertion\"}";
	struct sign_in s = begin(SIGN_IN_JWT);
	struct answer answer = answer_of(400, body);
	struct token token = { 0 };
	struct err e;

	(void)unused;
	answer.server_utc_ms = NOW + 840000;
	assert_int_equal(take(&s, &token, &answer, body, &e), ERR_REFUSED);
	assert_non_null(strstr(e.text, "this machine's clock is 840 s behind the org's"));
	sign_in_release(&s);
}

#define OAUTH(error, description) "{\"error\":\"" error "\",\"error_description\":\"" description "\"}"
#define FAULT(code)                                                                                  \
	"<?xml version=\"1.0\"?><soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/"  \
	"envelope/\"><soapenv:Body><soapenv:Fault><faultcode>" code "</faultcode><faultstring>" code \
	": words</faultstring><detail><sf:LoginFault><sf:exceptionCode>" code "</sf:exceptionCode>"  \
	"<sf:exceptionMessage>words of Salesforce</sf:exceptionMessage></sf:LoginFault></detail>"    \
	"</soapenv:Fault></soapenv:Body></soapenv:Envelope>"

static const struct refused {
	enum sign_in_method method;
	int status;
	const char *body;
	enum err_code code;
	const char *says;
} refused[] = {
	/* clang-format off */
	{ SIGN_IN_REFRESH, 400, OAUTH("invalid_grant", "expired access/refresh token"), ERR_REFUSED, "sign in again" },
	{ SIGN_IN_PASSWORD, 400, OAUTH("invalid_grant", "authentication failure"), ERR_REFUSED, "password or security_token is wrong" },
	{ SIGN_IN_PASSWORD, 400, OAUTH("invalid_grant", "authentication failure - Invalid Password"), ERR_REFUSED, "login history" },
	{ SIGN_IN_PASSWORD, 400, OAUTH("invalid_grant", "ip restricted or invalid login hours"), ERR_REFUSED, "login IP ranges" },
	{ SIGN_IN_JWT, 400, OAUTH("invalid_grant", "user hasn't approved this consumer"), ERR_REFUSED, "pre-authorise" },
	{ SIGN_IN_REFRESH, 400, OAUTH("invalid_grant", "user hasn't approved this consumer"), ERR_REFUSED, "in a browser" },
	{ SIGN_IN_REFRESH, 400, OAUTH("invalid_grant", "inactive user"), ERR_REFUSED, "deactivated" },
	{ SIGN_IN_REFRESH, 400, OAUTH("inactive_user", "user is inactive"), ERR_REFUSED, "deactivated" },
	{ SIGN_IN_CLIENT, 400, OAUTH("invalid_grant", "no client credentials user enabled"), ERR_REFUSED, "run as" },
	{ SIGN_IN_CLIENT, 400, OAUTH("invalid_grant", "request not supported on this domain"), ERR_REFUSED, "My Domain" },
	{ SIGN_IN_JWT, 400, OAUTH("invalid_grant", "invalid assertion"), ERR_REFUSED, "certificate" },
	{ SIGN_IN_JWT, 400, OAUTH("invalid_grant", "expired assertion"), ERR_REFUSED, "clock" },
	{ SIGN_IN_REFRESH, 400, OAUTH("inactive_org", "org is locked, closed, or suspended"), ERR_REFUSED, "suspended: ask" },
	{ SIGN_IN_CLIENT, 400, OAUTH("invalid_client_id", "client identifier invalid"), ERR_REFUSED, "consumer key" },
	{ SIGN_IN_CLIENT, 400, OAUTH("invalid_client", "invalid client credentials"), ERR_REFUSED, "client_secret is wrong" },
	{ SIGN_IN_JWT, 400, OAUTH("invalid_app_access", "user is not admin approved to access this app"), ERR_REFUSED, "assign it" },
	{ SIGN_IN_PASSWORD, 400, OAUTH("unsupported_grant_type", "grant type not supported"), ERR_REFUSED, "Summer '23" },
	{ SIGN_IN_JWT, 400, OAUTH("unsupported_grant_type", "grant type not supported"), ERR_REFUSED, "certificate" },
	{ SIGN_IN_CLIENT, 400, OAUTH("unsupported_grant_type", "grant type not supported"), ERR_REFUSED, "client credentials flow" },
	{ SIGN_IN_REFRESH, 400, OAUTH("unsupported_grant_type", "grant type not supported"), ERR_REFUSED, "refresh tokens" },
	{ SIGN_IN_REFRESH, 400, OAUTH("invalid_request", "missing required parameter: grant_type"), ERR_REFUSED, "whole" },
	{ SIGN_IN_PASSWORD, 400, OAUTH("invalid_request", "missing required parameter: username"), ERR_REFUSED, "the other settings are whole" },
	{ SIGN_IN_REFRESH, 400, OAUTH("invalid_request", "HTTPS required"), ERR_REFUSED, "set login_url to its https address" },
	{ SIGN_IN_JWT, 400, OAUTH("invalid_grant", "Audience validation failed"), ERR_REFUSED, "set domain" },
	{ SIGN_IN_PASSWORD, 400, OAUTH("rate_limit_exceeded", "login rate exceeded"), ERR_UNREACHABLE, "for some minutes" },
	{ SIGN_IN_PASSWORD, 400, OAUTH("brand_new_error", "what nobody knows yet"), ERR_REFUSED, "brand_new_error: what nobody knows yet" },
	{ SIGN_IN_SOAP, 500, FAULT("INVALID_LOGIN"), ERR_REFUSED, "security_token is wrong" },
	{ SIGN_IN_SOAP, 500, FAULT("sf:INVALID_LOGIN"), ERR_REFUSED, "words of Salesforce" },
	{ SIGN_IN_SOAP, 500, FAULT("LOGIN_MUST_USE_SECURITY_TOKEN"), ERR_REFUSED, "Reset My Security Token" },
	{ SIGN_IN_SOAP, 500, FAULT("LOGIN_CHALLENGE_ISSUED"), ERR_REFUSED, "e-mail" },
	{ SIGN_IN_SOAP, 500, FAULT("LOGIN_CHALLENGE_PENDING"), ERR_REFUSED, "e-mail" },
	{ SIGN_IN_SOAP, 500, FAULT("LOGIN_DURING_RESTRICTED_DOMAIN"), ERR_REFUSED, "login IP ranges" },
	{ SIGN_IN_SOAP, 500, FAULT("LOGIN_DURING_RESTRICTED_TIME"), ERR_REFUSED, "login hours" },
	{ SIGN_IN_SOAP, 500, FAULT("PASSWORD_LOCKOUT"), ERR_REFUSED, "unlock" },
	{ SIGN_IN_SOAP, 500, FAULT("INVALID_OPERATION_WITH_EXPIRED_PASSWORD"), ERR_REFUSED, "new one in the browser" },
	{ SIGN_IN_SOAP, 500, FAULT("API_DISABLED_FOR_ORG"), ERR_REFUSED, "API Enabled" },
	{ SIGN_IN_SOAP, 500, FAULT("ORG_LOCKED"), ERR_REFUSED, "org is locked" },
	{ SIGN_IN_SOAP, 500, FAULT("ORG_NOT_OWNED_BY_INSTANCE"), ERR_REFUSED, "set domain" },
	{ SIGN_IN_SOAP, 500, FAULT("UNSUPPORTED_API_VERSION"), ERR_REFUSED, "refresh_token" },
	{ SIGN_IN_SOAP, 500, FAULT("INVALID_OPERATION"), ERR_REFUSED, "Winter '26" },
	{ SIGN_IN_SOAP, 500, FAULT("REQUEST_LIMIT_EXCEEDED"), ERR_UNREACHABLE, "for some minutes" },
	{ SIGN_IN_SOAP, 500, FAULT("SERVER_UNAVAILABLE"), ERR_UNREACHABLE, "no sign-in at" },
	{ SIGN_IN_SOAP, 500, "<html><title>Down</title></html>", ERR_UNREACHABLE, "no sign-in at" },
	{ SIGN_IN_REFRESH, 503, "<html><title>Down</title></html>", ERR_UNREACHABLE, "no sign-in at" },
	{ SIGN_IN_REFRESH, 302, "", ERR_REFUSED, "points elsewhere" },
	{ SIGN_IN_REFRESH, 200, "{\"access_token\":\"00D!secret\"}", ERR_UNREACHABLE, "gave no session" },
	{ SIGN_IN_REFRESH, 200, "<html>proxy login</html>", ERR_UNREACHABLE, "gave no session" },
	{ SIGN_IN_SOAP, 200, "<html>proxy login</html>", ERR_UNREACHABLE, "gave no session" },
	{ SIGN_IN_SOAP, 200, "<r><passwordExpired>true</passwordExpired><sessionId>00D!secret</sessionId>"
	  "<serverUrl>https://acme.my.salesforce.com/x</serverUrl></r>", ERR_REFUSED, "password has expired" },
	{ SIGN_IN_REFRESH, 200, "{\"access_token\":\"00D!secret\",\"instance_url\":\"http://acme.example\"}", ERR_USAGE, "https" },
	/* clang-format on */
	{ SIGN_IN_BROWSER, 400, OAUTH("invalid_grant", "expired authorization code"), ERR_REFUSED,
	  "older than 15 minutes" },
	{ SIGN_IN_BROWSER, 400, OAUTH("invalid_grant", "invalid authorization code"), ERR_REFUSED,
	  "used already" },
	{ SIGN_IN_BROWSER, 400, OAUTH("invalid_grant", "invalid code verifier"), ERR_REFUSED, "PKCE" },
	{ SIGN_IN_BROWSER, 400, OAUTH("invalid_request", "invalid code verifier"), ERR_REFUSED, "begin anew" },
	{ SIGN_IN_BROWSER, 400, OAUTH("redirect_uri_mismatch", "redirect_uri must match configuration"),
	  ERR_REFUSED, "the app's callback URLs" },
	{ SIGN_IN_BROWSER, 400, OAUTH("invalid_client", "invalid client credentials"), ERR_REFUSED,
	  "client_secret is wrong" },
	{ SIGN_IN_BROWSER, 400, OAUTH("unsupported_grant_type", "grant type not supported"), ERR_REFUSED,
	  "enable the authorization code flow" },
	{ SIGN_IN_BROWSER, 400, OAUTH("redirect_uri_missing", "redirect_uri must match configuration"),
	  ERR_REFUSED, "let its administrator add redirect_uri" },
	{ SIGN_IN_BROWSER, 400, OAUTH("invalid_scope", "the requested scope is not allowed"), ERR_REFUSED,
	  "give it the scopes api and refresh_token" },
	{ SIGN_IN_BROWSER, 400, OAUTH("unsupported_response_type", "response type not supported"), ERR_REFUSED,
	  "enable the authorization code flow" },
	{ SIGN_IN_BROWSER, 400, OAUTH("immediate_unsuccessful", "the user has to be asked"), ERR_REFUSED,
	  "choose Allow in the browser" },
	{ SIGN_IN_BROWSER, 400, OAUTH("access_denied", "end-user denied authorization"), ERR_REFUSED,
	  "choose Allow there" },
	{ SIGN_IN_BROWSER, 400, OAUTH("invalid_request", "HTTPS required"), ERR_REFUSED, "its https address" },
};

static void each_error_says_what_to_do_next(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		const struct refused *r = &refused[i];
		struct sign_in s = begin(r->method);
		struct answer answer = answer_of(r->status, r->body);
		struct token token = { 0 };
		struct err e;

		if (take(&s, &token, &answer, r->body, &e) != r->code || !strstr(e.text, r->says))
			fail_msg("%s: %d \"%s\" does not say \"%s\"", r->body, e.code, e.text, r->says);
		assert_string_equal(e.text, answer.message);
		assert_int_equal(answer.verdict, r->code == ERR_REFUSED ? VERDICT_REJECTED : VERDICT_TRY_AGAIN);
		if (r->code == ERR_REFUSED)
			assert_int_equal(answer.trouble, TROUBLE_SESSION);
		assert_null(strstr(e.text, "00D!secret"));
		assert_null(token.access);
		sign_in_release(&s);
	}
}

static void what_the_server_echoes_of_secrets_is_hidden(void **unused)
{
	static const char body[] = OAUTH("brand_new",
	                                 "got 5Aep861-secret and 1234-secret-of-the-app, thank you");
	struct sign_in s = begin(SIGN_IN_REFRESH);
	struct answer answer = answer_of(400, body);
	struct token token = { 0 };
	struct err e;

	(void)unused;
	assert_int_equal(take(&s, &token, &answer, body, &e), ERR_REFUSED);
	assert_null(strstr(e.text, "secret"));
	assert_non_null(strstr(e.text, "got ... and ..., thank you"));
	sign_in_release(&s);
}

static void recorded_answers_give_a_session(void **unused)
{
	static const struct {
		enum sign_in_method method;
		const char *file;
	} cases[] = {
		{ SIGN_IN_REFRESH, "tests/recorded/sign_in/refresh_success_response.json" },
		{ SIGN_IN_JWT, "tests/recorded/sign_in/auth_success_response.json" },
		{ SIGN_IN_SOAP, "tests/recorded/sign_in/soap_login_success.xml" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		static char body[64 * 1024];
		struct sign_in s = begin(cases[i].method);
		struct answer answer = answer_of(200, "");
		struct token token = { 0 };
		FILE *f = fopen(cases[i].file, "rb");
		struct err e;

		assert_non_null(f);
		body[fread(body, 1, sizeof body - 1, f)] = '\0';
		fclose(f);
		if (take(&s, &token, &answer, body, &e))
			fail_msg("%s: %s", cases[i].file, e.text);
		assert_true(strlen(token.access) > 10);
		assert_non_null(strstr(body, token.access));
		assert_int_equal(strncmp(token.instance_url, "https://", 8), 0);
		assert_null(strchr(token.instance_url + 8, '/'));
		token_release(&token);
		sign_in_release(&s);
	}
}

static void what_a_browser_brought_is_good_once(void **unused)
{
	static const char
		without[] =
			"{\"access_token\":\"00D!secret\",\"instance_url\":\"https://acme.my.salesforce.com\"}",
		with[] = "{\"access_token\":\"00D!secret\",\"instance_url\":\"https://acme.my.salesforce.com\","
			 "\"refresh_token\":\"5Aep-new\"}";
	struct sign_in s = begin(SIGN_IN_BROWSER);
	struct answer answer = answer_of(200, without);
	struct token token = { 0 };
	struct http_request request;
	struct err e;

	(void)unused;
	assert_int_equal(take(&s, &token, &answer, without, &e), ERR_REFUSED);
	assert_non_null(strstr(e.text, "the scope refresh_token"));
	assert_null(token.access);
	answer = answer_of(200, with);
	assert_int_equal(take(&s, &token, &answer, with, &e), ERR_OK);
	assert_non_null(strstr(form_of(&s, &request), "grant_type=refresh_token"));
	assert_non_null(strstr(form_of(&s, &request), "refresh_token=5Aep-new"));
	token_release(&token);
	sign_in_release(&s);
}

static void a_way_that_is_being_switched_off_is_announced(void **unused)
{
	(void)unused;
	assert_non_null(strstr(sign_in_notice(SIGN_IN_SOAP), "Summer '27"));
	assert_non_null(strstr(sign_in_notice(SIGN_IN_PASSWORD), "Winter '27"));
	for (enum sign_in_method m = SIGN_IN_NONE; m <= SIGN_IN_BROWSER; m++)
		if (m != SIGN_IN_SOAP && m != SIGN_IN_PASSWORD)
			assert_null(sign_in_notice(m));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_way_asks_what_the_org_wants),
		cmocka_unit_test(soap_login_sends_the_recorded_envelope),
		cmocka_unit_test(a_jwt_verifies_and_says_who_and_for_how_long),
		cmocka_unit_test(a_key_that_cannot_sign_is_told_apart),
		cmocka_unit_test(a_jwt_for_the_wrong_audience_is_made_for_the_other_one),
		cmocka_unit_test(a_wrong_clock_is_said_where_a_jwt_is_refused),
		cmocka_unit_test(each_error_says_what_to_do_next),
		cmocka_unit_test(what_the_server_echoes_of_secrets_is_hidden),
		cmocka_unit_test(recorded_answers_give_a_session),
		cmocka_unit_test(what_a_browser_brought_is_good_once),
		cmocka_unit_test(a_way_that_is_being_switched_off_is_announced),
	};

	return cmocka_run_group_tests(tests, make_key, forget_key);
}
