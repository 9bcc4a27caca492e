#include "store/left_out.h"

#include <string.h>

#include "store/chunk_list.h"
#include "store/db.h"

enum { MOST_BYTES = LEFT_OUT_PAGE * 40 /* four numbers of ten bytes */ };

enum err_code left_out_add(struct journal *j, int64_t run, const struct left_out *items, size_t count,
                           struct err *e)
{
	static const char add[] = "INSERT INTO left_out (run, first, count, items) VALUES (?, ?, ?, ?)";
	struct buf b;
	enum err_code rc;

	buf_init(&b, MOST_BYTES);
	chunk_list_add(&b, &items->record, sizeof *items, count);
	chunk_list_add(&b, &items->other, sizeof *items, count);
	chunk_list_add(&b, &items->key, sizeof *items, count);
	chunk_list_add(&b, &items->why, sizeof *items, count);
	rc = b.short_of ? err_memory(e, "records that are left out") : ERR_OK;
	if (rc == ERR_OK)
		rc = db_do(j, add,
		           DB_WITH(DB_NUM(run), DB_NUM(items[0].record), DB_NUM((int64_t)count),
		                   DB_BYTES(b.at, b.len)),
		           e);
	buf_release(&b);
	return rc;
}

/* Journals of version 3 do not say why: there was one reason. */
static bool read_items(struct left_out_page *page, struct slice bytes)
{
	struct left_out *items = page->items;

	memset(items, 0, page->count * sizeof *items);
	return chunk_list_read(&bytes, &items->record, sizeof *items, page->count) &&
	       chunk_list_read(&bytes, &items->other, sizeof *items, page->count) &&
	       chunk_list_read(&bytes, &items->key, sizeof *items, page->count) &&
	       (bytes.len == 0 || chunk_list_read(&bytes, &items->why, sizeof *items, page->count)) &&
	       bytes.len == 0;
}

/* The page in which the record would be. */
static enum err_code read_page(struct journal *j, int64_t run, int64_t record, struct left_out_page *page,
                               struct err *e)
{
	static const char at[] = "SELECT first, count, items FROM left_out WHERE run = ? AND first <= ? "
				 "ORDER BY first DESC LIMIT 1";
	static const char behind[] = "SELECT first FROM left_out WHERE run = ? AND first > ? "
				     "ORDER BY first LIMIT 1";
	sqlite3_stmt *stmt = db_query(j, at, DB_WITH(DB_NUM(run), DB_NUM(record)), e);
	int got = stmt ? db_row(j, stmt, e) : -1;
	bool whole = true;

	if (got < 0)
		return db_code(e);
	page->count = 0;
	page->from = 1;
	page->behind = 0; /* it speaks of none yet */
	if (got > 0) {
		struct slice bytes = { sqlite3_column_blob(stmt, 2), (size_t)sqlite3_column_bytes(stmt, 2) };
		int64_t count = sqlite3_column_int64(stmt, 1);

		page->from = sqlite3_column_int64(stmt, 0);
		whole = count > 0 && count <= LEFT_OUT_PAGE;
		page->count = whole ? (size_t)count : 0;
		whole = whole && read_items(page, bytes);
		sqlite3_reset(stmt);
	}
	if (!whole)
		return err_set(e, ERR_JOURNAL,
		               "the journal %s has a damaged list of the records that run %lld leaves out",
		               j->file, (long long)run);
	return db_number(j, behind, DB_WITH(DB_NUM(run), DB_NUM(record)), INT64_MAX, &page->behind, e);
}

enum err_code left_out_find(struct journal *j, int64_t run, int64_t record, struct left_out_page *page,
                            const struct left_out **found, struct err *e)
{
	size_t low = 0, high;

	*found = NULL;
	if (record < page->from || record >= page->behind) {
		enum err_code rc = read_page(j, run, record, page, e);

		if (rc != ERR_OK) {
			page->behind = 0;
			return rc;
		}
	}
	high = page->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (page->items[middle].record < record)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < page->count && page->items[low].record == record)
		*found = &page->items[low];
	return ERR_OK;
}
