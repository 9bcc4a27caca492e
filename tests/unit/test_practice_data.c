/* The data file of the practice org: what is in it is believed only as far as it fits. Restarts: tests/practice. */
#include <sqlite3.h>

#include "practice_client.h"

static char path[] = "/tmp/practice-data-XXXXXX";

static void forget(const char *more)
{
	char file[sizeof path + 8];

	snprintf(file, sizeof file, "%s%s", path, more);
	unlink(file);
}

static int name_file(void **unused)
{
	int fd;

	(void)unused;
	memcpy(path + sizeof path - 7, "XXXXXX", 6);
	fd = mkstemp(path);
	close(fd);
	unlink(path);
	return fd < 0;
}

static int remove_file(void **unused)
{
	(void)unused;
	forget("");
	forget("-wal");
	forget("-shm");
	return 0;
}

static void run_sql(const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

/* An org that keeps itself in the file; the sentence if it cannot. */
static const char *open_kept(struct practice *p)
{
	static struct err e;
	char describes[PATH_ROOM];

	err_init(&e);
	assert_int_equal(paths_asset("describes", describes, &e), ERR_OK);
	assert_int_equal(practice_open(p, describes, 1, false, &clock_real, &e), ERR_OK);
	return practice_keep(p, path, &e) == ERR_OK ? NULL : e.text;
}

/* Leaves a job in the file that is in progress behind its first record. */
static void leave_job(void)
{
	struct practice *p = calloc(1, sizeof *p);
	struct table *t;
	struct change name = { .text = slice_of("One") };
	struct job *job;

	assert_null(open_kept(p));
	t = practice_table(p, "Contact");
	name.field = object_field(t->object, slice_of("LastName"));
	assert_int_equal(org_insert(t, &name, 1, p->born), 1);
	assert_true(audit_add(&p->audit, t, 1, VERB_CREATED, 1, 1, p->born));
	job = jobs_add(&p->jobs, JOB_V2);
	job->table = t;
	job->delimiter = ',';
	job->version = 62;
	job->fate = (struct job_fate){ .fail_after = -1, .lose_after = -1 };
	buf_add_text(&job->data, "LastName\nOne\nTwo\n");
	job->puts = 1;
	job->state = JOB_IN_PROGRESS;
	job->header = (struct slice){ job->data.at, 8 };
	job->rows = calloc(1, sizeof *job->rows);
	job->rows[0] = (struct job_row){ .at = 9, .len = 3, .row = 1, .outcome = ROW_CREATED };
	job->row_count = job->row_room = job->processed = 1;
	practice_save(p);
	practice_close(p);
	free(p);
}

static void expect_refusal(const char *words)
{
	struct practice *p = calloc(1, sizeof *p);
	const char *told = open_kept(p);

	assert_non_null(told);
	if (!strstr(told, words))
		fail_msg("%s", told);
	practice_close(p);
	free(p);
}

static void a_job_in_progress_goes_on_behind_its_last_record(void **unused)
{
	struct practice *p = calloc(1, sizeof *p);
	struct err e;

	(void)unused;
	leave_job();
	assert_null(open_kept(p));
	assert_int_equal(p->jobs.all[0]->state, JOB_IN_PROGRESS);
	err_init(&e);
	assert_int_equal(practice_start(p, &e), ERR_OK);
	for (bool ended = false; !ended;) {
		practice_take_turn(p);
		ended = job_has_ended(p->jobs.all[0]);
		practice_end_turn(p);
	}
	assert_int_equal(p->jobs.all[0]->row_count, 2);
	assert_int_equal(p->audit.count, 2); /* and not the first record again */
	assert_int_equal(p->audit.entries[1].record, 2);
	practice_close(p);
	free(p);
}

static void a_file_of_something_else_is_refused(void **unused)
{
	(void)unused;
	run_sql("CREATE TABLE row (a)");
	expect_refusal("is of another version of the practice org, or none of its own");
}

static void a_file_that_a_later_version_wrote_is_refused(void **unused)
{
	(void)unused;
	leave_job();
	run_sql("PRAGMA user_version = 99");
	expect_refusal("is of another version");
}

static void a_file_of_an_earlier_version_is_taken_over(void **unused)
{
	struct practice *p = calloc(1, sizeof *p);

	(void)unused;
	leave_job();
	run_sql("DROP TABLE refresh_token; DROP TABLE query_job; PRAGMA user_version = 2");
	assert_null(open_kept(p));
	assert_int_equal(p->audit.count, 1);
	assert_int_equal(p->jobs.count, 1);
	practice_close(p);
	free(p);
}

/* Leaves a query job in the file that has found one row, and a second refresh token. */
static void leave_query(void)
{
	struct practice *p = calloc(1, sizeof *p);
	struct query_error e;
	struct query_job *job;
	size_t number;

	leave_job();
	assert_null(open_kept(p));
	assert_non_null(refresh_token_new(p, "api", &number));
	job = query_jobs_add(p, query_parse(&p->schema, slice_of("SELECT Id FROM Contact"), &e),
	                     "SELECT Id FROM Contact");
	buf_release(&e.message);
	job->version = 62;
	job->delimiter = ',';
	assert_true(query_job_look(p, job));
	assert_int_equal(job->count, 1);
	practice_save(p);
	practice_close(p);
	free(p);
}

static void a_damaged_query_job_or_token_is_refused_too(void **unused)
{
	static const char *const damages[] = {
		"UPDATE query_job SET state = 17",
		"UPDATE query_job SET rows = x'ffffffff'",
		"UPDATE query_job SET rows = x'010203'",
		"UPDATE query_job SET processed = 2",
		"UPDATE refresh_token SET number = number + 1 WHERE number = 2",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
		remove_file(NULL);
		leave_query();
		run_sql(damages[i]);
		expect_refusal("damaged");
	}
}

static void a_query_job_of_fields_that_are_gone_is_left_out(void **unused)
{
	struct practice *p = calloc(1, sizeof *p);

	(void)unused;
	leave_query();
	run_sql("UPDATE query_job SET text = 'SELECT Gone__c FROM Contact'");
	assert_null(open_kept(p));
	assert_int_equal(p->queries.count, 0);
	assert_int_equal(p->queries.created, 1);
	practice_close(p);
	free(p);
}

static void a_damaged_job_is_refused_not_believed(void **unused)
{
	static const char *const damages[] = {
		"UPDATE job SET state = 17",
		"UPDATE job SET operation = -1",
		"UPDATE job SET header_len = 4000",
		"UPDATE job SET kind = 9",
		"UPDATE job SET processed = 7",
		"UPDATE upload SET data = x'41'",
		"UPDATE result SET rows = x'ffffffffffffffffffffffffffffffffffffffff'",
		"UPDATE result SET rows = x'0102'",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
		remove_file(NULL);
		leave_job();
		run_sql(damages[i]);
		expect_refusal("damaged");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_job_in_progress_goes_on_behind_its_last_record, name_file,
		                                remove_file),
		cmocka_unit_test_setup_teardown(a_file_of_something_else_is_refused, name_file, remove_file),
		cmocka_unit_test_setup_teardown(a_file_that_a_later_version_wrote_is_refused, name_file,
		                                remove_file),
		cmocka_unit_test_setup_teardown(a_file_of_an_earlier_version_is_taken_over, name_file,
		                                remove_file),
		cmocka_unit_test_setup_teardown(a_damaged_query_job_or_token_is_refused_too, name_file,
		                                remove_file),
		cmocka_unit_test_setup_teardown(a_query_job_of_fields_that_are_gone_is_left_out, name_file,
		                                remove_file),
		cmocka_unit_test_setup_teardown(a_damaged_job_is_refused_not_believed, name_file, remove_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
