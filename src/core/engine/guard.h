/*
 * guard.h - an undo takes back only what is still as its run left it: what the org is asked for, and what its answer means. Pure.
 *
 * The source of an undo (undo.h) says of each record what the run wrote: the column "longshore_wrote Phone" has the value of
 * Phone, null where the field was cleared, nothing where it was left alone; "longshore_undo" says of a record why it cannot
 * be undone at all. A created record has no such values: it must not have been modified after its creation, nor have children that are
 * younger than it.
 */
#ifndef LONGSHORE_ENGINE_GUARD_H
#define LONGSHORE_ENGINE_GUARD_H

#include "base/arena.h"
#include "core/engine/children.h"
#include "core/org/describe.h"
#include "core/source/source.h"

#define GUARD_WROTE "longshore_wrote " /* and a field's name: a column of the source */
#define GUARD_NOTE "longshore_undo"    /* likewise: why not, as guard_name() says it; empty: it can be */

/* clang-format off */
/* X(name, as a reason, what is said of the record) */
#define GUARD_FATES(X)                                                                       \
	X(GOES, "", "")                                                                      \
	X(CHANGED, "changed", "has been changed since: left alone")                          \
	X(CHILDREN, "children", "has been given records of its own since: left alone")         \
	X(GONE, "gone", "is not in the org any more")                                        \
	X(NOT_KEPT, "not_kept", "was updated, and its old values were not kept")             \
	X(UNKNOWN, "unknown", "was written, but whether it was created or updated is not known")
/* clang-format on */

enum guard_fate {
#define X(name, code, text) GUARD_##name,
	GUARD_FATES(X)
#undef X
		GUARD_FATE_COUNT
};

const char *guard_name(enum guard_fate fate);
const char *guard_text(enum guard_fate fate);

struct guard {
	bool deletes; /* created records are deleted; else updated ones put back */
	int note;     /* column of the source, -1: there is none */
	const char **
		fields; /* to ask the org for: of deletes when it was made and modified, else what was written */
	const char **
		selects; /* how each is written in a query: by its name, or as a query for the youngest child */
	size_t count;
	size_t made; /* of deletes: so many of them are of the record itself, the others of its children, "Contacts.records.CreatedDate" */
	int *columns; /* of the source, for each field; NULL for deletes */
	const struct object *object;
	const struct children *children; /* of deletes */
	struct arena arena;
};

/* For a source, its object, and what hangs on its records, which must outlive it. With `deletes` children may not be NULL. False
 * without memory. guard_release() in every case. */
bool guard_init(struct guard *g, const struct source_shape *shape, const struct object *object,
                const struct children *children, bool deletes);
void guard_release(struct guard *g);

/* What the source itself says of a record: GOES, or why it cannot be undone. */
enum guard_fate guard_noted(const struct guard *g, const struct record *record);

/* What the run wrote, by field, for guard_judge(); lies in `arena`. NULL without memory. */
struct slice *guard_expects(const struct guard *g, const struct record *record, struct arena *arena);

/* `values`: what the org has now; that of field i is values[at[i]]. *field: the first that differs, or the
 * relationship with younger children; NULL if none does or the record as a whole. */
enum guard_fate guard_judge(const struct guard *g, const struct slice *expects, const struct slice *values,
                            const int *at, const char **field);

/* Not of deletes: the fields that do not hold what the run wrote any more; room for all of them. Gives how many. */
size_t guard_changed(const struct guard *g, const struct slice *expects, const struct slice *values,
                     const int *at, const char **fields);

#endif
