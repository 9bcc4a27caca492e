/* org_add.c - a saved org is added: signed in to first, by whatever way was chosen, then kept. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ui/command/ask.h"
#include "ui/command/org.h"
#include "ui/command/saved_orgs.h"

static enum err_code put_text(char **to, const char *text, struct err *e)
{
	*to = strdup(text);
	return *to ? ERR_OK : err_memory(e, "settings");
}

/* --token: never on the command line, which anybody can see. */
static enum err_code from_token(const struct call *call, struct settings *settings, struct err *e)
{
	const char *url = call_option(call, OPTION_URL);
	struct settings place = { 0 };
	char domain[256], origin[256];
	struct buf token;
	bool terminal;
	enum err_code rc;

	if (!url)
		return err_set(e, ERR_USAGE,
		               "where is the org? An access token is good for one only: give --url ADDRESS");
	snprintf(domain, sizeof domain, "%s", url);
	if (strstr(url, "://"))
		place.login_url = domain;
	else
		place.domain = domain;
	rc = settings_login(&place, origin, e);
	if (rc != ERR_OK)
		return err_add(e, "--url");
	buf_init(&token, MOST_SECRET);
	if (!ask_piped(&token) && !ask_secret("Access token:", &token, &terminal))
		rc = err_set(e, ERR_USAGE, "no access token was given: type it, or send it to standard input");
	if (rc == ERR_OK)
		rc = put_text(&settings->access_token, buf_text(&token), e);
	if (rc == ERR_OK)
		rc = put_text(&settings->instance_url, origin, e);
	buf_wipe(&token);
	return rc;
}

static enum err_code from_sf(const struct call *call, struct settings *settings, struct err *e)
{
	return put_text(&settings->sf_alias, call_option(call, OPTION_FROM_SF), e);
}

static enum err_code from_elsewhere(const struct call *call, struct settings *settings, struct err *e)
{
	const char *config = call_option(call, OPTION_CONFIG);

	if (config)
		return settings_read(settings, config, e);
	if (settings_from_environment(settings, e) != ERR_OK)
		return e->code;
	if (!settings_empty(settings))
		return ERR_OK;
	return err_set(e, ERR_USAGE,
	               "how does one sign in? Give --from-sf ALIAS, --token with --url, or --config FILE "
	               "(`longshore help settings`)");
}

static enum err_code choose(const struct call *call, struct settings *settings, struct err *e)
{
	int given = 0;

	for (enum option o = 0; o < OPTION_COUNT; o++)
		given += (o == OPTION_CONFIG || o == OPTION_TOKEN || o == OPTION_FROM_SF) &&
		         call_option(call, o);
	if (given > 1)
		return err_set(e, ERR_USAGE, "--config, --token, --from-sf: give one of them");
	if (call_option(call, OPTION_TOKEN))
		return from_token(call, settings, e);
	if (call_option(call, OPTION_FROM_SF))
		return from_sf(call, settings, e);
	return from_elsewhere(call, settings, e);
}

static enum err_code set_version(const struct call *call, struct settings *settings, struct err *e)
{
	const char *version = call_option(call, OPTION_API_VERSION);

	if (!version)
		return ERR_OK;
	free(settings->api_version);
	return put_text(&settings->api_version, version, e);
}

/* The refresh token of before may be dead by now, where the org gives a new one each time. */
static void keep_newest(void *ctx, const char *refresh_token)
{
	struct settings *settings = ctx;
	char *copy = strdup(refresh_token);

	if (!copy)
		return;
	text_wipe(settings->refresh_token);
	settings->refresh_token = copy;
}

int org_add(struct call *call)
{
	const char *name = call->words.word[1];
	struct settings settings = { 0 };
	struct orgs *orgs = NULL;
	struct org *org = NULL;
	struct err e;
	int status;

	err_init(&e);
	if (!orgs_is_name(name))
		err_set(&e, ERR_USAGE,
		        "a saved org's name has letters, digits, '.', '_' and '-', 47 at most, not \"%s\"",
		        name);
	if (e.code == ERR_OK && saved_orgs_open(&orgs, &e) == ERR_OK && saved_orgs_unlock(orgs, &e) == ERR_OK &&
	    choose(call, &settings, &e) == ERR_OK && set_version(call, &settings, &e) == ERR_OK) {
		settings.keeper = (struct settings_keeper){ keep_newest, &settings };
		if (org_open(&org, &settings, &e) == ERR_OK &&
		    call_expect_org(call, org_identity(org)->org_name, org_identity(org)->org_id, &e) == ERR_OK)
			access_save(orgs, name, &settings, org, &e);
	}
	if (e.code == ERR_OK && org_notice(org))
		call_say(call, "longshore: %s", org_notice(org));
	status = e.code == ERR_OK ? org_print(call, orgs, name) : call_fail(call, &e, NULL);
	org_close(org);
	settings_release(&settings);
	orgs_close(orgs);
	return status;
}
