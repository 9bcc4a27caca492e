/* What a run remembers, how it goes from state to state, which loads it forbids, and who holds it. */
#include "store_fixture.h"

#include <fcntl.h>
#include <signal.h>

#include "store/run_calls.h"

static void set_state(int64_t id, enum run_state to)
{
	assert_ok(run_set_state(journal, id, to, NULL, 0, NULL, &failure));
}

static void every_member_of_a_run_comes_back(void **unused)
{
	static struct run put, got;
	char *bytes = (char *)&put;
	struct buf header;

	(void)unused;
	/* no two members alike: texts of different length, numbers that count up */
	memset(&put, 0, sizeof put);
#define TEXT(member, ...) snprintf(put.member, sizeof put.member, __VA_ARGS__)
	TEXT(why, "because");
	TEXT(file, "/tmp/é/contacts.csv");
	TEXT(file_hash, "0123456789abcdef0123456789abcdef");
	TEXT(object, "Invoice__c");
	TEXT(action, "upsert");
	TEXT(external_id, "Number__c");
	TEXT(org_name, "acme-prod");
	TEXT(org_id, "00D000000000001EAA");
	TEXT(user_id, "005000000000001AAA");
	TEXT(username, "ana@acme.example");
	TEXT(instance_url, "https://acme.my.salesforce.com");
	TEXT(api_version, "64.0");
	TEXT(config, "/etc/longshore/acme.json");
	TEXT(describe_hash, "fedcba9876543210fedcba9876543210");
	TEXT(version, "0.1.0");
	TEXT(started_by, "ana");
	put.state = RUN_CHECKED;
	put.next_try_ms = 1;
	put.file_size = INT64_C(5000000000);
	put.delimiter = ';';
	put.allow_failures = put.practice = true;
	put.chunk_records = 3;
	put.parallel = 4;
	put.created_ms = 5;
	put.started_ms = 6;
	put.ended_ms = 7;
	put.counts = (struct run_counts){ 1000, 60, 10, 20, 30, 11, 12, 13, 14 };
	put.cut_record = 15;
	put.cut_offset = 16;
	put.api_calls = 17;
	put.attempt = 18;
	put.beat_ms = 19;
	put.pid = 20;
	put.first_records = 21;
	put.stop_at = 22;
	put.until_ms = 23;
	put.give_up_ms = 24;
	assert_ok(run_add(journal, &put,
	                  &(struct run_texts){ slice_of("{\"map\":1}"), slice_of("the layout"), slice_of("A,B"),
	                                       slice_of("Phone\t2\nFax\t1\n") },
	                  &failure));
	memset(&got, 0x55, sizeof got);
	assert_ok(run_get(journal, put.id, &got, &failure));
	assert_memory_equal(&got, bytes, sizeof got);
	buf_init(&header, 100);
	assert_ok(run_header(journal, put.id, &header, &failure));
	assert_string_equal(buf_text(&header), "A,B");
	buf_clear(&header);
	assert_ok(run_cleared(journal, put.id, &header, &failure));
	assert_string_equal(buf_text(&header), "Phone\t2\nFax\t1\n");
	buf_release(&header);
	/* these counters have no rows behind them */
	tamper("DELETE FROM runs");
}

static void the_mapping_comes_back_and_a_run_gets_its_time(void **unused)
{
	struct buf plan, layout;
	int64_t id;

	(void)unused;
	time_ms = 1234;
	id = add_run(1);
	assert_int_equal(the_run(id)->created_ms, 1234);
	assert_int_equal(the_run(id)->attempt, 1);
	buf_init(&plan, 100);
	buf_init(&layout, 100);
	buf_add_text(&plan, ">");
	assert_ok(run_plan(journal, id, &plan, &layout, &failure));
	assert_string_equal(buf_text(&plan), ">{}");
	assert_string_equal(buf_text(&layout), "layout");
	assert_fails(run_plan(journal, id + 1, NULL, &layout, &failure), ERR_USAGE, "there is no run 2");
	buf_release(&plan);
	buf_release(&layout);
}

static void a_run_that_is_not_there_is_said_by_its_number(void **unused)
{
	struct run run;

	(void)unused;
	assert_fails(run_get(journal, 0, &run, &failure), ERR_USAGE, "there is no run yet");
	add_run(1);
	assert_fails(run_get(journal, 57, &run, &failure), ERR_USAGE, "there is no run 57");
	assert_fails(run_set_state(journal, 57, RUN_PAUSED, "", 0, "log", &failure), ERR_USAGE, "run 57");
	assert_fails(run_set_file(journal, 57, "/x", &failure), ERR_USAGE, "run 57");
	assert_fails(run_beat(journal, 57, 1, 1, &failure), ERR_USAGE, "run 57");
	assert_int_equal(ask_number("SELECT count(*) FROM events"), 0);
}

static void runs_come_in_pages_newest_first(void **unused)
{
	struct run *page = calloc(3, sizeof *page);
	int64_t first = add_run(1);

	(void)unused;
	for (int i = 0; i < 4; i++)
		add_run(1);
	assert_int_equal(the_run(0)->id, first + 4);
	assert_int_equal(run_page(journal, 0, page, 3, &failure), 3);
	assert_int_equal(page[0].id, first + 4);
	assert_int_equal(page[2].id, first + 2);
	assert_int_equal(run_page(journal, page[2].id, page, 3, &failure), 2);
	assert_int_equal(page[1].id, first);
	assert_int_equal(run_page(journal, first, page, 3, &failure), 0);
	free(page);
}

static void its_times_follow_its_states(void **unused)
{
	int64_t id = add_run(1);

	(void)unused;
	time_ms = 100;
	set_state(id, RUN_CHECKED);
	assert_int_equal(the_run(id)->started_ms, 0);
	time_ms = 200;
	set_state(id, RUN_RUNNING);
	time_ms = 300;
	assert_ok(run_set_state(journal, id, RUN_WAITING, "no connection", 900, NULL, &failure));
	assert_int_equal(the_run(id)->state, RUN_WAITING);
	assert_string_equal(the_run(id)->why, "no connection");
	assert_int_equal(the_run(id)->next_try_ms, 900);
	time_ms = 400;
	set_state(id, RUN_RUNNING);
	assert_int_equal(the_run(id)->started_ms, 200);
	assert_int_equal(the_run(id)->next_try_ms, 0);
	assert_string_equal(the_run(id)->why, "");
	assert_int_equal(the_run(id)->ended_ms, 0);
	time_ms = 500;
	set_state(id, RUN_HALTED);
	assert_int_equal(the_run(id)->ended_ms, 500);
	time_ms = 600;
	set_state(id, RUN_HALTED);
	assert_int_equal(the_run(id)->ended_ms, 500);
	set_state(id, RUN_RUNNING);
	assert_int_equal(the_run(id)->ended_ms, 0);
	assert_int_equal(the_run(id)->started_ms, 200);
}

static void a_state_and_its_log_line_come_together(void **unused)
{
	struct run_event events[3];
	int64_t id = add_run(1), other = add_run(1);

	(void)unused;
	time_ms = 42;
	assert_ok(run_set_state(journal, id, RUN_PAUSED, "ana", 0, "paused by ana", &failure));
	assert_ok(run_log(journal, other, &failure, "not of this run"));
	assert_ok(run_log(journal, id, &failure, "%s %d", "job", 7));
	assert_int_equal(run_log_page(journal, id, 0, events, 3, &failure), 2);
	assert_string_equal(events[0].text, "paused by ana");
	assert_int_equal(events[0].utc_ms, 42);
	assert_string_equal(events[1].text, "job 7");
	assert_int_equal(run_log_page(journal, id, events[0].id, events, 1, &failure), 1);
	assert_string_equal(events[0].text, "job 7");
	assert_fails(run_set_state(journal, id, RUN_INTERRUPTED, "", 0, "x", &failure), ERR_INTERNAL,
	             "not a state");
}

static void a_sign_of_life_and_a_moved_file_are_kept(void **unused)
{
	int64_t id = add_run(1);

	(void)unused;
	time_ms = 77;
	assert_ok(run_beat(journal, id, 31, 4711, &failure));
	assert_ok(run_set_file(journal, id, "/elsewhere/contacts.csv", &failure));
	assert_int_equal(the_run(id)->beat_ms, 77);
	assert_int_equal(the_run(id)->api_calls, 31);
	assert_int_equal(the_run(id)->pid, 4711);
	assert_string_equal(the_run(id)->file, "/elsewhere/contacts.csv");
}

static int64_t same_as(int64_t id)
{
	static struct run wanted;
	int64_t same;

	wanted = *the_run(id);
	wanted.id = 0;
	assert_ok(run_same(journal, &wanted, &same, &failure));
	return same;
}

static void a_load_that_began_forbids_another_of_the_same(void **unused)
{
	static const struct {
		enum run_state state;
		bool forbids;
	} rows[] = { { RUN_DRAFT, false },     { RUN_CHECKED, false }, { RUN_RUNNING, true },
		     { RUN_WAITING, true },    { RUN_PAUSED, true },   { RUN_HALTED, false },
		     { RUN_CANCELLED, false }, { RUN_FINISHED, true } };
	int64_t id = add_run(10);

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		set_state(id, rows[i].state);
		assert_int_equal(same_as(id), rows[i].forbids ? id : 0);
	}
	/* a finished one forbids inserts only: an update can be done twice */
	tamper("UPDATE runs SET action = 'update'");
	assert_int_equal(same_as(id), 0);
	set_state(id, RUN_PAUSED);
	assert_int_equal(same_as(id), id);
}

static void what_ended_early_forbids_only_what_it_wrote_or_may_have(void **unused)
{
	static const struct outcome_message lost = { "", "no answer", "" };
	int64_t id = add_run(10);
	int first = add_chunk(id, 1, 1), second = add_chunk(id, 2, 2);
	struct chunk_change sent = { .state = "closing" };
	struct outcome o = not_written(1, OUTCOME_FAILED, &lost);

	(void)unused;
	settle(id, first, &o, 1);
	set_state(id, RUN_CANCELLED);
	assert_int_equal(same_as(id), 0);
	assert_ok(chunk_set(journal, id, second, &sent, &failure)); /* its job may run yet */
	assert_int_equal(same_as(id), id);
	o = not_written(2, OUTCOME_IN_DOUBT, &lost);
	settle(id, second, &o, 1);
	assert_int_equal(same_as(id), id);
	tamper("UPDATE runs SET action = 'update', state = 'finished'");
	assert_int_equal(same_as(id), id);
	o = not_written(2, OUTCOME_FAILED, &lost);
	assert_ok(outcome_replace(journal, id, &o, 1, NULL, &failure));
	assert_int_equal(same_as(id), 0);
	set_state(id, RUN_HALTED);
	assert_int_equal(same_as(id), 0);
	o = created(3);
	settle(id, add_chunk(id, 3, 3), &o, 1);
	assert_int_equal(same_as(id), id);
}

static void another_file_org_object_or_action_is_another_load(void **unused)
{
	static struct run wanted;
	int64_t id = add_run(10), same;

	(void)unused;
	for (int i = 0; i < 6; i++) {
		wanted = *the_run(id);
		wanted.id = i == 5 ? id : 0;
		if (i < 4)
			snprintf(i == 0   ? wanted.file_hash
			         : i == 1 ? wanted.org_id
			         : i == 2 ? wanted.object
			                  : wanted.action,
			         16, "another");
		assert_ok(run_same(journal, &wanted, &same, &failure));
		assert_int_equal(same, i == 4 ? id : 0); /* a run does not forbid itself */
	}
}

static void a_file_is_compared_with_the_newest_finished_run_of_its_kind(void **unused)
{
	static struct run wanted, like;
	int64_t first = add_run(10), second = add_run(20), other = add_run(30);

	(void)unused;
	wanted = *the_run(first);
	assert_ok(run_like(journal, &wanted, &like, &failure));
	assert_int_equal(like.id, 0); /* none of them came to its end */
	set_state(first, RUN_FINISHED);
	set_state(second, RUN_FINISHED);
	set_state(other, RUN_CANCELLED);
	assert_ok(run_like(journal, &wanted, &like, &failure));
	assert_int_equal(like.id, second);
	assert_int_equal(like.counts.records, 20);
	for (int i = 0; i < 4; i++) {
		wanted = *the_run(first);
		snprintf(i == 0   ? wanted.org_id
		         : i == 1 ? wanted.object
		         : i == 2 ? wanted.action
		                  : wanted.external_id,
		         16, "another");
		assert_ok(run_like(journal, &wanted, &like, &failure));
		assert_int_equal(like.id, 0);
	}
}

/* A child that takes the run's lock, says so, and waits to be killed. */
static pid_t engine_of(int64_t id)
{
	int told[2];
	char byte = 0;
	pid_t child;

	assert_int_equal(pipe(told), 0);
	child = fork();
	if (child == 0) {
		struct run_lock *lock;

		err_init(&failure);
		byte = journal_open(&journal, state, NULL, JOURNAL_WRITE, &test_clock, &failure) == ERR_OK &&
		                       run_hold(journal, id, &lock, &failure) == ERR_OK
		               ? 'y'
		               : 'n';
		(void)!write(told[1], &byte, 1);
		for (;;)
			pause();
	}
	assert_int_equal(read(told[0], &byte, 1), 1);
	assert_int_equal(byte, 'y');
	close(told[0]);
	close(told[1]);
	return child;
}

static void end_engine(pid_t child)
{
	int status;

	kill(child, SIGKILL);
	waitpid(child, &status, 0);
}

static void one_engine_holds_a_run_and_its_death_frees_it(void **unused)
{
	int64_t id = add_run(1), other = add_run(1);
	struct run_lock *lock;
	pid_t child;

	(void)unused;
	assert_false(run_held(journal, id));
	child = engine_of(id);
	assert_true(run_held(journal, id));
	assert_false(run_held(journal, other));
	assert_fails(run_hold(journal, id, &lock, &failure), ERR_HELD, "another engine works on run 1");
	assert_null(lock);
	end_engine(child);
	assert_false(run_held(journal, id));
	assert_ok(run_hold(journal, id, &lock, &failure));
	run_unlock(lock);
}

static void a_run_that_nobody_holds_is_interrupted(void **unused)
{
	int64_t id = add_run(1);
	pid_t child;

	(void)unused;
	assert_int_equal(run_state_now(journal, the_run(id)), RUN_INTERRUPTED);
	child = engine_of(id);
	assert_int_equal(run_state_now(journal, the_run(id)), RUN_RUNNING);
	set_state(id, RUN_WAITING);
	assert_int_equal(run_state_now(journal, the_run(id)), RUN_WAITING);
	end_engine(child);
	assert_int_equal(run_state_now(journal, the_run(id)), RUN_INTERRUPTED);
	set_state(id, RUN_PAUSED);
	assert_int_equal(run_state_now(journal, the_run(id)), RUN_PAUSED);
}

/* Locks of fcntl's older kind are lost when the process closes any descriptor of the file, and asking opens one. */
static void to_ask_about_a_lock_does_not_lose_it(void **unused)
{
	int64_t id = add_run(1);
	struct run_lock *lock;
	struct err e;
	int status, again = -1;
	pid_t child;

	(void)unused;
	assert_ok(run_hold(journal, id, &lock, &failure));
	assert_false(run_held(journal, id)); /* by another process */
	assert_int_equal(run_state_now(journal, the_run(id)), RUN_RUNNING);
	again = open(in_state("runs/1.lock"), O_RDWR);
	assert_true(again >= 0);
	close(again);
	child = fork();
	if (child == 0) {
		execl("/usr/bin/env", "env", "true", (char *)NULL);
		_exit(1);
	}
	waitpid(child, &status, 0);
	child = fork();
	if (child == 0) {
		struct run_lock *mine;
		struct journal *j;

		err_init(&e);
		_exit(journal_open(&j, state, NULL, JOURNAL_WRITE, &test_clock, &e) != ERR_OK ? 1
		      : run_hold(j, id, &mine, &e) == ERR_HELD && run_held(j, id)             ? 0
		                                                                              : 2);
	}
	waitpid(child, &status, 0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	run_unlock(lock);
	assert_ok(run_hold(journal, id, &lock, &failure));
	run_unlock(lock);
}

static void the_lock_is_private(void **unused)
{
	struct run_lock *lock;
	struct stat st;

	(void)unused;
	assert_ok(run_hold(journal, add_run(1), &lock, &failure));
	assert_int_equal(stat(in_state("runs"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(stat(in_state("runs/1.lock"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	run_unlock(lock);
}

#define IN_JOURNAL(test) cmocka_unit_test_setup_teardown(test, make_journal, remove_state)

/* An engine that makes calls, and is killed without having told anybody. */
static void engine_that_is_killed(int64_t run, int64_t makes)
{
	struct run_calls *calls;
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		if (run_calls_open(&calls, journal, the_run(run), &failure) == ERR_OK)
			*run_calls_count(calls) += makes;
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
}

static void calls_of_a_killed_engine_are_not_forgotten(void **unused)
{
	int64_t run = add_run(3);
	struct run_calls *calls;
	char name[64];

	(void)unused;
	snprintf(name, sizeof name, "runs/%lld.calls", (long long)run);
	mkdir(in_state("runs"), 0700);
	assert_ok(run_beat(journal, run, 5, 1, &failure));
	assert_int_equal(the_run(run)->api_calls, 5);
	engine_that_is_killed(run, 7);
	assert_int_equal(the_run(run)->api_calls, 12);
	engine_that_is_killed(run, 1);
	assert_int_equal(the_run(run)->api_calls, 13);

	assert_ok(run_calls_open(&calls, journal, the_run(run), &failure));
	*run_calls_count(calls) += 2;
	assert_int_equal(the_run(run)->api_calls, 15);
	assert_ok(run_beat(journal, run, *run_calls_count(calls), 1, &failure));
	run_calls_close(calls, true);
	assert_int_equal(access(in_state(name), F_OK), -1);
	assert_int_equal(the_run(run)->api_calls, 15);
}

/* As after a power cut, or with two journals in one state folder. */
static void what_counts_another_run_or_is_older_is_not_taken(void **unused)
{
	int64_t run = add_run(3);

	(void)unused;
	mkdir(in_state("runs"), 0700);
	engine_that_is_killed(run, 7);
	assert_ok(run_beat(journal, run, 9, 1, &failure));
	assert_int_equal(the_run(run)->api_calls, 9);
	tamper("UPDATE runs SET created_ms = created_ms + 1, api_calls = 3");
	assert_int_equal(the_run(run)->api_calls, 3);
}

static void where_calls_cannot_be_counted_no_engine_begins(void **unused)
{
	int64_t run = add_run(3);
	struct run_calls *calls;

	(void)unused;
	assert_fails(run_calls_open(&calls, journal, the_run(run), &failure), ERR_JOURNAL,
	             "calls cannot be counted in");
	assert_null(calls);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_JOURNAL(every_member_of_a_run_comes_back),
		IN_JOURNAL(the_mapping_comes_back_and_a_run_gets_its_time),
		IN_JOURNAL(a_run_that_is_not_there_is_said_by_its_number),
		IN_JOURNAL(runs_come_in_pages_newest_first),
		IN_JOURNAL(its_times_follow_its_states),
		IN_JOURNAL(a_state_and_its_log_line_come_together),
		IN_JOURNAL(a_sign_of_life_and_a_moved_file_are_kept),
		IN_JOURNAL(a_load_that_began_forbids_another_of_the_same),
		IN_JOURNAL(what_ended_early_forbids_only_what_it_wrote_or_may_have),
		IN_JOURNAL(another_file_org_object_or_action_is_another_load),
		IN_JOURNAL(a_file_is_compared_with_the_newest_finished_run_of_its_kind),
		IN_JOURNAL(one_engine_holds_a_run_and_its_death_frees_it),
		IN_JOURNAL(a_run_that_nobody_holds_is_interrupted),
		IN_JOURNAL(to_ask_about_a_lock_does_not_lose_it),
		IN_JOURNAL(the_lock_is_private),
		cmocka_unit_test_setup_teardown(calls_of_a_killed_engine_are_not_forgotten, make_journal,
		                                remove_state),
		cmocka_unit_test_setup_teardown(what_counts_another_run_or_is_older_is_not_taken, make_journal,
		                                remove_state),
		cmocka_unit_test_setup_teardown(where_calls_cannot_be_counted_no_engine_begins, make_journal,
		                                remove_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
