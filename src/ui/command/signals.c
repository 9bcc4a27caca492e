#include "ui/command/signals.h"

#include <string.h>
#include <unistd.h>

#include "base/err.h"

enum { STATUS_STOPPED = 5 }; /* ERR_STOPPED; err_exit_status() is not for handlers */

static volatile sig_atomic_t stop, hung_up, engine_runs;

static void on_stop(int sig)
{
	(void)sig;
	if (stop >= (engine_runs ? 2 : 1))
		_exit(STATUS_STOPPED);
	stop = stop + 1;
}

static void on_hang_up(int sig)
{
	(void)sig;
	hung_up = 1;
}

void signals_watch(void)
{
	struct sigaction action;

	/* no SA_RESTART: a question at the terminal ends with the signal */
	memset(&action, 0, sizeof action);
	sigemptyset(&action.sa_mask);
	action.sa_handler = on_stop;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	action.sa_handler = on_hang_up;
	sigaction(SIGHUP, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
}

const volatile sig_atomic_t *signals_stop(void)
{
	return &stop;
}

bool signals_hung_up(void)
{
	return hung_up;
}

void signals_engine_runs(bool runs)
{
	engine_runs = runs;
}
