/* Bulk API 1.0 of the practice org: jobs in XML and JSON, batches that are worked on at once, results in their order. */
#include "practice_client.h"

#define ASYNC "/services/async/62.0"
#define XML "application/xml; charset=UTF-8"
#define CSV "text/csv"
#define SESSION "X-SFDC-Session: " PRACTICE_TOKEN "\r\n"

/* With the session in the header of Bulk API 1.0. */
static struct reply call(const char *method, const char *path, const char *headers, const char *body)
{
	static char request[64 * 1024];
	int fd = dial();
	struct reply r;

	snprintf(request, sizeof request,
	         "%s " ASYNC "%s HTTP/1.1\r\nHost: x\r\n%sContent-Length: %zu\r\n\r\n%s", method, path, headers,
	         strlen(body), body);
	send_all(fd, request, strlen(request));
	r = receive(fd);
	close(fd);
	return r;
}

static struct reply post(const char *path, const char *type, const char *body)
{
	char headers[256];

	snprintf(headers, sizeof headers, SESSION "Content-Type: %s\r\n", type);
	return call("POST", path, headers, body);
}

static struct reply fetch(const char *path)
{
	return call("GET", path, SESSION, "");
}

/* The text of an XML element; at most one is held at a time. */
static const char *element(const char *xml, const char *name)
{
	static char value[1024];
	char begin[64];
	const char *at, *end;

	snprintf(begin, sizeof begin, "<%s>", name);
	at = strstr(xml, begin);
	end = at ? strchr(at + 1, '<') : NULL;
	snprintf(value, sizeof value, "%.*s", end ? (int)(end - at - (long)strlen(begin)) : 0,
	         end ? at + strlen(begin) : "");
	return value;
}

static const char *path_of(const char *job, const char *batch, const char *more)
{
	static char path[160];

	snprintf(path, sizeof path, "/job/%s%s%s%s", job, batch ? "/batch/" : "", batch ? batch : "", more);
	return path;
}

static void assert_error(struct reply r, const char *code, const char *words)
{
	if (r.status != 400 || strcmp(element(r.body, "exceptionCode"), code) != 0 || !strstr(r.body, words))
		fail_msg("%d %s", r.status, r.body);
}

static void open_job(const char *members, char id[SF_ID_ROOM])
{
	char xml[1024];
	struct reply r;

	snprintf(xml, sizeof xml,
	         "\n<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<jobInfo  "
	         "xmlns=\"http://www.force.com/2009/06/asyncapi/dataload\">\n  %s\n  "
	         "<contentType>CSV</contentType>\n</jobInfo>",
	         members);
	r = post("/job", XML, xml);
	if (r.status != 201)
		fail_msg("%d %s", r.status, r.body);
	snprintf(id, SF_ID_ROOM, "%s", element(r.body, "id"));
}

static void add_batch(const char *job, const char *csv, char id[SF_ID_ROOM])
{
	struct reply r = post(path_of(job, NULL, "/batch"), CSV, csv);

	if (r.status != 201)
		fail_msg("%d %s", r.status, r.body);
	snprintf(id, SF_ID_ROOM, "%s", element(r.body, "id"));
}

static void await_batch(const char *job, const char *batch, const char *state)
{
	for (int i = 0; i < 20000; i++)
		if (strcmp(element(fetch(path_of(job, batch, "")).body, "state"), state) == 0)
			return;
	fail_msg("the batch did not become %s: %s", state, fetch(path_of(job, batch, "")).body);
}

static struct reply change(const char *job, const char *state)
{
	char xml[256];

	snprintf(
		xml, sizeof xml,
		"<jobInfo xmlns=\"http://www.force.com/2009/06/asyncapi/dataload\"><state>%s</state></jobInfo>",
		state);
	return post(path_of(job, NULL, ""), XML, xml);
}

#define INSERT "<operation>insert</operation><object>Contact</object>"

static void a_job_and_its_batches_have_the_recorded_elements(void **unused)
{
	static const char *const of_job[] = { "id",
		                              "operation",
		                              "object",
		                              "createdById",
		                              "createdDate",
		                              "systemModstamp",
		                              "state",
		                              "concurrencyMode",
		                              "contentType",
		                              "numberBatchesQueued",
		                              "numberBatchesInProgress",
		                              "numberBatchesCompleted",
		                              "numberBatchesFailed",
		                              "numberBatchesTotal",
		                              "numberRecordsProcessed",
		                              "numberRetries",
		                              "apiVersion",
		                              "numberRecordsFailed",
		                              "totalProcessingTime",
		                              "apiActiveProcessingTime",
		                              "apexProcessingTime" };
	static const char *const of_batch[] = { "id",
		                                "jobId",
		                                "state",
		                                "createdDate",
		                                "systemModstamp",
		                                "numberRecordsProcessed",
		                                "numberRecordsFailed",
		                                "totalProcessingTime",
		                                "apiActiveProcessingTime",
		                                "apexProcessingTime" };
	char job[SF_ID_ROOM], batch[SF_ID_ROOM], begin[64];
	const char *at;
	struct reply r;

	(void)unused;
	open_job(INSERT, job);
	add_batch(job, "LastName\na\n", batch);
	await_batch(job, batch, "Completed");
	r = fetch(path_of(job, NULL, ""));
	assert_non_null(strstr(r.head, "Content-Type: application/xml"));
	at = strstr(r.body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><jobInfo\n   "
	                    "xmlns=\"http://www.force.com/2009/06/asyncapi/dataload\">\n <id>750");
	assert_ptr_equal(at, r.body);
	for (size_t i = 0; i < sizeof of_job / sizeof of_job[0]; i++) {
		snprintf(begin, sizeof begin, "\n <%s>", of_job[i]);
		at = strstr(at, begin);
		assert_non_null(at); /* and in that order */
	}
	assert_string_equal(element(r.body, "state"), "Open");
	assert_string_equal(element(r.body, "numberBatchesCompleted"), "1");
	assert_string_equal(element(r.body, "numberRecordsProcessed"), "1");
	assert_string_equal(element(r.body, "apiVersion"), "62.0");
	at = fetch(path_of(job, batch, "")).body;
	for (size_t i = 0; i < sizeof of_batch / sizeof of_batch[0]; i++) {
		snprintf(begin, sizeof begin, "\n <%s>", of_batch[i]);
		at = strstr(at, begin);
		assert_non_null(at);
	}
}

static void results_are_in_the_order_of_the_batch(void **unused)
{
	static char csv[32 * 1024], wanted[64 * 1024];
	char job[SF_ID_ROOM], batch[SF_ID_ROOM];
	size_t len = (size_t)sprintf(csv, "LastName,Ext__c\r\n"); /* the line ending is anybody's choice */
	size_t end = (size_t)sprintf(wanted, "\"Id\",\"Success\",\"Created\",\"Error\"\n");

	(void)unused;
	open_job(INSERT, job);
	for (int i = 0, row = 0; i < 450; i++) {
		char id[SF_ID_ROOM];

		len += (size_t)sprintf(csv + len, "%s,A-%d\r\n", i % 3 ? "x" : "", i);
		if (i % 3)
			sf_id_text("003", (uint32_t)++row, id);
		end += (size_t)(i % 3 ? sprintf(wanted + end, "\"%s\",\"true\",\"true\",\"\"\n", id)
		                      : sprintf(wanted + end,
		                                "\"\",\"false\",\"false\",\"REQUIRED_FIELD_MISSING:"
		                                "Required fields are missing: "
		                                "[LastName]:LastName --\"\n"));
	}
	add_batch(job, csv, batch);
	await_batch(job, batch, "Completed");
	assert_string_equal(fetch(path_of(job, batch, "/result")).body, wanted);
	assert_string_equal(fetch(path_of(job, batch, "/request")).body, csv);
	assert_string_equal(element(fetch(path_of(job, batch, "")).body, "numberRecordsFailed"), "150");
	snprintf(wanted, sizeof wanted, "\"source\":\"%s\",\"record\":2,\"verb\":\"created\"", batch);
	assert_non_null(strstr(get("/practice/audit?limit=1").body, wanted));
}

static void batches_run_before_the_close_and_none_is_taken_after_it(void **unused)
{
	char job[SF_ID_ROOM], first[SF_ID_ROOM], second[SF_ID_ROOM], begin[32];
	struct reply r;
	const char *at;

	(void)unused;
	open_job(INSERT, job);
	assert_null(strstr(fetch(path_of(job, NULL, "/batch")).body, "<batchInfo>"));
	add_batch(job, "LastName\na\n", first);
	add_batch(job, "LastName\nb\nc\n", second);
	await_batch(job, second, "Completed");
	r = fetch(path_of(job, NULL, "/batch"));
	snprintf(begin, sizeof begin, "<id>%s</id>", first);
	at = strstr(r.body, begin);
	assert_non_null(at);
	snprintf(begin, sizeof begin, "<id>%s</id>", second);
	assert_non_null(strstr(at, begin));
	r = change(job, "Closed");
	assert_int_equal(r.status, 200);
	assert_string_equal(element(r.body, "state"), "Closed");
	assert_string_equal(element(r.body, "numberRecordsProcessed"), "3");
	assert_error(post(path_of(job, NULL, "/batch"), CSV, "LastName\nd\n"), "InvalidJobState",
	             "Failed to create batch, since the Job is not Open. Current job state is 'Closed'");
	assert_error(change(job, "Closed"), "InvalidJobState", "Closing already Closed Job not allowed");
	assert_int_equal(counter("rows", "Contact"), 3);
}

static void every_operation_is_carried_out(void **unused)
{
	char job[SF_ID_ROOM], batch[SF_ID_ROOM], csv[256], id[SF_ID_ROOM], wanted[512];

	(void)unused;
	open_job("<operation>upsert</operation><object>Contact</object>"
	         "<externalIdFieldName>Ext__c</externalIdFieldName><concurrencyMode>Serial</concurrencyMode>",
	         job);
	assert_string_equal(element(fetch(path_of(job, NULL, "")).body, "externalIdFieldName"), "Ext__c");
	assert_string_equal(element(fetch(path_of(job, NULL, "")).body, "concurrencyMode"), "Serial");
	add_batch(job, "Ext__c,LastName,Id\nA-1,a,\n", batch);
	await_batch(job, batch, "Completed");
	sf_id_text("003", 1, id);
	snprintf(wanted, sizeof wanted, "\"%s\",\"true\",\"true\",\"\"\n", id);
	assert_non_null(strstr(fetch(path_of(job, batch, "/result")).body, wanted));
	add_batch(job, "Ext__c,LastName\na-1,b\n", batch);
	await_batch(job, batch, "Completed");
	snprintf(wanted, sizeof wanted, "\"%s\",\"true\",\"false\",\"\"\n", id);
	assert_non_null(strstr(fetch(path_of(job, batch, "/result")).body, wanted));

	open_job("<operation>update</operation><object>Contact</object>", job);
	snprintf(csv, sizeof csv, "Id,Ext__c,Phone\n%s,#N/A,1\n0035e0000000009AAA,B,1\n", id);
	add_batch(job, csv, batch);
	await_batch(job, batch, "Completed");
	assert_non_null(strstr(fetch(path_of(job, batch, "/result")).body, "INVALID_CROSS_REFERENCE_KEY"));
	snprintf(csv, sizeof csv, API "/sobjects/Contact/%s?fields=Ext__c,LastName,Phone", id);
	assert_non_null(
		strstr(get(csv).body, "\"Ext__c\" : null,\n  \"LastName\" : \"b\",\n  \"Phone\" : \"1\""));

	open_job("<operation>delete</operation><object>Contact</object>", job);
	snprintf(csv, sizeof csv, "\"Id\"\n\"%s\"\n", id);
	add_batch(job, csv, batch);
	await_batch(job, batch, "Completed");
	assert_int_equal(counter("rows", "Contact"), 0);
	open_job("<operation>hardDelete</operation><object>Contact</object>", job);
	add_batch(job, csv, batch);
	await_batch(job, batch, "Completed");
	assert_non_null(strstr(fetch(path_of(job, batch, "/result")).body, "\"true\",\"false\",\"\"\n"));
}

static void a_header_that_does_not_fit_fails_its_batch_only(void **unused)
{
	char job[SF_ID_ROOM], bad[SF_ID_ROOM], good[SF_ID_ROOM];
	struct reply r;

	(void)unused;
	open_job(INSERT, job);
	add_batch(job, "LastName,Foo__c\na,b\n", bad);
	add_batch(job, "LastName\na\n", good);
	await_batch(job, good, "Completed");
	r = fetch(path_of(job, bad, ""));
	assert_string_equal(element(r.body, "state"), "Failed");
	assert_string_equal(element(r.body, "stateMessage"), "InvalidBatch : Field name not found : Foo__c");
	r = fetch(path_of(job, NULL, ""));
	assert_string_equal(element(r.body, "numberBatchesFailed"), "1");
	assert_string_equal(element(r.body, "numberBatchesTotal"), "2");
	assert_int_equal(counter("rows", "Contact"), 1);
}

static void a_batch_holds_ten_thousand_records_at_most(void **unused)
{
	static char csv[64 * 1024];
	char job[SF_ID_ROOM], batch[SF_ID_ROOM];
	size_t len = (size_t)sprintf(csv, "LastName\n");

	(void)unused;
	for (int i = 0; i < 10000; i++)
		len += (size_t)sprintf(csv + len, "a\n");
	open_job(INSERT, job);
	add_batch(job, csv, batch);
	await_batch(job, batch, "Completed");
	assert_int_equal(counter("rows", "Contact"), 10000);
	sprintf(csv + len, "a\n");
	add_batch(job, csv, batch);
	await_batch(job, batch, "Failed");
	assert_int_equal(counter("rows", "Contact"), 10000);
}

static void an_abort_leaves_what_waits_unprocessed(void **unused)
{
	char job[SF_ID_ROOM], batch[SF_ID_ROOM];
	struct reply r;

	(void)unused;
	use_scenario("{\"start_delay_ms\":3600000}");
	open_job(INSERT, job);
	add_batch(job, "LastName\na\n", batch);
	assert_string_equal(element(fetch(path_of(job, batch, "")).body, "state"), "Queued");
	assert_string_equal(element(fetch(path_of(job, NULL, "")).body, "numberBatchesQueued"), "1");
	assert_error(fetch(path_of(job, batch, "/result")), "InvalidBatch", "Batch not completed");
	r = change(job, "Aborted");
	assert_string_equal(element(r.body, "state"), "Aborted");
	assert_string_equal(element(fetch(path_of(job, batch, "")).body, "state"), "NotProcessed");
	assert_error(change(job, "Closed"), "InvalidJobState", "Closing already Aborted Job not allowed");
	assert_int_equal(counter("rows", "Contact"), 0);
}

static void a_job_may_be_described_and_told_in_json(void **unused)
{
	char job[SF_ID_ROOM], batch[SF_ID_ROOM];
	struct reply r = post("/job", "application/json",
	                      "{\"operation\":\"insert\",\"object\":\"Contact\",\"contentType\":\"CSV\"}");

	(void)unused;
	assert_int_equal(r.status, 201);
	take_value(r.body, "id", job, sizeof job);
	assert_string_equal(json_value(r.body, "state"), "Open");
	assert_string_equal(json_value(r.body, "numberBatchesTotal"), "0");
	assert_non_null(strstr(r.body, "\"apiVersion\" : 62.0"));
	add_batch(job, "LastName\na\n", batch);
	r = call("GET", path_of(job, NULL, "/batch"), SESSION "Accept: application/json\r\n", "");
	assert_non_null(strstr(r.body, "\"batchInfo\" : [ {"));
	assert_non_null(strstr(r.body, batch));
	r = post(path_of(job, NULL, ""), "application/json", "{\"state\":\"Closed\"}");
	assert_string_equal(json_value(r.body, "state"), "Closed");
	r = post("/job", "application/json", "{\"operation\":\"insert\",\"object\":\"Nothing\"}");
	assert_int_equal(r.status, 400);
	assert_string_equal(json_value(r.body, "exceptionCode"), "InvalidEntity");
}

static void a_batch_may_ask(void **unused)
{
	static const char soql[] = "SELECT LastName, Account.Name FROM Contact ORDER BY LastName";
	char job[SF_ID_ROOM], batch[SF_ID_ROOM], id[SF_ID_ROOM], more[64];
	struct reply r;

	(void)unused;
	create_record("Contact", "{\"LastName\":\"b \\\"x\\\"\"}", id);
	create_record("Contact", "{\"LastName\":\"a\"}", id);
	open_job("<operation>query</operation><object>Contact</object>", job);
	add_batch(job, soql, batch);
	await_batch(job, batch, "Completed");
	r = fetch(path_of(job, batch, ""));
	assert_string_equal(element(r.body, "numberRecordsProcessed"), "2");
	assert_string_equal(fetch(path_of(job, batch, "/request")).body, soql);
	r = fetch(path_of(job, batch, "/result"));
	assert_non_null(strstr(r.body, "<result-list\n   xmlns="));
	snprintf(id, sizeof id, "%s", element(r.body, "result"));
	assert_memory_equal(id, "752", 3);
	r = call("GET", path_of(job, batch, "/result"), SESSION "Accept: application/json\r\n", "");
	snprintf(more, sizeof more, "[\"%s\"]", id);
	assert_string_equal(r.body, more);
	snprintf(more, sizeof more, "/result/%s", id);
	r = fetch(path_of(job, batch, more));
	assert_string_equal(r.body, "\"LastName\",\"Account.Name\"\n\"a\",\"\"\n\"b \"\"x\"\"\",\"\"\n");
	assert_error(fetch(path_of(job, batch, "/result/752000000000000AAA")), "InvalidBatch",
	             "752000000000000AAA");
	create_record("Contact", "{\"LastName\":\"gone\"}", id);
	snprintf(more, sizeof more, API "/sobjects/Contact/%s", id);
	assert_int_equal(ask("DELETE", more, NULL).status, 204);
	open_job("<operation>queryAll</operation><object>Contact</object>", job);
	add_batch(job, soql, batch);
	await_batch(job, batch, "Completed");
	assert_string_equal(element(fetch(path_of(job, batch, "")).body, "numberRecordsProcessed"), "3");
}

static void a_batch_that_asks_what_cannot_be_asked_fails(void **unused)
{
	static const struct {
		const char *soql, *message;
	} cases[] = {
		{ "SELECT Foo FROM Contact", "InvalidBatch : Failed to process query: INVALID_FIELD: " },
		{ "SELECT Id FROM", "InvalidBatch : Failed to process query: MALFORMED_QUERY: " },
		{ "", "InvalidBatch : Failed to process query: MALFORMED_QUERY: " },
		{ "SELECT COUNT() FROM Contact", "InvalidBatch : Failed to process query: "
		                                 "FUNCTIONALITY_NOT_ENABLED: Aggregate functions are" },
		{ "SELECT Id, (SELECT Id FROM Cases) FROM Contact",
		  "InvalidBatch : Failed to process query: FUNCTIONALITY_NOT_ENABLED: Selecting child" },
	};
	char job[SF_ID_ROOM], batch[SF_ID_ROOM];

	(void)unused;
	open_job("<operation>query</operation><object>Contact</object>", job);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		add_batch(job, cases[i].soql, batch);
		await_batch(job, batch, "Failed");
		assert_non_null(
			strstr(element(fetch(path_of(job, batch, "")).body, "stateMessage"), cases[i].message));
		assert_error(fetch(path_of(job, batch, "/result/752000000000000AAA")), "InvalidBatch",
		             "result");
	}
	assert_int_equal(
		ask("POST", API "/jobs/ingest", "{\"object\":\"Contact\",\"operation\":\"query\"}").status,
		400);
}

static void what_cannot_become_a_job_is_refused(void **unused)
{
	static const struct {
		const char *xml, *code, *words;
	} cases[] = {
		{ "<jobInfo><operation>insert</operation><object>Nothing</object></jobInfo>", "InvalidEntity",
		  "Entity 'Nothing' is not supported by the Bulk API." },
		{ "<jobInfo><operation>upsert</operation><object>Contact</object></jobInfo>", "InvalidJob",
		  "External ID was blank for Contact." },
		{ "<jobInfo><operation>upsert</operation><object>Contact</object>"
		  "<externalIdFieldName>Phone</externalIdFieldName></jobInfo>",
		  "InvalidJob", "Field name provided, Phone does not match an External ID" },
		{ "<jobInfo><operation>Insert</operation><object>Contact</object></jobInfo>", "InvalidJob",
		  "Insert" },
		{ "<jobInfo><operation>insert</operation><object>Contact</object><contentType>XML</"
		  "contentType></jobInfo>",
		  "InvalidJob", "XML" },
		{ "<jobInfo><operation>a&lt;b</operation><object>Contact</object></jobInfo>", "InvalidJob",
		  "a&lt;b" },
		{ "<jobInfo><colour>red</colour></jobInfo>", "InvalidXML", "colour" },
		{ "<jobInfo><operation>insert</object></jobInfo>", "InvalidXML", "end tag" },
		{ "<jobInfo><operation>insert", "InvalidXML", "Failed to parse XML" },
		{ "<jobInfo><operation><b/></operation></jobInfo>", "InvalidXML", "Failed to parse XML" },
		{ "<jobInfo", "InvalidXML", "Failed to parse XML" },
		{ "<other/>", "InvalidXML", "the root is not jobInfo" },
		{ "<jobInfo/>", "InvalidJob", "operation" },
		{ "<!-- ", "InvalidXML", "Failed to parse XML" },
		{ "", "InvalidXML", "Failed to parse XML" },
		{ "<>", "InvalidXML", "a tag has no name" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_error(post("/job", XML, cases[i].xml), cases[i].code, cases[i].words);
	assert_error(post("/job", "text/plain", "x"), "InvalidJob", "application/xml");
	use_scenario("{\"hard_delete\":false}");
	assert_error(post("/job", XML,
	                  "<jobInfo><operation>hardDelete</operation><object>Contact</object></jobInfo>"),
	             "FeatureNotEnabled", "special user profile permission");
}

static void what_is_not_there_is_told_in_xml(void **unused)
{
	char job[SF_ID_ROOM], other[SF_ID_ROOM], batch[SF_ID_ROOM];

	(void)unused;
	open_job(INSERT, job);
	open_job(INSERT, other);
	add_batch(job, "LastName\na\n", batch);
	assert_error(fetch("/job/7505e0000000099AAA"), "InvalidJob", "Unable to find job");
	assert_error(fetch(path_of(other, batch, "")), "InvalidBatch", "Unable to find batch");
	assert_error(fetch(path_of(batch, NULL, "")), "InvalidJob", "Unable to find job");
	assert_error(fetch("/nothing"), "InvalidUrl", "/nothing");
	assert_error(call("DELETE", "/job", SESSION, ""), "MethodNotAllowed", "DELETE");
	assert_error(post(path_of(job, NULL, "/batch"), XML, "LastName\na\n"), "ClientInputError", "text/csv");
	assert_int_equal(get(API "/jobs/ingest/7505e0000000001AAA").status, 404); /* no job of 2.0 */
	assert_non_null(strstr(get(API "/jobs/ingest").body, "\"records\":[]"));
	ask("POST", "/practice/clock", "{\"advance_ms\":700000000}");
	assert_int_equal(fetch(path_of(job, NULL, "")).status, 200); /* open still */
	change(job, "Closed");
	ask("POST", "/practice/clock", "{\"advance_ms\":700000000}");
	assert_error(fetch(path_of(job, NULL, "")), "InvalidJob", "Unable to find job");
}

static void only_the_session_header_lets_in(void **unused)
{
	(void)unused;
	assert_error(call("GET", "/job/x", "", ""), "InvalidSessionId", "Invalid session id");
	assert_error(call("GET", "/job/x", "X-SFDC-Session: dead\r\n", ""), "InvalidSessionId",
	             "Invalid session id");
	assert_error(call("GET", "/job/x", "Authorization: Bearer " PRACTICE_TOKEN "\r\n", ""),
	             "InvalidSessionId", "Invalid session id");
	assert_error(call("GET", "/job/x", "x-sfdc-SESSION: " PRACTICE_TOKEN "\r\n", ""), "InvalidJob",
	             "Unable");
	use_scenario("{\"daily_limit\":0}");
	assert_error(fetch("/job/x"), "ExceededQuota", "TotalRequests Limit exceeded.");
}

static void faults_hit_batches_too(void **unused)
{
	char job[SF_ID_ROOM], batch[SF_ID_ROOM], csv[4096];
	const char *result;
	size_t len = (size_t)sprintf(csv, "LastName,Ext__c\n");

	(void)unused;
	use_scenario("{\"faults\":[{\"action\":\"lock\",\"column\":\"Ext__c\",\"value\":\"L-1\",\"tries\":1},"
	             "{\"action\":\"fail_job\",\"object\":\"Contact\",\"nth\":1,\"after\":200,\"message\":"
	             "\"Timeout : x\"},"
	             "{\"action\":\"lose_job\",\"object\":\"Account\",\"after\":0},"
	             "{\"method\":\"POST\",\"path\":\"*/job/*/batch\",\"nth\":2,\"action\":\"drop_after\"}]}");
	for (int i = 0; i < 250; i++)
		len += (size_t)sprintf(csv + len, "a,L-%d\n", i);
	open_job(INSERT, job);
	add_batch(job, csv, batch);
	await_batch(job, batch, "Failed");
	assert_string_equal(element(fetch(path_of(job, batch, "")).body, "stateMessage"), "Timeout : x");
	assert_string_equal(element(fetch(path_of(job, batch, "")).body, "numberRecordsProcessed"), "200");
	result = fetch(path_of(job, batch, "/result")).body;
	assert_non_null(strstr(result, "UNABLE_TO_LOCK_ROW"));
	assert_non_null(strstr(result, "\"\",\"false\",\"false\",\"Timeout : x\"\n"));
	assert_int_equal(counter("rows", "Contact"), 199);
	assert_int_equal(post(path_of(job, NULL, "/batch"), CSV, "LastName\na\n").status, 0);
	assert_string_equal(element(fetch(path_of(job, NULL, "")).body, "numberBatchesTotal"), "2");
	open_job("<operation>insert</operation><object>Account</object>", job);
	assert_error(fetch(path_of(job, NULL, "")), "InvalidJob", "Unable to find job");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup(name, empty_org)
		T(a_job_and_its_batches_have_the_recorded_elements),
		T(results_are_in_the_order_of_the_batch),
		T(batches_run_before_the_close_and_none_is_taken_after_it),
		T(every_operation_is_carried_out),
		T(a_header_that_does_not_fit_fails_its_batch_only),
		T(a_batch_holds_ten_thousand_records_at_most),
		T(an_abort_leaves_what_waits_unprocessed),
		T(a_job_may_be_described_and_told_in_json),
		T(a_batch_may_ask),
		T(a_batch_that_asks_what_cannot_be_asked_fails),
		T(what_cannot_become_a_job_is_refused),
		T(what_is_not_there_is_told_in_xml),
		T(only_the_session_header_lets_in),
		T(faults_hit_batches_too),
	};

	return cmocka_run_group_tests(tests, open_org, close_org);
}
