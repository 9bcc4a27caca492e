/*
 * engine.h - a run becomes outcomes: the process that sends, settles and remembers.
 *
 * engine_run() holds the run's lock, takes up what an earlier engine left, cuts chunks, keeps the org busy, collects, and
 * obeys orders, until the run ends, halts, is paused, or is told to stop. It talks only through the journal. Whatever
 * kills it, the next engine_run() goes on (chunk_state.h).
 */
#ifndef LONGSHORE_ENGINE_ENGINE_H
#define LONGSHORE_ENGINE_ENGINE_H

#include <signal.h>
#include <stdbool.h>

#include "base/clock.h"
#include "core/org/org.h"
#include "store/runs.h"

struct engine_options {
	const struct clock *clock;
	/* what to sign in with: a file of settings, or a saved org; both NULL: what the run was made with */
	const char *config, *org;
	const char *file; /* the source has moved; NULL: where the run says */
	bool retry; /* carry out open orders to retry (retry_order.h), and begin nothing else that was not begun */
	/* 0 go on; 1: start nothing new, end requests in flight within 10 s; 2: at once. Set by a signal handler. */
	const volatile sig_atomic_t *stop;
	/* Called at every change of the counters and once a second; for progress on standard error. May be NULL. */
	void (*tell)(void *ctx, const struct run *run);
	void *tell_ctx;
	/* A descriptor that gets one byte when the run begins: 0, or, when it cannot, an err_code with the sentence behind it.
	 * Then it is closed. -1: none. */
	int ready;
};

/* Returns ERR_OK when the run has an end or a pause that the journal tells (look at run_get()), else why it stopped:
 * ERR_HELD another engine works on it · ERR_FILE the source is gone or changed · ERR_REFUSED another org, or no sign-in ·
 * ERR_UNREACHABLE · ERR_STOPPED by a signal · ERR_JOURNAL. The journal stays sound in every case. */
enum err_code engine_run(struct journal *j, int64_t run, const struct engine_options *options, struct err *e);

/* The exit status of a run as it stands now (cli.md): 0, 4, 5 or 6. */
int engine_exit_status(struct journal *j, const struct run *run);

#endif
