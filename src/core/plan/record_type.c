#include "core/plan/record_type.h"

#include <stdio.h>
#include <string.h>

enum { ID = 15 };

static bool can_be_used(const struct record_type *t)
{
	return t->active && t->available;
}

/* "no record type of this name; there are Business, Household" */
static void say(const struct field *field, const char *what, char why[RECORD_TYPE_WHY])
{
	const char *between = "; there are ";
	int used = snprintf(why, RECORD_TYPE_WHY, "%s", what);

	for (size_t i = 0; i < field->record_type_count; i++) {
		const struct record_type *t = &field->record_types[i];

		if (!can_be_used(t))
			continue;
		if (used + (int)(strlen(between) + strlen(t->name)) + 4 >= RECORD_TYPE_WHY) {
			snprintf(why + used, (size_t)(RECORD_TYPE_WHY - used), ", …");
			return;
		}
		used += snprintf(why + used, (size_t)(RECORD_TYPE_WHY - used), "%s%s", between, t->name);
		between = ", ";
	}
	if (*between == ';')
		snprintf(why + used, (size_t)(RECORD_TYPE_WHY - used),
		         "; there is none that this user may use");
}

static const struct record_type *with_name(const struct field *field, bool developer, struct slice name)
{
	const struct record_type *found = NULL;

	for (size_t i = 0; i < field->record_type_count; i++) {
		const struct record_type *t = &field->record_types[i];

		if (slice_equal_fold(name, slice_of(developer ? t->developer_name : t->name)) &&
		    (!found || !can_be_used(found)))
			found = t;
	}
	return found;
}

static bool usable(const struct field *field, const struct record_type *t, char why[RECORD_TYPE_WHY])
{
	if (!t)
		say(field, "no record type of this name", why);
	else if (!t->active)
		say(field, "a record type that is not active", why);
	else if (!t->available)
		say(field, "a record type that this user may not use", why);
	return t && can_be_used(t);
}

const struct record_type *record_type_find(const struct field *field, enum record_type_key key,
                                           struct slice name, char why[RECORD_TYPE_WHY])
{
	const struct record_type *t = NULL;

	if (key != RECORD_TYPE_NAME)
		t = with_name(field, true, name);
	if (key != RECORD_TYPE_DEVELOPER_NAME && !t)
		t = with_name(field, false, name);
	return usable(field, t, why) ? t : NULL;
}

const struct record_type *record_type_of_id(const struct field *field, struct slice id)
{
	for (size_t i = 0; i < field->record_type_count; i++)
		if (id.len >= ID && strncmp(field->record_types[i].id, id.at, ID) == 0)
			return &field->record_types[i];
	return NULL;
}

bool record_type_may_be(const struct field *field, struct slice id, char why[RECORD_TYPE_WHY])
{
	const struct record_type *t = record_type_of_id(field, id);

	return !t || usable(field, t, why);
}
