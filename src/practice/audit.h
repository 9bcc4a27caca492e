/*
 * audit.h - every write the org ever carried out, in order. Not part of Salesforce: what a test proves its point by.
 *
 * GET /practice/audit?object=X&since=SEQ&limit=N answers
 *   {"total":N,"writes":[{"seq":1,"time":"2026-11-24T03:51:40.000Z","source":"750...","record":1,
 *     "verb":"created|updated|deleted","object":"Account","id":"001...","key":{"Ext__c":"A-1"}}]}
 * `source` is the job, the batch (751...), or "rest"; `record` counts from 1 within it; `key` holds the fields a record is known by (unique ones and
 * external ids) as they were after the write. docs/practice.md has the other answers outside the API.
 */
#ifndef LONGSHORE_PRACTICE_AUDIT_H
#define LONGSHORE_PRACTICE_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "practice/json_out.h"
#include "practice/org.h"

/* Set in the source of a write that a batch of Bulk API 1.0 made. */
#define AUDIT_BATCH ((uint32_t)1 << 31)

enum verb { VERB_CREATED, VERB_UPDATED, VERB_DELETED };

struct audit_entry {
	int64_t time;
	uint32_t source; /* the job's number, the batch's with AUDIT_BATCH, 0: no job */
	uint32_t record;
	uint32_t row;
	uint16_t object;
	uint8_t verb;
	char *key; /* the key's JSON object; NULL: none */
};

struct audit {
	struct audit_entry *entries;
	size_t count;
	size_t room;
};

void audit_init(struct audit *a);
void audit_release(struct audit *a);

/* Notes a write of the row as it stands now; false without memory. */
bool audit_add(struct audit *a, const struct table *t, uint32_t row, enum verb verb, uint32_t source,
               uint32_t record, int64_t time);

/* Puts an entry back as it was saved; its key becomes the audit's. */
bool audit_put(struct audit *a, const struct audit_entry *entry);

/* Forgets the entries behind the first `count`: their request was undone before anybody could see it. */
void audit_cut(struct audit *a, size_t count);

/* Writes one entry (index from 0) as shown above. */
void audit_write(const struct audit *a, const struct org *org, size_t index, struct json_out *o);

#endif
