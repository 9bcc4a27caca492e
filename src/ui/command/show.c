#include "ui/command/commands.h"
#include "ui/command/report.h"
#include "ui/command/show_find.h"
#include "ui/command/show_record.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/when.h"
#include "store/chunks.h"
#include "store/prune.h"

enum { MOST_PAGE = 16 * 1024 * 1024, EVENTS_A_PAGE = 64, JOBS_SHOWN = 200 };

static bool fits(struct journal *j, const struct run *run)
{
	(void)j;
	(void)run;
	return true;
}

static void add_log(struct json *json, bool as_json, struct journal *j, int64_t run)
{
	struct run_event *events = calloc(EVENTS_A_PAGE, sizeof *events);
	int64_t after = 0;
	int n;

	if (as_json)
		json_begin(json, "log", '[');
	do {
		n = events ? run_log_page(j, run, after, events, EVENTS_A_PAGE, call_ignore()) : 0;
		for (int i = 0; i < n; i++) {
			char when[WHEN_TEXT];

			after = events[i].id;
			if (as_json) {
				json_begin(json, NULL, '{');
				json_put_time(json, "time", events[i].utc_ms);
				json_put_text(json, "text", events[i].text);
				json_end(json);
				continue;
			}
			when_local_text(events[i].utc_ms, when);
			buf_addf(&json->out, "%s  ", when);
			call_show(&json->out, events[i].text);
			buf_add_char(&json->out, '\n');
		}
	} while (n == EVENTS_A_PAGE);
	if (as_json)
		json_end(json);
	free(events);
}

static void add_jobs(struct buf *b, struct journal *j, int64_t run)
{
	struct chunk_job *jobs = calloc(JOBS_SHOWN, sizeof *jobs);
	int n = jobs ? chunk_jobs(j, run, 0, jobs, JOBS_SHOWN, call_ignore()) : 0;

	if (n > 0)
		buf_add_text(b, "\n  jobs\n");
	for (int i = 0; i < n; i++)
		buf_addf(b, "  %7d  %s  %s, %" PRId64 " records\n", jobs[i].chunk, jobs[i].id, jobs[i].state,
		         jobs[i].records);
	free(jobs);
}

static enum err_code fill(struct json *json, const struct call *call, const struct run *run, struct err *e)
{
	if (call->json) {
		json_begin(json, NULL, '{');
		report_members(json, call->journal, run, NULL);
	}
	if ((call_option(call, OPTION_RECORD) || call_option(call, OPTION_FIND)) &&
	    run_is_whole(run, e) != ERR_OK)
		return e->code;
	if (call_option(call, OPTION_RECORD)) {
		if (show_record(json, call, run, e) != ERR_OK)
			return e->code;
	} else if (call_option(call, OPTION_FIND)) {
		if (show_find(json, call, run, e) != ERR_OK)
			return e->code;
	} else if (call_option(call, OPTION_LOG)) {
		add_log(json, call->json, call->journal, run->id);
	} else if (!call->json) {
		report_page(&json->out, call->journal, run, NULL);
		add_jobs(&json->out, call->journal, run->id);
	}
	if (call->json) {
		json_put_number(json, "exit", 0);
		json_end(json);
	}
	return ERR_OK;
}

int command_show(struct call *call)
{
	static struct run run;
	struct json json;
	struct err e;
	int status;

	err_init(&e);
	if (call_journal(call, JOURNAL_READ, &e) != ERR_OK || call_run(call, fits, &run, &e) != ERR_OK)
		return call_fail(call, &e, "longshore runs");
	json_init(&json);
	if (fill(&json, call, &run, &e) == ERR_OK)
		status = call_print(&json.out, 0);
	else
		status = call_fail(call, &e, NULL);
	json_release(&json);
	return status;
}
