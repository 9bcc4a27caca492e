/*
 * picklists.h - which values of its picklists an object offers to records of one record type.
 *
 * User Interface API Developer Guide, "Get Values for All Picklist Fields of a Record Type": GET
 * /ui-api/object-info/{object}/picklist-values/{recordTypeId}, from 41.0 on, gives a Picklist Values Collection: picklistFieldValues,
 * by field a Picklist Values with `values`, each with `value`. Not every object is one of that API.
 */
#ifndef LONGSHORE_ORG_PICKLISTS_H
#define LONGSHORE_ORG_PICKLISTS_H

#include "core/org/org.h"

/* Called for each value of each field; both texts live during the call. Returning false stops: out of memory. */
typedef bool picklists_value(void *ctx, const char *field, struct slice value);

/* One API call. *told: the org gave them; false where it refuses to, which is no error. What org_wait() can give, and ERR_UNREACHABLE
 * where no usable answer came. */
enum err_code picklists_ask(struct org *org, const char *object, const char *record_type, picklists_value *each,
                            void *ctx, bool *told, struct err *e);

#endif
