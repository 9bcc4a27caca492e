#include "ui/console/screens/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/when.h"
#include "ui/console/chrome.h"
#include "ui/console/model.h"

void log_reset(struct log_screen *log, int64_t run)
{
	log_release(log);
	memset(log, 0, sizeof *log);
	log->run = run;
	log->follow = true;
	log->table.sentences = true;
}

void log_release(struct log_screen *log)
{
	free(log->events);
	log->events = NULL;
	table_release(&log->table);
}

static const char *event_text(const void *ctx, size_t i, int which)
{
	return which == 0 ? ((const struct log_screen *)ctx)->events[i].text : NULL;
}

static void log_narrow(struct log_screen *log)
{
	table_narrow(&log->table, log->count, event_text, log);
	if (log->follow && log->table.count)
		log->table.cursor = log->table.count - 1;
}

static const struct run_event *focused(const struct log_screen *log)
{
	size_t i = table_focus(&log->table);

	return i < log->count ? &log->events[i] : NULL;
}

void log_add(struct log_screen *log, const struct run_event *events, size_t count)
{
	size_t drop;
	struct run_event *more;

	if (count > LOG_MOST) {
		events += count - LOG_MOST;
		count = LOG_MOST;
	}
	drop = log->count + count > LOG_MOST ? log->count + count - LOG_MOST : 0;
	if (drop)
		memmove(log->events, log->events + drop, (log->count - drop) * sizeof *log->events);
	log->count -= drop;
	more = realloc(log->events, (log->count + count + 1) * sizeof *more);
	if (!more)
		return;
	log->events = more;
	memcpy(more + log->count, events, count * sizeof *more);
	log->count += count;
	log_narrow(log);
}

static void log_update(struct model *model, enum verb verb, struct key key)
{
	struct log_screen *log = &model->log;

	struct run_line line;

	if (log->table.narrowing) {
		if (table_filter_key(&log->table, key, model->rows - 4))
			log_narrow(log);
		return;
	}
	if (verb == VERB_NARROW) {
		log->table.narrowing = true;
		return;
	}
	if (verb == VERB_REVIEW) {
		model_show_run(model, log->run, SCREEN_REVIEW);
		return;
	}
	if (verb == VERB_NEXT_FIELD || verb == VERB_PREVIOUS_FIELD) {
		model_show_run(model, log->run, SCREEN_JOBS);
		return;
	}
	if (verb == VERB_WRITE) {
		if (model_run_line(model, log->run, &line))
			write_ask(model, &line);
		return;
	}
	table_move(&log->table, key, model->rows - 4);
	log->follow = log->table.count && log->table.cursor == log->table.count - 1;
}

enum { WHEN_AT = 3, CLOCK_AT = 16, TEXT_AT = 23 };

/* The time of day, and the date where it is another than that of the line above. */
static void view_when(const struct log_screen *log, size_t at, bool first, struct grid *grid, int row)
{
	char when[WHEN_TEXT], above[WHEN_TEXT], clock[WHEN_TEXT];

	when_local_text(log->events[at].utc_ms, when);
	when_local_clock(log->events[at].utc_ms, clock);
	above[0] = '\0';
	if (!first && at > 0)
		when_local_text(log->events[at - 1].utc_ms, above);
	when[strlen(when) - strlen(clock)] = '\0';
	if (strncmp(when, above, strlen(when)) != 0)
		grid_text(grid, row, WHEN_AT, CLOCK_AT - WHEN_AT - 1, when, STYLE_DIM);
	grid_text(grid, row, CLOCK_AT, TEXT_AT - CLOCK_AT - 2, clock, STYLE_DIM);
}

static void log_view(struct model *model, struct grid *grid)
{
	struct log_screen *log = &model->log;
	const struct run_event *event = focused(log);
	const char *told = event ? event->text : "";
	int lines = chrome_wrap(NULL, 0, 0, grid->columns - 2, 3, told, STYLE_PLAIN);
	char title[64];
	int top, page;

	snprintf(title, sizeof title, "Run %lld › Log", (long long)log->run);
	top = chrome_title_org(grid, title, model_badge(model, log->run));
	page = grid->rows - 2 - lines - top;
	table_scroll(&log->table, page);
	for (int i = 0; i < page && log->table.top + (size_t)i < log->table.count; i++) {
		size_t at = table_entry(&log->table, log->table.top + (size_t)i);
		bool focus = log->table.top + (size_t)i == log->table.cursor;

		grid_text(grid, top + i, 1, 1, focus ? "▸" : " ", STYLE_KEY);
		view_when(log, at, i == 0, grid, top + i);
		grid_text(grid, top + i, TEXT_AT, grid->columns - 1 - TEXT_AT, log->events[at].text,
		          STYLE_PLAIN);
		if (focus)
			grid_focus(grid, top + i, 1, grid->columns - 2);
	}
	if (!log->count)
		grid_text(grid, top, 3, grid->columns - 4, "Nothing has happened yet.", STYLE_DIM);
	else if (!log->table.count)
		grid_text(grid, top, 3, grid->columns - 4, "No line fits. Esc shows them all.", STYLE_DIM);
	chrome_rule(grid, grid->rows - 2 - lines);
	chrome_wrap(grid, grid->rows - 1 - lines, 1, grid->columns - 2, lines, told, STYLE_PLAIN);
	table_filter_view(&log->table, grid, grid->rows - 2);
}

static void log_copies(const struct model *model, struct copies *copies)
{
	const struct log_screen *log = &model->log;

	const struct run_event *event = focused(log);

	if (event)
		copies_add(copies, "the line", "%s", event->text);
	copies_add(copies, "the command", "longshore show %lld --log", (long long)log->run);
}

static const char *log_label(const struct model *model, enum verb verb)
{
	(void)model;
	return verb == VERB_NEXT_FIELD ? "jobs" : NULL;
}

static const char *log_refuses(const struct model *model, enum verb verb)
{
	struct run_line line;

	if (verb == VERB_REVIEW && model_run_line(model, model->log.run, &line) && !line.counts.failed &&
	    !line.counts.in_doubt)
		return "No record has failed: there is nothing to review";
	return NULL;
}

const struct screen screen_log = {
	.update = log_update, .view = log_view, .label = log_label, .refuses = log_refuses, .copies = log_copies
};
