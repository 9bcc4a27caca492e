/*
 * rehearse.h - `longshore load --rehearse`: the whole load on a practice org that has the describes of the real one.
 *
 * The real org is only asked for its describes. Journal, spooled source and practice org lie in a folder of their own within
 * the state folder, which goes when the command ends, however it ends: the user's journal never learns of it.
 */
#ifndef LONGSHORE_COMMAND_REHEARSE_H
#define LONGSHORE_COMMAND_REHEARSE_H

#include "ui/command/asked.h"

/* Says how the load would have gone. Returns the exit status that it would have had. */
int rehearse(struct call *call, const struct load_options *options);

#endif
