#include "core/source/row_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* One look at all of a window is cheaper than one at each record. */
static void find_clean(struct source *s)
{
	struct slice bytes = { s->window.bytes, s->window.len };
	const char *nul = memchr(bytes.at, '\0', bytes.len);
	size_t at;

	if (nul)
		bytes.len = (size_t)(nul - bytes.at);
	if (!text_is_utf8(bytes, &at))
		bytes.len = at;
	s->clean_end = s->window.offset + (int64_t)bytes.len;
}

enum err_code source_read_on(struct source *s, const char *at, struct err *e)
{
	enum err_code rc = window_more(&s->window, (size_t)(at - s->window.bytes), e);

	find_clean(s);
	csv_window(&s->csv, s->window.bytes, s->window.len, window_is_last(&s->window));
	return rc;
}

enum err_code source_cut(struct source *s, enum csv_result *result, struct err *e)
{
	enum err_code rc = ERR_OK;

	while (rc == ERR_OK && (*result = csv_next(&s->csv)) == CSV_MORE)
		rc = source_read_on(s, s->csv.at, e);
	if (rc == ERR_OK && *result == CSV_MEMORY)
		rc = err_memory(e, "a record");
	return rc;
}

int64_t source_offset_of(const struct source *s, const char *at)
{
	return s->window.offset + (at - s->window.bytes);
}

void source_close(struct source *source)
{
	if (!source)
		return;
	csv_release(&source->csv);
	buf_release(&source->row_text);
	arena_release(&source->names);
	window_close(&source->window);
	buf_release(&source->text);
	free(source);
}

const char *source_place_name(const struct source *source)
{
	return source->shape.format == FORMAT_XLSX ? "row" : "byte";
}

const struct source_shape *source_shape(const struct source *source)
{
	return &source->shape;
}

/* The record's bytes are no text. */
static bool find_foreign(struct source *s, struct record *r)
{
	const char *nul;
	size_t at;

	if (r->offset + (int64_t)r->raw.len <= s->clean_end)
		return false;
	nul = memchr(r->raw.at, '\0', r->raw.len);
	if (nul) {
		r->fault = "a NUL byte";
		r->fault_place = r->offset + (nul - r->raw.at);
	} else if (!text_is_utf8(r->raw, &at)) {
		if (s->shape.encoding == ENCODING_UTF_8)
			snprintf(s->fault, sizeof s->fault, "byte 0x%02X is not UTF-8",
			         (unsigned char)r->raw.at[at]);
		else
			snprintf(s->fault, sizeof s->fault, "bytes that are no %s",
			         dialect_encoding_name(s->shape.encoding));
		r->fault = s->fault;
		r->fault_place = r->offset + (int64_t)at;
	}
	return r->fault != NULL;
}

static void find_fault(struct source *s, struct record *r, enum csv_result result)
{
	if (result == CSV_BROKEN) {
		r->fault = s->csv.why;
		r->fault_place = r->offset + (int64_t)s->csv.why_at;
	} else if (!find_foreign(s, r) && r->count != s->shape.column_count) {
		snprintf(s->fault, sizeof s->fault, "%zu cell%s, the header has %zu", r->count,
		         r->count == 1 ? "" : "s", s->shape.column_count);
		r->fault = s->fault;
		r->fault_place = r->offset;
	}
}

bool source_is_blank(const struct record *record)
{
	for (size_t i = 0; i < record->count; i++)
		if (record->cells[i].len > 0 || source_is_null(record->cells[i]))
			return false;
	return true;
}

bool source_is_mark(const struct source *s, struct slice cell)
{
	return cell.len == 4 && memcmp(cell.at, "#N/A", 4) == 0 &&
	       (cell.at == s->csv.raw.at || cell.at[-1] != '"');
}

void source_set_change(struct source *source, source_change *change, void *ctx)
{
	source->change = change;
	source->change_ctx = ctx;
}

void source_fill(struct source *s, struct record *record, int64_t offset, enum csv_result result)
{
	const struct csv *c = &s->csv;

	for (size_t i = 0; i < c->count && s->kept.nulls; i++)
		if (source_is_mark(s, c->cells[i]))
			c->cells[i] = source_null();
	*record = (struct record){
		.number = s->next_number++,
		.offset = offset,
		.place = offset,
		.cells = c->cells,
		.count = c->count,
		.raw = c->raw,
		.plain = c->plain && c->delimiter == ',' && !s->change,
	};
	find_fault(s, record, result);
	if (s->change && !record->fault)
		s->change(s->change_ctx, record);
	record->blank = result == CSV_RECORD && source_is_blank(record);
}

enum err_code source_next(struct source *source, struct record *record, bool *more, struct err *e)
{
	struct csv *c = &source->csv;
	enum csv_result result;
	enum err_code rc;

	if (source->kept.text)
		return source_next_kept(source, record, more, e);
	*more = false;
	do
		rc = source_cut(source, &result, e);
	while (rc == ERR_OK && result == CSV_RECORD && c->blank && source->shape.column_count > 1);
	if (rc != ERR_OK)
		return rc;
	if (result == CSV_END)
		return window_check(&source->window, e);
	*more = true;
	if (source->row)
		return row_source_record(source, record, e);
	source_fill(source, record, source_offset_of(source, c->raw.at), result);
	return ERR_OK;
}

enum err_code source_seek(struct source *source, int64_t number, int64_t offset, struct err *e)
{
	struct window *w = &source->window;

	if (source->kept.text) {
		source->next_number = number;
		return ERR_OK;
	}
	if (number < 1 || offset < source->shape.first_offset || offset > w->size)
		return err_set(e, ERR_FILE,
		               "record %lld cannot lie at byte %lld of %s: is it the same file as before?",
		               (long long)number, (long long)offset, w->path);
	if (offset < w->offset || offset > w->offset + (int64_t)w->len)
		window_seek(w, offset);
	source->csv.skipping = false;
	csv_window(&source->csv, w->bytes + (offset - w->offset), w->len - (size_t)(offset - w->offset),
	           window_is_last(w));
	source->next_number = number;
	return ERR_OK;
}
