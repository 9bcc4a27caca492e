/* console.h - the console: one terminal, one journal. It never talks to an engine; loads go on when it is gone. */
#ifndef LONGSHORE_CONSOLE_CONSOLE_H
#define LONGSHORE_CONSOLE_CONSOLE_H

#include <stdbool.h>

#include "core/engine/load.h"

struct console_options {
	const char *state;   /* state folder; NULL: as base/paths.h says */
	const char *journal; /* another journal file, or NULL */
	const char *config;  /* settings of the org for new loads, */
	const char *org;     /* else a saved org, whose key is at hand; both NULL: the environment */
	const struct load_options
		*load; /* a new load that it opens with, filled in as far as they say; or NULL */
	bool mono;     /* no colours; NO_COLOR in the environment means the same */
	bool ascii;    /* ASCII only; a locale without UTF-8 means the same */
	bool quiet;    /* no bell and no note when a run ends or needs somebody */
};

/* Runs until the operator leaves or the terminal is gone, and puts the terminal back as it was. Returns the exit status:
 * 0; 1 if the journal cannot be used; 2, with one line naming the headless command on standard error, when there is no
 * usable terminal. */
int console_run(const struct console_options *options);

#endif
