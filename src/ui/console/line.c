#include "ui/console/line.h"

#include <string.h>

#include "base/text.h"

void line_clear(struct line *line)
{
	line->text[0] = '\0';
	line->len = line->at = 0;
}

void line_set(struct line *line, const char *text)
{
	line_clear(line);
	line_insert(line, slice_of(text));
}

static size_t before(const struct line *line)
{
	size_t at = line->at;

	while (at > 0 && ((unsigned char)line->text[--at] & 0xc0) == 0x80)
		continue;
	return at;
}

static size_t behind(const struct line *line)
{
	size_t at = line->at;

	if (at < line->len)
		at++;
	while (at < line->len && ((unsigned char)line->text[at] & 0xc0) == 0x80)
		at++;
	return at;
}

static void erase(struct line *line, size_t from, size_t to)
{
	memmove(line->text + from, line->text + to, line->len - to + 1);
	line->len -= to - from;
	line->at = from;
}

static void insert_bytes(struct line *line, const char *bytes, size_t len)
{
	if (line->len + len >= LINE_ROOM)
		return;
	memmove(line->text + line->at + len, line->text + line->at, line->len - line->at + 1);
	memcpy(line->text + line->at, bytes, len);
	line->len += len;
	line->at += len;
}

void line_insert(struct line *line, struct slice text)
{
	while (text.len) {
		size_t len;
		int32_t c = text_decode(text, &len);

		if (c >= 0x20 && c != 0x7f)
			insert_bytes(line, text.at, len);
		text.at += len;
		text.len -= len;
	}
}

static void type(struct line *line, int32_t c)
{
	char bytes[4];
	size_t len = text_encode(c, bytes);

	insert_bytes(line, bytes, len);
}

static size_t word_start(const struct line *line)
{
	size_t at = line->at;

	while (at > 0 && line->text[at - 1] == ' ')
		at--;
	while (at > 0 && line->text[at - 1] != ' ')
		at--;
	return at;
}

static bool control_key(struct line *line, int32_t letter)
{
	switch (letter) {
	case 'a':
		line->at = 0;
		return true;
	case 'e':
		line->at = line->len;
		return true;
	case 'w':
		erase(line, word_start(line), line->at);
		return true;
	case 'k':
		erase(line, line->at, line->len);
		return true;
	default:
		return false;
	}
}

bool line_key(struct line *line, struct key key)
{
	switch (key.code) {
	case K_CHAR:
		type(line, key.c);
		return true;
	case K_CTRL:
		return control_key(line, key.c);
	case K_LEFT:
		line->at = before(line);
		return true;
	case K_RIGHT:
		line->at = behind(line);
		return true;
	case K_HOME:
		line->at = 0;
		return true;
	case K_END:
		line->at = line->len;
		return true;
	case K_BACKSPACE:
		erase(line, before(line), line->at);
		return true;
	case K_DELETE:
		erase(line, line->at, behind(line));
		return true;
	default:
		return false;
	}
}

void line_view(const struct line *line, struct grid *grid, int row, int column, int width)
{
	struct slice head = { line->text, line->at };
	struct slice tail = { line->text + line->at, line->len - line->at };
	int used;

	if (width <= 0)
		return;
	grid_fill(grid, row, column, width, ' ', STYLE_INPUT);
	used = grid_put(grid, row, column, width - 1, head, GIVE_START, STYLE_INPUT);
	grid_put(grid, row, column + used, width - used, tail, GIVE_END, STYLE_INPUT);
	grid->cursor_row = row;
	grid->cursor_column = column + used;
	grid->cursor_typing = true;
}

void line_view_secret(const struct line *line, struct grid *grid, int row, int column, int width)
{
	struct line shown = { .text = "" };

	for (size_t i = 0; i < line->len; i++) {
		bool begins = ((unsigned char)line->text[i] & 0xc0) != 0x80;

		if (begins)
			shown.text[shown.len++] = '*';
		if (begins && i < line->at)
			shown.at++;
	}
	line_view(&shown, grid, row, column, width);
}

bool line_fits(struct slice text)
{
	if (text.len >= LINE_ROOM)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.at[i] < ' ')
			return false;
	return true;
}
