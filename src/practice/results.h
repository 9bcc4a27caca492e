/*
 * results.h - a job's results as CSV, made while they are sent.
 *
 * The values are those of the upload, respelled (rules.h), all quoted, in an order that is not the file's; columns whose name is
 * not written as in the describe are blank (salesforce-api.md C6).
 */
#ifndef LONGSHORE_PRACTICE_RESULTS_H
#define LONGSHORE_PRACTICE_RESULTS_H

#include "practice/http.h"
#include "practice/practice.h"

enum results_kind { RESULTS_SUCCESSFUL, RESULTS_FAILED, RESULTS_UNPROCESSED };

/* A stream of the results of a job that has ended; it looks the job up again each time it goes on, and ends if the job
 * is gone. NULL without memory. */
struct stream *results_open(struct practice *p, const struct job *job, enum results_kind kind);

#endif
