#include "practice/certificate.h"

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_PEM = 256 * 1024 };

static X509 *read_certificate(const char *pem)
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	X509 *certificate = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;

	BIO_free(bio);
	return certificate;
}

EVP_PKEY *certificate_key(const char *pem)
{
	X509 *certificate = read_certificate(pem);
	EVP_PKEY *key = certificate ? X509_get_pubkey(certificate) : NULL;

	X509_free(certificate);
	if (!key) {
		BIO *bio = BIO_new_mem_buf(pem, -1);

		key = bio ? PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL) : NULL;
		BIO_free(bio);
	}
	if (key && !EVP_PKEY_is_a(key, "RSA")) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	return key;
}

bool certificate_holds_key(const char *pem)
{
	EVP_PKEY *key = certificate_key(pem);

	EVP_PKEY_free(key);
	return key != NULL;
}

static enum err_code read_file(const char *path, char **text, struct err *e)
{
	FILE *f = fopen(path, "r");
	size_t len;

	*text = f ? calloc(1, MOST_PEM + 1) : NULL;
	if (!f)
		return err_set(e, ERR_FILE, "cannot read %s: %s", path, strerror(errno));
	if (!*text) {
		fclose(f);
		return err_memory(e, path);
	}
	len = fread(*text, 1, MOST_PEM, f);
	(*text)[len] = '\0';
	if (ferror(f))
		err_set(e, ERR_FILE, "cannot read %s: %s", path, strerror(errno));
	fclose(f);
	return e->code;
}

enum err_code certificate_load(const char *path, char **pem, struct err *e)
{
	if (read_file(path, pem, e) == ERR_OK && !certificate_holds_key(*pem))
		err_set(e, ERR_FILE, "%s holds no certificate and no public RSA key in PEM", path);
	return e->code;
}

/* Does the private key belong to the certificate? */
static bool belongs(X509 *certificate, const char *key_pem)
{
	BIO *bio = BIO_new_mem_buf(key_pem, -1);
	EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : NULL;
	bool fits = key && X509_check_private_key(certificate, key) == 1;

	BIO_free(bio);
	EVP_PKEY_free(key);
	return fits;
}

enum err_code certificate_load_pair(const char *path, const char *key_path, char **pem, char **key_pem,
                                    struct err *e)
{
	X509 *certificate;

	if (read_file(path, pem, e) != ERR_OK || read_file(key_path, key_pem, e) != ERR_OK)
		return e->code;
	certificate = read_certificate(*pem);
	if (!certificate)
		err_set(e, ERR_FILE, "%s holds no certificate in PEM", path);
	else if (!belongs(certificate, *key_pem))
		err_set(e, ERR_FILE, "%s holds no private key in PEM that belongs to %s", key_path, path);
	X509_free(certificate);
	return e->code;
}
