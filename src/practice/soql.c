#include "practice/soql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "practice/soql_parser.h"

enum { MOST_ORDERS = 32, MOST_OFFSET = 2000 };

#define NO_OBJECT                                                                                     \
	"If you are attempting to use a custom object, be sure to append the '__c' after the entity " \
	"name. Please reference your WSDL or the describe call for the appropriate names."

#define NO_CHILD                                                                                       \
	" in FROM part of query call. If you are attempting to use a custom relationship, be sure to " \
	"append the '__r' after the custom relationship name. Please reference your WSDL or the "      \
	"describe call for the appropriate names."

/* What stands in the select list; what it means is known once the object is. */
struct item {
	struct token name;
	bool counted;
	struct slice alias;
	bool is_query;
	struct tokens inner; /* of a query in parentheses: where it begins */
	size_t end;
};

bool parser_expect_word(struct parser *p, const char *word)
{
	return take_word(p, word) || unexpected(p);
}

bool parser_expect_sign(struct parser *p, const char *sign)
{
	return take_sign(p, sign) || unexpected(p);
}

void *parser_alloc(struct parser *p, size_t size)
{
	void *room = arena_alloc(p->arena, size);

	if (!room)
		token_refuse(&p->tokens, token(p).at, "UNKNOWN_EXCEPTION", "no memory for the query");
	return room;
}

static bool read_order(struct parser *p, struct query_order *o)
{
	struct token name = token(p);

	if (name.kind != TOKEN_WORD)
		return unexpected(p);
	if (!parser_find_field(p, name, &o->field))
		return false;
	if (!o->field.field->sortable)
		return token_refuse_name(&p->tokens, name.at, "INVALID_FIELD", "field ",
		                         slice_of(o->field.field->name), " can not be sorted in a query call");
	token_next(&p->tokens);
	o->descending = take_word(p, "DESC");
	if (!o->descending)
		take_word(p, "ASC");
	if (!take_word(p, "NULLS"))
		return true;
	o->nulls_last = take_word(p, "LAST");
	return o->nulls_last || parser_expect_word(p, "FIRST");
}

static bool read_orders(struct parser *p)
{
	struct query *q = p->query;

	q->orders = parser_alloc(p, MOST_ORDERS * sizeof *q->orders);
	if (!q->orders)
		return false;
	do {
		if (q->order_count == MOST_ORDERS)
			return unexpected(p);
		if (!read_order(p, &q->orders[q->order_count++]))
			return false;
	} while (take_sign(p, ","));
	return true;
}

static bool read_number(struct parser *p, int64_t *to)
{
	if (token(p).kind != TOKEN_WORD || !number_whole(token(p).text, to) || *to < 0)
		return unexpected(p);
	token_next(&p->tokens);
	return true;
}

static bool read_offset(struct parser *p)
{
	size_t at = token(p).at;

	if (!read_number(p, &p->query->offset))
		return false;
	return p->query->offset <= MOST_OFFSET || token_refuse(&p->tokens, at, "NUMBER_OUTSIDE_VALID_RANGE",
	                                                       "Maximum SOQL offset allowed is 2000");
}

static bool read_tail(struct parser *p)
{
	if (take_word(p, "WHERE") && !(p->query->where = parser_read_where(p)))
		return false;
	if (take_word(p, "ORDER") && (!parser_expect_word(p, "BY") || !read_orders(p)))
		return false;
	if (take_word(p, "LIMIT") && !read_number(p, &p->query->limit))
		return false;
	return !take_word(p, "OFFSET") || read_offset(p);
}

/* Passes a query in parentheses, which is read once it is known what its records are to point at. */
static bool pass_query(struct parser *p, struct item *item)
{
	int depth = 1;

	item->is_query = true;
	item->inner = p->tokens;
	item->name = token(p);
	while (token(p).kind != TOKEN_END) {
		depth += token_is_sign(&p->tokens, "(") - token_is_sign(&p->tokens, ")");
		token_next(&p->tokens);
		item->end = p->tokens.at;
		if (depth == 0)
			return true;
	}
	return unexpected(p);
}

/* "Name", "COUNT(Name) total" or "(SELECT Name FROM Contacts)" */
static bool read_item(struct parser *p, struct item *item)
{
	if (!p->parent && take_sign(p, "("))
		return pass_query(p, item);
	if (token(p).kind != TOKEN_WORD)
		return unexpected(p);
	item->name = token(p);
	token_next(&p->tokens);
	if (!slice_equal_fold(item->name.text, slice_of("COUNT")) || !take_sign(p, "("))
		return true;
	item->counted = true;
	item->name = token(p);
	if (item->name.kind != TOKEN_WORD)
		return unexpected(p);
	token_next(&p->tokens);
	if (!parser_expect_sign(p, ")"))
		return false;
	if (token(p).kind == TOKEN_WORD && !token_is_word(&p->tokens, "FROM")) {
		item->alias = token(p).text;
		token_next(&p->tokens);
	}
	return true;
}

static size_t most_items(const struct parser *p)
{
	size_t n = 1;

	for (size_t i = p->tokens.at; i < p->end; i++)
		n += p->tokens.text.at[i] == ',';
	return n;
}

/* The list behind SELECT, in the arena; NULL: refused. */
static struct item *read_items(struct parser *p, size_t *count)
{
	struct item *items = parser_alloc(p, most_items(p) * sizeof *items);

	*count = 0;
	if (!items)
		return NULL;
	do
		if (!read_item(p, &items[(*count)++]))
			return NULL;
	while (take_sign(p, ","));
	return items;
}

static bool is_clause(const struct parser *p)
{
	static const char *const words[] = { "WHERE", "ORDER", "LIMIT", "OFFSET", "GROUP",  "HAVING",
		                             "USING", "WITH",  "FOR",   "ALL",    "UPDATE", "IN" };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (token_is_word(&p->tokens, words[i]))
			return true;
	return false;
}

static bool find_object(struct parser *p, struct token name)
{
	const struct object *o = schema_object(p->schema, name.text);

	p->query->object = o;
	return (o && o->queryable) || token_refuse_name(&p->tokens, name.at, "INVALID_TYPE", "sObject type ",
	                                                name.text, " is not supported. " NO_OBJECT);
}

/* The same for a query in another, which names a relationship instead. */
static bool find_child_object(struct parser *p, struct token name)
{
	const struct child *child = object_child(p->parent, name.text);

	p->query->object = child ? child->object : NULL;
	return (child && child->object->queryable) ||
	       token_refuse_name(&p->tokens, name.at, "INVALID_TYPE", "Didn't understand relationship ",
	                         name.text, NO_CHILD);
}

static bool read_object(struct parser *p)
{
	p->from = token(p);
	if (p->from.kind != TOKEN_WORD)
		return unexpected(p);
	if (!(p->parent ? find_child_object(p, p->from) : find_object(p, p->from)))
		return false;
	token_next(&p->tokens);
	if (token(p).kind == TOKEN_WORD && !is_clause(p)) {
		p->alias = token(p).text;
		token_next(&p->tokens);
	}
	return true;
}

static bool is_same(const struct query_field *a, const struct query_field *b)
{
	if (a->depth != b->depth || a->field != b->field)
		return false;
	for (size_t i = 0; i < a->depth; i++)
		if (a->steps[i].via != b->steps[i].via)
			return false;
	return true;
}

static bool resolve_field(struct parser *p, const struct item *item)
{
	struct query *q = p->query;
	struct query_field *f = &q->fields[q->field_count];

	if (!parser_find_field(p, item->name, f))
		return false;
	for (size_t i = 0; i < q->field_count; i++)
		if (is_same(&q->fields[i], f))
			return token_refuse(&p->tokens, item->name.at, "MALFORMED_QUERY",
			                    "duplicate field selected");
	q->field_count++;
	return true;
}

static bool resolve_sum(struct parser *p, const struct item *item)
{
	struct query *q = p->query;
	struct query_sum *sum = &q->sums[q->sum_count];
	char *name = parser_alloc(p, item->alias.len + 24);

	if (!name || !parser_find_field(p, item->name, &sum->field))
		return false;
	if (item->alias.len)
		memcpy(name, item->alias.at, item->alias.len);
	else
		snprintf(name, 24, "expr%zu", q->sum_count);
	sum->name = name;
	q->sum_count++;
	return true;
}

static bool read_select(struct parser *p);

static bool resolve_child(struct parser *p, const struct item *item)
{
	struct query *q = p->query;
	struct query_child *child = &q->children[q->child_count];
	struct parser inner = { .tokens = item->inner,
		                .end = item->end,
		                .schema = p->schema,
		                .arena = p->arena,
		                .parent = q->object };

	inner.query = child->query = parser_alloc(p, sizeof *child->query);
	if (!child->query)
		return false;
	child->query->limit = -1;
	if (!read_select(&inner) || !(token_is_sign(&inner.tokens, ")") || unexpected(&inner)))
		return false;
	child->way = object_child(q->object, inner.from.text);
	child->place = q->field_count;
	for (size_t i = 0; i < q->child_count; i++)
		if (q->children[i].way == child->way)
			return token_refuse(&p->tokens, inner.from.at, "MALFORMED_QUERY",
			                    "Cannot follow the same association multiple times");
	q->child_count++;
	return true;
}

static bool resolve_item(struct parser *p, const struct item *item)
{
	if (item->is_query)
		return resolve_child(p, item);
	return item->counted ? resolve_sum(p, item) : resolve_field(p, item);
}

static bool resolve(struct parser *p, const struct item *items, size_t count)
{
	struct query *q = p->query;

	q->fields = parser_alloc(p, (count + 1) * sizeof *q->fields);
	q->sums = parser_alloc(p, (count + 1) * sizeof *q->sums);
	q->children = parser_alloc(p, (count + 1) * sizeof *q->children);
	if (!q->fields || !q->sums || !q->children)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (items[i].counted && p->parent)
			return token_refuse(&p->tokens, items[i].name.at, "MALFORMED_QUERY",
			                    "Only root queries support aggregate expressions");
		if (items[i].counted != items[0].counted)
			return token_refuse(&p->tokens, items[i].name.at, "MALFORMED_QUERY",
			                    "Field must be grouped or aggregated");
		if (!resolve_item(p, &items[i]))
			return false;
	}
	return true;
}

/* "COUNT()" alone; the reader is behind it then. */
static bool take_count(struct parser *p)
{
	struct tokens before = p->tokens;

	if (take_word(p, "COUNT") && take_sign(p, "(") && take_sign(p, ")"))
		return true;
	p->tokens = before;
	return false;
}

/* All of a query, or of one in parentheses up to the closing one. */
static bool read_select(struct parser *p)
{
	struct item *items = NULL;
	size_t count = 0;

	if (!parser_expect_word(p, "SELECT"))
		return false;
	p->query->count = !p->parent && take_count(p);
	if (!p->query->count && !(items = read_items(p, &count)))
		return false;
	return parser_expect_word(p, "FROM") && read_object(p) && resolve(p, items, count) && read_tail(p);
}

static bool read_query(struct parser *p)
{
	if (text_length(p->tokens.text) > QUERY_MOST)
		return token_refuse(&p->tokens, 0, "MALFORMED_QUERY",
		                    "SOQL statements cannot be longer than 100000 characters.");
	token_next(&p->tokens);
	return read_select(p) && (token(p).kind == TOKEN_END || unexpected(p));
}

struct query *query_parse(const struct schema *s, struct slice text, struct query_error *e)
{
	struct parser p = { .tokens = { .text = text, .error = e }, .end = text.len, .schema = s };

	e->code = NULL;
	buf_init(&e->message, 16 * 1024);
	p.query = calloc(1, sizeof *p.query);
	if (!p.query) {
		e->code = "UNKNOWN_EXCEPTION";
		return NULL;
	}
	arena_init(&p.query->arena);
	p.arena = &p.query->arena;
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
