/* soql.h - values as they stand in a query (salesforce-api.md F). */
#ifndef LONGSHORE_ORG_SOQL_H
#define LONGSHORE_ORG_SOQL_H

#include "base/buf.h"
#include "core/org/describe.h"

/* Adds a value to compare a field of this type with: text in quotes, with quotes and backslashes in it escaped; numbers,
 * booleans, dates and times bare. */
void soql_add_value(struct buf *b, enum field_type type, struct slice value);

#endif
