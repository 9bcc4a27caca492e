#include "ui/command/commands.h"
#include "ui/command/signals.h"

#include <unistd.h>

#include "core/engine/access.h"
#include "core/engine/engine.h"

static bool fits(struct journal *j, const struct run *run)
{
	(void)j;
	(void)run;
	return false; /* the number is always given */
}

/* What the process that started this one handed over (detach.h). */
static enum err_code take_key(int fd, struct err *e)
{
	struct vault_key *key = NULL;
	enum err_code rc = vault_key_take(&key, fd, e);

	close(fd);
	if (rc == ERR_OK)
		access_remember(key);
	return rc;
}

static enum err_code take_settings(int fd, struct err *e)
{
	enum err_code rc = settings_receive(fd, e);

	close(fd);
	return rc;
}

/* Nobody reads this process's output: what it has to say stands in the run's row and log. */
int command_engine(struct call *call)
{
	struct engine_options options = {
		.clock = &clock_real,
		.config = call_option(call, OPTION_CONFIG),
		.org = call_option(call, OPTION_ORG),
		.retry = call_option(call, OPTION_RETRY),
		.stop = signals_stop(),
	};
	static struct run run;
	int64_t ready, key, settings;
	struct err e;

	err_init(&e);
	signals_watch();
	if (options_number(&call->words, OPTION_READY_FD, 0, -1, &ready, &e) != ERR_OK ||
	    options_number(&call->words, OPTION_KEY_FD, 0, -1, &key, &e) != ERR_OK ||
	    options_number(&call->words, OPTION_SETTINGS_FD, 0, -1, &settings, &e) != ERR_OK ||
	    (key >= 0 && take_key((int)key, &e) != ERR_OK) ||
	    (settings >= 0 && take_settings((int)settings, &e) != ERR_OK) ||
	    call_journal(call, JOURNAL_WRITE, &e) != ERR_OK || call_run(call, fits, &run, &e) != ERR_OK)
		return call_fail(call, &e, NULL);
	options.ready = (int)ready;
	signals_engine_runs(true);
	if (engine_run(call->journal, run.id, &options, &e) != ERR_OK)
		return call_fail(call, &e, NULL);
	if (run_get(call->journal, run.id, &run, &e) != ERR_OK)
		return call_fail(call, &e, NULL);
	return engine_exit_status(call->journal, &run);
}
