/*
 * write.h - one record is written, or refused: what every API that writes goes through.
 *
 * The checks come in the order in which Salesforce is seen to make them, and the first that fails is the answer: is
 * there such a record, are required fields there, is each value allowed, do references fit, do the administrator's rules
 * let it pass, is each unique key free. Values
 * have passed rule_read() already. Callers hold the org's turn.
 */
#ifndef LONGSHORE_PRACTICE_WRITE_H
#define LONGSHORE_PRACTICE_WRITE_H

#include "practice/audit.h"
#include "practice/org.h"
#include "practice/policy.h"
#include "practice/rules.h"

struct writer {
	struct org *org;
	struct audit *audit;
	struct table *table;
	uint32_t source; /* as in the audit */
	int64_t now;
	const struct policy *policy; /* NULL: the describes are all there is */
	bool save_duplicates;        /* the request has said so */
	uint32_t newest;             /* no row of `table` with a higher number is found by a reference */
	struct refusal why;

	/* its own */
	struct change *changes; /* those asked for and those that defaults add */
	size_t room;
};

void writer_init(struct writer *w, struct org *org, struct audit *audit, struct table *table, uint32_t source);
void writer_release(struct writer *w);

/* Each returns the number of the row it wrote, 0 when it was refused (w->why). `record` is for the audit. */
uint32_t write_insert(struct writer *w, uint32_t record, const struct change *changes, size_t count);
uint32_t write_update(struct writer *w, uint32_t record, uint32_t row, const struct change *changes,
                      size_t count);
/* Records that hang on the row go with it, with entries of their own in the audit (salesforce-api.md B4: cascadeDelete). */
uint32_t write_delete(struct writer *w, uint32_t record, uint32_t row, bool purge);

/* The row an id of this table names, 0 with a refusal: no such row, deleted, of another object. In a rehearsal each id of
 * the object names one. */
uint32_t write_find(struct writer *w, struct slice id, bool in_bin);

/* The row that an upsert's key names: *row, 0 if there is none; in a rehearsal one that stands for it. false with a refusal:
 * several rows have it, or, in a rehearsal, none can. */
bool write_find_upserted(struct writer *w, const struct field *key, struct slice value, uint32_t *row);

/* The id of the one row of `far` whose key field holds the value, for a reference of `field`; false with a refusal. In a
 * rehearsal an id that no row has, where none holds it: the real org may have such a record. */
bool write_find_far(struct writer *w, struct table *far, const struct field *key, struct slice value,
                    const struct field *field, char id[SF_ID_ROOM]);

#endif
