#include "core/source/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/csv.h"
#include "base/paths.h"
#include "base/text.h"
#include "core/source/dialect.h"
#include "core/source/guess.h"
#include "core/source/window.h"

enum { LINE_END_HEAD = 64 * 1024, SHOWN_NAME = 60 };

struct source {
	struct source_shape shape;
	struct window window;
	struct csv csv;
	struct arena names; /* the columns and their names */
	int64_t clean_end;  /* offset in the file: what the window holds before it is UTF-8 without a NUL */
	int64_t next_number;
	char delimiter_name[4]; /* of one that has no name of its own */
	char fault[96];
};

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

/* Reads on where the window ends inside a record that begins at `at`. */
static enum err_code read_on(struct source *s, const char *at, struct err *e)
{
	enum err_code rc = window_more(&s->window, (size_t)(at - s->window.bytes), e);

	find_clean(s);
	csv_window(&s->csv, s->window.bytes, s->window.len, window_is_last(&s->window));
	return rc;
}

/* The next record, a broken one, or CSV_END. */
static enum err_code cut(struct source *s, enum csv_result *result, struct err *e)
{
	enum err_code rc = ERR_OK;

	while (rc == ERR_OK && (*result = csv_next(&s->csv)) == CSV_MORE)
		rc = read_on(s, s->csv.at, e);
	if (rc == ERR_OK && *result == CSV_MEMORY)
		rc = err_memory(e, "a record");
	return rc;
}

/* The offset in the file of a byte in the window. */
static int64_t offset_of(const struct source *s, const char *at)
{
	return s->window.offset + (at - s->window.bytes);
}

static const char *name_of_delimiter(struct source *s, char delimiter)
{
	const char *name = dialect_delimiter_name(delimiter);

	s->delimiter_name[0] = delimiter;
	return name ? name : s->delimiter_name;
}

/* Looks at the first bytes: encoding, delimiter, line ends. Scanning goes on with the header. */
static enum err_code look(struct source *s, char asked, struct err *e)
{
	struct source_shape *shape = &s->shape;
	struct slice head;
	const char *foreign;
	size_t before, sep;
	char named = '\0';
	enum err_code rc = read_on(s, s->window.bytes, e);

	if (rc != ERR_OK)
		return rc;
	head = (struct slice){ s->window.bytes, s->window.len };
	foreign = guess_foreign(head);
	if (foreign)
		return err_set(e, ERR_FILE, "%s %s", shape->path, foreign);
	before = guess_mark(head);
	shape->byte_order_mark = before > 0;
	sep = guess_sep_line((struct slice){ head.at + before, head.len - before }, &named);
	before += sep;
	head = (struct slice){ head.at + before, head.len - before };
	shape->delimiter = asked ? asked : named;
	snprintf(shape->delimiter_why, sizeof shape->delimiter_why, "%s",
	         asked ? "as given" : "named in the first line (sep=)");
	if (!shape->delimiter)
		shape->delimiter = guess_delimiter(head, window_is_last(&s->window), shape->delimiter_why);
	shape->delimiter_name = name_of_delimiter(s, shape->delimiter);
	csv_init(&s->csv, shape->delimiter);
	csv_window(&s->csv, head.at, head.len, window_is_last(&s->window));
	if (head.len > LINE_END_HEAD)
		head.len = LINE_END_HEAD;
	shape->line_end = guess_line_end(head, shape->delimiter);
	return ERR_OK;
}

/* A column's name as it may stand in a sentence. */
static const char *shown(struct buf *b, struct slice name)
{
	size_t len;

	buf_init(b, 1024);
	for (size_t at = 0; at < name.len && at < SHOWN_NAME; at += len) {
		text_decode((struct slice){ name.at + at, name.len - at }, &len);
		text_show(b, (struct slice){ name.at + at, len }, false);
	}
	if (name.len > SHOWN_NAME)
		buf_add_text(b, "…");
	return buf_text(b);
}

static enum err_code check_names(const struct source *s, struct err *e)
{
	const struct source_shape *shape = &s->shape;
	const struct slice *names = shape->columns;
	enum err_code rc = ERR_OK;
	struct buf b;

	for (size_t i = 0; i < shape->column_count && rc == ERR_OK; i++)
		for (size_t j = 0; j < i && rc == ERR_OK; j++) {
			if (!slice_equal_fold(names[i], names[j]))
				continue;
			rc = err_set(e, ERR_FILE, "columns %zu and %zu of %s are both named \"%s\"; rename one",
			             j + 1, i + 1, shape->path, shown(&b, names[i]));
			buf_release(&b);
		}
	return rc;
}

/* What is wrong with the bytes of the header. */
static enum err_code check_header(const struct source *s, enum csv_result result, struct err *e)
{
	const char *path = s->shape.path, *nul;
	struct slice raw = s->csv.raw;
	char count[27];
	size_t at;

	if (result == CSV_END)
		return err_set(e, ERR_FILE, "%s is empty: a first line with the names of the columns is needed",
		               path);
	if (result == CSV_BROKEN)
		return err_set(e, ERR_FILE, "the header of %s is broken: %s at byte %s", path, s->csv.why,
		               text_count(offset_of(s, raw.at + s->csv.why_at), count, sizeof count));
	if (!text_is_utf8(raw, &at))
		return err_set(e, ERR_FILE,
		               "the header of %s is not UTF-8 (0x%02X at byte %s); save the file as UTF-8",
		               path, (unsigned char)raw.at[at],
		               text_count(offset_of(s, raw.at + at), count, sizeof count));
	nul = memchr(raw.at, '\0', raw.len);
	if (nul)
		return err_set(e, ERR_FILE, "the header of %s has a NUL byte at byte %s: this is no text file",
		               path, text_count(offset_of(s, nul), count, sizeof count));
	return ERR_OK;
}

/* Every column gets a name, so that a mapping can speak of it. */
static enum err_code name_columns(struct source *s, struct err *e)
{
	struct slice *columns = arena_alloc(&s->names, s->csv.count * sizeof *columns);
	size_t unnamed = 0;

	for (size_t i = 0; columns && i < s->csv.count; i++) {
		struct slice name = slice_trim(s->csv.cells[i]);
		char number[32];

		unnamed += name.len == 0;
		snprintf(number, sizeof number, "column %zu", i + 1);
		name = name.len == 0 ? slice_of(number) : name;
		columns[i] = (struct slice){ arena_slice(&s->names, name), name.len };
		if (!columns[i].at)
			columns = NULL;
	}
	if (!columns)
		return err_memory(e, "the columns");
	if (unnamed == s->csv.count)
		return err_set(e, ERR_FILE, "the first line of %s has no names: it must name the columns",
		               s->shape.path);
	s->shape.columns = columns;
	s->shape.column_count = s->csv.count;
	return check_names(s, e);
}

static enum err_code read_header(struct source *s, struct err *e)
{
	enum csv_result result;
	enum err_code rc;

	do
		rc = cut(s, &result, e);
	while (rc == ERR_OK && result == CSV_RECORD && s->csv.blank);
	if (rc == ERR_OK)
		rc = check_header(s, result, e);
	if (rc == ERR_OK)
		rc = name_columns(s, e);
	s->shape.first_offset = offset_of(s, s->csv.at);
	return rc;
}

enum err_code source_open(struct source **source, const char *path, const struct source_options *options,
                          struct err *e)
{
	char asked = options ? options->delimiter : '\0';
	struct source *s;
	enum err_code rc;

	*source = NULL;
	if (asked && !dialect_may_delimit(asked))
		return err_set(e, ERR_USAGE,
		               "a delimiter is one ASCII character, and neither a quote nor a line break");
	s = calloc(1, sizeof *s);
	if (!s)
		return err_memory(e, "a source");
	s->window.fd = -1;
	s->next_number = 1;
	arena_init(&s->names);
	rc = paths_absolute(path, s->shape.path, e);
	if (rc == ERR_OK)
		rc = window_open(&s->window, s->shape.path, e);
	s->shape.size = s->window.size;
	if (rc == ERR_OK)
		rc = look(s, asked, e);
	if (rc == ERR_OK)
		rc = read_header(s, e);
	if (rc == ERR_OK)
		*source = s;
	else
		source_close(s);
	return rc;
}

void source_close(struct source *source)
{
	if (!source)
		return;
	csv_release(&source->csv);
	arena_release(&source->names);
	window_close(&source->window);
	free(source);
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
		r->fault_offset = r->offset + (nul - r->raw.at);
	} else if (!text_is_utf8(r->raw, &at)) {
		snprintf(s->fault, sizeof s->fault, "byte 0x%02X is not UTF-8", (unsigned char)r->raw.at[at]);
		r->fault = s->fault;
		r->fault_offset = r->offset + (int64_t)at;
	}
	return r->fault != NULL;
}

static void find_fault(struct source *s, struct record *r, enum csv_result result)
{
	if (result == CSV_BROKEN) {
		r->fault = s->csv.why;
		r->fault_offset = r->offset + (int64_t)s->csv.why_at;
	} else if (!find_foreign(s, r) && r->count != s->shape.column_count) {
		snprintf(s->fault, sizeof s->fault, "%zu cell%s, the header has %zu", r->count,
		         r->count == 1 ? "" : "s", s->shape.column_count);
		r->fault = s->fault;
		r->fault_offset = r->offset;
	}
}

static bool is_blank(const struct slice *cells, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (cells[i].len > 0)
			return false;
	return true;
}

enum err_code source_next(struct source *source, struct record *record, bool *more, struct err *e)
{
	struct csv *c = &source->csv;
	enum csv_result result;
	enum err_code rc;

	*more = false;
	do
		rc = cut(source, &result, e);
	while (rc == ERR_OK && result == CSV_RECORD && c->blank && source->shape.column_count > 1);
	if (rc != ERR_OK)
		return rc;
	if (result == CSV_END)
		return window_check(&source->window, e);
	*more = true;
	*record = (struct record){
		.number = source->next_number++,
		.offset = offset_of(source, c->raw.at),
		.cells = c->cells,
		.count = c->count,
		.raw = c->raw,
		.blank = result == CSV_RECORD && is_blank(c->cells, c->count),
	};
	find_fault(source, record, result);
	return ERR_OK;
}

enum err_code source_seek(struct source *source, int64_t number, int64_t offset, struct err *e)
{
	struct window *w = &source->window;

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
