/* The practice org's JWT bearer flow: what is signed and fits gives a session, everything else Salesforce's words. */
#include "oauth_client.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <time.h>

#include "practice/base64.h"

#define RS256 "{\"alg\":\"RS256\"}"
#define ORG_LOGIN "https://login.salesforce.com"

static EVP_PKEY *ours, *another;

static int open_keys(void **unused)
{
	ours = EVP_RSA_gen(2048);
	another = EVP_RSA_gen(2048);
	return open_org(unused);
}

static int close_keys(void **unused)
{
	EVP_PKEY_free(ours);
	EVP_PKEY_free(another);
	return close_org(unused);
}

static void pem_of(EVP_PKEY *key, bool as_certificate, char *to, size_t size)
{
	BIO *bio = BIO_new(BIO_s_mem());
	int n;

	if (as_certificate) {
		X509 *x = X509_new();

		X509_set_pubkey(x, key);
		X509_gmtime_adj(X509_getm_notBefore(x), 0);
		X509_gmtime_adj(X509_getm_notAfter(x), 3600);
		assert_true(X509_sign(x, key, EVP_sha256()) > 0);
		PEM_write_bio_X509(bio, x);
		X509_free(x);
	} else {
		PEM_write_bio_PUBKEY(bio, key);
	}
	n = BIO_read(bio, to, (int)size - 1);
	assert_true(n > 0);
	to[n] = '\0';
	BIO_free(bio);
}

/* The scenario in which the org trusts our key; `more` are further rules, with a comma in front. */
static void trust_us(bool as_certificate, const char *more)
{
	static char pem[4096], scenario[8192];
	char *to = scenario + sprintf(scenario, "{\"sign_in\":{\"certificate\":\"");

	pem_of(ours, as_certificate, pem, sizeof pem);
	for (const char *at = pem; *at; at++) {
		if (*at == '\n')
			to += sprintf(to, "\\n");
		else
			*to++ = *at;
	}
	sprintf(to, "\"%s}}", more);
	use_scenario(scenario);
}

static void add_part(char *to, const char *json)
{
	base64_encode_url((const unsigned char *)json, strlen(json), to + strlen(to));
}

/* Header and claims signed with the key. */
static const char *assertion(const char *header, const char *claims, EVP_PKEY *key)
{
	static char text[8192];
	unsigned char signature[512];
	size_t len = sizeof signature;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	text[0] = '\0';
	add_part(text, header);
	strcat(text, ".");
	add_part(text, claims);
	EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key);
	assert_int_equal(EVP_DigestSign(ctx, signature, &len, (const unsigned char *)text, strlen(text)), 1);
	EVP_MD_CTX_free(ctx);
	strcat(text, ".");
	base64_encode_url(signature, len, text + strlen(text));
	return text;
}

/* Claims that end in so many seconds; what is NULL has the right value. */
static const char *claims(const char *issuer, const char *subject, const char *audience, int seconds)
{
	static char text[1024];

	snprintf(text, sizeof text, "{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":\"%s\",\"exp\":%lld}",
	         issuer ? issuer : PRACTICE_CLIENT_ID, subject ? subject : PRACTICE_USERNAME,
	         audience ? audience : ORG_LOGIN, (long long)time(NULL) + seconds);
	return text;
}

static struct reply bear(const char *jwt)
{
	static char form[16384];

	snprintf(form, sizeof form,
	         "grant_type=urn%%3Aietf%%3Aparams%%3Aoauth%%3Agrant-type%%3Ajwt-bearer&assertion=%s", jwt);
	return sign_in(form);
}

static void expect_invalid(const char *jwt)
{
	expect_refused(bear(jwt), "invalid_grant", "invalid assertion");
}

static void a_signed_assertion_gives_a_session(void **unused)
{
	char token[TOKEN_ROOM];
	struct reply r;

	(void)unused;
	for (int as_certificate = 0; as_certificate < 2; as_certificate++) {
		trust_us(as_certificate, "");
		r = bear(assertion(RS256, claims(NULL, NULL, NULL, 120), ours));
		assert_int_equal(r.status, 200);
		assert_string_equal(json_value(r.body, "refresh_token"), "");
		take_value(r.body, "access_token", token, sizeof token);
		assert_true(works(token));
	}
}

static void what_we_did_not_sign_is_invalid(void **unused)
{
	char changed[8192], *dot;
	const char *jwt;

	(void)unused;
	expect_invalid(assertion(RS256, claims(NULL, NULL, NULL, 120), ours)); /* nobody is trusted yet */
	trust_us(false, "");
	expect_invalid(assertion(RS256, claims(NULL, NULL, NULL, 120), another));
	jwt = assertion(RS256, claims("other", NULL, NULL, 120), ours);
	snprintf(changed, sizeof changed, "%s", jwt);
	dot = strchr(changed, '.');
	*dot = '\0';
	strcat(changed, ".");
	add_part(changed, claims(NULL, NULL, NULL, 120));
	strcat(changed, strrchr(jwt, '.'));
	expect_invalid(changed);
}

static void no_algorithm_but_rs256_is_taken(void **unused)
{
	static const char *const headers[] = {
		"{\"alg\":\"none\"}", "{\"alg\":\"HS256\"}", "{\"alg\":\"RS512\"}", "{\"alg\":1}", "{}", "[]"
	};

	(void)unused;
	trust_us(false, "");
	for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
		expect_invalid(assertion(headers[i], claims(NULL, NULL, NULL, 120), ours));
}

static void what_is_no_jwt_is_invalid(void **unused)
{
	static const char *const texts[] = { "x",
		                             ".",
		                             "..",
		                             "a.b.c",
		                             "a.b.c.d",
		                             "%00",
		                             "e30.e30.e30",
		                             "eyJhbGciOiJSUzI1NiJ9..",
		                             "eyJhbGciOiJSUzI1NiJ9.e30.====" };

	(void)unused;
	trust_us(false, "");
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct reply r = bear(texts[i]);

		if (r.status != 400)
			fail_msg("%s: %d %s", texts[i], r.status, r.body);
	}
}

static void claims_that_do_not_fit_are_named(void **unused)
{
	(void)unused;
	trust_us(false, "");
	expect_refused(bear(assertion(RS256, claims("other", NULL, NULL, 120), ours)), "invalid_client_id",
	               "client identifier invalid");
	expect_refused(bear(assertion(RS256, claims(NULL, "nobody@x.example", NULL, 120), ours)),
	               "invalid_grant", "user hasn't approved this consumer");
	expect_refused(bear(assertion(RS256, claims(NULL, NULL, "https://test.salesforce.com", 120), ours)),
	               "invalid_grant", "Audience validation failed");
	expect_refused(bear(assertion(RS256, claims(NULL, NULL, NULL, -10), ours)), "invalid_grant",
	               "expired assertion");
	expect_invalid(assertion(RS256, claims(NULL, NULL, NULL, 600), ours));
	expect_invalid(assertion(
		RS256, "{\"iss\":\"practice\",\"sub\":\"" PRACTICE_USERNAME "\",\"aud\":\"" ORG_LOGIN "\"}",
		ours));
}

static void an_assertion_ends_by_the_clock_of_the_org(void **unused)
{
	static char jwt[8192];

	(void)unused;
	trust_us(false, "");
	snprintf(jwt, sizeof jwt, "%s", assertion(RS256, claims(NULL, NULL, NULL, 120), ours));
	assert_int_equal(bear(jwt).status, 200);
	ask("POST", "/practice/clock", "{\"advance_ms\":121000}");
	expect_refused(bear(jwt), "invalid_grant", "expired assertion");
}

static void the_audience_may_be_the_org_itself_or_what_a_scenario_says(void **unused)
{
	char url[PRACTICE_URL], list[512];

	(void)unused;
	practice_url(&org, url);
	trust_us(false, "");
	assert_int_equal(bear(assertion(RS256, claims(NULL, NULL, url, 120), ours)).status, 200);
	snprintf(list, sizeof list, "{\"iss\":\"practice\",\"sub\":\"%s\",\"aud\":[\"x\",\"%s\"],\"exp\":%lld}",
	         PRACTICE_USERNAME, url, (long long)time(NULL) + 60);
	assert_int_equal(bear(assertion(RS256, list, ours)).status, 200);
	trust_us(false, ",\"audience\":\"https://test.salesforce.com\"");
	assert_int_equal(
		bear(assertion(RS256, claims(NULL, NULL, "https://test.salesforce.com", 120), ours)).status,
		200);
	expect_refused(bear(assertion(RS256, claims(NULL, NULL, NULL, 120), ours)), "invalid_grant",
	               "Audience validation failed");
}

static void an_app_that_nobody_approved_is_told_so(void **unused)
{
	(void)unused;
	trust_us(false, ",\"refuse\":\"unapproved_app\"");
	expect_refused(bear(assertion(RS256, claims(NULL, NULL, NULL, 120), ours)), "invalid_grant",
	               "user hasn't approved this consumer");
}

static void base64_is_read_strictly(void **unused)
{
	static const char *const bad[] = { "",     "Q",        "QQ",   "QQ=",   "Q===",
		                           "====", "QQ==QQ==", "Q Q=", " QQ==", "QQ==\n" };
	struct buf to;

	(void)unused;
	buf_init(&to, 64);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (base64_decode(slice_of(bad[i]), &to))
			fail_msg("'%s' was taken", bad[i]);
	assert_true(base64_decode(slice_of("+/8AQQ=="), &to));
	assert_memory_equal(to.at, "\xfb\xff\0A", 4);
	buf_clear(&to);
	assert_true(base64_decode_url(slice_of("-_8AQQ"), &to));
	assert_int_equal(to.len, 4);
	assert_false(base64_decode_url(slice_of("+_8AQQ"), &to));
	buf_release(&to);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_signed_assertion_gives_a_session, empty_org),
		cmocka_unit_test_setup(what_we_did_not_sign_is_invalid, empty_org),
		cmocka_unit_test_setup(no_algorithm_but_rs256_is_taken, empty_org),
		cmocka_unit_test_setup(what_is_no_jwt_is_invalid, empty_org),
		cmocka_unit_test_setup(claims_that_do_not_fit_are_named, empty_org),
		cmocka_unit_test_setup(an_assertion_ends_by_the_clock_of_the_org, empty_org),
		cmocka_unit_test_setup(the_audience_may_be_the_org_itself_or_what_a_scenario_says, empty_org),
		cmocka_unit_test_setup(an_app_that_nobody_approved_is_told_so, empty_org),
		cmocka_unit_test(base64_is_read_strictly),
	};

	return cmocka_run_group_tests(tests, open_keys, close_keys);
}
