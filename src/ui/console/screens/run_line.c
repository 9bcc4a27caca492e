/* run_line.c - a run in one line: its group, its sign, its sentence. */
#include <stdio.h>
#include <string.h>

#include "base/paths.h"
#include "base/text.h"
#include "base/when.h"
#include "ui/console/model.h"
#include "ui/console/screens/run_orders.h"
#include "ui/console/screens/runs.h"
#include "ui/console/theme.h"

void run_line_of(struct run_line *line, const struct run *run, enum run_state now)
{
	memset(line, 0, sizeof *line);
	line->id = run->id;
	line->now = now;
	line->counts = run->counts;
	line->production = run->production;
	line->practice = run->practice;
	line->pruned = run->pruned_ms != 0;
	line->created_ms = run->started_ms ? run->started_ms : run->created_ms;
	line->ended_ms = run->ended_ms;
	line->next_try_ms = run->next_try_ms;
	if (run->undo_of)
		snprintf(line->file, sizeof line->file, "undo of run %lld", (long long)run->undo_of);
	else
		snprintf(line->file, sizeof line->file, "%.255s", paths_name(run->file));
	snprintf(line->object, sizeof line->object, "%s", run->object);
	snprintf(line->action, sizeof line->action, "%s", run->action);
	snprintf(line->key, sizeof line->key, "%s", run->external_id);
	snprintf(line->org, sizeof line->org, "%s", run->org_name);
	snprintf(line->org_id, sizeof line->org_id, "%s", run->org_id);
	snprintf(line->why, sizeof line->why, "%s", run->why);
	snprintf(line->by, sizeof line->by, "%s", run->started_by);
}

enum runs_group run_group(const struct run_line *line)
{
	switch (line->now) {
	case RUN_RUNNING:
	case RUN_WAITING:
		return RUNS_RUNNING;
	case RUN_CANCELLED:
		return line->counts.in_doubt ? RUNS_NEED_YOU : RUNS_DONE;
	case RUN_FINISHED:
		return (line->counts.failed && !line->pruned) || line->counts.in_doubt ? RUNS_NEED_YOU
		                                                                       : RUNS_DONE;
	default:
		return RUNS_NEED_YOU;
	}
}

const char *action_words(const char *action)
{
	return strcmp(action, "hard_delete") == 0 ? "hard delete" : action;
}

const char *run_what(const char *object, const char *action, char to[RUN_WHAT])
{
	snprintf(to, RUN_WHAT, "%s %s", object, action_words(action));
	return to;
}

static const char *sign(int *style, enum style is, const char *text)
{
	*style = is;
	return text;
}

const char *run_sign(const struct run_line *line, int *style)
{
	switch (line->now) {
	case RUN_RUNNING:
		return sign(style, STYLE_LIVE, "▶");
	case RUN_WAITING:
		return sign(style, STYLE_WARN, "▶");
	case RUN_HALTED:
		return sign(style, STYLE_BAD, "✗");
	case RUN_FINISHED:
	case RUN_CANCELLED:
		if (line->counts.in_doubt)
			return sign(style, STYLE_DOUBT, "?");
		if (line->now == RUN_CANCELLED)
			return sign(style, STYLE_DIM, "✗");
		if (line->counts.failed)
			return sign(style, STYLE_WARN, "!");
		return sign(style, STYLE_GOOD, "✓");
	default:
		return sign(style, STYLE_WARN, "‖");
	}
}

/* "paused by ben", where the reason says no more than who did it. */
static bool says_who(const struct run_line *line)
{
	return (line->now == RUN_PAUSED && strncmp(line->why, "paused by ", 10) == 0) ||
	       (line->now == RUN_CANCELLED && strncmp(line->why, "cancelled by ", 13) == 0);
}

static void add_waiting(struct buf *b, int64_t next_try_ms)
{
	char clock[WHEN_TEXT];

	if (next_try_ms) {
		when_local_clock(next_try_ms, clock);
		buf_addf(b, "waits, and tries again at %s. Begun", clock);
	} else {
		buf_add_text(b, "waits; it goes on by itself. Begun");
	}
}

/* What it is, up to the time that belongs to it. */
static void add_state(struct buf *b, const struct run_line *line)
{
	switch (line->now) {
	case RUN_DRAFT:
	case RUN_CHECKED:
		buf_add_text(b, "checked, not begun");
		break;
	case RUN_RUNNING:
		buf_add_text(b, "running since");
		break;
	case RUN_WAITING:
		add_waiting(b, line->next_try_ms);
		break;
	case RUN_PAUSED:
		buf_addf(b, "%s; begun", says_who(line) ? line->why : "paused");
		break;
	case RUN_HALTED:
		buf_add_text(b, "stopped at a failure on");
		break;
	case RUN_CANCELLED:
		buf_addf(b, "%s on", says_who(line) ? line->why : "cancelled");
		break;
	case RUN_INTERRUPTED:
		buf_add_text(b, "interrupted: nobody works on it. Begun");
		break;
	default:
		buf_add_text(b, "finished on");
	}
}

/* A reason as a sentence of its own. */
static void add_why(struct buf *b, const char *why)
{
	size_t len = strlen(why);

	while (len && why[len - 1] == '.')
		len--;
	if (!len)
		return;
	buf_add_char(b, ' ');
	buf_add_char(b, (char)(*why >= 'a' && *why <= 'z' ? *why - 'a' + 'A' : *why));
	buf_add(b, why + 1, len - 1);
	buf_add_char(b, '.');
}

static void add_rest(struct buf *b, const struct run_line *line)
{
	char number[28];

	if (line->counts.in_doubt)
		buf_addf(b, " %s in doubt: sent, the answer was lost.",
		         text_count(line->counts.in_doubt, number, sizeof number));
	if (!says_who(line))
		add_why(b, line->why);
	if (line->pruned)
		buf_add_text(b, " Pruned: its records are gone, its counters are left.");
	else if (line->counts.failed && line->now != RUN_RUNNING)
		buf_addf(b, " %s failed record%s to review.",
		         text_count(line->counts.failed, number, sizeof number),
		         line->counts.failed == 1 ? "" : "s");
	if (line->now == RUN_HALTED && !run_pending(&line->counts))
		return;
	if (line->now == RUN_INTERRUPTED || line->now == RUN_PAUSED || line->now == RUN_HALTED)
		buf_addf(b, " %s to go: p goes on.",
		         text_count(run_pending(&line->counts), number, sizeof number));
	if (line->now == RUN_CHECKED)
		buf_add_text(b, " p begins it.");
}

void run_sentence(const struct run_line *line, char to[RUN_SENTENCE])
{
	struct buf b;
	char when[WHEN_TEXT];

	buf_init(&b, RUN_SENTENCE - 1);
	when_local_text(line->ended_ms && run_state_ended(line->now) ? line->ended_ms : line->created_ms, when);
	buf_addf(&b, "%lld: ", (long long)line->id);
	add_state(&b, line);
	buf_addf(&b, " %s%s by %s.", when,
	         line->now == RUN_HALTED || line->now == RUN_CANCELLED ? "; begun" : "", line->by);
	add_rest(&b, line);
	snprintf(to, RUN_SENTENCE, "%s", buf_text(&b));
	buf_release(&b);
}

/* Its file without folder and ending, and its org. */
static void name_of(const char *file, const char *org, char to[320])
{
	const char *dot = strrchr(file, '.');
	int len = dot && dot > file ? (int)(dot - file) : (int)strlen(file);

	snprintf(to, 320, "%.*s → %s", len > 150 ? 150 : len, file, org);
}

void run_note(const struct run_line *line, char *to, size_t size)
{
	char name[320], failed[28], doubt[28];

	name_of(line->file, line->org, name);
	text_count(line->counts.failed, failed, sizeof failed);
	text_count(line->counts.in_doubt, doubt, sizeof doubt);
	snprintf(to, size, "%s: %s%s%s%s%s%s", name,
	         line->now == RUN_HALTED ? "stopped at a failure" : run_state_name(line->now),
	         line->counts.failed ? ", " : "", line->counts.failed ? failed : "",
	         line->counts.failed ? " failed" : "", line->counts.in_doubt ? ", in doubt: " : "",
	         line->counts.in_doubt ? doubt : "");
}

static void title_of(const struct run_line *line, int64_t done, char to[RUNS_TITLE])
{
	int64_t of = line->counts.records - line->counts.skipped;
	char name[320];

	name_of(line->file, line->org, name);
	snprintf(to, RUNS_TITLE, "▶ %lld%% %.230s", of > 0 ? (long long)(done * 100 / of) : 100LL, name);
}

void runs_title(const struct model *model, char to[RUNS_TITLE])
{
	const struct run_screen *shown = &model->run;
	struct run_line line;

	if (shown->read && run_is_live(shown->now) && model_has(model, SCREEN_RUN)) {
		struct run_parts parts = run_parts_of(shown);

		run_line_of(&line, &shown->run, shown->now);
		title_of(&line, parts.written + parts.failed + parts.in_doubt + parts.org_done, to);
		return;
	}
	for (size_t i = 0; i < model->runs.count; i++) {
		const struct run_counts *counts = &model->runs.lines[i].counts;

		if (run_is_live(model->runs.lines[i].now)) {
			title_of(&model->runs.lines[i], counts->written + counts->failed + counts->in_doubt,
			         to);
			return;
		}
	}
	snprintf(to, RUNS_TITLE, "Longshore");
}
