#include "store/db.h"

#include <errno.h>
#include <string.h>

static bool is_full(int error)
{
	return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

/* The error number behind an I/O error. A failed COMMIT leaves it with the files alone: database and WAL. */
static int disk_error(struct journal *j)
{
	static const int which[] = { SQLITE_FCNTL_FILE_POINTER, SQLITE_FCNTL_JOURNAL_POINTER };
	int error = sqlite3_system_errno(j->db), of_file = 0;

	for (int i = 0; i < 2 && !is_full(error); i++) {
		sqlite3_file *file = NULL;

		if (sqlite3_file_control(j->db, "main", which[i], &file) == SQLITE_OK && file &&
		    file->pMethods &&
		    file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &of_file) == SQLITE_OK &&
		    of_file)
			error = of_file;
	}
	return error;
}

enum err_code db_read_only(const struct journal *j, struct err *e)
{
	return err_set(e, ERR_JOURNAL, "the journal %s is read-only here; make its file and folder writable",
	               j->file);
}

enum err_code db_failed(struct journal *j, struct err *e)
{
	int code = sqlite3_extended_errcode(j->db);
	const char *said = sqlite3_errmsg(j->db);
	int error = (code & 0xff) == SQLITE_IOERR ? disk_error(j) : sqlite3_system_errno(j->db);

	switch (code & 0xff) {
	case SQLITE_NOMEM:
		return err_memory(e, "the journal");
	case SQLITE_FULL:
	case SQLITE_IOERR:
		if ((code & 0xff) == SQLITE_FULL || is_full(error)) /* SQLite knows ENOSPC alone as full */
			return err_set(e, ERR_JOURNAL,
			               "the disk is full: the journal %s could not be written and is as it was "
			               "before; make room and go on",
			               j->file);
		return err_set(
			e, ERR_JOURNAL,
			"the disk under the journal %s gives errors (%s, %s); look at the disk, then run "
			"longshore journal check",
			j->file, said, strerror(error));
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return db_read_only(j, e);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(e, ERR_JOURNAL,
		               "the journal %s has been locked by another program for %d seconds; close what "
		               "has it open and try again",
		               j->file, JOURNAL_WAIT_MS / 1000);
	case SQLITE_NOTADB:
		return err_set(
			e, ERR_JOURNAL,
			"%s is not a journal (no SQLite file); move it away or name another with --journal",
			j->file);
	case SQLITE_CORRUPT:
		return err_set(
			e, ERR_JOURNAL,
			"the journal %s is damaged (%s); keep a copy of it and go on with the last good backup",
			j->file, said);
	case SQLITE_CANTOPEN:
		return err_set(e, ERR_JOURNAL, "the journal %s cannot be opened (%s); look at its permissions",
		               j->file, strerror(error));
	default:
		return err_set(e, ERR_INTERNAL, "the journal %s: %s", j->file, said);
	}
}

enum err_code db_code(const struct err *e)
{
	return e && e->code != ERR_OK ? e->code : ERR_JOURNAL;
}

static sqlite3_stmt *prepared(struct journal *j, const char *sql, struct err *e)
{
	struct db_statement *s = j->statements;

	for (size_t i = 0; i < j->statement_count; i++)
		if (s[i].sql == sql)
			return s[i].stmt;
	if (j->statement_count == DB_STATEMENTS) {
		err_set(e, ERR_INTERNAL, "the journal has more statements than it has room for");
		return NULL;
	}
	s += j->statement_count;
	if (sqlite3_prepare_v3(j->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s->stmt, NULL) != SQLITE_OK) {
		db_failed(j, e);
		return NULL;
	}
	s->sql = sql;
	j->statement_count++;
	return s->stmt;
}

static void bind(sqlite3_stmt *stmt, int at, const struct db_value *v)
{
	switch (v->kind) {
	case DB_VALUE_NUMBER:
		sqlite3_bind_int64(stmt, at, v->number);
		break;
	case DB_VALUE_TEXT:
		sqlite3_bind_text64(stmt, at, v->at, v->len, SQLITE_STATIC, SQLITE_UTF8);
		break;
	case DB_VALUE_BYTES:
		sqlite3_bind_blob64(stmt, at, v->len ? v->at : "", v->len, SQLITE_STATIC);
		break;
	case DB_VALUE_NULL:
	case DB_VALUE_END:
		sqlite3_bind_null(stmt, at);
		break;
	}
}

sqlite3_stmt *db_query(struct journal *j, const char *sql, const struct db_value *values, struct err *e)
{
	sqlite3_stmt *stmt = prepared(j, sql, e);

	if (!stmt)
		return NULL;
	sqlite3_reset(stmt);
	for (int i = 0; values && values[i].kind != DB_VALUE_END; i++)
		bind(stmt, i + 1, &values[i]);
	return stmt;
}

int db_row(struct journal *j, sqlite3_stmt *stmt, struct err *e)
{
	int got = sqlite3_step(stmt);

	if (got == SQLITE_ROW)
		return 1;
	if (got != SQLITE_DONE)
		db_failed(j, e);
	sqlite3_reset(stmt);
	return got == SQLITE_DONE ? 0 : -1;
}

enum err_code db_step(struct journal *j, sqlite3_stmt *stmt, struct err *e)
{
	int got = sqlite3_step(stmt);
	enum err_code rc = got == SQLITE_DONE || got == SQLITE_ROW ? ERR_OK : db_failed(j, e);

	sqlite3_reset(stmt);
	return rc;
}

enum err_code db_do(struct journal *j, const char *sql, const struct db_value *values, struct err *e)
{
	sqlite3_stmt *stmt = db_query(j, sql, values, e);

	return stmt ? db_step(j, stmt, e) : db_code(e);
}

enum err_code db_number(struct journal *j, const char *sql, const struct db_value *values, int64_t none,
                        int64_t *number, struct err *e)
{
	sqlite3_stmt *stmt = db_query(j, sql, values, e);
	int got = stmt ? db_row(j, stmt, e) : -1;

	*number = none;
	if (got > 0) {
		*number = sqlite3_column_int64(stmt, 0);
		sqlite3_reset(stmt);
	}
	return got < 0 ? db_code(e) : ERR_OK;
}

enum err_code db_begin(struct journal *j, struct err *e)
{
	return db_do(j, "BEGIN IMMEDIATE", NULL, e);
}

enum err_code db_end(struct journal *j, enum err_code rc, struct err *e)
{
	struct err ignored;

	if (rc == ERR_OK)
		rc = db_do(j, "COMMIT", NULL, e);
	if (rc != ERR_OK && !sqlite3_get_autocommit(j->db)) {
		err_init(&ignored);
		db_do(j, "ROLLBACK", NULL, &ignored);
	}
	return rc;
}

void db_text(sqlite3_stmt *stmt, int column, char *to, size_t size)
{
	const unsigned char *text = sqlite3_column_text(stmt, column);
	size_t len = text ? (size_t)sqlite3_column_bytes(stmt, column) : 0;

	if (text && len >= size) {
		len = size - 1;
		while (len > 0 && (text[len] & 0xc0) == 0x80)
			len--;
	}
	if (len)
		memcpy(to, text, len);
	to[len] = '\0';
}

void db_bind_columns(sqlite3_stmt *stmt, int first, const struct db_column *columns, size_t count,
                     const void *from)
{
	for (size_t i = 0; i < count; i++) {
		const char *member = (const char *)from + columns[i].at;
		int at = first + (int)i;

		switch (columns[i].kind) {
		case DB_TEXT:
			sqlite3_bind_text(stmt, at, member, -1, SQLITE_STATIC);
			break;
		case DB_NUMBER:
			sqlite3_bind_int64(stmt, at, *(const int64_t *)(const void *)member);
			break;
		case DB_INT:
			sqlite3_bind_int(stmt, at, *(const int *)(const void *)member);
			break;
		case DB_BOOL:
			sqlite3_bind_int(stmt, at, *(const bool *)member);
			break;
		case DB_CHAR:
			sqlite3_bind_text(stmt, at, member, *member ? 1 : 0, SQLITE_STATIC);
			break;
		}
	}
}

void db_read_columns(sqlite3_stmt *stmt, int first, const struct db_column *columns, size_t count, void *to)
{
	for (size_t i = 0; i < count; i++) {
		char *member = (char *)to + columns[i].at;
		int at = first + (int)i;
		const unsigned char *text;

		switch (columns[i].kind) {
		case DB_TEXT:
			db_text(stmt, at, member, columns[i].size);
			break;
		case DB_NUMBER:
			*(int64_t *)(void *)member = sqlite3_column_int64(stmt, at);
			break;
		case DB_INT:
			*(int *)(void *)member = sqlite3_column_int(stmt, at);
			break;
		case DB_BOOL:
			*(bool *)member = sqlite3_column_int(stmt, at) != 0;
			break;
		case DB_CHAR:
			text = sqlite3_column_text(stmt, at);
			*member = text ? (char)text[0] : '\0';
			break;
		}
	}
}

enum err_code db_log(struct journal *j, int64_t run, const char *text, struct err *e)
{
	if (!text)
		return ERR_OK;
	return db_do(j, "INSERT INTO events (run, utc_ms, text) VALUES (?, ?, ?)",
	             DB_WITH(DB_NUM(run), DB_NUM(clock_utc(j->clock)), DB_TXT(text)), e);
}

void db_release(struct journal *j)
{
	for (size_t i = 0; i < j->statement_count; i++)
		sqlite3_finalize(j->statements[i].stmt);
	j->statement_count = 0;
	sqlite3_close(j->db);
	j->db = NULL;
}
