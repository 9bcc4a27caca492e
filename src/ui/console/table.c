#include "ui/console/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

void table_init(struct table *table)
{
	memset(table, 0, sizeof *table);
}

void table_release(struct table *table)
{
	free(table->shown);
	table_init(table);
}

static void move_by(struct table *table, long by)
{
	long to = (long)table->cursor + by;

	if (to >= (long)table->count)
		to = (long)table->count - 1;
	table->cursor = to > 0 ? (size_t)to : 0;
}

bool table_arrows(struct table *table, struct key key, int page)
{
	long step = page > 1 ? page - 1 : 1;

	switch (key.code) {
	case K_UP:
		move_by(table, -1);
		return true;
	case K_DOWN:
		move_by(table, 1);
		return true;
	case K_PGUP:
		move_by(table, -step);
		return true;
	case K_PGDN:
		move_by(table, step);
		return true;
	case K_HOME:
		table->cursor = 0;
		return true;
	case K_END:
		move_by(table, (long)table->count);
		return true;
	default:
		return false;
	}
}

/* What a letter moves like, if it does. */
static enum key_code motion(struct key key)
{
	static const struct {
		enum key_code code;
		int32_t c;
		enum key_code as;
	} motions[] = {
		{ K_CHAR, 'j', K_DOWN }, { K_CHAR, 'k', K_UP },   { K_CHAR, 'g', K_HOME },
		{ K_CHAR, 'G', K_END },  { K_CTRL, 'd', K_PGDN }, { K_CTRL, 'u', K_PGUP },
	};

	for (size_t i = 0; i < sizeof motions / sizeof motions[0]; i++)
		if (key_is(key, motions[i].code, motions[i].c))
			return motions[i].as;
	return key.code;
}

bool table_move(struct table *table, struct key key, int page)
{
	return table_arrows(table, (struct key){ motion(key), 0 }, page);
}

/* Entries that hold the filter as it stands, in their order. */
static size_t holding(const struct table *table, size_t count, fuzzy_text *text, const void *ctx, size_t *shown)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		const char *one;

		for (int which = 0; (one = text(ctx, i, which)) != NULL; which++)
			if (strcasestr(one, table->filter.text)) {
				shown[found++] = i;
				break;
			}
	}
	return found;
}

void table_narrow(struct table *table, size_t count, fuzzy_text *text, const void *ctx)
{
	if (!table->filter.len) {
		free(table->shown);
		table->shown = NULL;
		table->count = count;
	} else {
		size_t *shown = realloc(table->shown, (count + 1) * sizeof *shown);

		if (!shown)
			return;
		table->shown = shown;
		if (table->sentences)
			table->count = holding(table, count, text, ctx, shown);
		else
			table->count = fuzzy_rank((struct slice){ table->filter.text, table->filter.len },
			                          count, text, ctx, shown);
	}
	move_by(table, 0);
}

bool table_filter_key(struct table *table, struct key key, int page)
{
	if (key.code == K_ENTER) {
		table->narrowing = false;
		return false;
	}
	if (key.code == K_ESC) {
		table->narrowing = false;
		line_clear(&table->filter);
		return true;
	}
	if (key.code != K_HOME && key.code != K_END && table_arrows(table, key, page))
		return false;
	if (!line_key(&table->filter, key))
		return false;
	table->cursor = 0;
	return true;
}

void table_scroll(struct table *table, int page)
{
	size_t rows = page > 0 ? (size_t)page : 1;

	if (table->cursor < table->top)
		table->top = table->cursor;
	if (table->cursor >= table->top + rows)
		table->top = table->cursor - rows + 1;
	if (table->top + rows > table->count)
		table->top = table->count > rows ? table->count - rows : 0;
}

size_t table_entry(const struct table *table, size_t place)
{
	if (place >= table->count)
		return (size_t)-1;
	return table->shown ? table->shown[place] : place;
}

size_t table_focus(const struct table *table)
{
	return table_entry(table, table->cursor);
}

void table_seek(struct table *table, size_t entry)
{
	for (size_t i = 0; i < table->count; i++)
		if (table_entry(table, i) == entry) {
			table->cursor = i;
			return;
		}
}

bool table_filter_view(const struct table *table, struct grid *grid, int row)
{
	if (!table->narrowing && !table->filter.len)
		return false;
	grid_fill(grid, row, 0, grid->columns, ' ', STYLE_PLAIN);
	grid_text(grid, row, 1, 2, "/", STYLE_KEY);
	if (table->narrowing)
		line_view(&table->filter, grid, row, 3, grid->columns - 4);
	else
		grid_put(grid, row, 3, grid->columns - 4,
		         (struct slice){ table->filter.text, table->filter.len }, GIVE_END, STYLE_KEY);
	return true;
}

void table_typed_view(const struct table *table, struct grid *grid, int row, const char *one)
{
	char count[64], number[28];

	grid_text(grid, row, 1, 2, "/", STYLE_DIM);
	if (one) {
		snprintf(count, sizeof count, "%s %s%s",
		         text_count((int64_t)table->count, number, sizeof number), one,
		         table->count == 1 ? "" : "s");
		grid_right(grid, row, grid->columns - 21, 20, count, STYLE_DIM);
	}
	line_view(&table->filter, grid, row, 3, grid->columns - 26);
}
