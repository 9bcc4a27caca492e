/* What runs on an object: the shapes of the org's answers, and what is said where it gives none. */
#include "scripted_org.h"

#include "core/org/automation.h"

#define TRIGGERS "GET " API "/tooling/query?q=SELECT%20Name%20FROM%20ApexTrigger%20"
#define RULES "GET " API "/tooling/query?q=SELECT%20ValidationName%20FROM%20ValidationRule%20"
#define FLOWS "GET " API "/query?q=SELECT%20ApiName%2C%20RecordTriggerType%20FROM%20FlowDefinitionView%20"
#define DUPLICATES "GET " API "/query?q=SELECT%20MasterLabel%20FROM%20DuplicateRule%20"
#define NONE "{\"size\":0,\"totalSize\":0,\"done\":true,\"queryLocator\":null,\"records\":[]}"
#define FLOW(name, change)                                                      \
	"{\"attributes\":{\"type\":\"FlowDefinitionView\"},\"ApiName\":\"" name \
	"\",\"RecordTriggerType\":" change "}"

static struct fixture f;
static struct automation told;

static void answer(const char *when, int status, const char *body)
{
	add(&f, (struct step){ .when = when, .status = status, .body = body });
}

static int set_up(void **unused)
{
	(void)unused;
	memset(&f, 0, sizeof f);
	add_token(&f);
	return 0;
}

static void ask_about(const char *object, unsigned changes)
{
	struct err e;

	err_init(&e);
	if (automation_ask(f.org, object, changes, NULL, NULL, &told, &e) != ERR_OK)
		fail_msg("%s", e.text);
}

static void expect(enum automation_kind kind, enum automation_state state, int64_t count, const char *names)
{
	assert_int_equal(told.parts[kind].state, state);
	assert_int_equal(told.parts[kind].count, count);
	assert_string_equal(told.parts[kind].names, names);
}

static const char *arrived(const char *begins)
{
	for (int i = 0; i < f.server.count; i++)
		if (strncmp(f.server.arrivals[i].head, begins, strlen(begins)) == 0)
			return f.server.arrivals[i].head;
	return NULL;
}

static void each_kind_is_counted_and_named(void **unused)
{
	(void)unused;
	answer(TRIGGERS, 200,
	       "{\"size\":2,\"totalSize\":2,\"done\":true,\"queryLocator\":null,\"records\":[{\"attributes\":"
	       "{\"type\":\"ApexTrigger\"},\"Name\":\"Guard\"},{\"Name\":\"Sweep\"}],"
	       "\"entityTypeName\":\"ApexTrigger\"}");
	answer(RULES, 200, "{\"totalSize\":1,\"done\":true,\"records\":[{\"ValidationName\":\"Phone\"}]}");
	answer(FLOWS, 200, NONE);
	answer(DUPLICATES, 200, "{\"totalSize\":1,\"done\":true,\"records\":[{\"MasterLabel\":\"Same\"}]}");
	sign_in(&f);
	ask_about("Contact", AUTOMATION_CREATES);
	expect(AUTOMATION_TRIGGER, AUTOMATION_KNOWN, 2, "Guard, Sweep");
	expect(AUTOMATION_VALIDATION, AUTOMATION_KNOWN, 1, "Phone");
	expect(AUTOMATION_FLOW, AUTOMATION_KNOWN, 0, "");
	expect(AUTOMATION_DUPLICATE, AUTOMATION_KNOWN, 1, "Same");
	assert_int_equal(told.calls, 4);
	assert_int_equal(automation_cost(AUTOMATION_CREATES), 4);
	assert_non_null(strstr(arrived(TRIGGERS), "EntityDefinition.QualifiedApiName%20%3D%20%27Contact%27"));
	assert_non_null(strstr(arrived(TRIGGERS), "UsageBeforeInsert"));
	assert_null(strstr(arrived(TRIGGERS), "UsageAfterUpdate"));
	assert_null(strstr(arrived(TRIGGERS), "UsageAfterDelete"));
	end(&f);
	server_forget(&f.server);
}

static void flows_of_other_changes_are_left_out(void **unused)
{
	static const char flows[] = "{\"totalSize\":5,\"done\":true,\"records\":[" FLOW("Created",
	                                                                                "\"Create\"") "," //
		FLOW("Updated", "\"Update\"") "," FLOW("Both", "\"CreateAndUpdate\"") ","                 //
		FLOW("Silent", "null") "," FLOW("Nothing", "\"None\"") "]}";

	(void)unused;
	answer(TRIGGERS, 200, NONE);
	answer(RULES, 200, NONE);
	answer(DUPLICATES, 200, NONE);
	answer(FLOWS, 200, flows);
	answer(TRIGGERS, 200, NONE);
	answer(RULES, 200, NONE);
	answer(DUPLICATES, 200, NONE);
	answer(FLOWS, 200, flows);
	sign_in(&f);
	ask_about("Contact", AUTOMATION_UPDATES);
	expect(AUTOMATION_FLOW, AUTOMATION_KNOWN, 4, "Updated, Both, Silent, Nothing");
	ask_about("Contact", AUTOMATION_CREATES | AUTOMATION_UPDATES);
	expect(AUTOMATION_FLOW, AUTOMATION_KNOWN, 5, "Created, Updated, Both, Silent, Nothing");
	end(&f);
	server_forget(&f.server);
}

static void a_delete_asks_for_what_runs_on_it(void **unused)
{
	(void)unused;
	answer(TRIGGERS, 200, "{\"totalSize\":1,\"done\":true,\"records\":[{\"Name\":\"Sweep\"}]}");
	answer(FLOWS, 200, NONE);
	sign_in(&f);
	ask_about("Contact", AUTOMATION_DELETES);
	expect(AUTOMATION_TRIGGER, AUTOMATION_KNOWN, 1, "Sweep");
	expect(AUTOMATION_VALIDATION, AUTOMATION_NONE, 0, "");
	expect(AUTOMATION_DUPLICATE, AUTOMATION_NONE, 0, "");
	assert_int_equal(told.calls, 2);
	assert_int_equal(automation_cost(AUTOMATION_DELETES), 2);
	assert_non_null(strstr(arrived(FLOWS), "TriggerType%20IN%20%28%27RecordBeforeDelete%27%29"));
	assert_non_null(strstr(arrived(TRIGGERS), "UsageAfterDelete"));
	assert_null(strstr(arrived(TRIGGERS), "UsageAfterInsert"));
	end(&f);
	server_forget(&f.server);
}

static void what_the_user_may_not_read_is_said_and_no_error(void **unused)
{
	(void)unused;
	answer(TRIGGERS, 403,
	       "[{\"message\":\"insufficient access rights on object "
	       "id\",\"errorCode\":\"INSUFFICIENT_ACCESS\"}]");
	answer(RULES, 400,
	       "[{\"message\":\"sObject type 'ValidationRule' is not "
	       "supported.\",\"errorCode\":\"INVALID_TYPE\"}]");
	answer(FLOWS, 500, "[{\"message\":\"oops\",\"errorCode\":\"UNKNOWN_EXCEPTION\"}]");
	answer(DUPLICATES, 200, "<html>Hello</html>");
	sign_in(&f);
	ask_about("Contact", AUTOMATION_UPDATES);
	expect(AUTOMATION_TRIGGER, AUTOMATION_HIDDEN, 0, "");
	expect(AUTOMATION_VALIDATION, AUTOMATION_HIDDEN, 0, "");
	expect(AUTOMATION_FLOW, AUTOMATION_UNHEARD, 0, "");
	expect(AUTOMATION_DUPLICATE, AUTOMATION_UNHEARD, 0, "");
	assert_non_null(strstr(told.parts[AUTOMATION_VALIDATION].why, "is not supported"));
	end(&f);
	server_forget(&f.server);
}

static void a_session_that_has_ended_is_renewed(void **unused)
{
	(void)unused;
	add_token(&f);
	answer(TRIGGERS, 401, EXPIRED);
	answer(FLOWS, 401, EXPIRED);
	answer(TRIGGERS, 200, "{\"totalSize\":1,\"done\":true,\"records\":[{\"Name\":\"Sweep\"}]}");
	answer(FLOWS, 200, NONE);
	sign_in(&f);
	ask_about("Contact", AUTOMATION_DELETES);
	expect(AUTOMATION_TRIGGER, AUTOMATION_KNOWN, 1, "Sweep");
	expect(AUTOMATION_FLOW, AUTOMATION_KNOWN, 0, "");
	end(&f);
	server_forget(&f.server);
}

static bool never(void *unused)
{
	(void)unused;
	return false;
}

/* The org would not answer in an hour. */
static void it_can_be_left_at_once(void **unused)
{
	struct err e;

	(void)unused;
	err_init(&e);
	add(&f, (struct step){ .when = TRIGGERS, .status = 200, .body = NONE, .after = "GET /never" });
	add(&f, (struct step){ .when = FLOWS, .status = 200, .body = NONE, .after = "GET /never" });
	sign_in(&f);
	assert_int_equal(automation_ask(f.org, "Contact", AUTOMATION_DELETES, never, NULL, &told, &e),
	                 ERR_STOPPED);
	end(&f);
	server_forget(&f.server);
}

static void more_names_than_there_is_room_for_are_counted(void **unused)
{
	static char body[64 * 1024];
	size_t n = (size_t)snprintf(body, sizeof body, "{\"totalSize\":100,\"done\":true,\"records\":[");

	(void)unused;
	for (int i = 0; i < 100; i++)
		n += (size_t)snprintf(body + n, sizeof body - n, "%s{\"Name\":\"TriggerNumber%d\"}",
		                      i ? "," : "", i);
	snprintf(body + n, sizeof body - n, "]}");
	answer(TRIGGERS, 200, body);
	answer(FLOWS, 200, NONE);
	sign_in(&f);
	ask_about("Contact", AUTOMATION_DELETES);
	assert_int_equal(told.parts[AUTOMATION_TRIGGER].count, 100);
	assert_true(strlen(told.parts[AUTOMATION_TRIGGER].names) < AUTOMATION_NAMES);
	assert_int_equal(strncmp(told.parts[AUTOMATION_TRIGGER].names, "TriggerNumber0, TriggerNumber1", 30),
	                 0);
	end(&f);
	server_forget(&f.server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(each_kind_is_counted_and_named, set_up),
		cmocka_unit_test_setup(flows_of_other_changes_are_left_out, set_up),
		cmocka_unit_test_setup(a_delete_asks_for_what_runs_on_it, set_up),
		cmocka_unit_test_setup(what_the_user_may_not_read_is_said_and_no_error, set_up),
		cmocka_unit_test_setup(a_session_that_has_ended_is_renewed, set_up),
		cmocka_unit_test_setup(it_can_be_left_at_once, set_up),
		cmocka_unit_test_setup(more_names_than_there_is_room_for_are_counted, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
