/* selection.h - what is selected in a list that is too long to be held: numbers and ranges of them, or all. */
#ifndef LONGSHORE_CONSOLE_SELECTION_H
#define LONGSHORE_CONSOLE_SELECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/ranges.h"

enum { SELECTION_RANGES = 512 };

struct selection {
	struct range ranges[SELECTION_RANGES]; /* ascending, apart */
	size_t count;
	bool all;
	int64_t anchor; /* where a range was begun; 0: none is */
};

void selection_clear(struct selection *selection);
bool selection_any(const struct selection *selection);
bool selection_has(const struct selection *selection, int64_t number);

/* False if there are too many pieces. */
bool selection_add(struct selection *selection, int64_t first, int64_t last);
bool selection_toggle(struct selection *selection, int64_t number);

/* "88,407-901", as base/ranges.h reads it, added to b; nothing for all. */
void selection_text(const struct selection *selection, struct buf *b);

#endif
