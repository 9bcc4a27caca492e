/* plan_bar.c - why a record is left out that would pass by itself. */
#include <stdio.h>

#include "core/plan/keys.h"
#include "core/plan/plan.h"

/* The object that a column's value is to be found in. */
static const char *asked_object(const struct plan *plan, const struct mapped *m)
{
	bool lookup = m->field->type == FIELD_REFERENCE && m->field->reference_count > 0;

	return m->far ? m->parent : lookup ? m->field->references[0] : plan->object->name;
}

void plan_bar_say(const struct plan *plan, const struct plan_bar *bar, char *to, size_t size)
{
	const struct mapped *m = &plan->mapping->entries[bar->other];
	const char *object = asked_object(plan, m);
	const char *field = m->far ? m->far->name : m->field->type == FIELD_REFERENCE ? "Id" : m->field->name;

	if (bar->rule == RULE_NOT_OFFERED)
		snprintf(to, size, "a value that the record's type does not offer");
	else if (bar->rule == RULE_IN_ORG)
		snprintf(to, size, "a record of %s with this %s is in the org already", object, field);
	else if (bar->rule == RULE_SEVERAL)
		snprintf(to, size, "several records of %s in the org have this %s", object, field);
	else
		snprintf(to, size, "no record of %s with this %s is in the org", object, field);
}

bool plan_bar_holds(const struct plan *plan, const struct plan_bar *bar, const char **field, char *why,
                    size_t size)
{
	if (bar->rule == RULE_SAME_KEY) {
		snprintf(why, size, "the same key as record %lld%s", (long long)bar->other,
		         bar->other_kept ? ", which is kept" : "");
		return keys_has(plan, bar->key, field);
	}
	if (bar->other < 0 || (size_t)bar->other >= plan->layout.count ||
	    keys_hash(plan, (size_t)bar->other) != bar->key)
		return false;
	*field = plan->layout.columns[bar->other].name;
	plan_bar_say(plan, bar, why, size);
	return true;
}
