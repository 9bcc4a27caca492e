/*
 * composite_refs.h - references within a composite request: "@{account.id}", "@{found.records[0].Id}", "@{all[2].id}".
 */
#ifndef LONGSHORE_PRACTICE_COMPOSITE_REFS_H
#define LONGSHORE_PRACTICE_COMPOSITE_REFS_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buf.h"

/* An answer that later requests may refer to. */
struct composite_answer {
	const char *name; /* its referenceId */
	json_t *body;     /* NULL: there is nothing to refer to */
};

/* Adds the text with its references replaced, spelled as within a JSON string if `json`. false: one leads nowhere;
 * `missing` is that reference, without the braces. */
bool composite_resolve(struct slice text, bool json, const struct composite_answer *answers, size_t count,
                       struct buf *to, struct slice *missing);

#endif
