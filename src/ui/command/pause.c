/* pause.c - pause and cancel: an order to the engine that holds the run, or, where none does, the work itself. */
#include "ui/command/commands.h"
#include "ui/command/foreground.h"
#include "ui/command/order_wait.h"
#include "ui/command/report.h"
#include "ui/command/signals.h"

#include <inttypes.h>
#include <string.h>

#include "core/engine/detach.h"
#include "store/chunks.h"
#include "store/orders.h"

static bool is_under_way(struct journal *j, const struct run *run)
{
	enum run_state state = run_state_now(j, run);

	return state == RUN_RUNNING || state == RUN_WAITING;
}

static bool may_be_cancelled(struct journal *j, const struct run *run)
{
	return !run_state_ended(run_state_now(j, run));
}

/* Are any of its records in the org's hands, so that only an engine can end it? */
static bool org_has_some(const struct call *call, int64_t run)
{
	struct chunk chunks[16];
	int after = 0, n;

	do {
		n = chunk_page(call->journal, run, after, true, chunks, 16, call_ignore());
		for (int i = 0; i < n; i++)
			if (strcmp(chunks[i].state, "planned") != 0)
				return true;
		if (n > 0)
			after = chunks[n - 1].no;
	} while (n == 16);
	return false;
}

/* Without an engine: the run is taken, and its state set. */
static enum err_code set_state(const struct call *call, int64_t run, enum order_kind kind, struct err *e)
{
	bool cancel = kind == ORDER_CANCEL;
	struct run_lock *lock;

	if (run_hold(call->journal, run, &lock, e) != ERR_OK)
		return e->code;
	run_set_state(call->journal, run, cancel ? RUN_CANCELLED : RUN_PAUSED,
	              cancel ? "cancelled by the operator" : "paused by the operator", 0,
	              cancel ? "cancelled by the operator; no engine was at work"
	                     : "paused by the operator; no engine was at work",
	              e);
	run_unlock(lock);
	return e->code;
}

static enum err_code give(const struct call *call, int64_t run, enum order_kind kind, struct err *e)
{
	struct access_choice choice;
	bool gone = true;
	int64_t id;

	if (!run_held(call->journal, run)) {
		if (kind == ORDER_PAUSE || !org_has_some(call, run))
			return set_state(call, run, kind, e);
		/* jobs are to be aborted, and what they wrote counted: that is an engine's work */
		if (foreground_choice(call, run, &choice, e) != ERR_OK ||
		    detach_engine(call->journal, run, &choice, e) != ERR_OK)
			return e->code;
	}
	if (order_add(call->journal, run, kind, &id, e) != ERR_OK ||
	    order_wait(call, run, id, &gone, e) != ERR_OK)
		return e->code;
	return gone ? set_state(call, run, kind, e) : ERR_OK;
}

static int order(struct call *call, enum order_kind kind, run_fits *fits)
{
	static struct run run;
	struct err e;

	err_init(&e);
	signals_watch();
	if (call_journal(call, JOURNAL_WRITE, &e) != ERR_OK || call_run(call, fits, &run, &e) != ERR_OK)
		return call_fail(call, &e, NULL);
	if (run_state_ended(run.state) && run.state != RUN_HALTED) {
		err_set(&e, ERR_USAGE, "run %" PRId64 " is %s already", run.id, run_state_name(run.state));
		return call_fail(call, &e, NULL);
	}
	if (kind != ORDER_CANCEL && run.state == RUN_PAUSED)
		return order_say_state(call, run.id);
	if (give(call, run.id, kind, &e) != ERR_OK)
		return call_fail(call, &e, NULL);
	return order_say_state(call, run.id);
}

int command_pause(struct call *call)
{
	return order(call, call_option(call, OPTION_NOW) ? ORDER_PAUSE_NOW : ORDER_PAUSE, is_under_way);
}

int command_cancel(struct call *call)
{
	return order(call, ORDER_CANCEL, may_be_cancelled);
}
