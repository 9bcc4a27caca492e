#include "practice/results.h"

#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "practice/column.h"
#include "practice/rules.h"

enum { PIECE = 256 * 1024, PIECE_ROWS = 1000 };

struct results {
	struct stream stream;
	struct practice *practice;
	char id[SF_ID_ROOM];
	enum results_kind kind;
	size_t next; /* place in the order of the rows */
	bool begun;
	struct csv csv;
	struct column *columns; /* known where the job has a header */
	size_t column_count;
	size_t id_column;
	struct buf text; /* of one value */
	struct buf spelled;
};

static bool is_wanted(enum results_kind kind, const struct job_row *row)
{
	switch (kind) {
	case RESULTS_SUCCESSFUL:
		return row->outcome == ROW_CREATED || row->outcome == ROW_WRITTEN;
	case RESULTS_FAILED:
		return row->outcome == ROW_FAILED;
	default:
		return row->outcome == ROW_NOT_TRIED;
	}
}

static bool read_columns(struct results *s, const struct job *job)
{
	struct buf ignored;

	csv_window(&s->csv, job->header.at, job->header.len, true);
	if (job->header.len == 0 || csv_next(&s->csv) != CSV_RECORD)
		return true;
	s->columns = calloc(s->csv.count, sizeof *s->columns);
	if (!s->columns)
		return false;
	s->column_count = s->csv.count;
	buf_init(&ignored, 4096);
	for (size_t i = 0; i < s->column_count; i++) {
		column_read(&s->columns[i], s->csv.cells[i], job, &s->practice->org, &ignored);
		if (s->columns[i].field && s->columns[i].field->origin == FROM_ID && !s->columns[i].far)
			s->id_column = i;
	}
	buf_release(&ignored);
	return true;
}

static void end_line(const struct job *job, struct buf *to)
{
	buf_add_text(to, job->crlf ? "\r\n" : "\n");
}

/* Is the column there at all? */
static bool is_shown(const struct results *s, const struct job *job, size_t column)
{
	return !(job->fate.bare && s->columns[column].far);
}

/* The header without its relationship columns; the scanner has just read it. */
static void add_bare_header(const struct results *s, const struct job *job, struct buf *to)
{
	bool quoted = job->header.len && job->header.at[0] == '"', any = false;

	for (size_t i = 0; i < s->column_count; i++) {
		if (!is_shown(s, job, i))
			continue;
		if (any)
			buf_add_char(to, job->delimiter);
		any = true;
		if (quoted)
			csv_add_quoted(to, s->csv.cells[i]);
		else
			buf_add_slice(to, s->csv.cells[i]);
	}
}

/* The names in front are quoted, the header is echoed as it was written (salesforce-api.md C6). */
static void add_header(const struct results *s, const struct job *job, struct buf *to)
{
	const char *second = s->kind == RESULTS_SUCCESSFUL ? "sf__Created" : "sf__Error";

	if (s->kind != RESULTS_UNPROCESSED) {
		buf_addf(to, "\"sf__Id\"%c\"%s\"", job->delimiter, second);
		if (job->header.len)
			buf_add_char(to, job->delimiter);
	}
	if (job->fate.bare)
		add_bare_header(s, job, to);
	else
		buf_add_slice(to, job->header);
	if (to->len)
		end_line(job, to);
}

static struct slice cell_of(const struct results *s, size_t column)
{
	return column < s->csv.count ? s->csv.cells[column] : (struct slice){ NULL, 0 };
}

/* The id that a failed record was given. Before 53.0 there is none where it names nothing (salesforce-api.md C6). */
static struct slice given_id(const struct results *s, const struct job *job)
{
	struct slice id = cell_of(s, s->id_column);

	if (job->version < 53 && !table_number(job->table, id))
		return (struct slice){ NULL, 0 };
	return id;
}

static void add_front(const struct results *s, const struct job *job, const struct job_row *row, struct buf *to)
{
	char id[SF_ID_ROOM] = "";

	if (row->row)
		table_id(job->table, row->row, id);
	if (row->row || s->id_column == SIZE_MAX)
		csv_add_quoted(to, slice_of(id));
	else
		csv_add_quoted(to, given_id(s, job));
	buf_add_char(to, job->delimiter);
	if (row->outcome == ROW_FAILED)
		csv_add_quoted(to, slice_of(job->errors[row->error]));
	else
		csv_add_quoted(to, slice_of(row->outcome == ROW_CREATED ? "true" : "false"));
	buf_add_char(to, job->delimiter);
}

/* The column's value of the row at hand becomes s->text. */
static void spell(struct results *s, const struct job *job, size_t column)
{
	const struct column *c = &s->columns[column];
	struct slice cell = cell_of(s, column);

	buf_clear(&s->text);
	if (!c->exact)
		return;
	if (job->fate.respelled) {
		buf_clear(&s->spelled);
		rule_respell(c->field, cell, &s->spelled);
		cell = buf_slice(&s->spelled);
	}
	if (c->far)
		buf_add_slice(&s->text, cell);
	else
		rule_echo(c->field, cell, &s->text);
}

static void add_row(struct results *s, const struct job *job, const struct job_row *row, struct buf *to)
{
	bool any = false;

	csv_window(&s->csv, job->data.at + row->at, row->len, true);
	if (csv_next(&s->csv) != CSV_RECORD)
		s->csv.count = 0;
	if (s->kind != RESULTS_UNPROCESSED)
		add_front(s, job, row, to);
	for (size_t i = 0; i < s->column_count; i++) {
		if (!is_shown(s, job, i))
			continue;
		if (any)
			buf_add_char(to, job->delimiter);
		any = true;
		spell(s, job, i);
		csv_add_quoted(to, buf_slice(&s->text));
	}
	end_line(job, to);
}

/* Rows that were not tried come in the file's order, the others do not. */
static const struct job_row *row_at(const struct results *s, const struct job *job, size_t place)
{
	if (s->kind == RESULTS_UNPROCESSED || !job->shuffled)
		return &job->rows[place];
	return &job->rows[job->shuffled[place]];
}

/* Has the scenario let the row's result get lost? */
static bool is_lacking(const struct job *job, const struct job_row *row)
{
	return job->fate.lacks > 0 && (row - job->rows + 1) % job->fate.lacks == 0;
}

static bool add_some(struct results *s, const struct job *job, struct buf *to)
{
	size_t begun = to->len, rows = 0;

	if (!s->begun) {
		s->begun = true;
		if (!read_columns(s, job))
			return false;
		add_header(s, job, to);
	}
	while (s->next < job->row_count && to->len - begun < PIECE && rows < PIECE_ROWS) {
		const struct job_row *row = row_at(s, job, s->next++);

		if (!is_wanted(s->kind, row) || is_lacking(job, row))
			continue;
		add_row(s, job, row, to);
		rows++;
	}
	return to->len > begun;
}

static bool more(struct stream *stream, struct buf *to)
{
	struct results *s = (struct results *)stream;
	struct job *job;
	bool any = false;

	practice_take_turn(s->practice);
	job = jobs_find(&s->practice->jobs, s->id, JOB_V2);
	if (job && job_has_ended(job))
		any = add_some(s, job, to);
	practice_end_turn(s->practice);
	return any;
}

static void free_results(struct stream *stream)
{
	struct results *s = (struct results *)stream;

	csv_release(&s->csv);
	buf_release(&s->text);
	buf_release(&s->spelled);
	free(s->columns);
	free(s);
}

struct stream *results_open(struct practice *p, const struct job *job, enum results_kind kind)
{
	struct results *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	s->stream = (struct stream){ more, free_results };
	s->practice = p;
	s->kind = kind;
	s->id_column = SIZE_MAX;
	memcpy(s->id, job->id, sizeof s->id);
	csv_init(&s->csv, job->delimiter);
	s->csv.strict = true;
	buf_init(&s->text, CSV_MOST_BYTES);
	buf_init(&s->spelled, CSV_MOST_BYTES);
	return &s->stream;
}
