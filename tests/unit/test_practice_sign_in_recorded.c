/* What the practice org answers to a sign-in beside what Salesforce answered: the same keys with the same types. */
#include "oauth_client.h"

#include <expat.h>

#define RECORDED "tests/recorded/sign_in/"
#define ANSWERS "tests/data/answers/"

static json_t *recorded(const char *path)
{
	json_t *json = json_load_file(path, 0, NULL);

	if (!json)
		fail_msg("cannot read %s", path);
	return json;
}

/* Every recorded key is in ours with its type; ours has no further ones but those of `more`. */
static void expect_keys(const char *body, json_t *wanted, const char *more)
{
	json_t *ours = json_loads(body, 0, NULL), *value;
	const char *key;

	assert_non_null(ours);
	json_object_foreach(wanted, key, value) {
		const json_t *found = json_object_get(ours, key);

		if (!found || json_typeof(found) != json_typeof(value))
			fail_msg("%s lacks, or has another type: %s", key, body);
	}
	json_object_foreach(ours, key, value) {
		if (!json_object_get(wanted, key) && !strstr(more, key))
			fail_msg("%s is nothing that was recorded", key);
	}
	json_decref(ours);
	json_decref(wanted);
}

static void token_answers_have_the_recorded_keys(void **unused)
{
	(void)unused;
	expect_keys(sign_in(PASSWORD_FORM).body, recorded(RECORDED "auth_success_response.json"), "token_type");
	expect_keys(sign_in(REFRESH_FORM).body, recorded(RECORDED "refresh_success_response.json"),
	            "token_type scope");
	expect_keys(sign_in(REFRESH_FORM).body, recorded(RECORDED "reauth_success_response.json"),
	            "token_type scope");
	expect_keys(sign_in(CLIENT_FORM).body, recorded(RECORDED "reauth_success_response.json"),
	            "token_type scope");
}

static void expect_same(const char *body, const char *path)
{
	json_t *ours = json_loads(body, 0, NULL), *wanted = recorded(path);

	if (!json_equal(ours, wanted))
		fail_msg("%s is not %s", body, path);
	json_decref(ours);
	json_decref(wanted);
}

static void refusals_are_the_recorded_ones(void **unused)
{
	(void)unused;
	expect_same(sign_in("grant_type=refresh_token&client_id=practice&refresh_token=x").body,
	            ANSWERS "refresh_error_response.json");
	expect_same(get_as("00D5e0000000001!dead", API "/limits").body,
	            ANSWERS "expired_session_response.json");
	expect_keys(sign_in("grant_type=password&" CLIENT "&username=x&password=y").body,
	            recorded(ANSWERS "auth_error_response.json"), "");
}

/* As Salesforce documents it; no live answer was published. s: text, b: boolean, o: object, n: number */
static const char user_info_keys[] =
	"sub:s user_id:s organization_id:s preferred_username:s nickname:s name:s email:s email_verified:b "
	"given_name:s family_name:s zoneinfo:s photos:o profile:s picture:s address:o "
	"is_salesforce_integration_user:b urls:o active:b user_type:s language:s locale:s utcOffset:n "
	"updated_at:s "
	"is_app_installed:b";

static char type_letter(const json_t *value)
{
	if (json_is_string(value))
		return 's';
	if (json_is_boolean(value))
		return 'b';
	if (json_is_object(value))
		return 'o';
	return json_is_integer(value) ? 'n' : '?';
}

static void user_info_has_the_documented_keys_in_their_order(void **unused)
{
	json_t *json = json_loads(get("/services/oauth2/userinfo").body, 0, NULL), *value;
	char keys[1024] = "";
	const char *key;

	(void)unused;
	json_object_foreach(json, key, value)
		sprintf(keys + strlen(keys), "%s%s:%c", keys[0] ? " " : "", key, type_letter(value));
	assert_string_equal(keys, user_info_keys);
	assert_int_equal(json_object_size(json_object_get(json, "urls")), 17);
	json_decref(json);
}

/* The elements of a document in their order, one a line: depth, name, kind of its text. */
struct outline {
	char lines[8192];
	char text[1024];
	int depth;
};

static void outline_begin(void *ctx, const char *name, const char **attributes)
{
	struct outline *o = ctx;
	const char *local = strrchr(name, '|');
	bool nil = false;

	for (; attributes[0]; attributes += 2)
		nil = nil || strcmp(attributes[0], "http://www.w3.org/2001/XMLSchema-instance|nil") == 0;
	sprintf(o->lines + strlen(o->lines), "%d %s%s", o->depth++, local ? local + 1 : name,
	        nil ? " nil" : "");
	o->text[0] = '\0';
}

static void outline_text(void *ctx, const char *text, int len)
{
	struct outline *o = ctx;

	strncat(o->text, text, (size_t)len);
}

static void outline_end(void *ctx, const char *name)
{
	struct outline *o = ctx;
	bool flag = strcmp(o->text, "true") == 0 || strcmp(o->text, "false") == 0;
	bool blank = o->text[strspn(o->text, " \t\r\n")] == '\0';
	bool number = !blank && o->text[strspn(o->text, "0123456789")] == '\0' && !strstr(name, "userId");

	o->depth--;
	strcat(o->lines, flag ? " flag\n" : number ? " number\n" : blank ? "\n" : " text\n");
	o->text[0] = '\0';
}

static const char *outline_of(struct outline *o, const char *xml)
{
	XML_Parser parser = XML_ParserCreateNS(NULL, '|');

	memset(o, 0, sizeof *o);
	XML_SetUserData(parser, o);
	XML_SetElementHandler(parser, outline_begin, outline_end);
	XML_SetCharacterDataHandler(parser, outline_text);
	if (XML_Parse(parser, xml, (int)strlen(xml), XML_TRUE) != XML_STATUS_OK)
		fail_msg("%s: %s", XML_ErrorString(XML_GetErrorCode(parser)), xml);
	XML_ParserFree(parser);
	return o->lines;
}

static const char *file_text(const char *path)
{
	static char text[16384];
	FILE *f = fopen(path, "r");
	size_t n;

	if (!f)
		fail_msg("cannot read %s", path);
	n = fread(text, 1, sizeof text - 1, f);
	text[n] = '\0';
	fclose(f);
	return text;
}

static struct reply soap_login_as(const char *username)
{
	char body[1024];

	snprintf(body, sizeof body,
	         "<env:Envelope xmlns:env=\"http://schemas.xmlsoap.org/soap/envelope/\"><env:Body><n1:login "
	         "xmlns:n1=\"urn:partner.soap.sforce.com\"><n1:username>%s</"
	         "n1:username><n1:password>" PRACTICE_PASSWORD PRACTICE_SECURITY_TOKEN
	         "</n1:password></n1:login></env:Body></env:Envelope>",
	         username);
	return send_with("POST", "/services/Soap/u/59.0", "Content-Type: text/xml\r\nSOAPAction: login\r\n",
	                 body);
}

static void a_soap_login_has_the_recorded_elements_in_their_order(void **unused)
{
	static struct outline ours, wanted;
	struct reply r = soap_login_as(PRACTICE_USERNAME);

	(void)unused;
	assert_int_equal(r.status, 200);
	assert_string_equal(outline_of(&ours, r.body),
	                    outline_of(&wanted, file_text(RECORDED "soap_login_success.xml")));
}

static void a_refused_soap_login_is_the_recorded_one_byte_for_byte(void **unused)
{
	struct reply r = soap_login_as("nobody");
	const char *wanted = file_text(ANSWERS "soap_login_fault.xml");

	(void)unused;
	assert_int_equal(r.status, 500);
	assert_int_equal(strcspn(wanted, "\n"), strlen(r.body));
	assert_memory_equal(r.body, wanted, strlen(r.body));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(token_answers_have_the_recorded_keys, empty_org),
		cmocka_unit_test_setup(refusals_are_the_recorded_ones, empty_org),
		cmocka_unit_test_setup(user_info_has_the_documented_keys_in_their_order, empty_org),
		cmocka_unit_test_setup(a_soap_login_has_the_recorded_elements_in_their_order, empty_org),
		cmocka_unit_test_setup(a_refused_soap_login_is_the_recorded_one_byte_for_byte, empty_org),
	};

	return cmocka_run_group_tests(tests, open_org, close_org);
}
