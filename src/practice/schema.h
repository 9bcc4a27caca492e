/*
 * schema.h - the objects and fields of the practice org, read once from a folder of describes.
 *
 * The files NAME.json are answers of Salesforce's describe; custom_fields.json adds fields to them, by object. Keys that
 * an older version did not have yet are added, and objects that every org has, as the built-in describes have them.
 * Everything handed out belongs to the schema, does not change, and lives until schema_release().
 */
#ifndef LONGSHORE_PRACTICE_SCHEMA_H
#define LONGSHORE_PRACTICE_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* X(enum, describe's word); what is not listed counts as a string */
/* clang-format off */
#define FIELD_TYPES(X)                       \
	X(STRING, "string")                  \
	X(ID, "id")                          \
	X(REFERENCE, "reference")            \
	X(BOOLEAN, "boolean")                \
	X(INT, "int")                        \
	X(DOUBLE, "double")                  \
	X(CURRENCY, "currency")              \
	X(PERCENT, "percent")                \
	X(DATE, "date")                      \
	X(DATETIME, "datetime")              \
	X(TIME, "time")                      \
	X(EMAIL, "email")                    \
	X(PICKLIST, "picklist")              \
	X(MULTIPICKLIST, "multipicklist")    \
	X(ADDRESS, "address")
/* clang-format on */

enum field_type {
#define X(name, word) FIELD_##name,
	FIELD_TYPES(X)
#undef X
};

/* Fields whose value is not kept in a row's cells. */
enum field_origin {
	FROM_CELL,
	FROM_ID,
	FROM_DELETED,
	FROM_CREATED_DATE,
	FROM_MODIFIED_DATE,
	FROM_USER,      /* CreatedById, LastModifiedById: there is one user */
	FROM_FULL_NAME, /* FirstName and LastName in one */
};

struct field {
	const char *name;
	const char *soap_type;
	const char *relationship;  /* "Owner", or NULL */
	const char *default_value; /* what a record gets that says nothing, or NULL */
	enum field_type type;
	enum field_origin origin;
	uint16_t number; /* its place in the object */
	int length;      /* in characters; 0: does not apply */
	int precision;
	int scale;
	int digits;
	bool createable, updateable, nillable, defaulted;
	bool hidden;                 /* from the user, by field-level security */
	bool may_create, may_update; /* as the describe says, whatever the user's rights are */
	bool external_id, unique, id_lookup, case_sensitive;
	bool filterable, sortable; /* in queries */
	bool restricted;           /* picklist: only these values */
	const char **values;       /* active picklist values */
	size_t value_count;
	const char **targets; /* objects a reference may point at */
	size_t target_count;
};

/* Records of another object that point at this one's. */
struct child {
	const char *name; /* "Contacts", or NULL: no query can ask for them */
	const struct object *object;
	const struct field *field;
	bool cascades;  /* they are deleted with what they point at */
	bool restricts; /* ... or keep it from being deleted */
};

#define MASTER_RECORD_TYPE "012000000000000AAA"

struct record_type {
	const char *id, *name, *developer_name; /* the names may be NULL */
	bool usable;                            /* active and available to the user */
	bool active, master, by_default;
};

struct object {
	const char *name;
	char prefix[4];
	uint16_t number; /* its place in the schema */
	bool createable, updateable, deletable, queryable;
	struct field *fields;
	size_t field_count;
	struct record_type *record_types;
	size_t record_type_count;
	struct child *children;
	size_t child_count;
	void *document; /* the JSON it was read from */
	char *describe; /* one line of JSON as the user sees it; its URLs name version 00.0 */
	bool own_ids;   /* Id is kept in its rows, not made of their numbers */
	char *summary;  /* the same for the list of objects */
};

struct schema {
	struct object *objects; /* in the order of their names */
	size_t count;
	void *documents; /* the JSON the texts above lie in */
};

/* ERR_FILE if the folder or one of its files cannot be read or is no describe. */
enum err_code schema_open(struct schema *s, const char *folder, struct err *e);
/* The same without the objects that every org has. */
enum err_code schema_open_alone(struct schema *s, const char *folder, struct err *e);
void schema_release(struct schema *s);

/* By name, without regard to case; NULL if there is none. */
const struct object *schema_object(const struct schema *s, struct slice name);
const struct object *schema_prefix(const struct schema *s, const char prefix[4]);
const struct field *object_field(const struct object *o, struct slice name);        /* one that the user sees */
const struct field *object_stored_field(const struct object *o, struct slice name); /* or one that is hidden */
const struct field *object_relationship(const struct object *o, struct slice name);
const struct child *object_child(const struct object *o, struct slice name); /* that the user sees */

/* What the user may do with a field changes: `hidden` ones are not there, `locked` ones cannot be written, all others are as
 * the describe says. false without memory. */
bool schema_set_access(struct schema *s, const struct field *const *hidden, size_t hidden_count,
                       const struct field *const *locked, size_t locked_count);

/* createable, not nillable and not defaulted: what Salesforce calls required (salesforce-api.md B4). */
bool field_required(const struct field *f);

/* int, double, currency or percent. */
bool field_is_number(const struct field *f);

/* Can this field name a record from outside: Id, external ids, idLookup fields. */
bool field_is_key(const struct field *f);

/* Adds a describe or summary with its URLs set to `version`. */
void schema_add_text(struct buf *to, const char *json, int version);

#endif
