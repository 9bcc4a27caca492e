/* loaded.h - a file that has been loaded into this org before: what became of it, and how one goes on from there. */
#ifndef LONGSHORE_ENGINE_LOADED_H
#define LONGSHORE_ENGINE_LOADED_H

#include "store/runs.h"

enum loaded_way {
	LOADED_LOOK,   /* there is nothing left to do: it can be looked at */
	LOADED_WAIT,   /* an engine is at work on it */
	LOADED_RESUME, /* records were not sent yet, or are in doubt */
	LOADED_RETRY,  /* all were sent, and some failed */
};

enum loaded_way loaded_way(struct journal *j, const struct run *run);

/* The command that goes that way: "show", "resume" or "retry". */
const char *loaded_command(enum loaded_way way);

/* "run 3 has loaded this file into this org on 2026-05-03 14:02: 4,980 of 5,000 records written, 20 failed", without an end. */
void loaded_say(const struct run *run, enum loaded_way way, char *to, size_t size);

#endif
