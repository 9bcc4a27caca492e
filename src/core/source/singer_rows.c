#include "core/source/singer_rows.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/source/singer.h"

enum { BEGINNING = 4 * 1024 * 1024 };

struct reader {
	struct rows *rows;
	struct singer_streams *streams;
};

static enum err_code faulty(struct reader *r, const char *why, int64_t at, struct err *e)
{
	rows_begin(r->rows, at);
	rows_fault(r->rows, why, at);
	return rows_end(r->rows, e);
}

/* The stream of a message; NULL without memory, or where there are too many. */
static struct singer_found *stream_of(struct singer_streams *s, const char *name)
{
	char *copy;

	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->all[i].name, name) == 0)
			return &s->all[i];
	copy = s->count < SINGER_STREAMS ? arena_text(s->arena, name) : NULL;
	if (!copy)
		return NULL;
	s->all[s->count] = (struct singer_found){ .name = copy };
	return &s->all[s->count++];
}

/* The first stream with a record is taken, unless another is wanted. */
static bool is_taken(struct singer_streams *s, const struct singer_found *of)
{
	if (!s->taken && (!s->wanted[0] || strcmp(s->wanted, of->name) == 0))
		s->taken = (size_t)(of - s->all) + 1;
	return s->taken && of == &s->all[s->taken - 1];
}

static enum err_code take_record(struct reader *r, const struct singer_message *m, struct singer_found *of,
                                 int64_t at, struct err *e)
{
	of->records++;
	if (!is_taken(r->streams, of))
		return ERR_OK;
	if (m->type == SINGER_BATCH)
		return faulty(r, "a BATCH: its records lie in other files, load those", at, e);
	if (!of->schema)
		return faulty(r, "a RECORD before the SCHEMA of its stream", at, e);
	rows_begin(r->rows, at);
	singer_put(m, r->rows, at);
	return rows_end(r->rows, e);
}

static enum err_code take_of_stream(struct reader *r, const struct singer_message *m, int64_t at, struct err *e)
{
	struct singer_found *of;

	if (!m->stream[0])
		return faulty(r, "a message that names no stream", at, e);
	if (strlen(m->stream) >= SOURCE_SHEET)
		return faulty(r, "a stream with a name of more than 255 bytes", at, e);
	of = stream_of(r->streams, m->stream);
	if (!of && r->streams->count == SINGER_STREAMS)
		return faulty(r, "a stream beyond the first 1,000", at, e);
	if (!of)
		return err_memory(e, "the streams");
	if (m->type != SINGER_SCHEMA)
		return take_record(r, m, of, at, e);
	of->schema = true;
	return ERR_OK;
}

static enum err_code take_message(struct reader *r, const struct singer_message *m, int64_t at, struct err *e)
{
	switch (m->type) {
	case SINGER_NOISE:
	case SINGER_CUT:
		return faulty(r, m->why, at, e);
	case SINGER_OTHER:
		return faulty(r, "a message of a type that is not known", at, e);
	case SINGER_STATE:
	case SINGER_ACTIVATE_VERSION:
		return ERR_OK;
	case SINGER_SCHEMA:
	case SINGER_RECORD:
	case SINGER_BATCH:
		break;
	}
	return take_of_stream(r, m, at, e);
}

static enum err_code take_line(struct reader *r, const struct line *line, struct err *e)
{
	struct singer_message m;
	enum err_code rc;

	if (!line->text.at)
		return faulty(r, "a record over 16 MB", line->at, e);
	if (slice_trim(line->text).len == 0)
		return ERR_OK;
	singer_read(&m, line->text);
	rc = take_message(r, &m, line->at, e);
	singer_release(&m);
	return rc;
}

static size_t with_records(const struct singer_streams *s)
{
	size_t count = 0;

	for (size_t i = 0; i < s->count; i++)
		count += s->all[i].records > 0;
	return count;
}

/* "contacts", "accounts": the streams with records. */
static const char *list(const struct singer_streams *s, struct buf *b)
{
	size_t told = 0;

	buf_init(b, 8192);
	for (size_t i = 0; i < s->count && told <= SINGER_TOLD; i++) {
		if (s->all[i].records == 0)
			continue;
		if (told++ == SINGER_TOLD) {
			buf_add_text(b, " ...");
			break;
		}
		buf_add_text(b, told > 1 ? ", \"" : "\"");
		text_show(b, slice_of(s->all[i].name), false);
		buf_add_text(b, "\"");
	}
	return buf_text(b);
}

/* Is there one stream to be loaded, and has it a record? */
static enum err_code judge(const struct singer_streams *s, const char *path, bool all, struct err *e)
{
	size_t count = with_records(s);
	struct buf names;

	if (count == 0)
		return err_set(e, ERR_FILE, "%s has no RECORD in it: there is nothing to load", path);
	list(s, &names);
	if (!s->taken)
		err_set(e, ERR_USAGE, "%s has no record of a stream \"%s\": it has %s", path, s->wanted,
		        buf_text(&names));
	else if (all && count > 1 && !s->wanted[0])
		err_set(e, ERR_USAGE, "%s has records of %zu streams, %s: choose one with --stream", path,
		        count, buf_text(&names));
	else if (!s->all[s->taken - 1].schema)
		err_set(e, ERR_FILE, "%s has no SCHEMA of its stream \"%s\": every RECORD needs one before it",
		        path, s->all[s->taken - 1].name);
	buf_release(&names);
	return e->code;
}

enum err_code singer_rows(struct rows *rows, struct plain *text, const char *path,
                          struct singer_streams *streams, int64_t most, struct err *e)
{
	struct reader r = { .rows = rows, .streams = streams };
	enum err_code rc = ERR_OK;
	struct lines lines;
	struct line line;
	bool more = true;

	streams->all = arena_alloc(streams->arena, SINGER_STREAMS * sizeof *streams->all);
	if (!streams->all)
		return err_memory(e, "the streams");
	lines_init(&lines, text);
	while (rc == ERR_OK && (!most || rows->number < most || lines.next < BEGINNING)) {
		rc = lines_next(&lines, &line, &more, e);
		if (rc != ERR_OK || !more)
			break;
		rc = take_line(&r, &line, e);
	}
	lines_release(&lines);
	if (rc == ERR_OK)
		rc = judge(streams, path, !most, e);
	return rc == ERR_OK ? rows_flush(rows, e) : rc;
}
