#include "store/mappings.h"

#include <stdio.h>
#include <string.h>

#include "store/db.h"

#define COLUMNS "name, object, action, external_id, columns, saved_ms"

enum { NAMES_TOLD = 200 };

enum err_code saved_mapping_put(struct journal *j, struct saved_mapping *m, struct slice json, struct err *e)
{
	m->saved_ms = clock_utc(j->clock);
	if (db_begin(j, e) != ERR_OK)
		return db_code(e);
	return db_end(
		j,
		db_do(j,
	              "INSERT OR REPLACE INTO saved_mappings (" COLUMNS ", mapping) VALUES (?, ?, ?, ?, ?, "
	              "?, ?)",
	              DB_WITH(DB_TXT(m->name), DB_TXT(m->object), DB_TXT(m->action), DB_TXT(m->external_id),
	                      DB_TXT(m->columns), DB_NUM(m->saved_ms), DB_SLICE(json)),
	              e),
		e);
}

static void read_row(sqlite3_stmt *stmt, struct saved_mapping *m)
{
	*m = (struct saved_mapping){ .saved_ms = sqlite3_column_int64(stmt, 5) };
	db_text(stmt, 0, m->name, sizeof m->name);
	db_text(stmt, 1, m->object, sizeof m->object);
	db_text(stmt, 2, m->action, sizeof m->action);
	db_text(stmt, 3, m->external_id, sizeof m->external_id);
	db_text(stmt, 4, m->columns, sizeof m->columns);
}

/* "there are: accounts weekly, contacts" */
static enum err_code none_of(struct journal *j, const char *name, struct err *e)
{
	sqlite3_stmt *stmt = db_query(j, "SELECT name FROM saved_mappings ORDER BY name LIMIT 10", NULL, e);
	char names[NAMES_TOLD] = "", one[64];
	int row = stmt ? 1 : -1;
	size_t used = 0;

	while (row == 1 && (row = db_row(j, stmt, e)) == 1) {
		db_text(stmt, 0, one, sizeof one);
		if (used + strlen(one) + 3 < sizeof names)
			used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", used ? ", " : "",
			                         one);
	}
	if (row < 0)
		return db_code(e);
	return err_set(e, ERR_USAGE, "there is no saved mapping \"%s\": %s%s", name,
	               used ? "there are " : "none was saved yet, m on the Mapping screen does", names);
}

enum err_code saved_mapping_get(struct journal *j, const char *name, struct saved_mapping *mapping,
                                struct buf *json, struct err *e)
{
	sqlite3_stmt *stmt = db_query(j, "SELECT " COLUMNS ", mapping FROM saved_mappings WHERE name = ?",
	                              DB_WITH(DB_TXT(name)), e);
	int row = stmt ? db_row(j, stmt, e) : -1;

	if (row < 0)
		return db_code(e);
	if (row == 0)
		return none_of(j, name, e);
	read_row(stmt, mapping);
	if (json)
		buf_add(json, sqlite3_column_text(stmt, 6), (size_t)sqlite3_column_bytes(stmt, 6));
	sqlite3_reset(stmt);
	return ERR_OK;
}

int saved_mapping_list(struct journal *j, const char *object, const char *columns, struct saved_mapping *list,
                       int most, struct err *e)
{
	sqlite3_stmt *stmt = db_query(j,
	                              "SELECT " COLUMNS
	                              " FROM saved_mappings WHERE object = ?1 COLLATE NOCASE ORDER "
	                              "BY columns = ?2 DESC, saved_ms DESC, name LIMIT ?3",
	                              DB_WITH(DB_TXT(object), DB_TXT(columns), DB_NUM(most)), e);
	int count = 0, row = stmt ? 1 : -1;

	while (row == 1 && (row = db_row(j, stmt, e)) == 1)
		read_row(stmt, &list[count++]);
	return row < 0 ? -1 : count;
}

enum err_code saved_mapping_remove(struct journal *j, const char *name, struct err *e)
{
	if (db_begin(j, e) != ERR_OK)
		return db_code(e);
	return db_end(j, db_do(j, "DELETE FROM saved_mappings WHERE name = ?", DB_WITH(DB_TXT(name)), e), e);
}
