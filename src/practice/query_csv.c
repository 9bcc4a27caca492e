#include "practice/query_csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "practice/cursor.h"
#include "practice/query_run.h"

enum { PIECE = 256 * 1024, PIECE_ROWS = 1000 };

struct query_csv {
	struct stream stream;
	struct practice *practice;
	char id[SF_ID_ROOM];
	size_t next, end;
	bool begun;
	struct buf made;
};

/* "Account.Owner.Name" in the describe's spelling. */
static void add_name(const struct query_field *f, struct buf *made, struct buf *to)
{
	buf_clear(made);
	for (size_t i = 0; i < f->depth; i++)
		buf_addf(made, "%s.", f->steps[i].via->relationship);
	buf_add_text(made, f->field->name);
	csv_add_quoted(to, buf_slice(made));
}

static void add_value(const struct org *org, struct query_place at, const struct query_field *f,
                      struct buf *made, struct buf *to)
{
	char number[CURSOR_NUMBER];
	struct slice value = { NULL, 0 };

	buf_clear(made);
	for (size_t i = 0; i < f->depth && at.row; i++)
		at = query_follow(org, at, &f->steps[i]);
	if (at.row)
		value = query_value(at, f, made);
	if (value.at && field_is_number(f->field))
		value = cursor_number(f->field, value, number);
	csv_add_quoted(to, value);
}

void query_csv_line(const struct query *q, const struct org *org, const uint32_t *row, char delimiter,
                    struct buf *made, struct buf *to)
{
	for (size_t i = 0; i < q->field_count; i++) {
		if (i > 0)
			buf_add_char(to, delimiter);
		if (row)
			add_value(org, (struct query_place){ org_table(org, q->object), *row }, &q->fields[i],
			          made, to);
		else
			add_name(&q->fields[i], made, to);
	}
}

static void add_line(struct query_csv *s, const struct query_job *job, const uint32_t *row, struct buf *to)
{
	query_csv_line(job->query, &s->practice->org, row, job->delimiter, &s->made, to);
	buf_add_text(to, job->crlf ? "\r\n" : "\n");
}

const char *query_csv_refusal(const struct query *q)
{
	for (size_t i = 0; i < q->field_count; i++)
		if (q->fields[i].field->type == FIELD_ADDRESS)
			return "Selecting compound data is not supported in Bulk Query";
	if (q->count || q->sum_count)
		return "Aggregate functions are not supported in Bulk Query";
	if (q->offset)
		return "OFFSET is not supported in Bulk Query";
	return q->child_count ? "Selecting child relationships is not supported in Bulk Query" : NULL;
}

static bool more(struct stream *stream, struct buf *to)
{
	struct query_csv *s = (struct query_csv *)stream;
	const struct query_job *job;
	size_t begun = to->len, rows = 0;

	practice_take_turn(s->practice);
	job = query_jobs_find(s->practice, s->id);
	if (job && !s->begun)
		add_line(s, job, NULL, to);
	s->begun = true;
	while (job && s->next < s->end && to->len - begun < PIECE && rows++ < PIECE_ROWS)
		add_line(s, job, &job->rows[s->next++], to);
	practice_end_turn(s->practice);
	return to->len > begun;
}

static void free_csv(struct stream *stream)
{
	struct query_csv *s = (struct query_csv *)stream;

	buf_release(&s->made);
	free(s);
}

struct stream *query_csv_open(struct practice *p, const struct query_job *job, size_t from, size_t to)
{
	struct query_csv *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	s->stream = (struct stream){ more, free_csv };
	s->practice = p;
	memcpy(s->id, job->id, sizeof s->id);
	s->next = from;
	s->end = to;
	buf_init(&s->made, CSV_MOST_BYTES);
	return &s->stream;
}
