#include "ui/command/foreground.h"

#include "core/engine/engine.h"
#include "ui/command/progress.h"
#include "ui/command/report.h"
#include "ui/command/saved_orgs.h"
#include "ui/command/signals.h"

enum err_code foreground_choice(const struct call *call, int64_t id, struct access_choice *choice,
                                struct err *e)
{
	static struct run run;

	if (saved_orgs_choice(call, choice, e) != ERR_OK || run_get(call->journal, id, &run, e) != ERR_OK)
		return e->code;
	if (!choice->config && !choice->org && !run.config[0])
		choice->org = run.saved_org;
	return saved_orgs_ready(choice, e);
}

enum err_code foreground_engine(const struct call *call, int64_t run, const char *file, bool retry,
                                struct err *e)
{
	struct access_choice choice;
	struct progress progress;
	struct engine_options options = {
		.clock = &clock_real,
		.config = call_option(call, OPTION_CONFIG),
		.org = call_option(call, OPTION_ORG),
		.file = file,
		.retry = retry,
		.stop = signals_stop(),
		.tell = progress_tell,
		.tell_ctx = &progress,
		.ready = -1,
	};

	if (foreground_choice(call, run, &choice, e) != ERR_OK)
		return e->code;
	progress_init(&progress, call);
	progress_skip_log(&progress, run);
	signals_engine_runs(true);
	engine_run(call->journal, run, &options, e);
	signals_engine_runs(false);
	progress_end(&progress);
	return e->code;
}

int foreground_run(const struct call *call, int64_t run, const char *file)
{
	struct err e;

	err_init(&e);
	foreground_engine(call, run, file, false, &e);
	return report_end(call, run, &e);
}
