/* soql_parser.h's conditions: what follows WHERE, and the values that fields are compared with. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/when.h"
#include "practice/sf_id.h"
#include "practice/soql_parser.h"

enum { DEEPEST = 50 };

/* What a character behind a backslash means; 0: nothing. */
static char escaped(char c)
{
	static const char from[] = "nrtbfNRTBF\"'\\", to[] = "\n\r\t\b\f\n\r\t\b\f\"'\\";
	const char *at = strchr(from, c);

	return c && at ? to[at - from] : 0;
}

/* Decodes a text. In one for LIKE the backslash stays in front of what is to mean itself. */
static bool read_text(struct parser *p, struct literal *l, bool like)
{
	struct slice text = token(p).text;
	char *to = parser_alloc(p, text.len + 1);
	size_t len = 0;

	for (size_t i = 0; to && i < text.len; i++) {
		char c = text.at[i];

		if (c != '\\' || i + 1 == text.len) {
			to[len++] = c;
			continue;
		}
		c = text.at[++i];
		if (like && (c == '%' || c == '_' || c == '\\')) {
			to[len++] = '\\';
			to[len++] = c;
		} else if ((to[len++] = escaped(c)) == 0) {
			return token_refuse_name(&p->tokens, token(p).at, "MALFORMED_QUERY",
			                         "Illegal character sequence ",
			                         (struct slice){ text.at + i - 1, 2 }, " in string literal.");
		}
	}
	l->text = (struct slice){ to, len };
	return to != NULL;
}

static bool read_bare(struct parser *p, struct literal *l)
{
	struct slice text = token(p).text;
	struct number_shape shape;
	char number[64];
	int64_t n;

	if (slice_equal_fold(text, slice_of("null"))) {
		l->kind = LITERAL_NULL;
	} else if (slice_equal_fold(text, slice_of("true")) || slice_equal_fold(text, slice_of("false"))) {
		l->kind = LITERAL_BOOLEAN;
		l->number = text.len == 4;
	} else if (text.len < sizeof number && number_decimal(text, &shape)) {
		snprintf(number, sizeof number, "%.*s", SLICE_ARGS(text));
		l->kind = LITERAL_NUMBER;
		l->number = strtod(number, NULL);
	} else if (when_date(text, &n)) {
		l->kind = LITERAL_DATE;
		l->number = (double)n;
	} else if (when_instant(text, &n)) {
		l->kind = LITERAL_INSTANT;
		l->number = (double)n;
	} else {
		return unexpected(p);
	}
	return true;
}

/* The kind of literal that a field's type wants; Salesforce refuses any other but null. */
static enum literal_kind kind_for(const struct field *f)
{
	if (field_is_number(f))
		return LITERAL_NUMBER;
	if (f->type == FIELD_BOOLEAN)
		return LITERAL_BOOLEAN;
	if (f->type == FIELD_DATE)
		return LITERAL_DATE;
	return f->type == FIELD_DATETIME ? LITERAL_INSTANT : LITERAL_TEXT;
}

/* "xsd:double" as the refusal names it: "double". */
static const char *type_name(const struct field *f)
{
	const char *colon = f->soap_type ? strchr(f->soap_type, ':') : NULL;

	if (f->type == FIELD_ID || f->type == FIELD_REFERENCE || !colon)
		return "string";
	return colon + 1;
}

static bool wrong_kind(struct parser *p, size_t at, const struct field *f)
{
	char after[128];

	snprintf(after, sizeof after, " must be of type %s and should %sbe enclosed in quotes", type_name(f),
	         kind_for(f) == LITERAL_TEXT ? "" : "not ");
	return token_refuse_name(&p->tokens, at, "INVALID_FIELD", "value of filter criterion for field ",
	                         slice_of(f->name), after);
}

static bool is_id(const struct field *f)
{
	return f->type == FIELD_ID || f->type == FIELD_REFERENCE;
}

static bool fits(struct parser *p, size_t at, const struct literal *l, const struct condition *c)
{
	const struct field *f = c->field.field;
	char prefix[4], what[128];
	uint32_t number;

	if (l->kind != LITERAL_NULL && l->kind != kind_for(f))
		return wrong_kind(p, at, f);
	if (!is_id(f) || l->kind == LITERAL_NULL || l->text.len == 0 ||
	    sf_id_read(l->text, prefix, &number) != SF_ID_MALFORMED)
		return true;
	snprintf(what, sizeof what, "invalid ID field: %.*s", (int)(l->text.len < 80 ? l->text.len : 80),
	         l->text.at);
	return token_refuse(&p->tokens, at, "INVALID_QUERY_FILTER_OPERATOR", what);
}

static bool read_literal(struct parser *p, struct literal *l, const struct condition *c)
{
	size_t at = token(p).at;

	*l = (struct literal){ .text = token(p).text };
	if (token(p).kind != TOKEN_TEXT && token(p).kind != TOKEN_WORD)
		return unexpected(p);
	if (!(token(p).kind == TOKEN_TEXT ? read_text(p, l, c->op == QUERY_LIKE) : read_bare(p, l)) ||
	    !fits(p, at, l, c))
		return false;
	if (l->kind == LITERAL_TEXT && l->text.len == 0)
		l->kind = LITERAL_NULL; /* there are no empty texts in the org */
	token_next(&p->tokens);
	return true;
}

/* How many values the list that begins here may have: one more than its commas. */
static size_t most_values(const struct parser *p)
{
	struct slice text = p->tokens.text;
	size_t n = 1;

	for (size_t i = token(p).at; i < text.len; i++)
		n += text.at[i] == ',';
	return n;
}

static bool read_list(struct parser *p, struct condition *c)
{
	if (!parser_expect_sign(p, "("))
		return false;
	c->values = parser_alloc(p, most_values(p) * sizeof *c->values);
	if (!c->values)
		return false;
	do
		if (!read_literal(p, &c->values[c->value_count++], c))
			return false;
	while (take_sign(p, ","));
	return parser_expect_sign(p, ")");
}

static bool read_op(struct parser *p, enum query_op *op)
{
	static const struct {
		const char *sign;
		enum query_op op;
	} signs[] = {
		{ "=", QUERY_EQ }, { "!=", QUERY_NE }, { "<>", QUERY_NE }, { "<", QUERY_LT },
		{ ">", QUERY_GT }, { "<=", QUERY_LE }, { ">=", QUERY_GE },
	};

	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
		if (take_sign(p, signs[i].sign)) {
			*op = signs[i].op;
			return true;
		}
	if (take_word(p, "LIKE")) {
		*op = QUERY_LIKE;
	} else if (take_word(p, "IN")) {
		*op = QUERY_IN;
	} else if (take_word(p, "NOT")) {
		*op = QUERY_NOT_IN;
		return parser_expect_word(p, "IN");
	} else {
		return unexpected(p);
	}
	return true;
}

static struct condition *new_condition(struct parser *p, enum condition_kind kind, struct condition *left)
{
	struct condition *c = parser_alloc(p, sizeof *c);

	if (c)
		*c = (struct condition){ .kind = kind, .left = left };
	return c;
}

static bool may_be_filtered(struct parser *p, size_t at, const struct condition *c)
{
	if (!c->field.field->filterable)
		return token_refuse_name(&p->tokens, at, "INVALID_FIELD", "field ",
		                         slice_of(c->field.field->name),
		                         " can not be filtered in a query call");
	if (c->op == QUERY_LIKE && is_id(c->field.field))
		return token_refuse(&p->tokens, at, "INVALID_QUERY_FILTER_OPERATOR",
		                    "invalid operator on id field");
	return true;
}

static struct condition *read_test(struct parser *p)
{
	struct condition *c = new_condition(p, CONDITION_TEST, NULL);
	size_t at = token(p).at;

	if (!c)
		return NULL;
	if (token(p).kind != TOKEN_WORD) {
		unexpected(p);
		return NULL;
	}
	if (!parser_find_field(p, token(p), &c->field))
		return NULL;
	token_next(&p->tokens);
	if (!read_op(p, &c->op) || !may_be_filtered(p, at, c))
		return NULL;
	if (c->op == QUERY_IN || c->op == QUERY_NOT_IN)
		return read_list(p, c) ? c : NULL;
	c->value_count = 1;
	c->values = parser_alloc(p, sizeof *c->values);
	return c->values && read_literal(p, c->values, c) ? c : NULL;
}

static struct condition *read_unary(struct parser *p)
{
	struct condition *inner;

	if (++p->depth > DEEPEST) {
		token_refuse(&p->tokens, token(p).at, "MALFORMED_QUERY", "conditions are nested too deeply");
		return NULL;
	}
	if (take_word(p, "NOT")) {
		inner = read_unary(p);
		inner = inner ? new_condition(p, CONDITION_NOT, inner) : NULL;
	} else if (take_sign(p, "(")) {
		inner = parser_read_where(p);
		if (inner && !parser_expect_sign(p, ")"))
			inner = NULL;
	} else {
		inner = read_test(p);
	}
	p->depth--;
	return inner;
}

/* AND and OR do not stand side by side: one of them needs parentheses. */
struct condition *parser_read_where(struct parser *p)
{
	struct condition *c = read_unary(p);
	bool any = c && token_is_word(&p->tokens, "OR");

	while (c && take_word(p, any ? "OR" : "AND")) {
		c = new_condition(p, any ? CONDITION_OR : CONDITION_AND, c);
		if (c && !(c->right = read_unary(p)))
			return NULL;
	}
	return c;
}
