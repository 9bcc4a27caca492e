/* Bulk API 2.0 ingest as a client sees it: the life of a job, what its header and its records are refused for, its results. */
#include "practice_client.h"

#define INSERT(object) "{\"object\":\"" object "\",\"operation\":\"insert\"}"
#define OPERATION(object, word) "{\"object\":\"" object "\",\"operation\":\"" word "\"}"
#define UPSERT(object, key) \
	"{\"object\":\"" object "\",\"operation\":\"upsert\",\"externalIdFieldName\":\"" key "\"}"

static bool has_key(const char *json, const char *key)
{
	json_t *parsed = json_loads(json, 0, NULL);
	bool has = json_object_get(parsed, key) != NULL;

	json_decref(parsed);
	return has;
}

static size_t key_count(const char *json)
{
	json_t *parsed = json_loads(json, 0, NULL);
	size_t n = json_object_size(parsed);

	json_decref(parsed);
	return n;
}

static void a_job_shows_the_keys_of_its_state(void **unused)
{
	char id[SF_ID_ROOM], url[128];
	struct reply r;

	(void)unused;
	use_scenario("{\"start_delay_ms\":600000}");
	r = ask("POST", API "/jobs/ingest", INSERT("Account"));
	assert_int_equal(r.status, 200);
	assert_int_equal(key_count(r.body), 13);
	assert_non_null(strstr(r.body, "\"apiVersion\":62.0"));
	take_value(r.body, "id", id, sizeof id);
	snprintf(url, sizeof url, "services/data/v62.0/jobs/ingest/%s/batches", id);
	assert_string_equal(json_value(r.body, "contentUrl"), url);
	assert_memory_equal(id, "750", 3);

	r = get(job_path(id, ""));
	assert_string_equal(json_value(r.body, "jobType"), "V2Ingest");
	assert_false(has_key(r.body, "numberRecordsProcessed"));
	r = upload(id, "Name\nOne\n");
	assert_int_equal(r.status, 201);
	assert_string_equal(r.body, "");
	assert_true(has_key(get(job_path(id, "")).body, "numberRecordsProcessed"));

	r = change_state(id, "UploadComplete");
	assert_int_equal(r.status, 200);
	assert_int_equal(key_count(r.body), 10);
	r = get(job_path(id, ""));
	assert_string_equal(json_value(r.body, "state"), "UploadComplete");
	assert_false(has_key(r.body, "contentUrl"));
	assert_int_equal(ask("POST", "/practice/clock", "{\"advance_ms\":600000}").status, 200);
	await_state(id, "JobComplete");
	assert_false(has_key(get(job_path(id, "")).body, "errorMessage"));
}

static void an_upsert_shows_its_key(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	create_job(UPSERT("Account", "ext__c"), id);
	assert_string_equal(json_value(get(job_path(id, "")).body, "externalIdFieldName"), "Ext__c");
}

static void what_cannot_become_a_job_is_refused(void **unused)
{
	static const struct {
		const char *json, *code, *message;
	} cases[] = {
		{ INSERT("Nothing"), "INVALIDENTITY", "Entity 'Nothing' is not supported by the Bulk API." },
		{ INSERT("Organization"), "INVALIDENTITY", "not supported" },
		{ OPERATION("Account", "harddelete"), "JSON_PARSER_ERROR", "" },
		{ OPERATION("Contact", "upsert"), "INVALIDJOB",
		  "InvalidJob : External ID was blank for Contact. An External ID must be specified for "
		  "upsert." },
		{ UPSERT("Account", "website"), "INVALIDJOB",
		  "InvalidJob : Field name provided, website does not match an External ID, Salesforce Id, or "
		  "indexed "
		  "field for Account" },
		{ OPERATION("Account", "hardDelete"), "FeatureNotEnabled", "special user profile permission" },
		{ "{\"object\":\"Account\",\"operation\":\"insert\",\"lineEnding\":\"CR\"}",
		  "JSON_PARSER_ERROR", "" },
		{ "{\"object\":\"Account\",\"operation\":\"insert\",\"allOrNone\":true}", "JSON_PARSER_ERROR",
		  "" },
		{ "{\"object\":", "JSON_PARSER_ERROR", "" },
		{ "", "JSON_PARSER_ERROR", "" },
		{ "[]", "JSON_PARSER_ERROR", "" },
	};

	(void)unused;
	use_scenario("{\"hard_delete\":false}");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct reply r = ask("POST", API "/jobs/ingest", cases[i].json);

		assert_int_equal(r.status, 400);
		assert_non_null(strstr(r.body, cases[i].code));
		assert_non_null(strstr(r.body, cases[i].message));
	}
	assert_int_equal(counter("jobs", "Open"), 0);
}

static void a_second_upload_is_refused_and_does_no_harm(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	create_job(INSERT("Account"), id);
	assert_int_equal(upload(id, "Name\nOne\n").status, 201);
	assert_int_equal(upload(id, "Name\nTwo\n").status, 400);
	assert_int_equal(change_state(id, "UploadComplete").status, 200);
	await_state(id, "JobComplete");
	assert_int_equal(counter("rows", "Account"), 1);
}

static void a_second_upload_may_spoil_the_job_instead(void **unused)
{
	char id[SF_ID_ROOM];
	struct reply r;

	(void)unused;
	use_scenario("{\"second_put\":\"accept\"}");
	create_job(INSERT("Account"), id);
	assert_int_equal(upload(id, "Name\nOne\n").status, 201);
	assert_int_equal(upload(id, "Name\nTwo\n").status, 201);
	r = change_state(id, "UploadComplete");
	assert_int_equal(r.status, 400);
	assert_non_null(strstr(r.body, "Found multipe contents for job"));
	assert_int_equal(counter("rows", "Account"), 0);
}

static void only_legal_changes_of_state_are_taken(void **unused)
{
	char id[SF_ID_ROOM];
	struct reply r;

	(void)unused;
	run_job(INSERT("Account"), "Name\nOne\n", "JobComplete", id);
	r = change_state(id, "Aborted");
	assert_int_equal(r.status, 400);
	assert_non_null(strstr(r.body, "INVALIDJOBSTATE"));
	assert_non_null(strstr(r.body, "Aborting already Completed Job not allowed"));
	assert_int_equal(change_state(id, "UploadComplete").status, 400);
	assert_int_equal(upload(id, "Name\n").status, 400);
	create_job(INSERT("Account"), id);
	assert_int_equal(change_state(id, "JobComplete").status, 400);
	assert_int_equal(change_state(id, "Aborted").status, 200);
	assert_int_equal(change_state(id, "UploadComplete").status, 400);
	assert_int_equal(change_state("7505e0000009999AAA", "Aborted").status, 404);
}

static void a_job_without_records_completes_and_without_upload_fails(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	run_job(INSERT("Account"), "", "JobComplete", id);
	assert_string_equal(json_value(get(job_path(id, "")).body, "numberRecordsProcessed"), "0");
	run_job("{\"object\":\"Account\",\"operation\":\"insert\",\"lineEnding\":\"CRLF\"}", "", "JobComplete",
	        id);
	run_job(INSERT("Account"), "Name\n", "JobComplete", id);
	assert_string_equal(results(id, "/failedResults", 0), "\"sf__Id\",\"sf__Error\",Name\n");
	assert_string_equal(results(id, "/unprocessedrecords", 0), "Name\n");
	create_job(INSERT("Account"), id);
	change_state(id, "UploadComplete");
	await_state(id, "Failed");
	assert_int_equal(get(job_path(id, "/successfulResults/")).status, 200);
}

static void jobs_are_listed_and_deleted(void **unused)
{
	char first[SF_ID_ROOM], second[SF_ID_ROOM];
	struct reply r;

	(void)unused;
	run_job(INSERT("Account"), "Name\nOne\n", "JobComplete", first);
	create_job(INSERT("Contact"), second);
	r = get(API "/jobs/ingest?jobType=V2Ingest");
	assert_true(has_key(r.body, "done") && has_key(r.body, "nextRecordsUrl") && has_key(r.body, "records"));
	assert_non_null(strstr(r.body, first));
	assert_non_null(strstr(r.body, second));
	r = ask("DELETE", job_path(second, ""), NULL);
	assert_int_equal(r.status, 400);
	assert_non_null(strstr(r.body, "the job is not terminated"));
	assert_int_equal(ask("DELETE", job_path(first, ""), NULL).status, 204);
	assert_int_equal(get(job_path(first, "")).status, 404);
	assert_null(strstr(get(API "/jobs/ingest").body, first));
	assert_int_equal(counter("rows", "Account"), 1);
}

static void a_thousand_jobs_make_a_page(void **unused)
{
	char id[SF_ID_ROOM];
	struct reply r;
	int fd = dial();

	(void)unused;
	for (int i = 0; i < 1001; i++)
		assert_int_equal(ask_on(fd, "POST", API "/jobs/ingest", NULL, INSERT("Lead")).status, 200);
	close(fd);
	create_job(INSERT("Account"), id);
	r = get(API "/jobs/ingest");
	assert_non_null(strstr(r.body, "\"done\":false"));
	r = get(json_value(r.body, "nextRecordsUrl"));
	assert_non_null(strstr(r.body, "\"done\":true,\"nextRecordsUrl\":null"));
	assert_non_null(strstr(r.body, "\"Lead\""));
}

#define NO_CSV "Failed to parse CSV. Found unescaped quote. A value with quote should be within a quote"

static void a_header_that_does_not_fit_fails_the_job_and_nothing_is_written(void **unused)
{
	static const struct {
		const char *json, *csv, *message;
	} cases[] = {
		{ INSERT("Account"), "Name,Foo__c\nOne,x\n", "InvalidBatch : Field name not found : Foo__c" },
		{ INSERT("Account"), "Name,Id\nOne,\n", "InvalidBatch : Field name not found : Id" },
		{ INSERT("Account"), "Name,CreatedDate\nOne,\n",
		  "InvalidBatch : Field name not found : CreatedDate" },
		{ INSERT("Account"), "\xef\xbb\xbfName\nOne\n",
		  "InvalidBatch : Field name not found : \xef\xbb\xbfName" },
		{ INSERT("Account"), "\xef\xbb\xbf\"Name\"\nOne\n", "InvalidBatch : " NO_CSV },
		{ INSERT("Account"), "Name, \"Phone\"\nOne,1\n", "InvalidBatch : " NO_CSV },
		{ INSERT("Account"), "\"Name\"x,Phone\nOne,1\n", "InvalidBatch : " NO_CSV },
		{ INSERT("Account"), "Name\r\nOne\r\n",
		  "ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is LF" },
		{ "{\"object\":\"Account\",\"operation\":\"insert\",\"lineEnding\":\"CRLF\"}", "Name\nOne\n",
		  "ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is CRLF" },
		{ INSERT("Contact"), "LastName,Firm.Ext__c\nOne,x\n",
		  "InvalidBatch : Unable to find relationship: Firm" },
		{ INSERT("Contact"), "LastName,Account.Phone\nOne,x\n",
		  "InvalidBatch : Field name not found : Account.Phone" },
		{ INSERT("Contact"), "LastName,Account:Account.Ext__c\nOne,x\n",
		  "InvalidBatch : type is not needed for non polymorphic foreign key references: Account" },
		{ INSERT("Event"), "Subject,Who.Email\nOne,x\n",
		  "InvalidBatch : Unable to find relationship: Who" },
		{ UPSERT("Account", "Ext__c"), "Name\nOne\n", "InvalidBatch : Field name not found : Ext__c" },
	};
	char id[SF_ID_ROOM];

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		run_job(cases[i].json, cases[i].csv, "Failed", id);
		assert_string_equal(json_value(get(job_path(id, "")).body, "errorMessage"), cases[i].message);
		assert_string_equal(json_value(get(job_path(id, "")).body, "numberRecordsProcessed"), "0");
		assert_string_equal(results(id, "/unprocessedrecords", 0), "");
	}
	assert_int_equal(counter(NULL, "writes"), 0);
}

/* The failed results of a job must hold this error. */
static void expect_error(const char *json, const char *csv, const char *error)
{
	char id[SF_ID_ROOM];
	const char *failed;

	run_job(json, csv, "JobComplete", id);
	failed = results(id, "/failedResults/", 3);
	if (!strstr(failed, error))
		fail_msg("no %s in %s", error, failed);
}

static void each_value_is_checked_against_the_describe(void **unused)
{
	char longer[600] = "Name,Ext__c\n";

	(void)unused;
	expect_error(INSERT("Contact"), "LastName,Ext__c\n,A\n",
	             "\"REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --\"");
	expect_error(INSERT("Opportunity"), "Name\nX\n",
	             "\"REQUIRED_FIELD_MISSING:Required fields are missing: [StageName, "
	             "CloseDate]:StageName,CloseDate --\"");
	expect_error(INSERT("Contact"), "LastName,Seen__c\nX,2018-09-28\n",
	             "\"INVALID_FIELD:Failed to deserialize field at col 1. Due to, '2018-09-28' is not a "
	             "valid value "
	             "for the type xsd:dateTime:Seen__c --\"");
	expect_error(INSERT("Contact"), "LastName,Seen__c\nX,2018-09-28T10:00:00.1234Z\n", "xsd:dateTime");
	expect_error(INSERT("Contact"), "LastName,Since__c\nX,28.09.2018\n", "xsd:date:Since__c --");
	expect_error(INSERT("Contact"), "LastName,Since__c\nX,2023-02-29\n", "xsd:date:Since__c --");
	expect_error(INSERT("Contact"), "LastName,Score__c\nX,\"1,5\"\n", "xsd:double:Score__c --");
	expect_error(INSERT("Contact"), "LastName,Score__c\nX,1234567\n", "\"NUMBER_OUTSIDE_VALID_RANGE:");
	expect_error(INSERT("Account"), "Name,NumberOfEmployees\nX,1.5\n", "xsd:int:NumberOfEmployees --");
	expect_error(INSERT("Contact"), "LastName,Active__c\nX,maybe\n", "xsd:boolean:Active__c --");
	expect_error(
		INSERT("Contact"), "LastName,Status__c\nX,Odd\n",
		"\"INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST:Status__c: bad value for restricted picklist field: "
		"Odd:Status__c --\"");
	expect_error(INSERT("Contact"), "LastName,Email\nX,nobody\n",
	             "\"INVALID_EMAIL_ADDRESS:Email: invalid email address: nobody:Email --\"");
	memset(longer + strlen(longer), 'x', 256);
	expect_error(INSERT("Account"), strcat(longer, ",\n"), " (max length=255):Name --\"");
	expect_error(INSERT("Account"), "Name,Phone\nX\n", "INVALID_FIELD:");
	assert_int_equal(counter(NULL, "writes"), 0);
}

/* salesforce-api.md C10: a blank in front of a quote is an error of that record alone. */
static void a_quote_that_is_not_escaped_fails_its_record_alone(void **unused)
{
	static const char *const cells[] = { "a\"b", " \"b\"", "\"a\"b", "\"a\" ", "a\"\"b", "\"a" };
	char csv[256], id[SF_ID_ROOM];

	(void)unused;
	for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
		snprintf(csv, sizeof csv, "Name,Site\nOne,\"a\"\"b\"\nTwo,%s\nThree,x\n", cells[i]);
		run_job(INSERT("Account"), csv, "JobComplete", id);
		assert_string_equal(json_value(get(job_path(id, "")).body, "numberRecordsProcessed"), "3");
		assert_string_equal(json_value(get(job_path(id, "")).body, "numberRecordsFailed"), "1");
		if (!strstr(results(id, "/failedResults/", 1), "\"\",\"INVALID_FIELD:" NO_CSV ":--\","))
			fail_msg("%s: %s", cells[i], results(id, "/failedResults/", 1));
		assert_null(strstr(results(id, "/successfulResults/", 2), "Two"));
	}
}

static void a_length_is_counted_in_characters(void **unused)
{
	char csv[1024] = "Name\n";
	char id[SF_ID_ROOM];

	(void)unused;
	for (int i = 0; i < 255; i++)
		strcat(csv, "\xc3\xa4");
	run_job(INSERT("Account"), csv, "JobComplete", id);
	assert_int_equal(counter("rows", "Account"), 1);
}

static void a_unique_key_is_unique_without_regard_to_case(void **unused)
{
	char id[SF_ID_ROOM], message[160], row[SF_ID_ROOM];

	(void)unused;
	run_job(INSERT("Account"), "Name,Ext__c\nOne,Key\n", "JobComplete", id);
	sf_id_text("001", 1, row);
	snprintf(message, sizeof message,
	         "\"DUPLICATE_VALUE:duplicate value found: Ext__c duplicates value on record with id: "
	         "%.15s:--\"",
	         row);
	expect_error(INSERT("Account"), "Name,Ext__c\nTwo,KEY\n", message);
	assert_int_equal(counter("rows", "Account"), 1);
}

static void a_key_that_comes_twice_in_a_chunk_fails_all_its_records(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	run_job(UPSERT("Account", "Ext__c"), "Name,Ext__c\nOne,A\nTwo,B\nThree,a\n", "JobComplete", id);
	assert_non_null(strstr(results(id, "/failedResults", 0),
	                       "\"DUPLICATE_VALUE:Duplicate external id specified: A:Ext__c --\",\"One\""));
	assert_non_null(strstr(results(id, "/failedResults", 0),
	                       "\"DUPLICATE_VALUE:Duplicate external id specified: a:Ext__c --\",\"Three\""));
	assert_int_equal(counter("rows", "Account"), 1);
}

static void across_chunks_the_second_of_a_key_updates(void **unused)
{
	char csv[16384] = "Name,Ext__c\n", id[SF_ID_ROOM];

	(void)unused;
	for (int i = 0; i < 250; i++)
		sprintf(csv + strlen(csv), "N%d,K%d\n", i, i == 249 ? 0 : i);
	run_job(UPSERT("Account", "Ext__c"), csv, "JobComplete", id);
	assert_string_equal(json_value(get(job_path(id, "")).body, "numberRecordsFailed"), "0");
	assert_int_equal(counter("rows", "Account"), 249);
	assert_int_equal(counter(NULL, "writes"), 250);
}

static void references_are_followed_by_id_and_by_key(void **unused)
{
	char id[SF_ID_ROOM], csv[256], account[SF_ID_ROOM];
	struct reply r;

	(void)unused;
	run_job(INSERT("Account"), "Name,Ext__c\nOne,A-1\nTwo,A-2\n", "JobComplete", id);
	sf_id_text("001", 2, account);
	snprintf(csv, sizeof csv, "LastName,AccountId\nById,%.15s\n", account);
	run_job(INSERT("Contact"), csv, "JobComplete", id);
	run_job(INSERT("Contact"), "LastName,Account.Ext__c\nByKey,a-1\n", "JobComplete", id);
	r = get(API "/query?q=SELECT+LastName,Account.Name+FROM+Contact+ORDER+BY+LastName");
	assert_non_null(strstr(r.body, "\"ById\""));
	assert_true(strstr(r.body, "\"Two\"") < strstr(r.body, "\"One\"")); /* ById comes first */
	expect_error(INSERT("Contact"), "LastName,Account.Ext__c\nX,acc-9\n",
	             "\"INVALID_FIELD:Foreign key external ID: acc-9 not found for field Ext__c in entity "
	             "Account:Account --\"");
	expect_error(INSERT("Contact"), "LastName,AccountId\nX,0015e0000000099AAA\n",
	             "\"INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:--\"");
	expect_error(INSERT("Contact"), "LastName,AccountId\nX,banana\n",
	             "\"MALFORMED_ID:malformed id banana:");
}

static void records_of_one_chunk_cannot_mean_each_other(void **unused)
{
	char csv[16384] = "Name,Ext__c,Parent.Ext__c\n", id[SF_ID_ROOM];

	(void)unused;
	for (int i = 0; i < 200; i++)
		sprintf(csv + strlen(csv), "N%d,K%d,%s\n", i, i, i == 7 ? "K3" : "");
	strcat(csv, "Next,N,K3\n");
	run_job(INSERT("Account"), csv, "JobComplete", id);
	assert_string_equal(json_value(get(job_path(id, "")).body, "numberRecordsFailed"), "1");
	assert_non_null(
		strstr(results(id, "/failedResults/", 1),
	               "\"INVALID_FIELD:Foreign key external ID: K3 not found for field Ext__c in entity "
	               "Account:Parent --\",\"N7\""));
	run_job(UPSERT("Account", "Ext__c"), "Name,Ext__c,Parent.Ext__c\nN7,K7,K3\n", "JobComplete", id);
	assert_string_equal(json_value(get(job_path(id, "")).body, "numberRecordsFailed"), "0");
}

static void a_polymorphic_reference_names_its_object(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	run_job(INSERT("Lead"), "LastName,Company,Email\nOne,C,lead@example.com\n", "JobComplete", id);
	run_job(INSERT("Event"),
	        "Subject,Lead:Who.Email,DurationInMinutes,ActivityDateTime\nCall,lead@example.com,10,"
	        "2026-01-01T10:00:00Z\n",
	        "JobComplete", id);
	assert_string_equal(json_value(get(job_path(id, "")).body, "numberRecordsFailed"), "0");
}

static void an_update_needs_an_id_that_lives(void **unused)
{
	char id[SF_ID_ROOM], csv[256], one[SF_ID_ROOM], two[SF_ID_ROOM];

	(void)unused;
	run_job(INSERT("Account"), "Name\nOne\nTwo\n", "JobComplete", id);
	sf_id_text("001", 1, one);
	sf_id_text("001", 2, two);
	snprintf(csv, sizeof csv, "Id\n%s\n", two);
	run_job(OPERATION("Account", "delete"), csv, "JobComplete", id);
	snprintf(csv, sizeof csv, "Id,Phone\n%s,1\n%s,2\n0015e0000000099AAA,3\n001xx,4\n,5\n", one, two);
	run_job(OPERATION("Account", "update"), csv, "JobComplete", id);
	snprintf(csv, sizeof csv, "\"%s\",\"false\",\"%s\",\"1\"\n", one, one);
	assert_non_null(strstr(results(id, "/successfulResults", 0), csv));
	snprintf(csv, sizeof csv, "\"%s\",\"ENTITY_IS_DELETED:entity is deleted:--\",\"%s\",\"2\"\n", two, two);
	assert_non_null(strstr(results(id, "/failedResults", 0), csv));
	assert_non_null(
		strstr(results(id, "/failedResults", 0),
	               "\"0015e0000000099AAA\",\"INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:--\""));
	assert_non_null(strstr(results(id, "/failedResults", 0), "\"MALFORMED_ID:malformed id 001xx:--\""));
	assert_non_null(strstr(results(id, "/failedResults", 0), "\"MISSING_ARGUMENT:Id not specified"));
}

static void blank_leaves_a_field_alone_and_the_mark_clears_it(void **unused)
{
	char id[SF_ID_ROOM];
	struct reply r;

	(void)unused;
	run_job(UPSERT("Account", "Ext__c"), "Name,Ext__c,Phone,Fax\nOne,A,111,222\n", "JobComplete", id);
	assert_non_null(strstr(results(id, "/successfulResults", 0), "\"true\""));
	run_job(UPSERT("Account", "Ext__c"), "Name,Ext__c,Phone,Fax\n,A,,#N/A\n", "JobComplete", id);
	assert_non_null(strstr(results(id, "/successfulResults", 0), "\"false\""));
	r = get("/practice/rows?object=Account");
	assert_non_null(strstr(r.body, "\"Name\":\"One\""));
	assert_non_null(strstr(r.body, "\"Phone\":\"111\""));
	assert_null(strstr(r.body, "Fax"));
	expect_error(UPSERT("Account", "Ext__c"), "Name,Ext__c\n#N/A,A\n", "[Name]:Name --");
}

static void an_upsert_without_a_key_value_inserts_and_with_several_matches_fails(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	run_job(UPSERT("Contact", "Email"), "LastName,Email\nA,\nB,\n", "JobComplete", id);
	assert_int_equal(counter("rows", "Contact"), 2);
	run_job(INSERT("Contact"), "LastName,Email\nC,x@example.com\nD,x@example.com\n", "JobComplete", id);
	expect_error(UPSERT("Contact", "Email"), "LastName,Email\nE,x@example.com\n", "DUPLICATE_EXTERNAL_ID:");
	assert_int_equal(counter("rows", "Contact"), 4);
	run_job(UPSERT("Contact", "Id"), "Id,LastName\n,F\n", "JobComplete", id);
	assert_int_equal(counter("rows", "Contact"), 5);
}

static void an_upsert_bears_an_empty_id_column_only(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	run_job(UPSERT("Account", "Ext__c"), "Id,Name,Ext__c\n,One,A\n", "JobComplete", id);
	assert_int_equal(counter("rows", "Account"), 1);
	expect_error(UPSERT("Account", "Ext__c"), "Id,Name,Ext__c\n0015e0000000001AAA,Two,A\n",
	             "INVALID_FIELD_FOR_INSERT_UPDATE:");
}

static void a_hard_delete_empties_the_bin(void **unused)
{
	char id[SF_ID_ROOM], csv[64], one[SF_ID_ROOM];

	(void)unused;
	run_job(INSERT("Account"), "Name\nOne\n", "JobComplete", id);
	sf_id_text("001", 1, one);
	snprintf(csv, sizeof csv, "Id\n%s\n", one);
	run_job(OPERATION("Account", "delete"), csv, "JobComplete", id);
	assert_non_null(
		strstr(get(API "/queryAll?q=SELECT+IsDeleted+FROM+Account").body, "\"IsDeleted\" : true"));
	run_job(OPERATION("Account", "hardDelete"), csv, "JobComplete", id);
	assert_string_equal(json_value(get(job_path(id, "")).body, "numberRecordsFailed"), "0");
	assert_null(strstr(get(API "/queryAll?q=SELECT+Id+FROM+Account").body, one));
	expect_error(OPERATION("Account", "delete"), csv, "INVALID_CROSS_REFERENCE_KEY");
}

static void results_respell_values_and_blank_columns_of_another_spelling(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	run_job(INSERT("Account"),
	        "Name,AnnualRevenue,Seen__c,Active__c,phone,Score__c\n\"A \"\"B\"\" "
	        "\",912260031,2020-01-01T10:00:00+01:00,1,"
	        "555,12.50\n",
	        "JobComplete", id);
	assert_string_equal(
		results(id, "/successfulResults/", 0),
		"\"sf__Id\",\"sf__Created\",Name,AnnualRevenue,Seen__c,Active__c,phone,Score__c\n"
		"\"0015e0000000001AAA\",\"true\",\"A \"\"B\"\"\",\"9.12260031E8\",\"2020-01-01T09:00:00.000Z\","
		"\"true\",\"\",\"12.5\"\n");
	assert_non_null(strstr(get("/practice/rows?object=Account").body, "\"Phone\":\"555\""));
}

static void results_keep_the_jobs_delimiter_and_line_ending(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	run_job("{\"object\":\"Account\",\"operation\":\"insert\",\"lineEnding\":\"CRLF\",\"columnDelimiter\":"
	        "\"SEMICOLON\"}",
	        "Name;Phone\r\n\"a;b\";1\r\n\r\n", "JobComplete", id);
	assert_string_equal(
		results(id, "/successfulResults/", 0),
		"\"sf__Id\";\"sf__Created\";Name;Phone\r\n\"0015e0000000001AAA\";\"true\";\"a;b\";\"1\"\r\n");
}

static void results_come_in_another_order_and_account_for_every_record(void **unused)
{
	char csv[16384] = "Name,Ext__c\n", id[SF_ID_ROOM], sought[32];
	const char *good, *bad, *last = NULL;
	int falling = 0;

	(void)unused;
	for (int i = 0; i < 500; i++)
		sprintf(csv + strlen(csv), "%s,K%03d\n", i % 5 ? "N" : "", i);
	run_job(INSERT("Account"), csv, "JobComplete", id);
	good = results(id, "/successfulResults/", 0);
	bad = results(id, "/failedResults/", 1);
	for (int i = 0; i < 500; i++) {
		const char *at;

		snprintf(sought, sizeof sought, "\"K%03d\"\n", i);
		at = strstr(i % 5 ? good : bad, sought);
		assert_non_null(at);
		if (i % 5 == 0)
			continue;
		falling += last && at < last;
		last = at;
	}
	assert_true(falling > 50);
}

static void an_abort_half_way_leaves_the_rest_unprocessed(void **unused)
{
	char csv[32768] = "Name\n", id[SF_ID_ROOM], sought[32];
	long written;
	struct reply r;

	(void)unused;
	for (int i = 0; i < 2000; i++)
		sprintf(csv + strlen(csv), "N%04d\n", i);
	use_scenario("{\"rate\":2000}");
	create_job(INSERT("Account"), id);
	assert_int_equal(upload(id, csv).status, 201);
	change_state(id, "UploadComplete");
	do
		r = get(job_path(id, ""));
	while (strcmp(json_value(r.body, "state"), "InProgress") != 0 ||
	       atoi(json_value(r.body, "numberRecordsProcessed")) < 200);
	assert_int_equal(get(job_path(id, "/successfulResults/")).status, 400);
	assert_int_equal(change_state(id, "Aborted").status, 200);
	written = counter("rows", "Account");
	assert_true(written >= 200 && written < 2000 && written % 200 == 0);
	snprintf(sought, sizeof sought, "Name\n\"N%04ld\"\n", written);
	assert_memory_equal(results(id, "/unprocessedrecords/", 0), sought, strlen(sought));
	assert_non_null(strstr(results(id, "/unprocessedrecords/", 0), "\"N1999\"\n"));
	assert_string_equal(json_value(get(job_path(id, "")).body, "state"), "Aborted");
}

static void jobs_are_forgotten_after_seven_days_and_open_ones_aborted_after_one(void **unused)
{
	char done[SF_ID_ROOM], open[SF_ID_ROOM];

	(void)unused;
	run_job(INSERT("Account"), "Name\nOne\n", "JobComplete", done);
	create_job(INSERT("Account"), open);
	ask("POST", "/practice/clock", "{\"advance_ms\":90000000}");
	assert_string_equal(json_value(get(job_path(open, "")).body, "state"), "Aborted");
	assert_int_equal(get(job_path(done, "")).status, 200);
	ask("POST", "/practice/clock", "{\"advance_ms\":604800000}");
	assert_int_equal(get(job_path(done, "")).status, 404);
}

static void an_upload_may_come_in_chunks(void **unused)
{
	char id[SF_ID_ROOM], head[512];
	int fd = dial();

	(void)unused;
	create_job(INSERT("Account"), id);
	snprintf(head, sizeof head,
	         "PUT /%s HTTP/1.1\r\nhost: x\r\nAUTHORIZATION: Bearer " PRACTICE_TOKEN
	         "\r\ncontent-type: text/csv; charset=UTF-8\r\ntransfer-encoding: "
	         "chunked\r\n\r\n7\r\nName\nOn\r\n2\r\ne\n\r\n"
	         "0\r\n\r\n",
	         job_path(id, "/batches/"));
	assert_true(send_all(fd, head, strlen(head)));
	assert_int_equal(receive(fd).status, 201);
	close(fd);
	change_state(id, "UploadComplete");
	await_state(id, "JobComplete");
	assert_int_equal(counter("rows", "Account"), 1);
}

static void the_audit_lists_every_write_in_order(void **unused)
{
	char id[SF_ID_ROOM], entry[256];
	struct reply r;

	(void)unused;
	run_job(UPSERT("Account", "Ext__c"), "Name,Ext__c\nOne,A\n,B\nTwo,C\n", "JobComplete", id);
	run_job(UPSERT("Account", "Ext__c"), "Name,Ext__c\nThree,C\n", "JobComplete", id);
	r = get("/practice/audit?object=Account&since=2");
	assert_string_equal(json_value(r.body, "total"), "3");
	assert_null(strstr(r.body, "\"seq\":2"));
	snprintf(entry, sizeof entry,
	         "\"source\":\"%s\",\"record\":1,\"verb\":\"updated\",\"object\":\"Account\",\"id\":"
	         "\"0015e0000000002AAA\","
	         "\"key\":{\"Ext__c\":\"C\"}}",
	         id);
	assert_non_null(strstr(r.body, entry));
	assert_non_null(strstr(get("/practice/audit?limit=2").body, "\"record\":3,\"verb\":\"created\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_job_shows_the_keys_of_its_state, empty_org),
		cmocka_unit_test_setup(an_upsert_shows_its_key, empty_org),
		cmocka_unit_test_setup(what_cannot_become_a_job_is_refused, empty_org),
		cmocka_unit_test_setup(a_second_upload_is_refused_and_does_no_harm, empty_org),
		cmocka_unit_test_setup(a_second_upload_may_spoil_the_job_instead, empty_org),
		cmocka_unit_test_setup(only_legal_changes_of_state_are_taken, empty_org),
		cmocka_unit_test_setup(a_job_without_records_completes_and_without_upload_fails, empty_org),
		cmocka_unit_test_setup(jobs_are_listed_and_deleted, empty_org),
		cmocka_unit_test_setup(a_thousand_jobs_make_a_page, empty_org),
		cmocka_unit_test_setup(a_header_that_does_not_fit_fails_the_job_and_nothing_is_written,
		                       empty_org),
		cmocka_unit_test_setup(each_value_is_checked_against_the_describe, empty_org),
		cmocka_unit_test_setup(a_quote_that_is_not_escaped_fails_its_record_alone, empty_org),
		cmocka_unit_test_setup(a_length_is_counted_in_characters, empty_org),
		cmocka_unit_test_setup(a_unique_key_is_unique_without_regard_to_case, empty_org),
		cmocka_unit_test_setup(a_key_that_comes_twice_in_a_chunk_fails_all_its_records, empty_org),
		cmocka_unit_test_setup(across_chunks_the_second_of_a_key_updates, empty_org),
		cmocka_unit_test_setup(references_are_followed_by_id_and_by_key, empty_org),
		cmocka_unit_test_setup(records_of_one_chunk_cannot_mean_each_other, empty_org),
		cmocka_unit_test_setup(a_polymorphic_reference_names_its_object, empty_org),
		cmocka_unit_test_setup(an_update_needs_an_id_that_lives, empty_org),
		cmocka_unit_test_setup(blank_leaves_a_field_alone_and_the_mark_clears_it, empty_org),
		cmocka_unit_test_setup(an_upsert_without_a_key_value_inserts_and_with_several_matches_fails,
		                       empty_org),
		cmocka_unit_test_setup(an_upsert_bears_an_empty_id_column_only, empty_org),
		cmocka_unit_test_setup(a_hard_delete_empties_the_bin, empty_org),
		cmocka_unit_test_setup(results_respell_values_and_blank_columns_of_another_spelling, empty_org),
		cmocka_unit_test_setup(results_keep_the_jobs_delimiter_and_line_ending, empty_org),
		cmocka_unit_test_setup(results_come_in_another_order_and_account_for_every_record, empty_org),
		cmocka_unit_test_setup(an_abort_half_way_leaves_the_rest_unprocessed, empty_org),
		cmocka_unit_test_setup(jobs_are_forgotten_after_seven_days_and_open_ones_aborted_after_one,
		                       empty_org),
		cmocka_unit_test_setup(an_upload_may_come_in_chunks, empty_org),
		cmocka_unit_test_setup(the_audit_lists_every_write_in_order, empty_org),
	};

	return cmocka_run_group_tests(tests, open_org, close_org);
}
