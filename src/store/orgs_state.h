/*
 * orgs_state.h - what orgs.c and orgs_key.c share: the handle, changes under the lock, sealing. Private to src/store.
 */
#ifndef LONGSHORE_STORE_ORGS_STATE_H
#define LONGSHORE_STORE_ORGS_STATE_H

#include <sys/stat.h>

#include "base/paths.h"
#include "store/orgs_file.h"

struct orgs {
	char path[PATH_ROOM], next[PATH_ROOM], lock[PATH_ROOM]; /* the file, its next version, its lock */
	char key_path[PATH_ROOM], key_next[PATH_ROOM];
	char folder[PATH_ROOM];
	struct orgs_file file;
	struct vault_key *key;
	struct timespec changed; /* of the file that was read */
	off_t size;
	ino_t inode;
};

/* The file as it is now, and nobody else changes it. The lock's descriptor, or -1 with e set. */
int orgs_begin(struct orgs *orgs, struct err *e);

/* Writes it, or, where `rc` is an error, takes what is on the disk again. The code that stands. */
enum err_code orgs_end(struct orgs *orgs, int fd, enum err_code rc, struct err *e);

/* The key, from its file where it lies in one. ERR_USAGE while a passphrase is wanted. */
enum err_code orgs_need_key(struct orgs *orgs, struct err *e);

/* The first key: by chance, in a file; within a change. */
enum err_code orgs_first_key(struct orgs *orgs, struct err *e);

/* Seals an entry's secret, or adds it to `to`; the key is at hand. */
enum err_code orgs_seal(struct orgs *orgs, struct orgs_entry *entry, struct slice secret, struct err *e);
enum err_code orgs_unseal(struct orgs *orgs, const struct orgs_entry *entry, struct buf *to, struct err *e);

#endif
