/*
 * in_query.h - SELECT some fields of an object's records whose key is one of many values, value by value until the query's address is
 * full (salesforce-api.md F: 16,384 bytes with all headers).
 */
#ifndef LONGSHORE_ENGINE_IN_QUERY_H
#define LONGSHORE_ENGINE_IN_QUERY_H

#include "base/buf.h"
#include "core/org/describe.h"

struct in_query {
	struct buf soql, address; /* the query, and as it stands in an address */
	enum field_type type;     /* of the key */
	size_t count;             /* values */
};

void in_query_init(struct in_query *q);
void in_query_release(struct in_query *q);

/* Begins a query anew. */
void in_query_begin(struct in_query *q, const char *const *fields, size_t count, const char *object,
                    const char *key, enum field_type type);

/* One value more; false where its address would be too long: it was not taken then. The first one always is. */
bool in_query_add(struct in_query *q, struct slice value);

/* Without memory values were lost or cut since it was begun: what the org says of it must not be believed. */
bool in_query_short_of(const struct in_query *q);

/* The query; NULL if there is nothing to ask for. */
const char *in_query_text(struct in_query *q);

#endif
