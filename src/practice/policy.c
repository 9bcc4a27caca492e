#include "practice/policy.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* X(enum, word, needs a value) */
/* clang-format off */
#define TESTS(X)                         \
	X(BLANK, "blank", false)         \
	X(NOT_BLANK, "not blank", false) \
	X(EQUAL, "=", true)              \
	X(NOT_EQUAL, "!=", true)         \
	X(LESS, "<", true)               \
	X(MORE, ">", true)               \
	X(LIKE, "like", true)
/* clang-format on */

enum test_kind {
#define X(name, word, value) TEST_##name,
	TESTS(X)
#undef X
};

static const struct {
	const char *word;
	bool value;
} kinds[] = {
#define X(name, word, value) [TEST_##name] = { word, value },
	TESTS(X)
#undef X
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

static const char *const keys[] = { "hidden_fields", "read_only_fields", "validation_rules", "duplicate_rules",
	                            "record_type_values" };

void policy_release(struct policy *p)
{
	for (size_t i = 0; i < p->validation_count; i++) {
		for (size_t k = 0; k < p->validations[i].test_count; k++)
			free(p->validations[i].tests[k].value);
		free(p->validations[i].tests);
		free(p->validations[i].message);
		free(p->validations[i].name);
	}
	for (size_t i = 0; i < p->duplicate_count; i++) {
		free(p->duplicates[i].fields);
		free(p->duplicates[i].message);
		free(p->duplicates[i].name);
	}
	type_list_release(&p->type_values);
	free(p->validations);
	free(p->duplicates);
	free(p->hidden);
	free(p->read_only);
	*p = (struct policy){ 0 };
}

bool policy_has_key(const char *key)
{
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (strcmp(key, keys[i]) == 0)
			return true;
	return false;
}

const struct object *policy_object(const struct schema *s, const char *name, struct err *e)
{
	const struct object *o = name ? schema_object(s, slice_of(name)) : NULL;

	if (!o)
		err_set(e, ERR_USAGE, "the scenario names the object %s, which is not in the describes",
		        name ? name : "(none)");
	return o;
}

static const struct field *read_field(const struct object *o, const char *name, struct err *e)
{
	const struct field *f = name ? object_stored_field(o, slice_of(name)) : NULL;

	if (!f)
		err_set(e, ERR_USAGE, "the scenario names the field %s, which %s does not have",
		        name ? name : "(none)", o->name);
	return f;
}

/* ["Account.Phone", ...] */
static enum err_code read_fields(const struct schema *s, const json_t *list, const struct field ***to,
                                 size_t *count, struct err *e)
{
	const json_t *item;
	size_t i;

	*to = calloc(json_array_size(list) + 1, sizeof **to);
	if (!*to)
		return err_memory(e, "the scenario");
	json_array_foreach(list, i, item) {
		const char *name = json_string_value(item);
		const char *dot = name ? strchr(name, '.') : NULL;
		const struct object *o;
		char object[128];

		if (!dot || (size_t)(dot - name) >= sizeof object)
			return err_set(e, ERR_USAGE, "the scenario's fields are named like Account.Phone");
		memcpy(object, name, (size_t)(dot - name));
		object[dot - name] = '\0';
		o = policy_object(s, object, e);
		if (o)
			(*to)[*count] = read_field(o, dot + 1, e);
		if (e->code != ERR_OK)
			return e->code;
		++*count;
	}
	return ERR_OK;
}

static enum err_code read_test(struct policy_test *t, const struct object *o, const json_t *json, struct err *e)
{
	const char *is = json_string_value(json_object_get(json, "is"));
	const char *value = json_string_value(json_object_get(json, "value"));

	t->field = read_field(o, json_string_value(json_object_get(json, "field")), e);
	if (!t->field)
		return e->code;
	for (t->is = 0; t->is < KINDS && (!is || strcmp(is, kinds[t->is].word) != 0); t->is++)
		;
	if (t->is == KINDS)
		return err_set(e, ERR_USAGE,
		               "a validation rule's test is one of blank, not blank, =, !=, <, > and like");
	if (kinds[t->is].value != (value != NULL))
		return err_set(e, ERR_USAGE, "the validation rule's test \"%s\" takes %s value", is,
		               value ? "no" : "a");
	t->value = value ? strdup(value) : NULL;
	return ERR_OK;
}

bool policy_has_only(const json_t *json, const char *const *allowed, size_t count, struct err *e)
{
	const char *key;
	json_t *value;
	size_t i;

	json_object_foreach((json_t *)(uintptr_t)json, key, value) {
		for (i = 0; i < count && strcmp(key, allowed[i]) != 0; i++)
			;
		if (i == count) {
			err_set(e, ERR_USAGE, "the rule's key %s is not known", key);
			return false;
		}
	}
	return true;
}

#define HAS_ONLY(json, e, ...)                                      \
	policy_has_only(json, (const char *const[]){ __VA_ARGS__ }, \
	                sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *), e)

static char *name_of(const json_t *json, const char *otherwise)
{
	const char *name = json_string_value(json_object_get(json, "name"));

	return strdup(name ? name : otherwise);
}

static enum err_code read_validation(struct validation_rule *r, const struct schema *s, const json_t *json,
                                     struct err *e)
{
	const json_t *tests = json_object_get(json, "when"), *item;
	const char *message = json_string_value(json_object_get(json, "message"));
	const char *at = json_string_value(json_object_get(json, "field"));
	size_t i;

	if (!HAS_ONLY(json, e, "object", "when", "message", "field", "name", "active"))
		return e->code;
	r->object = policy_object(s, json_string_value(json_object_get(json, "object")), e);
	if (!r->object)
		return e->code;
	if (!message || json_array_size(tests) == 0)
		return err_set(e, ERR_USAGE,
		               "a validation rule needs object, message and when, a list of tests");
	r->message = strdup(message);
	r->name = name_of(json, "Validation_Rule");
	r->active = !json_is_false(json_object_get(json, "active"));
	r->tests = calloc(json_array_size(tests), sizeof *r->tests);
	if (!r->message || !r->name || !r->tests)
		return err_memory(e, "the scenario");
	json_array_foreach(tests, i, item) {
		r->test_count++;
		if (!HAS_ONLY(item, e, "field", "is", "value") ||
		    read_test(&r->tests[i], r->object, item, e) != ERR_OK)
			return e->code;
	}
	if (at)
		r->at = read_field(r->object, at, e);
	return e->code;
}

static enum err_code read_duplicate(struct duplicate_rule *r, const struct schema *s, const json_t *json,
                                    struct err *e)
{
	const json_t *fields = json_object_get(json, "fields"), *item;
	const char *message = json_string_value(json_object_get(json, "message"));
	size_t i;

	if (!HAS_ONLY(json, e, "object", "fields", "message", "allow", "name", "active"))
		return e->code;
	r->object = policy_object(s, json_string_value(json_object_get(json, "object")), e);
	if (!r->object)
		return e->code;
	if (json_array_size(fields) == 0)
		return err_set(e, ERR_USAGE, "a duplicate rule needs object and fields, a list of names");
	r->allow = json_is_true(json_object_get(json, "allow"));
	r->message = strdup(message ? message : "Use one of these records?");
	r->name = name_of(json, "Duplicate_Rule");
	r->active = !json_is_false(json_object_get(json, "active"));
	r->fields = calloc(json_array_size(fields), sizeof *r->fields);
	if (!r->message || !r->name || !r->fields)
		return err_memory(e, "the scenario");
	json_array_foreach(fields, i, item) {
		r->fields[i] = read_field(r->object, json_string_value(item), e);
		if (!r->fields[i])
			return e->code;
		r->field_count++;
	}
	return ERR_OK;
}

enum err_code policy_read(struct policy *p, const struct schema *s, const char *key, const json_t *value,
                          struct err *e)
{
	const json_t *item;
	size_t i;

	if (!s || !json_is_array(value))
		return err_set(e, ERR_USAGE, "the scenario's key %s is no list", key);
	if (strcmp(key, "hidden_fields") == 0)
		return read_fields(s, value, &p->hidden, &p->hidden_count, e);
	if (strcmp(key, "read_only_fields") == 0)
		return read_fields(s, value, &p->read_only, &p->read_only_count, e);
	if (strcmp(key, "record_type_values") == 0)
		return type_list_read(&p->type_values, s, value, e);
	if (strcmp(key, "validation_rules") == 0) {
		p->validations = calloc(json_array_size(value) + 1, sizeof *p->validations);
		json_array_foreach(value, i, item) {
			p->validation_count++;
			if (read_validation(&p->validations[i], s, item, e) != ERR_OK)
				break;
		}
		return e->code;
	}
	p->duplicates = calloc(json_array_size(value) + 1, sizeof *p->duplicates);
	json_array_foreach(value, i, item) {
		p->duplicate_count++;
		if (read_duplicate(&p->duplicates[i], s, item, e) != ERR_OK)
			break;
	}
	return e->code;
}

void policy_apply(const struct policy *p, struct schema *s)
{
	schema_set_access(s, p->hidden, p->hidden_count, p->read_only, p->read_only_count);
}

/* Less than 0, 0, more than 0: numbers by their value, anything else by its bytes, which suits dates too. */
static int compare(const struct field *f, struct slice a, const char *b)
{
	char text[64];
	double x, y;
	int order;

	if (field_is_number(f) && a.len < sizeof text) {
		memcpy(text, a.at, a.len);
		text[a.len] = '\0';
		x = strtod(text, NULL);
		y = strtod(b, NULL);
		return x < y ? -1 : x > y;
	}
	order = memcmp(a.at, b, a.len < strlen(b) ? a.len : strlen(b));
	return order ? order : a.len < strlen(b) ? -1 : a.len > strlen(b);
}

static bool is_like(struct slice value, const char *pattern)
{
	char *text = strndup(value.at, value.len);
	bool fits = text && fnmatch(pattern, text, 0) == 0;

	free(text);
	return fits;
}

/* A comparison with nothing is false, as in a formula; only "!=" holds. */
static bool is_true(const struct policy_test *t, struct slice value)
{
	if (value.len == 0)
		return t->is == TEST_BLANK || t->is == TEST_NOT_EQUAL;
	switch ((enum test_kind)t->is) {
	case TEST_NOT_BLANK:
		return true;
	case TEST_EQUAL:
		return compare(t->field, value, t->value) == 0;
	case TEST_NOT_EQUAL:
		return compare(t->field, value, t->value) != 0;
	case TEST_LESS:
		return compare(t->field, value, t->value) < 0;
	case TEST_MORE:
		return compare(t->field, value, t->value) > 0;
	case TEST_LIKE:
		return is_like(value, t->value);
	default:
		return false;
	}
}

bool policy_validates(const struct policy *p, const struct object *o, policy_value *value, void *ctx,
                      struct refusal *why)
{
	bool good = true;

	for (size_t i = 0; p && i < p->validation_count; i++) {
		const struct validation_rule *r = &p->validations[i];
		const char *at = r->at ? r->at->name : NULL;
		size_t k = 0;

		if (r->object != o || !r->active)
			continue;
		while (k < r->test_count && is_true(&r->tests[k], value(ctx, r->tests[k].field)))
			k++;
		if (k < r->test_count)
			continue;
		if (good)
			good = refuse(why, "FIELD_CUSTOM_VALIDATION_EXCEPTION", at, "%s", r->message);
		else
			refuse_too(why, at, r->message);
	}
	return good;
}
