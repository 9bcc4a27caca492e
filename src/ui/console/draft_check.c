/* draft_check.c - what the check found, and what the load will cost, as the rows of Check and Start. */
#include "ui/console/draft_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/plan/action.h"

enum { MORE_LOOKS = 4 };

/* What it takes without the old values: whether those are kept, and what happens at failures, is chosen at the start. */
static void fill_costs(struct draft *draft, struct wizard *wizard)
{
	struct load *load = &draft->load;
	const char *api = load_api(load, NULL);

	snprintf(wizard->api, sizeof wizard->api, "%s", api ? api : "bulk");
	load->options.keep_old = NULL;
	load_keeps(load, &wizard->keeping);
	load->options.keep_old = "no";
	load->options.allow_failures = 0;
	load->options.stop_at = (struct bounds_failures){ 0 };
	load_costs(load, &wizard->cost_stopping);
	load->options.allow_failures = 1;
	load_costs(load, &wizard->cost);
}

static void add_look(struct wizard *wizard, int64_t count, const char *message)
{
	struct finding *look = &wizard->findings[wizard->finding_count];

	if (!count)
		return;
	*look = (struct finding){ .rule = RULE_COUNT, .count = count };
	snprintf(look->message, sizeof look->message, "%s", message);
	wizard->finding_count++;
}

/* What will fail, and behind it what will be written, or is left out, and deserves a look. */
static void fill_findings(const struct check *check, struct wizard *wizard)
{
	free(wizard->findings);
	wizard->findings = calloc(check->count + check->look_count + MORE_LOOKS, sizeof *wizard->findings);
	wizard->finding_count = wizard->fail_count = 0;
	if (!wizard->findings)
		return;
	if (check->count)
		memcpy(wizard->findings, check->findings, check->count * sizeof *check->findings);
	memcpy(wizard->findings + check->count, check->looks, check->look_count * sizeof *check->looks);
	wizard->fail_count = check->count;
	wizard->finding_count = check->count + check->look_count;
	add_look(wizard, check->twice,
	         "the clocks show this time twice, as they are put back: the first is taken");
	add_look(wizard, check->before[BEFORE_WRITTEN],
	         "left out: this result file says that they are written");
	add_look(wizard, check->before[BEFORE_IN_DOUBT],
	         "left out: this result file says that they are in doubt");
	add_look(wizard, check->before[BEFORE_PENDING], "left out: this result file says that they are to go");
}

static void fill_like(const struct draft *draft, struct journal *j, struct wizard *wizard)
{
	const struct load *load = &draft->load;
	struct run *run = calloc(2, sizeof *run), *like;
	struct err ignored;

	err_init(&ignored);
	wizard->like = (struct check_like){ 0 };
	if (!run)
		return;
	like = run + 1;
	snprintf(run->org_id, sizeof run->org_id, "%s", org_identity(load->org)->org_id);
	snprintf(run->object, sizeof run->object, "%s", load->object->name);
	snprintf(run->action, sizeof run->action, "%s", action_name(load->action));
	if (load->action == ACTION_UPSERT)
		snprintf(run->external_id, sizeof run->external_id, "%s", load->plan->key->name);
	if (run_like(j, run, like, &ignored) == ERR_OK && like->id)
		wizard->like = (struct check_like){ like->id, like->counts.records, like->created_ms };
	free(run);
}

void draft_fill_check(struct draft *draft, struct journal *j, struct wizard *wizard)
{
	const struct check *check = &draft->load.check;

	fill_findings(check, wizard);
	wizard->records = check->records;
	wizard->passed = check->passed;
	wizard->failing = check->failing;
	wizard->blank = check->blank;
	fill_costs(draft, wizard);
	fill_like(draft, j, wizard);
	wizard->check_table.count = wizard->finding_count;
	wizard->check_table.cursor = wizard->check_table.top = 0;
	wizard->checked = true;
}
