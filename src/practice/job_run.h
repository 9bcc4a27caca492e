/*
 * job_run.h - a closed job is worked on: its header is checked, then its records are written in chunks of 200.
 *
 * Call job_run_begin() once, then job_run_chunk() until it says that nothing is left; between two calls the org may serve
 * others. Callers hold the org's turn.
 */
#ifndef LONGSHORE_PRACTICE_JOB_RUN_H
#define LONGSHORE_PRACTICE_JOB_RUN_H

#include <stdbool.h>

#include "practice/audit.h"
#include "practice/job.h"
#include "practice/org.h"
#include "practice/scenario.h"

struct job_run;

/* Takes a job from UploadComplete to InProgress, one that has been there already on behind its last row, or false with the sentence it must end Failed with in `message`. */
bool job_run_begin(struct job *job, struct org *org, struct audit *audit, struct buf *message);

/* Works on the next chunk at the time `now`; how many records it held, 0: none are left. */
size_t job_run_chunk(struct job *job, struct scenario *s, int64_t now);

/* May there be records left? */
bool job_run_goes_on(const struct job *job);

/* What the job must end Failed with: a record at which reading it ends for good. NULL as long as there is none. */
const char *job_run_trouble(const struct job *job);

/* Cuts what was not worked on into rows that were not tried. */
void job_run_cut_rest(struct job *job);

void job_run_free(struct job_run *run);

#endif
