/* data.h's part about refresh tokens: the few there are, all of them anew whenever one has changed. */
#include <stdio.h>

#include "practice/data_file.h"
#include "practice/practice.h"

bool data_tokens_saved(const struct data *d, const struct practice *p)
{
	return d->tokens == p->sessions.refresh_changes;
}

static void put_token(struct data *d, size_t number, const struct refresh_token *token)
{
	sqlite3_stmt *s = d->statements[PUT_TOKEN];

	DATA_BIND_NUMBERS(s, 1, (int64_t)number);
	data_bind_text(s, 2, slice_of(token->text));
	data_bind_text(s, 3, slice_of(token->scope));
	DATA_BIND_NUMBERS(s, 4, token->since, token->dead);
	data_finish(d, s);
}

void data_save_tokens(struct data *d, const struct practice *p)
{
	const struct sessions *all = &p->sessions;

	if (data_tokens_saved(d, p))
		return;
	put_token(d, 1, &all->given);
	for (size_t i = 0; i < all->refresh_count; i++)
		put_token(d, i + 2, &all->refresh[i]);
	d->tokens = all->refresh_changes;
}

static void take_text(char *to, size_t size, sqlite3_stmt *s, int place)
{
	const char *text = (const char *)sqlite3_column_text(s, place);

	snprintf(to, size, "%s", text ? text : "");
}

/* Where the token of this number belongs, which is the next; NULL: it is another's turn, or there is no memory. */
static struct refresh_token *place_for(struct sessions *all, int64_t number)
{
	if (number == 1)
		return &all->given;
	return number == (int64_t)all->refresh_count + 2 ? refresh_token_restore(all) : NULL;
}

static bool take_token(struct sessions *all, sqlite3_stmt *s)
{
	struct refresh_token *token = place_for(all, sqlite3_column_int64(s, 0));

	if (!token)
		return false;
	take_text(token->text, sizeof token->text, s, 1);
	take_text(token->scope, sizeof token->scope, s, 2);
	token->since = sqlite3_column_int64(s, 3);
	token->dead = sqlite3_column_int(s, 4) != 0;
	return true;
}

void data_load_tokens(struct data *d, struct practice *p, struct err *e)
{
	sqlite3_stmt *s = data_prepare(d, "SELECT * FROM refresh_token ORDER BY number", e);

	while (s && e->code == ERR_OK && sqlite3_step(s) == SQLITE_ROW)
		if (!take_token(&p->sessions, s))
			err_set(e, ERR_FILE, "the data file's refresh tokens are damaged");
	sqlite3_finalize(s);
	d->tokens = p->sessions.refresh_changes;
}
