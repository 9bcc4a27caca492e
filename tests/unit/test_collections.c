/* Collections against an org played by a scripted server: what is asked, and which answers tell what became of the records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/org/collections.h"
#include "scripted_org.h"

struct told {
	struct answer answer;
	struct collections_result results[3];
	char code[64], message[64], fields[64];
	bool has_results;
	int times;
};

static void hear_results(void *ctx, const struct answer *answer, const struct collections_result *results)
{
	struct told *t = ctx;

	t->answer = *answer;
	t->times++;
	t->has_results = results != NULL;
	if (!results)
		return;
	memcpy(t->results, results, 2 * sizeof *results);
	snprintf(t->code, sizeof t->code, "%s", results[1].code);
	snprintf(t->message, sizeof t->message, "%s", results[1].message);
	snprintf(t->fields, sizeof t->fields, "%s", results[1].fields);
}

/* One request for two records, answered with `step`. The server is to be forgotten by the caller. */
static struct told send_two(struct fixture *f, const struct collections_spec *spec, const char *records,
                            struct step step)
{
	struct told told = { 0 };
	struct err e;

	*f = (struct fixture){ 0 };
	add_token(f);
	add(f, step);
	sign_in(f);
	err_init(&e);
	assert_int_equal(collections_send(f->org, spec, slice_of(records), hear_results, &told, &e), ERR_OK);
	while (!told.times)
		http_turn(org_http(f->org), 1000);
	end(f);
	assert_int_equal(told.times, 1);
	return told;
}

static const char two_results[] =
	"[{\"id\":\"0035500001H9kZu\",\"success\":true,\"errors\":[],\"created\":true},"
	"{\"success\":false,\"errors\":[{\"statusCode\":\"REQUIRED_FIELD_MISSING\",\"message\":"
	"\"missing\",\"fields\":[\"LastName\",\"Email\"]}]}]";

static void an_upsert_names_object_and_key_and_its_results_come_in_order(void **unused)
{
	static struct fixture f;
	struct collections_spec spec = { COLLECTIONS_UPSERT, "Contact", "Ext__c", .count = 2 };
	struct told told = send_two(&f, &spec, "{\"a\":1},{\"b\":2}",
	                            (struct step){ .when = "PATCH", .status = 200, .body = two_results });
	const struct arrival *got = server_last(&f.server, "PATCH " API "/composite/sobjects/Contact/Ext__c ");

	(void)unused;
	assert_int_equal(told.answer.verdict, VERDICT_DONE);
	assert_true(told.results[0].success);
	assert_int_equal(told.results[0].created, 1);
	assert_string_equal(told.results[0].id, "0035500001H9kZuAAJ");
	assert_false(told.results[1].success);
	assert_int_equal(told.results[1].created, -1);
	assert_string_equal(told.code, "REQUIRED_FIELD_MISSING");
	assert_string_equal(told.message, "missing");
	assert_string_equal(told.fields, "LastName,Email");
	assert_non_null(got);
	assert_string_equal(got->body, "{\"allOrNone\":false,\"records\":[{\"a\":1},{\"b\":2}]}");
	assert_null(strcasestr(got->head, "Sforce-Duplicate-Rule-Header"));
	assert_null(strcasestr(got->head, "Sforce-Auto-Assign"));
	server_forget(&f.server);
}

static void what_people_ask_for_is_in_the_request(void **unused)
{
	static struct fixture f;
	struct collections_spec spec = {
		COLLECTIONS_CREATE, "Case", NULL, true, true, "01Q000000000001AAA", 2
	};
	const struct arrival *got;

	(void)unused;
	send_two(&f, &spec, "{},{}", (struct step){ .when = "POST " API, .status = 200, .body = two_results });
	got = server_last(&f.server, "POST " API "/composite/sobjects ");
	assert_non_null(got);
	assert_non_null(strstr(got->head, "Sforce-Duplicate-Rule-Header: allowSave=true\r\n"));
	assert_non_null(strstr(got->head, "Sforce-Auto-Assign: 01Q000000000001AAA\r\n"));
	assert_string_equal(got->body, "{\"allOrNone\":true,\"records\":[{},{}]}");
	server_forget(&f.server);
}

static void a_delete_names_ids_alone(void **unused)
{
	static struct fixture f;
	struct collections_spec spec = { COLLECTIONS_DELETE, "Contact", NULL, .count = 2 };

	(void)unused;
	send_two(&f, &spec, "003000000000001AAA,003000000000002AAA",
	         (struct step){ .when = "DELETE", .status = 200, .body = two_results });
	assert_non_null(server_last(&f.server, "DELETE " API
	                                       "/composite/sobjects?ids=003000000000001AAA,003000000000002AAA"
	                                       "&allOrNone=false "));
	server_forget(&f.server);
}

static void an_answer_that_does_not_account_for_each_record_is_none(void **unused)
{
	static const char *const bodies[] = {
		"",
		"[]",
		"[{\"id\":\"0035500001H9kZu\",\"success\":true,\"errors\":[]}]",
		"[{\"success\":true},{\"success\":false,\"errors\":[]}]",
		"[{\"id\":\"0035500001H9kZu\",\"success\":true},{\"errors\":[]}]",
		"{\"success\":true}",
		"<html>",
	};
	struct collections_spec spec = { COLLECTIONS_CREATE, "Contact", NULL, .count = 2 };

	(void)unused;
	for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
		static struct fixture f;
		struct told told = send_two(
			&f, &spec, "{},{}",
			(struct step){ .when = "POST " API, .status = 200, .body = bodies[i] });

		assert_int_equal(told.answer.verdict, VERDICT_UNKNOWN);
		assert_false(told.has_results);
		server_forget(&f.server);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_upsert_names_object_and_key_and_its_results_come_in_order),
		cmocka_unit_test(what_people_ask_for_is_in_the_request),
		cmocka_unit_test(a_delete_names_ids_alone),
		cmocka_unit_test(an_answer_that_does_not_account_for_each_record_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
