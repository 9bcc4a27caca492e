/* source_kept.c - the records of a file that is gone, as far as their text was kept. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/source/dialect.h"
#include "core/source/source_own.h"

/* The window holds the header's text, and there is no file behind it. */
static enum err_code read_columns(struct source *s, struct slice header, struct err *e)
{
	struct window *w = &s->window;

	w->path = s->shape.path;
	w->bytes = malloc(header.len + 1);
	if (!w->bytes)
		return err_memory(e, "a header");
	memcpy(w->bytes, header.at, header.len);
	w->len = w->room = header.len;
	w->size = (int64_t)header.len;
	s->kept.header = (struct slice){ w->bytes, w->len };
	csv_window(&s->csv, w->bytes, w->len, true);
	return source_read_header(s, e);
}

enum err_code source_open_kept(struct source **source, const struct source_kept *kept, struct err *e)
{
	struct source *s = source_new();
	enum err_code rc;

	*source = NULL;
	if (!s)
		return err_memory(e, "a source");
	snprintf(s->shape.path, sizeof s->shape.path, "%s", kept->path);
	s->shape.encoding = ENCODING_UTF_8;
	s->shape.delimiter = kept->delimiter;
	s->shape.delimiter_name = dialect_delimiter_name(kept->delimiter);
	s->shape.line_end = "LF";
	if (!s->shape.delimiter_name)
		s->shape.delimiter_name = "";
	csv_init(&s->csv, kept->delimiter);
	s->kept = *kept;
	s->kept.path = s->shape.path;
	rc = read_columns(s, kept->header, e);
	if (rc == ERR_OK)
		*source = s;
	else
		source_close(s);
	return rc;
}

enum err_code source_next_kept(struct source *s, struct record *record, bool *more, struct err *e)
{
	enum csv_result result;

	*more = s->next_number <= s->kept.records;
	if (!*more)
		return ERR_OK;
	buf_clear(&s->text);
	if (!s->kept.text(s->kept.ctx, s->next_number, &s->text) || s->text.len == 0) {
		*record = (struct record){ .number = s->next_number++, .fault = "its text was not kept" };
		return ERR_OK;
	}
	s->clean_end = -1; /* every record is looked at: nobody knows what is in it */
	s->csv.skipping = false;
	csv_window(&s->csv, s->text.at, s->text.len, true);
	result = csv_next(&s->csv);
	if (result == CSV_MEMORY)
		return err_memory(e, "a record");
	source_fill(s, record, 0, result);
	return ERR_OK;
}
