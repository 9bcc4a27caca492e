/*
 * mappings.h - mappings that were saved under a name, in the journal: they outlive the runs that they came from.
 *
 * What a mapping says is its JSON form (docs/mapping.md); the store does not look into it. A file of the same columns, in
 * whatever order, is known by `columns`: a hash of their names.
 */
#ifndef LONGSHORE_STORE_MAPPINGS_H
#define LONGSHORE_STORE_MAPPINGS_H

#include "base/buf.h"
#include "store/journal.h"

struct saved_mapping {
	char name[64];
	char object[128];
	char action[16];
	char external_id[128]; /* "" unless upsert */
	char columns[33];
	int64_t saved_ms; /* UTC */
};

/* Saves it, in place of one of the same name; saved_ms is set. */
enum err_code saved_mapping_put(struct journal *j, struct saved_mapping *mapping, struct slice json,
                                struct err *e);

/* The one of this name, its text added to `json` (NULL: not wanted). ERR_USAGE, with the names that there are, if there is none. */
enum err_code saved_mapping_get(struct journal *j, const char *name, struct saved_mapping *mapping,
                                struct buf *json, struct err *e);

/* Those of an object, those of the same columns first, then the newest; at most `most`. Returns how many, -1 if it failed. */
int saved_mapping_list(struct journal *j, const char *object, const char *columns, struct saved_mapping *list,
                       int most, struct err *e);

/* Nothing of this name is no error. */
enum err_code saved_mapping_remove(struct journal *j, const char *name, struct err *e);

#endif
