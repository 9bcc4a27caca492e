/* Keys, lists, lines and text of the console: one letter one meaning, fuzzy search without lag, text that fits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "ui/console/actions.h"
#include "ui/console/chrome.h"
#include "ui/console/fuzzy.h"
#include "ui/console/selection.h"
#include "ui/console/table.h"
#include "ui/console/terminal_text.h"

static void a_key_has_one_verb_on_a_screen(void **unused)
{
	size_t count;
	const struct action_row *rows = actions(&count);

	(void)unused;
	for (size_t a = 0; a < count; a++)
		for (size_t b = a + 1; b < count; b++)
			if (rows[a].screens & rows[b].screens &&
			    key_is(rows[a].key, rows[b].key.code, rows[b].key.c))
				fail_msg("%s and %s share a key on a screen", rows[a].label, rows[b].label);
}

static void a_letter_has_one_label_in_the_whole_program(void **unused)
{
	size_t count;
	const struct action_row *rows = actions(&count);

	(void)unused;
	for (size_t a = 0; a < count; a++)
		for (size_t b = a + 1; b < count; b++)
			if (rows[a].key.code == K_CHAR && key_is(rows[a].key, K_CHAR, rows[b].key.c) &&
			    rows[b].key.code == K_CHAR)
				assert_string_equal(rows[a].label, rows[b].label);
}

static void letters_do_nothing_where_letters_type(void **unused)
{
	size_t count;
	const struct action_row *rows = actions(&count);

	(void)unused;
	for (size_t i = 0; i < count; i++)
		if (rows[i].key.code == K_CHAR)
			assert_int_equal(rows[i].screens & (unsigned)IN_TYPING, 0);
	for (int screen = 0; screen < SCREEN_COUNT; screen++)
		assert_int_equal(screen_types((enum screen_id)screen), (IN_TYPING >> screen) & 1);
}

static void what_writes_to_an_org_needs_consent(void **unused)
{
	(void)unused;
	assert_int_equal(action_of_verb(VERB_START)->consent, CONSENT_TYPED);
	assert_int_equal(action_of_verb(VERB_UNDO)->consent, CONSENT_TYPED);
	assert_int_equal(action_of_verb(VERB_PAUSE)->consent, CONSENT_CONFIRM);
	assert_int_equal(action_of_verb(VERB_CANCEL)->consent, CONSENT_CONFIRM);
	assert_int_equal(action_of_verb(VERB_RETRY)->consent, CONSENT_CONFIRM);
}

static const char *name_of(const void *ctx, size_t i, int which)
{
	return which == 0 ? ((const char *const *)ctx)[i] : NULL;
}

static void fuzzy_search_ranks_what_is_meant_first(void **unused)
{
	static const char *const names[] = { "AccountContactRelation",
		                             "ContactPointEmail",
		                             "Custom_Contact__c",
		                             "Contact",
		                             "Contract",
		                             "Case" };
	size_t found[6];

	(void)unused;
	assert_int_equal(fuzzy_rank(slice_of("contact"), 6, name_of, names, found), 5);
	assert_int_equal(found[0], 3);
	assert_int_equal(found[1], 1);
	assert_int_equal(fuzzy_rank(slice_of("acr"), 6, name_of, names, found), 1);
	assert_int_equal(found[0], 0);
	assert_int_equal(fuzzy_rank(slice_of("xyz"), 6, name_of, names, found), 0);
	assert_int_equal(fuzzy_rank(slice_of(""), 6, name_of, names, found), 6);
	assert_int_equal(found[5], 5);
}

/* 1,500 objects by name, and by label: a key must be answered within a frame of 16 ms. */
static void fuzzy_search_over_1500_names_takes_less_than_a_frame(void **unused)
{
	static char text[1500][48];
	static const char *names[1500];
	size_t found[1500];
	struct timespec from, to;
	double ms;

	(void)unused;
	for (int i = 0; i < 1500; i++) {
		snprintf(text[i], sizeof text[i], "Managed_Package_%d_Some_Object_%d__c", i % 7, i);
		names[i] = text[i];
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	for (int i = 0; i < 10; i++)
		fuzzy_rank(slice_of("pkgobj12"), 1500, name_of, names, found);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	ms = (double)(to.tv_sec - from.tv_sec) * 100 + (double)(to.tv_nsec - from.tv_nsec) / 1e7;
	if (ms > 16)
		fail_msg("%.1f ms", ms);
}

static void grid_line(struct grid *grid, int row, char *to, size_t size)
{
	struct buf b;
	const char *at;

	buf_init(&b, 65536);
	grid_dump(grid, &b);
	at = buf_text(&b);
	while (row--)
		at = strchr(at, '\n') + 1;
	snprintf(to, size, "%.*s", (int)strcspn(at, "\n"), at);
	buf_release(&b);
}

static void assert_put(enum give give, int width, const char *text, const char *expected)
{
	struct grid grid;
	struct err e;
	char line[256];

	err_init(&e);
	assert_int_equal(grid_init(&grid, 2, 40, false, &e), ERR_OK);
	assert_true(grid_put(&grid, 0, 0, width, slice_of(text), give, STYLE_PLAIN) <= width);
	grid_line(&grid, 0, line, sizeof line);
	assert_string_equal(line, expected);
	grid_release(&grid);
}

static void text_gives_way_where_it_should(void **unused)
{
	(void)unused;
	assert_put(GIVE_END, 10, "a message that is long", "a message…");
	assert_put(GIVE_START, 10, "/a/path/to/file.csv", "…/file.csv");
	assert_put(GIVE_MIDDLE, 11, "a_name_that_is.csv", "a_nam…s.csv");
	assert_put(GIVE_END, 10, "just right", "just right");
	assert_put(GIVE_END, 1, "abc", "…");
	assert_put(GIVE_END, 0, "abc", "");
}

static void wide_characters_are_never_cut_in_half(void **unused)
{
	(void)unused;
	assert_put(GIVE_END, 6, "日本語の名前", "日本…");
	assert_put(GIVE_START, 6, "日本語の名前", "…名前");
	assert_put(GIVE_MIDDLE, 6, "日本語の名前", "日…前");
	assert_put(GIVE_END, 12, "日本語の名前", "日本語の名前");
	assert_put(GIVE_END, 5, "e\u0301te\u0301 long", "e\u0301te\u0301 …");
}

/* Overwriting one half of a wide character leaves a blank, not the other half. */
static void half_a_wide_character_becomes_a_blank(void **unused)
{
	struct grid grid;
	struct err e;
	char line[64];

	(void)unused;
	err_init(&e);
	assert_int_equal(grid_init(&grid, 1, 6, false, &e), ERR_OK);
	grid_text(&grid, 0, 0, 6, "日本語", STYLE_PLAIN);
	grid_text(&grid, 0, 1, 1, "x", STYLE_PLAIN);
	grid_text(&grid, 0, 4, 1, "y", STYLE_PLAIN);
	grid_line(&grid, 0, line, sizeof line);
	assert_string_equal(line, " x本y");
	grid_text(&grid, 0, 5, 3, "語", STYLE_PLAIN); /* half outside */
	grid_text(&grid, -1, 0, 3, "abc", STYLE_PLAIN);
	grid_text(&grid, 5, 9, 3, "abc", STYLE_PLAIN);
	grid_release(&grid);
}

static void every_meaning_can_be_told_from_plain_in_mono_or_has_a_sign(void **unused)
{
	static const enum style alarming[] = { STYLE_BAD, STYLE_WARN, STYLE_DOUBT, STYLE_PRODUCTION,
		                               STYLE_ERROR };

	(void)unused;
	for (size_t i = 0; i < sizeof alarming / sizeof alarming[0]; i++)
		assert_int_not_equal(theme_look(alarming[i], true).weight, 0);
	for (int style = 0; style < STYLE_COUNT; style++)
		assert_int_equal(theme_look((enum style)style, true).tint, TINT_DEFAULT);
}

static void a_line_is_edited_by_characters_not_bytes(void **unused)
{
	struct line line;

	(void)unused;
	line_clear(&line);
	line_insert(&line, slice_of("Mü\x1b[31mller\n"));
	assert_string_equal(line.text, "Mü[31mller");
	line_set(&line, "Müller");
	for (int i = 0; i < 4; i++)
		line_key(&line, (struct key){ K_LEFT, 0 });
	line_key(&line, (struct key){ K_BACKSPACE, 0 });
	assert_string_equal(line.text, "Mller");
	line_key(&line, (struct key){ K_CHAR, 0x4e2d });
	assert_string_equal(line.text, "M中ller");
	line_key(&line, (struct key){ K_HOME, 0 });
	line_key(&line, (struct key){ K_DELETE, 0 });
	assert_string_equal(line.text, "中ller");
	for (int i = 0; i < LINE_ROOM * 2; i++)
		line_key(&line, (struct key){ K_CHAR, 'x' });
	assert_true(line.len < LINE_ROOM && line.text[line.len] == '\0');
}

static void the_cursor_of_a_list_stays_inside_and_in_view(void **unused)
{
	struct table table;

	(void)unused;
	table_init(&table);
	assert_true(table_move(&table, (struct key){ K_CHAR, 'j' }, 10));
	assert_int_equal(table_focus(&table), (size_t)-1);
	table_narrow(&table, 100, name_of, NULL);
	table_move(&table, (struct key){ K_CHAR, 'G' }, 10);
	table_scroll(&table, 10);
	assert_int_equal(table.cursor, 99);
	assert_int_equal(table.top, 90);
	table_move(&table, (struct key){ K_CTRL, 'u' }, 10);
	assert_int_equal(table.cursor, 90);
	table_narrow(&table, 5, name_of, NULL); /* it became shorter */
	table_scroll(&table, 10);
	assert_int_equal(table.cursor, 4);
	assert_int_equal(table.top, 0);
	assert_false(table_move(&table, (struct key){ K_CHAR, 'z' }, 10));
	table_release(&table);
}

static void the_clipboard_gets_base64(void **unused)
{
	static const char *const pairs[][2] = {
		{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foobar", "Zm9vYmFy" }
	};

	(void)unused;
	for (size_t i = 0; i < 4; i++) {
		struct buf b;

		buf_init(&b, 64);
		terminal_add_base64(&b, slice_of(pairs[i][0]));
		assert_string_equal(buf_text(&b), pairs[i][1]);
		buf_release(&b);
	}
}

static void the_bottom_line_never_drops_its_tail(void **unused)
{
	const struct chrome_key keys[] = { { "Enter", "open what is under it", false },
		                           { "n", "new", false },
		                           { "p", "a very long label that does not fit in here", false } };
	const struct chrome_key tail[] = { { "?", "keys", false }, { "q", "quit", false } };
	struct grid grid;
	struct err e;
	char line[256];

	(void)unused;
	err_init(&e);
	assert_int_equal(grid_init(&grid, 16, 60, false, &e), ERR_OK);
	chrome_keys(&grid, keys, 3, tail, 2, false);
	grid_line(&grid, 15, line, sizeof line);
	assert_string_equal(line, " Enter open what is under it  n new  ? keys  q quit");
	chrome_keys(&grid, keys, 3, tail, 2, true);
	grid_line(&grid, 15, line, sizeof line);
	assert_string_equal(line, " Enter open what is under it  n new  ? keys");
	chrome_keys(&grid, keys, 2, tail, 2, true);
	grid_line(&grid, 15, line, sizeof line);
	assert_string_equal(line, " Enter open what is under it  n new  ? keys  q quit");
	grid_release(&grid);
}

static void assert_selected(const struct selection *selection, const char *expected)
{
	struct buf b;

	buf_init(&b, 4096);
	selection_text(selection, &b);
	assert_string_equal(buf_text(&b), expected);
	buf_release(&b);
}

static void a_selection_keeps_numbers_and_ranges(void **unused)
{
	static struct selection selection;

	(void)unused;
	assert_false(selection_any(&selection));
	selection_toggle(&selection, 88);
	selection_add(&selection, 401, 407);
	selection_toggle(&selection, 400); /* touches */
	assert_selected(&selection, "88,400-407");
	selection_toggle(&selection, 404);
	assert_selected(&selection, "88,400-403,405-407");
	assert_false(selection_has(&selection, 404));
	assert_true(selection_has(&selection, 403));
	assert_false(selection_has(&selection, 89));
	selection_add(&selection, 2, 500);
	assert_selected(&selection, "2-500");
	selection_toggle(&selection, 2);
	selection_toggle(&selection, 500);
	assert_selected(&selection, "3-499");
	selection_clear(&selection);
	selection.all = true;
	assert_true(selection_has(&selection, 7));
	assert_selected(&selection, "");
	selection_toggle(&selection, 7); /* all but one */
	assert_selected(&selection, "1-6,8-");
	assert_false(selection_has(&selection, 7));
	selection_clear(&selection);
	for (int i = 0; i < SELECTION_RANGES; i++)
		assert_true(selection_toggle(&selection, 2 * i + 1));
	assert_false(selection_toggle(&selection, 9999));
	assert_true(selection_add(&selection, 1, 9999));
	assert_selected(&selection, "1-9999");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_has_one_verb_on_a_screen),
		cmocka_unit_test(a_selection_keeps_numbers_and_ranges),
		cmocka_unit_test(a_letter_has_one_label_in_the_whole_program),
		cmocka_unit_test(letters_do_nothing_where_letters_type),
		cmocka_unit_test(what_writes_to_an_org_needs_consent),
		cmocka_unit_test(fuzzy_search_ranks_what_is_meant_first),
		cmocka_unit_test(fuzzy_search_over_1500_names_takes_less_than_a_frame),
		cmocka_unit_test(text_gives_way_where_it_should),
		cmocka_unit_test(wide_characters_are_never_cut_in_half),
		cmocka_unit_test(half_a_wide_character_becomes_a_blank),
		cmocka_unit_test(every_meaning_can_be_told_from_plain_in_mono_or_has_a_sign),
		cmocka_unit_test(a_line_is_edited_by_characters_not_bytes),
		cmocka_unit_test(the_cursor_of_a_list_stays_inside_and_in_view),
		cmocka_unit_test(the_clipboard_gets_base64),
		cmocka_unit_test(the_bottom_line_never_drops_its_tail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
