/*
 * automation.h - what runs in the org when records of an object are written: triggers, flows, validation and duplicate rules.
 *
 * One query for each kind, all at once. Facts, by their page at developer.salesforce.com/docs:
 * - Tooling API, "ApexTrigger": EntityDefinitionId names the object, Status is Active for one that runs. Object Reference,
 *   "ApexTrigger": UsageBeforeInsert and its like say on what. Apex Developer Guide, "Triggers": an upsert fires the triggers of
 *   insert and update, as the records need.
 * - Object Reference, "FlowDefinitionView": TriggerObjectOrEvent leads to EntityDefinition; ActiveVersionId is the version that runs
 *   (IsActive tells only of the latest one); TriggerType RecordBeforeSave, RecordAfterSave, RecordBeforeDelete; RecordTriggerType
 *   Create, Update, CreateAndUpdate, Delete, None. A flow that does not say on which changes it runs is counted for all of them.
 * - Tooling API, "ValidationRule": EntityDefinition, Active. Object Reference, "DuplicateRule": SobjectType, IsActive; only users
 *   with View Setup and Configuration may read it. Apex Developer Guide, "Triggers and Order of Execution": both belong to the saving
 *   of a record, not to its deletion. Which of the two changes a duplicate rule is for is not among its fields: it is counted for both.
 * Processes and workflow rules, which Salesforce does not make anew, are not asked about.
 */
#ifndef LONGSHORE_ORG_AUTOMATION_H
#define LONGSHORE_ORG_AUTOMATION_H

#include "core/org/org.h"

/* X(enum, one of them) */
/* clang-format off */
#define AUTOMATION_KINDS(X)                     \
	X(TRIGGER, "trigger")                   \
	X(FLOW, "flow")                         \
	X(VALIDATION, "validation rule")        \
	X(DUPLICATE, "duplicate rule")
/* clang-format on */

enum automation_kind {
#define X(name, word) AUTOMATION_##name,
	AUTOMATION_KINDS(X)
#undef X
		AUTOMATION_KIND_COUNT
};

/* What is done to records; they add up. */
enum automation_change { AUTOMATION_CREATES = 1, AUTOMATION_UPDATES = 2, AUTOMATION_DELETES = 4 };

enum automation_state {
	AUTOMATION_NONE,    /* that kind does not run on this */
	AUTOMATION_KNOWN,   /* count and names */
	AUTOMATION_HIDDEN,  /* this user may not read it: the org refused the question */
	AUTOMATION_UNHEARD, /* the org gave no usable answer */
};

enum { AUTOMATION_NAMES = 256 };

struct automation_part {
	enum automation_state state;
	int64_t count;
	char names[AUTOMATION_NAMES]; /* "ContactGuard, ContactSweep", as far as they fit; hostile text */
	char why[256];                /* of a part that is not known */
};

struct automation {
	struct automation_part parts[AUTOMATION_KIND_COUNT];
	int64_t calls; /* that it took */
};

/* "trigger", "validation rule" (static text). */
const char *automation_word(enum automation_kind kind);

/* How many API calls automation_ask() makes. */
int64_t automation_cost(unsigned changes);

/* Called again and again while the org is waited for; returning false stops. */
typedef bool automation_go_on(void *ctx);

/* Asks. A part that cannot be had says so and is no error. ERR_STOPPED; ERR_INTERNAL without memory. */
enum err_code automation_ask(struct org *org, const char *object, unsigned changes, automation_go_on *go_on,
                             void *ctx, struct automation *to, struct err *e);

#endif
