#include "ui/command/commands.h"
#include "ui/command/consent.h"
#include "ui/command/foreground.h"
#include "ui/command/report.h"
#include "ui/command/signals.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/plan/action.h"

/* Without a number: not one that somebody has cancelled. */
static bool fits(struct journal *j, const struct run *run)
{
	return report_resumable(j, run) && run->state != RUN_CANCELLED;
}

/* A run that has never begun is started here, so what a start asks is asked here. */
static enum err_code agree(const struct call *call, const struct run *run, struct err *e)
{
	struct consent consent = {
		.production = run->production,
		.org_name = run->org_name,
		.object = run->object,
		.action = run->action,
		.records = run->counts.records - run->counts.skipped,
	};
	enum action action;

	if (run->started_ms)
		return consent_take_over(call, run, e);
	consent.deletes = action_of(run->action, &action) && action_deletes(action);
	return consent_start(call, &consent, e);
}

int command_resume(struct call *call)
{
	const char *file = call_option(call, OPTION_FILE);
	static struct run run;
	char moved[PATH_ROOM];
	struct err e;

	err_init(&e);
	signals_watch();
	if (call_journal(call, JOURNAL_WRITE, &e) != ERR_OK || call_run(call, fits, &run, &e) != ERR_OK)
		return call_fail(call, &e, NULL);
	if (run.state == RUN_DRAFT) {
		err_set(&e, ERR_USAGE,
		        "run %lld was not made to its end, and nothing of it was sent: load its file once more",
		        (long long)run.id);
		return call_fail(call, &e, NULL);
	}
	if (file && paths_absolute(file, moved, &e) != ERR_OK)
		return call_fail(call, &e, NULL);
	if (agree(call, &run, &e) != ERR_OK)
		return call_fail(call, &e, NULL);
	return foreground_run(call, run.id, file ? moved : NULL);
}
