#include "store/chunks.h"

#include <endian.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "store/chunk_list.h"
#include "store/chunk_rows.h"
#include "store/db.h"

enum { HASH_BYTES = 16 }; /* of a print: key and row */

/* Members of struct chunk that are columns. X(kind, column, member) */
/* clang-format off */
#define CHUNK_COLUMNS(X)                                                                                        \
	X(NUMBER, run, run) X(INT, no, no) X(TEXT, state, state) X(NUMBER, first, first) X(NUMBER, last, last)  \
	X(NUMBER, source_at, offset) X(NUMBER, records, records) X(NUMBER, bytes, bytes)                        \
	X(BOOL, listed, listed) X(INT, tries, tries) X(INT, retry, retry) X(INT, repeats, repeats)              \
	X(TEXT, why, why)                                                                                       \
	X(TEXT, job, job)                                                                                       \
	X(NUMBER, intent_ms, intent_ms) X(NUMBER, not_before_ms, not_before_ms) X(NUMBER, written, written)     \
	X(NUMBER, failed, failed) X(NUMBER, in_doubt, in_doubt) X(NUMBER, created_ms, created_ms)               \
	X(NUMBER, closed_ms, closed_ms) X(NUMBER, settled_ms, settled_ms)                                       \
	X(NUMBER, job_processed, job_processed) X(NUMBER, job_failed, job_failed) X(TEXT, job_state, job_state)
/* clang-format on */

static const struct db_column columns[] = {
#define X(kind, column, member) \
	{ DB_##kind, offsetof(struct chunk, member), sizeof(((struct chunk *)0)->member) },
	CHUNK_COLUMNS(X)
#undef X
};

#define NAME(kind, column, member) #column ", "
#define SELECT_CHUNK "SELECT " CHUNK_COLUMNS(NAME) "waiting FROM chunks "

static enum err_code damaged(struct journal *j, int64_t run, int no, struct err *e)
{
	return err_set(
		e, ERR_JOURNAL,
		"the journal %s is damaged: the record list of chunk %d of run %lld cannot be read; go on "
		"with the last good backup",
		j->file, no, (long long)run);
}

static enum err_code add_job(struct journal *j, int64_t run, int no, const char *job, struct err *e)
{
	return db_do(j,
	             "INSERT INTO jobs (run, no, chunk, job, state)"
	             " SELECT ?1, 1 + (SELECT coalesce(max(no), 0) FROM jobs WHERE run = ?1), ?2, ?3, ''"
	             " WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE run = ?1 AND chunk = ?2 AND job = ?3)",
	             DB_WITH(DB_NUM(run), DB_NUM(no), DB_TXT(job)), e);
}

static enum err_code set_job(struct journal *j, int64_t run, int no, const char *job, struct err *e)
{
	enum err_code rc;

	if (!job)
		return ERR_OK;
	rc = db_do(j,
	           "UPDATE chunks SET job = ?3, job_state = '', job_processed = 0, job_failed = 0"
	           " WHERE run = ?1 AND no = ?2 AND job <> ?3",
	           DB_WITH(DB_NUM(run), DB_NUM(no), DB_TXT(job)), e);
	return rc == ERR_OK && *job ? add_job(j, run, no, job, e) : rc;
}

/* A print's two hashes as bytes, whatever the machine's order. */
static void pack_hashes(const struct chunk_print *prints, size_t count, unsigned char *to)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t hashes[2] = { htole64(prints[i].key), htole64(prints[i].row) };

		memcpy(to + i * HASH_BYTES, hashes, HASH_BYTES);
	}
}

static void unpack_hashes(const unsigned char *from, size_t count, struct chunk_print *prints)
{
	uint64_t hashes[2];

	for (size_t i = 0; i < count; i++) {
		memcpy(hashes, from + i * HASH_BYTES, HASH_BYTES);
		prints[i].key = le64toh(hashes[0]);
		prints[i].row = le64toh(hashes[1]);
	}
}

static enum err_code set_prints(struct journal *j, int64_t run, int no, const struct chunk_change *change,
                                struct err *e)
{
	static const char put[] =
		"INSERT OR REPLACE INTO chunk_prints (run, no, count, hashes, places) VALUES (?, ?, ?, ?, ?)";
	const struct chunk_print *prints = change->prints;
	size_t count = change->print_count;
	unsigned char *hashes;
	struct buf places;
	enum err_code rc;

	if (!prints)
		return ERR_OK;
	hashes = malloc(count * HASH_BYTES + 1);
	buf_init(&places, CHUNK_LIST_MOST);
	if (hashes) {
		pack_hashes(prints, count, hashes);
		chunk_list_add(&places, &prints->record, sizeof *prints, count);
		chunk_list_add(&places, &prints->offset, sizeof *prints, count);
	}
	if (!hashes || places.short_of)
		rc = err_memory(e, "the fingerprints of a chunk");
	else
		rc = db_do(j, put,
		           DB_WITH(DB_NUM(run), DB_NUM(no), DB_NUM((int64_t)count),
		                   DB_BYTES(hashes, count * HASH_BYTES), DB_BYTES(places.at, places.len)),
		           e);
	buf_release(&places);
	free(hashes);
	return rc;
}

enum err_code chunk_set(struct journal *j, int64_t run, int no, const struct chunk_change *change,
                        struct err *e)
{
	struct chunk_now now;
	enum err_code rc = db_begin(j, e);

	if (rc != ERR_OK)
		return rc;
	rc = chunk_row_now(j, run, no, &now, e);
	if (rc == ERR_OK)
		rc = set_job(j, run, no, change->job, e);
	if (rc == ERR_OK)
		rc = set_prints(j, run, no, change, e);
	if (rc == ERR_OK && change->intent_ms)
		rc = db_do(j, "UPDATE chunks SET intent_ms = ?3 WHERE run = ?1 AND no = ?2",
		           DB_WITH(DB_NUM(run), DB_NUM(no), DB_NUM(change->intent_ms)), e);
	if (rc == ERR_OK && change->repeated)
		rc = db_do(j, "UPDATE chunks SET repeats = repeats + 1 WHERE run = ?1 AND no = ?2",
		           DB_WITH(DB_NUM(run), DB_NUM(no)), e);
	if (rc == ERR_OK && change->state)
		rc = chunk_row_state(j, run, no, &now, change->state, e);
	if (rc == ERR_OK)
		rc = db_log(j, run, change->log, e);
	return db_end(j, rc, e);
}

/* A poll that saw nothing new changes no page, and costs no write to the disk. */
enum err_code chunk_seen(struct journal *j, int64_t run, int no, const char *job_state, int64_t processed,
                         int64_t failed, struct err *e)
{
	static const char seen[] =
		"UPDATE chunks SET job_state = ?3, job_processed = ?4, job_failed = ?5 WHERE run = ?1 AND"
		" no = ?2 AND (job_state <> ?3 OR job_processed <> ?4 OR job_failed <> ?5)";
	static const char job[] =
		"UPDATE jobs SET state = ?3 WHERE run = ?1 AND chunk = ?2 AND state <> ?3 AND job ="
		" (SELECT c.job FROM chunks c WHERE c.run = ?1 AND c.no = ?2)";
	enum err_code rc = db_begin(j, e);

	if (rc != ERR_OK)
		return rc;
	rc = db_do(j, seen,
	           DB_WITH(DB_NUM(run), DB_NUM(no), DB_TXT(job_state), DB_NUM(processed), DB_NUM(failed)), e);
	if (rc == ERR_OK)
		rc = db_do(j, job, DB_WITH(DB_NUM(run), DB_NUM(no), DB_TXT(job_state)), e);
	return db_end(j, rc, e);
}

static struct slice column_slice(sqlite3_stmt *stmt, int column)
{
	const char *at = sqlite3_column_blob(stmt, column);

	return (struct slice){ at, (size_t)sqlite3_column_bytes(stmt, column) };
}

/* Each number of a list takes a byte at least: more than that is damage, and no reason to ask for much memory. */
static bool count_of(sqlite3_stmt *stmt, int column, struct slice list, size_t *count)
{
	int64_t said = sqlite3_column_int64(stmt, column);

	*count = said > 0 ? (size_t)said : 0;
	return said >= 0 && *count <= list.len / 2;
}

static enum err_code read_prints(struct journal *j, sqlite3_stmt *stmt, int64_t run, int no,
                                 struct chunk_print **prints, size_t *count, struct err *e)
{
	struct slice hashes = column_slice(stmt, 1), places = column_slice(stmt, 2);
	size_t size = sizeof **prints;

	if (!count_of(stmt, 0, places, count) || hashes.len != *count * HASH_BYTES)
		return damaged(j, run, no, e);
	*prints = malloc((*count + 1) * size);
	if (!*prints)
		return err_memory(e, "the fingerprints of a chunk");
	if (!chunk_list_read(&places, &(*prints)->record, size, *count) ||
	    !chunk_list_read(&places, &(*prints)->offset, size, *count) || places.len)
		return damaged(j, run, no, e);
	unpack_hashes((const unsigned char *)hashes.at, *count, *prints);
	return ERR_OK;
}

enum err_code chunk_prints(struct journal *j, int64_t run, int no, struct chunk_print **prints, size_t *count,
                           struct err *e)
{
	sqlite3_stmt *stmt = db_query(j,
	                              "SELECT count, hashes, places FROM chunk_prints WHERE run = ? AND no = ?",
	                              DB_WITH(DB_NUM(run), DB_NUM(no)), e);
	int got = stmt ? db_row(j, stmt, e) : -1;
	enum err_code rc;

	*prints = NULL;
	*count = 0;
	if (got <= 0)
		return got < 0 ? db_code(e) : ERR_OK;
	rc = read_prints(j, stmt, run, no, prints, count, e);
	sqlite3_reset(stmt);
	if (rc != ERR_OK) {
		free(*prints);
		*prints = NULL;
		*count = 0;
	}
	return rc;
}

enum err_code chunk_items(struct journal *j, int64_t run, int no, struct chunk_item **items, size_t *count,
                          struct err *e)
{
	sqlite3_stmt *stmt = db_query(j, "SELECT count, items FROM chunk_items WHERE run = ? AND no = ?",
	                              DB_WITH(DB_NUM(run), DB_NUM(no)), e);
	int got = stmt ? db_row(j, stmt, e) : -1;
	enum err_code rc = ERR_OK;

	*items = NULL;
	*count = 0;
	if (got <= 0)
		return got < 0 ? db_code(e) : ERR_OK;
	if (!count_of(stmt, 0, column_slice(stmt, 1), count))
		rc = damaged(j, run, no, e);
	else if (!(*items = malloc((*count + 1) * sizeof **items)))
		rc = err_memory(e, "the records of a chunk");
	else if (!chunk_list_read_items(column_slice(stmt, 1), *items, *count))
		rc = damaged(j, run, no, e);
	sqlite3_reset(stmt);
	if (rc != ERR_OK) {
		free(*items);
		*items = NULL;
		*count = 0;
	}
	return rc;
}

int chunk_page(struct journal *j, int64_t run, int after, bool unsettled, struct chunk *chunks, int room,
               struct err *e)
{
	static const char all[] = SELECT_CHUNK "WHERE run = ? AND no > ? ORDER BY no LIMIT ?";
	static const char open[] = SELECT_CHUNK
		"WHERE run = ? AND no > ? AND state <> 'settled' ORDER BY no LIMIT ?";
	sqlite3_stmt *stmt = db_query(j, unsettled ? open : all,
	                              DB_WITH(DB_NUM(run), DB_NUM(after), DB_NUM(room)), e);
	int got = -1, count = 0;

	while (stmt && (got = db_row(j, stmt, e)) > 0)
		db_read_columns(stmt, 0, columns, sizeof columns / sizeof columns[0], &chunks[count++]);
	return got < 0 ? -1 : count;
}

int chunk_jobs(struct journal *j, int64_t run, int after, struct chunk_job *jobs, int room, struct err *e)
{
	static const char page[] =
		"SELECT j.no, j.chunk, j.job, j.state, c.records FROM jobs j JOIN chunks c ON c.run ="
		" j.run AND c.no = j.chunk WHERE j.run = ? AND j.no > ? ORDER BY j.no LIMIT ?";
	sqlite3_stmt *stmt = db_query(j, page, DB_WITH(DB_NUM(run), DB_NUM(after), DB_NUM(room)), e);
	int got = -1, count = 0;

	while (stmt && (got = db_row(j, stmt, e)) > 0) {
		struct chunk_job *job = &jobs[count++];

		job->no = sqlite3_column_int(stmt, 0);
		job->chunk = sqlite3_column_int(stmt, 1);
		db_text(stmt, 2, job->id, sizeof job->id);
		db_text(stmt, 3, job->state, sizeof job->state);
		job->records = sqlite3_column_int64(stmt, 4);
	}
	return got < 0 ? -1 : count;
}
