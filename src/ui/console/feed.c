#include "ui/console/feed.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "ui/console/chrome.h"
#include "ui/console/feed_records.h"
#include "ui/console/screens/run_orders.h"

enum { RUN_PAGE = 32, CHUNK_PAGE = 32, LOG_PAGE = 64, REVIEW_GROUPS = 500, LOOK_MS = 1000 };

void feed_init(struct feed *feed, struct journal *journal)
{
	struct stat st;

	memset(feed, 0, sizeof *feed);
	feed->journal = journal;
	if (stat(journal_file(journal), &st) == 0) {
		feed->device = st.st_dev;
		feed->inode = st.st_ino;
	}
}

static void tell(struct model *model, const struct err *e)
{
	model_tell(model, STYLE_ERROR, "%s", e->text);
}

/* Newest first, up to `wanted`. Returns how many, -1 with e set. */
static long read_lines(struct journal *j, size_t wanted, struct run_line *lines, struct err *e)
{
	struct run *page = calloc(RUN_PAGE, sizeof *page);
	size_t count = 0;
	int64_t before = 0;
	int n = page ? RUN_PAGE : -1;

	if (!page)
		err_memory(e, "the list of runs");
	while (n == RUN_PAGE && count < wanted) {
		n = run_page(j, before, page, RUN_PAGE, e);
		for (int i = 0; i < n && count < wanted; i++)
			run_line_of(&lines[count++], &page[i], run_state_now(j, &page[i]));
		if (n > 0)
			before = page[n - 1].id;
	}
	free(page);
	return n < 0 ? -1 : (long)count;
}

/* One that was at work when the list was read last, and is not in the new one. */
static void find_ended(struct feed *feed, const struct runs_screen *was, const struct run_line *lines,
                       size_t count)
{
	for (size_t i = 0; i < was->count; i++) {
		if (!run_is_live(was->lines[i].now))
			continue;
		for (size_t k = 0; k < count; k++)
			if (lines[k].id == was->lines[i].id && !run_is_live(lines[k].now))
				run_note(&lines[k], feed->ended, sizeof feed->ended);
	}
}

static void fill_runs(struct feed *feed, struct model *model)
{
	struct runs_screen *runs = &model->runs;
	size_t wanted = runs->wanted ? runs->wanted : 200;
	struct run_line *lines = calloc(wanted + 1, sizeof *lines);
	struct err e;
	long count;

	err_init(&e);
	if (!lines)
		return;
	count = read_lines(feed->journal, wanted, lines, &e);
	if (count < 0) {
		free(lines);
		tell(model, &e);
		return;
	}
	find_ended(feed, runs, lines, (size_t)count);
	runs_take(runs, lines, (size_t)count, (size_t)count == wanted);
}

static void add_job(struct run_screen *screen, const struct chunk *chunk)
{
	if (screen->job_count == RUN_JOBS)
		memmove(screen->jobs, screen->jobs + 1, --screen->job_count * sizeof *screen->jobs);
	screen->jobs[screen->job_count++] = *chunk;
	if (!chunk_in_org(chunk))
		return;
	if (chunk->tries == 0) /* those of a later try are counted as "to try again" until they settle */
		screen->in_org += chunk->records;
	screen->org_done += chunk->tries == 0 ? chunk->job_processed : 0;
	screen->org_failed += chunk->tries == 0 ? chunk->job_failed : 0;
}

/* All chunks behind the last of which everything before is settled; earlier ones never change again. */
static int fill_jobs(struct journal *j, struct run_screen *screen, struct err *e)
{
	struct chunk page[CHUNK_PAGE];
	int after = screen->jobs_settled > RUN_JOBS ? screen->jobs_settled - RUN_JOBS : 0;
	bool settled = true;
	int n;

	screen->job_count = 0;
	screen->in_org = screen->org_done = screen->org_failed = 0;
	do {
		n = chunk_page(j, screen->id, after, false, page, CHUNK_PAGE, e);
		for (int i = 0; i < n; i++) {
			add_job(screen, &page[i]);
			settled = settled && strcmp(page[i].state, "settled") == 0;
			if (settled)
				screen->jobs_settled = page[i].no;
			after = page[i].no;
		}
	} while (n == CHUNK_PAGE);
	return n;
}

/* The newest lines, the newest first. */
static int fill_events(struct journal *j, struct run_screen *screen, struct err *e)
{
	struct run_event page[LOG_PAGE];
	int64_t after = 0;
	int n;

	screen->event_count = 0;
	do {
		n = run_log_page(j, screen->id, after, page, LOG_PAGE, e);
		for (int i = 0; i < n; i++) {
			memmove(screen->events + 1, screen->events, (RUN_EVENTS - 1) * sizeof *screen->events);
			screen->events[0] = page[i];
			screen->event_count += screen->event_count < RUN_EVENTS;
			after = page[i].id;
		}
	} while (n == LOG_PAGE);
	return n;
}

static int fill_groups(struct journal *j, struct run_screen *screen, struct err *e)
{
	if (!screen->groups)
		screen->groups = calloc(RUN_GROUPS, sizeof *screen->groups);
	if (!screen->groups)
		return -1;
	screen->group_count = 0;
	if (screen->run.counts.failed || screen->run.counts.in_doubt)
		screen->group_count = outcome_groups(j, screen->id, screen->groups, RUN_GROUPS, e);
	screen->table.count = screen->group_count > 0 ? (size_t)screen->group_count : 0;
	if (screen->table.cursor >= screen->table.count)
		screen->table.cursor = screen->table.count ? screen->table.count - 1 : 0;
	return screen->group_count;
}

enum err_code feed_read_run(struct journal *j, struct run_screen *screen, struct err *e)
{
	if (fill_jobs(j, screen, e) < 0 || run_get(j, screen->id, &screen->run, e) != ERR_OK ||
	    fill_groups(j, screen, e) < 0 || fill_events(j, screen, e) < 0)
		return e->code;
	screen->reason_count = 0;
	if (screen->run.counts.skipped)
		screen->reason_count = outcome_skipped_by(j, screen->id, screen->reasons, RUN_REASONS, e);
	screen->now = run_state_now(j, &screen->run);
	screen->read = true;
	return ERR_OK;
}

static void fill_run(struct feed *feed, struct model *model)
{
	struct run_screen *screen = &model->run;
	struct err e;

	err_init(&e);
	screen->error[0] = '\0';
	if (feed_read_run(feed->journal, screen, &e) != ERR_OK) {
		snprintf(screen->error, sizeof screen->error, "%s", e.text);
		chrome_sentence(screen->error);
		return;
	}
	run_sample(screen, model->mono_ms);
}

/* The number of the run's last chunk, 0 if there is none: they are dense, so by halving. */
static int last_chunk(struct journal *j, int64_t run, int known, struct err *e)
{
	struct chunk row;
	int low = known, step = 1;

	while (chunk_page(j, run, low + step - 1, false, &row, 1, e) > 0) {
		low = row.no;
		step *= 2;
	}
	for (; step > 1; step /= 2)
		if (chunk_page(j, run, low + step / 2 - 1, false, &row, 1, e) > 0)
			low = row.no;
	return low;
}

static void fill_jobs_list(struct feed *feed, struct model *model, bool moved)
{
	struct jobs_screen *jobs = &model->jobs;
	int first = jobs_wanted(jobs, model->rows);
	struct run *run;
	struct err e;

	err_init(&e);
	if (jobs->read && !moved && first == jobs->first)
		return;
	if (!jobs->read && (run = calloc(1, sizeof *run)) != NULL) {
		if (run_get(feed->journal, jobs->run, run, &e) == ERR_OK)
			memcpy(jobs->instance_url, run->instance_url, sizeof jobs->instance_url);
		jobs->rest = run_is_rest(run);
		free(run);
	}
	jobs->table.count = (size_t)last_chunk(feed->journal, jobs->run, (int)jobs->table.count, &e);
	jobs->first = first;
	jobs->count = chunk_page(feed->journal, jobs->run, first - 1, false, jobs->rows, JOBS_WINDOW, &e);
	jobs->read = true;
	if (e.code != ERR_OK)
		tell(model, &e);
	if (jobs->count < 0)
		jobs->count = 0;
}

static void fill_go_on(struct feed *feed, struct model *model)
{
	struct go_on_screen *go_on = &model->go_on;
	bool first = !go_on->read;
	struct err e;
	int n;

	err_init(&e);
	n = chunk_page(feed->journal, go_on->run, 0, true, go_on->chunks, GO_ON_CHUNKS, &e);
	if (n < 0 || run_get(feed->journal, go_on->run, &go_on->was, &e) != ERR_OK) {
		tell(model, &e);
		return;
	}
	go_on->chunk_count = n;
	go_on->more = n == GO_ON_CHUNKS;
	go_on->now = run_state_now(feed->journal, &go_on->was);
	go_on->read = true;
	go_on->table.count = go_on_rows(go_on);
	if (first)
		model_effect(model, EFFECT_DIGEST)->run = go_on->run;
}

static void fill_details(struct feed *feed, struct model *model)
{
	struct run *run = calloc(1, sizeof *run);
	struct err e;

	err_init(&e);
	model->details.missing = false;
	if (!run)
		return;
	if (run_get(feed->journal, model->details.run, run, &e) == ERR_OK)
		details_of_run(&model->details, run, run_state_now(feed->journal, run));
	else
		tell(model, &e);
	free(run);
}

static void fill_log(struct feed *feed, struct model *model)
{
	struct log_screen *log = &model->log;
	struct run_event page[LOG_PAGE];
	struct err e;
	int n;

	err_init(&e);
	do {
		n = run_log_page(feed->journal, log->run, log->count ? log->events[log->count - 1].id : 0, page,
		                 LOG_PAGE, &e);
		if (n > 0)
			log_add(log, page, (size_t)n);
	} while (n == LOG_PAGE);
	if (n < 0)
		tell(model, &e);
}

static void fill_review(struct feed *feed, struct model *model)
{
	struct outcome_group *groups = calloc(REVIEW_GROUPS, sizeof *groups);
	struct err e;
	int n;

	err_init(&e);
	if (!groups)
		return;
	n = outcome_groups(feed->journal, model->review.run, groups, REVIEW_GROUPS, &e);
	if (n >= 0) {
		review_take(&model->review, groups, (size_t)n);
		return;
	}
	free(groups);
	tell(model, &e);
}

static void fill_records(struct feed *feed, struct model *model, bool moved)
{
	struct err e;

	err_init(&e);
	if (model->records.want == RECORDS_NOTHING && moved)
		model->records.want = RECORDS_SAME;
	if (model->records.want != RECORDS_NOTHING && feed_records(feed->journal, &model->records, &e) < 0)
		tell(model, &e);
}

/* A file that was removed or replaced can still be read and written through what is open, but nobody else sees it. */
static void look_at_file(const struct feed *feed, struct model *model)
{
	const char *file = journal_file(feed->journal);
	struct stat st;
	struct err e;
	bool there = stat(file, &st) == 0 && st.st_dev == feed->device && st.st_ino == feed->inode;

	model->lost[0] = '\0';
	err_init(&e);
	if (there && journal_still_known(feed->journal, &e) != ERR_OK)
		snprintf(model->lost, sizeof model->lost, "%s", chrome_sentence(e.text));
	if (!there && feed->inode)
		snprintf(model->lost, sizeof model->lost,
		         "The journal was taken away or replaced: nothing can be started or stopped from here. "
		         "Put it back, or leave with q: %s",
		         file);
}

/* A lock that was let go of leaves no trace in the journal: look at those of runs that are shown as being at work. */
static void look_at_locks(struct feed *feed, struct model *model)
{
	if (feed->looked_ms && model->mono_ms - feed->looked_ms < LOOK_MS)
		return;
	feed->looked_ms = model->mono_ms;
	look_at_file(feed, model);
	for (size_t i = 0; i < model->runs.count; i++) {
		const struct run_line *line = &model->runs.lines[i];

		if (run_is_live(line->now) || line->now == RUN_INTERRUPTED)
			feed->stale |= run_held(feed->journal, line->id) != run_is_live(line->now);
	}
	if (model->run.read && model->run.now != run_state_now(feed->journal, &model->run.run))
		feed->stale = true;
}

/* Has what the screen on top shows moved since it was filled? */
static bool take_move(struct feed *feed, enum screen_id top, int64_t version)
{
	bool moved = feed->seen[top] != version;

	feed->seen[top] = version;
	return moved;
}

/* The list is kept up to date under other screens, too, once a second: by it one is told when a run ends. */
static bool runs_are_due(struct feed *feed, const struct model *model, int64_t version, bool moved)
{
	const struct runs_screen *runs = &model->runs;
	bool due;

	if (model_top(model) == SCREEN_RUNS)
		due = moved || !runs->read || (runs->more && runs->wanted > runs->count);
	else
		due = feed->seen[SCREEN_RUNS] != version && model->mono_ms - feed->runs_ms >= LOOK_MS;
	if (due) {
		feed->seen[SCREEN_RUNS] = version;
		feed->runs_ms = model->mono_ms;
	}
	return due;
}

void feed_fill(struct feed *feed, struct model *model)
{
	enum screen_id top = model_top(model);
	int64_t version = journal_changes(feed->journal) + 1;
	bool moved;

	look_at_locks(feed, model);
	if (feed->stale)
		memset(feed->seen, 0, sizeof feed->seen);
	feed->stale = false;
	moved = take_move(feed, top, version);
	if (runs_are_due(feed, model, version, moved))
		fill_runs(feed, model);
	if (top == SCREEN_RUN && (moved || !model->run.read))
		fill_run(feed, model);
	if (top == SCREEN_LOG && (moved || !model->log.count))
		fill_log(feed, model);
	if (top == SCREEN_REVIEW && (moved || !model->review.read))
		fill_review(feed, model);
	if (top == SCREEN_JOBS)
		fill_jobs_list(feed, model, moved);
	if (top == SCREEN_GO_ON && (moved || !model->go_on.read))
		fill_go_on(feed, model);
	if (top == SCREEN_DETAILS && model->details.missing)
		fill_details(feed, model);
	if (top == SCREEN_RECORDS && model->records.find.looking)
		feed_find(feed->journal, model);
	if (top == SCREEN_RECORDS)
		fill_records(feed, model, moved);
	feed->hungry = top == SCREEN_RECORDS && model->records.find.looking;
	if (top == SCREEN_RECORD) {
		enum records_want want = model->records.want;

		fill_records(feed, model, false);
		if (want == RECORDS_NEXT || want == RECORDS_BEFORE)
			record_follow(model, want == RECORDS_NEXT);
		if (!model->record.read || moved)
			feed_record(feed->journal, model);
	}
}
