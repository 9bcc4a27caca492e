#include "ui/command/show_find.h"
#include "ui/command/signals.h"

#include <inttypes.h>
#include <stdlib.h>
#include <strings.h>

#include "base/text.h"
#include "core/engine/run_source.h"
#include "store/outcomes.h"

enum { MOST_FOUND = 100, ROWS_A_PAGE = 256 };

/* The source's records and their outcomes, both in ascending order. */
struct search {
	const struct call *call;
	const struct run *run;
	struct slice text;
	struct source *source; /* NULL: neither the file nor anything of it is there */
	struct run_kept kept;
	struct outcome_row *rows;
	int row_count, row_at;
	int64_t paged; /* outcomes up to this record were read */
	int found;
	bool more;
};

static bool stands_in(struct slice text, struct slice in)
{
	for (size_t at = 0; in.at && text.len <= in.len && at <= in.len - text.len; at++)
		if (strncasecmp(in.at + at, text.at, text.len) == 0)
			return true;
	return false;
}

/* The outcome of the next record that has one, at or behind `record`; NULL if there is none. */
static const struct outcome_row *row_from(struct search *s, int64_t record, struct err *e)
{
	while (s->row_at < s->row_count && s->rows[s->row_at].record < record)
		s->row_at++;
	if (s->row_at == s->row_count && (s->row_count == ROWS_A_PAGE || s->paged == 0)) {
		s->row_count = outcome_page(s->call->journal, s->run->id, record - 1, 0, s->rows, ROWS_A_PAGE,
		                            e);
		s->row_at = 0;
		s->paged = record;
	}
	return s->row_at < s->row_count ? &s->rows[s->row_at] : NULL;
}

static void put_found(struct json *json, int64_t record, const struct outcome_row *row)
{
	json_begin(json, NULL, '{');
	json_put_number(json, "number", record);
	json_put_text(json, "state", row ? outcome_state_name(row->state) : "pending");
	json_put_text(json, "id", row && row->id[0] ? row->id : NULL);
	json_put_text(json, "code", row && row->code[0] ? row->code : NULL);
	json_put_text(json, "message", row && row->text[0] ? row->text : NULL);
	json_end(json);
}

static void add_found(struct buf *b, int64_t record, const struct outcome_row *row, struct slice raw)
{
	buf_addf(b, "%9" PRId64 "  %-8s  %-18s  ", record, row ? outcome_state_name(row->state) : "pending",
	         row ? row->id : "");
	if (row && row->text[0])
		call_show(b, row->text);
	else
		text_show(b, raw, false);
	buf_add_char(b, '\n');
}

static bool is_found(const struct search *s, const struct outcome_row *row, struct slice raw)
{
	return stands_in(s->text, raw) ||
	       (row && (stands_in(s->text, slice_of(row->id)) || stands_in(s->text, slice_of(row->code)) ||
	                stands_in(s->text, slice_of(row->text))));
}

static enum err_code look_at(struct search *s, struct json *json, int64_t number, struct slice raw,
                             struct err *e)
{
	const struct outcome_row *row = row_from(s, number, e);

	if (e->code)
		return e->code;
	if (row && row->record != number)
		row = NULL;
	if (!is_found(s, row, raw))
		return ERR_OK;
	s->more = s->found == MOST_FOUND;
	if (s->more)
		return ERR_OK;
	s->found++;
	if (s->call->json)
		put_found(json, number, row);
	else
		add_found(&json->out, number, row, raw);
	return ERR_OK;
}

static enum err_code look_at_all(struct search *s, struct json *json, struct err *e)
{
	struct record record = { 0 };
	bool more = true;

	while (!s->more && record.number < s->run->counts.records) {
		if (*signals_stop())
			return err_set(e, ERR_STOPPED, "stopped while looking for it");
		if (s->source && (source_next(s->source, &record, &more, e) != ERR_OK || !more))
			return e->code;
		if (!s->source)
			record.number++;
		if (look_at(s, json, record.number, record.raw, e) != ERR_OK)
			return e->code;
	}
	return ERR_OK;
}

/* Without cells, ids and messages are left to look in. */
static void open_source(struct search *s)
{
	struct err why;

	err_init(&why);
	if (run_source_open(&s->source, &s->kept, s->call->journal, s->run, NULL, &why) != ERR_OK)
		call_say(s->call, "only ids and messages are looked at: %s", why.text);
}

static void add_end(const struct search *s, struct json *json)
{
	if (s->call->json) {
		json_end(json);
		json_put_bool(json, "more", s->more);
	} else if (s->more) {
		buf_addf(&json->out, "These are the first %d; there are more.\n", MOST_FOUND);
	} else if (s->found == 0) {
		buf_addf(&json->out, "No record of run %" PRId64 " has that text.\n", s->run->id);
	}
}

enum err_code show_find(struct json *json, const struct call *call, const struct run *run, struct err *e)
{
	struct search s = { .call = call, .run = run, .text = slice_of(call_option(call, OPTION_FIND)) };

	if (s.text.len == 0)
		return err_set(e, ERR_USAGE, "--find takes a text to look for");
	s.rows = calloc(ROWS_A_PAGE, sizeof *s.rows);
	if (!s.rows)
		return err_memory(e, "a page of records");
	signals_watch();
	open_source(&s);
	if (call->json)
		json_begin(json, "found", '[');
	if (look_at_all(&s, json, e) == ERR_OK)
		add_end(&s, json);
	source_close(s.source);
	free(s.rows);
	return e->code;
}
