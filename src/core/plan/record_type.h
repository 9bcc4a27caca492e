/*
 * record_type.h - record types by the names that people know them by. The describe lists all of an object's, with those that the user
 * may not use (recordTypeInfos, salesforce-api.md B4), so nobody has to be asked. Pure.
 */
#ifndef LONGSHORE_PLAN_RECORD_TYPE_H
#define LONGSHORE_PLAN_RECORD_TYPE_H

#include "base/buf.h"
#include "core/org/describe.h"

enum record_type_key { RECORD_TYPE_ANY, RECORD_TYPE_NAME, RECORD_TYPE_DEVELOPER_NAME };

enum { RECORD_TYPE_WHY = 200 };

/* The one that the text names: by developer name before name, without case, or by the one that is asked for. NULL with one clause in
 * `why`, which says what there is, where none of that name can be used. */
const struct record_type *record_type_find(const struct field *field, enum record_type_key key,
                                           struct slice name, char why[RECORD_TYPE_WHY]);

/* The one of this id, of 15 or 18 characters, or NULL. */
const struct record_type *record_type_of_id(const struct field *field, struct slice id);

/* May the user use the one of this id, of 15 or 18 characters? True for what the describe does not know. Else the clause in `why`. */
bool record_type_may_be(const struct field *field, struct slice id, char why[RECORD_TYPE_WHY]);

#endif
