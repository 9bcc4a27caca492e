/*
 * setup_rules.h - the triggers and flows of the practice org, and which setup objects its user may not read. Part of a
 * scenario (docs/practice.md has its keys). They are there to be asked about: nothing runs when records are written.
 *
 * Objects belong to the schema they were read for. Callers hold the org's turn.
 */
#ifndef LONGSHORE_PRACTICE_SETUP_RULES_H
#define LONGSHORE_PRACTICE_SETUP_RULES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "practice/schema.h"

/* X(enum, word, field of ApexTrigger) */
/* clang-format off */
#define TRIGGER_EVENTS(X)                                            \
	X(BEFORE_INSERT, "before insert", "UsageBeforeInsert")       \
	X(AFTER_INSERT, "after insert", "UsageAfterInsert")          \
	X(BEFORE_UPDATE, "before update", "UsageBeforeUpdate")       \
	X(AFTER_UPDATE, "after update", "UsageAfterUpdate")          \
	X(BEFORE_DELETE, "before delete", "UsageBeforeDelete")       \
	X(AFTER_DELETE, "after delete", "UsageAfterDelete")          \
	X(AFTER_UNDELETE, "after undelete", "UsageAfterUndelete")
/* clang-format on */

enum trigger_event {
#define X(name, word, field) TRIGGER_##name,
	TRIGGER_EVENTS(X)
#undef X
		TRIGGER_EVENT_COUNT
};

struct setup_trigger {
	const struct object *object;
	char *name;
	bool on[TRIGGER_EVENT_COUNT];
	bool active;
};

struct setup_flow {
	const struct object *object;
	char *name;
	char *trigger, *change; /* values of TriggerType and RecordTriggerType; the second may be NULL */
	bool active;
	bool drafted; /* there is a newer version, which is not active */
};

struct setup_rules {
	struct setup_trigger *triggers;
	size_t trigger_count;
	struct setup_flow *flows;
	size_t flow_count;
	char **hidden; /* names of setup objects */
	size_t hidden_count;
};

void setup_rules_release(struct setup_rules *r);

/* Is the scenario's key one of these? */
bool setup_rules_has_key(const char *key);

/* Reads the value of such a key. ERR_USAGE: it has a slip, or names what the schema does not have. */
enum err_code setup_rules_read(struct setup_rules *r, const struct schema *s, const char *key,
                               const json_t *value, struct err *e);

#endif
