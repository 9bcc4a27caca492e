/* source_open.c - finds out what a file is, and makes it ready to be read. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/paths.h"
#include "core/source/guess.h"
#include "core/source/json_rows.h"
#include "core/source/row_source.h"
#include "core/source/sheet_source.h"
#include "core/source/singer_rows.h"

enum { LINE_END_HEAD = 64 * 1024, BEGINNING = 1024 * 1024, MOST_FIRST = SOURCE_FIRST };

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
	size_t before, sep;
	char named = '\0';
	enum err_code rc = source_read_on(s, s->window.bytes, e);

	if (rc != ERR_OK)
		return rc;
	head = (struct slice){ s->window.bytes, s->window.len };
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

/* Must it be unpacked or decoded before records can be read by their place? */
static bool is_plain(const struct source_shape *shape)
{
	return shape->packing == PACKING_NONE && shape->encoding == ENCODING_UTF_8;
}

/* Its text in UTF-8, or the beginning of it, in a file without a name. */
static enum err_code copy_text(struct source *s, struct stream *stream, const struct source_options *o,
                               struct err *e)
{
	struct scratch scratch;
	struct plain plain;
	struct slice piece;
	enum err_code rc = scratch_open(&scratch, o->folder, e);

	plain_init(&plain);
	if (rc == ERR_OK)
		rc = plain_begin(&plain, stream, s->shape.encoding, e);
	while (rc == ERR_OK && (rc = plain_next(&plain, &piece, e)) == ERR_OK && piece.len > 0) {
		rc = scratch_write(&scratch, piece, e);
		if (o->beginning && scratch.size >= BEGINNING)
			break;
	}
	plain_release(&plain);
	if (rc == ERR_OK)
		rc = window_on(&s->window, scratch_take(&scratch), s->shape.path, e);
	scratch_close(&scratch);
	return rc;
}

/* What is told about the stream that was taken. */
static enum err_code tell_stream(struct source *s, const struct singer_streams *found, bool all, struct err *e)
{
	struct source_shape *shape = &s->shape;
	const char **names = arena_alloc(&s->names, found->count * sizeof *names);
	const char *so_far = all ? "" : " so far";

	if (!names)
		return err_memory(e, "the streams");
	for (size_t i = 0; i < found->count; i++)
		if (found->all[i].records > 0)
			names[shape->sheet_count++] = found->all[i].name;
	shape->sheets = names;
	snprintf(shape->sheet, sizeof shape->sheet, "%s", found->all[found->taken - 1].name);
	if (found->wanted[0])
		snprintf(shape->sheet_why, sizeof shape->sheet_why, "as given, of %zu%s", shape->sheet_count,
		         so_far);
	else if (shape->sheet_count == 1)
		snprintf(shape->sheet_why, sizeof shape->sheet_why, "the only one%s", so_far);
	else
		snprintf(shape->sheet_why, sizeof shape->sheet_why, "the first with a record, of %zu%s",
		         shape->sheet_count, so_far);
	return ERR_OK;
}

static enum err_code copy_stream(struct source *s, struct rows *rows, struct plain *plain, const char *wanted,
                                 int64_t most, struct err *e)
{
	struct singer_streams found = { .arena = &s->names, .wanted = wanted };

	if (singer_rows(rows, plain, s->shape.path, &found, most, e) != ERR_OK)
		return e->code;
	return tell_stream(s, &found, most == 0, e);
}

/* Its records as rows in a file without a name, or the first of them. */
static enum err_code copy_rows(struct source *s, struct stream *stream, const struct source_options *o,
                               struct err *e)
{
	int64_t most = o->beginning ? MOST_FIRST : 0;
	struct plain plain;
	struct rows rows;
	enum err_code rc;

	rows_init(&rows);
	plain_init(&plain);
	rc = rows_open(&rows, o->folder, e);
	if (rc == ERR_OK)
		rc = plain_begin(&plain, stream, s->shape.encoding, e);
	if (rc == ERR_OK && s->shape.format == FORMAT_JSONL)
		rc = json_rows_lines(&rows, &plain, most, e);
	else if (rc == ERR_OK && s->shape.format == FORMAT_SINGER)
		rc = copy_stream(s, &rows, &plain, o->sheet, most, e);
	else if (rc == ERR_OK)
		rc = json_rows_list(&rows, &plain, s->shape.path, most, e);
	if (rc == ERR_OK)
		rc = row_source_take(s, &rows, e);
	plain_release(&plain);
	rows_release(&rows);
	return rc;
}

/* The format shows in the text, whatever its encoding. */
static enum err_code guess_by_text(struct source_shape *shape, struct slice head, bool whole, struct err *e)
{
	struct decode *decode;
	struct buf text;

	buf_init(&text, 4 * STREAM_HEAD);
	if (shape->encoding != ENCODING_UTF_8) {
		if (decode_new(&decode, shape->encoding, e) != ERR_OK)
			return e->code;
		decode_add(decode, head, whole, &text);
		decode_free(decode);
		head = buf_slice(&text);
	}
	shape->format = guess_format(head, shape->format_why);
	buf_release(&text);
	return ERR_OK;
}

/* A zip file is a workbook, and nothing else is; what was said of it has to fit. */
static enum err_code take_workbook(struct source_shape *shape, bool zip, const struct source_options *o,
                                   struct err *e)
{
	if (zip && o->format && o->format != FORMAT_XLSX)
		return err_set(e, ERR_FILE, "%s is a workbook or an archive, and no %s: leave --format out",
		               shape->path, dialect_format_name(o->format));
	if (!zip && o->format == FORMAT_XLSX)
		return err_set(e, ERR_FILE, "%s is no .xlsx workbook: leave --format out, or save it as one",
		               shape->path);
	if (!zip)
		return ERR_OK;
	shape->format = FORMAT_XLSX;
	shape->encoding = ENCODING_UTF_8;
	snprintf(shape->format_why, sizeof shape->format_why, o->format ? "as given" : "begins as one");
	snprintf(shape->encoding_why, sizeof shape->encoding_why, "as every workbook");
	return ERR_OK;
}

/* What its first bytes say it is. */
static enum err_code find_out(struct source *s, const struct stream *stream, const struct source_options *o,
                              struct err *e)
{
	struct source_shape *shape = &s->shape;
	bool whole;
	struct slice head = stream_head(stream, &whole);
	const char *foreign = guess_foreign(head);

	if (foreign)
		return err_set(e, ERR_FILE, "%s %s", shape->path, foreign);
	shape->packing = stream_packing(stream);
	if (take_workbook(shape, guess_zip(head), o, e) != ERR_OK || shape->format)
		return e->code;
	shape->encoding = o->encoding;
	snprintf(shape->encoding_why, sizeof shape->encoding_why, "as given");
	if (!shape->encoding)
		shape->encoding = guess_encoding(head, whole, shape->encoding_why);
	shape->format = o->format;
	snprintf(shape->format_why, sizeof shape->format_why, "as given");
	if (!o->format && guess_by_text(shape, head, whole, e) != ERR_OK)
		return e->code;
	if (o->sheet[0] && shape->format != FORMAT_SINGER)
		return err_set(
			e, ERR_USAGE,
			"%s is no workbook, and has no sheet or stream \"%s\": leave --sheet and --stream "
			"out",
			shape->path, o->sheet);
	return ERR_OK;
}

/* A window on its text. */
static enum err_code find_text(struct source *s, const struct source_options *o, struct err *e)
{
	struct stream *stream;
	enum err_code rc;

	if (stream_open(&stream, s->shape.path, e) != ERR_OK)
		return e->code;
	rc = find_out(s, stream, o, e);
	s->kept.nulls = s->shape.format == FORMAT_ROWS;
	if (rc == ERR_OK && s->shape.format == FORMAT_XLSX)
		rc = sheet_source_take(s, stream, o, e);
	else if (rc == ERR_OK && s->shape.format != FORMAT_CSV && s->shape.format != FORMAT_ROWS)
		rc = copy_rows(s, stream, o, e);
	else if (rc == ERR_OK && is_plain(&s->shape))
		rc = window_open(&s->window, s->shape.path, e);
	else if (rc == ERR_OK)
		rc = copy_text(s, stream, o, e);
	stream_close(stream);
	return rc;
}

/* Of CSV: the dialect and the header. */
static enum err_code read_beginning(struct source *s, char delimiter, struct err *e)
{
	s->shape.size = s->window.size;
	if (look(s, delimiter, e) != ERR_OK)
		return e->code;
	return source_read_header(s, e);
}

struct source *source_new(void)
{
	struct source *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	s->window.fd = -1;
	s->next_number = 1;
	arena_init(&s->names);
	buf_init(&s->text, CSV_MOST_BYTES);
	return s;
}

enum err_code source_open(struct source **source, const char *path, const struct source_options *options,
                          struct err *e)
{
	const struct source_options o = options ? *options : (struct source_options){ 0 };
	struct source *s;
	enum err_code rc;

	*source = NULL;
	if (o.delimiter && !dialect_may_delimit(o.delimiter))
		return err_set(e, ERR_USAGE,
		               "a delimiter is one ASCII character, and neither a quote nor a line break");
	s = source_new();
	if (!s)
		return err_memory(e, "a source");
	rc = paths_absolute(path, s->shape.path, e);
	if (rc == ERR_OK)
		rc = find_text(s, &o, e);
	if (rc == ERR_OK && !s->row)
		rc = read_beginning(s, o.delimiter, e);
	if (rc == ERR_OK)
		*source = s;
	else
		source_close(s);
	return rc;
}

enum err_code source_open_again(struct source **source, const struct source *like, struct err *e)
{
	struct source *s;
	enum err_code rc;

	*source = NULL;
	if (like->kept.text)
		return source_open_kept(source, &like->kept, e);
	s = source_new();
	if (!s)
		return err_memory(e, "a source");
	s->shape = like->shape;
	s->kept.nulls = like->kept.nulls;
	s->shape.columns = NULL;
	s->shape.sheets = NULL;
	s->shape.sheet_count = 0;
	if (like->row)
		rc = row_source_again(s, like, e);
	else
		rc = window_on(&s->window, fcntl(like->window.fd, F_DUPFD_CLOEXEC, 0), s->shape.path, e);
	if (rc == ERR_OK && !s->row)
		rc = read_beginning(s, like->shape.delimiter, e);
	if (rc == ERR_OK)
		*source = s;
	else
		source_close(s);
	return rc;
}
