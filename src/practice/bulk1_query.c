#include "practice/bulk1_query.h"

#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "practice/bulk1_text.h"
#include "practice/query_csv.h"
#include "practice/query_run.h"

/* What the batch asks; NULL with the refusal, which is to be released in both cases. */
static struct query *read_query(struct practice *p, const struct job *batch, struct buf *why)
{
	struct query_error e;
	struct query *q = query_parse(&p->schema, buf_slice(&batch->data), &e);
	const char *refusal = q ? query_csv_refusal(q) : NULL;

	buf_init(why, JOB_MOST_MESSAGE);
	if (!q)
		buf_addf(why, "InvalidBatch : Failed to process query: %s: %s", e.code, buf_text(&e.message));
	else if (refusal)
		buf_addf(why, "InvalidBatch : Failed to process query: FUNCTIONALITY_NOT_ENABLED: %s", refusal);
	buf_release(&e.message);
	if (refusal) {
		query_free(q);
		q = NULL;
	}
	if (q)
		q->deleted_too = batch->operation == OP_QUERY_ALL;
	return q;
}

void bulk1_query_run(struct practice *p, struct job *batch)
{
	int64_t now = practice_now(p);
	struct buf why;
	struct query *q = read_query(p, batch, &why);
	uint32_t *rows = NULL;
	size_t count;

	batch->began = now;
	if (!q) {
		job_end(batch, JOB_FAILED, buf_text(&why), now, p->scenario.seed);
	} else if (!query_run(q, &p->org, &rows, &count)) {
		job_end(batch, JOB_FAILED, "InternalServerError : no memory", now, p->scenario.seed);
	} else {
		batch->processed = count;
		job_end(batch, JOB_COMPLETE, NULL, now, p->scenario.seed);
	}
	free(rows);
	query_free(q);
	buf_release(&why);
}

static void result_id(const struct job *batch, char id[SF_ID_ROOM])
{
	sf_id_text("752", batch->number, id);
}

void bulk1_query_results(const struct request *r, const struct job *batch, struct answer *a)
{
	char id[SF_ID_ROOM];
	struct json_out o;
	struct info i;

	result_id(batch, id);
	if (bulk1_is_json(r)) {
		json_out_init(&o, &a->body, false);
		json_out_list(&o);
		json_out_text(&o, slice_of(id));
		json_out_end(&o);
		return;
	}
	info_begin(&i, r, a, "result-list", false);
	info_text(&i, "result", id);
	info_end(&i, false);
}

static void write_rows(struct practice *p, const struct query *q, const uint32_t *rows, size_t count,
                       struct buf *to)
{
	struct buf made;

	buf_init(&made, CSV_MOST_BYTES);
	query_csv_line(q, &p->org, NULL, ',', &made, to);
	buf_add_char(to, '\n');
	for (size_t i = 0; i < count; i++) {
		query_csv_line(q, &p->org, &rows[i], ',', &made, to);
		buf_add_char(to, '\n');
	}
	buf_release(&made);
}

bool bulk1_query_result(struct practice *p, const struct job *batch, const char *id, struct answer *a)
{
	char own[SF_ID_ROOM];
	struct buf why;
	struct query *q;
	uint32_t *rows = NULL;
	size_t count = 0;

	result_id(batch, own);
	if (strcmp(own, id) != 0)
		return false;
	q = read_query(p, batch, &why);
	if (q && query_run(q, &p->org, &rows, &count))
		write_rows(p, q, rows, count, &a->body);
	a->type = "text/csv;charset=UTF-8";
	free(rows);
	query_free(q);
	buf_release(&why);
	return true;
}
