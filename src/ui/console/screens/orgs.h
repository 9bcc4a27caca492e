/*
 * orgs.h - the saved orgs: the list of them, by which way to sign in to one more, and what that way wants to know.
 * The screens hold rows and lines of text; loop_orgs.c makes the one from, and does the other with, store/orgs.h and core/org.
 */
#ifndef LONGSHORE_CONSOLE_ORGS_H
#define LONGSHORE_CONSOLE_ORGS_H

#include "store/orgs.h"
#include "ui/console/table.h"
#include "ui/console/theme.h"

/* One saved org, and what its limits were when it was tested last here; -1: not known. */
struct org_row {
	struct saved_org org;
	int64_t calls_left, calls_most, batches_left;
};

enum org_edit { ORG_EDIT_WHAT, ORG_EDIT_NAME, ORG_EDIT_COLOUR };

struct orgs_screen {
	struct org_row *rows; /* owned, by name */
	size_t count;
	bool read;
	char error[700]; /* why they cannot be read, "" if they can */
	char used[48];   /* where new loads go, "" for what the console was begun with */
	char asked[48];  /* whom the dialog is about */
	enum org_edit edit;
	struct table table;
};

/* clang-format off */
/* The lines of the form. X(name, what it is called, is it a secret, must it be filled, what to put there) */
#define ORG_FIELDS(X)                                                                                                     \
	X(NAME, "name", false, true, "What you call this org: letters, digits, '.', '_' and '-'")                         \
	X(DOMAIN, "domain", false, false, "login (production), test (sandbox), or a My Domain: acme, acme--uat.sandbox, an address") \
	X(CLIENT_ID, "client id", false, true, "The consumer key of the app")                                             \
	X(CLIENT_SECRET, "client secret", true, false, "The consumer secret of the app, if it wants one")                 \
	X(REDIRECT, "callback URL", false, false, "One of the app's, to the letter; http://localhost:1717/OauthRedirect if empty") \
	X(REFRESH_TOKEN, "refresh token", true, true, "The one that was issued to this app")                              \
	X(USERNAME, "user", false, true, "The name that the user signs in with")                                         \
	X(PASSWORD, "password", true, true, "The user's password")                                                        \
	X(SECURITY_TOKEN, "security token", true, false, "Needed outside trusted networks: Personal Settings, Reset My Security Token") \
	X(KEY_FILE, "key file", false, true, "The file of the app's RSA private key, in PEM")                             \
	X(KEY_PASSPHRASE, "its passphrase", true, false, "If the key file is protected by one")                           \
	X(ACCESS_TOKEN, "access token", true, true, "A session that is there already; it is not renewed")                 \
	X(ALIAS, "alias", false, true, "What the Salesforce CLI calls the org: sf org list")                              \
	X(ADDRESS, "address", false, true, "Paste the whole address where the browser ends, even if it shows no page")

enum org_field {
#define X(name, label, secret, wanted, hint) ORG_FIELD_##name,
	ORG_FIELDS(X)
#undef X
	ORG_FIELD_COUNT
};
#define ORG_BIT(name) (1u << ORG_FIELD_##name)

/* The ways in. X(name, what it is called, its lines, what it is good for) */
#define ORG_WAYS(X)                                                                                                       \
	X(BROWSER, "a browser", ORG_BIT(NAME) | ORG_BIT(DOMAIN) | ORG_BIT(CLIENT_ID) | ORG_BIT(CLIENT_SECRET) | ORG_BIT(REDIRECT), \
	  "on this machine or any other; wants the consumer key of an app")                                              \
	X(SF, "the Salesforce CLI", ORG_BIT(NAME) | ORG_BIT(ALIAS), "an org that the sf command is signed in to")         \
	X(REFRESH, "a refresh token", ORG_BIT(NAME) | ORG_BIT(DOMAIN) | ORG_BIT(CLIENT_ID) | ORG_BIT(CLIENT_SECRET) | ORG_BIT(REFRESH_TOKEN), \
	  "that you have already")                                                                                        \
	X(CLIENT, "client credentials", ORG_BIT(NAME) | ORG_BIT(DOMAIN) | ORG_BIT(CLIENT_ID) | ORG_BIT(CLIENT_SECRET),    \
	  "the app signs in as itself, at the org's My Domain")                                                          \
	X(JWT, "a JWT", ORG_BIT(NAME) | ORG_BIT(DOMAIN) | ORG_BIT(CLIENT_ID) | ORG_BIT(USERNAME) | ORG_BIT(KEY_FILE) | ORG_BIT(KEY_PASSPHRASE), \
	  "signed by a private key; the app must be pre-authorised for the user")                                        \
	X(PASSWORD, "user and password", ORG_BIT(NAME) | ORG_BIT(DOMAIN) | ORG_BIT(USERNAME) | ORG_BIT(PASSWORD) | ORG_BIT(SECURITY_TOKEN), \
	  "SOAP login, which Salesforce ends with Summer '27")                                                           \
	X(GRANT, "password of an app", ORG_BIT(NAME) | ORG_BIT(DOMAIN) | ORG_BIT(CLIENT_ID) | ORG_BIT(CLIENT_SECRET) | ORG_BIT(USERNAME) | ORG_BIT(PASSWORD) | ORG_BIT(SECURITY_TOKEN), \
	  "that passes user and password on; Salesforce ends it with Winter '27")                                         \
	X(TOKEN, "an access token", ORG_BIT(NAME) | ORG_BIT(DOMAIN) | ORG_BIT(ACCESS_TOKEN), "for as long as its session lasts")
/* clang-format on */

enum org_way {
#define X(name, label, fields, good_for) ORG_WAY_##name,
	ORG_WAYS(X)
#undef X
		ORG_WAY_COUNT
};

struct org_form {
	struct table ways;
	enum org_way way;
	struct line lines[ORG_FIELD_COUNT];
	enum org_field field; /* under the cursor */
	bool filled;          /* it holds something that has to be wiped */
	bool waiting;         /* for a browser: url, back and deaf say for which */
	char url[4096], back[512], deaf[640];
};

void orgs_screen_release(struct orgs_screen *orgs);

/* Takes the rows (owned from now on); the cursor stays on its org. */
void orgs_take(struct orgs_screen *orgs, struct org_row *rows, size_t count);
const struct org_row *orgs_focused(const struct orgs_screen *orgs);

/* How the name of an org looks: in the colour that it was given where it is one of the saved ones, else as its kind does
 * (store/orgs.h; "": neither production nor practice is known of it). */
enum style org_style(const struct orgs_screen *orgs, const char *org_id, const char *kind);

/* What is known of a run's org. */
const char *org_kind_of_run(bool production, bool practice);

bool org_field_secret(enum org_field field);
bool org_field_shown(const struct org_form *form, enum org_field field);
void org_form_open(struct org_form *form, enum org_way way, const char *name);
void org_form_wipe(struct org_form *form); /* every line; the way stays */
void org_form_release(struct org_form *form);

#endif
