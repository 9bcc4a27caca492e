/*
 * constant.h - the texts of constants: what stands in braces is filled in.
 *
 * {run} the run's number, {file} the name of the file, {date} the day on which the load began, {user} who is signed in,
 * {record} the record's number. "{{" is a brace. What a run began with stays with it, so that it sends the same when it goes on.
 */
#ifndef LONGSHORE_PLAN_CONSTANT_H
#define LONGSHORE_PLAN_CONSTANT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct constant_facts {
	int64_t run; /* 0: it has no number yet; a check then counts with one of six digits */
	struct slice file, date, user;
};

/* NULL if everything in braces is known, else static text with what is not: one clause. */
const char *constant_fault(struct slice text);

/* Does it differ from record to record? */
bool constant_varies(struct slice text);

/* Adds the text with everything filled in. */
void constant_fill(struct slice text, const struct constant_facts *facts, int64_t record, struct buf *to);

#endif
