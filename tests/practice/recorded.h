/*
 * recorded.h - payloads of real orgs (tests/recorded), and whether an answer has their keys and types.
 *
 * A null fits every type, numbers are one type, an empty list says nothing about its items. All of a list's items are
 * compared with all of the other's, so that none lacks a key that the recorded ones have.
 */
#ifndef LONGSHORE_TESTS_RECORDED_H
#define LONGSHORE_TESTS_RECORDED_H

#include "../unit/practice_client.h"

/* Keys that only one side may have, up to NULL. */
static const char *const *allowed_keys;

static inline bool is_allowed_key(const char *key)
{
	for (size_t i = 0; allowed_keys && allowed_keys[i]; i++)
		if (strcmp(allowed_keys[i], key) == 0)
			return true;
	return false;
}

static inline const char *type_word(const json_t *v)
{
	static const char *const words[] = { "an object", "a list",  "a text",  "a number",
		                             "a number",  "a truth", "a truth", "null" };

	return words[json_typeof(v)];
}

/* Answers within one are compared one by one, other items all with all. */
static inline bool is_pair(const json_t *item, size_t i, size_t k)
{
	return i == k || !json_object_get(item, "referenceId");
}

/* The first difference into `why`, which begins with the path; false if there is one. */
static inline bool same_shape(const json_t *recorded, const json_t *ours, const char *path, char why[512])
{
	char deeper[256];
	const char *key;
	json_t *value, *item, *other;
	size_t i, k;

	if (json_is_null(recorded) || json_is_null(ours))
		return true;
	if (strcmp(type_word(recorded), type_word(ours)) != 0) {
		snprintf(why, 512, "%s is %s, recorded as %s", path, type_word(ours), type_word(recorded));
		return false;
	}
	json_object_foreach((json_t *)(uintptr_t)ours, key, value) {
		if (!json_object_get(recorded, key) && !is_allowed_key(key)) {
			snprintf(why, 512, "%s.%s was not recorded", path, key);
			return false;
		}
	}
	json_object_foreach((json_t *)(uintptr_t)recorded, key, value) {
		const json_t *mine = json_object_get(ours, key);

		snprintf(deeper, sizeof deeper, "%s.%s", path, key);
		if (!mine && !is_allowed_key(key)) {
			snprintf(why, 512, "%s is missing", deeper);
			return false;
		}
		if (mine && !same_shape(value, mine, deeper, why))
			return false;
	}
	json_array_foreach(recorded, i, item) {
		json_array_foreach(ours, k, other) {
			snprintf(deeper, sizeof deeper, "%s[%zu/%zu]", path, i, k);
			if (is_pair(item, i, k) && !same_shape(item, other, deeper, why))
				return false;
		}
	}
	return true;
}

static inline json_t *parse(const char *text, const char *what)
{
	json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);

	if (!json)
		fail_msg("%s is no JSON: %.200s", what, text);
	return json;
}

static inline json_t *recorded_json(const char *name)
{
	char path[256];
	json_error_t why;
	json_t *json;

	snprintf(path, sizeof path, "tests/recorded/%s", name);
	json = json_load_file(path, JSON_DECODE_ANY, &why);
	if (!json)
		fail_msg("%s: %s", path, why.text);
	return json;
}

/* The answer has the keys and types of a recorded one, `json` of which is taken. */
static inline void expect_shape(json_t *recorded, const char *ours, const char *what)
{
	json_t *mine = parse(ours, what);
	char why[512];

	if (!same_shape(recorded, mine, "", why))
		fail_msg("%s: %s\n%.1000s", what, why, ours);
	json_decref(recorded);
	json_decref(mine);
}

/* The same, with the file's name and without any key of its own. */
static inline void expect_recorded(const char *name, const char *ours)
{
	expect_shape(recorded_json(name), ours, name);
}

#endif
