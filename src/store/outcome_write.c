#include "store/outcome_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/chunks.h"
#include "store/messages.h"
#include "store/old_values.h"
#include "store/record_id.h"

struct outcome_writer {
	struct journal *j;
	int64_t run;
	int chunk;
	bool again;
	sqlite3_stmt *insert;
	char prefix[RECORD_ID_PREFIX + 1];
	int64_t kept_before, kept;        /* bytes of source text: in the journal, and added by this writer */
	bool keeps_old;                   /* the run keeps old values; */
	int64_t with_old;                 /* more updated records that have them */
	int64_t more[OUTCOME_CODE_COUNT]; /* of the run, not written yet */
	int64_t of_chunk[OUTCOME_IN_DOUBT + 1]; /* the same of the chunk, by state */
	int64_t fresh;
	struct messages messages;
};

/* An outcome on its way into its row. */
struct landing {
	const struct outcome *o;
	int64_t id; /* of the row */
	int code;
	int64_t message, team;
};

enum outcome_state outcome_code_state(int code)
{
	static const enum outcome_state states[OUTCOME_CODE_COUNT] = {
#define X(name, number, state, how) [number] = OUTCOME_##state,
		OUTCOME_CODES(X)
#undef X
	};

	return code > 0 && code < OUTCOME_CODE_COUNT ? states[code] : OUTCOME_IN_DOUBT;
}

enum outcome_how outcome_code_how(int code)
{
	static const enum outcome_how hows[OUTCOME_CODE_COUNT] = {
#define X(name, number, state, how) [number] = OUTCOME_##how,
		OUTCOME_CODES(X)
#undef X
	};

	return code > 0 && code < OUTCOME_CODE_COUNT ? hows[code] : OUTCOME_NOTHING;
}

static int code_of(const struct outcome *o)
{
	int how = o->state == OUTCOME_WRITTEN ? o->how : OUTCOME_NOTHING;

	for (int code = 1; code < OUTCOME_CODE_COUNT; code++)
		if ((int)outcome_code_state(code) == o->state && (int)outcome_code_how(code) == how)
			return code;
	return 0;
}

static enum err_code read_run(struct outcome_writer *w, struct err *e)
{
	sqlite3_stmt *stmt = db_query(w->j, "SELECT id_prefix, kept_bytes, keep_old FROM runs WHERE id = ?",
	                              DB_WITH(DB_NUM(w->run)), e);
	int got = stmt ? db_row(w->j, stmt, e) : -1;

	if (got < 0)
		return db_code(e);
	if (got == 0)
		return err_set(e, ERR_USAGE, "there is no run %lld", (long long)w->run);
	db_text(stmt, 0, w->prefix, sizeof w->prefix);
	w->kept_before = sqlite3_column_int64(stmt, 1);
	w->keeps_old = sqlite3_column_int(stmt, 2) != 0;
	sqlite3_reset(stmt);
	return ERR_OK;
}

struct outcome_writer *outcome_writer_new(struct journal *j, int64_t run, int chunk, bool again, struct err *e)
{
	static const char insert[] =
		"INSERT INTO outcomes (id, source_at, result, org_id, message, attempt, chunk) VALUES (?,"
		" ?, ?, ?, ?, ?, ?)";
	struct outcome_writer *w = calloc(1, sizeof *w);

	if (!w) {
		err_memory(e, "outcomes");
		return NULL;
	}
	w->j = j;
	w->run = run;
	w->chunk = chunk;
	w->again = again;
	messages_init(&w->messages, j, run);
	w->insert = db_query(j, insert, NULL, e);
	if (!w->insert || read_run(w, e) != ERR_OK) {
		outcome_writer_free(w);
		return NULL;
	}
	return w;
}

void outcome_writer_free(struct outcome_writer *w)
{
	if (!w)
		return;
	messages_release(&w->messages);
	free(w);
}

/* Adds `by` (1 or -1) to what is counted for a code; `own`: it is an outcome of this writer's chunk. */
static void count(struct outcome_writer *w, int code, int by, bool own)
{
	w->more[code] += by;
	if (own)
		w->of_chunk[outcome_code_state(code)] += by;
}

/* Of an update, or a write of which it is not known whether it was one: are its old values kept? */
static enum err_code count_old(struct outcome_writer *w, int64_t id, int code, int by, struct err *e)
{
	bool found = false;
	enum err_code rc;

	if (!w->keeps_old || (code != OUTCOME_CODE_UPDATED && code != OUTCOME_CODE_WRITTEN))
		return ERR_OK;
	rc = old_values_has(w->j, w->run, id & DB_RECORD_MOST, &found, e);
	w->with_old += found ? by : 0;
	return rc;
}

/* Which attempt this is for a record without an outcome: one more than its last one, if that was of another chunk. */
static enum err_code next_attempt(struct outcome_writer *w, int64_t id, int64_t *attempt, struct err *e)
{
	*attempt = 1;
	if (!w->again)
		return ERR_OK;
	return db_number(w->j,
	                 "SELECT attempt + (chunk <> ?2) FROM attempts WHERE id = ?1 ORDER BY n DESC LIMIT 1",
	                 DB_WITH(DB_NUM(id), DB_NUM(w->chunk)), 1, attempt, e);
}

/* Binds all but id and attempt, from parameter 2 on. */
static void bind_outcome(struct outcome_writer *w, sqlite3_stmt *stmt, const struct landing *l)
{
	sqlite3_bind_int64(stmt, 2, l->o->offset);
	sqlite3_bind_int(stmt, 3, l->code);
	record_id_bind(stmt, 4, l->o->id, w->prefix);
	if (l->message)
		sqlite3_bind_int64(stmt, 5, l->message);
	else
		sqlite3_bind_null(stmt, 5);
}

/* Takes the record of an old outcome out of its group. */
static enum err_code leave_team(struct outcome_writer *w, int64_t record, int code, struct err *e)
{
	sqlite3_stmt *stmt;
	int64_t team = 0;
	int got;

	if (outcome_code_state(code) == OUTCOME_WRITTEN)
		return ERR_OK;
	stmt = db_query(w->j, "DELETE FROM unwritten WHERE run = ? AND state = ? AND record = ? RETURNING team",
	                DB_WITH(DB_NUM(w->run), DB_NUM(outcome_code_state(code)), DB_NUM(record)), e);
	while ((got = stmt ? db_row(w->j, stmt, e) : -1) > 0)
		team = sqlite3_column_int64(stmt, 0);
	if (got < 0)
		return db_code(e);
	return team ? messages_count(&w->messages, team, -1, e) : ERR_OK;
}

struct old_outcome {
	int code, chunk;
	int64_t attempt;
	bool same; /* as the one that lands */
};

static bool same_id(const char *a, const char *b)
{
	size_t len = strlen(a), other = strlen(b);

	if (record_id_sound(a, len) && record_id_sound(b, other))
		return memcmp(a, b, RECORD_ID_CORE) == 0;
	return strcmp(a, b) == 0;
}

/* *found false if the record has no outcome. `l` may be NULL. */
static enum err_code read_old(struct outcome_writer *w, int64_t id, const struct landing *l,
                              struct old_outcome *old, bool *found, struct err *e)
{
	sqlite3_stmt *stmt = db_query(
		w->j, "SELECT result, chunk, attempt, source_at, message, org_id FROM outcomes WHERE id = ?",
		DB_WITH(DB_NUM(id)), e);
	int got = stmt ? db_row(w->j, stmt, e) : -1;
	char org_id[RECORD_ID_FULL + 1];

	*found = got > 0;
	if (got <= 0)
		return got < 0 ? db_code(e) : ERR_OK;
	old->code = sqlite3_column_int(stmt, 0);
	old->chunk = sqlite3_column_int(stmt, 1);
	old->attempt = sqlite3_column_int64(stmt, 2);
	record_id_read(stmt, 5, w->prefix, org_id);
	old->same = l && old->code == l->code && old->chunk == w->chunk &&
	            sqlite3_column_int64(stmt, 3) == l->o->offset &&
	            sqlite3_column_int64(stmt, 4) == l->message && same_id(org_id, l->o->id);
	sqlite3_reset(stmt);
	return ERR_OK;
}

/* Moves an outcome to the record's attempts and takes it out of all counts. */
static enum err_code move_old(struct outcome_writer *w, int64_t id, const struct old_outcome *old,
                              struct err *e)
{
	static const char move[] =
		"INSERT INTO attempts (id, n, source_at, result, org_id, message, attempt, chunk,"
		" replaced_ms) SELECT id, 1 + (SELECT coalesce(max(n), 0) FROM attempts a WHERE a.id ="
		" o.id), source_at, result, org_id, message, attempt, chunk, ?2 FROM outcomes o WHERE id"
		" = ?1";
	enum err_code rc = db_do(w->j, move, DB_WITH(DB_NUM(id), DB_NUM(clock_utc(w->j->clock))), e);

	if (rc == ERR_OK)
		rc = leave_team(w, id & DB_RECORD_MOST, old->code, e);
	if (rc == ERR_OK)
		rc = count_old(w, id, old->code, -1, e);
	count(w, old->code, -1, w->chunk && old->chunk == w->chunk);
	return rc;
}

/* The record has an outcome. *landed false if it is this very one, and nothing is to do. */
static enum err_code replace(struct outcome_writer *w, const struct landing *l, bool *landed, struct err *e)
{
	static const char update[] =
		"UPDATE outcomes SET source_at = ?2, result = ?3, org_id = ?4, message = ?5, attempt ="
		" ?6, chunk = ?7 WHERE id = ?1";
	struct old_outcome old = { 0 };
	sqlite3_stmt *stmt;
	enum err_code rc;
	bool found;

	rc = read_old(w, l->id, l, &old, &found, e);
	*landed = rc == ERR_OK && !old.same;
	if (!*landed)
		return rc;
	rc = move_old(w, l->id, &old, e);
	if (rc != ERR_OK)
		return rc;
	stmt = db_query(w->j, update, DB_WITH(DB_NUM(l->id)), e);
	if (!stmt)
		return db_code(e);
	bind_outcome(w, stmt, l);
	sqlite3_bind_int64(stmt, 6, old.attempt + (old.chunk != w->chunk) + l->o->repeats);
	sqlite3_bind_int(stmt, 7, w->chunk);
	return db_step(w->j, stmt, e);
}

/* Inserts the row, or replaces the one that is there. */
static enum err_code land(struct outcome_writer *w, const struct landing *l, bool *fresh, bool *landed,
                          struct err *e)
{
	int64_t attempt;
	enum err_code rc = next_attempt(w, l->id, &attempt, e);
	int got;

	if (rc != ERR_OK)
		return rc;
	sqlite3_bind_int64(w->insert, 1, l->id);
	bind_outcome(w, w->insert, l);
	sqlite3_bind_int64(w->insert, 6, attempt + l->o->repeats);
	sqlite3_bind_int(w->insert, 7, w->chunk);
	got = sqlite3_step(w->insert);
	*fresh = *landed = got == SQLITE_DONE;
	if (got != SQLITE_DONE && (got & 0xff) != SQLITE_CONSTRAINT)
		rc = db_failed(w->j, e);
	sqlite3_reset(w->insert);
	return rc == ERR_OK && !*fresh ? replace(w, l, landed, e) : rc;
}

static enum err_code drop_source(struct outcome_writer *w, int64_t id, struct err *e)
{
	sqlite3_stmt *stmt = db_query(w->j, "DELETE FROM sources WHERE id = ? RETURNING length(bytes)",
	                              DB_WITH(DB_NUM(id)), e);
	int got;

	while ((got = stmt ? db_row(w->j, stmt, e) : -1) > 0)
		w->kept -= sqlite3_column_int64(stmt, 0);
	return got < 0 ? db_code(e) : ERR_OK;
}

/* Keeps the source text of what was not written, up to the run's ceiling, and drops that of what was. `clean`: the record
 * cannot have one yet. */
static enum err_code keep_source(struct outcome_writer *w, const struct landing *l, bool clean, struct err *e)
{
	int64_t len = (int64_t)l->o->source.len;
	bool written = l->o->state == OUTCOME_WRITTEN;
	enum err_code rc = ERR_OK;

	if (!clean && (written || len))
		rc = drop_source(w, l->id, e);
	if (rc != ERR_OK || written || !len || w->kept_before + w->kept + len > OUTCOME_KEPT_MOST)
		return rc;
	w->kept += len;
	return db_do(w->j, "INSERT INTO sources (id, bytes) VALUES (?, ?)",
	             DB_WITH(DB_NUM(l->id), DB_BYTES(l->o->source.at, l->o->source.len)), e);
}

static enum err_code join_team(struct outcome_writer *w, const struct landing *l, struct err *e)
{
	enum err_code rc;

	if (!l->team)
		return ERR_OK;
	rc = db_do(w->j, "INSERT INTO unwritten (run, state, record, team) VALUES (?, ?, ?, ?)",
	           DB_WITH(DB_NUM(w->run), DB_NUM(l->o->state), DB_NUM(l->o->record), DB_NUM(l->team)), e);
	return rc == ERR_OK ? messages_count(&w->messages, l->team, 1, e) : rc;
}

static enum err_code check_record(const struct outcome_writer *w, int64_t record, struct err *e)
{
	if (record >= 1 && record <= DB_RECORD_MOST)
		return ERR_OK;
	return err_set(e, ERR_INTERNAL, "run %lld has no record %lld", (long long)w->run, (long long)record);
}

enum err_code outcome_put(struct outcome_writer *w, const struct outcome *o, struct err *e)
{
	struct landing l = { .o = o, .id = w->run << DB_RECORD_BITS | o->record, .code = code_of(o) };
	enum err_code rc = check_record(w, o->record, e);
	bool fresh = false, landed = false;

	if (rc == ERR_OK && !l.code)
		rc = err_set(e, ERR_INTERNAL, "record %lld of run %lld: no such outcome (%d, %d)",
		             (long long)o->record, (long long)w->run, o->state, o->how);
	if (rc == ERR_OK && !w->prefix[0] && record_id_sound(o->id, strlen(o->id)))
		memcpy(w->prefix, o->id, RECORD_ID_PREFIX);
	if (rc == ERR_OK && o->state != OUTCOME_WRITTEN)
		rc = messages_find(&w->messages, o->message, (enum outcome_state)o->state, &l.message, &l.team,
		                   e);
	if (rc == ERR_OK)
		rc = land(w, &l, &fresh, &landed, e);
	if (rc != ERR_OK || !landed)
		return rc;
	count(w, l.code, 1, w->chunk != 0);
	w->fresh += fresh;
	rc = join_team(w, &l, e);
	if (rc == ERR_OK)
		rc = count_old(w, l.id, l.code, 1, e);
	return rc == ERR_OK ? keep_source(w, &l, fresh && !w->again, e) : rc;
}

enum err_code outcome_withdraw(struct outcome_writer *w, int64_t record, enum outcome_state *was, struct err *e)
{
	int64_t id = w->run << DB_RECORD_BITS | record;
	enum err_code rc = check_record(w, record, e);
	struct old_outcome old;
	bool found = false;

	if (rc == ERR_OK)
		rc = read_old(w, id, NULL, &old, &found, e);
	if (was)
		*was = rc == ERR_OK && found ? outcome_code_state(old.code) : 0;
	if (rc != ERR_OK || !found)
		return rc;
	if (outcome_code_state(old.code) == OUTCOME_WRITTEN)
		return err_set(e, ERR_INTERNAL, "record %lld of run %lld is written and must not go again",
		               (long long)record, (long long)w->run);
	rc = move_old(w, id, &old, e);
	if (rc == ERR_OK)
		rc = db_do(w->j, "DELETE FROM outcomes WHERE id = ?", DB_WITH(DB_NUM(id)), e);
	return rc;
}

int64_t outcome_writer_fresh(const struct outcome_writer *w)
{
	return w->fresh;
}

enum err_code outcome_writer_chunk(struct outcome_writer *w, int chunk, struct err *e)
{
	static const char add[] =
		"UPDATE chunks SET written = written + ?3, failed = failed + ?4, in_doubt = in_doubt + ?5"
		" WHERE run = ?1 AND no = ?2";
	enum err_code rc = ERR_OK;

	if (chunk == w->chunk)
		return ERR_OK;
	if (w->chunk)
		rc = db_do(w->j, add,
		           DB_WITH(DB_NUM(w->run), DB_NUM(w->chunk), DB_NUM(w->of_chunk[OUTCOME_WRITTEN]),
		                   DB_NUM(w->of_chunk[OUTCOME_FAILED]), DB_NUM(w->of_chunk[OUTCOME_IN_DOUBT])),
		           e);
	memset(w->of_chunk, 0, sizeof w->of_chunk);
	w->chunk = chunk;
	return rc;
}

enum err_code outcome_writer_finish(struct outcome_writer *w, struct err *e)
{
	static const char add[] =
		"UPDATE runs SET written = written + ?2, created = created + ?3, updated = updated + ?4,"
		" deleted = deleted + ?5, failed = failed + ?6, skipped = skipped + ?7, in_doubt ="
		" in_doubt + ?8, kept_bytes = kept_bytes + ?9, id_prefix = ?10, kept = kept + ?11 WHERE id = "
		"?1";
	const int64_t *more = w->more;
	enum err_code rc = messages_flush(&w->messages, e);

	if (rc == ERR_OK)
		rc = outcome_writer_chunk(w, 0, e);
	if (rc != ERR_OK)
		return rc;
	return db_do(w->j, add,
	             DB_WITH(DB_NUM(w->run),
	                     DB_NUM(more[OUTCOME_CODE_CREATED] + more[OUTCOME_CODE_UPDATED] +
	                            more[OUTCOME_CODE_DELETED] + more[OUTCOME_CODE_WRITTEN]),
	                     DB_NUM(more[OUTCOME_CODE_CREATED]), DB_NUM(more[OUTCOME_CODE_UPDATED]),
	                     DB_NUM(more[OUTCOME_CODE_DELETED]), DB_NUM(more[OUTCOME_CODE_FAILED]),
	                     DB_NUM(more[OUTCOME_CODE_SKIPPED]), DB_NUM(more[OUTCOME_CODE_IN_DOUBT]),
	                     DB_NUM(w->kept), DB_TXT(w->prefix), DB_NUM(w->with_old)),
	             e);
}

static enum err_code replace_doubt(struct outcome_writer *w, const struct outcome *o, struct err *e)
{
	struct old_outcome old = { 0 };
	bool found = false;
	enum err_code rc = read_old(w, w->run << DB_RECORD_BITS | o->record, NULL, &old, &found, e);

	if (rc == ERR_OK && (!found || outcome_code_state(old.code) != OUTCOME_IN_DOUBT))
		rc = err_set(e, ERR_INTERNAL, "record %lld of run %lld is not in doubt", (long long)o->record,
		             (long long)w->run);
	if (rc == ERR_OK)
		rc = outcome_writer_chunk(w, old.chunk, e);
	return rc == ERR_OK ? outcome_put(w, o, e) : rc;
}

enum err_code outcome_replace(struct journal *j, int64_t run, const struct outcome *outcomes, size_t count,
                              const char *log, struct err *e)
{
	enum err_code rc = db_begin(j, e);
	struct outcome_writer *w;

	if (rc != ERR_OK)
		return rc;
	w = outcome_writer_new(j, run, 0, true, e);
	if (!w)
		return db_end(j, db_code(e), e);
	for (size_t i = 0; i < count && rc == ERR_OK; i++)
		rc = replace_doubt(w, &outcomes[i], e);
	if (rc == ERR_OK)
		rc = outcome_writer_finish(w, e);
	outcome_writer_free(w);
	if (rc == ERR_OK)
		rc = db_log(j, run, log, e);
	return db_end(j, rc, e);
}

/* Only what has failed for good at this moment: a record of an unsettled chunk is on its way. */
static enum err_code may_leave_out(struct outcome_writer *w, int64_t record, bool *may, struct err *e)
{
	static const char now[] = "SELECT 1 FROM outcomes o LEFT JOIN chunks c ON c.run = ?1 AND c.no = o.chunk"
				  " WHERE o.id = (?1 << 40) + ?2 AND o.result = ?3 AND"
				  " coalesce(c.state, 'settled') = 'settled'";
	int64_t found = 0;
	enum err_code rc = db_number(
		w->j, now, DB_WITH(DB_NUM(w->run), DB_NUM(record), DB_NUM(OUTCOME_CODE_FAILED)), 0, &found, e);

	*may = found != 0;
	return rc;
}

static enum err_code leave_out(struct outcome_writer *w, const struct chunk_item *item,
                               const struct outcome_message *why, int64_t *left_out, struct err *e)
{
	const struct outcome o = {
		.record = item->record, .state = OUTCOME_SKIPPED, .offset = item->offset, .message = why
	};
	struct old_outcome old = { 0 };
	bool found, may;
	enum err_code rc = may_leave_out(w, item->record, &may, e);

	if (rc != ERR_OK || !may)
		return rc;
	rc = read_old(w, w->run << DB_RECORD_BITS | item->record, NULL, &old, &found, e);
	if (rc == ERR_OK)
		rc = outcome_writer_chunk(w, old.chunk, e);
	++*left_out;
	return rc == ERR_OK ? outcome_put(w, &o, e) : rc;
}

enum err_code outcome_leave_out(struct journal *j, int64_t run, const struct chunk_item *items, size_t count,
                                const char *reason, int64_t *left_out, struct err *e)
{
	const struct outcome_message why = { OUTCOME_BY_OPERATOR, reason, "" };
	enum err_code rc = db_begin(j, e);
	struct outcome_writer *w;
	char log[512];

	*left_out = 0;
	if (rc != ERR_OK)
		return rc;
	w = outcome_writer_new(j, run, 0, true, e);
	if (!w)
		return db_end(j, db_code(e), e);
	for (size_t i = 0; i < count && rc == ERR_OK; i++)
		rc = leave_out(w, &items[i], &why, left_out, e);
	if (rc == ERR_OK)
		rc = outcome_writer_finish(w, e);
	outcome_writer_free(w);
	snprintf(log, sizeof log, "%lld record%s left out: %.400s", (long long)*left_out,
	         *left_out == 1 ? "" : "s", reason);
	if (rc == ERR_OK && *left_out)
		rc = db_log(j, run, log, e);
	rc = db_end(j, rc, e);
	if (rc != ERR_OK)
		*left_out = 0;
	return rc;
}
