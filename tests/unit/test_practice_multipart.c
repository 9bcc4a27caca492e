/* A Bulk API 2.0 job and its data in one request, and how a multipart body is cut into parts. */
#include "practice_client.h"

#include "practice/multipart.h"

#define JOB "{\"object\":\"Contact\",\"contentType\":\"CSV\",\"operation\":\"insert\"}"
#define JOB_PART "Content-Type: application/json\r\nContent-Disposition: form-data; name=\"job\"\r\n\r\n" JOB
#define DATA_PART                                                                      \
	"Content-Type: text/csv\r\nContent-Disposition: form-data; name=\"content\"; " \
	"filename=\"content\"\r\n\r\n"

static struct reply post(const char *type, const char *body)
{
	int fd = dial();
	struct reply r = ask_on(fd, "POST", API "/jobs/ingest", type, body);

	close(fd);
	return r;
}

static struct reply post_parts(const char *body)
{
	return post("multipart/form-data; boundary=B", body);
}

static void job_and_data_in_one_request_run_without_a_close(void **unused)
{
	char id[SF_ID_ROOM];
	struct reply r = post_parts("--B\r\n" JOB_PART "\r\n--B\r\n" DATA_PART
	                            "LastName,Email\nJones,j@example.com\nSmith,bad\n\r\n--B--\r\n");

	(void)unused;
	assert_int_equal(r.status, 200);
	assert_string_equal(json_value(r.body, "state"), "UploadComplete");
	assert_null(strstr(r.body, "contentUrl"));
	assert_non_null(strstr(r.body, "\"lineEnding\":\"LF\",\"columnDelimiter\":\"COMMA\""));
	take_value(r.body, "id", id, sizeof id);
	await_state(id, "JobComplete");
	assert_string_equal(json_value(get(job_path(id, "")).body, "numberRecordsProcessed"), "2");
	assert_non_null(strstr(results(id, "/successfulResults/", 0), "\"Jones\",\"j@example.com\""));
	assert_non_null(strstr(results(id, "/failedResults/", 0), "INVALID_EMAIL_ADDRESS"));
	assert_int_equal(upload(id, "x").status, 400);
}

static void a_part_without_data_is_a_job_without_records(void **unused)
{
	char id[SF_ID_ROOM];
	struct reply r = post_parts("--B\r\n" JOB_PART "\r\n--B\r\n" DATA_PART "\r\n--B--\r\n");

	(void)unused;
	assert_int_equal(r.status, 200);
	take_value(r.body, "id", id, sizeof id);
	await_state(id, "JobComplete");
	assert_string_equal(json_value(get(job_path(id, "")).body, "numberRecordsProcessed"), "0");
	assert_string_equal(results(id, "/failedResults/", 0), "\"sf__Id\",\"sf__Error\"\n");
}

static void a_quoted_boundary_and_bare_line_feeds_are_understood(void **unused)
{
	char id[SF_ID_ROOM];
	struct reply r = post(
		"Multipart/Form-Data; charset=UTF-8; boundary=\"- B\"",
		"a preamble\n--- B\nContent-Disposition: form-data; name=\"job\"\n\n" JOB
		"\n--- B\ncontent-disposition: form-data; name=\"content\"\n\nLastName\n--Jones--\n--- B--");

	(void)unused;
	assert_int_equal(r.status, 200);
	take_value(r.body, "id", id, sizeof id);
	await_state(id, "JobComplete");
	assert_non_null(strstr(results(id, "/successfulResults/", 0), "\"--Jones--\""));
}

static void a_hundred_thousand_characters_are_the_most(void **unused)
{
	static char body[512 * 1024];
	const char umlaut[] = "\xc3\xa4"; /* one character, two bytes */

	(void)unused;
	for (int more = 0; more < 2; more++) {
		char *at = body + sprintf(body, "--B\r\n" JOB_PART "\r\n--B\r\n" DATA_PART "LastName\n");

		for (int i = 9; i < 100000 + more; i++, at += 2)
			memcpy(at, umlaut, 2);
		sprintf(at, "\r\n--B--\r\n");
		assert_int_equal(post_parts(body).status, more ? 400 : 200);
	}
	assert_non_null(strstr(post_parts(body).body, "more than 100000 characters"));
}

static void a_request_that_lacks_a_part_makes_no_job(void **unused)
{
	static const char *const bodies[] = {
		"",
		"--B\r\n" JOB_PART "\r\n--B--\r\n",
		"--B\r\n" DATA_PART "LastName\nx\n\r\n--B--\r\n",
		"--B\r\n" JOB_PART "\r\n--B\r\n" DATA_PART "LastName\nx\n", /* no end: cut off on its way */
		"--B\r\n" JOB_PART "--B\r\n" DATA_PART "LastName\nx\n\r\n--B--\r\n",
		"--C\r\n" JOB_PART "\r\n--C\r\n" DATA_PART "LastName\nx\n\r\n--C--\r\n",
		"--B\r\nContent-Disposition: form-data; name=\"job\"\r\n\r\n{\r\n--B\r\n" DATA_PART
		"x\r\n--B--\r\n",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
		assert_int_equal(post_parts(bodies[i]).status, 400);
	assert_non_null(strstr(get(API "/jobs/ingest").body, "\"records\":[]"));
}

static void the_parts_of_a_body_are_cut_at_its_boundary_only(void **unused)
{
	static const char body[] =
		"--x\r\nContent-Disposition: form-data; filename=\"name\"; name=\"a\"\r\n\r\n"
		"--\r\na--x\r\n\r\n--x\r\n\r\n\r\n--x--";
	struct slice rest = slice_of(body);
	struct part part;

	(void)unused;
	assert_true(multipart_next(&rest, slice_of("x"), &part));
	assert_true(slice_is(part.name, "a"));
	assert_true(slice_is(part.body, "--\r\na--x\r\n"));
	assert_true(multipart_next(&rest, slice_of("x"), &part));
	assert_int_equal(part.name.len, 0);
	assert_true(slice_is(part.body, ""));
	assert_false(multipart_next(&rest, slice_of("x"), &part));
	assert_int_equal(multipart_boundary("multipart/form-data").len, 0);
	assert_int_equal(multipart_boundary("text/csv; boundary=x").len, 0);
	assert_int_equal(multipart_boundary(NULL).len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup(name, empty_org)
		T(job_and_data_in_one_request_run_without_a_close),
		T(a_part_without_data_is_a_job_without_records),
		T(a_quoted_boundary_and_bare_line_feeds_are_understood),
		T(a_hundred_thousand_characters_are_the_most),
		T(a_request_that_lacks_a_part_makes_no_job),
		T(the_parts_of_a_body_are_cut_at_its_boundary_only),
	};

	return cmocka_run_group_tests(tests, open_org, close_org);
}
