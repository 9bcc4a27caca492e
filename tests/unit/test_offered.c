/* Which values go with a record's type: how the type is told, what is asked, and several values in one cell. */
#include "scripted_org.h"

#include "core/engine/offered.h"

#define BUSINESS "0125j000000RqVlAAK"
#define PRIVATE "0125j000000RqVmAAK"
#define OF(id) "GET " API "/ui-api/object-info/Account/picklist-values/" id " "
#define PICK(name, type, restricted)                                                                        \
	"{\"name\":\"" name "\",\"label\":\"" name "\",\"type\":\"" type                                    \
	"\",\"createable\":true,\"updateable\":true,\"nillable\":true,\"restrictedPicklist\":" restricted   \
	",\"length\":255,\"picklistValues\":[{\"active\":true,\"value\":\"A\"},{\"active\":true,\"value\":" \
	"\"B\"},"                                                                                           \
	"{\"active\":true,\"value\":\"C\"}]}"

static const char account[] =
	"{\"name\":\"Account\",\"label\":\"Account\",\"createable\":true,\"updateable\":true,\"fields\":[" //
	"{\"name\":\"Id\",\"label\":\"Id\",\"type\":\"id\"},"                                              //
	"{\"name\":\"RecordTypeId\",\"label\":\"Record Type ID\",\"type\":\"reference\",\"createable\":true,"
	"\"updateable\":true,\"nillable\":true,\"referenceTo\":[\"RecordType\"],\"relationshipName\":"
	"\"RecordType\"},"                                                                  //
	PICK("One__c", "picklist", "true") "," PICK("Many__c", "multipicklist", "true") "," //
	PICK("Free__c", "picklist", "false") "],\"recordTypeInfos\":[{\"name\":\"Business\",\"developerName\":"
					     "\"Business\",\"recordTypeId\":\"" BUSINESS
					     "\",\"active\":true,\"available\":true,"
					     "\"defaultRecordTypeMapping\":true},{\"name\":\"Private\","
					     "\"developerName\":\"Private\",\"recordTypeId\":\"" PRIVATE
					     "\",\"active\":true,\"available\":true}]}";

static struct fixture f;
static struct object *object;
static struct mapping *mapping;
static struct plan *plan;
static struct offered offered;
static struct slice columns[4];
static struct mapping_request request;
static struct err e;

static void make(enum action action, const char *a, const char *b, const char *c, const char *d)
{
	struct plan_request wanted = { .object = object, .action = action };
	const char *names[] = { a, b, c, d };

	request = (struct mapping_request){ .object = object, .action = action, .columns = columns };
	for (; request.column_count < 4 && names[request.column_count]; request.column_count++)
		columns[request.column_count] = slice_of(names[request.column_count]);
	if (mapping_new(&mapping, &request, &e))
		fail_msg("%s", e.text);
	wanted.mapping = mapping;
	if (plan_new(&plan, &wanted, &e) || !offered_init(&offered, plan))
		fail_msg("%s", e.text);
}

static int begin_test(void **unused)
{
	(void)unused;
	memset(&f, 0, sizeof f);
	err_init(&e);
	add_token(&f);
	add(&f, (struct step){ .when = OF(BUSINESS),
	                       .status = 200,
	                       .body = "{\"picklistFieldValues\":{\"One__c\":{\"values\":[{\"value\":\"A\"}]},"
	                               "\"Many__c\":{\"values\":[{\"value\":\"C\"},{\"value\":\"A\"}]},"
	                               "\"Free__c\":{\"values\":[{\"value\":\"A\"}]}}}",
	                       .forever = true });
	add(&f, (struct step){ .when = OF(PRIVATE), .status = 403, .body = "[]", .forever = true });
	sign_in(&f);
	return describe_parse(&object, slice_of(account), &e);
}

static int end_test(void **unused)
{
	(void)unused;
	offered_release(&offered);
	plan_free(plan);
	mapping_free(mapping);
	object_free(object);
	plan = NULL;
	mapping = NULL;
	end(&f);
	server_forget(&f.server);
	return 0;
}

/* The names of the columns whose values the record's type does not offer; "-" where its type is not known. */
static const char *unfit(const char *a, const char *b, const char *c, const char *d)
{
	struct slice cells[4] = { slice_of(a), slice_of(b), slice_of(c), slice_of(d) };
	struct record r = { .number = 7, .cells = cells, .count = request.column_count };
	struct offered_type *type;
	struct plan_line line;
	static char names[128];
	struct buf payload;

	buf_init(&payload, 4096);
	plan_record(plan, &r, &payload, &line);
	buf_release(&payload);
	assert_true(line.sent);
	type = offered_type(&offered, r.number);
	names[0] = '\0';
	if (!type)
		return "-";
	if (!type->asked)
		assert_int_equal(offered_ask(&offered, type, f.org, &e), ERR_OK);
	for (size_t i = 0; i < offered.column_count; i++)
		if (!offered_has(&offered, type, offered.columns[i]))
			strcat(strcat(names, plan->layout.columns[offered.columns[i]].name), " ");
	return names;
}

static void values_go_with_the_type_that_is_sent(void **unused)
{
	(void)unused;
	make(ACTION_INSERT, "RecordTypeId", "One__c", "Many__c", "Free__c");
	assert_int_equal(offered_cost(plan), 2);
	assert_string_equal(unfit("Business", "A", "C;A", "C"), "");
	assert_string_equal(unfit("Business", "B", "A", "B"), "One__c ");
	assert_string_equal(unfit(BUSINESS, "C", "A;B", ""), "One__c Many__c ");
	assert_string_equal(unfit("0125j000000RqVl", "", "B", ""), "Many__c ");
	assert_string_equal(unfit("", "B", "", ""), "One__c "); /* the user's default */
	assert_int_equal(server_count(&f.server, OF(BUSINESS)), 1);
}

static void a_type_that_is_not_told_refuses_nothing(void **unused)
{
	(void)unused;
	make(ACTION_INSERT, "RecordTypeId", "One__c", "Many__c", NULL);
	assert_string_equal(unfit("Private", "B", "B", NULL), "");
	assert_string_equal(unfit("Private", "C", "B", NULL), "");
	assert_int_equal(offered.types[1].records, 2);
	assert_int_equal(offered.types[1].first, 7);
	assert_true(offered.types[1].asked && !offered.types[1].told);
	assert_int_equal(server_count(&f.server, OF(PRIVATE)), 1);
}

static void without_a_type_an_insert_has_the_default(void **unused)
{
	(void)unused;
	make(ACTION_INSERT, "One__c", NULL, NULL, NULL);
	assert_int_equal(offered_cost(plan), 1);
	assert_string_equal(unfit("B", NULL, NULL, NULL), "One__c ");
}

static void an_update_keeps_a_type_that_nobody_knows(void **unused)
{
	(void)unused;
	make(ACTION_UPDATE, "Id", "One__c", NULL, NULL);
	assert_int_equal(offered_cost(plan), 0);
	assert_string_equal(unfit("001000000000001", "B", NULL, NULL), "-");
}

static void without_restricted_picklists_nothing_is_asked(void **unused)
{
	(void)unused;
	make(ACTION_INSERT, "RecordTypeId", "Free__c", NULL, NULL);
	assert_int_equal(offered_cost(plan), 0);
	assert_string_equal(unfit("Business", "B", NULL, NULL), "-");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(values_go_with_the_type_that_is_sent, begin_test, end_test),
		cmocka_unit_test_setup_teardown(a_type_that_is_not_told_refuses_nothing, begin_test, end_test),
		cmocka_unit_test_setup_teardown(without_a_type_an_insert_has_the_default, begin_test, end_test),
		cmocka_unit_test_setup_teardown(an_update_keeps_a_type_that_nobody_knows, begin_test, end_test),
		cmocka_unit_test_setup_teardown(without_restricted_picklists_nothing_is_asked, begin_test,
		                                end_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
