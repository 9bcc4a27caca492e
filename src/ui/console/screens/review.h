/*
 * review.h - what Salesforce said, grouped; and the records of one group or of one state, a window of them at a time.
 */
#ifndef LONGSHORE_CONSOLE_REVIEW_H
#define LONGSHORE_CONSOLE_REVIEW_H

#include "store/outcomes.h"
#include "ui/console/actions.h"
#include "ui/console/selection.h"
#include "ui/console/table.h"

struct review_screen {
	int64_t run;
	bool read;
	struct outcome_group *groups; /* owned; most records first */
	size_t count;
	struct table table;
	struct selection selection; /* by the groups' ids */
	int64_t focus;              /* the group to put the cursor on when they are read; 0: where it is */
};

void review_reset(struct review_screen *review, int64_t run);
void review_release(struct review_screen *review);

/* Takes the groups (malloc'ed); the cursor stays on its group. */
void review_take(struct review_screen *review, struct outcome_group *groups, size_t count);

/* What the records screen misses: the feed reads it and clears the want. */
enum records_want {
	RECORDS_NOTHING,
	RECORDS_FIRST,
	RECORDS_LAST,
	RECORDS_NEXT,
	RECORDS_BEFORE,
	RECORDS_SAME,
	RECORDS_AT, /* from `at` on */
};

enum { RECORDS_WINDOW = 200, RECORDS_PAGE = 100 };

/* Looking for a record by its number, its Id or a text, from the one under the cursor on and around the end. */
struct records_find {
	bool looking;
	char text[256];
	int64_t from; /* it began behind this record */
	int64_t at;   /* and has looked at all up to this one */
	bool around;  /* it went on at the beginning */
	int64_t seen; /* records looked at */
};

struct records_screen {
	int64_t run;
	enum outcome_state state; /* all records of this state; 0: those of the group */
	struct outcome_group group;
	int64_t of;               /* how many there are */
	struct outcome_row *rows; /* owned; RECORDS_WINDOW of them, ascending */
	size_t count;
	bool at_start, at_end; /* nothing before, behind the window */
	enum records_want want;
	int64_t at;         /* of RECORDS_AT */
	struct table table; /* its filter is what is looked for */
	struct records_find find;
	struct selection selection; /* by record numbers */
};

void records_reset(struct records_screen *records, int64_t run, const struct outcome_group *group);
void records_reset_state(struct records_screen *records, int64_t run, enum outcome_state state, int64_t of);
void records_release(struct records_screen *records);

/* What Salesforce said to a group of records: where it is said of several, their own values are left out ("Foreign key
 * external ID: … not found"). Into `to`. */
enum { REVIEW_WORDS = 1200 };
const char *review_words(const struct outcome_group *group, char to[REVIEW_WORDS]);

/* r and a on any screen of the review: the question; and why it is not possible now, or NULL. */
struct model;
void review_ask(struct model *model, int64_t run);
const char *review_refuse(const struct model *model, int64_t run, enum verb verb);

/* What helps with a code, in a few words, or "". */
const char *review_help(const char *code);

#endif
