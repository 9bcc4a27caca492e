#include "core/engine/access.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/paths.h"
#include "base/text.h"

/* The one secret of the process that lives as long as it does: the console's threads share it. */
static pthread_mutex_t key_lock = PTHREAD_MUTEX_INITIALIZER;
static struct vault_key *remembered;

void access_remember(struct vault_key *key)
{
	pthread_mutex_lock(&key_lock);
	vault_key_free(remembered);
	remembered = key;
	pthread_mutex_unlock(&key_lock);
}

enum err_code access_give_key(int fd, struct err *e)
{
	enum err_code rc = ERR_OK;

	pthread_mutex_lock(&key_lock);
	if (remembered)
		rc = vault_key_give(remembered, fd, e);
	pthread_mutex_unlock(&key_lock);
	return rc;
}

static enum err_code copy_key(struct orgs *orgs, struct err *e)
{
	struct vault_key *key = NULL;
	enum err_code rc = ERR_OK;

	pthread_mutex_lock(&key_lock);
	if (remembered)
		rc = vault_key_copy(remembered, &key, e);
	pthread_mutex_unlock(&key_lock);
	if (key)
		orgs_take_key(orgs, key);
	return rc;
}

bool access_has_key(void)
{
	bool has;

	pthread_mutex_lock(&key_lock);
	has = remembered != NULL;
	pthread_mutex_unlock(&key_lock);
	return has;
}

enum err_code access_orgs(struct orgs **orgs, struct err *e)
{
	char folder[PATH_ROOM];
	struct orgs *o = NULL;
	enum err_code rc = paths_config(folder, e);

	if (rc == ERR_OK)
		rc = orgs_open(&o, folder, e);
	if (rc == ERR_OK && orgs_key(o) == ORGS_PASSPHRASE)
		rc = copy_key(o, e);
	if (rc != ERR_OK) {
		orgs_close(o);
		return rc;
	}
	*orgs = o;
	return ERR_OK;
}

/* ---- reading ---- */

static bool given(const char *text)
{
	return text && text[0];
}

/* "there is nothing to sign in with" is of more use with what there is. */
static enum err_code nothing_given(struct err *e)
{
	struct orgs *orgs = NULL;
	char names[256] = "";
	int len = 0;
	struct err ignored;

	err_init(&ignored);
	if (access_orgs(&orgs, &ignored) == ERR_OK)
		for (size_t i = 0; i < orgs_count(orgs) && len < 200; i++)
			len += snprintf(names + len, sizeof names - (size_t)len, "%s%s", i ? ", " : "",
			                orgs_at(orgs, i)->name);
	orgs_close(orgs);
	if (names[0])
		return err_set(e, ERR_USAGE, "no org was named: give --org NAME (%s), or --config FILE", names);
	return err_set(e, ERR_USAGE,
	               "there is nothing to sign in with: give --config FILE with client_id and refresh_token "
	               "(`longshore help settings`), or save an org: `longshore org add NAME`");
}

static void keep_token(void *ctx, const char *refresh_token);

static enum err_code read_saved(struct access *a, struct orgs *orgs, const char *name, struct err *e)
{
	const struct saved_org *org;
	enum err_code rc = orgs_find(orgs, name, &org, e);
	struct buf secret;

	if (rc != ERR_OK)
		return rc;
	buf_init(&secret, ORG_SECRET_MOST);
	buf_reserve(&secret, ORG_SECRET_MOST);
	rc = orgs_secret(orgs, name, &secret, e);
	if (rc == ERR_OK)
		rc = settings_unpack(&a->settings, buf_slice(&secret), e);
	buf_wipe(&secret);
	if (rc != ERR_OK)
		return rc;
	snprintf(a->org, sizeof a->org, "%s", org->name);
	snprintf(a->org_id, sizeof a->org_id, "%s", org->org_id);
	if (org->api_version[0]) {
		free(a->settings.api_version);
		a->settings.api_version = strdup(org->api_version);
	}
	a->settings.saved_as = strdup(org->name);
	a->settings.keeper = (struct settings_keeper){ keep_token, a };
	return a->settings.saved_as ? ERR_OK : err_memory(e, "a saved org");
}

enum err_code access_read(struct access *a, const struct access_choice *choice, struct err *e)
{
	struct orgs *orgs = NULL;
	enum err_code rc;

	if (a->read)
		return ERR_OK;
	*a = (struct access){ 0 };
	if (given(choice->config)) {
		rc = settings_read(&a->settings, choice->config, e);
	} else if (given(choice->org)) {
		rc = access_orgs(&orgs, e);
		if (rc == ERR_OK)
			rc = read_saved(a, orgs, choice->org, e);
		orgs_close(orgs);
	} else {
		rc = settings_from_environment(&a->settings, e);
		if (rc == ERR_OK && settings_empty(&a->settings))
			rc = nothing_given(e);
	}
	a->read = rc == ERR_OK;
	if (rc != ERR_OK)
		settings_release(&a->settings);
	return rc;
}

void access_release(struct access *a)
{
	settings_release(&a->settings);
	*a = (struct access){ 0 };
}

/* ---- keeping ---- */

static void describe(struct saved_org *to, const struct settings *settings, const struct org *org)
{
	const struct org_identity *id = org_identity(org);

	snprintf(to->org_id, sizeof to->org_id, "%s", id->org_id);
	snprintf(to->org_name, sizeof to->org_name, "%s", id->org_name);
	snprintf(to->user_id, sizeof to->user_id, "%s", id->user_id);
	snprintf(to->username, sizeof to->username, "%s", id->username);
	snprintf(to->instance_url, sizeof to->instance_url, "%s", id->instance_url);
	snprintf(to->kind, sizeof to->kind, "%s", org_kind_name(id->kind));
	snprintf(to->method, sizeof to->method, "%s", sign_in_method_name(settings_method(settings)));
}

static enum err_code put(struct orgs *orgs, const struct saved_org *org, const struct settings *settings,
                         struct err *e)
{
	struct buf secret;
	enum err_code rc;

	buf_init(&secret, ORG_SECRET_MOST);
	buf_reserve(&secret, ORG_SECRET_MOST);
	rc = settings_pack(settings, &secret, e);
	if (rc == ERR_OK)
		rc = orgs_put(orgs, org, buf_slice(&secret), e);
	buf_wipe(&secret);
	return rc;
}

enum err_code access_save(struct orgs *orgs, const char *name, const struct settings *settings,
                          const struct org *org, struct err *e)
{
	const struct saved_org *before;
	struct saved_org saved = { 0 };
	struct err ignored;

	if (!orgs_is_name(name))
		return err_set(e, ERR_USAGE,
		               "a saved org's name has letters, digits, '.', '_' and '-', 47 at most, not "
		               "\"%.60s\"",
		               name);
	err_init(&ignored);
	if (orgs_find(orgs, name, &before, &ignored) == ERR_OK)
		saved = *before;
	if (settings->api_version)
		snprintf(saved.api_version, sizeof saved.api_version, "%s", settings->api_version);
	snprintf(saved.name, sizeof saved.name, "%s", name);
	describe(&saved, settings, org);
	saved.tried_ms = clock_utc(&clock_real);
	saved.trouble[0] = '\0';
	return put(orgs, &saved, settings, e);
}

/* The org replaced the refresh token: the one in the vault is dead from now on. */
static void keep_token(void *ctx, const char *refresh_token)
{
	struct access *a = ctx;
	const struct saved_org *org;
	struct orgs *orgs = NULL;
	struct saved_org same;
	char *copy = strdup(refresh_token);

	err_init(&a->trouble);
	if (!copy) {
		err_memory(&a->trouble, "a refresh token");
		return;
	}
	text_wipe(a->settings.refresh_token);
	a->settings.refresh_token = copy;
	if (access_orgs(&orgs, &a->trouble) == ERR_OK && orgs_find(orgs, a->org, &org, &a->trouble) == ERR_OK) {
		same = *org;
		put(orgs, &same, &a->settings, &a->trouble);
	}
	orgs_close(orgs);
}

/* How it went is of use to the next who looks, but no reason to fail. */
static void note(const struct access *a, const struct err *e)
{
	struct orgs *orgs = NULL;
	struct err ignored;

	err_init(&ignored);
	if (!a->org[0] || e->code == ERR_UNREACHABLE)
		return;
	if (access_orgs(&orgs, &ignored) == ERR_OK)
		orgs_tried(orgs, a->org, clock_utc(&clock_real), e->text, &ignored);
	orgs_close(orgs);
}

enum err_code access_sign_in(struct access *a, struct org **org, struct err *e)
{
	struct err how;

	err_init(&how);
	*org = NULL;
	if (org_open_counted(org, &a->settings, a->calls, &how) == ERR_OK && a->org[0] &&
	    strcmp(org_identity(*org)->org_id, a->org_id) != 0) {
		err_set(&how, ERR_REFUSED,
		        "%s was saved as the org %s, but this sign-in leads to %s (a sandbox that was "
		        "refreshed?): save it anew with `longshore org add %s`",
		        a->org, a->org_id, org_identity(*org)->org_id, a->org);
		org_close(*org);
		*org = NULL;
	}
	note(a, &how);
	return how.code == ERR_OK ? ERR_OK : err_set(e, how.code, "%s", how.text);
}

enum err_code access_may_write(const char *org_id, struct err *e)
{
	char folder[PATH_ROOM];
	struct orgs *orgs = NULL;
	struct err homeless;
	enum err_code rc;

	err_init(&homeless);
	if (paths_config(folder, &homeless) != ERR_OK)
		return ERR_OK; /* nowhere to save an org, so none is */
	rc = access_orgs(&orgs, e);
	for (size_t i = 0; rc == ERR_OK && i < orgs_count(orgs); i++)
		if (orgs_at(orgs, i)->locked && strcmp(orgs_at(orgs, i)->org_id, org_id) == 0)
			rc = err_set(e, ERR_USAGE,
			             "%s is locked: it is looked at and checked, never written to "
			             "(`longshore org unlock %s` changes that)",
			             orgs_at(orgs, i)->name, orgs_at(orgs, i)->name);
	orgs_close(orgs);
	return rc;
}
