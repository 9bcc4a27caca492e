/* What a record type offers: the shape of the org's answer, and what is said where it gives none. */
#include "scripted_org.h"

#include "core/org/picklists.h"

#define RESOURCE "GET " API "/ui-api/object-info/Account/picklist-values/0125j000000RqVlAAK "

static struct fixture f;
static char values[512];

static int set_up(void **unused)
{
	(void)unused;
	memset(&f, 0, sizeof f);
	values[0] = '\0';
	add_token(&f);
	return 0;
}

static bool each(void *ctx, const char *field, struct slice value)
{
	size_t used = strlen(values);

	(void)ctx;
	snprintf(values + used, sizeof values - used, "%s=%.*s;", field, SLICE_ARGS(value));
	return true;
}

static enum err_code asked(int status, const char *body, bool *told, struct err *e)
{
	enum err_code rc;

	err_init(e);
	add(&f, (struct step){ .when = RESOURCE, .status = status, .body = body, .forever = true });
	sign_in(&f);
	rc = picklists_ask(f.org, "Account", "0125j000000RqVlAAK", each, NULL, told, e);
	end(&f);
	server_forget(&f.server);
	return rc;
}

static void values_come_by_field(void **unused)
{
	struct err e;
	bool told;

	(void)unused;
	assert_int_equal(
		asked(200,
	              "{\"eTag\":\"0\",\"picklistFieldValues\":{\"Industry\":{\"controllerValues\":{},"
	              "\"defaultValue\":null,\"eTag\":\"1\",\"url\":\"/x\",\"values\":[{\"attributes\":null,"
	              "\"label\":\"Farming\",\"validFor\":[],\"value\":\"Agriculture\"},{\"label\":\"B\","
	              "\"value\":\"Banking\"}]},\"Type\":{\"controllerValues\":{},\"values\":[]}}}",
	              &told, &e),
		ERR_OK);
	assert_true(told);
	assert_string_equal(values, "Industry=Agriculture;Industry=Banking;");
}

static void a_refusal_is_no_error(void **unused)
{
	struct err e;
	bool told = true;

	(void)unused;
	assert_int_equal(
		asked(404,
	              "[{\"errorCode\":\"NOT_FOUND\",\"message\":\"The requested resource does not exist\"}]",
	              &told, &e),
		ERR_OK);
	assert_false(told);
	assert_string_equal(values, "");
}

static void no_usable_answer_is_one(void **unused)
{
	struct err e;
	bool told = true;

	(void)unused;
	assert_int_equal(asked(500, "[{\"errorCode\":\"UNKNOWN_EXCEPTION\",\"message\":\"oops\"}]", &told, &e),
	                 ERR_UNREACHABLE);
	assert_false(told);
}

static void an_answer_of_another_kind_is_one_too(void **unused)
{
	struct err e;
	bool told;

	(void)unused;
	assert_int_equal(asked(200, "<html>Hello</html>", &told, &e), ERR_UNREACHABLE);
	assert_non_null(strstr(e.text, "in a way that nobody understands"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(values_come_by_field, set_up),
		cmocka_unit_test_setup(a_refusal_is_no_error, set_up),
		cmocka_unit_test_setup(no_usable_answer_is_one, set_up),
		cmocka_unit_test_setup(an_answer_of_another_kind_is_one_too, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
