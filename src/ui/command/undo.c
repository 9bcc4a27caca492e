/* undo.c - takes a run back by a run of its own, after it was said in numbers what that will do. */
#include "ui/command/commands.h"
#include "ui/command/consent.h"
#include "ui/command/foreground.h"
#include "ui/command/progress.h"
#include "ui/command/report.h"
#include "ui/command/signals.h"

#include <stdio.h>

#include "core/engine/undo.h"
#include "store/undos.h"

enum { MOST_PAGE = 64 * 1024 };

/* Without a number: a run of which something can be undone. */
static bool fits(struct journal *j, const struct run *run)
{
	int64_t left;

	return run->undo_of == 0 && undo_left(j, run, &left, call_ignore()) == ERR_OK && left > 0;
}

static bool go_on(void *ctx, int64_t done, int64_t records)
{
	(void)ctx, (void)done, (void)records;
	return *signals_stop() == 0;
}

static void put_counts(struct json *json, const struct undo *u)
{
	const struct undo_counts *n = &u->counts;

	json_put_number(json, "undo_of", u->run.id);
	json_put_text(json, "org", u->run.org_name);
	json_put_text(json, "org_id", u->run.org_id);
	json_put_bool(json, "production", u->run.production);
	json_put_text(json, "object", u->run.object);
	json_put_number(json, "undoable", undo_will(u));
	json_put_number(json, "created", n->created);
	json_put_number(json, "deletable", n->deletable);
	json_put_number(json, "created_changed", n->created_changed);
	json_put_number(json, "created_children", n->created_children);
	json_put_number(json, "created_gone", n->created_gone);
	json_put_number(json, "updated", n->updated);
	json_put_number(json, "restorable", n->restorable);
	json_put_number(json, "restorable_in_part", n->in_part);
	json_put_number(json, "updated_changed", n->updated_changed);
	json_put_number(json, "updated_gone", n->updated_gone);
	json_put_number(json, "unfit", n->unfit);
	json_put_number(json, "not_kept", n->not_kept);
	json_put_number(json, "unknown", n->unknown);
	json_put_number(json, "deleted", n->deleted);
	json_put_number(json, "in_doubt", n->in_doubt);
	json_put_number(json, "fields", (int64_t)n->fields);
	json_put_number(json, "calls", n->calls);
}

/* --check: the numbers are the result. */
static int print_check(const struct call *call, const struct undo *u)
{
	struct json json;
	struct buf page;
	int status;

	json_init(&json);
	buf_init(&page, MOST_PAGE);
	json_begin(&json, NULL, '{');
	put_counts(&json, u);
	json_put_number(&json, "exit", 0);
	json_end(&json);
	undo_describe(u, &page);
	status = call_print(call->json ? &json.out : &page, 0);
	json_release(&json);
	buf_release(&page);
	return status;
}

static void say(const struct call *call, const struct undo *u)
{
	struct buf page;

	buf_init(&page, MOST_PAGE);
	undo_describe(u, &page);
	if (!call->quiet)
		fputs(buf_text(&page), stderr);
	buf_release(&page);
}

/* Makes the undo's run. */
static enum err_code make(const struct call *call, struct undo *u, struct run *run, struct err *e)
{
	say(call, u);
	if (undo_will(u) > 0 && (consent_take_over(call, &u->run, e) != ERR_OK ||
	                         consent_undo(call, &u->run, undo_will(u), e) != ERR_OK))
		return e->code;
	return undo_create(u, call->journal, run, e);
}

int command_undo(struct call *call)
{
	static struct undo undo;
	static struct run run;
	struct access_choice choice;
	bool only_check = call_option(call, OPTION_CHECK);
	struct err e;
	int status;

	err_init(&e);
	signals_watch();
	if (call_journal(call, JOURNAL_WRITE, &e) != ERR_OK || call_run(call, fits, &run, &e) != ERR_OK ||
	    foreground_choice(call, run.id, &choice, &e) != ERR_OK)
		return call_fail(call, &e, NULL);
	if (undo_open(&undo, call->journal, run.id, &choice, go_on, NULL, &e) != ERR_OK)
		status = call_fail(call, &e, NULL);
	else if (only_check)
		status = print_check(call, &undo);
	else
		status = make(call, &undo, &run, &e) == ERR_OK ? 0 : call_fail(call, &e, NULL);
	undo_release(&undo); /* the engine has its own view of all this */
	return status || only_check ? status : foreground_run(call, run.id, NULL);
}
