/*
 * orgs_file.h - the text of the file that orgs.h keeps: lines "name value", in the order in which they are written. Private
 * to src/store.
 *
 *     longshore-orgs 1
 *     key file CHECK                       or: key passphrase COST SALT CHECK
 *     org acme-prod                        then its members, locked, tried, sealed; bytes are in hexadecimal
 */
#ifndef LONGSHORE_STORE_ORGS_FILE_H
#define LONGSHORE_STORE_ORGS_FILE_H

#include "store/orgs.h"

#define ORGS_PROOF "the right key" /* sealed beside the key's line: which key it is */
enum { ORGS_CHECK = sizeof ORGS_PROOF - 1 + VAULT_MORE, ORGS_FILE_MOST = 32 * 1024 * 1024 };

struct orgs_entry {
	struct saved_org org;
	struct buf sealed;
};

struct orgs_file {
	enum orgs_key key;
	int cost;
	unsigned char salt[VAULT_SALT];
	unsigned char check[ORGS_CHECK];
	struct orgs_entry *entries[ORGS_MOST]; /* by name */
	size_t count;
};

/* ERR_FILE with path and line for what is not as above; a file of a newer Longshore is told apart. Nothing is left to be
 * released then. */
enum err_code orgs_file_read(struct orgs_file *file, struct slice text, const char *path, struct err *e);
void orgs_file_write(const struct orgs_file *file, struct buf *to);
void orgs_file_release(struct orgs_file *file);

/* What the secret of an org is bound to: its lines up to `locked`. */
void orgs_file_bound(const struct saved_org *org, struct buf *to);

/* The place of the name, or where it would be; is it there? */
bool orgs_file_find(const struct orgs_file *file, const char *name, size_t *at);

/* A copy of the org without a secret at its place; NULL: no memory, or ORGS_MOST are there. */
struct orgs_entry *orgs_file_add(struct orgs_file *file, const struct saved_org *org);
void orgs_file_drop(struct orgs_file *file, size_t at);

#endif
