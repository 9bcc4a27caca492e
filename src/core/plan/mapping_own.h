/* mapping_own.h - what a mapping is made of, for mapping.c and mapping_write.c. */
#ifndef LONGSHORE_PLAN_MAPPING_OWN_H
#define LONGSHORE_PLAN_MAPPING_OWN_H

#include "base/arena.h"
#include "core/plan/mapping.h"

/* What is known of one column or constant. */
struct choice {
	struct mapped mapped;          /* field NULL: not loaded */
	const char *why_not;           /* then why */
	bool settled;                  /* by the mapping file or by a person: the header is not asked */
	const struct map_entry *entry; /* that says so, or NULL */
};

struct own_mapping {
	struct mapping mapping; /* first: what the caller holds */
	struct choice *columns;
	struct choice *more; /* a column's other fields, and several columns that are joined */
	size_t more_count;
	struct choice *constants;
	size_t constant_count;
	struct map_file file; /* rules and texts lie in it */
	struct arena arena;
};

#endif
