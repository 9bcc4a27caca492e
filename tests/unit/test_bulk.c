/* Jobs of Bulk API 2.0 against an org played by a scripted server: only what looks like success is success. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "scripted_org.h"

static const char created[] =
	"{\"id\":\"" JOB
	"\",\"operation\":\"upsert\",\"object\":\"Account\",\"state\":\"Open\",\"apiVersion\":66.0}";
static const char failed_job[] =
	"{\"id\":\"7503h00000CV7Gp\",\"state\":\"Failed\",\"numberRecordsProcessed\":10000,"
	"\"numberRecordsFailed\":3,\"errorMessage\":\"InvalidBatch : Field name not found : Foo__c\"}";

static void a_job_is_made_closed_and_asked_about(void **unused)
{
	static struct fixture f;
	struct bulk_spec spec = { "Account", "upsert", "Ext__c", NULL };
	struct heard made = { 0 }, closed = { 0 }, aborted = { 0 }, asked = { 0 };
	struct err e;

	(void)unused;
	f = (struct fixture){ 0 };
	add_token(&f);
	add(&f, (struct step){ .when = "POST " API "/jobs/ingest ", .status = 200, .body = created });
	add(&f, (struct step){ .when = "PATCH", .status = 200, .body = created });
	add(&f, (struct step){ .when = "PATCH",
	                       .status = 400,
	                       .body = "[{\"errorCode\":\"INVALIDJOBSTATE\",\"message\":\"Aborting already "
	                               "Completed Job not allowed\"}]" });
	add(&f, (struct step){ .when = "GET " API "/jobs/ingest/" JOB " ", .status = 200, .body = failed_job });
	sign_in(&f);
	err_init(&e);
	assert_int_equal(bulk_create(f.org, &spec, hear_job, &made, &e), ERR_OK);
	until(&f, &made);
	assert_int_equal(made.answer.verdict, VERDICT_DONE);
	assert_string_equal(made.job.id, JOB);
	assert_int_equal(made.job.state, BULK_OPEN);
	assert_int_equal(bulk_close(f.org, JOB, hear_job, &closed, &e), ERR_OK);
	until(&f, &closed);
	assert_int_equal(closed.answer.verdict, VERDICT_DONE);
	assert_int_equal(bulk_abort(f.org, JOB, hear_job, &aborted, &e), ERR_OK);
	until(&f, &aborted);
	assert_int_equal(aborted.answer.verdict, VERDICT_REJECTED);
	assert_string_equal(aborted.answer.code, "INVALIDJOBSTATE");
	assert_false(aborted.has_job);
	assert_int_equal(bulk_ask(f.org, JOB, hear_job, &asked, &e), ERR_OK);
	until(&f, &asked);
	end(&f);
	assert_string_equal(asked.job.id, JOB);
	assert_int_equal(asked.job.state, BULK_FAILED);
	assert_int_equal(asked.job.processed, 10000);
	assert_int_equal(asked.job.failed, 3);
	assert_string_equal(asked.job.message, "InvalidBatch : Field name not found : Foo__c");
	assert_string_equal(
		server_last(&f.server, "POST " API "/jobs/ingest")->body,
		"{\"object\":\"Account\",\"operation\":\"upsert\",\"externalIdFieldName\":\"Ext__c\","
		"\"contentType\":\"CSV\",\"columnDelimiter\":\"COMMA\",\"lineEnding\":\"LF\"}");
	assert_string_equal(server_last(&f.server, "PATCH " API "/jobs/ingest/" JOB " ")->body,
	                    "{\"state\":\"Aborted\"}");
	server_forget(&f.server);
}

static void an_answer_that_is_no_job_is_no_answer(void **unused)
{
	static const char *const bodies[] = { "",
		                              "{}",
		                              "[]",
		                              "<html>login</html>",
		                              "{\"id\":\"" JOB "\"}",
		                              "{\"id\":\"x\",\"state\":\"Open\"}" };
	struct bulk_spec spec = { "Account", "insert", NULL, NULL };

	(void)unused;
	for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
		static struct fixture f;
		struct heard made = { 0 }, asked = { 0 };
		struct err e;

		f = (struct fixture){ 0 };
		add_token(&f);
		add(&f, (struct step){ .when = "POST " API "/jobs/ingest ", .status = 200, .body = bodies[i] });
		add(&f, (struct step){
				.when = "GET " API "/jobs/ingest/" JOB " ", .status = 200, .body = bodies[i] });
		sign_in(&f);
		err_init(&e);
		assert_int_equal(bulk_create(f.org, &spec, hear_job, &made, &e), ERR_OK);
		until(&f, &made);
		assert_int_equal(bulk_ask(f.org, JOB, hear_job, &asked, &e), ERR_OK);
		until(&f, &asked);
		end(&f);
		server_forget(&f.server);
		assert_int_equal(made.answer.verdict, VERDICT_UNKNOWN);
		assert_false(made.has_job);
		assert_int_equal(asked.answer.verdict, VERDICT_TRY_AGAIN);
	}
}

static void only_201_means_that_an_upload_was_taken(void **unused)
{
	static struct fixture f;

	(void)unused;
	f = (struct fixture){ 0 };
	add_token(&f);
	add(&f, (struct step){ .when = "PUT", .status = 200 });
	add(&f, (struct step){ .when = "PUT", .status = 202 });
	add(&f, (struct step){ .when = "PUT", .status = 413 });
	add(&f, (struct step){ .when = "PUT", .then = THEN_CLOSE });
	add(&f, (struct step){ .when = "PUT", .status = 201 });
	sign_in(&f);
	assert_int_equal(upload(&f, 100).answer.verdict, VERDICT_UNKNOWN);
	assert_int_equal(upload(&f, 100).answer.verdict, VERDICT_UNKNOWN);
	assert_int_equal(upload(&f, 100).answer.verdict, VERDICT_REJECTED);
	assert_int_equal(upload(&f, 100).answer.verdict, VERDICT_UNKNOWN);
	assert_int_equal(upload(&f, 100).answer.verdict, VERDICT_DONE);
	end(&f);
	assert_int_equal(server_count(&f.server, "PUT"), 5);
	server_forget(&f.server);
}

static void a_job_id_is_looked_at_before_it_goes_into_an_address(void **unused)
{
	static struct fixture f;
	struct heard heard = { 0 };
	struct err e;

	(void)unused;
	f = (struct fixture){ 0 };
	add_token(&f);
	sign_in(&f);
	err_init(&e);
	assert_int_equal(bulk_abort(f.org, "../../x?", hear_job, &heard, &e), ERR_INTERNAL);
	end(&f);
	assert_int_equal(server_count(&f.server, "PATCH"), 0);
	server_forget(&f.server);
}

struct rows {
	char text[1024];
	int count, stop_at;
};

static bool take_result(void *ctx, bool header, const struct slice *cells, size_t count)
{
	struct rows *rows = ctx;
	size_t used = strlen(rows->text);

	snprintf(rows->text + used, sizeof rows->text - used, "%s%.*s/%zu\n", header ? "#" : "",
	         SLICE_ARGS(cells[0]), count);
	return ++rows->count != rows->stop_at;
}

#define RESULTS "GET " API "/jobs/ingest/" JOB "/successfulResults/"
#define HEADER "\"sf__Id\",\"sf__Created\",Name\n"

static struct answer results(struct step first, struct step second, struct rows *rows)
{
	static struct fixture f;
	struct heard heard = { 0 };
	struct err e;

	f = (struct fixture){ 0 };
	add_token(&f);
	add(&f, first);
	add(&f, second);
	sign_in(&f);
	err_init(&e);
	*rows = (struct rows){ 0 };
	assert_int_equal(bulk_results(f.org, JOB, BULK_SUCCESSFUL, take_result, rows, hear_job, &heard, &e),
	                 ERR_OK);
	until(&f, &heard);
	end(&f);
	assert_false(heard.has_job);
	assert_non_null(strstr(server_last(&f.server, RESULTS)->head, "\r\nAccept: text/csv\r\n"));
	server_forget(&f.server);
	return heard.answer;
}

static void results_come_page_by_page(void **unused)
{
	struct step one = { .when = RESULTS " ",
		            .status = 200,
		            .headers = "Sforce-Locator: MTAw/+\r\n",
		            .body = HEADER "\"001A\",\"true\",\"a\"\"b\nc\"\n" };
	struct step two = { .when = RESULTS "?locator=MTAw%2F%2B ",
		            .status = 200,
		            .headers = "Sforce-Locator: null\r\n",
		            .body = HEADER "\"001B\",\"true\",\"x\"\n" };
	struct step none = { .when = RESULTS, .status = 204 };
	struct rows rows;

	(void)unused;
	assert_int_equal(results(one, two, &rows).verdict, VERDICT_DONE);
	assert_string_equal(rows.text, "#sf__Id/3\n001A/3\n001B/3\n");
	assert_int_equal(results(none, none, &rows).verdict, VERDICT_DONE);
	assert_int_equal(rows.count, 0);
}

static enum verdict empty_answer_to(enum bulk_result which, const char *name)
{
	static struct fixture f;
	struct heard heard = { 0 };
	struct rows rows = { 0 };
	struct err e;

	f = (struct fixture){ 0 };
	add_token(&f);
	add(&f, (struct step){ .when = name, .status = 200, .body = "" });
	sign_in(&f);
	err_init(&e);
	assert_int_equal(bulk_results(f.org, JOB, which, take_result, &rows, hear_job, &heard, &e), ERR_OK);
	until(&f, &heard);
	end(&f);
	server_forget(&f.server);
	assert_int_equal(rows.count, 0);
	return heard.answer.verdict;
}

/* A job aborted before it began answers its unprocessed records without even a header. */
static void only_unprocessed_records_may_come_without_a_header(void **unused)
{
	const char *jobs = "GET " API "/jobs/ingest/" JOB;

	(void)unused;
	assert_int_equal(empty_answer_to(BULK_UNPROCESSED, jobs), VERDICT_DONE);
	assert_int_equal(empty_answer_to(BULK_SUCCESSFUL, jobs), VERDICT_TRY_AGAIN);
	assert_int_equal(empty_answer_to(BULK_FAILED_RESULTS, jobs), VERDICT_TRY_AGAIN);
}

static void results_that_are_not_whole_are_not_done(void **unused)
{
	static const char *const bodies[] = {
		"",
		"<html>\n",
		HEADER "\"001A\",\"true\",\"a",
		HEADER "\"001A\",\"true\"\n",
		HEADER "\"001A\",\"true\",\"a\"b\n",
	};
	struct step unused_step = { .when = "-" };
	struct rows rows;

	(void)unused;
	for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
		struct answer answer = results(
			(struct step){ .when = RESULTS, .status = 200, .body = bodies[i] }, unused_step, &rows);

		if (i == 1) /* one line of one column: a header, as far as anybody can tell */
			continue;
		assert_int_equal(answer.verdict, VERDICT_TRY_AGAIN);
		assert_int_equal(answer.trouble, TROUBLE_SERVER);
	}
	assert_int_equal(results((struct step){ .when = RESULTS,
	                                        .raw = "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" HEADER
	                                               "\"001A\",\"true\",\"a\"\n",
	                                        .then = THEN_CLOSE },
	                         unused_step, &rows)
	                         .verdict,
	                 VERDICT_TRY_AGAIN);
	assert_int_equal(results((struct step){ .when = RESULTS,
	                                        .status = 200,
	                                        .headers = "Sforce-Locator: A\r\n",
	                                        .body = HEADER },
	                         (struct step){ .when = RESULTS, .status = 200, .body = "\"sf__Id\",Name\n" },
	                         &rows)
	                         .verdict,
	                 VERDICT_TRY_AGAIN);
	assert_int_equal(results((struct step){ .when = RESULTS, .status = 404 }, unused_step, &rows).trouble,
	                 TROUBLE_GONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_job_is_made_closed_and_asked_about),
		cmocka_unit_test(an_answer_that_is_no_job_is_no_answer),
		cmocka_unit_test(only_201_means_that_an_upload_was_taken),
		cmocka_unit_test(a_job_id_is_looked_at_before_it_goes_into_an_address),
		cmocka_unit_test(results_come_page_by_page),
		cmocka_unit_test(only_unprocessed_records_may_come_without_a_header),
		cmocka_unit_test(results_that_are_not_whole_are_not_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
