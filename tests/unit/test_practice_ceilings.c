/* How much the practice org takes: batches a day, a job's bytes, and what a header, a record and a field may hold. */
#include "practice_client.h"

enum { MOST_IN_HEADER = 32000, MOST_IN_FIELD = 131072, MOST_IN_RECORD = 400000, MOST_COLUMNS = 5000 };

#define CONTACTS "{\"object\":\"Contact\",\"operation\":\"insert\"}"

static char *csv;
static size_t csv_len;

static void add(const char *text)
{
	size_t n = strlen(text);

	assert_true(csv_len + n < REPLY_ROOM);
	memcpy(csv + csv_len, text, n + 1);
	csv_len += n;
}

static void fill(char c, size_t count)
{
	assert_true(csv_len + count < REPLY_ROOM);
	memset(csv + csv_len, c, count);
	csv_len += count;
	csv[csv_len] = '\0';
}

static int begin(void **unused)
{
	csv = csv ? csv : malloc(REPLY_ROOM);
	csv_len = 0;
	return empty_org(unused);
}

static const char *message_of(const char *id)
{
	return json_value(get(job_path(id, "")).body, "errorMessage");
}

static long batches_left(void)
{
	struct reply r = get(API "/limits");
	json_t *json = json_loads(r.body, 0, NULL);
	long left = (long)json_integer_value(
		json_object_get(json_object_get(json, "DailyBulkApiBatches"), "Remaining"));

	json_decref(json);
	return left;
}

static void records(int count)
{
	char line[32];

	add("LastName\n");
	for (int i = 0; i < count; i++) {
		snprintf(line, sizeof line, "N%d\n", i);
		add(line);
	}
}

static void each_ten_thousand_records_are_a_batch(void **unused)
{
	char id[SF_ID_ROOM];
	long before = batches_left();

	(void)unused;
	records(10000);
	run_job(CONTACTS, csv, "JobComplete", id);
	assert_int_equal(batches_left(), before - 1);
	csv_len = 0;
	records(10001);
	run_job(CONTACTS, csv, "JobComplete", id);
	assert_int_equal(batches_left(), before - 3);
	assert_int_equal(ask("DELETE", job_path(id, ""), NULL).status, 204);
	assert_int_equal(batches_left(), before - 3); /* deleting a job gives none back */
}

static void beyond_the_days_batches_a_job_fails_and_keeps_what_it_wrote(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	use_scenario("{\"daily_batch_limit\":1}");
	records(10001);
	run_job(CONTACTS, csv, "Failed", id);
	assert_string_equal(message_of(id), "ExceededQuota : ApiBatchItems Limit exceeded");
	assert_int_equal(counter("rows", "Contact"), 10000);
	assert_non_null(strstr(results(id, "/unprocessedrecords/", 0), "N10000"));
	assert_int_equal(get(API "/sobjects").status, 200); /* API calls are another matter */
	assert_int_equal(batches_left(), 0);
	run_job(CONTACTS, "LastName\na\n", "Failed", id);
	run_job(CONTACTS, "LastName\n", "JobComplete", id);
	ask("POST", "/practice/clock", "{\"advance_ms\":86400000}");
	run_job(CONTACTS, "LastName\na\n", "JobComplete", id);
}

static void a_job_of_exactly_the_days_batches_completes(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	use_scenario("{\"daily_batch_limit\":1}");
	records(10000);
	run_job(CONTACTS, csv, "JobComplete", id);
}

static struct reply async(const char *path, const char *type, const char *body)
{
	char text[2048];
	struct reply r;
	int fd = dial();

	snprintf(text, sizeof text,
	         "POST /services/async/62.0%s HTTP/1.1\r\nHost: practice\r\nX-SFDC-Session: " PRACTICE_TOKEN
	         "\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n%s",
	         path, type, strlen(body), body);
	assert_true(send_all(fd, text, strlen(text)));
	r = receive(fd);
	close(fd);
	return r;
}

static void batches_of_bulk_1_are_of_the_same_kind(void **unused)
{
	char id[SF_ID_ROOM], path[64];
	struct reply r;

	(void)unused;
	use_scenario("{\"daily_batch_limit\":1}");
	take_value(async("/job", "application/json",
	                 "{\"object\":\"Contact\",\"operation\":\"insert\",\"contentType\":\"CSV\"}")
	                   .body,
	           "id", id, sizeof id);
	snprintf(path, sizeof path, "/job/%s/batch", id);
	assert_int_equal(async(path, "text/csv", "LastName\na\n").status, 201);
	r = async(path, "text/csv", "LastName\nb\n");
	assert_int_equal(r.status, 400);
	assert_non_null(strstr(r.body, "ExceededQuota"));
	assert_non_null(strstr(r.body, "ApiBatchItems Limit exceeded"));
	run_job(CONTACTS, "LastName\na\n", "Failed", id);
}

static void api_calls_come_back_the_next_day(void **unused)
{
	(void)unused;
	use_scenario("{\"daily_limit\":1}");
	assert_int_equal(get(API "/sobjects").status, 200);
	assert_int_equal(get(API "/sobjects").status, 403);
	ask("POST", "/practice/clock", "{\"advance_ms\":86400000}");
	assert_int_equal(get(API "/sobjects").status, 200);
	assert_int_equal(counter(NULL, "api_calls"), 2);
}

static void a_header_has_its_most_characters(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	add("LastName,");
	fill('x', MOST_IN_HEADER - 9);
	add("\na,b\n");
	run_job(CONTACTS, csv, "Failed", id);
	assert_int_equal(strncmp(message_of(id), "InvalidBatch : Field name not found : xx", 40), 0);
	csv_len = 0;
	add("LastName,");
	fill('x', MOST_IN_HEADER - 8);
	add("\na,b\n");
	run_job(CONTACTS, csv, "Failed", id);
	assert_string_equal(message_of(id), "InvalidBatch : The header has more than 32000 characters");
}

static void a_header_has_its_most_columns(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	add("LastName");
	fill(',', MOST_COLUMNS);
	add("\n");
	run_job(CONTACTS, csv, "Failed", id);
	assert_string_equal(
		message_of(id),
		"InvalidBatch : Failed to parse CSV. Exceeded max number of columns per record : 5000");
}

static void a_field_has_its_most_characters(void **unused)
{
	char id[SF_ID_ROOM];

	(void)unused;
	add("LastName,Description\na,\nb,");
	fill('x', MOST_IN_FIELD);
	add("\nc,");
	fill('x', MOST_IN_FIELD + 1);
	add("\nd,\n");
	run_job(CONTACTS, csv, "Failed", id);
	assert_string_equal(message_of(id),
	                    "InvalidBatch : Failed to parse CSV. Exceeded max field size: 131073");
	assert_non_null(strstr(results(id, "/successfulResults/", 0), "\"a\""));
	assert_non_null(strstr(results(id, "/failedResults/", 1), "STRING_TOO_LONG"));
	assert_string_equal(json_value(get(job_path(id, "")).body, "numberRecordsProcessed"), "2");
	assert_non_null(strstr(results(id, "/unprocessedrecords/", 2), "\"d\""));
	assert_int_equal(counter("rows", "Contact"), 1);
}

static void a_record_has_its_most_characters(void **unused)
{
	static const char *const columns[] = { "MailingStreet", "OtherStreet", "Description" };
	char id[SF_ID_ROOM];

	(void)unused;
	add("LastName");
	for (int i = 0; i < 3; i++) {
		add(",");
		add(columns[i]);
	}
	for (int row = 0; row < 2; row++) {
		add("\n");
		fill('y', MOST_IN_RECORD - 3 * MOST_IN_FIELD + (size_t)row);
		for (int i = 0; i < 3; i++) {
			add(",");
			fill('x', MOST_IN_FIELD);
		}
	}
	add("\n");
	run_job(CONTACTS, csv, "Failed", id);
	assert_string_equal(message_of(id), "InvalidBatch : Failed to parse CSV. Exceeded max length for one "
	                                    "record: 400001. Max length for one record should be less than or "
	                                    "equal to 400000");
	assert_non_null(strstr(results(id, "/failedResults/", 1), "STRING_TOO_LONG"));
}

static void more_bytes_than_a_job_takes_are_refused(void **unused)
{
	const size_t most = 150 * 1024 * 1024 / 4 * 3;
	char id[SF_ID_ROOM], head[512];
	struct reply r;
	int fd;

	(void)unused;
	create_job(CONTACTS, id);
	fd = dial();
	snprintf(head, sizeof head,
	         "PUT %s HTTP/1.1\r\nHost: practice\r\nAuthorization: Bearer " PRACTICE_TOKEN
	         "\r\nContent-Type: text/csv\r\nContent-Length: %zu\r\n\r\n",
	         job_path(id, "/batches"), most + 1);
	assert_true(send_all(fd, head, strlen(head)));
	csv_len = 0;
	fill('x', REPLY_ROOM - 1);
	for (size_t left = most + 1; left > 0;) {
		size_t n = left < csv_len ? left : csv_len;

		if (!send_all(fd, csv, n))
			break;
		left -= n;
	}
	r = receive(fd);
	close(fd);
	assert_int_equal(r.status, 413);
	assert_string_equal(json_value(get(job_path(id, "")).body, "state"), "Open");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(each_ten_thousand_records_are_a_batch, begin),
		cmocka_unit_test_setup(beyond_the_days_batches_a_job_fails_and_keeps_what_it_wrote, begin),
		cmocka_unit_test_setup(a_job_of_exactly_the_days_batches_completes, begin),
		cmocka_unit_test_setup(batches_of_bulk_1_are_of_the_same_kind, begin),
		cmocka_unit_test_setup(api_calls_come_back_the_next_day, begin),
		cmocka_unit_test_setup(a_header_has_its_most_characters, begin),
		cmocka_unit_test_setup(a_header_has_its_most_columns, begin),
		cmocka_unit_test_setup(a_field_has_its_most_characters, begin),
		cmocka_unit_test_setup(a_record_has_its_most_characters, begin),
		cmocka_unit_test_setup(more_bytes_than_a_job_takes_are_refused, begin),
	};

	return cmocka_run_group_tests(tests, open_org, close_org);
}
