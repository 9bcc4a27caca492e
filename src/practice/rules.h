/*
 * rules.h - what Salesforce refuses in one value, and how it spells what it takes. Pure.
 *
 * The words are those of salesforce-api.md C7 where it has them.
 */
#ifndef LONGSHORE_PRACTICE_RULES_H
#define LONGSHORE_PRACTICE_RULES_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "practice/schema.h"

/* Why a record is refused: status code (static), a sentence, and the fields it is about, joined with commas. */
struct refusal {
	const char *code;
	struct buf message;
	struct buf fields;
	struct buf more; /* of the same code: message and field of each further one, each ended with '\0' */
};

void refusal_init(struct refusal *r);
void refusal_release(struct refusal *r);

/* Sets the first three (what stood there is forgotten) and returns false. field may be NULL. */
bool refuse(struct refusal *r, const char *code, const char *field, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Adds a further reason of the same code; field may be NULL. */
void refuse_too(struct refusal *r, const char *field, const char *message);

/* "CODE:message:fields --" as in the column sf__Error. */
void refusal_add_text(struct buf *to, const struct refusal *r);

/* Reads the text of a cell as the field's type and gives it as the org keeps it (in `a` if it differs): the first step,
 * in which a whole column's value is not even understood. `column` counts from 0. An id becomes 18 characters. */
bool rule_read(const struct field *f, struct slice cell, size_t column, struct arena *a, struct slice *value,
               struct refusal *why);

/* Is the value, once read, one the field may hold: length, range, picklist, the form of an email address. */
bool rule_allow(const struct field *f, struct slice value, struct refusal *why);

/* The text as Salesforce gives it back in results: numbers, dates and booleans respelled, blanks at the end gone. */
void rule_echo(const struct field *f, struct slice cell, struct buf *to);

/* A text that means the same in another spelling, before rule_echo(): whole numbers as doubles,
 * blanks at both ends gone, line breaks as LF. */
void rule_respell(const struct field *f, struct slice cell, struct buf *to);

#endif
