#include "store/runs.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "store/db.h"
#include "store/run_calls.h"

/* The members of struct run that are columns of the same name, but id and state. X(kind, column, member) */
/* clang-format off */
#define RUN_COLUMNS(X)                                                                                         \
	X(TEXT, why, why) X(NUMBER, next_try_ms, next_try_ms)                                                  \
	X(TEXT, file, file) X(TEXT, file_hash, file_hash) X(NUMBER, file_size, file_size)                      \
	X(CHAR, delimiter, delimiter) X(TEXT, reading, reading) X(TEXT, object, object) X(TEXT, action, action)                          \
	X(TEXT, external_id, external_id) X(BOOL, allow_failures, allow_failures)                              \
	X(BOOL, skip_invalid, skip_invalid) X(TEXT, same_key, same_key) X(NUMBER, chunk_records, chunk_records) X(INT, parallel, parallel) \
	X(TEXT, api, api) X(TEXT, assignment_rule, assignment_rule)                                            \
	X(BOOL, allow_duplicates, allow_duplicates) X(BOOL, all_or_none, all_or_none)                          \
	X(NUMBER, first_records, first_records) X(NUMBER, stop_at, stop_at) X(NUMBER, until_ms, until_ms) X(NUMBER, give_up_ms, give_up_ms)      \
	X(TEXT, org_name, org_name) X(TEXT, org_id, org_id) X(TEXT, user_id, user_id)                          \
	X(TEXT, username, username) X(TEXT, instance_url, instance_url) X(TEXT, api_version, api_version)      \
	X(BOOL, production, production) X(BOOL, practice, practice) X(TEXT, saved_org, saved_org) X(TEXT, config, config)                    \
	X(TEXT, describe_hash, describe_hash) X(TEXT, version, version) X(TEXT, started_by, started_by)        \
	X(NUMBER, created_ms, created_ms) X(NUMBER, started_ms, started_ms) X(NUMBER, ended_ms, ended_ms)      \
	X(NUMBER, records, counts.records) X(NUMBER, written, counts.written)                                  \
	X(NUMBER, created, counts.created) X(NUMBER, updated, counts.updated)                                  \
	X(NUMBER, deleted, counts.deleted) X(NUMBER, failed, counts.failed)                                    \
	X(NUMBER, skipped, counts.skipped) X(NUMBER, in_doubt, counts.in_doubt)                                \
	X(NUMBER, to_try_again, counts.to_try_again) X(NUMBER, cut_record, cut_record)                         \
	X(NUMBER, cut_offset, cut_offset) X(NUMBER, api_calls, api_calls) X(INT, attempt, attempt)             \
	X(NUMBER, beat_ms, beat_ms) X(NUMBER, pid, pid) X(TEXT, back_to, back_to)                     \
	X(NUMBER, edits, edits) X(BOOL, keep_old, keep_old) X(BOOL, skip_unchanged, skip_unchanged) X(NUMBER, kept, kept) X(NUMBER, keep_calls, keep_calls) X(TEXT, order_by, order_by) X(TEXT, order_hash, order_hash) X(NUMBER, undo_of, undo_of) X(NUMBER, delete_from, delete_from) X(NUMBER, pruned_ms, pruned_ms)
/* clang-format on */

static const struct db_column columns[] = {
#define X(kind, column, member) { DB_##kind, offsetof(struct run, member), sizeof(((struct run *)0)->member) },
	RUN_COLUMNS(X)
#undef X
};
enum { COLUMN_COUNT = sizeof columns / sizeof columns[0] };

#define NAME(kind, column, member) ", " #column
#define MARK(kind, column, member) ", ?"
#define SELECT_RUN "SELECT id, state" RUN_COLUMNS(NAME) " FROM runs "
static const char insert_run[] = "INSERT INTO runs (state" RUN_COLUMNS(NAME) ") VALUES (?" RUN_COLUMNS(
	MARK) ")";

static const char *const state_names[] = {
#define X(name, text) [RUN_##name] = text,
	RUN_STATES(X)
#undef X
};

const char *run_state_name(enum run_state state)
{
	return state_names[state];
}

bool run_state_ended(enum run_state state)
{
	return state == RUN_HALTED || state == RUN_CANCELLED || state == RUN_FINISHED;
}

int64_t run_pending(const struct run_counts *counts)
{
	return counts->records - counts->written - counts->failed - counts->skipped - counts->in_doubt;
}

static enum err_code read_state(struct journal *j, sqlite3_stmt *stmt, enum run_state *state, struct err *e)
{
	char name[32];

	db_text(stmt, 1, name, sizeof name);
	for (size_t i = 0; i < sizeof state_names / sizeof state_names[0]; i++)
		if (strcmp(state_names[i], name) == 0) {
			*state = (enum run_state)i;
			return ERR_OK;
		}
	return err_set(e, ERR_JOURNAL, "the journal %s gives run %lld the state \"%s\", which is none", j->file,
	               (long long)sqlite3_column_int64(stmt, 0), name);
}

static enum err_code read_run(struct journal *j, sqlite3_stmt *stmt, struct run *run, struct err *e)
{
	memset(run, 0, sizeof *run);
	run->id = sqlite3_column_int64(stmt, 0);
	db_read_columns(stmt, 2, columns, COLUMN_COUNT, run);
	return read_state(j, stmt, &run->state, e);
}

static enum err_code no_run(int64_t id, struct err *e)
{
	return err_set(e, ERR_USAGE, "there is no run %lld", (long long)id);
}

/* After an UPDATE that names a run: it must have met one. */
static enum err_code must_exist(struct journal *j, enum err_code rc, int64_t id, struct err *e)
{
	return rc == ERR_OK && sqlite3_changes(j->db) == 0 ? no_run(id, e) : rc;
}

enum err_code run_add(struct journal *j, struct run *run, const struct run_texts *texts, struct err *e)
{
	enum err_code rc = db_begin(j, e);
	sqlite3_stmt *stmt;
	int64_t id = 0;

	if (rc != ERR_OK)
		return rc;
	if (run->created_ms == 0)
		run->created_ms = clock_utc(j->clock);
	if (run->attempt == 0)
		run->attempt = 1;
	stmt = db_query(j, insert_run, DB_WITH(DB_TXT(run_state_name(run->state))), e);
	rc = stmt ? ERR_OK : db_code(e);
	if (stmt) {
		db_bind_columns(stmt, 2, columns, COLUMN_COUNT, run);
		rc = db_step(j, stmt, e);
		id = sqlite3_last_insert_rowid(j->db);
	}
	if (rc == ERR_OK)
		rc = db_do(j, "INSERT INTO plans (run, plan, layout, header, cleared) VALUES (?, ?, ?, ?, ?)",
		           DB_WITH(DB_NUM(id), DB_SLICE(texts->plan), DB_SLICE(texts->layout),
		                   DB_SLICE(texts->header), DB_SLICE(texts->cleared)),
		           e);
	rc = db_end(j, rc, e);
	if (rc == ERR_OK)
		run->id = id;
	return rc;
}

enum err_code run_get(struct journal *j, int64_t id, struct run *run, struct err *e)
{
	static const char by_id[] = SELECT_RUN "WHERE id = ?";
	static const char newest[] = SELECT_RUN "WHERE ? = 0 ORDER BY id DESC LIMIT 1";
	sqlite3_stmt *stmt = db_query(j, id ? by_id : newest, DB_WITH(DB_NUM(id)), e);
	int got = stmt ? db_row(j, stmt, e) : -1;
	enum err_code rc;

	if (got < 0)
		return db_code(e);
	if (got == 0)
		return id ? no_run(id, e)
		          : err_set(e, ERR_USAGE,
		                    "there is no run yet; begin one with longshore load or in the console");
	rc = read_run(j, stmt, run, e);
	sqlite3_reset(stmt);
	if (rc == ERR_OK)
		run->api_calls = run_calls_now(j, run);
	return rc;
}

static void add_column(struct buf *b, sqlite3_stmt *stmt, int column)
{
	const void *text = sqlite3_column_blob(stmt, column);

	if (b)
		buf_add(b, text, (size_t)sqlite3_column_bytes(stmt, column));
}

enum err_code run_plan(struct journal *j, int64_t id, struct buf *plan, struct buf *layout, struct err *e)
{
	sqlite3_stmt *stmt = db_query(j, "SELECT plan, layout FROM plans WHERE run = ?", DB_WITH(DB_NUM(id)),
	                              e);
	int got = stmt ? db_row(j, stmt, e) : -1;

	if (got < 0)
		return db_code(e);
	if (got == 0)
		return no_run(id, e);
	add_column(plan, stmt, 0);
	add_column(layout, stmt, 1);
	sqlite3_reset(stmt);
	if ((plan && plan->short_of) || (layout && layout->short_of))
		return err_memory(e, "the mapping of a run");
	return ERR_OK;
}

static enum err_code read_text(struct journal *j, const char *sql, int64_t id, struct buf *b, struct err *e)
{
	sqlite3_stmt *stmt = db_query(j, sql, DB_WITH(DB_NUM(id)), e);
	int got = stmt ? db_row(j, stmt, e) : -1;

	if (got <= 0)
		return got < 0 ? db_code(e) : no_run(id, e);
	add_column(b, stmt, 0);
	sqlite3_reset(stmt);
	return b->short_of ? err_memory(e, "a text of a run") : ERR_OK;
}

enum err_code run_header(struct journal *j, int64_t id, struct buf *b, struct err *e)
{
	return read_text(j, "SELECT header FROM plans WHERE run = ?", id, b, e);
}

enum err_code run_cleared(struct journal *j, int64_t id, struct buf *b, struct err *e)
{
	return read_text(j, "SELECT cleared FROM plans WHERE run = ?", id, b, e);
}

int run_page(struct journal *j, int64_t before, struct run *runs, int room, struct err *e)
{
	static const char page[] = SELECT_RUN "WHERE id < ? ORDER BY id DESC LIMIT ?";
	sqlite3_stmt *stmt = db_query(j, page, DB_WITH(DB_NUM(before > 0 ? before : INT64_MAX), DB_NUM(room)),
	                              e);
	int got = -1, count = 0;

	while (stmt && (got = db_row(j, stmt, e)) > 0)
		if (read_run(j, stmt, &runs[count++], e) != ERR_OK) {
			sqlite3_reset(stmt);
			return -1;
		}
	return got < 0 ? -1 : count;
}

enum err_code run_like(struct journal *j, const struct run *run, struct run *like, struct err *e)
{
	static const char newest[] = SELECT_RUN "WHERE org_id = ? AND object = ? COLLATE NOCASE AND action = ?"
						" AND external_id = ? AND state = 'finished' AND undo_of = 0"
						" ORDER BY id DESC LIMIT 1";
	sqlite3_stmt *stmt = db_query(j, newest,
	                              DB_WITH(DB_TXT(run->org_id), DB_TXT(run->object), DB_TXT(run->action),
	                                      DB_TXT(run->external_id)),
	                              e);
	int got = stmt ? db_row(j, stmt, e) : -1;
	enum err_code rc;

	like->id = 0;
	if (got <= 0)
		return got < 0 ? db_code(e) : ERR_OK;
	rc = read_run(j, stmt, like, e);
	sqlite3_reset(stmt);
	return rc;
}

/* What a run has written and its undos have taken back, or found gone already. */
#define TAKEN_BACK                                                                                            \
	"(SELECT coalesce(sum(u.written + (SELECT coalesce(sum(t.count), 0) FROM teams t JOIN forms f ON "    \
	"f.id ="                                                                                              \
	" t.form WHERE t.run = u.id AND t.state = 3 AND f.code = 'gone')), 0) FROM runs u WHERE u.undo_of = " \
	"runs.id)"

/* Never started runs do not count, nor those that ended without a record that is or may be in the org. */
enum err_code run_same(struct journal *j, const struct run *run, int64_t *id, struct err *e)
{
	static const char same[] =
		"SELECT id FROM runs WHERE file_hash = ?1 AND org_id = ?2 AND object = ?3 COLLATE NOCASE"
		" AND action = ?4 AND id <> ?5 AND (in_doubt > 0"
		" OR state IN ('running', 'waiting', 'paused')"
		" OR (state = 'finished' AND action = 'insert' AND (written = 0 OR written > " TAKEN_BACK "))"
		" OR (state IN ('halted', 'cancelled') AND (written > " TAKEN_BACK " OR EXISTS"
		"  (SELECT 1 FROM chunks c WHERE c.run = runs.id AND c.state NOT IN ('planned', 'settled')))))"
		" ORDER BY id DESC LIMIT 1";

	return db_number(j, same,
	                 DB_WITH(DB_TXT(run->file_hash), DB_TXT(run->org_id), DB_TXT(run->object),
	                         DB_TXT(run->action), DB_NUM(run->id)),
	                 0, id, e);
}

enum err_code run_set_state(struct journal *j, int64_t id, enum run_state state, const char *why,
                            int64_t next_try_ms, const char *log, struct err *e)
{
	static const char set[] =
		"UPDATE runs SET state = ?2, why = ?3, next_try_ms = ?4, started_ms = CASE WHEN"
		" started_ms = 0 AND ?2 = 'running' THEN ?5 ELSE started_ms END, ended_ms = CASE WHEN NOT"
		" ?6 THEN 0 WHEN state = ?2 THEN ended_ms ELSE ?5 END, back_to = CASE WHEN ?2 IN"
		" ('running', 'waiting') OR (?2 = 'paused' AND back_to <> 'paused') THEN back_to ELSE '' END "
		"WHERE id = ?1";
	enum err_code rc;

	if (state == RUN_INTERRUPTED)
		return err_set(e, ERR_INTERNAL, "run %lld: interrupted is not a state to store", (long long)id);
	rc = db_begin(j, e);
	if (rc != ERR_OK)
		return rc;
	rc = db_do(j, set,
	           DB_WITH(DB_NUM(id), DB_TXT(run_state_name(state)), DB_TXT(why ? why : ""),
	                   DB_NUM(next_try_ms), DB_NUM(clock_utc(j->clock)), DB_NUM(run_state_ended(state))),
	           e);
	rc = must_exist(j, rc, id, e);
	if (rc == ERR_OK)
		rc = db_log(j, id, log, e);
	return db_end(j, rc, e);
}

enum err_code run_set_file(struct journal *j, int64_t id, const char *file, struct err *e)
{
	return must_exist(
		j, db_do(j, "UPDATE runs SET file = ?2 WHERE id = ?1", DB_WITH(DB_NUM(id), DB_TXT(file)), e),
		id, e);
}

enum err_code run_set_stops(struct journal *j, int64_t id, int64_t first_records, int64_t until_ms,
                            struct err *e)
{
	return must_exist(j,
	                  db_do(j, "UPDATE runs SET first_records = ?2, until_ms = ?3 WHERE id = ?1",
	                        DB_WITH(DB_NUM(id), DB_NUM(first_records), DB_NUM(until_ms)), e),
	                  id, e);
}

enum err_code run_beat(struct journal *j, int64_t id, int64_t api_calls, int64_t pid, struct err *e)
{
	return must_exist(
		j,
		db_do(j, "UPDATE runs SET beat_ms = ?2, api_calls = ?3, pid = ?4 WHERE id = ?1",
	              DB_WITH(DB_NUM(id), DB_NUM(clock_utc(j->clock)), DB_NUM(api_calls), DB_NUM(pid)), e),
		id, e);
}

enum err_code run_log(struct journal *j, int64_t id, struct err *e, const char *format, ...)
{
	char text[sizeof((struct run_event *)0)->text];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return db_log(j, id, text, e);
}

int run_log_page(struct journal *j, int64_t id, int64_t after, struct run_event *events, int room,
                 struct err *e)
{
	sqlite3_stmt *stmt = db_query(
		j, "SELECT id, utc_ms, text FROM events WHERE run = ? AND id > ? ORDER BY id LIMIT ?",
		DB_WITH(DB_NUM(id), DB_NUM(after), DB_NUM(room)), e);
	int got = -1, count = 0;

	while (stmt && (got = db_row(j, stmt, e)) > 0) {
		struct run_event *event = &events[count++];

		event->id = sqlite3_column_int64(stmt, 0);
		event->utc_ms = sqlite3_column_int64(stmt, 1);
		db_text(stmt, 2, event->text, sizeof event->text);
	}
	return got < 0 ? -1 : count;
}
