/* The practice org in a rehearsal: what only the real org could know is taken as good, all else is refused as ever. */
#include "practice_client.h"

#define COLLECTION API "/composite/sobjects"
/* well-formed ids of a real org */
#define FIRST "0035g00000AbCdEAAV"
#define SECOND "0035g00000AbCdFAAV"
#define PARENT "0015g00000AbCdEAAV"

static int open_rehearsal(void **unused)
{
	(void)unused;
	return open_org_for(true);
}

static int lines(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n - 1; /* the header */
}

static const char *succeeded, *failed;

static void assert_run(const char *operation, const char *csv, int good, int bad)
{
	char json[256], id[SF_ID_ROOM];
	bool upserts = strcmp(operation, "upsert") == 0;

	snprintf(json, sizeof json, "{\"object\":\"Contact\",\"operation\":\"%s\"%s}", operation,
	         upserts ? ",\"externalIdFieldName\":\"Ext__c\"" : "");
	run_job(json, csv, "JobComplete", id);
	succeeded = results(id, "/successfulResults/", 0);
	failed = results(id, "/failedResults/", 1);
	if (lines(succeeded) != good || lines(failed) != bad)
		fail_msg("%s%s", succeeded, failed);
}

static void an_update_finds_every_id_of_its_object(void **unused)
{
	(void)unused;
	assert_run("update", "Id,Title\n" FIRST ",a\n0035g00000AbCdF,b\n", 2, 0);
	assert_non_null(strstr(succeeded, "\"" FIRST "\",\"false\""));
	assert_non_null(strstr(succeeded, "\"" SECOND "\",\"false\",\"0035g00000AbCdF\",\"b\""));
}

static void ids_that_no_org_takes_are_refused(void **unused)
{
	(void)unused;
	assert_run("update", "Id,Title\n" PARENT ",another object\n0035g00000AbCdEAAA,wrong guard\nx,no id\n",
	           0, 3);
	assert_non_null(strstr(failed, "\"" PARENT "\",\"INVALID_CROSS_REFERENCE_KEY"));
	assert_non_null(strstr(failed, "\"x\",\"MALFORMED_ID"));
}

static void the_rules_of_the_describe_hold_for_records_that_are_not_here(void **unused)
{
	(void)unused;
	assert_run("update", "Id,Status__c,LastName\n" FIRST ",Sleeping,a\n" SECOND ",New,#N/A\n", 0, 2);
	assert_non_null(strstr(failed, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"));
	assert_non_null(strstr(failed, "REQUIRED_FIELD_MISSING"));
	assert_run("upsert", "Ext__c,LastName\n01234567890123456789012345678901234567890,a\n", 0, 1);
	assert_non_null(strstr(failed, "STRING_TOO_LONG:Ext__c"));
}

static void a_record_is_deleted_once(void **unused)
{
	(void)unused;
	assert_run("delete", "Id\n" FIRST "\n", 1, 0);
	assert_run("delete", "Id\n" FIRST "\n" SECOND "\n", 1, 1);
	assert_non_null(strstr(failed, "\"" FIRST "\",\"ENTITY_IS_DELETED"));
	assert_run("hardDelete", "Id\n" FIRST "\n", 1, 0);
}

static void an_upsert_by_key_needs_nothing_that_only_an_insert_needs(void **unused)
{
	(void)unused;
	assert_run("upsert", "Ext__c,Title\nK-1,a\nK-2,b\n,without a key\n", 2, 1);
	assert_non_null(strstr(failed, "REQUIRED_FIELD_MISSING"));
	assert_int_equal(counter("rows", "Contact"), 2);
	assert_run("upsert", "Ext__c,Title\nk-1,again\n", 1, 0);
	assert_int_equal(counter("rows", "Contact"), 2);
	assert_run("upsert", "Ext__c,Title\nK-3,a\nK-3,b\n", 0, 2);
	assert_non_null(strstr(failed, "Duplicate external id specified"));
}

static void lookups_by_key_are_found(void **unused)
{
	(void)unused;
	assert_run("insert", "LastName,Account.Ext__c\na,A-1\nb,A-1\nc,A-2\n", 3, 0);
	assert_int_equal(counter("rows", "Account"), 0);
	assert_non_null(strstr(query("SELECT Account.Name, AccountId FROM Contact").body, "\"totalSize\" : 3"));
}

static void lookups_by_id_need_an_id_of_their_object(void **unused)
{
	(void)unused;
	assert_run("insert", "LastName,AccountId\na," PARENT "\nb," FIRST "\n", 1, 1);
	assert_non_null(strstr(failed, "INVALID_CROSS_REFERENCE_KEY"));
	/* an event may hang on objects that are not described here */
	assert_int_equal(ask("POST", API "/sobjects/Event",
	                     "{\"DurationInMinutes\":5,\"ActivityDateTime\":\"2026-01-01T00:00:00Z\","
	                     "\"WhatId\":\"8015g00000AbCdEAAV\"}")
	                         .status,
	                 201);
}

static void record_types_are_known_from_the_describe(void **unused)
{
	(void)unused;
	assert_int_equal(
		ask("POST", API "/sobjects/Account", "{\"Name\":\"a\",\"RecordType\":{\"Name\":\"No such\"}}")
			.status,
		400);
	assert_int_equal(
		ask("POST", API "/sobjects/Account", "{\"Name\":\"a\",\"RecordTypeId\":\"0125g000000AbCdAAK\"}")
			.status,
		400);
}

static void unique_values_of_the_load_itself_collide(void **unused)
{
	(void)unused;
	assert_run("insert", "LastName,Ext__c\na,K-1\n", 1, 0);
	assert_run("insert", "LastName,Ext__c\nb,k-1\nc,K-2\n", 1, 1);
	assert_non_null(strstr(failed, "DUPLICATE_VALUE"));
}

static void collections_and_single_rows_do_the_same(void **unused)
{
	struct reply r = ask("PATCH", COLLECTION,
	                     "{\"records\":[{\"attributes\":{\"type\":\"Contact\"},\"id\":\"" FIRST
	                     "\",\"Title\":\"a\"}]}");

	(void)unused;
	assert_non_null(strstr(r.body, "\"id\" : \"" FIRST "\",\n  \"success\" : true"));
	r = ask("PATCH", COLLECTION "/Contact/Ext__c",
	        "{\"records\":[{\"attributes\":{\"type\":\"Contact\"},\"Ext__c\":\"K-1\",\"Title\":\"a\","
	        "\"Account\":{\"Ext__c\":\"A-1\"}}]}");
	assert_non_null(strstr(r.body, "\"success\" : true"));
	assert_non_null(strstr(r.body, "\"created\" : false"));
	r = ask("DELETE", COLLECTION "?ids=" SECOND "," PARENT, NULL);
	assert_non_null(strstr(r.body, "\"id\" : \"" SECOND "\",\n  \"success\" : true"));
	assert_non_null(strstr(r.body, "\"id\" : \"" PARENT "\",\n  \"success\" : true"));
	assert_int_equal(ask("PATCH", API "/sobjects/Contact/0035g00000AbCdGAAV", "{\"Title\":\"a\"}").status,
	                 204);
	assert_int_equal(ask("PATCH", API "/sobjects/Contact/Ext__c/K-2", "{\"Title\":\"a\"}").status, 200);
	assert_int_equal(ask("DELETE", API "/sobjects/Contact/0035g00000AbCdGAAV", NULL).status, 204);
	assert_int_equal(get(API "/sobjects/Contact/0035g00000AbCdHAAV").status, 404);
}

static void what_all_or_none_takes_back_stood_in_for_nothing(void **unused)
{
	struct reply r = ask(
		"PATCH", COLLECTION,
		"{\"allOrNone\":true,\"records\":[{\"attributes\":{\"type\":\"Contact\"},\"id\":\"" FIRST
		"\",\"Title\":\"a\"},{\"attributes\":{\"type\":\"Contact\"},\"id\":\"x\"}]}");

	(void)unused;
	assert_non_null(strstr(r.body, "ALL_OR_NONE_OPERATION_ROLLED_BACK"));
	assert_int_equal(counter("rows", "Contact"), 0);
	assert_run("update", "Id,Title\n" FIRST ",a\n" SECOND ",b\n", 2, 0);
	assert_non_null(strstr(query("SELECT Id FROM Contact WHERE Id = '" SECOND "'").body, SECOND));
	assert_non_null(strstr(get("/practice/audit?object=Contact").body, "\"id\":\"" FIRST "\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(an_update_finds_every_id_of_its_object, empty_org),
		cmocka_unit_test_setup(ids_that_no_org_takes_are_refused, empty_org),
		cmocka_unit_test_setup(the_rules_of_the_describe_hold_for_records_that_are_not_here, empty_org),
		cmocka_unit_test_setup(a_record_is_deleted_once, empty_org),
		cmocka_unit_test_setup(an_upsert_by_key_needs_nothing_that_only_an_insert_needs, empty_org),
		cmocka_unit_test_setup(lookups_by_key_are_found, empty_org),
		cmocka_unit_test_setup(lookups_by_id_need_an_id_of_their_object, empty_org),
		cmocka_unit_test_setup(record_types_are_known_from_the_describe, empty_org),
		cmocka_unit_test_setup(unique_values_of_the_load_itself_collide, empty_org),
		cmocka_unit_test_setup(collections_and_single_rows_do_the_same, empty_org),
		cmocka_unit_test_setup(what_all_or_none_takes_back_stood_in_for_nothing, empty_org),
	};

	return cmocka_run_group_tests(tests, open_rehearsal, close_org);
}
