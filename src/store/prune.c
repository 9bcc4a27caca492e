#include "store/prune.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/paths.h"
#include "base/when.h"
#include "store/db.h"
#include "store/ordering.h"
#include "store/run_calls.h"

enum { SLICE = 50000 }; /* records a transaction: others may write in between */

static int64_t size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? (int64_t)st.st_size : 0;
}

static int64_t journal_size(const struct journal *j)
{
	char wal[PATH_ROOM + 8];

	snprintf(wal, sizeof wal, "%s-wal", j->file);
	return size_of(j->file) + size_of(wal);
}

static enum err_code is_whole(int64_t run, int64_t pruned_ms, struct err *e)
{
	char when[WHEN_TEXT];

	if (!pruned_ms)
		return ERR_OK;
	when_local_text(pruned_ms, when);
	return err_set(e, ERR_USAGE,
	               "run %lld was pruned on %s: its counters and its log are left, its records are not",
	               (long long)run, when);
}

enum err_code run_is_whole(const struct run *run, struct err *e)
{
	return is_whole(run->id, run->pruned_ms, e);
}

enum err_code prune_spared(struct journal *j, int64_t run, struct err *e)
{
	int64_t pruned_ms;
	enum err_code rc = db_number(j, "SELECT pruned_ms FROM runs WHERE id = ?", DB_WITH(DB_NUM(run)), 0,
	                             &pruned_ms, e);

	return rc == ERR_OK ? is_whole(run, pruned_ms, e) : rc;
}

/* The next run after this one that may be pruned; 0: there is none. */
static enum err_code next_run(struct journal *j, int64_t after, int64_t ended_before_ms, int64_t *run,
                              struct err *e)
{
	return db_number(j,
	                 "SELECT id FROM runs WHERE id > ? AND state = 'finished' AND in_doubt = 0 AND "
	                 "ended_ms < ? ORDER BY id LIMIT 1",
	                 DB_WITH(DB_NUM(after), DB_NUM(ended_before_ms)), 0, run, e);
}

/* Does this take anything from it that it has? */
static bool has_more(const struct run *run, bool values_only, int64_t kept_bytes)
{
	if (run->pruned_ms)
		return false;
	return !values_only || kept_bytes || run->kept || run->edits;
}

/* From then on nobody looks for what is taken away. */
static enum err_code mark(struct journal *j, int64_t run, bool values_only, struct err *e)
{
	static const char whole[] =
		"UPDATE runs SET pruned_ms = ?2, kept_bytes = 0, kept = 0, edits = 0 WHERE id = ?1";
	static const char values[] = "UPDATE runs SET kept_bytes = 0, kept = 0, edits = 0 WHERE id = ?1";
	enum err_code rc = db_begin(j, e);

	if (rc != ERR_OK)
		return rc;
	if (values_only)
		rc = db_do(j, values, DB_WITH(DB_NUM(run)), e);
	else
		rc = db_do(j, whole, DB_WITH(DB_NUM(run), DB_NUM(clock_utc(j->clock))), e);
	if (rc == ERR_OK && values_only)
		rc = db_do(j, "DELETE FROM sources WHERE id > ?1 << 40 AND id < (?1 + 1) << 40",
		           DB_WITH(DB_NUM(run)), e);
	if (rc == ERR_OK && values_only)
		rc = db_do(j, "DELETE FROM old_values WHERE id > ?1 << 40 AND id < (?1 + 1) << 40",
		           DB_WITH(DB_NUM(run)), e);
	if (rc == ERR_OK && values_only)
		rc = db_do(j, "DELETE FROM edits WHERE run = ?", DB_WITH(DB_NUM(run)), e);
	if (rc == ERR_OK)
		rc = db_log(j, run,
		            values_only ? "pruned: the text of its records is gone"
		                        : "pruned: only its summary is left",
		            e);
	return db_end(j, rc, e);
}

/* Each text in a transaction with the others; ?1 is the run, ?2 and ?3 the records from and up to. */
static enum err_code do_all(struct journal *j, const char *const *sql, size_t count, int64_t run, int64_t from,
                            int64_t upto, struct err *e)
{
	enum err_code rc = db_begin(j, e);

	if (rc != ERR_OK)
		return rc;
	for (size_t i = 0; rc == ERR_OK && i < count; i++)
		rc = db_do(j, sql[i], DB_WITH(DB_NUM(run), DB_NUM(from), DB_NUM(upto)), e);
	return db_end(j, rc, e);
}

static enum err_code remove_records(struct journal *j, const struct run *run, struct err *e)
{
	static const char *const of_records[] = {
		"DELETE FROM outcomes WHERE id > (?1 << 40) + ?2 AND id <= (?1 << 40) + ?3",
		"DELETE FROM attempts WHERE id > (?1 << 40) + ?2 AND id <= (?1 << 40) + ?3",
		"DELETE FROM sources WHERE id > (?1 << 40) + ?2 AND id <= (?1 << 40) + ?3",
		"DELETE FROM old_values WHERE id > (?1 << 40) + ?2 AND id <= (?1 << 40) + ?3",
		"DELETE FROM edits WHERE run = ?1 AND record > ?2 AND record <= ?3",
	};
	static const char *const of_run[] = {
		"DELETE FROM unwritten WHERE run = ?1",    "DELETE FROM teams WHERE run = ?1",
		"DELETE FROM chunks WHERE run = ?1",       "DELETE FROM chunk_items WHERE run = ?1",
		"DELETE FROM chunk_prints WHERE run = ?1", "DELETE FROM jobs WHERE run = ?1",
		"DELETE FROM left_out WHERE run = ?1",
	};
	enum err_code rc = ERR_OK;

	for (int64_t from = 0; rc == ERR_OK && from < run->counts.records; from += SLICE)
		rc = do_all(j, of_records, sizeof of_records / sizeof of_records[0], run->id, from,
		            from + SLICE, e);
	return rc == ERR_OK ? do_all(j, of_run, sizeof of_run / sizeof of_run[0], run->id, 0, 0, e) : rc;
}

/* Standard input was copied into the state folder; no other run may want the copy. */
static enum err_code remove_spooled(struct journal *j, const struct run *run, struct err *e)
{
	size_t len = strlen(j->state);
	int64_t others;
	enum err_code rc;

	if (strncmp(run->file, j->state, len) != 0 || run->file[len] != '/')
		return ERR_OK;
	rc = db_number(j, "SELECT count(*) FROM runs WHERE file = ? AND pruned_ms = 0",
	               DB_WITH(DB_TXT(run->file)), 0, &others, e);
	if (rc == ERR_OK && others == 0)
		unlink(run->file);
	return rc;
}

/* The same of the order of its records: runs of one content in one order share it. */
static enum err_code remove_order(struct journal *j, const struct run *run, struct err *e)
{
	int64_t others;
	enum err_code rc;

	if (!run->order_hash[0])
		return ERR_OK;
	rc = db_number(j, "SELECT count(*) FROM runs WHERE order_hash = ? AND pruned_ms = 0",
	               DB_WITH(DB_TXT(run->order_hash)), 0, &others, e);
	if (rc == ERR_OK && others == 0)
		ordering_remove(j->state, run->order_hash);
	return rc;
}

static enum err_code remove_files(struct journal *j, const struct run *run, struct err *e)
{
	enum err_code rc = remove_spooled(j, run, e);

	if (rc == ERR_OK)
		rc = remove_order(j, run, e);
	run_calls_forget(j, run->id);
	return rc;
}

static enum err_code prune_held(struct journal *j, int64_t id, int64_t ended_before_ms, bool values_only,
                                struct run *run, struct pruned *done, struct err *e)
{
	int64_t kept_bytes, same;
	enum err_code rc = next_run(j, id - 1, ended_before_ms, &same, e); /* a retry may have begun since */

	if (rc == ERR_OK)
		rc = run_get(j, id, run, e);
	if (rc == ERR_OK)
		rc = db_number(j, "SELECT kept_bytes FROM runs WHERE id = ?", DB_WITH(DB_NUM(id)), 0,
		               &kept_bytes, e);
	if (rc != ERR_OK || same != id)
		return rc;
	if (has_more(run, values_only, kept_bytes)) {
		done->runs++;
		rc = mark(j, id, values_only, e);
		run->pruned_ms = !values_only;
	}
	if (rc == ERR_OK && run->pruned_ms)
		rc = remove_records(j, run, e);
	return rc == ERR_OK && run->pruned_ms ? remove_files(j, run, e) : rc;
}

/* With its lock, so that no engine begins on it meanwhile. */
static enum err_code prune_run(struct journal *j, int64_t id, int64_t ended_before_ms, bool values_only,
                               struct pruned *done, struct err *e)
{
	struct run *run = malloc(sizeof *run);
	struct run_lock *lock;
	enum err_code rc;

	if (!run)
		return err_memory(e, "a run");
	rc = run_hold(j, id, &lock, e);
	if (rc == ERR_OK) {
		rc = prune_held(j, id, ended_before_ms, values_only, run, done, e);
		run_unlock(lock);
	}
	free(run);
	return rc;
}

/* Messages that no record has any more: they may quote what stood in one. */
static enum err_code remove_messages(struct journal *j, struct err *e)
{
	static const char *const unused[] = {
		"DELETE FROM messages WHERE id NOT IN (SELECT o.message FROM unwritten u JOIN outcomes o"
		" ON o.id = (u.run << 40) + u.record WHERE o.message IS NOT NULL"
		" UNION SELECT message FROM attempts WHERE message IS NOT NULL)",
		"DELETE FROM forms WHERE id NOT IN (SELECT form FROM messages UNION SELECT form FROM teams)",
	};

	return do_all(j, unused, sizeof unused / sizeof unused[0], 0, 0, 0, e);
}

/* What stays is moved through a file beside the journal, where only we can read it, not through memory. SQLite removes it. */
static enum err_code vacuum(struct journal *j, struct err *e)
{
	enum err_code rc;

	sqlite3_temp_directory = sqlite3_mprintf("%s", j->state);
	if (!sqlite3_temp_directory)
		return err_memory(e, "a journal");
	rc = db_do(j, "PRAGMA temp_store = FILE", NULL, e);
	if (rc == ERR_OK)
		rc = db_do(j, "VACUUM", NULL, e);
	sqlite3_exec(j->db, "PRAGMA temp_store = MEMORY", NULL, NULL, NULL);
	sqlite3_free(sqlite3_temp_directory);
	sqlite3_temp_directory = NULL;
	return rc;
}

/* Without the last step, the space is given back by whoever closes the journal last. */
static enum err_code give_back(struct journal *j, struct err *e)
{
	enum err_code rc = remove_messages(j, e);

	if (rc == ERR_OK)
		rc = vacuum(j, e);
	if (rc == ERR_OK)
		sqlite3_wal_checkpoint_v2(j->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	return rc;
}

enum err_code journal_prune(struct journal *j, int64_t ended_before_ms, bool values_only, struct pruned *done,
                            struct err *e)
{
	int64_t run = 0, held;
	enum err_code rc;

	*done = (struct pruned){ .before = journal_size(j) };
	if (run_any_held(j->state, &held))
		return err_set(e, ERR_HELD,
		               "an engine works on run %lld: prune when it has ended, or pause it first",
		               (long long)held);
	while ((rc = next_run(j, run, ended_before_ms, &run, e)) == ERR_OK && run)
		if ((rc = prune_run(j, run, ended_before_ms, values_only, done, e)) != ERR_OK)
			return rc;
	if (rc == ERR_OK && done->runs)
		rc = give_back(j, e);
	done->after = journal_size(j);
	return rc;
}
