#include "practice/scenario.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "practice/scenario_fault.h"

static const struct {
	const char *key;
	size_t offset;
	bool text;
} fault_keys[] = {
	{ "method", offsetof(struct fault, method), true },
	{ "path", offsetof(struct fault, path), true },
	{ "connection", offsetof(struct fault, connection), true },
	{ "type", offsetof(struct fault, type), true },
	{ "body", offsetof(struct fault, body), true },
	{ "column", offsetof(struct fault, column), true },
	{ "value", offsetof(struct fault, value), true },
	{ "object", offsetof(struct fault, object), true },
	{ "message", offsetof(struct fault, message), true },
	{ "state", offsetof(struct fault, state), true },
	{ "nth", offsetof(struct fault, nth), false },
	{ "every", offsetof(struct fault, every), false },
	{ "times", offsetof(struct fault, times), false },
	{ "status", offsetof(struct fault, status), false },
	{ "bytes", offsetof(struct fault, bytes), false },
	{ "ms", offsetof(struct fault, ms), false },
	{ "tries", offsetof(struct fault, tries), false },
	{ "after", offsetof(struct fault, after), false },
	{ "when", offsetof(struct fault, when), true },
	{ "each", offsetof(struct fault, each), false },
	{ "chance", offsetof(struct fault, chance), false },
	{ "retry_after", offsetof(struct fault, retry_after), false },
};

enum { FAULT_KEYS = sizeof fault_keys / sizeof fault_keys[0] };

static const char *const action_words[] = {
#define X(name, word, does) [FAULT_##name] = word,
	FAULT_ACTIONS(X)
#undef X
};

void scenario_init(struct scenario *s, uint64_t seed)
{
	*s = (struct scenario){
		.seed = seed,
		.daily_limit = 100000,
		.daily_batch_limit = 15000,       /* salesforce-api.md C11 */
		.session_ms = 2 * 60 * 60 * 1000, /* Salesforce's default is two hours */
		.hard_delete = true,
	};
	sign_in_rules_init(&s->sign_in);
}

static void *fault_member(struct fault *f, size_t key)
{
	return (char *)f + fault_keys[key].offset;
}

static void release_fault(struct fault *f)
{
	for (size_t i = 0; i < FAULT_KEYS; i++)
		if (fault_keys[i].text)
			free(*(char **)fault_member(f, i));
	free(f->tries_of.places);
}

void scenario_release(struct scenario *s)
{
	struct schema *schema;

	for (size_t i = 0; i < s->fault_count; i++)
		release_fault(&s->faults[i]);
	free(s->faults);
	free(s->text);
	sign_in_rules_release(&s->sign_in);
	policy_release(&s->policy);
	setup_rules_release(&s->setup);
	schema = s->schema;
	scenario_init(s, s->seed);
	s->schema = schema;
}

static bool read_action(struct fault *f, const json_t *value)
{
	for (size_t i = 0; json_is_string(value) && i < sizeof action_words / sizeof action_words[0]; i++) {
		if (strcmp(json_string_value(value), action_words[i]) != 0)
			continue;
		f->action = (enum fault_action)i;
		return true;
	}
	return false;
}

static bool set_fault_key(struct fault *f, const char *key, const json_t *value)
{
	for (size_t i = 0; i < FAULT_KEYS; i++) {
		if (strcmp(key, fault_keys[i].key) != 0)
			continue;
		if (fault_keys[i].text) {
			if (!json_is_string(value))
				return false;
			free(*(char **)fault_member(f, i));
			*(char **)fault_member(f, i) = strdup(json_string_value(value));
		} else {
			if (!json_is_integer(value))
				return false;
			*(int64_t *)fault_member(f, i) = json_integer_value(value);
		}
		return true;
	}
	return false;
}

static enum err_code read_fault(struct fault *f, json_t *json, struct err *e)
{
	const char *key;
	json_t *value;

	if (!json_is_object(json) || !read_action(f, json_object_get(json, "action")))
		return err_set(e, ERR_USAGE, "a fault of the scenario has no action, or one that is not known");
	f->after = -1;
	json_object_foreach(json, key, value) {
		if (strcmp(key, "action") != 0 && !set_fault_key(f, key, value))
			return err_set(e, ERR_USAGE, "the fault's key %s is not known, or of the wrong type",
			               key);
	}
	if (f->connection && strcmp(f->connection, "fresh") != 0 && strcmp(f->connection, "reused") != 0)
		return err_set(e, ERR_USAGE, "a fault's connection is fresh or reused, not %s", f->connection);
	if (f->action == FAULT_ANSWER && (f->status < 200 || f->status > 599))
		return err_set(e, ERR_USAGE, "the fault answer needs a status from 200 to 599");
	if (f->when && strcmp(f->when, "before") != 0 && strcmp(f->when, "after") != 0)
		return err_set(e, ERR_USAGE, "a fault's when is before or after, not %s", f->when);
	if ((f->action == FAULT_SHORT_RESULTS || f->action == FAULT_SHORT_LIST) && f->each < 1)
		return err_set(e, ERR_USAGE, "the fault %s needs each, from 1 on", action_words[f->action]);
	return ERR_OK;
}

static enum err_code read_faults(struct scenario *s, json_t *list, struct err *e)
{
	json_t *item;
	size_t i;

	if (!json_is_array(list))
		return err_set(e, ERR_USAGE, "the scenario's faults are no list");
	s->faults = calloc(json_array_size(list) + 1, sizeof *s->faults);
	if (!s->faults)
		return err_memory(e, "the faults");
	json_array_foreach(list, i, item) {
		s->fault_count++;
		if (read_fault(&s->faults[i], item, e) != ERR_OK)
			return e->code;
	}
	return ERR_OK;
}

static enum err_code read_key(struct scenario *s, const char *key, json_t *value, struct err *e)
{
	const struct {
		const char *key;
		int64_t *number;
	} numbers[] = {
		{ "start_delay_ms", &s->start_delay_ms },
		{ "daily_limit", &s->daily_limit },
		{ "daily_batch_limit", &s->daily_batch_limit },
		{ "concurrent_limit", &s->concurrent_limit },
		{ "session_ms", &s->session_ms },
	};

	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		if (strcmp(key, numbers[i].key) == 0 && json_is_integer(value)) {
			*numbers[i].number = json_integer_value(value);
			return ERR_OK;
		}
	if (strcmp(key, "seed") == 0 && json_is_integer(value))
		s->seed = (uint64_t)json_integer_value(value);
	else if (strcmp(key, "rate") == 0 && json_is_number(value))
		s->rate = json_number_value(value);
	else if (strcmp(key, "hard_delete") == 0 && json_is_boolean(value))
		s->hard_delete = json_is_true(value);
	else if (strcmp(key, "second_put") == 0 && json_is_string(value))
		s->second_put = strcmp(json_string_value(value), "accept") == 0;
	else if (strcmp(key, "sign_in") == 0)
		return sign_in_rules_read(&s->sign_in, value, e);
	else if (strcmp(key, "faults") == 0)
		return read_faults(s, value, e);
	else if (policy_has_key(key))
		return policy_read(&s->policy, s->schema, key, value, e);
	else if (setup_rules_has_key(key))
		return setup_rules_read(&s->setup, s->schema, key, value, e);
	else
		return err_set(e, ERR_USAGE, "the scenario's key %s is not known, or of the wrong type", key);
	return ERR_OK;
}

static enum err_code take_json(struct scenario *s, json_t *json, struct err *e)
{
	struct scenario fresh;
	const char *key;
	json_t *value;

	scenario_init(&fresh, s->seed);
	fresh.schema = s->schema;
	if (!json_is_object(json))
		err_set(e, ERR_USAGE, "a scenario is a JSON object");
	json_object_foreach(json, key, value) {
		if (read_key(&fresh, key, value, e) != ERR_OK)
			break;
	}
	fresh.dice = fresh.seed;
	fresh.text = json_dumps(json, JSON_COMPACT);
	if (e->code != ERR_OK) {
		scenario_release(&fresh);
		return e->code;
	}
	scenario_release(s);
	*s = fresh;
	if (s->schema)
		policy_apply(&s->policy, s->schema);
	return ERR_OK;
}

enum err_code scenario_read(struct scenario *s, struct slice text, struct err *e)
{
	json_error_t why;
	json_t *json = json_loadb(text.at ? text.at : "", text.len, 0, &why);

	if (!json)
		return err_set(e, ERR_USAGE, "the scenario is no JSON: %s (line %d)", why.text, why.line);
	take_json(s, json, e);
	json_decref(json);
	return e->code;
}

enum err_code scenario_load(struct scenario *s, const char *path, struct err *e)
{
	json_error_t why;
	json_t *json = json_load_file(path, 0, &why);

	if (!json)
		return err_set(e, ERR_FILE, "cannot read the scenario %s: %s (line %d)", path, why.text,
		               why.line);
	take_json(s, json, e);
	json_decref(json);
	return e->code;
}
