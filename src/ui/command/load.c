#include "ui/command/asked.h"
#include "ui/command/asked_org.h"
#include "ui/command/commands.h"
#include "ui/command/consent.h"
#include "ui/command/foreground.h"
#include "ui/command/rehearse.h"
#include "ui/command/signals.h"

#include <stdio.h>
#include <string.h>

enum { MOST_PAGE = 1024 * 1024 };

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

static void say_costs(struct call *call, struct load *load)
{
	static struct load_cost costs;
	struct buf line;

	load_costs(load, &costs);
	call->costs = &costs;

	buf_init(&line, MOST_PAGE);
	if (load->asked)
		asked_org_say(&line, load);
	asked_keeping(&line, load);
	asked_costs(&line, load);
	if (!call->quiet)
		fputs(buf_text(&line), stderr);
	buf_release(&line);
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
		return asked_fail_findings(call, load);
	asked_say_not_loaded(call, load);
	say_what_api(call, load);
	if (load_api(load, call_ignore()))
		say_costs(call, load);
	if (agree(call, load, &e) != ERR_OK)
		return call_fail(call, &e, NULL);
	if (load_create(load, call->journal, run, &e) == ERR_OK)
		return 0;
	return asked_fail_draft(call, run, &e);
}

/* What Start asks there is not said here. */
static int in_console(struct call *call, const struct load_options *options, struct like *like)
{
	struct err e;
	int status;

	err_init(&e);
	if (strcmp(options->file, "-") == 0)
		err_set(&e, ERR_USAGE, "--console takes a file: standard input is the console's own");
	else if (options->first || options->stop_at.count || options->stop_at.thousandths || options->until_ms)
		err_set(&e, ERR_USAGE,
		        "--console asks on Start how many to begin with and when to stop: leave out --first, "
		        "--stop-at and --until");
	status = e.code == ERR_OK ? console_open(call, options) : call_fail(call, &e, "longshore help load");
	like_release(like);
	return status;
}

int command_load(struct call *call)
{
	static struct load load;
	static struct run run;
	static struct like like;
	enum journal_mode mode = call_option(call, OPTION_REHEARSE) ? JOURNAL_READ : JOURNAL_WRITE;
	struct load_options options;
	struct err e;
	int status;

	err_init(&e);
	if (!call_option(call, OPTION_CONSOLE)) /* which has its own */
		signals_watch();
	if (asked_options(call, &options, &e) != ERR_OK ||
	    asked_like(call, &options, &like, mode, &e) != ERR_OK)
		return call_fail(call, &e, "longshore help load");
	if (call_option(call, OPTION_REHEARSE))
		return rehearse(call, &options);
	if (call_option(call, OPTION_CONSOLE))
		return in_console(call, &options, &like);
	load_init(&load, &options);
	status = prepare(call, &load, &run);
	like_release(&like);
	load_release(&load); /* the engine has its own view of all this */
	if (status)
		return status;
	return foreground_run(call, run.id, NULL);
}
