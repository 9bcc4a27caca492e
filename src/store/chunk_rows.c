#include "store/chunk_rows.h"

#include <string.h>

#include "store/chunk_list.h"

bool chunk_state_settled(const char *state)
{
	return strcmp(state, "settled") == 0;
}

static enum err_code more_to_try(struct journal *j, int64_t run, int64_t more, struct err *e)
{
	if (more == 0)
		return ERR_OK;
	return db_do(j, "UPDATE runs SET to_try_again = to_try_again + ?2 WHERE id = ?1",
	             DB_WITH(DB_NUM(run), DB_NUM(more)), e);
}

enum err_code chunk_row_add(struct journal *j, const struct chunk *c, int64_t waiting, int *no, struct err *e)
{
	static const char insert[] =
		"INSERT INTO chunks (run, no, state, first, last, source_at, records, bytes, listed,"
		" tries, why, intent_ms, not_before_ms, created_ms, waiting, job, written, failed,"
		" in_doubt, closed_ms, settled_ms, job_processed, job_failed, job_state, repeats, retry) SELECT"
		" ?1, ?2, 'planned', ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, '', 0, 0, 0,"
		" 0, 0, 0, 0, '', 0, ?15 FROM runs WHERE id = ?1";
	int64_t next;
	enum err_code rc = db_number(j, "SELECT max(no) + 1 FROM chunks WHERE run = ?", DB_WITH(DB_NUM(c->run)),
	                             1, &next, e);

	if (rc != ERR_OK)
		return rc;
	*no = next ? (int)next : 1; /* max() of nothing is NULL */
	rc = db_do(j, insert,
	           DB_WITH(DB_NUM(c->run), DB_NUM(*no), DB_NUM(c->first), DB_NUM(c->last), DB_NUM(c->offset),
	                   DB_NUM(c->records), DB_NUM(c->bytes), DB_NUM(c->listed), DB_NUM(c->tries),
	                   DB_TXT(c->why), DB_NUM(c->intent_ms), DB_NUM(c->not_before_ms),
	                   DB_NUM(clock_utc(j->clock)), DB_NUM(waiting), DB_NUM(c->retry)),
	           e);
	if (rc == ERR_OK && sqlite3_changes(j->db) == 0)
		rc = err_set(e, ERR_USAGE, "there is no run %lld", (long long)c->run);
	return rc == ERR_OK ? more_to_try(j, c->run, waiting, e) : rc;
}

/* Only these are shown as "to try again"; look-alikes were never sent, halves are on their way. */
static bool waits_again(const char *why)
{
	return strcmp(why, LIST_LOCKED) == 0 || strcmp(why, LIST_PARENTS) == 0 ||
	       strcmp(why, LIST_LATER) == 0 || strcmp(why, LIST_UNPROCESSED) == 0 ||
	       strcmp(why, LIST_RETRIED) == 0;
}

enum err_code chunk_row_add_list(struct journal *j, const struct chunk *like, const struct chunk_item *items,
                                 size_t count, int *no, struct err *e)
{
	struct chunk c = *like;
	struct buf b;
	enum err_code rc;

	c.listed = true;
	c.first = c.last = items[0].record;
	for (size_t i = 1; i < count; i++) {
		c.first = items[i].record < c.first ? items[i].record : c.first;
		c.last = items[i].record > c.last ? items[i].record : c.last;
	}
	c.offset = items[0].offset;
	c.records = (int64_t)count;
	buf_init(&b, CHUNK_LIST_MOST);
	chunk_list_add_items(&b, items, count);
	if (b.short_of)
		rc = err_memory(e, "a list of records");
	else
		rc = chunk_row_add(j, &c, waits_again(c.why) ? c.records : 0, no, e);
	if (rc == ERR_OK)
		rc = db_do(j, "INSERT INTO chunk_items (run, no, count, items) VALUES (?, ?, ?, ?)",
		           DB_WITH(DB_NUM(c.run), DB_NUM(*no), DB_NUM(c.records), DB_BYTES(b.at, b.len)), e);
	buf_release(&b);
	return rc;
}

enum err_code chunk_row_now(struct journal *j, int64_t run, int no, struct chunk_now *now, struct err *e)
{
	sqlite3_stmt *stmt = db_query(
		j,
		"SELECT state = 'settled', listed, tries, waiting, retry FROM chunks WHERE run = ? AND no = ?",
		DB_WITH(DB_NUM(run), DB_NUM(no)), e);
	int got = stmt ? db_row(j, stmt, e) : -1;

	if (got < 0)
		return db_code(e);
	if (got == 0)
		return err_set(e, ERR_INTERNAL, "there is no chunk %d in run %lld", no, (long long)run);
	now->settled = sqlite3_column_int(stmt, 0) != 0;
	now->listed = sqlite3_column_int(stmt, 1) != 0;
	now->tries = sqlite3_column_int(stmt, 2);
	now->waiting = sqlite3_column_int64(stmt, 3);
	now->retry = sqlite3_column_int(stmt, 4);
	sqlite3_reset(stmt);
	return ERR_OK;
}

enum err_code chunk_row_wait_less(struct journal *j, int64_t run, int no, int64_t fewer, struct err *e)
{
	enum err_code rc;

	if (fewer == 0)
		return ERR_OK;
	rc = db_do(j, "UPDATE chunks SET waiting = waiting - ?3 WHERE run = ?1 AND no = ?2",
	           DB_WITH(DB_NUM(run), DB_NUM(no), DB_NUM(fewer)), e);
	return rc == ERR_OK ? more_to_try(j, run, -fewer, e) : rc;
}

enum err_code chunk_row_state(struct journal *j, int64_t run, int no, const struct chunk_now *now,
                              const char *state, struct err *e)
{
	static const char set[] =
		"UPDATE chunks SET state = ?3, closed_ms = CASE ?3 WHEN 'closing' THEN ?4 ELSE closed_ms"
		" END, settled_ms = CASE ?3 WHEN 'settled' THEN ?4 ELSE 0 END WHERE run = ?1 AND no = ?2";
	enum err_code rc = db_do(
		j, set, DB_WITH(DB_NUM(run), DB_NUM(no), DB_TXT(state), DB_NUM(clock_utc(j->clock))), e);

	if (rc != ERR_OK || !chunk_state_settled(state))
		return rc;
	rc = db_do(j, "DELETE FROM chunk_prints WHERE run = ? AND no = ?", DB_WITH(DB_NUM(run), DB_NUM(no)), e);
	return rc == ERR_OK ? chunk_row_wait_less(j, run, no, now->waiting, e) : rc;
}
