/*
 * Is the journal sound? SQLite's own check, then the promises that no single row shows: counters equal rows, every outcome
 * belongs to a run, and no record is in two unsettled chunks.
 */
#include <stdlib.h>
#include <string.h>

#include "store/chunk_list.h"
#include "store/chunks.h"
#include "store/db.h"
#include "store/outcome_write.h"
#include "store/runs.h"

enum { PAGE = 16 };

static enum err_code unsound(struct journal *j, struct err *e, int64_t run, const char *what)
{
	return err_set(
		e, ERR_JOURNAL,
		"the journal %s is not sound: run %lld: %s; keep a copy of it and go on with the last good "
		"backup",
		j->file, (long long)run, what);
}

static enum err_code check_sqlite(struct journal *j, struct err *e)
{
	sqlite3_stmt *stmt = db_query(j, "PRAGMA integrity_check(1)", NULL, e);
	int got = stmt ? db_row(j, stmt, e) : -1;
	char said[200];

	if (got < 0)
		return db_code(e);
	db_text(stmt, 0, said, sizeof said);
	sqlite3_reset(stmt);
	if (strcmp(said, "ok") == 0)
		return ERR_OK;
	return err_set(e, ERR_JOURNAL,
	               "the journal %s is damaged (%s); keep a copy of it and go on with the last good backup",
	               j->file, said);
}

/* A query that counts what must not be: `what` is wrong if it gives more than 0. */
static enum err_code none_of(struct journal *j, const char *sql, const struct db_value *values, int64_t run,
                             const char *what, struct err *e)
{
	int64_t found;
	enum err_code rc = db_number(j, sql, values, 0, &found, e);

	return rc == ERR_OK && found ? unsound(j, e, run, what) : rc;
}

static enum err_code check_counts(struct journal *j, const struct run *run, struct err *e)
{
	static const char sql[] =
		"SELECT total(result < 5), total(result = 1), total(result = 2), total(result = 3),"
		" total(result = 5), total(result = 6), total(result = 7) FROM outcomes WHERE id > ?1 <<"
		" 40 AND id < (?1 + 1) << 40";
	const struct run_counts *c = &run->counts;
	const int64_t kept[] = { c->written, c->created, c->updated, c->deleted,
		                 c->failed,  c->skipped, c->in_doubt };
	sqlite3_stmt *stmt = db_query(j, sql, DB_WITH(DB_NUM(run->id)), e);
	int got = stmt ? db_row(j, stmt, e) : -1;
	bool equal = true;

	if (got < 0)
		return db_code(e);
	for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
		equal = equal && sqlite3_column_int64(stmt, (int)i) == kept[i];
	sqlite3_reset(stmt);
	return equal ? ERR_OK : unsound(j, e, run->id, "its counters are not what its records say");
}

static enum err_code check_rows(struct journal *j, const struct run *run, struct err *e)
{
	static const char strays[] =
		"SELECT count(*) FROM (SELECT 1 FROM unwritten u LEFT JOIN outcomes o ON o.id = (u.run <<"
		" 40) + u.record WHERE u.run = ? AND CASE u.state WHEN 2 THEN 5 WHEN 3 THEN 6 WHEN 4 THEN"
		" 7 END IS NOT o.result LIMIT 1)";
	static const char teams[] =
		"SELECT count(*) FROM teams t LEFT JOIN (SELECT team, state, count(*) AS n FROM unwritten"
		" WHERE run = ?1  GROUP BY team) u ON u.team = t.id WHERE t.run = ?1 AND (t.count <>"
		" coalesce(u.n, 0) OR coalesce(u.state, t.state) <> t.state)";
	static const char teamless[] =
		"SELECT count(*) FROM (SELECT 1 FROM unwritten WHERE run = ?1 AND team NOT IN (SELECT id"
		" FROM teams WHERE run = ?1) LIMIT 1)";
	static const char messages[] =
		"SELECT count(*) FROM (SELECT 1 FROM unwritten u JOIN outcomes o ON o.id = (u.run << 40)"
		" + u.record LEFT JOIN messages m ON m.id = o.message LEFT JOIN teams t ON t.id = u.team"
		" WHERE u.run = ? AND m.form IS NOT t.form LIMIT 1)";
	static const char kept[] =
		"SELECT total(length(s.bytes)) <> (SELECT kept_bytes FROM runs WHERE id = ?1) FROM"
		" sources s WHERE s.id > ?1 << 40 AND s.id < (?1 + 1) << 40";
	static const char old[] =
		"SELECT count(*) <> (SELECT r.kept FROM runs r WHERE r.id = ?1) FROM old_values v JOIN "
		"outcomes o"
		" ON o.id = v.id WHERE v.id > ?1 << 40 AND v.id < (?1 + 1) << 40 AND o.result IN (2, 4)";
	const struct run_counts *c = &run->counts;
	int64_t rows;
	enum err_code rc = db_number(j, "SELECT count(*) FROM unwritten WHERE run = ?",
	                             DB_WITH(DB_NUM(run->id)), 0, &rows, e);

	if (rc == ERR_OK && rows != c->failed + c->skipped + c->in_doubt)
		rc = unsound(j, e, run->id, "the list of what was not written is not what its records say");
	if (rc == ERR_OK)
		rc = none_of(j, strays, DB_WITH(DB_NUM(run->id)), run->id,
		             "a record is listed as not written, but has another outcome", e);
	if (rc == ERR_OK)
		rc = none_of(j, teams, DB_WITH(DB_NUM(run->id)), run->id,
		             "a group of errors counts other records than it has", e);
	if (rc == ERR_OK)
		rc = none_of(j, teamless, DB_WITH(DB_NUM(run->id)), run->id,
		             "a record that was not written is in no group", e);
	if (rc == ERR_OK)
		rc = none_of(j, messages, DB_WITH(DB_NUM(run->id)), run->id, "an outcome lacks its message", e);
	if (rc == ERR_OK)
		rc = none_of(j, kept, DB_WITH(DB_NUM(run->id)), run->id,
		             "the source texts kept are not those counted", e);
	if (rc == ERR_OK)
		rc = none_of(j, old, DB_WITH(DB_NUM(run->id)), run->id,
		             "the old values kept are not those counted", e);
	return rc;
}

/* Records of unsettled chunks, as far as they are known one by one, and the ranges of those that are not. */
struct claims {
	int64_t *records;
	size_t count, room;
	int64_t range_end; /* of the ranges so far: they are cut one behind the other */
};

static bool claim(struct claims *c, int64_t record)
{
	if (c->count == c->room) {
		size_t room = c->room ? c->room * 2 : 1024;
		int64_t *bigger = realloc(c->records, room * sizeof *bigger);

		if (!bigger)
			return false;
		c->records = bigger;
		c->room = room;
	}
	c->records[c->count++] = record;
	return true;
}

/* What was sent is known exactly once a chunk has prints; a list always is. */
static enum err_code claim_chunk(struct journal *j, struct claims *c, const struct chunk *chunk, struct err *e)
{
	struct chunk_print *prints = NULL;
	struct chunk_item *items = NULL;
	size_t print_count = 0, item_count = 0;
	bool room = true;
	enum err_code rc = chunk->listed ? chunk_items(j, chunk->run, chunk->no, &items, &item_count, e)
	                                 : chunk_prints(j, chunk->run, chunk->no, &prints, &print_count, e);

	if (rc == ERR_OK && chunk->listed && (int64_t)item_count != chunk->records)
		rc = unsound(j, e, chunk->run, "a listed chunk has not the records it counts");
	if (rc == ERR_OK && !chunk->listed) {
		if (chunk->first <= c->range_end)
			rc = unsound(j, e, chunk->run, "two unsettled chunks overlap");
		c->range_end = chunk->last;
	}
	for (size_t i = 0; rc == ERR_OK && room && i < print_count; i++)
		room = claim(c, prints[i].record);
	for (size_t i = 0; rc == ERR_OK && room && i < item_count; i++)
		room = claim(c, items[i].record);
	free(prints);
	free(items);
	return rc == ERR_OK && !room ? err_memory(e, "the records of unsettled chunks") : rc;
}

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static enum err_code check_unsettled(struct journal *j, const struct run *run, struct err *e)
{
	struct claims claims = { 0 };
	struct chunk *page = malloc(PAGE * sizeof *page);
	int after = 0, n = page ? PAGE : 0;
	enum err_code rc = page ? ERR_OK : err_memory(e, "the check of the journal");

	while (rc == ERR_OK && n == PAGE) {
		n = chunk_page(j, run->id, after, true, page, PAGE, e);
		if (n < 0)
			rc = db_code(e);
		for (int i = 0; rc == ERR_OK && i < n; i++)
			rc = claim_chunk(j, &claims, &page[i], e);
		after = n > 0 ? page[n - 1].no : after;
	}
	if (claims.count)
		qsort(claims.records, claims.count, sizeof *claims.records, by_number);
	for (size_t i = 1; rc == ERR_OK && i < claims.count; i++)
		if (claims.records[i] == claims.records[i - 1])
			rc = unsound(j, e, run->id, "a record is in two unsettled chunks");
	free(claims.records);
	free(page);
	return rc;
}

static enum err_code check_waiting(struct journal *j, const struct run *run, struct err *e)
{
	static const char sum[] =
		"SELECT total(waiting) <> (SELECT to_try_again FROM runs WHERE id = ?1) FROM chunks WHERE"
		" run = ?1";
	enum err_code rc;

	rc = none_of(j, sum, DB_WITH(DB_NUM(run->id)), run->id, "its records to try again are miscounted", e);
	if (rc == ERR_OK)
		rc = none_of(j,
		             "SELECT count(*) FROM chunks WHERE run = ? AND state = 'settled' AND waiting <> 0",
		             DB_WITH(DB_NUM(run->id)), run->id, "a settled chunk waits for records", e);
	if (rc == ERR_OK && run_pending(&run->counts) < run->counts.to_try_again)
		rc = unsound(j, e, run->id, "more records are to be tried again than are pending");
	return rc;
}

/* No outcome lies behind a run's last record and before the next run's first. */
static enum err_code check_gap(struct journal *j, int64_t run, int64_t records, int64_t next, struct err *e)
{
	return none_of(
		j,
		"SELECT count(*) FROM (SELECT 1 FROM outcomes WHERE id > (?1 << 40) + ?2 AND id <= ?3 << 40"
		" LIMIT 1)",
		DB_WITH(DB_NUM(run), DB_NUM(records), DB_NUM(next)), run,
		"an outcome belongs to no record of it", e);
}

static enum err_code check_run(struct journal *j, const struct run *run, struct err *e)
{
	enum err_code rc = ERR_OK;

	if (!run->pruned_ms)
		rc = check_counts(j, run, e);
	if (rc == ERR_OK && !run->pruned_ms)
		rc = check_rows(j, run, e);
	if (rc == ERR_OK)
		rc = check_waiting(j, run, e);
	return rc == ERR_OK ? check_unsettled(j, run, e) : rc;
}

/* All runs from the newest on; the caller's transaction keeps them from changing meanwhile. */
static enum err_code check_runs(struct journal *j, struct run *run, struct err *e)
{
	int64_t next = (INT64_C(1) << (63 - DB_RECORD_BITS)) - 1;
	int n;
	enum err_code rc = ERR_OK;

	while (rc == ERR_OK && (n = run_page(j, next, run, 1, e)) != 0) {
		if (n < 0)
			return db_code(e);
		rc = check_gap(j, run->id, run->counts.records, next, e);
		if (rc == ERR_OK)
			rc = check_run(j, run, e);
		next = run->id;
	}
	return rc == ERR_OK ? check_gap(j, 0, 0, next, e) : rc;
}

enum err_code journal_check(struct journal *journal, struct err *e)
{
	enum err_code rc = check_sqlite(journal, e);
	struct run *run;

	if (rc != ERR_OK)
		return rc;
	run = malloc(sizeof *run);
	if (!run)
		return err_memory(e, "the check of the journal");
	rc = db_do(journal, "BEGIN", NULL, e); /* one moment of the journal, whoever writes meanwhile */
	if (rc == ERR_OK) {
		rc = check_runs(journal, run, e);
		db_do(journal, "ROLLBACK", NULL, NULL);
	}
	free(run);
	return rc;
}
