#include "practice/setup_rules.h"

#include <stdlib.h>
#include <string.h>

#include "practice/policy.h"

static const char *const keys[] = { "triggers", "flows", "hidden_objects" };

static const char *const events[] = {
#define X(name, word, field) word,
	TRIGGER_EVENTS(X)
#undef X
};

static const char *const flow_triggers[] = { "RecordBeforeSave", "RecordAfterSave", "RecordBeforeDelete" };
static const char *const flow_changes[] = { "Create", "CreateAndUpdate", "Delete", "None", "Update" };

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

void setup_rules_release(struct setup_rules *r)
{
	for (size_t i = 0; i < r->trigger_count; i++)
		free(r->triggers[i].name);
	for (size_t i = 0; i < r->flow_count; i++) {
		free(r->flows[i].name);
		free(r->flows[i].trigger);
		free(r->flows[i].change);
	}
	for (size_t i = 0; i < r->hidden_count; i++)
		free(r->hidden[i]);
	free(r->triggers);
	free(r->flows);
	free(r->hidden);
	*r = (struct setup_rules){ 0 };
}

static size_t place_of(const char *word, const char *const *list, size_t count)
{
	size_t i = 0;

	while (i < count && (!word || strcmp(word, list[i]) != 0))
		i++;
	return i;
}

bool setup_rules_has_key(const char *key)
{
	return place_of(key, keys, COUNT(keys)) < COUNT(keys);
}

static const char *text(const json_t *json, const char *key)
{
	return json_string_value(json_object_get(json, key));
}

/* What triggers and flows have in common. */
static enum err_code read_common(const struct schema *s, const json_t *json, const struct object **object,
                                 char **name, bool *active, struct err *e)
{
	*object = policy_object(s, text(json, "object"), e);
	if (!*object)
		return e->code;
	if (!text(json, "name"))
		return err_set(e, ERR_USAGE, "a trigger or flow of the scenario has no name");
	*name = strdup(text(json, "name"));
	*active = !json_is_false(json_object_get(json, "active"));
	return *name ? ERR_OK : err_memory(e, "the scenario");
}

static enum err_code read_trigger(struct setup_trigger *t, const struct schema *s, const json_t *json,
                                  struct err *e)
{
	static const char *const allowed[] = { "object", "name", "on", "active" };
	const json_t *on = json_object_get(json, "on"), *item;
	size_t i;

	if (!policy_has_only(json, allowed, COUNT(allowed), e) ||
	    read_common(s, json, &t->object, &t->name, &t->active, e) != ERR_OK)
		return e->code;
	json_array_foreach(on, i, item) {
		size_t event = place_of(json_string_value(item), events, COUNT(events));

		if (event == COUNT(events))
			return err_set(e, ERR_USAGE,
			               "a trigger is on before insert, after insert and the like");
		t->on[event] = true;
	}
	if (json_array_size(on) == 0)
		return err_set(e, ERR_USAGE, "the trigger %s needs on, a list of events", t->name);
	return ERR_OK;
}

static enum err_code read_flow(struct setup_flow *f, const struct schema *s, const json_t *json, struct err *e)
{
	static const char *const allowed[] = { "object", "name", "trigger", "change", "active", "drafted" };
	const char *trigger = text(json, "trigger"), *change = text(json, "change");

	if (!policy_has_only(json, allowed, COUNT(allowed), e) ||
	    read_common(s, json, &f->object, &f->name, &f->active, e) != ERR_OK)
		return e->code;
	if (place_of(trigger, flow_triggers, COUNT(flow_triggers)) == COUNT(flow_triggers))
		return err_set(e, ERR_USAGE,
		               "the flow's trigger is RecordBeforeSave, RecordAfterSave or RecordBeforeDelete");
	if (change && place_of(change, flow_changes, COUNT(flow_changes)) == COUNT(flow_changes))
		return err_set(e, ERR_USAGE,
		               "the flow's change is Create, CreateAndUpdate, Delete, None or Update");
	f->trigger = strdup(trigger);
	f->change = change ? strdup(change) : NULL;
	f->drafted = json_is_true(json_object_get(json, "drafted"));
	return f->trigger ? ERR_OK : err_memory(e, "the scenario");
}

static enum err_code read_hidden(struct setup_rules *r, const json_t *item, struct err *e)
{
	if (!json_is_string(item))
		return err_set(e, ERR_USAGE, "hidden_objects are a list of names");
	r->hidden[r->hidden_count] = strdup(json_string_value(item));
	return r->hidden[r->hidden_count++] ? ERR_OK : err_memory(e, "the scenario");
}

enum err_code setup_rules_read(struct setup_rules *r, const struct schema *s, const char *key,
                               const json_t *value, struct err *e)
{
	size_t room = json_array_size(value) + 1, i;
	const json_t *item;

	if (!s || !json_is_array(value))
		return err_set(e, ERR_USAGE, "the scenario's key %s is no list", key);
	if (strcmp(key, "triggers") == 0)
		r->triggers = calloc(room, sizeof *r->triggers);
	else if (strcmp(key, "flows") == 0)
		r->flows = calloc(room, sizeof *r->flows);
	else
		r->hidden = calloc(room, sizeof *r->hidden);
	json_array_foreach(value, i, item) {
		if (strcmp(key, "triggers") == 0)
			read_trigger(&r->triggers[r->trigger_count++], s, item, e);
		else if (strcmp(key, "flows") == 0)
			read_flow(&r->flows[r->flow_count++], s, item, e);
		else
			read_hidden(r, item, e);
		if (e->code != ERR_OK)
			break;
	}
	return e->code;
}
