/*
 * outcomes.h - what became of each record of a run, keyed (run, record); pending is the absence of a row.
 * Reads are pages by keyset; counters come from the run's row. Messages are stored once, with a masked form for grouping.
 */
#ifndef LONGSHORE_STORE_OUTCOMES_H
#define LONGSHORE_STORE_OUTCOMES_H

#include <stdint.h>

#include "base/buf.h"
#include "store/journal.h"

enum outcome_state { OUTCOME_WRITTEN = 1, OUTCOME_FAILED, OUTCOME_SKIPPED, OUTCOME_IN_DOUBT };
enum outcome_how { OUTCOME_NOTHING, OUTCOME_CREATED, OUTCOME_UPDATED, OUTCOME_DELETED };

const char *outcome_state_name(enum outcome_state state); /* "written", "failed", "skipped", "in_doubt" */

/* As it is handed in. `message` points to one of the texts below; equal messages may share one struct. */
struct outcome_message {
	const char *code;   /* "REQUIRED_FIELD_MISSING", the rule's name for skipped ones, or "" */
	const char *text;   /* one sentence, Salesforce's own words */
	const char *fields; /* comma-joined API names, "" if none */
};

struct outcome {
	int64_t record;
	uint8_t state;                         /* enum outcome_state */
	uint8_t how;                           /* enum outcome_how, for written ones */
	char id[19];                           /* of the record in the org, "" if unknown */
	uint8_t repeats;                       /* requests for it whose answer was lost: attempts as well */
	int64_t offset;                        /* of the record in the source */
	const struct outcome_message *message; /* NULL for written ones */
	struct slice source; /* the record's bytes in the file, kept for those not written; empty: not kept */
};

/* As it is read: one record of a run. */
struct outcome_row {
	int64_t record;
	enum outcome_state state;
	enum outcome_how how;
	char id[19];
	int64_t offset;
	int attempt;
	char code[64];
	char text[1024];
	char fields[256];
};

/* Up to `room` records above `after`, ascending. state 0: all that have an outcome. -1 with e set. */
int outcome_page(struct journal *j, int64_t run, int64_t after, enum outcome_state state,
                 struct outcome_row *rows, int room, struct err *e);

/* The same of one group (group.id), for failed and in-doubt records. */
int outcome_group_page(struct journal *j, int64_t run, int64_t group, int64_t after, struct outcome_row *rows,
                       int room, struct err *e);

/* The records of a stretch that have or had an outcome, ascending; the caller frees them. */
enum err_code outcome_done(struct journal *j, int64_t run, int64_t first, int64_t last, int64_t **records,
                           size_t *count, struct err *e);

/* One record: true in *found if it has an outcome. */
enum err_code outcome_get(struct journal *j, int64_t run, int64_t record, struct outcome_row *row, bool *found,
                          struct err *e);

/* What it was before, oldest first: outcomes that a retry or a settling replaced. -1 with e set. */
int outcome_attempts(struct journal *j, int64_t run, int64_t record, struct outcome_row *rows, int room,
                     struct err *e);

/* Source text is kept up to this many bytes a run; beyond it, records that are not written lose theirs. */
#define OUTCOME_KEPT_MOST (INT64_C(256) << 20)

/* Settled later: these records, in doubt until now, have the given outcomes (in record order). The old ones move to their
 * attempts, counters and groups follow, and `log` is added to the run's log; one transaction. */
enum err_code outcome_replace(struct journal *j, int64_t run, const struct outcome *outcomes, size_t count,
                              const char *log, struct err *e);

/* The operator leaves these records out, for a reason (one line): those that have failed and are in no unsettled chunk become
 * skipped with the code OUTCOME_BY_OPERATOR, the others stay as they are. Old outcomes move to their attempts, and the run's log
 * says so; one transaction. *left_out: how many those were. */
#define OUTCOME_BY_OPERATOR "operator"
struct chunk_item;
enum err_code outcome_leave_out(struct journal *j, int64_t run, const struct chunk_item *items, size_t count,
                                const char *reason, int64_t *left_out, struct err *e);

/* The kept source text of a record, added to b (nothing if it was not kept). */
enum err_code outcome_source(struct journal *j, int64_t run, int64_t record, struct buf *b, struct err *e);

/* Failed and in-doubt records grouped by state, code, fields and masked message, most records first. */
struct outcome_group {
	int64_t id;
	enum outcome_state state;
	char code[64];
	char text[1024]; /* the message of its example */
	char fields[256];
	int64_t count;
	int64_t example_record;
};
int outcome_groups(struct journal *j, int64_t run, struct outcome_group *groups, int room, struct err *e);

/* Left-out records by reason (code of their message), most first. */
struct outcome_reason {
	char code[64];
	int64_t count;
};
int outcome_skipped_by(struct journal *j, int64_t run, struct outcome_reason *reasons, int room, struct err *e);

/* A message with ids, numbers, e-mail addresses and quoted values masked, so that like ones group. Added to b. */
void outcome_mask(struct slice message, struct buf *b);

#endif
