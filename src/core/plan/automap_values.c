/* automap_values.c - what the cells of a column say: which fields they cannot be of, and which one they must be of. */
#include "core/plan/automap_own.h"

#include <stdio.h>
#include <string.h>

/* How ids begin, as the describe of all objects of an org says (tests/data/describe/Global_describe.json). */
struct prefix {
	const char *object, *prefix;
};

static const struct prefix prefixes[] = { { "Account", "001" }, { "Contact", "003" },  { "User", "005" },
	                                  { "Case", "500" },    { "Campaign", "701" }, { "Opportunity", "006" },
	                                  { "UserRole", "00E" } };

static const char *prefix_of(const struct finder *f, const char *object)
{
	const struct target_scope *scope = &f->r->scope;

	if (strcmp(scope->object->name, object) == 0)
		return scope->object->key_prefix;
	for (size_t i = 0; i < scope->parent_count; i++)
		if (strcmp(scope->parents[i]->name, object) == 0)
			return scope->parents[i]->key_prefix;
	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
		if (strcmp(prefixes[i].object, object) == 0)
			return prefixes[i].prefix;
	return "";
}

/* Of another object than these, as far as that is known, is against it. */
static enum fit fit_id(const struct finder *f, const struct field *field, const struct profile *p)
{
	bool all_known = true;

	if (!profile_is(p, KIND_ID))
		return FIT_AGAINST;
	if (field->type == FIELD_ID)
		return strcmp(p->prefix, f->r->scope.object->key_prefix) == 0 ? FIT_FOR : FIT_AGAINST;
	for (size_t i = 0; i < field->reference_count; i++) {
		const char *prefix = prefix_of(f, field->references[i]);

		if (*prefix && strcmp(prefix, p->prefix) == 0)
			return FIT_FOR;
		all_known = all_known && *prefix;
	}
	return all_known || !*p->prefix ? FIT_AGAINST : FIT_NEUTRAL;
}

static bool has_value(const struct field *field, struct slice s)
{
	for (size_t i = 0; i < field->value_count; i++)
		if (field->values[i].active && slice_equal_fold(slice_of(field->values[i].value), s))
			return true;
	return false;
}

/* All values that were seen are in its list; one alone says little. */
static enum fit fit_picklist(const struct field *field, const struct profile *p)
{
	size_t hits = 0;

	for (size_t i = 0; i < p->value_count; i++)
		hits += has_value(field, p->values[i]);
	if (hits == 0)
		return field->restricted_picklist ? FIT_AGAINST : FIT_NEUTRAL;
	return hits == p->value_count && hits > 1 && !p->more ? FIT_FOR : FIT_NEUTRAL;
}

static enum fit must_be(const struct profile *p, enum kind kind)
{
	return profile_is(p, kind) ? FIT_FOR : FIT_AGAINST;
}

/* What is a value of some other kind is no name and no phone number. */
static enum fit not_these(const struct profile *p, const enum kind *kinds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (profile_is(p, kinds[i]))
			return FIT_AGAINST;
	return FIT_NEUTRAL;
}

static enum fit fit_phone(const struct profile *p)
{
	static const enum kind others[] = { KIND_EMAIL, KIND_URL, KIND_INSTANT, KIND_ID };

	return profile_is(p, KIND_PHONE) ? FIT_FOR : not_these(p, others, 4);
}

static enum fit fit_url(const struct profile *p)
{
	static const enum kind others[] = { KIND_EMAIL, KIND_DATE, KIND_INSTANT, KIND_ID, KIND_NUMBER };

	return profile_is(p, KIND_URL) ? FIT_FOR : not_these(p, others, 5);
}

static bool is_day(const struct profile *p)
{
	return p->filled > 0 && (p->of[KIND_DATE] + p->of[KIND_INSTANT]) * 20 >= p->filled * 19;
}

enum fit fit_of(const struct finder *f, const struct slot *slot, const struct profile *p)
{
	const struct field *field = slot->far ? slot->far : slot->field;

	if (!p || p->filled == 0)
		return FIT_NEUTRAL;
	if (slot->far && profile_is(p, KIND_ID))
		return FIT_AGAINST;
	switch (field->type) {
	case FIELD_ID:
	case FIELD_REFERENCE:
		return fit_id(f, field, p);
	case FIELD_EMAIL:
		return must_be(p, KIND_EMAIL);
	case FIELD_BOOLEAN:
		return must_be(p, KIND_BOOLEAN);
	case FIELD_DATE:
	case FIELD_DATETIME:
		return is_day(p) ? FIT_FOR : FIT_AGAINST;
	case FIELD_INT:
	case FIELD_LONG:
	case FIELD_DOUBLE:
	case FIELD_CURRENCY:
	case FIELD_PERCENT:
		return profile_is(p, KIND_NUMBER) ? FIT_NEUTRAL : FIT_AGAINST;
	case FIELD_PICKLIST:
		return fit_picklist(field, p);
	case FIELD_PHONE:
		return fit_phone(p);
	case FIELD_URL:
		return fit_url(p);
	default:
		return FIT_NEUTRAL;
	}
}

void fit_words(const struct slot *slot, const struct profile *p, char *to, size_t size)
{
	const struct field *field = slot->far ? slot->far : slot->field;
	enum kind kind = KIND_DATE;

	if (field->type == FIELD_PICKLIST) {
		snprintf(to, size, "the values of its cells are in its picklist");
		return;
	}
	if (field->type == FIELD_ID || field->type == FIELD_REFERENCE) {
		snprintf(to, size, "its cells are ids that begin with %s", p->prefix);
		return;
	}
	if (field->type == FIELD_EMAIL)
		kind = KIND_EMAIL;
	else if (field->type == FIELD_BOOLEAN)
		kind = KIND_BOOLEAN;
	else if (field->type == FIELD_PHONE)
		kind = KIND_PHONE;
	else if (field->type == FIELD_URL)
		kind = KIND_URL;
	else if (profile_is(p, KIND_INSTANT))
		kind = KIND_INSTANT;
	snprintf(to, size, "its cells are %s", kind_text(kind));
}

/* Kinds that say enough by themselves; true or false is too little. */
static bool tells(const struct field *field)
{
	return field->type == FIELD_ID || field->type == FIELD_REFERENCE || field->type == FIELD_EMAIL ||
	       field->type == FIELD_PICKLIST || field->type == FIELD_PHONE || field->type == FIELD_URL ||
	       field->type == FIELD_DATE;
}

/* Without it nothing can be updated or deleted. */
static bool is_needed(const struct finder *f, const struct slot *slot)
{
	return slot->field->type == FIELD_ID && f->r->action != ACTION_UPSERT;
}

/* The only free field that the cells speak for; NULL if there is none, or a second one. */
static const struct slot *only_one(const struct finder *f, const struct profile *p)
{
	const struct slot *found = NULL; /* the Id stands before all others */

	for (size_t i = 0; i < f->slot_count; i++) {
		const struct slot *slot = &f->slots[i];

		if (slot->far || !slot_free(f, slot) || !tells(slot->field) || fit_of(f, slot, p) != FIT_FOR)
			continue;
		if (is_needed(f, slot))
			return slot;
		if (found)
			return NULL;
		found = slot;
	}
	return found;
}

bool automap_by_values(struct finder *f)
{
	char why[TARGET_WHY], fits[96];

	for (size_t i = 0; f->r->profiles && i < f->r->column_count; i++) {
		const struct profile *p = &f->r->profiles[i];
		const struct slot *slot;

		if (!f->r->open[i] || f->matches[i].target.field || f->matches[i].why || p->filled < 3)
			continue;
		slot = only_one(f, p);
		if (!slot)
			continue;
		fit_words(slot, p, fits, sizeof fits);
		snprintf(why, sizeof why, "%s, and no other free field takes them", fits);
		if (!slot_take(f, i, slot, SURE_GUESSED, why))
			return false;
	}
	return true;
}
