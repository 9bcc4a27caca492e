/*
 * edit.h - e, E, f, x, z and Z of the review: what a record will send is changed for its next attempt, or the record is left out.
 *
 * Nothing here reaches the org: edits wait in the journal (store/edits.h) until r sends the records again. An edit's reach is
 * asked when the record has others of its kind; the journal counts them in the background first (EFFECT_REACH).
 */
#ifndef LONGSHORE_CONSOLE_EDIT_H
#define LONGSHORE_CONSOLE_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/console/line.h"

enum { EDIT_EXAMPLES = 3, EDIT_SHOWN = 64, EDIT_VALUES = 6, EDIT_VALUE = 256 };

enum edit_reach {
	EDIT_THIS,      /* this record */
	EDIT_SAME,      /* those of its group that would send the same value there */
	EDIT_BEGINNING, /* those of its group whose value begins alike: the beginning is changed */
	EDIT_ALL,       /* all of its group get the value */
	EDIT_CUT,       /* those of its group whose value is longer than the field are cut */
	EDIT_REACHES
};

/* How f mends a group, by what Salesforce said of it. */
enum edit_fix {
	EDIT_FIX_NONE,
	EDIT_FIX_CUT,    /* to the length that Salesforce named */
	EDIT_FIX_VALUES, /* one value becomes another wherever the group has it */
};

/* One change, as it is asked for. */
struct edit_wish {
	int64_t run, record;
	int64_t group; /* 0: none, only this record is meant */
	size_t column; /* of the source */
	char name[256];
	char was[LINE_ROOM], value[LINE_ROOM]; /* what would be sent there, what shall be */
	enum edit_reach reach;
	enum edit_fix fix;
	char field[256]; /* of a fix: as Salesforce names it; `column` and `name` come with what is found */
	int limit;       /* EDIT_CUT: characters */
};

struct edit_value {
	char text[EDIT_VALUE];
	int64_t count;
};

/* What the group says to it. */
struct edit_found {
	int64_t count[EDIT_REACHES]; /* records that a reach means */
	char was[EDIT_EXAMPLES][EDIT_SHOWN],
		becomes[EDIT_EXAMPLES][EDIT_SHOWN]; /* of EDIT_BEGINNING, EDIT_CUT */
	int examples;
	/* of a fix: where the field comes from, and what stands there; those that found no room here are in `others` */
	size_t column;
	char name[256];
	struct edit_value values[EDIT_VALUES];
	int value_count;
	int64_t others;
};

/* How EDIT_BEGINNING changes a value: `from` at its start becomes `to`. False if was -> value is no such change. */
bool edit_beginning(const struct edit_wish *wish, size_t *from, size_t *to);

/* The first `limit` characters of a text; false if it is no longer than that. */
bool edit_cut(struct slice text, int limit, struct slice *cut);

struct model;
struct outcome_group;

/* e on the record that is shown. */
void edit_ask_value(struct model *model);
const char *edit_refuses(const struct model *model); /* why not; NULL: it can be edited */

/* What the group said: how far does it go? */
void edit_ask_reach(struct model *model, const struct edit_found *found);

/* A file came back from the editor: `cells` say something new, in `records`; `example` is one of them in words. */
void edit_ask_file(struct model *model, int64_t cells, int64_t records, const char *example);
void edit_ask_file_again(struct model *model, const char *why); /* it cannot be read: into the editor again? */

/* x: leaves out what model.again means, for a reason. */
void edit_ask_leave_out(struct model *model);

/* f on a group: what there is to mend is looked for (EFFECT_REACH), then asked; why it cannot be mended at once, or NULL. */
void edit_fix(struct model *model, int64_t run, const struct outcome_group *group);
const char *edit_fix_refuses(const struct outcome_group *group);
void edit_ask_fix(struct model *model, const struct edit_found *found);
void edit_fix_answered(struct model *model, int answer);

/* Of any of these questions. */
void edit_answered(struct model *model, int answer);

#endif
