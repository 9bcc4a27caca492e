#include "core/engine/edited.h"

#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "store/edits.h"

static void change_cell(void *ctx, const struct edit_row *row)
{
	struct edited *ed = ctx;

	for (size_t i = 0; i < ed->shape->column_count && row->edited; i++) {
		char *copy;

		if (!slice_equal(ed->shape->columns[i], row->column))
			continue;
		copy = arena_slice(&ed->texts, row->value);
		ed->failed = ed->failed || !copy;
		ed->cells[i] = (struct slice){ copy, row->value.len };
		ed->any = true;
	}
}

static void change(void *ctx, struct record *record)
{
	struct edited *ed = ctx;
	struct err e;

	err_init(&e);
	arena_clear(&ed->texts);
	ed->any = ed->failed = false;
	memcpy(ed->cells, record->cells, record->count * sizeof *ed->cells);
	if (edit_each(ed->j, ed->run, record->number, change_cell, ed, &e) != ERR_OK || ed->failed)
		record->fault = "its edits cannot be read";
	else if (ed->any)
		record->cells = ed->cells;
}

enum err_code edited_use(struct edited *ed, struct source *source, struct journal *j, int64_t run,
                         struct err *e)
{
	if (ed->cells)
		return ERR_OK;
	*ed = (struct edited){ .j = j, .run = run, .shape = source_shape(source) };
	arena_init(&ed->texts);
	ed->cells = calloc(ed->shape->column_count + 1, sizeof *ed->cells);
	if (!ed->cells)
		return err_memory(e, "edited records");
	source_set_change(source, change, ed);
	return ERR_OK;
}

void edited_release(struct edited *ed)
{
	if (!ed->cells)
		return;
	free(ed->cells);
	arena_release(&ed->texts);
	*ed = (struct edited){ 0 };
}

void edited_line(const struct edited *ed, const struct record *record, struct buf *b)
{
	if (!ed->cells || record->cells != ed->cells) {
		buf_add_slice(b, record->raw);
		return;
	}
	for (size_t i = 0; i < record->count; i++) {
		if (i > 0)
			buf_add_char(b, ed->shape->delimiter);
		if (source_is_null(record->cells[i]))
			buf_add_text(b, "#N/A"); /* as raw has it */
		else
			csv_add_cell(b, record->cells[i], ed->shape->delimiter);
	}
}
