/*
 * settings.h - how to sign in, as Mage's Salesforce destination names it (cli.md): from a JSON file or the environment.
 * Holds secrets: settings_release() wipes them. Nothing here prints a value.
 */
#ifndef LONGSHORE_ORG_SETTINGS_H
#define LONGSHORE_ORG_SETTINGS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

/* Who keeps the settings of a saved org: is told when the org replaced the refresh token (the old one is dead then). */
struct settings_keeper {
	void (*keep)(void *ctx, const char *refresh_token); /* NULL: nobody */
	void *ctx;
};

struct settings {
	/* the org; NULL where not given */
	char *client_id, *client_secret, *refresh_token;
	char *username, *password, *security_token;
	char *private_key, *private_key_file, *private_key_passphrase; /* of a JWT: PEM, or a file of it */
	char *sf_alias;                    /* of the Salesforce CLI, which has the session */
	char *access_token, *instance_url; /* a ready session */
	char *login_url;                   /* where one signs in; default from domain */
	char *domain;                      /* "login" (default), "test", or a My Domain */
	char *redirect_uri;                /* where a browser comes back to; default: browser.h */
	char *api_version;                 /* "62.0"; default: the newest both sides know */
	/* whom to trust, and how to be trusted: PEM files */
	char *ca_file, *client_certificate_file, *client_key_file, *client_key_passphrase;
	/* the load */
	char *action, *external_id_name, *table_name;
	bool allow_failures, allow_failures_given;
	/* what a browser has just brought: good for one sign-in (browser.h) */
	char *code, *code_verifier;
	/* of a saved org: its name, for sentences; and who keeps them */
	char *saved_as;
	struct settings_keeper keeper;
};

/* From a JSON file (ERR_USAGE with the line for bad JSON, a wrong type or an unknown key; ERR_FILE if unreadable). Files
 * that it names lie beside it unless their path begins with a slash. */
enum err_code settings_read(struct settings *settings, const char *path, struct err *e);

/* From LONGSHORE_CLIENT_ID, LONGSHORE_REFRESH_TOKEN, ...: the same names in capitals, and what was seized of them. */
enum err_code settings_from_environment(struct settings *settings, struct err *e);

/* Moves the secrets among them out of the environment into this process's memory: once, before there is a second thread. */
void settings_seize_environment(void);
void settings_forget_environment(void); /* wipes what was seized */

/* Was anything? It is handed to a process at the other end of a pipe, which receives it as if it had seized it. ERR_INTERNAL. */
bool settings_seized(void);
enum err_code settings_hand_over(int fd, struct err *e);
enum err_code settings_receive(int fd, struct err *e);

/* Is there enough to sign in? Otherwise ERR_USAGE naming what is missing. Also refuses plain http to another host than
 * 127.0.0.1 in login_url and instance_url. */
enum err_code settings_complete(const struct settings *settings, struct err *e);

/* The ways to sign in, X(name, what a person calls it). */
/* clang-format off */
#define SIGN_INS(X)                                                        \
	X(NONE, "access token")           /* a ready session alone */          \
	X(REFRESH, "refresh token")                                            \
	X(JWT, "JWT")                                                          \
	X(SOAP, "user and password")      /* SOAP login() */                   \
	X(PASSWORD, "user and password of an app") /* OAuth's password grant */ \
	X(CLIENT, "client credentials")                                             \
	X(SF, "Salesforce CLI")                                                     \
	X(BROWSER, "browser") /* the code that it brought; then the refresh token */
/* clang-format on */

enum sign_in_method {
#define X(name, text) SIGN_IN_##name,
	SIGN_INS(X)
#undef X
};

const char *sign_in_method_name(enum sign_in_method method);

/* The way these settings mean. What a browser brought goes before all; a private key signs in with a JWT. User and password win over a refresh token, as in
 * Mage's destination, through SOAP login(); through OAuth where an app but no refresh token is given. Then the refresh
 * token, then the app by itself (client credentials). A ready session is used first in any case. */
enum sign_in_method settings_method(const struct settings *settings);

/* "62.0" */
bool settings_is_version(const char *text);

/* Where one signs in: login_url, or made of domain: "login", "test", "acme", "acme.my", a whole host or an
 * address (salesforce-api.md A1). `origin` without a slash at the end. ERR_USAGE if it cannot be one. */
enum err_code settings_login(const struct settings *settings, char origin[256], struct err *e);

/* The private key of private_key, or the content of private_key_file, to be wiped and freed by the caller. ERR_FILE. */
enum err_code settings_private_key(const struct settings *settings, char **pem, struct err *e);

/* Those that sign in, as bytes to be sealed: added to `to`, which the caller wipes. A private key goes along itself, of other
 * files the path. unpack is the way back; settings_release() after it. ERR_FILE: a file that cannot be read. */
enum err_code settings_pack(const struct settings *settings, struct buf *to, struct err *e);
enum err_code settings_unpack(struct settings *settings, struct slice packed, struct err *e);

/* Those that are no secret and say how one signs in. */
typedef void settings_pair(void *ctx, const char *name, const char *value);
void settings_shown(const struct settings *settings, settings_pair *pair, void *ctx);

/* Is nothing given that signs in? */
bool settings_empty(const struct settings *settings);

void settings_release(struct settings *settings);

/* Makes the settings their own keeper, for a sign-in that is being made: the newest refresh token is put into them (where the org gives
 * a new one each time, the one before is dead), and a browser's code, which is good once, is forgotten. */
void settings_keep_newest(struct settings *settings);

#endif
