/*
 * feed.h - what the shown screen knows, read from the journal: only when the journal moved, or the screen asks for more.
 * Reads are pages by keyset and short; nothing is counted. No transaction stays open between calls.
 */
#ifndef LONGSHORE_CONSOLE_FEED_H
#define LONGSHORE_CONSOLE_FEED_H

#include <sys/types.h>

#include "store/journal.h"
#include "ui/console/model.h"

struct feed {
	struct journal *journal;    /* the caller's */
	int64_t seen[SCREEN_COUNT]; /* of journal_changes() when a screen was filled, plus 1 */
	int64_t runs_ms;            /* when the list of runs was read */
	int64_t looked_ms;          /* when locks and the journal's file were looked at */
	dev_t device;               /* of the journal's file when it was opened */
	ino_t inode;
	bool hungry; /* it goes on with something: call again at once */
	bool stale;  /* somebody let go of a run: read again whatever the journal says */
	char ended
		[700]; /* a run that was at work is not any more: how it ended; the loop tells it and clears it */
};

void feed_init(struct feed *feed, struct journal *journal);

/* All that the screen of one run (screen->id) shows. */
enum err_code feed_read_run(struct journal *j, struct run_screen *screen, struct err *e);

/* Fills the screen on top if it is not up to date. Errors become the model's notice. */
void feed_fill(struct feed *feed, struct model *model);

#endif
