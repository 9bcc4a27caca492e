/* log.h - what happened in a run, and when. */
#ifndef LONGSHORE_CONSOLE_LOG_H
#define LONGSHORE_CONSOLE_LOG_H

#include "store/runs.h"
#include "ui/console/table.h"

struct log_screen {
	int64_t run;
	struct run_event *events; /* owned; oldest first */
	size_t count;
	struct table table;
	bool follow; /* the cursor stays on the newest line */
};

enum { LOG_MOST = 2000 }; /* lines kept; older ones go first */

void log_reset(struct log_screen *log, int64_t run);
void log_release(struct log_screen *log);

/* Adds lines behind those it has. */
void log_add(struct log_screen *log, const struct run_event *events, size_t count);

#endif
