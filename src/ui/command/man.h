/*
 * man.h - the manual page, made from the lists that parser and help are made from, so that all three say the same.
 */
#ifndef LONGSHORE_COMMAND_MAN_H
#define LONGSHORE_COMMAND_MAN_H

#include "base/buf.h"

/* What `longshore help` says besides its list. */
extern const char help_exit_status[];
extern const char help_settings[];

/* Adds longshore.1 in the macros of man(7). */
void man_page(struct buf *b);

#endif
