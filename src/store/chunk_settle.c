#include "store/chunks.h"

#include <stdio.h>
#include <string.h>

#include "store/chunk_rows.h"
#include "store/db.h"
#include "store/outcome_write.h"

static size_t again_count(const struct chunk_end *end)
{
	size_t count = 0;

	for (size_t i = 0; i < sizeof end->again / sizeof end->again[0]; i++)
		count += end->again[i].count;
	return count;
}

/* Puts outcomes, then takes back those of the records that go again. */
static enum err_code write_outcomes(struct outcome_writer *w, const struct chunk_end *end, struct err *e)
{
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < end->count && rc == ERR_OK; i++)
		rc = outcome_put(w, &end->outcomes[i], e);
	for (size_t i = 0; i < sizeof end->again / sizeof end->again[0]; i++)
		for (size_t k = 0; k < end->again[i].count && rc == ERR_OK; k++)
			rc = outcome_withdraw(w, end->again[i].items[k].record, NULL, e);
	return rc;
}

/* What goes again is of the same attempt of the run. `*first` is the number of the first chunk of all, 0 until there is one. */
static enum err_code add_again(struct journal *j, int64_t run, const struct chunk_again *again, int retry,
                               int *first, struct err *e)
{
	struct chunk like = {
		.run = run, .tries = again->tries, .retry = retry, .not_before_ms = again->not_before_ms
	};
	size_t piece = again->piece ? again->piece : again->count;
	enum err_code rc = ERR_OK;

	snprintf(like.why, sizeof like.why, "%s", again->why ? again->why : "");
	for (size_t at = 0; at < again->count && rc == ERR_OK; at += piece) {
		size_t left = again->count - at;
		int no = 0;

		rc = chunk_row_add_list(j, &like, again->items + at, left < piece ? left : piece, &no, e);
		*first = *first ? *first : no;
	}
	return rc;
}

static enum err_code settle(struct journal *j, int64_t run, int no, const struct chunk_end *end,
                            struct outcome_writer *w, struct chunk_now *now, int *first, struct err *e)
{
	int64_t done;
	enum err_code rc = write_outcomes(w, end, e);

	if (rc != ERR_OK)
		return rc;
	/* what waited has its outcome: it leaves to_try_again before it enters a counter */
	done = outcome_writer_fresh(w) < now->waiting ? outcome_writer_fresh(w) : now->waiting;
	rc = chunk_row_wait_less(j, run, no, done, e);
	now->waiting -= done;
	if (rc == ERR_OK)
		rc = chunk_row_state(j, run, no, now, end->state, e);
	if (rc == ERR_OK)
		rc = outcome_writer_finish(w, e);
	for (size_t i = 0; i < sizeof end->again / sizeof end->again[0] && rc == ERR_OK; i++)
		rc = add_again(j, run, &end->again[i], now->retry, first, e);
	return rc == ERR_OK ? db_log(j, run, end->log, e) : rc;
}

enum err_code chunk_settle(struct journal *j, int64_t run, int no, const struct chunk_end *end, struct err *e)
{
	struct outcome_writer *w = NULL;
	struct chunk_now now;
	enum err_code rc;
	int first = 0;

	if (end->again_no)
		*end->again_no = 0;
	if (again_count(end) && !chunk_state_settled(end->state))
		return err_set(e, ERR_INTERNAL,
		               "chunk %d of run %lld is not settled: its records cannot go into another", no,
		               (long long)run);
	rc = db_begin(j, e);
	if (rc != ERR_OK)
		return rc;
	rc = chunk_row_now(j, run, no, &now, e);
	if (rc == ERR_OK) {
		w = outcome_writer_new(j, run, no, now.listed, e);
		rc = w ? settle(j, run, no, end, w, &now, &first, e) : db_code(e);
	}
	outcome_writer_free(w);
	rc = db_end(j, rc, e);
	if (rc == ERR_OK && end->again_no)
		*end->again_no = first;
	return rc;
}

static enum err_code skip_records(struct journal *j, int64_t run, const struct chunk_cut *cut, struct err *e)
{
	struct outcome_writer *w;
	enum err_code rc = ERR_OK;

	if (cut->skipped_count == 0)
		return ERR_OK;
	w = outcome_writer_new(j, run, 0, false, e);
	if (!w)
		return db_code(e);
	for (size_t i = 0; i < cut->skipped_count && rc == ERR_OK; i++)
		rc = outcome_put(w, &cut->skipped[i], e);
	if (rc == ERR_OK)
		rc = outcome_writer_finish(w, e);
	outcome_writer_free(w);
	return rc;
}

static enum err_code add_cut(struct journal *j, int64_t run, const struct chunk_cut *cut, int *no,
                             struct err *e)
{
	struct chunk look_alikes = { .run = run, .bytes = cut->deferred_bytes, .why = LIST_LOOK_ALIKES };
	struct chunk c;
	enum err_code rc = ERR_OK;
	int list;

	if (cut->chunk) {
		c = *cut->chunk;
		c.run = run;
		rc = cut->items ? chunk_row_add_list(j, &c, cut->items, (size_t)c.records, no, e)
		                : chunk_row_add(j, &c, 0, no, e);
	}
	if (rc == ERR_OK && cut->deferred_count)
		rc = chunk_row_add_list(j, &look_alikes, cut->deferred, cut->deferred_count, &list, e);
	if (rc == ERR_OK)
		rc = skip_records(j, run, cut, e);
	if (rc == ERR_OK)
		rc = db_do(j, "UPDATE runs SET cut_record = ?2, cut_offset = ?3 WHERE id = ?1",
		           DB_WITH(DB_NUM(run), DB_NUM(cut->cut_record), DB_NUM(cut->cut_offset)), e);
	if (rc == ERR_OK && sqlite3_changes(j->db) == 0)
		rc = err_set(e, ERR_USAGE, "there is no run %lld", (long long)run);
	return rc;
}

enum err_code chunk_add(struct journal *j, int64_t run, const struct chunk_cut *cut, int *no, struct err *e)
{
	enum err_code rc;

	*no = 0;
	if (cut->chunk && cut->chunk->listed && !cut->items)
		return err_set(e, ERR_INTERNAL, "a chunk of run %lld is a list, but what is cut is a range",
		               (long long)run);
	rc = db_begin(j, e);
	if (rc != ERR_OK)
		return rc;
	rc = add_cut(j, run, cut, no, e);
	rc = db_end(j, rc, e);
	if (rc != ERR_OK)
		*no = 0;
	return rc;
}
