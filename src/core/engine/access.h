/*
 * access.h - with what one signs in: a file of settings, a saved org, or the environment; and what is kept of it.
 *
 * Secrets are in `settings` from access_read() to access_release(), which wipes them. The key that a passphrase of the saved
 * orgs makes is asked for once a process: access_remember() holds it in locked memory; every other function here finds it.
 */
#ifndef LONGSHORE_ENGINE_ACCESS_H
#define LONGSHORE_ENGINE_ACCESS_H

#include "base/err.h"
#include "core/org/org.h"
#include "store/orgs.h"

/* What was asked for; NULL or "": not given. A file goes before a saved org. */
struct access_choice {
	const char *config; /* path of a file of settings */
	const char *org;    /* name of a saved org */
};

struct access {
	struct settings settings;
	bool read;
	char org[48];       /* name of the saved org, "" for none */
	char org_id[19];    /* of that one, as it was when it was saved */
	int64_t *calls;     /* where the calls of the org are counted on, or NULL */
	struct err trouble; /* why a refresh token that the org had replaced could not be kept */
};

/* Reads the settings; those of the environment where nothing is chosen. ERR_USAGE, ERR_FILE. Once: later calls keep them. The
 * struct must not move until the org that is signed in to with it is closed. */
enum err_code access_read(struct access *access, const struct access_choice *choice, struct err *e);

/* Signs in. With a saved org it is noted there how that went, and it must be the org that was saved (ERR_REFUSED: a sandbox
 * that was refreshed is another one). */
enum err_code access_sign_in(struct access *access, struct org **org, struct err *e);

void access_release(struct access *access);

/* The operator's saved orgs, with the remembered key if it fits. The caller closes them. None: an empty list. */
enum err_code access_orgs(struct orgs **orgs, struct err *e);

/* Keeps the settings under a name, with what the org says of itself; colour, lock and API version stay as they were if the
 * name was there. */
enum err_code access_save(struct orgs *orgs, const char *name, const struct settings *settings,
                          const struct org *org, struct err *e);

/* ERR_USAGE if one of the saved orgs is this one and locked: it is looked at and checked, never written to. */
enum err_code access_may_write(const char *org_id, struct err *e);

/* The key of the saved orgs for the rest of this process; becomes ours. NULL forgets (and wipes) it. */
void access_remember(struct vault_key *key);

/* Is there one? It is handed to a process at the other end of a pipe. */
bool access_has_key(void);
enum err_code access_give_key(int fd, struct err *e);

#endif
