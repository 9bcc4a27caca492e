/*
 * edit.h - e, E, x, z and Z of the review: what a record will send is changed for its next attempt, or the record is left out.
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

enum { EDIT_EXAMPLES = 3, EDIT_SHOWN = 64 };

enum edit_reach {
	EDIT_THIS,      /* this record */
	EDIT_SAME,      /* those of its group that would send the same value there */
	EDIT_BEGINNING, /* those of its group whose value begins alike: the beginning is changed */
	EDIT_ALL,       /* all of its group get the value */
	EDIT_REACHES
};

/* One change, as it is asked for. */
struct edit_wish {
	int64_t run, record;
	int64_t group; /* 0: none, only this record is meant */
	size_t column; /* of the source */
	char name[256];
	char was[LINE_ROOM], value[LINE_ROOM]; /* what would be sent there, what shall be */
	enum edit_reach reach;
};

/* What the group says to it. */
struct edit_found {
	int64_t count[EDIT_REACHES]; /* records that a reach means */
	char was[EDIT_EXAMPLES][EDIT_SHOWN], becomes[EDIT_EXAMPLES][EDIT_SHOWN]; /* of EDIT_BEGINNING */
	int examples;
};

/* How EDIT_BEGINNING changes a value: `from` at its start becomes `to`. False if was -> value is no such change. */
bool edit_beginning(const struct edit_wish *wish, size_t *from, size_t *to);

struct model;

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

/* Of any of these questions. */
void edit_answered(struct model *model, int answer);

#endif
