/*
 * unknown.h - what a rehearsal of a load cannot know, because only the real org has it: its records, its rules, its limits.
 * Told by the load's plan: what it does not do is not named.
 */
#ifndef LONGSHORE_COMMAND_UNKNOWN_H
#define LONGSHORE_COMMAND_UNKNOWN_H

#include "core/engine/load.h"

/* Adds the sentences to b, each with a line break behind it. The load has a plan. */
void unknown_list(struct buf *b, const struct load *load);

/* Does only the org know which records are created and which updated? */
bool unknown_created(const struct load *load);

#endif
