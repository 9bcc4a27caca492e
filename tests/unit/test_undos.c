/* Which run undoes which, what is left to undo, and when the same content may be loaded again. */
#include "store_fixture.h"

#include "store/old_values.h"
#include "store/undos.h"

static const struct outcome_message gone = { "gone", "is not in the org any more", "" };
static const struct outcome_message lost = { "IN_DOUBT", "sent, the answer was lost", "" };

static struct outcome how(int64_t record, enum outcome_how what)
{
	struct outcome o = created(record);

	o.how = (uint8_t)what;
	return o;
}

static int64_t add_like(int64_t records, int64_t undo_of, bool keep_old, const char *hash)
{
	static struct run run;

	memset(&run, 0, sizeof run);
	run.state = RUN_RUNNING;
	run.counts.records = records;
	run.undo_of = undo_of;
	run.keep_old = keep_old;
	snprintf(run.object, sizeof run.object, "Contact");
	snprintf(run.action, sizeof run.action, "insert");
	snprintf(run.org_id, sizeof run.org_id, "00D000000000001EAA");
	snprintf(run.file_hash, sizeof run.file_hash, "%s", hash);
	assert_ok(run_add(journal, &run,
	                  &(struct run_texts){ slice_of("{}"), slice_of("layout"), slice_of(""), slice_of("") },
	                  &failure));
	return run.id;
}

static void end(int64_t run, enum run_state how_it_ended)
{
	assert_ok(run_set_state(journal, run, how_it_ended, "", 0, NULL, &failure));
}

static int64_t left(int64_t run)
{
	int64_t n = -1;

	assert_ok(undo_left(journal, the_run(run), &n, &failure));
	return n;
}

/* The run that forbids to load the content of this one again; 0: none. */
static int64_t same(const char *hash)
{
	int64_t other = add_like(1, 0, false, hash), id = -1;
	struct run like = *the_run(other);

	end(other, RUN_CHECKED);
	assert_ok(run_same(journal, &like, &id, &failure));
	return id;
}

/* 1 and 2 created, 3 updated with its old value kept, 4 updated without. */
static int64_t add_mixed(void)
{
	struct old_cell cell = { 1, slice_of("old"), slice_of("new") };
	struct old_record kept = { 3, "0035g0000000003AAA", &cell, 1 };
	int64_t run = add_like(4, 0, true, "mixed");
	struct outcome outcomes[] = { how(1, OUTCOME_CREATED), how(2, OUTCOME_CREATED), how(3, OUTCOME_UPDATED),
		                      how(4, OUTCOME_UPDATED) };

	assert_ok(old_values_keep(journal, run, &kept, 1, &failure));
	settle(run, add_chunk(run, 1, 4), outcomes, 4);
	end(run, RUN_FINISHED);
	return run;
}

static void what_is_left_is_what_no_undo_has_taken_back(void **unused)
{
	struct old_cell cell = { 0, slice_of("new"), slice_of("old") };
	struct old_record kept = { 1, "0035g0000000003AAA", &cell, 1 };
	int64_t run = add_mixed(), undo, again;
	struct outcome back[] = { how(1, OUTCOME_UPDATED), how(2, OUTCOME_DELETED) };

	(void)unused;
	assert_int_equal(left(run), 3);
	undo = add_like(3, run, true, "undo");
	assert_ok(old_values_keep(journal, undo, &kept, 1, &failure));
	settle(undo, add_chunk(undo, 1, 2), back, 2);
	assert_int_equal(left(run), 1);
	assert_int_equal(left(undo), 1);
	again = add_like(1, undo, true, "again");
	settle(again, add_chunk(again, 1, 1), back, 1);
	assert_int_equal(left(undo), 0);
	assert_int_equal(left(run), 2);
}

static void an_undo_that_is_not_over_is_gone_on_with(void **unused)
{
	int64_t run = add_mixed(), undo, id;
	bool open;

	(void)unused;
	assert_ok(undo_newest(journal, run, &id, &open, &failure));
	assert_true(id == 0 && !open);
	undo = add_like(3, run, true, "undo");
	assert_ok(undo_newest(journal, run, &id, &open, &failure));
	assert_true(id == undo && open);
	end(undo, RUN_FINISHED);
	assert_ok(undo_newest(journal, run, &id, &open, &failure));
	assert_true(id == undo && !open);
}

static void results_in_the_org_come_first(void **unused)
{
	int64_t run = add_run(2);
	struct chunk_change building = { .state = "building" };
	bool must = true;

	(void)unused;
	add_chunk(run, 1, 1);
	add_chunk(run, 2, 2);
	assert_ok(undo_must_settle(journal, run, &must, &failure));
	assert_false(must);
	assert_ok(chunk_set(journal, run, 2, &building, &failure));
	assert_ok(undo_must_settle(journal, run, &must, &failure));
	assert_true(must);
}

static void an_insert_that_was_undone_may_be_loaded_again(void **unused)
{
	int64_t run = add_like(3, 0, false, "people"), undo;
	struct outcome in[] = { how(1, OUTCOME_CREATED), how(2, OUTCOME_CREATED), how(3, OUTCOME_CREATED) };
	struct outcome out[] = { how(1, OUTCOME_DELETED), not_written(2, OUTCOME_SKIPPED, &gone) };
	struct outcome rest = how(3, OUTCOME_DELETED);

	(void)unused;
	settle(run, add_chunk(run, 1, 3), in, 3);
	end(run, RUN_FINISHED);
	assert_int_equal(same("people"), run);
	undo = add_like(3, run, false, "undo");
	settle(undo, add_chunk(undo, 1, 2), out, 2);
	assert_int_equal(same("people"), run);
	settle(undo, add_chunk(undo, 3, 3), &rest, 1);
	end(undo, RUN_FINISHED);
	assert_int_equal(same("people"), 0);
}

static void not_while_some_of_it_is_in_doubt(void **unused)
{
	int64_t run = add_like(2, 0, false, "people"), undo;
	struct outcome in[] = { how(1, OUTCOME_CREATED), not_written(2, OUTCOME_IN_DOUBT, &lost) };
	struct outcome out = how(1, OUTCOME_DELETED);

	(void)unused;
	settle(run, add_chunk(run, 1, 2), in, 2);
	end(run, RUN_FINISHED);
	undo = add_like(1, run, false, "undo");
	settle(undo, add_chunk(undo, 1, 1), &out, 1);
	end(undo, RUN_FINISHED);
	assert_int_equal(same("people"), run);
}

#define IN_JOURNAL(test) cmocka_unit_test_setup_teardown(test, make_journal, remove_state)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_JOURNAL(what_is_left_is_what_no_undo_has_taken_back),
		IN_JOURNAL(an_undo_that_is_not_over_is_gone_on_with),
		IN_JOURNAL(results_in_the_org_come_first),
		IN_JOURNAL(an_insert_that_was_undone_may_be_loaded_again),
		IN_JOURNAL(not_while_some_of_it_is_in_doubt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
