/*
 * orgs.h - the orgs that an operator has saved: a file `orgs` in the folder of his own settings, mode 0600, never in the journal.
 *
 * What is shown of an org stands there as text; how one signs in is sealed (vault.h) and bound to that text, so that
 * nobody turns a sandbox's sign-in into production's. Each change reads the file anew under a lock and replaces it whole. A
 * file that others can read, that is broken, or that was changed by somebody else is refused with a sentence.
 */
#ifndef LONGSHORE_STORE_ORGS_H
#define LONGSHORE_STORE_ORGS_H

#include <stdbool.h>
#include <stdint.h>

#include "store/vault.h"

enum { ORGS_MOST = 200, ORG_SECRET_MOST = 64 * 1024 };

/* clang-format off */
/* The colours that an org may have. X(name, as it is written) */
#define ORG_COLOURS(X)                                                                         \
	X(RED, "red") X(YELLOW, "yellow") X(GREEN, "green") X(BLUE, "blue")                    \
	X(MAGENTA, "magenta") X(CYAN, "cyan") X(WHITE, "white")

/* What is shown of an org, X(member, size): texts of one line, "" where not known. */
#define SAVED_ORG_TEXTS(X)                                                                     \
	X(org_id, 19) X(org_name, 128) X(user_id, 19) X(username, 128) X(instance_url, 256)    \
	X(kind, 16)        /* "production", ... as org_kind_name() */                          \
	X(colour, 16)      /* "red", ... or "" for the kind's */                               \
	X(api_version, 8)  /* "62.0", or "" for the newest */                                  \
	X(method, 32)      /* how one signs in, as sign_in_method_name() */
/* clang-format on */

struct saved_org {
	char name[48];
#define X(member, size) char member[size];
	SAVED_ORG_TEXTS(X)
#undef X
	bool locked; /* looked at and checked, never written to */
	/* the last sign-in: not bound to the secrets, as it changes all the time */
	int64_t tried_ms;  /* UTC; 0: never */
	char trouble[256]; /* why it failed, "" if it did not */
};

struct orgs;

/* What the secrets are sealed with. */
enum orgs_key { ORGS_NO_KEY, ORGS_KEY_FILE, ORGS_PASSPHRASE };

/* Reads the file in `folder`; none there is as good as an empty one, and is made by the first change. ERR_FILE for a file
 * that others can read or that is none of ours; ERR_JOURNAL for such a folder. The caller closes. */
enum err_code orgs_open(struct orgs **orgs, const char *folder, struct err *e);
void orgs_close(struct orgs *orgs); /* wipes the key */

size_t orgs_count(const struct orgs *orgs);
const struct saved_org *orgs_at(const struct orgs *orgs, size_t i); /* by name; until the next change */

/* ERR_USAGE, naming those there are, if there is no such org. */
enum err_code orgs_find(const struct orgs *orgs, const char *name, const struct saved_org **org, struct err *e);

/* Is it a name: letters, digits, '.', '_' and '-' (not in front), 47 at most? */
bool orgs_is_name(const char *name);

/* Is it a colour that an org may have? "" is not one. */
bool orgs_is_colour(const char *name);

/* The key: where it comes from, whether it is at hand. The one in a file is taken by itself when needed. */
enum orgs_key orgs_key(const struct orgs *orgs);
bool orgs_locked(const struct orgs *orgs); /* a passphrase is wanted first */
enum err_code orgs_unlock(struct orgs *orgs, const char *passphrase, struct err *e); /* ERR_USAGE: wrong */
/* The key as another process took it from us; becomes theirs. */
void orgs_take_key(struct orgs *orgs, struct vault_key *key);
const struct vault_key *orgs_own_key(const struct orgs *orgs); /* NULL while locked or without one */

/* Seals everything anew: under a passphrase, or (NULL) under a new key in a file. The old key must be at hand. */
enum err_code orgs_new_key(struct orgs *orgs, const char *passphrase, struct err *e);

/* Adds an org, or replaces the one of its name. `secret`: how one signs in. */
enum err_code orgs_put(struct orgs *orgs, const struct saved_org *org, struct slice secret, struct err *e);

/* What is shown of it changes, its name too; the secret stays. ERR_USAGE if another one has the name. */
enum err_code orgs_change(struct orgs *orgs, const char *name, const struct saved_org *to, struct err *e);

enum err_code orgs_remove(struct orgs *orgs, const char *name, struct err *e);

/* Adds the secret to `to`, which the caller wipes. ERR_FILE if entry or secret were changed by somebody else. */
enum err_code orgs_secret(struct orgs *orgs, const char *name, struct buf *to, struct err *e);

/* Notes how a sign-in went; `trouble` "" when it worked. Needs no key. */
enum err_code orgs_tried(struct orgs *orgs, const char *name, int64_t utc_ms, const char *trouble,
                         struct err *e);

/* Was the file changed since it was read? */
bool orgs_changed(const struct orgs *orgs);

/* Reads the file anew if it was. */
enum err_code orgs_refresh(struct orgs *orgs, struct err *e);

#endif
