/*
 * report.h - what there is to say about a run: as JSON, as one line, as a page. All from the journal.
 * Keys and the last line are a contract (docs/cli.md).
 */
#ifndef LONGSHORE_COMMAND_REPORT_H
#define LONGSHORE_COMMAND_REPORT_H

#include "ui/command/call.h"

/* May it be gone on with: interrupted, paused, not begun, or with records left to send or in doubt? */
bool report_resumable(struct journal *j, const struct run *run);

/* Does it wait for a person: interrupted, paused, halted, in doubt, or over with failed records? */
bool report_needs_somebody(struct journal *j, const struct run *run);

/* What makes a rehearsal's report another than a run's: it has no number, and what only the org knows is left open. */
struct rehearsed {
	bool unknown_created; /* created or updated */
	const char *unknown;  /* lines, each with its end: what a rehearsal cannot know */
};

/* Puts what a load needs, and what was left before it, into the open object; null where the org did not say. */
struct load_cost;
void report_costs(struct json *json, const struct load_cost *costs);

/* Puts a run's members into the open object, `exit` and those that go with it apart. `rehearsed` is NULL for a run. */
void report_members(struct json *json, struct journal *j, const struct run *run,
                    const struct rehearsed *rehearsed);

/* "run 57 halted: 1,997 of 48,210 written, 3 failed (...). Look: ... Go on: ...", without a line break, added to b. */
void report_line(struct buf *b, struct journal *j, const struct run *run);

/* The run on a page: source, org, counters, groups of errors; added to b. `rehearsed` as above. */
void report_page(struct buf *b, struct journal *j, const struct run *run, const struct rehearsed *rehearsed);

/* "rehearsal finished: 1,997 of 2,000 written, 3 failed (...), all in a practice org: nothing was written to Acme". */
void report_rehearsal_line(struct buf *b, struct journal *j, const struct run *run);

/* The end of a command that moved a run: reads it again, writes the last line to standard error, and with --json the run
 * to standard output. `e` is what ended it early, ERR_OK if the journal tells it all. Returns the exit status. */
int report_end(const struct call *call, int64_t run, const struct err *e);

#endif
