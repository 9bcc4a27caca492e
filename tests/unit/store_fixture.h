/* A journal in a folder of its own under /tmp, with a clock that a test moves, for the tests of src/store. */
#ifndef LONGSHORE_TESTS_STORE_FIXTURE_H
#define LONGSHORE_TESTS_STORE_FIXTURE_H

#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include <sqlite3.h>

#include "store/chunks.h"
#include "store/journal.h"
#include "store/runs.h"

static char state[64];
static struct journal *journal;
static struct err failure;
static int64_t time_ms;

static int64_t the_time(void *ctx)
{
	(void)ctx;
	return time_ms;
}

static const struct clock test_clock = { the_time, the_time, NULL };

#define assert_ok(call)                                          \
	do {                                                     \
		err_init(&failure);                              \
		if ((call) != ERR_OK)                            \
			fail_msg("%s: %s", #call, failure.text); \
	} while (0)

/* The call fails with this code, and its sentence holds the words. */
#define assert_fails(call, expected, words)                                          \
	do {                                                                         \
		err_init(&failure);                                                  \
		assert_int_equal(call, expected);                                    \
		assert_int_equal(failure.code, expected);                            \
		if (!strstr(failure.text, words))                                    \
			fail_msg("\"%s\" does not say \"%s\"", failure.text, words); \
	} while (0)

static inline void open_journal(enum journal_mode mode)
{
	assert_ok(journal_open(&journal, state, NULL, mode, &test_clock, &failure));
}

static inline int make_state(void **unused)
{
	(void)unused;
	time_ms = 1000000;
	snprintf(state, sizeof state, "/tmp/longshore-store-XXXXXX");
	return mkdtemp(state) ? 0 : -1;
}

static inline int make_journal(void **unused)
{
	if (make_state(unused) != 0)
		return -1;
	open_journal(JOURNAL_WRITE);
	return 0;
}

static inline int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st, (void)kind, (void)where;
	return remove(path);
}

/* Every test ends with a sound journal, unless it closed it. */
static inline int remove_state(void **unused)
{
	int bad = 0;

	(void)unused;
	if (journal) {
		err_init(&failure);
		bad = journal_check(journal, &failure) != ERR_OK;
		if (bad)
			print_error("%s\n", failure.text);
		journal_close(journal);
	}
	journal = NULL;
	if (nftw(state, remove_one, 8, FTW_DEPTH | FTW_PHYS) != 0 && errno != ENOENT)
		return -1;
	return bad;
}

static inline const char *in_state(const char *name)
{
	static char path[128];

	snprintf(path, sizeof path, "%s/%s", state, name);
	return path;
}

/* Runs SQL on the journal's file behind its back. */
static inline void tamper(const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(in_state("journal.sqlite"), &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

static inline int64_t ask_number(const char *sql)
{
	sqlite3_stmt *stmt;
	sqlite3 *db;
	int64_t n;

	assert_int_equal(sqlite3_open(in_state("journal.sqlite"), &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return n;
}

/* A run of so many records that has been started. */
static inline int64_t add_run(int64_t records)
{
	static struct run run;

	memset(&run, 0, sizeof run);
	run.state = RUN_RUNNING;
	run.counts.records = records;
	snprintf(run.object, sizeof run.object, "Contact");
	snprintf(run.action, sizeof run.action, "insert");
	snprintf(run.file_hash, sizeof run.file_hash, "00112233445566778899aabbccddeeff");
	snprintf(run.org_id, sizeof run.org_id, "00D000000000001EAA");
	assert_ok(run_add(journal, &run,
	                  &(struct run_texts){ slice_of("{}"), slice_of("layout"), slice_of(""), slice_of("") },
	                  &failure));
	return run.id;
}

static inline const struct run *the_run(int64_t id)
{
	static struct run run;

	assert_ok(run_get(journal, id, &run, &failure));
	return &run;
}

static inline struct run_counts counts_of(int64_t id)
{
	return the_run(id)->counts;
}

/* A planned chunk of the records first..last; its number. */
static inline int add_chunk(int64_t run, int64_t first, int64_t last)
{
	struct chunk chunk = { .first = first,
		               .last = last,
		               .offset = first * 100,
		               .records = last - first + 1,
		               .bytes = 64 + (last - first) * 100 };
	struct chunk_cut cut = { .chunk = &chunk, .cut_record = last, .cut_offset = (last + 1) * 100 };
	int no;

	assert_ok(chunk_add(journal, run, &cut, &no, &failure));
	return no;
}

static inline struct chunk chunk_of(int64_t run, int no)
{
	struct chunk chunk;

	err_init(&failure);
	assert_int_equal(chunk_page(journal, run, no - 1, false, &chunk, 1, &failure), 1);
	assert_int_equal(chunk.no, no);
	return chunk;
}

static inline struct outcome created(int64_t record)
{
	struct outcome o = {
		.record = record, .state = OUTCOME_WRITTEN, .how = OUTCOME_CREATED, .offset = record * 100
	};

	snprintf(o.id, sizeof o.id, "0035g%010u", (unsigned)record);
	return o;
}

static inline struct outcome not_written(int64_t record, enum outcome_state how,
                                         const struct outcome_message *message)
{
	return (struct outcome){
		.record = record, .state = (uint8_t)how, .offset = record * 100, .message = message
	};
}

static inline void settle(int64_t run, int no, const struct outcome *outcomes, size_t count)
{
	struct chunk_end end = { .state = "settled", .outcomes = outcomes, .count = count };

	assert_ok(chunk_settle(journal, run, no, &end, &failure));
}

#endif
