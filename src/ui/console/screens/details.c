#include "ui/console/screens/details.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/when.h"
#include "ui/console/chrome.h"
#include "ui/console/model.h"

enum { NAME_AT = 3, TEXT_AT = 22, MOST_LINES = 12 };

void details_open(struct model *model, int64_t run, const char *title)
{
	struct details_screen *details = &model->details;

	memset(details, 0, sizeof *details);
	details->run = run;
	snprintf(details->title, sizeof details->title, "%s", title);
	model_push(model, SCREEN_DETAILS);
}

void details_add(struct details_screen *details, const char *name, const char *format, ...)
{
	struct details_row *row = &details->rows[details->table.count];
	va_list args;

	if (details->table.count == DETAILS_ROWS)
		return;
	snprintf(row->name, sizeof row->name, "%s", name);
	va_start(args, format);
	vsnprintf(row->text, sizeof row->text, format, args);
	va_end(args);
	details->table.count += row->text[0] != '\0';
}

static void add_count(struct details_screen *details, const char *name, int64_t count)
{
	char number[28];

	if (count)
		details_add(details, name, "%s", text_count(count, number, sizeof number));
}

static void add_time(struct details_screen *details, const char *name, int64_t utc_ms)
{
	char when[WHEN_TEXT];

	if (!utc_ms)
		return;
	when_local_text(utc_ms, when);
	details_add(details, name, "%s", when);
}

static void add_source(struct details_screen *details, const struct run *run)
{
	char size[28];

	details_add(details, "file", "%s", run->file);
	details_add(details, "its content", "%s bytes, hash %s", text_count(run->file_size, size, sizeof size),
	            run->file_hash);
}

static void add_org(struct details_screen *details, const struct run *run)
{
	details_add(details, "org", "%s%s · %s", run->org_name, run->production ? " PRODUCTION" : "",
	            run->org_id);
	details_add(details, "signed in as", "%s · %s", run->username, run->user_id);
	details_add(details, "host", "%s · API %s", run->instance_url, run->api_version);
	details_add(details, "settings", "%s", run->config[0] ? run->config : "from the environment");
}

static void add_way(struct details_screen *details, const struct run *run)
{
	char number[28];

	details_add(details, "sent through", "%s",
	            run_is_rest(run) ? "REST, 200 records a call" : "Bulk API 2.0");
	if (run->chunk_records)
		details_add(details, "records a job", "%s at most",
		            text_count(run->chunk_records, number, sizeof number));
	add_count(details, "at once", run->parallel);
	details_add(details, "when records fail", "%s",
	            run->allow_failures ? "goes on to the end" : "stops after a job with failures");
	details_add(details, "assignment rule", "%s", run->assignment_rule);
	if (run->allow_duplicates)
		details_add(details, "duplicates", "saved, where a rule only warns");
	if (run->all_or_none)
		details_add(details, "all or none", "a call writes all its records or none");
}

void details_of_run(struct details_screen *details, const struct run *run, enum run_state now)
{
	struct run_line line;
	char what[RUN_WHAT], sentence[RUN_SENTENCE];

	run_line_of(&line, run, now);
	run_sentence(&line, sentence);
	details_add(details, "run", "%s", sentence);
	details_add(details, "what", "%s%s%s", run_what(run->object, run->action, what),
	            run->external_id[0] ? " by " : "", run->external_id);
	add_source(details, run);
	add_count(details, "records", run->counts.records);
	add_count(details, "written", run->counts.written);
	add_count(details, "failed", run->counts.failed);
	add_count(details, "left out", run->counts.skipped);
	add_count(details, "in doubt", run->counts.in_doubt);
	add_count(details, "to go", run_pending(&run->counts));
	add_org(details, run);
	add_way(details, run);
	add_time(details, "made", run->created_ms);
	add_time(details, "begun", run->started_ms);
	add_time(details, "ended", run->ended_ms);
	details_add(details, "by", "%s, Longshore %s", run->started_by, run->version);
	add_count(details, "API calls", run->api_calls);
	add_count(details, "attempt", run->attempt);
	if (run->describe_hash[0])
		details_add(details, "the object was", "%s (hash of its describe)", run->describe_hash);
}

void details_of_group(struct details_screen *details, const struct outcome_group *group, const char *helps)
{
	char number[28];

	details_add(details, "message", "%s", group->text);
	details_add(details, "code", "%s", group->code);
	details_add(details, "fields", "%s", group->fields);
	add_count(details, "records", group->count);
	details_add(details, "first in record", "%s", text_count(group->example_record, number, sizeof number));
	details_add(details, "what helps", "%s", helps);
}

static int row_lines(const struct details_row *row, int columns)
{
	return chrome_wrap(NULL, 0, 0, columns - 1 - TEXT_AT, MOST_LINES, row->text, STYLE_PLAIN);
}

/* The first row shown, so that the one under the cursor is, too, with all its lines. */
static size_t first_shown(const struct details_screen *details, int columns, int page)
{
	size_t first = details->table.cursor;
	int lines = row_lines(&details->rows[first], columns);

	while (first > 0 && lines + row_lines(&details->rows[first - 1], columns) <= page)
		lines += row_lines(&details->rows[--first], columns);
	return first;
}

static void details_view(struct model *model, struct grid *grid)
{
	struct details_screen *details = &model->details;
	int row = chrome_title_org(grid, details->title, model_badge(model, details->run)) + 1;
	int page = grid->rows - 1 - row;

	if (!details->table.count)
		return;
	for (size_t i = first_shown(details, grid->columns, page); i < details->table.count && page > 0; i++) {
		bool focus = i == details->table.cursor;
		int lines = row_lines(&details->rows[i], grid->columns);

		if (lines > page)
			lines = page;
		grid_text(grid, row, 1, 1, focus ? "▸" : " ", STYLE_KEY);
		grid_text(grid, row, NAME_AT, TEXT_AT - NAME_AT - 1, details->rows[i].name, STYLE_DIM);
		chrome_wrap(grid, row, TEXT_AT, grid->columns - 1 - TEXT_AT, lines, details->rows[i].text,
		            STYLE_PLAIN);
		if (focus)
			grid_focus(grid, row, 1, TEXT_AT - 3);
		row += lines;
		page -= lines;
	}
}

static void details_update(struct model *model, enum verb verb, struct key key)
{
	(void)verb;
	table_move(&model->details.table, key, model->rows - 4);
}

static void details_copies(const struct model *model, struct copies *copies)
{
	const struct details_screen *details = &model->details;

	if (details->table.cursor < details->table.count)
		copies_add(copies, details->rows[details->table.cursor].name, "%s",
		           details->rows[details->table.cursor].text);
}

const struct screen screen_details = {
	.update = details_update,
	.view = details_view,
	.copies = details_copies,
};
