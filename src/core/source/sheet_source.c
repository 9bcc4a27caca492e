#include "core/source/sheet_source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/source/row_source.h"
#include "core/source/sheet_rows.h"

enum { PIECE = 64 * 1024 };

/* The bytes of a packed workbook in a file without a name, as its parts are read from any place. */
static enum err_code unpack(struct stream *stream, struct scratch *scratch, const char *folder, struct err *e)
{
	char *bytes = malloc(PIECE);
	enum err_code rc = bytes ? scratch_open(scratch, folder, e) : err_memory(e, "a workbook");
	size_t got = 1;

	while (rc == ERR_OK && got > 0) {
		rc = stream_read(stream, bytes, PIECE, &got, e);
		if (rc == ERR_OK)
			rc = scratch_write(scratch, (struct slice){ bytes, got }, e);
	}
	free(bytes);
	return rc;
}

static enum err_code open_file(struct source *s, struct stream *stream, const char *folder, int *fd,
                               struct err *e)
{
	struct scratch scratch = { .fd = -1 };

	if (s->shape.packing) {
		unpack(stream, &scratch, folder, e);
		*fd = scratch_take(&scratch);
		return e->code;
	}
	*fd = open(s->shape.path, O_RDONLY | O_CLOEXEC);
	return *fd >= 0 ? ERR_OK : err_set(e, ERR_FILE, "cannot open %s: %s", s->shape.path, strerror(errno));
}

/* What is told about the sheet. */
static enum err_code tell(struct source *s, const struct workbook *w, size_t sheet, bool given, struct err *e)
{
	struct source_shape *shape = &s->shape;
	const char **names = arena_alloc(&s->names, w->count * sizeof *names);

	for (size_t i = 0; names && i < w->count; i++)
		if (!(names[i] = arena_text(&s->names, w->sheets[i].name)))
			names = NULL;
	if (!names)
		return err_memory(e, "a workbook");
	shape->sheets = names;
	shape->sheet_count = w->count;
	snprintf(shape->sheet, sizeof shape->sheet, "%s", w->sheets[sheet].name);
	if (given)
		snprintf(shape->sheet_why, sizeof shape->sheet_why, "as given");
	else if (w->count == 1)
		snprintf(shape->sheet_why, sizeof shape->sheet_why, "the only one");
	else
		snprintf(shape->sheet_why, sizeof shape->sheet_why, "the first%s of %zu",
		         sheet > 0 ? " not hidden" : "", w->count);
	return ERR_OK;
}

static enum err_code check_names(const struct source *s, const struct rows *rows, struct err *e)
{
	struct slice *names = calloc(rows->count, sizeof *names);
	enum err_code rc;

	for (size_t i = 0; names && i < rows->count; i++)
		names[i] = rows->columns[i].name;
	rc = names ? source_check_names(s->shape.path, names, rows->count, e) : err_memory(e, "the columns");
	free(names);
	return rc;
}

static enum err_code take_sheet(struct source *s, const struct workbook *w, size_t sheet,
                                const struct source_options *o, struct err *e)
{
	struct rows rows;
	enum err_code rc;

	rows_init(&rows);
	rc = rows_open(&rows, o->folder, e);
	if (rc == ERR_OK)
		rc = sheet_rows(&rows, w, sheet, o->folder, o->beginning ? SOURCE_FIRST : 0, &s->shape.merged,
		                e);
	if (rc == ERR_OK)
		rc = check_names(s, &rows, e);
	if (rc == ERR_OK)
		rc = row_source_take(s, &rows, e);
	rows_release(&rows);
	return rc;
}

enum err_code sheet_source_take(struct source *s, struct stream *stream, const struct source_options *o,
                                struct err *e)
{
	struct workbook w = { 0 };
	size_t sheet;
	int fd = -1;
	enum err_code rc = open_file(s, stream, o->folder, &fd, e);

	if (rc == ERR_OK)
		rc = workbook_open(&w, fd, s->shape.path, e);
	if (rc == ERR_OK)
		rc = workbook_find(&w, o->sheet, &sheet, e);
	if (rc == ERR_OK)
		rc = tell(s, &w, sheet, o->sheet[0] != '\0', e);
	if (rc == ERR_OK)
		rc = take_sheet(s, &w, sheet, o, e);
	workbook_close(&w);
	if (fd >= 0)
		close(fd);
	return rc;
}
