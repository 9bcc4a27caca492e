/*
 * type_values.h - which values of a picklist a record type offers. Part of a scenario (docs/practice.md): without an entry a record
 * type offers all that are active. A restricted picklist takes no other value for a record of that type.
 */
#ifndef LONGSHORE_PRACTICE_TYPE_VALUES_H
#define LONGSHORE_PRACTICE_TYPE_VALUES_H

#include <jansson.h>

#include "practice/http.h"
#include "practice/rules.h"
#include "practice/schema.h"

struct practice;

struct type_values {
	const struct object *object;
	const struct record_type *type;
	const struct field *field;
	char **values;
	size_t count;
};

struct type_list {
	struct type_values *all;
	size_t count;
};

void type_list_release(struct type_list *l);

/* Reads the scenario's list. ERR_USAGE: it has a slip, or names what the schema does not have. */
enum err_code type_list_read(struct type_list *l, const struct schema *s, const json_t *value, struct err *e);

/* May a record of the type with this id (at NULL: none) have the value in the field? With the refusal if not. */
bool type_list_allows(const struct type_list *l, const struct object *o, struct slice type,
                      const struct field *f, struct slice value, struct refusal *why);

/* GET /ui-api/object-info/X/picklist-values/ID */
void type_values_show(struct practice *p, const struct request *r, struct answer *a);

#endif
