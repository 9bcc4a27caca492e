#include "practice/soql_token.h"

#include <stdio.h>
#include <string.h>

enum { SHOWN_BEFORE = 40, SHOWN_BEHIND = 30, LONGEST_NAME = 200 };

static bool is_word_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
	       c == '.' || c == ':' || c == '-' || c == '+';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool token_refuse(struct tokens *t, size_t at, const char *code, const char *what)
{
	size_t from = at > SHOWN_BEFORE ? at - SHOWN_BEFORE : 0;
	size_t to = at + SHOWN_BEHIND < t->text.len ? at + SHOWN_BEHIND : t->text.len;
	size_t row = 1, line = 0; /* where the culprit's line begins */

	if (t->error->code)
		return false;
	for (size_t i = 0; i < at; i++)
		if (t->text.at[i] == '\n') {
			row++;
			line = i + 1;
		}
	if (from < line)
		from = line;
	t->error->code = code;
	buf_addf(&t->error->message, "\n%.*s\n%*s^\nERROR at Row:%zu:Column:%zu\n%s", (int)(to - from),
	         t->text.len ? t->text.at + from : "", (int)(at - from), "", row, at - line + 1, what);
	return false;
}

bool token_refuse_name(struct tokens *t, size_t at, const char *code, const char *before, struct slice name,
                       const char *after)
{
	char text[1024];

	if (name.len > LONGEST_NAME)
		name.len = LONGEST_NAME;
	snprintf(text, sizeof text, "%s'%.*s'%s", before, SLICE_ARGS(name), after);
	return token_refuse(t, at, code, text);
}

bool token_unexpected(struct tokens *t)
{
	if (t->token.kind == TOKEN_END)
		return token_refuse(t, t->token.at, "MALFORMED_QUERY", "unexpected token: '<EOF>'");
	return token_refuse_name(t, t->token.at, "MALFORMED_QUERY", "unexpected token: ", t->token.text, "");
}

static void read_quoted(struct tokens *t)
{
	size_t from = ++t->at;

	while (t->at < t->text.len && t->text.at[t->at] != '\'')
		t->at += t->text.at[t->at] == '\\' && t->at + 1 < t->text.len ? 2 : 1;
	t->token.kind = TOKEN_TEXT;
	t->token.text = (struct slice){ t->text.at + from, t->at - from };
	if (t->at < t->text.len)
		t->at++;
	else
		token_refuse(t, from - 1, "MALFORMED_QUERY", "mismatched character '<EOF>' expecting a quote");
}

/* Length of the sign at the front of s: 1, or 2 for those of two characters. */
static size_t sign_length(struct slice s)
{
	static const char *const pairs[] = { "!=", "<=", ">=", "<>" };

	for (size_t i = 0; s.len >= 2 && i < sizeof pairs / sizeof pairs[0]; i++)
		if (memcmp(s.at, pairs[i], 2) == 0)
			return 2;
	return 1;
}

void token_next(struct tokens *t)
{
	struct slice rest;
	size_t len = 0;

	while (t->at < t->text.len && is_blank(t->text.at[t->at]))
		t->at++;
	t->token = (struct token){ .at = t->at };
	if (t->at >= t->text.len)
		return;
	rest = (struct slice){ t->text.at + t->at, t->text.len - t->at };
	if (rest.at[0] == '\'') {
		read_quoted(t);
		return;
	}
	while (len < rest.len && is_word_char(rest.at[len]))
		len++;
	t->token.kind = len ? TOKEN_WORD : TOKEN_SIGN;
	t->token.text = (struct slice){ rest.at, len ? len : sign_length(rest) };
	t->at += t->token.text.len;
}

bool token_is_word(const struct tokens *t, const char *word)
{
	return t->token.kind == TOKEN_WORD && slice_equal_fold(t->token.text, slice_of(word));
}

bool token_is_sign(const struct tokens *t, const char *sign)
{
	return t->token.kind == TOKEN_SIGN && slice_is(t->token.text, sign);
}

bool token_take_word(struct tokens *t, const char *word)
{
	if (!token_is_word(t, word))
		return false;
	token_next(t);
	return true;
}

bool token_take_sign(struct tokens *t, const char *sign)
{
	if (!token_is_sign(t, sign))
		return false;
	token_next(t);
	return true;
}
