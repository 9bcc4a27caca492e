#include "practice/setup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/paths.h"

/* Through what the objects are asked for (assets/setup/README.md). */
static const struct {
	const char *name;
	bool tooling, data;
} ways[] = {
	{ "ApexTrigger", true, false },     { "ValidationRule", true, false },
	{ "EntityDefinition", true, true }, { "FlowDefinitionView", false, true },
	{ "DuplicateRule", false, true },
};

static const char *const usage[] = {
#define X(name, word, field) field,
	TRIGGER_EVENTS(X)
#undef X
};

enum { MOST_PAIRS = 32, NAME = 160 };

/* A row on its way: its fields and their texts. */
struct making {
	struct table *table;
	struct change changes[MOST_PAIRS];
	size_t count;
};

enum err_code setup_open(struct setup *s, struct err *e)
{
	char folder[PATH_ROOM];

	if (paths_asset("setup", folder, e) != ERR_OK || schema_open_alone(&s->schema, folder, e) != ERR_OK)
		return e->code;
	return org_init(&s->org, &s->schema, false) ? ERR_OK : err_memory(e, "the practice org");
}

void setup_release(struct setup *s)
{
	org_release(&s->org);
	schema_release(&s->schema);
}

static bool may_be_asked(const struct setup_rules *rules, const struct object *o, bool tooling)
{

	for (size_t i = 0; i < rules->hidden_count; i++)
		if (strcmp(rules->hidden[i], o->name) == 0)
			return false;
	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
		if (strcmp(ways[i].name, o->name) == 0)
			return tooling ? ways[i].tooling : ways[i].data;
	return false;
}

static struct making make(struct setup *s, const char *object)
{
	const struct object *o = schema_object(&s->schema, slice_of(object));

	return (struct making){ .table = o ? org_table(&s->org, o) : NULL };
}

/* The text must live until the row is added; NULL: nothing. */
static void put(struct making *m, const char *field, const char *text)
{
	const struct field *f = m->table ? object_field(m->table->object, slice_of(field)) : NULL;

	if (f && text && m->count < MOST_PAIRS)
		m->changes[m->count++] = (struct change){ .field = f, .text = slice_of(text) };
}

static void put_bool(struct making *m, const char *field, bool value)
{
	put(m, field, value ? "true" : "false");
}

static bool add(const struct making *m, int64_t now)
{
	return !m->table || org_insert(m->table, m->changes, m->count, now);
}

/* What lasts: a standard object's name, a custom one's id (EntityDefinition.DurableId). */
static const char *durable(const struct object *o, char to[NAME])
{
	size_t len = strlen(o->name);

	if (len > 3 && strcmp(o->name + len - 3, "__c") == 0)
		snprintf(to, NAME, "01I5e0000000%03u", (unsigned)o->number);
	else
		snprintf(to, NAME, "%s", o->name);
	return to;
}

static bool add_definitions(struct setup *s, const struct schema *objects, int64_t now)
{
	bool good = true;
	char id[NAME];

	for (size_t i = 0; i < objects->count && good; i++) {
		const struct object *o = &objects->objects[i];
		struct making m = make(s, "EntityDefinition");

		put(&m, "DurableId", durable(o, id));
		put(&m, "QualifiedApiName", o->name);
		put(&m, "DeveloperName", o->name);
		put(&m, "Label", o->name);
		put(&m, "KeyPrefix", o->prefix);
		good = add(&m, now);
	}
	return good;
}

static bool add_triggers(struct setup *s, const struct setup_rules *rules, int64_t now)
{
	bool good = true;
	char id[NAME];

	for (size_t i = 0; i < rules->trigger_count && good; i++) {
		const struct setup_trigger *t = &rules->triggers[i];
		struct making m = make(s, "ApexTrigger");

		durable(t->object, id);
		put(&m, "Name", t->name);
		put(&m, "EntityDefinitionId", id);
		put(&m, "TableEnumOrId", id);
		put(&m, "Status", t->active ? "Active" : "Inactive");
		put(&m, "IsValid", "true");
		put(&m, "UsageIsBulk", "true");
		put(&m, "ApiVersion", "62");
		for (size_t k = 0; k < TRIGGER_EVENT_COUNT; k++)
			put_bool(&m, usage[k], t->on[k]);
		good = add(&m, now);
	}
	return good;
}

/* IsActive tells of the latest version, ActiveVersionId of any. */
static bool add_flows(struct setup *s, const struct setup_rules *rules, int64_t now)
{
	bool good = true;
	char id[NAME];

	for (size_t i = 0; i < rules->flow_count && good; i++) {
		const struct setup_flow *f = &rules->flows[i];
		struct making m = make(s, "FlowDefinitionView");

		put(&m, "ApiName", f->name);
		put(&m, "Label", f->name);
		put(&m, "ProcessType", "AutoLaunchedFlow");
		put(&m, "TriggerType", f->trigger);
		put(&m, "RecordTriggerType", f->change);
		put(&m, "TriggerObjectOrEventId", durable(f->object, id));
		put(&m, "TriggerObjectOrEventLabel", f->object->name);
		put_bool(&m, "IsActive", f->active && !f->drafted);
		put_bool(&m, "IsTemplate", false);
		put(&m, "ActiveVersionId", f->active ? "3015e0000000001AAA" : NULL);
		put(&m, "LatestVersionId", f->drafted ? "3015e0000000002AAA" : "3015e0000000001AAA");
		put(&m, "VersionNumber", f->drafted ? "2" : "1");
		good = add(&m, now);
	}
	return good;
}

static bool add_validations(struct setup *s, const struct policy *policy, int64_t now)
{
	bool good = true;
	char id[NAME];

	for (size_t i = 0; i < policy->validation_count && good; i++) {
		const struct validation_rule *r = &policy->validations[i];
		struct making m = make(s, "ValidationRule");

		put(&m, "ValidationName", r->name);
		put(&m, "EntityDefinitionId", durable(r->object, id));
		put_bool(&m, "Active", r->active);
		put(&m, "ErrorMessage", r->message);
		put(&m, "ErrorDisplayField", r->at ? r->at->name : NULL);
		good = add(&m, now);
	}
	return good;
}

static bool add_duplicates(struct setup *s, const struct policy *policy, int64_t now)
{
	bool good = true;

	for (size_t i = 0; i < policy->duplicate_count && good; i++) {
		const struct duplicate_rule *r = &policy->duplicates[i];
		struct making m = make(s, "DuplicateRule");

		put(&m, "MasterLabel", r->name);
		put(&m, "DeveloperName", r->name);
		put(&m, "Language", "en_US");
		put(&m, "SobjectType", r->object->name);
		put_bool(&m, "IsActive", r->active);
		good = add(&m, now);
	}
	return good;
}

bool setup_fill(struct setup *s, const struct schema *objects, const struct scenario *scenario, bool tooling,
                int64_t now)
{
	for (size_t i = 0; i < s->schema.count; i++)
		s->schema.objects[i].queryable = may_be_asked(&scenario->setup, &s->schema.objects[i], tooling);
	org_release(&s->org);
	return org_init(&s->org, &s->schema, false) && add_definitions(s, objects, now) &&
	       add_triggers(s, &scenario->setup, now) && add_flows(s, &scenario->setup, now) &&
	       add_validations(s, &scenario->policy, now) && add_duplicates(s, &scenario->policy, now);
}
