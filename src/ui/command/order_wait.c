#include "ui/command/order_wait.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "store/orders.h"
#include "ui/command/report.h"
#include "ui/command/signals.h"

enum {
	LOOK_MS = 100,
	TAKEN_MS = 10 * 1000, /* an engine takes an order within 2 s (docs/cli.md) */
	MOST_LINE = 4096,
};

static void wait_a_moment(void)
{
	struct timespec moment = { .tv_nsec = LOOK_MS * 1000000L };

	nanosleep(&moment, NULL);
}

enum err_code order_wait(const struct call *call, int64_t run, int64_t id, bool *gone, struct err *e)
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

int order_say_state(const struct call *call, int64_t id)
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
