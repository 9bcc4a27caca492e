/*
 * vault.h - sealing secrets: AES-256-GCM under a key that lies in a file of one's own (mode 0600) or is made of a passphrase
 * (scrypt). A key is in memory that is locked, left out of core dumps, not inherited by a fork, and wiped when freed. What was
 * changed after sealing, or the text it was bound to, is not opened. The format and its home are orgs.h's affair.
 */
#ifndef LONGSHORE_STORE_VAULT_H
#define LONGSHORE_STORE_VAULT_H

#include "base/buf.h"
#include "base/err.h"

enum {
	VAULT_SALT = 16,      /* bytes */
	VAULT_COST = 15,      /* log2 of scrypt's N; r = 8, p = 1: 32 MB, about 0.1 s */
	VAULT_COST_MOST = 20, /* what is still computed for a file that asks for more: 1 GB */
	VAULT_MORE = 12 + 16, /* a sealed text is longer by nonce and tag */
};

struct vault_key;

/* A new one by chance; it is nowhere else yet. */
enum err_code vault_key_new(struct vault_key **key, struct err *e);
void vault_key_free(struct vault_key *key); /* wipes it; NULL does nothing */

enum err_code vault_key_copy(const struct vault_key *key, struct vault_key **copy, struct err *e);

/* The key in the file. ERR_FILE: not there, not 32 bytes, or others can read it (the sentence says chmod 600). */
enum err_code vault_key_load(struct vault_key **key, const char *path, struct err *e);
/* Writes the key into a new file of mode 0600. ERR_FILE, also when the file is there already. */
enum err_code vault_key_save(const struct vault_key *key, const char *path, struct err *e);

/* The key that salt and passphrase make. `cost` up to VAULT_COST_MOST. */
enum err_code vault_key_make(struct vault_key **key, const char *passphrase,
                             const unsigned char salt[VAULT_SALT], int cost, struct err *e);

/* Through a pipe to a process that one starts, and at its other end. Both leave the descriptor open. ERR_FILE. */
enum err_code vault_key_give(const struct vault_key *key, int fd, struct err *e);
enum err_code vault_key_take(struct vault_key **key, int fd, struct err *e);

/* Adds nonce, sealed text and tag to `to`. */
enum err_code vault_seal(const struct vault_key *key, struct slice bound, struct slice text, struct buf *to,
                         struct err *e);

/* Adds the text to `to`, which the caller wipes. ERR_FILE: it is not what was sealed under this key with this `bound`. */
enum err_code vault_open(const struct vault_key *key, struct slice bound, struct slice sealed, struct buf *to,
                         struct err *e);

/* Bytes by chance from the system. */
enum err_code vault_random(void *to, size_t len, struct err *e);

#endif
