/*
 * collections.h - sObject Collections: up to 200 records written by one request (salesforce-api.md E1, E2).
 *
 * Each call starts one request and returns; `done` is called once from http_turn(). Nothing is repeated here, except a
 * request that was answered 401 (org.h). An answer that does not account for exactly the records sent is no answer:
 * VERDICT_UNKNOWN.
 */
#ifndef LONGSHORE_ORG_COLLECTIONS_H
#define LONGSHORE_ORG_COLLECTIONS_H

#include "core/org/org.h"

enum { COLLECTIONS_MOST = 200 }; /* records a request */

enum collections_verb { COLLECTIONS_CREATE, COLLECTIONS_UPDATE, COLLECTIONS_UPSERT, COLLECTIONS_DELETE };

struct collections_spec {
	enum collections_verb verb;
	const char *object;      /* of an upsert: it stands in the address */
	const char *external_id; /* likewise */
	bool all_or_none;
	bool allow_duplicates;       /* Sforce-Duplicate-Rule-Header: allowSave */
	const char *assignment_rule; /* its id, for Sforce-Auto-Assign; NULL or "": the org's default */
	size_t count;                /* of records in the request */
};

/* One record's result, in the order sent. Texts are valid during `done`. */
struct collections_result {
	bool success;
	int created;                /* of an upsert: 1 yes, 0 no; -1 not told */
	char id[19];                /* 18 characters, or "" */
	const char *code, *message; /* of the first error, "" if none */
	const char *fields;         /* of it: names joined with commas */
};

/* `results` is NULL unless verdict is VERDICT_DONE; then there are spec.count of them. */
typedef void collections_done(void *ctx, const struct answer *answer, const struct collections_result *results);

/* `records`: their JSON objects, each with its attributes, joined with commas; of a delete, their ids joined with commas.
 * Copied. ERR_INTERNAL. */
enum err_code collections_send(struct org *org, const struct collections_spec *spec, struct slice records,
                               collections_done *done, void *ctx, struct err *e);

#endif
