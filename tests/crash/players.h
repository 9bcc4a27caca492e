/*
 * players.h - several stages side by side, on which scenes are played, each by whoever is free; and what a program of such
 * scenes does from its beginning to its end.
 */
#ifndef LONGSHORE_TESTS_CRASH_PLAYERS_H
#define LONGSHORE_TESTS_CRASH_PLAYERS_H

#include "scenes.h"

/* Plays the scenes from number `first` on, and tells at once of each that failed; their results stand beside them. With
 * `moments` those are noted. */
void players_play(struct scenes *scenes, size_t first, bool moments);

/* Opens the stages (CRASH_STAGES=n of them; 12), with an org that has the describes of a folder (NULL: the built-in ones), and
 * calls `everything`, or plays the one case of CRASH_ONLY. Gives main()'s exit status. */
int players_main(const char *name, const char *describes, int (*everything)(void));

#endif
