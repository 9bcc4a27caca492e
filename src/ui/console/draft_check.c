/* draft_check.c - what the check found, and what the load will cost, as the rows of Check and Start. */
#include "ui/console/draft_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/engine/org_check.h"
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

static bool is_of_list(const struct finding *finding, const char *field)
{
	return finding->rule == RULE_PICKLIST && strcmp(finding->field, field) == 0;
}

/* Values that a picklist has not are one group a field here: they have a screen of their own. */
static void add_finding(struct wizard *wizard, const struct finding *finding)
{
	for (size_t i = 0; i < wizard->finding_count; i++) {
		struct finding *same = &wizard->findings[i];

		if (finding->rule != RULE_PICKLIST || !is_of_list(same, finding->field))
			continue;
		same->count += finding->count;
		if (finding->example_record < same->example_record)
			same->example_record = finding->example_record;
		return;
	}
	wizard->findings[wizard->finding_count++] = *finding;
}

static void name_values(const struct check *check, struct finding *finding)
{
	size_t values = 0;

	for (size_t i = 0; i < check->count; i++)
		values += is_of_list(&check->findings[i], finding->field);
	if (finding->rule == RULE_PICKLIST && values > 1)
		snprintf(finding->message, sizeof finding->message, "not in the picklist: %zu different values",
		         values);
}

static int most_records_first(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return x->example_record < y->example_record ? -1 : x->example_record > y->example_record;
}

/* What will fail, and behind it what will be written, or is left out, and deserves a look. */
static void fill_findings(const struct check *check, struct wizard *wizard)
{
	free(wizard->findings);
	wizard->findings = calloc(check->count + check->look_count + MORE_LOOKS, sizeof *wizard->findings);
	wizard->finding_count = wizard->fail_count = 0;
	if (!wizard->findings)
		return;
	for (size_t i = 0; i < check->count; i++)
		add_finding(wizard, &check->findings[i]);
	wizard->fail_count = wizard->finding_count;
	for (size_t i = 0; i < wizard->fail_count; i++)
		name_values(check, &wizard->findings[i]);
	qsort(wizard->findings, wizard->fail_count, sizeof *wizard->findings, most_records_first);
	if (check->look_count)
		memcpy(wizard->findings + wizard->fail_count, check->looks,
		       check->look_count * sizeof *check->looks);
	wizard->finding_count += check->look_count;
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

static void fill_asked(const struct load *load, struct wizard *wizard)
{
	const struct org_check *asked = load->asked;

	wizard->ask_calls = org_check_cost(load);
	wizard->asked = asked != NULL;
	wizard->there = asked ? asked->there : 0;
	wizard->missing = asked ? asked->missing : 0;
	wizard->unchanged = asked ? asked->unchanged : 0;
	wizard->ask_took = asked ? asked->calls : 0;
}

void draft_fill_check(struct draft *draft, struct journal *j, struct wizard *wizard)
{
	const struct check *check = &draft->load.check;

	fill_findings(check, wizard);
	wizard->records = check->records;
	wizard->passed = check->passed;
	wizard->failing = check->failing;
	wizard->blank = check->blank;
	fill_asked(&draft->load, wizard);
	fill_costs(draft, wizard);
	fill_like(draft, j, wizard);
	wizard->check_table.count = wizard->finding_count;
	wizard->check_table.cursor = wizard->check_table.top = 0;
	wizard->checked = true;
}
