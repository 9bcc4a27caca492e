/* guard.h - what a program that holds secrets does first. */
#ifndef LONGSHORE_COMMAND_GUARD_H
#define LONGSHORE_COMMAND_GUARD_H

/* Keeps this process's memory out of core dumps (and that of its children: an engine's); takes the secrets of the settings out of
 * the environment, which others can look at; has what libraries free overwritten. Before anything else, and before any thread. */
void guard_begin(void);

#endif
