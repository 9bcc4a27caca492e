/* source_open.c - finds out what a file is, and makes it ready to be read. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/paths.h"
#include "core/source/guess.h"
#include "core/source/plain.h"
#include "core/source/scratch.h"
#include "core/source/source_own.h"

enum { LINE_END_HEAD = 64 * 1024, BEGINNING = 1024 * 1024 };

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

/* What its first bytes say it is; then a window on its text. */
static enum err_code find_text(struct source *s, const struct source_options *o, struct err *e)
{
	struct source_shape *shape = &s->shape;
	struct stream *stream;
	struct slice head;
	const char *foreign;
	enum err_code rc;
	bool whole;

	if (stream_open(&stream, shape->path, e) != ERR_OK)
		return e->code;
	head = stream_head(stream, &whole);
	foreign = guess_foreign(head);
	shape->packing = stream_packing(stream);
	shape->encoding = o->encoding;
	snprintf(shape->encoding_why, sizeof shape->encoding_why, "as given");
	if (!shape->encoding)
		shape->encoding = guess_encoding(head, whole, shape->encoding_why);
	if (foreign)
		rc = err_set(e, ERR_FILE, "%s %s", shape->path, foreign);
	else if (is_plain(shape))
		rc = window_open(&s->window, shape->path, e);
	else
		rc = copy_text(s, stream, o, e);
	stream_close(stream);
	return rc;
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
	s->shape.size = s->window.size;
	if (rc == ERR_OK)
		rc = look(s, o.delimiter, e);
	if (rc == ERR_OK)
		rc = source_read_header(s, e);
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
	s->shape.columns = NULL;
	rc = window_on(&s->window, fcntl(like->window.fd, F_DUPFD_CLOEXEC, 0), s->shape.path, e);
	if (rc == ERR_OK)
		rc = look(s, like->shape.delimiter, e);
	if (rc == ERR_OK)
		rc = source_read_header(s, e);
	if (rc == ERR_OK)
		*source = s;
	else
		source_close(s);
	return rc;
}
