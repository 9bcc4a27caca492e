#include "ui/console/screens/run_jobs.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

struct state_words {
	const char *state;
	bool in_org;
	const char *words;
};

/* The states of core/engine/chunk_state.h, for people. */
static const struct state_words states[] = {
	{ "planned", false, "to go" },           { "building", false, "is uploaded" },
	{ "discarding", false, "is given up" },  { "closing", true, "is handed over" },
	{ "processing", true, "the org works" }, { "cancelling", true, "is stopped" },
	{ "collecting", true, "results come" },  { "settling", true, "is found out" },
	{ "sending", true, "is sent" },          { "settled", false, "done" },
};

static const struct state_words *state_of(const struct chunk *chunk)
{
	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
		if (strcmp(states[i].state, chunk->state) == 0)
			return &states[i];
	return NULL;
}

bool run_is_rest(const struct run *run)
{
	return strcmp(run->api, "collections") == 0;
}

const char *run_job_word(const struct run *run)
{
	return run_is_rest(run) ? "call" : "job";
}

bool chunk_in_org(const struct chunk *chunk)
{
	const struct state_words *state = state_of(chunk);

	return state && state->in_org;
}

const char *chunk_words(const struct chunk *chunk)
{
	const struct state_words *state = state_of(chunk);

	return state ? state->words : chunk->state;
}

const char *chunk_sign(const struct chunk *chunk, enum style *style)
{
	if (strcmp(chunk->state, "settled") == 0) {
		*style = chunk->in_doubt ? STYLE_DOUBT : chunk->failed ? STYLE_WARN : STYLE_GOOD;
		return chunk->in_doubt ? "?" : chunk->failed ? "!" : "✓";
	}
	*style = chunk_in_org(chunk) ? STYLE_LIVE : STYLE_DIM;
	return chunk_in_org(chunk) ? "▶" : "·";
}

enum { CELLS_AT = 8, JOB_CELL = 36, CALL_CELL = 30, NARROW = 42 };

/* "2 ▶ 750Hp00000AbCdF     45,996", or "2 ▶ is sent     200": a call has no Id. */
static void view_cell(const struct run *run, const struct chunk *chunk, struct grid *grid, int row, int column)
{
	bool rest = run_is_rest(run);
	bool done = strcmp(chunk->state, "settled") == 0;
	const char *name = chunk->job[0] ? chunk->job : rest && done ? "" : chunk_words(chunk);
	char number[28];
	enum style style;
	const char *sign = chunk_sign(chunk, &style);
	int at = column;

	at += grid_putf(grid, row, at, 6, STYLE_PLAIN, "%d ", chunk->no);
	at += grid_text(grid, row, at, 1, sign, style) + 1;
	at += grid_put(grid, row, at, 18, slice_of(name), GIVE_MIDDLE, STYLE_DIM);
	text_count(chunk->records, number, sizeof number);
	if (rest)
		grid_text(grid, row, at + (*name != '\0'), 10, number, STYLE_PLAIN);
	else
		grid_right(grid, row, at + 1, 10, number, STYLE_PLAIN);
}

static int cell_width(const struct run *run, const struct chunk *chunks, int count, int columns)
{
	bool quiet = true; /* calls that are done are told in a few columns */

	for (int i = 0; i < count; i++)
		quiet = quiet && strcmp(chunks[i].state, "settled") == 0;
	if (run_is_rest(run))
		return quiet ? CALL_CELL / 2 : CALL_CELL;
	return columns < 70 ? NARROW : JOB_CELL;
}

void run_jobs_view(const struct run *run, const struct chunk *chunks, int count, struct grid *grid, int row)
{
	int each = cell_width(run, chunks, count, grid->columns);
	int fit = (grid->columns - CELLS_AT) / each;
	int first = count > fit ? count - fit : 0;

	grid_text(grid, row, 1, 6, run_is_rest(run) ? "calls" : "jobs", STYLE_DIM);
	if (!count)
		grid_text(grid, row, CELLS_AT, 30, "none yet", STYLE_DIM);
	for (int i = first; i < count; i++)
		view_cell(run, &chunks[i], grid, row, CELLS_AT + (i - first) * each);
}

void run_jobs_words(const struct run *run, const struct chunk *chunks, int count, int64_t done, int64_t failed,
                    char *to, size_t size)
{
	char done_text[28], failed_text[28];
	int jobs = 0, no = 0;

	to[0] = '\0';
	for (int i = 0; i < count; i++)
		if (chunk_in_org(&chunks[i])) {
			jobs++;
			no = chunks[i].no;
		}
	text_count(done, done_text, sizeof done_text);
	text_count(failed, failed_text, sizeof failed_text);
	if (run_is_rest(run) && jobs == 1)
		snprintf(to, size, "call %d waits for its answer", no);
	else if (run_is_rest(run))
		snprintf(to, size, "%d calls wait for their answers", jobs);
	else if (jobs == 1)
		snprintf(to, size, "job %d has done %s, %s failed; reasons when it ends", no, done_text,
		         failed_text);
	else
		snprintf(to, size, "the jobs have done %s, %s failed; reasons when they end", done_text,
		         failed_text);
}
