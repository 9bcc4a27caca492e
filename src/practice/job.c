#include "practice/job.h"

#include <stdlib.h>
#include <string.h>

#include "practice/job_run.h"
#include "practice/random.h"

static const char *const state_words[] = {
#define X(name, word) [JOB_##name] = word,
	JOB_STATES(X)
#undef X
};

static const char *const operation_words[] = {
#define X(name, word) [OP_##name] = word,
	JOB_OPERATIONS(X)
#undef X
};

void jobs_init(struct jobs *j)
{
	*j = (struct jobs){ 0 };
}

static void free_job(struct job *job)
{
	if (!job)
		return;
	job_run_free(job->run);
	for (size_t i = 0; i < job->error_count; i++)
		free(job->errors[i]);
	free(job->errors);
	free(job->rows);
	free(job->shuffled);
	free(job->message);
	free(job->assignment_rule);
	buf_release(&job->data);
	job_fate_release(&job->fate);
	free(job);
}

void jobs_release(struct jobs *j)
{
	for (uint32_t i = 0; i < j->count; i++)
		free_job(j->all[i]);
	free(j->all);
	jobs_init(j);
}

bool jobs_skip(struct jobs *j)
{
	if (j->count == j->room) {
		uint32_t room = j->room ? j->room * 2 : 64;
		struct job **all = realloc(j->all, room * sizeof(struct job *));

		if (!all)
			return false;
		j->all = all;
		j->room = room;
	}
	j->all[j->count++] = NULL;
	return true;
}

static const char *id_prefix(enum job_kind kind)
{
	return kind == JOB_BATCH ? "751" : "750";
}

struct job *jobs_add(struct jobs *j, enum job_kind kind)
{
	struct job *job;

	if (!jobs_skip(j))
		return NULL;
	job = calloc(1, sizeof *job);
	if (!job)
		return NULL;
	job->number = j->count;
	job->kind = kind;
	sf_id_text(id_prefix(kind), job->number, job->id);
	buf_init(&job->data, JOB_MOST_BYTES);
	j->all[job->number - 1] = job;
	return job;
}

struct job *jobs_find(const struct jobs *j, const char *id, enum job_kind kind)
{
	char prefix[4];
	uint32_t number;
	struct job *job;

	if (sf_id_read(slice_of(id), prefix, &number) != SF_ID_OURS || strcmp(prefix, id_prefix(kind)) != 0)
		return NULL;
	job = number <= j->count ? j->all[number - 1] : NULL;
	return job && job->kind == kind ? job : NULL;
}

bool job_is_lost(struct job *job)
{
	if (job->fate.lose_state && strcmp(job->fate.lose_state, job_state_word(job->state)) == 0)
		return true;
	return job->fate.lose_after == 0 || (job->fate.lose_after > 0 && job->fate.lose_after-- == 0);
}

void jobs_delete(struct jobs *j, struct job *job)
{
	j->all[job->number - 1] = NULL;
	j->deletions++;
	free_job(job);
}

struct job *jobs_next(const struct jobs *j)
{
	struct job *next = NULL;

	for (uint32_t i = 0; i < j->count; i++) {
		struct job *job = j->all[i];

		if (!job || (job->state != JOB_UPLOAD_COMPLETE && job->state != JOB_IN_PROGRESS))
			continue;
		if (!next || job->order < next->order)
			next = job;
	}
	return next;
}

/* Fisher and Yates: results come in an order that says nothing about the file's (salesforce-api.md C6). */
void job_shuffle(struct job *job)
{
	uint64_t random = job->seed + job->number;

	free(job->shuffled);
	job->shuffled = malloc((job->row_count + 1) * sizeof *job->shuffled);
	if (!job->shuffled)
		return;
	for (uint32_t i = 0; i < job->row_count; i++) {
		uint32_t k = (uint32_t)(random_next(&random) % (i + 1));

		job->shuffled[i] = job->shuffled[k];
		job->shuffled[k] = i;
	}
}

void job_end(struct job *job, enum job_state state, const char *message, int64_t now, uint64_t seed)
{
	/* it may be the run's own */
	if (message && !job->message)
		job->message = strdup(message);
	if (job->run) {
		job_run_cut_rest(job);
		job_run_free(job->run);
		job->run = NULL;
	}
	job->state = state;
	job->modified = job->ended = now;
	job->seed = seed;
	job_shuffle(job);
}

bool job_has_ended(const struct job *job)
{
	return job->state == JOB_COMPLETE || job->state == JOB_FAILED || job->state == JOB_ABORTED;
}

const char *job_state_word(enum job_state s)
{
	return state_words[s];
}

const char *job_operation_word(enum job_operation o)
{
	return operation_words[o];
}

bool job_add_error(struct job *job, char *text)
{
	if (job->error_count == job->error_room) {
		size_t room = job->error_room ? job->error_room * 2 : 64;
		char **errors = realloc(job->errors, room * sizeof *errors);

		if (!errors) {
			free(text);
			return false;
		}
		job->errors = errors;
		job->error_room = room;
	}
	job->errors[job->error_count++] = text;
	return true;
}

void job_fail_row(struct job *job, struct job_row *row, char *text)
{
	row->outcome = ROW_FAILED;
	row->error = (uint32_t)job->error_count;
	job->failed++;
	job_add_error(job, text);
}
