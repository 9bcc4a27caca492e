/*
 * settings.h - how to sign in, as Mage's Salesforce destination names it (cli.md): from a JSON file or the environment.
 * Holds secrets: settings_release() wipes them. Nothing here prints a value.
 */
#ifndef LONGSHORE_ORG_SETTINGS_H
#define LONGSHORE_ORG_SETTINGS_H

#include <stdbool.h>

#include "base/err.h"

struct settings {
	/* the org; NULL where not given */
	char *client_id, *client_secret, *refresh_token;
	char *access_token, *instance_url; /* a ready session */
	char *login_url;                   /* where the token endpoint is; default from domain */
	char *domain;                      /* "login" (default), "test", or a My Domain */
	char *api_version;                 /* "62.0"; default: the newest both sides know */
	bool other_sign_in;                /* a password or a private key was given, which are not used here */
	/* the load */
	char *action, *external_id_name, *table_name;
	bool allow_failures, allow_failures_given;
};

/* From a JSON file (ERR_USAGE with the line for bad JSON, a wrong type or an unknown key; ERR_FILE if unreadable). */
enum err_code settings_read(struct settings *settings, const char *path, struct err *e);

/* From LONGSHORE_CLIENT_ID, LONGSHORE_REFRESH_TOKEN, ...: the same names in capitals. */
enum err_code settings_from_environment(struct settings *settings, struct err *e);

/* Is there enough to sign in? Otherwise ERR_USAGE naming what is missing. Also refuses plain http to another host than
 * 127.0.0.1 in login_url and instance_url. */
enum err_code settings_complete(const struct settings *settings, struct err *e);

/* Where the token endpoint is: login_url, or made of domain: "login", "test", "acme", "acme.my", a whole host or an
 * address (salesforce-api.md A1). `origin` without a slash at the end. ERR_USAGE if it cannot be one. */
enum err_code settings_login(const struct settings *settings, char origin[256], struct err *e);

void settings_release(struct settings *settings);

#endif
