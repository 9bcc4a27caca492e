#include "core/source/row_source.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

static char null_cell[1]; /* not const: a compiler may lay those and "" in one place */

bool source_is_null(struct slice cell)
{
	return cell.at == null_cell;
}

struct slice source_null(void)
{
	return (struct slice){ null_cell, 0 };
}

static bool is_part(struct slice name, struct slice of)
{
	return name.len > of.len && name.at[of.len] == '.' &&
	       slice_equal_fold((struct slice){ name.at, of.len }, of);
}

static bool has_parts(const struct rows *rows, struct slice name)
{
	for (size_t i = 0; i < rows->count; i++)
		if (is_part(rows->columns[i].name, name))
			return true;
	return false;
}

static bool make_columns(struct source *s, const struct rows *rows)
{
	struct row_cell *row = arena_alloc(&s->names, rows->count * sizeof *row);
	struct slice *columns = arena_alloc(&s->names, rows->count * sizeof *columns);
	size_t count = 0;

	if (!row || !columns)
		return false;
	for (size_t i = 0; i < rows->count; i++) {
		struct slice name = rows->columns[i].name;

		name.at = arena_slice(&s->names, name);
		if (!name.at)
			return false;
		row[i] = (struct row_cell){ name, count,
			                    !rows->columns[i].any && (name.len == 0 || has_parts(rows, name)) };
		if (!row[i].hidden)
			columns[count++] = name;
		s->row_hidden += row[i].hidden;
	}
	s->row = row;
	s->row_count = rows->count;
	s->shape.columns = columns;
	s->shape.column_count = count;
	return true;
}

static enum err_code begin(struct source *s, int fd, struct err *e)
{
	s->row_cells = arena_alloc(&s->names, s->shape.column_count * sizeof *s->row_cells);
	if (!s->row_cells)
		return err_memory(e, "the columns");
	buf_init(&s->row_text, 4 * (size_t)CSV_MOST_BYTES);
	s->shape.delimiter = ',';
	s->shape.delimiter_name = "comma";
	s->shape.line_end = "LF";
	csv_init(&s->csv, ',');
	s->csv.most_cells = CSV_MOST_CELLS + 1; /* the place is one */
	if (window_on(&s->window, fd, s->shape.path, e) != ERR_OK)
		return e->code;
	s->shape.size = s->window.size;
	csv_window(&s->csv, s->window.bytes, 0, window_is_last(&s->window));
	return ERR_OK;
}

enum err_code row_source_take(struct source *s, struct rows *rows, struct err *e)
{
	if (rows->count == 0)
		return err_set(e, ERR_FILE, "%s has no value in it: there is nothing to load", s->shape.path);
	if (!make_columns(s, rows))
		return err_memory(e, "the columns");
	return begin(s, scratch_take(&rows->scratch), e);
}

enum err_code row_source_again(struct source *s, const struct source *like, struct err *e)
{
	struct slice *columns = arena_alloc(&s->names, like->row_count * sizeof *columns);
	struct row_cell *row = arena_alloc(&s->names, like->row_count * sizeof *row);

	if (!row || !columns)
		return err_memory(e, "the columns");
	for (size_t i = 0; i < like->row_count; i++) {
		row[i] = like->row[i];
		row[i].name.at = arena_slice(&s->names, row[i].name);
		if (!row[i].name.at)
			return err_memory(e, "the columns");
		if (!row[i].hidden)
			columns[row[i].column] = row[i].name;
	}
	s->row = row;
	s->row_count = like->row_count;
	s->row_hidden = like->row_hidden;
	s->shape.columns = columns;
	return begin(s, fcntl(like->window.fd, F_DUPFD_CLOEXEC, 0), e);
}

/* The parts of what is null as a whole. */
static void clear_parts(struct source *s, struct slice whole)
{
	for (size_t i = 0; i < s->shape.column_count; i++)
		if (s->row_cells[i].len == 0 && is_part(s->shape.columns[i], whole))
			s->row_cells[i] = source_null();
}

static void fill_cells(struct source *s)
{
	for (size_t i = 0; i < s->shape.column_count; i++)
		s->row_cells[i] = (struct slice){ "", 0 };
	for (size_t i = 0; i + 1 < s->csv.count && i < s->row_count; i++) {
		struct slice cell = s->csv.cells[i + 1];

		if (source_is_mark(s, cell))
			cell = source_null();
		if (!s->row[i].hidden)
			s->row_cells[s->row[i].column] = cell;
		else if (source_is_null(cell))
			clear_parts(s, s->row[i].name);
	}
}

/* The record as a line of its columns: the row without its place, as far as that goes. */
static struct slice raw_of(struct source *s, bool faulty)
{
	const struct slice row = s->csv.raw;
	size_t skip = s->csv.cells[0].len + 1, have = s->csv.count - 1;
	struct buf *b = &s->row_text;

	if (!faulty && s->row_hidden == 0 && have == s->row_count)
		return (struct slice){ row.at + skip, row.len - skip };
	buf_clear(b);
	if (!faulty && s->row_hidden == 0 && have > 0)
		buf_add(b, row.at + skip, row.len - skip);
	for (size_t i = 0; i < s->shape.column_count && !faulty && s->row_hidden > 0; i++) {
		buf_add_text(b, i ? "," : "");
		if (source_is_null(s->row_cells[i]))
			buf_add_text(b, "#N/A");
		else
			csv_add_cell(b, s->row_cells[i], ',');
	}
	if (faulty || s->row_hidden == 0)
		for (size_t i = faulty || have == 0 ? 1 : have; i < s->shape.column_count; i++)
			buf_add_char(b, ',');
	return buf_slice(b);
}

/* "120" or "120!131!nests too deep" */
static void read_place(struct source *s, struct record *r)
{
	struct slice cell = s->csv.cells[0];
	const char *mark = memchr(cell.at, '!', cell.len), *behind;
	struct slice first = { cell.at, mark ? (size_t)(mark - cell.at) : cell.len }, second;

	number_whole(first, &r->place);
	if (!mark)
		return;
	behind = memchr(mark + 1, '!', cell.len - first.len - 1);
	if (!behind)
		return;
	second = (struct slice){ mark + 1, (size_t)(behind - mark - 1) };
	number_whole(second, &r->fault_place);
	snprintf(s->fault, sizeof s->fault, "%.*s", (int)(cell.at + cell.len - behind - 1), behind + 1);
	r->fault = s->fault;
}

enum err_code row_source_record(struct source *s, struct record *record, struct err *e)
{
	const struct slice row = s->csv.raw;

	*record = (struct record){
		.number = s->next_number++,
		.offset = source_offset_of(s, row.at),
		.cells = s->row_cells,
		.count = s->shape.column_count,
	};
	read_place(s, record);
	if (!record->fault && record->offset + (int64_t)row.len > s->clean_end &&
	    memchr(row.at, '\0', row.len)) {
		record->fault = "a NUL byte";
		record->fault_place = record->place;
	}
	fill_cells(s);
	record->raw = raw_of(s, record->fault != NULL);
	if (s->change && !record->fault)
		s->change(s->change_ctx, record);
	record->blank = !record->fault && source_is_blank(record);
	return s->row_text.short_of ? err_memory(e, "a record") : ERR_OK;
}
