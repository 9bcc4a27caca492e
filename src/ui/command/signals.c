#include "ui/command/signals.h"

#include <string.h>
#include <unistd.h>

#include "base/err.h"

enum {
	STATUS_STOPPED = 5, /* ERR_STOPPED; err_exit_status() is not for handlers */
	IN_FLIGHT_S = 12,   /* after the first signal: 10 s for what is in flight, then the engine's own end */
	LAST_WORDS_S = 1,   /* for the engine to leave by itself after the second signal */
};

static volatile sig_atomic_t stop, hung_up, engine_runs;

/* At any moment: the journal is sound whenever the process ends. */
static void on_late(int sig)
{
	(void)sig;
	_exit(STATUS_STOPPED);
}

static void on_stop(int sig)
{
	if (stop >= (engine_runs ? 2 : 1))
		on_late(sig);
	stop = stop + 1;
	alarm(stop == 1 ? IN_FLIGHT_S : LAST_WORDS_S); /* even in a sign-in that waits for its answer */
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
	action.sa_handler = on_late;
	sigaction(SIGALRM, &action, NULL);
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
