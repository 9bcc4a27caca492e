#include "store/outcomes.h"

#include <stdlib.h>
#include <string.h>

#include "store/db.h"
#include "store/outcome_write.h"
#include "store/record_id.h"

/* What read_row() takes, of outcomes o and messages m. */
#define ROW                                                                                                  \
	"SELECT o.id & 1099511627775, o.source_at, o.result, o.org_id, o.attempt, m.code, m.text, m.fields," \
	" (SELECT id_prefix FROM runs WHERE id = ?1) "
#define MESSAGE " LEFT JOIN messages m ON m.id = o.message "

const char *outcome_state_name(enum outcome_state state)
{
	static const char *const names[] = { "", "written", "failed", "skipped", "in_doubt" };

	return names[state];
}

static void read_row(sqlite3_stmt *stmt, struct outcome_row *row)
{
	char prefix[RECORD_ID_PREFIX + 1];
	int code = sqlite3_column_int(stmt, 2);

	db_text(stmt, 8, prefix, sizeof prefix);
	row->record = sqlite3_column_int64(stmt, 0);
	row->offset = sqlite3_column_int64(stmt, 1);
	row->state = outcome_code_state(code);
	row->how = outcome_code_how(code);
	record_id_read(stmt, 3, prefix, row->id);
	row->attempt = sqlite3_column_int(stmt, 4);
	db_text(stmt, 5, row->code, sizeof row->code);
	db_text(stmt, 6, row->text, sizeof row->text);
	db_text(stmt, 7, row->fields, sizeof row->fields);
}

static int read_rows(struct journal *j, sqlite3_stmt *stmt, struct outcome_row *rows, struct err *e)
{
	int got = -1, count = 0;

	while (stmt && (got = db_row(j, stmt, e)) > 0)
		read_row(stmt, &rows[count++]);
	return got < 0 ? -1 : count;
}

int outcome_page(struct journal *j, int64_t run, int64_t after, enum outcome_state state,
                 struct outcome_row *rows, int room, struct err *e)
{
	static const char all[] = ROW
		"FROM outcomes o" MESSAGE
		"WHERE o.id > (?1 << 40) + ?2 AND o.id < (?1 + 1) << 40 ORDER BY o.id LIMIT ?3";
	static const char written[] = ROW
		"FROM outcomes o" MESSAGE
		"WHERE o.id > (?1 << 40) + ?2 AND o.id < (?1 + 1) << 40 AND o.result < 5"
		" ORDER BY o.id LIMIT ?3";
	static const char unwritten[] = ROW
		"FROM unwritten u JOIN outcomes o ON o.id = (u.run << 40) + u.record" MESSAGE
		"WHERE u.run = ?1 AND u.state = ?4 AND u.record > ?2 ORDER BY u.record LIMIT ?3";
	const char *sql = state == 0 ? all : state == OUTCOME_WRITTEN ? written : unwritten;

	return read_rows(j,
	                 db_query(j, sql, DB_WITH(DB_NUM(run), DB_NUM(after), DB_NUM(room), DB_NUM(state)), e),
	                 rows, e);
}

int outcome_group_page(struct journal *j, int64_t run, int64_t group, int64_t after, struct outcome_row *rows,
                       int room, struct err *e)
{
	static const char page[] = ROW
		"FROM unwritten u JOIN outcomes o ON o.id = (u.run << 40) + u.record" MESSAGE
		"WHERE u.team = ?4 AND u.record > ?2 AND u.state <> 3 AND u.run = ?1 ORDER BY u.record LIMIT "
		"?3";

	return read_rows(j,
	                 db_query(j, page, DB_WITH(DB_NUM(run), DB_NUM(after), DB_NUM(room), DB_NUM(group)), e),
	                 rows, e);
}

static bool add_number(int64_t **numbers, size_t *count, size_t *room, int64_t number)
{
	if (*count == *room) {
		size_t more = *room ? *room * 2 : 64;
		int64_t *bigger = realloc(*numbers, more * sizeof *bigger);

		if (!bigger)
			return false;
		*numbers = bigger;
		*room = more;
	}
	(*numbers)[(*count)++] = number;
	return true;
}

enum err_code outcome_done(struct journal *j, int64_t run, int64_t first, int64_t last, int64_t **records,
                           size_t *count, struct err *e)
{
	static const char those[] = "SELECT id & 1099511627775 AS record FROM outcomes WHERE id BETWEEN (?1 << "
				    "40) + ?2 AND (?1 << 40) + ?3"
				    " UNION SELECT id & 1099511627775 FROM attempts WHERE id BETWEEN (?1 << "
				    "40) + ?2 AND (?1 << 40) + ?3"
				    " ORDER BY record";
	sqlite3_stmt *stmt = db_query(j, those, DB_WITH(DB_NUM(run), DB_NUM(first), DB_NUM(last)), e);
	size_t room = 0;
	int got = -1;

	*records = NULL;
	*count = 0;
	while (stmt && (got = db_row(j, stmt, e)) > 0)
		if (!add_number(records, count, &room, sqlite3_column_int64(stmt, 0))) {
			sqlite3_reset(stmt);
			return err_memory(e, "records that have an outcome");
		}
	return got < 0 ? db_code(e) : ERR_OK;
}

enum err_code outcome_get(struct journal *j, int64_t run, int64_t record, struct outcome_row *row, bool *found,
                          struct err *e)
{
	static const char one[] = ROW "FROM outcomes o" MESSAGE "WHERE o.id = (?1 << 40) + ?2";
	int got = read_rows(j, db_query(j, one, DB_WITH(DB_NUM(run), DB_NUM(record)), e), row, e);

	*found = got > 0;
	return got < 0 ? db_code(e) : ERR_OK;
}

int outcome_attempts(struct journal *j, int64_t run, int64_t record, struct outcome_row *rows, int room,
                     struct err *e)
{
	static const char page[] = ROW "FROM attempts o" MESSAGE
				       "WHERE o.id = (?1 << 40) + ?2 ORDER BY o.n LIMIT ?3";

	return read_rows(j, db_query(j, page, DB_WITH(DB_NUM(run), DB_NUM(record), DB_NUM(room)), e), rows, e);
}

enum err_code outcome_source(struct journal *j, int64_t run, int64_t record, struct buf *b, struct err *e)
{
	sqlite3_stmt *stmt = db_query(j, "SELECT bytes FROM sources WHERE id = (?1 << 40) + ?2",
	                              DB_WITH(DB_NUM(run), DB_NUM(record)), e);
	int got = stmt ? db_row(j, stmt, e) : -1;
	const void *bytes;

	if (got <= 0)
		return got < 0 ? db_code(e) : ERR_OK;
	bytes = sqlite3_column_blob(stmt, 0);
	buf_add(b, bytes, (size_t)sqlite3_column_bytes(stmt, 0));
	sqlite3_reset(stmt);
	return b->short_of ? err_memory(e, "the source text of a record") : ERR_OK;
}

int outcome_groups(struct journal *j, int64_t run, struct outcome_group *groups, int room, struct err *e)
{
	/* the largest groups first, and only then the example of each: its first record, one step into the index */
	static const char page[] =
		"SELECT t.id, t.state, f.code, f.fields, t.count, o.id & 1099511627775, coalesce(m.text, '')"
		" FROM (SELECT id, state, form, count FROM teams WHERE run = ?1 AND state <> 3 AND count > 0"
		"  ORDER BY count DESC, id LIMIT ?2) t JOIN forms f ON f.id = t.form"
		" LEFT JOIN outcomes o ON o.id = (?1 << 40) + (SELECT u.record FROM unwritten u"
		"  WHERE u.team = t.id AND u.state <> 3 ORDER BY u.record LIMIT 1)"
		" LEFT JOIN messages m ON m.id = o.message ORDER BY t.count DESC, t.id";
	sqlite3_stmt *stmt = db_query(j, page, DB_WITH(DB_NUM(run), DB_NUM(room)), e);
	int got = -1, count = 0;

	while (stmt && (got = db_row(j, stmt, e)) > 0) {
		struct outcome_group *g = &groups[count++];

		g->id = sqlite3_column_int64(stmt, 0);
		g->state = (enum outcome_state)sqlite3_column_int(stmt, 1);
		db_text(stmt, 2, g->code, sizeof g->code);
		db_text(stmt, 3, g->fields, sizeof g->fields);
		g->count = sqlite3_column_int64(stmt, 4);
		g->example_record = sqlite3_column_int64(stmt, 5);
		db_text(stmt, 6, g->text, sizeof g->text);
	}
	return got < 0 ? -1 : count;
}

int outcome_skipped_by(struct journal *j, int64_t run, struct outcome_reason *reasons, int room, struct err *e)
{
	static const char page[] =
		"SELECT f.code, sum(t.count) AS n FROM teams t JOIN forms f ON f.id = t.form WHERE t.run"
		" = ? AND t.state = 3 AND t.count > 0 GROUP BY f.code ORDER BY n DESC, f.code LIMIT ?";
	sqlite3_stmt *stmt = db_query(j, page, DB_WITH(DB_NUM(run), DB_NUM(room)), e);
	int got = -1, count = 0;

	while (stmt && (got = db_row(j, stmt, e)) > 0) {
		struct outcome_reason *r = &reasons[count++];

		db_text(stmt, 0, r->code, sizeof r->code);
		r->count = sqlite3_column_int64(stmt, 1);
	}
	return got < 0 ? -1 : count;
}
