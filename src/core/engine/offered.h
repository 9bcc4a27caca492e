/*
 * offered.h - values of restricted picklists that the record types of a file's records do not offer.
 *
 * The API refuses such a value with INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST, as it does one that the picklist does not have at all
 * (docs.gearset.com, "Resolving data deployment errors: INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"; gearset.com, "Data deployments and
 * picklist errors"; Salesforce's own documentation says nothing of it). Picklists that are not restricted take any value.
 * A record's type is what it sends as RecordTypeId or RecordType.Name; of an insert that sends none it is the user's default. Where a
 * record that is there keeps its own, nothing is said. Each record type is asked for once.
 */
#ifndef LONGSHORE_ENGINE_OFFERED_H
#define LONGSHORE_ENGINE_OFFERED_H

#include "core/plan/plan.h"
#include "core/org/org.h"

struct offered_type {
	const struct record_type *type;
	bool asked, told;
	int64_t records;   /* that are of it */
	int64_t first;     /* of these */
	uint64_t **hashes; /* by column: of its values, sorted once it was asked */
	size_t *counts, *rooms;
};

struct offered {
	const struct plan *plan;
	int type_column;                /* that says the record type, -1: none */
	const struct field *type_field; /* RecordTypeId */
	struct offered_type *types;     /* one for each of the describe's record types */
	size_t *columns;                /* of restricted picklists */
	size_t column_count;
	struct offered_type *by_default; /* of records that send none, or NULL */
};

/* At most so many calls; 0: there is nothing to ask. */
int64_t offered_cost(const struct plan *plan);

/* False without memory; offered_release() in every case, and of a zeroed one. */
bool offered_init(struct offered *o, const struct plan *plan);
void offered_release(struct offered *o);

/* The record type of the record that plan_record() converted last, which is counted; NULL: it is not known. */
struct offered_type *offered_type(struct offered *o, int64_t record);

/* Asks for a type that was not asked for. */
enum err_code offered_ask(struct offered *o, struct offered_type *type, struct org *org, struct err *e);

/* Does the type offer what that record sends in this column? True where the org does not tell. */
bool offered_has(const struct offered *o, const struct offered_type *type, size_t column);

#endif
