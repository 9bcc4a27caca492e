#include "core/source/sheet_styles.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"

enum { MOST = 65536 }; /* Excel: 65,490 formats of cells, 250 codes */

struct code {
	int64_t number;
	struct sheet_format format;
};

struct reader {
	struct sheet_styles *to;
	const char *path;
	struct code *codes; /* the workbook's own */
	size_t code_count;
	bool in_cells;
	struct err *e;
};

static int64_t number_of(const char *text)
{
	int64_t number;

	return text && number_whole(slice_of(text), &number) ? number : -1;
}

static void too_many(struct reader *r)
{
	err_set(r->e, ERR_FILE, "%s has more than 65,536 formats: this is no workbook of Excel's", r->path);
}

static void take_code(struct reader *r, const char *const *attributes)
{
	const char *code = part_attribute(attributes, "formatCode");

	if (r->code_count == MOST) {
		too_many(r);
		return;
	}
	r->codes[r->code_count++] = (struct code){ number_of(part_attribute(attributes, "numFmtId")),
		                                   sheet_format_of(slice_of(code)) };
}

/* A code of the workbook's own counts before one that is built in. */
static void take_format(struct reader *r, const char *const *attributes)
{
	int64_t number = number_of(part_attribute(attributes, "numFmtId"));
	struct sheet_format format = sheet_format_built_in(number);

	if (r->to->count == MOST) {
		too_many(r);
		return;
	}
	for (size_t i = 0; i < r->code_count; i++)
		if (r->codes[i].number == number)
			format = r->codes[i].format;
	r->to->formats[r->to->count++] = format;
}

static void on_begin(void *ctx, const char *name, const char *const *attributes)
{
	struct reader *r = ctx;

	if (strcmp(name, "numFmt") == 0)
		take_code(r, attributes);
	else if (strcmp(name, "cellXfs") == 0)
		r->in_cells = true;
	else if (r->in_cells && strcmp(name, "xf") == 0)
		take_format(r, attributes);
}

static void on_end(void *ctx, const char *name)
{
	struct reader *r = ctx;

	if (strcmp(name, "cellXfs") == 0)
		r->in_cells = false;
}

static void on_text(void *ctx, struct slice text)
{
	(void)ctx;
	(void)text;
}

enum err_code sheet_styles_read(struct sheet_styles *s, int fd, const char *path, const char *name,
                                struct err *e)
{
	static const struct part_events events = { on_begin, on_end, on_text };
	struct reader r = { .to = s, .path = path, .e = e };
	enum err_code rc = ERR_OK;
	bool found;

	*s = (struct sheet_styles){ 0 };
	if (!name)
		return ERR_OK;
	s->formats = malloc(MOST * sizeof *s->formats);
	r.codes = malloc(MOST * sizeof *r.codes);
	if (!s->formats || !r.codes)
		rc = err_memory(e, "a workbook");
	else
		rc = part_read(fd, path, name, &events, &r, &found, e);
	free(r.codes);
	return rc;
}

void sheet_styles_release(struct sheet_styles *s)
{
	free(s->formats);
	*s = (struct sheet_styles){ 0 };
}

struct sheet_format sheet_styles_get(const struct sheet_styles *s, int64_t number)
{
	if (number < 0 || (uint64_t)number >= s->count)
		return (struct sheet_format){ SHEET_NUMBER, 0 };
	return s->formats[number];
}
