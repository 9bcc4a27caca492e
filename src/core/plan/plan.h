/*
 * plan.h - what will be written: an object, an action, a mapping, and the rules each record must pass.
 *
 * plan_new() refuses what can be refused before a record is read. plan_record() turns one record of the source into
 * one line of the upload, or into findings: nothing is sent that the describe already refuses (design.md, decision 4).
 * The same record gives the same bytes every time.
 */
#ifndef LONGSHORE_PLAN_PLAN_H
#define LONGSHORE_PLAN_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/org/describe.h"
#include "core/plan/action.h"
#include "core/plan/layout.h"
#include "core/plan/mapping.h"
#include "core/plan/value.h"
#include "core/source/source.h"

/* clang-format off */
/* X(name, in JSON, on the screen behind the field's name) */
#define RULES(X)                                                                       \
	X(BROKEN, "broken_record", "not a record of this file")                        \
	X(REQUIRED, "required", "required, but empty or not mapped")                   \
	X(NOT_WRITEABLE, "not_writeable", "may not be written by this action")         \
	X(TYPE, "type", "not a value of its type")                                     \
	X(TOO_LONG, "too_long", "longer than the field")                               \
	X(OUT_OF_RANGE, "out_of_range", "too many digits for the field")               \
	X(PICKLIST, "picklist", "not in the restricted picklist")                      \
	X(KEY_MISSING, "key_missing", "the key is empty")                              \
	X(ID, "id", "not an id of this object")                                        \
	X(RECORD_TYPE, "record_type", "not a record type that can be used")            \
	X(SAME_KEY, "same_key", "another record of the file has the same key")         \
	X(SAME_RECORD, "same_record", "the same as a record before it")                \
	X(NOT_IN_ORG, "not_in_org", "not in the org")                                  \
	X(IN_ORG, "in_org", "in the org already")                                      \
	X(SEVERAL, "several_in_org", "several in the org have this key")               \
	X(NOT_OFFERED, "not_offered", "not offered by the record type")                \
	X(UNCHANGED, "unchanged", "the org has all of it already")                     \
	X(DEPENDENT, "dependent", "not offered for the value it depends on")           \
	X(CASCADES, "cascades", "deleted with them")                                   \
	X(RESTRICTS, "restricts", "keep their parent from being deleted")              \
	X(CLEARS, "clears", "clears the field")                                        \
	X(LOST_ZEROS, "lost_zeros", "a leading zero lost in Excel?")                   \
	X(NO_ID, "no_id", "no Id: will be created")                                    \
	X(SAME_BUT_CASE, "same_but_case", "ids that are the same but for case")        \
	X(TOTAL, "total", "looks like a total")                                        \
	X(EXCEL_END, "excel_end", "as many records as Excel writes at most")           \
	X(NULL_MARK, "null_mark", "#N/A: clear the field, or an empty lookup in Excel?")
/* clang-format on */

enum rule {
#define X(name, json, text) RULE_##name,
	RULES(X)
#undef X
		RULE_COUNT
};

const char *rule_name(enum rule rule);
const char *rule_text(enum rule rule);

struct plan {
	const struct object *object;
	enum action action;
	const struct field *key; /* of an upsert, or the Id field of update and delete; NULL for insert */
	const struct mapping *mapping;
	struct layout layout; /* the columns sent */
	struct err trouble;   /* plan_trouble() */
};

struct plan_request {
	const struct object *object;
	enum action action;
	const char *external_id; /* key of an upsert; NULL: "Id" */
	const struct mapping *mapping;
};

/* Makes a plan; object and mapping must outlive it. ERR_USAGE with one sentence for: an object that does not allow the
 * action, no such key or a field that cannot be one, no column for the key, an Id column on insert, nothing mapped, a time zone that this
 * system does not know. */
enum err_code plan_new(struct plan **plan, const struct plan_request *request, struct err *e);
void plan_free(struct plan *plan);

/* May a record mean another one of the same file, by an external id of this object? That one has to be there first. */
bool plan_points_within(const struct plan *plan);

/* Findings that concern every record: a required field that is not mapped (insert, and upsert which may insert), a mapped
 * field that the action may not write. Up to `room` are written; returns how many there are. */
struct plan_finding {
	enum rule rule;
	const char *field;  /* API name, or a column's name for BROKEN; "" if none */
	char message[256];  /* "longer than 80 characters: 112" */
	size_t shared;      /* bytes of the message without what differs from record to record */
	struct slice value; /* what is none, in the record's cell: it lives as long; or empty */
	enum hint hint;     /* what it looks like */
};
size_t plan_findings(const struct plan *plan, struct plan_finding *findings, size_t room);

/* What a result file that is loaded again says of a record, by its column longshore_state. */
enum before { BEFORE_NOTHING, BEFORE_WRITTEN, BEFORE_IN_DOUBT, BEFORE_PENDING, BEFORE_COUNT };

/* What becomes of one record. */
struct plan_line {
	bool sent;          /* false: it has findings, is blank or was seen to before */
	enum before before; /* written, in doubt or pending in its run: left out and counted, no finding */
	bool blank;         /* every cell is empty: left out and counted, no finding */
	bool unusable;      /* no memory, or no journal: none of this may be used; plan_trouble() says why */
	bool clears;        /* at least one field */
	bool clears_lookup; /* by an external id: collections can do that, Bulk API cannot */
	bool twice;         /* has a local time that comes twice: the first one is sent */
	struct fingerprint print;        /* what its result is matched by */
	uint64_t exact;                  /* hash of all bytes sent for it: equal = interchangeable */
	struct plan_finding findings[8]; /* the first ones */
	size_t finding_count;            /* in findings[]: eight at most */
};

/* Adds the payload's header line ("Name,Account.Ext__c\n"), LF, comma. */
void plan_header(const struct plan *plan, struct buf *payload);

/* Turns a record into a payload line (added to `payload` only when sent) and its fingerprint, or into findings. */
void plan_record(struct plan *plan, const struct record *record, struct buf *payload, struct plan_line *line);

/* The same judgement without a line: `print` and `exact` stay 0. All that a check needs. */
void plan_judge(struct plan *plan, const struct record *record, struct plan_line *line);

/* Why the last line is unusable, into e; its code. */
enum err_code plan_trouble(const struct plan *plan, struct err *e);

/* The texts of the record that plan_record() or plan_judge() converted last, in the layout's order; "" leaves a field alone. They
 * lie in that record and in the plan. */
const struct slice *plan_cells(const struct plan *plan);

/* A record that would pass by itself, but is left out for something beyond it: another one of the file shares its key (keys.h), or
 * the org was asked (org_check.h). */
struct plan_bar {
	enum rule rule; /* SAME_KEY, NOT_IN_ORG, IN_ORG, SEVERAL or NOT_OFFERED */
	uint64_t
		key; /* keys_hash() of the value that it is for: where that has become another one it counts no more */
	int64_t other; /* SAME_KEY: the record that is kept, or one that is left out like it. Else the column */
	bool other_kept;
};

/* Asked for each record that could be sent; false if there is none for it, or, with `e` set, if nobody can tell. plan_record()
 * turns it into a finding. */
typedef bool plan_bar_of(void *ctx, int64_t record, struct plan_bar *bar, struct err *e);
void plan_set_bars(struct plan *plan, plan_bar_of *bars, void *ctx);

/* What the org's answer says of a column: "no record of Account with this Ext__c is in the org". Not of SAME_KEY. */
void plan_bar_say(const struct plan *plan, const struct plan_bar *bar, char *to, size_t size);

/* Does it count for the record that plan_record() converted last? In which field, and why. */
bool plan_bar_holds(const struct plan *plan, const struct plan_bar *bar, const char **field, char *why,
                    size_t size);

/* What `record` will send for entry `i` of the mapping, for people: the converted text ("" = left alone), or the finding
 * (false). */
bool plan_cell(struct plan *plan, const struct record *record, size_t i, struct buf *text,
               struct plan_finding *finding);

#endif
