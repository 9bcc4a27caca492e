/*
 * record.h - a record as REST writes it: JSON becomes changes, and one record is written or refused.
 *
 * What cannot be read at all spoils the whole request (record_read), what the rules refuse only its record
 * (record_prepare, record_write): salesforce-api.md E1. Callers hold the org's turn.
 */
#ifndef LONGSHORE_PRACTICE_RECORD_H
#define LONGSHORE_PRACTICE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "practice/json_in.h"
#include "practice/json_out.h"
#include "practice/rules.h"
#include "practice/scenario.h"
#include "practice/write.h"

enum record_call { CALL_CREATE, CALL_UPDATE, CALL_UPSERT, CALL_DELETE };

/* One request that writes: where its records' texts lie, and what spoils it. */
struct record_request {
	const struct org *org;
	struct scenario *scenario;
	struct slice text;   /* the body */
	struct arena *arena; /* for all that is read */
	enum record_call call;
	const struct field *key; /* of an upsert */
	bool update_only;
	struct refusal broken; /* code and message; the code is NULL as long as nothing spoils it */
};

/* A reference by a key of the far record: "Account":{"Ext__c":"A-1"}. */
struct record_link {
	const struct field *field;
	struct table *far;
	const struct field *key;
	struct slice value; /* at NULL: null */
};

struct record {
	struct table *table;
	const struct json_in *json; /* NULL of a delete */
	struct slice id;            /* at NULL: none was given */
	struct slice key;           /* the value of the upsert's key; at NULL: none */
	struct change *changes;
	size_t change_count;
	struct record_link *links;
	size_t link_count;

	uint32_t row; /* the one found, then the one written; 0: none */
	bool created; /* or would have been */
	bool refused;
	struct refusal why;
};

void record_request_init(struct record_request *q, const struct org *org, struct scenario *s, struct slice text,
                         struct arena *a, enum record_call call);
void record_request_release(struct record_request *q);

/* Reads the members of an object; "attributes" are left out. false: the request is spoiled. The record is released with
 * record_release() in both cases. */
bool record_read(struct record *rec, struct record_request *q, struct table *t, const struct json_in *json);
void record_release(struct record *rec);

/* Finds the record's row by its id or key, follows its references, looks whether it may be written and is not locked. With
 * a row given before, as of a URL, it is not looked for. Sets `refused`. */
void record_prepare(struct record *rec, struct record_request *q, struct writer *w);

/* Writes it, unless it was refused; `number` is for the audit. */
void record_write(struct record *rec, const struct record_request *q, struct writer *w, uint32_t number);

/* The value a request names its row by becomes what the org keeps; false: it is no value of that field. */
bool record_read_key(struct record *rec, struct record_request *q, const struct field *key, struct slice text);

/* Refuses it: code, field and sentence as in refuse(). */
void record_refuse(struct record *rec, const char *code, const char *field, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Writes {"message":...,CODE_KEY:...,"fields":[...]} for each reason: "errorCode" of single rows, "statusCode" of collections. */
void record_write_errors(const struct refusal *why, const char *code_key, struct json_out *o);

#endif
