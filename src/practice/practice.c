#include "practice/practice.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "practice/job_run.h"
#include "practice/practice_ids.h"

enum { LONGEST_SLEEP_MS = 500, DAY_MS = 24 * 3600 * 1000 };

static void turn_init(struct turn *t)
{
	pthread_mutex_init(&t->mutex, NULL);
	pthread_cond_init(&t->changed, NULL);
	t->given = t->serving = 0;
}

void practice_take_turn(struct practice *p)
{
	uint64_t mine;

	pthread_mutex_lock(&p->turn.mutex);
	mine = p->turn.given++;
	while (p->turn.serving != mine)
		pthread_cond_wait(&p->turn.changed, &p->turn.mutex);
	pthread_mutex_unlock(&p->turn.mutex);
}

void practice_end_turn(struct practice *p)
{
	pthread_mutex_lock(&p->turn.mutex);
	p->turn.serving++;
	if (p->turn.serving != p->turn.given)
		pthread_cond_broadcast(&p->turn.changed);
	pthread_mutex_unlock(&p->turn.mutex);
}

int64_t practice_now(const struct practice *p)
{
	return clock_utc(p->clock) + p->shift;
}

int64_t practice_mono(const struct practice *p)
{
	return clock_mono(p->clock) + p->shift;
}

void practice_turn_day(struct practice *p)
{
	if (practice_now(p) - p->day.began >= DAY_MS)
		p->day = (struct day){ practice_now(p), p->api_calls, p->batches };
}

int64_t practice_calls(const struct practice *p)
{
	return (int64_t)(p->api_calls - p->day.calls);
}

int64_t practice_batches(const struct practice *p)
{
	return (int64_t)(p->batches - p->day.batches);
}

struct table *practice_table(struct practice *p, const char *object)
{
	const struct object *o = schema_object(&p->schema, slice_of(object));

	return o ? org_table(&p->org, o) : NULL;
}

void practice_url(const struct practice *p, char to[PRACTICE_URL])
{
	snprintf(to, PRACTICE_URL, "%s://127.0.0.1:%d", p->tls_certificate ? "https" : "http", p->port);
}

/* One row of what every org has; names that the describe does not know are left out. */
static void seed_row(struct practice *p, const char *object, const char *const *pairs, size_t count)
{
	struct table *t = practice_table(p, object);
	size_t n = 0, most = count / 2 + (t ? t->object->field_count : 0);
	struct change *changes = t ? calloc(most, sizeof *changes) : NULL;

	if (!changes)
		return;
	for (size_t i = 0; i + 1 < count; i += 2) {
		const struct field *f = object_stored_field(t->object, slice_of(pairs[i]));

		if (f)
			changes[n++] = (struct change){ .field = f, .text = slice_of(pairs[i + 1]) };
	}
	for (size_t i = 0; i < t->object->field_count; i++) { /* the first of two changes counts */
		const struct field *f = &t->object->fields[i];

		if (f->default_value && f->origin == FROM_CELL)
			changes[n++] = (struct change){ .field = f, .text = slice_of(f->default_value) };
	}
	org_insert(t, changes, n, p->born);
	free(changes);
}

/* The record types that the describes name, so that they can be queried and found by name. */
static void seed_record_types(struct practice *p)
{
	for (size_t i = 0; i < p->schema.count; i++) {
		const struct object *o = &p->schema.objects[i];

		for (size_t k = 0; k < o->record_type_count; k++) {
			const struct record_type *t = &o->record_types[k];
			const char *name = t->name ? t->name : t->id;
			const char *const pairs[] = {
				"Id",
				t->id,
				"Name",
				name,
				"DeveloperName",
				t->developer_name ? t->developer_name : name,
				"SobjectType",
				o->name,
				"IsActive",
				t->active ? "true" : "false",
			};

			if (!t->master)
				seed_row(p, "RecordType", pairs, sizeof pairs / sizeof pairs[0]);
		}
	}
}

static void seed(struct practice *p)
{
	static const char *const organization[] = {
		"Name",
		"Longshore Practice",
		"IsSandbox",
		"true",
		"IsReadOnly",
		"false",
		"OrganizationType",
		"Developer Edition",
		"InstanceName",
		"CS420",
		"Country",
		"US",
		"PrimaryContact",
		"Practice Operator",
		"LanguageLocaleKey",
		"en_US",
		"TimeZoneSidKey",
		"Etc/UTC",
	};
	static const char *const user[] = {
		"Username",
		PRACTICE_USERNAME,
		"FirstName",
		"Practice",
		"LastName",
		"Operator",
		"Email",
		PRACTICE_USERNAME,
		"Alias",
		"operator",
		"IsActive",
		"true",
		"UserType",
		"Standard",
		"TimeZoneSidKey",
		"Etc/UTC",
		"LocaleSidKey",
		"en_US",
		"LanguageLocaleKey",
		"en_US",
	};

	seed_row(p, "Organization", organization, sizeof organization / sizeof organization[0]);
	seed_row(p, "User", user, sizeof user / sizeof user[0]);
	seed_record_types(p);
}

enum err_code practice_open(struct practice *p, const char *describes, uint64_t first_seed, bool rehearsal,
                            const struct clock *clock, struct err *e)
{
	memset(p, 0, sizeof *p);
	turn_init(&p->turn);
	pthread_mutex_init(&p->bell, NULL);
	pthread_cond_init(&p->rung, NULL);
	p->clock = clock;
	p->born = practice_now(p);
	p->day.began = p->born;
	p->first_seed = first_seed;
	p->random = first_seed + (uint64_t)p->born;
	audit_init(&p->audit);
	jobs_init(&p->jobs);
	sessions_init(&p->sessions);
	cursors_init(&p->cursors);
	scenario_init(&p->scenario, first_seed);
	if (schema_open(&p->schema, describes, e) != ERR_OK || setup_open(&p->setup, e) != ERR_OK)
		return e->code;
	p->scenario.schema = &p->schema;
	if (!org_init(&p->org, &p->schema, rehearsal))
		return err_memory(e, "the practice org");
	seed(p);
	return ERR_OK;
}

enum err_code practice_keep(struct practice *p, const char *path, struct err *e)
{
	p->data = data_open(path, p, e);
	return e->code;
}

void practice_reset(struct practice *p)
{
	bool rehearsal = p->org.rehearsal;

	if (p->data)
		data_wipe(p->data);
	jobs_release(&p->jobs);
	query_jobs_release(&p->queries);
	cursors_release(&p->cursors);
	audit_release(&p->audit);
	sessions_release(&p->sessions);
	org_release(&p->org);
	org_init(&p->org, &p->schema, rehearsal);
	memset(p->counts, 0, sizeof p->counts);
	p->api_calls = p->batches = 0;
	p->shift = 0;
	p->day = (struct day){ .began = practice_now(p) };
	seed(p);
}

void practice_ring(struct practice *p)
{
	pthread_mutex_lock(&p->bell);
	p->rings++;
	pthread_cond_signal(&p->rung);
	pthread_mutex_unlock(&p->bell);
}

static void begin_job(struct practice *p, struct job *job)
{
	struct buf message;

	buf_init(&message, JOB_MOST_MESSAGE);
	if (job->fate.message && job->fate.fail_after == 0)
		buf_add_text(&message, job->fate.message);
	else if (job_run_begin(job, &p->org, &p->audit, &message))
		job->modified = job->began = practice_now(p);
	if (!job->run)
		job_end(job, JOB_FAILED, buf_text(&message), practice_now(p), p->scenario.seed);
	buf_release(&message);
}

static bool must_fail(const struct job *job)
{
	return job->fate.fail_after >= 0 && (int64_t)job->processed >= job->fate.fail_after;
}

/* Has the job used up what the day allows? Its next batch of records could not begin (salesforce-api.md C8, C11). */
static bool is_over_quota(struct practice *p, const struct job *job)
{
	practice_turn_day(p);
	return job->processed / JOB_BATCH_RECORDS >= job->batches && job_run_goes_on(job) &&
	       practice_batches(p) >= p->scenario.daily_batch_limit;
}

/* How many records were worked on, 0: none are left, or the job has ended. */
static size_t work_on(struct practice *p, struct job *job)
{
	size_t before = job->processed, done;
	const char *trouble;

	if (is_over_quota(p, job)) {
		job_end(job, JOB_FAILED, "ExceededQuota : " JOB_OVER_QUOTA, practice_now(p), p->scenario.seed);
		return 0;
	}
	done = job_run_chunk(job, &p->scenario, practice_now(p));
	if (done > 0 && before / JOB_BATCH_RECORDS >= job->batches) {
		job->batches++;
		p->batches++;
	}
	trouble = job_run_trouble(job);
	if (must_fail(job))
		job_end(job, JOB_FAILED, job->fate.message, practice_now(p), p->scenario.seed);
	else if (trouble)
		job_end(job, JOB_FAILED, trouble, practice_now(p), p->scenario.seed);
	else if (done == 0)
		job_end(job, JOB_COMPLETE, NULL, practice_now(p), p->scenario.seed);
	return done;
}

/* Nothing to do for `ms`: time for what is only saved when there is time. */
static int64_t idle(struct practice *p, int64_t ms)
{
	if (p->data)
		data_rest(p->data, p);
	return ms;
}

void practice_save(struct practice *p)
{
	if (p->data)
		data_save(p->data, p);
}

/* One step of the work; how many ms until the next one is due. */
static int64_t work(struct practice *p)
{
	struct job *job = jobs_next(&p->jobs);
	int64_t due;
	size_t done;

	if (!job)
		return idle(p, LONGEST_SLEEP_MS);
	if (job->state == JOB_UPLOAD_COMPLETE) {
		due = job->closed + p->scenario.start_delay_ms - practice_mono(p);
		if (due > 0)
			return idle(p, due);
		begin_job(p, job);
		job->due = practice_mono(p);
		return 0;
	}
	due = job->due - practice_mono(p);
	if (due > 0)
		return idle(p, due);
	done = work_on(p, job);
	if (p->scenario.rate > 0)
		job->due += (int64_t)((double)done * 1000 / p->scenario.rate);
	return 0;
}

/* Waits for the bell, at most `ms`; false when the org is being closed. */
static bool wait_for_bell(struct practice *p, int64_t ms, uint64_t *heard)
{
	struct timespec until;
	bool go_on;

	if (ms > LONGEST_SLEEP_MS)
		ms = LONGEST_SLEEP_MS;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&p->bell);
	while (ms > 0 && !p->stop && p->rings == *heard)
		if (pthread_cond_timedwait(&p->rung, &p->bell, &until) == ETIMEDOUT)
			break;
	*heard = p->rings;
	go_on = !p->stop;
	pthread_mutex_unlock(&p->bell);
	return go_on;
}

static void *run_worker(void *ctx)
{
	struct practice *p = ctx;
	uint64_t heard = 0;
	int64_t due = 0;

	while (wait_for_bell(p, due, &heard)) {
		practice_take_turn(p);
		due = work(p);
		practice_save(p);
		practice_end_turn(p);
	}
	return NULL;
}

enum err_code practice_start(struct practice *p, struct err *e)
{
	int failed = pthread_create(&p->worker, NULL, run_worker, p);

	if (failed)
		return err_set(e, ERR_INTERNAL, "cannot start the thread that works on jobs: %s",
		               strerror(failed));
	p->working = true;
	return ERR_OK;
}

void practice_close(struct practice *p)
{
	if (p->working) {
		pthread_mutex_lock(&p->bell);
		p->stop = true;
		pthread_cond_signal(&p->rung);
		pthread_mutex_unlock(&p->bell);
		pthread_join(p->worker, NULL);
	}
	if (p->data)
		data_rest(p->data, p);
	data_close(p->data);
	jobs_release(&p->jobs);
	query_jobs_release(&p->queries);
	cursors_release(&p->cursors);
	audit_release(&p->audit);
	sessions_release(&p->sessions);
	scenario_release(&p->scenario);
	org_release(&p->org);
	setup_release(&p->setup);
	schema_release(&p->schema);
	free(p->certificate);
	free(p->tls_certificate);
	free(p->tls_key);
}
