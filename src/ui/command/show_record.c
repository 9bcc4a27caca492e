#include "ui/command/show_record.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/text.h"
#include "core/engine/run_source.h"
#include "store/edits.h"
#include "store/outcomes.h"

enum { MOST_ATTEMPTS = 50 };

struct cell {
	struct slice column, source, sent, edit; /* at NULL: not known, or none */
};

struct shown {
	const struct call *call;
	const struct run *run;
	int64_t number;
	struct outcome_row now;
	bool found;
	struct outcome_row *attempts;
	int attempt_count;
	struct cell *cells;
	size_t cell_count;
	struct arena texts;
};

static struct slice keep(struct shown *shown, struct slice text)
{
	return (struct slice){ arena_slice(&shown->texts, text), text.len };
}

/* Was it ever sent? What the check left out was not. */
static bool was_sent(const struct shown *shown)
{
	if (shown->found && shown->now.state != OUTCOME_SKIPPED)
		return true;
	for (int i = 0; i < shown->attempt_count; i++)
		if (shown->attempts[i].state != OUTCOME_SKIPPED)
			return true;
	return false;
}

static void use_edit(void *ctx, const struct edit_row *row)
{
	struct shown *shown = ctx;
	struct cell *cell = NULL;

	for (size_t i = 0; i < shown->cell_count && !cell; i++)
		if (slice_equal(shown->cells[i].column, row->column))
			cell = &shown->cells[i];
	if (!cell)
		return;
	if (row->was_edited)
		cell->sent = keep(shown, row->sent);
	if (row->edited && !(cell->sent.at && slice_equal(row->value, cell->sent)))
		cell->edit = keep(shown, row->value);
	else if (!row->edited && row->was_edited)
		cell->edit = cell->source;
}

/* Its cells, from the file or from what was kept of it; none where neither is there. */
static void read_cells(struct shown *shown, struct source *source, struct err *e)
{
	const struct source_shape *shape = source_shape(source);
	struct record record;
	bool more, sent = was_sent(shown);

	if (source_seek(source, shown->number, shown->now.offset, e) != ERR_OK ||
	    source_next(source, &record, &more, e) != ERR_OK || !more || record.fault)
		return;
	shown->cells = calloc(shape->column_count + 1, sizeof *shown->cells);
	for (size_t i = 0; shown->cells && i < shape->column_count; i++) {
		struct cell *cell = &shown->cells[shown->cell_count++];

		cell->column = keep(shown, shape->columns[i]);
		cell->source = keep(shown, record.cells[i]);
		if (sent)
			cell->sent = cell->source;
	}
	edit_each(shown->call->journal, shown->run->id, shown->number, use_edit, shown, e);
}

/* What was kept of it, which costs nothing; else the file, which is read whole to know that it is the same. */
static void find_cells(struct shown *shown)
{
	struct source *source = NULL;
	struct run_kept kept;
	struct err e;

	if (!shown->found)
		return;
	err_init(&e);
	if (run_source_kept(&source, &kept, shown->call->journal, shown->run, &e) == ERR_OK)
		read_cells(shown, source, &e);
	source_close(source);
	if (shown->cell_count)
		return;
	err_init(&e);
	if (run_source_open(&source, &kept, shown->call->journal, shown->run, NULL, &e) == ERR_OK)
		read_cells(shown, source, &e);
	source_close(source);
}

static void put_outcome(struct json *json, const struct outcome_row *row, bool found)
{
	json_put_text(json, "state", found ? outcome_state_name(row->state) : "pending");
	json_put_text(json, "id", found && row->id[0] ? row->id : NULL);
	json_put_text(json, "code", found && row->code[0] ? row->code : NULL);
	json_put_text(json, "message", found && row->text[0] ? row->text : NULL);
	json_put_text(json, "fields", found && row->fields[0] ? row->fields : NULL);
	json_put_number(json, "attempt", found ? row->attempt : 0);
}

static void put_cell(struct json *json, const char *name, struct slice text)
{
	if (text.at)
		json_put_slice(json, name, text);
	else
		json_put_text(json, name, NULL);
}

static void put_record(struct json *json, const struct shown *shown)
{
	json_begin(json, "record", '{');
	json_put_number(json, "number", shown->number);
	put_outcome(json, &shown->now, shown->found);
	json_begin(json, "attempts", '[');
	for (int i = 0; i < shown->attempt_count; i++) {
		json_begin(json, NULL, '{');
		put_outcome(json, &shown->attempts[i], true);
		json_end(json);
	}
	json_end(json);
	json_begin(json, "cells", '[');
	for (size_t i = 0; i < shown->cell_count; i++) {
		json_begin(json, NULL, '{');
		put_cell(json, "column", shown->cells[i].column);
		put_cell(json, "source", shown->cells[i].source);
		put_cell(json, "sent", shown->cells[i].sent);
		put_cell(json, "edit", shown->cells[i].edit);
		json_end(json);
	}
	json_end(json);
	json_end(json);
}

static void add_outcome(struct buf *b, const struct outcome_row *row)
{
	buf_add_text(b, outcome_state_name(row->state));
	if (row->id[0])
		buf_addf(b, ", id %s", row->id);
	buf_add_char(b, '\n');
	if (!row->text[0])
		return;
	buf_add_text(b, "  ");
	call_show(b, row->text);
	buf_addf(b, "\n  %s %s\n", row->code, row->fields);
}

static void add_cell(struct buf *b, const char *what, struct slice text)
{
	buf_addf(b, "      %-9s ", what);
	text_show(b, text, false);
	buf_add_char(b, '\n');
}

/* Only what differs is told more than once. */
static void add_cells(struct buf *b, const struct shown *shown)
{
	for (size_t i = 0; i < shown->cell_count; i++) {
		const struct cell *cell = &shown->cells[i];

		buf_add_text(b, "  ");
		text_show(b, cell->column, false);
		buf_add_char(b, '\n');
		add_cell(b, "file", cell->source);
		if (cell->sent.at && !slice_equal(cell->sent, cell->source))
			add_cell(b, "sent", cell->sent);
		if (cell->edit.at)
			add_cell(b, "to send", cell->edit);
	}
}

static void add_record(struct buf *b, const struct shown *shown)
{
	buf_addf(b, "record %" PRId64 ": ", shown->number);
	if (shown->found)
		add_outcome(b, &shown->now);
	else
		buf_add_text(b, "pending\n");
	for (int i = 0; i < shown->attempt_count; i++) {
		buf_addf(b, "attempt %d: ", shown->attempts[i].attempt);
		add_outcome(b, &shown->attempts[i]);
	}
	add_cells(b, shown);
}

static enum err_code read_outcomes(struct shown *shown, struct err *e)
{
	struct journal *j = shown->call->journal;

	if (outcome_get(j, shown->run->id, shown->number, &shown->now, &shown->found, e) != ERR_OK)
		return e->code;
	shown->attempts = calloc(MOST_ATTEMPTS, sizeof *shown->attempts);
	if (!shown->attempts)
		return err_memory(e, "a record");
	shown->attempt_count = outcome_attempts(j, shown->run->id, shown->number, shown->attempts,
	                                        MOST_ATTEMPTS, e);
	return e->code;
}

enum err_code show_record(struct json *json, const struct call *call, const struct run *run, struct err *e)
{
	struct shown shown = { .call = call, .run = run };

	if (options_number(&call->words, OPTION_RECORD, 1, 0, &shown.number, e) != ERR_OK)
		return e->code;
	if (shown.number > run->counts.records)
		return err_set(e, ERR_USAGE,
		               "run %" PRId64 " has no record %" PRId64 ": its last one is %" PRId64, run->id,
		               shown.number, run->counts.records);
	arena_init(&shown.texts);
	if (read_outcomes(&shown, e) == ERR_OK) {
		find_cells(&shown);
		if (call->json)
			put_record(json, &shown);
		else
			add_record(&json->out, &shown);
	}
	free(shown.attempts);
	free(shown.cells);
	arena_release(&shown.texts);
	return e->code;
}
