#include "store/retries.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ranges.h"
#include "store/chunk_rows.h"
#include "store/db.h"
#include "store/prune.h"
#include "store/orders.h"
#include "store/outcome_write.h"

static const char *or_nothing(const char *text)
{
	return text ? text : "";
}

enum err_code retry_order(struct journal *j, int64_t run, const struct retry_wish *wish, int64_t *id,
                          struct err *e)
{
	static const char set[] = "UPDATE orders SET wish_team = ?2, wish_code = ?3, wish_records = ?4, "
				  "wish_in_doubt = ?5 WHERE id = ?1";
	struct ranges ranges;
	enum err_code rc = ranges_read(&ranges, slice_of(or_nothing(wish->records)), e);

	*id = 0;
	ranges_release(&ranges);
	if (rc == ERR_OK)
		rc = db_begin(j, e);
	if (rc != ERR_OK)
		return rc;
	rc = prune_spared(j, run, e);
	if (rc == ERR_OK)
		rc = order_add(j, run, ORDER_RETRY, id, e);
	if (rc == ERR_OK)
		rc = db_do(j, set,
		           DB_WITH(DB_NUM(*id), DB_NUM(wish->group), DB_TXT(or_nothing(wish->code)),
		                   DB_TXT(or_nothing(wish->records)), DB_NUM(wish->in_doubt)),
		           e);
	return db_end(j, rc, e);
}

static char *text_of(sqlite3_stmt *stmt, int column, struct arena *texts)
{
	const char *at = sqlite3_column_blob(stmt, column);
	size_t len = (size_t)sqlite3_column_bytes(stmt, column);

	return arena_slice(texts, (struct slice){ at ? at : "", len });
}

enum err_code retry_wish_of(struct journal *j, int64_t order, struct retry_wish *wish, struct arena *texts,
                            struct err *e)
{
	sqlite3_stmt *stmt = db_query(
		j, "SELECT wish_team, wish_code, wish_records, wish_in_doubt FROM orders WHERE id = ?",
		DB_WITH(DB_NUM(order)), e);
	int got = stmt ? db_row(j, stmt, e) : -1;

	if (got <= 0)
		return got < 0 ? db_code(e) : err_set(e, ERR_USAGE, "there is no order %lld", (long long)order);
	*wish = (struct retry_wish){ .group = sqlite3_column_int64(stmt, 0),
		                     .code = text_of(stmt, 1, texts),
		                     .records = text_of(stmt, 2, texts),
		                     .in_doubt = sqlite3_column_int(stmt, 3) != 0 };
	sqlite3_reset(stmt);
	return wish->code && wish->records ? ERR_OK : err_memory(e, "an order");
}

/* Records picked so far. */
struct picked {
	struct chunk_item *items;
	size_t count, room;
};

static bool add_item(struct picked *p, int64_t record, int64_t offset)
{
	if (p->count == p->room) {
		size_t room = p->room ? p->room * 2 : 256;
		struct chunk_item *bigger = realloc(p->items, room * sizeof *bigger);

		if (!bigger)
			return false;
		p->items = bigger;
		p->room = room;
	}
	p->items[p->count++] = (struct chunk_item){ record, offset };
	return true;
}

static enum err_code pick_range(struct journal *j, int64_t run, enum outcome_state state,
                                const struct retry_wish *wish, struct range range, struct picked *p,
                                struct err *e)
{
	/* a blank record has nothing to send; what is in the org already must not go again */
	static const char those[] =
		"SELECT u.record, o.source_at FROM unwritten u JOIN outcomes o ON o.id = (u.run << 40) + "
		"u.record"
		" LEFT JOIN messages m ON m.id = o.message"
		" LEFT JOIN chunks c ON c.run = u.run AND c.no = o.chunk"
		" WHERE u.run = ?1 AND u.state = ?2 AND u.record BETWEEN ?3 AND ?4"
		" AND (?5 = '' OR m.code = ?5) AND (?6 = 0 OR u.team = ?6)"
		" AND coalesce(c.state, 'settled') = 'settled'"
		" AND (u.state <> 3 OR (m.code NOT IN ('blank', 'already_written')"
		"  AND (?5 <> '' OR m.code NOT IN ('operator', 'unchanged')))) ORDER BY u.record";
	sqlite3_stmt *stmt = db_query(j, those,
	                              DB_WITH(DB_NUM(run), DB_NUM(state), DB_NUM(range.first),
	                                      DB_NUM(range.last), DB_TXT(or_nothing(wish->code)),
	                                      DB_NUM(wish->group)),
	                              e);
	int got = -1;

	while (stmt && (got = db_row(j, stmt, e)) > 0) {
		if (!add_item(p, sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1))) {
			sqlite3_reset(stmt);
			return err_memory(e, "the records of a retry");
		}
	}
	return got < 0 ? db_code(e) : ERR_OK;
}

static int by_record(const void *a, const void *b)
{
	const struct chunk_item *x = a, *y = b;

	return (x->record > y->record) - (x->record < y->record);
}

enum err_code retry_pick(struct journal *j, int64_t run, const struct retry_wish *wish,
                         struct chunk_item **items, size_t *count, struct err *e)
{
	enum outcome_state first = wish->in_doubt ? OUTCOME_IN_DOUBT : OUTCOME_FAILED;
	enum outcome_state last = wish->in_doubt ? OUTCOME_IN_DOUBT : OUTCOME_SKIPPED;
	struct picked p = { 0 };
	struct ranges ranges;
	enum err_code rc = ranges_read(&ranges, slice_of(or_nothing(wish->records)), e);

	for (enum outcome_state state = first; state <= last; state++)
		for (size_t i = 0; i < ranges.count && rc == ERR_OK; i++)
			rc = pick_range(j, run, state, wish, ranges.list[i], &p, e);
	ranges_release(&ranges);
	if (rc != ERR_OK) {
		free(p.items);
		p = (struct picked){ 0 };
	}
	if (p.count)
		qsort(p.items, p.count, sizeof *p.items, by_record);
	*items = p.items;
	*count = p.count;
	return rc;
}

/* Its outcome becomes an attempt. */
static enum err_code withdraw(struct outcome_writer *w, int64_t run, int64_t record, bool in_doubt,
                              struct err *e)
{
	enum outcome_state was;

	if (outcome_withdraw(w, record, &was, e) != ERR_OK)
		return db_code(e);
	if (in_doubt ? was == OUTCOME_IN_DOUBT : was == OUTCOME_FAILED || was == OUTCOME_SKIPPED)
		return ERR_OK;
	return err_set(e, ERR_INTERNAL, "record %lld of run %lld is not %s and must not go again",
	               (long long)record, (long long)run, in_doubt ? "in doubt" : "failed or skipped");
}

/* Its edits are what goes now. */
static enum err_code send_edits(struct journal *j, int64_t run, int64_t record, struct err *e)
{
	return db_do(j, "UPDATE edits SET sent = value WHERE run = ? AND record = ?",
	             DB_WITH(DB_NUM(run), DB_NUM(record)), e);
}

static enum err_code withdraw_list(struct outcome_writer *w, struct journal *j, int64_t run,
                                   const struct retry_begin *begin, const struct retry_list *list,
                                   struct err *e)
{
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < list->count && rc == ERR_OK; i++) {
		rc = withdraw(w, run, list->items[i].record, begin->in_doubt, e);
		if (rc == ERR_OK && begin->edits > 0)
			rc = send_edits(j, run, list->items[i].record, e);
	}
	return rc;
}

static enum err_code withdraw_all(struct journal *j, int64_t run, const struct retry_begin *begin,
                                  struct err *e)
{
	struct outcome_writer *w = outcome_writer_new(j, run, 0, true, e);
	enum err_code rc = w ? ERR_OK : db_code(e);

	for (size_t l = 0; l < begin->count && rc == ERR_OK; l++)
		rc = withdraw_list(w, j, run, begin, &begin->lists[l], e);
	if (rc == ERR_OK)
		rc = outcome_writer_finish(w, e);
	outcome_writer_free(w);
	return rc;
}

/* Its number is the run's next attempt; a run that was not at work goes back to its state at the end. */
static enum err_code begin_attempt(struct journal *j, int64_t run, int64_t *attempt, struct err *e)
{
	static const char set[] =
		"UPDATE runs SET attempt = attempt + 1, back_to = CASE WHEN state IN ('running', 'waiting')"
		" OR back_to <> '' THEN back_to ELSE state END, state = CASE state WHEN 'waiting' THEN state "
		"ELSE 'running' END,"
		" why = CASE state WHEN 'waiting' THEN why ELSE '' END, ended_ms = 0"
		" WHERE id = ? AND state NOT IN ('draft', 'checked')";
	enum err_code rc = db_do(j, set, DB_WITH(DB_NUM(run)), e);

	if (rc == ERR_OK && sqlite3_changes(j->db) == 0)
		rc = err_set(e, ERR_INTERNAL, "run %lld has not begun: there is nothing to retry",
		             (long long)run);
	if (rc == ERR_OK)
		rc = db_number(j, "SELECT attempt FROM runs WHERE id = ?", DB_WITH(DB_NUM(run)), 0, attempt, e);
	return rc;
}

/* What was read is what goes. */
static enum err_code same_edits(struct journal *j, int64_t run, int64_t edits, struct err *e)
{
	int64_t now;
	enum err_code rc = db_number(j, "SELECT edits FROM runs WHERE id = ?", DB_WITH(DB_NUM(run)), 0, &now,
	                             e);

	if (rc == ERR_OK && now != edits)
		rc = err_set(e, ERR_USAGE, "its records were edited at this very moment: give the order again");
	return rc;
}

static enum err_code add_lists(struct journal *j, int64_t run, const struct retry_begin *begin, int64_t attempt,
                               int *no, struct err *e)
{
	struct chunk like = { .run = run, .retry = (int)attempt, .why = LIST_RETRIED };
	enum err_code rc = ERR_OK;

	for (size_t l = 0; l < begin->count && rc == ERR_OK; l++) {
		const struct retry_list *list = &begin->lists[l];
		int added;

		like.bytes = list->bytes;
		rc = chunk_row_add_list(j, &like, list->items, list->count, &added, e);
		*no = l ? *no : added;
	}
	return rc;
}

enum err_code retry_begin(struct journal *j, int64_t run, const struct retry_begin *begin, int *no,
                          struct err *e)
{
	int64_t attempt = 0;
	enum err_code rc = db_begin(j, e);

	*no = 0;
	if (rc != ERR_OK)
		return rc;
	rc = same_edits(j, run, begin->edits, e);
	if (rc == ERR_OK)
		rc = begin_attempt(j, run, &attempt, e);
	if (rc == ERR_OK) /* out of their counters first: they count as "to try again" next */
		rc = withdraw_all(j, run, begin, e);
	if (rc == ERR_OK)
		rc = add_lists(j, run, begin, attempt, no, e);
	if (rc == ERR_OK)
		rc = order_answer(j, begin->order, "done", e);
	if (rc == ERR_OK)
		rc = db_log(j, run, begin->log, e);
	rc = db_end(j, rc, e);
	*no = rc == ERR_OK ? *no : 0;
	return rc;
}

int retry_doubts(struct journal *j, int64_t run, int64_t after, struct doubt *doubts, int room, struct err *e)
{
	static const char page[] =
		"SELECT u.record, o.source_at, coalesce(c.intent_ms, 0) FROM unwritten u"
		" JOIN outcomes o ON o.id = (u.run << 40) + u.record"
		" LEFT JOIN chunks c ON c.run = u.run AND c.no = o.chunk"
		" WHERE u.run = ? AND u.state = 4 AND u.record > ? ORDER BY u.record LIMIT ?";
	sqlite3_stmt *stmt = db_query(j, page, DB_WITH(DB_NUM(run), DB_NUM(after), DB_NUM(room)), e);
	int got = -1, count = 0;

	while (stmt && (got = db_row(j, stmt, e)) > 0)
		doubts[count++] = (struct doubt){ sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1),
			                          sqlite3_column_int64(stmt, 2) };
	return got < 0 ? -1 : count;
}

/* Once a run was retried its failures are allowed: nobody knows any more which attempt these were of. */
static enum err_code go_on(struct journal *j, int64_t run, int64_t *attempt, struct err *e)
{
	enum err_code rc = db_do(j,
	                         "UPDATE runs SET state = 'running', why = '', ended_ms = 0"
	                         " WHERE id = ? AND state NOT IN ('running', 'waiting')",
	                         DB_WITH(DB_NUM(run)), e);

	if (rc == ERR_OK)
		rc = db_number(j, "SELECT attempt FROM runs WHERE id = ? AND attempt > 1", DB_WITH(DB_NUM(run)),
		               0, attempt, e);
	return rc;
}

enum err_code retry_unwritten(struct journal *j, int64_t run, const struct retry_list *lists, size_t count,
                              const char *log, int *no, struct err *e)
{
	struct retry_begin begin = { .in_doubt = true, .lists = lists, .count = count };
	int64_t attempt = 0;
	enum err_code rc = db_begin(j, e);

	*no = 0;
	if (rc != ERR_OK)
		return rc;
	rc = go_on(j, run, &attempt, e);
	if (rc == ERR_OK)
		rc = withdraw_all(j, run, &begin, e);
	if (rc == ERR_OK)
		rc = add_lists(j, run, &begin, attempt, no, e);
	if (rc == ERR_OK)
		rc = db_log(j, run, log, e);
	rc = db_end(j, rc, e);
	*no = rc == ERR_OK ? *no : 0;
	return rc;
}
