/* run_view.c - one run as it is drawn: the bar, where its records are, the reasons, the jobs, what happened. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/paths.h"
#include "base/text.h"
#include "base/when.h"
#include "ui/console/chrome.h"
#include "ui/console/model.h"
#include "ui/console/screens/run_orders.h"

static bool ended(const struct run_screen *screen)
{
	return run_state_ended(screen->now);
}

/* ---- the bar ---- */

static int64_t share(int64_t part, int64_t of, int64_t width)
{
	return of > 0 ? part * width / of : 0;
}

static void view_bar(const struct run_parts *parts, struct grid *grid, int row, int width)
{
	int64_t of = parts->records - parts->left_out;
	int64_t done = parts->written + parts->failed + parts->in_doubt;
	int full = (int)share(done, of, width);
	int org = (int)share(done + parts->to_try_again + parts->org_done, of, width) - full;

	grid_fill(grid, row, 1, width, 0x2591, STYLE_DIM);
	grid_fill(grid, row, 1, full, 0x2588, STYLE_GOOD);
	grid_fill(grid, row, 1 + full, org, 0x2592, STYLE_LIVE);
}

static void time_words(const struct run_screen *screen, int64_t to_do, char *to, size_t size)
{
	char span[WHEN_TEXT];
	int64_t rate = run_rate(screen);

	to[0] = '\0';
	if (ended(screen) && screen->run.started_ms && screen->run.ended_ms) {
		int64_t ms = screen->run.ended_ms - screen->run.started_ms;

		when_span_text(ms, span);
		snprintf(to, size, "   in %s", ms < 1000 ? "less than 1s" : span);
	} else if (screen->now == RUN_RUNNING && rate > 0 && to_do > 0) {
		when_span_text(to_do * 1000 / rate, span);
		snprintf(to, size, "   %s left", span);
	}
}

static void view_progress(const struct run_screen *screen, const struct run_parts *parts, struct grid *grid,
                          int row)
{
	int64_t of = parts->records - parts->left_out;
	int64_t done = parts->written + parts->failed + parts->in_doubt + parts->to_try_again + parts->org_done;
	char text[160], a[28], b[28], left[48];
	int taken;

	time_words(screen, of - done, left, sizeof left);
	snprintf(text, sizeof text, "%s of %s   %lld%%%s", text_count(done, a, sizeof a),
	         text_count(of, b, sizeof b), of ? (long long)share(done, of, 100) : 100LL, left);
	taken = grid_width(grid, slice_of(text));
	view_bar(parts, grid, row, grid->columns - taken - 5);
	grid_right(grid, row, grid->columns - 1 - taken, taken, text, STYLE_PLAIN);
}

/* ---- the parts ---- */

struct part_row {
	enum run_part part;
	const char *name;
	int64_t count;
	enum style style;
	char words[160];
};

static void written_words(const struct run_screen *screen, char *to, size_t size)
{
	const struct run_counts *counts = &screen->run.counts;
	const struct {
		int64_t n;
		const char *word;
	} kinds[] = { { counts->created, "created" },
		      { counts->updated, "updated" },
		      { counts->deleted, "deleted" } };
	size_t len = 0;
	char number[28];

	to[0] = '\0';
	for (size_t i = 0; i < 3; i++)
		if (kinds[i].n && len < size)
			len += (size_t)snprintf(to + len, size - len, "%s%s %s", len ? ", " : "",
			                        text_count(kinds[i].n, number, sizeof number), kinds[i].word);
}

static void left_out_words(const struct run_screen *screen, char *to, size_t size)
{
	int64_t rest = screen->run.counts.skipped;
	size_t len = 0;
	char number[28];

	to[0] = '\0';
	for (int i = 0; i < screen->reason_count && len < size; i++) {
		const struct outcome_reason *reason = &screen->reasons[i];

		rest -= reason->count;
		len += (size_t)snprintf(to + len, size - len, "%s%s %s", i ? ", " : "by the check: ",
		                        text_count(reason->count, number, sizeof number),
		                        run_left_out_word(reason->code));
	}
	if (screen->reason_count && rest > 0 && len < size)
		snprintf(to + len, size - len, ", %s for other reasons",
		         text_count(rest, number, sizeof number));
}

enum { NUMBER_AT = 13, NUMBER_WIDE = 10, WORDS_AT = 25 };

static void parts_rows(const struct run_screen *screen, const struct run_parts *parts,
                       struct part_row rows[RUN_PARTS])
{
	bool live = run_is_live(screen->now);
	const struct part_row made[RUN_PARTS] = {
		{ PART_WRITTEN, "written", parts->written, STYLE_GOOD, "" },
		{ PART_FAILED, "failed", parts->failed, STYLE_BAD, "" },
		{ PART_TO_TRY_AGAIN, "to try again", parts->to_try_again, STYLE_WARN, "" },
		{ PART_IN_ORG, "in the org", parts->in_org, STYLE_LIVE, "" },
		{ PART_TO_GO, "to go", parts->to_go, STYLE_PLAIN, "" },
		{ PART_LEFT_OUT, "left out", parts->left_out, STYLE_PLAIN, "" },
		{ PART_IN_DOUBT, "in doubt", parts->in_doubt, STYLE_DOUBT, "" },
	};

	memcpy(rows, made, sizeof made);
	written_words(screen, rows[PART_WRITTEN].words, sizeof rows[PART_WRITTEN].words);
	if (parts->failed)
		snprintf(rows[PART_FAILED].words, sizeof rows[PART_FAILED].words, "Enter reviews them%s",
		         live ? " now; the load goes on meanwhile" : "");
	if (parts->to_try_again)
		snprintf(rows[PART_TO_TRY_AGAIN].words, sizeof rows[PART_TO_TRY_AGAIN].words,
		         "refused for the moment; sent again at the end");
	if (parts->in_org)
		run_jobs_words(&screen->run, screen->jobs, screen->job_count, parts->org_done,
		               parts->org_failed, rows[PART_IN_ORG].words, sizeof rows[PART_IN_ORG].words);
	left_out_words(screen, rows[PART_LEFT_OUT].words, sizeof rows[PART_LEFT_OUT].words);
	if (parts->in_doubt)
		snprintf(rows[PART_IN_DOUBT].words, sizeof rows[PART_IN_DOUBT].words,
		         "sent, the answer was lost; may be in the org");
}

static int view_part(const struct part_row *part, bool focus, struct grid *grid, int row)
{

	grid_text(grid, row, 1, 13, part->name, STYLE_PLAIN);
	chrome_number(grid, row, NUMBER_AT, NUMBER_WIDE, part->count, part->count ? part->style : STYLE_DIM);
	grid_text(grid, row, WORDS_AT, grid->columns - 1 - WORDS_AT, part->words, STYLE_DIM);
	if (focus)
		grid_focus(grid, row, 1, WORDS_AT - 2);
	return row + 1;
}

/* The line below the parts: their sum, and how fast it goes. */
static void view_sum(const struct run_screen *screen, const struct run_parts *parts, struct grid *grid, int row)
{
	char rate[28], calls[28], spark[RUN_SPARK], text[200];
	const char *way = run_is_rest(&screen->run) ? "REST, 200 a call   " : "";
	int64_t per_second = run_rate(screen);
	bool rated = screen->now == RUN_RUNNING && per_second > 0;
	bool wide = grid->columns >= 70;

	/* the promise of every Run screen: each record is in one of the rows */
	assert(parts->records == parts->written + parts->failed + parts->to_try_again + parts->in_org +
	                                 parts->to_go + parts->left_out + parts->in_doubt);
	run_spark(screen, spark);
	chrome_number(grid, row, NUMBER_AT, NUMBER_WIDE, parts->records, STYLE_TITLE);
	text_count(per_second, rate, sizeof rate);
	text_count(screen->run.api_calls, calls, sizeof calls);
	if (rated)
		snprintf(text, sizeof text, "%s/s%s%s   %sAPI calls %s", rate, wide ? " " : "",
		         wide ? spark : "", wide ? way : "", calls);
	else
		snprintf(text, sizeof text, "%sAPI calls %s", way, calls);
	grid_text(grid, row, WORDS_AT, grid->columns - 1 - WORDS_AT, text, STYLE_DIM);
}

/* ---- below the rule ---- */

static void view_events(const struct run_screen *screen, struct grid *grid, int row)
{
	char text[2400];
	size_t len = 0;

	text[0] = '\0';
	for (int i = 0; i < screen->event_count && len < sizeof text; i++) {
		char clock[WHEN_TEXT];

		when_local_clock(screen->events[i].utc_ms, clock);
		len += (size_t)snprintf(text + len, sizeof text - len, "%s%s %s", i ? " · " : "", clock,
		                        screen->events[i].text);
	}
	grid_text(grid, row, 1, grid->columns - 2, text, STYLE_DIM);
}

static void view_groups(struct run_screen *screen, struct grid *grid, int top, int rows)
{
	table_scroll(&screen->table, rows);
	for (int i = 0; i < rows && screen->table.top + (size_t)i < screen->table.count; i++) {
		size_t place = screen->table.top + (size_t)i;
		const struct outcome_group *group = &screen->groups[place];
		bool focus = run_pane(screen) == PANE_REASONS && place == screen->table.cursor;
		int field = grid->columns >= 70 ? 20 : 0;
		char words[REVIEW_WORDS];

		grid_text(grid, top + i, 1, 1, focus ? "▸" : " ", STYLE_KEY);
		chrome_number(grid, top + i, 2, 9, group->count, STYLE_BAD);
		grid_text(grid, top + i, 13, grid->columns - 15 - field, review_words(group, words),
		          STYLE_PLAIN);
		if (field)
			grid_put(grid, top + i, grid->columns - 1 - field + 1, field - 1,
			         slice_of(group->fields), GIVE_END, STYLE_DIM);
		if (focus)
			grid_focus(grid, top + i, 1, grid->columns - 2);
	}
}

static const char *state_sentence(const struct run_screen *screen, char *to, size_t size)
{
	struct run_line line;
	char sentence[RUN_SENTENCE];
	const char *text;

	run_line_of(&line, &screen->run, screen->now);
	if (screen->now == RUN_RUNNING && !screen->run.why[0])
		return "";
	run_sentence(&line, sentence);
	text = strchr(sentence, ' ');
	snprintf(to, size, "%s", text ? text + 1 : sentence);
	return chrome_sentence(to);
}

static int view_head(const struct model *model, struct grid *grid)
{
	const struct run_screen *screen = &model->run;
	char what[RUN_WHAT], left[640];

	snprintf(left, sizeof left, "Run %lld › %s → %s", (long long)screen->id, paths_name(screen->run.file),
	         run_what(screen->run.object, screen->run.action, what));
	return chrome_title_org(grid, left, model_badge(model, screen->id));
}

static int view_parts(const struct run_screen *screen, const struct part_row parts[RUN_PARTS],
                      struct grid *grid, int row)
{
	for (int i = 0; i < RUN_PARTS; i++) {
		bool focus = run_pane(screen) == PANE_PARTS && screen->part == parts[i].part;

		if (run_part_shown(screen, parts[i].part, grid->rows))
			row = view_part(&parts[i], focus, grid, row);
	}
	return row;
}

void run_view(struct model *model, struct grid *grid)
{
	struct run_screen *screen = &model->run;
	struct part_row rows[RUN_PARTS];
	struct run_parts parts = run_parts_of(screen);
	char state[RUN_SENTENCE];
	const char *sentence;
	int row, foot, lines, most;

	if (!screen->read) {
		chrome_title(grid, screen->error[0] ? "Run" : "Run …", "");
		chrome_wrap(grid, 2, 1, grid->columns - 2, 4, screen->error, STYLE_ERROR);
		return;
	}
	parts_rows(screen, &parts, rows);
	row = view_head(model, grid);
	view_progress(screen, &parts, grid, row++);
	row = view_parts(screen, rows, grid, row);
	view_sum(screen, &parts, grid, row++);
	sentence = state_sentence(screen, state, sizeof state);
	most = grid->rows - row - 5; /* the rule, a group, jobs, events and keys stay */
	most = most < 1 ? 1 : most < 3 ? most : 3;
	lines = *sentence ? chrome_wrap(NULL, 0, 0, grid->columns - 2, most, sentence, STYLE_PLAIN) : 0;
	foot = grid->rows - 3 - lines;
	chrome_rule(grid, row++);
	view_groups(screen, grid, row, foot - row);
	run_jobs_view(&screen->run, screen->jobs, screen->job_count, grid, grid->rows - 3 - lines);
	if (run_pane(screen) == PANE_JOBS)
		grid_focus(grid, grid->rows - 3 - lines, 1, grid->columns - 2);
	if (lines)
		chrome_wrap(grid, grid->rows - 2 - lines, 1, grid->columns - 2, lines, sentence,
		            screen->now == RUN_FINISHED && !parts.failed && !parts.in_doubt ? STYLE_GOOD
		                                                                            : STYLE_WARN);
	view_events(screen, grid, grid->rows - 2);
}
