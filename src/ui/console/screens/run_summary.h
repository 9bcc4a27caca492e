/* run_summary.h - a run in ten lines, for a ticket or a mail. */
#ifndef LONGSHORE_CONSOLE_RUN_SUMMARY_H
#define LONGSHORE_CONSOLE_RUN_SUMMARY_H

#include "base/buf.h"
#include "ui/console/screens/run.h"

/* Adds the ten lines to b: what, where, how it ended, the counts (which sum up), the first reasons, how to look at it. */
void run_summary(const struct run_screen *screen, struct buf *b);

#endif
