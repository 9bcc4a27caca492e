/*
 * policy.h - what the org's administrator has set up beyond the describes: fields that the user may not see or write,
 * validation rules and duplicate rules. Part of a scenario (docs/practice.md has its keys).
 *
 * Fields belong to the schema it was read for. Callers hold the org's turn.
 */
#ifndef LONGSHORE_PRACTICE_POLICY_H
#define LONGSHORE_PRACTICE_POLICY_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "practice/rules.h"
#include "practice/schema.h"
#include "practice/type_values.h"

/* One condition of a validation rule. */
struct policy_test {
	const struct field *field;
	int is; /* its own */
	char *value;
};

/* Refuses a record of which all tests are true, as a validation rule's formula does. */
struct validation_rule {
	const struct object *object;
	char *name;
	bool active; /* else it is only there to be asked about */
	struct policy_test *tests;
	size_t test_count;
	char *message;
	const struct field *at; /* the field the message stands at, or NULL */
};

/* Refuses a record that another one equals in all these fields. */
struct duplicate_rule {
	const struct object *object;
	char *name;
	bool active;
	const struct field **fields;
	size_t field_count;
	char *message;
	bool allow; /* alerts only: allowSave=true saves the record all the same */
};

struct policy {
	const struct field **hidden, **read_only;
	size_t hidden_count, read_only_count;
	struct validation_rule *validations;
	size_t validation_count;
	struct duplicate_rule *duplicates;
	size_t duplicate_count;
	struct type_list type_values;
};

void policy_release(struct policy *p);

/* Is the scenario's key one of these? */
bool policy_has_key(const char *key);

/* Reads the value of such a key. ERR_USAGE: it has a slip, or names what the schema does not have. */
enum err_code policy_read(struct policy *p, const struct schema *s, const char *key, const json_t *value,
                          struct err *e);

/* The user's rights become those of the policy. */
void policy_apply(const struct policy *p, struct schema *s);

/* For the other files that read a scenario: the object of that name, and whether an entry has no other keys than these. NULL and false
 * with the reason. */
const struct object *policy_object(const struct schema *s, const char *name, struct err *e);
bool policy_has_only(const json_t *json, const char *const *allowed, size_t count, struct err *e);

/* The text a record would have in a field of its own once written; at NULL: none. */
typedef struct slice policy_value(void *ctx, const struct field *f);

/* Does the record pass the object's validation rules? With FIELD_CUSTOM_VALIDATION_EXCEPTION in `why` if not. */
bool policy_validates(const struct policy *p, const struct object *o, policy_value *value, void *ctx,
                      struct refusal *why);

#endif
