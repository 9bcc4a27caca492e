#include "ui/console/grid.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum {
	MOST_GLYPHS = 1024, /* of one text: no terminal is wider */
	MOST_BYTES = 4096,  /* of one text that are looked at; the rest is behind a cut in any case */
	ELLIPSIS = 0x2026,
};

struct glyph {
	int32_t code_point;
	int width;
};

struct glyphs {
	struct glyph at[MOST_GLYPHS];
	int count;
	int width; /* of all */
};

enum err_code grid_init(struct grid *grid, int rows, int columns, bool ascii, struct err *e)
{
	memset(grid, 0, sizeof *grid);
	grid->cells = calloc((size_t)rows * (size_t)columns + 1, sizeof *grid->cells);
	if (!grid->cells)
		return err_memory(e, "the screen");
	grid->rows = rows;
	grid->columns = columns;
	grid->ascii = ascii;
	grid_clear(grid);
	return ERR_OK;
}

void grid_release(struct grid *grid)
{
	free(grid->cells);
	memset(grid, 0, sizeof *grid);
}

void grid_clear(struct grid *grid)
{
	for (int i = 0; i < grid->rows * grid->columns; i++)
		grid->cells[i] = (struct cell){ .text = { ' ' }, .width = 1 };
	grid->cursor_row = grid->rows - 1;
	grid->cursor_column = grid->columns - 1;
	grid->cursor_typing = false;
}

static struct cell *cell_at(struct grid *grid, int row, int column)
{
	if (row < 0 || row >= grid->rows || column < 0 || column >= grid->columns)
		return NULL;
	return &grid->cells[row * grid->columns + column];
}

/* A wide sign that loses one half leaves a blank in the other. */
static void break_wide(struct grid *grid, int row, int column)
{
	struct cell *cell = cell_at(grid, row, column);
	struct cell *other;

	if (!cell)
		return;
	other = cell->width == 0   ? cell_at(grid, row, column - 1)
	        : cell->width == 2 ? cell_at(grid, row, column + 1)
	                           : NULL;
	if (other) {
		other->text[0] = ' ';
		other->text[1] = other->text[2] = 0;
		other->width = 1;
	}
}

static void set_cell(struct grid *grid, int row, int column, const struct glyph *glyph, enum style style)
{
	struct cell *cell = cell_at(grid, row, column);
	struct cell *right = cell_at(grid, row, column + 1);
	bool wide = glyph->width == 2;

	if (!cell)
		return;
	break_wide(grid, row, column);
	if (wide && right)
		break_wide(grid, row, column + 1);
	*cell = (struct cell){ .text = { wide && !right ? ' ' : glyph->code_point },
		               .width = wide && right ? 2 : 1,
		               .style = (uint8_t)style };
	if (wide && right)
		*right = (struct cell){ .style = (uint8_t)style };
}

static void add_combining(struct grid *grid, int row, int column, int32_t code_point)
{
	struct cell *cell = cell_at(grid, row, column);

	if (cell && cell->width == 0)
		cell = cell_at(grid, row, column - 1);
	if (!cell)
		return;
	for (int i = 1; i < 3; i++)
		if (!cell->text[i]) {
			cell->text[i] = code_point;
			return;
		}
}

static void add_glyphs(struct glyphs *glyphs, struct slice text, bool ascii)
{
	struct buf shown;
	struct slice rest;

	buf_init(&shown, (size_t)MOST_BYTES * 4);
	text_show(&shown, text, false);
	rest = buf_slice(&shown);
	while (rest.len && glyphs->count < MOST_GLYPHS) {
		struct glyph *glyph = &glyphs->at[glyphs->count];
		size_t len;
		int32_t c = text_decode(rest, &len);

		rest.at += len;
		rest.len -= len;
		if (c < 0)
			c = 0xfffd;
		if (ascii && text_columns(c) == 0)
			continue;
		glyph->code_point = ascii ? theme_twin(c) : c;
		glyph->width = ascii ? 1 : text_columns(c);
		glyphs->width += glyph->width;
		glyphs->count++;
	}
	buf_release(&shown);
}

/* A text longer than any screen is cut to its ends before it is looked at. */
static void glyphs_of(struct glyphs *glyphs, struct slice text, bool ascii)
{
	glyphs->count = 0;
	glyphs->width = 0;
	if (text.len <= MOST_BYTES) {
		add_glyphs(glyphs, text, ascii);
		return;
	}
	add_glyphs(glyphs, (struct slice){ text.at, MOST_GLYPHS / 2 }, ascii);
	add_glyphs(glyphs, (struct slice){ text.at + text.len - MOST_GLYPHS / 2, MOST_GLYPHS / 2 }, ascii);
}

/* Keeps `head` columns from the front and `tail` from the end, with an ellipsis between them. */
static void cut_glyphs(struct glyphs *glyphs, int head, int tail, bool ascii)
{
	int from = 0, to = glyphs->count, used = 0;

	while (from < glyphs->count && used + glyphs->at[from].width <= head)
		used += glyphs->at[from++].width;
	glyphs->width = used + 1;
	for (used = 0; to > from && used + glyphs->at[to - 1].width <= tail; to--)
		used += glyphs->at[to - 1].width;
	while (to < glyphs->count && glyphs->at[to].width == 0) /* marks without their letter */
		to++;
	if (to <= from)
		to = from + 1;
	glyphs->width += used;
	glyphs->at[from] = (struct glyph){ ascii ? theme_twin(ELLIPSIS) : ELLIPSIS, 1 };
	memmove(&glyphs->at[from + 1], &glyphs->at[to], (size_t)(glyphs->count - to) * sizeof glyphs->at[0]);
	glyphs->count = from + 1 + glyphs->count - to;
}

static void fit_glyphs(struct glyphs *glyphs, int width, enum give give, bool ascii)
{
	int kept = width - 1;

	if (glyphs->width <= width)
		return;
	if (width <= 0) {
		glyphs->count = 0;
		glyphs->width = 0;
	} else if (give == GIVE_END) {
		cut_glyphs(glyphs, kept, 0, ascii);
	} else if (give == GIVE_START) {
		cut_glyphs(glyphs, 0, kept, ascii);
	} else {
		cut_glyphs(glyphs, kept - kept / 2, kept / 2, ascii);
	}
}

static int put_glyphs(struct grid *grid, int row, int column, const struct glyphs *glyphs, enum style style)
{
	int at = column;

	for (int i = 0; i < glyphs->count; i++) {
		const struct glyph *glyph = &glyphs->at[i];

		if (glyph->width)
			set_cell(grid, row, at, glyph, style);
		else if (at > column)
			add_combining(grid, row, at - 1, glyph->code_point);
		at += glyph->width;
	}
	return at - column;
}

int grid_put(struct grid *grid, int row, int column, int width, struct slice text, enum give give,
             enum style style)
{
	struct glyphs glyphs;

	if (row < 0 || row >= grid->rows || column >= grid->columns)
		return 0;
	if (width > grid->columns - column)
		width = grid->columns - column;
	glyphs_of(&glyphs, text, grid->ascii);
	fit_glyphs(&glyphs, width, give, grid->ascii);
	return put_glyphs(grid, row, column, &glyphs, style);
}

int grid_text(struct grid *grid, int row, int column, int width, const char *text, enum style style)
{
	return grid_put(grid, row, column, width, slice_of(text), GIVE_END, style);
}

int grid_right(struct grid *grid, int row, int column, int width, const char *text, enum style style)
{
	int taken = grid_width(grid, slice_of(text));

	if (taken > width)
		taken = width;
	return grid_text(grid, row, column + width - taken, taken, text, style);
}

int grid_putf(struct grid *grid, int row, int column, int width, enum style style, const char *format, ...)
{
	char text[2048];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return grid_text(grid, row, column, width, text, style);
}

void grid_fill(struct grid *grid, int row, int column, int width, int32_t sign, enum style style)
{
	struct glyph glyph = { grid->ascii ? theme_twin(sign) : sign, 1 };

	for (int i = 0; i < width; i++)
		set_cell(grid, row, column + i, &glyph, style);
}

void grid_focus(struct grid *grid, int row, int column, int width)
{
	for (int i = 0; i < width; i++) {
		struct cell *cell = cell_at(grid, row, column + i);

		if (cell)
			cell->focus = true;
	}
	grid->cursor_row = row;
	grid->cursor_column = column;
}

int grid_width(const struct grid *grid, struct slice text)
{
	struct glyphs glyphs;

	glyphs_of(&glyphs, text, grid->ascii);
	return glyphs.width;
}

static void end_line(struct buf *b, size_t start)
{
	while (b->len > start && b->at[b->len - 1] == ' ')
		b->at[--b->len] = '\0';
	buf_add_char(b, '\n');
}

void grid_dump(const struct grid *grid, struct buf *b)
{
	for (int row = 0; row < grid->rows; row++) {
		size_t start = b->len;

		for (int column = 0; column < grid->columns; column++) {
			const struct cell *cell = &grid->cells[row * grid->columns + column];

			for (int i = 0; cell->width && i < 3 && cell->text[i]; i++)
				text_add_code_point(b, cell->text[i]);
		}
		end_line(b, start);
	}
}

void grid_dump_styles(const struct grid *grid, struct buf *b)
{
	for (int row = 0; row < grid->rows; row++) {
		size_t start = b->len;

		for (int column = 0; column < grid->columns; column++) {
			const struct cell *cell = &grid->cells[row * grid->columns + column];

			buf_add_char(b, cell->focus ? 'F' : theme_letter((enum style)cell->style));
		}
		end_line(b, start);
	}
}
