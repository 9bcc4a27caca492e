#include "core/org/jwt.h"

#include <jansson.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

enum { SIGNATURE_MOST = 2048 }; /* bytes: RSA of 16,384 bits */

void jwt_base64(struct buf *to, const void *bytes, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	const unsigned char *from = bytes;

	for (size_t i = 0; i < len; i += 3) {
		size_t n = len - i < 3 ? len - i : 3;
		unsigned long three = (unsigned long)from[i] << 16;

		three |= n > 1 ? (unsigned long)from[i + 1] << 8 : 0;
		three |= n > 2 ? from[i + 2] : 0;
		for (size_t digit = 0; digit <= n; digit++)
			buf_add_char(to, digits[three >> (18 - 6 * digit) & 63]);
	}
}

struct passphrase {
	const char *text; /* or NULL */
	bool asked;
};

/* Without this OpenSSL would ask the terminal. */
static int give_passphrase(char *to, int size, int writing, void *ctx)
{
	struct passphrase *p = ctx;
	size_t len = p->text ? strlen(p->text) : 0;

	(void)writing;
	p->asked = true;
	if (len == 0 || len > (size_t)size)
		return -1;
	memcpy(to, p->text, len);
	return (int)len;
}

static enum err_code read_key(EVP_PKEY **key, const char *pem, const char *passphrase, struct err *e)
{
	struct passphrase p = { passphrase, false };
	BIO *bio = BIO_new_mem_buf(pem, -1);

	if (!bio)
		return err_memory(e, "a private key");
	*key = PEM_read_bio_PrivateKey(bio, NULL, give_passphrase, &p);
	BIO_free(bio);
	ERR_clear_error();
	if (*key && EVP_PKEY_base_id(*key) == EVP_PKEY_RSA)
		return ERR_OK;
	if (*key)
		return err_set(
			e, ERR_USAGE,
			"the private key is not RSA: make one of 2048 bits or more, and give the app its "
			"certificate");
	if (!p.asked)
		return err_set(e, ERR_USAGE,
		               "there is no private key in PEM: it begins with -----BEGIN PRIVATE KEY-----");
	if (!passphrase)
		return err_set(e, ERR_USAGE,
		               "the private key is protected by a passphrase: give private_key_passphrase");
	return err_set(e, ERR_USAGE, "private_key_passphrase does not open the private key");
}

static enum err_code write_parts(struct buf *to, const struct jwt_claims *claims, struct err *e)
{
	static const char header[] = "{\"alg\":\"RS256\"}";
	json_t *object = json_pack("{s:s, s:s, s:s, s:I}", "iss", claims->issuer, "sub", claims->subject, "aud",
	                           claims->audience, "exp", (json_int_t)claims->expires_s);
	char *text = json_dumps(object, JSON_COMPACT);

	json_decref(object);
	if (!text)
		return err_set(e, ERR_USAGE, "client_id or username is not UTF-8");
	jwt_base64(to, header, sizeof header - 1);
	buf_add_char(to, '.');
	jwt_base64(to, text, strlen(text));
	free(text);
	return ERR_OK;
}

static bool sign(EVP_PKEY *key, struct slice text, unsigned char *signature, size_t *len)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool done = ctx && EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
	            EVP_DigestSign(ctx, signature, len, (const unsigned char *)text.at, text.len) == 1;

	EVP_MD_CTX_free(ctx);
	return done;
}

enum err_code jwt_write(struct buf *to, const struct jwt_claims *claims, const char *pem,
                        const char *passphrase, struct err *e)
{
	unsigned char signature[SIGNATURE_MOST];
	size_t from = to->len, len = sizeof signature;
	EVP_PKEY *key = NULL;
	enum err_code rc = read_key(&key, pem, passphrase, e);

	if (!rc)
		rc = write_parts(to, claims, e);
	if (!rc && !sign(key, (struct slice){ to->at + from, to->len - from }, signature, &len))
		rc = err_set(e, ERR_USAGE,
		             "the private key cannot sign: is it whole, and of 2048 bits or more?");
	EVP_PKEY_free(key);
	ERR_clear_error();
	if (rc)
		return rc;
	buf_add_char(to, '.');
	jwt_base64(to, signature, len);
	return to->short_of ? err_memory(e, "a JWT") : ERR_OK;
}
