/* The journal's tables, as migrations: a list of texts a version, never changed once released. */
#include "store/db.h"

#include <string.h>

/* clang-format off */
static const char *const version_1[] = {
	/* Counters stand in the run's row; CHECK keeps records = written + failed + skipped + in_doubt + pending true. */
	"CREATE TABLE runs ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT," /* never given twice: locks and logs go by it */
	" state TEXT NOT NULL, why TEXT NOT NULL, next_try_ms INTEGER NOT NULL,"
	" file TEXT NOT NULL, file_hash TEXT NOT NULL, file_size INTEGER NOT NULL, delimiter TEXT NOT NULL,"
	" object TEXT NOT NULL, action TEXT NOT NULL, external_id TEXT NOT NULL,"
	" allow_failures INTEGER NOT NULL, skip_invalid INTEGER NOT NULL,"
	" chunk_records INTEGER NOT NULL, parallel INTEGER NOT NULL, api TEXT NOT NULL,"
	" assignment_rule TEXT NOT NULL, allow_duplicates INTEGER NOT NULL, all_or_none INTEGER NOT NULL,"
	" org_name TEXT NOT NULL, org_id TEXT NOT NULL, user_id TEXT NOT NULL, username TEXT NOT NULL,"
	" instance_url TEXT NOT NULL, api_version TEXT NOT NULL, production INTEGER NOT NULL,"
	" practice INTEGER NOT NULL, config TEXT NOT NULL, describe_hash TEXT NOT NULL, version TEXT NOT NULL,"
	" started_by TEXT NOT NULL,"
	" created_ms INTEGER NOT NULL, started_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL,"
	" records INTEGER NOT NULL, written INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,"
	" deleted INTEGER NOT NULL, failed INTEGER NOT NULL, skipped INTEGER NOT NULL, in_doubt INTEGER NOT NULL,"
	" to_try_again INTEGER NOT NULL, cut_record INTEGER NOT NULL, cut_offset INTEGER NOT NULL,"
	" api_calls INTEGER NOT NULL, attempt INTEGER NOT NULL, beat_ms INTEGER NOT NULL, pid INTEGER NOT NULL,"
	" id_prefix TEXT NOT NULL DEFAULT ''," /* of the org's ids in this run: outcomes.org_id is kept without it */
	" kept_bytes INTEGER NOT NULL DEFAULT 0," /* in sources */
	" CHECK (written + failed + skipped + in_doubt + to_try_again <= records),"
	" CHECK (min(written, created, updated, deleted, failed, skipped, in_doubt, to_try_again, kept_bytes) >= 0)"
	");",
	"CREATE INDEX runs_content ON runs (file_hash);"
	"CREATE TABLE plans (run INTEGER PRIMARY KEY, plan TEXT NOT NULL, layout TEXT NOT NULL);"
	"CREATE TABLE events (id INTEGER PRIMARY KEY, run INTEGER NOT NULL, utc_ms INTEGER NOT NULL, text TEXT NOT NULL);"
	"CREATE INDEX events_run ON events (run);",

	"CREATE TABLE chunks ("
	" run INTEGER NOT NULL, no INTEGER NOT NULL, state TEXT NOT NULL,"
	" first INTEGER NOT NULL, last INTEGER NOT NULL, source_at INTEGER NOT NULL,"
	" records INTEGER NOT NULL, bytes INTEGER NOT NULL, listed INTEGER NOT NULL, tries INTEGER NOT NULL,"
	" why TEXT NOT NULL, job TEXT NOT NULL, intent_ms INTEGER NOT NULL, not_before_ms INTEGER NOT NULL,"
	" repeats INTEGER NOT NULL," /* of a request whose answer was lost */
	" written INTEGER NOT NULL, failed INTEGER NOT NULL, in_doubt INTEGER NOT NULL,"
	" created_ms INTEGER NOT NULL, closed_ms INTEGER NOT NULL, settled_ms INTEGER NOT NULL,"
	" job_processed INTEGER NOT NULL, job_failed INTEGER NOT NULL, job_state TEXT NOT NULL,"
	" waiting INTEGER NOT NULL," /* its records that runs.to_try_again counts */
	" CHECK (min(written, failed, in_doubt, waiting) >= 0),"
	" PRIMARY KEY (run, no)) WITHOUT ROWID;"
	"CREATE INDEX chunks_unsettled ON chunks (run, no) WHERE state <> 'settled';"
	/* as delta varints (chunk_list.c) */
	"CREATE TABLE chunk_items (run INTEGER NOT NULL, no INTEGER NOT NULL, count INTEGER NOT NULL,"
	" items BLOB NOT NULL, PRIMARY KEY (run, no)) WITHOUT ROWID;"
	"CREATE TABLE chunk_prints (id INTEGER PRIMARY KEY, run INTEGER NOT NULL, no INTEGER NOT NULL,"
	" count INTEGER NOT NULL, hashes BLOB NOT NULL, places BLOB NOT NULL, UNIQUE (run, no));"
	"CREATE TABLE jobs (run INTEGER NOT NULL, no INTEGER NOT NULL, chunk INTEGER NOT NULL, job TEXT NOT NULL,"
	" state TEXT NOT NULL, PRIMARY KEY (run, no)) WITHOUT ROWID;"
	"CREATE INDEX jobs_chunk ON jobs (run, chunk);",

	/* id = run << 40 | record. result: 1 created, 2 updated, 3 deleted, 4 written (how is unknown), 5 failed,
	 * 6 skipped, 7 in doubt. org_id: a text of 12 is without runs.id_prefix, of 15 whole; bytes: as it was given. */
	"CREATE TABLE outcomes (id INTEGER PRIMARY KEY, source_at INTEGER NOT NULL, result INTEGER NOT NULL, org_id,"
	" message INTEGER, attempt INTEGER NOT NULL, chunk INTEGER NOT NULL);"
	"CREATE TABLE attempts (id INTEGER NOT NULL, n INTEGER NOT NULL, source_at INTEGER NOT NULL,"
	" result INTEGER NOT NULL, org_id, message INTEGER, attempt INTEGER NOT NULL, chunk INTEGER NOT NULL,"
	" replaced_ms INTEGER NOT NULL, PRIMARY KEY (id, n)) WITHOUT ROWID;"
	/* every outcome that is not written; state as in enum outcome_state: 2 failed, 3 skipped, 4 in doubt */
	"CREATE TABLE unwritten (run INTEGER NOT NULL, state INTEGER NOT NULL, record INTEGER NOT NULL,"
	" team INTEGER NOT NULL, PRIMARY KEY (run, state, record)) WITHOUT ROWID;"
	"CREATE INDEX unwritten_team ON unwritten (team, record) WHERE state <> 3;"
	/* a team: the records of a run with one state and one form of message */
	"CREATE TABLE teams (id INTEGER PRIMARY KEY, run INTEGER NOT NULL, state INTEGER NOT NULL,"
	" form INTEGER NOT NULL, count INTEGER NOT NULL, UNIQUE (run, state, form), CHECK (count >= 0));"
	"CREATE TABLE messages (id INTEGER PRIMARY KEY, hash INTEGER NOT NULL, form INTEGER NOT NULL,"
	" code TEXT NOT NULL, fields TEXT NOT NULL, text TEXT NOT NULL);"
	"CREATE INDEX messages_hash ON messages (hash);"
	"CREATE TABLE forms (id INTEGER PRIMARY KEY, hash INTEGER NOT NULL,"
	" code TEXT NOT NULL, fields TEXT NOT NULL, text TEXT NOT NULL);"
	"CREATE INDEX forms_hash ON forms (hash);"
	"CREATE TABLE sources (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);",

	"CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL, kind TEXT NOT NULL,"
	" by TEXT NOT NULL, created_ms INTEGER NOT NULL, answer TEXT NOT NULL);"
	"CREATE INDEX orders_open ON orders (run, id) WHERE answer = '';",

	/* for people with the sqlite3 shell */
	"CREATE VIEW records AS SELECT o.id >> 40 AS run, o.id & 1099511627775 AS record,"
	" CASE WHEN o.result < 5 THEN 'written' ELSE"
	"  CASE o.result WHEN 5 THEN 'failed' WHEN 6 THEN 'skipped' ELSE 'in_doubt' END END AS state,"
	" CASE o.result WHEN 1 THEN 'created' WHEN 2 THEN 'updated' WHEN 3 THEN 'deleted' END AS how,"
	" CASE WHEN typeof(o.org_id) = 'text' AND length(o.org_id) = 12 THEN r.id_prefix ELSE '' END || o.org_id AS id,"
	" o.source_at, o.attempt, o.chunk, m.code, m.fields, m.text"
	" FROM outcomes o JOIN runs r ON r.id = o.id >> 40 LEFT JOIN messages m ON m.id = o.message;",
	NULL,
};

static const char *const version_2[] = {
	/* of the source, as a line of its own dialect: with it the kept text of a record can be read when the file is gone */
	"ALTER TABLE plans ADD COLUMN header TEXT NOT NULL DEFAULT '';",
	/* a retry: what its order takes, which of the run's attempts a chunk is of, and the state the run goes back to */
	"ALTER TABLE orders ADD COLUMN wish_team INTEGER NOT NULL DEFAULT 0;",
	"ALTER TABLE orders ADD COLUMN wish_code TEXT NOT NULL DEFAULT '';",
	"ALTER TABLE orders ADD COLUMN wish_records TEXT NOT NULL DEFAULT '';",
	"ALTER TABLE orders ADD COLUMN wish_in_doubt INTEGER NOT NULL DEFAULT 0;",
	"ALTER TABLE chunks ADD COLUMN retry INTEGER NOT NULL DEFAULT 0;",
	"ALTER TABLE runs ADD COLUMN back_to TEXT NOT NULL DEFAULT '';",
	/* value: to be sent, NULL as the file has it; sent: by the last attempt, NULL as the file has it, or never */
	"CREATE TABLE edits (run INTEGER NOT NULL, record INTEGER NOT NULL, field TEXT NOT NULL, value TEXT, sent TEXT, by TEXT NOT NULL, utc_ms INTEGER NOT NULL, PRIMARY KEY (run, record, field)) WITHOUT ROWID;",
	"ALTER TABLE runs ADD COLUMN edits INTEGER NOT NULL DEFAULT 0;", /* how often its records were edited */
	/* where a run stops by itself before its end (runs.h) */
	"ALTER TABLE runs ADD COLUMN first_records INTEGER NOT NULL DEFAULT 0;",
	"ALTER TABLE runs ADD COLUMN stop_at INTEGER NOT NULL DEFAULT 0;",
	"ALTER TABLE runs ADD COLUMN until_ms INTEGER NOT NULL DEFAULT 0;",
	/* how the source is read besides its delimiter, in the words of core/source; '' is CSV in UTF-8 */
	"ALTER TABLE runs ADD COLUMN reading TEXT NOT NULL DEFAULT '';",
	"ALTER TABLE runs ADD COLUMN give_up_ms INTEGER NOT NULL DEFAULT 0;",
	/* with which saved org of the operator it was signed in; "" for none */
	"ALTER TABLE runs ADD COLUMN saved_org TEXT NOT NULL DEFAULT '';",
	NULL,
};

static const char *const version_3[] = {
	/* what the org held before a run wrote to it (old_values.h); kept: updated records of the run that have it */
	"CREATE TABLE old_values (id INTEGER PRIMARY KEY, org_id TEXT NOT NULL, cells BLOB NOT NULL);",
	"ALTER TABLE runs ADD COLUMN keep_old INTEGER NOT NULL DEFAULT 0;",
	"ALTER TABLE runs ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;",
	"ALTER TABLE runs ADD COLUMN pruned_ms INTEGER NOT NULL DEFAULT 0;",
	"ALTER TABLE runs ADD COLUMN keep_calls INTEGER NOT NULL DEFAULT 0;",
	/* in which order its records go, where it is not the source's (ordering.h): by what, and the hash of the file */
	"ALTER TABLE runs ADD COLUMN order_by TEXT NOT NULL DEFAULT '';",
	"ALTER TABLE runs ADD COLUMN order_hash TEXT NOT NULL DEFAULT '';",
	/* an undo: of which run, and from which of its records on it deletes */
	"ALTER TABLE runs ADD COLUMN undo_of INTEGER NOT NULL DEFAULT 0;",
	"ALTER TABLE runs ADD COLUMN delete_from INTEGER NOT NULL DEFAULT 0;",
	"CREATE INDEX runs_undo ON runs (undo_of) WHERE undo_of <> 0;",
	/* records left out since another has their key, in pages: numbers, the others, hashes of keys (chunk_list.c) */
	"CREATE TABLE left_out (run INTEGER NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL, items BLOB NOT NULL, PRIMARY KEY (run, first)) WITHOUT ROWID;",
	"ALTER TABLE runs ADD COLUMN same_key TEXT NOT NULL DEFAULT '';", /* which one is sent: first, last, none */
	/* runs that came from Singer messages; given: records that stand before the last STATE that was given out */
	"CREATE TABLE singer_runs (run INTEGER PRIMARY KEY, settings TEXT NOT NULL, given INTEGER NOT NULL);",
	NULL,
};

static const char *const version_4[] = {
	"ALTER TABLE runs ADD COLUMN skip_unchanged INTEGER NOT NULL DEFAULT 0;",
	"ALTER TABLE plans ADD COLUMN cleared TEXT NOT NULL DEFAULT '';", /* fields and how many records clear them (runs.h) */
	"CREATE TABLE saved_mappings (name TEXT PRIMARY KEY, object TEXT NOT NULL, action TEXT NOT NULL,"
	" external_id TEXT NOT NULL, columns TEXT NOT NULL, saved_ms INTEGER NOT NULL, mapping TEXT NOT NULL) WITHOUT ROWID;",
	NULL,
};
/* clang-format on */

static const char *const *const migrations[JOURNAL_VERSION] = { version_1, version_2, version_3, version_4 };

static enum err_code execute(struct journal *j, const char *sql, struct err *e)
{
	return sqlite3_exec(j->db, sql, NULL, NULL, NULL) == SQLITE_OK ? ERR_OK : db_failed(j, e);
}

enum err_code db_migrate(struct journal *j, int from, struct err *e)
{
	enum err_code rc = ERR_OK;
	char mark[96];

	for (int version = from; version < JOURNAL_VERSION && rc == ERR_OK; version++)
		for (const char *const *sql = migrations[version]; *sql && rc == ERR_OK; sql++)
			rc = execute(j, *sql, e);
	sqlite3_snprintf(sizeof mark, mark, "PRAGMA application_id = %d; PRAGMA user_version = %d",
	                 DB_APPLICATION, JOURNAL_VERSION);
	return rc == ERR_OK ? execute(j, mark, e) : rc;
}
