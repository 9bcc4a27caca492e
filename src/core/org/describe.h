/*
 * describe.h - what an org says about an object: its fields, their types, and what may be written.
 * Plain data parsed from `GET .../sobjects/X/describe` (salesforce-api.md B4); it is never asked again by itself.
 */
#ifndef LONGSHORE_ORG_DESCRIBE_H
#define LONGSHORE_ORG_DESCRIBE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* clang-format off */
#define FIELD_TYPES(X)                                                                                            \
	X(ID, "id") X(REFERENCE, "reference") X(STRING, "string") X(BOOLEAN, "boolean") X(PICKLIST, "picklist")   \
	X(MULTIPICKLIST, "multipicklist") X(COMBOBOX, "combobox") X(TEXTAREA, "textarea") X(DOUBLE, "double")     \
	X(INT, "int") X(LONG, "long") X(CURRENCY, "currency") X(PERCENT, "percent") X(DATE, "date")               \
	X(DATETIME, "datetime") X(TIME, "time") X(PHONE, "phone") X(EMAIL, "email") X(URL, "url")                 \
	X(ENCRYPTEDSTRING, "encryptedstring") X(BASE64, "base64") X(ADDRESS, "address") X(LOCATION, "location")   \
	X(OTHER, "other")
/* clang-format on */

enum field_type {
#define X(name, text) FIELD_##name,
	FIELD_TYPES(X)
#undef X
};

const char *field_type_name(enum field_type type);
enum field_type field_type_of(struct slice name); /* FIELD_OTHER when unknown */

struct picklist_value {
	const char *value;
	const char *label;
	bool active;
	const char *
		valid_for; /* of a dependent picklist: a bit for each value of its controller, in base64; "" if it depends on none */
};

/* What an object's records may be of, apart from the master type, which every object has. */
struct record_type {
	const char *id, *name,
		*developer_name; /* 18 characters; "" for a name that the org's version does not tell */
	bool active;
	bool available;  /* to this user */
	bool by_default; /* a record of this user that says none gets it */
};

struct field {
	const char *name; /* API name, the describe's spelling */
	const char *label;
	const char *help; /* inlineHelpText, "" if none */
	enum field_type type;
	int length; /* characters; 0 for types without */
	int precision, scale, digits;
	bool createable, updateable, nillable, defaulted_on_create;
	bool external_id, unique, id_lookup, case_sensitive;
	bool restricted_picklist;
	bool calculated, auto_number;
	const struct picklist_value *values;
	size_t value_count;
	const char *controller;   /* API name of the field that a dependent picklist depends on; "" if none */
	const char *relationship; /* "Account" of AccountId; "" if none */
	const char *const *references; /* API names of the objects it may point to */
	size_t reference_count;
	const struct record_type *record_types; /* of RecordTypeId; NULL of other fields */
	size_t record_type_count;
};

/* Records of another object (or the same) that may name one of this as their parent. */
struct child_relation {
	const char *object;       /* theirs */
	const char *relationship; /* by which a query reaches them: "Contacts"; never "" */
	bool cascades;            /* they are deleted with their parent */
	bool restricts;           /* they keep their parent from being deleted */
};

struct object {
	const char *name;
	const char *label;
	const char *key_prefix; /* "001", "" if none */
	bool createable, updateable, deletable, queryable;
	const struct field *fields;
	size_t field_count;
	const struct child_relation *children; /* those that a query reaches and a delete concerns */
	size_t child_count;
};

/* Parses a describe. The caller frees the object; everything in it is the object's. ERR_REFUSED if it is no describe. */
enum err_code describe_parse(struct object **object, struct slice json, struct err *e);
void object_free(struct object *object);

/* By API name without case; NULL if there is none. */
const struct field *object_field(const struct object *object, struct slice name);

/* createable, not nillable, not defaulted (salesforce-api.md B4): an insert without it is refused. */
bool field_required(const struct field *field);

/* May be the key of an upsert: Id, an external id, or an idLookup field. */
bool field_is_key(const struct field *field);

/* One object of the org's list (salesforce-api.md B3). */
struct object_entry {
	const char *name;
	const char *label;
	const char *key_prefix;
	bool custom, createable, updateable, deletable, queryable;
	bool layoutable; /* has page layouts: people work with its records */
};

struct object_list {
	const struct object_entry *entries;
	size_t count;
};

enum err_code object_list_parse(struct object_list **list, struct slice json, struct err *e);
/* By API name without case; NULL if there is none. */
const struct object_entry *object_list_find(const struct object_list *list, struct slice name);
void object_list_free(struct object_list *list);

#endif
