/*
 * progress.h - a running engine on standard error: one line that is written anew on a terminal, else a line a minute and one
 * for each event of the run's log. Silent with --quiet and once the terminal has gone.
 */
#ifndef LONGSHORE_COMMAND_PROGRESS_H
#define LONGSHORE_COMMAND_PROGRESS_H

#include "ui/command/call.h"

struct progress {
	const struct call *call;
	bool terminal;
	int64_t last_event;           /* id in the run's log */
	int64_t told_ms;              /* monotonic: when a line was written last */
	int64_t begun_ms, begun_done; /* for the rate */
	bool standing;                /* a line without its end stands on the terminal */
};

void progress_init(struct progress *progress, const struct call *call);

/* What this run's log holds already was told by the command that was there then, and is not told again. */
void progress_skip_log(struct progress *progress, int64_t run);

/* What engine_options.tell wants; ctx is the progress. */
void progress_tell(void *ctx, const struct run *run);

/* check_progress of core/plan/check.h; false when a signal asks to stop. */
bool progress_check(void *ctx, int64_t offset, int64_t size);

/* The same for records, as the org is asked about them (org_check.h). */
bool progress_records(void *ctx, int64_t done, int64_t records);

/* Ends the line that stands. */
void progress_end(struct progress *progress);

#endif
