#include "core/org/browser.h"

#include <errno.h>
#include <openssl/evp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/text.h"
#include "core/org/jwt.h"
#include "core/org/listener.h"
#include "core/org/sign_in.h"
#include "core/org/url.h"

enum {
	CHANCE = 32,               /* bytes of state and verifier */
	WORD = 4 * CHANCE / 3 + 2, /* the same as base64url, and a NUL */
	URL_MOST = 8 * 1024,       /* an address of ours */
	CODE_MOST = 4 * 1024,      /* of the org's */
	REDIRECT_MOST = 512,
};

struct browser {
	char state[WORD], verifier[WORD];
	char redirect[REDIRECT_MOST];
	struct buf url, code;
	struct listener *listener; /* NULL: the address has to be pasted */
	struct err deaf;           /* why */
};

/* What came for the address: told by the callback of the listener. */
struct heard {
	struct browser *browser;
	enum browser_step step;
	struct err *e;
};

/* Opening */

static enum err_code by_chance(char to[WORD], struct err *e)
{
	unsigned char bytes[CHANCE];
	struct buf word;

	if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
		return err_set(e, ERR_INTERNAL, "the system gives no random bytes: %s", strerror(errno));
	buf_init(&word, WORD);
	jwt_base64(&word, bytes, sizeof bytes);
	snprintf(to, WORD, "%s", buf_text(&word));
	buf_wipe(&word);
	explicit_bzero(bytes, sizeof bytes);
	return ERR_OK;
}

/* RFC 7636: base64url of the verifier's SHA-256. */
static void add_challenge(struct buf *to, const char *verifier)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	if (EVP_Digest(verifier, strlen(verifier), hash, &len, EVP_sha256(), NULL) == 1)
		jwt_base64(to, hash, len);
}

static enum err_code write_url(struct browser *b, const struct settings *settings, struct err *e)
{
	char login[256];
	struct buf form, challenge;
	enum err_code rc = settings_login(settings, login, e);

	if (rc != ERR_OK)
		return rc;
	buf_init(&form, URL_MOST);
	buf_init(&challenge, WORD);
	add_challenge(&challenge, b->verifier);
	url_form(&form, "response_type", "code");
	url_form(&form, "client_id", settings->client_id);
	url_form(&form, "redirect_uri", b->redirect);
	url_form(&form, "scope", "api refresh_token");
	url_form(&form, "state", b->state);
	url_form(&form, "code_challenge", buf_text(&challenge));
	url_form(&form, "code_challenge_method", "S256");
	buf_addf(&b->url, "%s/services/oauth2/authorize?", login);
	buf_add_slice(&b->url, buf_slice(&form));
	if (b->url.short_of || form.short_of || challenge.len == 0)
		rc = err_memory(e, "the address of a sign-in");
	buf_release(&form);
	buf_release(&challenge);
	return rc;
}

/* Where the browser comes back to: here, or, for an app whose address is elsewhere, by the operator's hand. */
static enum err_code listen_here(struct browser *b, struct err *e)
{
	if (listener_fits(b->redirect)) {
		listener_open(&b->listener, b->redirect, &b->deaf);
		return ERR_OK;
	}
	if (strncasecmp(b->redirect, "https://", 8) != 0)
		return err_set(e, ERR_USAGE,
		               "redirect_uri must be the app's callback URL: http://localhost:PORT/PATH, or an "
		               "https address, not \"%.100s\"",
		               b->redirect);
	err_set(&b->deaf, ERR_USAGE, "redirect_uri leads elsewhere");
	return ERR_OK;
}

enum err_code browser_open(struct browser **browser, const struct settings *settings, struct err *e)
{
	const char *redirect = settings->redirect_uri ? settings->redirect_uri : BROWSER_REDIRECT;
	struct browser *b;
	enum err_code rc;

	if (!settings->client_id)
		return err_set(e, ERR_USAGE,
		               "client_id is missing: a browser signs in to an app, give its consumer key");
	if (strlen(redirect) >= REDIRECT_MOST)
		return err_set(e, ERR_USAGE, "redirect_uri is longer than an address can be");
	b = calloc(1, sizeof *b);
	if (!b)
		return err_memory(e, "a sign-in");
	err_init(&b->deaf);
	buf_init(&b->url, URL_MOST);
	buf_init(&b->code, CODE_MOST);
	snprintf(b->redirect, sizeof b->redirect, "%s", redirect);
	rc = by_chance(b->state, e);
	if (rc == ERR_OK)
		rc = by_chance(b->verifier, e);
	if (rc == ERR_OK)
		rc = write_url(b, settings, e);
	if (rc == ERR_OK)
		rc = listen_here(b, e);
	if (rc != ERR_OK) {
		browser_close(b);
		return rc;
	}
	*browser = b;
	return ERR_OK;
}

void browser_close(struct browser *browser)
{
	if (!browser)
		return;
	listener_close(browser->listener);
	buf_release(&browser->url);
	buf_wipe(&browser->code);
	explicit_bzero(browser, sizeof *browser);
	free(browser);
}

const char *browser_url(const struct browser *browser)
{
	return buf_text(&browser->url);
}

const char *browser_redirect(const struct browser *browser)
{
	return browser->redirect;
}

const char *browser_deaf(const struct browser *browser)
{
	return browser->listener ? NULL : browser->deaf.text;
}

/* What came back */

static enum browser_step wrong(struct err *e, const char *sentence)
{
	err_set(e, ERR_USAGE, "%s", sentence);
	return BROWSER_WRONG;
}

static bool is_ours(const struct browser *b, struct slice query)
{
	struct buf state;
	bool ours;

	buf_init(&state, WORD);
	ours = url_value(query, "state", &state) && slice_is(buf_slice(&state), b->state);
	buf_release(&state);
	return ours;
}

/* The org sent the browser back without a code. */
static enum browser_step refused(struct slice query, struct err *e)
{
	struct buf error, about;
	const char *sentence;

	buf_init(&error, 256);
	buf_init(&about, 1024);
	url_value(query, "error", &error);
	url_value(query, "error_description", &about);
	sentence = sign_in_words(SIGN_IN_BROWSER, buf_text(&error), buf_text(&about));
	if (sentence)
		err_set(e, ERR_REFUSED, "%s (%.60s: %.200s)", sentence, buf_text(&error), buf_text(&about));
	else
		err_set(e, ERR_REFUSED, "the org did not let the app in: %.60s: %.200s", buf_text(&error),
		        buf_text(&about));
	buf_release(&error);
	buf_release(&about);
	return BROWSER_FAILED;
}

static bool has_value(struct slice query, const char *name)
{
	struct buf ignored;
	bool has;

	buf_init(&ignored, CODE_MOST);
	has = url_value(query, name, &ignored) && ignored.len;
	buf_wipe(&ignored);
	return has;
}

static enum browser_step take_query(struct browser *b, struct slice query, struct err *e)
{
	bool code = has_value(query, "code"), error = has_value(query, "error");

	if (!code && !error)
		return wrong(e, "this is not the address that the browser ends on: that one has ?code= in it");
	if (!is_ours(b, query))
		return wrong(
			e, "this address is of another sign-in: open the address above, and take the one where "
			   "the browser ends then");
	if (error)
		return refused(query, e);
	buf_wipe(&b->code);
	url_value(query, "code", &b->code);
	return BROWSER_CAME;
}

static bool hear(void *ctx, struct slice query, struct buf *page)
{
	struct heard *heard = ctx;

	if (heard->step != BROWSER_WAITS)
		return false;
	heard->step = take_query(heard->browser, query, heard->e);
	if (heard->step == BROWSER_CAME)
		buf_add_text(page, "The org lets Longshore in. You may close this page: Longshore goes on "
		                   "where you began.");
	else
		buf_addf(page, "%s.", heard->e->text);
	return heard->step == BROWSER_CAME;
}

enum browser_step browser_wait(struct browser *browser, int also, int wait_ms, struct err *e)
{
	struct heard heard = { browser, BROWSER_WAITS, e };
	struct pollfd only = { also, POLLIN, 0 };
	bool input;

	if (browser->listener)
		input = listener_turn(browser->listener, also, wait_ms, hear, &heard);
	else
		input = poll(&only, 1, wait_ms) > 0;
	if (heard.step != BROWSER_WAITS)
		return heard.step;
	return input ? BROWSER_INPUT : BROWSER_WAITS;
}

enum browser_step browser_paste(struct browser *browser, struct slice text, struct err *e)
{
	struct slice address = slice_trim(text);
	const char *mark = address.len ? memchr(address.at, '?', address.len) : NULL;
	const char *end;

	if (!mark)
		return wrong(e, "this is not the address that the browser ends on: that one has ?code= in it");
	address.len -= (size_t)(mark + 1 - address.at);
	address.at = mark + 1;
	end = address.len ? memchr(address.at, '#', address.len) : NULL;
	if (end)
		address.len = (size_t)(end - address.at);
	return take_query(browser, address, e);
}

/* Taking it */

static void drop(char **text)
{
	text_wipe(*text);
	*text = NULL;
}

enum err_code browser_take(struct browser *browser, struct settings *settings, struct err *e)
{
	char **others[] = {
		&settings->refresh_token,
		&settings->access_token,
		&settings->instance_url,
		&settings->username,
		&settings->password,
		&settings->security_token,
		&settings->private_key,
		&settings->private_key_file,
		&settings->private_key_passphrase,
		&settings->sf_alias,
		&settings->code,
		&settings->code_verifier,
		&settings->redirect_uri,
	};

	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		drop(others[i]);
	settings->code = strdup(buf_text(&browser->code));
	settings->code_verifier = strdup(browser->verifier);
	settings->redirect_uri = strdup(browser->redirect);
	buf_wipe(&browser->code);
	return settings->code && settings->code_verifier && settings->redirect_uri ? ERR_OK
	                                                                           : err_memory(e, "a sign-in");
}
