#include "ui/console/screens/jobs.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/when.h"
#include "ui/console/chrome.h"
#include "ui/console/model.h"

enum { FRAME = 6 }; /* rows of the screen that are not of the list */

void jobs_reset(struct jobs_screen *jobs, int64_t run)
{
	memset(jobs, 0, sizeof *jobs);
	jobs->run = run;
}

int jobs_wanted(const struct jobs_screen *jobs, int rows)
{
	int cursor = (int)jobs->table.cursor + 1;
	int first = cursor - rows;

	return first < 1 ? 1 : first;
}

static const struct chunk *row_at(const struct jobs_screen *jobs, size_t place)
{
	int at = (int)place + 1 - jobs->first;

	return at >= 0 && at < jobs->count ? &jobs->rows[at] : NULL;
}

static const struct chunk *focused(const struct model *model)
{
	return row_at(&model->jobs, model->jobs.table.cursor);
}

static void add_time(struct details_screen *details, const char *name, int64_t utc_ms)
{
	char when[WHEN_TEXT];

	if (!utc_ms)
		return;
	when_local_text(utc_ms, when);
	details_add(details, name, "%s", when);
}

static void add_number(struct details_screen *details, const char *name, int64_t number)
{
	char text[28];

	if (number)
		details_add(details, name, "%s", text_count(number, text, sizeof text));
}

static void open_details(struct model *model, const struct chunk *chunk)
{
	struct details_screen *details = &model->details;
	char title[80], first[28], last[28];

	snprintf(title, sizeof title, "Run %lld › %s %d", (long long)model->jobs.run,
	         model->jobs.rest ? "Call" : "Job", chunk->no);
	details_open(model, model->jobs.run, title);
	details_add(details, "Id", "%s", chunk->job);
	details_add(details, "where it is", "%s", chunk_words(chunk));
	details_add(details, "the org says", "%s", chunk->job_state);
	details_add(details, "records", "%s to %s%s", text_count(chunk->first, first, sizeof first),
	            text_count(chunk->last, last, sizeof last), chunk->listed ? ", some of them" : "");
	add_number(details, "sent", chunk->records);
	add_number(details, "bytes", chunk->bytes);
	details_add(details, "they go again", "%s", chunk->why);
	add_number(details, "times before", chunk->tries);
	add_number(details, "repeated", chunk->repeats);
	add_number(details, "the org has done", chunk->job_processed);
	add_number(details, "of these failed", chunk->job_failed);
	add_number(details, "written", chunk->written);
	add_number(details, "failed", chunk->failed);
	add_number(details, "in doubt", chunk->in_doubt);
	add_time(details, "not before", chunk->not_before_ms);
	add_time(details, "made", chunk->created_ms);
	add_time(details, "handed over", chunk->closed_ms);
	add_time(details, "done", chunk->settled_ms);
}

static void jobs_update(struct model *model, enum verb verb, struct key key)
{
	const struct chunk *chunk = focused(model);

	if ((verb == VERB_DETAILS || verb == VERB_JOB) && chunk)
		open_details(model, chunk);
	else
		table_move(&model->jobs.table, key, model->rows - FRAME);
}

/* Columns from the right: written, failed, in doubt. */
enum { COUNT_WIDE = 12, FEW_WIDE = 9, SIGN_AT = 9, NAME_AT = 11, NAME_WIDE = 20 };

static void view_row(struct grid *grid, int row, const struct chunk *chunk, bool focus)
{
	enum style style;
	const char *sign = chunk_sign(chunk, &style);
	int right = grid->columns - 1;

	grid_text(grid, row, 1, 1, focus ? "▸" : " ", STYLE_KEY);
	chrome_number(grid, row, 2, 6, chunk->no, STYLE_PLAIN);
	grid_text(grid, row, SIGN_AT, 1, sign, style);
	grid_put(grid, row, NAME_AT, NAME_WIDE - 1, slice_of(chunk->job[0] ? chunk->job : chunk_words(chunk)),
	         GIVE_MIDDLE, STYLE_PLAIN);
	if (grid->columns >= 100 && chunk->job[0])
		grid_text(grid, row, NAME_AT + NAME_WIDE, 16, chunk_words(chunk), STYLE_DIM);
	right -= FEW_WIDE;
	chrome_number(grid, row, right, FEW_WIDE, chunk->in_doubt, chunk->in_doubt ? STYLE_DOUBT : STYLE_DIM);
	right -= FEW_WIDE;
	chrome_number(grid, row, right, FEW_WIDE, chunk->failed, chunk->failed ? STYLE_BAD : STYLE_DIM);
	if (grid->columns >= 70) {
		right -= COUNT_WIDE;
		chrome_number(grid, row, right, COUNT_WIDE, chunk->written,
		              chunk->written ? STYLE_GOOD : STYLE_DIM);
	}
	right -= COUNT_WIDE;
	chrome_number(grid, row, right, COUNT_WIDE, chunk->records, STYLE_PLAIN);
	if (focus)
		grid_focus(grid, row, 1, grid->columns - 2);
}

static void view_head(const struct jobs_screen *jobs, struct grid *grid, int row)
{
	int right = grid->columns - 1;

	grid_right(grid, row, 2, 6, jobs->rest ? "call" : "job", STYLE_DIM);
	grid_text(grid, row, NAME_AT, NAME_WIDE - 1, jobs->rest ? "where it is" : "Id", STYLE_DIM);
	grid_right(grid, row, right -= FEW_WIDE, FEW_WIDE, "in doubt", STYLE_DIM);
	grid_right(grid, row, right -= FEW_WIDE, FEW_WIDE, "failed", STYLE_DIM);
	if (grid->columns >= 70)
		grid_right(grid, row, right -= COUNT_WIDE, COUNT_WIDE, "written", STYLE_DIM);
	grid_right(grid, row, right - COUNT_WIDE, COUNT_WIDE, "records", STYLE_DIM);
}

/* One job in a sentence: what is behind it, or what it is at. */
static void view_detail(const struct jobs_screen *jobs, const struct chunk *chunk, struct grid *grid)
{
	char text[320], first[28], last[28], when[WHEN_TEXT] = "";

	if (chunk->settled_ms)
		when_local_text(chunk->settled_ms, when);
	snprintf(text, sizeof text, "%s %d: records %s to %s%s%s%s, %s%s%s", jobs->rest ? "Call" : "Job",
	         chunk->no, text_count(chunk->first, first, sizeof first),
	         text_count(chunk->last, last, sizeof last), chunk->listed ? ", some of them" : "",
	         chunk->why[0] ? ", again: " : "", chunk->why, chunk_words(chunk), when[0] ? " on " : "", when);
	chrome_wrap(grid, grid->rows - 3, 1, grid->columns - 2, 2, text, STYLE_PLAIN);
}

static void jobs_view(struct model *model, struct grid *grid)
{
	struct jobs_screen *jobs = &model->jobs;
	const struct chunk *chunk = focused(model);
	char title[64];
	int top, page;

	snprintf(title, sizeof title, "Run %lld › %s", (long long)jobs->run, jobs->rest ? "Calls" : "Jobs");
	top = chrome_title_org(grid, title, model_badge(model, jobs->run)) + 1;
	page = grid->rows - 4 - top;
	view_head(jobs, grid, top - 1);
	table_scroll(&jobs->table, page);
	for (int i = 0; i < page && jobs->table.top + (size_t)i < jobs->table.count; i++) {
		const struct chunk *row = row_at(jobs, jobs->table.top + (size_t)i);

		if (row)
			view_row(grid, top + i, row, jobs->table.top + (size_t)i == jobs->table.cursor);
	}
	if (jobs->read && !jobs->table.count)
		grid_text(grid, top, 3, grid->columns - 4, "Nothing was sent yet. Esc goes back.", STYLE_DIM);
	chrome_rule(grid, grid->rows - 4);
	if (chunk)
		view_detail(jobs, chunk, grid);
}

static const char *jobs_refuses(const struct model *model, enum verb verb)
{
	if (!model->jobs.table.count && (verb == VERB_JOB || verb == VERB_DETAILS || verb == VERB_COPY))
		return "Nothing was sent yet: Esc goes back";
	return NULL;
}

static void jobs_copies(const struct model *model, struct copies *copies)
{
	const struct chunk *chunk = focused(model);

	if (!chunk)
		return;
	copies_add(copies, "Id", "%s", chunk->job);
	if (chunk->job[0] && model->jobs.instance_url[0])
		copies_add(copies, "link", "%s/%s", model->jobs.instance_url, chunk->job);
	copies_add(copies, "the command", "longshore show %lld", (long long)model->jobs.run);
}

const struct screen screen_jobs = {
	.update = jobs_update,
	.view = jobs_view,
	.refuses = jobs_refuses,
	.copies = jobs_copies,
};
