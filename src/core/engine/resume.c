#include "core/engine/resume.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/paths.h"
#include "base/user.h"
#include "core/engine/bounds.h"

enum { PAGE = 100 };

static enum err_code hold(struct engine *en, int64_t run)
{
	struct err *e = &en->error;

	if (run_get(en->j, run, &en->run, e) != ERR_OK || run_hold(en->j, en->run.id, &en->lock, e) != ERR_OK)
		return e->code;
	/* what another engine did meanwhile */
	if (run_get(en->j, en->run.id, &en->run, e) != ERR_OK)
		return e->code;
	if (run_calls_open(&en->calls, en->j, &en->run, e) != ERR_OK)
		return e->code;
	return order_tenure(en->j, en->run.id, e);
}

static bool at_work(const struct engine *en)
{
	return en->run.state == RUN_RUNNING || en->run.state == RUN_WAITING;
}

/* What the run has to do apart from an order to retry. Nobody begins a draft (load_run.c), and an engine for a retry leaves a run that
 * is not at work as it is. */
static bool has_rest(const struct engine *en)
{
	if (en->run.state == RUN_DRAFT || (en->options->retry && !at_work(en)))
		return false;
	return run_pending(&en->run.counts) > 0 || en->run.counts.in_doubt > 0 ||
	       !run_state_ended(en->run.state);
}

static bool begins_only_retries(const struct engine *en)
{
	return engine_only_retries(en) || (en->options->retry && !at_work(en));
}

/* With ours, or with those the run was made with. */
static void fill_options(struct engine *en, struct load_options *options)
{
	const struct run *run = &en->run;
	struct source_options reading = { 0 };
	bool ours = en->options->config || en->options->org;

	source_reading_of(run->reading, &reading, &en->error);
	reading.delimiter = run->delimiter;
	*options = (struct load_options){
		.file = en->options->file ? en->options->file : run->file,
		.config = ours ? en->options->config : run->config,
		.org = ours ? en->options->org : run->saved_org,
		.object = run->object,
		.action = run->action,
		.external_id = run->external_id,
		.reading = reading,
		.allow_failures = run->allow_failures,
		.skip_invalid = run->skip_invalid,
		.api_version = run->api_version,
		.run = run->id,
		.calls = run_calls_count(en->calls),
	};
}

static enum err_code sign_in(struct engine *en)
{
	const struct org_identity *id;
	const char *notice;

	if (load_sign_in(&en->load, &en->error) != ERR_OK)
		return en->error.code;
	id = org_identity(en->load.org);
	if (strcmp(id->org_id, en->run.org_id) != 0)
		return err_set(
			&en->error, ERR_REFUSED,
			"run %lld belongs to the org %s (%s), but this sign-in is to %s (%s): sign in to the "
			"first one and resume",
			(long long)en->run.id, en->run.org_name, en->run.org_id, id->org_name, id->org_id);
	if (access_may_write(id->org_id, &en->error) != ERR_OK)
		return en->error.code;
	if (strcmp(id->user_id, en->run.user_id) != 0)
		run_log(en->j, en->run.id, &en->error, "signed in as %s; %s began it", id->username,
		        en->run.username);
	notice = org_notice(en->load.org);
	if (notice)
		run_log(en->j, en->run.id, &en->error, "%s", notice);
	return en->error.code;
}

/* The source must be the one that was checked: same bytes, whatever its path. */
static enum err_code open_source(struct engine *en, bool *gone, struct err *e)
{
	if (run_source_same(&en->run, en->load.options.file, gone, e) != ERR_OK)
		return e->code;
	if (load_open(&en->load, journal_state(en->j), e) != ERR_OK ||
	    source_open_again(&en->sender, en->load.source, e) != ERR_OK)
		return e->code;
	if (en->options->file)
		return run_set_file(en->j, en->run.id, source_shape(en->load.source)->path, e);
	return ERR_OK;
}

/* The file is gone, and all that is to be sent are records whose text may have been kept. */
static bool open_kept(struct engine *en)
{
	struct err e;

	err_init(&e);
	return !en->options->file && !en->needs_file &&
	       run_source_kept(&en->load.source, &en->kept, en->j, &en->run, &e) == ERR_OK &&
	       source_open_again(&en->sender, en->load.source, &e) == ERR_OK;
}

/* For an undo that deletes as well. */
static enum err_code make_delete_plan(struct engine *en, struct err *e)
{
	struct mapping_request request = en->load.request;
	struct plan_request plan = { .object = en->load.object, .action = ACTION_DELETE };

	if (!en->run.delete_from)
		return ERR_OK;
	request.action = ACTION_DELETE;
	request.map_json = (struct slice){ 0 };
	if (mapping_new(&en->delete_mapping, &request, e) != ERR_OK)
		return e->code;
	plan.mapping = en->delete_mapping;
	return plan_new(&en->delete_plan, &plan, e);
}

static bool undo_deletes(const struct engine *en)
{
	return en->run.undo_of && (en->run.delete_from || action_deletes(en->action));
}

static enum err_code make_plan(struct engine *en, struct err *e)
{
	if (load_describe(&en->load, e) != ERR_OK || load_map(&en->load, e) != ERR_OK ||
	    (undo_deletes(en) && load_children(&en->load, e) != ERR_OK) || make_delete_plan(en, e) != ERR_OK)
		return err_add(e, "the plan of run %lld cannot be made again", (long long)en->run.id);
	if (en->run.order_hash[0] && ordering_open(&en->order, journal_state(en->j), en->run.order_hash,
	                                           en->run.counts.records, e) != ERR_OK)
		return e->code;
	barred_use(&en->barred, en->load.plan, en->j, en->run.id, en->run.same_key);
	en->has_source = true;
	return retry_use_edits(en) == ERR_OK ? ERR_OK : err_set(e, en->error.code, "%s", en->error.text);
}

/* Its records are, or may have to be, read from the source once more. */
static bool is_sent_yet(const struct engine *en, const struct flight *f)
{
	if (f->state == CHUNK_PLANNED)
		return f->chunk.retry || !begins_only_retries(en);
	return f->state == CHUNK_BUILDING || f->state == CHUNK_DISCARDING || f->state == CHUNK_SENDING;
}

static enum err_code take_chunks(struct engine *en)
{
	struct chunk page[PAGE];
	int after = 0, n;

	do {
		n = chunk_page(en->j, en->run.id, after, false, page, PAGE, &en->error);
		for (int i = 0; i < n; i++) {
			after = page[i].no;
			en->chunks += !page[i].listed || strcmp(page[i].why, LIST_ORDERED) == 0;
			if (strcmp(page[i].state, chunk_state_name(CHUNK_SETTLED)) == 0)
				continue;
			if (!engine_add_flight(en, &page[i]))
				return err_memory(&en->error, "a chunk");
			if (is_sent_yet(en, en->flights[en->flight_count - 1])) {
				en->needs_source = true;
				en->needs_file = en->needs_file || !page[i].retry;
			}
		}
	} while (n == PAGE);
	return en->error.code;
}

/* Without its source a run can still collect what is in the org: the reason is told at the end. */
static enum err_code take_source(struct engine *en)
{
	bool gone = false;
	struct err e;

	err_init(&e);
	if (en->run.cut_record < en->run.counts.records && !begins_only_retries(en))
		en->needs_source = en->needs_file = true;
	if (open_source(en, &gone, &e) == ERR_OK || (gone && open_kept(en))) {
		err_init(&e);
		if (make_plan(en, &e) == ERR_OK)
			return ERR_OK;
	}
	en->no_source = e;
	if (e.code != ERR_FILE ? en->needs_source || en->options->retry
	                       : en->needs_source && en->flight_count == 0)
		return err_set(&en->error, e.code, "%s", e.text);
	if (en->needs_source) {
		run_log(en->j, en->run.id, &en->error, "%s", e.text);
		en->cause = e;
		engine_stop(en, END_REFUSED, e.text);
	}
	return en->error.code;
}

static enum err_code read_layout(struct engine *en)
{
	struct buf plan, layout;

	buf_init(&plan, 4 * 1024 * 1024);
	buf_init(&layout, 4 * 1024 * 1024);
	if (run_plan(en->j, en->run.id, &plan, &layout, &en->error) == ERR_OK) {
		layout_read(&en->layout, buf_slice(&layout), &en->error);
		buf_add_slice(&en->load.map_json, buf_slice(&plan));
	}
	buf_release(&plan);
	buf_release(&layout);
	return en->error.code;
}

static void set_running(struct engine *en)
{
	char log[128], user[64];

	user_name(getuid(), user, sizeof user);
	snprintf(log, sizeof log, "%s by %s", en->run.started_ms ? "resumed" : "started", user);
	if (run_set_state(en->j, en->run.id, RUN_RUNNING, "", 0, log, &en->error) == ERR_OK)
		run_get(en->j, en->run.id, &en->run, &en->error);
}

void resume_begin(struct engine *en, int64_t run)
{
	struct load_options options;

	if (hold(en, run) != ERR_OK || !(retry_waits(en) || has_rest(en)))
		return;
	action_of(en->run.action, &en->action);
	fill_options(en, &options);
	load_init(&en->load, &options);
	if (read_layout(en) != ERR_OK || sign_in(en) != ERR_OK || take_chunks(en) != ERR_OK ||
	    take_source(en) != ERR_OK || doubts_ask(en, begins_only_retries(en)) != ERR_OK)
		return;
	en->failed_before = en->run.counts.failed;
	if (!begins_only_retries(en) && bounds_resume(&en->run, en->flight_count, clock_utc(en->clock)) &&
	    run_set_stops(en->j, en->run.id, en->run.first_records, en->run.until_ms, &en->error) != ERR_OK)
		return;
	if (!en->options->retry || at_work(en))
		set_running(en);
	if (en->error.code == ERR_OK)
		retry_obey_all(en);
	if (en->error.code != ERR_OK || en->dead || en->run.state != RUN_RUNNING)
		return;
	heard_begin(en);
	for (size_t i = 0; i < en->flight_count; i++)
		flight_resume(en->flights[i]);
}
