/*
 * db.h - SQLite under the journal: statements, transactions, values, migrations. Private to src/store.
 *
 * Statements are prepared once per handle, found again by the address of their text (a literal or a static array), and
 * given back reset: a statement that is left on a row holds a read transaction open. Every write stands between
 * db_begin() and db_end(). Errors of SQLite become one sentence here that names the journal's file.
 */
#ifndef LONGSHORE_STORE_DB_H
#define LONGSHORE_STORE_DB_H

#include <sqlite3.h>

#include "base/buf.h"
#include "store/journal.h"

enum {
	DB_STATEMENTS = 128,
	DB_APPLICATION = 0x4c534852, /* "LSHR": application_id of a journal */
	DB_RECORD_BITS = 40,         /* outcomes.id = run << 40 | record */
};
#define DB_RECORD_MOST ((INT64_C(1) << DB_RECORD_BITS) - 1)

struct db_statement {
	const char *sql;
	sqlite3_stmt *stmt;
};

struct journal {
	sqlite3 *db;
	const struct clock *clock;
	enum journal_mode mode;
	char *state;
	char *file;
	struct db_statement statements[DB_STATEMENTS];
	size_t statement_count;
	struct run_lock *locks; /* held through this handle */
};

/* A value to bind: number, text or bytes that outlive the statement's run, or nothing. */
struct db_value {
	enum { DB_VALUE_END, DB_VALUE_NUMBER, DB_VALUE_TEXT, DB_VALUE_BYTES, DB_VALUE_NULL } kind;
	int64_t number;
	const void *at;
	size_t len;
};

/* clang-format off */
#define DB_NUM(n) { DB_VALUE_NUMBER, (n), NULL, 0 }
#define DB_TXT(t) { DB_VALUE_TEXT, 0, (t), strlen(t) }
#define DB_SLICE(s) { DB_VALUE_TEXT, 0, (s).at ? (s).at : "", (s).len }
#define DB_BYTES(p, n) { DB_VALUE_BYTES, 0, (p), (n) }
#define DB_WITH(...) (const struct db_value[]) { __VA_ARGS__, { DB_VALUE_END, 0, NULL, 0 } }
/* clang-format on */

/* The statement of `sql`, bound and ready to step; NULL with e set. `values` may be NULL. */
sqlite3_stmt *db_query(struct journal *j, const char *sql, const struct db_value *values, struct err *e);

/* 1: a row is there. 0: there is none (any more), -1: failed; the statement is reset then. */
int db_row(struct journal *j, sqlite3_stmt *stmt, struct err *e);

/* Steps a statement that gives no rows, and resets it. */
enum err_code db_step(struct journal *j, sqlite3_stmt *stmt, struct err *e);
enum err_code db_do(struct journal *j, const char *sql, const struct db_value *values, struct err *e);

/* The one number a query gives; `none` if it gives no row. */
enum err_code db_number(struct journal *j, const char *sql, const struct db_value *values, int64_t none,
                        int64_t *number, struct err *e);

/* A write transaction. db_end() commits if rc is ERR_OK, else undoes everything; returns the code that stands. */
enum err_code db_begin(struct journal *j, struct err *e);
enum err_code db_end(struct journal *j, enum err_code rc, struct err *e);

/* The code that stands after a failure; `e` may be NULL, as everywhere. */
enum err_code db_code(const struct err *e);

enum err_code db_read_only(const struct journal *j, struct err *e); /* the sentence for that */

/* The sentence for what SQLite said last. */
enum err_code db_failed(struct journal *j, struct err *e);

/* Copies a text column, cut at a character's border if it is too long; NULL gives "". */
void db_text(sqlite3_stmt *stmt, int column, char *to, size_t size);

/* A struct's members that are columns: for binding and reading them in one go. */
enum db_kind { DB_TEXT, DB_NUMBER, DB_INT, DB_BOOL, DB_CHAR };
struct db_column {
	enum db_kind kind;
	size_t at, size; /* within the struct */
};
void db_bind_columns(sqlite3_stmt *stmt, int first, const struct db_column *columns, size_t count,
                     const void *from);
void db_read_columns(sqlite3_stmt *stmt, int first, const struct db_column *columns, size_t count, void *to);

/* Brings the file from version `from` to JOURNAL_VERSION, in one transaction (schema.c). */
enum err_code db_migrate(struct journal *j, int from, struct err *e);

void db_release(struct journal *j); /* statements and connection */

/* A line for the run's log, inside a transaction; NULL adds nothing. */
enum err_code db_log(struct journal *j, int64_t run, const char *text, struct err *e);

/* Is any run of this state folder held? Its number (run_lock.c). */
bool run_any_held(const char *state, int64_t *run);

#endif
