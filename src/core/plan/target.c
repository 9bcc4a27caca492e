#include "core/plan/target.h"

#include <stdio.h>
#include <string.h>

/* "Object:Relationship.Field", each part but the last may be empty. */
struct way {
	struct slice type;
	struct slice relationship;
	struct slice far;
};

/* Cuts s at its first `c`; what stands before and behind it. False if there is none. */
static bool cut(struct slice s, char c, struct slice *before, struct slice *behind)
{
	const char *at = s.len ? memchr(s.at, c, s.len) : NULL;

	if (!at)
		return false;
	*before = (struct slice){ s.at, (size_t)(at - s.at) };
	*behind = (struct slice){ at + 1, s.len - before->len - 1 };
	return before->len > 0 && behind->len > 0;
}

static bool way_of(struct slice name, struct way *w)
{
	struct slice front, rest;

	*w = (struct way){ 0 };
	if (!cut(name, ':', &front, &rest))
		return cut(name, '.', &w->relationship, &w->far);
	if (cut(rest, '.', &w->relationship, &w->far)) {
		w->type = front;
		return true;
	}
	w->relationship = front;
	if (!cut(rest, '-', &w->type, &w->far))
		w->far = rest;
	return true;
}

bool target_is_relation(struct slice name)
{
	struct way w;

	return way_of(name, &w);
}

static const struct field *reference_of(const struct object *object, struct slice relationship)
{
	for (size_t i = 0; i < object->field_count; i++) {
		const struct field *f = &object->fields[i];

		if (f->reference_count && *f->relationship &&
		    slice_equal_fold(slice_of(f->relationship), relationship))
			return f;
	}
	return NULL;
}

/* The object of that name among those that the field may point to; the only one where there is no other and none was named. */
static const char *looked_up(const struct field *f, struct slice type)
{
	for (size_t i = 0; i < f->reference_count; i++)
		if (type.len ? slice_equal_fold(type, slice_of(f->references[i])) : f->reference_count == 1)
			return f->references[i];
	return NULL;
}

const char *target_parent(const struct object *object, struct slice name)
{
	const struct field *f;
	struct way w;

	if (object_field(object, name) || !way_of(name, &w))
		return NULL;
	f = reference_of(object, w.relationship);
	return f ? looked_up(f, w.type) : NULL;
}

const struct object *target_object(const struct target_scope *scope, const char *name)
{
	if (strcmp(scope->object->name, name) == 0)
		return scope->object;
	for (size_t i = 0; i < scope->parent_count; i++)
		if (strcmp(scope->parents[i]->name, name) == 0)
			return scope->parents[i];
	return NULL;
}

static const char *prefix_of(const struct target_scope *scope, const struct field *f)
{
	const struct object *parent;

	if (f->type == FIELD_ID)
		return scope->object->key_prefix;
	parent = f->reference_count == 1 ? target_object(scope, f->references[0]) : NULL;
	return parent ? parent->key_prefix : "";
}

static bool plain(struct target *t, const struct target_scope *scope, const struct field *f)
{
	*t = (struct target){ .field = f, .name = f->name, .prefix = prefix_of(scope, f) };
	return true;
}

static const char *header_name(const struct field *reference, const struct object *parent,
                               const struct field *far, struct arena *names)
{
	size_t size = strlen(parent->name) + strlen(reference->relationship) + strlen(far->name) + 3;
	char *name = arena_alloc(names, size);
	bool several = reference->reference_count > 1;

	if (name)
		snprintf(name, size, "%s%s%s.%s", several ? parent->name : "", several ? ":" : "",
		         reference->relationship, far->name);
	return name;
}

static bool far_field(struct target *t, const struct target_scope *scope, const struct field *f,
                      const struct way *w, struct arena *names, char why[TARGET_WHY])
{
	const char *name = looked_up(f, w->type);
	const struct object *parent = target_object(scope, name);

	*t = (struct target){ .field = f };
	if (!parent) {
		snprintf(why, TARGET_WHY, "the describe of %s is not at hand", name);
		return false;
	}
	t->parent = parent->name;
	t->far = object_field(parent, w->far);
	if (!t->far) {
		snprintf(why, TARGET_WHY, "%s has no field of this name", parent->name);
		return false;
	}
	if (!field_is_key(t->far)) {
		snprintf(why, TARGET_WHY, "%s of %s is no external id", t->far->name, parent->name);
		return false;
	}
	t->prefix = t->far->type == FIELD_ID ? parent->key_prefix : "";
	t->name = header_name(f, parent, t->far, names);
	if (!t->name)
		snprintf(why, TARGET_WHY, "there is no memory");
	return t->name != NULL;
}

/* Why none of the field's objects is meant. */
static void not_looked_up(const struct field *f, const struct way *w, char why[TARGET_WHY])
{
	if (f->reference_count == 1)
		snprintf(why, TARGET_WHY, "%s points to %s only", f->name, f->references[0]);
	else if (w->type.len)
		snprintf(why, TARGET_WHY, "%s points to %s, %s%s, not to %.*s", f->name, f->references[0],
		         f->references[1], f->reference_count > 2 ? ", …" : "",
		         (int)(w->type.len < 60 ? w->type.len : 60), w->type.at);
	else
		snprintf(why, TARGET_WHY, "%s points to several objects: name one, as in %s:%s.%.*s", f->name,
		         f->references[0], f->relationship, (int)(w->far.len < 60 ? w->far.len : 60),
		         w->far.at);
}

bool target_find(struct target *t, const struct target_scope *scope, struct slice name, struct arena *names,
                 char why[TARGET_WHY])
{
	const struct field *f = object_field(scope->object, name);
	struct way w;

	if (f)
		return plain(t, scope, f);
	f = way_of(name, &w) ? reference_of(scope->object, w.relationship) : NULL;
	if (!f) {
		snprintf(why, TARGET_WHY, "no field of this name");
		return false;
	}
	if (!looked_up(f, w.type)) {
		not_looked_up(f, &w, why);
		return false;
	}
	return far_field(t, scope, f, &w, names, why);
}

bool target_by_label(struct target *t, const struct target_scope *scope, struct slice label,
                     char why[TARGET_WHY])
{
	const struct field *found = NULL;

	for (size_t i = 0; i < scope->object->field_count; i++) {
		const struct field *f = &scope->object->fields[i];

		if (!slice_equal_fold(slice_of(f->label), label))
			continue;
		if (found) {
			snprintf(why, TARGET_WHY, "the label of several fields: %s, %s", found->name, f->name);
			return false;
		}
		found = f;
	}
	if (!found) {
		snprintf(why, TARGET_WHY, "no field of this name");
		return false;
	}
	return plain(t, scope, found);
}
