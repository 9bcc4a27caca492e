#include "store/edits.h"

#include <string.h>

#include "store/db.h"
#include "store/orders.h"
#include "store/outcomes.h"

/* What a record is at this moment, for a person who wants to edit it. NULL: it can be. */
static const char *why_not(enum outcome_state state, bool unsettled)
{
	if (unsettled)
		return "on its way: wait for its result";
	if (state == OUTCOME_WRITTEN)
		return "written: change it in the org";
	if (state == OUTCOME_IN_DOUBT)
		return "in doubt: the org may have it as it was sent";
	return NULL;
}

static enum err_code check_record(struct journal *j, int64_t run, int64_t record, struct err *e)
{
	static const char now[] = "SELECT CASE WHEN o.result < 5 THEN 1 ELSE o.result - 3 END, "
				  "coalesce(c.state, 'settled') <> 'settled'"
				  " FROM outcomes o LEFT JOIN chunks c ON c.run = ?1 AND c.no = o.chunk WHERE "
				  "o.id = (?1 << 40) + ?2";
	sqlite3_stmt *stmt = db_query(j, now, DB_WITH(DB_NUM(run), DB_NUM(record)), e);
	int got = stmt ? db_row(j, stmt, e) : -1;
	enum outcome_state state;
	const char *why;

	if (got < 0)
		return db_code(e);
	if (got == 0)
		return err_set(
			e, ERR_USAGE,
			"record %lld of run %lld cannot be edited: it has not been sent yet, or is on its way",
			(long long)record, (long long)run);
	state = (enum outcome_state)sqlite3_column_int(stmt, 0);
	why = why_not(state, sqlite3_column_int(stmt, 1) != 0);
	sqlite3_reset(stmt);
	if (!why)
		return ERR_OK;
	return err_set(e, ERR_USAGE, "record %lld of run %lld cannot be edited: it is %s", (long long)record,
	               (long long)run, why);
}

/* As the file has it again: nothing is kept of it but what an attempt has sent. */
static enum err_code take_back(struct journal *j, int64_t run, const struct edit *edit, struct err *e)
{
	const struct db_value *what = DB_WITH(DB_NUM(run), DB_NUM(edit->record), DB_SLICE(edit->column));
	enum err_code rc = db_do(
		j, "DELETE FROM edits WHERE run = ? AND record = ? AND field = ? AND sent IS NULL", what, e);

	if (rc == ERR_OK && sqlite3_changes(j->db) == 0)
		rc = db_do(j,
		           "UPDATE edits SET value = NULL WHERE run = ? AND record = ? AND field = ? AND value "
		           "NOT NULL",
		           what, e);
	return rc;
}

static enum err_code put(struct journal *j, int64_t run, const struct edit *edit, const char *by, struct err *e)
{
	static const char add[] = "INSERT INTO edits (run, record, field, value, sent, by, utc_ms) VALUES (?1, "
				  "?2, ?3, ?4, NULL, ?5, ?6)"
				  " ON CONFLICT (run, record, field) DO UPDATE SET value = ?4, by = ?5, utc_ms "
				  "= ?6 WHERE value IS NOT ?4";

	if (!edit->value.at)
		return take_back(j, run, edit, e);
	return db_do(j, add,
	             DB_WITH(DB_NUM(run), DB_NUM(edit->record), DB_SLICE(edit->column), DB_SLICE(edit->value),
	                     DB_TXT(by), DB_NUM(clock_utc(j->clock))),
	             e);
}

static enum err_code check_draft(struct journal *j, int64_t run, struct err *e)
{
	static const char drafts[] = "SELECT count(*) FROM runs WHERE id = ? AND state = 'draft'";
	int64_t found = 0;

	if (db_number(j, drafts, DB_WITH(DB_NUM(run)), 0, &found, e) != ERR_OK || found)
		return e->code;
	return err_set(e, ERR_USAGE, "run %lld has begun: only records that have failed can be edited",
	               (long long)run);
}

/* `fresh`: none of its records has gone anywhere yet. */
static enum err_code put_all(struct journal *j, int64_t run, const struct edit *edits, size_t count, bool fresh,
                             int64_t *changed, struct err *e)
{
	char by[ORDER_BY];
	int64_t checked = 0;
	enum err_code rc = ERR_OK;

	order_who(by, sizeof by);
	for (size_t i = 0; i < count && rc == ERR_OK; i++) {
		if (!fresh && edits[i].record != checked)
			rc = check_record(j, run, edits[i].record, e);
		checked = edits[i].record;
		if (rc == ERR_OK)
			rc = put(j, run, &edits[i], by, e);
		*changed += rc == ERR_OK && sqlite3_changes(j->db) > 0;
	}
	if (rc == ERR_OK && *changed > 0)
		rc = db_do(j, "UPDATE runs SET edits = edits + 1 WHERE id = ?", DB_WITH(DB_NUM(run)), e);
	return rc;
}

enum err_code edit_put(struct journal *j, int64_t run, const struct edit *edits, size_t count, int64_t *changed,
                       struct err *e)
{
	enum err_code rc = db_begin(j, e);

	*changed = 0;
	if (rc != ERR_OK)
		return rc;
	rc = db_end(j, put_all(j, run, edits, count, false, changed, e), e);
	if (rc != ERR_OK)
		*changed = 0;
	return rc;
}

enum err_code edit_begin(struct journal *j, int64_t run, const struct edit *edits, size_t count, struct err *e)
{
	enum err_code rc = db_begin(j, e);
	int64_t changed = 0;

	if (rc != ERR_OK)
		return rc;
	rc = check_draft(j, run, e);
	if (rc == ERR_OK)
		rc = put_all(j, run, edits, count, true, &changed, e);
	return db_end(j, rc, e);
}

static struct slice column(sqlite3_stmt *stmt, int at)
{
	const char *text = sqlite3_column_blob(stmt, at);

	return (struct slice){ text ? text : "", (size_t)sqlite3_column_bytes(stmt, at) };
}

enum err_code edit_each(struct journal *j, int64_t run, int64_t record, edit_each_row *each, void *ctx,
                        struct err *e)
{
	sqlite3_stmt *stmt = db_query(
		j,
		"SELECT field, value, sent, by, utc_ms FROM edits WHERE run = ? AND record = ? ORDER BY field",
		DB_WITH(DB_NUM(run), DB_NUM(record)), e);
	int got = -1;

	while (stmt && (got = db_row(j, stmt, e)) > 0) {
		struct edit_row row = {
			.column = column(stmt, 0),
			.edited = sqlite3_column_type(stmt, 1) != SQLITE_NULL,
			.was_edited = sqlite3_column_type(stmt, 2) != SQLITE_NULL,
			.value = column(stmt, 1),
			.sent = column(stmt, 2),
			.by = column(stmt, 3),
			.utc_ms = sqlite3_column_int64(stmt, 4),
		};

		each(ctx, &row);
	}
	return got < 0 ? db_code(e) : ERR_OK;
}
