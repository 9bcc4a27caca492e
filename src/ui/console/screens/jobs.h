/* jobs.h - the jobs (or calls) of a run, one line each: where each is, and what became of its records. */
#ifndef LONGSHORE_CONSOLE_JOBS_H
#define LONGSHORE_CONSOLE_JOBS_H

#include "store/chunks.h"
#include "store/runs.h"
#include "ui/console/table.h"

enum { JOBS_WINDOW = 256 };

/* Numbers are dense, 1 to table.count: the feed reads the ones that are shown. */
struct jobs_screen {
	int64_t run;
	bool read;
	bool rest; /* calls, not jobs */
	char instance_url[256];
	struct chunk rows[JOBS_WINDOW];
	int first, count; /* the number of rows[0], and how many there are */
	struct table table;
};

void jobs_reset(struct jobs_screen *jobs, int64_t run);

/* The number of the first one that is to be read for a screen of `rows`. */
int jobs_wanted(const struct jobs_screen *jobs, int rows);

#endif
