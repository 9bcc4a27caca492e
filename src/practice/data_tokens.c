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

void data_load_tokens(struct data *d, struct practice *p, struct err *e)
{
	sqlite3_stmt *s = data_prepare(d, "SELECT * FROM refresh_token ORDER BY number", e);
	int64_t expected = 1;

	while (s && e->code == ERR_OK && sqlite3_step(s) == SQLITE_ROW) {
		int64_t number = sqlite3_column_int64(s, 0);
		struct refresh_token *token = number != expected++ ? NULL
		                              : number == 1        ? &p->sessions.given
		                                                   : refresh_token_restore(&p->sessions);

		if (!token) {
			err_set(e, ERR_FILE, "the data file's refresh tokens are damaged");
			break;
		}
		take_text(token->text, sizeof token->text, s, 1);
		take_text(token->scope, sizeof token->scope, s, 2);
		token->since = sqlite3_column_int64(s, 3);
		token->dead = sqlite3_column_int(s, 4) != 0;
	}
	sqlite3_finalize(s);
	d->tokens = p->sessions.refresh_changes;
}
