/*
 * query_csv.h - the rows of a query as CSV: every value quoted, null as "". Those of a query job are made while they are sent.
 */
#ifndef LONGSHORE_PRACTICE_QUERY_CSV_H
#define LONGSHORE_PRACTICE_QUERY_CSV_H

#include <stddef.h>

#include "practice/http.h"
#include "practice/practice.h"
#include "practice/query_job.h"

/* The header and the rows from `from` on, `to` not included; NULL without memory. Ends early when the job is deleted. */
struct stream *query_csv_open(struct practice *p, const struct query_job *job, size_t from, size_t to);

/* One line without its end: the row, or with row == NULL the header. `made` holds texts meanwhile. */
void query_csv_line(const struct query *q, const struct org *org, const uint32_t *row, char delimiter,
                    struct buf *made, struct buf *to);

/* Why the query can be none of the Bulk APIs (salesforce-api.md F), as a static sentence; NULL: it can. */
const char *query_csv_refusal(const struct query *q);

#endif
