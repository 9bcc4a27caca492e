#include "store/messages.h"

#include <string.h>

#include "base/hash.h"

static const struct outcome_message nothing_said = { "", "", "" };

void messages_init(struct messages *m, struct journal *j, int64_t run)
{
	memset(m, 0, sizeof *m);
	m->j = j;
	m->run = run;
	buf_init(&m->form, 1 << 20);
}

void messages_release(struct messages *m)
{
	buf_release(&m->form);
}

static uint64_t hash_three(const char *code, const char *fields, struct slice text)
{
	return hash_of(text, hash_of(slice_of(fields), hash_of(slice_of(code), 0)));
}

static bool column_is(sqlite3_stmt *stmt, int column, struct slice text)
{
	const void *at = sqlite3_column_blob(stmt, column);

	return slice_equal((struct slice){ at, (size_t)sqlite3_column_bytes(stmt, column) }, text);
}

/* The row of a table (id, second column, code, fields, text) that is equal, not only of equal hash; 0 if there is none. */
static enum err_code find_equal(struct journal *j, const char *sql, uint64_t hash,
                                const struct outcome_message *o, struct slice text, int64_t *id, int64_t *form,
                                struct err *e)
{
	sqlite3_stmt *stmt = db_query(j, sql, DB_WITH(DB_NUM((int64_t)hash)), e);
	int got = -1;

	*id = 0;
	while (stmt && (got = db_row(j, stmt, e)) > 0)
		if (column_is(stmt, 2, slice_of(o->code)) && column_is(stmt, 3, slice_of(o->fields)) &&
		    column_is(stmt, 4, text)) {
			*id = sqlite3_column_int64(stmt, 0);
			*form = sqlite3_column_int64(stmt, 1);
			sqlite3_reset(stmt);
			break;
		}
	return got < 0 ? db_code(e) : ERR_OK;
}

static enum err_code find_form(struct messages *m, const struct outcome_message *o, int64_t *form,
                               struct err *e)
{
	struct slice text;
	int64_t unused;
	uint64_t hash;
	enum err_code rc;

	buf_clear(&m->form);
	outcome_mask(slice_of(o->text), &m->form); /* cut at the ceiling, which groups just as well */
	text = buf_slice(&m->form);
	hash = hash_three(o->code, o->fields, text);
	rc = find_equal(m->j, "SELECT id, 0, code, fields, text FROM forms WHERE hash = ?", hash, o, text, form,
	                &unused, e);
	if (rc != ERR_OK || *form)
		return rc;
	rc = db_do(m->j, "INSERT INTO forms (hash, code, fields, text) VALUES (?, ?, ?, ?)",
	           DB_WITH(DB_NUM((int64_t)hash), DB_TXT(o->code), DB_TXT(o->fields), DB_SLICE(text)), e);
	*form = sqlite3_last_insert_rowid(m->j->db);
	return rc;
}

static enum err_code find_message(struct messages *m, const struct outcome_message *o, uint64_t hash,
                                  struct message_slot *slot, struct err *e)
{
	enum err_code rc = find_equal(m->j, "SELECT id, form, code, fields, text FROM messages WHERE hash = ?",
	                              hash, o, slice_of(o->text), &slot->message, &slot->form, e);

	if (rc != ERR_OK || slot->message)
		return rc;
	rc = find_form(m, o, &slot->form, e);
	if (rc == ERR_OK)
		rc = db_do(m->j, "INSERT INTO messages (hash, form, code, fields, text) VALUES (?, ?, ?, ?, ?)",
		           DB_WITH(DB_NUM((int64_t)hash), DB_NUM(slot->form), DB_TXT(o->code),
		                   DB_TXT(o->fields), DB_TXT(o->text)),
		           e);
	slot->message = sqlite3_last_insert_rowid(m->j->db);
	return rc;
}

static enum err_code find_team(struct messages *m, int64_t form, enum outcome_state state, int64_t *team,
                               struct err *e)
{
	enum err_code rc = db_number(m->j, "SELECT id FROM teams WHERE run = ? AND state = ? AND form = ?",
	                             DB_WITH(DB_NUM(m->run), DB_NUM(state), DB_NUM(form)), 0, team, e);

	if (rc != ERR_OK || *team)
		return rc;
	rc = db_do(m->j, "INSERT INTO teams (run, state, form, count) VALUES (?, ?, ?, 0)",
	           DB_WITH(DB_NUM(m->run), DB_NUM(state), DB_NUM(form)), e);
	*team = sqlite3_last_insert_rowid(m->j->db);
	return rc;
}

static bool same_message(const struct outcome_message *a, const struct outcome_message *b)
{
	return a == b || (strcmp(a->text, b->text) == 0 && strcmp(a->code, b->code) == 0 &&
	                  strcmp(a->fields, b->fields) == 0);
}

enum err_code messages_find(struct messages *m, const struct outcome_message *o, enum outcome_state state,
                            int64_t *message, int64_t *team, struct err *e)
{
	struct message_slot *slot;
	enum err_code rc = ERR_OK;
	uint64_t hash;

	if (!o)
		o = &nothing_said;
	hash = hash_three(o->code, o->fields, slice_of(o->text));
	slot = &m->slots[hash % MESSAGE_SLOTS];
	if (!slot->seen || slot->hash != hash || !same_message(slot->seen, o)) {
		*slot = (struct message_slot){ .hash = hash };
		rc = find_message(m, o, hash, slot, e);
		if (rc == ERR_OK)
			slot->seen = o;
	}
	if (rc == ERR_OK && !slot->teams[state])
		rc = find_team(m, slot->form, state, &slot->teams[state], e);
	*message = slot->message;
	*team = slot->teams[state];
	return rc;
}

static enum err_code write_count(struct messages *m, struct team_slot *slot, struct err *e)
{
	enum err_code rc = ERR_OK;

	if (slot->more)
		rc = db_do(m->j, "UPDATE teams SET count = count + ?2 WHERE id = ?1",
		           DB_WITH(DB_NUM(slot->team), DB_NUM(slot->more)), e);
	slot->more = 0;
	return rc;
}

enum err_code messages_count(struct messages *m, int64_t team, int64_t more, struct err *e)
{
	struct team_slot *slot = &m->more[team % TEAM_SLOTS];
	enum err_code rc = ERR_OK;

	if (slot->team != team) {
		rc = write_count(m, slot, e);
		slot->team = team;
	}
	slot->more += more;
	return rc;
}

enum err_code messages_flush(struct messages *m, struct err *e)
{
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < TEAM_SLOTS && rc == ERR_OK; i++)
		rc = write_count(m, &m->more[i], e);
	return rc;
}
