/*
 * like.h - a load like one before: object, action, key, mapping and options of a run, or of a saved mapping.
 *
 * What the operator says of the new load goes before what the old one says. How far the old one went, when it had to stop and which
 * file it read are not taken over.
 */
#ifndef LONGSHORE_ENGINE_LIKE_H
#define LONGSHORE_ENGINE_LIKE_H

#include "core/engine/load.h"
#include "store/mappings.h"

struct like {
	struct run run; /* .id 0: it is a saved mapping */
	struct saved_mapping saved;
	struct buf mapping;      /* in its JSON form */
	char columns[HASH_TEXT]; /* of the file it was made for: mapping_columns() */
};

/* `word` is a run's number, or the name of a saved mapping. ERR_USAGE if there is none, for an undo, and for a run that was pruned of
 * its mapping. like_release() ends it, after an error too. */
enum err_code like_find(struct like *like, struct journal *j, const char *word, struct err *e);
void like_release(struct like *like);

/* Fills in what the options do not say; their texts are those of `like`, which must outlive them. The org is not among it. */
void like_fill(const struct like *like, struct load_options *options);

/* Is the file that was checked another kind of file than that one had: other columns, or half or twice as many records? One clause
 * into `why`. */
bool like_differs(const struct like *like, const struct load *load, char *why, size_t size);

#endif
