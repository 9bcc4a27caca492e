#include "store/orders.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/user.h"
#include "store/db.h"

static const char *const kind_names[] = {
#define X(name, text) [ORDER_##name] = text,
	ORDERS(X)
#undef X
};
enum { KIND_COUNT = sizeof kind_names / sizeof kind_names[0] };

#define SELECT_ORDER "SELECT id, kind, by, created_ms, answer FROM orders "

void order_who(char *to, size_t size)
{
	user_name(geteuid(), to, size);
}

enum err_code order_add(struct journal *j, int64_t run, enum order_kind kind, int64_t *id, struct err *e)
{
	static const char add[] =
		"INSERT INTO orders (run, kind, by, created_ms, answer) SELECT id, ?2, ?3, ?4, '' FROM"
		" runs WHERE id = ?1";
	char by[ORDER_BY];
	enum err_code rc;

	*id = 0;
	order_who(by, sizeof by);
	rc = db_do(j, add,
	           DB_WITH(DB_NUM(run), DB_TXT(kind_names[kind]), DB_TXT(by), DB_NUM(clock_utc(j->clock))), e);
	if (rc == ERR_OK && sqlite3_changes(j->db) == 0)
		rc = err_set(e, ERR_USAGE, "there is no run %lld", (long long)run);
	if (rc == ERR_OK)
		*id = sqlite3_last_insert_rowid(j->db);
	return rc;
}

enum err_code order_tenure(struct journal *j, int64_t run, struct err *e)
{
	return db_do(j,
	             "UPDATE orders SET answer = 'the engine they were given to has gone'"
	             " WHERE run = ? AND answer = '' AND kind <> 'retry'",
	             DB_WITH(DB_NUM(run)), e);
}

static enum err_code read_order(struct journal *j, sqlite3_stmt *stmt, struct order *order, struct err *e)
{
	char kind[32];
	int k;

	order->id = sqlite3_column_int64(stmt, 0);
	db_text(stmt, 1, kind, sizeof kind);
	db_text(stmt, 2, order->by, sizeof order->by);
	order->created_ms = sqlite3_column_int64(stmt, 3);
	db_text(stmt, 4, order->answer, sizeof order->answer);
	for (k = 0; k < KIND_COUNT && strcmp(kind_names[k], kind) != 0; k++)
		;
	if (k == KIND_COUNT)
		return err_set(e, ERR_JOURNAL, "the journal %s holds an order \"%s\", which is none", j->file,
		               kind);
	order->kind = (enum order_kind)k;
	return ERR_OK;
}

static enum err_code one_order(struct journal *j, const char *sql, int64_t key, struct order *order,
                               bool *found, struct err *e)
{
	sqlite3_stmt *stmt = db_query(j, sql, DB_WITH(DB_NUM(key)), e);
	int got = stmt ? db_row(j, stmt, e) : -1;
	enum err_code rc;

	*found = got > 0;
	if (got <= 0)
		return got < 0 ? db_code(e) : ERR_OK;
	rc = read_order(j, stmt, order, e);
	sqlite3_reset(stmt);
	return rc;
}

enum err_code order_next(struct journal *j, int64_t run, struct order *order, bool *found, struct err *e)
{
	static const char next[] = SELECT_ORDER "WHERE run = ? AND answer = '' ORDER BY id LIMIT 1";

	return one_order(j, next, run, order, found, e);
}

enum err_code order_answer(struct journal *j, int64_t order, const char *answer, struct err *e)
{
	enum err_code rc;

	if (!*answer)
		return err_set(e, ERR_INTERNAL, "order %lld needs an answer", (long long)order);
	rc = db_do(j, "UPDATE orders SET answer = ?2 WHERE id = ?1 AND answer = ''",
	           DB_WITH(DB_NUM(order), DB_TXT(answer)), e);
	if (rc == ERR_OK && sqlite3_changes(j->db) == 0)
		rc = err_set(e, ERR_INTERNAL, "order %lld is not open: it has its answer, or never was",
		             (long long)order);
	return rc;
}

enum err_code order_get(struct journal *j, int64_t id, struct order *order, struct err *e)
{
	static const char by_id[] = SELECT_ORDER "WHERE id = ?";
	enum err_code rc;
	bool found;

	rc = one_order(j, by_id, id, order, &found, e);
	if (rc == ERR_OK && !found)
		rc = err_set(e, ERR_USAGE, "there is no order %lld", (long long)id);
	return rc;
}
