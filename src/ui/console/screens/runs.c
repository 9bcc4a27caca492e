#include "ui/console/screens/runs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/when.h"
#include "ui/console/chrome.h"
#include "ui/console/model.h"
#include "ui/console/screens/run_orders.h"

enum { FIRST_READ = 200, MORE_READ = 500, WELCOME_ROWS = 3 };

static const char *const group_names[] = { "need you", "running", "done" };

static const char *line_text(const void *ctx, size_t i, int which)
{
	const struct run_line *line = &((const struct runs_screen *)ctx)->lines[i];

	return which == 0 ? line->file : which == 1 ? line->object : which == 2 ? line->org : NULL;
}

static int by_place(const void *a, const void *b)
{
	size_t x = *(const size_t *)a;
	size_t y = *(const size_t *)b;

	return x < y ? -1 : x > y;
}

/* Narrowed, but still in groups: the order stays that of the whole list. */
static void narrow(struct runs_screen *runs)
{
	table_narrow(&runs->table, runs->count, line_text, runs);
	if (runs->table.shown)
		qsort(runs->table.shown, runs->table.count, sizeof *runs->table.shown, by_place);
}

static int by_group(const void *a, const void *b)
{
	const struct run_line *x = a;
	const struct run_line *y = b;
	enum runs_group gx = run_group(x), gy = run_group(y);

	if (gx != gy)
		return gx < gy ? -1 : 1;
	return x->id > y->id ? -1 : x->id < y->id;
}

void runs_take(struct runs_screen *runs, struct run_line *lines, size_t count, bool more)
{
	size_t focus = table_focus(&runs->table);
	int64_t id = focus < runs->count ? runs->lines[focus].id : 0;

	free(runs->lines);
	runs->lines = lines;
	runs->count = count;
	runs->more = more;
	runs->read = true;
	for (int g = 0; g < RUNS_GROUPS; g++)
		runs->groups[g] = 0;
	for (size_t i = 0; i < count; i++)
		runs->groups[run_group(&lines[i])]++;
	if (count)
		qsort(lines, count, sizeof *lines, by_group);
	narrow(runs);
	for (size_t i = 0; i < count; i++)
		if (lines[i].id == id)
			table_seek(&runs->table, i);
	if (runs->wanted < FIRST_READ)
		runs->wanted = FIRST_READ;
}

void runs_release(struct runs_screen *runs)
{
	free(runs->lines);
	table_release(&runs->table);
}

static const struct run_line *focused(const struct model *model)
{
	size_t i = table_focus(&model->runs.table);

	return i < model->runs.count ? &model->runs.lines[i] : NULL;
}

static int page_rows(const struct model *model)
{
	return model->rows - 5;
}

static void practise(struct model *model)
{
	dialog_open(&model->dialog, DIALOG_TELL, VERB_OPEN, 0, "Practise");
	dialog_line(&model->dialog, "A practice org lives on this machine: no account, nothing can break.");
	dialog_line(&model->dialog, "Leave the console (q) and type:  longshore demo");
	dialog_line(&model->dialog, "It starts such an org with sample files, and the console on it.");
}

static void begin_anew(struct model *model)
{
	model->wizard.browser.stale = true;
	line_clear(&model->wizard.browser.table.filter);
	model_effect(model, EFFECT_ANEW);
	model_effect(model, EFFECT_BROWSE);
	model_push(model, SCREEN_FILE);
}

static void new_load(struct model *model)
{
	if (!model->kept[0]) {
		begin_anew(model);
		return;
	}
	dialog_open(&model->dialog, DIALOG_CHOOSE, VERB_NEW, 0, "A new load was begun, and left");
	dialog_option(&model->dialog, "go on with it: %s", model->kept);
	dialog_option(&model->dialog, "begin anew, and forget that one");
}

static void new_load_answered(struct model *model, int answer)
{
	if (answer == 1)
		model_effect(model, EFFECT_TAKE_UP);
	else if (answer == 2)
		begin_anew(model);
}

static void welcome_key(struct model *model, enum verb verb, struct key key)
{
	struct table rows = { .count = WELCOME_ROWS, .cursor = model->runs.welcome };

	if (table_move(&rows, key, WELCOME_ROWS))
		model->runs.welcome = rows.cursor;
	else if (verb == VERB_OPEN && model->runs.welcome == 0)
		practise(model);
	else if (verb == VERB_OPEN && model->runs.welcome == 1)
		model_push(model, SCREEN_ORGS);
	else if (verb == VERB_OPEN || verb == VERB_NEW)
		new_load(model);
}

/* The list knows little of a run: the feed reads the rest. */
static void details(struct model *model, int64_t run)
{
	char title[64];

	snprintf(title, sizeof title, "Run %lld › Details", (long long)run);
	details_open(model, run, title);
	model->details.missing = true;
}

static void runs_update(struct model *model, enum verb verb, struct key key)
{
	struct runs_screen *runs = &model->runs;
	const struct run_line *line = focused(model);

	if (runs->table.narrowing) {
		if (table_filter_key(&runs->table, key, page_rows(model)))
			narrow(runs);
		return;
	}
	if (verb == VERB_NARROW)
		runs->table.narrowing = true;
	else if (verb == VERB_ORGS)
		model_push(model, SCREEN_ORGS);
	else if (!runs->count)
		welcome_key(model, verb, key);
	else if (verb == VERB_NEW)
		new_load(model);
	else if (verb == VERB_NEW_LIKE && line)
		model_effect(model, EFFECT_LIKE)->run = line->id;
	else if (verb == VERB_OPEN && line)
		model_show_run(model, line->id, SCREEN_RUN);
	else if (verb == VERB_LOG && line)
		model_show_run(model, line->id, SCREEN_LOG);
	else if (verb == VERB_PAUSE && line)
		orders_ask(model, verb, line);
	else if (verb == VERB_UNDO && line)
		model_effect(model, EFFECT_UNDO_LOOK)->run = line->id;
	else if (verb == VERB_WRITE && line)
		write_ask(model, line);
	else if (verb == VERB_DETAILS && line)
		details(model, line->id);
	else
		table_move(&runs->table, key, page_rows(model));
	if (runs->more && runs->table.cursor + 1 == runs->table.count)
		runs->wanted = runs->count + MORE_READ;
}

static void runs_answered(struct model *model, enum verb verb, int64_t run, int answer)
{
	if (verb == VERB_NEW)
		new_load_answered(model, answer);
	else
		orders_answered(model, verb, run, answer);
}

static const char *runs_label(const struct model *model, enum verb verb)
{
	const struct run_line *line = focused(model);

	if (!model->runs.count && verb == VERB_OPEN)
		return "choose";
	return line ? orders_label(line, verb) : NULL;
}

static const char *runs_refuses(const struct model *model, enum verb verb)
{
	const struct run_line *line = focused(model);

	if (line)
		return orders_refuse(line, verb);
	if (verb == VERB_PAUSE || verb == VERB_LOG || verb == VERB_COPY || verb == VERB_NARROW ||
	    verb == VERB_WRITE || verb == VERB_DETAILS || verb == VERB_UNDO || verb == VERB_NEW_LIKE)
		return "There is no run yet: n begins one";
	return NULL;
}

/* Columns of the list at a width; 0 hides one. */
struct widths {
	int file, into, org, when;
};

enum { RECORDS = 11, FAILED = 8, LEFT = 9, MARK = 4 };

static struct widths widths_of(int columns)
{
	struct widths widths = { 0 };
	int room = columns - LEFT - RECORDS - FAILED - MARK - 2; /* 2: "P " */

	if (columns >= 120)
		widths.when = 22;
	room -= widths.when;
	widths.org = room / 4 < 10 ? 10 : room / 4 > 28 ? 28 : room / 4;
	if (columns >= 70)
		widths.into = room * 3 / 8 > 40 ? 40 : room * 3 / 8;
	widths.file = room - widths.org - widths.into;
	if (widths.file > 80)
		widths.file = 80;
	return widths;
}

static void view_head(struct grid *grid, int row, const struct widths *widths)
{
	int column = LEFT;

	grid_right(grid, row, 3, 4, "run", STYLE_DIM);
	grid_text(grid, row, column, widths->file - 2, "file", STYLE_DIM);
	column += widths->file;
	if (widths->into)
		grid_text(grid, row, column, widths->into - 2, "into", STYLE_DIM);
	column += widths->into + 2;
	grid_text(grid, row, column, widths->org, "org", STYLE_DIM);
	column += widths->org;
	grid_right(grid, row, column, RECORDS - 1, "records", STYLE_DIM);
	grid_right(grid, row, column + RECORDS, FAILED - 1, "failed", STYLE_DIM);
	if (widths->when)
		grid_text(grid, row, column + RECORDS + FAILED + MARK, widths->when, "begun", STYLE_DIM);
}

static void view_line(struct grid *grid, int row, const struct widths *widths, const struct run_line *line,
                      enum style org, bool focus)
{
	char number[CHROME_COUNT], what[RUN_WHAT], when[WHEN_TEXT];
	int column = LEFT;
	int style;
	const char *sign = run_sign(line, &style);

	grid_text(grid, row, 1, 1, focus ? "▸" : " ", STYLE_KEY);
	snprintf(number, sizeof number, "%lld", (long long)line->id);
	grid_right(grid, row, 2, 5, number, STYLE_PLAIN);
	grid_put(grid, row, column, widths->file - 2, slice_of(line->file), GIVE_MIDDLE, STYLE_PLAIN);
	column += widths->file;
	if (widths->into)
		grid_put(grid, row, column, widths->into - 2,
		         slice_of(run_what(line->object, line->action, what)), GIVE_MIDDLE, STYLE_PLAIN);
	column += widths->into;
	if (line->production)
		grid_text(grid, row, column, 1, "P", STYLE_PRODUCTION);
	column += 2;
	grid_put(grid, row, column, widths->org, slice_of(line->org), GIVE_MIDDLE, org);
	column += widths->org;
	grid_right(grid, row, column, RECORDS - 1, chrome_count(line->counts.records, RECORDS - 1, number),
	           STYLE_PLAIN);
	grid_right(grid, row, column + RECORDS, FAILED - 1,
	           chrome_count(line->counts.failed, FAILED - 1, number),
	           line->counts.failed ? STYLE_BAD : STYLE_DIM);
	column += RECORDS + FAILED;
	grid_text(grid, row, column + 1, 1, sign, (enum style)style);
	when_local_text(line->created_ms, when);
	if (widths->when)
		grid_text(grid, row, column + MARK, widths->when, when, STYLE_DIM);
	if (focus)
		grid_focus(grid, row, 1, grid->columns - 2);
}

/* Rows of the list with its headings: the row of a place, counted from the first heading. */
static size_t row_of(const struct runs_screen *runs, size_t place, bool *heads)
{
	size_t row = place;
	int last = -1;

	*heads = false;
	for (size_t i = 0; i <= place && i < runs->table.count; i++) {
		int group = (int)run_group(&runs->lines[table_entry(&runs->table, i)]);

		*heads = group != last;
		row += *heads;
		last = group;
	}
	return row;
}

static void scroll(struct runs_screen *runs, size_t page)
{
	bool heads, other;
	size_t row = row_of(runs, runs->table.cursor, &heads);
	size_t rows = row_of(runs, runs->table.count ? runs->table.count - 1 : 0, &other) + 1;

	if (row - heads < runs->table.top)
		runs->table.top = row - heads;
	if (row >= runs->table.top + page)
		runs->table.top = row - page + 1;
	if (runs->table.top + page > rows)
		runs->table.top = rows > page ? rows - page : 0;
}

static enum style org_style_of(const struct model *model, const struct run_line *line)
{
	return org_style(&model->orgs, line->org_id, org_kind_of_run(line->production, line->practice));
}

static void view_list(struct model *model, struct grid *grid, int top, int page)
{
	struct runs_screen *runs = &model->runs;
	struct widths widths = widths_of(grid->columns);
	size_t row = 0;
	int last = -1;

	scroll(runs, (size_t)page);
	for (size_t i = 0; i < runs->table.count; i++) {
		const struct run_line *line = &runs->lines[table_entry(&runs->table, i)];
		int group = (int)run_group(line);

		if (group != last) {
			if (row >= runs->table.top && row < runs->table.top + (size_t)page)
				grid_text(grid, top + (int)(row - runs->table.top), 1, 20, group_names[group],
				          STYLE_HEADING);
			row++;
		}
		last = group;
		if (row >= runs->table.top && row < runs->table.top + (size_t)page)
			view_line(grid, top + (int)(row - runs->table.top), &widths, line,
			          org_style_of(model, line), i == runs->table.cursor);
		row++;
	}
}

static const char *home_title(const struct model *model)
{
	return model->kept[0] ? "Longshore › Runs · 1 draft: n" : "Longshore › Runs";
}

static void view_welcome(const struct model *model, struct grid *grid)
{
	const struct runs_screen *runs = &model->runs;
	static const char *const rows[WELCOME_ROWS][2] = {
		{ "Practise", "on an org on this machine: no account, nothing can break" },
		{ "Sign in", "to your org, production or sandbox" },
		{ "Open a file", "look at it and check it; sign in later" },
	};

	chrome_title(grid, home_title(model), runs->read ? "nothing yet" : "");
	for (int i = 0; i < WELCOME_ROWS; i++) {
		bool focus = (size_t)i == runs->welcome;

		grid_text(grid, 2 + i, 1, 1, focus ? "▸" : " ", STYLE_KEY);
		grid_text(grid, 2 + i, 3, 14, rows[i][0], STYLE_TITLE);
		grid_text(grid, 2 + i, 18, grid->columns - 19, rows[i][1], STYLE_PLAIN);
		if (focus)
			grid_focus(grid, 2 + i, 1, grid->columns - 2);
	}
}

static void runs_view(struct model *model, struct grid *grid)
{
	struct runs_screen *runs = &model->runs;
	struct widths widths = widths_of(grid->columns);
	const struct run_line *line = focused(model);
	char right[96], sentence[RUN_SENTENCE];
	int detail;

	if (!runs->count) {
		view_welcome(model, grid);
		return;
	}
	snprintf(right, sizeof right, "%zu need you · %zu running", runs->groups[RUNS_NEED_YOU],
	         runs->groups[RUNS_RUNNING]);
	chrome_title(grid, home_title(model), right);
	view_head(grid, 1, &widths);
	sentence[0] = '\0';
	if (line)
		run_sentence(line, sentence);
	detail = chrome_wrap(NULL, 0, 0, grid->columns - 2, 2, sentence, STYLE_PLAIN);
	view_list(model, grid, 2, grid->rows - 4 - detail);
	chrome_rule(grid, grid->rows - 2 - detail);
	chrome_wrap(grid, grid->rows - 1 - detail, 1, grid->columns - 2, 2, sentence, STYLE_PLAIN);
	if (!runs->table.count)
		grid_text(grid, 2, 3, grid->columns - 4, "No run fits. Esc shows them all.", STYLE_DIM);
	table_filter_view(&runs->table, grid, grid->rows - 2);
}

static void runs_copies(const struct model *model, struct copies *copies)
{
	const struct run_line *line = focused(model);
	char sentence[RUN_SENTENCE];

	if (!line)
		return;
	run_sentence(line, sentence);
	copies_add(copies, "the command", "longshore show %lld", (long long)line->id);
	copies_add(copies, "the file's name", "%s", line->file);
	copies_add(copies, "how it is", "%s", sentence);
}

const struct screen screen_runs = {
	.update = runs_update,
	.view = runs_view,
	.answered = runs_answered,
	.label = runs_label,
	.refuses = runs_refuses,
	.copies = runs_copies,
};
