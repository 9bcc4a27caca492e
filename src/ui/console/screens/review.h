/* review.h - what Salesforce said, grouped; and the records of one group, a window of them at a time. */
#ifndef LONGSHORE_CONSOLE_REVIEW_H
#define LONGSHORE_CONSOLE_REVIEW_H

#include "store/outcomes.h"
#include "ui/console/table.h"

struct review_screen {
	int64_t run;
	bool read;
	struct outcome_group *groups; /* owned; most records first */
	size_t count;
	struct table table;
	int64_t focus; /* the group to put the cursor on when they are read; 0: where it is */
};

void review_reset(struct review_screen *review, int64_t run);
void review_release(struct review_screen *review);

/* Takes the groups (malloc'ed); the cursor stays on its group. */
void review_take(struct review_screen *review, struct outcome_group *groups, size_t count);

/* What the records screen misses: the feed reads it and clears the want. */
enum records_want { RECORDS_NOTHING, RECORDS_FIRST, RECORDS_LAST, RECORDS_NEXT, RECORDS_BEFORE, RECORDS_SAME };

enum { RECORDS_WINDOW = 200, RECORDS_PAGE = 100 };

struct records_screen {
	int64_t run;
	struct outcome_group group;
	struct outcome_row *rows; /* owned; RECORDS_WINDOW of them, ascending */
	size_t count;
	size_t place; /* how many come before rows[0]; only if place_known */
	bool place_known;
	bool at_start, at_end; /* nothing before, behind the window */
	enum records_want want;
	struct table table;
};

void records_reset(struct records_screen *records, int64_t run, const struct outcome_group *group);
void records_release(struct records_screen *records);

/* What Salesforce said to a group of records: where it is said of several, their own values are left out ("Foreign key
 * external ID: … not found"). Into `to`. */
enum { REVIEW_WORDS = 1200 };
const char *review_words(const struct outcome_group *group, char to[REVIEW_WORDS]);

/* What helps with a code, in a few words, or "". */
const char *review_help(const char *code);

#endif
