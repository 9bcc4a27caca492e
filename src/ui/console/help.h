/* help.h - one searchable list of a screen's actions with their keys; Enter runs one. Made from the action table. */
#ifndef LONGSHORE_CONSOLE_HELP_H
#define LONGSHORE_CONSOLE_HELP_H

#include <stdbool.h>

#include "ui/console/actions.h"
#include "ui/console/table.h"

struct help {
	bool open;
	enum screen_id screen;
	enum verb verbs[VERB_COUNT]; /* those of the screen */
	size_t count;
	struct table table;
};

struct model;

enum { HELP_FRAME = 6 }; /* rows of the screen that are not of the list */

void help_open(struct help *help, enum screen_id screen);

/* Letters narrow, Enter gives the verb to run (VERB_NONE while it stays open), Esc closes. */
enum verb help_key(struct help *help, struct key key, int page);
void help_view(struct model *model, struct grid *grid);

#endif
