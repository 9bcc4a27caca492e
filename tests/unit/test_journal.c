/* What is taken for a journal and what is refused, and that whatever fails or dies leaves it sound. */
#include "store_fixture.h"
#include "store/left_out.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>

static const struct outcome_message missing = { "REQUIRED_FIELD_MISSING",
	                                        "Required fields are missing: [LastName]", "LastName" };

static void a_new_journal_is_private_and_sound(void **unused)
{
	struct stat st;

	(void)unused;
	assert_string_equal(journal_state(journal), state);
	assert_string_equal(journal_file(journal), in_state("journal.sqlite"));
	add_run(1);
	assert_int_equal(stat(in_state("journal.sqlite"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(stat(in_state("journal.sqlite-wal"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_ok(journal_check(journal, &failure));
}

static void it_is_found_again_as_it_was_left(void **unused)
{
	int64_t run = add_run(7);

	(void)unused;
	journal_close(journal);
	open_journal(JOURNAL_WRITE);
	assert_int_equal(counts_of(run).records, 7);
	assert_int_equal(ask_number("PRAGMA user_version"), JOURNAL_VERSION);
}

static void it_may_lie_elsewhere_than_the_state_folder(void **unused)
{
	char file[96];
	struct stat st;

	(void)unused;
	snprintf(file, sizeof file, "%s/other.sqlite", state);
	assert_ok(journal_open(&journal, state, file, JOURNAL_WRITE, &test_clock, &failure));
	assert_string_equal(journal_file(journal), file);
	assert_int_not_equal(stat(in_state("journal.sqlite"), &st), 0);
}

static void refused(enum journal_mode mode, const char *words)
{
	struct journal *j;

	assert_fails(journal_open(&j, state, NULL, mode, &test_clock, &failure), ERR_JOURNAL, words);
	assert_null(j);
}

static void close_it(void)
{
	journal_close(journal);
	journal = NULL;
}

static void a_journal_of_a_newer_version_is_refused(void **unused)
{
	(void)unused;
	close_it();
	tamper("PRAGMA user_version = 7");
	refused(JOURNAL_WRITE, "was written by a newer Longshore (journal 7, this one knows 4)");
	refused(JOURNAL_READ, "journal.sqlite was written by a newer Longshore");
	assert_int_equal(ask_number("PRAGMA user_version"), 7);
}

static void write_file(const char *name, const char *bytes, mode_t mode)
{
	int fd = open(in_state(name), O_WRONLY | O_CREAT | O_TRUNC, mode);

	assert_int_equal(write(fd, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void a_file_that_is_no_database_is_refused_and_kept(void **unused)
{
	static const char text[] =
		"Name,Email\nAnn,ann@example.org\nthis is a table of people and no database\n"
		"and it is longer than the header that a database has in front of its pages\n";
	char back[sizeof text] = "";
	FILE *f;

	(void)unused;
	write_file("journal.sqlite", text, 0600);
	refused(JOURNAL_WRITE, "journal.sqlite is not a journal");
	f = fopen(in_state("journal.sqlite"), "r");
	assert_int_equal(fread(back, 1, sizeof text, f), sizeof text - 1);
	fclose(f);
	assert_string_equal(back, text);
}

static void the_database_of_another_program_is_refused_and_kept(void **unused)
{
	(void)unused;
	write_file("journal.sqlite", "", 0600);
	tamper("CREATE TABLE theirs (a)");
	refused(JOURNAL_WRITE, "the database of another program");
	assert_int_equal(ask_number("SELECT count(*) FROM sqlite_master"), 1);
	tamper("PRAGMA application_id = 1; PRAGMA user_version = 1");
	refused(JOURNAL_READ, "the database of another program");
}

static void a_journal_that_others_can_read_is_refused(void **unused)
{
	(void)unused;
	close_it();
	assert_int_equal(chmod(in_state("journal.sqlite"), 0644), 0);
	refused(JOURNAL_WRITE, "journal.sqlite can be read by others (mode 644)");
	refused(JOURNAL_READ, "chmod 600");
	assert_int_equal(chmod(in_state("journal.sqlite"), 0600), 0);
	assert_int_equal(chmod(state, 0755), 0);
	refused(JOURNAL_WRITE, state);
	assert_int_equal(chmod(state, 0700), 0);
	open_journal(JOURNAL_WRITE);
}

static void reading_makes_nothing(void **unused)
{
	struct stat st;

	(void)unused;
	refused(JOURNAL_READ, "there is no journal");
	assert_int_not_equal(stat(in_state("journal.sqlite"), &st), 0);
	assert_int_equal(rmdir(state), 0);
	refused(JOURNAL_READ, "there is no journal");
	assert_int_not_equal(stat(state, &st), 0);
}

/* Makes the journal of a data file in the state folder. */
static void make_from(const char *path)
{
	struct buf sql;
	char piece[4096];
	size_t n;
	FILE *f = fopen(path, "rb");

	assert_non_null(f);
	buf_init(&sql, 1024 * 1024);
	while ((n = fread(piece, 1, sizeof piece, f)) > 0)
		buf_add(&sql, piece, n);
	fclose(f);
	write_file("journal.sqlite", "", 0600);
	tamper(buf_text(&sql));
	buf_release(&sql);
}

static void a_journal_of_version_1_is_brought_up_to_date(void **unused)
{
	struct outcome_row row;
	struct run_counts c;
	struct buf kept;
	bool found;

	(void)unused;
	make_from("tests/data/journal_1.sql");
	open_journal(JOURNAL_WRITE);
	assert_int_equal(ask_number("PRAGMA user_version"), JOURNAL_VERSION);
	c = counts_of(1);
	assert_true(c.records == 8 && c.written == 1 && c.failed == 1 && c.skipped == 1);
	assert_int_equal(the_run(1)->state, RUN_HALTED);
	assert_ok(outcome_get(journal, 1, 2, &row, &found, &failure));
	assert_true(found && row.state == OUTCOME_FAILED);
	assert_string_equal(row.code, "INVALID_FIELD");
	assert_string_equal(chunk_of(1, 1).job, "7505e0000000001AAA");
	buf_init(&kept, 1024);
	assert_ok(outcome_source(journal, 1, 2, &kept, &failure));
	assert_string_equal(buf_text(&kept), "A-2,Two,,NOBODY");
	buf_clear(&kept);
	assert_ok(run_header(journal, 1, &kept, &failure));
	assert_string_equal(buf_text(&kept), "");
	buf_release(&kept);
}

static void a_journal_of_version_2_is_brought_up_to_date(void **unused)
{
	const struct run *run;
	struct buf kept;

	(void)unused;
	make_from("tests/data/journal_2.sql");
	open_journal(JOURNAL_WRITE);
	assert_int_equal(ask_number("PRAGMA user_version"), JOURNAL_VERSION);
	run = the_run(1);
	assert_int_equal(run->state, RUN_PAUSED);
	assert_true(run->counts.records == 5 && run->counts.created == 2 && run->counts.skipped == 1);
	assert_int_equal(run->first_records, 3);
	assert_false(run->keep_old);
	assert_int_equal(run->kept, 0);
	buf_init(&kept, 1024);
	assert_ok(run_header(journal, 1, &kept, &failure));
	assert_string_equal(buf_text(&kept), "Ext__c,LastName,Title");
	buf_release(&kept);
}

static void a_journal_of_version_3_is_brought_up_to_date(void **unused)
{
	static struct left_out_page page;
	const struct left_out *found;
	const struct run *run;

	(void)unused;
	make_from("tests/data/journal_3.sql");
	open_journal(JOURNAL_WRITE);
	assert_int_equal(ask_number("PRAGMA user_version"), JOURNAL_VERSION);
	run = the_run(2);
	assert_int_equal(run->state, RUN_FINISHED);
	assert_true(run->keep_old && run->kept == 2);
	assert_true(run->counts.updated == 2 && run->counts.skipped == 1);
	assert_string_equal(run->same_key, "last");
	assert_false(run->skip_unchanged);
	assert_ok(left_out_find(journal, 2, 2, &page, &found, &failure));
	assert_true(found && found->other == 3 && found->why == LEFT_OUT_SAME_KEY);
}

/* Nobody can tell whether the first to look is one who writes. */
static void a_reader_brings_an_older_journal_up_to_date(void **unused)
{
	(void)unused;
	make_from("tests/data/journal_1.sql");
	open_journal(JOURNAL_READ);
	assert_int_equal(ask_number("PRAGMA user_version"), JOURNAL_VERSION);
	assert_int_equal(counts_of(1).records, 8);
}

static void a_reader_sees_what_a_writer_has_just_committed(void **unused)
{
	struct journal *reader;
	struct run run;
	int64_t id, before;

	(void)unused;
	assert_ok(journal_open(&reader, state, NULL, JOURNAL_READ, &test_clock, &failure));
	before = journal_changes(reader);
	assert_int_equal(journal_changes(reader), before);
	id = add_run(3);
	assert_int_not_equal(journal_changes(reader), before);
	assert_ok(run_get(reader, id, &run, &failure));
	assert_int_equal(run.counts.records, 3);
	assert_fails(run_beat(reader, id, 1, 1, &failure), ERR_JOURNAL, "read-only");
	journal_close(reader);
}

/* In a child: no assertion may fail there, since it would go on with the tests. */
static void give_up(int told)
{
	(void)!write(told, failure.text, strlen(failure.text));
	_exit(failure.code);
}

static void open_or_give_up(int told)
{
	err_init(&failure);
	if (journal_open(&journal, state, NULL, JOURNAL_WRITE, &test_clock, &failure) != ERR_OK)
		give_up(told);
}

static void a_reader_alone_reads_what_a_dead_writer_left_in_its_wal(void **unused)
{
	struct run run;
	int status;
	pid_t child = fork();

	(void)unused;
	if (child == 0) {
		open_or_give_up(STDERR_FILENO);
		run = (struct run){ .state = RUN_RUNNING, .counts.records = 3 };
		run_add(journal, &run,
		        &(struct run_texts){ slice_of(""), slice_of(""), slice_of(""), slice_of("") },
		        &failure);
		kill(getpid(), SIGKILL); /* what is committed is only in the WAL yet */
	}
	waitpid(child, &status, 0);
	assert_true(WIFSIGNALED(status));
	open_journal(JOURNAL_READ);
	assert_ok(run_get(journal, 0, &run, &failure));
	assert_int_equal(run.counts.records, 3);
}

/* A reader that stays on a row would keep the WAL from ever being emptied. */
static void no_call_leaves_a_transaction_open(void **unused)
{
	int64_t run = add_run(3);
	struct outcome_row row;
	struct run page[2];
	struct chunk chunk;
	struct buf b;
	bool found;

	(void)unused;
	add_chunk(run, 1, 3);
	add_run(3);
	buf_init(&b, 1000);
	assert_int_equal(run_page(journal, 0, page, 1, &failure), 1);
	assert_int_equal(chunk_page(journal, run, 0, false, &chunk, 1, &failure), 1);
	assert_ok(run_plan(journal, run, &b, NULL, &failure));
	assert_ok(outcome_get(journal, run, 1, &row, &found, &failure));
	assert_ok(journal_check(journal, &failure));
	/* busy (first column) is 1 if anybody reads or writes */
	assert_int_equal(ask_number("PRAGMA wal_checkpoint(TRUNCATE)"), 0);
	buf_release(&b);
}

static void many_who_make_the_same_journal_at_once_all_get_it(void **unused)
{
	enum { CHILDREN = 6 };
	int go[2], status, good = 0;
	char byte;

	(void)unused;
	assert_int_equal(pipe(go), 0);
	for (int i = 0; i < CHILDREN; i++)
		if (fork() == 0) {
			close(go[1]);
			(void)!read(go[0], &byte, 1); /* all begin when the parent closes its end */
			err_init(&failure);
			_exit(journal_open(&journal, state, NULL, JOURNAL_WRITE, &test_clock, &failure) !=
			      ERR_OK);
		}
	close(go[0]);
	close(go[1]);
	for (int i = 0; i < CHILDREN; i++) {
		wait(&status);
		good += WIFEXITED(status) && WEXITSTATUS(status) == 0;
	}
	assert_int_equal(good, CHILDREN);
	open_journal(JOURNAL_WRITE);
}

static void a_journal_is_not_made_anew_while_an_engine_works(void **unused)
{
	struct run_lock *lock;

	(void)unused;
	assert_ok(run_hold(journal, add_run(1), &lock, &failure));
	assert_int_equal(unlink(in_state("journal.sqlite")), 0);
	unlink(in_state("journal.sqlite-wal"));
	unlink(in_state("journal.sqlite-shm"));
	refused(JOURNAL_WRITE, "while an engine works on run 1");
	run_unlock(lock);
	close_it();
	open_journal(JOURNAL_WRITE);
}

/* Settles chunks of a run until it cannot any more; tells each with a byte. Never returns. */
static void settle_for_ever(int told, int64_t run, int64_t records, int chunk_records)
{
	struct outcome *outcomes = calloc((size_t)chunk_records, sizeof *outcomes);
	struct chunk_item again = { 0, 0 };
	struct chunk_end end = { .state = "settled",
		                 .outcomes = outcomes,
		                 .again = { { .items = &again, .why = "locked" } } };
	char source[64];

	memset(source, 's', sizeof source);
	for (int64_t first = 1; first + chunk_records <= records; first += chunk_records) {
		struct chunk chunk = { .first = first,
			               .last = first + chunk_records - 1,
			               .records = chunk_records };
		struct chunk_cut cut = { .chunk = &chunk, .cut_record = chunk.last };
		int no;

		err_init(&failure);
		if (chunk_add(journal, run, &cut, &no, &failure) != ERR_OK)
			give_up(told);
		for (int i = 0; i < chunk_records; i++) {
			outcomes[i] = created(first + i);
			if (i % 7 == 3) {
				outcomes[i] = not_written(first + i, OUTCOME_FAILED, &missing);
				outcomes[i].source = (struct slice){ source, sizeof source };
			}
		}
		end.count = (size_t)chunk_records - 1;
		again = (struct chunk_item){ first + chunk_records - 1, 0 };
		end.again[0].count = 1;
		if (chunk_settle(journal, run, no, &end, &failure) != ERR_OK)
			give_up(told);
		(void)!write(told, ".", 1);
	}
	_exit(0);
}

static void a_full_disk_is_said_and_changes_nothing(void **unused)
{
	struct rlimit room = { 600000, 600000 };
	char said[4096] = "";
	int64_t run = add_run(1000000);
	int told[2], status;
	size_t len = 0;
	ssize_t got;
	pid_t child;

	(void)unused;
	close_it();
	assert_int_equal(pipe(told), 0);
	child = fork();
	if (child == 0) {
		close(told[0]);
		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &room);
		open_or_give_up(told[1]);
		settle_for_ever(told[1], run, 1000000, 1000);
	}
	close(told[1]);
	while ((got = read(told[0], said + len, sizeof said - 1 - len)) > 0)
		len += (size_t)got;
	close(told[0]);
	waitpid(child, &status, 0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), ERR_JOURNAL);
	assert_non_null(strstr(said, "the disk is full"));
	assert_non_null(strstr(said, "journal.sqlite could not be written"));
	open_journal(JOURNAL_WRITE);
	assert_ok(journal_check(journal, &failure));
	/* as many chunks as it said, each whole; the one that failed is planned as before */
	len = strspn(said, ".");
	assert_in_range(len, 1, 100);
	assert_int_equal(counts_of(run).written + counts_of(run).failed, (int64_t)len * 999);
	assert_int_equal(counts_of(run).to_try_again, (int64_t)len);
}

static void there_is_room_again(void **unused)
{
	struct rlimit before, none = { 0, RLIM_INFINITY };
	int64_t run = add_run(10);
	struct outcome o = created(1);
	struct chunk_end end = { .state = "settled", .outcomes = &o, .count = 1 };
	int no = add_chunk(run, 1, 1);

	(void)unused;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	none.rlim_max = before.rlim_max;
	setrlimit(RLIMIT_FSIZE, &none);
	err_init(&failure);
	assert_int_equal(chunk_settle(journal, run, no, &end, &failure), ERR_JOURNAL);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_int_equal(counts_of(run).written, 0);
	assert_string_equal(chunk_of(run, no).state, "planned");
	settle(run, no, &o, 1); /* the same handle goes on */
	assert_int_equal(counts_of(run).written, 1);
}

static void whenever_it_is_killed_it_is_sound_and_keeps_what_it_said(void **unused)
{
	enum { KILLS = 25, RECORDS = 100000000 };
	int64_t done = 0;
	unsigned seed = 20261124;

	(void)unused;
	for (int i = 0; i < KILLS; i++) {
		int64_t run = add_run(RECORDS);
		int told[2], status, want = 1 + rand_r(&seed) % 4;
		struct timespec later = { 0, rand_r(&seed) % 4000000 };
		int64_t said = 0;
		char bytes[64];
		ssize_t got;
		pid_t child;

		close_it();
		assert_int_equal(pipe(told), 0);
		child = fork();
		if (child == 0) {
			close(told[0]);
			open_or_give_up(told[1]);
			settle_for_ever(told[1], run, RECORDS, 500);
		}
		close(told[1]);
		while (said < want && (got = read(told[0], bytes, sizeof bytes)) > 0)
			said += got;
		/* somewhere within the next transaction, unless one more is said before */
		ppoll(&(struct pollfd){ told[0], POLLIN, 0 }, 1, &later, NULL);
		kill(child, SIGKILL);
		while ((got = read(told[0], bytes, sizeof bytes)) > 0)
			said += got;
		close(told[0]);
		waitpid(child, &status, 0);
		assert_true(WIFSIGNALED(status));
		open_journal(JOURNAL_WRITE);
		assert_ok(journal_check(journal, &failure));
		done = the_run(0)->counts.written + the_run(0)->counts.failed;
		/* what was said is there; of what was not, a whole chunk or nothing */
		assert_true(done == said * 499 || done == (said + 1) * 499);
		assert_true(done >= want * 499);
	}
}

static void copy_file(const char *from, const char *to)
{
	static char bytes[1 << 20];
	int in = open(in_state(from), O_RDONLY), out = open(in_state(to), O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ssize_t len = read(in, bytes, sizeof bytes);

	assert_in_range(len, 1, sizeof bytes - 1);
	assert_int_equal(write(out, bytes, (size_t)len), len);
	close(in);
	close(out);
}

static void damage_is_found(void **unused)
{
	static const char *const damages[][2] = {
		{ "UPDATE runs SET written = written - 1", "counters" },
		{ "DELETE FROM outcomes WHERE id & 1099511627775 = 1", "counters" },
		{ "DELETE FROM unwritten", "not written" },
		{ "UPDATE unwritten SET state = 4", "not written" },
		{ "UPDATE teams SET count = count + 1", "group" },
		{ "DELETE FROM teams", "group" },
		{ "DELETE FROM messages", "message" },
		{ "DELETE FROM sources", "source" },
		{ "UPDATE outcomes SET id = id + (5 << 40) WHERE id & 1099511627775 = 1",
		  "belongs to no record" },
		{ "INSERT INTO outcomes VALUES (77, 0, 1, NULL, NULL, 1, 1)", "belongs to no record" },
		{ "INSERT INTO outcomes SELECT (id << 40) + 500, 0, 1, NULL, NULL, 1, 1 FROM runs",
		  "belongs to no record" },
		{ "UPDATE chunks SET waiting = 0", "to try again" },
		{ "UPDATE chunks SET first = 1, last = 3, state = 'planned', listed = 0 WHERE no < 3",
		  "overlap" },
		{ "CREATE TEMP TABLE copy AS SELECT * FROM chunks WHERE listed; UPDATE copy SET no = 9, "
		  "waiting = 0;"
		  "INSERT INTO chunks SELECT * FROM copy;"
		  "INSERT INTO chunk_items SELECT run, 9, count, items FROM chunk_items",
		  "two unsettled chunks" },
		{ "UPDATE chunk_items SET items = x'ff'", "cannot be read" },
	};
	int64_t run = add_run(100);
	struct chunk_item again = { 3, 300 };
	struct outcome outcomes[] = { created(1), not_written(2, OUTCOME_FAILED, &missing) };
	struct chunk_end end = { .state = "settled",
		                 .outcomes = outcomes,
		                 .count = 2,
		                 .again = { { .items = &again, .count = 1, .why = "locked" } } };

	(void)unused;
	outcomes[1].source = slice_of("the record");
	assert_ok(chunk_settle(journal, run, add_chunk(run, 1, 3), &end, &failure));
	close_it();
	copy_file("journal.sqlite", "good");
	for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
		tamper(damages[i][0]);
		open_journal(JOURNAL_WRITE);
		err_init(&failure);
		if (journal_check(journal, &failure) == ERR_OK)
			fail_msg("not found: %s", damages[i][0]);
		assert_int_equal(failure.code, ERR_JOURNAL);
		if (!strstr(failure.text, damages[i][1]))
			fail_msg("%s: %s", damages[i][0], failure.text);
		close_it();
		copy_file("good", "journal.sqlite");
	}
	open_journal(JOURNAL_WRITE);
}

static void a_damaged_file_is_told_from_a_full_disk(void **unused)
{
	char zeros[3 * 4096] = "";
	FILE *f;

	(void)unused;
	for (int i = 0; i < 200; i++)
		add_run(1);
	close_it();
	f = fopen(in_state("journal.sqlite"), "r+"); /* its last pages: runs, not the tables' names */
	fseek(f, -(long)sizeof zeros, SEEK_END);
	fwrite(zeros, 1, sizeof zeros, f);
	fclose(f);
	open_journal(JOURNAL_WRITE);
	assert_fails(journal_check(journal, &failure), ERR_JOURNAL, "journal.sqlite is damaged");
	close_it();
}

#define IN_JOURNAL(test) cmocka_unit_test_setup_teardown(test, make_journal, remove_state)
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_state, remove_state)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_JOURNAL(a_new_journal_is_private_and_sound),
		IN_JOURNAL(it_is_found_again_as_it_was_left),
		IN_FOLDER(it_may_lie_elsewhere_than_the_state_folder),
		IN_JOURNAL(a_journal_of_a_newer_version_is_refused),
		IN_FOLDER(a_file_that_is_no_database_is_refused_and_kept),
		IN_FOLDER(the_database_of_another_program_is_refused_and_kept),
		IN_JOURNAL(a_journal_that_others_can_read_is_refused),
		IN_FOLDER(reading_makes_nothing),
		IN_FOLDER(a_journal_of_version_1_is_brought_up_to_date),
		IN_FOLDER(a_journal_of_version_2_is_brought_up_to_date),
		IN_FOLDER(a_journal_of_version_3_is_brought_up_to_date),
		IN_FOLDER(a_reader_brings_an_older_journal_up_to_date),
		IN_JOURNAL(a_reader_sees_what_a_writer_has_just_committed),
		IN_FOLDER(a_reader_alone_reads_what_a_dead_writer_left_in_its_wal),
		IN_JOURNAL(no_call_leaves_a_transaction_open),
		IN_FOLDER(many_who_make_the_same_journal_at_once_all_get_it),
		IN_JOURNAL(a_journal_is_not_made_anew_while_an_engine_works),
		IN_JOURNAL(a_full_disk_is_said_and_changes_nothing),
		IN_JOURNAL(there_is_room_again),
		IN_JOURNAL(whenever_it_is_killed_it_is_sound_and_keeps_what_it_said),
		IN_JOURNAL(damage_is_found),
		IN_JOURNAL(a_damaged_file_is_told_from_a_full_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
