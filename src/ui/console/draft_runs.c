/* draft_runs.c - what runs in the org when this load writes: asked for Start. */
#include "ui/console/draft_rows.h"

#include <stdio.h>
#include <string.h>

#include "core/plan/action.h"

static unsigned changes_of(enum action action)
{
	if (action_deletes(action))
		return AUTOMATION_DELETES;
	return (action != ACTION_UPDATE ? AUTOMATION_CREATES : 0) |
	       (action != ACTION_INSERT ? AUTOMATION_UPDATES : 0);
}

static bool goes_on(void *ctx)
{
	const struct draft_progress *progress = ctx;

	return !atomic_load(&progress->stop);
}

/* Calls that are to stay are not used for this. */
static bool may_ask(const struct draft *draft, int64_t cost)
{
	int64_t left, most;

	return !org_calls_left(draft->load.org, &left, &most) || left - draft->load.options.keep_calls >= cost;
}

enum err_code draft_runs_on(struct draft *draft, struct draft_progress *progress, struct err *e)
{
	unsigned changes = changes_of(draft->load.action);

	draft->runs_on = (struct automation){ 0 };
	draft->runs_on_cost = automation_cost(changes);
	draft->runs_on_asked = may_ask(draft, draft->runs_on_cost);
	if (!draft->runs_on_asked)
		return ERR_OK;
	return automation_ask(draft->load.org, draft->load.object->name, changes, goes_on, progress,
	                      &draft->runs_on, e);
}

void draft_fill_runs_on(const struct draft *draft, struct wizard *wizard)
{
	struct runs_on *runs = &wizard->runs_on;
	int64_t left, most;

	*runs = (struct runs_on){ .told = draft->runs_on, .calls = draft->runs_on.calls };
	snprintf(runs->object, sizeof runs->object, "%s", wizard->object);
	snprintf(runs->action, sizeof runs->action, "%s", wizard->action);
	if (!draft->runs_on_asked)
		snprintf(runs->not_asked, sizeof runs->not_asked,
		         "not asked: that takes %lld API calls, and fewer may be used today",
		         (long long)draft->runs_on_cost);
	if (wizard->cost.calls_left >= 0 && org_calls_left(draft->load.org, &left, &most))
		wizard->cost.calls_left = wizard->cost_stopping.calls_left = left;
}
