/* automap_own.h - the inside of automap.h, for the files that make it: every place that a column can go to. */
#ifndef LONGSHORE_PLAN_AUTOMAP_OWN_H
#define LONGSHORE_PLAN_AUTOMAP_OWN_H

#include "core/plan/automap.h"
#include "core/plan/words.h"

/* A field, or a lookup by a key of its parent. */
struct slot {
	const struct field *field;
	const struct field *far; /* NULL for a plain field */
	const struct object *parent;
	size_t at; /* of the field in the object */
};

struct finder {
	const struct automap_request *r;
	struct slot *slots;
	size_t slot_count;
	bool *taken; /* one a field of the object */
	struct automap_match *matches;
	struct arena *keep;   /* what the matches point to */
	struct arena scratch; /* released when all are found */
};

/* Is the slot still to be had? */
bool slot_free(const struct finder *f, const struct slot *slot);

/* Gives it to the column. False without memory. */
bool slot_take(struct finder *f, size_t column, const struct slot *slot, enum sure sure, const char *why);

/* What speaks for the slot: "LastName", "Account.Ext__c"; cut to the room. */
void slot_name(const struct slot *slot, char *to, size_t size);

/* What a column's cells say of a slot. */
enum fit { FIT_AGAINST, FIT_NEUTRAL, FIT_FOR };
enum fit fit_of(const struct finder *f, const struct slot *slot, const struct profile *p);

/* For FIT_FOR: "its cells are dates"; into `to`. */
void fit_words(const struct slot *slot, const struct profile *p, char *to, size_t size);

/* The passes, in this order. False without memory. */
bool automap_by_form(struct finder *f);
bool automap_by_words(struct finder *f);
bool automap_by_values(struct finder *f);

#endif
