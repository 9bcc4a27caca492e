/* Settings from a file and from the environment, and whether they are enough. No sentence shows a value. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <limits.h>
#include <cmocka.h>

#include "core/org/settings.h"

static char folder[] = "/tmp/longshore-settings-XXXXXX";
static char path[64];

static int make_folder(void **unused)
{
	(void)unused;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof path, "%s/settings.json", folder);
	return 0;
}

static int remove_folder(void **unused)
{
	(void)unused;
	unlink(path);
	return rmdir(folder);
}

static enum err_code read_bytes(struct settings *s, const char *bytes, size_t len, struct err *e)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	fwrite(bytes, 1, len, f);
	fclose(f);
	err_init(e);
	return settings_read(s, path, e);
}

static enum err_code read_text(struct settings *s, const char *text, struct err *e)
{
	return read_bytes(s, text, strlen(text), e);
}

static void a_file_as_mage_writes_it_is_taken(void **unused)
{
	struct settings s;
	struct err e;

	(void)unused;
	assert_int_equal(
		read_text(&s,
	                  "{\"client_id\": \"app\", \"client_secret\": \"sec\", \"refresh_token\": \"ref\",\n"
	                  "\"username\": \"\", \"password\": null, \"security_token\": \"\",\n"
	                  "\"domain\": \"test\", \"action\": \"upsert\", \"external_id_name\": \"Ext__c\",\n"
	                  "\"allow_failures\": true, \"table_name\": \"Account\", \"api_version\": null}",
	                  &e),
		ERR_OK);
	assert_string_equal(s.client_id, "app");
	assert_string_equal(s.client_secret, "sec");
	assert_string_equal(s.refresh_token, "ref");
	assert_string_equal(s.domain, "test");
	assert_string_equal(s.action, "upsert");
	assert_string_equal(s.external_id_name, "Ext__c");
	assert_string_equal(s.table_name, "Account");
	assert_true(s.allow_failures);
	assert_true(s.allow_failures_given);
	assert_null(s.access_token);
	assert_null(s.api_version);
	assert_int_equal(settings_complete(&s, &e), ERR_OK);
	settings_release(&s);
	assert_null(s.client_id);
	settings_release(&s);
}

static void what_is_wrong_in_a_file_is_told_by_its_line(void **unused)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "{\n\"client_id\": \"TOPSECRET\",\n\"client_secret\" \"TOPSECRET\"}", "line 3" },
		{ "{\n\n\"refresh_token\": TOPSECRET}", "line 3" },
		{ "{\"client_id\": \"a\",\n\"colour\": \"TOPSECRET\"}",
		  "line 2: there is no setting \"colour\"" },
		{ "{\"client_id\": \"a\",\n\n\"domain\": 7}", "line 3: \"domain\" must be a text" },
		{ "{\"allow_failures\": \"TOPSECRET\"}", "line 1: \"allow_failures\" must be true or false" },
		{ "{\"password\":\n{\"TOPSECRET\": 1}}", "line 1: \"password\" must be a text" },
		{ "[\"TOPSECRET\"]", "line 1" },
		{ "\"TOPSECRET\"", "line 1" },
		{ "", "line 1" },
		{ "{\"domain\": \"a\", \"domain\": \"TOPSECRET\"}", "twice" },
		{ "{\"domain\": \"\xff\"}", "line 1" },
		{ "{\"domain\": \"a\\u0000b\"}", "line 1" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct settings s;
		struct err e;

		assert_int_equal(read_text(&s, cases[i].text, &e), ERR_USAGE);
		if (!strstr(e.text, cases[i].says) || !strstr(e.text, path))
			fail_msg("\"%s\" does not say \"%s\"", e.text, cases[i].says);
		assert_null(strstr(e.text, "TOPSECRET"));
		assert_null(s.client_id); /* nothing is left to be released */
	}
}

static void a_file_that_cannot_be_read_is_named(void **unused)
{
	static char large[70 * 1024];
	struct settings s;
	struct err e;

	(void)unused;
	err_init(&e);
	assert_int_equal(settings_read(&s, "/nonexistent/settings.json", &e), ERR_FILE);
	assert_non_null(strstr(e.text, "/nonexistent/settings.json: No such file"));
	err_init(&e);
	assert_int_equal(settings_read(&s, folder, &e), ERR_FILE);
	memset(large, ' ', sizeof large);
	assert_int_equal(read_bytes(&s, large, sizeof large, &e), ERR_FILE);
}

static void the_environment_has_the_same_names(void **unused)
{
	struct settings s;
	struct err e;

	(void)unused;
	setenv("LONGSHORE_CLIENT_ID", "app", 1);
	setenv("LONGSHORE_REFRESH_TOKEN", "ref", 1);
	setenv("LONGSHORE_INSTANCE_URL", "", 1);
	setenv("LONGSHORE_ALLOW_FAILURES", "false", 1);
	err_init(&e);
	assert_int_equal(settings_from_environment(&s, &e), ERR_OK);
	assert_string_equal(s.client_id, "app");
	assert_string_equal(s.refresh_token, "ref");
	assert_null(s.instance_url);
	assert_false(s.allow_failures);
	assert_true(s.allow_failures_given);
	assert_int_equal(settings_complete(&s, &e), ERR_OK);
	settings_release(&s);
	setenv("LONGSHORE_ALLOW_FAILURES", "perhaps", 1);
	assert_int_equal(settings_from_environment(&s, &e), ERR_USAGE);
	assert_non_null(strstr(e.text, "LONGSHORE_ALLOW_FAILURES"));
	unsetenv("LONGSHORE_CLIENT_ID");
	unsetenv("LONGSHORE_REFRESH_TOKEN");
	unsetenv("LONGSHORE_INSTANCE_URL");
	unsetenv("LONGSHORE_ALLOW_FAILURES");
}

static void secrets_do_not_stay_in_the_environment(void **unused)
{
	struct settings s;
	struct err e;
	int ends[2];

	(void)unused;
	err_init(&e);
	setenv("LONGSHORE_CLIENT_ID", "app", 1);
	setenv("LONGSHORE_CLIENT_SECRET", "hush", 1);
	setenv("LONGSHORE_PASSWORD", "", 1);
	assert_false(settings_seized());
	settings_seize_environment();
	assert_true(settings_seized());
	assert_null(getenv("LONGSHORE_CLIENT_SECRET"));
	assert_string_equal(getenv("LONGSHORE_CLIENT_ID"), "app");
	assert_int_equal(settings_from_environment(&s, &e), ERR_OK);
	assert_string_equal(s.client_id, "app");
	assert_string_equal(s.client_secret, "hush");
	assert_null(s.password);
	settings_release(&s);

	assert_int_equal(pipe(ends), 0); /* as an engine gets them */
	assert_int_equal(settings_hand_over(ends[1], &e), ERR_OK);
	close(ends[1]);
	settings_forget_environment();
	assert_false(settings_seized());
	assert_int_equal(settings_receive(ends[0], &e), ERR_OK);
	close(ends[0]);
	assert_int_equal(settings_from_environment(&s, &e), ERR_OK);
	assert_string_equal(s.client_secret, "hush");
	settings_release(&s);
	settings_forget_environment();
	assert_int_equal(settings_from_environment(&s, &e), ERR_OK);
	assert_null(s.client_secret);
	settings_release(&s);
	unsetenv("LONGSHORE_CLIENT_ID");
	unsetenv("LONGSHORE_PASSWORD");
}

static void what_is_missing_is_named(void **unused)
{
	static const struct {
		const char *text;
		enum err_code code;
		const char *says;
	} cases[] = {
		{ "{}", ERR_USAGE, "nothing to sign in with" },
		{ "{\"client_id\":\"a\"}", ERR_USAGE, "refresh_token is missing" },
		{ "{\"client_secret\":\"a\"}", ERR_USAGE, "client_id is missing" },
		{ "{\"client_id\":\"a\",\"client_secret\":\"b\"}", ERR_USAGE,
		  "refresh_token is missing; to sign" },
		{ "{\"client_id\":\"a\",\"client_secret\":\"b\",\"domain\":\"test\"}", ERR_USAGE, "My Domain" },
		{ "{\"client_id\":\"a\",\"client_secret\":\"b\",\"domain\":\"acme\"}", ERR_OK, "" },
		{ "{\"username\":\"a\"}", ERR_USAGE, "password is missing" },
		{ "{\"password\":\"a\"}", ERR_USAGE, "username is missing" },
		{ "{\"username\":\"u\",\"password\":\"p\"}", ERR_OK, "" },
		{ "{\"private_key_file\":\"k\",\"username\":\"u\"}", ERR_USAGE, "client_id is missing" },
		{ "{\"private_key\":\"k\",\"client_id\":\"u\"}", ERR_USAGE, "username is missing" },
		{ "{\"private_key\":\"k\",\"client_id\":\"u\",\"username\":\"u\"}", ERR_OK, "" },
		{ "{\"username\":\"u\",\"password\":\"p\",\"client_key_file\":\"k\"}", ERR_USAGE,
		  "client_certificate_file is missing" },
		{ "{\"username\":\"u\",\"password\":\"p\",\"client_certificate_file\":\"k\"}", ERR_USAGE,
		  "client_key_file is missing" },
		{ "{\"refresh_token\":\"a\"}", ERR_USAGE, "client_id is missing" },
		{ "{\"access_token\":\"a\"}", ERR_USAGE, "instance_url is missing" },
		{ "{\"client_id\":\"a\",\"username\":\"u\",\"password\":\"p\"}", ERR_USAGE,
		  "client_secret is missing" },
		{ "{\"access_token\":\"a\",\"instance_url\":\"https://acme.my.salesforce.com\"}", ERR_OK, "" },
		{ "{\"access_token\":\"a\",\"instance_url\":\"http://127.0.0.1:8080/\"}", ERR_OK, "" },
		{ "{\"access_token\":\"a\",\"instance_url\":\"http://acme.my.salesforce.com\"}", ERR_USAGE,
		  "instance_url" },
		{ "{\"access_token\":\"a\",\"instance_url\":\"acme.my.salesforce.com\"}", ERR_USAGE,
		  "instance_url" },
		{ "{\"access_token\":\"a\",\"instance_url\":\"https://u:p@acme.my.salesforce.com\"}", ERR_USAGE,
		  "instance_url" },
		{ "{\"client_id\":\"a\",\"refresh_token\":\"b\",\"login_url\":\"http://localhost:80\"}",
		  ERR_USAGE, "login_url" },
		{ "{\"client_id\":\"a\",\"refresh_token\":\"b\",\"login_url\":\"http://127.0.0.1:80\"}", ERR_OK,
		  "" },
		{ "{\"client_id\":\"a\",\"refresh_token\":\"b\",\"domain\":\"a b\"}", ERR_USAGE, "domain" },
		{ "{\"client_id\":\"a\",\"refresh_token\":\"b\",\"domain\":\"http://acme.my\"}", ERR_USAGE,
		  "domain" },
		{ "{\"client_id\":\"a\",\"refresh_token\":\"b\",\"api_version\":\"v62\"}", ERR_USAGE,
		  "api_version" },
		{ "{\"client_id\":\"a\",\"refresh_token\":\"b\",\"api_version\":\"62.0\"}", ERR_OK, "" },
		{ "{\"client_id\":\"a\",\"refresh_token\":\"b\",\"username\":\"u\",\"password\":\"p\"}", ERR_OK,
		  "" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct settings s;
		struct err e;

		assert_int_equal(read_text(&s, cases[i].text, &e), ERR_OK);
		if (settings_complete(&s, &e) != cases[i].code || !strstr(e.text, cases[i].says))
			fail_msg("%s: %d \"%s\"", cases[i].text, e.code, e.text);
		settings_release(&s);
	}
}

static void a_domain_may_be_given_as_people_know_it(void **unused)
{
	static const char *const pairs[][2] = {
		{ NULL, "https://login.salesforce.com" },
		{ "login", "https://login.salesforce.com" },
		{ "test", "https://test.salesforce.com" },
		{ "acme.my", "https://acme.my.salesforce.com" },
		{ "acme", "https://acme.my.salesforce.com" },
		{ "acme--uat.sandbox", "https://acme--uat.sandbox.my.salesforce.com" },
		{ "acme--uat.sandbox.my", "https://acme--uat.sandbox.my.salesforce.com" },
		{ "acme.my.salesforce.com", "https://acme.my.salesforce.com" },
		{ "https://acme.my.salesforce.com/", "https://acme.my.salesforce.com" },
		{ "acme--uat", "https://acme--uat.sandbox.my.salesforce.com" },
		{ " Test ", "https://test.salesforce.com" },
		{ "HTTPS://acme.my.salesforce.com", "https://acme.my.salesforce.com" },
		{ "acme-dev-ed.develop.lightning.force.com", "https://acme-dev-ed.develop.my.salesforce.com" },
		{ "https://acme.lightning.force.com/lightning/page/home", "https://acme.my.salesforce.com" },
	};
	char domain[128], origin[256];
	struct err e;

	(void)unused;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		struct settings s = { .domain = pairs[i][0] ? domain : NULL };

		snprintf(domain, sizeof domain, "%s", pairs[i][0] ? pairs[i][0] : "");
		err_init(&e);
		assert_int_equal(settings_login(&s, origin, &e), ERR_OK);
		assert_string_equal(origin, pairs[i][1]);
	}
}

static void each_set_of_settings_is_one_way_in(void **unused)
{
	static const struct {
		const char *text;
		enum sign_in_method method;
	} cases[] = {
		{ "{\"access_token\":\"a\"}", SIGN_IN_NONE },
		{ "{\"refresh_token\":\"a\",\"client_id\":\"c\",\"client_secret\":\"s\"}", SIGN_IN_REFRESH },
		{ "{\"username\":\"u\",\"password\":\"p\"}", SIGN_IN_SOAP },
		{ "{\"username\":\"u\",\"refresh_token\":\"p\"}", SIGN_IN_REFRESH },
		{ "{\"username\":\"u\",\"password\":\"p\",\"client_id\":\"c\"}", SIGN_IN_PASSWORD },
		{ "{\"username\":\"u\",\"password\":\"p\",\"client_id\":\"c\",\"refresh_token\":\"r\"}",
		  SIGN_IN_SOAP }, /* both sets of Mage's */
		{ "{\"client_id\":\"c\",\"client_secret\":\"s\"}", SIGN_IN_CLIENT },
		{ "{\"private_key_file\":\"k\",\"username\":\"u\",\"password\":\"p\"}", SIGN_IN_JWT },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct settings s;
		struct err e;

		assert_int_equal(read_text(&s, cases[i].text, &e), ERR_OK);
		assert_int_equal(settings_method(&s), cases[i].method);
		settings_release(&s);
	}
}

static void files_are_named_from_where_the_settings_lie(void **unused)
{
	struct settings s;
	char beside[96];
	struct err e;

	(void)unused;
	assert_int_equal(
		read_text(&s, "{\"private_key_file\":\"keys/app.pem\",\"ca_file\":\"/etc/ca.pem\"}", &e),
		ERR_OK);
	snprintf(beside, sizeof beside, "%s/keys/app.pem", folder);
	assert_string_equal(s.private_key_file, beside);
	assert_string_equal(s.ca_file, "/etc/ca.pem");
	settings_release(&s);
	assert_null(s.private_key_file);
}

/* As a saved org keeps them: a private key goes along, other files by their whole path, nothing of a load. */
static void what_signs_in_can_be_kept_and_taken_out_again(void **unused)
{
	struct settings s, kept;
	char key[96], whole[PATH_MAX], text[512];
	struct buf packed;
	struct err e;
	FILE *f;

	(void)unused;
	snprintf(key, sizeof key, "%s/app.pem", folder);
	f = fopen(key, "w");
	assert_non_null(f);
	fputs("-----BEGIN PRIVATE KEY-----\nMII\n", f);
	fclose(f);
	snprintf(text, sizeof text,
	         "{\"client_id\":\"app\",\"username\":\"ana\",\"private_key_file\":\"app.pem\",\"ca_file\":"
	         "\"app.pem\","
	         "\"domain\":\"acme\",\"action\":\"upsert\",\"table_name\":\"Account\",\"allow_failures\":"
	         "true}");
	assert_int_equal(read_text(&s, text, &e), ERR_OK);
	buf_init(&packed, 64 * 1024);
	assert_int_equal(settings_pack(&s, &packed, &e), ERR_OK);
	settings_release(&s);
	assert_non_null(realpath(key, whole));
	unlink(key);
	if (settings_unpack(&kept, buf_slice(&packed), &e))
		fail_msg("%s", e.text);
	assert_string_equal(kept.client_id, "app");
	assert_string_equal(kept.private_key, "-----BEGIN PRIVATE KEY-----\nMII\n");
	assert_null(kept.private_key_file);
	assert_string_equal(kept.ca_file, whole);
	assert_string_equal(kept.domain, "acme");
	assert_null(kept.action);
	assert_null(kept.table_name);
	assert_false(kept.allow_failures_given);
	assert_int_equal(settings_method(&kept), SIGN_IN_JWT);
	settings_release(&kept);
	for (size_t len = 1; len < packed.len;
	     len++) { /* cut anywhere: all of it or a sentence, and nothing is left over */
		err_init(&e);
		if (settings_unpack(&kept, (struct slice){ packed.at, len }, &e) == ERR_OK)
			settings_release(&kept);
		else
			assert_int_equal(e.code, ERR_FILE);
		assert_null(kept.client_id);
	}
	buf_wipe(&packed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_as_mage_writes_it_is_taken),
		cmocka_unit_test(what_is_wrong_in_a_file_is_told_by_its_line),
		cmocka_unit_test(a_file_that_cannot_be_read_is_named),
		cmocka_unit_test(the_environment_has_the_same_names),
		cmocka_unit_test(secrets_do_not_stay_in_the_environment),
		cmocka_unit_test(what_is_missing_is_named),
		cmocka_unit_test(a_domain_may_be_given_as_people_know_it),
		cmocka_unit_test(each_set_of_settings_is_one_way_in),
		cmocka_unit_test(files_are_named_from_where_the_settings_lie),
		cmocka_unit_test(what_signs_in_can_be_kept_and_taken_out_again),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
