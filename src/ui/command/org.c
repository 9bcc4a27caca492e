/* org.c - the saved orgs: looked at, tried, changed. How one is added stands in org_add.c. */
#include "ui/command/org.h"

#include <stdio.h>
#include <string.h>

#include "base/when.h"
#include "ui/command/commands.h"
#include "ui/command/consent.h"
#include "ui/command/saved_orgs.h"

/* ---- showing ---- */

void org_put(struct json *json, const struct saved_org *org)
{
	json_put_text(json, "name", org->name);
	json_put_text(json, "org", org->org_name);
	json_put_text(json, "org_id", org->org_id);
	json_put_text(json, "user", org->username);
	json_put_text(json, "user_id", org->user_id);
	json_put_text(json, "instance_url", org->instance_url);
	json_put_text(json, "kind", org->kind);
	json_put_bool(json, "production", strcmp(org->kind, org_kind_name(ORG_PRODUCTION)) == 0);
	json_put_text(json, "sign_in", org->method);
	json_put_text(json, "colour", org->colour[0] ? org->colour : NULL);
	json_put_text(json, "api_version", org->api_version[0] ? org->api_version : NULL);
	json_put_bool(json, "locked", org->locked);
	json_put_time(json, "tried", org->tried_ms);
	json_put_text(json, "trouble", org->trouble[0] ? org->trouble : NULL);
}

void org_show(struct buf *b, const struct saved_org *org)
{
	char when[WHEN_TEXT] = "never";

	if (org->tried_ms)
		when_local_text(org->tried_ms, when);
	buf_addf(b, "%-16s %s  ", org->name, org->kind);
	call_show(b, org->org_name);
	buf_addf(b, " (%s)%s\n", org->org_id, org->locked ? "  LOCKED" : "");
	buf_add_text(b, "                 as ");
	call_show(b, org->username);
	buf_add_text(b, " at ");
	call_show(b, org->instance_url);
	buf_addf(b, ", by %s", org->method);
	if (org->api_version[0])
		buf_addf(b, ", API %s", org->api_version);
	buf_addf(b, "\n                 %s %s", org->trouble[0] ? "refused" : "signed in", when);
	if (org->trouble[0]) {
		buf_add_text(b, ": ");
		call_show(b, org->trouble);
	}
	buf_add_char(b, '\n');
}

int org_print(const struct call *call, const struct orgs *orgs, const char *name)
{
	const struct saved_org *org;
	struct json json;
	int status;

	if (orgs_find(orgs, name, &org, call_ignore()) != ERR_OK)
		return 0;
	json_init(&json);
	if (call->json) {
		json_begin(&json, NULL, '{');
		org_put(&json, org);
		json_put_number(&json, "exit", 0);
		json_end(&json);
	} else {
		org_show(&json.out, org);
	}
	status = call_print(&json.out, 0);
	json_release(&json);
	return status;
}

static int list(struct call *call)
{
	struct orgs *orgs = NULL;
	struct json json;
	struct err e;
	int status;

	err_init(&e);
	if (saved_orgs_open(&orgs, &e) != ERR_OK)
		return call_fail(call, &e, NULL);
	json_init(&json);
	if (call->json)
		json_begin(&json, NULL, '[');
	for (size_t i = 0; i < orgs_count(orgs); i++) {
		if (!call->json) {
			org_show(&json.out, orgs_at(orgs, i));
			continue;
		}
		json_begin(&json, NULL, '{');
		org_put(&json, orgs_at(orgs, i));
		json_end(&json);
	}
	if (call->json)
		json_end(&json);
	else if (orgs_count(orgs) == 0)
		call_say(call, "longshore: there are no saved orgs yet: longshore org add NAME");
	status = call_print(&json.out, 0);
	json_release(&json);
	orgs_close(orgs);
	return status;
}

/* ---- changing ---- */

/* One change of what is shown of an org. */
typedef enum err_code changer(const struct call *call, struct saved_org *org, struct err *e);

static enum err_code lock_it(const struct call *call, struct saved_org *org, struct err *e)
{
	(void)call;
	(void)e;
	org->locked = true;
	return ERR_OK;
}

static enum err_code unlock_it(const struct call *call, struct saved_org *org, struct err *e)
{
	(void)call;
	(void)e;
	org->locked = false;
	return ERR_OK;
}

static enum err_code rename_it(const struct call *call, struct saved_org *org, struct err *e)
{
	const char *name = call->words.count > 2 ? call->words.word[2] : "";

	if (!orgs_is_name(name))
		return err_set(e, ERR_USAGE,
		               "give the new name: letters, digits, '.', '_' and '-', 47 at most, as in "
		               "longshore org rename %s NEW",
		               org->name);
	snprintf(org->name, sizeof org->name, "%s", name);
	return ERR_OK;
}

static enum err_code change_it(const struct call *call, struct saved_org *org, struct err *e)
{
	const char *colour = call_option(call, OPTION_COLOUR);
	const char *version = call_option(call, OPTION_API_VERSION);

	if (!colour && !version)
		return err_set(
			e, ERR_USAGE,
			"say what is to change: --colour NAME or --api-version V (to sign in another way, "
			"longshore org add %s again)",
			org->name);
	if (colour && strcmp(colour, "none") == 0)
		colour = "";
	if (version && strcmp(version, "none") == 0)
		version = "";
	if (colour && colour[0] && !orgs_is_colour(colour))
		return err_set(e, ERR_USAGE,
		               "--colour takes red, yellow, green, blue, magenta, cyan, white or none, not "
		               "\"%s\"",
		               colour);
	if (version && version[0] && !settings_is_version(version))
		return err_set(e, ERR_USAGE, "--api-version must look like 62.0, not \"%s\"", version);
	if (colour)
		snprintf(org->colour, sizeof org->colour, "%s", colour);
	if (version)
		snprintf(org->api_version, sizeof org->api_version, "%s", version);
	return ERR_OK;
}

static int change(struct call *call, changer *how)
{
	const char *name = call->words.word[1];
	const struct saved_org *org;
	struct saved_org changed;
	struct orgs *orgs = NULL;
	struct err e;
	int status;

	err_init(&e);
	if (saved_orgs_open(&orgs, &e) == ERR_OK && orgs_find(orgs, name, &org, &e) == ERR_OK) {
		changed = *org;
		if (how(call, &changed, &e) == ERR_OK && saved_orgs_unlock(orgs, &e) == ERR_OK)
			orgs_change(orgs, name, &changed, &e);
	}
	status = e.code == ERR_OK ? org_print(call, orgs, changed.name) : call_fail(call, &e, NULL);
	orgs_close(orgs);
	return status;
}

static int lock(struct call *call)
{
	return change(call, lock_it);
}

static int unlock(struct call *call)
{
	return change(call, unlock_it);
}

static int rename_org(struct call *call)
{
	return change(call, rename_it);
}

static int change_org(struct call *call)
{
	return change(call, change_it);
}

/* What a command without a result of its own answers with --json: one member, and that it went well. */
static int print_done(const struct call *call, const char *key, const char *value)
{
	struct json json;
	int status;

	if (!call->json)
		return 0;
	json_init(&json);
	json_begin(&json, NULL, '{');
	json_put_text(&json, key, value);
	json_put_number(&json, "exit", 0);
	json_end(&json);
	status = call_print(&json.out, 0);
	json_release(&json);
	return status;
}

static int remove_org(struct call *call)
{
	const char *name = call->words.word[1];
	const struct saved_org *org;
	struct orgs *orgs = NULL;
	char question[160];
	struct err e;

	err_init(&e);
	snprintf(question, sizeof question, "remove the saved org %s (nothing in the org itself changes)",
	         name);
	if (saved_orgs_open(&orgs, &e) == ERR_OK && orgs_find(orgs, name, &org, &e) == ERR_OK &&
	    consent_yes(call, question, &e) == ERR_OK)
		orgs_remove(orgs, name, &e);
	orgs_close(orgs);
	if (e.code != ERR_OK)
		return call_fail(call, &e, NULL);
	call_say(call, "longshore: the saved org %s was removed", name);
	return print_done(call, "removed", name);
}

static int passphrase(struct call *call)
{
	struct orgs *orgs = NULL;
	const char *with;
	struct buf text;
	struct err e;

	err_init(&e);
	buf_init(&text, 16 * 1024);
	if (saved_orgs_open(&orgs, &e) == ERR_OK && saved_orgs_unlock(orgs, &e) == ERR_OK &&
	    saved_orgs_new_passphrase(&text, &e) == ERR_OK)
		orgs_new_key(orgs, text.len ? buf_text(&text) : NULL, &e);
	with = text.len ? "passphrase" : "key file";
	buf_wipe(&text);
	orgs_close(orgs);
	if (e.code != ERR_OK)
		return call_fail(call, &e, NULL);
	call_say(call, "longshore: the saved orgs are sealed with a %s now", with);
	return print_done(call, "sealed_with", with);
}

/* ---- using ---- */

enum err_code org_settings(struct access *access, const char *name, struct err *e)
{
	struct access_choice choice = { NULL, name };

	if (saved_orgs_ready(&choice, e) != ERR_OK)
		return e->code;
	return access_read(access, &choice, e);
}

static int test(struct call *call)
{
	const char *name = call->words.word[1];
	static struct access access;
	struct orgs *orgs = NULL;
	struct org *org = NULL;
	struct err e;
	int status;

	err_init(&e);
	if (org_settings(&access, name, &e) == ERR_OK && access_sign_in(&access, &org, &e) == ERR_OK &&
	    org_notice(org))
		call_say(call, "longshore: %s", org_notice(org));
	if (e.code == ERR_OK && saved_orgs_open(&orgs, &e) == ERR_OK)
		status = org_print(call, orgs, name);
	else
		status = call_fail(call, &e, NULL);
	orgs_close(orgs);
	org_close(org);
	access_release(&access);
	return status;
}

static void put_setting(void *ctx, const char *name, const char *value)
{
	json_put_text(ctx, name, value);
}

/* As a file of settings, its secrets left out. */
static int export(struct call *call)
{
	static struct access access;
	struct json json;
	struct err e;
	int status;

	err_init(&e);
	if (org_settings(&access, call->words.word[1], &e) != ERR_OK)
		return call_fail(call, &e, NULL);
	json_init(&json);
	json_begin(&json, NULL, '{');
	settings_shown(&access.settings, put_setting, &json);
	json_end(&json);
	status = call_print(&json.out, 0);
	json_release(&json);
	access_release(&access);
	return status;
}

/* ---- which of them ---- */

static const struct action {
	const char *name;
	bool of_one; /* needs a name */
	int (*run)(struct call *call);
} actions[] = {
	{ "list", false, list },
	{ "add", true, org_add },
	{ "test", true, test },
	{ "lock", true, lock },
	{ "unlock", true, unlock },
	{ "rename", true, rename_org },
	{ "change", true, change_org },
	{ "remove", true, remove_org },
	{ "export", true, export },
	{ "limits", true, org_limits },
	{ "passphrase", false, passphrase },
};
enum { ACTIONS = sizeof actions / sizeof actions[0] };

static int no_such_action(const struct call *call, const char *name)
{
	const char *best = actions[0].name;
	struct err e;

	for (size_t i = 1; i < ACTIONS; i++)
		if (options_distance(name, actions[i].name) < options_distance(name, best))
			best = actions[i].name;
	err_init(&e);
	err_set(&e, ERR_USAGE, "there is no longshore org %s; the nearest is %s", name, best);
	return call_fail(call, &e, "longshore help org");
}

int command_org(struct call *call)
{
	const char *name = call->words.count ? call->words.word[0] : "list";
	struct err e;

	for (size_t i = 0; i < ACTIONS; i++) {
		if (strcmp(name, actions[i].name) != 0)
			continue;
		if (!actions[i].of_one || call->words.count > 1)
			return actions[i].run(call);
		err_init(&e);
		err_set(&e, ERR_USAGE, "which one? Write longshore org %s NAME", name);
		return call_fail(call, &e, "longshore org list");
	}
	return no_such_action(call, name);
}
