#include "ui/command/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/when.h"
#include "core/engine/bounds.h"
#include "core/engine/engine.h"
#include "core/engine/load.h"
#include "store/chunks.h"
#include "store/undos.h"
#include "ui/command/signals.h"

enum {
	MOST_GROUPS = 100,
	MOST_REASONS = 32,
	MOST_JOBS = 1000,
	MOST_LINE = 4096,
	MOST_CLEARED = 4 * 1024 * 1024,
	GROUPS_ON_PAGE = 12
};

#define COUNT_TEXT 27

bool report_resumable(struct journal *j, const struct run *run)
{
	switch (run_state_now(j, run)) {
	case RUN_CHECKED:
	case RUN_PAUSED:
	case RUN_INTERRUPTED:
		return true;
	case RUN_HALTED:
	case RUN_CANCELLED:
		return run_pending(&run->counts) > 0 || run->counts.in_doubt > 0;
	case RUN_FINISHED:
		return run->counts.in_doubt > 0;
	default:
		return false;
	}
}

/* The command that gets further: what is left is sent, or, where all was, what failed is tried again. NULL: there is none. */
static const char *way_on(struct journal *j, const struct run *run)
{
	if (report_resumable(j, run))
		return "resume";
	return run_state_ended(run->state) && run->counts.failed > 0 && !run->pruned_ms ? "retry" : NULL;
}

bool report_needs_somebody(struct journal *j, const struct run *run)
{
	enum run_state state = run_state_now(j, run);

	return state == RUN_INTERRUPTED || state == RUN_PAUSED || state == RUN_HALTED ||
	       run->counts.in_doubt > 0 || (state == RUN_FINISHED && run->counts.failed > 0 && !run->pruned_ms);
}

static void put_or_null(struct json *json, const char *key, int64_t number, bool null)
{
	if (null)
		json_put_text(json, key, NULL);
	else
		json_put_number(json, key, number);
}

static void put_counts(struct json *json, const struct run_counts *counts, const struct rehearsed *r)
{
	bool open = r && r->unknown_created;

	json_put_number(json, "records", counts->records);
	json_put_number(json, "written", counts->written);
	put_or_null(json, "created", counts->created, open);
	put_or_null(json, "updated", counts->updated, open);
	json_put_number(json, "deleted", counts->deleted);
	json_put_number(json, "failed", counts->failed);
	json_put_number(json, "skipped", counts->skipped);
	json_put_number(json, "in_doubt", counts->in_doubt);
	json_put_number(json, "pending", run_pending(counts));
	json_put_number(json, "to_try_again", counts->to_try_again);
}

/* What stands before the next `end`; `rest` goes on behind it. */
static struct slice cut(struct slice *rest, char end)
{
	const char *at = memchr(rest->at, end, rest->len);
	struct slice part = { rest->at, at ? (size_t)(at - rest->at) : rest->len };
	size_t gone = part.len + (at != NULL);

	*rest = (struct slice){ rest->at + gone, rest->len - gone };
	return part;
}

/* Fields that it clears, and how many records do. */
static void put_cleared(struct json *json, struct journal *j, int64_t run)
{
	struct buf lines;
	struct slice rest;

	buf_init(&lines, MOST_CLEARED);
	json_begin(json, "cleared", '[');
	if (run_cleared(j, run, &lines, call_ignore()) == ERR_OK)
		for (rest = buf_slice(&lines); rest.len;) {
			struct slice line = cut(&rest, '\n'), field = cut(&line, '\t');

			json_begin(json, NULL, '{');
			json_put_slice(json, "field", field);
			json_put_number(json, "count", strtoll(line.at, NULL, 10));
			json_end(json);
		}
	json_end(json);
	buf_release(&lines);
}

static void put_skipped_by(struct json *json, struct journal *j, int64_t run)
{
	struct outcome_reason reasons[MOST_REASONS];
	int n = outcome_skipped_by(j, run, reasons, MOST_REASONS, call_ignore());

	json_begin(json, "skipped_by", '[');
	for (int i = 0; i < n; i++) {
		json_begin(json, NULL, '{');
		json_put_text(json, "reason", reasons[i].code);
		json_put_number(json, "count", reasons[i].count);
		json_end(json);
	}
	json_end(json);
}

static void put_jobs(struct json *json, struct journal *j, int64_t run)
{
	struct chunk_job *jobs = calloc(MOST_JOBS, sizeof *jobs);
	int n = jobs ? chunk_jobs(j, run, 0, jobs, MOST_JOBS, call_ignore()) : 0;

	json_begin(json, "jobs", '[');
	for (int i = 0; i < n; i++) {
		json_begin(json, NULL, '{');
		json_put_text(json, "id", jobs[i].id);
		json_put_text(json, "state", jobs[i].state);
		json_put_number(json, "records", jobs[i].records);
		json_end(json);
	}
	json_end(json);
	free(jobs);
}

static void put_errors(struct json *json, struct journal *j, int64_t run)
{
	struct outcome_group *groups = calloc(MOST_GROUPS, sizeof *groups);
	int n = groups ? outcome_groups(j, run, groups, MOST_GROUPS, call_ignore()) : 0;

	json_begin(json, "errors", '[');
	for (int i = 0; i < n; i++) {
		json_begin(json, NULL, '{');
		json_put_text(json, "state", outcome_state_name(groups[i].state));
		json_put_text(json, "code", groups[i].code);
		json_put_text(json, "message", groups[i].text);
		json_put_text(json, "fields", groups[i].fields);
		json_put_number(json, "count", groups[i].count);
		json_put_number(json, "example_record", groups[i].example_record);
		json_end(json);
	}
	json_end(json);
	free(groups);
}

static int64_t lasted_ms(const struct run *run)
{
	int64_t end = run->ended_ms ? run->ended_ms : clock_utc(&clock_real);

	return run->started_ms && end > run->started_ms ? end - run->started_ms : 0;
}

static int64_t undoable(struct journal *j, const struct run *run)
{
	int64_t left = 0;

	undo_left(j, run, &left, call_ignore());
	return left;
}

static void put_rehearsed(struct json *json, const struct rehearsed *r)
{
	const char *at = r->unknown, *end;

	json_put_bool(json, "rehearsal", true);
	json_begin(json, "not_known", '[');
	for (; (end = strchr(at, '\n')); at = end + 1)
		json_put_slice(json, NULL, (struct slice){ at, (size_t)(end - at) });
	json_end(json);
}

static void put_left(struct json *json, const char *key, int64_t left)
{
	put_or_null(json, key, left, left < 0);
}

void report_costs(struct json *json, const struct load_cost *costs)
{
	json_put_number(json, "calls_needed", costs->calls);
	put_left(json, "calls_left", costs->calls_left);
	json_put_number(json, "batches_needed", costs->batches);
	put_left(json, "batches_left", costs->batches_left);
}

void report_members(struct json *json, struct journal *j, const struct run *run, const struct rehearsed *r)
{
	put_or_null(json, "run", run->id, r != NULL);
	json_put_text(json, "file", run->file);
	json_put_text(json, "file_hash", run->file_hash);
	json_put_text(json, "org", run->org_name);
	json_put_text(json, "org_id", run->org_id);
	json_put_text(json, "user", run->username);
	json_put_bool(json, "production", run->production);
	json_put_text(json, "object", run->object);
	json_put_text(json, "action", run->action);
	json_put_text(json, "api", run->api);
	json_put_text(json, "state", run_state_name(run_state_now(j, run)));
	json_put_text(json, "why", run->why);
	json_put_time(json, "next_try", run->next_try_ms);
	put_counts(json, &run->counts, r);
	put_skipped_by(json, j, run->id);
	put_cleared(json, j, run->id);
	put_jobs(json, j, run->id);
	json_put_number(json, "api_calls", run->api_calls);
	json_put_number(json, "attempt", run->attempt);
	json_put_bool(json, "keep_old", run->keep_old);
	json_put_number(json, "undoable", r ? 0 : undoable(j, run));
	put_or_null(json, "undo_of", run->undo_of, run->undo_of == 0);
	json_put_time(json, "started", run->started_ms);
	json_put_time(json, "ended", run->ended_ms);
	json_put_time(json, "pruned", run->pruned_ms);
	json_put_seconds(json, "seconds", lasted_ms(run));
	put_errors(json, j, run->id);
	if (r)
		put_rehearsed(json, r);
}

/* ", 3 failed (REQUIRED_FIELD_MISSING LastName)": the largest group stands for all. */
static void add_failed(struct buf *b, struct journal *j, const struct run *run)
{
	struct outcome_group group;
	char count[COUNT_TEXT];

	if (run->counts.failed == 0)
		return;
	buf_addf(b, ", %s failed", text_count(run->counts.failed, count, sizeof count));
	if (outcome_groups(j, run->id, &group, 1, call_ignore()) == 1 && group.code[0]) {
		buf_add_text(b, " (");
		call_show(b, group.code);
		buf_add_text(b, group.fields[0] ? " " : "");
		call_show(b, group.fields);
		buf_add_char(b, ')');
	}
}

/* " finished: 1,997 of 48,210 written, 3 failed (...), 5 left out" */
static void add_state(struct buf *b, struct journal *j, const struct run *run)
{
	char written[COUNT_TEXT], records[COUNT_TEXT], count[COUNT_TEXT];

	buf_addf(b, " %s: %s of %s written", run_state_name(run_state_now(j, run)),
	         text_count(run->counts.written, written, sizeof written),
	         text_count(run->counts.records, records, sizeof records));
	add_failed(b, j, run);
	if (run->counts.skipped)
		buf_addf(b, ", %s left out", text_count(run->counts.skipped, count, sizeof count));
	if (run->counts.in_doubt)
		buf_addf(b, ", %s in doubt", text_count(run->counts.in_doubt, count, sizeof count));
}

void report_rehearsal_line(struct buf *b, struct journal *j, const struct run *run)
{
	buf_add_text(b, "rehearsal");
	add_state(b, j, run);
	buf_add_text(b, ", all in a practice org: nothing was written to ");
	call_show(b, run->org_name);
}

void report_line(struct buf *b, struct journal *j, const struct run *run)
{
	buf_addf(b, "run %" PRId64, run->id);
	add_state(b, j, run);
	buf_addf(b, ". Look: longshore show %" PRId64, run->id);
	if (way_on(j, run))
		buf_addf(b, ". Go on: longshore %s %" PRId64, way_on(j, run), run->id);
	if (bounds_first_cut(run) && run->state == RUN_PAUSED && undoable(j, run) > 0)
		buf_addf(b, ". Undo: longshore undo %" PRId64, run->id);
}

static void page_row(struct buf *b, const char *name, int64_t count, const char *note)
{
	char text[COUNT_TEXT];

	buf_addf(b, "  %-10s %11s%s%s\n", name, text_count(count, text, sizeof text), *note ? "  " : "", note);
}

static void page_counts(struct buf *b, struct journal *j, const struct run *run, const struct rehearsed *r)
{
	const struct run_counts *c = &run->counts;
	struct outcome_reason reasons[MOST_REASONS];
	char note[128], one[COUNT_TEXT], two[COUNT_TEXT], three[COUNT_TEXT];
	int n = outcome_skipped_by(j, run->id, reasons, MOST_REASONS, call_ignore());
	struct buf why;

	snprintf(note, sizeof note, "created or updated, as the org has them");
	if (!r || !r->unknown_created)
		snprintf(note, sizeof note, "%s created, %s updated, %s deleted",
		         text_count(c->created, one, sizeof one), text_count(c->updated, two, sizeof two),
		         text_count(c->deleted, three, sizeof three));
	page_row(b, "written", c->written, c->written ? note : "");
	page_row(b, "failed", c->failed, "");
	buf_init(&why, MOST_LINE);
	for (int i = 0; i < n; i++)
		buf_addf(&why, "%s%s %s", i ? ", " : "", text_count(reasons[i].count, one, sizeof one),
		         reasons[i].code);
	page_row(b, "left out", c->skipped, buf_text(&why));
	buf_release(&why);
	page_row(b, "in doubt", c->in_doubt, "");
	snprintf(note, sizeof note, "%s of them again after an error",
	         text_count(c->to_try_again, one, sizeof one));
	page_row(b, "to go", run_pending(c), c->to_try_again ? note : "");
	page_row(b, "records", c->records, "");
}

static void page_groups(struct buf *b, struct journal *j, int64_t run)
{
	struct outcome_group groups[GROUPS_ON_PAGE];
	int n = outcome_groups(j, run, groups, GROUPS_ON_PAGE, call_ignore());
	char count[COUNT_TEXT];

	if (n > 0)
		buf_add_text(b, "\n  records  what Salesforce said\n");
	for (int i = 0; i < n; i++) {
		buf_addf(b, "  %7s  ", text_count(groups[i].count, count, sizeof count));
		call_show(b, groups[i].text);
		buf_addf(b, "\n           %s %s%s(as record %" PRId64 ")\n", groups[i].code, groups[i].fields,
		         groups[i].fields[0] ? " " : "", groups[i].example_record);
	}
}

static void page_unknown(struct buf *b, const char *lines)
{
	const char *end;

	buf_add_text(b, "\n  what a rehearsal cannot know\n");
	for (; (end = strchr(lines, '\n')); lines = end + 1)
		buf_addf(b, "  - %.*s\n", (int)(end - lines), lines);
}

/* What it takes back, and what takes it back. */
static void page_undos(struct buf *b, struct journal *j, const struct run *run)
{
	int64_t id = 0;
	bool open = false;

	if (run->undo_of)
		buf_addf(b, "undoes run %" PRId64 "\n", run->undo_of);
	if (undo_newest(j, run->id, &id, &open, call_ignore()) == ERR_OK && id)
		buf_addf(b, "%s by run %" PRId64 "\n", open ? "being undone" : "undone", id);
}

void report_page(struct buf *b, struct journal *j, const struct run *run, const struct rehearsed *r)
{
	char when[WHEN_TEXT], span[WHEN_TEXT], calls[COUNT_TEXT];

	if (r)
		buf_add_text(b, "rehearsal: ");
	else
		buf_addf(b, "run %" PRId64 ": ", run->id);
	call_show(b, paths_name(run->file));
	buf_addf(b, " -> %s %s", run->object, run->action);
	if (run->external_id[0])
		buf_addf(b, " by %s", run->external_id);
	buf_add_text(b, ", org ");
	call_show(b, run->org_name);
	buf_add_text(b, run->production ? " PRODUCTION\n" : run->practice ? " (practice)\n" : "\n");
	buf_addf(b, "%s", run_state_name(run_state_now(j, run)));
	if (run->started_ms) {
		when_local_text(run->started_ms, when);
		when_span_text(lasted_ms(run), span);
		buf_addf(b, ", begun %s, %s, %s API calls", when, span,
		         text_count(run->api_calls, calls, sizeof calls));
	}
	buf_add_char(b, '\n');
	if (run->why[0]) {
		call_show(b, run->why);
		buf_add_char(b, '\n');
	}
	page_undos(b, j, run);
	if (run->pruned_ms) {
		when_local_text(run->pruned_ms, when);
		buf_addf(b, "pruned %s: the records are gone, the counters are left\n", when);
	}
	page_counts(b, j, run, r);
	page_groups(b, j, run->id);
	if (r)
		page_unknown(b, r->unknown);
}

/* What stands in `error` above exit 0. */
static void end_sentence(struct buf *b, struct journal *j, const struct run *run, const struct err *e)
{
	char count[COUNT_TEXT];

	if (e->code != ERR_OK)
		buf_add_text(b, e->text);
	else if (run->why[0])
		buf_addf(b, "run %" PRId64 " %s: %s", run->id, run_state_name(run_state_now(j, run)), run->why);
	else if (run->counts.in_doubt)
		buf_addf(b, "%s records are in doubt: the org may have them",
		         text_count(run->counts.in_doubt, count, sizeof count));
	else if (run->counts.failed)
		buf_addf(b, "%s records failed", text_count(run->counts.failed, count, sizeof count));
	else
		buf_addf(b, "run %" PRId64 " is %s", run->id, run_state_name(run_state_now(j, run)));
}

static int print_json(const struct call *call, const struct run *run, const struct err *e, int status)
{
	struct journal *j = call->journal;
	struct json json;
	struct buf sentence;
	char next[128];

	json_init(&json);
	buf_init(&sentence, MOST_LINE);
	json_begin(&json, NULL, '{');
	report_members(&json, j, run, NULL);
	if (call->costs)
		report_costs(&json, call->costs);
	json_put_number(&json, "exit", status);
	if (status) {
		end_sentence(&sentence, j, run, e);
		snprintf(next, sizeof next, "longshore %s %" PRId64, way_on(j, run) ? way_on(j, run) : "show",
		         run->id);
		json_put_text(&json, "error", buf_text(&sentence));
		json_put_text(&json, "next", next);
	}
	json_end(&json);
	status = call_print(&json.out, status);
	buf_release(&sentence);
	json_release(&json);
	return status;
}

int report_end(const struct call *call, int64_t id, const struct err *e)
{
	static struct run run;
	struct err trouble;
	struct buf line;
	int status;

	err_init(&trouble);
	if (run_get(call->journal, id, &run, &trouble) != ERR_OK)
		return call_fail(call, e->code != ERR_OK ? e : &trouble, NULL);
	status = e->code == ERR_OK ? engine_exit_status(call->journal, &run) : err_exit_status(e->code);
	if (e->code != ERR_OK && !signals_hung_up())
		fprintf(stderr, "longshore: %s\n", e->text);
	buf_init(&line, MOST_LINE);
	report_line(&line, call->journal, &run);
	if ((!call->quiet || status) && !signals_hung_up())
		fprintf(stderr, "%s\n", buf_text(&line));
	buf_release(&line);
	return call->json ? print_json(call, &run, e, status) : status;
}
