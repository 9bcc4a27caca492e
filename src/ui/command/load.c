#include "ui/command/asked.h"
#include "ui/command/commands.h"
#include "ui/command/consent.h"
#include "ui/command/foreground.h"
#include "ui/command/signals.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MOST_PAGE = 1024 * 1024 };

/* The check found what must fail: the list, and nothing is sent. */
static int fail_findings(const struct call *call, const struct load *load)
{
	struct err e;
	struct buf page, next;
	struct json json;
	int status;

	err_init(&e);
	status = err_exit_status(asked_error(load, &e));
	buf_init(&page, MOST_PAGE);
	buf_init(&next, MOST_PAGE);
	asked_findings(&page, load);
	asked_without_invalid(&next, call);
	buf_add_text(&page, "longshore: ");
	call_show(&page, e.text);
	fprintf(stderr, "%s\nNext: %s\n", buf_text(&page), buf_text(&next));
	if (call->json) {
		json_init(&json);
		json_begin(&json, NULL, '{');
		asked_members(&json, load);
		json_put_number(&json, "exit", status);
		json_put_text(&json, "error", e.text);
		json_put_text(&json, "next", buf_text(&next));
		json_end(&json);
		status = call_print(&json.out, status);
		json_release(&json);
	}
	buf_release(&page);
	buf_release(&next);
	return status;
}

/* The journal holds this content: the next step is to look at that run. */
static int fail_loaded(const struct call *call, const struct run *run, const struct err *e)
{
	char next[64];
	int64_t id = 0;

	if (run_same(call->journal, run, &id, call_ignore()) != ERR_OK || id == 0)
		return call_fail(call, e, NULL);
	snprintf(next, sizeof next, "longshore show %" PRId64, id);
	return call_fail(call, e, next);
}

static void say_not_loaded(const struct call *call, const struct load *load)
{
	struct buf page;

	buf_init(&page, MOST_PAGE);
	asked_source(&page, load);
	asked_not_loaded(&page, load);
	if (!call->quiet)
		fputs(buf_text(&page), stderr);
	buf_release(&page);
}

/* Only an upload to Bulk API can be called back until it is told to begin. */
static void say_what_api(const struct call *call, const struct load *load)
{
	const char *api = load_api(load, call_ignore());

	if (!call->quiet && load->action == ACTION_INSERT && api && strcmp(api, "collections") == 0)
		fputs("inserts through collections: where an answer is lost, records without a unique key stay "
		      "in "
		      "doubt\n",
		      stderr);
}

static enum err_code agree(const struct call *call, const struct load *load, struct err *e)
{
	const struct org_identity *who = org_identity(load->org);
	struct consent consent = {
		.production = who->kind == ORG_PRODUCTION,
		.org_name = who->org_name,
		.object = load->object->name,
		.action = action_name(load->action),
		.deletes = action_deletes(load->action),
		.records = load->check.passed,
	};

	return consent_start(call, &consent, e);
}

/* Everything up to a run that may start: 0, or the exit status with everything said. */
static int prepare(struct call *call, struct load *load, struct run *run)
{
	struct progress progress;
	struct err e;

	err_init(&e);
	progress_init(&progress, call);
	if (call_journal(call, JOURNAL_WRITE, &e) != ERR_OK || asked_check(call, load, &progress, &e) != ERR_OK)
		return call_fail(call, &e, NULL);
	if (load->check.failing && !load->options.skip_invalid)
		return fail_findings(call, load);
	say_not_loaded(call, load);
	say_what_api(call, load);
	if (agree(call, load, &e) != ERR_OK)
		return call_fail(call, &e, NULL);
	if (load_create(load, call->journal, run, &e) == ERR_OK)
		return 0;
	return e.code == ERR_LOADED ? fail_loaded(call, run, &e) : call_fail(call, &e, NULL);
}

int command_load(struct call *call)
{
	static struct load load;
	static struct run run;
	struct load_options options;
	struct err e;
	int status;

	err_init(&e);
	signals_watch();
	if (asked_options(call, &options, &e) != ERR_OK)
		return call_fail(call, &e, "longshore help load");
	load_init(&load, &options);
	status = prepare(call, &load, &run);
	load_release(&load); /* the engine has its own view of all this */
	if (status)
		return status;
	return foreground_run(call, run.id, NULL);
}
