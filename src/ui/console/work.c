#include "ui/console/work.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/engine/detach.h"
#include "core/engine/retry_order.h"
#include "core/source/source.h"
#include "store/chunks.h"
#include "store/orders.h"
#include "ui/console/child.h"
#include "ui/console/org_work.h"

enum { LAST_WAIT_MS = 5000 };

struct job {
	pthread_mutex_t lock; /* over done and abandoned */
	bool done, abandoned;
	struct work_result result;
	struct draft *draft;
	struct draft_progress progress;
	int tell; /* a descriptor of its own */
	char state[WIZARD_PATH], journal[WIZARD_PATH];
	char which[48], path[WIZARD_PATH]; /* of an export; the hash and the file of a digest */
	struct again *again;               /* owned, or NULL */
	struct edit_wish *edit;            /* likewise */
	char config[WIZARD_PATH], org[48];
	struct settings settings; /* owned */
};

struct work {
	int ends[2];
	struct job *job; /* NULL: nothing is under way */
	char state[WIZARD_PATH], journal[WIZARD_PATH];
};

enum err_code work_open(struct work **opened, const char *state, const char *journal, struct err *e)
{
	struct work *work = calloc(1, sizeof *work);

	if (!work)
		return err_memory(e, "the background");
	snprintf(work->state, sizeof work->state, "%s", state);
	snprintf(work->journal, sizeof work->journal, "%s", journal ? journal : "");
	if (pipe2(work->ends, O_CLOEXEC | O_NONBLOCK) != 0) {
		free(work);
		return err_set(e, ERR_INTERNAL, "cannot work in the background: %s", strerror(errno));
	}
	*opened = work;
	return ERR_OK;
}

static void free_job(struct job *job)
{
	close(job->tell);
	pthread_mutex_destroy(&job->lock);
	free(job->again);
	free(job->edit);
	edit_step_free(job->result.step);
	undo_look_free(job->result.undo);
	settings_release(&job->settings);
	free(job);
}

/* Are any of its records in the org's hands, so that only an engine can end it? */
static bool org_has_some(struct journal *j, int64_t run, struct err *e)
{
	struct chunk chunks[16];
	int after = 0, n;

	do {
		n = chunk_page(j, run, after, true, chunks, 16, e);
		for (int i = 0; i < n; i++)
			if (strcmp(chunks[i].state, "planned") != 0)
				return true;
		if (n > 0)
			after = chunks[n - 1].no;
	} while (n == 16);
	return false;
}

/* A run without an engine: where jobs must be aborted an engine is started for that, else the run is taken and ended. */
static enum err_code cancel(struct journal *j, int64_t run, struct err *e)
{
	struct run_lock *lock;
	int64_t id;

	if (org_has_some(j, run, e)) {
		if (detach_engine(j, run, NULL, e) != ERR_OK)
			return e->code;
		return order_add(j, run, ORDER_CANCEL, &id, e);
	}
	if (run_hold(j, run, &lock, e) != ERR_OK)
		return e->code;
	run_set_state(j, run, RUN_CANCELLED, "cancelled by the operator", 0,
	              "cancelled by the operator; no engine was at work", e);
	run_unlock(lock);
	return e->code;
}

/* How many records the wishes mean. */
static void pick(struct journal *j, struct job *job, struct err *e)
{
	for (int i = 0; i < again_wishes(job->again) && e->code == ERR_OK; i++) {
		struct chunk_item *items = NULL;
		struct retry_wish wish;
		size_t count = 0;

		again_wish(job->again, i, &wish);
		if (retry_pick(j, job->result.run, &wish, &items, &count, e) == ERR_OK)
			job->result.count += (int64_t)count;
		free(items);
	}
}

static void retry(struct journal *j, struct job *job, struct err *e)
{
	for (int i = 0; i < again_wishes(job->again) && e->code == ERR_OK; i++) {
		struct access_choice choice = { job->config, job->org };
		struct retry_wish wish;
		int64_t order;

		again_wish(job->again, i, &wish);
		retry_start(j, job->result.run, &wish, &choice, &order, e);
	}
}

/* What was wished for is done, and can be taken back. */
static void edit(struct journal *j, struct job *job, struct err *e)
{
	if (edit_step_of(&job->result.step, j, job->edit, e) == ERR_OK)
		edit_step_do(j, job->result.step, false, e);
}

static void for_review(struct journal *j, struct job *job, struct err *e)
{
	struct work_result *result = &job->result;

	if (result->kind == WORK_REACH)
		edit_count(j, job->edit, &job->progress.stop, &result->found, e);
	else if (result->kind == WORK_EDITOR_FILE)
		edit_file_write(j, job->again, job->path, &result->count, e);
	else if (result->kind == WORK_EDITED_FILE)
		edit_step_of_file(&result->step, j, result->run, job->path, e);
	else if (result->kind == WORK_EDIT)
		edit(j, job, e);
	else if (result->kind == WORK_STEP)
		edit_step_do(j, result->step, result->back, e);
	else if (result->kind == WORK_LEAVE_OUT)
		edit_leave_out(j, job->again, job->path, &result->count, e);
}

/* The look is used up, whatever comes of it. */
static void take_back(struct job *job, struct journal *j, struct err *e)
{
	undo_begin(job->result.undo, j, &job->result.run, e);
	undo_look_free(job->result.undo);
	job->result.undo = NULL;
}

static void with_journal(struct job *job, struct err *e)
{
	struct access_choice choice = { job->config, job->org };
	struct journal *j;

	if (journal_open(&j, job->state, job->journal[0] ? job->journal : NULL, JOURNAL_WRITE, &clock_real,
	                 e) != ERR_OK)
		return;
	if (job->result.kind == WORK_BEGIN)
		draft_begin(job->draft, j, &job->result.run, &job->result.way, e);
	else if (job->result.kind == WORK_GO_ON)
		detach_engine(j, job->result.run, &choice, e);
	else if (job->result.kind == WORK_UNDO_LOOK)
		undo_look(&job->result.undo, j, job->result.run, &choice, &job->progress.stop, e);
	else if (job->result.kind == WORK_UNDO)
		take_back(job, j, e);
	else if (job->result.kind == WORK_PICK)
		pick(j, job, e);
	else if (job->result.kind == WORK_RETRY)
		retry(j, job, e);
	else if (job->result.kind == WORK_CANCEL)
		cancel(j, job->result.run, e);
	else
		for_review(j, job, e);
	journal_close(j);
}

static void export_records(struct job *job, struct err *e)
{
	char number[24];
	const char *args[16] = { "longshore", "export",  number,    "--which", job->which,
		                 "-o",        job->path, "--state", job->state };

	snprintf(number, sizeof number, "%lld", (long long)job->result.run);
	if (job->journal[0]) {
		args[9] = "--journal";
		args[10] = job->journal;
	}
	child_run(args, &job->progress.stop, job->result.said, sizeof job->result.said, e);
}

/* Is the content of the file at `path` what the run (its hash in `which`) was made from? */
static void digest(struct job *job)
{
	char hash[HASH_TEXT];
	struct err e;
	int64_t size;

	err_init(&e);
	if (access(job->path, F_OK) != 0)
		job->result.file = GO_ON_GONE;
	else if (source_digest(job->path, hash, &size, &e) != ERR_OK)
		job->result.file = GO_ON_UNKNOWN;
	else
		job->result.file = strcmp(hash, job->which) == 0 ? GO_ON_SAME : GO_ON_CHANGED;
}

static void do_job(struct job *job)
{
	struct err *e = &job->result.e;

	switch (job->result.kind) {
	case WORK_SIGN_IN:
		draft_sign_in(job->draft, job->state, e);
		break;
	case WORK_DESCRIBE:
		draft_describe(job->draft, e);
		break;
	case WORK_TAKE_SAVED:
		draft_take_saved(job->draft, e);
		break;
	case WORK_CHECK:
		draft_check(job->draft, &job->progress, e);
		break;
	case WORK_GROUP:
	case WORK_FIXES:
		draft_group(job->draft, job->result.kind == WORK_FIXES ? FIX_EXAMPLES : GROUP_MOST,
		            &job->progress, e);
		break;
	case WORK_RUNS_ON:
		draft_runs_on(job->draft, &job->progress, e);
		break;
	case WORK_ASK_ORG:
		draft_ask_org(job->draft, &job->progress, e);
		break;
	case WORK_EXPORT:
		export_records(job, e);
		break;
	case WORK_DIGEST:
		digest(job);
		break;
	case WORK_ORG_TEST:
		org_work_test(job->which, &job->result.limits, e);
		break;
	case WORK_ORG_ADD:
		org_work_add(job->which, &job->settings, &job->result.limits, job->result.said,
		             sizeof job->result.said, e);
		break;
	default:
		with_journal(job, e);
	}
}

static void *run_job(void *ctx)
{
	struct job *job = ctx;
	bool abandoned;
	ssize_t told;

	do_job(job);
	pthread_mutex_lock(&job->lock);
	job->done = true;
	abandoned = job->abandoned;
	told = abandoned ? 0 : write(job->tell, "", 1);
	pthread_mutex_unlock(&job->lock);
	(void)told; /* a full pipe is readable all the same */
	if (abandoned) {
		draft_free(job->draft);
		free_job(job);
	}
	return NULL;
}

static bool start_thread(struct job *job)
{
	pthread_attr_t attributes;
	pthread_t thread;
	sigset_t all, before;
	bool started;

	/* signals are the loop's */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	started = pthread_create(&thread, &attributes, run_job, job) == 0;
	pthread_attr_destroy(&attributes);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return started;
}

enum err_code work_begin(struct work *work, const struct work_call *call, struct err *e)
{
	struct job *job = calloc(1, sizeof *job);

	if (!job) {
		edit_step_free(call->step);
		undo_look_free(call->undo);
		return err_memory(e, "the background");
	}
	pthread_mutex_init(&job->lock, NULL);
	err_init(&job->result.e);
	job->result.kind = call->kind;
	job->result.run = call->run;
	job->draft = call->draft;
	snprintf(job->which, sizeof job->which, "%s", call->which ? call->which : "");
	snprintf(job->path, sizeof job->path, "%s", call->path ? call->path : "");
	snprintf(job->config, sizeof job->config, "%s", call->with.config ? call->with.config : "");
	snprintf(job->org, sizeof job->org, "%s", call->with.org ? call->with.org : "");
	job->result.step = call->step;
	job->result.undo = call->undo;
	job->result.again_step = call->again_step;
	job->result.back = call->back;
	job->again = call->again ? malloc(sizeof *job->again) : NULL;
	if (job->again)
		*job->again = *call->again;
	job->edit = call->edit ? malloc(sizeof *job->edit) : NULL;
	if (job->edit)
		*job->edit = *call->edit;
	if (call->settings) {
		job->settings = *call->settings;
		*call->settings = (struct settings){ 0 };
	}
	snprintf(job->result.name, sizeof job->result.name, "%s", job->which);
	job->result.limits = LIMITS_UNKNOWN;
	memcpy(job->state, work->state, sizeof job->state);
	memcpy(job->journal, work->journal, sizeof job->journal);
	job->tell = fcntl(work->ends[1], F_DUPFD_CLOEXEC, 0);
	if ((call->again && !job->again) || (call->edit && !job->edit)) {
		free_job(job);
		return err_memory(e, "the background");
	}
	if (job->tell < 0 || !start_thread(job)) {
		free_job(job);
		return err_set(e, ERR_INTERNAL, "cannot work in the background: %s", strerror(errno));
	}
	work->job = job;
	return ERR_OK;
}

bool work_edits(enum work_kind kind)
{
	return (kind >= WORK_REACH && kind <= WORK_EDITED_FILE) || kind >= WORK_EDIT;
}

int work_fd(const struct work *work)
{
	return work->ends[0];
}

bool work_busy(const struct work *work)
{
	return work->job != NULL;
}

bool work_has_draft(const struct work *work)
{
	return work->job && work->job->draft;
}

enum work_kind work_kind(const struct work *work)
{
	return work->job->result.kind;
}

void work_progress(const struct work *work, int64_t *offset, int64_t *size)
{
	*offset = atomic_load(&work->job->progress.offset);
	*size = atomic_load(&work->job->progress.size);
}

static bool is_done(struct work *work)
{
	bool done;

	pthread_mutex_lock(&work->job->lock);
	done = work->job->done;
	pthread_mutex_unlock(&work->job->lock);
	return done;
}

/* Waits until the job is done; what it told is read. */
static bool wait_for(struct work *work, int ms)
{
	struct pollfd end = { .fd = work->ends[0], .events = POLLIN };

	return is_done(work) || (poll(&end, 1, ms) > 0 && is_done(work));
}

static void forget(struct work *work)
{
	char bytes[16];

	while (read(work->ends[0], bytes, sizeof bytes) > 0)
		continue;
	free_job(work->job);
	work->job = NULL;
}

bool work_abandon(struct work *work)
{
	struct job *job = work->job;
	bool done;

	if (!job)
		return false;
	atomic_store(&job->progress.stop, true);
	if (job->result.kind >= WORK_CHECK && job->result.kind <= WORK_ASK_ORG &&
	    wait_for(work, LAST_WAIT_MS)) {
		forget(work);
		return true;
	}
	pthread_mutex_lock(&job->lock);
	job->abandoned = true;
	done = job->done;
	pthread_mutex_unlock(&job->lock);
	if (done) {
		draft_free(job->draft);
		forget(work);
	}
	work->job = NULL;
	return false;
}

bool work_take(struct work *work, struct work_result *result)
{
	if (!work->job || !is_done(work))
		return false;
	*result = work->job->result;
	work->job->result.step = NULL;
	work->job->result.undo = NULL;
	forget(work);
	return true;
}

bool work_close(struct work *work)
{
	bool lent;

	if (!work)
		return false;
	if (work->job && work->job->result.kind >= WORK_BEGIN)
		wait_for(work, LAST_WAIT_MS);
	lent = work_has_draft(work);
	lent = !work_abandon(work) && lent;
	close(work->ends[0]);
	close(work->ends[1]);
	free(work);
	return lent;
}
