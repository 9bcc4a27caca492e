#include "store/undos.h"

#include "store/db.h"

enum err_code undo_left(struct journal *j, const struct run *run, int64_t *left, struct err *e)
{
	/* what an undo of an undo has put back can be taken back again */
	static const char taken[] =
		"WITH RECURSIVE t (id, by, n) AS (SELECT id, 1, written FROM runs WHERE undo_of = ?1 UNION ALL"
		" SELECT r.id, -t.by, r.written FROM runs r JOIN t ON r.undo_of = t.id)"
		" SELECT coalesce(sum(by * n), 0) FROM t";
	int64_t n = 0;
	enum err_code rc = db_number(j, taken, DB_WITH(DB_NUM(run->id)), 0, &n, e);

	*left = run->counts.created + run->kept - n;
	*left = *left > 0 && !run->pruned_ms ? *left : 0;
	return rc;
}

enum err_code undo_newest(struct journal *j, int64_t run, int64_t *id, bool *open, struct err *e)
{
	static const char newest[] = "SELECT max(id) FROM runs WHERE undo_of = ?";
	static const char unfinished[] = "SELECT max(id) FROM runs WHERE undo_of = ? AND (state NOT IN "
					 "('finished', 'halted', 'cancelled')"
					 " OR in_doubt > 0)";
	int64_t at = 0;
	enum err_code rc = db_number(j, unfinished, DB_WITH(DB_NUM(run)), 0, &at, e);

	*open = at != 0;
	*id = at;
	return rc == ERR_OK && !at ? db_number(j, newest, DB_WITH(DB_NUM(run)), 0, id, e) : rc;
}

enum err_code undo_must_settle(struct journal *j, int64_t run, bool *must, struct err *e)
{
	int64_t n = 0;
	enum err_code rc = db_number(
		j, "SELECT count(*) FROM chunks WHERE run = ? AND state NOT IN ('planned', 'settled')",
		DB_WITH(DB_NUM(run)), 0, &n, e);

	*must = n > 0;
	return rc;
}
