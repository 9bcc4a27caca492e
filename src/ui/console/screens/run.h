/* run.h - one run, live from the journal; when it is over the same screen is its summary. */
#ifndef LONGSHORE_CONSOLE_RUN_H
#define LONGSHORE_CONSOLE_RUN_H

#include "store/chunks.h"
#include "store/outcomes.h"
#include "store/runs.h"
#include "ui/console/screens/run_jobs.h"
#include "ui/console/table.h"

enum { RUN_JOBS = 8, RUN_EVENTS = 4, RUN_REASONS = 3, RUN_GROUPS = 64, RUN_SAMPLES = 12 };

/* Where the records are; the sum of all is `records`, always. */
struct run_parts {
	int64_t records;
	int64_t written, failed, to_try_again, in_org, left_out, in_doubt, to_go;
	int64_t org_done, org_failed; /* the jobs' own counters: part of in_org */
};

/* The same by name, in the order they are shown. */
enum run_part {
	PART_WRITTEN,
	PART_FAILED,
	PART_TO_TRY_AGAIN,
	PART_IN_ORG,
	PART_TO_GO,
	PART_LEFT_OUT,
	PART_IN_DOUBT,
	RUN_PARTS
};

/* Where Enter and the arrows go. */
enum run_pane { PANE_PARTS, PANE_REASONS, PANE_JOBS, RUN_PANES };

/* How much was done when, for the rate. */
struct run_sample {
	int64_t at_ms, done;
};

struct run_screen {
	int64_t id;
	bool read;
	struct run run;
	enum run_state now;
	char error[700]; /* why it could not be read, "" if it was */

	struct chunk jobs[RUN_JOBS]; /* the newest ones, ascending */
	int job_count;
	int jobs_settled;                     /* all chunks up to this number are */
	int64_t in_org, org_done, org_failed; /* of unsettled chunks, as read */
	struct run_event events[RUN_EVENTS];  /* the newest, the newest first */
	int event_count;
	struct outcome_reason reasons[RUN_REASONS];
	int reason_count;
	struct outcome_group *groups; /* owned; failed and in doubt */
	int group_count;
	struct table table; /* over the groups */
	enum run_pane pane; /* in focus, if it was chosen: run_pane() tells */
	bool pane_chosen;
	enum run_part part; /* under the cursor of the parts */

	struct run_sample samples[RUN_SAMPLES]; /* one a second, oldest first */
	int sample_count;
};

void run_screen_reset(struct run_screen *screen, int64_t id);
void run_screen_release(struct run_screen *screen);

/* The parts, made to sum up to the records even where run and chunks were read a moment apart. */
struct run_parts run_parts_of(const struct run_screen *screen);

int64_t run_part_count(const struct run_screen *screen, enum run_part part);

/* Is there a row for it on a screen of `rows`? Those that are 0 go first. */
bool run_part_shown(const struct run_screen *screen, enum run_part part, int rows);

/* The pane in focus: the reasons where there are any, else the parts, until Tab chooses. */
enum run_pane run_pane(const struct run_screen *screen);

struct model;
void run_view(struct model *model, struct grid *grid);

/* What the check found in records it left out, by the code of the reason: "without a required value". */
const char *run_left_out_word(const char *code);

/* Remembers how much is done at `mono_ms`, of the clock that never jumps, once a second. */
void run_sample(struct run_screen *screen, int64_t mono_ms);

/* Records a second over what is remembered, 0 if it cannot be told; and ten signs of how it went, "" without samples. */
int64_t run_rate(const struct run_screen *screen);
enum { RUN_SPARK = 48 };
void run_spark(const struct run_screen *screen, char to[RUN_SPARK]);

#endif
