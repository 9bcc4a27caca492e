/* What an administrator has made in the practice org, asked for through the Tooling API and as records. */
#include "practice_client.h"

#define RULES                                                                                            \
	"{\"triggers\":[{\"object\":\"Contact\",\"name\":\"ContactGuard\",\"on\":[\"before insert\"]},"  \
	"{\"object\":\"Contact\",\"name\":\"ContactSweep\",\"on\":[\"after delete\"],\"active\":false}," \
	"{\"object\":\"Custom__c\",\"name\":\"CustomGuard\",\"on\":[\"after update\"]}],"                \
	"\"flows\":[{\"object\":\"Contact\",\"name\":\"Greet\",\"trigger\":\"RecordAfterSave\","         \
	"\"change\":\"Create\",\"drafted\":true},"                                                       \
	"{\"object\":\"Contact\",\"name\":\"Old\",\"trigger\":\"RecordBeforeSave\",\"active\":false}],"  \
	"\"validation_rules\":[{\"object\":\"Contact\",\"name\":\"No_Phone\",\"message\":\"no\","        \
	"\"when\":[{\"field\":\"Phone\",\"is\":\"not blank\"}]},"                                        \
	"{\"object\":\"Contact\",\"name\":\"No_Fax\",\"active\":false,\"message\":\"no\","               \
	"\"when\":[{\"field\":\"Fax\",\"is\":\"not blank\"}]}],"                                         \
	"\"duplicate_rules\":[{\"object\":\"Contact\",\"name\":\"Same_Email\",\"fields\":[\"Email\"]},"  \
	"{\"object\":\"Contact\",\"name\":\"Same_Title\",\"fields\":[\"Title\"],\"active\":false}]"

/* The texts of one key of what a query finds, joined with commas; or the errorCode. */
static const char *asked(const char *resource, const char *soql, const char *key)
{
	static char text[1024];
	char path[1024], *to = path + snprintf(path, sizeof path, API "/%s?q=", resource);
	json_t *answer, *record;
	struct reply r;
	size_t i;

	for (const char *at = soql; *at; at++)
		to += snprintf(to, 4, *at == ' ' || *at == '\'' ? "%%%02X" : "%c", *at);
	r = get(path);
	answer = json_loads(r.body, 0, NULL);
	text[0] = '\0';
	if (r.status != 200)
		snprintf(text, sizeof text, "%d %s", r.status,
		         json_string_value(json_object_get(json_array_get(answer, 0), "errorCode")));
	json_array_foreach(json_object_get(answer, "records"), i, record)
		strcat(strcat(text, i ? "," : ""), json_string_value(json_object_get(record, key)));
	json_decref(answer);
	return text;
}

static void triggers_and_validation_rules_are_the_tooling_apis(void **unused)
{
	(void)unused;
	use_scenario(RULES "}");
	assert_string_equal(asked("tooling/query",
	                          "SELECT Name FROM ApexTrigger WHERE EntityDefinition.QualifiedApiName = "
	                          "'Contact' AND Status = 'Active'",
	                          "Name"),
	                    "ContactGuard");
	assert_string_equal(asked("tooling/query",
	                          "SELECT Name FROM ApexTrigger WHERE UsageAfterUpdate = true AND "
	                          "EntityDefinition.QualifiedApiName = 'Custom__c'",
	                          "Name"),
	                    "CustomGuard");
	assert_string_equal(asked("tooling/query",
	                          "SELECT ValidationName FROM ValidationRule WHERE Active = true AND "
	                          "EntityDefinition.QualifiedApiName = 'Contact'",
	                          "ValidationName"),
	                    "No_Phone");
	assert_string_equal(asked("query", "SELECT Name FROM ApexTrigger", "Name"), "400 INVALID_TYPE");
	assert_string_equal(asked("tooling/query", "SELECT Id FROM Contact", "Id"), "400 INVALID_TYPE");
	assert_string_equal(asked("tooling/query", "SELECT Colour FROM ApexTrigger", "Colour"),
	                    "400 INVALID_FIELD");
}

static void flows_and_duplicate_rules_are_records(void **unused)
{
	(void)unused;
	use_scenario(RULES "}");
	assert_string_equal(asked("query",
	                          "SELECT Label FROM FlowDefinitionView WHERE ActiveVersionId != null AND "
	                          "TriggerObjectOrEvent.QualifiedApiName = 'Contact'",
	                          "Label"),
	                    "Greet");
	assert_string_equal(
		asked("query", "SELECT Label FROM FlowDefinitionView WHERE IsActive = true", "Label"), "");
	assert_string_equal(asked("query",
	                          "SELECT MasterLabel FROM DuplicateRule WHERE IsActive = true AND "
	                          "SobjectType = 'Contact'",
	                          "MasterLabel"),
	                    "Same_Email");
	assert_string_equal(asked("query", "SELECT Colour FROM DuplicateRule", "Colour"), "400 INVALID_FIELD");
	assert_string_equal(asked("tooling/query", "SELECT Id FROM DuplicateRule", "Id"), "400 INVALID_TYPE");
}

/* A custom object's definition is named by an id, a standard one's by its name. */
static void definitions_last(void **unused)
{
	char id[64];

	(void)unused;
	use_scenario(RULES "}");
	snprintf(id, sizeof id, "%s",
	         asked("query", "SELECT DurableId FROM EntityDefinition WHERE QualifiedApiName = 'Custom__c'",
	               "DurableId"));
	assert_int_equal(strncmp(id, "01I", 3), 0);
	assert_string_equal(asked("tooling/query",
	                          "SELECT DurableId FROM EntityDefinition WHERE QualifiedApiName = 'Contact'",
	                          "DurableId"),
	                    "Contact");
}

static void what_the_user_may_not_read_is_not_there(void **unused)
{
	(void)unused;
	use_scenario(RULES ",\"hidden_objects\":[\"ValidationRule\",\"DuplicateRule\"]}");
	assert_string_equal(asked("tooling/query", "SELECT Id FROM ValidationRule", "Id"), "400 INVALID_TYPE");
	assert_string_equal(asked("query", "SELECT Id FROM DuplicateRule", "Id"), "400 INVALID_TYPE");
	assert_string_equal(
		asked("tooling/query", "SELECT Name FROM ApexTrigger WHERE Status = 'Active'", "Name"),
		"ContactGuard,CustomGuard");
	use_scenario("{}");
	assert_string_equal(asked("tooling/query", "SELECT Id FROM ValidationRule", "Id"), "");
}

static void a_rule_that_is_not_active_refuses_nothing(void **unused)
{
	static const char path[] = API "/sobjects/Contact";

	(void)unused;
	use_scenario(RULES "}");
	assert_int_equal(ask("POST", path, "{\"LastName\":\"a\",\"Phone\":\"1\"}").status, 400);
	assert_int_equal(ask("POST", path, "{\"LastName\":\"a\",\"Fax\":\"1\",\"Title\":\"t\"}").status, 201);
	assert_int_equal(ask("POST", path, "{\"LastName\":\"b\",\"Title\":\"t\",\"Email\":\"e@x.org\"}").status,
	                 201);
	assert_int_equal(ask("POST", path, "{\"LastName\":\"c\",\"Email\":\"e@x.org\"}").status, 400);
	use_scenario("{}");
}

static void a_slip_in_the_scenario_is_an_error(void **unused)
{
	static const char *const slips[] = {
		"{\"triggers\":[{\"object\":\"Contact\",\"name\":\"X\"}]}",
		"{\"triggers\":[{\"object\":\"Contact\",\"name\":\"X\",\"on\":[\"insert\"]}]}",
		"{\"triggers\":[{\"object\":\"Nothing\",\"name\":\"X\",\"on\":[\"after insert\"]}]}",
		"{\"flows\":[{\"object\":\"Contact\",\"name\":\"X\",\"trigger\":\"Scheduled\"}]}",
		"{\"flows\":[{\"object\":\"Contact\",\"trigger\":\"RecordAfterSave\"}]}",
		"{\"flows\":[{\"object\":\"Contact\",\"name\":\"X\",\"trigger\":\"RecordAfterSave\",\"x\":1}]}",
		"{\"hidden_objects\":[1]}",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++)
		assert_int_equal(ask("POST", "/practice/scenario", slips[i]).status, 400);
}

/* What a record type offers is told, and held to where the picklist is restricted. */
static void a_record_type_offers_some_values_only(void **unused)
{
	static const char path[] = API "/ui-api/object-info/Account/picklist-values/01254000001upcKAAQ";
	char id[SF_ID_ROOM];
	json_t *answer, *list;
	struct reply r;

	(void)unused;
	use_scenario("{\"record_type_values\":[{\"object\":\"Account\",\"record_type\":\"Household\","
	             "\"field\":\"Status__c\",\"values\":[\"New\",\"Active\"]}]}");
	r = get(path);
	assert_int_equal(r.status, 200);
	answer = json_loads(r.body, 0, NULL);
	list = json_object_get(json_object_get(json_object_get(answer, "picklistFieldValues"), "Status__c"),
	                       "values");
	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(json_string_value(json_object_get(json_array_get(list, 1), "value")), "Active");
	json_decref(answer);
	r = ask("POST", API "/sobjects/Account", "{\"Name\":\"a\",\"Status__c\":\"Paused\"}");
	assert_int_equal(r.status, 400);
	assert_non_null(strstr(r.body, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"));
	create_record("Account", "{\"Name\":\"a\",\"Status__c\":\"Active\"}", id);
	assert_int_equal(get(API "/ui-api/object-info/Account/picklist-values/0125j000000RqVlAAK").status, 404);
	assert_int_equal(get(API "/ui-api/object-info/Nothing/picklist-values/01254000001upcKAAQ").status, 404);
	use_scenario("{}");
	assert_int_equal(ask("POST", "/practice/scenario",
	                     "{\"record_type_values\":[{\"object\":\"Account\",\"record_type\":\"No\","
	                     "\"field\":\"Status__c\",\"values\":[]}]}")
	                         .status,
	                 400);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(triggers_and_validation_rules_are_the_tooling_apis, empty_org),
		cmocka_unit_test_setup(flows_and_duplicate_rules_are_records, empty_org),
		cmocka_unit_test_setup(definitions_last, empty_org),
		cmocka_unit_test_setup(what_the_user_may_not_read_is_not_there, empty_org),
		cmocka_unit_test_setup(a_rule_that_is_not_active_refuses_nothing, empty_org),
		cmocka_unit_test_setup(a_record_type_offers_some_values_only, empty_org),
		cmocka_unit_test_setup(a_slip_in_the_scenario_is_an_error, empty_org),
	};

	return cmocka_run_group_tests(tests, open_org, close_org);
}
