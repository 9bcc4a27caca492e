#include "core/source/sheet_rows.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "core/source/shared_texts.h"
#include "core/source/sheet_styles.h"

enum { LAST_COLUMN = 16384 }; /* XFD */

static const char too_many[] = "more than 5,000 columns";

enum cell_type { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_BOOLEAN, CELL_ERROR, CELL_DATE };

struct reader {
	struct rows *rows;
	const struct workbook *w;
	const char *sheet;
	struct part *part;
	struct shared_texts shared;
	struct sheet_styles styles;
	int64_t most, merged;
	bool in_data, has_header;
	int64_t row, column; /* the one at hand; the first is 1 */
	bool begun;          /* the row has a value */

	/* the cell at hand */
	enum cell_type type;
	int64_t style;
	bool formula, in_value, in_reading;
	struct buf value; /* as it stands there */
	struct buf text;  /* what it says */
	struct err *e;
};

/* ---- what stands in a cell ---- */

static enum cell_type type_of(const char *t)
{
	static const struct {
		const char *name;
		enum cell_type type;
	} types[] = { { "n", CELL_NUMBER }, { "s", CELL_SHARED }, { "inlineStr", CELL_TEXT },
		      { "str", CELL_TEXT }, { "d", CELL_DATE },   { "b", CELL_BOOLEAN },
		      { "e", CELL_ERROR } };

	for (size_t i = 0; t && i < sizeof types / sizeof types[0]; i++)
		if (strcmp(types[i].name, t) == 0)
			return types[i].type;
	return CELL_NUMBER;
}

/* The column of "BC23", the first is 1; 0 if it says none. */
static int64_t column_of(const char *place)
{
	int64_t column = 0;

	for (; place && isalpha((unsigned char)*place) && column <= LAST_COLUMN; place++)
		column = column * 26 + toupper((unsigned char)*place) - 'A' + 1;
	return column <= LAST_COLUMN ? column : 0;
}

static int64_t number_of(const char *text)
{
	int64_t number;

	return text && number_whole(slice_of(text), &number) && number >= 0 ? number : 0;
}

static void begin_cell(struct reader *r, const char *const *attributes)
{
	int64_t column = column_of(part_attribute(attributes, "r"));

	r->column = column ? column : r->column + 1;
	r->type = type_of(part_attribute(attributes, "t"));
	r->style = number_of(part_attribute(attributes, "s"));
	r->formula = false;
	buf_clear(&r->value);
	buf_clear(&r->text);
}

/* An ISO date that another program wrote: without its midnight where the cell shows no time. */
static void add_date(struct reader *r, struct slice value)
{
	static const char midnight[] = "T00:00:00";
	const char *clock = memchr(value.at, 'T', value.len);
	size_t len = sizeof midnight - 1, rest = clock ? (size_t)(value.at + value.len - clock) : 0;
	bool bare = rest >= len && memcmp(clock, midnight, len) == 0;

	for (size_t i = len; bare && i < rest; i++)
		bare = strchr(".0Z", clock[i]) != NULL;
	if (bare && sheet_styles_get(&r->styles, r->style).kind == SHEET_DATE)
		value.len -= rest;
	buf_add_slice(&r->text, value);
}

/* Why the cell says nothing, or NULL. */
static const char *read_cell(struct reader *r)
{
	struct slice value = buf_slice(&r->value);
	int64_t number;
	bool found = false;

	if (r->value.short_of)
		return "a record over 16 MB";
	if (r->formula && r->type == CELL_NUMBER && value.len == 0)
		return "a formula without a value: open the workbook in Excel and save it";
	switch (r->type) {
	case CELL_SHARED:
		if (value.len > 0 && number_whole(value, &number))
			shared_texts_get(&r->shared, number, &r->text, &found, r->e);
		return found || value.len == 0 ? NULL : "its text is not in the workbook";
	case CELL_BOOLEAN:
		buf_add_text(&r->text, value.len == 0 ? "" : slice_is(value, "0") ? "false" : "true");
		return NULL;
	case CELL_NUMBER:
		if (value.len > 0)
			sheet_value(&r->text, value, sheet_styles_get(&r->styles, r->style), r->w->from_1904);
		return NULL;
	case CELL_DATE:
		add_date(r, value);
		return NULL;
	default:
		sheet_text_add(&r->text, value);
		return NULL;
	}
}

/* ---- where it goes ---- */

static void broken_header(struct reader *r, const char *why)
{
	err_set(r->e, ERR_FILE, "row %lld of sheet \"%s\" of %s cannot name the columns: %s", (long long)r->row,
	        r->sheet, r->w->path, why);
}

/* Columns up to the one at hand. */
static bool reach(struct reader *r)
{
	while (r->rows->count < (size_t)r->column)
		if (!rows_add_column(r->rows, (struct slice){ "", 0 })) {
			err_memory(r->e, "the columns");
			return false;
		}
	return true;
}

static void name_column(struct reader *r, struct slice name)
{
	char *copy;

	name = slice_trim(name);
	if (name.len == 0 || !reach(r))
		return;
	copy = arena_slice(&r->rows->names, name);
	if (!copy) {
		err_memory(r->e, "the columns");
		return;
	}
	r->rows->columns[r->column - 1].name = (struct slice){ copy, name.len };
	r->begun = true;
}

static void end_cell(struct reader *r)
{
	const char *why = read_cell(r);

	if (!why && r->text.len > 0 && r->column > CSV_MOST_CELLS)
		why = too_many;
	if ((!why && r->text.len == 0) || r->e->code != ERR_OK)
		return;
	if (!r->has_header) {
		if (why)
			broken_header(r, why);
		else
			name_column(r, buf_slice(&r->text));
		return;
	}
	if (!r->begun)
		rows_begin(r->rows, r->row);
	r->begun = true;
	if (why)
		rows_fault(r->rows, why, r->row);
	else if (reach(r))
		rows_put_at(r->rows, (size_t)r->column - 1, buf_slice(&r->text), r->row);
}

static void end_row(struct reader *r)
{
	if (!r->begun)
		return;
	r->begun = false;
	if (!r->has_header) {
		r->has_header = true;
		return;
	}
	if (rows_end(r->rows, r->e) == ERR_OK && r->most && r->rows->number >= r->most)
		part_stop(r->part);
}

/* ---- events ---- */

static void begin_row(struct reader *r, const char *const *attributes)
{
	int64_t row = number_of(part_attribute(attributes, "r"));

	r->row = row ? row : r->row + 1;
	r->column = 0;
}

static void on_begin(void *ctx, const char *name, const char *const *attributes)
{
	struct reader *r = ctx;

	if (strcmp(name, "sheetData") == 0)
		r->in_data = true;
	else if (strcmp(name, "mergeCell") == 0)
		r->merged++;
	if (!r->in_data)
		return;
	if (strcmp(name, "row") == 0)
		begin_row(r, attributes);
	else if (strcmp(name, "c") == 0)
		begin_cell(r, attributes);
	else if (strcmp(name, "f") == 0)
		r->formula = true;
	else if (strcmp(name, "rPh") == 0)
		r->in_reading = true;
	else if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
		r->in_value = !r->in_reading;
}

static void on_end(void *ctx, const char *name)
{
	struct reader *r = ctx;

	if (!r->in_data)
		return;
	if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
		r->in_value = false;
	else if (strcmp(name, "rPh") == 0)
		r->in_reading = false;
	else if (strcmp(name, "c") == 0)
		end_cell(r);
	else if (strcmp(name, "row") == 0)
		end_row(r);
	else if (strcmp(name, "sheetData") == 0)
		r->in_data = false;
}

static void on_text(void *ctx, struct slice text)
{
	struct reader *r = ctx;

	if (r->in_value)
		buf_add_slice(&r->value, text);
}

static const struct part_events events = { on_begin, on_end, on_text };

/* ---- the sheet ---- */

/* "column 3" for those that have values but no name. */
static enum err_code name_others(struct rows *rows, struct err *e)
{
	char name[32];

	for (size_t i = 0; i < rows->count; i++) {
		struct rows_column *c = &rows->columns[i];

		if (c->name.len > 0 || !c->any)
			continue;
		snprintf(name, sizeof name, "column %zu", i + 1);
		c->name = (struct slice){ arena_slice(&rows->names, slice_of(name)), strlen(name) };
		if (!c->name.at)
			return err_memory(e, "the columns");
	}
	return ERR_OK;
}

static enum err_code read_cells(struct reader *r, const char *part, struct err *e)
{
	enum err_code rc = part_open(&r->part, r->w->fd, r->w->path, part, &events, r, e);
	bool more = true;

	if (rc == ERR_OK && !r->part)
		return err_set(e, ERR_FILE, "%s is damaged: its part %s is not there; save it again as .xlsx",
		               r->w->path, part);
	while (rc == ERR_OK && more)
		rc = part_more(r->part, &more, e);
	if (rc == ERR_FILE && r->row > 0)
		return err_add(e, "sheet \"%s\", row %lld", r->sheet, (long long)r->row);
	if (rc == ERR_OK && !r->has_header)
		return err_set(
			e, ERR_FILE,
			"sheet \"%s\" of %s is empty: a first row with the names of the columns is needed",
			r->sheet, r->w->path);
	return rc;
}

enum err_code sheet_rows(struct rows *rows, const struct workbook *w, size_t sheet, const char *folder,
                         int64_t most, int64_t *merged, struct err *e)
{
	struct reader r = { .rows = rows, .w = w, .sheet = w->sheets[sheet].name, .most = most, .e = e };
	enum err_code rc;

	buf_init(&r.value, CSV_MOST_BYTES);
	buf_init(&r.text, CSV_MOST_BYTES);
	rc = shared_texts_open(&r.shared, w->fd, w->path, w->shared, folder, e);
	if (rc == ERR_OK)
		rc = sheet_styles_read(&r.styles, w->fd, w->path, w->styles, e);
	if (rc == ERR_OK)
		rc = read_cells(&r, w->sheets[sheet].part, e);
	if (rc == ERR_OK)
		rc = name_others(rows, e);
	if (rc == ERR_OK)
		rc = rows_flush(rows, e);
	*merged = r.merged;
	part_close(r.part);
	shared_texts_close(&r.shared);
	sheet_styles_release(&r.styles);
	buf_release(&r.value);
	buf_release(&r.text);
	return rc;
}
