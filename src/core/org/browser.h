/*
 * browser.h - signing in with a browser: authorization code with PKCE (salesforce-api.md A5, RFC 7636, RFC 8252).
 *
 * The operator opens browser_url() anywhere and allows the app in; the org then sends that browser to redirect_uri. Where this is
 * http to this machine, a listener takes the request; from any other machine the operator pastes the address that the browser
 * ended on. What comes first counts, and only with the state of this sign-in. The code it brings goes into the settings, and
 * org_open() makes a session of it. One thread; holds secrets and wipes them.
 */
#ifndef LONGSHORE_ORG_BROWSER_H
#define LONGSHORE_ORG_BROWSER_H

#include <stdbool.h>

#include "base/err.h"
#include "core/org/settings.h"

/* Where the Salesforce CLI's app wants its browsers back (salesforce-api.md A5): the default of redirect_uri. */
#define BROWSER_REDIRECT "http://localhost:1717/OauthRedirect"

/* A code lives for 15 minutes (salesforce-api.md A4), and so does this. */
enum { BROWSER_WAIT_MS = 15 * 60 * 1000 };

struct browser;

/* Needs client_id; domain or login_url, and redirect_uri, are as the settings say. Listens at once, on 127.0.0.1. ERR_USAGE for
 * what is missing or no address. The caller closes it. */
enum err_code browser_open(struct browser **browser, const struct settings *settings, struct err *e);
void browser_close(struct browser *browser);

/* The address to open, and the one where the browser comes back to. */
const char *browser_url(const struct browser *browser);
const char *browser_redirect(const struct browser *browser);

/* Why nobody listens, so that the address has to be pasted: a sentence; NULL where somebody does. */
const char *browser_deaf(const struct browser *browser);

enum browser_step {
	BROWSER_WAITS,  /* nothing yet */
	BROWSER_INPUT,  /* there is something to read from `also` */
	BROWSER_CAME,   /* the code is there: browser_take() */
	BROWSER_WRONG,  /* somebody came, but not for this sign-in: `e` says what it was; waiting goes on */
	BROWSER_FAILED, /* the org sent the browser back with an error, in `e`: this sign-in is over */
};

/* Waits at most `wait_ms` (-1: as long as it takes), for the browser or for input on `also` (-1: none). */
enum browser_step browser_wait(struct browser *browser, int also, int wait_ms, struct err *e);

/* The address that the operator pasted: BROWSER_CAME, BROWSER_WRONG or BROWSER_FAILED. */
enum browser_step browser_paste(struct browser *browser, struct slice text, struct err *e);

/* Moves what came into the settings, in place of any other way to sign in: org_open() does so with it, once. Its refresh token goes
 * to the settings' keeper, and is the way from then on: forget `code` and `code_verifier`. */
enum err_code browser_take(struct browser *browser, struct settings *settings, struct err *e);

#endif
