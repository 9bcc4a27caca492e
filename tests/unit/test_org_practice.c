/* The org room from sign-in to query against the practice org, a program of its own, in fair weather and foul. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/org/automation.h"
#include "core/org/bulk.h"
#include "core/org/json.h"
#include "core/org/org.h"

enum { RECORDS = 5000 };

static pid_t child;
static char url[64];
static struct org *org;

/* The practice org prints "listening PORT" once it does. */
static int start_practice(void **unused)
{
	const char *build = getenv("BUILD");
	char program[256], line[64] = "";
	int out[2];
	FILE *f;

	(void)unused;
	snprintf(program, sizeof program, "%s/longshore-practice", build ? build : "build");
	if (access(program, X_OK) || pipe(out))
		return -1;
	child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM); /* it does not outlive a test that dies */
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		close(out[1]);
		execl(program, program, (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	f = fdopen(out[0], "r");
	if (!f || !fgets(line, sizeof line, f) || strncmp(line, "listening ", 10) != 0)
		return -1;
	fclose(f);
	snprintf(url, sizeof url, "http://127.0.0.1:%d", atoi(line + 10));
	return 0;
}

static int stop_practice(void **unused)
{
	int status = 0;

	(void)unused;
	if (child > 0) {
		kill(child, SIGTERM);
		waitpid(child, &status, 0);
	}
	return status;
}

/* A request to the practice org's own addresses, which are no API calls. */
static void control(const char *method, const char *path, const char *text, struct buf *body)
{
	char address[128];
	struct http_request request = { .method = method, .url = address, .text = slice_of(text) };
	struct answer answer;
	struct err e;

	err_init(&e);
	snprintf(address, sizeof address, "%s/practice/%s", url, path);
	assert_int_equal(http_wait(org_http(org), &request, &answer, body, &e), ERR_OK);
	if (answer.verdict != VERDICT_DONE)
		fail_msg("%s: %s", path, answer.message);
}

static void scenario(const char *faults)
{
	char text[1024];

	snprintf(text, sizeof text, "{\"faults\":[%s]}", faults);
	control("POST", "scenario", text, NULL);
}

/* One number of GET /practice/counters, {group: {name: number}} or {group: number}. */
static int64_t counter(const char *group, const char *name)
{
	struct buf body;
	json_t *all;
	int64_t n;

	buf_init(&body, 64 * 1024);
	control("GET", "counters", "", &body);
	all = json_read(buf_slice(&body));
	assert_non_null(all);
	n = json_integer_value(name ? json_object_get(json_object_get(all, group), name)
	                            : json_object_get(all, group));
	json_decref(all);
	buf_release(&body);
	return n;
}

static int open_anew(void **unused)
{
	struct settings settings = { .login_url = url };
	char client[] = "practice", token[] = "practice-refresh";
	struct err e;

	(void)unused;
	settings.client_id = client;
	settings.refresh_token = token;
	err_init(&e);
	if (org_open(&org, &settings, &e)) {
		print_error("%s\n", e.text);
		return -1;
	}
	control("POST", "scenario", "{}", NULL);
	control("POST", "reset", "{}", NULL);
	org_close(org); /* the reset took its session along */
	return org_open(&org, &settings, &e) == ERR_OK ? 0 : -1;
}

static int close_it(void **unused)
{
	(void)unused;
	org_close(org);
	org = NULL;
	return 0;
}

struct heard {
	struct answer answer;
	struct bulk_job job;
	bool has_job, done;
};

static void hear(void *ctx, const struct answer *answer, const struct bulk_job *job)
{
	struct heard *h = ctx;

	h->answer = *answer;
	h->done = true;
	h->has_job = job != NULL;
	if (job)
		h->job = *job;
}

static void until(const struct heard *h)
{
	while (!h->done)
		http_turn(org_http(org), 1000);
}

static struct heard create(void)
{
	struct bulk_spec spec = { .object = "Account", .operation = "insert" };
	struct heard heard = { 0 };
	struct err e;

	err_init(&e);
	assert_int_equal(bulk_create(org, &spec, hear, &heard, &e), ERR_OK);
	until(&heard);
	return heard;
}

typedef enum err_code on_job(struct org *o, const char *job, bulk_done *done, void *ctx, struct err *e);

static struct heard job_call(on_job *call, const char *job)
{
	struct heard heard = { 0 };
	struct err e;

	err_init(&e);
	assert_int_equal(call(org, job, hear, &heard, &e), ERR_OK);
	until(&heard);
	return heard;
}

/* The payload: record n is "Name n","E-n"; each tenth has no name and must fail. */
static void add_records(struct buf *payload)
{
	buf_init(payload, 1024 * 1024);
	buf_add_text(payload, "Name,Ext__c\n");
	for (int n = 1; n <= RECORDS; n++) {
		if (n % 10)
			buf_addf(payload, "\"Name %d\"", n);
		buf_addf(payload, ",\"E-%d\"\n", n);
	}
	assert_false(payload->short_of);
}

static long give(void *ctx, char *to, size_t room)
{
	struct slice *left = ctx;
	size_t n = left->len < room ? left->len : room;

	memcpy(to, left->at, n);
	left->at += n;
	left->len -= n;
	return (long)n;
}

static struct answer upload(const char *job)
{
	struct heard heard = { 0 };
	struct http_call *call;
	struct slice left;
	struct buf payload;
	struct err e;

	add_records(&payload);
	left = buf_slice(&payload);
	err_init(&e);
	assert_int_equal(bulk_upload(org, job, give, &left, (int64_t)left.len, hear, &heard, &call, &e),
	                 ERR_OK);
	until(&heard);
	buf_release(&payload);
	return heard.answer;
}

static struct bulk_job wait_ended(const char *job)
{
	struct heard heard;

	do {
		heard = job_call(bulk_ask, job);
		assert_int_equal(heard.answer.verdict, VERDICT_DONE);
	} while (heard.job.state == BULK_UPLOAD_COMPLETE || heard.job.state == BULK_IN_PROGRESS);
	return heard.job;
}

/* What came back, by the number in Ext__c. */
struct tally {
	size_t ext, id, error;
	int times[RECORDS + 1];
	int rows, with_id, with_code;
};

static size_t column(const struct slice *cells, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (slice_is(cells[i], name))
			return i;
	return count;
}

static bool take(void *ctx, bool header, const struct slice *cells, size_t count)
{
	struct tally *t = ctx;
	struct slice code, message, fields;
	int n;

	if (header) {
		t->ext = column(cells, count, "Ext__c");
		t->id = column(cells, count, "sf__Id");
		t->error = column(cells, count, "sf__Error");
		return t->ext < count; /* unprocessed records have no sf__ columns */
	}
	n = atoi(cells[t->ext].at + 2);
	if (n < 1 || n > RECORDS)
		return false;
	t->times[n]++;
	t->rows++;
	t->with_id += t->id < count && cells[t->id].len == 18;
	if (t->error < count) {
		bulk_error_parts(cells[t->error], &code, &message, &fields);
		t->with_code += slice_is(code, "REQUIRED_FIELD_MISSING") && slice_is(fields, "Name");
	}
	return true;
}

static struct answer results(const char *job, enum bulk_result which, struct tally *t)
{
	struct heard heard = { 0 };
	struct err e;

	err_init(&e);
	assert_int_equal(bulk_results(org, job, which, take, t, hear, &heard, &e), ERR_OK);
	until(&heard);
	return heard.answer;
}

static void check_results(const char *job)
{
	static struct tally good, bad, rest;

	good = bad = rest = (struct tally){ 0 };
	assert_int_equal(results(job, BULK_SUCCESSFUL, &good).verdict, VERDICT_DONE);
	assert_int_equal(results(job, BULK_FAILED_RESULTS, &bad).verdict, VERDICT_DONE);
	assert_int_equal(results(job, BULK_UNPROCESSED, &rest).verdict, VERDICT_DONE);
	assert_int_equal(good.with_id, RECORDS * 9 / 10);
	assert_int_equal(bad.with_code, RECORDS / 10);
	assert_int_equal(rest.rows, 0);
	for (int n = 1; n <= RECORDS; n++)
		assert_int_equal(n % 10 ? good.times[n] : bad.times[n], 1);
	assert_int_equal(good.rows + bad.rows, RECORDS);
}

static bool take_row(void *ctx, const struct slice *values)
{
	int *rows = ctx;

	assert_true(values[0].len > 5 && memcmp(values[0].at, "Name ", 5) == 0);
	assert_true(slice_is(values[1], "Practice Operator") || values[1].len > 0);
	++*rows;
	return true;
}

static void a_load_goes_from_sign_in_to_query(void **unused)
{
	static const char *const fields[] = { "Name", "Owner.Name" };
	struct heard made = create();
	struct bulk_job job;
	int rows = 0;
	struct err e;

	(void)unused;
	assert_int_equal(org_identity(org)->kind, ORG_PRACTICE);
	assert_string_equal(org_identity(org)->org_id, "00D5e0000000001EAA");
	assert_string_equal(org_identity(org)->username, "operator@practice.example");
	assert_int_equal(made.answer.verdict, VERDICT_DONE);
	assert_true(made.answer.server_utc_ms > 0);
	assert_int_equal(upload(made.job.id).verdict, VERDICT_DONE);
	assert_int_equal(job_call(bulk_close, made.job.id).answer.verdict, VERDICT_DONE);
	job = wait_ended(made.job.id);
	assert_int_equal(job.state, BULK_JOB_COMPLETE);
	assert_int_equal(job.processed, RECORDS);
	assert_int_equal(job.failed, RECORDS / 10);
	check_results(made.job.id);
	err_init(&e);
	if (org_query(org, "SELECT Name, Owner.Name FROM Account", fields, 2, take_row, &rows, &e))
		fail_msg("%s", e.text);
	assert_int_equal(rows, RECORDS * 9 / 10);
	assert_int_equal(counter("rows", "Account"), RECORDS * 9 / 10);
	assert_int_equal(counter("calls", "query_page"), 2); /* 2,000 rows a page */
}

static void objects_are_listed_and_described(void **unused)
{
	struct object_list *list = NULL;
	struct object *account = NULL;
	struct buf json;
	struct err e;
	bool found = false;

	(void)unused;
	err_init(&e);
	assert_int_equal(org_objects(org, &list, &e), ERR_OK);
	for (size_t i = 0; i < list->count; i++)
		found = found || strcmp(list->entries[i].name, "Account") == 0;
	assert_true(found);
	object_list_free(list);
	buf_init(&json, 16 * 1024 * 1024);
	assert_int_equal(org_describe(org, "account", &account, &json, &e), ERR_OK);
	assert_string_equal(account->name, "Account");
	assert_non_null(object_field(account, slice_of("Ext__c")));
	assert_true(json.len > 1000);
	object_free(account);
	buf_release(&json);
	assert_int_equal(org_describe(org, "Accnt", &account, NULL, &e), ERR_REFUSED);
	assert_non_null(
		strstr(e.text, "there is no object Accnt in 127.0.0.1: `longshore objects` lists them"));
}

static void both_sides_count_the_same_calls(void **unused)
{
	int64_t before = counter("api_calls", NULL) - org_calls(org), left, most;
	struct heard made = create();

	(void)unused;
	upload(made.job.id);
	job_call(bulk_close, made.job.id);
	control("POST", "expire-sessions", "{}", NULL);
	wait_ended(made.job.id);
	assert_int_equal(counter("api_calls", NULL) - org_calls(org), before);
	assert_true(org_calls_left(org, &left, &most));
	assert_int_equal(most - left, counter("api_calls", NULL));
}

static void a_session_that_ends_under_way_is_no_matter(void **unused)
{
	struct heard made;

	(void)unused;
	control("POST", "expire-sessions", "{}", NULL);
	made = create();
	assert_int_equal(made.answer.verdict, VERDICT_DONE);
	control("POST", "expire-sessions", "{}", NULL);
	assert_int_equal(upload(made.job.id).verdict, VERDICT_TRY_AGAIN);
	assert_int_equal(job_call(bulk_ask, made.job.id).answer.verdict, VERDICT_DONE);
	assert_int_equal(upload(made.job.id).verdict, VERDICT_DONE);
	control("POST", "expire-sessions", "{}", NULL);
	assert_int_equal(job_call(bulk_close, made.job.id).answer.verdict, VERDICT_DONE);
	wait_ended(made.job.id);
	control("POST", "expire-sessions", "{}", NULL);
	check_results(made.job.id);
}

/* The connection is lost after the org has carried it out: it is done once, and that is not known here. */
static void a_lost_answer_is_not_known_and_nothing_is_done_twice(void **unused)
{
	struct heard made;

	(void)unused;
	scenario("{\"method\":\"POST\",\"path\":\"*/jobs/ingest\",\"nth\":1,\"action\":\"drop_after\"}");
	made = create();
	assert_int_equal(made.answer.verdict, VERDICT_UNKNOWN);
	assert_int_equal(counter("calls", "job_create"), 1);
	made = create();
	scenario("{\"method\":\"PUT\",\"path\":\"*/batches\",\"nth\":1,\"action\":\"drop_after\"}");
	assert_int_equal(upload(made.job.id).verdict, VERDICT_UNKNOWN);
	assert_int_equal(counter("calls", "job_upload"), 1);
	scenario("{\"method\":\"PATCH\",\"path\":\"*/jobs/ingest/*\",\"nth\":1,\"action\":\"drop_after\"}");
	assert_int_equal(job_call(bulk_close, made.job.id).answer.verdict, VERDICT_UNKNOWN);
	assert_int_equal(counter("calls", "job_change"), 1);
	wait_ended(made.job.id);
	check_results(made.job.id);
}

static void a_broken_upload_is_not_known(void **unused)
{
	struct heard made = create();

	(void)unused;
	scenario("{\"path\":\"*/batches\",\"nth\":1,\"action\":\"cut_upload\",\"bytes\":50000}");
	assert_int_equal(upload(made.job.id).verdict, VERDICT_UNKNOWN);
	assert_int_equal(job_call(bulk_abort, made.job.id).answer.verdict, VERDICT_DONE);
	assert_int_equal(wait_ended(made.job.id).state, BULK_ABORTED);
	assert_int_equal(counter("rows", "Account"), 0);
}

static void results_cut_short_are_asked_for_again(void **unused)
{
	static struct tally tally;
	struct heard made = create();
	struct answer cut;

	(void)unused;
	upload(made.job.id);
	job_call(bulk_close, made.job.id);
	wait_ended(made.job.id);
	scenario("{\"path\":\"*/successfulResults\",\"nth\":1,\"action\":\"cut_answer\",\"bytes\":20000}");
	tally = (struct tally){ 0 };
	cut = results(made.job.id, BULK_SUCCESSFUL, &tally);
	assert_int_equal(cut.verdict, VERDICT_TRY_AGAIN);
	assert_true(tally.rows > 0 && tally.rows < RECORDS * 9 / 10);
	check_results(made.job.id);
}

static bool count_row(void *ctx, bool header, const struct slice *cells, size_t count)
{
	int *rows = ctx;

	(void)cells;
	(void)count;
	*rows += !header;
	return true;
}

/* It answers with nothing at all, which is not a broken answer. */
static void a_job_that_never_ran_has_empty_results(void **unused)
{
	static const enum bulk_result all[] = { BULK_SUCCESSFUL, BULK_FAILED_RESULTS, BULK_UNPROCESSED };
	struct heard made = create();

	(void)unused;
	upload(made.job.id);
	job_call(bulk_abort, made.job.id);
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		struct heard heard = { 0 };
		int rows = 0;
		struct err e;

		err_init(&e);
		assert_int_equal(bulk_results(org, made.job.id, all[i], count_row, &rows, hear, &heard, &e),
		                 ERR_OK);
		until(&heard);
		assert_int_equal(heard.answer.verdict, VERDICT_DONE);
		assert_int_equal(rows, 0);
	}
}

static const struct automation *runs_on(const char *object, unsigned changes)
{
	static struct automation told;
	struct err e;

	err_init(&e);
	if (automation_ask(org, object, changes, NULL, NULL, &told, &e))
		fail_msg("%s", e.text);
	return &told;
}

static void what_runs_on_an_object_is_told_by_what_is_done(void **unused)
{
	const struct automation_part *part;

	(void)unused;
	control("POST", "scenario",
	        "{\"triggers\":[{\"object\":\"Contact\",\"name\":\"Guard\",\"on\":[\"before insert\"]},"
	        "{\"object\":\"Contact\",\"name\":\"Off\",\"on\":[\"before "
	        "insert\"],\"active\":false}],"
	        "\"flows\":[{\"object\":\"Contact\",\"name\":\"Greet\",\"trigger\":\"RecordAfterSave\","
	        "\"change\":\"Create\"}],\"hidden_objects\":[\"DuplicateRule\"]}",
	        NULL);
	part = runs_on("Contact", AUTOMATION_CREATES)->parts;
	assert_string_equal(part[AUTOMATION_TRIGGER].names, "Guard");
	assert_string_equal(part[AUTOMATION_FLOW].names, "Greet");
	assert_int_equal(part[AUTOMATION_VALIDATION].state, AUTOMATION_KNOWN);
	assert_int_equal(part[AUTOMATION_DUPLICATE].state, AUTOMATION_HIDDEN);
	part = runs_on("Contact", AUTOMATION_UPDATES)->parts;
	assert_int_equal(part[AUTOMATION_TRIGGER].count, 0);
	assert_int_equal(part[AUTOMATION_FLOW].count, 0);
	part = runs_on("Custom__c", AUTOMATION_DELETES)->parts;
	assert_int_equal(part[AUTOMATION_TRIGGER].state, AUTOMATION_KNOWN);
	assert_int_equal(part[AUTOMATION_DUPLICATE].state, AUTOMATION_NONE);
	assert_int_equal(counter("calls", "tooling_query"), 2 + 2 + 1);
}

int main(void)
{
#define PROMISE(name) cmocka_unit_test_setup_teardown(name, open_anew, close_it)
	const struct CMUnitTest tests[] = {
		PROMISE(what_runs_on_an_object_is_told_by_what_is_done),
		PROMISE(a_load_goes_from_sign_in_to_query),
		PROMISE(objects_are_listed_and_described),
		PROMISE(both_sides_count_the_same_calls),
		PROMISE(a_session_that_ends_under_way_is_no_matter),
		PROMISE(a_lost_answer_is_not_known_and_nothing_is_done_twice),
		PROMISE(a_broken_upload_is_not_known),
		PROMISE(results_cut_short_are_asked_for_again),
		PROMISE(a_job_that_never_ran_has_empty_results),
	};

	return cmocka_run_group_tests(tests, start_practice, stop_practice);
}
