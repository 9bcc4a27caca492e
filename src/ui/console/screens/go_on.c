#include "ui/console/screens/go_on.h"

#include <stdio.h>
#include <string.h>

#include "base/paths.h"
#include "base/text.h"
#include "base/when.h"
#include "ui/console/chrome.h"
#include "ui/console/model.h"
#include "ui/console/screens/run_orders.h"

enum { FOOT = 6 }; /* rows below the list: the rule, four sentences, the keys */

void go_on_reset(struct go_on_screen *go_on, int64_t run)
{
	memset(go_on, 0, sizeof *go_on);
	go_on->run = run;
}

static int page_rows(const struct model *model)
{
	return model->rows - FOOT - 5;
}

static void go_on_update(struct model *model, enum verb verb, struct key key)
{
	struct go_on_screen *go_on = &model->go_on;
	struct run_line line;

	run_line_of(&line, &go_on->was, go_on->now);
	if (verb == VERB_PAUSE && go_on->read)
		orders_ask(model, verb, &line);
	else if (verb == VERB_WRITE && go_on->read)
		write_ask(model, &line);
	else if (verb == VERB_LOG)
		model_show_run(model, go_on->run, SCREEN_LOG);
	else
		table_move(&go_on->table, key, page_rows(model));
}

static const char *go_on_label(const struct model *model, enum verb verb)
{
	return verb == VERB_PAUSE && !run_is_live(model->go_on.now) ? "go on" : NULL;
}

static const char *go_on_refuses(const struct model *model, enum verb verb)
{
	struct run_line line;

	if (verb != VERB_PAUSE || !model->go_on.read)
		return NULL;
	run_line_of(&line, &model->go_on.was, model->go_on.now);
	return orders_refuse(&line, verb);
}

/* A yes leads to the run, where one sees it go on. */
static void go_on_answered(struct model *model, enum verb verb, int64_t run, int answer)
{
	orders_answered(model, verb, run, answer);
	if (verb != VERB_PAUSE || !answer)
		return;
	model_pop(model);
	if (model_top(model) != SCREEN_RUN)
		model_show_run(model, run, SCREEN_RUN);
}

static void view_head(const struct go_on_screen *go_on, struct grid *grid, int row)
{
	const struct run *run = &go_on->was;
	char what[RUN_WHAT], begun[WHEN_TEXT], beat[WHEN_TEXT], text[800], a[28], b[28], c[28];

	when_local_text(run->started_ms ? run->started_ms : run->created_ms, begun);
	when_local_text(run->beat_ms, beat);
	snprintf(text, sizeof text, "%s from %s · by %s, %s%s%s", run_what(run->object, run->action, what),
	         paths_name(run->file), run->started_by, begun, run->beat_ms ? " · last sign of life " : "",
	         run->beat_ms ? beat : "");
	grid_text(grid, row, 1, grid->columns - 2, text, STYLE_PLAIN);
	snprintf(text, sizeof text, "%s records: %s written, %s to go",
	         text_count(run->counts.records, a, sizeof a), text_count(run->counts.written, b, sizeof b),
	         text_count(run_pending(&run->counts), c, sizeof c));
	grid_text(grid, row + 1, 1, grid->columns - 2, text, STYLE_PLAIN);
}

struct widths {
	int records, known, happens;
};

static struct widths widths_of(int columns)
{
	struct widths widths = { .records = columns >= 100 ? 24 : 15 };

	widths.known = (columns - 4 - widths.records) * 3 / 5;
	widths.happens = columns - 4 - widths.records - widths.known;
	return widths;
}

static void view_row(struct grid *grid, int at, const struct go_on_row *row, bool focus)
{
	struct widths widths = widths_of(grid->columns);

	grid_text(grid, at, 1, 1, focus ? "▸" : " ", STYLE_KEY);
	grid_text(grid, at, 3, widths.records - 2, row->records, STYLE_PLAIN);
	grid_text(grid, at, 3 + widths.records, widths.known - 2, row->known, STYLE_PLAIN);
	grid_put(grid, at, 3 + widths.records + widths.known, widths.happens, slice_of(row->happens),
	         GIVE_MIDDLE, STYLE_PLAIN);
	if (focus)
		grid_focus(grid, at, 1, grid->columns - 2);
}

static void view_rows(struct go_on_screen *go_on, struct grid *grid, int top, int page)
{
	struct widths widths = widths_of(grid->columns);

	grid_text(grid, top - 1, 3, widths.records - 2, "records", STYLE_DIM);
	grid_text(grid, top - 1, 3 + widths.records, widths.known - 2, "what is known", STYLE_DIM);
	grid_text(grid, top - 1, 3 + widths.records + widths.known, widths.happens, "what happens now",
	          STYLE_DIM);
	table_scroll(&go_on->table, page);
	for (int i = 0; i < page && go_on->table.top + (size_t)i < go_on->table.count; i++) {
		struct go_on_row row;

		go_on_row(go_on, go_on->table.top + (size_t)i, &row);
		view_row(grid, top + i, &row, go_on->table.top + (size_t)i == go_on->table.cursor);
	}
}

static const char *file_words(enum go_on_file file)
{
	switch (file) {
	case GO_ON_LOOKING:
		return "The file is looked at: a moment.";
	case GO_ON_SAME:
		return "The file is the same as then. Nothing is sent twice.";
	case GO_ON_CHANGED:
		return "The file has changed since: what was never sent cannot be sent. Put the old one back.";
	case GO_ON_GONE:
		return "The file is gone: what was never sent cannot be sent. Put it back, or resume with "
		       "--file.";
	case GO_ON_UNKNOWN:
		break;
	}
	return "Whether the file is the same is looked at before anything is sent. Nothing is sent twice.";
}

static void kept_words(const struct go_on_screen *go_on, int64_t now_ms, char *to, size_t size)
{
	int64_t until = go_on_kept_until(go_on);
	char when[WHEN_TEXT];

	to[0] = '\0';
	if (!until)
		return;
	when_local_text(until, when);
	if (until > now_ms)
		snprintf(to, size, "The org keeps the results until %s.", when);
	else
		snprintf(to, size, "The org kept the results until %s: its records are looked up instead.",
		         when);
}

static void view_foot(const struct model *model, struct grid *grid)
{
	const struct go_on_screen *go_on = &model->go_on;
	int row = grid->rows - FOOT;
	struct go_on_row focused;
	char text[400];

	chrome_rule(grid, row++);
	if (go_on->table.cursor < go_on->table.count) {
		go_on_row(go_on, go_on->table.cursor, &focused);
		snprintf(text, sizeof text, "%s: %s → %s", focused.records, focused.known, focused.happens);
		grid_text(grid, row, 1, grid->columns - 2, text, STYLE_PLAIN);
	}
	row++;
	grid_text(grid, row++, 1, grid->columns - 2, file_words(go_on->file),
	          go_on->file == GO_ON_CHANGED || go_on->file == GO_ON_GONE ? STYLE_WARN : STYLE_PLAIN);
	kept_words(go_on, model->now_ms, text, sizeof text);
	grid_text(grid, row++, 1, grid->columns - 2, text, STYLE_PLAIN);
	if (!model->user[0] || strcmp(model->user, go_on->was.started_by) == 0)
		return;
	snprintf(text, sizeof text, "You are %s; %s started it. Both stay in the run's log.", model->user,
	         go_on->was.started_by);
	grid_text(grid, row, 1, grid->columns - 2, text, STYLE_WARN);
}

static void go_on_view(struct model *model, struct grid *grid)
{
	struct go_on_screen *go_on = &model->go_on;
	char title[64];
	int top;

	snprintf(title, sizeof title, "Run %lld › Go on", (long long)go_on->run);
	top = chrome_title_org(grid, title, model_badge(model, go_on->run));
	if (!go_on->read)
		return;
	view_head(go_on, grid, top);
	view_rows(go_on, grid, top + 4, grid->rows - FOOT - top - 4);
	view_foot(model, grid);
}

static void go_on_copies(const struct model *model, struct copies *copies)
{
	const struct go_on_screen *go_on = &model->go_on;
	struct go_on_row row;

	copies_add(copies, "the command", "longshore resume %lld", (long long)go_on->run);
	if (go_on->table.cursor >= go_on->table.count)
		return;
	go_on_row(go_on, go_on->table.cursor, &row);
	copies_add(copies, "this part", "%s: %s; %s", row.records, row.known, row.happens);
}

const struct screen screen_go_on = {
	.update = go_on_update,
	.view = go_on_view,
	.answered = go_on_answered,
	.label = go_on_label,
	.refuses = go_on_refuses,
	.copies = go_on_copies,
};
