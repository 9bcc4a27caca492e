/* The key of the saved orgs: in a file or made of a passphrase, proved before it is used, and changed without a moment in
 * which neither the old nor the new one opens them. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "store/orgs_state.h"

enum orgs_key orgs_key(const struct orgs *orgs)
{
	return orgs->file.key;
}

bool orgs_locked(const struct orgs *orgs)
{
	return orgs->file.key == ORGS_PASSPHRASE && !orgs->key;
}

void orgs_take_key(struct orgs *orgs, struct vault_key *key)
{
	vault_key_free(orgs->key);
	orgs->key = key;
}

const struct vault_key *orgs_own_key(const struct orgs *orgs)
{
	return orgs->key;
}

static bool is_key(const struct orgs *orgs, const struct vault_key *key)
{
	struct slice check = { (const char *)orgs->file.check, ORGS_CHECK };
	struct buf proof;
	bool right;

	buf_init(&proof, 1024);
	right = vault_open(key, (struct slice){ 0 }, check, &proof, NULL) == ERR_OK &&
	        slice_is(buf_slice(&proof), ORGS_PROOF);
	buf_release(&proof);
	return right;
}

static enum err_code prove(struct orgs *orgs, const struct vault_key *key, struct err *e)
{
	struct buf check;
	enum err_code rc;

	buf_init(&check, 1024);
	rc = vault_seal(key, (struct slice){ 0 }, slice_of(ORGS_PROOF), &check, e);
	if (rc == ERR_OK)
		memcpy(orgs->file.check, check.at, ORGS_CHECK);
	buf_release(&check);
	return rc;
}

enum err_code orgs_unlock(struct orgs *orgs, const char *passphrase, struct err *e)
{
	struct vault_key *key = NULL;
	enum err_code rc;

	if (orgs->file.key != ORGS_PASSPHRASE)
		return err_set(e, ERR_USAGE, "the saved orgs have no passphrase");
	rc = vault_key_make(&key, passphrase, orgs->file.salt, orgs->file.cost, e);
	if (rc == ERR_OK && !is_key(orgs, key)) {
		vault_key_free(key);
		return err_set(e, ERR_USAGE, "this is not the passphrase of the saved orgs");
	}
	if (rc == ERR_OK)
		orgs_take_key(orgs, key);
	return rc;
}

/* In the first of the two files that has it: the second one is the next key, where a change of keys was cut short. */
static enum err_code key_from_file(struct orgs *orgs, struct err *e)
{
	struct vault_key *key = NULL;
	struct err other;

	err_init(&other);
	if (vault_key_load(&key, orgs->key_next, &other) == ERR_OK && is_key(orgs, key)) {
		rename(orgs->key_next, orgs->key_path);
		orgs_take_key(orgs, key);
		return ERR_OK;
	}
	vault_key_free(key);
	key = NULL;
	if (vault_key_load(&key, orgs->key_path, e) != ERR_OK)
		return err_add(e, "the saved orgs cannot be opened");
	if (!is_key(orgs, key)) {
		vault_key_free(key);
		return err_set(e, ERR_FILE,
		               "%s is not the key of the saved orgs in %s: put the right one back, or remove "
		               "both and add the orgs again",
		               orgs->key_path, orgs->path);
	}
	orgs_take_key(orgs, key);
	return ERR_OK;
}

/* One that is left there from before is as good. */
enum err_code orgs_first_key(struct orgs *orgs, struct err *e)
{
	struct vault_key *key = NULL;
	enum err_code rc;

	if (access(orgs->key_path, F_OK) == 0) {
		rc = vault_key_load(&key, orgs->key_path, e);
	} else {
		rc = vault_key_new(&key, e);
		if (rc == ERR_OK)
			rc = vault_key_save(key, orgs->key_path, e);
	}
	if (rc == ERR_OK)
		rc = prove(orgs, key, e);
	if (rc != ERR_OK) {
		vault_key_free(key);
		return rc;
	}
	orgs->file.key = ORGS_KEY_FILE;
	orgs_take_key(orgs, key);
	return ERR_OK;
}

enum err_code orgs_need_key(struct orgs *orgs, struct err *e)
{
	if (orgs->key && is_key(orgs, orgs->key))
		return ERR_OK;
	if (orgs->file.key == ORGS_KEY_FILE)
		return key_from_file(orgs, e);
	return err_set(e, ERR_USAGE,
	               "the saved orgs are sealed with a passphrase: give it at the terminal, or in "
	               "LONGSHORE_PASSPHRASE");
}

enum err_code orgs_seal(struct orgs *orgs, struct orgs_entry *entry, struct slice secret, struct err *e)
{
	enum err_code rc;
	struct buf bound;

	if (secret.len > ORG_SECRET_MOST)
		return err_set(e, ERR_USAGE, "the settings of %s are larger than %d kB", entry->org.name,
		               ORG_SECRET_MOST / 1024);
	buf_init(&bound, 4096);
	orgs_file_bound(&entry->org, &bound);
	buf_clear(&entry->sealed);
	rc = vault_seal(orgs->key, buf_slice(&bound), secret, &entry->sealed, e);
	buf_release(&bound);
	return rc;
}

enum err_code orgs_unseal(struct orgs *orgs, const struct orgs_entry *entry, struct buf *to, struct err *e)
{
	enum err_code rc;
	struct buf bound;

	buf_init(&bound, 4096);
	orgs_file_bound(&entry->org, &bound);
	rc = vault_open(orgs->key, buf_slice(&bound), buf_slice(&entry->sealed), to, NULL);
	buf_release(&bound);
	if (rc == ERR_OK)
		return ERR_OK;
	return err_set(e, ERR_FILE,
	               "the saved org %s was changed by something else than Longshore (%s): it is not used; "
	               "`longshore org remove %s`, then add it again",
	               entry->org.name, orgs->path, entry->org.name);
}

/* Another key */

static enum err_code reseal(struct orgs *orgs, struct vault_key *key, struct err *e)
{
	struct vault_key *old = orgs->key;
	enum err_code rc = ERR_OK;
	struct buf secret;

	for (size_t i = 0; i < orgs->file.count && rc == ERR_OK; i++) {
		buf_init(&secret, ORG_SECRET_MOST);
		buf_reserve(&secret, ORG_SECRET_MOST);
		orgs->key = old;
		rc = orgs_unseal(orgs, orgs->file.entries[i], &secret, e);
		orgs->key = key;
		if (rc == ERR_OK)
			rc = orgs_seal(orgs, orgs->file.entries[i], buf_slice(&secret), e);
		buf_wipe(&secret);
	}
	orgs->key = key;
	vault_key_free(old);
	return rc == ERR_OK ? prove(orgs, key, e) : rc;
}

static enum err_code make_key(struct orgs *orgs, const char *passphrase, struct vault_key **key, struct err *e)
{
	enum err_code rc;

	if (passphrase) {
		orgs->file.cost = VAULT_COST;
		rc = vault_random(orgs->file.salt, VAULT_SALT, e);
		return rc == ERR_OK ? vault_key_make(key, passphrase, orgs->file.salt, VAULT_COST, e) : rc;
	}
	rc = vault_key_new(key, e);
	unlink(orgs->key_next);
	if (rc == ERR_OK && vault_key_save(*key, orgs->key_next, e) != ERR_OK) {
		vault_key_free(*key);
		rc = ERR_FILE;
	}
	return rc;
}

enum err_code orgs_new_key(struct orgs *orgs, const char *passphrase, struct err *e)
{
	struct vault_key *key = NULL;
	enum err_code rc = ERR_OK;
	int fd = orgs_begin(orgs, e);

	if (fd < 0)
		return e ? e->code : ERR_FILE;
	if (orgs->file.key != ORGS_NO_KEY)
		rc = orgs_need_key(orgs, e);
	if (rc == ERR_OK)
		rc = make_key(orgs, passphrase, &key, e);
	if (rc == ERR_OK)
		rc = reseal(orgs, key, e);
	if (rc == ERR_OK)
		orgs->file.key = passphrase ? ORGS_PASSPHRASE : ORGS_KEY_FILE;
	rc = orgs_end(orgs, fd, rc, e);
	if (rc == ERR_OK && passphrase)
		unlink(orgs->key_path);
	else if (rc == ERR_OK)
		rename(orgs->key_next, orgs->key_path);
	return rc;
}
