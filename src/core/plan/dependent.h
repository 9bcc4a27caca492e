/*
 * dependent.h - does a value of a dependent picklist go with the value of the field that it depends on?
 * Pure, by the describe (salesforce-api.md B4). The API takes such a value all the same; people would not be offered it.
 */
#ifndef LONGSHORE_PLAN_DEPENDENT_H
#define LONGSHORE_PLAN_DEPENDENT_H

#include "base/buf.h"
#include "core/org/describe.h"

/* Both as they are sent: values of the picklists, of a checkbox "true" or "false"; several of a multi-select one with semicolons between
 * them. True as well where one of them is none of the describe's, or it depends on nothing. */
bool dependent_fits(const struct field *field, struct slice value, const struct field *controller,
                    struct slice controlling);

#endif
