#include "ui/console/dialog.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { WIDEST = 80 };

void dialog_open(struct dialog *dialog, enum dialog_kind kind, enum verb verb, int64_t run, const char *format,
                 ...)
{
	va_list args;

	memset(dialog, 0, sizeof *dialog);
	dialog->kind = kind;
	dialog->verb = verb;
	dialog->run = run;
	va_start(args, format);
	vsnprintf(dialog->title, sizeof dialog->title, format, args);
	va_end(args);
}

void dialog_line(struct dialog *dialog, const char *format, ...)
{
	va_list args;

	if (dialog->line_count == DIALOG_LINES)
		return;
	va_start(args, format);
	vsnprintf(dialog->lines[dialog->line_count++], DIALOG_TEXT, format, args);
	va_end(args);
}

void dialog_sentence(struct dialog *dialog, const char *text)
{
	if (dialog->line_count == DIALOG_LINES)
		return;
	dialog_line(dialog, "%s", text);
	chrome_sentence(dialog->lines[dialog->line_count - 1]);
}

void dialog_option(struct dialog *dialog, const char *format, ...)
{
	va_list args;

	if (dialog->option_count == DIALOG_OPTIONS)
		return;
	va_start(args, format);
	vsnprintf(dialog->options[dialog->option_count++], DIALOG_TEXT, format, args);
	va_end(args);
}

void dialog_type(struct dialog *dialog, const char *prompt, const char *text)
{
	dialog->kind = DIALOG_LINE;
	snprintf(dialog->prompt, sizeof dialog->prompt, "%s", prompt);
	line_set(&dialog->line, text);
}

void dialog_type_secret(struct dialog *dialog, const char *prompt)
{
	dialog_type(dialog, prompt, "");
	dialog->secret = true;
}

void dialog_expect(struct dialog *dialog, const char *text)
{
	snprintf(dialog->expected, sizeof dialog->expected, "%s", text);
}

static int close_with(struct dialog *dialog, int answer)
{
	dialog->kind = DIALOG_NONE;
	return answer;
}

int dialog_key(struct dialog *dialog, struct key key)
{
	bool types = dialog->kind == DIALOG_LINE;
	bool leaves = key.code == K_ESC || key_is(key, K_CTRL, 'c') || (key_is(key, K_CHAR, 'q') && !types);

	if (leaves)
		return close_with(dialog, 0);
	dialog->wrong = types && key.code == K_ENTER && dialog->expected[0] &&
	                strcmp(dialog->line.text, dialog->expected) != 0;
	if (types && key.code == K_ENTER)
		return dialog->wrong ? -1 : close_with(dialog, 1);
	if (types) {
		line_key(&dialog->line, key);
		return -1;
	}
	if (dialog->kind == DIALOG_TELL)
		return key.code == K_ENTER ? close_with(dialog, 0) : -1;
	if (dialog->kind == DIALOG_ASK) {
		if (key_is(key, K_CHAR, 'y') || key_is(key, K_CHAR, 'Y'))
			return close_with(dialog, 1);
		if (key.code == K_ENTER || key_is(key, K_CHAR, 'n') || key_is(key, K_CHAR, 'N'))
			return close_with(dialog, 0);
		return -1;
	}
	if (key.code == K_CHAR && key.c >= '1' && key.c < '1' + dialog->option_count)
		return close_with(dialog, key.c - '0');
	return -1;
}

void dialog_box(struct grid *grid, int rows, int columns, const char *title, struct org_badge org,
                enum style style, int *row, int *column)
{
	int top = (grid->rows - rows) / 2;
	int left = (grid->columns - columns) / 2;
	int badge, taken;

	for (int i = 0; i < rows; i++) {
		grid_fill(grid, top + i, left, columns, ' ', STYLE_PLAIN);
		grid_text(grid, top + i, left, 1, "│", style);
		grid_text(grid, top + i, left + columns - 1, 1, "│", style);
	}
	grid_fill(grid, top, left, columns, 0x2500, style);
	grid_fill(grid, top + rows - 1, left, columns, 0x2500, style);
	grid_text(grid, top, left, 1, "┌", style);
	grid_text(grid, top, left + columns - 1, 1, "┐", style);
	grid_text(grid, top + rows - 1, left, 1, "└", style);
	grid_text(grid, top + rows - 1, left + columns - 1, 1, "┘", style);
	grid_text(grid, top, left + 1, 1, " ", style);
	badge = chrome_badge(grid, top, left + columns - 2, columns * 2 / 3, org);
	taken = grid_text(grid, top, left + 2, columns - 5 - (badge ? badge + 3 : 0), title, style);
	grid_text(grid, top, left + 2 + taken, 1, " ", style);
	*row = top + 1;
	*column = left + 2;
}

static int text_rows(const struct dialog *dialog, int width)
{
	int rows = 0;

	for (int i = 0; i < dialog->line_count; i++)
		rows += chrome_wrap(NULL, 0, 0, width, 3, dialog->lines[i], STYLE_PLAIN);
	for (int i = 0; i < dialog->option_count; i++)
		rows += chrome_wrap(NULL, 0, 0, width - 3, dialog->one_row ? 1 : 3, dialog->options[i],
		                    STYLE_PLAIN);
	return rows;
}

static const char *answers(const struct dialog *dialog)
{
	if (dialog->kind == DIALOG_ASK)
		return "y yes   n no (Enter)";
	if (dialog->kind == DIALOG_TELL)
		return "Enter goes on";
	if (dialog->wrong)
		return "That is not it   Esc goes back";
	return dialog->kind == DIALOG_LINE ? "Enter takes it   Esc goes back" : "Esc goes back";
}

void dialog_view(const struct dialog *dialog, struct org_badge org, struct grid *grid)
{
	int columns = grid->columns - 2 < WIDEST ? grid->columns - 2 : WIDEST;
	int width = columns - 4;
	enum style style = dialog->production ? STYLE_PRODUCTION : STYLE_HEADING;
	bool types = dialog->kind == DIALOG_LINE;
	int row, column;

	if (dialog->kind == DIALOG_NONE)
		return;
	dialog_box(grid, text_rows(dialog, width) + 4 + types, columns, dialog->title, org, style, &row,
	           &column);
	for (int i = 0; i < dialog->line_count; i++)
		row += chrome_wrap(grid, row, column, width, 3, dialog->lines[i], STYLE_PLAIN);
	for (int i = 0; i < dialog->option_count; i++) {
		grid_putf(grid, row, column, 2, STYLE_KEY, "%d", i + 1);
		row += chrome_wrap(grid, row, column + 3, width - 3, dialog->one_row ? 1 : 3,
		                   dialog->options[i], STYLE_PLAIN);
	}
	grid_text(grid, row + 1 + types, column, width, answers(dialog), STYLE_KEY);
	grid->cursor_row = row + 1;
	grid->cursor_column = column;
	if (types) {
		int taken = grid_text(grid, row, column, width * 3 / 4, dialog->prompt, STYLE_PLAIN) + 1;

		if (dialog->secret)
			line_view_secret(&dialog->line, grid, row, column + taken, width - taken);
		else
			line_view(&dialog->line, grid, row, column + taken, width - taken);
	}
}
