/*
 * soql_token.h - the words, texts and signs of a query, one after the other, and how a query is refused.
 * A refusal shows the query with a caret under the culprit, as Salesforce does (salesforce-api.md F).
 */
#ifndef LONGSHORE_PRACTICE_SOQL_TOKEN_H
#define LONGSHORE_PRACTICE_SOQL_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "practice/soql.h"

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_TEXT, TOKEN_SIGN };

struct token {
	enum token_kind kind;
	struct slice text; /* as it stands in the query; of a text without its quotes */
	size_t at;
};

struct tokens {
	struct slice text; /* the query */
	size_t at;
	struct token token; /* the one that comes next */
	struct query_error *error;
};

void token_next(struct tokens *t);
bool token_is_word(const struct tokens *t, const char *word); /* without regard to case */
bool token_is_sign(const struct tokens *t, const char *sign);

/* Moves on if it is this one. */
bool token_take_word(struct tokens *t, const char *word);
bool token_take_sign(struct tokens *t, const char *sign);

/* Refuses the query at a place of it; the first refusal stands. All return false. */
bool token_refuse(struct tokens *t, size_t at, const char *code, const char *what);
bool token_refuse_name(struct tokens *t, size_t at, const char *code, const char *before, struct slice name,
                       const char *after); /* BEFORE'NAME'AFTER */
bool token_unexpected(struct tokens *t);

#endif
