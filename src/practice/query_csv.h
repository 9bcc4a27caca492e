/*
 * query_csv.h - the rows of a query job as CSV, made while they are sent: every value quoted, null as "".
 */
#ifndef LONGSHORE_PRACTICE_QUERY_CSV_H
#define LONGSHORE_PRACTICE_QUERY_CSV_H

#include <stddef.h>

#include "practice/http.h"
#include "practice/practice.h"
#include "practice/query_job.h"

/* The header and the rows from `from` on, `to` not included; NULL without memory. Ends early when the job is deleted. */
struct stream *query_csv_open(struct practice *p, const struct query_job *job, size_t from, size_t to);

#endif
