#include "store/old_values.h"

#include <stdlib.h>
#include <string.h>

#include "store/db.h"

enum {
	MOST_CELLS = 5000,            /* columns of a file */
	MOST_BYTES = 8 * 1024 * 1024, /* of one record */
};

/* Seven bits a byte, the lowest first. */
static void add_number(struct buf *b, uint64_t n)
{
	for (; n >= 0x80; n >>= 7)
		buf_add_char(b, (char)(n | 0x80));
	buf_add_char(b, (char)n);
}

static bool read_number(struct slice *s, size_t *n)
{
	uint64_t value = 0;

	for (int shift = 0; s->len && shift < 63; shift += 7) {
		unsigned char c = (unsigned char)*s->at;

		*s = (struct slice){ s->at + 1, s->len - 1 };
		value |= (uint64_t)(c & 0x7f) << shift;
		if (!(c & 0x80)) {
			*n = (size_t)value;
			return true;
		}
	}
	return false;
}

static bool read_text(struct slice *s, struct slice *text)
{
	size_t len;

	if (!read_number(s, &len) || len > s->len)
		return false;
	*text = (struct slice){ s->at, len };
	*s = (struct slice){ s->at + len, s->len - len };
	return true;
}

static void pack(struct buf *b, const struct old_record *r)
{
	for (size_t i = 0; i < r->count; i++) {
		add_number(b, (uint64_t)r->cells[i].column);
		add_number(b, r->cells[i].old.len);
		buf_add_slice(b, r->cells[i].old);
		add_number(b, r->cells[i].wrote.len);
		buf_add_slice(b, r->cells[i].wrote);
	}
}

/* False for what pack() did not make. */
static bool unpack(struct slice s, struct old_cell *cells, size_t *count)
{
	size_t column;

	for (*count = 0; s.len; (*count)++) {
		if (*count == MOST_CELLS || !read_number(&s, &column) || column >= MOST_CELLS ||
		    !read_text(&s, &cells[*count].old) || !read_text(&s, &cells[*count].wrote))
			return false;
		cells[*count].column = (int)column;
	}
	return true;
}

static enum err_code keep(struct journal *j, int64_t run, const struct old_record *r, struct buf *b,
                          struct err *e)
{
	static const char put[] =
		"INSERT INTO old_values (id, org_id, cells) VALUES ((?1 << 40) + ?2, ?3, ?4) ON CONFLICT (id) "
		"DO "
		"UPDATE SET org_id = ?3, cells = ?4 WHERE NOT EXISTS (SELECT 1 FROM attempts a WHERE a.id ="
		" old_values.id AND a.result = 7)";

	if (!r->id[0])
		return db_do(j, "DELETE FROM old_values WHERE id = (?1 << 40) + ?2",
		             DB_WITH(DB_NUM(run), DB_NUM(r->record)), e);
	buf_clear(b);
	pack(b, r);
	if (b->short_of)
		return err_memory(e, "old values");
	return db_do(
		j, put,
		DB_WITH(DB_NUM(run), DB_NUM(r->record), DB_TXT(r->id), DB_BYTES(b->at ? b->at : "", b->len)),
		e);
}

enum err_code old_values_keep(struct journal *j, int64_t run, const struct old_record *records, size_t count,
                              struct err *e)
{
	enum err_code rc = db_begin(j, e);
	struct buf b;

	if (rc != ERR_OK)
		return rc;
	buf_init(&b, MOST_BYTES);
	for (size_t i = 0; i < count && rc == ERR_OK; i++)
		rc = keep(j, run, &records[i], &b, e);
	buf_release(&b);
	return db_end(j, rc, e);
}

static enum err_code damaged(struct journal *j, int64_t run, int64_t record, struct err *e)
{
	return err_set(
		e, ERR_JOURNAL,
		"the journal %s is damaged: the old values of record %lld of run %lld cannot be read; go "
		"on with the last good backup",
		j->file, (long long)record, (long long)run);
}

enum err_code old_values_ids(struct journal *j, int64_t run, old_values_each_id *each, void *ctx, struct err *e)
{
	static const char all[] =
		"SELECT v.id & 1099511627775, v.org_id FROM old_values v JOIN outcomes o ON o.id = v.id"
		" WHERE v.id > ?1 << 40 AND v.id < (?1 + 1) << 40 AND o.result IN (2, 4) "
		"ORDER BY v.id";
	sqlite3_stmt *stmt = db_query(j, all, DB_WITH(DB_NUM(run)), e);
	bool more = true;
	int got = -1;

	while (more && stmt && (got = db_row(j, stmt, e)) > 0)
		more = each(ctx, sqlite3_column_int64(stmt, 0), (const char *)sqlite3_column_text(stmt, 1));
	if (got > 0)
		sqlite3_reset(stmt);
	return got < 0 ? db_code(e) : ERR_OK;
}

enum err_code old_values_get(struct journal *j, int64_t run, int64_t record, old_values_take *take, void *ctx,
                             struct err *e)
{
	static const char one[] = "SELECT org_id, cells FROM old_values WHERE id = (?1 << 40) + ?2";
	struct old_cell *cells = malloc(MOST_CELLS * sizeof *cells);
	sqlite3_stmt *stmt = cells ? db_query(j, one, DB_WITH(DB_NUM(run), DB_NUM(record)), e) : NULL;
	int got = stmt ? db_row(j, stmt, e) : -1;
	struct old_record r = { .record = record, .cells = cells };
	enum err_code rc = ERR_OK;

	if (!cells)
		return err_memory(e, "old values");
	if (got > 0) {
		const void *bytes = sqlite3_column_blob(stmt, 1);

		r.id = (const char *)sqlite3_column_text(stmt, 0);
		if (!unpack((struct slice){ bytes, (size_t)sqlite3_column_bytes(stmt, 1) }, cells, &r.count))
			rc = damaged(j, run, record, e);
		else
			take(ctx, &r);
		sqlite3_reset(stmt);
	}
	free(cells);
	return got < 0 ? db_code(e) : rc;
}

enum err_code old_values_has(struct journal *j, int64_t run, int64_t record, bool *found, struct err *e)
{
	int64_t id;
	enum err_code rc = db_number(j, "SELECT id FROM old_values WHERE id = (?1 << 40) + ?2",
	                             DB_WITH(DB_NUM(run), DB_NUM(record)), 0, &id, e);

	*found = rc == ERR_OK && id != 0;
	return rc;
}
