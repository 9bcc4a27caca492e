/*
 * runs_on.h - what runs in the org when the load writes, as a line and as names: part of Start, which asks for it in the
 * background and waits for nobody.
 */
#ifndef LONGSHORE_CONSOLE_RUNS_ON_H
#define LONGSHORE_CONSOLE_RUNS_ON_H

#include "core/org/automation.h"

struct runs_on {
	bool asking;      /* the background is at it */
	int64_t calls;    /* that it takes, as far as it was asked */
	char object[128]; /* what was answered is about this one, */
	char action[16];  /* and this; "": nothing was answered */
	struct automation told;
	char not_asked[200]; /* why the org was not asked, "" if it was */
};

struct model;

/* Asks, unless it was answered already for what the load is now. */
void runs_on_open(struct model *model);

/* The load begins: what is still under way is left. */
void runs_on_leave(struct model *model);

enum { RUNS_ON_TEXT = 640 };

/* "2 triggers, 1 flow; duplicate rules not readable for this user", "" while there is nothing to say. */
void runs_on_text(const struct runs_on *runs, char to[RUNS_ON_TEXT]);

/* "triggers: ContactGuard, ContactSweep"; false if that kind has no names. */
bool runs_on_names(const struct runs_on *runs, enum automation_kind kind, char to[RUNS_ON_TEXT]);

#endif
