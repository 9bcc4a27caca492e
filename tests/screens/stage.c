#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "base/text.h"

enum { MOST_SCREEN = 256 * 1024 };

const int64_t stage_now = INT64_C(1777817100000);

void stage_open(struct stage *stage, int rows, int columns, bool ascii)
{
	struct err e;

	setenv("TZ", "UTC", 1);
	tzset();
	memset(stage, 0, sizeof *stage);
	err_init(&e);
	stage->now_ms = stage_now;
	stage->mono_ms = STAGE_MONO;
	model_init(&stage->model, rows, columns, ascii);
	stage->model.now_ms = stage_now;
	stage->model.mono_ms = STAGE_MONO;
	assert_int_equal(grid_init(&stage->grid, rows, columns, ascii, &e), ERR_OK);
}

void stage_close(struct stage *stage)
{
	model_release(&stage->model);
	grid_release(&stage->grid);
}

void stage_wait(struct stage *stage, int64_t ms)
{
	stage->now_ms += ms;
	stage->mono_ms += ms;
}

static void take_effects(struct stage *stage)
{
	for (int i = 0; i < stage->model.effect_count && stage->done_count < 64; i++)
		stage->done[stage->done_count++] = stage->model.effects[i];
	stage->model.effect_count = 0;
}

static void pass(struct stage *stage, struct message *message)
{
	message->now_ms = stage->now_ms;
	message->mono_ms = stage->mono_ms;
	model_update(&stage->model, message);
	take_effects(stage);
	if (stage->feed)
		feed_fill(stage->feed, &stage->model);
}

void stage_size(struct stage *stage, int rows, int columns)
{
	struct message message = { .kind = MESSAGE_RESIZE, .rows = rows, .columns = columns };
	bool ascii = stage->grid.ascii;
	struct err e;

	err_init(&e);
	grid_release(&stage->grid);
	assert_int_equal(grid_init(&stage->grid, rows, columns, ascii, &e), ERR_OK);
	pass(stage, &message);
}

void stage_key(struct stage *stage, struct key key)
{
	struct message message = { .kind = MESSAGE_KEY, .key = key };

	pass(stage, &message);
}

static struct key key_of(const char *name, size_t len)
{
	static const char *const names[] = {
#define X(code, text) text,
		KEY_CODES(X)
#undef X
	};
	size_t one;

	if (len == 5 && memcmp(name, "Space", 5) == 0)
		return (struct key){ K_CHAR, ' ' };
	if (len == 6 && memcmp(name, "Ctrl-", 5) == 0)
		return (struct key){ K_CTRL, name[5] - 'A' + 'a' };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i][0] && strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
			return (struct key){ (enum key_code)i, 0 };
	return (struct key){ K_CHAR, text_decode((struct slice){ name, len }, &one) };
}

void stage_keys(struct stage *stage, const char *keys)
{
	while (*keys) {
		size_t len = strcspn(keys, " ");

		stage_key(stage, key_of(keys, len));
		keys += len;
		keys += strspn(keys, " ");
	}
}

void stage_paste(struct stage *stage, const char *text)
{
	struct message message = { .kind = MESSAGE_PASTE, .text = slice_of(text) };

	pass(stage, &message);
}

int stage_asked(const struct stage *stage, enum effect_kind kind)
{
	int n = 0;

	for (int i = 0; i < stage->done_count; i++)
		n += stage->done[i].kind == kind;
	return n;
}

const char *stage_copied(const struct stage *stage)
{
	const char *text = "";

	for (int i = 0; i < stage->done_count; i++)
		if (stage->done[i].kind == EFFECT_COPY)
			text = stage->done[i].text;
	return text;
}

static void draw(struct stage *stage)
{
	if (stage->feed)
		feed_fill(stage->feed, &stage->model);
	model_view(&stage->model, &stage->grid);
}

static void write_golden(const char *path, const struct buf *screen)
{
	FILE *f = fopen(path, "wb");

	if (!f || fwrite(buf_text(screen), 1, screen->len, f) != screen->len || fclose(f) != 0)
		fail_msg("cannot write %s", path);
}

static void compare(const char *path, const struct buf *screen)
{
	static char golden[MOST_SCREEN];
	FILE *f = fopen(path, "rb");
	const char *is = buf_text(screen), *was = golden;
	size_t n = f ? fread(golden, 1, sizeof golden - 1, f) : 0;

	if (!f)
		fail_msg("%s is not there: UPDATE=1 writes it", path);
	fclose(f);
	golden[n] = '\0';
	for (int line = 1; *is || *was; line++) {
		size_t is_len = strcspn(is, "\n"), was_len = strcspn(was, "\n");

		if (is_len != was_len || memcmp(is, was, is_len) != 0)
			fail_msg("%s line %d\n  was |%.*s|\n  is  |%.*s|", path, line, (int)was_len, was,
			         (int)is_len, is);
		is += is_len + (is[is_len] != '\0');
		was += was_len + (was[was_len] != '\0');
	}
}

static void golden(struct stage *stage, const char *name, bool styles)
{
	char path[256];
	struct buf screen;

	draw(stage);
	buf_init(&screen, MOST_SCREEN);
	grid_dump(&stage->grid, &screen);
	if (styles)
		grid_dump_styles(&stage->grid, &screen);
	snprintf(path, sizeof path, "tests/screens/golden/%s.txt", name);
	if (getenv("UPDATE"))
		write_golden(path, &screen);
	else
		compare(path, &screen);
	buf_release(&screen);
}

void stage_golden(struct stage *stage, const char *name)
{
	golden(stage, name, false);
}

void stage_golden_styles(struct stage *stage, const char *name)
{
	golden(stage, name, true);
}

void stage_golden_sizes(struct stage *stage, const char *name)
{
	static const int sizes[][2] = { { 16, 60 }, { 24, 80 }, { 50, 200 } };

	for (int i = 0; i < 3; i++) {
		char sized[128];

		stage_size(stage, sizes[i][0], sizes[i][1]);
		snprintf(sized, sizeof sized, "%s_%dx%d", name, sizes[i][1], sizes[i][0]);
		golden(stage, sized, false);
	}
	stage_size(stage, 24, 80);
}

bool stage_shows(struct stage *stage, const char *text)
{
	struct buf screen;
	bool shown;

	draw(stage);
	buf_init(&screen, MOST_SCREEN);
	grid_dump(&stage->grid, &screen);
	shown = strstr(buf_text(&screen), text) != NULL;
	buf_release(&screen);
	return shown;
}
