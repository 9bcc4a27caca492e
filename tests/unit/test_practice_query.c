/* SOQL on the practice org: paths over references, what is counted, order, pages, and what is refused in which words. */
#include "practice_client.h"

/* Texts of one key of the records that a query finds, joined with commas; null as "-". */
static const char *found(const char *soql, const char *key)
{
	static char text[4096];
	struct reply r = query(soql);
	json_t *answer = json_loads(r.body, 0, NULL), *record;
	size_t i;

	if (r.status != 200)
		fail_msg("%s: %s", soql, r.body);
	text[0] = '\0';
	json_array_foreach(json_object_get(answer, "records"), i, record) {
		const char *value = json_string_value(json_object_get(record, key));

		strcat(strcat(text, i ? "," : ""), value ? value : "-");
	}
	json_decref(answer);
	return text;
}

static void expect(const char *soql, const char *names)
{
	assert_string_equal(found(soql, "Name"), names);
}

static void insert(const char *object, const char *csv)
{
	char id[SF_ID_ROOM], json[128];

	snprintf(json, sizeof json, "{\"object\":\"%s\",\"operation\":\"insert\"}", object);
	run_job(json, csv, "JobComplete", id);
}

static int small_org(void **unused)
{
	empty_org(unused);
	insert("Account", "Name,Ext__c,Site,Score__c,NumberOfEmployees,BillingCity,BillingCountry,Description\n"
	                  "Top,T,,1,10,Bern,CH,long\n"
	                  "A%,A,x,2.5,20,,,\n"
	                  "A_b,B,\"a\\b\",,30,,,\n"
	                  "Ab\xc3\xa9,C,,-4,,,,\n");
	insert("Account", "Name,Parent.Ext__c\nMiddle,T\nAlone,\n");
	insert("Contact", "LastName,Account.Ext__c,Ext__c\nOne,A,c-1\nTwo,,c-2\n");
	insert("Case", "Subject,Contact.Ext__c,Ext__c\nFirst,c-1,k-1\nSecond,,k-2\n");
	return 0;
}

static void paths_lead_over_several_references(void **unused)
{
	struct reply r = query(
		"SELECT Subject, Contact.Account.Owner.Username, Contact.Name, Contact.Account.Name "
		"FROM Case ORDER BY Subject");
	json_t *answer = json_loads(r.body, 0, NULL), *first, *contact, *account;

	(void)unused;
	if (r.status != 200)
		fail_msg("%s", r.body);
	first = json_array_get(json_object_get(answer, "records"), 0);
	contact = json_object_get(first, "Contact");
	account = json_object_get(contact, "Account");
	assert_string_equal(json_string_value(json_object_get(contact, "Name")), "One");
	assert_string_equal(json_string_value(json_object_get(account, "Name")), "A%");
	assert_string_equal(json_string_value(json_object_get(json_object_get(account, "attributes"), "type")),
	                    "Account");
	assert_string_equal(json_string_value(json_object_get(json_object_get(account, "Owner"), "Username")),
	                    PRACTICE_USERNAME);
	assert_int_equal(json_object_size(account), 3);
	assert_true(json_is_null(
		json_object_get(json_array_get(json_object_get(answer, "records"), 1), "Contact")));
	json_decref(answer);
	assert_string_equal(found("SELECT Subject FROM Case WHERE Contact.Account.Ext__c = 'a'", "Subject"),
	                    "First");
	assert_string_equal(
		found("SELECT Subject FROM Case ORDER BY Contact.Account.Name DESC NULLS LAST", "Subject"),
		"First,Second");
	expect("SELECT Name FROM Account WHERE Parent.Ext__c = 'T'", "Middle");
}

static void a_reference_to_several_objects_has_what_they_share(void **unused)
{
	struct reply r = query("SELECT Id, Owner.Name, Owner.Type FROM Case LIMIT 1");

	(void)unused;
	assert_int_equal(r.status, 200);
	assert_non_null(strstr(r.body, "\"Type\" : \"User\""));
	assert_non_null(strstr(r.body, "\"Name\" : \"Practice Operator\""));
	assert_string_equal(
		found("SELECT Subject FROM Case WHERE Owner.Type = 'User' ORDER BY Subject", "Subject"),
		"First,Second");
	r = query("SELECT Owner.CommunityNickname FROM Case");
	assert_int_equal(r.status, 400);
	assert_non_null(strstr(r.body, "No such column 'Owner.CommunityNickname' on entity 'Name'"));
}

static void an_alias_and_the_objects_name_may_stand_in_front(void **unused)
{
	(void)unused;
	expect("SELECT a.Name FROM Account a WHERE a.Ext__c = 'T'", "Top");
	expect("SELECT Account.Name FROM Account WHERE Account.Ext__c = 'T'", "Top");
}

static void patterns_know_characters_and_escapes(void **unused)
{
	(void)unused;
	expect("SELECT Name FROM Account WHERE Name LIKE 'A%' ORDER BY Name", "A%,A_b,Ab\xc3\xa9,Alone");
	expect("SELECT Name FROM Account WHERE Name LIKE 'A\\%'", "A%");
	expect("SELECT Name FROM Account WHERE Name LIKE 'a\\_b'", "A_b");
	expect("SELECT Name FROM Account WHERE Name LIKE 'Ab_'", "Ab\xc3\xa9");
	expect("SELECT Name FROM Account WHERE Site = 'a\\\\b'", "A_b");
	expect("SELECT Name FROM Account WHERE Site LIKE 'a\\\\%'", "A_b");
}

static void an_empty_text_is_null(void **unused)
{
	(void)unused;
	expect("SELECT Name FROM Account WHERE Site = '' AND Ext__c != '' ORDER BY Name", "Ab\xc3\xa9,Top");
}

static void nulls_come_first_unless_told(void **unused)
{
	(void)unused;
	expect("SELECT Name FROM Account WHERE Ext__c != null ORDER BY Score__c", "A_b,Ab\xc3\xa9,Top,A%");
	expect("SELECT Name FROM Account WHERE Ext__c != null ORDER BY Score__c DESC", "A_b,A%,Top,Ab\xc3\xa9");
	expect("SELECT Name FROM Account WHERE Ext__c != null ORDER BY Score__c ASC NULLS LAST",
	       "Ab\xc3\xa9,Top,A%,A_b");
}

static void an_offset_leaves_out_and_a_limit_cuts(void **unused)
{
	(void)unused;
	expect("SELECT Name FROM Account WHERE Ext__c != null ORDER BY Ext__c LIMIT 2 OFFSET 1",
	       "A_b,Ab\xc3\xa9");
	expect("SELECT Name FROM Account ORDER BY Name OFFSET 100", "");
}

static void counting_a_field_counts_its_values(void **unused)
{
	struct reply r = query("SELECT COUNT(Id), COUNT(Score__c) scores FROM Account");

	(void)unused;
	assert_int_equal(r.status, 200);
	assert_non_null(strstr(r.body, "\"totalSize\" : 1"));
	assert_non_null(strstr(r.body, "\"type\" : \"AggregateResult\"\n    },\n    \"expr0\" : 6,\n"
	                               "    \"scores\" : 3"));
	r = query("select count() from Account");
	assert_non_null(strstr(r.body, "\"totalSize\" : 6"));
	assert_non_null(strstr(r.body, "\"records\" : [ ]"));
}

/* The texts of one key of the records that point at the first record that a query finds, joined with commas. */
static const char *beneath(const char *soql, const char *relationship, const char *key)
{
	static char text[4096];
	struct reply r = query(soql);
	json_t *answer = json_loads(r.body, 0, NULL), *inner, *record;
	size_t i;

	if (r.status != 200)
		fail_msg("%s: %s", soql, r.body);
	inner = json_object_get(json_array_get(json_object_get(answer, "records"), 0), relationship);
	snprintf(text, sizeof text, "%s", json_is_null(inner) ? "null" : "");
	json_array_foreach(json_object_get(inner, "records"), i, record)
		strcat(strcat(text, i ? "," : ""), json_string_value(json_object_get(record, key)));
	if (json_is_object(inner)) {
		assert_int_equal(json_integer_value(json_object_get(inner, "totalSize")), i);
		assert_true(json_is_true(json_object_get(inner, "done")));
	}
	json_decref(answer);
	return text;
}

#define BENEATH(list, tail) \
	"SELECT Id, (SELECT " list " FROM Contacts " tail "), Name FROM Account WHERE Ext__c = 'A'"

static void records_that_point_here_come_with_what_they_point_at(void **unused)
{
	struct reply r;

	(void)unused;
	insert("Contact", "LastName,Account.Ext__c\nFour,A\nThree,A\nFive,B\n");
	assert_string_equal(beneath(BENEATH("LastName", ""), "Contacts", "LastName"), "One,Four,Three");
	assert_string_equal(beneath(BENEATH("LastName, Account.Name", "ORDER BY LastName DESC LIMIT 2"),
	                            "Contacts", "LastName"),
	                    "Three,One");
	assert_string_equal(beneath(BENEATH("LastName", "WHERE LastName != 'One' ORDER BY LastName OFFSET 1"),
	                            "Contacts", "LastName"),
	                    "Three");
	assert_string_equal(
		beneath(BENEATH("LastName", "c WHERE c.LastName = 'none)'"), "Contacts", "LastName"), "null");
	assert_string_equal(beneath("SELECT (SELECT Name FROM childaccounts) FROM Account WHERE Name = 'Top'",
	                            "ChildAccounts", "Name"),
	                    "Middle");
	r = query("SELECT Name, (SELECT Subject FROM Cases), (SELECT Id, Account.Name FROM Contacts), Id FROM "
	          "Account "
	          "WHERE Ext__c = 'B'");
	assert_non_null(strstr(r.body, "\"Name\" : \"A_b\",\n    \"Cases\" : null,\n    \"Contacts\" : {\n"));
	assert_non_null(strstr(r.body, "\"type\" : \"Contact\""));
}

static void deleted_records_are_beneath_for_query_all_only(void **unused)
{
	static const char path[] = API "/queryAll?q=SELECT+Id,(SELECT+LastName+FROM+Contacts)+FROM+Account+"
				       "WHERE+Ext__c='A'";
	char row[128];

	(void)unused;
	insert("Contact", "LastName,Account.Ext__c,Ext__c\nFour,A,c-4\n");
	snprintf(row, sizeof row, API "/sobjects/Contact/%s",
	         found("SELECT Id FROM Contact WHERE Ext__c = 'c-4'", "Id"));
	assert_int_equal(ask("DELETE", row, NULL).status, 204);
	assert_string_equal(beneath(BENEATH("LastName", ""), "Contacts", "LastName"), "One");
	assert_non_null(strstr(get(path).body, "\"LastName\" : \"Four\""));
}

static void numbers_and_addresses_have_their_shape(void **unused)
{
	struct reply r = query(
		"SELECT Score__c, NumberOfEmployees, BillingAddress FROM Account WHERE Ext__c = 'T'");

	(void)unused;
	assert_non_null(strstr(r.body, "\"Score__c\" : 1.0,"));
	assert_non_null(strstr(r.body, "\"NumberOfEmployees\" : 10,"));
	assert_non_null(strstr(r.body, "\"city\" : \"Bern\",\n      \"country\" : \"CH\","));
	r = query("SELECT BillingAddress FROM Account WHERE Ext__c = 'A'");
	assert_non_null(strstr(r.body, "\"BillingAddress\" : null"));
}

static void deleted_rows_are_for_query_all_only(void **unused)
{
	char path[128];
	struct reply r = query("SELECT Id FROM Account WHERE Ext__c = 'T'");
	json_t *answer = json_loads(r.body, 0, NULL);

	(void)unused;
	snprintf(path, sizeof path, API "/sobjects/Account/%s",
	         json_string_value(
			 json_object_get(json_array_get(json_object_get(answer, "records"), 0), "Id")));
	json_decref(answer);
	assert_int_equal(ask("DELETE", path, NULL).status, 204);
	expect("SELECT Name FROM Account WHERE Ext__c = 'T'", "");
	r = get(API "/queryAll?q=SELECT+Name,IsDeleted+FROM+Account+WHERE+IsDeleted=true");
	assert_int_equal(r.status, 200);
	assert_non_null(strstr(r.body, "\"Name\" : \"Top\",\n    \"IsDeleted\" : true"));
}

static void what_cannot_be_asked_is_refused_with_its_place(void **unused)
{
	static const struct {
		const char *soql, *code, *words;
	} cases[] = {
		{ "SELECT Id FROM Account WHERE Name = 'a' OR Name = 'b' AND Site = 'c'", "MALFORMED_QUERY",
		  "unexpected token: 'AND'" },
		{ "SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Site = 'c'", "MALFORMED_QUERY",
		  "unexpected token: 'OR'" },
		{ "SELECT Id, Id FROM Account", "MALFORMED_QUERY", "duplicate field selected" },
		{ "SELECT Id, COUNT(Id) FROM Account", "MALFORMED_QUERY", "grouped or aggregated" },
		{ "SELECT Id FROM Account WHERE Description = 'x'", "INVALID_FIELD",
		  "field 'Description' can not be filtered in a query call" },
		{ "SELECT Id FROM Account ORDER BY Description", "INVALID_FIELD",
		  "field 'Description' can not be sorted in a query call" },
		{ "SELECT Id FROM Account WHERE NumberOfEmployees = '5'", "INVALID_FIELD",
		  "value of filter criterion for field 'NumberOfEmployees' must be of type int and should not "
		  "be "
		  "enclosed in quotes" },
		{ "SELECT Id FROM Account WHERE Name = 5", "INVALID_FIELD",
		  "must be of type string and should be enclosed in quotes" },
		{ "SELECT Id FROM Account WHERE Id = 'abc'", "INVALID_QUERY_FILTER_OPERATOR",
		  "invalid ID field: abc" },
		{ "SELECT Id FROM Account WHERE Id LIKE '001%'", "INVALID_QUERY_FILTER_OPERATOR",
		  "invalid operator on id field" },
		{ "SELECT Id FROM Account WHERE Name = 'a\\q'", "MALFORMED_QUERY",
		  "Illegal character sequence" },
		{ "SELECT Id FROM Account OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE", "2000" },
		{ "SELECT Id\\nFROM Account\\nWHERE Foo = 1", "INVALID_FIELD", "ERROR at Row:3:Column:7" },
		{ "SELECT (SELECT Id FROM Leads) FROM Account", "INVALID_TYPE",
		  "\\nSELECT (SELECT Id FROM Leads) FROM Account\\n                       ^\\nERROR at "
		  "Row:1:Column:24\\nDidn't understand relationship 'Leads' in FROM part of query call. If you "
		  "are "
		  "attempting to use a custom relationship, be sure to append the '__r' after the custom "
		  "relationship name." },
		{ "SELECT (SELECT Foo FROM Contacts) FROM Account", "INVALID_FIELD",
		  "No such column 'Foo' on entity 'Contact'" },
		{ "SELECT (SELECT COUNT(Id) FROM Contacts) FROM Account", "MALFORMED_QUERY",
		  "Only root queries support aggregate expressions" },
		{ "SELECT (SELECT Id, (SELECT Id FROM Cases) FROM Contacts) FROM Account", "MALFORMED_QUERY",
		  "unexpected token: '('" },
		{ "SELECT (SELECT Id FROM Contacts), (SELECT Name FROM Contacts) FROM Account",
		  "MALFORMED_QUERY", "Cannot follow the same association multiple times" },
		{ "SELECT (SELECT Id FROM Contacts FROM Account", "MALFORMED_QUERY",
		  "unexpected token: '<EOF>'" },
		{ "SELECT (SELECT Id FROM Contacts LIMIT 1 Id) FROM Account", "MALFORMED_QUERY",
		  "unexpected token: 'Id'" },
		{ "SELECT FIELDS(ALL) FROM Account LIMIT 200", "MALFORMED_QUERY",
		  "\\nSELECT FIELDS(ALL) FROM Account LIMIT 200\\n             ^\\nERROR at "
		  "Row:1:Column:14\\nunexpected token: '('" },
		{ "SELECT TYPEOF Owner WHEN User THEN Username END FROM Case", "MALFORMED_QUERY",
		  "unexpected token: 'Owner'" },
		{ "SELECT Owner.Profile.Name FROM Case", "INVALID_FIELD", "Didn't understand relationship" },
		{ "select count() from XYZZY", "INVALID_TYPE",
		  "\\nselect count() from XYZZY\\n                    ^\\nERROR at Row:1:Column:21\\nsObject "
		  "type "
		  "'XYZZY' is not supported. If you are attempting to use a custom object, be sure to append "
		  "the "
		  "'__c' after the entity name. Please reference your WSDL or the describe call for the "
		  "appropriate names." },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char soql[512], *at;
		struct reply r;

		snprintf(soql, sizeof soql, "%s", cases[i].soql);
		while ((at = strstr(soql, "\\n"))) {
			at[0] = ' ';
			at[1] = '\n';
		}
		r = query(soql);
		if (r.status != 400 || !strstr(r.body, cases[i].words) || !strstr(r.body, cases[i].code))
			fail_msg("%s: %d %s", soql, r.status, r.body);
	}
}

static void pages_end_and_locators_die_after_two_days(void **unused)
{
	static char csv[200000];
	size_t n = (size_t)snprintf(csv, sizeof csv, "Name\n"), rows = 0;
	char next[256], first[256];
	struct reply r;

	(void)unused;
	for (int i = 0; i < 4500; i++)
		n += (size_t)snprintf(csv + n, sizeof csv - n, "Many %d\n", i);
	insert("Account", csv);
	r = query("SELECT Id FROM Account WHERE Name LIKE 'Many%'");
	take_value(r.body, "nextRecordsUrl", first, sizeof first);
	snprintf(next, sizeof next, "%s", first);
	while (next[0]) {
		rows += 2000;
		assert_int_equal(atoi(json_value(r.body, "totalSize")), 4500);
		r = get(next);
		assert_int_equal(r.status, 200);
		take_value(r.body, "nextRecordsUrl", next, sizeof next);
	}
	assert_int_equal(rows, 4000);
	ask("POST", "/practice/clock", "{\"advance_ms\":172800001}");
	r = get(first);
	assert_int_equal(r.status, 400);
	assert_non_null(strstr(r.body, "INVALID_QUERY_LOCATOR"));
}

static void a_head_that_is_too_long_is_refused(void **unused)
{
	static char path[17000], request[20000];
	size_t n = (size_t)snprintf(path, sizeof path, API "/query?q=SELECT+Id+FROM+Account+WHERE+Name='");
	struct reply r;
	int fd = dial(), len;

	(void)unused;
	memset(path + n, 'x', 16400 - n);
	path[16400] = '\0';
	assert_int_equal(get(path).status, 414);
	path[15000] = '\0';
	assert_int_equal(get(path).status, 400);
	memset(path, 'h', 16400);
	path[16400] = '\0';
	len = snprintf(request, sizeof request, "GET " API "/limits HTTP/1.1\r\nHost: x\r\nX-Long: %s\r\n\r\n",
	               path);
	send_all(fd, request, (size_t)len);
	r = receive(fd);
	close(fd);
	assert_int_equal(r.status, 431);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(paths_lead_over_several_references, small_org),
		cmocka_unit_test_setup(a_reference_to_several_objects_has_what_they_share, small_org),
		cmocka_unit_test_setup(an_alias_and_the_objects_name_may_stand_in_front, small_org),
		cmocka_unit_test_setup(patterns_know_characters_and_escapes, small_org),
		cmocka_unit_test_setup(an_empty_text_is_null, small_org),
		cmocka_unit_test_setup(nulls_come_first_unless_told, small_org),
		cmocka_unit_test_setup(an_offset_leaves_out_and_a_limit_cuts, small_org),
		cmocka_unit_test_setup(counting_a_field_counts_its_values, small_org),
		cmocka_unit_test_setup(records_that_point_here_come_with_what_they_point_at, small_org),
		cmocka_unit_test_setup(deleted_records_are_beneath_for_query_all_only, small_org),
		cmocka_unit_test_setup(numbers_and_addresses_have_their_shape, small_org),
		cmocka_unit_test_setup(deleted_rows_are_for_query_all_only, small_org),
		cmocka_unit_test_setup(what_cannot_be_asked_is_refused_with_its_place, small_org),
		cmocka_unit_test_setup(pages_end_and_locators_die_after_two_days, small_org),
		cmocka_unit_test_setup(a_head_that_is_too_long_is_refused, small_org),
	};

	return cmocka_run_group_tests(tests, open_org, close_org);
}
