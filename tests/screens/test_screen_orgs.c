/* Orgs: what is pressed on the list, and filling the form of an org that is added. How it looks: test_every_screen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "stage.h"

static void open_orgs(struct stage *stage, size_t count)
{
	static const char *const names[] = { "acme-prod", "acme-uat", "practice" };
	struct org_row *rows = calloc(count + 1, sizeof *rows);

	assert_non_null(rows);
	for (size_t i = 0; i < count; i++) {
		snprintf(rows[i].org.name, sizeof rows[i].org.name, "%s", names[i]);
		rows[i].calls_left = -1;
	}
	stage_open(stage, 24, 80, false);
	orgs_take(&stage->model.orgs, rows, count);
	stage_keys(stage, "o");
	assert_int_equal(model_top(&stage->model), SCREEN_ORGS);
	assert_int_equal(stage_asked(stage, EFFECT_ORGS), 1);
}

static const char *asked_last(const struct stage *stage, enum effect_kind kind)
{
	assert_true(stage->done_count > 0);
	assert_int_equal(stage->done[stage->done_count - 1].kind, kind);
	return stage->done[stage->done_count - 1].text;
}

static const char *line_of(const struct stage *stage, enum org_field field)
{
	return stage->model.form.lines[field].text;
}

static void each_key_means_the_org_under_the_cursor(void **unused)
{
	struct stage stage;

	(void)unused;
	open_orgs(&stage, 3);
	stage_keys(&stage, "j Enter");
	assert_string_equal(asked_last(&stage, EFFECT_ORG_USE), "acme-uat");
	stage_keys(&stage, "j t");
	assert_string_equal(asked_last(&stage, EFFECT_ORG_TEST), "practice");
	stage_keys(&stage, "g D");
	assert_string_equal(stage.model.orgs.asked, "acme-prod");
	stage_keys(&stage, "Enter"); /* no is the default */
	assert_int_equal(stage_asked(&stage, EFFECT_ORG_DELETE), 0);
	stage_keys(&stage, "D y");
	assert_int_equal(stage_asked(&stage, EFFECT_ORG_DELETE), 1);
	stage_close(&stage);
}

static void an_org_is_edited(void **unused)
{
	struct stage stage;

	(void)unused;
	open_orgs(&stage, 3);
	stage_keys(&stage, "e 1");
	assert_string_equal(asked_last(&stage, EFFECT_ORG_AGAIN), "acme-prod");
	stage_keys(&stage, "e 2");
	assert_int_equal(stage_asked(&stage, EFFECT_ORG_LOCK), 1);
	stage_keys(&stage, "e 3 2 Enter");
	assert_string_equal(asked_last(&stage, EFFECT_ORG_RENAME), "acme-prod2");
	stage_keys(&stage, "e 4 6");
	assert_string_equal(asked_last(&stage, EFFECT_ORG_COLOUR), "magenta");
	stage_keys(&stage, "e 4 1");
	assert_string_equal(asked_last(&stage, EFFECT_ORG_COLOUR), "");
	stage_keys(&stage, "e 3 Esc e Esc");
	assert_int_equal(stage_asked(&stage, EFFECT_ORG_RENAME), 1);
	stage_close(&stage);
}

static void without_an_org_there_is_only_one_thing_to_do(void **unused)
{
	struct stage stage;

	(void)unused;
	open_orgs(&stage, 0);
	stage_keys(&stage, "t Enter e D");
	assert_int_equal(stage_asked(&stage, EFFECT_ORG_TEST), 0);
	assert_int_equal(stage.model.dialog.kind, DIALOG_NONE);
	assert_true(stage_shows(&stage, "There is no org yet: n adds one"));
	stage_keys(&stage, "n");
	assert_int_equal(model_top(&stage.model), SCREEN_ORG_WAY);
	stage_close(&stage);
}

static void what_must_be_filled_is_asked_for(void **unused)
{
	struct stage stage;

	(void)unused;
	open_orgs(&stage, 0);
	stage_keys(&stage, "n j j j Enter"); /* client credentials */
	stage_keys(&stage, "Enter Enter Enter Enter");
	assert_true(stage_shows(&stage, "Name is wanted"));
	stage_keys(&stage, "a c m e Tab Tab Tab Enter");
	assert_true(stage_shows(&stage, "Client id is wanted"));
	stage_keys(&stage, "i d Enter Enter");
	assert_true(stage_shows(&stage, "Client secret is wanted"));
	assert_int_equal(stage_asked(&stage, EFFECT_ORG_SIGN_IN), 0);
	stage_paste(&stage, "s3cr3t\n");
	assert_false(stage_shows(&stage, "s3cr3t"));
	stage_keys(&stage, "Shift-Tab");
	assert_false(stage_shows(&stage, "s3cr3t"));
	stage_keys(&stage, "Tab Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_ORG_SIGN_IN), 1);
	assert_string_equal(line_of(&stage, ORG_FIELD_CLIENT_SECRET), "s3cr3t");
	assert_string_equal(line_of(&stage, ORG_FIELD_CLIENT_ID), "id");
	stage_close(&stage);
}

static void each_way_has_its_lines_and_another_starts_empty(void **unused)
{
	static const struct {
		const char *keys;
		enum org_field has, has_not;
	} ways[] = {
		{ "Enter", ORG_FIELD_REDIRECT, ORG_FIELD_PASSWORD },
		{ "j Enter", ORG_FIELD_ALIAS, ORG_FIELD_DOMAIN },
		{ "j Enter", ORG_FIELD_REFRESH_TOKEN, ORG_FIELD_REDIRECT },
		{ "j Enter", ORG_FIELD_CLIENT_SECRET, ORG_FIELD_USERNAME },
		{ "j Enter", ORG_FIELD_KEY_FILE, ORG_FIELD_PASSWORD },
		{ "j Enter", ORG_FIELD_PASSWORD, ORG_FIELD_CLIENT_ID },
		{ "j Enter", ORG_FIELD_CLIENT_SECRET, ORG_FIELD_KEY_FILE },
		{ "j Enter", ORG_FIELD_ACCESS_TOKEN, ORG_FIELD_USERNAME },
	};
	struct stage stage;

	(void)unused;
	open_orgs(&stage, 0);
	stage_keys(&stage, "n");
	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
		stage_keys(&stage, ways[i].keys);
		assert_int_equal(model_top(&stage.model), SCREEN_ORG_FORM);
		assert_true(org_field_shown(&stage.model.form, ways[i].has));
		assert_false(org_field_shown(&stage.model.form, ways[i].has_not));
		assert_string_equal(line_of(&stage, ORG_FIELD_NAME), "");
		stage_keys(&stage, "x Esc");
	}
	stage_close(&stage);
}

static void while_a_browser_is_waited_for_only_its_address_is_typed(void **unused)
{
	struct stage stage;
	struct org_form *form = &stage.model.form;

	(void)unused;
	open_orgs(&stage, 0);
	stage_keys(&stage, "n Enter a");
	form->waiting = true;
	form->field = ORG_FIELD_ADDRESS;
	snprintf(form->url, sizeof form->url, "https://acme.my.salesforce.com/services/oauth2/authorize?x=1");
	stage_keys(&stage, "Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_ORG_PASTE), 0); /* nothing was pasted */
	stage_paste(&stage, "http://localhost:1717/OauthRedirect?code=c&state=s");
	stage_keys(&stage, "Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_ORG_PASTE), 1);
	assert_string_equal(line_of(&stage, ORG_FIELD_ADDRESS),
	                    "http://localhost:1717/OauthRedirect?code=c&state=s");
	assert_string_equal(line_of(&stage, ORG_FIELD_NAME), "a");
	stage_keys(&stage, "Esc");
	assert_int_equal(model_top(&stage.model), SCREEN_ORG_WAY);
	stage_close(&stage);
}

static void a_passphrase_is_never_shown(void **unused)
{
	struct stage stage;

	(void)unused;
	open_orgs(&stage, 1);
	dialog_open(&stage.model.dialog, DIALOG_LINE, VERB_NONE, 0, "Passphrase");
	dialog_type_secret(&stage.model.dialog, "passphrase:");
	stage_paste(&stage, "h\xc3\xb6rse");
	assert_true(stage_shows(&stage, "passphrase: *****"));
	assert_false(stage_shows(&stage, "rse"));
	stage_keys(&stage, "Enter");
	assert_int_equal(stage_asked(&stage, EFFECT_UNLOCK), 1);
	assert_int_equal(stage.done[stage.done_count - 1].run, 1);
	assert_string_equal(stage.done[stage.done_count - 1].text, "");
	stage_close(&stage);
}

static void the_cursor_stays_on_its_org(void **unused)
{
	struct org_row *rows = calloc(3, sizeof *rows);
	struct stage stage;

	(void)unused;
	open_orgs(&stage, 3);
	stage_keys(&stage, "j j"); /* practice */
	assert_non_null(rows);
	snprintf(rows[0].org.name, sizeof rows[0].org.name, "practice");
	snprintf(rows[1].org.name, sizeof rows[1].org.name, "x");
	orgs_take(&stage.model.orgs, rows, 2);
	assert_string_equal(orgs_focused(&stage.model.orgs)->org.name, "practice");
	stage_close(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_key_means_the_org_under_the_cursor),
		cmocka_unit_test(an_org_is_edited),
		cmocka_unit_test(without_an_org_there_is_only_one_thing_to_do),
		cmocka_unit_test(what_must_be_filled_is_asked_for),
		cmocka_unit_test(each_way_has_its_lines_and_another_starts_empty),
		cmocka_unit_test(while_a_browser_is_waited_for_only_its_address_is_typed),
		cmocka_unit_test(a_passphrase_is_never_shown),
		cmocka_unit_test(the_cursor_stays_on_its_org),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
