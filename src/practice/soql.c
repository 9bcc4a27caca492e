#include "practice/soql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/when.h"
#include "practice/soql_token.h"

enum { DEEPEST = 50, MOST_ORDERS = 8, MOST_NAMES = 500 };

#define NO_FIELD                                                                                     \
	"If you are attempting to use a custom field, be sure to append the '__c' after the custom " \
	"field name. Please reference your WSDL or the describe call for the appropriate names."
#define NO_OBJECT                                                                                     \
	"If you are attempting to use a custom object, be sure to append the '__c' after the entity " \
	"name. Please reference your WSDL or the describe call for the appropriate names."

struct parser {
	struct tokens tokens;
	const struct schema *schema;
	struct query *query;
	int depth;
};

static struct token token(const struct parser *p)
{
	return p->tokens.token;
}

static bool unexpected(struct parser *p)
{
	return token_unexpected(&p->tokens);
}

static bool no_memory(struct parser *p)
{
	return token_refuse(&p->tokens, token(p).at, "UNKNOWN_EXCEPTION", "no memory for the query");
}

static bool take_word(struct parser *p, const char *word)
{
	return token_take_word(&p->tokens, word);
}

static bool take_sign(struct parser *p, const char *sign)
{
	return token_take_sign(&p->tokens, sign);
}

static bool expect_word(struct parser *p, const char *word)
{
	return take_word(p, word) || unexpected(p);
}

static bool expect_sign(struct parser *p, const char *sign)
{
	return take_sign(p, sign) || unexpected(p);
}

static bool no_column(struct parser *p, struct token name, const struct object *o)
{
	char after[512];

	snprintf(after, sizeof after, " on entity '%s'. %s", o->name, NO_FIELD);
	return token_refuse_name(&p->tokens, name.at, "INVALID_FIELD", "No such column ", name.text, after);
}

/* "Account.Name" of a contact: the reference before the dot. The object's own name may stand there too. */
static bool find_relationship(struct parser *p, struct token name, struct slice head, struct query_field *to)
{
	const struct object *o = p->query->object;

	to->via = object_relationship(o, head);
	if (to->via && to->via->target_count)
		to->far = schema_object(p->schema, slice_of(to->via->targets[0]));
	if (to->far)
		return true;
	to->via = NULL;
	return slice_equal_fold(head, slice_of(o->name)) ||
	       token_refuse_name(
		       &p->tokens, name.at, "INVALID_FIELD", "Didn't understand relationship ", head,
		       " in field path. If you are attempting to use a custom relationship, be sure to "
		       "append the '__r' after the custom relationship name.");
}

static bool find_field(struct parser *p, struct token name, struct query_field *to)
{
	const char *dot = memchr(name.text.at, '.', name.text.len);
	struct slice rest = name.text, head;

	*to = (struct query_field){ 0 };
	if (dot) {
		head = (struct slice){ rest.at, (size_t)(dot - rest.at) };
		rest = (struct slice){ dot + 1, rest.len - head.len - 1 };
		if (!find_relationship(p, name, head, to))
			return false;
	}
	to->field = object_field(to->far ? to->far : p->query->object, rest);
	return to->field ? true : no_column(p, name, to->far ? to->far : p->query->object);
}

static bool read_text(struct parser *p, struct literal *l)
{
	struct slice text = token(p).text;
	char *to = arena_alloc(&p->query->arena, text.len + 1);
	size_t len = 0;

	if (!to)
		return no_memory(p);
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '\\' && i + 1 < text.len)
			i++;
		to[len++] = text.at[i];
	}
	l->text = (struct slice){ to, len };
	return true;
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

static bool read_literal(struct parser *p, struct literal *l, const struct field *f)
{
	size_t at = token(p).at;

	*l = (struct literal){ .text = token(p).text };
	if (token(p).kind != TOKEN_TEXT && token(p).kind != TOKEN_WORD)
		return unexpected(p);
	if (!(token(p).kind == TOKEN_TEXT ? read_text(p, l) : read_bare(p, l)))
		return false;
	if (l->kind != LITERAL_NULL && l->kind != kind_for(f))
		return token_refuse_name(&p->tokens, at, "INVALID_FIELD",
		                         "value of filter criterion for field ", slice_of(f->name),
		                         " is not of the field's type");
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
	if (!expect_sign(p, "("))
		return false;
	c->values = arena_alloc(&p->query->arena, most_values(p) * sizeof *c->values);
	if (!c->values)
		return no_memory(p);
	do
		if (!read_literal(p, &c->values[c->value_count++], c->field.field))
			return false;
	while (take_sign(p, ","));
	return expect_sign(p, ")");
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
		return expect_word(p, "IN");
	} else {
		return unexpected(p);
	}
	return true;
}

static struct condition *new_condition(struct parser *p, enum condition_kind kind, struct condition *left)
{
	struct condition *c = arena_alloc(&p->query->arena, sizeof *c);

	if (!c) {
		no_memory(p);
		return NULL;
	}
	c->kind = kind;
	c->left = left;
	return c;
}

static struct condition *read_or(struct parser *p);

static struct condition *read_test(struct parser *p)
{
	struct condition *c = new_condition(p, CONDITION_TEST, NULL);

	if (!c)
		return NULL;
	if (token(p).kind != TOKEN_WORD) {
		unexpected(p);
		return NULL;
	}
	if (!find_field(p, token(p), &c->field))
		return NULL;
	token_next(&p->tokens);
	if (!read_op(p, &c->op))
		return NULL;
	if (c->op == QUERY_IN || c->op == QUERY_NOT_IN)
		return read_list(p, c) ? c : NULL;
	c->value_count = 1;
	c->values = arena_alloc(&p->query->arena, sizeof *c->values);
	return c->values && read_literal(p, c->values, c->field.field) ? c : NULL;
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
		inner = read_or(p);
		if (inner && !expect_sign(p, ")"))
			inner = NULL;
	} else {
		inner = read_test(p);
	}
	p->depth--;
	return inner;
}

static struct condition *read_and(struct parser *p)
{
	struct condition *c = read_unary(p);

	while (c && take_word(p, "AND")) {
		c = new_condition(p, CONDITION_AND, c);
		if (c && !(c->right = read_unary(p)))
			return NULL;
	}
	return c;
}

static struct condition *read_or(struct parser *p)
{
	struct condition *c = read_and(p);

	while (c && take_word(p, "OR")) {
		c = new_condition(p, CONDITION_OR, c);
		if (c && !(c->right = read_and(p)))
			return NULL;
	}
	return c;
}

static bool read_order(struct parser *p, struct query_order *o)
{
	if (token(p).kind != TOKEN_WORD)
		return unexpected(p);
	if (!find_field(p, token(p), &o->field))
		return false;
	token_next(&p->tokens);
	o->descending = take_word(p, "DESC");
	if (!o->descending)
		take_word(p, "ASC");
	if (!take_word(p, "NULLS"))
		return true;
	o->nulls_last = take_word(p, "LAST");
	return o->nulls_last || expect_word(p, "FIRST");
}

static bool read_orders(struct parser *p)
{
	struct query *q = p->query;

	q->orders = arena_alloc(&q->arena, MOST_ORDERS * sizeof *q->orders);
	if (!q->orders)
		return no_memory(p);
	do
		if (q->order_count == MOST_ORDERS || !read_order(p, &q->orders[q->order_count++]))
			return unexpected(p);
	while (take_sign(p, ","));
	return true;
}

static bool read_limit(struct parser *p)
{
	if (token(p).kind != TOKEN_WORD || !number_whole(token(p).text, &p->query->limit) ||
	    p->query->limit < 0)
		return unexpected(p);
	token_next(&p->tokens);
	return true;
}

static bool read_tail(struct parser *p)
{
	if (take_word(p, "WHERE") && !(p->query->where = read_or(p)))
		return false;
	if (take_word(p, "ORDER") && (!expect_word(p, "BY") || !read_orders(p)))
		return false;
	if (take_word(p, "LIMIT") && !read_limit(p))
		return false;
	return token(p).kind == TOKEN_END || unexpected(p);
}

/* The names of the select list; what they mean is known once the object is. 0: refused. */
static size_t read_names(struct parser *p, struct token *names)
{
	size_t n = 0;

	do {
		if (n == MOST_NAMES || token(p).kind != TOKEN_WORD) {
			unexpected(p);
			return 0;
		}
		names[n++] = token(p);
		token_next(&p->tokens);
	} while (take_sign(p, ","));
	return n;
}

static bool read_object(struct parser *p)
{
	struct token name = token(p);

	if (name.kind != TOKEN_WORD)
		return unexpected(p);
	p->query->object = schema_object(p->schema, name.text);
	if (!p->query->object || !p->query->object->queryable)
		return token_refuse_name(&p->tokens, name.at, "INVALID_TYPE", "sObject type ", name.text,
		                         " is not supported. " NO_OBJECT);
	token_next(&p->tokens);
	return true;
}

static bool read_select(struct parser *p, struct token *names, size_t *count)
{
	if (!expect_word(p, "SELECT"))
		return false;
	if (take_word(p, "COUNT")) {
		p->query->count = true;
		return expect_sign(p, "(") && expect_sign(p, ")");
	}
	*count = read_names(p, names);
	return *count > 0;
}

static bool read_query(struct parser *p)
{
	struct token names[MOST_NAMES];
	struct query *q = p->query;
	size_t n = 0;

	token_next(&p->tokens);
	if (!read_select(p, names, &n) || !expect_word(p, "FROM") || !read_object(p))
		return false;
	q->fields = arena_alloc(&q->arena, (n + 1) * sizeof *q->fields);
	if (!q->fields)
		return no_memory(p);
	for (; q->field_count < n; q->field_count++)
		if (!find_field(p, names[q->field_count], &q->fields[q->field_count]))
			return false;
	return read_tail(p);
}

struct query *query_parse(const struct schema *s, struct slice text, struct query_error *e)
{
	struct parser p = { .tokens = { .text = text, .error = e }, .schema = s };

	e->code = NULL;
	buf_init(&e->message, 16 * 1024);
	p.query = calloc(1, sizeof *p.query);
	if (!p.query) {
		e->code = "UNKNOWN_EXCEPTION";
		return NULL;
	}
	arena_init(&p.query->arena);
	p.query->limit = -1;
	if (read_query(&p) && !e->code)
		return p.query;
	if (!e->code)
		e->code = "UNKNOWN_EXCEPTION";
	query_free(p.query);
	return NULL;
}

void query_free(struct query *q)
{
	if (!q)
		return;
	arena_release(&q->arena);
	free(q);
}
