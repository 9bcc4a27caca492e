/*
 * held.h - what the org holds of some records: the query, built record by record, and what its rows say.
 *
 * It serves what is kept of old values before they are changed, what an undo must find unchanged, and which records would
 * change nothing. A record is asked for by its key. The caller sends the query and hands its rows to held_row().
 */
#ifndef LONGSHORE_ENGINE_HELD_H
#define LONGSHORE_ENGINE_HELD_H

#include "core/engine/budget.h"
#include "core/engine/guard.h"
#include "core/engine/in_query.h"
#include "core/plan/plan.h"

struct held_record {
	int64_t record, offset;
	struct slice key;      /* in the form that the org's answer takes when it is normalised */
	struct slice *wrote;   /* by column of the layout: what will be sent, "" leaves the field alone */
	struct slice *values;  /* by field of the query: what the org has */
	struct slice *expects; /* by field of the guard */
	enum guard_fate noted; /* not GOES: it was not asked for */
	char id[19];           /* "" while it was not found */
	bool several;          /* the org has more than one with this key */
};

struct held {
	struct plan *plan;
	const struct guard *guard; /* NULL: nothing is undone */
	const struct field *by;    /* held_key() of the plan */
	int key;                   /* its column */
	const char **fields;       /* of the query */
	const char **selects;      /* how each is written in it */
	size_t field_count;
	int *field_of; /* by column: the position of its field, -1: it is not asked for */
	int *sent_of;  /* likewise of what is compared with it as it is sent: a parent's key, not its id */
	int *guard_field_of; /* by field of the guard */
	struct held_record records[BUDGET_LOOK_KEYS];
	size_t count;
	struct in_query query;
	struct arena texts;
	bool short_of; /* memory did not suffice for a row */
};

/* What is asked for besides key and Id, as bits. */
enum held_wants {
	HELD_KEYS = 0, /* nothing */
	HELD_OLD = 1,  /* the fields that are written */
	HELD_SENT = 2, /* the same, in the form they are sent in: held_unchanged() */
};

/* By which field records are known: the plan's key, or of an insert the first field that is sent and unique, or else an external id; NULL:
 * by none. */
const struct field *held_key(const struct plan *plan);

/* Plan, which must have such a field, and guard must outlive it. False without memory; held_release() in every case. */
bool held_init(struct held *h, struct plan *plan, const struct guard *guard, int wants);
void held_release(struct held *h);

/* Begins a query anew. */
void held_begin(struct held *h);

/* The record that the plan turned into a line last goes into the query, if it has a key value. HELD_FULL: it does not fit, and
 * was not taken. */
enum held_taken { HELD_TAKEN, HELD_FULL, HELD_NO_MEMORY };
enum held_taken held_take(struct held *h, const struct record *record);

/* The query; NULL if there is nothing to ask for. */
const char *held_query(struct held *h);

bool held_row(void *held, const struct slice *values); /* an org_row */

/* Would sending record i change nothing of what the org has of it? What cannot be asked for counts as a change. */
bool held_unchanged(const struct held *h, size_t i);

/* What becomes of record i in an undo, and which field (or NULL) says so. */
enum guard_fate held_fate(const struct held *h, size_t i, const char **field);

/* Of a record that an undo finds changed: the fields that were; room for all of the guard's. Gives how many. */
size_t held_changed(const struct held *h, size_t i, const char **fields);

#endif
