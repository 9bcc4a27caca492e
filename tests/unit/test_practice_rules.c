/* What an administrator has set up: fields kept from the user, validation and duplicate rules, and what hangs together. */
#include "practice_client.h"

static const char *post(const char *object, const char *json, int status)
{
	char path[128];
	struct reply r;

	snprintf(path, sizeof path, API "/sobjects/%s", object);
	r = ask("POST", path, json);
	if (r.status != status)
		fail_msg("%d %s", r.status, r.body);
	return r.body;
}

/* A new record; its id in `id`. */
static void make(const char *object, const char *json, char id[SF_ID_ROOM])
{
	take_value(post(object, json, 201), "id", id, SF_ID_ROOM);
}

static const char *row_path(const char *object, const char *id)
{
	static char path[256];

	snprintf(path, sizeof path, API "/sobjects/%s/%s", object, id);
	return path;
}

static struct reply ask_saving_duplicates(const char *method, const char *path, const char *body)
{
	char text[4096];
	int fd = dial();
	struct reply r;

	snprintf(text, sizeof text,
	         "%s %s HTTP/1.1\r\nHost: practice\r\nAuthorization: Bearer " PRACTICE_TOKEN
	         "\r\nContent-Type: application/json\r\nSforce-Duplicate-Rule-Header: allowSave=true; "
	         "includeRecordDetails=true\r\nContent-Length: %zu\r\n\r\n%s",
	         method, path, strlen(body), body);
	send_all(fd, text, strlen(text));
	r = receive(fd);
	close(fd);
	return r;
}

static void a_field_hidden_from_the_user_is_nowhere(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	make("Contact", "{\"LastName\":\"a\",\"Phone\":\"1\"}", id);
	use_scenario("{\"hidden_fields\":[\"Contact.Phone\"]}");
	assert_null(strstr(get(API "/sobjects/Contact/describe").body, "\"name\":\"Phone\""));
	assert_null(strstr(get(row_path("Contact", id)).body, "\"Phone\""));
	assert_non_null(strstr(get(API "/query?q=SELECT+Phone+FROM+Contact").body, "INVALID_FIELD"));
	assert_non_null(strstr(post("Contact", "{\"LastName\":\"b\",\"Phone\":\"2\"}", 400),
	                       "No such column 'Phone' on sobject of type Contact"));
	run_job("{\"object\":\"Contact\",\"operation\":\"insert\"}", "LastName,Phone\nb,2\n", "Failed", id);
	assert_string_equal(json_value(get(job_path(id, "")).body, "errorMessage"),
	                    "InvalidBatch : Field name not found : Phone");
	use_scenario("{}");
	assert_non_null(strstr(get(API "/query?q=SELECT+Phone+FROM+Contact").body, "\"Phone\" : \"1\""));
	assert_non_null(strstr(get(API "/sobjects/Contact/describe").body, "\"name\":\"Phone\""));
}

static void what_a_hidden_reference_leads_to_cannot_be_asked_for(void **unused)
{
	static const char down[] = API "/query?q=SELECT+(SELECT+Id+FROM+Contacts)+FROM+Account";
	static const char up[] = API "/query?q=SELECT+Account.Name+FROM+Contact";

	(void)unused;
	use_scenario("{\"hidden_fields\":[\"Contact.AccountId\"]}");
	assert_non_null(strstr(get(down).body, "Didn't understand relationship 'Contacts' in FROM part"));
	assert_non_null(strstr(get(up).body, "Didn't understand relationship 'Account' in field path"));
	use_scenario("{}");
	assert_int_equal(get(down).status, 200);
	assert_int_equal(get(up).status, 200);
}

static void a_field_the_user_may_only_read_cannot_be_written(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	make("Contact", "{\"LastName\":\"a\",\"Phone\":\"1\"}", id);
	use_scenario("{\"read_only_fields\":[\"Contact.Phone\"]}");
	assert_non_null(strstr(get(row_path("Contact", id)).body, "\"Phone\" : \"1\""));
	assert_non_null(
		strstr(post("Contact", "{\"LastName\":\"b\",\"Phone\":\"2\"}", 400),
	               "Unable to create/update fields: Phone. Please check the security settings of this "
	               "field and verify that it is read/write for your profile or permission set."));
	run_job("{\"object\":\"Contact\",\"operation\":\"insert\"}", "LastName,Phone\nb,2\n", "Failed", id);
	assert_int_equal(counter("rows", "Contact"), 1);
}

static void a_validation_rule_refuses_what_makes_its_formula_true(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	use_scenario("{\"validation_rules\":[{\"object\":\"Opportunity\",\"when\":[{\"field\":\"Amount\","
	             "\"is\":\"<\","
	             "\"value\":\"10\"},{\"field\":\"StageName\",\"is\":\"=\",\"value\":\"Closed Won\"}],"
	             "\"message\":\"Too small: ask first\",\"field\":\"Amount\"}]}");
	assert_non_null(strstr(
		post("Opportunity",
	             "{\"Name\":\"a\",\"StageName\":\"Closed "
	             "Won\",\"CloseDate\":\"2026-01-01\",\"Amount\":9.5}",
	             400),
		"{\"message\":\"Too small: ask first\",\"errorCode\":\"FIELD_CUSTOM_VALIDATION_EXCEPTION\","
		"\"fields\":[\"Amount\"]}"));
	make("Opportunity",
	     "{\"Name\":\"a\",\"StageName\":\"Prospecting\",\"CloseDate\":\"2026-01-01\",\"Amount\":9.5}", id);
	assert_int_equal(ask("PATCH", row_path("Opportunity", id), "{\"StageName\":\"Closed Won\"}").status,
	                 400);
	assert_int_equal(
		ask("PATCH", row_path("Opportunity", id), "{\"StageName\":\"Closed Won\",\"Amount\":100}")
			.status,
		204);
}

static void each_rule_that_is_broken_is_told(void **unused)
{
	(void)unused;
	use_scenario(
		"{\"validation_rules\":[{\"object\":\"Contact\",\"when\":[{\"field\":\"Email\",\"is\":"
		"\"blank\"}],"
		"\"message\":\"a\"},{\"object\":\"Contact\",\"when\":[{\"field\":\"LastName\",\"is\":\"like\","
		"\"value\":\"b*\"}],\"message\":\"c\",\"field\":\"LastName\"}]}");
	assert_string_equal(
		post("Contact", "{\"LastName\":\"bb\"}", 400),
		"[{\"message\":\"a\",\"errorCode\":\"FIELD_CUSTOM_VALIDATION_EXCEPTION\",\"fields\":[]},"
		"{\"message\":\"c\",\"errorCode\":\"FIELD_CUSTOM_VALIDATION_EXCEPTION\",\"fields\":["
		"\"LastName\"]}]");
	assert_non_null(
		strstr(post("Contact", "{\"LastName\":\"x\",\"Phone\":true}", 400), "JSON_PARSER_ERROR"));
}

static void a_validation_rule_speaks_in_the_results_of_a_job(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	use_scenario("{\"validation_rules\":[{\"object\":\"Contact\",\"when\":[{\"field\":\"Email\",\"is\":"
	             "\"blank\"}],"
	             "\"message\":\"An address, please\"}]}");
	run_job("{\"object\":\"Contact\",\"operation\":\"insert\"}", "LastName,Email\na,\nb,b@example.com\n",
	        "JobComplete", id);
	assert_string_equal(results(id, "/failedResults/", 0),
	                    "\"sf__Id\",\"sf__Error\",LastName,Email\n"
	                    "\"\",\"FIELD_CUSTOM_VALIDATION_EXCEPTION:An address, please:--\",\"a\",\"\"\n");
	assert_int_equal(counter("rows", "Contact"), 1);
}

#define TWINS(more) \
	"{\"duplicate_rules\":[{\"object\":\"Contact\",\"fields\":[\"LastName\",\"Email\"]" more "}]}"
#define TWIN "{\"LastName\":\"Jones\",\"Email\":\"j@example.com\"}"

static void a_duplicate_is_refused_unless_the_request_saves_it(void **unused)
{
	struct reply r;

	(void)unused;
	use_scenario(TWINS(",\"allow\":true"));
	post("Contact", TWIN, 201);
	assert_non_null(strstr(post("Contact", TWIN, 400),
	                       "{\"message\":\"Use one of these records?\",\"errorCode\":"
	                       "\"DUPLICATES_DETECTED\",\"fields\":[]}"));
	post("Contact", "{\"LastName\":\"Jones\",\"Email\":\"other@example.com\"}", 201);
	post("Contact", "{\"LastName\":\"Jones\"}", 201);
	post("Contact", "{\"LastName\":\"Jones\"}", 201);
	r = ask_saving_duplicates("POST", API "/sobjects/Contact", TWIN);
	assert_int_equal(r.status, 201);
	r = ask_saving_duplicates("POST", API "/composite/sobjects",
	                          "{\"records\":[{\"attributes\":{\"type\":\"Contact\"},\"LastName\":\"JONES\","
	                          "\"Email\":\"J@example.com\"}]}");
	assert_non_null(strstr(r.body, "\"success\" : true"));
	assert_int_equal(counter("rows", "Contact"), 6);
}

static void a_duplicate_that_is_blocked_cannot_be_saved_at_all(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	use_scenario(TWINS(",\"message\":\"Already here\""));
	post("Contact", TWIN, 201);
	assert_int_equal(ask_saving_duplicates("POST", API "/sobjects/Contact", TWIN).status, 400);
	run_job("{\"object\":\"Contact\",\"operation\":\"insert\"}", "LastName,Email\nJones,j@example.com\n",
	        "JobComplete", id);
	assert_string_equal(results(id, "/failedResults/", 0),
	                    "\"sf__Id\",\"sf__Error\",LastName,Email\n"
	                    "\"\",\"DUPLICATES_DETECTED:Already here:--\",\"Jones\",\"j@example.com\"\n");
}

static void what_hangs_on_a_record_is_deleted_with_it(void **unused)
{
	char account[SF_ID_ROOM], contact[SF_ID_ROOM], json[256];

	(void)unused;
	make("Account", "{\"Name\":\"a\"}", account);
	snprintf(json, sizeof json, "{\"LastName\":\"b\",\"AccountId\":\"%s\"}", account);
	make("Contact", json, contact);
	snprintf(json, sizeof json,
	         "{\"Subject\":\"c\",\"WhoId\":\"%s\",\"DurationInMinutes\":5,\"ActivityDateTime\":"
	         "\"2026-01-01T00:00:00Z\"}",
	         contact);
	post("Event", json, 201);
	assert_int_equal(ask("DELETE", row_path("Account", account), NULL).status, 204);
	assert_int_equal(counter("rows", "Contact"), 0);
	assert_int_equal(counter("rows", "Event"), 0);
	assert_int_equal(get(row_path("Contact", contact)).status, 404);
	assert_non_null(strstr(get(API "/queryAll?q=SELECT+COUNT()+FROM+Contact").body, "\"totalSize\" : 1"));
	assert_int_equal(counter(NULL, "writes"), 6);
}

static void a_record_that_others_need_is_not_deleted(void **unused)
{
	char account[SF_ID_ROOM], json[256];
	struct reply r;

	(void)unused;
	make("Account", "{\"Name\":\"a\"}", account);
	snprintf(json, sizeof json, "{\"AccountId\":\"%s\"}", account);
	post("Case", json, 201);
	r = ask("DELETE", row_path("Account", account), NULL);
	assert_int_equal(r.status, 400);
	assert_non_null(strstr(r.body, "\"errorCode\":\"DELETE_FAILED\""));
	assert_non_null(strstr(
		r.body, "could not be completed because it is associated with the following cases.: 500"));
	assert_int_equal(counter("rows", "Account"), 1);
}

static void a_rolled_back_delete_brings_back_what_hung_on_it(void **unused)
{
	char account[SF_ID_ROOM], json[256], path[256];

	(void)unused;
	make("Account", "{\"Name\":\"a\"}", account);
	snprintf(json, sizeof json, "{\"LastName\":\"b\",\"AccountId\":\"%s\"}", account);
	post("Contact", json, 201);
	snprintf(path, sizeof path, API "/composite/sobjects?allOrNone=true&ids=%s,001000000000000AAA",
	         account);
	assert_non_null(strstr(ask("DELETE", path, NULL).body, "ALL_OR_NONE_OPERATION_ROLLED_BACK"));
	assert_int_equal(counter("rows", "Account"), 1);
	assert_int_equal(counter("rows", "Contact"), 1);
	assert_int_equal(counter(NULL, "writes"), 2);
}

static void a_thousand_children_go_with_their_parent_at_once(void **unused)
{
	static char csv[200000];
	char account[SF_ID_ROOM], id[SF_ID_ROOM];
	int at = snprintf(csv, sizeof csv, "LastName,AccountId\n");

	(void)unused;
	make("Account", "{\"Name\":\"a\"}", account);
	for (int i = 0; i < 5000; i++)
		at += snprintf(csv + at, sizeof csv - (size_t)at, "P%d,%s\n", i, account);
	run_job("{\"object\":\"Contact\",\"operation\":\"insert\"}", csv, "JobComplete", id);
	assert_int_equal(counter("rows", "Contact"), 5000);
	assert_int_equal(ask("DELETE", row_path("Account", account), NULL).status, 204);
	assert_int_equal(counter("rows", "Contact"), 0);
}

static void a_deleted_record_is_in_the_bin_until_it_is_purged(void **unused)
{
	char contact[SF_ID_ROOM], id[SF_ID_ROOM], csv[64];

	(void)unused;
	make("Contact", "{\"LastName\":\"a\"}", contact);
	snprintf(csv, sizeof csv, "Id\n%s\n", contact);
	run_job("{\"object\":\"Contact\",\"operation\":\"delete\"}", csv, "JobComplete", id);
	assert_non_null(
		strstr(get(API "/queryAll?q=SELECT+IsDeleted+FROM+Contact").body, "\"IsDeleted\" : true"));
	run_job("{\"object\":\"Contact\",\"operation\":\"delete\"}", csv, "JobComplete", id);
	assert_non_null(strstr(results(id, "/failedResults/", 0), "ENTITY_IS_DELETED:entity is deleted:--"));
	run_job("{\"object\":\"Contact\",\"operation\":\"hardDelete\"}", csv, "JobComplete", id);
	assert_non_null(strstr(results(id, "/successfulResults/", 0), contact));
	assert_non_null(strstr(get(API "/queryAll?q=SELECT+COUNT()+FROM+Contact").body, "\"totalSize\" : 0"));
	use_scenario("{\"hard_delete\":false}");
	assert_non_null(strstr(
		ask("POST", API "/jobs/ingest", "{\"object\":\"Contact\",\"operation\":\"hardDelete\"}").body,
		"hardDelete operation requires special user profile permission"));
}

static void a_rule_with_a_slip_is_refused_and_the_old_scenario_stays(void **unused)
{
	static const char *const slips[] = {
		"{\"hidden_fields\":[\"Contact.Nothing\"]}",
		"{\"hidden_fields\":[\"Phone\"]}",
		"{\"read_only_fields\":\"Contact.Phone\"}",
		"{\"validation_rules\":[{\"object\":\"Nothing\",\"when\":[],\"message\":\"a\"}]}",
		"{\"validation_rules\":[{\"object\":\"Contact\",\"when\":[{\"field\":\"Phone\",\"is\":\"odd\"}]"
		",\"message\":\"a\"}]}",
		"{\"validation_rules\":[{\"object\":\"Contact\",\"when\":[{\"field\":\"Phone\",\"is\":\"=\"}],"
		"\"message\":\"a\"}]}",
		"{\"validation_rules\":[{\"object\":\"Contact\",\"when\":[{\"field\":\"Phone\",\"is\":"
		"\"blank\"}]}]}",
		"{\"duplicate_rules\":[{\"object\":\"Contact\",\"fields\":[]}]}",
		"{\"duplicate_rules\":[{\"object\":\"Contact\",\"fields\":[\"Phone\"],\"alow\":true}]}",
	};

	(void)unused;
	use_scenario("{\"hidden_fields\":[\"Contact.Phone\"]}");
	for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++)
		assert_int_equal(ask("POST", "/practice/scenario", slips[i]).status, 400);
	post("Contact", "{\"LastName\":\"b\",\"Phone\":\"2\"}", 400);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_field_hidden_from_the_user_is_nowhere, empty_org),
		cmocka_unit_test_setup(what_a_hidden_reference_leads_to_cannot_be_asked_for, empty_org),
		cmocka_unit_test_setup(a_field_the_user_may_only_read_cannot_be_written, empty_org),
		cmocka_unit_test_setup(a_validation_rule_refuses_what_makes_its_formula_true, empty_org),
		cmocka_unit_test_setup(each_rule_that_is_broken_is_told, empty_org),
		cmocka_unit_test_setup(a_validation_rule_speaks_in_the_results_of_a_job, empty_org),
		cmocka_unit_test_setup(a_duplicate_is_refused_unless_the_request_saves_it, empty_org),
		cmocka_unit_test_setup(a_duplicate_that_is_blocked_cannot_be_saved_at_all, empty_org),
		cmocka_unit_test_setup(what_hangs_on_a_record_is_deleted_with_it, empty_org),
		cmocka_unit_test_setup(a_record_that_others_need_is_not_deleted, empty_org),
		cmocka_unit_test_setup(a_rolled_back_delete_brings_back_what_hung_on_it, empty_org),
		cmocka_unit_test_setup(a_thousand_children_go_with_their_parent_at_once, empty_org),
		cmocka_unit_test_setup(a_deleted_record_is_in_the_bin_until_it_is_purged, empty_org),
		cmocka_unit_test_setup(a_rule_with_a_slip_is_refused_and_the_old_scenario_stays, empty_org),
	};

	return cmocka_run_group_tests(tests, open_org, close_org);
}
