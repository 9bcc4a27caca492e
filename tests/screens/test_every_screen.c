/*
 * Every screen and dialog at 60x16, 80x24 and 200x50, in colour, mono and ASCII, with ordinary, no and hostile data.
 *
 * What it looks like at 80x24 stands in golden/every_*.txt, screen behind screen; every other look is held by a hash a
 * variant in golden/every_sums.txt, so that the golden files stay small. UPDATE=1 writes all of them anew. Whatever the
 * variant: nothing hostile is drawn, the cursor stands on the row in focus, and how to find the keys is told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "scenes.h"

#include "base/text.h"

enum { SIZES = 3, MODES = 3, MOST = 4 * 1024 * 1024 };
enum mode { MODE_COLOUR, MODE_MONO, MODE_ASCII };

static const int sizes[SIZES][2] = { { 16, 60 }, { 24, 80 }, { 50, 200 } };
static const char *const data_names[DATA_KINDS] = { "normal", "empty", "hostile" };

static void add_bytes(uint64_t *sum, const void *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++) /* FNV-1a */
		*sum = (*sum ^ ((const unsigned char *)bytes)[i]) * UINT64_C(1099511628211);
}

/* Of all that a terminal would get: signs, tints, weights, the row in focus, the cursor. */
static uint64_t sum_of(const struct grid *grid, bool mono)
{
	uint64_t sum = UINT64_C(14695981039346656037);
	int cursor[3] = { grid->cursor_row, grid->cursor_column, grid->cursor_typing };

	for (int i = 0; i < grid->rows * grid->columns; i++) {
		const struct cell *cell = &grid->cells[i];
		struct look look = theme_look((enum style)cell->style, mono);
		int32_t looks[3] = { (int32_t)look.tint, (int32_t)look.weight, cell->focus };

		add_bytes(&sum, cell->text, sizeof cell->text);
		add_bytes(&sum, looks, sizeof looks);
	}
	add_bytes(&sum, cursor, sizeof cursor);
	return sum;
}

static void assert_harmless(const struct grid *grid, const char *where)
{
	for (int i = 0; i < grid->rows * grid->columns; i++) {
		int32_t c = grid->cells[i].text[0];
		bool bidi = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);

		if (!grid->cells[i].width)
			continue;
		if (c < 0x20 || (c >= 0x7f && c < 0xa0) || bidi || c == 0x200b || c == 0xfeff)
			fail_msg("%s: U+%04X is drawn", where, (unsigned)c);
		if (grid->ascii && (c > 0x7e || grid->cells[i].text[1]))
			fail_msg("%s: U+%04X is drawn in ASCII", where, (unsigned)c);
	}
}

static void assert_cursor(const struct grid *grid, const char *where)
{
	bool focused = false;
	const struct cell *at = &grid->cells[grid->cursor_row * grid->columns + grid->cursor_column];

	if (grid->cursor_row < 0 || grid->cursor_row >= grid->rows || grid->cursor_column < 0 ||
	    grid->cursor_column >= grid->columns)
		fail_msg("%s: the cursor is outside", where);
	for (int i = 0; i < grid->rows * grid->columns; i++)
		focused = focused || grid->cells[i].focus;
	if (focused && !at->focus && !grid->cursor_typing)
		fail_msg("%s: the cursor does not stand on the row in focus", where);
}

static void assert_keys_told(const struct grid *grid, const char *where)
{
	struct buf screen;

	buf_init(&screen, MOST);
	grid_dump(grid, &screen);
	if (!strstr(buf_text(&screen), " keys") && !strstr(buf_text(&screen), "Esc back"))
		fail_msg("%s: nothing tells of the keys\n%s", where, buf_text(&screen));
	buf_release(&screen);
}

/* One scene with one kind of data: its look at 80x24 to `looks`, a line with all sums to `sums`. */
static void show(const struct scene *scene, enum data data, struct buf *looks, struct buf *sums)
{
	buf_addf(sums, "%s %s", scene->name, data_names[data]);
	for (int s = 0; s < SIZES; s++)
		for (int mode = 0; mode < MODES; mode++) {
			struct stage stage;
			char where[128];

			snprintf(where, sizeof where, "%s, %s, %dx%d, mode %d", scene->name, data_names[data],
			         sizes[s][1], sizes[s][0], mode);
			scene_open(&stage, scene, data, sizes[s][0], sizes[s][1], mode == MODE_ASCII);
			model_view(&stage.model, &stage.grid);
			assert_harmless(&stage.grid, where);
			if (stage.model.dialog.kind == DIALOG_NONE) {
				assert_cursor(&stage.grid, where);
				assert_keys_told(&stage.grid, where);
			}
			buf_addf(sums, "%s%08x", mode ? "" : " ",
			         (unsigned)(sum_of(&stage.grid, mode == MODE_MONO) & 0xffffffff));
			if (s == 1 && mode == MODE_COLOUR) {
				buf_addf(looks, "=== %s\n", scene->name);
				grid_dump(&stage.grid, looks);
			}
			stage_close(&stage);
		}
	buf_add_char(sums, '\n');
}

static void write_or_compare(const char *name, const struct buf *is)
{
	static char was[MOST];
	char path[128];
	const char *a = buf_text(is), *b = was, *at = "";
	FILE *f;
	size_t n;

	snprintf(path, sizeof path, "tests/screens/golden/%s", name);
	if (getenv("UPDATE")) {
		f = fopen(path, "wb");
		if (!f || fwrite(a, 1, is->len, f) != is->len || fclose(f) != 0)
			fail_msg("cannot write %s", path);
		return;
	}
	f = fopen(path, "rb");
	n = f ? fread(was, 1, sizeof was - 1, f) : 0;
	if (f)
		fclose(f);
	was[n] = '\0';
	while (*a || *b) {
		size_t la = strcspn(a, "\n"), lb = strcspn(b, "\n");

		if (strncmp(a, "=== ", 4) == 0)
			at = a;
		if (la != lb || memcmp(a, b, la) != 0)
			fail_msg("%s, %.*s\n  was |%.*s|\n  is  |%.*s|", path, (int)strcspn(at, "\n"), at,
			         (int)lb, b, (int)la, a);
		a += la + (a[la] != '\0');
		b += lb + (b[lb] != '\0');
	}
}

static void every_screen_looks_as_it_did(void **unused)
{
	struct buf sums;

	(void)unused;
	buf_init(&sums, MOST);
	for (int data = 0; data < DATA_KINDS; data++) {
		struct buf looks;
		char name[64];

		buf_init(&looks, MOST);
		for (size_t i = 0; i < scene_count; i++)
			if (data != DATA_EMPTY || scenes[i].empty)
				show(&scenes[i], (enum data)data, &looks, &sums);
		snprintf(name, sizeof name, "every_%s.txt", data_names[data]);
		write_or_compare(name, &looks);
		buf_release(&looks);
	}
	write_or_compare("every_sums.txt", &sums);
	buf_release(&sums);
}

static void every_screen_has_a_scene(void **unused)
{
	bool seen[SCREEN_COUNT] = { false };

	(void)unused;
	for (size_t i = 0; i < scene_count; i++) {
		struct stage stage;

		scene_open(&stage, &scenes[i], DATA_NORMAL, 24, 80, false);
		seen[model_top(&stage.model)] = true;
		stage_close(&stage);
	}
	for (int i = 0; i < SCREEN_COUNT; i++)
		if (!seen[i])
			fail_msg("%s has no scene", screen_title((enum screen_id)i));
}

/* Down to the smallest size and back it looks as if nothing had happened. */
static void a_screen_comes_back_from_any_size(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < scene_count; i++) {
		struct stage stage;
		uint64_t before;

		scene_open(&stage, &scenes[i], DATA_NORMAL, 24, 80, false);
		model_view(&stage.model, &stage.grid);
		before = sum_of(&stage.grid, false);
		stage_size(&stage, 1, 1);
		model_view(&stage.model, &stage.grid);
		stage_size(&stage, 16, 60);
		model_view(&stage.model, &stage.grid);
		stage_size(&stage, 120, 400);
		model_view(&stage.model, &stage.grid);
		stage_size(&stage, 24, 80);
		model_view(&stage.model, &stage.grid);
		if (sum_of(&stage.grid, false) != before)
			fail_msg("%s looks different afterwards", scenes[i].name);
		stage_close(&stage);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_screen_looks_as_it_did),
		cmocka_unit_test(every_screen_has_a_scene),
		cmocka_unit_test(a_screen_comes_back_from_any_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
