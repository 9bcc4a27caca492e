/* org_add.c - a saved org is added: signed in to first, by whatever way was chosen, then kept. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/command/org.h"
#include "ui/command/org_ways.h"
#include "ui/command/saved_orgs.h"

static enum err_code set_version(const struct call *call, struct settings *settings, struct err *e)
{
	const char *version = call_option(call, OPTION_API_VERSION);

	if (!version)
		return ERR_OK;
	free(settings->api_version);
	settings->api_version = strdup(version);
	return settings->api_version ? ERR_OK : err_memory(e, "settings");
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
	    org_ways(call, orgs, name, &settings, &e) == ERR_OK && set_version(call, &settings, &e) == ERR_OK) {
		settings_keep_newest(&settings);
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
