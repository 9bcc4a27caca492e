/*
 * soql.h - a query as text becomes a struct query: what is asked for, of which object, under which conditions.
 *
 * Understood: SELECT of fields, of fields up to five references away, of records that point here (queries in parentheses),
 * of COUNT(FIELD), or COUNT(); FROM with an alias; WHERE with = != < > <= >= IN, NOT IN, LIKE, AND, OR, NOT and
 * parentheses; ORDER BY; LIMIT; OFFSET. Dates and date-times stand bare, as in SOQL. Anything else is MALFORMED_QUERY.
 */
#ifndef LONGSHORE_PRACTICE_SOQL_H
#define LONGSHORE_PRACTICE_SOQL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "practice/schema.h"

enum {
	QUERY_DEEPEST = 5,   /* references in a path */
	QUERY_MOST = 100000, /* characters (salesforce-api.md F) */
};

/* A reference on the way to a field. One that leads to several kinds of objects is the last of its path. */
struct query_step {
	const struct field *via;
	const struct object *far; /* NULL: what the record at hand says */
	bool several;
};

/* A field of the object, or of the record that references lead to. */
struct query_field {
	struct query_step steps[QUERY_DEEPEST];
	size_t depth;
	const struct field *field; /* behind several kinds: any of them that has it, for its name and type */
	bool is_type;              /* not a field, but the far object's name */
};

enum query_op {
	QUERY_EQ,
	QUERY_NE,
	QUERY_LT,
	QUERY_GT,
	QUERY_LE,
	QUERY_GE,
	QUERY_IN,
	QUERY_NOT_IN,
	QUERY_LIKE
};
enum literal_kind {
	LITERAL_TEXT,
	LITERAL_NULL,
	LITERAL_BOOLEAN,
	LITERAL_NUMBER,
	LITERAL_DATE,
	LITERAL_INSTANT
};

struct literal {
	enum literal_kind kind;
	struct slice text; /* decoded */
	double number;     /* of a number, a boolean, a date (days), an instant (ms) */
};

enum condition_kind { CONDITION_TEST, CONDITION_AND, CONDITION_OR, CONDITION_NOT };

struct condition {
	enum condition_kind kind;
	struct condition *left, *right; /* of and, or; not has a left */
	struct query_field field;
	enum query_op op;
	struct literal *values;
	size_t value_count;
};

struct query_order {
	struct query_field field;
	bool descending;
	bool nulls_last;
};

/* COUNT(Name) total */
struct query_sum {
	struct query_field field;
	const char *name; /* "expr0" without one */
};

/* (SELECT LastName FROM Contacts): the records of another object that point at a record. Their query has no children. */
struct query_child {
	const struct child *way;
	struct query *query;
	size_t place; /* how many fields of the list stand in front of it */
};

struct query {
	const struct object *object;
	bool count;             /* COUNT() */
	struct query_sum *sums; /* instead of fields */
	size_t sum_count;
	struct query_field *fields;
	size_t field_count;
	struct query_child *children;
	size_t child_count;
	struct condition *where; /* or NULL */
	struct query_order *orders;
	size_t order_count;
	int64_t limit; /* -1: none */
	int64_t offset;
	bool deleted_too;
	struct arena arena; /* everything above lies in it, children's queries too */
};

/* Why a query is refused: errorCode (static) and Salesforce's message with the line and the caret under it. */
struct query_error {
	const char *code;
	struct buf message;
};

/* The query, to be freed with query_free(); NULL with the error, whose message the caller releases. */
struct query *query_parse(const struct schema *s, struct slice text, struct query_error *e);
void query_free(struct query *q);

#endif
