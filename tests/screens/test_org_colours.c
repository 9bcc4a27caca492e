/* An org is drawn in its colour wherever it is named, and no colour says anything that is not written beside it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "scenes.h"

#define PRODUCTION_ID "00D5f000000AbCdEAK"
#define SANDBOX_ID "00D5f000000UatXEAK"

static const struct {
	const char *name;
	enum style style;
	enum tint tint;
} colours[] = {
	{ "red", STYLE_ORG_RED, TINT_RED },
	{ "yellow", STYLE_ORG_YELLOW, TINT_YELLOW },
	{ "green", STYLE_ORG_GREEN, TINT_GREEN },
	{ "blue", STYLE_ORG_BLUE, TINT_BLUE },
	{ "magenta", STYLE_ORG_MAGENTA, TINT_MAGENTA },
	{ "cyan", STYLE_ORG_CYAN, TINT_CYAN },
	{ "white", STYLE_ORG_WHITE, TINT_WHITE },
};
enum { COLOURS = sizeof colours / sizeof colours[0] };

/* The first cell of a text in a row of the grid from `row` on, NULL if it is nowhere. */
static const struct cell *find(const struct grid *grid, int row, const char *text)
{
	int len = (int)strlen(text);

	for (; row < grid->rows; row++)
		for (int column = 0; column + len <= grid->columns; column++) {
			const struct cell *at = &grid->cells[row * grid->columns + column];
			int i = 0;

			while (i < len && at[i].text[0] == text[i])
				i++;
			if (i == len)
				return at;
		}
	return NULL;
}

static void assert_style(const struct grid *grid, const char *text, enum style style, const char *where)
{
	const struct cell *at = find(grid, 0, text);

	if (!at)
		fail_msg("%s: %s is not drawn", where, text);
	for (size_t i = 0; i < strlen(text); i++)
		if (at[i].style != style)
			fail_msg("%s: %s is drawn as '%c', not '%c'", where, text,
			         theme_letter((enum style)at[i].style), theme_letter(style));
}

/* Two saved orgs, the second of another Id; "" is no colour. */
static void save(struct model *model, const char *production, const char *sandbox)
{
	struct org_row *rows = calloc(3, sizeof *rows);

	assert_non_null(rows);
	snprintf(rows[0].org.name, sizeof rows[0].org.name, "again"); /* the same org, without a colour */
	snprintf(rows[0].org.org_id, sizeof rows[0].org.org_id, PRODUCTION_ID);
	snprintf(rows[1].org.name, sizeof rows[1].org.name, "home");
	snprintf(rows[1].org.org_id, sizeof rows[1].org.org_id, PRODUCTION_ID);
	snprintf(rows[1].org.kind, sizeof rows[1].org.kind, "production");
	snprintf(rows[1].org.colour, sizeof rows[1].org.colour, "%s", production);
	snprintf(rows[2].org.name, sizeof rows[2].org.name, "uat");
	snprintf(rows[2].org.org_id, sizeof rows[2].org.org_id, SANDBOX_ID);
	snprintf(rows[2].org.kind, sizeof rows[2].org.kind, "sandbox");
	snprintf(rows[2].org.colour, sizeof rows[2].org.colour, "%s", sandbox);
	orgs_take(&model->orgs, rows, 3);
}

static const struct scene *scene_called(const char *name)
{
	for (size_t i = 0; i < scene_count; i++)
		if (strcmp(scenes[i].name, name) == 0)
			return &scenes[i];
	fail_msg("there is no scene %s", name);
	return NULL;
}

static void every_header_is_in_the_colour_of_its_org(void **unused)
{
	static const char *const headers[] = { "run",     "log",    "jobs",        "go_on",  "review",
		                               "records", "record", "run_details", "object", "action",
		                               "mapping", "field",  "check",       "start" };

	(void)unused;
	for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
		for (size_t c = 0; c < COLOURS; c++) {
			struct stage stage;

			scene_open(&stage, scene_called(headers[i]), DATA_NORMAL, 24, 80, false);
			save(&stage.model, colours[c].name, "");
			model_view(&stage.model, &stage.grid);
			assert_style(&stage.grid, "acme-prod", colours[c].style, headers[i]);
			assert_style(&stage.grid, "PRODUCTION", STYLE_PRODUCTION, headers[i]);
			stage_close(&stage);
		}
}

static void the_question_before_a_start_is(void **unused)
{
	struct stage stage;

	(void)unused;
	scene_open(&stage, scene_called("start"), DATA_NORMAL, 24, 80, false);
	save(&stage.model, "magenta", "");
	model_view(&stage.model, &stage.grid);
	assert_style(&stage.grid, "as ana@acme.com", STYLE_ORG_MAGENTA, "start");
	stage_close(&stage);
}

static void lists_are(void **unused)
{
	struct stage stage;

	(void)unused;
	for (size_t c = 0; c < COLOURS; c++) {
		scene_open(&stage, scene_called("runs"), DATA_NORMAL, 24, 80, false);
		save(&stage.model, "", colours[c].name);
		model_view(&stage.model, &stage.grid);
		assert_style(&stage.grid, "acme-uat", colours[c].style, "runs");
		assert_style(&stage.grid, "acme-prod", STYLE_PRODUCTION, "runs");
		stage_keys(&stage, "o");
		model_view(&stage.model, &stage.grid);
		assert_style(&stage.grid, "uat", colours[c].style, "orgs");
		assert_style(&stage.grid, "home", STYLE_PRODUCTION, "orgs");
		assert_style(&stage.grid, "sandbox", STYLE_ORG, "orgs"); /* its kind looks like its kind */
		stage_close(&stage);
	}
}

static void without_a_colour_it_looks_like_its_kind(void **unused)
{
	struct stage stage;

	(void)unused;
	scene_open(&stage, scene_called("runs"), DATA_NORMAL, 24, 80, false);
	for (size_t i = 0; i < stage.model.runs.count; i++)
		if (strcmp(stage.model.runs.lines[i].file, "accounts.csv") == 0) {
			stage.model.runs.lines[i].practice = true;
			snprintf(stage.model.runs.lines[i].org, sizeof stage.model.runs.lines[i].org,
			         "rehearsal");
		}
	model_view(&stage.model, &stage.grid);
	assert_style(&stage.grid, "acme-prod", STYLE_PRODUCTION, "runs");
	assert_style(&stage.grid, "acme-uat", STYLE_ORG, "runs");
	assert_style(&stage.grid, "rehearsal", STYLE_PRACTICE, "runs");
	stage_close(&stage);
}

/* Mono and ASCII: the same text, no colour, and production still stands out. */
static void nothing_is_said_by_colour_alone(void **unused)
{
	struct stage stage;
	struct buf with, without;

	(void)unused;
	buf_init(&with, 64 * 1024);
	buf_init(&without, 64 * 1024);
	scene_open(&stage, scene_called("runs"), DATA_NORMAL, 24, 80, true);
	model_view(&stage.model, &stage.grid);
	grid_dump(&stage.grid, &without);
	save(&stage.model, "blue", "yellow");
	model_view(&stage.model, &stage.grid);
	grid_dump(&stage.grid, &with);
	assert_string_equal(buf_text(&with), buf_text(&without));
	stage_close(&stage);
	for (size_t c = 0; c < COLOURS; c++) {
		assert_int_equal(theme_look(colours[c].style, false).tint, colours[c].tint);
		assert_int_equal(theme_look(colours[c].style, true).tint, TINT_DEFAULT);
		assert_int_equal(theme_look(colours[c].style, true).weight, 0);
	}
	assert_int_equal(theme_look(STYLE_PRODUCTION, true).weight, WEIGHT_BOLD);
	buf_release(&with);
	buf_release(&without);
}

static void the_table_of_colours_is_the_one_of_saved_orgs(void **unused)
{
	size_t count = 0;

	(void)unused;
#define X(name, text) count++;
	ORG_COLOURS(X)
#undef X
	assert_int_equal(count, COLOURS);
	for (size_t c = 0; c < COLOURS; c++)
		assert_true(orgs_is_colour(colours[c].name));
	assert_false(orgs_is_colour(""));
	assert_false(orgs_is_colour("purple"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_header_is_in_the_colour_of_its_org),
		cmocka_unit_test(the_question_before_a_start_is),
		cmocka_unit_test(lists_are),
		cmocka_unit_test(without_a_colour_it_looks_like_its_kind),
		cmocka_unit_test(nothing_is_said_by_colour_alone),
		cmocka_unit_test(the_table_of_colours_is_the_one_of_saved_orgs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
