/* runs.h - home: the runs of the journal, those that need somebody first. */
#ifndef LONGSHORE_CONSOLE_RUNS_H
#define LONGSHORE_CONSOLE_RUNS_H

#include <stdint.h>

#include "store/runs.h"
#include "ui/console/table.h"

/* What the list knows of a run: a small copy. */
struct run_line {
	int64_t id;
	enum run_state now; /* interrupted where nobody holds it */
	struct run_counts counts;
	bool production, practice, pruned;
	int64_t created_ms, ended_ms, next_try_ms;
	char file[256]; /* its name without folders */
	char object[128], action[16], key[128], org[128], org_id[19];
	char why[512], by[64];
};

enum runs_group { RUNS_NEED_YOU, RUNS_RUNNING, RUNS_DONE, RUNS_GROUPS };

struct runs_screen {
	struct run_line *lines; /* owned; in the order shown: by group, newest first inside */
	size_t count;
	size_t groups[RUNS_GROUPS]; /* how many there are of each */
	size_t wanted;              /* how many the feed may read */
	bool more;                  /* there are older ones */
	bool read;                  /* the journal was looked at */
	struct table table;
	size_t welcome; /* of an empty journal: the row under the cursor */
};

/* Takes `lines` (malloc'ed, newest first), sorts them into groups, keeps the cursor on its run. */
void runs_take(struct runs_screen *runs, struct run_line *lines, size_t count, bool more);
void runs_release(struct runs_screen *runs);

void run_line_of(struct run_line *line, const struct run *run, enum run_state now);

enum runs_group run_group(const struct run_line *line);

/* "hard delete" for hard_delete; the others are words already. */
const char *action_words(const char *action);

/* "Contact upsert", into `to`. */
enum { RUN_WHAT = 160 };
const char *run_what(const char *object, const char *action, char to[RUN_WHAT]);

/* Its sign (✓ ! ‖ ...) and the meaning that colours it. */
const char *run_sign(const struct run_line *line, int *style);

/* "contacts_may → acme-prod: finished, 12 failed", for a note outside the console. */
void run_note(const struct run_line *line, char *to, size_t size);

/* "▶ 65% contacts_may → acme-prod" for the run that is shown while it is at work, else for the newest one that is; else
 * "Longshore". */
enum { RUNS_TITLE = 256 };
struct model;
void runs_title(const struct model *model, char to[RUNS_TITLE]);

/* "finished on 3 May 2026 14:02 by ana. 20 failed records to review.", into `to`. */
enum { RUN_SENTENCE = 800 };
void run_sentence(const struct run_line *line, char to[RUN_SENTENCE]);

#endif
