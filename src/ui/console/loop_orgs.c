/* loop_orgs.c - the saved orgs, as far as the console has to do with them: read, chosen, tried, changed, and signed in to anew. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/engine/access.h"
#include "core/org/browser.h"
#include "store/runs.h"
#include "ui/console/loop.h"
#include "ui/console/loop_own.h"

static void tell(struct model *model, const struct err *e)
{
	model_tell(model, STYLE_ERROR, "%s", e->text);
}

/* ---- the passphrase ---- */

/* Which saved org this wants to sign in to, or to change; false: none. */
static bool wants_key(struct loop *loop, const struct effect *effect)
{
	static struct run run; /* too large for a stack */
	struct err ignored;

	err_init(&ignored);
	switch (effect->kind) {
	case EFFECT_ORG_TEST:
	case EFFECT_ORG_AGAIN:
	case EFFECT_ORG_RENAME:
	case EFFECT_ORG_COLOUR:
	case EFFECT_ORG_LOCK:
	case EFFECT_ORG_SIGN_IN:
		return true;
	case EFFECT_SIGN_IN:
	case EFFECT_BEGIN:
		return loop->with.org != NULL;
	case EFFECT_GO_ON:
	case EFFECT_GIVE_UP:
	case EFFECT_UNDO_LOOK:
		return run_get(loop->journal, effect->run, &run, &ignored) == ERR_OK && run.saved_org[0];
	case EFFECT_RETRY:
		return run_get(loop->journal, loop->model.again.run, &run, &ignored) == ERR_OK &&
		       run.saved_org[0];
	default:
		return false;
	}
}

static bool is_locked(void)
{
	struct orgs *orgs = NULL;
	struct err ignored;
	bool locked;

	err_init(&ignored);
	locked = access_orgs(&orgs, &ignored) == ERR_OK && orgs_locked(orgs);
	orgs_close(orgs);
	return locked;
}

/* Keys that were typed before it is drawn do not reach it; those typed after must all do. */
static void ask_passphrase(struct loop *loop, const char *why)
{
	struct model *model = &loop->model;

	dialog_open(&model->dialog, DIALOG_LINE, VERB_NONE, 0, "Passphrase of the saved orgs");
	dialog_line(&model->dialog, "%s", why);
	dialog_type_secret(&model->dialog, "passphrase:");
	terminal_drain(loop->terminal);
}

bool loop_must_unlock(struct loop *loop, const struct effect *effect)
{
	if (!wants_key(loop, effect) || !is_locked())
		return false;
	loop->pending = *effect;
	ask_passphrase(loop, "It is asked once, and kept in locked memory until the console ends.");
	return true;
}

static enum err_code unlock_with(const char *passphrase, struct err *e)
{
	struct vault_key *copy = NULL;
	struct orgs *orgs = NULL;
	enum err_code rc = access_orgs(&orgs, e);

	if (rc == ERR_OK)
		rc = orgs_unlock(orgs, passphrase, e);
	if (rc == ERR_OK)
		rc = vault_key_copy(orgs_own_key(orgs), &copy, e);
	if (rc == ERR_OK)
		access_remember(copy);
	orgs_close(orgs);
	return rc;
}

/* `answer` 0: not given, so what wanted it does not happen; a step of New load goes back to where it began. */
static void unlock(struct loop *loop, int64_t answer)
{
	struct model *model = &loop->model;
	struct line *line = &model->dialog.line;
	enum err_code rc = ERR_USAGE;
	struct err e;

	err_init(&e);
	if (answer)
		rc = unlock_with(line->text, &e);
	explicit_bzero(line, sizeof *line);
	if (!answer) {
		if (loop->pending.kind == EFFECT_SIGN_IN && model_top(model) == SCREEN_OBJECT)
			model_pop(model);
		model_tell(model, STYLE_WARN, "Without the passphrase nobody signs in");
	} else if (rc != ERR_OK) {
		ask_passphrase(loop, chrome_sentence(e.text));
	} else {
		loop_perform_one(loop, &loop->pending);
	}
}

/* ---- changing ---- */

/* What is shown of an org that the model asked about becomes `to`. */
static void change(struct loop *loop, void (*how)(struct saved_org *org, const char *text), const char *text)
{
	const char *name = loop->model.orgs.asked;
	const struct saved_org *org;
	struct orgs *orgs = NULL;
	struct saved_org to;
	struct err e;

	err_init(&e);
	if (access_orgs(&orgs, &e) == ERR_OK && orgs_find(orgs, name, &org, &e) == ERR_OK) {
		to = *org;
		how(&to, text);
		if (!orgs_is_name(to.name))
			err_set(&e, ERR_USAGE,
			        "a saved org's name has letters, digits, '.', '_' and '-', 47 at most");
		else if (orgs_change(orgs, name, &to, &e) == ERR_OK && loop->with.org &&
		         strcmp(loop->with.org, name) == 0)
			loop_use_org(loop, to.name);
	}
	orgs_close(orgs);
	if (e.code != ERR_OK)
		tell(&loop->model, &e);
	loop_orgs_read(loop);
}

static void rename_to(struct saved_org *org, const char *text)
{
	snprintf(org->name, sizeof org->name, "%.47s", text);
}

static void colour_to(struct saved_org *org, const char *text)
{
	snprintf(org->colour, sizeof org->colour, "%.15s", text);
}

static void toggle_lock(struct saved_org *org, const char *text)
{
	(void)text;
	org->locked = !org->locked;
}

static void forget_org(struct loop *loop)
{
	struct orgs *orgs = NULL;
	struct err e;

	err_init(&e);
	if (access_orgs(&orgs, &e) == ERR_OK)
		orgs_remove(orgs, loop->model.orgs.asked, &e);
	orgs_close(orgs);
	if (e.code != ERR_OK)
		tell(&loop->model, &e);
	else if (loop->with.org && strcmp(loop->with.org, loop->model.orgs.asked) == 0)
		loop_use_org(loop, "");
	loop_orgs_read(loop);
}

void loop_use_org(struct loop *loop, const char *name)
{
	snprintf(loop->org, sizeof loop->org, "%s", name);
	loop->with = (struct access_choice){ NULL, loop->org[0] ? loop->org : NULL };
	snprintf(loop->model.orgs.used, sizeof loop->model.orgs.used, "%s", name);
	draft_look_for_org(&loop->model.wizard, &loop->with);
}

static void use(struct loop *loop, const char *name)
{
	loop_use_org(loop, name);
	model_pop(&loop->model);
	model_tell(&loop->model, STYLE_PLAIN, "New loads go to %s", name);
}

/* ---- signing in ---- */

/* Which line of the form goes to which setting. */
static const struct place {
	enum org_field field;
	size_t at;
} places[] = {
#define AT(field, member)                                            \
	{                                                            \
		ORG_FIELD_##field, offsetof(struct settings, member) \
	}
	AT(CLIENT_ID, client_id),
	AT(CLIENT_SECRET, client_secret),
	AT(REDIRECT, redirect_uri),
	AT(REFRESH_TOKEN, refresh_token),
	AT(USERNAME, username),
	AT(PASSWORD, password),
	AT(SECURITY_TOKEN, security_token),
	AT(KEY_FILE, private_key_file),
	AT(KEY_PASSPHRASE, private_key_passphrase),
	AT(ACCESS_TOKEN, access_token),
	AT(ALIAS, sf_alias),
#undef AT
};
enum { PLACES = sizeof places / sizeof places[0] };

static char **setting_at(struct settings *settings, const struct place *place)
{
	return (char **)(void *)((char *)settings + place->at);
}

static enum err_code put_text(char **to, struct slice text, struct err *e)
{
	*to = strndup(text.at, text.len);
	return *to ? ERR_OK : err_memory(e, "settings");
}

/* An address is where one signs in itself; anything else is a My Domain. An access token is good for that org alone. */
static enum err_code take_domain(const struct org_form *form, struct settings *settings, struct err *e)
{
	struct slice text = slice_trim(slice_of(form->lines[ORG_FIELD_DOMAIN].text));
	enum err_code rc = ERR_OK;
	char origin[256];

	if (!text.len)
		return ERR_OK;
	rc = put_text(strstr(text.at, "://") ? &settings->login_url : &settings->domain, text, e);
	if (rc == ERR_OK && form->way == ORG_WAY_TOKEN)
		rc = settings_login(settings, origin, e);
	if (rc == ERR_OK && form->way == ORG_WAY_TOKEN)
		rc = put_text(&settings->instance_url, slice_of(origin), e);
	return rc;
}

static enum err_code take_form(const struct org_form *form, struct settings *settings, struct err *e)
{
	enum err_code rc = take_domain(form, settings, e);

	for (size_t i = 0; i < PLACES && rc == ERR_OK; i++) {
		const struct line *line = &form->lines[places[i].field];

		if (org_field_shown(form, places[i].field) && line->len)
			rc = put_text(setting_at(settings, &places[i]), slice_trim(slice_of(line->text)), e);
	}
	return rc;
}

/* What belongs to how one signed in before, and is on no line of the form: whom to trust, and the like. */
static void keep_rest(struct loop *loop, struct settings *settings)
{
	char **from[] = { &loop->before.ca_file, &loop->before.client_certificate_file,
		          &loop->before.client_key_file, &loop->before.client_key_passphrase,
		          &loop->before.api_version };
	char **to[] = { &settings->ca_file, &settings->client_certificate_file, &settings->client_key_file,
		        &settings->client_key_passphrase, &settings->api_version };

	for (size_t i = 0; i < sizeof to / sizeof to[0]; i++)
		if (*from[i] && !*to[i])
			*to[i] = strdup(*from[i]);
}

static void begin_add(struct loop *loop)
{
	struct org_form *form = &loop->model.form;
	struct work_call call = { .kind = WORK_ORG_ADD,
		                  .which = form->lines[ORG_FIELD_NAME].text,
		                  .settings = &loop->adding };
	char words[100];

	snprintf(words, sizeof words, "signing in to %.60s", form->lines[ORG_FIELD_NAME].text);
	loop_begin_work(loop, &call, words);
}

static void wait_for_browser(struct loop *loop, struct err *e)
{
	struct org_form *form = &loop->model.form;

	if (browser_open(&loop->browser, &loop->adding, e) != ERR_OK)
		return;
	form->waiting = true;
	form->field = ORG_FIELD_ADDRESS;
	line_clear(&form->lines[ORG_FIELD_ADDRESS]);
	snprintf(form->url, sizeof form->url, "%s", browser_url(loop->browser));
	snprintf(form->back, sizeof form->back, "%s", browser_redirect(loop->browser));
	snprintf(form->deaf, sizeof form->deaf, "%s",
	         browser_deaf(loop->browser) ? browser_deaf(loop->browser) : "");
	terminal_copy(loop->terminal, form->url);
	model_tell(&loop->model, STYLE_PLAIN, "The address was copied, where the terminal allows that");
}

static void sign_in(struct loop *loop)
{
	struct org_form *form = &loop->model.form;
	const char *name = form->lines[ORG_FIELD_NAME].text;
	struct err e;

	err_init(&e);
	settings_release(&loop->adding);
	if (!orgs_is_name(name))
		err_set(&e, ERR_USAGE,
		        "a saved org's name has letters, digits, '.', '_' and '-', 47 at most, not \"%.60s\"",
		        name);
	else if (take_form(form, &loop->adding, &e) == ERR_OK) {
		keep_rest(loop, &loop->adding);
		if (form->way == ORG_WAY_BROWSER)
			wait_for_browser(loop, &e);
		else if (settings_complete(&loop->adding, &e) == ERR_OK)
			begin_add(loop);
	}
	if (e.code != ERR_OK)
		tell(&loop->model, &e);
}

static void end_waiting(struct loop *loop)
{
	browser_close(loop->browser);
	loop->browser = NULL;
	loop->model.form.waiting = false;
	loop->model.form.field = ORG_FIELD_NAME;
	line_clear(&loop->model.form.lines[ORG_FIELD_ADDRESS]);
}

static void came_back(struct loop *loop, enum browser_step step, struct err *e)
{
	if (step == BROWSER_CAME && browser_take(loop->browser, &loop->adding, e) == ERR_OK) {
		end_waiting(loop);
		begin_add(loop);
	} else if (step == BROWSER_FAILED) {
		end_waiting(loop);
	}
	if (e->code != ERR_OK)
		tell(&loop->model, e);
}

static void paste(struct loop *loop)
{
	struct line *line = &loop->model.form.lines[ORG_FIELD_ADDRESS];
	struct err e;

	err_init(&e);
	if (!loop->browser)
		return;
	came_back(loop, browser_paste(loop->browser, slice_of(line->text), &e), &e);
	line_clear(line);
}

/* The way that these settings mean, as the form has it. */
static enum org_way way_of(const struct settings *settings)
{
	switch (settings_method(settings)) {
	case SIGN_IN_REFRESH:
		return ORG_WAY_BROWSER; /* the token is the one that has ended */
	case SIGN_IN_JWT:
		return ORG_WAY_JWT;
	case SIGN_IN_SOAP:
		return ORG_WAY_PASSWORD;
	case SIGN_IN_PASSWORD:
		return ORG_WAY_GRANT;
	case SIGN_IN_CLIENT:
		return ORG_WAY_CLIENT;
	case SIGN_IN_SF:
		return ORG_WAY_SF;
	default:
		return ORG_WAY_TOKEN;
	}
}

/* The form, filled with what is no secret of how it was before. */
static void again(struct loop *loop, const char *name)
{
	struct access_choice choice = { NULL, name };
	struct model *model = &loop->model;
	struct access access = { 0 };
	const char *domain;
	struct err e;

	err_init(&e);
	if (access_read(&access, &choice, &e) != ERR_OK) {
		tell(model, &e);
		return;
	}
	settings_release(&loop->before);
	loop->before = access.settings;
	access.settings = (struct settings){ 0 };
	loop->before.keeper = (struct settings_keeper){ 0 };
	access_release(&access);
	model_push(model, SCREEN_ORG_WAY);
	org_form_open(&model->form, way_of(&loop->before), name);
	domain = loop->before.login_url ? loop->before.login_url : loop->before.domain;
	if (model->form.way == ORG_WAY_TOKEN)
		domain = loop->before.instance_url;
	line_set(&model->form.lines[ORG_FIELD_DOMAIN], domain ? domain : "");
	for (size_t i = 0; i < PLACES; i++) {
		const char *text = *setting_at(&loop->before, &places[i]);

		if (text && !org_field_secret(places[i].field))
			line_set(&model->form.lines[places[i].field], text);
	}
	model_push(model, SCREEN_ORG_FORM);
}

/* ---- the loop's hooks ---- */

static void test(struct loop *loop, const char *name)
{
	struct work_call call = { .kind = WORK_ORG_TEST, .which = name };
	char words[100];

	snprintf(words, sizeof words, "signing in to %.60s", name);
	loop_begin_work(loop, &call, words);
}

bool loop_orgs_perform(struct loop *loop, const struct effect *effect)
{
	switch (effect->kind) {
	case EFFECT_ORGS:
		loop_orgs_read(loop);
		return true;
	case EFFECT_ORG_USE:
		use(loop, effect->text);
		return true;
	case EFFECT_ORG_TEST:
		test(loop, effect->text);
		return true;
	case EFFECT_ORG_AGAIN:
		again(loop, effect->text);
		return true;
	case EFFECT_ORG_RENAME:
		change(loop, rename_to, effect->text);
		return true;
	case EFFECT_ORG_COLOUR:
		change(loop, colour_to, effect->text);
		return true;
	case EFFECT_ORG_LOCK:
		change(loop, toggle_lock, NULL);
		return true;
	case EFFECT_ORG_DELETE:
		forget_org(loop);
		return true;
	case EFFECT_ORG_SIGN_IN:
		sign_in(loop);
		return true;
	case EFFECT_ORG_PASTE:
		paste(loop);
		return true;
	case EFFECT_UNLOCK:
		unlock(loop, effect->run);
		return true;
	default:
		return false;
	}
}

void loop_orgs_take(struct loop *loop, const struct work_result *result)
{
	struct model *model = &loop->model;

	if (result->e.code == ERR_OK && result->kind == WORK_ORG_ADD) {
		settings_release(&loop->adding);
		settings_release(&loop->before);
		org_form_wipe(&model->form);
		while (model_has(model, SCREEN_ORG_WAY) || model_has(model, SCREEN_ORG_FORM))
			model_pop(model);
	}
	loop_orgs_read(loop);
	loop_orgs_limits(loop, result->name, &result->limits);
	if (result->e.code != ERR_OK)
		tell(model, &result->e);
	else if (result->said[0])
		model_tell(model, STYLE_WARN, "%s", result->said);
	else
		model_tell(model, STYLE_GOOD, "Signed in to %s", result->name);
	if (result->e.code == ERR_OK && result->kind == WORK_ORG_ADD)
		for (size_t i = 0; i < model->orgs.count; i++)
			if (strcmp(model->orgs.rows[i].org.name, result->name) == 0)
				model->orgs.table.cursor = i;
}

void loop_orgs_turn(struct loop *loop)
{
	struct err e;

	err_init(&e);
	loop_orgs_follow(loop);
	if (!model_has(&loop->model, SCREEN_ORG_FORM) && !work_busy(loop->work)) {
		if (loop->browser)
			end_waiting(loop);
		if (loop->model.form.filled) {
			org_form_wipe(&loop->model.form);
			settings_release(&loop->adding);
			settings_release(&loop->before);
		}
	}
	if (loop->browser)
		came_back(loop, browser_wait(loop->browser, -1, 0, &e), &e);
}

void loop_orgs_end(struct loop *loop)
{
	browser_close(loop->browser);
	loop->browser = NULL;
	settings_release(&loop->adding);
	settings_release(&loop->before);
	access_remember(NULL);
	orgs_close(loop->shown);
	loop->shown = NULL;
}
