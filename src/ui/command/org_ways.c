#include "ui/command/org_ways.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ui/command/ask.h"
#include "ui/command/org.h"
#include "ui/command/org_browser.h"

static enum err_code put_text(char **to, const char *text, struct err *e)
{
	text_wipe(*to);
	*to = strdup(text);
	return *to ? ERR_OK : err_memory(e, "settings");
}

/* A secret for `to`, in place of the one before; nothing typed leaves it. */
static enum err_code ask_for(const char *question, char **to, struct err *e)
{
	struct buf secret;
	bool terminal;
	enum err_code rc = ERR_OK;

	buf_init(&secret, MOST_SECRET);
	if (ask_piped(&secret) || ask_secret(question, &secret, &terminal))
		rc = put_text(to, buf_text(&secret), e);
	buf_wipe(&secret);
	return rc;
}

/* --url: an address, or a My Domain. */
static enum err_code set_place(const struct call *call, struct settings *settings, struct err *e)
{
	const char *url = call_option(call, OPTION_URL);
	bool whole = url && strstr(url, "://");

	if (!url)
		return ERR_OK;
	text_wipe(settings->login_url);
	text_wipe(settings->domain);
	settings->login_url = settings->domain = NULL;
	return put_text(whole ? &settings->login_url : &settings->domain, url, e);
}

/* --token: never on the command line, which anybody can see. */
static enum err_code from_token(const struct call *call, struct settings *settings, struct err *e)
{
	struct settings place = { 0 };
	char origin[256];
	enum err_code rc;

	if (!call_option(call, OPTION_URL) && !settings->instance_url)
		return err_set(e, ERR_USAGE,
		               "where is the org? An access token is good for one only: give --url ADDRESS");
	rc = set_place(call, &place, e);
	if (rc == ERR_OK && call_option(call, OPTION_URL)) {
		rc = settings_login(&place, origin, e);
		if (rc == ERR_OK)
			rc = put_text(&settings->instance_url, origin, e);
		else
			err_add(e, "--url");
	}
	settings_release(&place);
	text_wipe(settings->access_token);
	settings->access_token = NULL;
	if (rc == ERR_OK)
		rc = ask_for("Access token:", &settings->access_token, e);
	if (rc == ERR_OK && !settings->access_token)
		rc = err_set(e, ERR_USAGE, "no access token was given: type it, or send it to standard input");
	return rc;
}

/* The app and the address of a browser's sign-in: what is given here goes before what was there. */
static enum err_code from_browser(const struct call *call, struct settings *settings, struct err *e)
{
	const char *client = call_option(call, OPTION_CLIENT_ID),
		   *redirect = call_option(call, OPTION_REDIRECT_URI);
	enum err_code rc = set_place(call, settings, e);

	if (rc == ERR_OK && client)
		rc = put_text(&settings->client_id, client, e);
	if (rc == ERR_OK && redirect)
		rc = put_text(&settings->redirect_uri, redirect, e);
	if (rc == ERR_OK && !settings->client_id)
		rc = err_set(
			e, ERR_USAGE,
			"which app does the browser sign in to? Give its consumer key with --client-id ID (or "
			"client_id in --config FILE)");
	return rc == ERR_OK ? org_browser(settings, e) : rc;
}

/* How this org was signed in to before. */
static enum err_code read_before(const char *name, struct settings *settings, struct err *e)
{
	struct access access = { 0 };
	enum err_code rc = org_settings(&access, name, e);

	*settings = access.settings;
	access.settings = (struct settings){ 0 };
	access_release(&access);
	settings->keeper = (struct settings_keeper){ 0 };
	return rc;
}

/* The same way once more, with what may have changed since asked for. */
static enum err_code as_before(const struct call *call, struct settings *settings, struct err *e)
{
	enum sign_in_method method = settings_method(settings);
	enum err_code rc = ERR_OK;
	char question[200];

	if (method == SIGN_IN_REFRESH)
		return from_browser(call, settings, e);
	if (method == SIGN_IN_NONE)
		return from_token(call, settings, e);
	if (method == SIGN_IN_SOAP || method == SIGN_IN_PASSWORD) {
		snprintf(question, sizeof question,
		         "Password of %.128s (none: as before):", settings->username);
		rc = ask_for(question, &settings->password, e);
		if (rc == ERR_OK)
			rc = ask_for("Security token (none: as before):", &settings->security_token, e);
	}
	return rc;
}

/* What the file says, else the environment, else (known by then) how it was before. */
static enum err_code read_base(const struct call *call, bool known, const char *name, struct settings *settings,
                               bool *before, struct err *e)
{
	const char *config = call_option(call, OPTION_CONFIG);

	*before = false;
	if (config)
		return settings_read(settings, config, e);
	if (settings_from_environment(settings, e) != ERR_OK)
		return e->code;
	if (!settings_empty(settings) || !known)
		return ERR_OK;
	*before = true;
	return read_before(name, settings, e);
}

static enum err_code without_options(const struct call *call, bool before, struct settings *settings,
                                     struct err *e)
{
	if (before)
		return as_before(call, settings, e);
	if (!settings_empty(settings))
		return ERR_OK;
	return err_set(e, ERR_USAGE,
	               "how does one sign in? Give --browser with --client-id, --from-sf ALIAS, --token with "
	               "--url, or "
	               "--config FILE (`longshore help settings`)");
}

enum err_code org_ways(const struct call *call, const struct orgs *orgs, const char *name,
                       struct settings *settings, struct err *e)
{
	bool browser = call_option(call, OPTION_BROWSER), token = call_option(call, OPTION_TOKEN);
	bool sf = call_option(call, OPTION_FROM_SF), config = call_option(call, OPTION_CONFIG);
	const struct saved_org *saved;
	struct err unknown;
	bool known, before;

	err_init(&unknown);
	known = orgs_find(orgs, name, &saved, &unknown) == ERR_OK;
	if (browser + token + sf > 1 || (config && (token || sf)))
		return err_set(e, ERR_USAGE,
		               "--browser, --token, --from-sf, --config: give one of them (--config goes with "
		               "--browser)");
	if (token)
		return from_token(call, settings, e);
	if (sf)
		return put_text(&settings->sf_alias, call_option(call, OPTION_FROM_SF), e);
	if (read_base(call, known, name, settings, &before, e) != ERR_OK)
		return e->code;
	return browser ? from_browser(call, settings, e) : without_options(call, before, settings, e);
}
