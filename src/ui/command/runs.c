#include "ui/command/commands.h"
#include "ui/command/report.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"

enum { RUNS_A_PAGE = 32, STATUS_NEEDED = 4, MOST_PAGE = 16 * 1024 * 1024 };

struct listing {
	struct call *call;
	struct json json; /* with --json, else only its buffer is used */
	int64_t shown, needed;
};

static void add_row(struct buf *b, struct journal *j, const struct run *run)
{
	char records[27], failed[27];

	buf_addf(b, "%6" PRId64 "  %-11s  ", run->id, run_state_name(run_state_now(j, run)));
	buf_addf(b, "%11s %9s  ", text_count(run->counts.records, records, sizeof records),
	         text_count(run->counts.failed, failed, sizeof failed));
	buf_addf(b, "%s %s  ", run->object, run->action);
	call_show(b, run->org_name);
	buf_add_text(b, run->production ? " P  " : "  ");
	call_show(b, paths_name(run->file));
	buf_add_char(b, '\n');
}

static void list_run(struct listing *listing, const struct run *run)
{
	struct journal *j = listing->call->journal;
	bool needed = report_needs_somebody(j, run);

	listing->needed += needed;
	if (call_option(listing->call, OPTION_NEEDS_ME) && !needed)
		return;
	listing->shown++;
	if (!listing->call->json) {
		add_row(&listing->json.out, j, run);
		return;
	}
	json_begin(&listing->json, NULL, '{');
	report_members(&listing->json, j, run, NULL);
	json_end(&listing->json);
}

static enum err_code list_all(struct listing *listing, struct err *e)
{
	static struct run page[RUNS_A_PAGE];
	int64_t before = 0;
	int n;

	do {
		n = run_page(listing->call->journal, before, page, RUNS_A_PAGE, e);
		for (int i = 0; i < n; i++)
			list_run(listing, &page[i]);
		if (n > 0)
			before = page[n - 1].id;
	} while (n == RUNS_A_PAGE);
	return n < 0 ? e->code : ERR_OK;
}

int command_runs(struct call *call)
{
	struct listing listing = { .call = call };
	int status = 0;
	struct err e;

	err_init(&e);
	json_init(&listing.json);
	if (call->json)
		json_begin(&listing.json, NULL, '[');
	else
		buf_add_text(&listing.json.out, "   run  state            records    failed  into\n");
	if (!call_no_journal(call) &&
	    (call_journal(call, JOURNAL_READ, &e) != ERR_OK || list_all(&listing, &e) != ERR_OK)) {
		json_release(&listing.json);
		return call_fail(call, &e, NULL);
	}
	if (call->json)
		json_end(&listing.json);
	else if (listing.shown == 0)
		call_say(call, "no runs%s",
		         call_option(call, OPTION_NEEDS_ME) ? " that wait for somebody" : " yet");
	if (call_option(call, OPTION_NEEDS_ME) && listing.needed)
		status = STATUS_NEEDED;
	if (call->json || listing.shown)
		status = call_print(&listing.json.out, status);
	json_release(&listing.json);
	return status;
}
