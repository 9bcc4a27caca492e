#include "ui/console/chrome.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

void chrome_title(struct grid *grid, const char *left, const char *right)
{
	int width = grid->columns - 2;
	int taken = grid_width(grid, slice_of(right));

	if (taken > width / 2)
		taken = width / 2;
	grid_put(grid, 0, 1, width - taken - (taken ? 2 : 0), slice_of(left), GIVE_MIDDLE, STYLE_TITLE);
	grid_right(grid, 0, 1 + width - taken, taken, right, STYLE_DIM);
}

static int badge_width(const struct grid *grid, struct org_badge org, int most)
{
	int width = org.name && org.name[0]
	                    ? grid_width(grid, slice_of(org.name)) + (org.production ? 2 + 11 : 0)
	                    : 0;

	return width < most ? width : most;
}

static void put_badge(struct grid *grid, int row, int column, int width, struct org_badge org)
{
	int taken;

	if (!org.production) {
		grid_put(grid, row, column, width, slice_of(org.name), GIVE_MIDDLE, org.style);
		return;
	}
	grid_text(grid, row, column, 1, "P", STYLE_PRODUCTION);
	taken = grid_put(grid, row, column + 2, width - 13, slice_of(org.name), GIVE_MIDDLE, org.style);
	grid_text(grid, row, column + 3 + taken, 10, "PRODUCTION", STYLE_PRODUCTION);
}

static int put_title_org(struct grid *grid, const char *left, enum give give, struct org_badge org)
{
	int room = grid->columns - 2;
	int badge = badge_width(grid, org, room);
	bool beside = badge && (grid_width(grid, slice_of(left)) + 2 + badge <= room || badge <= room / 2);

	grid_put(grid, 0, 1, beside ? room - badge - 2 : room, slice_of(left), give, STYLE_TITLE);
	if (badge)
		put_badge(grid, beside ? 0 : 1, 1 + room - badge, badge, org);
	return badge && !beside ? 2 : 1;
}

int chrome_badge(struct grid *grid, int row, int end, int most, struct org_badge org)
{
	int width = badge_width(grid, org, most);

	if (width == 0)
		return 0;
	grid_fill(grid, row, end - width - 1, width + 2, ' ', STYLE_PLAIN);
	put_badge(grid, row, end - width, width, org);
	return width;
}

int chrome_title_org(struct grid *grid, const char *left, struct org_badge org)
{
	return put_title_org(grid, left, GIVE_MIDDLE, org);
}

int chrome_title_message(struct grid *grid, const char *left, struct org_badge org)
{
	return put_title_org(grid, left, GIVE_END, org);
}

int chrome_title_step(struct grid *grid, const char *where, const char *what, const char *step,
                      struct org_badge org)
{
	int room = grid->columns - 2;
	int badge = badge_width(grid, org, room);
	int taken = grid_width(grid, slice_of(where)) + 3;

	chrome_title(grid, where, step);
	if (badge)
		put_badge(grid, 1, 1 + room - badge, badge, org);
	if (taken + grid_width(grid, slice_of(what)) + 2 + grid_width(grid, slice_of(step)) <= room)
		grid_text(grid, 0, 1 + taken, room - taken, what, STYLE_TITLE);
	else
		grid_put(grid, 1, 1, room - badge - 2, slice_of(what), GIVE_MIDDLE, STYLE_TITLE);
	return 2;
}

char *chrome_sentence(char *text)
{
	if (text[0] >= 'a' && text[0] <= 'z')
		text[0] = (char)(text[0] - 'a' + 'A');
	return text;
}

void chrome_rule(struct grid *grid, int row)
{
	grid_fill(grid, row, 1, grid->columns - 2, 0x2500, STYLE_DIM);
}

/* Bytes of `text` that go into one row, and in *next where the row behind it begins. */
static size_t row_of(const char *text, int width, size_t *next)
{
	struct slice rest = slice_of(text);
	size_t at = 0, blank = 0;
	int used = 0;

	while (rest.len) {
		size_t len;
		int32_t c = text_decode(rest, &len);
		int columns = c < 0 ? 1 : text_columns(c);

		if (used + columns > width)
			break;
		if (c == ' ')
			blank = at;
		used += columns;
		at += len;
		rest.at += len;
		rest.len -= len;
	}
	if (!rest.len || !blank || *rest.at == ' ')
		blank = at;
	*next = blank + (text[blank] == ' ');
	return blank;
}

int chrome_wrap(struct grid *grid, int row, int column, int width, int most, const char *text, enum style style)
{
	int rows = 0;

	if (width < 2)
		return 0;
	while (*text && rows < most) {
		size_t next;
		size_t len = row_of(text, width, &next);

		if (rows == most - 1)
			len = strlen(text);
		if (grid)
			grid_put(grid, row + rows, column, width, (struct slice){ text, len }, GIVE_END, style);
		rows++;
		text += next ? next : strlen(text);
	}
	return rows ? rows : 1;
}

static int key_width(const struct grid *grid, const struct chrome_key *key)
{
	return grid_width(grid, slice_of(key->key)) + 1 + grid_width(grid, slice_of(key->label)) + 2;
}

static int put_key(struct grid *grid, int column, const struct chrome_key *key)
{
	int row = grid->rows - 1;
	int taken = grid_text(grid, row, column, grid->columns - column - 1, key->key,
	                      key->dim ? STYLE_DIM : STYLE_KEY);

	taken += 1;
	taken += grid_text(grid, row, column + taken, grid->columns - column - taken - 1, key->label,
	                   key->dim ? STYLE_DIM : STYLE_PLAIN);
	return taken + 2;
}

void chrome_keys(struct grid *grid, const struct chrome_key *keys, int count, const struct chrome_key *tail,
                 int tails, bool spare)
{
	int room = grid->columns - 2;
	int column = 1, wanted = 0;

	for (int i = 0; i < tails; i++)
		wanted += key_width(grid, &tail[i]);
	for (int i = 0; i < count; i++)
		wanted += key_width(grid, &keys[i]);
	tails -= spare && wanted > room + 2;
	for (int i = 0; i < tails; i++)
		room -= key_width(grid, &tail[i]);
	grid_fill(grid, grid->rows - 1, 0, grid->columns, ' ', STYLE_PLAIN);
	for (int i = 0; i < count; i++) {
		int width = key_width(grid, &keys[i]);

		if (width > room + 2)
			continue;
		room -= width;
		column += put_key(grid, column, &keys[i]);
	}
	for (int i = 0; i < tails; i++)
		column += put_key(grid, column, &tail[i]);
}

void chrome_notice(struct grid *grid, const char *text, enum style style)
{
	int width = grid->columns - 2;
	int rows = chrome_wrap(NULL, 0, 0, width, 4, text, style);
	int top = grid->rows - 1 - rows;

	for (int i = 0; i < rows; i++)
		grid_fill(grid, top + i, 0, grid->columns, ' ', STYLE_PLAIN);
	chrome_wrap(grid, top, 1, width, 4, text, style);
}

const char *chrome_count(int64_t number, int width, char to[CHROME_COUNT])
{
	static const char *const units[] = { "", " k", " M", " G", " T" };
	size_t unit = 0;

	do {
		char digits[28];

		snprintf(to, CHROME_COUNT, "%s%s", text_count(number, digits, sizeof digits), units[unit]);
		number /= 1000;
	} while ((int)strlen(to) > width && ++unit < sizeof units / sizeof units[0]);
	return to;
}

void chrome_number(struct grid *grid, int row, int column, int width, int64_t number, enum style style)
{
	char text[CHROME_COUNT];

	text_count(number, text, sizeof text);
	if ((int)strlen(text) > width)
		snprintf(text, sizeof text, "%lld", (long long)number);
	if ((int)strlen(text) > width)
		chrome_count(number, width, text);
	grid_right(grid, row, column, width, text, style);
}
