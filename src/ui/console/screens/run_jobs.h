/* run_jobs.h - the parts a run is sent in, as the screen names them: jobs with their Ids (Bulk), calls (REST). */
#ifndef LONGSHORE_CONSOLE_RUN_JOBS_H
#define LONGSHORE_CONSOLE_RUN_JOBS_H

#include "store/chunks.h"
#include "store/runs.h"
#include "ui/console/grid.h"

/* Through sObject Collections: "REST, 200 a call" on the screen. */
bool run_is_rest(const struct run *run);
const char *run_job_word(const struct run *run); /* "job" or "call" */

/* What the chunk's records are: handed to the org, its answer not in the journal yet. */
bool chunk_in_org(const struct chunk *chunk);

/* Where it is: "to go", "the org works", "done". */
const char *chunk_words(const struct chunk *chunk);
const char *chunk_sign(const struct chunk *chunk, enum style *style);

/* One line with the newest of `chunks` (ascending) that fit. */
void run_jobs_view(const struct run *run, const struct chunk *chunks, int count, struct grid *grid, int row);

/* What the unsettled ones are at: "job 2 has done 29,400, 31 failed; reasons when it ends". Into `to`, "" if there is none. */
void run_jobs_words(const struct run *run, const struct chunk *chunks, int count, int64_t done, int64_t failed,
                    char *to, size_t size);

#endif
