#include "store/singer_runs.h"

#include <string.h>

#include "store/db.h"

enum err_code singer_run_add(struct journal *j, int64_t run, const char *settings, struct err *e)
{
	return db_do(j, "INSERT INTO singer_runs (run, settings, given) VALUES (?, ?, 0)",
	             DB_WITH(DB_NUM(run), DB_TXT(settings)), e);
}

enum err_code singer_run_grow(struct journal *j, int64_t run, int64_t records, int64_t size, const char *hash,
                              struct err *e)
{
	static const char grow[] =
		"UPDATE runs SET cut_offset = file_size, records = records + ?2, file_size = ?3, file_hash = "
		"?4,"
		" state = 'checked', why = '', ended_ms = 0"
		" WHERE id = ?1 AND records = written + failed + skipped + in_doubt AND cut_record = records";
	enum err_code rc = db_do(j, grow, DB_WITH(DB_NUM(run), DB_NUM(records), DB_NUM(size), DB_TXT(hash)), e);

	if (rc == ERR_OK && sqlite3_changes(j->db) == 0)
		return err_set(e, ERR_JOURNAL,
		               "run %lld has records left to send: longshore resume %lld goes on with it",
		               (long long)run, (long long)run);
	return rc;
}

enum err_code singer_given(struct journal *j, const char *settings, struct err *e)
{
	return db_do(
		j,
		"UPDATE singer_runs SET given = (SELECT records FROM runs WHERE id = run) WHERE settings = ?",
		DB_WITH(DB_TXT(settings)), e);
}

int singer_run_page(struct journal *j, const char *settings, int64_t after, struct singer_run *runs, int room,
                    struct err *e)
{
	static const char page[] =
		"SELECT s.run, s.given FROM singer_runs s JOIN runs r ON r.id = s.run"
		" WHERE s.settings = ? AND s.run > ? AND (s.given < r.records OR r.in_doubt > 0"
		" OR r.records > r.written + r.failed + r.skipped + r.in_doubt) ORDER BY s.run LIMIT ?";
	sqlite3_stmt *stmt = db_query(j, page, DB_WITH(DB_TXT(settings), DB_NUM(after), DB_NUM(room)), e);
	int got = -1, count = 0;

	while (stmt && (got = db_row(j, stmt, e)) > 0)
		runs[count++] = (struct singer_run){ sqlite3_column_int64(stmt, 0),
			                             sqlite3_column_int64(stmt, 1) };
	return got < 0 ? -1 : count;
}
