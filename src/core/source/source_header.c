/* source_header.c - the first record of a file: the names of its columns. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "core/source/guess.h"
#include "core/source/source_own.h"

enum { SHOWN_NAME = 60 };

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

enum err_code source_check_names(const char *path, const struct slice *names, size_t count, struct err *e)
{
	enum err_code rc = ERR_OK;
	struct buf b;

	for (size_t i = 0; i < count && rc == ERR_OK; i++)
		for (size_t j = 0; j < i && rc == ERR_OK; j++) {
			if (names[i].len == 0 || !slice_equal_fold(names[i], names[j]))
				continue;
			rc = err_set(e, ERR_FILE, "columns %zu and %zu of %s are both named \"%s\"; rename one",
			             j + 1, i + 1, path, shown(&b, names[i]));
			buf_release(&b);
		}
	return rc;
}

/* The byte of the header at `at` is none of the encoding that was given or guessed. */
static enum err_code not_text(const struct source *s, size_t at, struct err *e)
{
	const struct source_shape *shape = &s->shape;
	struct slice raw = s->csv.raw;
	char count[27];

	text_count(source_offset_of(s, raw.at + at), count, sizeof count);
	if (shape->encoding == ENCODING_UTF_8)
		return err_set(e, ERR_FILE,
		               "the header of %s is not UTF-8 (0x%02X at byte %s): which is it? Say so with "
		               "--encoding",
		               shape->path, (unsigned char)raw.at[at], count);
	return err_set(e, ERR_FILE, "the header of %s is no %s at byte %s: choose another with --encoding",
	               shape->path, dialect_encoding_name(shape->encoding), count);
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
		               text_count(source_offset_of(s, raw.at + s->csv.why_at), count, sizeof count));
	if (!text_is_utf8(raw, &at))
		return not_text(s, at, e);
	nul = memchr(raw.at, '\0', raw.len);
	if (nul)
		return err_set(e, ERR_FILE, "the header of %s has a NUL byte at byte %s: this is no text file",
		               path, text_count(source_offset_of(s, nul), count, sizeof count));
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
	return source_check_names(s->shape.path, columns, s->csv.count, e);
}

enum err_code source_read_header(struct source *s, struct err *e)
{
	enum csv_result result;
	enum err_code rc;

	do
		rc = source_cut(s, &result, e);
	while (rc == ERR_OK && result == CSV_RECORD && s->csv.blank);
	if (rc == ERR_OK)
		rc = check_header(s, result, e);
	if (rc == ERR_OK)
		rc = name_columns(s, e);
	s->shape.first_offset = source_offset_of(s, s->csv.at);
	return rc;
}

static enum err_code row_header(const struct source_shape *shape, struct buf *header, struct err *e)
{
	for (size_t i = 0; i < shape->column_count; i++) {
		buf_add_text(header, i ? "," : "");
		csv_add_cell(header, shape->columns[i], ',');
	}
	return header->short_of ? err_memory(e, "the header") : ERR_OK;
}

enum err_code source_header(const struct source *source, struct buf *header, struct err *e)
{
	size_t len = (size_t)source->shape.first_offset, skip;
	char *to = source->row || source->kept.text ? NULL : buf_reserve(header, len);

	if (source->kept.text) {
		buf_add_slice(header, source->kept.header);
		return ERR_OK;
	}
	if (source->row)
		return row_header(&source->shape, header, e);
	if (!to || pread(source->window.fd, to, len, 0) != (ssize_t)len)
		return err_set(e, ERR_FILE, "cannot read the header of %s", source->shape.path);
	skip = guess_mark((struct slice){ to, len });
	while (len > skip && (to[len - 1] == '\n' || to[len - 1] == '\r'))
		len--;
	memmove(to, to + skip, len - skip);
	buf_grow(header, len - skip);
	return ERR_OK;
}
