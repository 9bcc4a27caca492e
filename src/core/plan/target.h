/*
 * target.h - the field that a name means: "Name", or for a lookup by external id "Account.Ext__c", where several objects are
 * looked up "Contact:Who.Email" (salesforce-api.md C10: the object's name stands before it there, and must not stand elsewhere).
 * Without case. Data Loader's spellings are understood too: "Account:Ext__c", "Who:Contact-Email", "Account:Account.Ext__c".
 */
#ifndef LONGSHORE_PLAN_TARGET_H
#define LONGSHORE_PLAN_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "core/org/describe.h"

struct target_scope {
	const struct object *object;
	const struct object *const *parents; /* describes of objects that the object's lookups point to */
	size_t parent_count;
};

struct target {
	const struct field *field; /* of the object */
	const struct field *far;   /* of the parent, NULL for a plain field */
	const char *parent;        /* API name of the object that `far` is of, NULL for a plain field */
	const char *name;          /* for the payload's header; the describe's, or in the arena given */
	const char *prefix;        /* which ids go there begin so, "" if not known */
};

/* The object or one of its parents, by API name; NULL: its describe is not there. */
const struct object *target_object(const struct target_scope *scope, const char *name);

enum { TARGET_WHY = 200 };

/* Finds the field. False with one clause in `why` if there is none. */
bool target_find(struct target *t, const struct target_scope *scope, struct slice name, struct arena *names,
                 char why[TARGET_WHY]);

/* The only field with this label. False with one clause in `why` if there is none, or several. */
bool target_by_label(struct target *t, const struct target_scope *scope, struct slice label,
                     char why[TARGET_WHY]);

/* Is it written as a way through a lookup? */
bool target_is_relation(struct slice name);

/* The object whose describe the name needs to be understood; NULL if none. */
const char *target_parent(const struct object *object, struct slice name);

#endif
