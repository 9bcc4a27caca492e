/* feed_record.c - one record: its outcome, and its text from the journal or, where that was not kept, from the file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/csv.h"
#include "core/source/source.h"
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

void feed_record(struct journal *j, struct model *model)
{
	struct record_screen *screen = &model->record;
	struct run *run = calloc(1, sizeof *run);
	struct err e;
	bool found;

	err_init(&e);
	arena_clear(&screen->arena);
	screen->read = true;
	if (run && run_get(j, screen->run, run, &e) == ERR_OK &&
	    outcome_get(j, screen->run, screen->record, &screen->row, &found, &e) == ERR_OK) {
		memcpy(screen->instance_url, run->instance_url, sizeof screen->instance_url);
		read_text(j, screen, run, &e);
	}
	if (e.code != ERR_OK)
		model_tell(model, STYLE_ERROR, "%s", e.text);
	record_find_blamed(screen);
	free(run);
}
