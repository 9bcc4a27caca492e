/*
 * soql_parser.h - what the files that read a query share: soql.c its clauses, soql_field.c the paths to its fields,
 * soql_where.c its conditions. Each function here refuses the query (token_refuse) when it returns false or NULL.
 */
#ifndef LONGSHORE_PRACTICE_SOQL_PARSER_H
#define LONGSHORE_PRACTICE_SOQL_PARSER_H

#include "practice/soql.h"
#include "practice/soql_token.h"

struct parser {
	struct tokens tokens;
	size_t end; /* nothing of the query stands there or behind it */
	const struct schema *schema;
	struct query *query;
	struct arena *arena;         /* of the query, or of the one that it stands in */
	const struct object *parent; /* what the records must point at; NULL: it stands in no other query */
	struct token from;           /* what stands behind FROM */
	struct slice alias;          /* of the object: FROM Account a */
	int depth;                   /* of conditions */
};

/* `size` bytes of zeros in the query's arena; NULL with the refusal. */
void *parser_alloc(struct parser *p, size_t size);

bool parser_expect_word(struct parser *p, const char *word);
bool parser_expect_sign(struct parser *p, const char *sign);

/* The field that a path means, seen from the query's object: "Name", "Account.Owner.Name", "Owner.Type". */
bool parser_find_field(struct parser *p, struct token path, struct query_field *to);

/* What follows WHERE. */
struct condition *parser_read_where(struct parser *p);

static inline struct token token(const struct parser *p)
{
	return p->tokens.token;
}

static inline bool unexpected(struct parser *p)
{
	return token_unexpected(&p->tokens);
}

static inline bool take_word(struct parser *p, const char *word)
{
	return token_take_word(&p->tokens, word);
}

static inline bool take_sign(struct parser *p, const char *sign)
{
	return token_take_sign(&p->tokens, sign);
}

#endif
