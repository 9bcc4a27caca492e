#include "store/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY = 32, NONCE = 12, TAG = 16, R = 8, P = 1 };

struct vault_key {
	unsigned char bytes[KEY];
};

enum err_code vault_random(void *to, size_t len, struct err *e)
{
	char *at = to;

	while (len > 0) {
		ssize_t n = getrandom(at, len, 0);

		if (n < 0 && errno != EINTR)
			return err_set(e, ERR_INTERNAL, "the system gives no random bytes: %s",
			               strerror(errno));
		at += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return ERR_OK;
}

/* A page of its own. Where the system does not let it be locked (a container with no such allowance) it is used all the
 * same: then it may reach the swap, but nothing else. */
static struct vault_key *make_room(void)
{
	struct vault_key *key = mmap(NULL, sizeof *key, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
	                             0);

	if (key == MAP_FAILED)
		return NULL;
	mlock(key, sizeof *key);
	madvise(key, sizeof *key, MADV_DONTDUMP);
	madvise(key, sizeof *key, MADV_WIPEONFORK);
	return key;
}

void vault_key_free(struct vault_key *key)
{
	if (!key)
		return;
	explicit_bzero(key, sizeof *key);
	munmap(key, sizeof *key);
}

enum err_code vault_key_new(struct vault_key **key, struct err *e)
{
	struct vault_key *k = make_room();

	if (!k)
		return err_memory(e, "a key");
	if (vault_random(k->bytes, KEY, e) != ERR_OK) {
		vault_key_free(k);
		return ERR_INTERNAL;
	}
	*key = k;
	return ERR_OK;
}

enum err_code vault_key_copy(const struct vault_key *key, struct vault_key **copy, struct err *e)
{
	struct vault_key *k = make_room();

	if (!k)
		return err_memory(e, "a key");
	memcpy(k->bytes, key->bytes, KEY);
	*copy = k;
	return ERR_OK;
}

enum err_code vault_key_make(struct vault_key **key, const char *passphrase,
                             const unsigned char salt[VAULT_SALT], int cost, struct err *e)
{
	uint64_t n = UINT64_C(1) << cost;
	struct vault_key *k = make_room();

	if (!k)
		return err_memory(e, "a key");
	if (cost < 1 || cost > VAULT_COST_MOST ||
	    EVP_PBE_scrypt(passphrase, strlen(passphrase), salt, VAULT_SALT, n, R, P, 256 * R * n, k->bytes,
	                   KEY) != 1) {
		vault_key_free(k);
		return err_set(e, ERR_INTERNAL,
		               "no key can be made of the passphrase: is there memory for it?");
	}
	*key = k;
	return ERR_OK;
}

/* Files and pipes */

static enum err_code write_all(int fd, const struct vault_key *key, const char *what, struct err *e)
{
	ssize_t n = write(fd, key->bytes, KEY); /* fits into a pipe at once */

	if (n == KEY)
		return ERR_OK;
	return err_set(e, ERR_FILE, "the key cannot be written to %s: %s", what,
	               n < 0 ? strerror(errno) : "no room");
}

static enum err_code read_all(int fd, struct vault_key **key, const char *what, struct err *e)
{
	struct vault_key *k = make_room();
	size_t len = 0;
	ssize_t n = 1;
	char more;

	if (!k)
		return err_memory(e, "a key");
	while (len < KEY && (n > 0 || (n < 0 && errno == EINTR))) {
		n = read(fd, k->bytes + len, KEY - len);
		len += n > 0 ? (size_t)n : 0;
	}
	if (len < KEY || read(fd, &more, 1) > 0) {
		vault_key_free(k);
		return err_set(e, ERR_FILE, "%s holds no key of Longshore's (%d bytes)", what, KEY);
	}
	*key = k;
	return ERR_OK;
}

enum err_code vault_key_give(const struct vault_key *key, int fd, struct err *e)
{
	return write_all(fd, key, "the engine", e);
}

enum err_code vault_key_take(struct vault_key **key, int fd, struct err *e)
{
	return read_all(fd, key, "the pipe", e);
}

enum err_code vault_key_load(struct vault_key **key, const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	enum err_code rc;
	struct stat st;

	if (fd < 0)
		return err_set(e, ERR_FILE, "the key of the saved orgs cannot be read: %s: %s", path,
		               strerror(errno));
	if (fstat(fd, &st) != 0 || st.st_mode & 077)
		rc = err_set(e, ERR_FILE, "others can read the key %s: make it private: chmod 600 %s", path,
		             path);
	else
		rc = read_all(fd, key, path, e);
	close(fd);
	return rc;
}

enum err_code vault_key_save(const struct vault_key *key, const char *path, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	enum err_code rc;

	if (fd < 0)
		return err_set(e, ERR_FILE, "the key of the saved orgs cannot be written: %s: %s", path,
		               strerror(errno));
	rc = write_all(fd, key, path, e);
	if (fsync(fd) != 0 && rc == ERR_OK)
		rc = err_set(e, ERR_FILE, "the key cannot be written to %s: %s", path, strerror(errno));
	close(fd);
	if (rc != ERR_OK)
		unlink(path);
	return rc;
}

/* Sealing */

/* Never NULL: OpenSSL takes that for the end of everything. */
static const unsigned char *bytes_of(struct slice s)
{
	return (const unsigned char *)(s.at ? s.at : "");
}

static bool encrypt(EVP_CIPHER_CTX *ctx, const unsigned char *key, struct slice bound, struct slice text,
                    unsigned char *to)
{
	unsigned char *tag = to + NONCE + text.len;
	int n;

	return EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, to) == 1 &&
	       EVP_EncryptUpdate(ctx, NULL, &n, bytes_of(bound), (int)bound.len) == 1 &&
	       EVP_EncryptUpdate(ctx, to + NONCE, &n, bytes_of(text), (int)text.len) == 1 &&
	       EVP_EncryptFinal_ex(ctx, tag, &n) == 1 &&
	       EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, TAG, tag) == 1;
}

static bool decrypt(EVP_CIPHER_CTX *ctx, const unsigned char *key, struct slice bound, struct slice sealed,
                    unsigned char *to)
{
	const unsigned char *from = (const unsigned char *)sealed.at;
	size_t len = sealed.len - NONCE - TAG;
	unsigned char tag[TAG];
	int n;

	memcpy(tag, from + NONCE + len, TAG);
	return EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, from) == 1 &&
	       EVP_DecryptUpdate(ctx, NULL, &n, bytes_of(bound), (int)bound.len) == 1 &&
	       EVP_DecryptUpdate(ctx, to, &n, from + NONCE, (int)len) == 1 &&
	       EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, TAG, tag) == 1 &&
	       EVP_DecryptFinal_ex(ctx, to + len, &n) == 1;
}

enum err_code vault_seal(const struct vault_key *key, struct slice bound, struct slice text, struct buf *to,
                         struct err *e)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	char *room = text.len < INT32_MAX ? buf_reserve(to, text.len + VAULT_MORE) : NULL;
	enum err_code rc = ERR_OK;

	if (!ctx || !room)
		rc = err_memory(e, "sealing");
	if (rc == ERR_OK)
		rc = vault_random(room, NONCE, e); /* 96 bits by chance: fewer than 2^32 sealings a key */
	if (rc == ERR_OK && !encrypt(ctx, key->bytes, bound, text, (unsigned char *)room))
		rc = err_set(e, ERR_INTERNAL, "OpenSSL cannot seal");
	if (rc == ERR_OK)
		buf_grow(to, text.len + VAULT_MORE);
	EVP_CIPHER_CTX_free(ctx);
	return rc;
}

enum err_code vault_open(const struct vault_key *key, struct slice bound, struct slice sealed, struct buf *to,
                         struct err *e)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	size_t len = sealed.len < VAULT_MORE ? 0 : sealed.len - VAULT_MORE;
	char *room = buf_reserve(to, len + TAG);
	enum err_code rc = ERR_OK;

	if (!ctx || !room)
		rc = err_memory(e, "opening what was sealed");
	else if (sealed.len < VAULT_MORE || sealed.len > INT32_MAX ||
	         !decrypt(ctx, key->bytes, bound, sealed, (unsigned char *)room))
		rc = err_set(e, ERR_FILE, "it was changed since it was sealed, or sealed under another key");
	else
		buf_grow(to, len);
	EVP_CIPHER_CTX_free(ctx);
	return rc;
}
