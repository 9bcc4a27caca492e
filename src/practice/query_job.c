#include "practice/query_job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "practice/practice.h"
#include "practice/query_run.h"

#define KEPT_MS ((int64_t)7 * 24 * 60 * 60 * 1000)

static void free_job(struct query_job *job)
{
	query_free(job->query);
	free(job->rows);
	free(job->text);
	free(job);
}

void query_jobs_release(struct query_jobs *j)
{
	for (size_t i = 0; i < j->count; i++)
		free_job(j->all[i]);
	free(j->all);
	*j = (struct query_jobs){ 0 };
}

static bool make_room(struct query_jobs *j)
{
	size_t room = j->room ? j->room * 2 : 16;
	struct query_job **all;

	if (j->count < j->room)
		return true;
	all = realloc(j->all, room * sizeof(struct query_job *));
	if (!all)
		return false;
	j->all = all;
	j->room = room;
	return true;
}

struct query_job *query_jobs_restore(struct practice *p, struct query *q, const char *id, const char *text)
{
	struct query_jobs *j = &p->queries;
	struct query_job *job = make_room(j) ? calloc(1, sizeof *job) : NULL;
	char *copy = strdup(text);

	if (!job || !copy) {
		free(job);
		free(copy);
		query_free(q);
		return NULL;
	}
	snprintf(job->id, sizeof job->id, "%s", id);
	job->query = q;
	job->text = copy;
	j->all[j->count++] = job;
	j->created++;
	return job;
}

struct query_job *query_jobs_add(struct practice *p, struct query *q, const char *text)
{
	struct query_job *job;
	char id[SF_ID_ROOM];

	/* its number is one of the ingest jobs', so that no two jobs share an id */
	if (!jobs_skip(&p->jobs)) {
		query_free(q);
		return NULL;
	}
	sf_id_text("750", p->jobs.count, id);
	job = query_jobs_restore(p, q, id, text);
	if (!job)
		return NULL;
	job->state = JOB_UPLOAD_COMPLETE;
	job->created = job->modified = practice_now(p);
	job->due = practice_mono(p) + p->scenario.start_delay_ms;
	return job;
}

void query_job_go_on(const struct practice *p, struct query_job *job)
{
	int64_t worked = p->scenario.rate > 0 ? (int64_t)job->processed * 1000 / (int64_t)p->scenario.rate : 0;

	job->due = practice_mono(p) +
	           (job->state == JOB_UPLOAD_COMPLETE ? p->scenario.start_delay_ms : -worked);
}

static bool has_ended(const struct query_job *job)
{
	return job->state == JOB_COMPLETE || job->state == JOB_FAILED || job->state == JOB_ABORTED;
}

/* How many of the rows the pace allows by now. */
static size_t rows_by_now(const struct practice *p, const struct query_job *job)
{
	double rows = (double)(practice_mono(p) - job->due) * p->scenario.rate / 1000;

	return p->scenario.rate <= 0 || rows >= (double)job->count ? job->count : (size_t)rows;
}

bool query_job_look(struct practice *p, struct query_job *job)
{
	if (!has_ended(job) && practice_mono(p) >= job->due) {
		if (job->state == JOB_UPLOAD_COMPLETE) {
			job->state = query_run(job->query, &p->org, &job->rows, &job->count) ? JOB_IN_PROGRESS
			                                                                     : JOB_FAILED;
			job->modified = job->ended = practice_now(p);
		}
		job->processed = rows_by_now(p, job);
		if (job->state == JOB_IN_PROGRESS && job->processed == job->count) {
			job->state = JOB_COMPLETE;
			job->modified = job->ended = practice_now(p);
		}
	}
	return !has_ended(job) || practice_now(p) - job->ended <= KEPT_MS;
}

struct query_job *query_jobs_find(struct practice *p, const char *id)
{
	char full[SF_ID_ROOM], prefix[4];
	uint32_t number;

	if (sf_id_read(slice_of(id), prefix, &number) == SF_ID_MALFORMED)
		return NULL;
	sf_id_full(slice_of(id), full);
	for (size_t i = 0; i < p->queries.count; i++)
		if (strcmp(p->queries.all[i]->id, full) == 0)
			return query_job_look(p, p->queries.all[i]) ? p->queries.all[i] : NULL;
	return NULL;
}

void query_jobs_delete(struct query_jobs *j, struct query_job *job)
{
	for (size_t i = 0; i < j->count; i++)
		if (j->all[i] == job) {
			memmove(&j->all[i], &j->all[i + 1], (--j->count - i) * sizeof(struct query_job *));
			free_job(job);
			j->deletions++;
			return;
		}
}
