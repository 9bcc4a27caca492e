/* retry.c - an order to try failed and skipped records again: to the engine that holds the run, or carried out here. */
#include "ui/command/commands.h"
#include "ui/command/consent.h"
#include "ui/command/foreground.h"
#include "ui/command/order_wait.h"
#include "ui/command/report.h"
#include "ui/command/signals.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/engine/edit_file.h"
#include "core/engine/retry_order.h"
#include "core/engine/run_source.h"
#include "core/plan/action.h"
#include "store/orders.h"
#include "store/prune.h"

/* Without a number: a run that has begun and left records unwritten. */
static bool fits(struct journal *j, const struct run *run)
{
	(void)j;
	return run->started_ms && run->counts.failed + run->counts.skipped > 0;
}

static bool fits_doubt(struct journal *j, const struct run *run)
{
	(void)j;
	return run->started_ms && run->counts.in_doubt > 0;
}

static void read_wish(const struct call *call, struct retry_wish *wish)
{
	*wish = (struct retry_wish){
		.code = call_option(call, OPTION_CODE),
		.records = call_option(call, OPTION_RECORDS),
		.in_doubt = call_option(call, OPTION_IN_DOUBT),
	};
}

/* An edited export says which records go again, unless --records does. */
static enum err_code read_edits(const struct call *call, const struct run *run, const char *moved,
                                struct edit_file *edits, struct retry_wish *wish, struct err *e)
{
	struct source *source = NULL;
	struct run_kept kept;

	if (run_source_open(&source, &kept, call->journal, run, moved, e) == ERR_OK)
		edit_file_read(edits, call_option(call, OPTION_EDITS), source, call->journal, run, e);
	source_close(source);
	if (e->code == ERR_OK && edits->rows == 0)
		err_set(e, ERR_USAGE, "%s holds no record: nothing is tried again",
		        call_option(call, OPTION_EDITS));
	if (!wish->records)
		wish->records = buf_text(&edits->records);
	return e->code;
}

/* They are kept whatever becomes of the order: they are for the next attempt, whenever that is. */
static enum err_code keep_edits(const struct call *call, int64_t run, const struct edit_file *edits,
                                struct err *e)
{
	char cells[27], rows[27];
	int64_t changed;

	if (!call_option(call, OPTION_EDITS))
		return ERR_OK;
	if (edit_put(call->journal, run, edits->edits, edits->count, &changed, e) != ERR_OK)
		return e->code;
	call_say(call, "run %" PRId64 ": %s cell%s changed in %s record%s", run,
	         text_count(changed, cells, sizeof cells), changed == 1 ? "" : "s",
	         text_count(edits->rows, rows, sizeof rows), edits->rows == 1 ? "" : "s");
	return ERR_OK;
}

/* How many records are meant now: what a start would ask, a new attempt asks as well. */
static enum err_code agree(const struct call *call, const struct run *run, const struct retry_wish *wish,
                           struct err *e)
{
	struct chunk_item *items = NULL;
	size_t count = 0;
	enum action action;
	struct consent consent = { .production = run->production,
		                   .org_name = run->org_name,
		                   .object = run->object,
		                   .action = run->action };

	if (retry_pick(call->journal, run->id, wish, &items, &count, e) != ERR_OK)
		return e->code;
	free(items);
	if (count == 0)
		return err_set(e, ERR_USAGE, "run %" PRId64 " has no such record that %s", run->id,
		               wish->in_doubt ? "is in doubt" : "failed or was left out");
	consent.records = (int64_t)count;
	consent.deletes = action_of(run->action, &action) && action_deletes(action);
	if (consent_take_over(call, run, e) != ERR_OK)
		return e->code;
	if (wish->in_doubt && consent_in_doubt(call, run->org_name, (int64_t)count, e) != ERR_OK)
		return e->code;
	return consent_start(call, &consent, e);
}

/* Nobody holds the run: the engine is this process, until the retry has come to its end. */
static int retry_here(struct call *call, int64_t run, int64_t id, const char *file)
{
	struct order order;
	struct err e, trouble;

	err_init(&e);
	err_init(&trouble);
	foreground_engine(call, run, file, true, &e);
	if (e.code == ERR_HELD) /* another engine was faster: the order is that one's */
		return -1;
	if (order_get(call->journal, id, &order, &trouble) != ERR_OK)
		return call_fail(call, &trouble, NULL);
	if (!order.answer[0]) {
		retry_drop(call->journal, id, e.text);
		return call_fail(call, &e, NULL);
	}
	if (strcmp(order.answer, "done") == 0)
		return report_end(call, run, &e);
	err_set(&trouble, ERR_USAGE, "nothing is tried again: %s", order.answer);
	return call_fail(call, &trouble, NULL);
}

static int carry_out(struct call *call, int64_t run, int64_t id, const char *file)
{
	int status = -1;
	bool gone = true;
	struct err e;

	err_init(&e);
	while (status < 0) {
		if (run_held(call->journal, run)) {
			if (order_wait(call, run, id, &gone, &e) != ERR_OK)
				return call_fail(call, &e, NULL);
			if (!gone)
				return order_say_state(call, run);
		}
		status = retry_here(call, run, id, file);
	}
	return status;
}

/* Everything up to the order. */
static enum err_code give(struct call *call, const struct run *run, const char *moved, int64_t *id,
                          struct err *e)
{
	struct edit_file edits = { 0 };
	struct retry_wish wish;

	read_wish(call, &wish);
	if (call_option(call, OPTION_EDITS))
		read_edits(call, run, moved, &edits, &wish, e);
	if (e->code == ERR_OK && agree(call, run, &wish, e) == ERR_OK &&
	    keep_edits(call, run->id, &edits, e) == ERR_OK)
		retry_order(call->journal, run->id, &wish, id, e);
	edit_file_release(&edits);
	return e->code;
}

int command_retry(struct call *call)
{
	const char *file = call_option(call, OPTION_FILE);
	static struct run run;
	char moved[PATH_ROOM];
	int64_t id = 0;
	struct err e;

	err_init(&e);
	signals_watch();
	if (call_option(call, OPTION_IN_DOUBT) && call_option(call, OPTION_EDITS)) {
		err_set(&e, ERR_USAGE,
		        "--in-doubt and --edits: a record in doubt goes as it went, or not at all");
		return call_fail(call, &e, "longshore help retry");
	}
	if (call_journal(call, JOURNAL_WRITE, &e) != ERR_OK ||
	    call_run(call, call_option(call, OPTION_IN_DOUBT) ? fits_doubt : fits, &run, &e) != ERR_OK ||
	    run_is_whole(&run, &e) != ERR_OK)
		return call_fail(call, &e, NULL);
	if (!run.started_ms) {
		err_set(&e, ERR_USAGE, "run %" PRId64 " has not begun: there is nothing to retry", run.id);
		return call_fail(call, &e, NULL);
	}
	if (file && paths_absolute(file, moved, &e) != ERR_OK)
		return call_fail(call, &e, NULL);
	if (give(call, &run, file ? moved : NULL, &id, &e) != ERR_OK)
		return call_fail(call, &e, NULL);
	return carry_out(call, run.id, id, file ? moved : NULL);
}
