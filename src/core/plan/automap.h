/*
 * automap.h - which field a column probably means, and how sure that is.
 *
 * Sure is what is written like the field's API name or label but for case, blanks, signs and __c, and "Account Ext" for a lookup
 * Account.Ext__c, where no second field is. Guessed is what shares words with it, or whose first cells look like it (profile.h); why
 * is always said. Names that need no thought (exact ones, Relationship.Field) are the caller's, mapping.h; so is what becomes
 * of a guess. Pure.
 */
#ifndef LONGSHORE_PLAN_AUTOMAP_H
#define LONGSHORE_PLAN_AUTOMAP_H

#include "core/plan/action.h"
#include "core/plan/profile.h"
#include "core/plan/sure.h"
#include "core/plan/target.h"

struct automap_request {
	struct target_scope scope;
	enum action action;
	const struct slice *columns;
	const struct profile *profiles; /* one a column, or NULL: nothing is known of the cells */
	size_t column_count;
	const bool *open;  /* one a column: does it want a field? */
	const bool *taken; /* one a field of the object: another column has it */
};

struct automap_match {
	struct target target; /* .field NULL: none */
	enum sure sure;
	const char *
		why; /* "like its label \"Birthdate\"; its cells are dates"; where there is none, NULL or "may be City or Town" */
};

/* Fills one match a column; those that are not open get none. No field is given twice. Texts lie in the arena; columns and describes must
 * outlive them. False without memory. */
bool automap(const struct automap_request *request, struct automap_match *matches, struct arena *a);

/* The parents whose describes would tell more about these columns: API names, each once, that live as long as the object. Returns
 * how many there are; at most `room` are written. */
size_t automap_parents(const struct object *object, const struct slice *columns, size_t column_count,
                       const char **names, size_t room);

#endif
