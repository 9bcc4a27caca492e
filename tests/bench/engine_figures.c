/*
 * engine_figures.c - what a finished run of the write engine says of its pace, and whether the targets are met:
 * `engine_figures STATE RATE PEAK_KB`, RATE being the records a second that the org works on, PEAK_KB the engine's memory.
 *
 * Times are those in the journal: the check has ended when the run is there; an outcome is there when its chunk is settled.
 * Exit 1 if a target is missed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "store/chunks.h"
#include "store/runs.h"

enum { SHARE = 97, MOST_CALLS = 60, MOST_KB = 64 * 1024, PAGE = 64 };

static int missed;

static void tell(bool met, const char *what, double is, const char *unit, const char *target)
{
	printf("%-34s %10.1f %-7s target %s: %s\n", what, is, unit, target, met ? "met" : "MISSED");
	missed += !met;
}

static void need(enum err_code rc, const struct err *e)
{
	if (rc == ERR_OK)
		return;
	fprintf(stderr, "engine_figures: %s\n", e->text);
	exit(1);
}

/* When the first chunk was settled, and how many jobs there were. */
static int64_t first_settled(struct journal *j, int64_t run, int *jobs)
{
	struct chunk chunks[PAGE];
	int64_t first = 0;
	struct err e;
	int n, no = 0;

	err_init(&e);
	*jobs = 0;
	while ((n = chunk_page(j, run, no, false, chunks, PAGE, &e)) > 0)
		for (int i = 0; i < n; i++) {
			no = chunks[i].no;
			(*jobs)++;
			if (chunks[i].settled_ms && (!first || chunks[i].settled_ms < first))
				first = chunks[i].settled_ms;
		}
	need(e.code, &e);
	return first;
}

static void judge(struct journal *j, const struct run *run, double rate, double peak_kb)
{
	double ms = (double)(run->ended_ms - run->created_ms), records = (double)run->counts.records;
	int jobs;
	int64_t first = first_settled(j, run->id, &jobs) - run->created_ms;
	double share = records / (ms / 1000) / rate * 100, calls = (double)run->api_calls * 1e6 / records;
	double most_first = 2000 + 10000 / rate * 1000;
	char target[32];

	printf("%.0f records in %d jobs, %.0f/s by the org, %.1f s from the end of the check\n", records, jobs,
	       rate, ms / 1000);
	tell(share >= SHARE, "share of the org's rate", share, "%", "at least 97");
	tell(calls <= MOST_CALLS, "API calls a million records", calls, "", "at most 60");
	tell(peak_kb < MOST_KB, "peak memory of the engine", peak_kb / 1024, "MB", "below 64");
	snprintf(target, sizeof target, "at most %.0f", most_first);
	tell((double)first <= most_first, "first outcome in the journal", (double)first, "ms", target);
	tell(jobs >= 4, "jobs", jobs, "", "at least 4");
	tell(run->state == RUN_FINISHED && run->counts.written + run->counts.failed == run->counts.records,
	     "written or failed", (double)(run->counts.written + run->counts.failed), "", "all");
}

int main(int argc, char **argv)
{
	static struct run run;
	struct journal *j;
	struct err e;

	if (argc != 4)
		return 2;
	err_init(&e);
	need(journal_open(&j, argv[1], NULL, JOURNAL_READ, &clock_real, &e), &e);
	need(run_get(j, 0, &run, &e), &e);
	judge(j, &run, strtod(argv[2], NULL), strtod(argv[3], NULL));
	journal_close(j);
	return missed > 0;
}
