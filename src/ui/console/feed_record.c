/* feed_record.c - one record: its outcome, and its text from the journal or, where that was not kept, from the file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/csv.h"
#include "core/plan/layout.h"
#include "core/source/source.h"
#include "store/edits.h"
#include "ui/console/feed_records.h"

static void add_cells(struct record_screen *screen, const struct slice *cells, size_t count)
{
	screen->columns = arena_alloc(&screen->arena, count * sizeof *screen->columns);
	screen->cells = arena_alloc(&screen->arena, count * sizeof *screen->cells);
	screen->count = screen->columns && screen->cells ? count : 0;
	for (size_t i = 0; i < screen->count; i++) {
		const char *cell = arena_slice(&screen->arena, cells[i]);

		screen->cells[i] = cell ? cell : "";
		screen->columns[i] = "";
	}
}

/* The names of the file's columns, kept with the run: it need not be there any more. */
static void name_columns(struct record_screen *screen, const struct run *run, struct slice header)
{
	struct csv csv;
	size_t named = 0;

	csv_init(&csv, run->delimiter ? run->delimiter : ',');
	csv_window(&csv, header.at, header.len, true);
	if (header.len && csv_next(&csv) == CSV_RECORD)
		named = csv.count;
	for (size_t i = 0; i < screen->count; i++) {
		char number[40];
		const char *name;

		snprintf(number, sizeof number, "column %zu", i + 1);
		name = i < named ? arena_slice(&screen->arena, slice_trim(csv.cells[i])) : NULL;
		screen->columns[i] = name && *name ? name : arena_text(&screen->arena, number);
		if (!screen->columns[i])
			screen->columns[i] = "";
	}
	csv_release(&csv);
}

static void cut_cells(struct record_screen *screen, const struct run *run, struct slice raw)
{
	struct csv csv;

	csv_init(&csv, run->delimiter ? run->delimiter : ',');
	csv_window(&csv, raw.at, raw.len, true);
	if (csv_next(&csv) == CSV_RECORD)
		add_cells(screen, csv.cells, csv.count);
	else
		screen->why_no_source = "Its text in the file cannot be cut into cells.";
	csv_release(&csv);
}

/* Its text as the file has it now: only if the file has the size it had, and is no packed one, which is slow to enter. */
static void read_from_file(struct record_screen *screen, const struct run *run)
{
	struct source_options options = { .delimiter = run->delimiter };
	struct source *source = NULL;
	struct record record;
	struct stat st;
	struct err e;
	bool more = false;

	err_init(&e);
	if (!screen->row.record || stat(run->file, &st) != 0 || !S_ISREG(st.st_mode) ||
	    st.st_size != run->file_size || source_reading_of(run->reading, &options, &e) != ERR_OK)
		return;
	if (source_open(&source, run->file, &options, &e) == ERR_OK &&
	    source_shape(source)->packing == PACKING_NONE &&
	    source_seek(source, screen->record, screen->row.offset, &e) == ERR_OK &&
	    source_next(source, &record, &more, &e) == ERR_OK && more && !record.fault)
		add_cells(screen, record.cells, record.count);
	source_close(source);
}

/* What edits changed: slices live during the call. */
static void use_edit(void *ctx, const struct edit_row *row)
{
	struct record_screen *screen = ctx;

	for (size_t i = 0; i < screen->count; i++) {
		const char *sent, *next;

		if (!slice_is(row->column, screen->columns[i]))
			continue;
		sent = row->was_edited ? arena_slice(&screen->arena, row->sent) : NULL;
		next = row->edited ? arena_slice(&screen->arena, row->value) : NULL;
		if (sent)
			screen->sent[i] = sent;
		if (next)
			screen->next[i] = next;
	}
}

static void read_edits(struct journal *j, struct record_screen *screen, struct err *e)
{
	size_t bytes = screen->count * sizeof *screen->cells;

	screen->sent = arena_alloc(&screen->arena, bytes);
	screen->next = arena_alloc(&screen->arena, bytes);
	if (!screen->sent || !screen->next)
		screen->count = screen->table.count = 0;
	if (!screen->count)
		return;
	memcpy(screen->sent, screen->cells, bytes);
	memcpy(screen->next, screen->cells, bytes);
	edit_each(j, screen->run, screen->record, use_edit, screen, e);
}

static void read_text(struct journal *j, struct record_screen *screen, const struct run *run, struct err *e)
{
	struct buf raw, header;

	buf_init(&raw, CSV_MOST_BYTES);
	buf_init(&header, CSV_MOST_BYTES);
	if (outcome_source(j, screen->run, screen->record, &raw, e) == ERR_OK &&
	    run_header(j, screen->run, &header, e) == ERR_OK) {
		if (raw.len)
			cut_cells(screen, run, buf_slice(&raw));
		else
			read_from_file(screen, run);
		if (!raw.len && !screen->count)
			screen->why_no_source = "Its text was not kept, and the file is gone or has changed.";
		name_columns(screen, run, buf_slice(&header));
	}
	screen->table.count = screen->count;
	buf_release(&header);
	buf_release(&raw);
}

static const char *describe(struct record_screen *screen, const struct layout_column *column)
{
	char text[320], length[48] = "";
	const char *told;

	if (column->length)
		snprintf(length, sizeof length, ", %d characters", column->length);
	snprintf(text, sizeof text, "%.200s: %s%s, %srequired", column->name, field_type_name(column->type),
	         length, column->required ? "" : "not ");
	told = arena_text(&screen->arena, text);
	return told ? told : "";
}

static void name_fields(struct record_screen *screen, const struct layout *layout)
{
	for (size_t i = 0; i < layout->count; i++)
		if (layout->columns[i].column >= 0 && (size_t)layout->columns[i].column < screen->count)
			screen->fields[layout->columns[i].column] = describe(screen, &layout->columns[i]);
}

/* What the org said of the fields when the run was made. */
static void read_fields(struct journal *j, struct record_screen *screen)
{
	struct layout layout;
	struct buf text;
	struct err ignored;

	err_init(&ignored);
	buf_init(&text, CSV_MOST_BYTES);
	screen->fields = arena_alloc(&screen->arena, screen->count * sizeof *screen->fields);
	for (size_t i = 0; screen->fields && i < screen->count; i++)
		screen->fields[i] = "";
	if (screen->fields && run_plan(j, screen->run, NULL, &text, &ignored) == ERR_OK) {
		if (layout_read(&layout, buf_slice(&text), &ignored) == ERR_OK)
			name_fields(screen, &layout);
		layout_release(&layout);
	}
	buf_release(&text);
}

void feed_record(struct journal *j, struct model *model)
{
	struct record_screen *screen = &model->record;
	struct run *run = calloc(1, sizeof *run);
	struct err e;
	bool found = false;

	err_init(&e);
	screen->count = 0;
	screen->fields = NULL;
	screen->row = (struct outcome_row){ 0 };
	screen->why_no_source = NULL;
	arena_clear(&screen->arena);
	screen->read = true;
	if (run && run_get(j, screen->run, run, &e) == ERR_OK &&
	    outcome_get(j, screen->run, screen->record, &screen->row, &found, &e) == ERR_OK) {
		memcpy(screen->instance_url, run->instance_url, sizeof screen->instance_url);
		read_text(j, screen, run, &e);
		read_edits(j, screen, &e);
		read_fields(j, screen);
	}
	if (e.code != ERR_OK)
		model_tell(model, STYLE_ERROR, "%s", e.text);
	record_find_blamed(screen);
	free(run);
}
