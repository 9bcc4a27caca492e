#include "core/plan/automap_own.h"

#include <stdio.h>
#include <string.h>

const char *sure_name(enum sure sure)
{
	static const char *const names[] = {
#define X(name, text) [SURE_##name] = text,
		SURES(X)
#undef X
	};

	return names[sure];
}

/* May the action write the field, or find a record by it? */
static bool writeable(const struct field *f, enum action action)
{
	bool create = action != ACTION_UPDATE, update = action != ACTION_INSERT;

	if (f->type == FIELD_ID)
		return action != ACTION_INSERT;
	if (action_deletes(action) || f->calculated || f->auto_number || f->type == FIELD_ADDRESS ||
	    f->type == FIELD_LOCATION || f->type == FIELD_BASE64)
		return false;
	return (!create || f->createable) && (!update || f->updateable);
}

bool slot_free(const struct finder *f, const struct slot *slot)
{
	return !f->taken[slot->at];
}

void slot_name(const struct slot *slot, char *to, size_t size)
{
	if (slot->far && slot->field->reference_count > 1)
		snprintf(to, size, "%s:%s.%s", slot->parent->name, slot->field->relationship, slot->far->name);
	else if (slot->far)
		snprintf(to, size, "%s.%s", slot->field->relationship, slot->far->name);
	else
		snprintf(to, size, "%s", slot->field->name);
}

bool slot_take(struct finder *f, size_t column, const struct slot *slot, enum sure sure, const char *why)
{
	struct automap_match *m = &f->matches[column];
	char name[512], reason[TARGET_WHY];

	slot_name(slot, name, sizeof name);
	m->why = arena_text(f->keep, why);
	if (!m->why)
		return false;
	if (!target_find(&m->target, &f->r->scope, slice_of(name), f->keep, reason)) {
		m->target = (struct target){ 0 };
		m->why = NULL;
		return true;
	}
	m->sure = sure;
	f->taken[slot->at] = true;
	return true;
}

/* Adds the lookups through one field, or only counts them where there is no list yet. */
static void add_lookups(struct finder *f, size_t at)
{
	const struct field *field = &f->r->scope.object->fields[at];

	for (size_t i = 0; *field->relationship && i < field->reference_count; i++) {
		const struct object *parent = target_object(&f->r->scope, field->references[i]);

		for (size_t k = 0; parent && k < parent->field_count; k++) {
			const struct field *far = &parent->fields[k];

			if (!field_is_key(far) || far->type == FIELD_ID)
				continue;
			if (f->slots)
				f->slots[f->slot_count] = (struct slot){ field, far, parent, at };
			f->slot_count++;
		}
	}
}

static void add_slots(struct finder *f)
{
	const struct object *o = f->r->scope.object;

	f->slot_count = 0;
	for (size_t i = 0; i < o->field_count; i++) {
		if (!writeable(&o->fields[i], f->r->action))
			continue;
		if (f->slots)
			f->slots[f->slot_count] = (struct slot){ &o->fields[i], NULL, NULL, i };
		f->slot_count++;
		if (o->fields[i].type == FIELD_REFERENCE)
			add_lookups(f, i);
	}
}

static bool prepare(struct finder *f)
{
	const struct automap_request *r = f->r;

	f->taken = arena_alloc(&f->scratch, (r->scope.object->field_count + 1) * sizeof *f->taken);
	if (!f->taken)
		return false;
	memcpy(f->taken, r->taken, r->scope.object->field_count * sizeof *f->taken);
	add_slots(f);
	f->slots = arena_alloc(&f->scratch, (f->slot_count + 1) * sizeof *f->slots);
	if (!f->slots)
		return false;
	add_slots(f);
	return true;
}

bool automap(const struct automap_request *request, struct automap_match *matches, struct arena *a)
{
	struct finder f = { .r = request, .matches = matches, .keep = a };
	bool ok;

	arena_init(&f.scratch);
	for (size_t i = 0; i < request->column_count; i++)
		matches[i] = (struct automap_match){ 0 };
	ok = prepare(&f) && automap_by_form(&f) && automap_by_words(&f) && automap_by_values(&f);
	arena_release(&f.scratch);
	return ok;
}

static bool has_word(const struct words *w, const char *word)
{
	for (size_t i = 0; i < w->count; i++)
		if (strcmp(w->at[i], word) == 0)
			return true;
	return false;
}

/* The words of a relationship, by its name or by its field's label: "ReportsTo", "Reports To ID". */
static bool speaks_of(const struct words *header, const struct field *f)
{
	struct words names[2];

	words_of(&names[0], slice_of(f->relationship), true);
	words_of(&names[1], slice_of(f->label), false);
	for (size_t n = 0; n < 2; n++) {
		size_t found = 0, wanted = 0;

		for (size_t i = 0; i < names[n].count; i++) {
			if (strcmp(names[n].at[i], "id") == 0)
				continue;
			wanted++;
			found += has_word(header, names[n].at[i]);
		}
		if (wanted && found == wanted && header->count > wanted)
			return true;
	}
	return false;
}

/* Does the header say it already? */
static bool is_field(const struct object *object, struct slice header)
{
	if (object_field(object, header))
		return true;
	for (size_t i = 0; i < object->field_count; i++)
		if (slice_equal_fold(slice_of(object->fields[i].label), header))
			return true;
	return false;
}

static size_t add_name(const char *name, const char **names, size_t count, size_t room)
{
	for (size_t i = 0; i < count && i < room; i++)
		if (strcmp(names[i], name) == 0)
			return count;
	if (count < room)
		names[count] = name;
	return count + 1;
}

/* "Owner" alone speaks of users. */
static const char *owner_of(const struct object *object, struct slice header)
{
	const struct field *f = object_field(object, slice_of("OwnerId"));
	char form[FORM_ROOM];
	size_t len = words_form(header, form);

	if (!f || !slice_is((struct slice){ form, len }, "owner"))
		return NULL;
	for (size_t i = 0; i < f->reference_count; i++)
		if (strcmp(f->references[i], "User") == 0)
			return f->references[i];
	return NULL;
}

size_t automap_parents(const struct object *object, const struct slice *columns, size_t column_count,
                       const char **names, size_t room)
{
	size_t count = 0;

	for (size_t i = 0; i < column_count; i++) {
		struct words header;

		if (is_field(object, slice_trim(columns[i])))
			continue;
		if (owner_of(object, columns[i]))
			count = add_name(owner_of(object, columns[i]), names, count, room);
		words_of(&header, columns[i], false);
		for (size_t k = 0; k < object->field_count; k++) {
			const struct field *f = &object->fields[k];

			if (f->reference_count == 1 && *f->relationship &&
			    strcmp(f->references[0], object->name) != 0 && speaks_of(&header, f))
				count = add_name(f->references[0], names, count, room);
		}
	}
	return count;
}
