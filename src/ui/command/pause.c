/* pause.c - pause and cancel: an order to the engine that holds the run, or, where none does, the work itself. */
#include "ui/command/commands.h"
#include "ui/command/report.h"
#include "ui/command/signals.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "core/engine/detach.h"
#include "store/chunks.h"
#include "store/orders.h"

enum {
	LOOK_MS = 100,
	TAKEN_MS = 10 * 1000, /* an engine takes an order within 2 s (docs/cli.md) */
	MOST_LINE = 4096,
};

static bool is_under_way(struct journal *j, const struct run *run)
{
	enum run_state state = run_state_now(j, run);

	return state == RUN_RUNNING || state == RUN_WAITING;
}

static bool may_be_cancelled(struct journal *j, const struct run *run)
{
	return !run_state_ended(run_state_now(j, run));
}

static void wait_a_moment(void)
{
	struct timespec moment = { .tv_nsec = LOOK_MS * 1000000L };

	nanosleep(&moment, NULL);
}

/* Waits for the engine's answer to an order. Gone: nobody holds the run any more, and the order is open. */
static enum err_code await_answer(const struct call *call, int64_t run, int64_t id, bool *gone, struct err *e)
{
	int64_t until = clock_mono(&clock_real) + TAKEN_MS;
	struct order order;

	*gone = false;
	for (;;) {
		bool held = run_held(call->journal, run); /* asked first: an engine answers, then lets go */

		if (order_get(call->journal, id, &order, e) != ERR_OK)
			return e->code;
		if (strcmp(order.answer, "done") == 0)
			return ERR_OK;
		if (order.answer[0])
			return err_set(e, ERR_USAGE, "the engine of run %" PRId64 " refused: %s", run,
			               order.answer);
		if (!held) {
			*gone = true;
			return ERR_OK;
		}
		if (clock_mono(&clock_real) > until || *signals_stop())
			return err_set(e, ERR_STOPPED,
			               "the engine of run %" PRId64
			               " has not taken the order yet; it stands in the journal",
			               run);
		wait_a_moment();
	}
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
	bool gone = true;
	int64_t id;

	if (!run_held(call->journal, run)) {
		if (kind == ORDER_PAUSE || !org_has_some(call, run))
			return set_state(call, run, kind, e);
		/* jobs are to be aborted, and what they wrote counted: that is an engine's work */
		if (detach_engine(call->journal, run, call_option(call, OPTION_CONFIG), e) != ERR_OK)
			return e->code;
	}
	if (order_add(call->journal, run, kind, &id, e) != ERR_OK ||
	    await_answer(call, run, id, &gone, e) != ERR_OK)
		return e->code;
	return gone ? set_state(call, run, kind, e) : ERR_OK;
}

static int say_state(const struct call *call, int64_t id)
{
	static struct run run;
	struct json json;
	struct buf line;
	struct err e;
	int status = 0;

	err_init(&e);
	if (run_get(call->journal, id, &run, &e) != ERR_OK)
		return call_fail(call, &e, NULL);
	buf_init(&line, MOST_LINE);
	report_line(&line, call->journal, &run);
	call_say(call, "%s", buf_text(&line));
	buf_release(&line);
	if (!call->json)
		return 0;
	json_init(&json);
	json_begin(&json, NULL, '{');
	report_members(&json, call->journal, &run, NULL);
	json_put_number(&json, "exit", 0);
	json_end(&json);
	status = call_print(&json.out, 0);
	json_release(&json);
	return status;
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
		return say_state(call, run.id);
	if (give(call, run.id, kind, &e) != ERR_OK)
		return call_fail(call, &e, NULL);
	return say_state(call, run.id);
}

int command_pause(struct call *call)
{
	return order(call, call_option(call, OPTION_NOW) ? ORDER_PAUSE_NOW : ORDER_PAUSE, is_under_way);
}

int command_cancel(struct call *call)
{
	return order(call, ORDER_CANCEL, may_be_cancelled);
}
